"""Browsers leave out the sides of a merged cell on the pages it goes on over: such columns are put back.

Seen with Chromium: a group cell over several rows is cut open by the page's end, and on the next page neither its
border nor the table's outer border beside it is drawn.
"""

from itertools import pairwise

from .grid import Box
from .layout import Page, Part, paged
from .text import Glyph, Line, cell_text, split_lines

BESIDE = 3.0  # points


def put_back(pages: list[Page]) -> None:
    for before, page in pairwise(pages):
        if before.parts and page.parts:
            widen(before.parts[-1], page.parts[0], page)


def widen(above: Part, part: Part, page: Page) -> None:
    """Give PART the outer columns that ABOVE has, if cells are merged there and all other edges agree."""
    wanted, xs = above.grid.xs, part.grid.xs
    lefts = [x for x in wanted if x < xs[0] - BESIDE]
    rights = [x for x in wanted if x > xs[-1] + BESIDE]
    if not lefts and not rights or part.grid.ys[0] > 0.3 * page.height or len(xs) < 3:
        return
    if any(all(abs(x - edge) > BESIDE for edge in wanted) for x in xs):
        return
    kept = set(range(len(lefts), len(wanted) - 1 - len(rights)))
    if not any(box.bottom > box.top and box.left not in kept for box in above.grid.boxes):
        return
    for box in part.grid.boxes:
        box.left += len(lefts)
        box.right += len(lefts)
    edges = [*lefts, *xs, *rights]
    part.grid.xs = edges
    ys = part.grid.ys
    columns = [*range(len(lefts)), *range(len(edges) - 1 - len(rights), len(edges) - 1)]
    for column in columns:
        inside: list[Glyph] = []
        for glyph in page.outside:
            x, y = glyph.middle
            if edges[column] < x < edges[column + 1] and ys[0] - 2 < y < ys[-1] + 2:
                inside.append(glyph)
        page.outside = [glyph for glyph in page.outside if glyph not in inside]
        part.grid.boxes += stack(inside, column, ys, edges[column + 1] - edges[column])
    page.lines = paged(page.outside, page.number)


def stack(glyphs: list[Glyph], column: int, ys: list[float], width: float) -> list[Box]:
    """The cells of a column without lines: one for each clump of text, parted at the row edge between two clumps."""
    clumps: list[list[Line]] = []
    for line in split_lines(glyphs):
        if clumps and line.base - clumps[-1][-1].base < 2.2 * line.size:
            clumps[-1].append(line)
        else:
            clumps.append([line])
    top = 0
    boxes = []
    for at, clump in enumerate(clumps):
        low = len(ys) - 2
        if at + 1 < len(clumps):
            middle = (clump[-1].base + clumps[at + 1][0].base) / 2
            low = min(range(top, len(ys) - 2), key=lambda row: abs(ys[row + 1] - middle), default=low)
        left = min(line.x0 for line in clump)
        boxes.append(Box(top, column, low, column, text=cell_text(clump, left, left + width - 4)))
        top = low + 1
        if top > len(ys) - 2:
            break
    return boxes or [Box(0, column, len(ys) - 2, column)]
