"""What was recognised from a scan without certainty -> doubts with their places."""

import re

from taizhang.kit.tables import Book, Sheet, a1

from ..rules.tree import CONFIRM, Node, Warning

SHOWN = 40  # characters of a cell that a doubt quotes
CELL = re.compile(r"^[A-Z]+(\d+)")


def unsure(book: Book, nodes: list[Node]) -> list[Warning]:
    """One doubt for each cell, at its page and its cell, and at the item that was read from its row."""
    wanted = list(dict.fromkeys(book.doubts))
    if not wanted:
        return []
    rows: dict[str, list[tuple[Sheet, int]]] = {}
    for sheet in book.sheets:
        for r, place in enumerate(sheet.places):
            rows.setdefault(place, []).append((sheet, r))
    leaves = {(sheet, row): node.key for node in reversed(nodes) if (at := _row(node)) for sheet, row in [at]}
    found: dict[str, Warning] = {}
    for place, text in wanted:
        for sheet, r in rows.get(place, ()):
            c = next((c for c, cell in enumerate(sheet.rows[r]) if cell == text), None)
            if c is None:
                continue
            where = f"{sheet.name}!{a1(r, c)}"
            quoted = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
            cell = place if sheet.kind == "text" else f"{place}第{c + 1}列"
            words = f"{cell}：扫描识别没有把握，“{' '.join(quoted.split())}”，请对照原件"
            found.setdefault(
                where, Warning(where, words, CONFIRM, "scan_unsure", node=leaves.get((sheet.name, r + 1)))
            )
            break
    return list(found.values())


def _row(node: Node) -> tuple[str, int] | None:
    """The sheet and the row (counted from 1) of an item that was read from a cell."""
    name, _, cell = node.key.rpartition("!")
    found = CELL.match(cell)
    return (name, int(found.group(1))) if found and node.is_leaf else None
