"""创建活动: one agency's attempt at one or several standards over a cycle (届期)."""

from django.db import models

from taizhang.org.models import Unit
from taizhang.org.record import Record
from taizhang.standards.models import Edition, Standard

from .rules.states import PerStep, Who, YearState


class Campaign(Record):
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="campaigns")  # the host agency
    name = models.CharField("名称", max_length=120)
    first_year = models.PositiveSmallIntegerField("起始年")
    last_year = models.PositiveSmallIntegerField("届满年")
    started_on = models.DateField("启用日")  # periods that ended before it are born 系统启用前

    class Meta:
        ordering = ["-first_year", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="campaign_name"),
            models.CheckConstraint(
                condition=models.Q(last_year__gte=models.F("first_year")), name="campaign_cycle"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Track(Record):
    """创建线: one standard within a campaign, with its owner office and review chain."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="tracks")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="tracks")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="tracks")  # in force now
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="归口单位")
    title = models.CharField("目标称号", max_length=80, blank=True)
    target_year = models.PositiveSmallIntegerField("目标年度", null=True)
    returns_allowed = models.PositiveSmallIntegerField(
        "每期最多退回几次", null=True
    )  # null: as often as need be
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "standard"], name="track_standard")]

    def __str__(self) -> str:
        return str(self.standard)


class Step(Record):
    """审核环节. Those per slot come first, then those per item; the last one closes (销号)."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    who = models.CharField("谁审", max_length=14, choices=Who.choices())
    per = models.CharField("审什么", max_length=4, choices=PerStep.choices())
    label = models.CharField("名称", max_length=40)
    may_be_paper = models.BooleanField("可纸质签批", default=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["track", "order"], name="step_order")]

    def __str__(self) -> str:
        return self.label


class AskRule(Record):
    """Who decides what is asked for at an item of a track (延期, 异议, 不适用, 中止), and how often it may be asked."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="ask_rules")
    kind = models.CharField("申请", max_length=10)  # ledger.rules.asks.Kind, which stands a floor above
    who = models.CharField("谁批", max_length=14, choices=Who.choices())
    times = models.PositiveSmallIntegerField("每个事项最多几次", null=True)  # null: as often as need be

    class Meta:
        constraints = [models.UniqueConstraint(fields=["track", "kind"], name="ask_rule_once")]

    def __str__(self) -> str:
        return f"{self.track} {self.kind}"


class Joined(Record):
    """参加单位: a department of another agency takes part in the campaign for a term (研究室并入创建)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="joined")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="joins")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit", "starts_on"], name="joined_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="joined_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.unit}"


class Year(Record):
    """创建年度: its theme, stages, assessment date; its ledger are the items that point here."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField("年度")
    theme = models.CharField("主题", max_length=40, blank=True)
    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束")
    assessed_on = models.DateField("测评日")
    state = models.CharField(max_length=8, choices=YearState.choices(), default=YearState.PLANNED)
    opened_on = models.DateField("启用日", null=True)
    near_days = models.PositiveSmallIntegerField("临近（工作日）", default=3)  # the yellow light
    #: a returned slot gets at least these working days
    fix_days = models.PositiveSmallIntegerField("退回补正（工作日）", default=3)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "year"], name="year_once"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="year_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年度"


class Stage(Record):
    """阶段: 总结动员, 全面创建, 自查整改, 年度考评."""

    year = models.ForeignKey(Year, models.PROTECT, related_name="stages")
    order = models.PositiveSmallIntegerField()
    name = models.CharField("名称", max_length=40)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["year", "order"], name="stage_order")]

    def __str__(self) -> str:
        return self.name


class Window(Record):
    """How long after its period a slot of one cadence may still be handed in."""

    year = models.ForeignKey(Year, models.PROTECT, related_name="windows")
    cadence = models.CharField("周期", max_length=12)
    grace_days = models.PositiveSmallIntegerField("宽限（天）", default=5)
    shut_days = models.PositiveSmallIntegerField(
        "逾期多少天后关闭", null=True
    )  # null: never shuts, marked late

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "cadence"], name="window_cadence")]

    def __str__(self) -> str:
        return f"{self.cadence} {self.grace_days}"


class Opening(Record):
    """报送窗口: from when until when one period (二季度, 5月) of a year is handed in, whatever the cadence's own days say."""

    year = models.ForeignKey(Year, models.PROTECT, related_name="openings")
    cadence = models.CharField("周期", max_length=12)
    starts_on = models.DateField()  # the period's first and last day
    ends_on = models.DateField()
    label = models.CharField("期次", max_length=40)
    opens_on = models.DateField("开放")
    shuts_on = models.DateField("截止")
    takes_late = models.BooleanField("截止后仍收，标为迟报", default=True)
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["starts_on", "cadence"]
        constraints = [
            models.UniqueConstraint(fields=["year", "cadence", "starts_on"], name="opening_once"),
            models.CheckConstraint(
                condition=models.Q(shuts_on__gte=models.F("opens_on")), name="opening_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}{self.label}"


class Holiday(Record):
    """A day that differs from its weekday, for years that the built-in table does not know."""

    day = models.DateField(unique=True)
    works = models.BooleanField("上班")
    name = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'班' if self.works else '休'}"
