"""The library: deposited once, cited many times (一材多用); read once, found by any word; filed by year (归档)."""

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
    GONE = "gone", "已清除"  # its thirty days in the bin are over: the row and its history stay


class ReadingState(State):
    WAITING = "waiting", "等待读取"
    READ = "read", "已读取"
    UNREADABLE = "unreadable", "读不出文字"  # locked, damaged, too long: kept, listed, never tried for ever
    CLASSIFIED = "classified", "标有密级"  # stopped: nobody may open or cite it


class VolumeState(State):
    DRAFT = "draft", "整理中"
    SEALED = "sealed", "已封存"


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
    binned_at = models.DateTimeField(null=True)  # thirty days later its bytes may go

    class Meta:
        ordering = ["-id"]
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


class Reading(Record):
    """What was found in the bytes of one blob. Made anew by a newer reader; the blob itself is never changed."""

    blob = models.OneToOneField(Blob, models.PROTECT, related_name="reading")
    state = models.CharField(
        "读取", max_length=12, choices=ReadingState.choices(), default=ReadingState.WAITING
    )
    reader = models.PositiveSmallIntegerField(
        default=0
    )  # rules.readers.version_for its kind, when it was read
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=300, blank=True)  # why nothing could be read, in words
    read_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField("页数", default=0)  # 0: of a kind that has none (sound)
    letters = models.PositiveIntegerField("字数", default=0)  # without blanks
    seconds = models.PositiveIntegerField("时长", null=True)  # sound and film
    ocr = models.BooleanField("由图像识别", default=False)  # some page was read from its picture (OCR)
    taken_on = models.DateField("拍摄日期", null=True)
    likeness = models.CharField(max_length=16, blank=True)  # perceptual hash of a picture, hex
    poster = models.CharField(max_length=64, blank=True)  # SHA-256 of a JPEG in the store: a frame of a film
    face = models.CharField(
        max_length=64, blank=True
    )  # SHA-256 of a PDF in the store: how an office file prints
    doc_no = models.CharField("文号", max_length=80, blank=True)
    issuer = models.CharField("发文机关", max_length=120, blank=True)
    title = models.CharField("标题", max_length=300, blank=True)
    dated_on = models.DateField("成文日期", null=True)
    head_page = models.PositiveIntegerField("红头页", null=True)
    warnings = models.JSONField(
        default=list
    )  # [{"code", "text"}] of the file itself: macros, remote template …

    class Meta:
        indexes = [models.Index(fields=["state"], name="reading_state")]

    def __str__(self) -> str:
        return f"{self.blob} {ReadingState(self.state).label}"


class Page(models.Model):
    """The text of one page (of a file without pages: of some thousand characters), as read and as folded for search.

    Not a record: it is derived from the bytes and can be made from them again at any time.
    """

    blob = models.ForeignKey(Blob, models.PROTECT, related_name="pages")
    no = models.PositiveIntegerField()
    text = models.TextField()
    folded = models.TextField()
    lines = models.JSONField(
        default=list
    )  # of a page read as a picture: [[x0, y0, x1, y1, text]], parts of its size

    class Meta:
        ordering = ["no"]
        constraints = [models.UniqueConstraint(fields=["blob", "no"], name="page_no")]

    def __str__(self) -> str:
        return f"{self.blob_id} 第{self.no}页"


class Checked(Record):
    """已核对: somebody looked at a warning about a piece and says that it is in order."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="checked")  # no use of the piece
    code = models.CharField(max_length=30)
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "code"], name="checked_once")]

    def __str__(self) -> str:
        return f"{self.evidence} {self.code}"


class Fonds(Record):
    """全宗: under which number an agency files, and what its departments are called in archive numbers (DA/T 22-2015)."""

    agency = models.OneToOneField(Unit, models.PROTECT, related_name="fonds")
    code = models.CharField("全宗号", max_length=4)
    archive = models.CharField("档案馆名称", max_length=120, blank=True)
    codes = models.JSONField(default=dict)  # unit's id → 机构代码, three letters

    def __str__(self) -> str:
        return f"{self.code} {self.agency}"


class Volume(Record):
    """归档册: what one agency files of one year. Sealed it does not change; a later one may succeed it."""

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="volumes")
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("题名", max_length=200)
    source = models.CharField(
        max_length=60, blank=True
    )  # what it was drawn from, of a floor above: "campaign:3"
    state = models.CharField(max_length=8, choices=VolumeState.choices(), default=VolumeState.DRAFT)
    succeeds = models.ForeignKey("self", models.PROTECT, null=True, related_name="successors")
    manifest = models.CharField(max_length=64, blank=True)  # SHA-256 of the manifest, in the store
    sealed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField(null=True)
    checks = models.JSONField(default=list)  # of the four checks (四性检测) when it was sealed

    class Meta:
        ordering = ["-year", "-id"]

    def __str__(self) -> str:
        return self.title


class Filed(Record):
    """件: one unit of filing, with what the catalogue says of it (归档文件目录); or, with `annex_of`, a part of one.

    An annex has no number, and its own term and code sleep: those of its main row hold, until the two are parted.
    """

    volume = models.ForeignKey(Volume, models.PROTECT, related_name="filed")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="filed")
    file = models.ForeignKey(Version, models.PROTECT, null=True, related_name="filed")  # null: a link
    annex_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="annexes")
    #: in the catalogue; of an annex: among the annexes of its 件, from 1
    order = models.PositiveIntegerField()
    retention = models.CharField("保管期限", max_length=3)  # Y, D30, D10
    code = models.CharField("机构代码", max_length=3)
    no = models.PositiveIntegerField("件号")  # from 1 within year, retention and code
    archive_no = models.CharField("档号", max_length=60)
    doc_no = models.CharField("文号", max_length=80, blank=True)
    issuer = models.CharField("责任者", max_length=120, blank=True)
    title = models.CharField("题名", max_length=300)
    dated_on = models.DateField("日期", null=True)
    secrecy = models.CharField("密级", max_length=10, blank=True)
    pages = models.PositiveIntegerField("页数", default=0)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["volume", "evidence"], name="filed_once"),
            models.UniqueConstraint(fields=["volume", "archive_no"], name="filed_number"),
        ]

    def __str__(self) -> str:
        return f"{self.archive_no} {self.title}"
