"""A Word table -> Table: spans and vertical merges worked out, columns that only uneven edges make taken together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..cells import Cell, Merge, Room
from .blocks import Paragraph, Table
from .styles import removed
from .words import child, children, name, number_of, val

Block = Paragraph | Table
MAX_ROWS = 20_000
MAX_COLUMNS = 256
NEAR = 170  # twentieths of a point: edges closer than 3 mm are one edge drawn by an unsteady hand


@dataclass
class Held:
    """One cell as it stands in its row: first and last grid column, what continues it, what is in it."""

    first: int
    last: int
    vertical: str
    blocks: list[Block] = field(default_factory=list)


def rows_of(table: Any, deleted: Callable[[], None]) -> Iterator[Any]:
    """The rows of a table in order, also those in content controls; deleted ones are only counted."""
    for one in table:
        kind = name(one)
        if kind == "tr":
            if removed(child(one, "trPr")):
                deleted()
            else:
                yield one
        elif kind in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from rows_of(one, deleted)


def cells_of(row: Any) -> Iterator[Any]:
    for one in row:
        if name(one) == "tc":
            yield one
        elif name(one) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from cells_of(one)


def read_table(
    table: Any, label: str, content: Callable[[Any], list[Block]], deleted: Callable[[], None], room: Room
) -> list[Block]:
    """The blocks a w:tbl stands for: one Table, or what a table used only as a frame holds.

    CONTENT reads the blocks of a cell; DELETED is called for each row taken out by a revision; ROOM is the file's.
    """
    lines: list[list[Held]] = []
    for row in rows_of(table, deleted):
        if len(lines) == MAX_ROWS:
            break
        lines.append(held_in(row, content))
    if not any(lines):
        return []
    if all(len(line) <= 1 for line in lines) and any(
        isinstance(block, Table) for line in lines for held in line for block in held.blocks
    ):
        # a frame around tables: what it holds is what counts
        return [block for line in lines for held in line for block in held.blocks]
    edges = shared_edges(table, lines)
    width = min(max(edges.values(), default=1), MAX_COLUMNS)
    room.take(len(lines), width)
    rows: list[list[Cell]] = []
    merges: dict[tuple[int, int], list[int]] = {}
    open_at: dict[int, tuple[int, int]] = {}  # column -> first cell of the merge that still goes on there
    for r, line in enumerate(lines):
        cells: list[Cell] = [None] * width
        still: dict[int, tuple[int, int]] = {}
        for held in line:
            first, last = edges[held.first], edges[held.last + 1] - 1
            if first >= width:
                continue
            last = max(first, min(last, width - 1))
            top = open_at.get(first)
            if held.vertical == "continue" and top is not None:
                merges[top][2] = r
                still[first] = top
                continue
            cells[first] = text_in(held.blocks)
            merges[(r, first)] = [r, first, r, last]
            if held.vertical:
                still[first] = (r, first)
        open_at = still
        rows.append(cells)
    found: list[Merge] = [(r1, c1, r2, c2) for r1, c1, r2, c2 in merges.values() if r1 != r2 or c1 != c2]
    return [Table(rows, sorted(found), label)]


def held_in(row: Any, content: Callable[[Any], list[Block]]) -> list[Held]:
    settings = child(row, "trPr")
    at = max(0, min(number_of(child(settings, "gridBefore"), "val"), MAX_COLUMNS))
    line: list[Held] = []
    for cell in cells_of(row):
        its = child(cell, "tcPr")
        span = max(1, min(number_of(child(its, "gridSpan"), "val", 1), MAX_COLUMNS * 4))
        vertical = child(its, "vMerge")
        across = child(its, "hMerge")
        if across is not None and val(across, "continue") == "continue" and line:
            line[-1].last += span
            at += span
            continue
        state = "" if vertical is None else val(vertical, "continue")
        # the text of a continued cell is not printed, that of a deleted one is gone
        blocks = content(cell) if state != "continue" and child(its, "cellDel") is None else []
        line.append(Held(at, at + span - 1, state, blocks))
        at += span
    return line


def text_in(blocks: list[Block]) -> str | None:
    """The blocks of a cell as its text: a line to a paragraph, a nested table row by row."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        else:
            lines += [" ".join(str(cell) for cell in row if cell is not None) for row in block.rows]
    return "\n".join(line for line in lines if line.strip()) or None


def shared_edges(table: Any, lines: list[list[Held]]) -> dict[int, int]:
    """Grid column -> column, once edges that no cell needs apart are taken together.

    Every row drawn by hand has its own edges, a millimetre off; Word keeps each as a grid column.
    """
    starts = {held.first for line in lines for held in line}
    ends = {held.last + 1 for line in lines for held in line}
    used = sorted(starts | ends)
    widths = (
        [number_of(one, "w") for one in children(child(table, "tblGrid"), "gridCol")]
        if child(table, "tblGrid") is not None
        else []
    )
    at = [0]
    for width in widths:
        at.append(at[-1] + width)
    known = len(at) > used[-1] and all(width >= 0 for width in widths)
    #: a cell that lies between two edges keeps them apart
    apart = {(held.first, held.last + 1) for line in lines for held in line}
    columns: dict[int, int] = {}
    column = -1
    group: list[int] = []
    for edge in used:
        joins = (
            bool(group)
            and known
            and at[edge] - at[group[0]] <= NEAR
            and not any((other, edge) in apart for other in group)
        )
        if not joins:
            column, group = column + 1, []
        group.append(edge)
        columns[edge] = column
    base = columns[used[0]]
    return {edge: number - base for edge, number in columns.items()}
