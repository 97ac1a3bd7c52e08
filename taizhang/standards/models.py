"""Standards as versioned data: a standard has editions, an edition is a tree of indicators with points."""

from django.db import models

from taizhang.kit.flow import State
from taizhang.org.models import Unit
from taizhang.org.record import Record

from .rules.owners import OwnerKind as OwnerKind  # part of the models for whoever asks


class EditionState(State):
    DRAFT = "draft", "草稿"
    IN_FORCE = "in_force", "现行"
    REPLACED = "replaced", "已被新版替换"


class Standard(Record):
    """测评体系. The agency is null for the samples that come built in: every agency sees them."""

    agency = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="standards")
    name = models.CharField("名称", max_length=120)
    owner_kind = models.CharField(
        "归口", max_length=10, choices=OwnerKind.choices(), default=OwnerKind.CREATION
    )
    sample = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="standard_name"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(agency__isnull=True), name="standard_sample_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Edition(Record):
    """One printed state of a standard. Frozen once a track uses it; a change is a new edition."""

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="editions")
    label = models.CharField("版本", max_length=40)
    valid_from = models.DateField("启用日期", null=True)
    stated_total = models.DecimalField("标称总分", max_digits=8, decimal_places=3, null=True)
    state = models.CharField(max_length=10, choices=EditionState.choices(), default=EditionState.IN_FORCE)
    source_name = models.CharField("来源文件", max_length=200, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="revisions")  # what it revises

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["standard", "label"], name="edition_label")]

    def __str__(self) -> str:
        return f"{self.standard} {self.label}"


class Strand(Record):
    """指标脉络: one indicator through all editions of its standard."""

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="strands")

    def __str__(self) -> str:
        return f"脉络 {self.pk}"


