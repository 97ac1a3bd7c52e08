"""The ledgers that were taken over, or are on their way in."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from taizhang.campaigns.models import Year
from taizhang.kit import clock

from ..models import Takeover, TakeoverState
from .scope import years_for


def takeovers_for(user: Any) -> QuerySet[Takeover]:
    """Those of the years whose ledgers USER sees; what may be done with them is asked apart."""
    rows = Takeover.objects.filter(year__in=years_for(user)).exclude(state=TakeoverState.DROPPED)
    return rows.select_related("year__campaign__unit", "by")


def of_year(year: Year) -> list[Takeover]:
    """What was begun or taken over in YEAR, the newest first; without what undoing needs."""
    rows = Takeover.objects.filter(year=year).exclude(state=TakeoverState.DROPPED)
    return list(rows.select_related("by").defer("notes", "choices")[:20])


def undo_until(takeover: Takeover, hours: int) -> Any:
    """Until when it can be taken back; None when it cannot be any more."""
    if takeover.state != TakeoverState.APPLIED or takeover.applied_at is None:
        return None
    until = takeover.applied_at + timedelta(hours=hours)
    return until if until >= clock.now() else None
