"""接续台账: a spreadsheet ledger that an office keeps is taken over whole, and can be given back for a day."""

from django.db import models

from taizhang.campaigns.models import Year
from taizhang.kit.flow import State
from taizhang.org.models import Person, Unit
from taizhang.org.record import Record


class TakeoverState(State):
    DRAFT = "draft", "未保存"
    APPLIED = "applied", "已接续"
    UNDONE = "undone", "已撤回"
    DROPPED = "dropped", "已放弃"


class Takeover(Record):
    """One file (and its folder of evidence as a zip) on its way into the ledger of a year."""

    year = models.ForeignKey(Year, models.PROTECT, related_name="takeovers")
    state = models.CharField(max_length=8, choices=TakeoverState.choices(), default=TakeoverState.DRAFT)
    source_name = models.CharField("台账文件", max_length=200)
    sha256 = models.CharField(max_length=64)
    files_name = models.CharField("材料压缩包", max_length=200, blank=True)
    files_sha256 = models.CharField(max_length=64, blank=True)
    #: what the clerk said: {"columns", "words", "rows", "files"}; see ledger.rules.takeover.choices
    choices = models.JSONField(default=dict)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # rows, matched, raised, files … as they were when it was applied
    notes = models.JSONField(default=list)  # what the records noted, as a Batch keeps it: for giving it back

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.source_name


class TakeoverWord(Record):
    """What an agency's own words mean, remembered for the next file: a header, a state, a department, a person."""

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    field = models.CharField(max_length=20)  # column | state | unit | person | date
    said = models.CharField(max_length=120)
    means = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "field", "said"], name="takeover_word_once")]

    def __str__(self) -> str:
        return f"{self.said} = {self.means}"
