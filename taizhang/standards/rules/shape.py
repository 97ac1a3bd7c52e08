"""The shape of a tree as a clerk wants it: items split, joined, moved, added, taken out. Nodes in, nodes out."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from taizhang.kit.errors import Refused

from .numbering import free_code
from .tree import Choices, Json, Node

ADDED = "+"
"""Keys of what a clerk added: "+1", "+2" …; `add_under` in their change names the group ("" = uppermost level),
`group` says that it is itself a group."""

PART = "/"
"""Keys of the pieces of a split item: "标准!D7/1", "标准!D7/2" …"""

CIRCLED = re.compile(r"(?=[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳])")
BRACKETED = re.compile(r"(?=[（(][一二三四五六七八九十\d]{1,3}[)）])")
NUMBERED = re.compile(r"(?:^|(?<=[；;。\s]))(?=\d{1,2}[.、．](?!\d))")
NOWHERE: Mapping[str, str] = {}
UNSORTED: Mapping[str, list[str]] = {}
HEAD = re.compile(r"^\s*(?:[①-⑳]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、．](?!\d))\s*")
TITLE = 40  # characters of a proposed title


def added(nodes: list[Node], choices: Choices) -> list[Node]:
    """NODES and what a clerk added, each behind the last of its group, with the next free code.

    What was added to a group that the file no longer holds stays in CHOICES and is left out here.
    """
    out = list(nodes)
    waiting = {
        key: change
        for key, change in choices.nodes.items()
        if key.startswith(ADDED) and PART not in key and "add_under" in change
    }
    while waiting:
        groups = {node.key: node for node in out if not node.is_leaf}
        ready = [
            key for key, change in waiting.items() if not change["add_under"] or change["add_under"] in groups
        ]
        if not ready:
            break
        for key in ready:
            change = waiting.pop(key)
            add(out, key, groups.get(change["add_under"]), leaf=not change.get("group"))
    return out


def add(out: list[Node], key: str, group: Node | None, *, leaf: bool) -> None:
    """A new node in OUT, behind all that lies beneath GROUP."""
    above = group.key if group else None
    codes = [node.code for node in out if node.parent == above and node.is_leaf == leaf]
    first = (f"{group.code}.0" if leaf else f"{group.code}-0") if group else "0"
    code = free_code(codes[-1] if codes else first, {node.code for node in out})
    at = len(out) - 1
    if group is not None:
        beneath = {group.key}
        for index, node in enumerate(out):
            if node.key in beneath or node.parent in beneath:
                beneath.add(node.key)
                at = index
    level = group.level + 1 if group else 1
    # a place of its own: two added rows of one group must not share their doubts
    where = f"{group.where} 新增{key.removeprefix(ADDED)}" if group else f"新增{key.removeprefix(ADDED)}"
    out.insert(at + 1, Node(key, above, level, code, "", "", is_leaf=leaf, where=where))


# ---- split


def split(node: Node, pieces: list[Json], taken: set[str]) -> list[Node]:
    """The leaf NODE as several: all that it holds goes to each piece, but title, points and requirement are its own."""
    made = []
    texts = [str(one["requirement"]) for one in proposed(node)]
    if len(texts) != len(pieces):
        texts = [""] * len(pieces)
    for n, piece in enumerate(pieces, start=1):
        code = free_code(f"{node.code}-{n - 1}", taken)
        taken.add(code)
        points = piece.get("points")
        title = str(piece.get("title") or "").strip()
        made.append(
            replace(
                node,
                key=f"{node.key}{PART}{n}",
                code=code,
                label=node.label if n == 1 else "",
                title=title[:200],
                requirement=str(piece.get("requirement") or texts[n - 1] or title),
                points=None if points in (None, "") else Decimal(str(points)),
                stated=points not in (None, ""),
            )
        )
    return made


def proposed(node: Node) -> list[Json]:
    """How the leaf NODE may come apart: at ①②③, at （1）（2）, at 1. 2., at ； or at line breaks; whatever finds two first.

    Points are given where they come out even to a thousandth, else left to the clerk.
    """
    text = node.requirement.strip() or node.title
    for way in (CIRCLED, BRACKETED, NUMBERED):
        parts = [part for part in way.split(text) if HEAD.match(part)]
        if len(parts) > 1:
            break
    else:
        parts = [part for part in re.split(r"\n+|[；;]", text) if part.strip()]
    parts = [HEAD.sub("", part).strip().rstrip("；;。，, ") for part in parts]
    parts = [part for part in parts if part][:20]
    if len(parts) < 2:
        return []
    share: Decimal | None = node.points / len(parts) if node.points is not None else None
    if share is not None and share != round(share, 3):
        share = None
    return [
        {
            "title": title_of(part),
            "points": "" if share is None else f"{share.normalize():f}",
            "requirement": part,
        }
        for part in parts
    ]


def title_of(text: str) -> str:
    """The first clause of TEXT, as the name of an item."""
    head = re.split(r"[：:，,。；;\n]", text, maxsplit=1)[0].strip()
    return (head or text)[:TITLE]


# ---- join


def join(nodes: list[Node], choices: Choices) -> list[Node]:
    """Leaves joined into the first of them; what no longer exists or is no leaf is left out."""
    by_key = {node.key: node for node in nodes}
    gone: set[str] = set()
    for key, change in choices.nodes.items():
        first = by_key.get(key)
        if not change.get("join") or first is None or not first.is_leaf or key in gone:
            continue
        for other_key in change["join"]:
            other = by_key.get(str(other_key))
            if other is None or other.key == key or other.key in gone or not other.is_leaf:
                continue
            first = joined(first, other)
            gone.add(other.key)
        by_key[key] = first
    return [by_key[node.key] for node in nodes if node.key not in gone]


def joined(first: Node, other: Node) -> Node:
    """FIRST with what OTHER holds: points added, requirements one below the other, methods and needs united."""
    known = {name for name, _ in first.methods}
    names = {need.name for need in first.needs}
    texts = [text for text in (first.requirement or first.title, other.requirement or other.title) if text]
    rules = [text for text in (first.rule_text, other.rule_text) if text]
    points = None if first.points is None or other.points is None else first.points + other.points
    co = [name for name in (*first.co, other.lead, *other.co) if name and name != first.lead]
    return replace(
        first,
        points=points,
        stated=points is not None,
        requirement="\n".join(dict.fromkeys(texts)),
        rule_text="\n".join(dict.fromkeys(rules)),
        rule=first.rule or other.rule,
        methods=(*first.methods, *(one for one in other.methods if one[0] not in known)),
        needs=(*first.needs, *(need for need in other.needs if need.name not in names)),
        co=tuple(dict.fromkeys(co)),
        mandatory=first.mandatory or other.mandatory,
    )


def neighbours(nodes: list[Node], keys: list[str]) -> list[Node]:
    """The leaves KEYS in their order; Refused unless they are two or more that stand next to each other in one group."""
    found = [node for node in nodes if node.key in set(keys)]
    if len(found) < 2 or len(found) != len(set(keys)):
        raise Refused("合并要选两项或更多。请勾选同一组里相邻的几项。")
    if not all(node.is_leaf for node in found):
        raise Refused("只有指标可以合并，分组不能。请勾选同一组里相邻的几项指标。")
    beside = [node.key for node in nodes if node.parent == found[0].parent]
    at = beside.index(found[0].key)
    if beside[at : at + len(found)] != [node.key for node in found]:
        raise Refused("要合并的几项不在同一组里，或者中间隔着别的项。请先移到一起再合并。")
    return found


# ---- move


def move(nodes: list[Node], choices: Choices) -> list[Node]:
    """Nodes under the groups and before the neighbours chosen for them.

    A place that the file no longer holds is left out. Refused: beneath a leaf, beneath itself, in a circle.
    """
    by_key = {node.key: node for node in nodes}
    beside: dict[str, str] = {}
    for key, change in choices.nodes.items():
        if key not in by_key or not ({"move_under", "before"} & set(change)):
            continue
        before = str(change.get("before") or "")
        target = change.get("move_under", by_key[key].parent) or None
        if before in by_key and before != key:
            target = by_key[before].parent
        if "before" in change:
            beside[key] = before
        if target is not None and target not in by_key:
            continue
        if target is not None and by_key[target].is_leaf:
            raise Refused(f"“{by_key[key].title}”不能移到那里，请选一个测评项目或测评内容")
        by_key[key] = replace(by_key[key], parent=target)
    circle(by_key)
    return order([by_key[node.key] for node in nodes], beside, choices.rows)


def circle(by_key: dict[str, Node]) -> None:
    """Refused when a node lies beneath itself, however many moves it took."""
    good: set[str] = set()
    for node in by_key.values():
        way: list[str] = []
        up: str | None = node.key
        while up is not None and up in by_key and up not in good:
            if up in way:
                names = "、".join(f"“{by_key[key].title}”" for key in way[way.index(up) :][:4])
                raise Refused(f"{names}不能移到自己下面，这样移会绕成一圈。请换一个分组")
            way.append(up)
            up = by_key[up].parent
        good.update(way)


def order(
    nodes: list[Node], beside: Mapping[str, str] = NOWHERE, rows: Mapping[str, list[str]] = UNSORTED
) -> list[Node]:
    """Parents before children, siblings in the order of the file; then those of BESIDE before the sibling named there
    ("" = behind all). ROWS: group → its children's keys as a clerk put them; others stand behind."""
    children: dict[str | None, list[Node]] = {}
    known = {node.key for node in nodes}
    for node in nodes:
        children.setdefault(node.parent if node.parent in known else None, []).append(node)
    by_key = {node.key: node for node in nodes}
    for key, before in beside.items():
        row = children[by_key[key].parent if by_key[key].parent in known else None]
        node = by_key[key]
        row.remove(node)
        at = next((n for n, one in enumerate(row) if one.key == before), len(row))
        row.insert(at, node)
    for key, wanted in rows.items():
        rank = {one: n for n, one in enumerate(wanted)}
        children.get(key or None, []).sort(key=lambda node: rank.get(node.key, len(rank)))
    out: list[Node] = []
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        node = waiting.pop()
        out.append(node)
        waiting += reversed(children.get(node.key, []))
    return out


# ---- take out


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
