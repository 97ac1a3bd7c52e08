"""The periods of a year in which something recurs: each week, each month, each quarter …

All periods lie within the year, in order, without overlap; a year that does not begin on 1 January gets the
same calendar periods, clipped to it. A week belongs to the year in which its Thursday lies (ISO 8601,
GB/T 7408): a calendar year has 52 or 53 of them.
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from taizhang.standards.rules.cadence import Cycle

MONTHS = {Cycle.MONTH: 1, Cycle.TWO_MONTHS: 2, Cycle.QUARTER: 3, Cycle.HALF_YEAR: 6}
QUARTERS = ("一季度", "二季度", "三季度", "四季度")
HALVES = ("上半年", "下半年")


@dataclass(frozen=True)
class Period:
    """Both days included. `nth` counts what falls due several times in one period."""

    label: str
    starts_on: date
    ends_on: date
    nth: int = 1


def periods(cadence: str, starts_on: date, ends_on: date) -> list[Period]:
    """The periods of CADENCE between two days; none for events.

    CADENCE is a value of `standards.rules.cadence.Cycle`; an empty one (the standard does not say) counts as
    once a year. Labels carry the calendar year when the span reaches over New Year: 2020年一季度.
    """
    cycle = Cycle(cadence) if cadence else Cycle.YEAR
    if cycle is Cycle.EVENT:
        return []
    if cycle is Cycle.YEAR:
        return [Period("全年", starts_on, ends_on)]
    if cycle is Cycle.CYCLE:
        return [Period("届期", starts_on, ends_on)]
    if cycle is Cycle.WEEK:
        return _weeks(starts_on, ends_on)
    return _months(MONTHS[cycle], starts_on, ends_on)


def slots_of(cadence: str, times: int, starts_on: date, ends_on: date) -> list[Period]:
    """Each period TIMES times: 一季度（第1次）, 一季度（第2次）. Once in a period needs no number."""
    found = periods(cadence, starts_on, ends_on)
    if times <= 1:
        return found
    return [
        replace(period, label=f"{period.label}（第{nth}次）", nth=nth)
        for period in found
        for nth in range(1, times + 1)
    ]


def _weeks(starts_on: date, ends_on: date) -> list[Period]:
    thursday = starts_on + timedelta((3 - starts_on.weekday()) % 7)
    spans = _spans(starts_on, ends_on)
    found = []
    while thursday <= ends_on:
        year, week, _ = thursday.isocalendar()
        label = f"{year}年第{week}周" if spans else f"第{week}周"
        monday, sunday = thursday - timedelta(3), thursday + timedelta(3)
        found.append(Period(label, max(monday, starts_on), min(sunday, ends_on)))
        thursday += timedelta(7)
    return found


def _months(length: int, starts_on: date, ends_on: date) -> list[Period]:
    spans = _spans(starts_on, ends_on)
    found = []
    for year in range(starts_on.year, ends_on.year + 1):
        for first in range(1, 13, length):
            last = first + length - 1
            opens, ends = date(year, first, 1), date(year, last, monthrange(year, last)[1])
            if ends < starts_on or opens > ends_on:
                continue
            label = _label(length, first, last)
            found.append(
                Period(f"{year}年{label}" if spans else label, max(opens, starts_on), min(ends, ends_on))
            )
    return found


def _label(length: int, first: int, last: int) -> str:
    if length == 6:
        return HALVES[first // 6]
    if length == 3:
        return QUARTERS[first // 3]
    return f"{first}—{last}月" if length == 2 else f"{first}月"


def _spans(starts_on: date, ends_on: date) -> bool:
    return starts_on.year != ends_on.year
