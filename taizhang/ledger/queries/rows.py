"""The rows of a year's ledger: everything a list shows of every item, in four queries however many there are."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import calendar
from taizhang.org.models import Membership
from taizhang.org.models.groups import Cover, GroupKind
from taizhang.org.permits import GRANTS, Permit
from taizhang.org.queries import may, posts_of
from taizhang.standards.rules.cadence import LABELS as CADENCES
from taizhang.standards.rules.cadence import Cycle

from ..models import Item, ItemUnit, Need, Slot
from ..rules.lights import Light, item_light
from ..rules.states import TO_HAND_IN, SlotStatus, Status
from .scope import items_for

_TO_HAND_IN = Q(status__in=TO_HAND_IN, before_system=False)


class Row(NamedTuple):
    """One item as a list shows it. The order of the first fields is that of `_COLUMNS`."""

    id: int
    no: str
    title: str
    points: Decimal | None
    cadence: str
    required: int | None
    area_code: str
    area: str
    lead_id: int | None
    lead: str
    lead_order: int
    person_id: int | None
    person: str
    leader_id: int | None
    leader: str
    status: str
    priority: bool
    source_kind: str
    track_id: int | None
    order: int
    closed_on: date | None
    # what its slots say
    total: int  # without those not applicable
    accepted: int
    submitted: int
    periods: int  # dates on which something is still to be handed in
    before: int  # slots 系统启用前
    late: int  # slots handed in late
    have: int  # needs met, over the slots next to hand in
    need: int
    lacks: str  # what those still lack, in words
    due_on: date | None  # of the next slot to hand in; the day of striking off when closed
    light: str
    light_text: str
    days: int  # working days left, negative when late
    to_do: bool  # a slot that has opened is still to be handed in
    mine: bool  # the reader's unit leads it or performs a slot that is next to hand in

    @property
    def status_label(self) -> str:
        return Status(self.status).label

    @property
    def area_key(self) -> str:
        """The area as filters name it: two standards of one campaign may both have an area 1."""
        return area_key(self.track_id, self.area_code)

    @property
    def cadence_label(self) -> str:
        return CADENCES.get(Cycle(self.cadence), "")


def area_key(track: int | None, code: str) -> str:
    """ "7.1": area 1 of the track with the id 7; nothing for an item without an area."""
    return f"{track or 0}.{code}" if code else ""


_COLUMNS = (
    "id", "no", "title", "points", "cadence", "required", "area_code", "area", "lead", "lead__name",
    "lead__short_name", "lead__order", "person", "person__name", "leader", "leader__name", "status", "priority",
    "source_kind", "track", "order", "closed_at", "due_on",
)  # fmt: skip


@dataclass(slots=True)
class _Told:
    """What the slots of one item say."""

    total: int = 0  # without those not applicable
    accepted: int = 0
    submitted: int = 0
    periods: int = 0
    before: int = 0
    late: int = 0
    next_due: date | None = None  # of those still to hand in
    next_opens: date | None = None
    waits: date | None = None  # of those handed in and not yet judged
    here: int = 0  # how many slots are next to hand in
    mine: bool = False  # one of those is performed by a unit of the reader


_NOTHING = _Told()


def rows_of(user: Any, year: Year, today: date) -> list[Row]:
    """The rows of YEAR that USER sees, in the order of the standard. YEAR comes with its campaign and agency."""
    mine = posted(user)
    found = seen_of(user, year).order_by("order", "id").values_list(*_COLUMNS)
    told_of = _told(year, mine)
    lacking = _lacking(year, told_of)
    workdays = calendar()
    lights: dict[tuple[str, date | None, date | None], Light] = {}
    rows: list[Row] = []
    for (
        pk, no, title, points, cadence, required, area_code, area, lead, name, short, lead_order, person, person_name,
        leader, leader_name, status, priority, source, track, order, closed_at, due_on,
    ) in found:  # fmt: skip
        told = told_of.get(pk, _NOTHING)
        key = (status, told.next_due, told.next_opens)
        light = lights.get(key)
        if light is None:
            light = lights[key] = item_light(*key, today, year.near_days, workdays)
        closed_on = timezone.localtime(closed_at).date() if closed_at else None
        have, need, lacks = lacking.get(pk, (0, 0, ""))
        rows.append(
            Row(
                pk, no, title, points, cadence, required, area_code, area, lead, short or name or "", lead_order or 0,
                person, person_name or "", leader, leader_name or "", status, priority, source, track, order, closed_on,
                told.total, told.accepted, told.submitted, told.periods, told.before, told.late, have, need, lacks,
                closed_on if status == Status.CLOSED else told.next_due or told.waits or due_on,
                light.kind, light.text, light.days,
                told.next_opens is not None and told.next_opens <= today, told.mine or lead in mine,
            )
        )  # fmt: skip
    return rows


def seen_of(user: Any, year: Year) -> QuerySet[Item]:
    """The items of YEAR that USER sees. Whoever reaches the agency sees them all: no row needs to be asked about."""
    if may(user, Permit.LEDGER_VIEW, year.campaign.unit):
        return Item.objects.filter(year=year)
    return items_for(user).filter(year=year)


def _told(year: Year, mine: frozenset[int]) -> dict[int, _Told]:
    """Item id → what its slots say. One row comes back per item and date: ten branches are one row."""

    def number(**condition: Any) -> Count:
        return Count("id", filter=Q(**condition))

    rows = (
        Slot.objects.filter(item__year=year)
        .order_by("due_on")
        # dates stay text here: of a thousand only one per item is needed
        .values("item", due=Cast("due_on", CharField()))
        .annotate(
            counted=Count("id", filter=~Q(status=SlotStatus.WAIVED)), accepted=number(status=SlotStatus.ACCEPTED),
            submitted=number(status=SlotStatus.SUBMITTED), early=number(before_system=True), tardy=number(late=True),
            open=number(status__in=TO_HAND_IN), hand=Count("id", filter=_TO_HAND_IN), opens=Min(Cast("opens_on", CharField()), filter=_TO_HAND_IN),
            own=Count("id", filter=_TO_HAND_IN & Q(performer__in=mine)),
        )
        .values_list("item", "due", "counted", "accepted", "submitted", "early", "tardy", "open", "hand", "opens", "own")
    )  # fmt: skip
    found: dict[int, _Told] = {}
    for item, due, counted, accepted, submitted, early, tardy, open_, hand, opens, own in rows:
        told = found.get(item)
        if told is None:
            told = found[item] = _Told()
        told.total += counted
        told.accepted += accepted
        told.submitted += submitted
        told.before += early
        told.late += tardy
        told.periods += bool(open_)
        if submitted and told.waits is None:
            told.waits = date.fromisoformat(due)
        if hand:
            if told.next_due is None:
                told.next_due, told.here, told.mine = date.fromisoformat(due), hand, bool(own)
            # later periods open later: the first that is told is the least but for dates moved by hand
            opening = date.fromisoformat(opens)
            if told.next_opens is None or opening < told.next_opens:
                told.next_opens = opening
    return found


def _lacking(year: Year, told_of: dict[int, _Told]) -> dict[int, tuple[int, int, str]]:
    """Item id → needs met and needs asked over the slots next to hand in, and what is lacking in words.

    An item with nothing left to hand in has all it needs: otherwise its slots had not been accepted.
    """
    rows = (
        Need.objects.filter(item__year=year, must=True)
        .order_by("order", "id")
        .values(
            "order",
            "item",
            "id",
            "name",
            "least",
            "citations__slot",
            due=Cast("citations__slot__due_on", CharField()),
        )
        .annotate(number=Count("citations"), status=Min("citations__slot__status"))
        .values_list("item", "id", "name", "least", "due", "number", "status")
    )
    names: dict[int, dict[int, str]] = defaultdict(dict)
    met: dict[int, int] = defaultdict(int)  # need id → slots next to hand in for which it is met
    for item, pk, name, least, due, number, status in rows:
        names[item][pk] = name
        told = told_of.get(item)
        if (
            due
            and told
            and told.next_due
            and number >= least
            and status in TO_HAND_IN
            and due == told.next_due.isoformat()
        ):
            met[pk] += 1
    found: dict[int, tuple[int, int, str]] = {}
    for item, asked in names.items():
        here = told_of[item].here if item in told_of else 0
        if not here:
            found[item] = (len(asked), len(asked), "")
            continue
        short = [name for pk, name in asked.items() if met[pk] < here]
        have = sum(met[pk] for pk in asked)
        words = f"{here} 个单位，{_shortly(short)}" if short and here > 1 else _shortly(short)
        found[item] = (have, len(asked) * here, words)
    return found


def _shortly(names: list[str]) -> str:
    """At most two names: the page of the item lists them all."""
    words = "、".join(names[:2])
    words = words if len(words) <= 15 else words[:14] + "…"
    return words + (f"等{len(names)}样" if len(names) > 2 else "")


def found_by_words(user: Any, year: Year, words: str) -> frozenset[int]:
    """The items of YEAR in whose number, title, requirement or source WORDS stand."""
    test = Q()
    for word in words.split():
        test &= (
            Q(no__icontains=word) | Q(code__icontains=word) | Q(title__icontains=word) | Q(requirement__icontains=word)
            | Q(section__icontains=word) | Q(source_text__icontains=word)
        )  # fmt: skip
    return frozenset(Item.objects.filter(test, year=year).values_list("pk", flat=True))


def posted(user: Any) -> frozenset[int]:
    """The units for which a person hands in by a post of their own. No query: the posts were read already."""
    return frozenset(post.unit_id for post in posts_of(user) if Permit.LEDGER_SUBMIT in GRANTS[post.role])


def units_of(user: Any, today: date) -> frozenset[int]:
    """The units a person works in: where they belong, and where they hold a post that hands in."""
    held = posted(user)
    belongs = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), person__user=user, starts_on__lte=today
    ).values_list("unit", "unit__agency")
    rows = list(belongs)
    return frozenset(unit for unit, _ in rows) | (held - {agency for _, agency in rows})


def items_of_units(year: Year, units: "frozenset[int]") -> frozenset[int]:
    """The items of YEAR that one of UNITS leads, helps with or performs."""
    return frozenset(_of_units(Item.objects.filter(year=year), units).values_list("pk", flat=True))


def _of_units(items: QuerySet[Item], units: "frozenset[int]") -> QuerySet[Item]:
    helps = ItemUnit.objects.filter(unit__in=units, item=OuterRef("pk"))
    performs = Slot.objects.filter(performer__in=units, item=OuterRef("pk"))
    return items.filter(Q(lead__in=units) | Q(Exists(helps)) | Q(Exists(performs)))


def covered_by(year: Year, team: str) -> tuple[str, frozenset[int]]:
    """The name of the activity group TEAM (its id) and the items of YEAR it answers for, by area or by department;
    "none": what no activity group answers for."""
    covers = Cover.objects.filter(group__unit=year.campaign.unit_id, group__ends_on=None)
    nobody = team == "none"
    covers = covers.filter(group__kind=GroupKind.ACTIVITY) if nobody else covers.filter(group=int(team))
    rows = list(covers.values_list("group__name", "unit", "area_code"))
    covered = Q(lead__in={unit for _, unit, _ in rows if unit}) | Q(
        area_code__in={area for _, _, area in rows if area}
    )
    items = Item.objects.filter(year=year)
    # an item without a lead is in no set of leads: NULL must not swallow it
    found = items.exclude(pk__in=items.filter(covered).values("pk")) if nobody else items.filter(covered)
    return "未归组" if nobody else rows[0][0] if rows else "", frozenset(found.values_list("pk", flat=True))
