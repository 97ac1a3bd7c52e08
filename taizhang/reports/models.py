"""材料册: what is made of a ledger and its material for others to hold in their hands."""

from django.db import models

from taizhang.campaigns.models import Year
from taizhang.kit.flow import State
from taizhang.org.models import Person, Unit
from taizhang.org.record import Record


class Form(State):
    VOLUME = "volume", "材料册（一个 PDF）"
    FOLDER = "folder", "材料夹（压缩包和目录）"
    ALBUM = "album", "画册（PDF）"


class Scope(State):
    ALL = "all", "全部事项"
    AREA = "area", "一个方面"
    UNIT = "unit", "一个处室"
    ITEM = "item", "一个事项"


class BindingState(State):
    WAITING = "waiting", "排队"
    WORKING = "working", "正在装订"
    READY = "ready", "已完成"
    FAILED = "failed", "没有完成"


class Binding(Record):
    """装订: one volume, folder or album asked for; made in the background, resumable, the same input giving the same bytes."""

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # whose ledger it is of
    year = models.ForeignKey(Year, models.PROTECT, related_name="bindings")
    form = models.CharField("样式", max_length=8, choices=Form.choices(), default=Form.VOLUME)
    scope = models.CharField("范围", max_length=6, choices=Scope.choices(), default=Scope.ALL)
    chosen = models.CharField(max_length=40, blank=True)  # the area's code, the unit's id, the item's id
    per_page = models.PositiveSmallIntegerField("每页张数", default=2)  # of an album: 2 or 4
    label = models.CharField("名称", max_length=200)
    state = models.CharField(max_length=8, choices=BindingState.choices(), default=BindingState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=80, blank=True)  # what is being done, in words
    fault = models.CharField(max_length=300, blank=True)
    missing = models.JSONField(default=list)  # what lacks or could not be bound: [{"item", "text"}]
    pages = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)  # of what was made
    digest = models.CharField(max_length=64, blank=True)  # of the input: the same again is not made twice
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.label
