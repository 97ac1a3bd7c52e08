"""From lines found on a picture to text: reading order, columns, paragraphs. Pure arithmetic, no picture is touched."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

SAME_ROW = 0.5  # of the lower line's height: pieces that share so much of it stand in one row
FULL = 1.6  # letters short of the right edge at most: the sentence goes on in the next line
INDENT = 1.2  # letters: a paragraph begins
GAP = 1.1  # of the usual distance between two lines, in letters: something new begins
STOPS = frozenset("Oo0〇。")
CELLS = 1.5  # letters of nothing between two pieces of a row: they are cells, not words
COLUMN = 4  # lines at least on both sides of a gutter
FILLED = 0.6  # of a column's width that its lines take up on the average; cells of a table take up less


@dataclass(frozen=True)
class Spot:
    """A line of text: its place in a picture turned upright and set straight, in any unit, and which line it is."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    line: int

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


def slant(quads: Sequence[Sequence[tuple[float, float]]]) -> float:
    """How many radians the lines fall to the right: the middle of the long ones (corners clockwise from upper left)."""
    angles = []
    for (ax, ay), (bx, by), _, (dx, dy) in quads:
        length, height = math.hypot(bx - ax, by - ay), math.hypot(dx - ax, dy - ay)
        if height > 0 and length > 5 * height:
            angles.append(math.atan2(by - ay, bx - ax))
    angle = statistics.median(angles) if angles else 0.0
    return angle if abs(angle) < 0.35 else 0.0


