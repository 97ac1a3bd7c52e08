"""Finds the header of a sheet, of one to three lines, and what each of its columns means."""

import re
from dataclasses import dataclass, field

from ..rules.columns import (
    TREE,
    Guess,
    Shape,
    is_method,
    meaning_of,
    shape_meaning,
    tells_rules,
    text_meanings,
    word_meaning,
)
from ..rules.marks import unmark
from ..rules.numbers import reads_as_points, squeeze
from .grid import Grid
from .shapes import TICKS, is_figures, shape_of, stated_figures

LOOK = 60  # rows from the top in which a header is sought


@dataclass
class Header:
    """First and last header row, the meaning of each column, and how the meaning came about."""

    top: int
    bottom: int
    columns: dict[int, Guess] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    hints: dict[int, str] = field(default_factory=dict)

    def of(self, *meanings: str) -> list[int]:
        return sorted(col for col, guess in self.columns.items() if guess.meaning in meanings)


def find_header(grid: Grid, rows: tuple[int, ...] = ()) -> Header | None:
    """The header block, or None when no row looks like one. ROWS are a clerk's own choice."""
    if rows:
        header = Header(min(rows), max(rows))
    else:
        best, best_score = None, 1.5
        for r in range(min(grid.height, LOOK)):
            if (score := row_score(grid, r)) > best_score:
                best, best_score = r, score
        found = Header(*stretch(grid, best)) if best is not None else header_by_shape(grid)
        if found is None:
            return None
        header = found
    for c in range(grid.width):
        lines = header_lines(grid, header, c)
        header.texts[c] = " / ".join(dict.fromkeys(lines))
        if guess := meaning_of(lines):
            header.columns[c] = guess
            header.hints[c] = guess.meaning
    return header


def header_by_shape(grid: Grid) -> Header | None:
    """A sheet whose heads say nothing, or that has none: a column of small figures beside texts makes it a table.

    Without any header the block ends above the first row (bottom = -1).
    """
    for first in range(min(grid.height, 12)):
        rows = [r for r in range(first + 1, grid.height) if not grid.blank(r)]
        if len(rows) < 5 or len(grid.filled(first)) < 3:
            continue
        if not any(is_figures(shape_of(grid, c, rows)) for c in range(grid.width)):
            return None
        texts = [grid.own(first, c) for c in grid.filled(first)]
        if all(isinstance(text, str) and len(text) <= 14 and not reads_as_points(text) for text in texts):
            return Header(first, first)
        return Header(first, first - 1)
    return None


def row_score(grid: Grid, r: int) -> float:
    """How much a row looks like a header: telling words count, numbers and sentences speak against it."""
    found: set[str] = set()
    cells = grid.filled(r)
    if len(cells) < 2:
        return 0
    against = 0.0
    for c in cells:
        cell = grid.own(r, c)
        if not isinstance(cell, str):
            against += 1
            continue
        if meaning := word_meaning(cell):
            found.add(meaning if meaning not in TREE else f"{meaning}{squeeze(cell)}")
        elif len(cell) > 20 or re.search(r"[。；：]", cell):
            against += 0.5
    strong = found & {"points", "rule", "lead", "methods", "needs", "code", "serial", "cadence"}
    return len(found) + 0.2 * len(strong) - against


def stretch(grid: Grid, r: int) -> tuple[int, int]:
    """First and last line of the header that row R is part of."""
    top = bottom = r
    for c in range(grid.width):
        r1, _ = grid.origin(r, c)
        if r - 3 <= r1 < top and len(grid.filled(r1)) > 1:
            top = r1
        last = grid.last_row(r, c)
        if last - r <= 2 and grid.cell(r, c) is not None:
            bottom = max(bottom, last)
    if top == r and r > 0 and is_upper_line(grid, r):
        top = r - 1
    for below in (bottom + 1, bottom + 2):
        if (
            below < grid.height
            and below - top <= 3
            and below == bottom + 1
            and is_lower_line(grid, top, bottom, below)
        ):
            bottom = below
    return top, bottom


