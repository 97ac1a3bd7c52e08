"""期次: one period of an item for one performer, and what was handed in for it."""

from django.db import models

from taizhang.campaigns.models import Step
from taizhang.evidence.models import Evidence, Version
from taizhang.org.models import Person, Unit
from taizhang.org.record import Record

from ..rules.states import SlotStatus
from .items import Item, Need


class Slot(Record):
    item = models.ForeignKey(Item, models.PROTECT, related_name="slots")
    performer = models.ForeignKey(Unit, models.PROTECT, related_name="slots")
    nth = models.PositiveSmallIntegerField(default=1)  # two in one period: 每月2次
    label = models.CharField("期次", max_length=40)  # 5月, 二季度, 第18周
    starts_on = models.DateField()
    ends_on = models.DateField()
    opens_on = models.DateField()
    due_on = models.DateField("期限")
    due_fixed = models.BooleanField(default=False)
    shuts_on = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=SlotStatus.choices(), default=SlotStatus.OPEN)
    step = models.ForeignKey(
        Step, models.PROTECT, null=True, related_name="+"
    )  # the step per slot that it waits at
    attempt = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField("退回次数", default=0)
    late = models.BooleanField("迟报", default=False)
    before_system = models.BooleanField("系统启用前", default=False)
    reason = models.CharField("不适用的原因", max_length=300, blank=True)
    submitted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_on", "nth", "performer_id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "performer", "starts_on", "nth"], name="slot_once"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="slot_dates"),
        ]
        indexes = [models.Index(fields=["performer", "status"], name="slot_performer_status")]

    def __str__(self) -> str:
        return self.label


class Submission(Record):
    """报送: what was handed in for a slot; `on_behalf_of` names for whom it was entered (代报)."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="submissions")
    attempt = models.PositiveSmallIntegerField()
    number = models.CharField("报送号", max_length=30)  # a serial of the agency and year
    conclusion = models.CharField("完成情况", max_length=1000, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    acting_for = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+"
    )  # handed in as a stand-in (代)
    at = models.DateTimeField()

    class Meta:
        ordering = ["attempt"]
        constraints = [models.UniqueConstraint(fields=["slot", "attempt"], name="submission_attempt")]

    def __str__(self) -> str:
        return self.number


class Citation(Record):
    """引用: which evidence a slot points to, and for which need. The version is pinned at submit."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="citations")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="citations")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="citations")
    version_pinned = models.ForeignKey(Version, models.PROTECT, null=True, related_name="citations")
    order = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "need", "evidence"], name="citation_once"),
            models.UniqueConstraint(
                fields=["slot", "evidence"],
                condition=models.Q(need__isnull=True),
                name="citation_once_without_need",
            ),
        ]

    def __str__(self) -> str:
        return str(self.evidence)
