"""限定: what of a cited piece is told to whom. One place says it, for pages, lists and tables.

Whoever sees an item sees that something is cited for it. What it is, is told to whoever sees the piece in the
library, whoever fills the slot, and whoever signs on the way of its item; to all others only that there is one.
"""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from taizhang.evidence.models import Secrecy
from taizhang.evidence.queries import with_stopped
from taizhang.org.permits import Permit
from taizhang.org.queries import paths_where
from taizhang.org.queries.posts import beneath

NAME = "限定范围的材料"
ONE = f"{NAME}（1 件）"

#: on the performer: whose post reaches it fills the slot, enters on behalf, signs, or is the creation office
HERE = (Permit.LEDGER_SUBMIT, Permit.LEDGER_BEHALF, Permit.LEDGER_REVIEW, Permit.LEDGER_MANAGE)
#: on the item's lead and on its agency: who signs on its way
WAY = (Permit.LEDGER_REVIEW, Permit.LEDGER_MANAGE)


def afar(user: Any) -> Q:
    """Of citations: the piece is 限定, and USER does not see it in the library."""
    return Q(evidence__secrecy=Secrecy.LIMITED) & ~Q(evidence__in=with_stopped(user))


def untold(user: Any) -> Q:
    """Of citations: the piece is 限定, and USER (None: nobody in particular) is not told what it is.

    No query of its own beside the posts.
    """
    if user is None:
        return Q(evidence__secrecy=Secrecy.LIMITED)
    if getattr(user, "is_system", False):
        return Q(pk__in=[])
    here = [path for permit in HERE for path in paths_where(user, permit)]
    way = [path for permit in WAY for path in paths_where(user, permit)]
    told = (
        beneath(here, "slot__performer__path")
        | beneath(way, "slot__item__lead__path")
        | beneath(way, "slot__item__unit__path")
        | Q(slot__item__person__user=user)
    )
    return afar(user) & ~told


def as_column(condition: Q) -> "ExpressionWrapper[Any]":
    """CONDITION for annotate()."""
    return ExpressionWrapper(condition, BooleanField())
