"""Where evidence is used, as the library's page asks it: the areas to choose from, and what is cited for one of them or
for one item. The library lies beneath the ledger and is handed this by `config/urls.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Min, Q, QuerySet

from ..models import Citation
from .rows import area_key
from .scope import items_for, slots_for

MOST_LETTERS = 40  # of an item's number


@dataclass(frozen=True)
class Cited:
    """WITHIN: ids of evidence, None where nothing was asked; AREAS: value, words, whether chosen; ITEM as typed;
    CHIPS: parameter of the address and words."""

    within: QuerySet[Any] | None
    areas: list[tuple[str, str, bool]]
    item: str = ""
    chips: list[tuple[str, str]] = field(default_factory=list)


def cited_for(user: Any, asked: Mapping[str, str]) -> Cited:
    """What ASKED says of `area` (as the list of items names it), `item` (number or code of its indicator) and `of` (id of
    one item): what USER may see cited there. One query for the areas, one more for the name of one item."""
    area, item, one = asked.get("area", ""), asked.get("item", "").strip()[:MOST_LETTERS], asked.get("of", "")
    item = item.replace("\x00", "")
    areas = [(key, words, key == area) for key, words in _areas(user)]
    citations, chips = Citation.objects.filter(slot__in=slots_for(user)), []
    if not any(on for _, _, on in areas):
        area = ""
    if area:
        track, _, code = area.partition(".")
        citations = citations.filter(slot__item__area_code=code, slot__item__track=int(track) or None)
    if item:
        citations = citations.filter(Q(slot__item__no__iexact=item) | Q(slot__item__code__iexact=item))
    named = None
    if one.isascii() and one.isdigit() and len(one) < 16:
        named = items_for(user).filter(pk=int(one)).values_list("no", "title").first()
        if named:
            chips.append(("of", f"用于 {named[0]} {named[1]}"))
            citations = citations.filter(slot__item=int(one))
    asks = bool(area or item or named)
    return Cited(citations.values("evidence") if asks else None, areas, item, chips)


def _areas(user: Any) -> list[tuple[str, str]]:
    rows = (
        items_for(user)
        .exclude(area_code="")
        .order_by()
        .values_list("track", "area_code", "area")
        .annotate(first=Min("order"))
        .order_by("track", "first")
    )
    found: dict[str, str] = {}
    for track, code, area, _ in rows:
        found.setdefault(area_key(track, code), f"{code} {area}".strip())
    return list(found.items())
