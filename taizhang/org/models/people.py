"""People, what they belong to, what they answer for, who stands in for them."""

from django.conf import settings
from django.db import models

from taizhang.kit import clock

from ..permits import Role
from ..record import Record
from .units import Unit


class Term(Record):
    """From the first to the last day, both included; no last day: until further notice."""

    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        abstract = True


def term_check(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")), name=name
    )


class Person(Record):
    """Somebody of an agency. Many leaders have no account."""

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="people")
    staff_no = models.CharField("工号", max_length=30)
    name = models.CharField("姓名", max_length=40)
    name_key = models.CharField(max_length=40)  # folded: full width, spaces and Latin case do not matter
    gender = models.CharField("性别", max_length=4, blank=True)
    year_of_birth = models.PositiveSmallIntegerField("出生年份", null=True)
    title = models.CharField("职务职级", max_length=80, blank=True)
    rank = models.CharField("岗位层级", max_length=20, blank=True)
    is_party_member = models.BooleanField("是否党员", default=False)
    volunteer_no = models.CharField("志愿者编号", max_length=40, blank=True)
    phone = models.CharField("手机号", max_length=30, blank=True)
    supervisor = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="分管领导"
    )
    joined_year = models.PositiveSmallIntegerField("入职年份", null=True)
    presence = models.CharField("在岗状态", max_length=20, default="在岗")
    order = models.PositiveIntegerField(default=0)
    left_on = models.DateField("离开日期", null=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="person")

    class Meta:
        ordering = ["order", "staff_no"]
        constraints = [models.UniqueConstraint(fields=["agency", "staff_no"], name="person_staff_no")]

    def __str__(self) -> str:
        return self.name

    @property
    def belongs_to(self) -> Unit:
        """The department they belong to today, else the agency: a way for permits over a department's own people."""
        day = clock.today()
        rows = (
            self.memberships.filter(main=True, starts_on__lte=day)
            .select_related("unit")
            .order_by("-starts_on")
        )
        return next((row.unit for row in rows if row.ends_on is None or row.ends_on >= day), self.agency)


class Membership(Term):
    """A person belongs to a department (one main one a day) and, apart from that, to a branch."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    duty = models.CharField("职务", max_length=40, blank=True)  # 支部职务
    main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            term_check("membership_term"),
            models.UniqueConstraint(fields=["person", "unit", "starts_on"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.unit}"


class Post(Term):
    """Person × unit × role. It reaches the unit and all beneath it: that is the whole of oversight."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.CharField("职责", max_length=14, choices=Role.choices())
    group = models.ForeignKey("org.Group", models.PROTECT, null=True, related_name="posts")

    class Meta:
        constraints = [
            term_check("post_term"),
            models.UniqueConstraint(
                fields=["person", "unit", "role", "starts_on"],
                condition=models.Q(group__isnull=True),
                name="post_once",
            ),
            models.UniqueConstraint(
                fields=["person", "unit", "role", "starts_on", "group"],
                condition=models.Q(group__isnull=False),
                name="post_once_in_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.unit} {Role(self.role).label}"


class Deputy(Record):
    """Who stands in for whom (AB角); rank 1 is the B, then further ones in order."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="deputies")
    stand_in = models.ForeignKey(Person, models.PROTECT, related_name="stands_in_for")
    rank = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "rank"], name="deputy_rank")]

    def __str__(self) -> str:
        return f"{self.person} → {self.stand_in}"
