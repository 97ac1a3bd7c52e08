"""What the item page says about asking: the menu 申请, and what waits for an answer."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from taizhang.kit import clock

from ..models import Ask, Item, Slot
from ..queries.ask_words import rows_at
from ..queries.asks import whys
from ..queries.cells import Cell
from ..rules.asks import Kind, Past


def asking(
    user: Any, item: Item, asks: Sequence[Ask], cells: Sequence[Cell], slot: Slot | None, past: Past
) -> dict[str, Any]:
    """The kinds that USER may ask for, each with its address or why not now; those of ASKS that wait.

    CELLS are the item's periods, SLOT the one on show; PAST is of all that was asked for, also of what USER is not
    shown: only one of a kind may wait at an item.
    """
    at = f"?slot={slot.pk}" if slot else ""
    left = [cell for cell in cells if cell.open and not cell.before_system]
    open_to = whys(user, item, clock.today(), left, past, [slot.performer] if slot else ())
    menu = [
        {
            "label": kind.label,
            "url": reverse("item_ask", args=[item.pk, kind.value]) + (at if kind == Kind.EXTENSION else ""),
            "why": why,
        }
        for kind, why in open_to.items()
    ]
    # what is closed or waits to be handed out: one reason for all the kinds is said once
    same = {why.replace(f"申请{kind.label}", "申请") for kind, why in open_to.items()}
    if len(menu) > 1 and len(same) == 1 and "" not in same:
        menu = [{"label": "现在不能申请", "url": "", "why": same.pop()}]
    return {"ask_menu": menu, "asks": rows_at(user, item, asks), "ask_prefix": reverse("ask", args=[0])[:-2]}
