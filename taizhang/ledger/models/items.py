"""事项: a thing to be done by someone by a date and closed with evidence."""

from django.db import models

from taizhang.campaigns.models import Step, Track, Year
from taizhang.org.models import Person, Unit
from taizhang.org.record import Record
from taizhang.standards.models import Indicator, Strand
from taizhang.standards.rules.cadence import LABELS as CADENCES

from ..rules.states import Source, Status

PER = {"unit": "牵头处室", "department": "各处室", "branch": "各党支部"}


class Item(Record):
    """One row of a ledger. What it copies from its indicator keeps the words of its day."""

    #: copied codes as the operation log says them
    SAID = {"cadence": CADENCES, "per": PER}

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="items")  # the host agency
    year = models.ForeignKey(Year, models.PROTECT, null=True, related_name="items")
    track = models.ForeignKey(Track, models.PROTECT, null=True, related_name="items")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, related_name="items")
    strand = models.ForeignKey(Strand, models.PROTECT, null=True, related_name="+")
    area_code = models.CharField("方面编号", max_length=40, blank=True)
    area = models.CharField("方面", max_length=200, blank=True)
    section = models.CharField("测评内容", max_length=200, blank=True)
    no = models.CharField("编号", max_length=40)  # Ⅲ-12, or 批-2020-3 for what was raised by hand
    code = models.CharField("指标编号", max_length=40, blank=True)
    order = models.PositiveIntegerField(default=0)
    title = models.CharField("事项", max_length=200)
    requirement = models.TextField("要求", blank=True)
    points = models.DecimalField("分值", max_digits=7, decimal_places=3, null=True)
    rule_text = models.TextField("计分办法", blank=True)
    methods = models.CharField("测评方法", max_length=200, blank=True)
    cadence = models.CharField("周期", max_length=12)
    times = models.PositiveSmallIntegerField(default=1)
    per = models.CharField("适用", max_length=12, default="unit")
    required = models.PositiveSmallIntegerField("须通过期数", null=True)  # 40 of 52; null: all
    source_kind = models.CharField("来源", max_length=12, choices=Source.choices(), default=Source.INDICATOR)
    source_text = models.CharField("来源说明", max_length=300, blank=True)
    source_url = models.CharField(max_length=300, blank=True)
    lead_text = models.CharField("标准所写牵头", max_length=80, blank=True)
    lead = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="led_items", verbose_name="牵头处室"
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="items", verbose_name="责任人")
    leader = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="分管领导")
    co_units = models.ManyToManyField(Unit, through="ItemUnit", related_name="co_items")
    status = models.CharField("状态", max_length=10, choices=Status.choices(), default=Status.PENDING)
    step = models.ForeignKey(
        Step, models.PROTECT, null=True, related_name="+"
    )  # the step per item that it waits at
    attempt = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField("期限", null=True)
    due_fixed = models.BooleanField("期限由人定", default=False)
    priority = models.BooleanField("重点", default=False)
    reason = models.CharField("中止或不适用的原因", max_length=300, blank=True)
    assigned_at = models.DateTimeField("交办", null=True)
    received_at = models.DateTimeField("签收", null=True)
    closed_at = models.DateTimeField("销号", null=True)
    close_no = models.CharField("销号单号", max_length=30, blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="following")

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "strand"], condition=models.Q(strand__isnull=False), name="item_strand_once"
            ),
            models.UniqueConstraint(fields=["unit", "year", "no", "track"], name="item_no"),
            models.CheckConstraint(
                condition=models.Q(indicator__isnull=True, track__isnull=True)
                | models.Q(indicator__isnull=False, track__isnull=False),
                name="item_indicator_has_track",
            ),
        ]
        indexes = [models.Index(fields=["year", "status"], name="item_year_status")]

    def __str__(self) -> str:
        return f"{self.no} {self.title}"

    @property
    def desk_unit(self) -> Unit | None:
        """Where a reviewer's post must reach: the lead; for a department of another agency (参加单位) the host's
        office that owns the track, since no post of the host reaches the lead itself."""
        return self.lead if self.lead is None or self.lead.agency_id == self.unit_id else self.owner

    @property
    def owner(self) -> Unit:
        """The office that checks the item: its track's; of what was raised by hand the first track's."""
        tracks = self.year.campaign.tracks.order_by("order", "id") if self.year else ()
        track = self.track or next(iter(tracks), None)
        return track.owner if track else self.unit


class ItemUnit(Record):
    """配合: a unit that helps."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="helpers")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["item", "unit"], name="item_unit_once")]

    def __str__(self) -> str:
        return str(self.unit)


class Need(Record):
    """材料要求 of an item: copied from the edition, or set by whoever raised the item."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="needs")
    key = models.CharField(max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    least = models.PositiveSmallIntegerField(default=1)  # per slot
    must = models.BooleanField(default=True)
    fields = models.JSONField(default=list)
    doc_no = models.BooleanField(default=False)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Remark(Record):
    """A word left at an item."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="remarks")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.CharField("留言", max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text[:20]
