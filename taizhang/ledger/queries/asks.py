"""申请: what was asked for, what may be asked for now, and who decides it today."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import AskPlans, ask_plans, holders
from taizhang.campaigns.rules.states import Who, YearState
from taizhang.journal.models import Entry
from taizhang.kit import clock
from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import may, people_of
from taizhang.org.queries.posts import beneath, paths_where
from taizhang.org.rules.holders import Holders

from ..models import Ask, Item, Slot
from ..rules.asks import AskState, Kind, Past, Place, why_not
from ..rules.signing import Chains, Matter, called, judges
from ..rules.states import TO_HAND_IN, Status
from .facts import chains_of
from .scope import items_for

#: what of an ask decides who answers it
COLUMNS = (
    "pk", "kind", "by", "acting_for", "item__track", "item__lead", "item__area_code", "item__leader",
)  # fmt: skip
#: how long an answer stays on the asker's desk, in days
NEWS_DAYS = 7


@dataclass(frozen=True)
class Deciders:
    """Who may answer an ask today: person → the absent person they stand in for, or None.

    `called`: their names as pages say them; `note`: why the office answers in somebody's place.
    """

    able: dict[int, int | None]
    called: tuple[str, ...]
    who: str
    note: str = ""


def asks_for(user: Any) -> QuerySet[Ask]:
    """The asks at the items that USER sees. Who reaches an item only as a department of another agency that helps or
    performs sees those for its own periods."""
    paths, person = paths_where(user, Permit.LEDGER_VIEW), getattr(user, "person", None)
    home = beneath(paths, "item__unit__path") | Q(item__unit=person.agency_id if person else None)
    own = beneath(paths, "item__lead__path") | beneath(paths, "slot__performer__path")
    return Ask.objects.filter(home | own, item__in=items_for(user)).select_related(
        "item__unit", "item__lead", "item__year__campaign", "slot__performer", "by", "acting_for", "wanted_lead",
        "decided_by", "decided_for",
    )  # fmt: skip


def asks_of(item: Item) -> list[Ask]:
    """All that was ever asked for at ITEM, the newest first; one query."""
    return list(
        Ask.objects.filter(item=item).select_related(
            "slot__performer", "by", "acting_for", "wanted_lead", "decided_by", "decided_for"
        )
    )


def past_of(item: int) -> Past:
    """What was asked for at the item so far; one query."""
    waiting, granted = set(), {}
    rows = Ask.objects.filter(item=item).order_by().values_list("kind", "state").annotate(n=Count("pk"))
    for kind, state, number in rows:
        if state == AskState.OPEN:
            waiting.add(kind)
        elif state == AskState.GRANTED:
            granted[kind] = number
    return Past(frozenset(waiting), granted)


def open_slots_of(item: int) -> list[Slot]:
    """What is still to be handed in, by date; without what ended before the system was started."""
    return list(
        Slot.objects.filter(
            item=item, status__in=TO_HAND_IN, before_system=False
        ).select_related("performer").order_by("due_on", "starts_on", "nth", "performer__order")
    )  # fmt: skip


class Due(Protocol):
    """A period that is still to be handed in: a Slot, or a cell of the item page."""

    @property
    def performer_id(self) -> int: ...
    @property
    def due_on(self) -> date: ...


def place_of(item: Item, slots: Iterable[Due], name: str = "") -> Place:
    """ITEM as the rules see it; SLOTS are those still to be handed in."""
    year = item.year
    return Place(
        name or item.no, item.status, item.lead_id is not None, item.step_id is not None,
        year is None or year.state == YearState.CLOSED,
        timezone.localdate(item.closed_at) if item.closed_at else None, tuple(slot.due_on for slot in slots),
    )  # fmt: skip


def leads(user: Any, item: Item) -> bool:
    """Whether USER hands in for the lead of ITEM."""
    return item.lead is not None and may(user, Permit.LEDGER_SUBMIT, item.lead)


def past_in(asks: Iterable[Ask]) -> Past:
    """The same as `past_of`, of asks that have been read."""
    waiting, granted = set(), Counter[str]()
    for ask in asks:
        if ask.state == AskState.OPEN:
            waiting.add(ask.kind)
        elif ask.state == AskState.GRANTED:
            granted[ask.kind] += 1
    return Past(frozenset(waiting), granted)


def whys(
    user: Any, item: Item, today: date, rows: Sequence[Due], past: Past, performers: Iterable[Unit]
) -> dict[Kind, str]:
    """The kinds that USER may ask for at ITEM, each with why not now ("": it may). Nobody of the item's own: {}.

    ROWS are what is still to be handed in; whoever is not of the lead may ask for those of PERFORMERS that are
    theirs. No query for an item of which nothing was granted yet.
    """
    lead = leads(user, item)
    own = () if lead else {unit.pk for unit in performers if may(user, Permit.LEDGER_SUBMIT, unit)}
    mine = rows if lead else [row for row in rows if row.performer_id in own]
    kinds = list(Kind) if lead else [Kind.EXTENSION] if mine else []
    if not kinds or item.year is None:
        return {}
    place = place_of(item, mine)
    plans = ask_plans(item.year.campaign_id) if past.granted else None
    return {
        kind: why_not(kind, place, past, plans.of(item.track_id, kind).times if plans else None, today)
        for kind in kinds
    }


# ---- who answers


def _deciders(
    row: Sequence[Any], plans: AskPlans, chains: Chains, people: Holders
) -> Deciders:  # row: see COLUMNS
    _, kind, by, acting_for, track, lead, area, leader = row
    matter = Matter(lead, area, leader, chains.owners.get(track))
    barred = frozenset(one for one in (by, acting_for) if one is not None)
    who = plans.of(track, kind).who
    able = judges(who, matter, people, barred)
    note = ""
    if not able and who != Who.OFFICE:
        able = judges(Who.OFFICE, matter, people, barred)
        note = f"{Who(who).label}没有人能批（没有人担任，或者就是申请人），由归口单位批"
    names = tuple(called(person, other, people) for person, other in able.items())
    return Deciders(able, names, Who(who).label, note)


def deciders_of(ask: Ask) -> Deciders:
    """Who may answer ASK today; a fixed number of queries."""
    item = ask.item
    if item.year is None:
        return Deciders({}, (), "")
    row = (
        ask.pk, ask.kind, ask.by_id, ask.acting_for_id, item.track_id, item.lead_id, item.area_code, item.leader_id,
    )  # fmt: skip
    campaign = item.year.campaign_id
    people = holders(item.unit, clock.today())
    return _deciders(row, ask_plans(campaign), chains_of(campaign), people)


def deciders_in(year: Year) -> dict[int, Deciders]:
    """Of every ask that waits in the ledger of YEAR, oldest first; the same queries for one and for many."""
    rows = list(
        Ask.objects.filter(item__year=year, state=AskState.OPEN).order_by("at", "pk").values_list(*COLUMNS)
    )
    if not rows:
        return {}
    plans, chains = ask_plans(year.campaign_id), chains_of(year.campaign_id)
    people = holders(year.campaign.unit, clock.today())
    return {row[0]: _deciders(row, plans, chains, people) for row in rows}


def asks_waiting(user: Any, year: Year) -> list[int]:
    """The asks (ids) that USER may answer now, oldest first."""
    person = getattr(user, "person", None)
    if person is None:
        return []
    return [pk for pk, found in deciders_in(year).items() if person.pk in found.able]


def answers_for(user: Any, year: Year, today: date) -> list[Ask]:
    """What was answered in the last days of what USER (or whom USER stands in for) asked; the newest first."""
    people = people_of(user)
    if not people:
        return []
    rows = Ask.objects.filter(
        item__year=year, by__in=people, state__in=[AskState.GRANTED, AskState.REFUSED], decided_at__isnull=False
    ).select_related("item", "decided_by", "decided_for", "wanted_lead", "slot__performer").order_by("-decided_at")[:10]  # fmt: skip
    return [
        ask
        for ask in rows
        if ask.decided_at and (today - timezone.localdate(ask.decided_at)).days < NEWS_DAYS
    ]


# ---- stopped, and gone on with


def suspended_since(item: Item) -> date | None:
    """The day on which ITEM was last stopped: by the office's own act, or by granting what was asked for."""
    if item.status != Status.SUSPENDED:
        return None
    by_hand = (
        Entry.objects.filter(
            subject_kind="ledger.item", subject_id=item.pk, action="ledger.suspend", refused=""
        )
        .order_by("-id")
        .values_list("at", flat=True)
        .first()
    )
    granted = (
        Ask.objects.filter(item=item, kind=Kind.SUSPEND, state=AskState.GRANTED)
        .order_by("-decided_at")
        .values_list("decided_at", flat=True)
        .first()
    )
    days = [datetime.fromisoformat(by_hand).date()] if by_hand else []
    if granted is not None:
        days.append(timezone.localdate(granted))
    return max(days, default=None)


def shifted(item: Item, slots: Iterable[Slot], since: date, today: date) -> dict[int, date]:
    """Slot id → its date put off by the days from SINCE to TODAY, but not beyond the end of the year by that."""
    if item.year is None:
        return {}
    ends, away = item.year.ends_on, today - since
    return {slot.pk: max(slot.due_on, min(slot.due_on + away, ends)) for slot in slots}


def counted(asks: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, int]]:
    """Department → how often each kind and each state occurs, "n" in all; from (department, kind, state)."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit, kind, state in asks:
        for key in ("n", kind, state):
            found[unit][key] += 1
    return found
