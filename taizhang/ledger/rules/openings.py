"""报送窗口: from when until when a period is handed in. Days only; pure.

Guides differ: windows that close and cannot be made up, and windows after which work is taken in and marked as late
(domain notes 5.1). A day put off for one department (延期) outlives the window of all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from taizhang.standards.rules.cadence import Cycle

from .states import SlotStatus

#: what has windows; what comes once is scheduled by itself, and a week is too short for one
CADENCES = (Cycle.MONTH, Cycle.TWO_MONTHS, Cycle.QUARTER, Cycle.HALF_YEAR)
MOST_DAYS = 180  # after its period


@dataclass(frozen=True)
class Span:
    """The first and the last day of a window; whether work is still taken in behind it, marked as late."""

    opens_on: date
    shuts_on: date
    takes_late: bool = True


@dataclass(frozen=True)
class Dates:
    opens_on: date
    due_on: date
    shuts_on: date | None


def problems(span: Span, starts_on: date, ends_on: date) -> list[str]:
    """What is wrong with a window for the period from STARTS_ON to ENDS_ON, in words."""
    found = []
    if span.opens_on < starts_on:
        found.append(f"开放日 {span.opens_on} 早于这一期的第一天 {starts_on}。请填那天或以后。")
    if span.shuts_on < span.opens_on:
        found.append(f"截止日 {span.shuts_on} 早于开放日 {span.opens_on}。请改其中一个。")
    last = ends_on + timedelta(days=MOST_DAYS)
    if span.shuts_on > last:
        found.append(f"截止日 {span.shuts_on} 离期末 {ends_on} 超过 {MOST_DAYS} 天。最晚填 {last}。")
    return found


def dates(span: Span, status: str, due_on: date, due_fixed: bool) -> Dates:
    """What a slot's dates become. One that was put off, or returned to be put right, keeps the later day."""
    kept = due_fixed or status == SlotStatus.RETURNED
    due = max(due_on, span.shuts_on) if kept else span.shuts_on
    return Dates(span.opens_on, due, None if span.takes_late else max(due, span.shuts_on))


def planned(openings: Mapping[tuple[str, date], Span], cadence: str, starts_on: date, usual: Dates) -> Dates:
    """The dates of a slot that is made when the window of its period was set already."""
    span = openings.get((cadence, starts_on))
    return usual if span is None else dates(span, SlotStatus.OPEN, usual.due_on, False)


def not_yet(opens_on: date, starts_on: date, today: date) -> bool:
    """Whether a window that was set opens later than TODAY; a period that began by itself is open."""
    return today < opens_on and opens_on > starts_on


def is_shut(shuts_on: date | None, due_on: date, today: date) -> bool:
    """Whether nothing is taken in any more. What was returned late has its days to be put right."""
    return shuts_on is not None and today > max(shuts_on, due_on)
