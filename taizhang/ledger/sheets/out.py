"""Rows → a workbook. Text is always written as text, so that no title can turn into a formula or a link."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from os import PathLike
from typing import Any, BinaryIO

from taizhang.campaigns.models import Year
from taizhang.kit.tables import workbook
from taizhang.kit.tables.book import Cell

from ..queries.sheet import SheetRow
from .columns import COLUMNS, EDITABLE, KEPT, LEDGER, UNITS, as_text

MAX_TEXT = 32_767  # what one cell can hold


def write_ledger(
    target: "str | PathLike[str] | BinaryIO", year: Year, rows: Sequence[SheetRow], units: Sequence[str]
) -> None:
    """Write ROWS of YEAR. Yellow columns may be changed and read back; UNITS are the names to choose a lead from.

    A hidden sheet keeps what was exported, so that reading back knows what was changed here and what elsewhere.
    """
    with workbook(target) as book:
        _fill(book, year, rows, units)


def _fill(book: Any, year: Year, rows: Sequence[SheetRow], units: Sequence[str]) -> None:
    look = {"border": 1, "valign": "top", "text_wrap": True}
    head = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
    plain, open_ = book.add_format(look), book.add_format(look | {"bg_color": "#FFFBEA"})
    day = book.add_format(look | {"bg_color": "#FFFBEA", "num_format": "yyyy-mm-dd"})
    heads = book.add_format(head | {"bg_color": "#F2F0EA"}), book.add_format(head | {"bg_color": "#F7E9B0"})
    page = book.add_worksheet(LEDGER)
    for at, column in enumerate(COLUMNS):
        page.set_column(at, at, column.width)
        page.write_string(0, at, column.label, heads[column.edit])
    for line, row in enumerate(rows, 1):
        for at, column in enumerate(COLUMNS):
            _cell(
                page,
                line,
                at,
                column.show(row),
                day if column.key == "due_on" else open_ if column.edit else plain,
            )
    page.freeze_panes(1, 6)
    page.autofilter(0, 0, max(1, len(rows)), len(COLUMNS) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    page.set_header("&C" + f"{year.campaign} {year.year} 年度台账".replace("&", "&&"))
    last = max(1, len(rows))
    if units:
        lead = next(at for at, column in enumerate(COLUMNS) if column.key == "lead")
        page.data_validation(
            1, lead, last, lead,
            {"validate": "list", "source": f"='{UNITS}'!$A$1:$A${len(units)}", "error_title": "没有这个处室",
             "error_message": "请从下拉里选本机关的处室。", "ignore_blank": True},
        )  # fmt: skip
    mark = next(at for at, column in enumerate(COLUMNS) if column.key == "priority")
    page.data_validation(1, mark, last, mark, {"validate": "list", "source": ["是"], "ignore_blank": True})

    kept = book.add_worksheet(KEPT)
    kept.hide()
    for at, text in enumerate(["年度", str(year.pk), f"{year.campaign}", str(year.year)]):
        kept.write_string(0, at, text[:MAX_TEXT])
    for at, text in enumerate(["系统号", "版本", *(column.label for column in EDITABLE)]):
        kept.write_string(1, at, text)
    for line, row in enumerate(rows, 2):
        kept.write_number(line, 0, row.id)
        kept.write_number(line, 1, row.version)
        for at, column in enumerate(EDITABLE, 2):
            kept.write_string(line, at, as_text(column.show(row))[:MAX_TEXT])
    names = book.add_worksheet(UNITS)
    names.hide()
    for line, name in enumerate(units):
        names.write_string(line, 0, name[:MAX_TEXT])


def _cell(page: Any, line: int, at: int, cell: Cell, look: Any) -> None:
    if cell is None or cell == "":
        page.write_blank(line, at, None, look)
    elif isinstance(cell, (int, Decimal)):
        page.write_number(line, at, cell, look)
    elif isinstance(cell, date):
        page.write_datetime(line, at, cell, look)
    else:
        page.write_string(line, at, cell[:MAX_TEXT], look)
