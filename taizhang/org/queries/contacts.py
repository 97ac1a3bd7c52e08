"""Contact points with the visits of a year, within what a user reaches."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from ..models import Contact, Unit, Visit
from ..models.contacts import ContactKind
from ..permits import Permit
from .posts import beneath, paths_where
from .roster import alive


def contacts_for(user: Any) -> QuerySet[Contact]:
    """Contact points of the agencies whose organisation USER sees."""
    return Contact.objects.filter(beneath(paths_where(user, Permit.ORG_VIEW), "agency__path"))


def visits_for(user: Any) -> QuerySet[Visit]:
    return Visit.objects.filter(contact__in=contacts_for(user))


@dataclass(frozen=True)
class ContactRow:
    """One contact point: visits paid this year of those wanted, and the last one ever."""

    pk: int
    leader_id: int
    leader: str
    no: str
    kind: str
    point: str
    unit_id: int | None
    task: str
    wanted: int
    paid: int
    last_on: date | None
    starts_on: date
    ends_on: date | None

    @property
    def enough(self) -> bool:
        return self.paid >= self.wanted


def contact_rows(
    agency: Unit, today: date, *, leader: int | None = None, kind: str = "", q: str = "", by: str = "", over: bool = False
) -> list[ContactRow]:  # fmt: skip
    """Those that hold (or with OVER those that are over); by leader, or with BY = "point" by kind and point. One query."""
    live = alive(today)
    found = Contact.objects.filter(~live if over else live, agency=agency)
    if leader:
        found = found.filter(leader=leader)
    if kind:
        found = found.filter(kind=kind)
    if q:
        found = found.filter(Q(place__contains=q) | Q(unit__name__contains=q) | Q(task__contains=q))
    year = Q(visits__on__year=today.year)
    order = ("kind", "unit__order", "place", "id") if by == "point" else ("leader__order", "leader_id", "id")
    rows = (
        found.annotate(paid=Count("visits", filter=year), last=Max("visits__on"))
        .order_by(*order)
        .values_list(
            "pk", "leader_id", "leader__name", "leader__staff_no", "kind", "unit__name", "place", "unit_id", "task",
            "visits_wanted", "paid", "last", "starts_on", "ends_on",
        )
    )  # fmt: skip
    return [
        ContactRow(
            pk, lead, name, no, ContactKind(kind).label, unit or place, unit_id, task, wanted, paid, last, starts, ends
        )
        for pk, lead, name, no, kind, unit, place, unit_id, task, wanted, paid, last, starts, ends in rows
    ]  # fmt: skip