def is_upper_line(grid: Grid, r: int) -> bool:
    """Row R-1 names groups of columns: telling words, over cells that R leaves empty or splits."""
    above = grid.filled(r - 1)
    if len(above) < 2 or any(
        not isinstance(grid.own(r - 1, c), str) or len(grid.text(r - 1, c)) > 14 for c in above
    ):
        return False
    telling = [c for c in above if word_meaning(grid.text(r - 1, c))]
    return len(telling) >= 2 and any(grid.cell(r, c) is None for c in above)


def is_lower_line(grid: Grid, top: int, bottom: int, r: int) -> bool:
    """Row R goes on with the header: short words, no numbers, none below the columns of items and points."""
    cells = grid.filled(r)
    if not cells:
        return False
    spans = {
        grid.origin(bottom, c)
        for c in range(grid.width)
        if len([d for d in range(grid.width) if grid.origin(bottom, d) == grid.origin(bottom, c)]) > 1
        and grid.cell(bottom, c) is not None
    }
    under_span = [c for c in cells if grid.origin(bottom, c) in spans]
    words = 0
    for c in cells:
        cell = grid.own(r, c)
        if not isinstance(cell, str) or len(cell) > 12 or squeeze(cell) in TICKS:
            return False
        above = next((grid.text(line, c) for line in range(bottom, top - 1, -1) if grid.text(line, c)), "")
        if grid.origin(r, c) != (r, c):
            continue
        meaning = word_meaning(above)
        known = word_meaning(cell) is not None or is_method(cell)
        words += known
        if (
            c not in under_span
            and above
            and meaning in (*TREE, "points", "rule", "needs", "code", "serial")
            and not (known and meaning_differs(above, cell))
        ):
            return False
    return words >= 1 and words >= 0.5 * len(cells) or (len(under_span) == len(cells) and len(cells) >= 2)


def meaning_differs(above: str, cell: str) -> bool:
    return squeeze(above) != squeeze(cell) and len(squeeze(cell)) <= 6


def header_lines(grid: Grid, header: Header, c: int) -> tuple[str, ...]:
    """The header texts over one column, top to bottom; a blank right of a heading belongs to that heading."""
    lines: list[str] = []
    seen: set[tuple[int, int]] = set()
    for r in range(header.top, header.bottom + 1):
        origin = grid.origin(r, c)
        text = grid.text(r, c)
        if (
            not text
            and r < header.bottom
            and any(grid.own(below, c) is not None for below in range(r + 1, header.bottom + 1))
            and not grid.sheet.merges
        ):
            left = next((d for d in range(c - 1, -1, -1) if grid.own(r, d) is not None), None)
            if left is not None and any(
                grid.own(below, left) is not None for below in range(r + 1, header.bottom + 1)
            ):
                text, origin = grid.text(r, left), (r, left)
        if text and origin not in seen:
            seen.add(origin)
            lines.append(unmark(re.sub(r"\s+", "", text)))
    return tuple(lines)


GRADES = [
    "A",
    "B",
    "C",
    "D",
    "E",
    "优",
    "良",
    "中",
    "差",
    "优秀",
    "良好",
    "一般",
    "较差",
    "合格",
    "不合格",
    "好",
    "较好",
    "一档",
    "二档",
    "三档",
    "四档",
]


def grade_columns(header: Header, shapes: dict[int, Shape]) -> dict[int, Guess]:
    """Columns headed A, B, C, D (优, 良 …), at least three of them: with figures below they tell what each grade
    earns, with words below how it is earned."""
    figures, words = {}, {}
    for c, shape in shapes.items():
        name = (
            squeeze(header.texts.get(c, "").split(" / ")[-1])
            .removesuffix("档" if "一档" not in header.texts.get(c, "") else "")
            .removesuffix("级")
        )
        if name not in GRADES or not shape.filled:
            continue
        if shape.numbers >= 0.8 * shape.filled:
            figures[c] = Guess("grade", name)
        elif shape.numbers < 0.3 * shape.filled and shape.ticks < 0.5 * shape.filled:
            words[c] = Guess("rule", name)
    return (figures if len(figures) >= 3 else {}) | (words if len(words) >= 3 else {})


