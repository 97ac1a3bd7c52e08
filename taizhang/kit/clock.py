"""The edge where the time is read. Rules get it as an argument."""

from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """Today in China; TAIZHANG_TODAY fixes it for demo and tests (and every page says so)."""
    return date.fromisoformat(settings.TODAY) if settings.TODAY else timezone.localdate()


def now() -> datetime:
    """The moment, on the day that `today` says."""
    moment = timezone.now()
    if settings.TODAY:
        local = timezone.localtime(moment)
        moment = timezone.make_aware(datetime.combine(today(), time(local.hour, local.minute, local.second)))
    return moment
