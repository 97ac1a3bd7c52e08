"""What a plan of adoption reads of a year's ledger: slots, needs, what was handed in; and the order of its items."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Min

from taizhang.campaigns.models import Track, Year

from ..models import Citation, Item, Need, Signature, Slot, Submission
from ..rules.adoption import Have
from ..rules.exchange import Held
from .opening import wish_of


@dataclass(frozen=True)
class Handed:
    """What was handed in for an item: it stays with it whatever happens."""

    submissions: int = 0
    citations: int = 0
    signatures: int = 0


def read_ledger(
    year: Year, track: Track
) -> tuple[dict[int, list[Held]], dict[int, list[Have]], dict[int, Handed]]:
    """Item id → its slots, its needs, and what was handed in; six queries."""
    of_year = {"slot__item__year": year, "slot__item__track": track}
    numbers: list[dict[int, int]] = []
    for model in (Submission, Citation, Signature):
        rows = model._default_manager.filter(**of_year).order_by().values_list("slot").annotate(n=Count("pk"))
        numbers.append(dict(rows))
    signed = dict(
        Signature.objects.filter(item__year=year, item__track=track)
        .order_by()
        .values_list("item")
        .annotate(n=Count("pk"))
    )
    held: dict[int, list[Held]] = defaultdict(list)
    sums: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for pk, item, performer, nth, label, starts, ends, status, attempt, due, fixed in (
        Slot.objects.filter(item__year=year, item__track=track).order_by("starts_on", "nth", "performer")
        .values_list("pk", "item", "performer", "nth", "label", "starts_on", "ends_on", "status", "attempt", "due_on", "due_fixed")
    ):  # fmt: skip
        touched = attempt > 0 or any(pk in one for one in numbers)
        held[item].append(Held(pk, performer, nth, label, starts, ends, status, touched, due, fixed))
        handed_in, cited = sums[item]
        sums[item] = handed_in + numbers[0].get(pk, 0), cited + numbers[1].get(pk, 0)
    needs: dict[int, list[Have]] = defaultdict(list)
    for row in (
        Need.objects.filter(item__year=year, item__track=track)
        .annotate(cited=Min("citations"))
        .order_by("order", "id")
    ):
        needs[row.item_id].append(Have(row.pk, wish_of(row), row.order, row.cited is not None))
    handed = {item: Handed(*sums.get(item, (0, 0)), signed.get(item, 0)) for item in {*sums, *signed}}
    return held, needs, handed


def orders_of(year: Year, track: Track, items: Collection[Item], leaves: list[int]) -> dict[int, int]:
    """Leaf id → its place among the year's items, where the track's items stood; other tracks' are not moved."""
    first = min(item.order for item in items)
    after = (
        Item.objects.filter(year=year, order__gte=first)
        .exclude(track=track)
        .aggregate(next=Min("order"))["next"]
    )
    room = after - first if after is not None else None
    squeeze = room is not None and room < len(leaves)
    return {
        leaf: first + (at * room // len(leaves) if squeeze and room is not None else at)
        for at, leaf in enumerate(leaves)
    }
