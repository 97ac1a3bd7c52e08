"""A clerk's corrections laid over a reading: the same choices give the same result on every re-reading."""

import re
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from taizhang.kit.errors import Refused

from . import scoring
from .cadence import Cycle
from .check import check, total_of
from .entries import laid
from .needs import Need
from .shape import added, delete, join, move, relevel, split
from .shape import order as order
from .tree import Choices, Json, Node, Reading, Warning

FIELDS = {item.name for item in fields(Node)} - {
    "key",
    "where",
    "level",
    "label",
    "printed",
    "doubts",
    "is_leaf",
    "parent",
    "certain",
    "sources",
}
#: what a correction says of a node's place in the tree, not of its content
SHAPE = {"delete", "move_under", "before", "split", "join", "add_under", "group"}
#: field → the field under whose name its certainty is kept
UNDER = {"times": "cadence", "target": "cadence"}
CHECKED = {"points_missing", "points_zero", "empty_group", "sum_differs", "total_differs"}


def mend(reading: Reading, choices: Choices) -> Reading:
    """READING with CHOICES applied: fields set, nodes deleted or moved, lists written anew, sums
    checked again, accepted warnings settled.

    Corrections of places that the file does not hold are kept in CHOICES and left out here. Refused: a field
    that a node has not, or a value that does not fit it.
    """
    nodes = edited(added(reading.nodes, choices), choices)
    nodes = join(move(nodes, choices), choices)
    nodes = delete(nodes, {key for key, change in choices.nodes.items() if change.get("delete")})
    nodes = relevel(nodes)
    stated = choices.stated_total if choices.stated_total is not None else reading.stated_total
    place = next(
        (warning.where for warning in reading.warnings if warning.kind == "total_differs"),
        reading.sheets[0].name if reading.sheets else "",
    )
    left = {node.key: node for node in nodes}
    kept = [
        warning
        for warning in reading.warnings
        if warning.kind not in CHECKED and stands(warning, left, choices)
    ]
    kept += check(nodes, stated, place)
    accepted = set(choices.accepted)
    warnings = [replace(warning, settled=warning.id in accepted) for warning in capped(kept)]
    return replace(
        laid(reading, choices),
        name=choices.name or reading.name,
        stated_total=stated,
        total=total_of(nodes),
        nodes=nodes,
        warnings=warnings,
    )


MOST = 200  # warnings of one kind that are listed one by one


def capped(warnings: list[Warning]) -> list[Warning]:
    """No more than MOST of a kind: a wrong file would otherwise bury the page under thousands."""
    seen: dict[str, int] = {}
    out = []
    for warning in warnings:
        seen[warning.kind] = seen.get(warning.kind, 0) + 1
        if seen[warning.kind] <= MOST:
            out.append(warning)
    for kind, count in seen.items():
        if count > MOST:
            last = next(warning for warning in reversed(out) if warning.kind == kind)
            out.append(
                replace(
                    last,
                    text=f"同类问题还有 {count - MOST} 处，没有逐一列出，请先检查文件",
                    kind=f"{kind}_more",
                    node=None,
                    field=None,
                    suggestion=None,
                )
            )
    return out


def stands(warning: Warning, left: dict[str, Node], choices: Choices) -> bool:
    """A warning falls away with its node, or once its field has been set by hand."""
    if warning.node is None:
        return True
    base = re.split("[#/]", warning.node)[0]
    if warning.node not in left and not any(re.split("[#/]", key)[0] == base for key in left):
        return False
    return warning.field is None or warning.field not in choices.nodes.get(warning.node, {})


def edited(nodes: list[Node], choices: Choices) -> list[Node]:
    """Every node with its corrections; the pieces of a split leaf stand in its place, with theirs."""
    taken = {node.code for node in nodes}
    out: list[Node] = []
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        change = choices.nodes.get(node.key)
        if change is None:
            out.append(node)
            continue
        node = edit(node, change)
        pieces = change.get("split")
        if node.is_leaf and isinstance(pieces, list) and len(pieces) > 1:
            waiting += reversed(split(node, pieces, taken))
        else:
            out.append(node)
    return out


def edit(node: Node, change: Json) -> Node:
    """NODE with the fields of CHANGE. Refused when a name or a value is wrong."""
    values: Json = {}
    for name, value in change.items():
        if name in SHAPE:
            continue
        if name not in FIELDS:
            raise Refused(f"指标没有“{name}”这一项，不能改")
        try:
            values[name] = fit(name, value)
        except (ValueError, TypeError, InvalidOperation, KeyError, AttributeError) as error:
            raise Refused(f"“{node.title}”的“{name}”不能改成“{str(value)[:20]}”，请检查写法") from error
    if "points" in values:
        values["stated"] = values["points"] is not None
    by_hand = {UNDER.get(name, name) for name in values}
    if by_hand & set(node.certain):
        values["certain"] = {name: how for name, how in node.certain.items() if name not in by_hand}
    return replace(node, **values)


def fit(name: str, value: Any) -> Any:
    """VALUE (from JSON or already right) as the type that the field holds."""
    if name == "points":
        number = Decimal(str(value)) if value not in (None, "") else None
        if number is not None and (not number.is_finite() or number < 0):
            raise ValueError("points")
        return number
    if name == "rule":
        return scoring.from_json(value) if isinstance(value, dict) else value
    if name == "cadence":
        return Cycle(value) if value else None
    if name in ("co", "agreed"):
        return tuple(str(item) for item in value)
    if name == "methods":
        return tuple(
            (str(item[0]), Decimal(str(item[1])) if item[1] is not None else None)
            for item in ([one, None] if isinstance(one, str) else one for one in value)
        )
    if name == "needs":
        return tuple(
            item if isinstance(item, Need) else Need(**{**item, "fields": tuple(item.get("fields", ()))})
            for item in value
        )
    if name in ("times", "target"):
        count = int(value) if value not in (None, "") else None
        if (count is None and name == "times") or (count is not None and count < 1):
            raise ValueError(name)
        return count
    if name in ("mandatory", "stated"):
        return bool(value)
    if not isinstance(value, str):
        raise TypeError(name)
    return value
