"""换版: a year's ledger takes over a revised edition of its standard; what it changed, and what must be looked at."""

from django.db import models

from taizhang.campaigns.models import Track, Year
from taizhang.org.models import Person
from taizhang.org.record import Record
from taizhang.standards.models import Edition, MatchKind

from .items import Item


class Adoption(Record):
    """The edition of one track exchanged for one year, in one act that can be taken back while nothing was built on it."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="adoptions")
    year = models.ForeignKey(Year, models.PROTECT, related_name="adoptions")
    base = models.ForeignKey(Edition, models.PROTECT, related_name="+", verbose_name="原版本")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="adoptions", verbose_name="新版本")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    counts = models.JSONField(default=dict)  # kind → number of items, as shown before it was done
    notes = models.JSONField(default=list)  # what the records noted, for taking it back
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["track", "year", "edition"],
                condition=models.Q(undone_at__isnull=True),
                name="adoption_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}换用{self.edition}"


class AdoptedItem(Record):
    """What an adoption did to one item. `revisit`: closed, but its requirement changed (需复核) until someone says."""

    adoption = models.ForeignKey(Adoption, models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, models.PROTECT, related_name="adopted")
    kind = models.CharField(max_length=8, choices=MatchKind.choices())
    other = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")  # split from, or joined into
    before = models.JSONField(default=dict)  # field → value, of the fields that changed
    after = models.JSONField(default=dict)
    stood = models.JSONField(default=list)  # queries.adopted.stand_of before, and after: whether anything was
    stand = models.JSONField(default=list)  # built on it since; empty where only its place and number changed
    slots_replaced = models.PositiveSmallIntegerField(default=0)
    revisit = models.BooleanField("需复核", default=False)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    check_note = models.CharField("复核意见", max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["adoption", "item"], name="adopted_item_once")]

    def __str__(self) -> str:
        return str(self.item)
