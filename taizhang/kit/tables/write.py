"""Rows -> xlsx. Text is always written as text, so that no cell can turn into a formula or a link."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from os import PathLike
from typing import BinaryIO

import xlsxwriter

from .book import Cell

DEFAULT_WIDTH = 14.0
WRAP_FROM = 20.0  # columns at least this wide hold sentences
MAX_TEXT = 32_767  # what one cell can hold


@dataclass(frozen=True)
class OutSheet:
    """A sheet to write: name, header texts, rows of cells, widths in characters (may be shorter)."""

    name: str
    header: list[str]
    rows: list[list[Cell]]
    widths: list[float] = field(default_factory=list)


def write_xlsx(target: str | PathLike[str] | BinaryIO, sheets: list[OutSheet]) -> None:
    """Write SHEETS to a path or an open binary file. Numbers stay numbers, days become ISO text."""
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    book = xlsxwriter.Workbook(target, options)
    head = book.add_format(
        {
            "bold": True,
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
            "border": 1,
            "bg_color": "#F2F0EA",
        }
    )
    line = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    used: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(sheet_name(sheet.name, used))
        for col in range(len(sheet.header)):
            page.set_column(col, col, sheet.widths[col] if col < len(sheet.widths) else DEFAULT_WIDTH)
        for col, text in enumerate(sheet.header):
            page.write_string(0, col, text[:MAX_TEXT], head)
        page.freeze_panes(1, 0)
        for row, cells in enumerate(sheet.rows, start=1):
            for col, cell in enumerate(cells):
                if cell is None:
                    page.write_blank(row, col, None, line)
                elif isinstance(cell, (int, Decimal)):
                    page.write_number(row, col, cell, line)
                else:
                    text = cell.isoformat() if isinstance(cell, date) else cell
                    page.write_string(row, col, text[:MAX_TEXT], line)
    book.close()


def sheet_name(wanted: str, used: set[str]) -> str:
    """A name Excel accepts: at most 31 characters, none of []:*?/\\, not used before."""
    clean = "".join("_" if char in "[]:*?/\\" else char for char in wanted).strip("'")[:31] or "表"
    name, count = clean, 2
    while name.lower() in used:
        name = f"{clean[: 31 - len(str(count)) - 1]}_{count}"
        count += 1
    used.add(name.lower())
    return name
