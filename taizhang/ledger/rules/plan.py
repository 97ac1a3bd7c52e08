"""From a leaf to the slots of a year: periods × performers, with their dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from taizhang.campaigns.rules.periods import slots_of

from .openings import Dates, Span, planned

#: what happens once (or a few times) in the year is scheduled backwards; all else takes its dates from its period
ONE_OFF = frozenset({"year", "cycle"})


@dataclass(frozen=True)
class Grace:
    """Days of grace after a period, and after how many more the slot shuts (None: never)."""

    days: int = 0
    shut: int | None = None


@dataclass(frozen=True)
class Wanted:
    """One slot to be made. `due_on` of a one-off is the last day of its year until it is scheduled."""

    performer: int
    nth: int
    label: str
    starts_on: date
    ends_on: date
    opens_on: date
    due_on: date
    shuts_on: date | None
    before_system: bool
    one_off: bool


def plan_slots(
    cadence: str, times: int, performers: Sequence[int], starts_on: date, ends_on: date, assessed_on: date,
    system_starts_on: date, graces: Mapping[str, Grace], openings: Mapping[tuple[str, date], Span] | None = None,
) -> list[Wanted]:  # fmt: skip
    """One slot per period of the year and performer; none for what only an event calls for.

    OPENINGS are the windows that were set for single periods: (cadence, first day) → its days.

    A period that ended before the system was started is marked so: it is not late, and counted apart.
    """
    grace = graces.get(cadence, Grace())
    one_off = cadence in ONE_OFF
    made: list[Wanted] = []
    for period in slots_of(cadence, times, starts_on, ends_on):
        due = min(assessed_on, period.ends_on) if one_off else period.ends_on + timedelta(days=grace.days)
        shuts = due + timedelta(days=grace.shut) if grace.shut is not None else None
        days = planned(openings or {}, cadence, period.starts_on, Dates(period.starts_on, due, shuts))
        for performer in performers:
            made.append(
                Wanted(
                    performer, period.nth, period.label, period.starts_on, period.ends_on, days.opens_on, days.due_on, days.shuts_on,
                    period.ends_on < system_starts_on, one_off,
                )
            )  # fmt: skip
    return made


@dataclass(frozen=True)
class Fill:
    """One slot as closing counts it."""

    performer: int
    status: str


def enough(slots: Sequence[Fill], required: int | None) -> bool:
    """Whether as many slots are accepted as the standard counts (40 of 52 weeks), for each performer.

    Waived slots count with them; with no number required, every slot must be settled.
    """
    if required is None:
        return all(slot.status in ("accepted", "waived", "lost") for slot in slots)
    counted: dict[int, int] = {}
    for slot in slots:
        counted[slot.performer] = counted.get(slot.performer, 0) + (slot.status in ("accepted", "waived"))
    return all(number >= required for number in counted.values())
