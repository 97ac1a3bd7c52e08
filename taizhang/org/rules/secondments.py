"""抽调: nobody serves in two places with more than the whole of their working time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

WHOLE = 100
FAR = date(9999, 12, 31)


@dataclass(frozen=True)
class Served:
    """One secondment: from the first to the last day, both included (no last day: until further notice)."""

    starts_on: date
    ends_on: date | None
    share: int  # percent of the working time
    where: str = ""

    @property
    def last(self) -> date:
        return self.ends_on or FAR


@dataclass(frozen=True)
class Clash:
    """The first days on which the shares together are over 100."""

    first: date
    last: date | None
    share: int
    where: tuple[str, ...]


def clash(served: Iterable[Served]) -> Clash | None:
    """Where the SERVED of one person first come to more than the whole; None when they never do."""
    rows = list(served)
    for day in sorted({one.starts_on for one in rows}):
        there = [one for one in rows if one.starts_on <= day <= one.last]
        share = sum(one.share for one in there)
        if share > WHOLE:
            last = min(one.last for one in there)
            return Clash(day, None if last == FAR else last, share, tuple(one.where for one in there))
    return None
