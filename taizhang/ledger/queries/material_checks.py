"""提醒 beside what is cited: warnings of the library, seen from the period a piece is cited for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.evidence.queries import Noted, noted
from taizhang.evidence.rules.checks import Use, allowed_letters

from ..models import Citation, Item
from ..rules.needs_met import Asked
from .cells import Cell
from .materials import Material

#: said in the words of the need already, beside the same piece
SAID = frozenset({"caption", "number"})


@dataclass(frozen=True)
class Mark:
    """Short words for one piece; HERE: some of them are about this use, and are looked at on the page of uses."""

    words: str
    here: bool


def marks_of(
    user: Any, item: Item, current: Cell, asked: Iterable[Asked], materials: Sequence[Material]
) -> dict[int, Mark]:
    """Piece's id → what of its warnings nobody has looked at; a constant number of queries."""
    if not materials:
        return {}
    needs = {need.id: need for need in asked}
    uses: dict[int, list[Use]] = {}
    for one in materials:
        if one.untold:
            continue
        need = needs.get(one.need_id or 0)
        uses.setdefault(one.evidence_id, []).append(
            use_of(
                current.pk,
                f"{item.no} {current.period}",
                current.starts_on,
                current.ends_on,
                need,
                item.requirement,
            )
        )
    found = noted(user, list(uses), uses)
    return {pk: mark for pk, each in found.items() if (mark := _mark(each))}


def use_of(slot: int, label: str, first: date, last: date, need: Asked | None, requirement: str) -> Use:
    """A citation as the rules take it; how long a report may be stands in the need's name or in the requirement."""
    letters = allowed_letters(need.name if need else "", requirement)
    return Use(slot, label, first, last, bool(need and need.doc_no), letters)


def _mark(found: list[Noted]) -> Mark | None:
    open_ones = [each.warned for each in found if not each.by and each.warned.code not in SAID]
    if not open_ones:
        return None
    words = "、".join(dict.fromkeys(each.short for each in open_ones))
    return Mark(words, all(each.code.startswith("year:") for each in open_ones))


def use_checks(user: Any, evidence_id: int, slots: Iterable[int]) -> Mapping[int, Noted]:
    """Slot's id → the warning that the piece lies outside the years of that period, looked at or not."""
    rows = Citation.objects.filter(evidence=evidence_id, slot__in=list(slots)).values_list(
        "slot", "slot__item__no", "slot__label", "slot__starts_on", "slot__ends_on"
    )
    uses = [Use(slot, f"{no} {label}", first, last) for slot, no, label, first, last in rows]
    found = noted(user, [evidence_id], {evidence_id: uses}).get(evidence_id, [])
    return {
        int(each.warned.code.partition(":")[2]): each
        for each in found
        if each.warned.code.startswith("year:")
    }
