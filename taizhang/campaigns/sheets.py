"""The table of holidays, in and out."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from taizhang.kit.errors import Refused
from taizhang.kit.tables import Cell, OutSheet, Sheet, a1, read_book, write_xlsx

from .rules.holidays import HolidayRow, read_day, read_works

HEADER = ["日期", "是否上班", "名称"]
MAX_ROWS = 2000
LOOK_AT = 20  # rows in which the header is looked for


@dataclass(frozen=True)
class Columns:
    """Where the header stands and in which columns (counted from 0) the three things are."""

    row: int
    day: int
    works: int
    name: int | None


def read_holidays(data: bytes, filename: str) -> list[HolidayRow]:
    """The rows of a file, if all of them are right; refused with every wrong cell and its place if not."""
    book = read_book(data, filename)
    found: list[HolidayRow] = []
    problems: list[str] = []
    heads = [(sheet, columns) for sheet in book.sheets if not sheet.hidden and (columns := _columns(sheet))]
    if not heads:
        raise Refused(
            "没有找到表头。第一行要有“日期”“是否上班”两列（“名称”可有可无），可先下载样表再填。",
            problems=[f"工作表“{sheet.name}”里没有“日期”和“是否上班”" for sheet in book.sheets],
        )
    seen: dict[date, str] = {}
    for sheet, columns in heads:
        for at in range(columns.row + 1, len(sheet.rows)):
            _read_row(sheet, at, columns, found, problems, seen)
    if len(found) > MAX_ROWS:
        problems.append(f"表里有 {len(found)} 天，最多 {MAX_ROWS} 天，请分年导入。")
    if problems:
        raise Refused(f"节假日表有 {len(problems)} 处要改，一行也没有导入。", problems=problems)
    if not found:
        raise Refused("表里一个日期也没有，没有导入。每行写一天：日期、是否上班、名称。")
    return found


def _columns(sheet: Sheet) -> Columns | None:
    for at, row in enumerate(sheet.rows[:LOOK_AT]):
        texts = [cell.replace(" ", "") if isinstance(cell, str) else "" for cell in row]
        day = next((col for col, text in enumerate(texts) if text in ("日期", "日子", "年月日")), None)
        works = next(
            (
                col
                for col, text in enumerate(texts)
                if "上班" in text or text in ("班休", "类型", "性质", "班/休")
            ),
            None,
        )
        if day is not None and works is not None:
            name = next(
                (col for col, text in enumerate(texts) if text in ("名称", "节日", "节假日", "说明", "备注")),
                None,
            )
            return Columns(at, day, works, name)
    return None


def _read_row(
    sheet: Sheet,
    at: int,
    columns: Columns,
    found: list[HolidayRow],
    problems: list[str],
    seen: dict[date, str],
) -> None:
    row = sheet.rows[at]
    day_cell, works_cell = row[columns.day], row[columns.works]
    if day_cell is None and works_cell is None:
        return
    place = f"{sheet.name}!{a1(at, columns.day)}"
    day: date | str
    if isinstance(day_cell, date):
        day = day_cell
    else:
        day = read_day(_text(day_cell)) if day_cell is not None else "没有日期"
    works = read_works(_text(works_cell)) if works_cell is not None else None
    if isinstance(day, str):
        problems.append(f"{place}：{day}")
    elif day in seen:
        problems.append(f"{place}：{day} 在 {seen[day]} 已经写过，请删去一处")
    else:
        seen[day] = place
    if works is None:
        said = f"“{_text(works_cell)}”看不懂" if works_cell is not None else "是空的"
        problems.append(f"{sheet.name}!{a1(at, columns.works)}：是否上班{said}，请写“上班”或“放假”")
    if isinstance(day, date) and works is not None:
        name = (
            _text(row[columns.name])[:40]
            if columns.name is not None and row[columns.name] is not None
            else ""
        )
        found.append(HolidayRow(day, works, name))


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def holidays_xlsx(rows: list[tuple[date, bool, str]]) -> bytes:
    """What the site has added, as the same table that can be imported again; without rows a pattern to fill."""
    lines: list[list[Cell]] = [
        [day.isoformat(), "上班" if works else "放假", name] for day, works, name in rows
    ]
    out = BytesIO()
    write_xlsx(out, [OutSheet("节假日", HEADER, lines, [14, 12, 24])])
    return out.getvalue()
