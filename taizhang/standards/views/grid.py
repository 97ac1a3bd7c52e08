"""One page of a sheet as it stands in the file, with its merged cells and the doubtful ones marked."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from taizhang.kit.tables import column_name

from ..rules.columns import MEANINGS
from ..rules.tree import SheetReading
from ..sheets.grid import Grid, as_text

ROWS = 60
COLUMNS = 40
#: meanings whose columns hold sentences and want room
LONG = ("requirement", "rule", "needs")
LONGEST = 240  # characters of one cell
PLACE = re.compile(r"^(.*)!([A-Z]{1,3})(\d{1,7})$")


def place_of(text: str) -> tuple[str, int, int] | None:
    """ "测评标准!E13" → sheet, row and column counted from 0."""
    found = PLACE.match(text)
    if not found:
        return None
    column = 0
    for letter in found.group(2):
        column = column * 26 + ord(letter) - 64
    return found.group(1), int(found.group(3)) - 1, column - 1


def anchor(place: str) -> str:
    """The id of a cell in the page."""
    return "x-" + place.rpartition("!")[2]


@dataclass(frozen=True)
class GridPage:
    """`heads`: (letter, meaning); `rows`: (number, cells) as parts/sheet.html takes them; pages count from 1."""

    heads: list[tuple[str, SafeString | str]]
    rows: list[tuple[SafeString | str, list[dict[str, Any]]]]
    page: int
    pages: int
    first: int
    last: int
    height: int
    more_columns: int


def cells_of(
    grid: Grid, r: int, start: int, end: int, marks: dict[str, str], at: str
) -> list[dict[str, Any]]:
    """The cells of row R on the page of rows START to END (excluded); merged ranges are cut at the page's edge."""
    cells = []
    for c in range(min(grid.width, COLUMNS)):
        origin = grid.origin(r, c)
        if origin != (r, c) and not (r == start and origin[0] < start and origin[1] == c):
            continue
        last_row, last_column = grid.span.get(origin, origin)
        text = as_text(grid.cell(r, c))
        place = grid.place(r, c)
        cell: dict[str, Any] = {"text": text if len(text) <= LONGEST else f"{text[:LONGEST]}…"}
        if place in marks or place == at:
            cell["id"] = anchor(place)
            cell["warn"] = f"{marks.get(place, '')}{' at' if place == at else ''}".strip()
        if (rows := min(last_row, end - 1) - r + 1) > 1:
            cell["rowspan"] = rows
        if (columns := min(last_column, COLUMNS - 1) - c + 1) > 1:
            cell["colspan"] = columns
        cells.append(cell)
    return cells


def grid_page(
    grid: Grid,
    sheet: SheetReading,
    *,
    page: int,
    at: str,
    marks: dict[str, str],
    base: str,
    columns_url: str = "",
) -> GridPage:
    """One page; that with the cell AT if it lies in this sheet. Row numbers lead to what was made of the row."""
    here = place_of(at)
    at_row = here[1] if here and here[0] == grid.name else None
    pages = max(1, -(-grid.height // ROWS))
    page = at_row // ROWS + 1 if at_row is not None and at_row < grid.height else min(max(page, 1), pages)
    start, end = (page - 1) * ROWS, min(page * ROWS, grid.height)
    heads: list[tuple[str, SafeString | str]] = []
    for c in range(min(grid.width, COLUMNS)):
        meant = sheet.columns.get(c, "")
        words = MEANINGS.get(meant, "")
        css = "long" if meant in LONG else ""
        if columns_url and sheet.role == "indicators":
            link = format_html('<a class="{}" href="{}#c-{}">{}</a>', css, columns_url, c, words or "不读")
            heads.append((column_name(c), link))
        else:
            heads.append((column_name(c), format_html('<i class="{}">{}</i>', css, words)))
    rows: list[tuple[SafeString | str, list[dict[str, Any]]]] = []
    linked = sheet.role == "indicators" and base
    for r in range(start, end):
        number: SafeString | str = str(r + 1)
        if linked and r not in sheet.header_rows and not grid.blank(r):
            number = format_html(
                '<a href="{}&amp;{}#w">{}</a>', base, urlencode({"at": f"{grid.name}!A{r + 1}"}), r + 1
            )
        rows.append((number, cells_of(grid, r, start, end, marks, at)))
    return GridPage(heads, rows, page, pages, start + 1, end, grid.height, max(0, grid.width - COLUMNS))


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of a text sheet. `number`: its place in words, a link where something was made of it."""

    number: SafeString | str
    text: str
    css: str
    id: str


def paragraphs(grid: Grid, page: GridPage, *, at: str, marks: dict[str, str], base: str) -> list[Paragraph]:
    """The paragraphs of PAGE of a text sheet, with their outline levels."""
    sheet, found = grid.sheet, []
    for r in range(page.first - 1, page.last):
        text = as_text(grid.cell(r, 0))
        if not text:
            continue
        place = grid.place(r, 0)
        level = sheet.levels[r] if r < len(sheet.levels) else 0
        words = sheet.places[r] if r < len(sheet.places) and sheet.places[r] else f"第{r + 1}段"
        number = (
            format_html('<a href="{}&amp;{}#w">{}</a>', base, urlencode({"at": place}), words)
            if base
            else words
        )
        css = " ".join(
            part
            for part in (
                f"h{min(level, 3)}" if level else "",
                marks.get(place, ""),
                "at" if place == at else "",
            )
            if part
        )
        marked = place in marks or place == at
        found.append(
            Paragraph(
                number, text if len(text) <= 600 else f"{text[:600]}…", css, anchor(place) if marked else ""
            )
        )
    return found
