"""A sheet with its merged cells filled in, and the block of rows that are its header."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from taizhang.kit.tables import Sheet
from taizhang.kit.tables.book import Cell

from .columns import DOINGS, DUTIES, TEXTS, field_of, header_key
from .plan import GUESS

LOOK = 40  # rows from the top in which a header is sought


class Grid:
    """Cells by row and column from 0; a merged cell is the same wherever it reaches."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows = sheet.rows
        self.height = len(sheet.rows)
        self.width = max((len(row) for row in sheet.rows), default=0)
        self.shares: dict[int, Decimal] = {}  # columns of shares: what their numbers are multiplied by
        self._origin: dict[tuple[int, int], tuple[int, int]] = {}
        for r1, c1, r2, c2 in sheet.merges:
            for r in range(r1, min(r2, self.height - 1) + 1):
                for c in range(c1, min(c2, self.width - 1) + 1):
                    self._origin[r, c] = (r1, c1)

    def origin(self, r: int, c: int) -> tuple[int, int]:
        return self._origin.get((r, c), (r, c))

    def cell(self, r: int, c: int) -> Cell:
        r, c = self.origin(r, c)
        return self.rows[r][c] if r < self.height and c < len(self.rows[r]) else None

    def text(self, r: int, c: int) -> str:
        cell = self.cell(r, c)
        if c in self.shares and isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
            return f"{(cell * self.shares[c]).normalize():f}%"
        return as_text(cell)

    def own(self, r: int) -> list[int]:
        """Columns of row R that hold something which begins in this row."""
        return [
            c for c in range(len(self.rows[r])) if self.rows[r][c] is not None and self.origin(r, c) == (r, c)
        ]

    def shown(self, r: int) -> list[int]:
        return [c for c in range(self.width) if self.cell(r, c) is not None]


def as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day).isoformat()
    return str(cell).strip()


@dataclass
class Header:
    """Rows TOP to BOTTOM (from 0); what each column means, how surely, and the key of its words."""

    top: int
    bottom: int
    fields: dict[int, str] = field(default_factory=dict)
    certain: dict[int, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    periods: list[int] = field(default_factory=list)  # columns of marks by month, quarter or half-year

    def of(self, *fields: str) -> list[int]:
        return sorted(c for c, name in self.fields.items() if name in fields)


def find_header(grid: Grid, chosen: Mapping[str, str]) -> Header | None:
    """The best header of the sheet, or None. CHOSEN: header key → field, the clerk's and the remembered words."""
    best: tuple[float, Header] | None = None
    for r in range(min(grid.height, LOOK)):
        if len(grid.shown(r)) < 3:
            continue
        for bottom in (r, r + 1, r + 2):
            if bottom >= grid.height or (bottom > r and not _goes_on(grid, r, bottom)):
                break
            header = _header(grid, r, bottom, chosen)
            score = _score(grid, header) + (0.05 if bottom > r and _splits(grid, bottom) else 0)
            if best is None or score > best[0] + 0.01:
                best = score, header
    return best[1] if best and best[0] >= 3 and is_ledger(best[1]) else None


def is_ledger(header: Header) -> bool:
    """Something that says what is to be done, and something that says who, by when or how far."""
    fields = set(header.fields.values())
    says_what = fields & {*TEXTS, "code"}
    duties, doings = fields & set(DUTIES), fields & set(DOINGS) - {"remark"}
    return bool(says_what) and (
        len(duties) + len(doings) >= 2
        or bool(duties)
        and len(says_what) >= 2
        or bool(doings)
        and len(says_what) >= 2
    )


def _goes_on(grid: Grid, top: int, r: int) -> bool:
    """Row R belongs to a header that begins at TOP: short words only, and it splits or fills what stands above."""
    own = grid.own(r)
    if not own:
        return any(grid.origin(r, c)[0] < r for c in grid.shown(r)) and len(grid.shown(r)) >= 3
    for c in own:
        cell = grid.rows[r][c]
        if not isinstance(cell, str) or len(cell.strip()) > 16 or re.search(r"[。；;]", cell):
            return False
    above = [grid.origin(r - 1, c) for c in range(grid.width) if grid.cell(r - 1, c) is not None]
    spread = {where for where, n in Counter(above).items() if n > 1}
    held = sum(grid.origin(r, c)[0] < r for c in range(grid.width))
    splits = sum(grid.origin(r - 1, c) in spread for c in own)
    blank_above = sum(grid.cell(r - 1, c) is None for c in own)
    return bool(splits or blank_above) and (splits + blank_above == len(own) or held > 0 or blank_above > 0)


def _splits(grid: Grid, r: int) -> bool:
    """Row R holds nothing but the parts of headings merged to the right above it; the others are merged down to it."""
    own = grid.own(r)
    above = Counter(grid.origin(r - 1, c) for c in range(grid.width) if grid.cell(r - 1, c) is not None)
    held = any(grid.origin(r, c)[0] < r for c in range(grid.width))
    return bool(own) and held and all(above[grid.origin(r - 1, c)] > 1 for c in own)


def _header(grid: Grid, top: int, bottom: int, chosen: Mapping[str, str]) -> Header:
    header = Header(top, bottom)
    last = ""
    for c in range(grid.width):
        lines, seen = [], set()
        for r in range(top, bottom + 1):
            where = grid.origin(r, c)
            text = re.sub(r"\s+", "", grid.text(r, c))
            if (
                not text
                and r == top
                and bottom > top
                and last
                and not grid.sheet.merges
                and grid.cell(bottom, c) is not None
            ):
                text = last  # a heading over several columns that nobody merged
            if text and where not in seen:
                seen.add(where)
                lines.append(text)
            if r == top and text:
                last = text
        if not lines:
            continue
        # a title merged over the whole width says nothing of a column
        key = header_key(tuple(lines))
        header.keys[c] = key
        if key in chosen:
            header.fields[c], header.certain[c] = chosen[key], "sure"
        elif found := field_of(tuple(lines)):
            header.fields[c], header.certain[c] = found
        else:
            header.fields[c], header.certain[c] = "", GUESS
    return header


def _score(grid: Grid, header: Header) -> float:
    fields = Counter(name for name in header.fields.values() if name)
    against = 0.0
    for r in range(header.top, header.bottom + 1):
        for c in grid.own(r):
            cell = grid.rows[r][c]
            if not isinstance(cell, str):
                against += 1
            elif len(cell.strip()) > 20:
                against += 0.6
    wide = len({grid.origin(header.top, c) for c in grid.shown(header.top)})
    known = sum(1 for name in header.keys if header.fields.get(name) or header.certain.get(name) != GUESS)
    return (
        len(fields)
        + 0.3 * known
        - against
        - (2 if wide < 2 else 0)
        + 0.05 * sum(n > 1 for n in fields.values())
    )
