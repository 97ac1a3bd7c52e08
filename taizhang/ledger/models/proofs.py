"""What makes material a proof: the sentences that prove, what they show for an item, what was said not to serve."""

from django.db import models

from taizhang.evidence.models import Evidence
from taizhang.org.models import Person
from taizhang.org.record import Record

from ..rules.states import Conformity
from .items import Item
from .slots import Citation


class Passage(Record):
    """证明段落: words on a page of what is cited; in the bound volume they are underlined in red."""

    citation = models.ForeignKey(Citation, models.CASCADE, related_name="passages")
    page = models.PositiveIntegerField("页")
    quote = models.CharField("文字", max_length=1000)
    boxes = models.JSONField(
        default=list
    )  # [[x0, y0, x1, y1]], parts of the page's size from its upper left corner
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["page", "id"]

    def __str__(self) -> str:
        return self.quote[:40]


class Statement(Record):
    """材料提交表: one for each smallest item of a year, with what its material shows (符合 / 基本符合 / 不符合)."""

    item = models.OneToOneField(Item, models.PROTECT, related_name="statement")
    conformity = models.CharField("结论", max_length=8, choices=Conformity.choices())
    reason = models.CharField("说明", max_length=1000)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{Conformity(self.conformity).label}：{self.item}"  # the story tells what stands before the colon


class Declined(Record):
    """A proposal that was turned down: this piece does not serve this item, and is not proposed for it again."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="declined")
    item = models.ForeignKey(Item, models.CASCADE, related_name="declined")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "item"], name="declined_once")]

    def __str__(self) -> str:
        return f"{self.evidence} {self.item}"
