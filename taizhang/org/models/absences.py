"""When somebody is away, and where people serve for a time without leaving their department."""

from django.db import models

from taizhang.kit.flow import State

from .groups import Group
from .people import Person, Term, term_check
from .units import Unit


class AbsenceKind(State):
    TRIP = "trip", "出差"
    LEAVE = "leave", "休假"
    SICK = "sick", "病假"
    STUDY = "study", "学习培训"
    POSTED = "posted", "挂职驻村"
    OTHER = "other", "其他"


class Absence(Term):
    """From when until when a person is away; for those days a stand-in (AB角) has the person's posts."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences")
    kind = models.CharField("事由", max_length=10, choices=AbsenceKind.choices(), default=AbsenceKind.TRIP)
    reason = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [term_check("absence_term")]

    def __str__(self) -> str:
        return f"{self.person} {AbsenceKind(self.kind).label}"


class Secondment(Term):
    """抽调: a person serves in an office or a group for a term; the home department keeps them, and its load is lifted."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="secondments")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="seconded")
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="seconded")
    share = models.PositiveSmallIntegerField(
        "抽调精力（%）", default=100
    )  # of the working time; the rest stays at home
    reason = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            term_check("secondment_term"),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False) ^ models.Q(group__isnull=False),
                name="secondment_unit_or_group",
            ),
            models.CheckConstraint(condition=models.Q(share__gte=1, share__lte=100), name="secondment_share"),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.unit or self.group}"
