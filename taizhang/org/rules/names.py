"""What a unit was called on a day. A name that was given up holds to its last day; after the last of them the present one."""

from collections.abc import Iterable
from datetime import date

#: last day of use, name
Former = tuple[date, str]


def name_of(present: str, former: Iterable[Former], day: date) -> str:
    """PRESENT, or the one of the FORMER names that was in use on DAY: the first that had not yet been given up."""
    held = [one for one in former if one[0] >= day]
    return min(held)[1] if held else present
