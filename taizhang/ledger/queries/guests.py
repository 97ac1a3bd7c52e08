"""Departments of other agencies (参加单位): whom an item may go to; what a guest has to do; what the host still waits for."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from taizhang.campaigns.models import Joined, Year
from taizhang.campaigns.queries import calendar, joined_on
from taizhang.campaigns.rules.joined import standing, term_words
from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind

from ..models import Item, ItemUnit, Slot
from ..rules.lights import slot_light
from ..rules.states import SETTLED, TO_HAND_IN, WORKING, SlotStatus, Status
from .scope import guest_items, slots_for
from .standing import waiting_for

#: what cannot lead an item
NO_LEADS = [UnitKind.AGENCY, UnitKind.BRANCH, UnitKind.LEADERS]


def leads_in(year: Year, today: date) -> QuerySet[Unit]:
    """The units to which an item of YEAR may go today: the agency's own, then those that take part."""
    own = Q(agency=year.campaign.unit_id, ends_on=None) & ~Q(kind__in=NO_LEADS)
    found = Unit.objects.filter(own | Q(pk__in=joined_on(year.campaign_id, today).values("pk")))
    last = Case(When(agency=year.campaign.unit_id, then=0), default=1)
    return with_agency(found, year.campaign.unit_id).order_by(last, "order", "pk")


def with_agency(units: QuerySet[Unit], host: int) -> QuerySet[Unit]:
    """UNITS, each with `guest_of`: the name of its agency where that is not HOST."""
    return units.annotate(guest_of=Case(When(agency=host, then=Value("")), default=F("agency__name")))


@dataclass(frozen=True)
class GuestRow:
    """One thing at an item of another agency: to hand in, to review, or only to look at."""

    item_id: int
    slot_id: int | None
    no: str
    title: str
    says: str
    lamp: str
    lamp_text: str
    due_on: date | None
    act: str


@dataclass(frozen=True)
class GuestYear:
    """A year of another agency's campaign with what one's own departments have in it."""

    host: str
    campaign: str
    year: int
    terms: tuple[str, ...]
    over: bool
    review: list[GuestRow]
    todo: list[GuestRow]
    rest: list[GuestRow]


def guest_years(user: Any, today: date) -> list[GuestYear]:
    """What USER's departments have to do for other agencies, the newest year first; five queries, and a few a year."""
    items = list(
        guest_items(user).select_related("year__campaign__unit", "unit", "lead").order_by("order", "id")
    )
    if not items:
        return []
    slots: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots_for(user).filter(item__in=items).select_related("performer").order_by("due_on", "pk"):
        slots[slot.item_id].append(slot)
    taking: dict[int, list[Joined]] = defaultdict(list)
    agency = user.person.agency_id
    for row in Joined.objects.filter(unit__agency=agency).select_related("unit").order_by("starts_on"):
        taking[row.campaign_id].append(row)
    workdays, found = calendar(), []
    years = sorted({item.year for item in items if item.year}, key=lambda one: (-one.year, one.pk))
    for year in years:
        terms = taking.get(year.campaign_id, [])
        here = {row.unit_id for row in terms if standing(row.starts_on, row.ends_on, today) == "参加中"}
        waits = waiting_for(user, year)
        review, todo, rest = [], [], []
        for item in items:
            if item.year_id != year.pk:
                continue
            if item.pk in waits.items:
                review.append(_row(item, None, "等你签批", "签批"))
            for slot in slots[item.pk]:
                light = slot_light(
                    slot.status, slot.due_on, slot.opens_on, today, year.near_days, workdays, late=slot.late
                )
                if slot.pk in waits.slots:
                    review.append(_row(item, slot, f"{slot.performer} {slot.label}等你审核", "审核", light))
                elif (
                    slot.status in TO_HAND_IN and slot.performer_id in here
                    and item.status in WORKING and slot.opens_on <= today and not slot.before_system
                ):  # fmt: skip
                    back = "被退回，补正后再交" if slot.status == SlotStatus.RETURNED else "等你处报送"
                    todo.append(_row(item, slot, f"{slot.label}{back}", "办理", light))
            own = [slot.due_on for slot in slots[item.pk] if slot.status not in SETTLED]
            rest.append(
                replace(
                    _row(item, None, _says(item, slots[item.pk]), "查看"),
                    due_on=min(own, default=item.due_on),
                )
            )
        over = bool(terms) and not any(
            standing(row.starts_on, row.ends_on, today) != "已结束" for row in terms
        )
        words = tuple(f"{row.unit} {term_words(row.starts_on, row.ends_on)}" for row in terms)
        found.append(
            GuestYear(str(year.campaign.unit), year.campaign.name, year.year, words, over, review, todo, rest)
        )
    return found


