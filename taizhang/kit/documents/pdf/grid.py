"""Ruling lines of a page -> grids: rectangles of cells, some of them merged."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

Rule = tuple[float, float, float]
"""Where a line runs (y of a level one, x of an upright one), from, to."""

NEAR = 3.0  # points: lines no further apart are one (double borders, borders of neighbouring cells)
SHORTEST = 3.0


@dataclass
class Box:
    """A cell: first row, first column, last row, last column, ends included, and which of its edges are drawn."""

    top: int
    left: int
    bottom: int
    right: int
    open_top: bool = False
    open_bottom: bool = False
    text: str = ""
    room: float = 0.0  # character widths left behind its last line


@dataclass
class Grid:
    """A table as one page shows it. `xs` and `ys` are the positions of its columns' and rows' edges."""

    xs: list[float]
    ys: list[float]
    boxes: list[Box] = field(default_factory=list)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    @property
    def area(self) -> float:
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    def holds(self, x: float, y: float) -> bool:
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def slot(self, x: float, y: float) -> tuple[int, int]:
        row = min(max(bisect_left(self.ys, y) - 1, 0), len(self.ys) - 2)
        return row, min(max(bisect_left(self.xs, x) - 1, 0), len(self.xs) - 2)


def find_grids(lines: list[list[float]]) -> list[Grid]:
    """All tables drawn with lines, from top to bottom; single frames too (one box)."""
    level, upright = [], []
    for x0, y0, x1, y1 in lines:
        if x1 - x0 >= y1 - y0:
            if x1 - x0 >= SHORTEST or y1 - y0 < 1:
                level.append(((y0 + y1) / 2, x0, x1))
        else:
            upright.append(((x0 + x1) / 2, y0, y1))
    level, upright = join(level), join(upright)
    grids = []
    for levels, uprights in connected(level, upright):
        if grid := make_grid(levels, uprights):
            grids.append(grid)
    # a table drawn within a cell of another is part of that cell; one within a mere frame stands by itself
    real = [grid for grid in grids if len(grid.boxes) > 1]
    kept = [
        grid
        for grid in grids
        if not any(other is not grid and within(grid.extent, other.extent) for other in real)
    ]
    return sorted(kept, key=lambda grid: (grid.ys[0], grid.xs[0]))


def within(inner: tuple[float, float, float, float], outer: tuple[float, float, float, float]) -> bool:
    return (
        inner[0] >= outer[0] - 1
        and inner[1] >= outer[1] - 1
        and inner[2] <= outer[2] + 1
        and inner[3] <= outer[3] + 1
    )


def join(rules: list[Rule]) -> list[Rule]:
    """Pieces of one line, drawn cell by cell or dashed, become one. Positions close together become equal."""
    at = snap([rule[0] for rule in rules])
    byplace: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for place, start, end in rules:
        byplace[at[place]].append((start, end))
    joined = []
    for place, spans in byplace.items():
        spans.sort()
        start, end = spans[0]
        for one, two in spans[1:]:
            if one <= end + NEAR:
                end = max(end, two)
            else:
                joined.append((place, start, end))
                start, end = one, two
        joined.append((place, start, end))
    return [rule for rule in joined if rule[2] - rule[1] >= SHORTEST]


def snap(values: list[float]) -> dict[float, float]:
    """Each value -> the middle of the bunch it stands in."""
    found: dict[float, float] = {}
    bunch: list[float] = []
    for value in [*sorted(set(values)), float("inf")]:
        if bunch and (value - bunch[-1] > NEAR or value - bunch[0] > 2 * NEAR):
            middle = (bunch[0] + bunch[-1]) / 2
            found.update(dict.fromkeys(bunch, middle))
            bunch = []
        bunch.append(value)
    return found


def connected(level: list[Rule], upright: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that touch one another, together."""
    parent = list(range(len(level) + len(upright)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    order = sorted(range(len(level)), key=lambda one: level[one][0])
    places = [level[one][0] for one in order]
    for number, (x, top, bottom) in enumerate(upright):
        for at in range(bisect_left(places, top - NEAR), len(order)):
            y, left, right = level[order[at]]
            if y > bottom + NEAR:
                break
            if left - NEAR <= x <= right + NEAR:
                parent[root(order[at])] = root(len(level) + number)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for number, rule in enumerate(level):
        groups[root(number)][0].append(rule)
    for number, rule in enumerate(upright):
        groups[root(len(level) + number)][1].append(rule)
    return [group for group in groups.values() if group[0] and group[1]]


def make_grid(level: list[Rule], upright: list[Rule]) -> Grid | None:
    left, right = min(rule[1] for rule in level), max(rule[2] for rule in level)
    top, bottom = min(rule[1] for rule in upright), max(rule[2] for rule in upright)
    xs, ys = sorted({rule[0] for rule in upright}), sorted({rule[0] for rule in level})
    # sides that are not drawn: a table without outer borders, or cut by the end of the page
    open_left, open_right = xs[0] - left > 2 * NEAR, right - xs[-1] > 2 * NEAR
    open_top, open_bottom = ys[0] - top > 2 * NEAR, bottom - ys[-1] > 2 * NEAR
    xs = ([left] if open_left else []) + xs + ([right] if open_right else [])
    ys = ([top] if open_top else []) + ys + ([bottom] if open_bottom else [])
    if len(xs) < 2 or len(ys) < 2 or len(xs) > 200 or len(ys) > 1000:
        return None
    beside: dict[float, list[Rule]] = defaultdict(list)
    above: dict[float, list[Rule]] = defaultdict(list)
    for rule in upright:
        beside[rule[0]].append(rule)
    for rule in level:
        above[rule[0]].append(rule)
    rows, cols = len(ys) - 1, len(xs) - 1

    def wall(row: int, edge: int) -> bool:
        """An upright line along ROW at the column edge EDGE."""
        if (edge == 0 and open_left) or (edge == cols and open_right):
            return True
        return covered(beside.get(xs[edge], []), ys[row], ys[row + 1])

    def floor(edge: int, col: int) -> bool:
        return covered(above.get(ys[edge], []), xs[col], xs[col + 1])

    owner = [[-1] * cols for _ in range(rows)]
    grid = Grid(xs, ys)
    for row in range(rows):
        for col in range(cols):
            if owner[row][col] >= 0:
                continue
            last = col
            while last + 1 < cols and owner[row][last + 1] < 0 and not wall(row, last + 1):
                last += 1
            low = row
            while (
                low + 1 < rows
                and not any(floor(low + 1, one) or owner[low + 1][one] >= 0 for one in range(col, last + 1))
                and not any(wall(low + 1, one) for one in range(col + 1, last + 1))
            ):
                low += 1
            for one in range(row, low + 1):
                owner[one][col : last + 1] = [len(grid.boxes)] * (last - col + 1)
            box = Box(row, col, low, last)
            box.open_top = row == 0 and not any(floor(0, one) for one in range(col, last + 1))
            box.open_bottom = low == rows - 1 and not any(floor(rows, one) for one in range(col, last + 1))
            grid.boxes.append(box)
    return grid


def covered(rules: list[Rule], start: float, end: float) -> bool:
    """Whether lines run along at least two thirds of the way from START to END."""
    length = sum(max(0.0, min(end, two) - max(start, one)) for _, one, two in rules)
    return length >= 0.66 * (end - start)
