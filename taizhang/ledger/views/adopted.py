"""What the item page says of adoptions: to be looked at again, split from, joined into."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from taizhang.org.action import ACTIONS, permitted
from taizhang.standards.models import MatchKind

from ..models import AdoptedItem, Item
from ..queries.adopted import taken_into
from ..rules.adoption import FIELD_WORDS
from ..rules.states import Status
from .show import item_url


def long_pairs(one: AdoptedItem) -> list[tuple[str, str | None, str]]:
    """Field, old, new of the texts that changed, to be read beside each other; of needs only what changed (old: None)."""
    pairs: list[tuple[str, str | None, str]] = [
        (FIELD_WORDS[name], str(one.before.get(name) or "（空）"), str(one.after[name] or ""))
        for name in ("title", "requirement", "rule_text", "methods")
        if name in one.after
    ]
    if "needs" in one.after:
        pairs.append(("材料", None, one.after["needs"]))
    return pairs


def adopted_notes(user: Any, item: Item, rows: list[AdoptedItem]) -> dict[str, Any]:
    """ROWS: what adoptions did to ITEM (`queries.adopted.adopted_of`). One query more, for what was joined into it."""
    live = [one for one in rows if one.adoption.undone_at is None]
    again = next((one for one in live if one.revisit), None)
    found: dict[str, Any] = {"taken": []}
    if again is not None:
        found |= {
            "revisit": again.pk, "why": again.after.get("why", ""), "pairs": long_pairs(again), "edition": again.adoption.edition,
            "on": f"{timezone.localdate(again.adoption.at)}", "manages": permitted(user, ACTIONS["ledger.revisit"], item_of(again, item)),
            "reopen_url": reverse("item_reopen", args=[item.pk]) if item.status == Status.CLOSED else "",
        }  # fmt: skip
    for one in live:
        if one.other is None:
            continue
        name = "whence" if one.kind == MatchKind.SPLIT else "into"
        found |= {name: str(one.other), f"{name}_url": item_url(one.other.pk)}
    if any(one.kind == MatchKind.JOINED and one.other is None for one in live):
        found["taken"] = [(str(one), item_url(one.pk)) for one in taken_into(item)]
    return found


def item_of(one: AdoptedItem, item: Item) -> AdoptedItem:
    """The row with the item at hand, so that asking for its unit reads nothing again."""
    one.item = item
    return one
