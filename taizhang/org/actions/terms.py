"""Ending what has a term: helpers that run inside an action."""

from datetime import date, timedelta
from typing import Any


def finish(term: Any, today: date) -> None:
    """TERM no longer holds from TODAY on: what was given counts to yesterday, what began today never was."""
    if term.starts_on >= today:
        term.remove()
    else:
        term.change(ends_on=today - timedelta(days=1))
