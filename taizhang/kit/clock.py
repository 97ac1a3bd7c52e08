"""The edge where the time is read. Rules get it as an argument."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def today() -> date:
    """Today in China; TAIZHANG_TODAY fixes it for demo and tests (and every page says so)."""
    moment = _moment.get()
    if moment is not None:
        return timezone.localdate(moment)
    return date.fromisoformat(settings.TODAY) if settings.TODAY else timezone.localdate()


def now() -> datetime:
    """The moment, on the day that `today` says."""
    found = _moment.get()
    if found is not None:
        return found
    moment = timezone.now()
    if settings.TODAY:
        local = timezone.localtime(moment)
        moment = timezone.make_aware(datetime.combine(today(), time(local.hour, local.minute, local.second)))
    return moment


@contextmanager
def on(day: date, at: time = time(10, 0)) -> Iterator[None]:
    """Let it be DAY for a while: how the demo tells a year's story through the same door as everybody."""
    token = _moment.set(timezone.make_aware(datetime.combine(day, at)))
    try:
        yield
    finally:
        _moment.reset(token)
