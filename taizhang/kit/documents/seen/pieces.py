"""Where text stands in the picture of a page: lines as the reader found them, parted at the rules of tables.

Pixels in, pixels out; the page stands straight already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .rules import Box

INSIDE = (
    0.3  # of a line's height: a rule that far within a line parts it, one nearer to its end cuts the end off
)
CLEAR = 2  # pixels left free beside a rule
SOLID = 0.8  # of a line's height: so much of a column is dark where a rule runs
TALL = 1.7  # times as high as wide: letters set one under the other
FEW = 24  # pixels of ink: less is dust
LOW = 9  # pixels: lower marks are dust too
LEAST = 0.35  # of a line's height: what is lower and was not found as text is none
MOST_UNDER = 30  # letters one under the other


@dataclass
class Piece:
    """A stretch of text to be read by itself. `cut`: what is cut out of the page; `box`: as far as its ink goes.

    `stacked`: the boxes of letters that stand one under the other.
    """

    cut: Box
    box: Box
    stacked: tuple[Box, ...] = ()


def pieces_of(
    lines: Sequence[Box], level: Sequence[Box], upright: Sequence[Box], mask: Any, inked: Any
) -> list[Piece]:
    """LINES parted at the rules, each as far as its ink goes; MASK: the ink of the page without rules, INKED: with."""
    found = []
    for line in lines:
        for cut in parted(line, level, [beside(line, rule, inked) for rule in upright]):
            box = trimmed(cut, mask)
            if box is None:
                continue
            tall = box[3] - box[1] > TALL * (box[2] - box[0])
            stacked = tuple(letters(box, mask)) if tall else ()
            found.append(Piece(cut, box, stacked if len(stacked) > 1 else ()))
    return found


def beside(line: Box, rule: Box, inked: Any) -> Box:
    """An upright RULE as it runs beside LINE: over a page it may drift by more than a small figure is wide."""
    top, bottom = max(0, round(line[1])), round(line[3])
    left, right = max(0, round(rule[0])), round(rule[2])
    if rule[1] > line[3] or rule[3] < line[1] or right < line[0] or left > line[2]:
        return rule
    part = inked[top:bottom, left:right] > 0
    dark = part.mean(axis=0) if part.size else part
    columns = (dark >= SOLID).nonzero()[0] if part.size else dark
    if not len(columns):
        return rule
    return (left + float(columns[0]), rule[1], left + float(columns[-1]) + 1, rule[3])


def parted(line: Box, level: Sequence[Box], upright: Sequence[Box]) -> list[Box]:
    """LINE without the rules it touches: parted where an upright one runs through it, its edges clear of the rest."""
    left, top, right, bottom = line
    height, middle = bottom - top, (top + bottom) / 2
    for rule in level:
        y = (rule[1] + rule[3]) / 2
        if rule[2] < left + 0.2 * height or rule[0] > right - 0.2 * height:
            continue
        if top - CLEAR < y < top + INSIDE * height:
            top = rule[3] + CLEAR
        elif bottom - INSIDE * height < y < bottom + CLEAR:
            bottom = rule[1] - CLEAR
    edges = []
    for rule in sorted(upright):
        x = (rule[0] + rule[2]) / 2
        if rule[1] > middle or rule[3] < middle:
            continue
        if left + INSIDE * height < x < right - INSIDE * height:
            edges.append(rule)
        elif left - CLEAR < x <= left + INSIDE * height:
            left = rule[2] + CLEAR
        elif right - INSIDE * height <= x < right + CLEAR:
            right = rule[0] - CLEAR
    parts = []
    for rule in edges:
        parts.append((left, top, rule[0] - CLEAR, bottom))
        left = rule[2] + CLEAR
    parts.append((left, top, right, bottom))
    return [one for one in parts if one[2] - one[0] >= 4 and one[3] - one[1] >= 6]


def trimmed(box: Box, mask: Any) -> Box | None:
    """BOX as far as there is ink in it; None where there is none."""
    left, top, right, bottom = (max(0, round(edge)) for edge in box)
    part = mask[top:bottom, left:right] > 0
    if part.size == 0 or part.sum() < FEW:
        return None
    columns, rows = part.any(axis=0).nonzero()[0], part.any(axis=1).nonzero()[0]
    if rows[-1] - rows[0] < LOW and columns[-1] - columns[0] < LOW:
        return None
    return (left + columns[0], top + rows[0], left + columns[-1] + 1.0, top + rows[-1] + 1.0)


def bands(box: Box, mask: Any, high: float) -> list[tuple[int, int]]:
    """The stretches of BOX, from top to bottom, in which there is ink: first and last row. Those that together are no
    higher than HIGH are one."""
    left, top, right, bottom = (max(0, round(edge)) for edge in box)
    filled = (mask[top:bottom, left:right] > 0).any(axis=1)
    found: list[tuple[int, int]] = []
    begin = -1
    for at, full in enumerate([*filled.tolist(), False]):
        if full and begin < 0:
            begin = at
        elif not full and begin >= 0:
            first, last = top + begin, top + at
            if found and last - found[-1][0] <= high:
                first = found.pop()[0]
            found.append((first, last))
            begin = -1
    return found


def letters(box: Box, mask: Any) -> list[Box]:
    """Letters one under the other: a letter may consist of strokes with blanks between, but is no higher than wide."""
    found = bands(box, mask, 1.15 * (box[2] - box[0]))
    return [(box[0], float(top), box[2], float(bottom)) for top, bottom in found]


def stacks(cells: Sequence[Box], letter: float, mask: Any) -> list[Piece]:
    """The text of CELLS that is one letter wide and several high; LETTER: how high a line of text is."""
    found = []
    for cell in cells:
        box = trimmed(_inner(cell), mask)
        if box is None or box[2] - box[0] > 1.1 * letter or box[3] - box[1] < TALL * (box[2] - box[0]):
            continue
        under = tuple(letters(box, mask))
        if 1 < len(under) <= MOST_UNDER and box[2] - box[0] > 0.5 * letter:
            found.append(Piece(cell, box, under))
    return found


def missed(cells: Sequence[Box], pieces: Sequence[Piece], letter: float, mask: Any) -> list[Piece]:
    """What stands in CELLS without having been found as text: a single figure is easily overlooked."""
    left_over = mask.copy()
    for one in pieces:
        left, top, right, bottom = (max(0, round(edge)) for edge in one.cut)
        left_over[top:bottom, left:right] = 0
    found = []
    for cell in cells:
        ink = trimmed(_inner(cell), left_over)
        if ink is None or ink[3] - ink[1] < LEAST * letter:
            continue
        for first, last in bands(ink, left_over, 1.1 * letter):
            box = trimmed((ink[0] - 1, first - 1, ink[2] + 1, last + 1), left_over)
            if box is None or not LEAST * letter <= box[3] - box[1] <= 1.3 * letter:
                continue
            edges = (box[0] - 5, box[1] - 5), (box[2] + 5, box[3] + 5)
            low = max(cell[0], edges[0][0]), max(cell[1], edges[0][1])
            high = min(cell[2], edges[1][0]), min(cell[3], edges[1][1])
            found.append(Piece((*low, *high), box))
    return found


def _inner(cell: Box) -> Box:
    return cell[0] + 5, cell[1] + 5, cell[2] - 5, cell[3] - 5


def is_in(piece: Piece, boxes: Sequence[Box]) -> bool:
    """Whether the middle of PIECE lies in one of BOXES."""
    x, y = (piece.box[0] + piece.box[2]) / 2, (piece.box[1] + piece.box[3]) / 2
    return any(one[0] < x < one[2] and one[1] < y < one[3] for one in boxes)
