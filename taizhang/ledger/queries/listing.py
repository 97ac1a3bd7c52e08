"""A list as one page shows it: all rows of the year, those that pass the filter, and the counts beside each choice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.campaigns.models import Track, Year
from taizhang.org.permits import Permit
from taizhang.org.queries import may, may_anywhere, people_of

from ..models import Slot
from ..rules.states import Status
from . import filters
from .adopted import touched_items, was_adopted
from .filters import ANY, VIEWS, Filter, passing, tests_of
from .rows import Row, covered_by, found_by_words, items_of_units, rows_of, units_of
from .standing import waiting_for


@dataclass(frozen=True)
class Listed:
    """`rows` pass every condition; `all` are of the year. `views` counts each view under the other conditions."""

    year: Year
    asked: Filter
    all: list[Row]
    rows: list[Row]
    views: list[tuple[str, str, int]]  # key, word, count
    words: list[tuple[str, str, str]]  # condition, label, value
    drops: list[tuple[str, str, int]]  # condition, words, how many there are without it
    tracks: list[tuple[int, str]]
    waiting: frozenset[int]  # items of which something waits for the reader's verdict
    manages: bool
    adopted: bool = False  # the year took over a newer edition: the list may be filtered by what that did

    def step(self, row: Row) -> str:
        """What ROW asks of the reader now, in a word; "" when it is not their turn."""
        status = row.status
        if row.id in self.waiting:
            return "核验销号" if status == Status.ACCEPTED else "审核"
        if self.manages and status == Status.PENDING:
            return "交办"
        if not row.mine or status in (Status.CLOSED, Status.WAIVED, Status.SUSPENDED, Status.PENDING):
            return ""
        if status == Status.ASSIGNED:
            return "签收"
        if status == Status.RETURNED:
            return "补正"
        return "提交" if row.to_do else ""


def listed(user: Any, year: Year, asked: Filter, today: date) -> Listed:
    """The list that ASKED describes. A fixed number of queries, whatever the number of rows."""
    rows = rows_of(user, year, today)
    reviews = may_anywhere(user, Permit.LEDGER_REVIEW)
    waiting = _waiting(user, year) if reviews else frozenset()
    sets: dict[str, frozenset[int] | None] = {}
    names: dict[str, str] = {}
    if asked.q:
        sets["q"] = found_by_words(user, year, asked.q)
    if asked.scope == "dept":
        sets["scope"] = items_of_units(year, units_of(user, today))
    elif asked.scope == "me":
        mine = set(people_of(user))  # and what the absent ones left whom the reader stands in for
        sets["scope"] = frozenset(row.id for row in rows if row.person_id in mine)
    elif asked.scope == "sign":
        sets["scope"] = waiting
    if asked.team:
        names["team"], sets["team"] = covered_by(year, asked.team)
    adopted = was_adopted(year)
    if asked.edition:
        sets["edition"] = touched_items(year)[asked.edition]
    tracks: list[tuple[int, str]] = []
    if asked.track or len({row.track_id for row in rows if row.track_id}) > 1:
        of_campaign = Track.objects.filter(campaign=year.campaign_id).order_by("order", "id")
        tracks = list(of_campaign.values_list("pk", "standard__name"))
    names |= {f"track{pk}": name for pk, name in tracks}
    tests = tests_of(asked, sets)
    kept = passing(rows, tests.values())
    base = passing(rows, (test for name, test in tests.items() if name != "view"))
    views = [(key, word, sum(map(test, base))) for key, (word, test) in VIEWS.items()]
    words = filters.in_words(asked, rows, names)
    drops = [] if kept else _drops(rows, tests, words)
    return Listed(
        year,
        asked,
        rows,
        kept,
        views,
        words,
        drops,
        tracks,
        waiting,
        may(user, Permit.LEDGER_MANAGE, year.campaign.unit),
        adopted,
    )


def _drops(
    rows: list[Row], tests: dict[str, Callable[[Row], bool]], words: list[tuple[str, str, str]]
) -> list[tuple[str, str, int]]:
    """For an empty list: how many rows there would be without each condition."""
    labels = {name: f"{label} {value}" for name, label, value in words} | {"source": "来源 测评标准"}
    found = []
    for name in tests:
        number = len(passing(rows, (test for other, test in tests.items() if other != name)))
        found.append((name, labels.get(name, name), number))
    return found


def _waiting(user: Any, year: Year) -> frozenset[int]:
    waits = waiting_for(user, year)
    of_slots = Slot.objects.filter(pk__in=waits.slots).values_list("item", flat=True)
    return frozenset(of_slots) | frozenset(waits.items)


@dataclass(frozen=True)
class Sums:
    """The totals under a list, each the number of some of its rows."""

    items: int
    points: Any
    accepted: int
    slots: int
    late: int
    near: int
    review: int
    closed: int


def sums(rows: list[Row]) -> Sums:
    return Sums(
        len(rows), sum(row.points or 0 for row in rows), sum(row.accepted for row in rows),
        sum(row.total for row in rows), sum(row.light == "r" for row in rows), sum(row.light == "y" for row in rows),
        sum(row.status == Status.REVIEW for row in rows), sum(row.status == Status.CLOSED for row in rows),
    )  # fmt: skip


def choices(rows: list[Row], asked: Filter) -> dict[str, list[tuple[str, str, int]]]:
    """What each filter may be set to: value, words, how many rows of the source have it."""
    source = asked.source or "indicator"
    rows = [row for row in rows if source in (ANY, row.source_kind)]
    found: dict[str, dict[str, tuple[Any, str, int]]] = {
        "area": {},
        "lead": {},
        "person": {},
        "leader": {},
        "cadence": {},
    }

    def add(name: str, value: str, place: Any, words: str) -> None:
        old = found[name].get(value)
        found[name][value] = (place, words, (old[2] if old else 0) + 1)

    for row in rows:
        if row.area_code:
            add("area", row.area_key, (row.track_id or 0, row.area_code), f"{row.area_code} {row.area}")
        add(
            "lead",
            str(row.lead_id or filters.NONE),
            (row.lead_id is not None, row.lead_order, row.lead_id or 0),
            row.lead or "没有牵头",
        )
        add(
            "person",
            str(row.person_id or filters.NONE),
            (row.person_id is not None, row.person),
            row.person or "没有责任人",
        )
        if row.leader_id:
            add("leader", str(row.leader_id), row.leader, row.leader)
        add("cadence", row.cadence, filters.CADENCE_ORDER.get(row.cadence, 99), row.cadence_label)
    return {
        name: [
            (value, words, count)
            for value, (place, words, count) in sorted(values.items(), key=lambda one: one[1][0])
        ]
        for name, values in found.items()
    }