def drop_shadows(grid: Grid, header: Header, rows: list[int]) -> None:
    """Columns whose cells are merged into the column at their left hold nothing of their own."""
    for c in range(1, grid.width):
        shown = [r for r in rows if grid.cell(r, c) is not None]
        if shown and sum(grid.origin(r, c)[1] < c for r in shown) >= 0.8 * len(shown):
            header.columns[c] = Guess("ignore")


def settle_rules(header: Header, shapes: dict[int, Shape]) -> None:
    """A column headed 评价标准, 考核细则 that tells how points are won is the rule, if another one says what is asked."""
    if any(shapes[c].filled and not header.columns[c].detail for c in header.of("rule") if c in shapes):
        return
    for c, shape in shapes.items():
        own = header.columns.get(c)
        if own and own.meaning not in ("requirement", "title", "methods", "note"):
            continue
        if not tells_rules(header.texts.get(c, "").split(" / ")[-1], shape):
            continue
        asks = [
            d for d in header.of("requirement", "title", "section", "subsection") if d != c and d in shapes
        ]
        if any(shapes[d].runs >= 0.8 * shape.filled for d in asks):
            header.columns[c] = Guess("rule")
            return


def find_points(grid: Grid, header: Header, shapes: dict[int, Shape]) -> None:
    """No column is headed as points: the one of small figures that add up to a hundred, or to what the sheet states."""
    if header.of("points", "group_points", "grade", "tick"):
        return
    found = [
        c
        for c, shape in shapes.items()
        if is_figures(shape) and (c not in header.columns or header.columns[c].meaning == "ignore")
    ]
    known = stated_figures(grid)
    hits = [c for c in found if shapes[c].total in known or shapes[c].total in (100, 1000)]
    if len(hits) == 1 or hits and len({shapes[c].total for c in hits}) == 1:
        header.columns[hits[0]] = Guess("points", sure=False)


def complete(grid: Grid, header: Header, rows: list[int]) -> dict[int, Shape]:
    """Give columns without a telling header a meaning by their shape; take it from those that hold nothing."""
    drop_shadows(grid, header, rows)
    shapes = {c: shape_of(grid, c, rows) for c in range(grid.width)}
    for c, shape in shapes.items():
        guess = header.columns.get(c)
        if (
            guess
            and guess.meaning == "points"
            and shape.filled
            and shape.numbers < 0.3 * shape.filled
            and shape.length > 6
        ):
            # "项目及分值" holds names with their points behind
            rest = word_meaning(
                re.sub(
                    r"[和与及、/（(]?(?:分值|满分|标准分|权重|分数).*$",
                    "",
                    squeeze(header.texts.get(c, "").split(" / ")[-1]),
                )
            )
            header.columns[c] = Guess(rest or "rule", sure=rest is not None)
        elif (
            guess
            and guess.meaning == "tick"
            and shape.filled
            and shape.length > 5
            and shape.ticks + shape.numbers < 0.5 * shape.filled
        ):
            header.columns[c] = Guess(
                "needs" if re.search(r"材料|资料", guess.detail) else "methods", sure=False
            )
        elif (
            guess
            and guess.meaning == "rule"
            and shape.filled
            and shape.numbers >= 0.9 * shape.filled
            and not header.of("points")
        ):
            header.columns[c] = Guess("points", sure=False)
    header.columns |= grade_columns(header, shapes)
    settle_rules(header, shapes)
    find_points(grid, header, shapes)
    for c, shape in sorted(shapes.items(), key=lambda item: not is_figures(item[1])):
        if c in header.columns:
            continue
        taken = {guess.meaning for guess in header.columns.values()}
        if shape.ticks >= 0.9 * max(1, shape.filled) and shape.filled and is_method(header.texts.get(c, "")):
            header.columns[c] = Guess("tick", squeeze(header.texts[c]))
        elif guess := shape_meaning(shape, taken):
            header.columns[c] = guess
    left = {
        c: shape
        for c, shape in shapes.items()
        if c not in header.columns and shape.filled and shape.numbers < 0.5 * shape.filled
    }
    header.columns |= text_meanings(
        left, {guess.meaning: shapes[c].length for c, guess in header.columns.items() if c in shapes}
    )
    return shapes
