"""Workbooks (.xlsx) -> Book, by calamine; what the author folded away is read from the parts themselves."""

import re
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import python_calamine as calamine

from ..archive import SAVE_AS, open_archive
from ..cells import Room
from ..errors import Refused
from . import guard
from .book import Book, Cell, Merge, Sheet
from .delimited import MAX_ROWS

MAX_SHEETS = 100


def read_workbook(data: bytes) -> Book:
    """The sheets of an xlsx file, hidden ones included and marked."""
    with open_archive(data) as archive:
        guard.check_workbook(archive)
        extents = guard.inspect(archive)
        places = sheet_places(archive)
    notes: list[str] = []
    sheets: list[Sheet] = []
    room = Room()
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        tabs = [tab for tab in workbook.sheets_metadata if tab.typ == calamine.SheetTypeEnum.WorkSheet]
        if len(tabs) > MAX_SHEETS:
            raise Refused(f"文件里有 {len(tabs)} 张表，最多 {MAX_SHEETS} 张，请删去无关的表")
        for tab in tabs:
            # a sheet whose part cannot be traced is judged by the largest part there is
            extent = extents.get(places.get(tab.name, "")) or max(
                extents.values(), key=lambda one: one.area, default=guard.Extent()
            )
            if extent.too_big:
                size = (
                    f"{extent.last_column} 列"
                    if extent.too_wide
                    else f"{extent.last_row} 行 × {extent.last_column} 列"
                )
                notes.append(f"工作表“{tab.name}”有 {size}，太大，没有读")
                continue
            room.take(min(extent.last_row, MAX_ROWS), extent.last_column)
            sheets.append(read_sheet(workbook, tab, extent, notes))
    except calamine.PasswordError as error:
        raise Refused(f"文件设有密码，无法读取。请取消密码，{SAVE_AS}") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Refused(f"工作簿内部有错，读不下去，{SAVE_AS}") from error
    except BaseException as error:
        # a Rust panic arrives as a BaseException of its own class
        if type(error).__name__ != "PanicException":
            raise
        raise Refused(f"工作簿内部有错，读不下去，{SAVE_AS}") from error
    if not sheets:
        raise Refused(
            "；".join(notes) + "，请删去无关的行列后再导入" if notes else "文件里没有工作表，请检查后重新选择"
        )
    return Book(sheets, "xlsx", notes)


def read_sheet(
    workbook: calamine.CalamineWorkbook, tab: calamine.SheetMetadata, extent: guard.Extent, notes: list[str]
) -> Sheet:
    raw = workbook.get_sheet_by_name(tab.name)
    rows: list[list[Cell]] = []
    cut = None
    if raw.start is not None:
        top, left = raw.start
        rows = [[] for _ in range(top)]
        for line in raw.to_python(skip_empty_area=True, nrows=MAX_ROWS):
            rows.append([None] * left + [plain(value) for value in line])
        if raw.end is not None and raw.end[0] >= MAX_ROWS:
            cut = MAX_ROWS
            del rows[MAX_ROWS:]
            notes.append(f"工作表“{tab.name}”有 {raw.end[0] + 1} 行，只读了前 {MAX_ROWS} 行")
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    for row in rows:
        row.extend([None] * (width - len(row)))
    merges: list[Merge] = sorted(
        (r1, c1, min(r2, len(rows) - 1), min(c2, width - 1))
        for (r1, c1), (r2, c2) in (raw.merged_cell_ranges or [])
        if r1 < len(rows) and c1 < width and r1 <= r2 and c1 <= c2
    )
    hidden = tab.visible != calamine.SheetVisibleEnum.Visible
    return Sheet(
        tab.name,
        hidden,
        rows,
        merges,
        frozenset(extent.hidden_rows),
        cut,
        frozenset(col for col in extent.hidden_columns if col < width),
    )


def plain(value: Any) -> Cell:
    """A value as the parser gives it -> Cell. Floats lose the noise of binary fractions."""
    if isinstance(value, str):
        return value.replace("_x000D_", "").strip().strip("\u200b\ufeff") or None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return None
        if value == int(value) and abs(value) < 1e15:
            return int(value)
        return Decimal(repr(round(value, 10)))
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (time, timedelta)):
        return str(value)
    return None if value is None else str(value)


SHEET_TAG = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")


def sheet_places(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> name of its part in the archive. A sheet whose part is not found is left out."""
    names = {name.lower().replace("\\", "/"): name for name in archive.namelist()}
    try:
        book = archive.read(names["xl/workbook.xml"]).decode("utf-8", "replace")
        links = archive.read(names["xl/_rels/workbook.xml.rels"]).decode("utf-8", "replace")
    except KeyError:
        return {}
    targets = {attribute(tag, "Id"): attribute(tag, "Target") for tag in RELATION.findall(links)}
    places = {}
    for tag in SHEET_TAG.findall(book):
        target = targets.get(attribute(tag, r"\w+:id"), "")
        path = target.lstrip("/") if target.startswith("/") else "xl/" + target
        if found := names.get(path.lower()):
            places[attribute(tag, "name")] = found
    return places


def attribute(tag: str, name: str) -> str:
    match = re.search(rf'\s{name}="([^"]*)"', tag)
    text = match.group(1) if match else ""
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text
