"""What of the ledgers a user sees."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from taizhang.campaigns.models import Year
from taizhang.org.permits import Permit
from taizhang.org.queries.posts import beneath, paths_where

from ..models import Batch, Item, ItemUnit, Slot


def items_for(user: Any) -> QuerySet[Item]:
    """Whoever reaches an item's agency, its lead, a helping unit or the performer of one of its slots."""
    paths = paths_where(user, Permit.LEDGER_VIEW)
    helps = ItemUnit.objects.filter(beneath(paths, "unit__path"), item=OuterRef("pk"))
    performs = Slot.objects.filter(beneath(paths, "performer__path"), item=OuterRef("pk"))
    return Item.objects.filter(
        beneath(paths, "unit__path") | beneath(paths, "lead__path") | Q(Exists(helps)) | Q(Exists(performs))
    )


def slots_for(user: Any) -> QuerySet[Slot]:
    return Slot.objects.filter(item__in=items_for(user))


def years_for(user: Any) -> QuerySet[Year]:
    """The years whose whole ledger a user sees."""
    return Year.objects.filter(beneath(paths_where(user, Permit.LEDGER_VIEW), "campaign__unit__path"))


def batches_for(user: Any) -> QuerySet[Batch]:
    return Batch.objects.filter(beneath(paths_where(user, Permit.LEDGER_MANAGE), "unit__path"))
