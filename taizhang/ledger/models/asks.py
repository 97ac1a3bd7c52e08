"""申请: a date, a lead, or the item itself is asked to be changed, and somebody decides."""

from django.db import models

from taizhang.org.models import Person, Unit
from taizhang.org.record import Record

from ..rules.asks import AskState, Kind
from .items import Item
from .slots import Slot


class Ask(Record):
    """One ask. What stood before it was granted is kept in `before`, so that the story can say it."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="asks")
    slot = models.ForeignKey(
        Slot, models.PROTECT, null=True, related_name="asks"
    )  # an extension of one period
    kind = models.CharField("申请", max_length=10, choices=Kind.choices())
    state = models.CharField(max_length=10, choices=AskState.choices(), default=AskState.OPEN)
    reason = models.CharField("理由", max_length=500)
    progress = models.CharField("目前进展", max_length=500, blank=True)
    wanted_on = models.DateField("申请延至", null=True)
    wanted_lead = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="建议牵头处室"
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="asks")
    acting_for = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_for = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+"
    )  # decided as a stand-in (代)
    decided_at = models.DateTimeField(null=True)
    opinion = models.CharField("批复意见", max_length=500, blank=True)
    before = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "kind"], condition=models.Q(state="open"), name="ask_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{Kind(self.kind).label} {self.item}"
