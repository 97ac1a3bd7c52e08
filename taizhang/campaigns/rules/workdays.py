"""Chinese working days: the State Council's yearly notices as chinesecalendar has them, and what a site adds.

A year that neither knows is reckoned by weekends: Monday to Friday work. `known` tells, so that a page can
say so once. What a site adds wins in every year: a region has holidays of its own (广西三月三).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar.constants import holidays, workdays

_DIFFERS: dict[date, bool] = {**dict.fromkeys(holidays, False), **dict.fromkeys(workdays, True)}
BUILT_IN = range(min(holidays).year, max(holidays).year + 1)
"""The years of the package's table. Its first and last years are whole."""


@dataclass(frozen=True)
class _Year:
    """One year's working days as ordinals, ascending, and as a set."""

    days: tuple[int, ...]
    members: frozenset[int]


def _lay_out(year: int, differs: Mapping[date, bool]) -> _Year:
    first = date(year, 1, 1)
    length = date(year, 12, 31).toordinal() - first.toordinal() + 1
    days = []
    for offset in range(length):
        day = first + timedelta(offset)
        works = differs.get(day)
        if works is None:
            works = day.weekday() < 5
        if works:
            days.append(day.toordinal())
    return _Year(tuple(days), frozenset(days))


@lru_cache(maxsize=64)
def _plain(year: int) -> _Year:
    """A year to which the site adds nothing: shared by all calendars of the process."""
    return _lay_out(year, _DIFFERS)


class Workdays:
    """A calendar. `extra` maps a day to whether it is worked, and wins over everything else.

    Each year is laid out once; every question after that is a search in a tuple of some 250 numbers.
    """

    def __init__(self, extra: Mapping[date, bool] | None = None) -> None:
        self.extra = dict(extra or {})
        self._own = frozenset(day.year for day in self.extra)
        self._years: dict[int, _Year] = {}

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = _lay_out(year, {**_DIFFERS, **self.extra}) if year in self._own else _plain(year)
            self._years[year] = found
        return found

    def known(self, year: int) -> bool:
        """Whether a table says which days of YEAR are worked; if not, weekends are used."""
        return year in BUILT_IN or year in self._own

    def unknown(self, years: Iterable[int]) -> list[int]:
        """Those of YEARS for which only weekends are known, each once and in order."""
        return sorted({year for year in years if not self.known(year)})

    def is_workday(self, day: date) -> bool:
        return day.toordinal() in self._year(day.year).members

    def add(self, day: date, count: int) -> date:
        """The COUNT-th working day after DAY, or before it when COUNT is negative; DAY itself for 0."""
        if count == 0:
            return day
        year, here = day.year, day.toordinal()
        days = self._year(year).days
        if count > 0:
            at = bisect_right(days, here) + count - 1
            while at >= len(days):
                at -= len(days)
                year += 1
                days = self._year(year).days
        else:
            at = bisect_left(days, here) + count
            while at < 0:
                year -= 1
                days = self._year(year).days
                at += len(days)
        return date.fromordinal(days[at])

    def between(self, first: date, last: date) -> int:
        """How many working days lie after FIRST up to and including LAST; negative when LAST is earlier.

        From a Sunday back to the Friday before it is 0: no working day lies between them.
        """
        if last < first:
            return -self.between(last, first)
        if first.year == last.year:
            days = self._year(first.year).days
            return bisect_right(days, last.toordinal()) - bisect_right(days, first.toordinal())
        start, end = self._year(first.year).days, self._year(last.year).days
        whole = sum(len(self._year(year).days) for year in range(first.year + 1, last.year))
        return (
            len(start) - bisect_right(start, first.toordinal()) + whole + bisect_right(end, last.toordinal())
        )

    def last_on_or_before(self, day: date) -> date:
        """DAY if it is worked, else the working day before it."""
        return day if self.is_workday(day) else self.add(day, -1)

    def first_on_or_after(self, day: date) -> date:
        """DAY if it is worked, else the working day after it."""
        return day if self.is_workday(day) else self.add(day, 1)
