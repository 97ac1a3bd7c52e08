"""Revisions written by hand, as offices revise: the old standard, the new one, and what became of each leaf.

tests/fixtures/editions/NAME.txt holds OLD, a line of "=", and NEW. In OLD a line is `# area`, `## section`, or `title | requirement | points | how it is scored`. In NEW a leaf begins with
the codes of the old leaves that it comes from: `1.2` (one), `1.2,1.3` (put together), the same code on two lines (cut),
`>1.2` (stands elsewhere now), `+` (new), `=1.2-1.5` (as they were, in a row); an empty field is as before. Of
an area cut up the smaller part has moved; an area that became part of another one whole has not.
"""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from taizhang.standards.rules.editions import CHANGED, GONE, JOINED, MOVED, NEW, SAME, SPLIT
from taizhang.standards.rules.tree import Node

HERE = Path(__file__).parents[1] / "fixtures" / "editions"
NAMES = sorted(path.stem for path in HERE.glob("*.txt"))
Truth = dict[tuple[str | None, str | None], str]


def _nodes(lines: list[list[str]], prefix: str) -> list[Node]:
    """LINES of (marks, title, requirement, points, rule text) as nodes; keys are PREFIX and the code."""
    nodes: list[Node] = []
    above: list[Node] = []
    count: dict[str, int] = {}
    for mark, title, *rest in lines:
        level = len(mark) if mark.startswith("#") else len(above) + 1
        above = above[: level - 1] if mark.startswith("#") else above
        up = above[-1] if above else None
        parent = up.code if up else ""
        count[parent] = count.get(parent, 0) + 1
        code = f"{parent}.{count[parent]}".lstrip(".")
        node = Node(f"{prefix}{code}", up.key if up else None, level, code, "", title)
        if mark.startswith("#"):
            above.append(node)
        else:
            text, points, rule = rest
            node = replace(
                node, requirement=text, points=Decimal(points), stated=True, is_leaf=True, rule_text=rule
            )
        nodes.append(node)
    return nodes


def _cells(line: str, count: int) -> list[str]:
    cells = [cell.strip() for cell in line.split("|")]
    return cells + [""] * (count - len(cells))


def revised(old: str, new: str) -> tuple[list[Node], list[Node], Truth]:
    """The nodes of both, and of each pair of codes its kind."""
    lines: list[list[str]] = []
    for line in old.strip().splitlines():
        mark, _, title = line.partition(" ")
        lines.append([mark, title] if mark.startswith("#") else ["", *_cells(line, 4)])
    before = _nodes(lines, "o")
    was = {node.code: node for node in before if node.is_leaf}
    fresh: list[list[str]] = []
    came: list[list[str]] = []
    moved: set[str] = set()
    for line in new.strip().splitlines():
        if line.startswith("#"):
            mark, _, title = line.partition(" ")
            fresh.append([mark, title])
            continue
        first, *cells = _cells(line, 5)
        codes = [] if first == "+" else [one.strip(" >=") for one in first.split(",")]
        if first.startswith("=") and "-" in first:
            start, end = codes[0].split("-")
            head, at = start.rsplit(".", 1)
            codes = [f"{head}.{n}" for n in range(int(at), int(end.rsplit(".", 1)[-1]) + 1)]
            groups = [[code] for code in codes]
        else:
            groups = [codes]
        for group in groups:
            one = was[group[0]] if group else None
            copy = [one.title, one.requirement, str(one.points), one.rule_text] if one else [""] * 4
            fresh.append(["", *(cell or kept for cell, kept in zip(cells, copy, strict=True))])
            came.append(group)
            moved |= set(group) if first.startswith(">") else set()
    after = _nodes(fresh, "n")
    leaves = [node for node in after if node.is_leaf]
    pieces: dict[str, int] = {}
    for group in came:
        for code in group:
            pieces[code] = pieces.get(code, 0) + 1
    truth: Truth = {(code, None): GONE for code in was if code not in pieces}
    for leaf, group in zip(leaves, came, strict=True):
        if not group:
            truth[None, leaf.code] = NEW
        for code in group:
            one = was[code]
            alike = (one.title, one.requirement, one.points, one.rule_text) == (
                leaf.title, leaf.requirement, leaf.points, leaf.rule_text,
            )  # fmt: skip
            kind = SAME if alike else CHANGED
            if len(group) > 1:
                kind = JOINED
            elif pieces[code] > 1:
                kind = SPLIT
            elif code in moved:
                kind = MOVED
            truth[code, leaf.code] = kind
    return before, after, truth


def by_hand(name: str) -> tuple[list[Node], list[Node], Truth]:
    """The revision NAME; the truth is by the codes that `revised` gives, node keys are "o" or "n" and the code."""
    old, new = (HERE / f"{name}.txt").read_text(encoding="utf-8").split("\n=====\n")
    return revised(old, new)
