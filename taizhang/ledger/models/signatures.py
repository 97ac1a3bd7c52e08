"""签批: one step's verdict with person, time, opinion; on screen or on paper."""

from django.db import models

from taizhang.campaigns.models import Step
from taizhang.evidence.models import Evidence
from taizhang.org.models import Person
from taizhang.org.record import Record

from ..rules.states import Verdict
from .batches import Batch
from .items import Item
from .slots import Slot


class Signature(Record):
    """Append-only. Taken back with its bulk act on the same day, it stays and says so."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="signatures")
    slot = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="signatures")
    step = models.ForeignKey(Step, models.PROTECT, null=True, related_name="+")
    attempt = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices())
    opinion = models.CharField("意见", max_length=500, blank=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+"
    )  # null: a step that was skipped
    acting_for = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    on_paper = models.BooleanField("纸质签批", default=False)
    signed_on = models.DateField()  # on paper: the day written there
    scan = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="scanned_signatures")
    entered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "step", "attempt"],
                condition=models.Q(slot__isnull=False, step__isnull=False, withdrawn_by__isnull=True),
                name="signature_slot_step",
            ),
            models.UniqueConstraint(
                fields=["item", "step", "attempt"],
                condition=models.Q(slot__isnull=True, step__isnull=False, withdrawn_by__isnull=True),
                name="signature_item_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step or ''} {Verdict(self.verdict).label}".strip()
