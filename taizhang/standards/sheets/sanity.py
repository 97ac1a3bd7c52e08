"""What a whole tree shows after reading: points counted twice, and items whose title says nothing."""

import re
from dataclasses import replace
from decimal import Decimal

from ..rules.codes import is_parent
from ..rules.scoring import GUESS
from ..rules.tree import CONFIRM, Node, Warning
from .leaves import Draft

WORDS = re.compile(r"[\u4e00-\u9fffA-Za-z]")


def regroup(drafts: list[Draft], stated: Decimal | None) -> tuple[list[Draft], set[str]]:
    """DRAFTS with headings that were taken for items made groups of what follows them, and the keys of these headings.

    Only where it makes the sum right: the items add up to twice the STATED total, or (none stated) every item of a
    list is such a heading or lies below one, as their printed numbers say too.
    """
    leaves = [draft for draft in drafts if draft.node.is_leaf]
    total = points_of_all(leaves)
    if not total or (stated is not None and total != 2 * stated):
        return drafts, set()
    kids: dict[str | None, list[Draft]] = {}
    for draft in drafts:
        kids.setdefault(draft.node.parent, []).append(draft)
    under: dict[str, str] = {}
    for row in kids.values():
        found = heads_of(row, sure=stated is not None)
        if found and (stated is not None or whole(row, found)):
            under |= found
    gone = sum(
        (draft.node.points or Decimal(0) for draft in leaves if draft.node.key in set(under.values())),
        Decimal(0),
    )
    if not under or (stated is not None and total - gone != stated):
        return drafts, set()
    return [placed(draft, under) for draft in drafts], set(under.values())


def points_of_all(leaves: list[Draft]) -> Decimal:
    return sum((draft.node.points or Decimal(0) for draft in leaves), Decimal(0))


def heads_of(row: list[Draft], *, sure: bool) -> dict[str, str]:
    """Item → the heading right above it, for runs of items that add up to the points of the item before them."""
    under: dict[str, str] = {}
    at = 0
    while at < len(row):
        end = run_end(row, at, 1 if sure else 2)
        if end is not None and (sure or lies_below(row[at], row[at + 1])):
            under |= {draft.node.key: row[at].node.key for draft in row[at + 1 : end]}
            at = end
        else:
            at += 1
    return under


def run_end(row: list[Draft], at: int, least: int) -> int | None:
    """Where the items right after AT have added up to its points, if at least LEAST of them do."""
    head = row[at].node
    if not head.is_leaf or not head.points:
        return None
    total, end = Decimal(0), at + 1
    while end < len(row) and row[end].node.is_leaf and total < head.points:
        total += row[end].node.points or Decimal(0)
        end += 1
    return end if total == head.points and end - at - 1 >= least else None


def lies_below(head: Draft, item: Draft) -> bool:
    return head.ordinal is not None and item.ordinal is not None and is_parent(head.ordinal, item.ordinal)


def whole(row: list[Draft], under: dict[str, str]) -> bool:
    heads = set(under.values())
    return all(draft.node.key in under or draft.node.key in heads for draft in row)


def placed(draft: Draft, under: dict[str, str]) -> Draft:
    """DRAFT as a group, or below its group with its points to be looked at."""
    node = draft.node
    if node.key in under.values():
        draft.node = Node(
            node.key, node.parent, 0, "", "", node.title, node.requirement, node.points, node.stated, False,
            where=node.where,
        )  # fmt: skip
    elif node.key in under:
        draft.node = replace(node, parent=under[node.key], certain={**node.certain, "points": GUESS})
    return draft


def says_nothing(title: str) -> bool:
    """A title of one sign, or only of signs and figures."""
    return len(title.strip()) < 2 or not WORDS.search(title)


def doubt_titles(nodes: list[Node], warnings: list[Warning]) -> list[Node]:
    """NODES with the points of items without a real title left open; a word on each goes to WARNINGS."""
    known = {warning.node for warning in warnings if warning.kind == "title_missing"}
    out = []
    for node in nodes:
        if node.is_leaf and says_nothing(node.title):
            node = replace(node, certain={**node.certain, "points": GUESS})
            if node.key not in known:
                text = f"指标名称“{node.title}”看不出内容，请核对这一项是不是指标"
                warnings.append(Warning(node.where, text, CONFIRM, "title_missing", None, node.key, "title"))
        out.append(node)
    return out
