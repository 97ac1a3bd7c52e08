"""XML spreadsheets of Excel 2003 -> Book: the other format that many systems hand out under the name .xls."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ..archive import DTD
from ..cells import Room
from ..documents.words import child, children, name, number_of, parse, val
from ..errors import Refused
from .book import Book, Cell, Merge, Sheet
from .delimited import MAX_ROWS
from .guard import MAX_COLUMNS
from .xlsx import MAX_SHEETS, plain

SPACE = b"urn:schemas-microsoft-com:office:spreadsheet"


def is_xml2003(data: bytes) -> bool:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<?xml") and SPACE in data[:8192] and b"Workbook" in data[:8192]


def read_xml2003(data: bytes) -> Book:
    """Its sheets with merges and hidden rows, columns and sheets."""
    if any(word in data for word in DTD):
        raise Refused(
            "文件内部带有外部实体声明，可能被改动过，为安全起见不能导入。请重新取得文件，或另存一份再导入"
        )
    notes: list[str] = []
    pages = list(children(parse(data), "Worksheet"))
    if len(pages) > MAX_SHEETS:
        raise Refused(f"文件里有 {len(pages)} 张表，最多 {MAX_SHEETS} 张，请删去无关的表")
    room = Room()
    sheets = [sheet_of(page, notes, room) for page in pages]
    if not sheets:
        raise Refused("文件里没有工作表，请检查后重新选择")
    return Book(sheets, "xls", notes)


def sheet_of(page: Any, notes: list[str], room: Room) -> Sheet:
    title = val(page, "表", "Name")
    rows: list[list[Cell]] = []
    merges: list[Merge] = []
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    cut = None
    table = child(page, "Table")
    col = 0
    for one in children(table, "Column") if table is not None else ():
        col = number_of(one, "Index", col + 1)
        span = min(number_of(one, "Span"), MAX_COLUMNS)
        if val(one, "", "Hidden") == "1":
            hidden_columns.update(range(col - 1, col + span))
        col += span
    at = -1
    for line in children(table, "Row") if table is not None else ():
        at = number_of(line, "Index", at + 2) - 1
        if at >= MAX_ROWS:
            cut = MAX_ROWS
            notes.append(f"工作表“{title}”超过 {MAX_ROWS} 行，只读了前 {MAX_ROWS} 行")
            break
        if val(line, "", "Hidden") == "1":
            hidden_rows.add(at)
        cells = cells_of(line, at, merges)
        if cells:
            while len(rows) <= at:
                rows.append([])
            rows[at] = cells
        at += max(0, number_of(line, "Span"))
    width = max((len(row) for row in rows), default=0)
    room.take(len(rows), width)
    for row in rows:
        row.extend([None] * (width - len(row)))
    last = len(rows) - 1
    merges = sorted(
        (r1, c1, min(r2, last), min(c2, width - 1)) for r1, c1, r2, c2 in merges if r1 <= last and c1 < width
    )
    words = next((one.text for one in page.iter() if name(one) == "Visible"), "") or ""
    return Sheet(
        title,
        words.strip() in ("SheetHidden", "SheetVeryHidden"),
        rows,
        merges,
        frozenset(hidden_rows),
        cut,
        frozenset(hidden_columns),
    )


def cells_of(line: Any, row: int, merges: list[Merge]) -> list[Cell]:
    cells: list[Cell] = []
    col = -1
    for one in children(line, "Cell"):
        col = number_of(one, "Index", col + 2) - 1
        if not 0 <= col < MAX_COLUMNS:
            break
        across = min(max(number_of(one, "MergeAcross"), 0), MAX_COLUMNS)
        down = min(max(number_of(one, "MergeDown"), 0), MAX_ROWS)
        cells.extend([None] * (col - len(cells)))
        cells.append(value_of(child(one, "Data")))
        if across or down:
            merges.append((row, col, row + down, col + across))
        col += across
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def value_of(data: Any) -> Cell:
    if data is None:
        return None
    text = "".join(data.itertext())
    match val(data, "String", "Type"):
        case "Number":
            try:
                return plain(float(Decimal(text)))
            except (InvalidOperation, ValueError, OverflowError):
                return plain(text)
        case "DateTime":
            try:
                return datetime.fromisoformat(text.rstrip("Z").split(".")[0]).date()
            except ValueError:
                return plain(text)
        case "Boolean":
            return "是" if text.strip() == "1" else "否"
        case "Error":
            return None
        case _:
            return plain(text)
