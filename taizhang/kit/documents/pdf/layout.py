"""One page as the child process tells it -> its tables and the lines of text beside them, in reading order."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from .grid import Grid, find_grids
from .text import Glyph, Line, cell_text, split_lines, spread

COLUMN_GAP = 1.5  # character widths: a wider blank parts a line


@dataclass
class Part:
    """A table, or the piece of one, that stands on this page.

    `weak`: a single frame, a table only if it goes on one; `lines` is its text as plain lines.
    """

    grid: Grid
    page: int
    lines: list[Line] = field(default_factory=list)

    @property
    def weak(self) -> bool:
        return len(self.grid.boxes) == 1

    @property
    def top(self) -> float:
        return self.grid.ys[0]


@dataclass
class Page:
    number: int
    width: float
    height: float
    parts: list[Part]
    lines: list[Line]
    outside: list[Glyph] = field(default_factory=list)  # what the lines beside tables are made of
    glyphs: int = 0
    picture: float = 0.0
    broken: int = 0
    stamped: int = 0
    unseen: int = 0


def lay_out(raw: dict[str, Any], number: int) -> Page:
    width, height = raw["size"]
    glyphs = [Glyph(*one) for one in raw["glyphs"]]
    parts = [Part(grid, number) for grid in find_grids(raw["lines"])]
    inside: list[list[Glyph]] = [[] for _ in parts]
    outside = []
    innermost = sorted(range(len(parts)), key=lambda at: parts[at].grid.area)  # a table may stand in a frame
    for glyph in glyphs:
        x, y = on_page(glyph, width, height)
        for at in innermost:
            if parts[at].grid.holds(x, y):
                inside[at].append(glyph)
                break
        else:
            if glyph.turn == 0:
                outside.append(glyph)
    for part, members in zip(parts, inside, strict=True):
        fill(part, members, width, height)
    parts = [part for part in parts if any(box.text for box in part.grid.boxes)]
    page = Page(number, width, height, parts, paged(outside, number), outside if parts else [])
    page.glyphs = sum(not glyph.char.isspace() for glyph in glyphs)
    page.picture, page.broken = raw["picture"], raw["broken"]
    page.stamped, page.unseen = raw["stamped"], raw["unseen"]
    return page


def paged(glyphs: list[Glyph], number: int) -> list[Line]:
    lines = split_lines(glyphs, COLUMN_GAP)
    for line in lines:
        line.page = number
    return lines


def on_page(glyph: Glyph, width: float, height: float) -> tuple[float, float]:
    """The middle of a glyph on the upright page; sideways text has coordinates of its own."""
    x, y = glyph.middle
    return ((x, y), (y, height - x), (width - x, height - y), (width - y, x))[glyph.turn]


def fill(part: Part, glyphs: list[Glyph], width: float, height: float) -> None:
    """Give each cell of PART the text that stands in it."""
    grid = part.grid
    owner = {
        (row, col): at
        for at, box in enumerate(grid.boxes)
        for row in range(box.top, box.bottom + 1)
        for col in range(box.left, box.right + 1)
    }
    members: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        members[owner[grid.slot(*on_page(glyph, width, height))]].append(glyph)
    if part.weak:
        part.lines = paged([glyph for glyph in glyphs if glyph.turn == 0], part.page)
    wording: dict[int, list[Line]] = {}
    for at, own in members.items():
        turn = Counter(one.turn for one in own if not one.char.isspace()).most_common(1)
        wording[at] = split_lines(one for one in own if not turn or one.turn == turn[0][0])
        if turn and turn[0][0]:
            ends = wording[at]
            grid.boxes[at].text = cell_text(ends, min(one.x0 for one in ends), max(one.x1 for one in ends))
            del wording[at]
    # how near to the edge of its column any text comes: the room a wrapped line had
    lefts: dict[int, float] = {}
    rights: dict[int, float] = {}
    for at, lines in wording.items():
        box = grid.boxes[at]
        for line in lines:
            lefts[box.left] = min(lefts.get(box.left, line.x0), line.x0)
            rights[box.right] = max(rights.get(box.right, line.x1), line.x1)
    for at, lines in wording.items():
        box = grid.boxes[at]
        if not lines:
            continue
        left = min(lefts[box.left], grid.xs[box.left] + 7.5)
        right = max(rights[box.right], grid.xs[box.right + 1] - 7.5)
        box.text = stacked(lines, members[at]) or cell_text(lines, left, right)
        box.room = (right - lines[-1].x1) / lines[-1].size


def stacked(lines: list[Line], glyphs: list[Glyph]) -> str:
    """Text set in upright columns, read from the right to the left; empty if it is not."""
    seen = [one for one in glyphs if not one.char.isspace()]
    if len(lines) < 3 or len(seen) < 5:
        return ""
    size = seen[0].size
    columns: list[list[Glyph]] = []
    for glyph in sorted(seen, key=lambda one: -one.x0):
        if columns and columns[-1][0].x0 - glyph.x0 < 0.5 * size:
            columns[-1].append(glyph)
        else:
            columns.append([glyph])
    steps = [one[0].x0 - two[0].x0 for one, two in pairwise(columns)]
    pitch = spread([line.base for line in lines]) / (len(lines) - 1)
    if not steps or min(steps) < 1.15 * size or pitch > 1.12 * size:
        return ""
    return "".join(glyph.char for column in columns for glyph in sorted(column, key=lambda one: one.base))
