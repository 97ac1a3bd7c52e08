"""Rows of a table that a page break cut in two are made one again; so are words whose characters stand apart."""

import re
from dataclasses import replace

from taizhang.kit.tables import Cell, Sheet

from ..rules.codes import split_code
from ..rules.departments import join_apart
from ..rules.numbers import is_figure

PAGE = re.compile(r"第(\d+)页")


def rejoin(sheet: Sheet) -> Sheet:
    """SHEET with the lower half of every cut row added to its upper half, and left blank."""
    if sheet.kind != "table" or len(sheet.places) != len(sheet.rows):
        return sheet
    pages = [found.group(1) if (found := PAGE.search(place)) else "" for place in sheet.places]
    rows = [list(row) for row in sheet.rows]
    began = {r1 for r1, *_ in sheet.merges}
    for r in range(1, len(rows)):
        if pages[r] != pages[r - 1] and r not in began and is_rest(rows[r - 1], rows[r]):
            for c, cell in enumerate(rows[r]):
                if cell is not None:
                    rows[r - 1][c] = f"{rows[r - 1][c]}{cell}"
            rows[r] = [None] * len(rows[r])
    return replace(sheet, rows=rows) if rows != sheet.rows else sheet


def is_rest(above: list[Cell], row: list[Cell]) -> bool:
    """Whether ROW only goes on with the texts of ABOVE: it has no figure where that has one, and begins nothing new."""
    filled = [c for c, cell in enumerate(row) if cell is not None]
    if not filled or len(filled) >= sum(cell is not None for cell in above):
        return False
    if any(not isinstance(above[c], str) or not isinstance(row[c], str) for c in filled):
        return False
    figures = [c for c, cell in enumerate(above) if is_figure(cell)]
    if not any(row[c] is None for c in figures) or any(row[c] is not None for c in figures):
        return False
    if split_code(str(row[filled[0]]))[0] is not None:
        return False
    return any(str(above[c])[-1] not in "。；;！!" for c in filled)


def join_words(sheet: Sheet) -> Sheet:
    """SHEET with words joined whose characters stand apart: 保 卫 处, 组 织 领 导."""
    rows = [[join_apart(cell) if isinstance(cell, str) else cell for cell in row] for row in sheet.rows]
    return sheet if rows == sheet.rows else replace(sheet, rows=rows)
