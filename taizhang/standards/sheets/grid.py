"""A sheet with its merged ranges made plain: every cell knows the cell that speaks for it."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from taizhang.kit.tables import Cell, Sheet, a1

from ..rules.numbers import show


class Grid:
    """Read-only view of a Sheet. Rows and columns count from 0."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.name = sheet.name
        self.rows = sheet.rows
        self.height = len(sheet.rows)
        self.width = len(sheet.rows[0]) if sheet.rows else 0
        self.speaker: dict[tuple[int, int], tuple[int, int]] = {}
        self.span: dict[tuple[int, int], tuple[int, int]] = {}
        for r1, c1, r2, c2 in sheet.merges:
            if (r2 - r1 + 1) * (c2 - c1 + 1) > 200_000:
                continue
            self.span[(r1, c1)] = (r2, c2)
            for r in range(r1, r2 + 1):
                for c in range(c1, c2 + 1):
                    self.speaker.setdefault((r, c), (r1, c1))

    def window(self, first: int, end: int) -> "Grid":
        """The same sheet with all rows outside FIRST to END blank: places stay what they are."""
        empty: list[Cell] = [None] * self.width
        rows = [row if first <= r < end else empty for r, row in enumerate(self.rows)]
        merges = [merge for merge in self.sheet.merges if first <= merge[0] < end]
        return Grid(replace(self.sheet, rows=rows, merges=merges))

    def origin(self, r: int, c: int) -> tuple[int, int]:
        return self.speaker.get((r, c), (r, c))

    def cell(self, r: int, c: int) -> Cell:
        """The value shown at a place: that of the merged range it belongs to."""
        r, c = self.origin(r, c)
        return self.rows[r][c] if r < self.height and c < self.width else None

    def own(self, r: int, c: int) -> Cell:
        """The value written at this very place; None inside a merged range that began elsewhere."""
        return self.rows[r][c] if self.origin(r, c) == (r, c) and c < self.width else None

    def begins(self, r: int, c: int) -> bool:
        """Whether a filled cell starts in this row (its merged range may reach to the left)."""
        return self.origin(r, c)[0] == r and self.cell(r, c) is not None

    def text(self, r: int, c: int) -> str:
        return as_text(self.cell(r, c))

    def last_row(self, r: int, c: int) -> int:
        """The last row of the range that the cell belongs to."""
        origin = self.origin(r, c)
        return self.span.get(origin, origin)[0]

    def filled(self, r: int) -> list[int]:
        """Columns where a filled cell starts in row R, each merged range once."""
        return [c for c in range(self.width) if self.own(r, c) is not None]

    def blank(self, r: int) -> bool:
        return not any(cell is not None for cell in self.rows[r])

    def place(self, r: int, c: int) -> str:
        r, c = self.origin(r, c)
        return f"{self.name}!{a1(r, c)}"


def as_text(cell: Cell) -> str:
    """A cell as one would read it aloud; line ends kept."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return re.sub(r"\r\n?", "\n", cell).strip()
    if isinstance(cell, Decimal):
        return show(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def one_line(text: str) -> str:
    """Line ends inside a title are layout, not meaning."""
    return re.sub(r"\s*\n\s*", "", text).strip()
