"""A clerk's corrections laid over a reading: the same choices give the same result on every re-reading."""

from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from taizhang.kit.errors import Refused

from . import scoring
from .cadence import Cycle
from .check import check, total_of
from .needs import Need
from .numbering import free_code
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
}
CHECKED = {"points_missing", "points_zero", "empty_group", "sum_differs", "total_differs"}


def mend(reading: Reading, choices: Choices) -> Reading:
    """READING with CHOICES applied: fields set, nodes deleted or moved, sums checked again, accepted warnings settled.

    Corrections of places that the file does not hold are kept in CHOICES and left out here. Refused: a field
    that a node has not, or a value that does not fit it.
    """
    nodes = [
        edit(node, choices.nodes[node.key]) if node.key in choices.nodes else node
        for node in added(reading.nodes, choices)
    ]
    nodes = move(nodes, choices)
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
        reading,
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
    base = warning.node.split("#")[0]
    if warning.node not in left and not any(key.split("#")[0] == base for key in left):
        return False
    return warning.field is None or warning.field not in choices.nodes.get(warning.node, {})


ADDED = "+"
"""Keys of leaves that a clerk added: "+1", "+2" …; `add_under` in their change names the group."""


def added(nodes: list[Node], choices: Choices) -> list[Node]:
    """NODES and the leaves a clerk added, each behind the last of its group, with the next free code.

    A leaf whose group the file no longer holds stays in CHOICES and is left out here.
    """
    out = list(nodes)
    for key, change in choices.nodes.items():
        if not key.startswith(ADDED) or "add_under" not in change:
            continue
        group = next((node for node in out if node.key == change["add_under"] and not node.is_leaf), None)
        if group is None:
            continue
        codes = [node.code for node in out if node.parent == group.key and node.is_leaf]
        code = free_code(codes[-1] if codes else f"{group.code}.0", {node.code for node in out})
        leaf = Node(key, group.key, group.level + 1, code, "", "", is_leaf=True, where=group.where)
        beneath, at = {group.key}, 0
        for index, node in enumerate(out):
            if node.key in beneath or node.parent in beneath:
                beneath.add(node.key)
                at = index
        out.insert(at + 1, leaf)
    return out


def edit(node: Node, change: Json) -> Node:
    """NODE with the fields of CHANGE. Refused when a name or a value is wrong."""
    values: Json = {}
    for name, value in change.items():
        if name in ("delete", "move_under", "split", "add_under"):
            continue
        if name not in FIELDS:
            raise Refused(f"指标没有“{name}”这一项，不能改")
        try:
            values[name] = fit(name, value)
        except (ValueError, TypeError, InvalidOperation, KeyError, AttributeError) as error:
            raise Refused(f"“{node.title}”的“{name}”不能改成“{str(value)[:20]}”，请检查写法") from error
    if "points" in values:
        values["stated"] = values["points"] is not None
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
    if name == "co":
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


def move(nodes: list[Node], choices: Choices) -> list[Node]:
    """Nodes under the parents chosen for them; a move beneath itself or beneath a leaf is refused."""
    by_key = {node.key: node for node in nodes}
    for key, change in choices.nodes.items():
        if "move_under" not in change or key not in by_key:
            continue
        target = change["move_under"] or None
        if target is not None and (target not in by_key or by_key[target].is_leaf):
            raise Refused(f"“{by_key[key].title}”不能移到那里，请选一个测评项目或测评内容")
        up = target
        while up is not None:
            if up == key:
                raise Refused(f"“{by_key[key].title}”不能移到自己下面")
            up = by_key[up].parent
        by_key[key] = replace(by_key[key], parent=target)
    return order([by_key[node.key] for node in nodes])


def order(nodes: list[Node]) -> list[Node]:
    """Parents before children, siblings in the order of the file."""
    children: dict[str | None, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node)
    out: list[Node] = []

    def visit(parent: str | None) -> None:
        for node in children.get(parent, []):
            out.append(node)
            visit(node.key)

    visit(None)
    return out


def delete(nodes: list[Node], gone: set[str]) -> list[Node]:
    """Without GONE and everything beneath."""
    out = []
    for node in nodes:
        if node.key in gone or (node.parent is not None and node.parent in gone):
            gone = gone | {node.key}
        else:
            out.append(node)
    return out


def relevel(nodes: list[Node]) -> list[Node]:
    level: dict[str, int] = {}
    out = []
    for node in nodes:
        level[node.key] = level[node.parent] + 1 if node.parent else 1
        out.append(replace(node, level=level[node.key]))
    return out
