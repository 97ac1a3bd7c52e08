"""The library: deposited once, cited many times (一材多用)."""

from django.db import models

from taizhang.kit.flow import State
from taizhang.org.models import Person, Unit
from taizhang.org.record import Record


class Kind(State):
    DOCUMENT = "document", "正式文件"
    PICTURE = "picture", "图片"
    MEDIA = "media", "音像"
    REPORT = "report", "报告"
    TABLE = "table", "统计表"
    LINK = "link", "链接"
    OTHER = "other", "其他材料"


class Secrecy(State):
    OPEN = "open", "公开"
    INTERNAL = "internal", "内部"
    LIMITED = "limited", "限定"


class EvidenceState(State):
    LIVE = "live", "在库"
    BINNED = "binned", "已移除"


class Blob(Record):
    """Bytes in the store, by their SHA-256."""

    sha256 = models.CharField(max_length=64, unique=True)
    sm3 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    mime = models.CharField(max_length=120)
    width = models.PositiveIntegerField(null=True)  # pictures, in pixels
    height = models.PositiveIntegerField(null=True)
    thumbnail = models.CharField(max_length=64, blank=True)  # SHA-256 of a small JPEG in the store
    stored_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.sha256[:12]


class Evidence(Record):
    """One piece of evidence: its caption, and which version is current. `happened_on` is not the upload day."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="evidence")  # the depositing department
    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    number = models.CharField("回执号", max_length=30)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices())
    title = models.CharField("名称", max_length=200)
    url = models.URLField("链接", max_length=500, blank=True)
    happened_on = models.DateField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    people = models.CharField("人物", max_length=200, blank=True)
    theme = models.CharField("主题", max_length=200, blank=True)
    doc_no = models.CharField("文号", max_length=80, blank=True)
    issuer = models.CharField("发文机关", max_length=120, blank=True)
    secrecy = models.CharField("范围", max_length=10, choices=Secrecy.choices(), default=Secrecy.INTERNAL)
    state = models.CharField(max_length=8, choices=EvidenceState.choices(), default=EvidenceState.LIVE)
    uses = models.PositiveIntegerField("引用次数", default=0)  # set only by actions.hold and release
    current = models.ForeignKey("Version", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="evidence_number")]
        indexes = [models.Index(fields=["agency", "state"], name="evidence_agency")]
        # each agency counts its own receipts from one
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="evidence_number")]

    def __str__(self) -> str:
        return self.title


class Version(Record):
    """The bytes of one piece of evidence at one time; what was signed stays pinned to its version."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="versions")
    no = models.PositiveSmallIntegerField()
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="versions")
    original_name = models.CharField("原文件名", max_length=255)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["no"]
        constraints = [models.UniqueConstraint(fields=["evidence", "no"], name="version_no")]

    def __str__(self) -> str:
        return f"{self.original_name} 第{self.no}版"
