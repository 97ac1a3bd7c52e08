"""Ending what has a term: helpers that run inside an action."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from ..models import Membership, Secondment, Unit
from ..queries.roster import alive, on_day


def finish(term: Any, today: date) -> None:
    """TERM no longer holds from TODAY on: what was given counts to yesterday, what began today never was.

    What was over before stays as it was: ending it once more must not lengthen it.
    """
    if term.ends_on is not None and term.ends_on < today:
        return
    if term.starts_on >= today:
        term.remove()
    else:
        term.change(ends_on=today - timedelta(days=1))


def home_again(agency: Unit, today: date) -> None:
    """Whom a move or a merger brought for good to where they were lent is lent no more. Inside an action only."""
    homes = Membership.objects.filter(
        on_day(today), person=OuterRef("person"), unit=OuterRef("unit"), main=True
    )
    for row in Secondment.objects.filter(Exists(homes), alive(today), person__agency=agency):
        finish(row, today)
