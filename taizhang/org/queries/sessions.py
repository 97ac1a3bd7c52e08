"""Logins that are still open, from the rows in the database and the files beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from taizhang.kit import sessions

from ..models import Session, User
from ..rules.browsers import browser_words, idle_words, place_words
from .units import people_for


@dataclass(frozen=True)
class Open:
    """A login as its line shows it; `here` is the one that looks."""

    pk: int
    browser: str
    place: str
    at: datetime
    seen: str
    here: bool


def sessions_for(user: Any) -> QuerySet[Session]:
    """USER's own logins, and those of the people whose page USER sees."""
    own = Session.objects.filter(user_id=user.pk)
    return (own | Session.objects.filter(user__person__in=people_for(user))).filter(ended_at=None)


def open_sessions(user: User, here: str = "") -> list[Open]:
    """The open logins of USER, the one with the digest HERE first, then the last used; one query."""
    found = []
    for row in Session.objects.filter(user=user, ended_at=None):
        idle = sessions.idle(row.key_hash)
        if idle is not None:
            line = Open(
                row.pk, browser_words(row.agent), place_words(row.address), row.at, idle_words(idle),
                row.key_hash == here,
            )  # fmt: skip
            found.append((not line.here, idle, line))
    return [line for _, _, line in sorted(found, key=lambda one: one[:2])]


def ended_elsewhere(key_hash: str) -> bool:
    """Whether this login was ended by somebody, and did not just run out."""
    return Session.objects.filter(key_hash=key_hash, ended_at__isnull=False).exists()