def _row(item: Item, slot: Slot | None, says: str, act: str, light: Any = None) -> GuestRow:
    return GuestRow(
        item.pk, slot.pk if slot else None, item.no, item.title, says, light.kind if light else "",
        light.text if light else "", slot.due_on if slot else item.due_on, act,
    )  # fmt: skip


def _says(item: Item, slots: list[Slot]) -> str:
    done = sum(slot.status == SlotStatus.ACCEPTED for slot in slots)
    state = Status(item.status).label
    return f"{state}，期次通过 {done}/{len(slots)}" if slots else f"{state}，配合"


@dataclass(frozen=True)
class OpenRow:
    """An item of the host's that a department of another agency has. `over`: its term has ended."""

    item_id: int
    no: str
    title: str
    unit: str
    agency: str
    as_what: str
    status: str
    left: int
    due_on: date | None
    over: bool


def guests_at_work(year: Year, today: date) -> list[OpenRow]:
    """The items of YEAR that are not settled and lie with departments of other agencies, those whose term ended
    first; three queries."""
    host = year.campaign.unit_id
    here = set(joined_on(year.campaign_id, today).values_list("pk", flat=True))
    foreign = ~Q(agency=host)
    units = {
        unit.pk: unit for unit in Unit.objects.filter(foreign, pk__in=_foreign(year)).select_related("agency")
    }
    left: dict[tuple[int, int], list[date]] = defaultdict(list)
    rows = Slot.objects.filter(item__year=year, performer__in=units).exclude(status__in=SETTLED)
    for item, performer, due in rows.values_list("item", "performer", "due_on"):
        left[item, performer].append(due)
    found = []
    items = (
        Item.objects.filter(year=year)
        .exclude(status__in=[Status.CLOSED, Status.WAIVED])
        .order_by("order", "id")
    )
    helps = ItemUnit.objects.filter(item=OuterRef("pk"), unit__in=units).values("unit")[:1]
    for pk, no, title, lead, status, due_on, helper in items.annotate(helper=Subquery(helps)).values_list(
        "pk", "no", "title", "lead", "status", "due_on", "helper"
    ):
        performers = [unit for item, unit in left if item == pk]
        for unit in dict.fromkeys(
            [*([lead] if lead in units else []), *performers, *([helper] if helper else [])]
        ):
            dates = left.get((pk, unit), [])
            what = "牵头" if unit == lead else "报送" if unit in performers else "配合"
            found.append(
                OpenRow(
                    pk, no, title, str(units[unit]), str(units[unit].agency), what, Status(status).label, len(dates),
                    min(dates, default=due_on), unit not in here,
                )
            )  # fmt: skip
    return sorted(found, key=lambda row: not row.over)


def _foreign(year: Year) -> set[int]:
    """The units named in YEAR's ledger, ids; a union of three columns."""
    leads = Item.objects.filter(year=year, lead__isnull=False).order_by().values_list("lead")
    helpers = ItemUnit.objects.filter(item__year=year).order_by().values_list("unit")
    performers = Slot.objects.filter(item__year=year).order_by().values_list("performer")
    return {pk for (pk,) in leads.union(helpers, performers)}
