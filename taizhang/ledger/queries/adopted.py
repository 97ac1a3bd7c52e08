"""What adoptions have done: their lists, what is still to be looked at (需复核), and whether one can be taken back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from taizhang.campaigns.models import Year
from taizhang.org.permits import Permit
from taizhang.org.queries.posts import beneath, paths_where

from ..models import AdoptedItem, Adoption, Citation, Item, ItemUnit, Need, Signature, Slot, Submission
from ..rules.adoption import PLACE
from .scope import items_for


def adoptions_for(user: Any) -> QuerySet[Adoption]:
    """The adoptions of the ledgers that USER sees whole."""
    reach = beneath(paths_where(user, Permit.LEDGER_VIEW), "year__campaign__unit__path")
    return Adoption.objects.filter(reach).select_related(
        "year__campaign__unit", "track__standard", "edition__standard", "base", "by"
    )


def adopted_for(user: Any) -> QuerySet[AdoptedItem]:
    """What adoptions did to the items that USER sees, of those that were not taken back."""
    return AdoptedItem.objects.filter(item__in=items_for(user), adoption__undone_at=None)


def revisits_of(year: Year) -> QuerySet[AdoptedItem]:
    """What of YEAR is 需复核, in the order of the ledger."""
    return (
        AdoptedItem.objects.filter(item__year=year, revisit=True, adoption__undone_at=None)
        .select_related("item__lead", "item__person", "item__unit", "adoption__edition", "adoption__base")
        .order_by("item__order", "item_id")
    )


def revisits_number(year: Year) -> int:
    """How many items of YEAR are 需复核; one query."""
    return (
        AdoptedItem.objects.filter(item__year=year, revisit=True, adoption__undone_at=None)
        .values("item")
        .distinct()
        .count()
    )


def touched_items(year: Year) -> dict[str, frozenset[int]]:
    """For the list's filter, ids of items: `revisit`, `changed` (more than place and number), `new`, `ended`."""
    rows = AdoptedItem.objects.filter(item__year=year, adoption__undone_at=None).values_list(
        "item", "revisit", "kind", "after", "slots_replaced", "other"
    )
    found: dict[str, set[int]] = {"revisit": set(), "changed": set(), "new": set(), "ended": set()}
    for item, again, kind, after, slots, other in rows:
        if again:
            found["revisit"].add(item)
        if kind == "new" or (kind == "split" and other):
            found["new"].add(item)
        if kind == "gone" or (kind == "joined" and other):
            found["ended"].add(item)
        elif again or slots or after.keys() - set(PLACE):
            found["changed"].add(item)
    return {name: frozenset(ids) for name, ids in found.items()}


def adopted_of(item: Item) -> list[AdoptedItem]:
    """What adoptions did to ITEM, the newest first; those taken back too."""
    return list(
        AdoptedItem.objects.filter(item=item)
        .select_related(
            "adoption__edition__standard", "adoption__base", "adoption__by", "other", "checked_by"
        )
        .order_by("-id")
    )


def taken_into(item: Item) -> list[Item]:
    """The items that were joined into ITEM."""
    return list(
        Item.objects.filter(
            adopted__other=item, adopted__kind="joined", adopted__adoption__undone_at=None
        ).order_by("order", "id")
    )


def ended_by_edition(item: Item) -> AdoptedItem | None:
    """The adoption that ended ITEM: its leaf is gone, or was joined into another."""
    return (
        AdoptedItem.objects.filter(item=item, adoption__undone_at=None)
        .filter(Q(kind="gone") | Q(kind="joined", other__isnull=False))
        .select_related("adoption__edition")
        .first()
    )


def needs_since(item: Item) -> datetime | None:
    """The moment of the last adoption that changed what ITEM asks for: what was handed in before answers to the
    edition of its day."""
    rows = AdoptedItem.objects.filter(item=item, adoption__undone_at=None).order_by("-id")
    return next((at for after, at in rows.values_list("after", "adoption__at") if "needs" in after), None)


def was_adopted(year: Year) -> bool:
    """Whether the list of YEAR has anything to filter by; one query."""
    return Adoption.objects.filter(year=year, undone_at=None).exists()


# ---- whether anything was built on it


def stand_of(items: Iterable[int]) -> dict[int, list[int]]:
    """Item id → numbers that differ as soon as anything of the item is changed, added or taken away; nine queries.

    Sums of versions only grow, and ids are not given twice: what was done and taken back still shows.
    """
    ids = list(items)
    found: dict[int, list[int]] = {
        pk: [version] for pk, version in Item.objects.filter(pk__in=ids).values_list("pk", "version")
    }
    parts = (
        (Slot, "item", "version"), (Need, "item", "version"), (ItemUnit, "item", "version"), (Submission, "slot__item", None),
        (Citation, "slot__item", "version"), (Signature, "item", "version"), (Item, "previous", None),
    )  # fmt: skip
    for model, way, column in parts:
        rows = (
            model._default_manager.filter(**{f"{way}__in": ids})
            .order_by()
            .values(owner=F(way))
            .annotate(n=Count("pk"), last=Max("pk"), sum=Sum(column) if column else Count("pk"))
            .values_list("owner", "n", "last", "sum")
        )
        known = {row[0]: list(row[1:]) for row in rows}
        for pk, numbers in found.items():
            numbers += known.get(pk, [0, 0, 0])
    remarks = dict(
        Item.objects.filter(pk__in=ids, remarks__isnull=False)
        .order_by()
        .values_list("pk")
        .annotate(Count("remarks"))
    )
    for pk, numbers in found.items():
        numbers.append(remarks.get(pk, 0))
    return found


#: what each group of three numbers of a stand speaks of
STAND_WORDS = ("期次", "材料要求", "配合处室", "报送", "材料", "签批", "下一年度的事项")


def built_on(before: list[int], now: list[int] | None, *, new: bool) -> list[str]:
    """What was done to an item between two stands, in words; nothing: []. A remark counts only on a NEW item."""
    if now is None:
        return ["事项已不在"]
    words = [
        word
        for at, word in enumerate(STAND_WORDS)
        if before[1 + 3 * at : 4 + 3 * at] != now[1 + 3 * at : 4 + 3 * at]
    ]
    if before[0] != now[0]:
        words.insert(0, "事项本身")
    if new and before[-1] != now[-1]:
        words.append("留言")
    return words
