"""创建总览: areas × departments (or groups, or leaders) in numbers, each of which is the number of rows of a filter."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max

from taizhang.campaigns.models import Stage, Year
from taizhang.campaigns.queries import calendar
from taizhang.org.models.groups import Cover, GroupKind

from ..models import Slot
from ..rules.states import Source, Status
from .filters import NONE, Filter, same
from .rows import Row, rows_of

#: how the columns are made: key → words of the switch
MODES = {"": "全机关", "team": "按活动组", "leader": "按分管领导"}


@dataclass(frozen=True)
class Cell:
    """Items, how many of them are struck off, late, near; where they are opened; the same in words."""

    total: int
    done: int
    late: int
    soon: int
    url: str
    title: str


@dataclass(frozen=True)
class StageLine:
    """One stage: what falls due in it and is still open, what was struck off in it, what is late."""

    name: str
    starts_on: date
    ends_on: date
    now: bool
    due: int
    done: int
    late: int
    url: str


@dataclass(frozen=True)
class Overview:
    year: Year
    rows: list[Row]
    columns: list[tuple[str, str]]  # name, address
    areas: list[tuple[str, str, list[Cell | None], Cell]]
    foot: list[Cell]
    rates: list[tuple[str, str]]  # share struck off per column, the same as a fraction
    stages: list[StageLine]
    late: list[Row]
    days_left: int  # working days until the assessment
    plan: list[date]  # the planned day of each item, ascending


def overview_of(user: Any, year: Year, mode: str, today: date, address: str) -> Overview:
    """The overview of YEAR as USER sees it. ADDRESS is that of the list; a fixed number of queries."""
    rows = [row for row in rows_of(user, year, today) if row.source_kind == Source.INDICATOR]
    base = Filter(year=str(year.pk))
    columns = _columns(year, rows, mode)

    def cell(some: Sequence[Row], **asked: str) -> Cell:
        done = sum(row.status == Status.CLOSED for row in some)
        late, soon = (sum(row.light == kind for row in some) for kind in "ry")
        return Cell(
            len(some),
            done,
            late,
            soon,
            address + base.address(**asked),
            f"{len(some)} 项，已销号 {done}，临近 {soon}，逾期 {late}",
        )

    areas: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        areas[row.area_key].append(row)
    lines: list[tuple[str, str, list[Cell | None], Cell]] = []
    for code, some in sorted(areas.items(), key=lambda one: min(row.order for row in one[1])):
        cells: list[Cell | None] = []
        for _, name, value, has in columns:
            here = [row for row in some if has(row)]
            cells.append(cell(here, area=code, **{name: value}) if here else None)
        lines.append(
            (some[0].area or "未分方面", address + base.address(area=code), cells, cell(some, area=code))
        )
    foot = [cell([row for row in rows if has(row)], **{name: value}) for _, name, value, has in columns]
    foot.append(cell(rows))
    rates = [(f"{one.done / one.total:.0%}" if one.total else "—", f"{one.done}/{one.total}") for one in foot]
    late = sorted((row for row in rows if row.light == "r"), key=lambda row: (row.days, row.order))
    return Overview(
        year, rows, [(words, address + base.address(**{name: value})) for words, name, value, _ in columns], lines, foot, rates,
        _stages(year, rows, today, base, address), late, calendar().between(today, year.assessed_on), _plan(year, rows),
    )  # fmt: skip


def _columns(year: Year, rows: list[Row], mode: str) -> list[tuple[str, str, str, Callable[[Row], bool]]]:
    """Words, filter, its value, and which rows stand in the column."""
    if mode == "team":
        covers: dict[tuple[int, str], tuple[set[int], set[str]]] = {}
        found = Cover.objects.filter(
            group__unit=year.campaign.unit_id, group__kind=GroupKind.ACTIVITY, group__ends_on=None
        ).order_by("group__order", "group_id")
        for pk, name, unit, area in found.values_list("group", "group__name", "unit", "area_code"):
            units, areas = covers.setdefault((pk, name), (set(), set()))
            if unit:
                units.add(unit)
            if area:
                areas.add(area)

        def covered(units: set[int], areas: set[str]) -> Callable[[Row], bool]:
            return lambda row: row.lead_id in units or row.area_code in areas

        columns = [(name, "team", str(pk), covered(*both)) for (pk, name), both in covers.items()]
        tests = [has for *_, has in columns]
        if any(not any(has(row) for has in tests) for row in rows):
            columns.append(("未归组", "team", NONE, lambda row: not any(has(row) for has in tests)))
        return columns
    if mode == "leader":
        people = sorted(
            {(row.leader_id is None, row.leader, row.leader_id) for row in rows}, key=lambda one: one[:2]
        )
        return [
            (name or "没有分管领导", "leader", str(pk or NONE), same("leader_id", pk))
            for _, name, pk in people
        ]
    leads = sorted({(row.lead_id is None, row.lead_order, row.lead_id or 0, row.lead) for row in rows})
    return [
        (name or "没有牵头", "lead", str(pk or NONE), same("lead_id", pk or None)) for _, _, pk, name in leads
    ]


def _stages(year: Year, rows: list[Row], today: date, base: Filter, address: str) -> list[StageLine]:
    found = []
    for name, starts_on, ends_on in (
        Stage.objects.filter(year=year).order_by("order").values_list("name", "starts_on", "ends_on")
    ):
        here = [row for row in rows if row.due_on and starts_on <= row.due_on <= ends_on]
        done = sum(row.status == Status.CLOSED for row in here)
        url = address + base.address(due_from=starts_on.isoformat(), due_to=ends_on.isoformat())
        found.append(
            StageLine(
                name, starts_on, ends_on, starts_on <= today <= ends_on, len(here), done,
                sum(row.light == "r" for row in here), url,
            )
        )  # fmt: skip
    return found


def _plan(year: Year, rows: list[Row]) -> list[date]:
    """The day on which each item should be done: that of its last slot."""
    last = dict(
        Slot.objects.filter(item__year=year)
        .order_by()
        .values("item")
        .annotate(last=Max("due_on"))
        .values_list("item", "last")
    )
    return sorted(
        day for row in rows if row.status != Status.WAIVED and (day := last.get(row.id) or row.due_on)
    )


def curve(found: Overview, today: date) -> dict[str, Any]:
    """Items struck off, planned and real, at the end of each week, and at today and the assessment."""
    year = found.year
    done = sorted(row.closed_on for row in found.rows if row.closed_on and row.status == Status.CLOSED)
    last = max([year.assessed_on, *found.plan[-1:]])
    days = {today, year.assessed_on, last}
    day = year.starts_on
    while day <= last:
        days.add(day)
        day += timedelta(days=7)
    shown = sorted(day for day in days if year.starts_on <= day <= last)

    def word(day: date) -> str:
        return day.isoformat()[5 if day.year == year.year else 0 :]

    return {
        "kind": "line",
        "x": [word(day) for day in shown],
        "unit": "项",
        "today": word(today) if today in shown else None,
        "assessed": word(year.assessed_on),
        "series": [
            {"name": "计划", "data": [_until(found.plan, day) for day in shown], "plan": True},
            {"name": "实际", "data": [_until(done, day) if day <= today else None for day in shown]},
        ],
    }


def _until(days: Sequence[date], last: date) -> int:
    return sum(day <= last for day in days)
