"""批量操作: what a bulk act changed, so that it can be taken back whole on the same day."""

from django.db import models

from taizhang.org.models import Person, Unit
from taizhang.org.record import Record


class Batch(Record):
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # the host agency
    label = models.CharField(max_length=60)
    count = models.PositiveIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    notes = models.JSONField(
        default=list
    )  # what the records noted: kind, id, version after, field → [old, new]
    problems = models.JSONField(default=list)  # what of the selection could not be done, in words
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.label} {self.count} 项"