class Indicator(Record):
    """A node of an edition's tree. Only leaves have points of their own; the others may state a sum."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="indicators")
    strand = models.ForeignKey(Strand, models.PROTECT, related_name="indicators")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.PositiveSmallIntegerField()
    order = models.PositiveIntegerField()
    code = models.CharField("编号", max_length=40)
    label = models.CharField("标签", max_length=40, blank=True)  # Ⅲ-12: running over the tree
    title = models.CharField("指标", max_length=200)
    requirement = models.TextField("要求", blank=True)
    is_leaf = models.BooleanField()
    points = models.DecimalField("分值", max_digits=7, decimal_places=3, null=True)
    stated_points = models.DecimalField("标称分", max_digits=7, decimal_places=3, null=True)
    rule_kind = models.CharField("计分规则", max_length=10, blank=True)
    rule = models.JSONField(default=dict)  # parameters; shape checked by rules.scoring
    rule_text = models.TextField("计分办法", blank=True)
    cadence = models.CharField("周期", max_length=12, blank=True)
    times = models.PositiveSmallIntegerField("每期次数", default=1)
    target = models.PositiveSmallIntegerField("全年计数", null=True)  # weekly, but 40 of 52 count
    cadence_text = models.CharField(max_length=60, blank=True)
    per = models.CharField("适用", max_length=12, default="unit")  # unit, department, branch
    lead_text = models.CharField("牵头", max_length=80, blank=True)
    co_text = models.CharField("配合", max_length=200, blank=True)
    mandatory = models.BooleanField("必备", default=False)
    where = models.CharField("出处", max_length=80, blank=True)  # sheet!cell

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="indicator_code"),
            models.UniqueConstraint(fields=["edition", "strand"], name="indicator_strand"),
            models.CheckConstraint(
                condition=models.Q(is_leaf=True, points__isnull=False)
                | models.Q(is_leaf=False, points__isnull=True),
                name="indicator_leaf_has_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Method(Record):
    """测评方法, with its share of the points where the standard gives one (percent)."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="methods")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=40)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Requirement(Record):
    """材料要求: what evidence a leaf asks for."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="requirements")
    key = models.CharField(max_length=20)  # stable over editions: the strand's n-th
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    kind = models.CharField(
        max_length=12
    )  # rules.needs: document, picture, media, report, table, link, other
    least = models.PositiveSmallIntegerField(default=1)
    must = models.BooleanField(default=True)
    fields = models.JSONField(default=list)  # caption fields: time, place, people, theme
    doc_no = models.BooleanField("须有文号", default=False)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Bar(Record):
    """负面清单: what costs points or bars a unit (一票否决)."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="bars")
    order = models.PositiveSmallIntegerField()
    code = models.CharField("编号", max_length=40)
    title = models.CharField("情形", max_length=200)
    detail = models.TextField("具体表现", blank=True)
    points = models.DecimalField("扣分", max_digits=7, decimal_places=3, null=True)  # what it costs at most
    severity = models.CharField("级别", max_length=40, blank=True)
    consequence = models.TextField("处理", blank=True)
    months = models.PositiveSmallIntegerField("观察期（月）", null=True)
    verifier = models.CharField("核验部门", max_length=200, blank=True)
    applies_to = models.CharField("对象", max_length=40, blank=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Eligibility(Record):
    """申报条件: what must hold before a unit may apply."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="eligibilities")
    order = models.PositiveSmallIntegerField()
    code = models.CharField("编号", max_length=40)
    title = models.CharField("条件", max_length=200)
    requirement = models.TextField("要求", blank=True)
    judged_by = models.CharField("判定方式", max_length=60, blank=True)
    parameters = models.JSONField("参数", default=dict)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Bonus(Record):
    """特色指标: points beyond the total, up to a cap."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="bonuses")
    order = models.PositiveSmallIntegerField()
    code = models.CharField("编号", max_length=40)
    title = models.CharField("指标", max_length=200)
    rule_text = models.TextField("加分办法", blank=True)
    cap = models.DecimalField("上限", max_digits=7, decimal_places=3, null=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class MatchKind(State):
    SAME = "same", "未变"
    CHANGED = "changed", "有改动"
    MOVED = "moved", "移位"
    SPLIT = "split", "拆分"
    JOINED = "joined", "合并"
    NEW = "new", "新增"
    GONE = "gone", "取消"


class Match(Record):
    """对照: how one leaf of the base edition goes over into the edition that revises it; many where split or joined.

    NEW has no old, GONE no new indicator. `main`: of a split or joined group the pair that carries the strand on.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="matches")
    old = models.ForeignKey(Indicator, models.PROTECT, null=True, related_name="+")
    new = models.ForeignKey(Indicator, models.CASCADE, null=True, related_name="matches")
    kind = models.CharField(max_length=8, choices=MatchKind.choices())
    main = models.BooleanField(default=True)
    sure = models.BooleanField(default=True)  # by rule; what was doubtful a clerk has confirmed before saving
    by_hand = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "old", "new"], name="match_once"),
            models.CheckConstraint(
                condition=models.Q(old__isnull=False) | models.Q(new__isnull=False), name="match_has_a_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old or '—'} → {self.new or '—'}"


class Form(Record):
    """What an agency has said once about a form of table: its next file of the same form is read the same way."""

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    imprint = models.CharField(max_length=64)  # sha256 of the form's header texts: rules.forms
    choices = models.JSONField(
        default=dict
    )  # {"role", "columns": {header text: meaning}, "header_rows": count}
    source_name = models.CharField("首次见于", max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "imprint"], name="form_once")]

    def __str__(self) -> str:
        return self.source_name


class Draft(Record):
    """A standard in the making: a file being imported, or one written by hand. The bytes lie in the store (of a
    written one: the exchange JSON it began with), the clerk's corrections here; nothing else is saved yet.

    `base`: the edition that it will revise (next edition). `over`: the edition, not yet in use, that it corrects.
    """

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey("org.User", models.PROTECT, related_name="+")
    source_name = models.CharField("文件", max_length=200)
    source_sha256 = models.CharField(max_length=64)
    choices = models.JSONField(default=dict)
    written = models.BooleanField("手工编写", default=False)
    base = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="+")
    over = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="+")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="+")  # once saved
    #: numbers of the pages that are pictures and have to be recognised first; empty: none are
    scans = models.JSONField(default=list)
    fault = models.CharField(max_length=200, blank=True)  # why recognising stopped

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.source_name

    @property
    def doing(self) -> str:
        """What is being done, in a word."""
        if not self.written:
            return "导入"
        return "更正" if self.over_id else "修订" if self.base_id else "编写"


class SeenPage(models.Model):
    """A page that is a picture, as recognised (kit/documents/seen): places of its rules and texts.

    Not a record: derived from the bytes, and kept by them, so that a file chosen again is not recognised again.
    """

    sha256 = models.CharField(max_length=64)
    no = models.PositiveIntegerField()
    told = models.JSONField()

    class Meta:
        ordering = ["no"]
        constraints = [models.UniqueConstraint(fields=["sha256", "no"], name="seen_page_once")]

    def __str__(self) -> str:
        return f"{self.sha256[:8]} 第{self.no}页"
