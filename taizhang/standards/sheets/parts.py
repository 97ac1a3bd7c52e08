"""Several sub-items in one row of a table: which texts and points are theirs, and what stands once for all of them."""

import re
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal

from taizhang.kit.tables import Cell

from ..rules.codes import Ordinal, read_code, split_code
from ..rules.marks import tell_grades
from ..rules.numbers import points_in, points_of, reads_as_points
from ..rules.titles import cut, parts_of, shares, split_title
from ..rules.tree import Json
from .details import Details
from .grid import Grid
from .plan import Plan

BY_LINE = ("lead", "co", "cadence", "rule")
"""Columns in which as many plain lines as there are sub-items are one for each."""
BY_MARK = (*BY_LINE, "needs", "methods", "scope", "mandatory", "note")
MOST = 40


@dataclass(frozen=True)
class Part:
    """One sub-item: its words, its points, and the cells (column -> text) that are its alone."""

    text: str
    points: Decimal
    title: str = ""
    ordinal: Ordinal | None = None
    own: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """The sub-items of a row; `lead`: the words before the first of them."""

    lead: str
    parts: list[Part]

    @property
    def total(self) -> Decimal:
        return sum((part.points for part in self.parts), Decimal(0))


def known_parts(grid: Grid, plan: Plan, r: int, title: str, text: str, *, least: int = 2) -> Parts | None:
    """The sub-items of row R if the points of each are known: from the text, the points cell or another cell.

    With LEAST 1 a text that only opens with 1. is a list of one too. None when the row is one item. Falling figures that begin with the row's own points are grades, not parts.
    """
    figure = grid.cell(r, plan.points) if plan.points is not None else None
    stated = points_of(figure) if reads_as_points(figure) and not several(figure) else None
    others = [c for name in ("rule", "needs", "note") for c in plan.fields.get(name, [])]
    alone = [[0]] if least == 1 and is_first(text) else []
    for starts in [*ways(text or title, figure), *alone]:
        source = text or title
        pieces = [source[a:b].strip() for a, b in zip(starts, [*starts[1:], len(source)], strict=False)]
        if not least <= len(pieces) <= MOST:
            continue
        found = [points_in(bare(piece), loose=True) for piece in pieces]
        values = [value for value, _ in found]
        words = [rest for _, rest in found]
        taken: dict[int, list[str]] = {}
        if any(value is None for value in values):
            words = [bare(piece) for piece in pieces]
            values = list(parallel(figure, len(pieces)))
            if plan.points is not None and values:
                taken[plan.points] = [""] * len(pieces)
            for c in others:
                if not values and len(lines := cut(grid.text(r, c))) == len(pieces):
                    named = [points_in(bare(line), loose=True) for line in lines]
                    if all(value is not None for value, _ in named):
                        values = [value for value, _ in named]
                        taken[c] = [rest for _, rest in named]
        known = [value for value in values if value is not None]
        if len(known) != len(pieces) or (
            stated is not None and tell_grades([bare(piece) for piece in pieces], known, stated)
        ):
            continue
        if stated is not None and plan.points is not None:
            taken[plan.points] = [""] * len(pieces)
        return Parts(
            source[: starts[0]].strip().rstrip("：:"),
            dress(grid, plan, r, title if text else "", words, known, taken),
        )
    return None


def is_first(text: str) -> bool:
    """ "1.…（4分）": the first of a list, with its points."""
    ordinal, rest = split_code(text)
    return ordinal is not None and ordinal.simple and ordinal.number == 1 and points_in(rest)[0] is not None


def ways(text: str, figure: Cell) -> list[list[int]]:
    """Where parts may begin: at marks that open the text, at marks behind some words, or at its lines."""
    found = [*parts_of(text), *parts_of(text, inner=True)]
    if several(figure) and "\n" in text:
        starts = [m.start() for m in re.finditer(r"^[^\n]*\S", text, re.MULTILINE)]
        found.append(starts)
    return found


