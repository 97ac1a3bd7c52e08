"""The recognised tree of a draft, line by line, and where in it a cell of the source belongs."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from taizhang.kit import look

from ..rules.check import sums
from ..rules.numbers import show
from ..rules.tree import Node, Reading
from .grid import anchor, place_of

ALL_OPEN = 60  # leaves up to which the whole tree stands open


@dataclass(frozen=True)
class Line:
    """One node. `ends`: the ends of the groups that stop before it; `count`: leaves below a group."""

    ends: SafeString
    group: bool
    level: int
    code: str
    title: str
    url: str
    points: str
    lead: str
    lamp: str
    count: int
    on: bool
    open: bool
    hand: bool


def ends(count: int) -> SafeString:
    """The ends of COUNT unfolding groups."""
    return mark_safe("</details>" * count)


def chain(node: Node | None, by_key: Mapping[str, Node]) -> list[Node]:
    """NODE and all groups above it, from the node up."""
    found = []
    while node is not None:
        found.append(node)
        node = by_key.get(node.parent or "")
    return found


def node_url(base: str, node: Node) -> str:
    """The editor of NODE, with the source at its cell."""
    return f"{base}&{urlencode({'node': node.key})}#{anchor(node.where) if place_of(node.where) else 'w'}"


def at_place(reading: Reading, place: str) -> Node | None:
    """The node made of the cell PLACE: that of the cell itself, else the item whose row it stands in."""
    exact = next((node for node in reading.nodes if place in (node.key, node.where)), None)
    if exact or (here := place_of(place)) is None:
        return exact
    best: tuple[int, Node] | None = None
    for node in reading.leaves:
        there = place_of(node.where)
        if there and there[0] == here[0] and there[1] <= here[1] and (best is None or there[1] >= best[0]):
            best = there[1], node
    return best[1] if best else None


def outline(
    reading: Reading,
    base: str,
    selected: Node | None,
    lamps: Mapping[str, tuple[str, str]],
    touched: set[str],
) -> tuple[list[Line], SafeString]:
    """All lines, and the ends of the groups still open after the last. LAMPS: node key → lamp and word of its first doubt."""
    by_key = {node.key: node for node in reading.nodes}
    below = sums(reading.nodes)
    counts: dict[str, int] = defaultdict(int)
    for node in reading.leaves:
        for above in chain(node, by_key)[1:]:
            counts[above.key] += 1
    start = selected or next(iter(reading.leaves), None)
    opened = {node.key for node in chain(start, by_key)}
    whole = len(reading.leaves) <= ALL_OPEN
    lines, deep = [], 0
    for node in reading.nodes:
        closes = max(0, deep - node.level + 1)
        deep = node.level - 1 if node.is_leaf else node.level
        lamp = look.lamp(*lamps[node.key]) if node.key in lamps else ""
        points = node.points if node.is_leaf else below[node.key]
        words = "空" if points is None else _two(points)
        lines.append(
            Line(
                ends(closes), not node.is_leaf, node.level, node.code, node.title or "（没有名称）",
                node_url(base, node), words, node.lead, lamp, counts[node.key], node is selected,
                whole or node.key in opened or (node.parent is None and len(reading.areas) == 1), node.key in touched,
            )
        )  # fmt: skip
    return lines, ends(deep)


def _two(points: Decimal) -> str:
    """Two places as the page shows points, more only where the file has more."""
    return f"{points:.2f}" if points == round(points, 2) else show(points)
