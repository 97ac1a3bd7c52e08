"""联系点和包联: which leader answers for which unit, branch or community, and the visits paid there."""

from django.db import models

from taizhang.kit.flow import State

from ..record import Record
from .people import Person, Term, term_check
from .units import Unit


class ContactKind(State):
    BRANCH = "branch", "党支部联系点"
    DEPARTMENT = "department", "处室联系点"
    COMMUNITY = "community", "社区包联"
    VILLAGE = "village", "村包联"
    SCHOOL = "school", "学校包联"
    COMPANY = "company", "企业包联"
    GRID = "grid", "网格路段"
    OTHER = "other", "其他"


class Contact(Term):
    """One contact point: a unit of the tree, or a place outside it by its name."""

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="contacts")
    leader = models.ForeignKey(Person, models.PROTECT, related_name="contacts")
    kind = models.CharField("类别", max_length=12, choices=ContactKind.choices())
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="contacted_by")
    place = models.CharField("联系点", max_length=80, blank=True)  # outside the tree: 幸福社区
    task = models.CharField("联系任务", max_length=200, blank=True)
    visits_wanted = models.PositiveSmallIntegerField("每年走访次数", default=0)

    class Meta:
        ordering = ["leader__order", "id"]
        constraints = [
            term_check("contact_term"),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False) ^ ~models.Q(place=""), name="contact_unit_or_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader} {self.unit or self.place}"


class Visit(Record):
    """走访: who went when, what they found and what was settled there."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="visits")
    on = models.DateField("走访日期")
    who = models.CharField("走访人", max_length=120)
    found = models.CharField("了解的情况", max_length=500)
    done = models.CharField("解决的问题", max_length=500, blank=True)

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.contact} {self.on}"
