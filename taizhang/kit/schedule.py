"""What recurs: a literal table of times and jobs, and which of them is due. Pure, but for the queue's own table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from . import jobs


@dataclass(frozen=True)
class Recurring:
    """A job (its dotted path, without arguments) that is due every day AT that time of the site's zone."""

    at: time
    path: str
    label: str


def last_due(at: time, now: datetime) -> datetime:
    """The last moment, not after NOW, at which the clock said AT."""
    today = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def is_due(one: Recurring, now: datetime, last: datetime | None) -> bool:
    """Whether ONE should run now, when it was LAST queued then. What was missed while nothing ran is due at once; what
    was missed several times is due once."""
    return last is None or last < last_due(one.at, now)


def queue_due(table: Iterable[Recurring], now: datetime) -> list[Recurring]:
    """Queue every job of TABLE that is due and neither waits nor runs already; those queued."""
    made = []
    for one in table:
        if is_due(one, now, jobs.last_queued(one.path)) and not jobs.is_open(one.path):
            jobs.enqueue(one.path, later=True)
            made.append(one)
    return made
