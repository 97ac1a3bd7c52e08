"""Dates that are put off: of slots that are still to be handed in, with the windows that shut after them."""

from collections.abc import Mapping, Sequence
from datetime import date

from ..models import Item, Slot
from ..queries.asks import open_slots_of


def put_off(item: Item, slots: Sequence[Slot], to: Mapping[int, date]) -> None:
    """Set the dates of SLOTS (by id), never to an earlier day; their windows shut as many days later, the item follows."""
    for slot in slots:
        wanted = to[slot.pk]
        days = wanted - slot.due_on
        if days.days > 0:
            slot.change(
                due_on=wanted, due_fixed=True, shuts_on=slot.shuts_on + days if slot.shuts_on else None
            )
    first = min((slot.due_on for slot in open_slots_of(item.pk)), default=None)
    item.change(due_on=first or item.due_on, due_fixed=True)
