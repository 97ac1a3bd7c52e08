"""Rows -> xlsx. Text is always written as text, so that no cell can turn into a formula or a link."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from os import PathLike
from typing import Any, BinaryIO

from taizhang.kit.errors import Refused

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


@contextmanager
def workbook(target: str | PathLike[str] | BinaryIO) -> Iterator[Any]:
    """An empty workbook to fill, closed at the end. Its library is large, so it is loaded when a table goes out."""
    import xlsxwriter  # noqa: PLC0415 -- slow import
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415 -- slow import

    text_only = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(target, {**text_only, "in_memory": True})
    yield book
    try:
        book.close()
    except FileCreateError as error:
        raise Refused(f"写不了表格文件，请看文件夹在不在、可不可写：{error}") from error


def write_xlsx(
    target: str | PathLike[str] | BinaryIO, sheets: list[OutSheet], made_on: date | None = None
) -> None:
    """Write SHEETS to a path or an open binary file. Numbers stay numbers, days become ISO text.

    MADE_ON: the day the file says it was made on, so that the same sheets give the same bytes; else this moment.
    """
    with workbook(target) as book:
        if made_on:
            book.set_properties({"created": datetime.combine(made_on, time())})
        _fill(book, sheets)


def _fill(book: Any, sheets: list[OutSheet]) -> None:
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


def sheet_name(wanted: str, used: set[str]) -> str:
    """A name Excel accepts: at most 31 characters, none of []:*?/\\, not used before."""
    clean = "".join("_" if char in "[]:*?/\\" else char for char in wanted).strip("'")[:31] or "表"
    name, count = clean, 2
    while name.lower() in used:
        name = f"{clean[: 31 - len(str(count)) - 1]}_{count}"
        count += 1
    used.add(name.lower())
    return name
