"""Old workbooks (.xls, also .et of WPS) -> Book, by xlrd, which knows merges and what is hidden; calamine stands by."""

import io
import struct
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import python_calamine as calamine
import xlrd

from ..archive import OLE, SAVE_AS
from ..cells import Room
from ..documents.ole import Container
from ..errors import Refused
from .book import Book, Cell, Merge, Sheet
from .delimited import MAX_ROWS
from .guard import MAX_BOX, MAX_COLUMNS
from .xlsx import MAX_SHEETS, plain

#: first record of a workbook from before containers: Excel 2 to 4, and bare Excel 5
BARE = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
FILEPASS = 0x2F
MULBLANK, BLANK = 0xBE, 0x201
HIDDEN_SHEETS = (1, 2)  # hidden, very hidden


def read_xls(data: bytes) -> Book:
    """The sheets of an .xls file, hidden ones included and marked. Refused: passwords, damage, monsters."""
    notes: list[str] = []
    stream = data
    if data.startswith(OLE):
        container = Container(data)
        stream = container.read("Workbook") or container.read("Book") or b""
        if container.has_macros:
            notes.append("文件带有宏，宏没有运行，只读了表格里的内容")
    blanks = 0
    for kind, body in records(stream):
        if kind == FILEPASS:
            raise Refused(f"文件设有密码，无法读取。请用 Excel 或 WPS 打开，取消密码后{SAVE_AS[14:]}")
        if kind == MULBLANK:
            blanks += max(0, (len(body) - 6) // 2)
    try:
        # empty cells are kept as objects when formats are read: not for millions of them
        book = open_book(data, formats=blanks < MAX_BOX)
        sheets = read_sheets(book, notes)
    except Refused:
        raise
    except Exception:
        sheets = by_calamine(data, notes)
    if not sheets:
        raise Refused(f"旧版工作簿（.xls）里没有读得到的表，可能已损坏，{SAVE_AS}")
    return Book(sheets, "xls", notes)


def records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a BIFF stream, as far as it is whole."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == 0 and size == 0:
            return
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def open_book(data: bytes, formats: bool) -> Any:
    return xlrd.open_workbook(
        file_contents=data, formatting_info=formats, ragged_rows=True, logfile=io.StringIO(),
        ignore_workbook_corruption=True,
    )  # fmt: skip


def read_sheets(book: Any, notes: list[str]) -> list[Sheet]:
    if book.nsheets > MAX_SHEETS:
        raise Refused(f"文件里有 {book.nsheets} 张表，最多 {MAX_SHEETS} 张，请删去无关的表")
    room = Room()
    return [read_sheet(book, page, notes, room) for page in book.sheets()]


def read_sheet(book: Any, page: Any, notes: list[str], room: Room) -> Sheet:
    cut = None
    count = page.nrows
    if count > MAX_ROWS:
        cut, count = MAX_ROWS, MAX_ROWS
        notes.append(f"工作表“{page.name}”有 {page.nrows} 行，只读了前 {MAX_ROWS} 行")
    rows: list[list[Cell]] = [
        [value_of(book, cell) for cell in page.row(r)[:MAX_COLUMNS]] for r in range(count)
    ]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    room.take(len(rows), width)
    for row in rows:
        row.extend([None] * (width - len(row)))
    # ranges are given with their ends left out
    merges: list[Merge] = sorted(
        (r1, c1, min(r2, len(rows)) - 1, min(c2, width) - 1)
        for r1, r2, c1, c2 in page.merged_cells
        if r1 < len(rows) and c1 < width and r1 < r2 and c1 < c2
    )
    hidden_rows = {r for r, info in page.rowinfo_map.items() if info.hidden}
    hidden_columns = {c for c, info in page.colinfo_map.items() if info.hidden and c < width}
    return Sheet(
        page.name,
        page.visibility in HIDDEN_SHEETS,
        rows,
        merges,
        frozenset(hidden_rows),
        cut,
        frozenset(hidden_columns),
    )


def value_of(book: Any, cell: Any) -> Cell:
    """A cell of xlrd -> Cell."""
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
        return None
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "是" if cell.value else "否"
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment: datetime = xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return plain(cell.value)
        if 0 <= cell.value < 1:
            return moment.strftime("%H:%M:%S")
        return date(moment.year, moment.month, moment.day)
    return plain(cell.value)


def by_calamine(data: bytes, notes: list[str]) -> list[Sheet]:
    """What the other parser finds in a file the first one fell over: values and merges, nothing hidden."""
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        tabs = [tab for tab in book.sheets_metadata if tab.typ == calamine.SheetTypeEnum.WorkSheet][
            :MAX_SHEETS
        ]
        sheets = []
        for tab in tabs:
            raw = book.get_sheet_by_name(tab.name)
            if raw.total_width > MAX_COLUMNS or raw.total_height * raw.total_width > MAX_BOX:
                notes.append(f"工作表“{tab.name}”太大，没有读")
                continue
            rows = [
                [plain(value) for value in line]
                for line in raw.to_python(skip_empty_area=False, nrows=MAX_ROWS)
            ]
            while rows and not any(cell is not None for cell in rows[-1]):
                rows.pop()
            merges = [
                (r1, c1, min(r2, len(rows) - 1), c2)
                for (r1, c1), (r2, c2) in raw.merged_cell_ranges or []
                if r1 < len(rows)
            ]
            hidden = tab.visible != calamine.SheetVisibleEnum.Visible
            sheets.append(Sheet(tab.name, hidden, rows, sorted(merges)))
    except calamine.PasswordError as error:
        raise Refused(f"文件设有密码，无法读取。请取消密码，{SAVE_AS}") from error
    except (calamine.CalamineError, OSError, ValueError, TypeError) as error:
        raise Refused(f"旧版工作簿（.xls）内部有错或不完整，读不下去，{SAVE_AS}") from error
    except BaseException as error:
        # a Rust panic arrives as a BaseException of its own class
        if type(error).__name__ != "PanicException":
            raise
        raise Refused(f"旧版工作簿（.xls）内部有错，读不下去，{SAVE_AS}") from error
    notes.append("旧版工作簿内部有些不合规范，隐藏的行列没有认出，请核对")
    return sheets
