"""Working groups: 领导小组, 创建办, 专班, 综合/材料/行政组, 活动组; their duties, and what they answer for."""

from django.db import models

from taizhang.kit.flow import State

from ..record import Record
from .people import Person, Term, term_check
from .units import Unit


class GroupKind(State):
    LEADING = "leading", "领导小组"
    OFFICE = "office", "办公室"
    TASK_FORCE = "task_force", "工作专班"
    WORKING = "working", "专门工作组"
    ACTIVITY = "activity", "活动组"


class Group(Term):
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="groups")  # the host agency
    kind = models.CharField("类别", max_length=12, choices=GroupKind.choices())
    name = models.CharField("名称", max_length=80)
    #: the standing office that this group staffs: 创建办 for 领导小组办公室
    office = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="staffed_by")
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            term_check("group_term"),
            models.UniqueConstraint(fields=["unit", "name", "starts_on"], name="group_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Duty(Term):
    """What a person does in a group; it brings a post on the host agency while it lasts."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="duties")
    person = models.ForeignKey(Person, models.PROTECT, related_name="duties")
    duty = models.CharField("组内职务", max_length=20)  # 组长, 副组长, 成员, 联系领导, 主任 …
    task = models.CharField("职责分工", max_length=200, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            term_check("duty_term"),
            models.UniqueConstraint(fields=["group", "person", "duty", "starts_on"], name="duty_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.duty} {self.person}"


class Cover(Record):
    """A department or an area (Ⅰ级指标编号) that a group answers for."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="covers")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    area_code = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False) ^ ~models.Q(area_code=""), name="cover_unit_or_area"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.unit or self.area_code}"


class Adjustment(Record):
    """调整: one change of a group from a day on, with its notice (调整通知); the duties hold the terms themselves."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="adjustments")
    effective_on = models.DateField("生效日期")
    doc_no = models.CharField("文号", max_length=60, blank=True)
    reason = models.CharField("调整原因", max_length=200, blank=True)
    #: as the notice says it: {"kind": come | go | change, "name", "title", "duty", "task", "was"} each
    changes = models.JSONField(default=list)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-effective_on", "-id"]

    def __str__(self) -> str:
        return f"{self.group} {self.effective_on} 调整"


class Rhythm(Record):
    """运行机制: who meets how often, about what, and what is kept of it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rhythms")
    level = models.CharField("层级", max_length=20)
    body = models.CharField("主体", max_length=60)
    meeting = models.CharField("例会", max_length=60)
    cadence = models.CharField("频次", max_length=40)
    task = models.CharField("主要任务", max_length=200, blank=True)
    record = models.CharField("记录要求", max_length=200, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.body} {self.meeting}"
