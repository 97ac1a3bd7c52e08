"""The right side of the desk: the campaign at a glance, its areas, what comes next, what the office must see to."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from taizhang.campaigns.models import Stage, Year
from taizhang.campaigns.queries import calendar, unsigned_steps
from taizhang.ledger.models import Item, Slot
from taizhang.ledger.queries import area_key, revisits_number
from taizhang.ledger.rules.states import TO_HAND_IN, WORKING, Source, Status
from taizhang.org.models import Absence, Deputy
from taizhang.org.permits import Permit
from taizhang.org.queries import may, on_day

#: the states in the order of the bar, with the class of their shade
SHADES = (
    (Status.CLOSED, "c1"), (Status.ACCEPTED, "c2"), (Status.REVIEW, "c3"), (Status.DOING, "c4"), (Status.RETURNED, "c-back"),
    (Status.RECEIVED, "c-idle"), (Status.ASSIGNED, "c-new"), (Status.PENDING, "c-none"), (Status.SUSPENDED, "c-none"),
    (Status.WAIVED, "c-none"),
)  # fmt: skip
DAYS = "一二三四五六日"
#: how far the desk looks ahead, in days
AHEAD = 30


@dataclass(frozen=True)
class Area:
    code: str
    name: str
    closed: int
    total: int
    late: int


@dataclass(frozen=True)
class Rail:
    """Numbers of the whole year's ledger. Items 不适用 are out of the totals."""

    total: int
    closed: int
    planned: int  # items whose date has come
    states: list[tuple[str, str, str, int]]  # state, word, shade, number
    areas: list[Area]
    dates: list[tuple[str, str, str]]  # day, words, filter of the list it opens
    workdays_left: int
    deputies: list[str]
    raised: int  # items that no standard asks for
    without_lead: int = 0
    pending: int = 0
    unsigned: list[str] = field(default_factory=list)
    office: bool = False
    revisits: int = 0  # struck off under an edition that has been revised since


def rail_of(user: Any, year: Year, today: date) -> Rail:
    """Counted with GROUP BY; the same number of queries for 3 items and for 259."""
    counts = list(
        Item.objects.filter(year=year).order_by().values_list("track", "area_code", "area", "status", "source_kind")
        .annotate(n=Count("pk"), due=Count("pk", filter=Q(due_on__lte=today)), nobody=Count("pk", filter=Q(lead=None)))
    )  # fmt: skip
    late = {
        area_key(track, code): number
        for track, code, number in Slot.objects.filter(
            item__year=year, item__status__in=WORKING, before_system=False, due_on__lt=today,
            status__in=TO_HAND_IN,
        ).order_by().values_list("item__track", "item__area_code").annotate(n=Count("item", distinct=True))
    }  # fmt: skip
    by_state: dict[str, int] = defaultdict(int)
    areas: dict[str, list[Any]] = {}
    planned = without_lead = raised = 0
    for track, code, name, status, source, number, due, nobody in counts:
        if source != Source.INDICATOR:
            raised += number
            continue
        by_state[status] += number
        if status == Status.WAIVED:
            continue
        planned += due
        without_lead += nobody
        row = areas.setdefault(area_key(track, code), [name, 0, 0])
        row[1] += number if status == Status.CLOSED else 0
        row[2] += number
    office = may(user, Permit.LEDGER_MANAGE, year.campaign.unit)
    return Rail(
        total=sum(number for status, number in by_state.items() if status != Status.WAIVED), closed=by_state[Status.CLOSED],
        planned=planned, states=[(state.value, state.label, shade, by_state[state]) for state, shade in SHADES],
        areas=[Area(code, name, closed, total, late.get(code, 0)) for code, (name, closed, total) in sorted(areas.items(), key=_natural)],
        dates=_dates(year, today), workdays_left=max(0, calendar().between(today, year.assessed_on)),
        deputies=_deputies(user, today), raised=raised, without_lead=without_lead, pending=by_state[Status.PENDING],
        unsigned=unsigned_steps(year.campaign, today) if office else [], office=office,
        revisits=revisits_number(year) if office else 0,
    )  # fmt: skip


def _natural(pair: tuple[str, Any]) -> tuple[int, int, str]:
    """Track by track; Ⅰ-2 before Ⅰ-10."""
    track, _, code = pair[0].partition(".")
    digits = "".join(letter for letter in code if letter.isascii() and letter.isdigit())
    return (int(track or 0), int(digits) if digits else 0, code)


def _dates(year: Year, today: date) -> list[tuple[str, str, str]]:
    """Ends of stages, the assessment, and the days on which many slots fall due."""
    until = today + timedelta(days=AHEAD)
    found: list[tuple[date, str, str]] = [
        (ends, f"{name}阶段结束", "")
        for name, ends in Stage.objects.filter(year=year).values_list("name", "ends_on")
        if today <= ends <= until
    ]
    due = (
        Slot.objects.filter(
            item__year=year, status__in=TO_HAND_IN, due_on__gte=today, due_on__lte=until,
            item__status__in=[Status.PENDING, *WORKING],
        ).order_by().values_list("due_on").annotate(n=Count("pk")).order_by("-n")[:4]
    )  # fmt: skip
    found += [(day, f"{number} 期到期", f"due_from={day}&due_to={day}") for day, number in due]
    found.append((year.assessed_on, "年度测评", "")) if today <= year.assessed_on else None
    return [(f"{day:%m-%d} 周{DAYS[day.weekday()]}", words, query) for day, words, query in sorted(found)]


def _deputies(user: Any, today: date) -> list[str]:
    """Who stands in for this person, the first one first."""
    person = getattr(user, "person", None)
    rows = (
        Deputy.objects.filter(person=person)
        .order_by("rank")
        .annotate(away=Exists(Absence.objects.filter(on_day(today), person=OuterRef("stand_in"))))
        .values_list("stand_in__name", "stand_in__presence", "away")
    )
    return [f"{name}（{'请假外出' if away else presence}）" for name, presence, away in rows]
