"""One row of a table of holidays, and what a cell of it means."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

WORKS = {"是", "上班", "班", "工作日", "调休上班", "补班", "1", "Y", "YES", "TRUE", "√"}
RESTS = {"否", "休", "放假", "休息", "假", "节假日", "不上班", "0", "N", "NO", "FALSE", "×"}
DAY = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
YEARS = range(1990, 2101)


@dataclass(frozen=True)
class HolidayRow:
    """A day that differs from its weekday."""

    day: date
    works: bool
    name: str = ""


def read_day(text: str) -> date | str:
    """The day that TEXT means (2031-10-01, 2031/10/1, 2031年10月1日, 20311001), or what is wrong with it."""
    said = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"\d{8}", said):
        said = f"{said[:4]}-{said[4:6]}-{said[6:]}"
    match = DAY.fullmatch(said.split(" ")[0] if ":" in said else said)
    if match is None:
        return f"“{text}”不是日期，请写成 2031-10-01 的样子"
    year, month, day = match.groups()
    if year is None:
        try:
            date(2000, int(month), int(day))
        except ValueError:
            return f"日期“{text}”不存在，也没有写年份"
        return f"日期“{text}”没有写年份，请写成 2031-{int(month):02}-{int(day):02} 的样子"
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return f"日期“{text}”不存在（没有这一天）"
    return found if found.year in YEARS else f"日期“{text}”的年份不对，应在 {YEARS[0]} 到 {YEARS[-1]} 之间"


def read_works(text: str) -> bool | None:
    """Whether the day is worked; None when the cell says neither."""
    said = unicodedata.normalize("NFKC", text).strip().upper()
    return True if said in WORKS else False if said in RESTS else None