def several(figure: Cell) -> bool:
    """A points cell with more than one figure: "1\\n1\\n2", "①1分②1分"."""
    return isinstance(figure, str) and len(figures(figure)) > 1


def figures(text: str) -> list[Decimal]:
    """The figures of a points cell, one for each part or line; [] if one of them is none."""
    pieces = cut(text) or [line for line in re.split(r"[\n；;]", text) if line.strip()]
    values = [points_of(bare(piece)) for piece in pieces]
    return [value for value in values if value is not None] if None not in values else []


def parallel(figure: Cell, count: int) -> list[Decimal | None]:
    values = figures(figure) if isinstance(figure, str) else []
    return list(values) if len(values) == count else []


def dress(
    grid: Grid,
    plan: Plan,
    r: int,
    title: str,
    words: list[str],
    points: list[Decimal],
    taken: dict[int, list[str]],
) -> list[Part]:
    """Parts with what stands in parallel to them in the other cells of the row."""
    count = len(words)
    own = dict(taken)
    for name in BY_MARK:
        for c in plan.fields.get(name, []):
            if c not in own and (lines := side_by_side(grid.text(r, c), count, by_line=name in BY_LINE)):
                own[c] = lines
    titles = (side_by_side(title, count, by_line=True) if count > 1 else []) or [""] * count
    codes: list[Ordinal | None] = [None] * count
    if plan.code is not None:
        lines = [line.strip() for line in grid.text(r, plan.code).split("\n") if line.strip()]
        if len(lines) == count:
            codes = [read_code(line) for line in lines]
    return [
        Part(
            words[i].strip().rstrip("；;。 "),
            points[i],
            titles[i],
            codes[i],
            {c: lines[i] for c, lines in own.items()},
        )
        for i in range(count)
    ]


def side_by_side(text: str, count: int, *, by_line: bool) -> list[str]:
    """The COUNT pieces of a cell, by its marks or its lines; [] if it does not hold as many."""
    marked = cut(text)
    if len(marked) == count:
        return [bare(piece).rstrip("；;") for piece in marked]
    lines = [line.strip().rstrip("；;") for line in text.split("\n") if line.strip()]
    return lines if by_line and len(lines) == count else []


def bare(piece: str) -> str:
    """A part without the mark in front."""
    ordinal, rest = split_code(piece)
    return rest if ordinal is not None and rest else piece.strip()


class Patched(Grid):
    """A grid in which some cells say only what belongs to one of several sub-items."""

    def __init__(self, grid: Grid, own: dict[tuple[int, int], str]) -> None:
        self.__dict__.update(grid.__dict__)
        self.instead = own

    def cell(self, r: int, c: int) -> Cell:
        at = self.origin(r, c)
        return (self.instead[at] or None) if at in self.instead else super().cell(r, c)


def details_of(details: Details, rows: list[int], own: dict[int, str]) -> Details:
    """DETAILS as one sub-item sees them."""
    if not own:
        return details
    twin = copy(details)
    twin.grid = Patched(
        details.grid, {details.grid.origin(r, c): text for r in rows for c, text in own.items()}
    )
    return twin


def proposal(text: str, points: Decimal | None) -> Json | None:
    """How numbered parts without points could share POINTS: {"split": [{"title", "points"}, …]}; None if it has none."""
    starts = next(parts_of(text, inner=True), [])
    if not 2 <= len(starts) <= MOST or not points or points < Decimal("0.01") * len(starts):
        return None
    pieces = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=False)]
    return equal_parts(pieces, points)


def equal_parts(pieces: list[str], points: Decimal) -> Json:
    titles = [split_title(bare(piece).rstrip("；;。 "), long=30)[0] for piece in pieces]
    each = shares(points, len(pieces))
    return {
        "split": [{"title": name, "points": str(value)} for name, value in zip(titles, each, strict=True)]
    }


def split_words(title: str, count: int) -> str:
    return f"“{title}”里有 {count} 个小项，没有各自的分值，按一项读；需要时可拆成 {count} 项"
