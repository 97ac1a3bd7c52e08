"""Text of a page in reading order: two columns of running text, tables set with blanks only."""

from dataclasses import dataclass
from itertools import pairwise

from ..blocks import Cell, Table
from .layout import Page, Part
from .text import Line, glue

MIN_ROWS = 4  # fewer lines in step are chance
MIN_COLUMNS = 3


@dataclass
class Aligned:
    """A table without ruling lines: its columns are kept apart by blanks alone."""

    rows: list[list[str]]
    top: float

    def table(self, page: int, named: int) -> Table:
        cells: list[list[Cell]] = [[text or None for text in row] for row in self.rows]
        places = tuple(f"第{page}页第{named + at + 1}行" for at in range(len(cells)))
        return Table(cells, [], f"第{page}页", places)


def in_order(page: Page, parts: list[Part], lines: list[Line]) -> list[Part | Aligned | Line]:
    """The tables, and the runs of lines between them, from top to bottom."""
    found: list[Part | Aligned | Line] = []
    parts = sorted(parts, key=lambda part: (part.top, part.grid.xs[0]))
    rest = sorted(lines, key=lambda line: (line.base, line.x0))
    for part in [*parts, None]:
        run = [line for line in rest if part is None or line.base < part.top + 2]
        rest = rest[len(run) :]
        found += runs(run, page)
        if part:
            found.append(part)
    return found


def runs(lines: list[Line], page: Page) -> list[Part | Aligned | Line]:
    rows: list[list[Line]] = []
    for line in lines:
        if rows and abs(rows[-1][0].base - line.base) < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.x0)
    if halves := two_columns(rows, page):
        return [*halves]
    found: list[Part | Aligned | Line] = []
    at = 0
    while at < len(rows):
        end = at
        while end < len(rows) and (len(rows[end]) > 1 or (end > at and near(rows, end))):
            end += 1
        if end - at >= MIN_ROWS and (table := aligned(rows[at:end])):
            found.append(table)
            at = end
            continue
        found.append(whole(rows[at]))
        at += 1
    return found


def near(rows: list[list[Line]], at: int) -> bool:
    """A single piece within a table: its neighbour is close and it begins where a piece of a neighbour begins."""
    line = rows[at][0]
    close = line.base - rows[at - 1][0].base < 2.2 * line.size
    starts = [one.x0 for row in rows[max(0, at - 3) : at] if len(row) > 1 for one in row]
    return close and any(abs(line.x0 - x) < line.size for x in starts)


def whole(row: list[Line]) -> Line:
    """The pieces of a row as one line."""
    if len(row) == 1:
        return row[0]
    text = " ".join(line.text for line in row)
    return Line(text, row[0].x0, row[-1].x1, row[0].base, row[0].size, row[0].page)


def two_columns(rows: list[list[Line]], page: Page) -> list[Line]:
    """Running text in two columns: the left one, then the right one; empty if it is not set so."""
    pieces = [line for row in rows for line in row]
    if len(rows) < 8 or max((len(row) for row in rows), default=0) > 2:
        return []
    middle = page.width / 2
    left = [line for line in pieces if line.x1 < middle + 6]
    right = [line for line in pieces if line.x0 > middle - 6]
    over = [line for line in pieces if line.x1 >= middle + 6 and line.x0 <= middle - 6]
    if len(left) < 6 or len(right) < 6 or len(over) > 0.25 * len(pieces):
        return []
    # columns of running text are filled; the cells of a table are not
    for side in (left, right):
        start, end = min(line.x0 for line in side), max(line.x1 for line in side)
        if sum(line.x1 - line.x0 > 0.8 * (end - start) for line in side) < 0.55 * len(side):
            return []
        for line in side:
            line.column = start, end
    first = min(line.base for line in [*left, *right])
    above = [line for line in over if line.base < first]
    below = [line for line in over if line.base >= first]
    if any(line.base < max(one.base for one in [*left, *right]) for line in below):
        return []
    return [*above, *left, *right, *below]


def aligned(rows: list[list[Line]]) -> Aligned | None:
    """Rows of pieces that keep the same blanks free from top to bottom -> a table; None if they do not."""
    full = [row for row in rows if len(row) > 1]
    size = rows[0][0].size
    spans = sorted((line.x0, line.x1) for row in full for line in row)
    bands: list[list[float]] = []
    for x0, x1 in spans:
        if bands and x0 - bands[-1][1] < 0.8 * size:
            bands[-1][1] = max(bands[-1][1], x1)
        else:
            bands.append([x0, x1])
    if len(bands) < MIN_COLUMNS or len(full) < 0.5 * len(rows):
        return None
    edges = [(one[1] + two[0]) / 2 for one, two in pairwise(bands)]

    def column(line: Line) -> int:
        return sum(edge < (line.x0 + line.x1) / 2 for edge in edges)

    table: list[list[str]] = []
    # a line that leaves the first column free goes on with the row above, where that column is filled otherwise
    named = sum(any(column(line) == 0 for line in row) for row in rows)
    for row in rows:
        here = {column(line): line for line in row}
        if len(here) != len(row):
            return None
        wraps = table and len(here) < 0.6 * len(bands) and 0 not in here and named >= 0.3 * len(rows)
        if wraps:
            for col, line in here.items():
                table[-1][col] = glue(table[-1][col], line.text)
        else:
            table.append([here[col].text if col in here else "" for col in range(len(bands))])
    if len(table) < MIN_ROWS - 1:
        return None
    return Aligned(table, rows[0][0].base)
