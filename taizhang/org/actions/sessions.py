"""Logins that are open somewhere: noted, ended."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction

from taizhang.kit import clock, sessions
from taizhang.kit.errors import Refused

from ..action import OWN, action
from ..models import Session, User
from ..permits import Permit

#: how long a login that is over is remembered here; the journal keeps it for good
KEPT = timedelta(days=30)


def open_session(user: User, key: str, agent: str, address: str) -> None:
    """Note the login of USER under the digest of KEY. Inside `log_in` only; rows that are long over go."""
    now = clock.now()
    rows = Session.objects.filter(user=user)
    rows.filter(at__lt=now - KEPT).delete()  # not a record: a login is no business
    for row in rows.filter(ended_at=None):
        if sessions.idle(row.key_hash) is None:  # ran out by itself: nobody ended it
            row.delete()  # not a record: a login is no business
    Session.objects.create(  # not a record: a login is no business
        user=user, key_hash=sessions.digest(key), agent=agent[:200], address=address[:45], at=now, seen_at=now
    )  # fmt: skip


def close_sessions(user: User, by: Any = None, *, ids: Sequence[int] | None = None, keep: str = "") -> int:
    """End USER's open logins (those of IDS, or all but the one with the digest KEEP); how many. Inside an action.

    Their files go once that is committed: a file that is gone is a stranger's at its next request.
    """
    rows = Session.objects.filter(user=user, ended_at=None).exclude(key_hash=keep)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    hashes = list(rows.values_list("key_hash", flat=True))
    rows.update(ended_at=clock.now(), ended_by_id=by.pk if by else None)
    for one in hashes:
        transaction.on_commit(partial(sessions.drop, one))
    return len(hashes)


def carry_session(was: str, now: str) -> None:
    """A login goes on under another key, as after a new password: WAS and NOW are keys."""
    rows = Session.objects.filter(key_hash=sessions.digest(was))
    rows.update(key_hash=sessions.digest(now))


@action("org.end_sessions", "退出已登录的浏览器", (Permit.ACCOUNT_MANAGE, "person.agency"), OWN)
def end_sessions(user: User, *, by: Any, ids: Sequence[int] | None = None, keep: str = "") -> User:
    """Log USER out where the logins IDS are, or everywhere but at KEEP (a digest): by the owner or the keeper."""
    if not close_sessions(user, by, ids=ids, keep=keep):
        raise Refused("没有可退出的登录：可能刚才已经退出了。请刷新页面看最新情况。")
    return user