def straight(quad: Sequence[tuple[float, float]], angle: float) -> tuple[float, float, float, float]:
    """The box of QUAD after the page was turned back by ANGLE: middle, length and height are kept."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    x, y = (ax + bx + cx + dx) / 4, (ay + by + cy + dy) / 4
    cos, sin = math.cos(-angle), math.sin(-angle)
    x, y = x * cos - y * sin, x * sin + y * cos
    length = (math.hypot(bx - ax, by - ay) + math.hypot(cx - dx, cy - dy)) / 2
    height = (math.hypot(dx - ax, dy - ay) + math.hypot(cx - bx, cy - by)) / 2
    return x - length / 2, y - height / 2, x + length / 2, y + height / 2


def blocks(spots: Sequence[Spot]) -> list[list[Spot]]:
    """Parts of the page in reading order: where it is set in columns, the left one before the right one."""
    if len(spots) < 2 * COLUMN:
        return [list(spots)] if spots else []
    left, right = min(spot.x0 for spot in spots), max(spot.x1 for spot in spots)
    for part in (0.5, 0.45, 0.55, 0.4, 0.6, 0.33, 0.67):
        gutter = left + (right - left) * part
        found = _bands(spots, gutter)
        if any(len(band) == 2 for band in found):
            made: list[list[Spot]] = []
            for band in found:
                for column in band:
                    # a column may have columns of its own; what crosses the gutter is done with
                    made += blocks(column) if len(band) == 2 else [column]
            return made
    return [list(spots)]


def _bands(spots: Sequence[Spot], gutter: float) -> list[list[list[Spot]]]:
    """From top to bottom: either one part as wide as the page, or a left and a right column beside GUTTER."""
    crossing = sorted((spot for spot in spots if spot.x0 < gutter < spot.x1), key=lambda spot: spot.middle)
    rest = [spot for spot in spots if not spot.x0 < gutter < spot.x1]
    edges = [-math.inf, *(spot.middle for spot in crossing), math.inf]
    bands: list[list[list[Spot]]] = []
    for at in range(len(edges) - 1):
        between = [spot for spot in rest if edges[at] < spot.middle <= edges[at + 1]]
        sides = (
            [spot for spot in between if spot.x1 <= gutter],
            [spot for spot in between if spot.x0 >= gutter],
        )
        columns = list(sides) if _columns(*sides) else [between] if between else []
        for band in (columns, [[crossing[at]]] if at < len(crossing) else []):
            if len(band) == 1 and bands and len(bands[-1]) == 1:
                bands[-1][0] += band[0]
            elif band:
                bands.append(band)
    return bands


def _columns(left: list[Spot], right: list[Spot]) -> bool:
    """Whether two sides are columns of running text, and not the cells of a table."""
    for side in (left, right):
        if len(side) < COLUMN:
            return False
        width = max(spot.x1 for spot in side) - min(spot.x0 for spot in side)
        if statistics.fmean(spot.x1 - spot.x0 for spot in side) < FILLED * width:
            return False
        if width < 8 * statistics.median(spot.height for spot in side):
            return False
    return True


def rows(spots: Sequence[Spot]) -> list[list[Spot]]:
    """Pieces that stand side by side, from left to right; the rows from top to bottom."""
    made: list[list[Spot]] = []
    for spot in sorted(spots, key=lambda each: each.middle):
        for row in reversed(made[-3:]):
            last = row[-1]
            shared = min(last.y1, spot.y1) - max(last.y0, spot.y0)
            if shared > SAME_ROW * min(last.height, spot.height) and _beside(row, spot):
                row.append(spot)
                break
        else:
            made.append([spot])
    return [sorted(row, key=lambda each: each.x0) for row in made]


def _beside(row: list[Spot], spot: Spot) -> bool:
    """Whether SPOT overlaps none of ROW from left to right by more than half a letter."""
    return all(min(each.x1, spot.x1) - max(each.x0, spot.x0) < spot.height / 2 for each in row)


def text_of(spots: Sequence[Spot]) -> tuple[str, list[int]]:
    """The text in paragraphs, and the lines in reading order. A line that fills the width goes on without a break."""
    paragraphs: list[str] = []
    order: list[int] = []
    for block in blocks(spots):
        made = rows(block)
        letter = statistics.median(spot.height for spot in block)
        left, right = min(spot.x0 for spot in block), max(spot.x1 for spot in block)
        before: list[Spot] | None = None
        for row in made:
            said = _joined(row)
            if before is not None and _is_stop(before, row, left, right):
                paragraphs[-1] += "。"
            elif before is not None and _goes_on(before, row, left, right, letter):
                paragraphs[-1] = join(paragraphs[-1], said)
            else:
                paragraphs.append(said)
            before = row
            order += [spot.line for spot in row]
    return "\n".join(paragraphs), order


def _joined(row: list[Spot]) -> str:
    said = row[0].text
    for last, spot in zip(row, row[1:], strict=False):
        said = join(said, spot.text) if spot.x0 - last.x1 < 0.6 * spot.height else f"{said} {spot.text}"
    return said


def _goes_on(before: list[Spot], row: list[Spot], left: float, right: float, letter: float) -> bool:
    """Whether ROW continues the sentence of the row BEFORE it."""
    if _has_gaps(before) or _has_gaps(row):  # cells of a table
        return False
    first, last = row[0], before[-1]
    size = max(spot.height for spot in before)
    return (
        last.x1 > right - FULL * size
        and before[0].x0 < left + 4 * size  # centred lines of a heading stand further in
        and first.x0 < left + INDENT * letter
        and abs(first.height - last.height) < 0.35 * max(first.height, last.height)
        and first.y0 - last.y1 < GAP * size
    )


def _is_stop(before: list[Spot], row: list[Spot], left: float, right: float) -> bool:
    """Whether ROW is nothing but the full stop for which the row BEFORE had no room; read alone it looks like a letter."""
    size = max(spot.height for spot in before)
    alone = len(row) == 1 and row[0].text in STOPS and row[0].x1 < left + 1.5 * size
    return alone and before[-1].x1 > right - FULL * size


def _has_gaps(row: list[Spot]) -> bool:
    return any(spot.x0 - last.x1 > CELLS * spot.height for last, spot in zip(row, row[1:], strict=False))


def join(one: str, other: str) -> str:
    """Two pieces as one: a blank between Latin words, none in Chinese; a word parted by a hyphen is put together."""
    if not one or not other:
        return one + other
    if one[-1] == "-" and len(one) > 1 and one[-2].isascii() and one[-2].isalpha() and other[0].islower():
        return one[:-1] + other
    apart = one[-1].isascii() and one[-1].isalnum() and other[0].isascii() and other[0].isalnum()
    return f"{one} {other}" if apart or (one[-1] in ",;.!?" and other[0].isascii()) else one + other
