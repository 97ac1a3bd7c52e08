"""What of the ledgers a user sees."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

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
    """The slots of those items. Who reaches an item only through a department of another agency that takes part in
    it (参加单位) sees its own slots, and nobody's beside them."""
    paths = paths_where(user, Permit.LEDGER_VIEW)
    helps = ItemUnit.objects.filter(
        beneath(paths, "unit__path"), item=OuterRef("item"), unit__agency=OuterRef("item__unit")
    )
    return Slot.objects.filter(
        beneath(paths, "item__unit__path")
        | beneath(paths, "performer__path")
        | (beneath(paths, "item__lead__path") & Q(item__lead__agency=F("item__unit")))
        | Q(Exists(helps))
    )


def is_guest(user: Any, item: Item) -> bool:
    """Whether USER sees ITEM only as one of a department of another agency that takes part. No query beyond the posts."""
    paths = paths_where(user, Permit.LEDGER_VIEW)
    return not any(item.unit.path.startswith(path) or path.startswith(item.unit.path) for path in paths)


def slots_seen(user: Any, item: Item) -> QuerySet[Slot]:
    """The slots of ITEM that USER sees: all, or for a guest those of the own department."""
    return (slots_for(user) if is_guest(user, item) else Slot.objects).filter(item=item)


def guest_items(user: Any) -> QuerySet[Item]:
    """Items of other agencies' ledgers in which a department within USER's reach takes part."""
    paths = paths_where(user, Permit.LEDGER_VIEW)
    found = items_for(user).exclude(beneath(paths, "unit__path"))
    person = getattr(user, "person", None)
    return found.exclude(unit=person.agency_id) if person else found.none()


def guest_number(user: Any) -> int:
    """How many items of other agencies USER's departments take part in; one query."""
    return guest_items(user).count()


def years_for(user: Any) -> QuerySet[Year]:
    """The years whose whole ledger a user sees."""
    return Year.objects.filter(beneath(paths_where(user, Permit.LEDGER_VIEW), "campaign__unit__path"))


def batches_for(user: Any) -> QuerySet[Batch]:
    return Batch.objects.filter(beneath(paths_where(user, Permit.LEDGER_MANAGE), "unit__path"))
