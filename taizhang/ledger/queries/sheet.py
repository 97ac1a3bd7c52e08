"""The rows of a year's ledger as a spreadsheet carries them out and back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Q, When

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import guests_on
from taizhang.kit import clock
from taizhang.org.models import Person, Unit
from taizhang.org.models.units import UnitKind
from taizhang.standards.rules.cadence import LABELS as CADENCES
from taizhang.standards.rules.cadence import Cycle

from ..models import Item, ItemUnit, Need
from ..rules.states import Source, Status
from .rows import rows_of, seen_of


@dataclass(frozen=True)
class SheetRow:
    """One item. The texts of `lead`, `co` and so on are what a cell shows; the ids are what they mean."""

    id: int
    version: int
    no: str
    code: str
    area: str
    section: str
    title: str
    requirement: str
    points: Decimal | None
    cadence: str
    source: str
    lead_text: str
    lead_id: int | None
    lead: str
    person_id: int | None
    person_no: str
    person: str
    co_ids: tuple[int, ...]
    co: str
    leader_id: int | None
    leader_no: str
    leader: str
    due_on: date | None
    priority: bool
    needs: str
    status: str
    slots: str
    light: str
    reason: str
    periods: int  # dates still to be handed in: more than one cannot be moved as one
    settled: bool  # struck off or not applicable: nothing of it may be changed


@dataclass(frozen=True)
class Staff:
    """Who may be named in a cell: units by name, people by staff number and by name."""

    units: dict[str, int]
    unit_names: dict[int, str]
    by_no: dict[str, tuple[int, str]]
    by_name: dict[str, list[int]]
    numbers: dict[int, str]


def sheet_rows(user: Any, year: Year, today: date, only: "Iterable[int] | None" = None) -> list[SheetRow]:
    """The rows of YEAR that USER sees (ONLY those, if given), in the order of the standard; a fixed number of queries."""
    listed = {row.id: row for row in rows_of(user, year, today)}
    wanted = set(listed) if only is None else set(listed) & set(only)
    helpers: dict[int, list[tuple[int, str]]] = defaultdict(list)
    of_year = ItemUnit.objects.filter(item__year=year).order_by("order", "id")
    for item, unit, name, short in of_year.values_list("item", "unit", "unit__name", "unit__short_name"):
        helpers[item].append((unit, short or name))
    needs: dict[int, list[str]] = defaultdict(list)
    for item, name, least in (
        Need.objects.filter(item__year=year).order_by("order", "id").values_list("item", "name", "least")
    ):
        needs[item].append(f"{name} {least}" if least > 1 else name)
    fields = (
        "id", "version", "code", "section", "requirement", "source_kind", "lead_text", "person__staff_no",
        "leader__staff_no", "due_on", "reason",
    )  # fmt: skip
    found = []
    for pk, version, code, section, requirement, source, lead_text, person_no, leader_no, due_on, reason in (
        seen_of(user, year).order_by("order", "id").values_list(*fields)
    ):
        if pk not in wanted:
            continue
        row = listed[pk]
        found.append(
            SheetRow(
                pk, version, row.no, code, f"{row.area_code} {row.area}".strip(), section, row.title, requirement, row.points,
                CADENCES.get(Cycle(row.cadence), ""), Source(source).label, lead_text, row.lead_id, row.lead, row.person_id,
                person_no or "", row.person, tuple(unit for unit, _ in helpers[pk]), "、".join(name for _, name in helpers[pk]),
                row.leader_id, leader_no or "", row.leader, due_on, row.priority, "；".join(needs[pk]), Status(row.status).label,
                f"{row.accepted}/{row.total}" if row.total else "", row.light_text, reason, row.periods,
                row.status in (Status.CLOSED, Status.WAIVED),
            )
        )  # fmt: skip
    return found


def staff_of(agency: Unit) -> Staff:
    """The units that may lead or help (those that take part from other agencies too), and AGENCY's people; two queries."""
    units: dict[str, int] = {}
    names: dict[int, str] = {}
    own = Q(agency=agency, ends_on=None) & ~Q(kind__in=[UnitKind.AGENCY, UnitKind.LEADERS])
    found = Unit.objects.filter(own | Q(pk__in=guests_on(agency, clock.today())))
    last = Case(When(agency=agency, then=0), default=1)
    rows = found.order_by(last, "order", "id").values_list(
        "pk", "name", "short_name", "agency_id", "agency__name"
    )
    for pk, name, short, home, home_name in rows:
        guest = home != agency.pk
        names[pk] = f"{home_name}{short or name}" if guest and (short or name) in units else short or name
        for word in (name, short, f"{home_name}{name}" if guest else ""):
            if word:
                units.setdefault(word, pk)
    by_no: dict[str, tuple[int, str]] = {}
    by_name: dict[str, list[int]] = defaultdict(list)
    for pk, number, name in Person.objects.filter(agency=agency, left_on=None).values_list(
        "pk", "staff_no", "name"
    ):
        by_no[number] = (pk, name)
        by_name[name].append(pk)
    return Staff(units, names, by_no, dict(by_name), {pk: number for number, (pk, _) in by_no.items()})


def versions_of(year: Year, ids: Iterable[int]) -> dict[int, int]:
    return dict(Item.objects.filter(year=year, pk__in=list(ids)).values_list("pk", "version"))
