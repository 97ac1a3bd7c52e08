"""参加单位: which periods of what every department does fall to a department of another agency. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .states import SlotStatus

#: an item in which nobody has these left to do for a period does not ask for it of anybody else either
_OUT = frozenset({SlotStatus.WAIVED, SlotStatus.LOST})


@dataclass(frozen=True)
class Term:
    """A department (id) of another agency takes part from a day to a day, both included; no last day: until further
    notice."""

    unit: int
    starts_on: date
    ends_on: date | None


def due_for(terms: Iterable[Term], unit: int, ends_on: date, due_on: date, today: date) -> date | None:
    """When UNIT has to hand in a period that ends on ENDS_ON and is due on DUE_ON; None where it is not asked to.

    It is asked for what is not over on the first day of its term (or TODAY, if that is later) and is over, or due,
    within the term. Days of grace end with the term: nothing is taken in after it.
    """
    for term in terms:
        first = max(term.starts_on, today)
        last = term.ends_on or date.max
        if term.unit == unit and first <= min(ends_on, due_on) <= last:
            return min(due_on, last)
    return None


@dataclass(frozen=True)
class Period:
    """A period of an item as its departments have it; the same for all of them but for what was put off for one."""

    nth: int
    label: str
    starts_on: date
    ends_on: date
    opens_on: date
    due_on: date
    shuts_on: date | None


def periods(rows: Sequence[tuple[Period, str]]) -> list[Period]:
    """The periods of an item by date, out of its slots (each with its status): as most departments have each.

    One that is 不适用 for everybody is none.
    """
    found: dict[tuple[date, int], list[Period]] = {}
    for period, status in rows:
        if status not in _OUT:
            found.setdefault((period.starts_on, period.nth), []).append(period)
    return [Counter(found[key]).most_common(1)[0][0] for key in sorted(found)]


def labels(found: Sequence[Period]) -> str:
    """三季度、四季度; of more than three the first, the last, and how many."""
    words = [one.label for one in found]
    return "、".join(words) if len(words) <= 3 else f"{words[0]} 至 {words[-1]}，{len(words)} 期"
