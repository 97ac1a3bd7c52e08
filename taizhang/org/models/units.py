"""The one organisation tree: region → agency → departments; 机关党委 → branches, 工会, 妇委会."""

from django.db import models

from taizhang.kit.flow import State

from ..record import Record


class UnitKind(State):
    REGION = "region", "地区"
    AGENCY = "agency", "机关"
    LEADERS = "leaders", "领导班子"
    DEPARTMENT = "department", "处室"
    PARTY_BODY = "party_body", "机关党委"
    BRANCH = "branch", "党支部"
    UNION = "union", "群团组织"
    OFFICE = "office", "工作机构"
    OTHER = "other", "其他"


class Unit(Record):
    """A node of the tree. `path` is `/1/7/`, ids from the root to itself, and always ends in `/`."""

    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40, blank=True)
    code = models.CharField("编码", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=12, choices=UnitKind.choices())
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    agency = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="所属机关")
    path = models.CharField(max_length=255, unique=True)
    order = models.PositiveIntegerField(default=0)
    #: what the standards call it: a department may answer to 业务处室, say (collective)
    answers_to = models.CharField("对应标准中的责任主体", max_length=80, blank=True)
    branch = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="所在党支部")
    leader = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, related_name="+", verbose_name="分管领导"
    )
    term_from = models.CharField(
        "上次换届", max_length=10, blank=True
    )  # 2023-04: the month is all that is known
    term_until = models.CharField("届满时间", max_length=10, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")

    class Meta:
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["agency", "kind"], name="unit_agency_kind")]

    def __str__(self) -> str:
        return self.short_name or self.name


class FormerName(Record):
    """曾用名: what a unit was called until a day, so that a past day can be shown in its own words."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="former_names")
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40, blank=True)
    until = models.DateField("用至")
    doc_no = models.CharField("依据文号", max_length=60, blank=True)

    class Meta:
        ordering = ["until", "id"]

    def __str__(self) -> str:
        return self.short_name or self.name
