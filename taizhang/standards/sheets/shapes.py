"""What stands in the columns of a sheet, counted; and the figures that a sheet names as its total."""

import re
from decimal import Decimal

from ..rules.codes import code_like
from ..rules.columns import Shape
from ..rules.numbers import fold, points_of, reads_as_points, squeeze
from .grid import Grid

TICKS = set("√✓✔☑●○◎★☆▲△■◆◇Vv∨✅")
STATED = re.compile(r"(?:满分|总分|总计|合计|共计|共)(?:值)?(?:为|是|:|：)?\s*(\d+(?:\.\d+)?)\s*分")
HEADED = re.compile(r"^([^()（）]{2,20})[(（](\d+(?:\.\d+)?)分[)）]$")


def is_figures(shape: Shape) -> bool:
    """A column that can only hold points: small figures, not counting, in most rows."""
    return (
        shape.numbers >= 0.8 * max(1, shape.filled)
        and shape.filled >= 0.5 * shape.rows
        and not shape.counting
        and shape.total <= 2000
        and shape.most <= 100
        and shape.total > 0
    )


def shape_of(grid: Grid, c: int, rows: list[int]) -> Shape:
    """Counts over the rows of items; see Shape."""
    filled = numbers = codes = ticks = runs = 0
    figures: list[Decimal] = []
    last: object = None
    values: dict[str, int] = {}
    length = 0
    for r in rows:
        if not grid.begins(r, c):
            continue
        cell = grid.cell(r, c)
        text = grid.text(r, c)
        filled += 1
        length += len(text)
        values[text] = values.get(text, 0) + 1
        if reads_as_points(cell):
            numbers += 1
            figures.append(points_of(cell) or Decimal(0))
        codes += code_like(cell)
        ticks += squeeze(text) in TICKS
        if text != last:
            runs, last = runs + 1, text
    common = frozenset(sorted(values, key=lambda text: (-values[text], text))[:12])
    return Shape(
        filled,
        len(rows),
        numbers,
        codes,
        ticks,
        len(values),
        runs,
        length / filled if filled else 0.0,
        common,
        counts_up(figures),
        sum(figures, Decimal(0)),
        max(figures, default=Decimal(0)),
    )


def counts_up(figures: list[Decimal]) -> bool:
    """1, 2, 3 …, perhaps starting again: each figure is one more than the last, or 1."""
    steps = [b - a == 1 or b == 1 for a, b in zip(figures, figures[1:], strict=False)]
    return len(figures) >= 3 and sum(steps) >= 0.9 * len(steps) and max(figures) >= 3


def stated_figures(grid: Grid) -> set[Decimal]:
    """Totals that the sheet names: 满分100分, 总分120分, and what its headings with points add up to."""
    named: set[Decimal] = set()
    headings: dict[str, Decimal] = {}
    for r in range(grid.height):
        for c in grid.filled(r):
            text = grid.text(r, c) if isinstance(grid.own(r, c), str) else ""
            if not text or len(text) > 200:
                continue
            named |= {Decimal(m) for m in STATED.findall(fold(text))}
            if m := HEADED.match(squeeze(text)):
                headings.setdefault(m.group(1), Decimal(m.group(2)))
    return named | ({sum(headings.values(), Decimal(0))} if len(headings) > 1 else set())
