"""Adds up: points of leaves against what areas, sections, total rows and the title state. Doubts, never refusals."""

from collections.abc import Iterable
from decimal import Decimal

from .numbers import cents, show
from .tree import CONFIRM, MUST, Node, Warning

ZERO = Decimal(0)


def total_of(nodes: Iterable[Node]) -> Decimal:
    """Points of all leaves, exact; two places."""
    total = sum((node.points or ZERO for node in nodes if node.is_leaf), ZERO)
    return cents(total) if cents(total) == total else total


def sums(nodes: list[Node]) -> dict[str, Decimal]:
    """Group key -> points of all leaves below it."""
    parent = {node.key: node.parent for node in nodes}
    found: dict[str, Decimal] = {node.key: ZERO for node in nodes if not node.is_leaf}
    for node in nodes:
        up = node.parent if node.is_leaf else None
        while up is not None:
            found[up] = found.get(up, ZERO) + (node.points or ZERO)
            up = parent.get(up)
    return found


def check(nodes: list[Node], stated_total: Decimal | None, total_place: str) -> list[Warning]:
    """Warnings on missing points and on totals that do not add up, in the order of the nodes."""
    warnings: list[Warning] = []
    below = sums(nodes)
    children: dict[str | None, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node)
    stated = {node.key: node.points for node in nodes if not node.is_leaf}
    for node in nodes:
        if node.is_leaf and node.points is None:
            warnings.append(missing(node, children.get(node.parent, []), stated.get(node.parent or "")))
        elif node.is_leaf and node.points == 0:
            warnings.append(
                Warning(
                    node.where, f"“{node.title}”的分值是 0", CONFIRM, "points_zero", None, node.key, "points"
                )
            )
        elif not node.is_leaf:
            if not children.get(node.key):
                warnings.append(
                    Warning(
                        node.where,
                        f"“{node.title}”下面没有指标",
                        CONFIRM,
                        "empty_group",
                        None,
                        node.key,
                        "delete",
                    )
                )
            elif node.points is not None and node.points != below[node.key]:
                gap = show(abs(node.points - below[node.key]))
                text = f"“{node.title}”标称 {show(node.points)} 分，合计 {show(below[node.key])} 分，差 {gap}"
                warnings.append(
                    Warning(
                        node.where,
                        text,
                        CONFIRM,
                        "sum_differs",
                        {"points": show(below[node.key])},
                        node.key,
                        "points",
                    )
                )
    total = total_of(nodes)
    if stated_total is not None and stated_total != total:
        text = f"全部指标合计 {show(total)} 分，标称总分 {show(stated_total)} 分，差 {show(abs(stated_total - total))}"
        warnings.append(Warning(total_place, text, CONFIRM, "total_differs", {"stated_total": show(total)}))
    return warnings


def missing(node: Node, siblings: list[Node], stated: Decimal | None) -> Warning:
    """A leaf without points; if it is the only one and its group states a sum, the gap is the suggestion."""
    others = [one for one in siblings if one.is_leaf and one.key != node.key]
    suggestion, more = None, ""
    if stated is not None and all(one.points is not None for one in others):
        gap = stated - sum((one.points or ZERO for one in others), ZERO)
        if gap > 0:
            suggestion, more = {"points": show(gap)}, f"。按同组标称 {show(stated)} 分推算应为 {show(gap)}"
    return Warning(
        node.where,
        f"“{node.title or node.code}”的分值是空的{more}",
        MUST,
        "points_missing",
        suggestion,
        node.key,
        "points",
    )
