"""Dates as offices write them: 6月底, 2019.6.30, 6/30, 每月, 长期, 12月前, serial numbers of a spreadsheet."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from taizhang.kit.cells import Cell
from taizhang.standards.rules.numbers import chinese_number

#: no single day is meant: nothing is wrong, and nothing is taken over
OPEN = re.compile(
    r"^(?:全年|常年|长期|持续|常态|随时|适时|实时|即时|不定期|定期|按需|按要求|按时|按规定|根据|每|各|逐|立行立改|立即|年度内?持续|贯穿)"
)
EVERY = re.compile(
    r"^(?:每|各|逐)(?:个)?(?:日|天|周|旬|月|双月|两月|季度?|半年|年|学期|次)|^按(?:日|周|月|季度?|年)"
)
MONTH = r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
BY = r"(?:之前|以前|前|止|截止|前后|左右|完成|前完成|前完毕|底)?"
SERIAL = (20000, 60000)  # 1954 to 2064: what a spreadsheet shows as a number when the cell lost its format


@dataclass(frozen=True)
class Day:
    """`on` None: no day. `note` (Chinese) says what a person should look at; `open` = 长期, 每月: meant so."""

    on: date | None
    note: str = ""
    open: bool = False


def day_of(cell: Cell, year: int, *, first: date | None = None, last: date | None = None) -> Day:
    """The day CELL means; dates without a year belong to YEAR. FIRST and LAST: the year's own bounds, for a note."""
    if cell is None:
        return Day(None)
    found = _read(cell, year)
    if found.on and not found.note and first and last and not first <= found.on <= last:
        return Day(found.on, f"“{_shown(cell)}”读作 {found.on.isoformat()}，不在本年度之内，请核对")
    return found


def _shown(cell: Cell) -> str:
    return " ".join(str(cell).split())[:30]


def _read(cell: Cell, year: int) -> Day:
    if isinstance(cell, date):
        return Day(date(cell.year, cell.month, cell.day))
    if isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        return _number(Decimal(cell), year)
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(cell))).strip("。.;；,，")
    text = re.sub(r"[(\[【].*?[)\]】]$", "", text) or text
    text = re.sub(r"^(?:即日|现在|印发之日)起?(?:至|到)|各[一1]次$", "", text)
    text = re.sub(r"00:00(?::00)?$", "", text).replace("号", "日").replace("。", ".")
    text = re.sub(
        r"^(?:截至|截止到?|至|到|于|在|限|拟|预计|计划)|(?:之?前)?(?:完成|办结|报送|报|上报|到位|完毕)$",
        lambda m: "前" if "前" in m.group() else "",
        text,
    )
    text = re.sub(r"^(?:[上下]半年|第?[一二三四1-4]季度|今年|本年度?|当年)(?=(?:1[0-2]|[1-9])月)", "", text)
    if not text or text in ("/", "-", "--", "—", "——", "无"):
        return Day(None)
    if re.fullmatch(r"\d{4,8}(?:\.0+)?", text):
        return _number(Decimal(text), year)
    if found := _one(text, year):
        return found
    if EVERY.match(text):
        # 每年12月底 is a day; 每月20日前 is none of the ledger's days
        rest = re.sub(r"^每年(?:度)?", "", text)
        return (_one(rest, year) if rest != text and rest else None) or Day(None, open=True)
    if OPEN.match(text):
        return Day(None, open=True)
    spans = re.split(r"(?<=[\d月日底末旬年度])(?:至|到|~|～|-+|—+)(?=[\d一二三四五六七八九十下次])", text)
    if len(spans) == 2 and (found := _end(spans, year)):
        return found
    parts = [part for part in re.split(r"[、,，;；和及/]", text) if part]
    if len(parts) > 1:
        days = [_one(part, year) or _one(f"{part}月", year) for part in parts]
        known = [one.on for one in days if one and one.on]
        if len(known) == len(parts):
            return Day(max(known), f"“{_shown(cell)}”写了 {len(known)} 个时间，期限取最后一个")
        if known:
            return Day(max(known), f"“{_shown(cell)}”只读懂一部分，期限暂取 {max(known).isoformat()}，请核对")
    inner = re.findall(
        r"(?:\d{4}年)?(?:1[0-2]|0?[1-9])月(?:[0-3]?\d日|底|末|[上中下]旬)?|\d{4}[-./]\d{1,2}[-./]\d{1,2}|年底|年末",
        text,
    )
    days = [_one(part, year) for part in inner]
    known = [one.on for one in days if one and one.on]
    if known:
        return Day(
            max(known), f"“{_shown(cell)}”里只有时间的一部分读得懂，暂取 {max(known).isoformat()}，请核对"
        )
    return Day(None, f"“{_shown(cell)}”不是看得懂的时间，没有接续期限")


def _number(value: Decimal, year: int) -> Day:
    """A serial of the spreadsheet, 20200630, 202006, or 6.30 that lost its last nought."""
    whole = int(value)
    if SERIAL[0] <= value <= SERIAL[1]:
        return Day(date(1899, 12, 30) + timedelta(days=whole))
    if value == whole and 19500000 < whole < 21000000:
        made = _date(whole // 10000, whole // 100 % 100, whole % 100)
        return Day(made) if made else Day(None, f"“{whole}”不是一个日子")
    if value == whole and 195000 < whole < 210000 and 1 <= whole % 100 <= 12:
        return Day(_month_end(whole // 100, whole % 100))
    if value == whole and 1950 <= whole <= 2100:
        return Day(date(whole, 12, 31))
    month, rest = whole, format(value, "f").partition(".")[2].rstrip("0")
    if 1950 <= whole <= 2100 and rest and 1 <= int(rest) <= 12:
        made = _month_end(whole, int(rest))
        if rest == "1":
            return Day(
                made, f"“{value}”可能是 {whole}年1月，也可能是 {whole}年10月（表格吞掉了末尾的 0），请核对"
            )
        return Day(made)
    if 1 <= month <= 12 and rest and len(rest) <= 2:
        made = _date(year, month, int(rest))
        if len(rest) == 1 and int(rest) in (1, 2, 3):
            other = _date(year, month, int(rest) * 10)
            return Day(other if rest == "3" and other else made,
                       f"“{value}”可能是 {month}月{rest}日，也可能是 {month}月{rest}0日（表格吞掉了末尾的 0），请核对")  # fmt: skip
        return Day(made) if made else Day(None, f"“{value}”不是一个日子")
    return Day(None, f"“{value}”不是看得懂的时间，没有接续期限")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _int(text: str) -> int:
    return int(text) if text.isdecimal() else chinese_number(text) or 0


def _year(text: str | None, year: int) -> int:
    if not text:
        return year
    if text in ("今", "本", "当"):
        return year
    if text in ("明", "次", "下"):
        return year + 1
    if text in ("去", "上"):
        return year - 1
    value = (
        int(text)
        if text.isdecimal()
        else int("".join(str("〇一二三四五六七八九".find(c if c != "零" else "〇")) for c in text))
    )
    return value + 2000 if value < 100 else value


YEAR = r"(?:(?P<y>(?:19|20)\d{2}|\d{2}|[二][〇零一二三四五六七八九]{3}|[今本当明次去])(?:年度?|[-./]))?"


def _one(text: str, year: int) -> Day | None:
    """One day, month, quarter or year; None when TEXT is not just that."""
    # 2019.6.30, 6/30, 6月30日前, 20-6-30
    if m := re.fullmatch(rf"{YEAR}{MONTH}[-./月](?P<d>3[01]|[12]\d|0?[1-9])日?{BY}", text):
        made = _date(_year(m["y"], year), _int(m["m"]), int(m["d"]))
        return Day(made) if made else Day(None, f"“{text}”不是一个日子，没有接续期限")
    if m := re.fullmatch(
        rf"{YEAR}{MONTH}月(?P<d>3[01]|[12]\d|0?[1-9]|三十一?|二十[一-九]?|十[一-九]?|[一-九])日?{BY}", text
    ):
        made = _date(_year(m["y"], year), _int(m["m"]), _int(m["d"]))
        return Day(made) if made else Day(None, f"“{text}”不是一个日子，没有接续期限")
    if re.fullmatch(rf"{YEAR}{MONTH}[-./月](?P<d>\d{{2}})日?{BY}", text) and not re.match(
        r"^(?:19|20)\d\d", text
    ):
        return Day(None, f"“{text}”不是一个日子，没有接续期限")
    if m := re.fullmatch(r"(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4})", text):
        made = _date(int(m["y"]), int(m["m"]), int(m["d"]))
        return Day(made) if made else Day(None, f"“{text}”不是一个日子，没有接续期限")
    if m := re.fullmatch(rf"{YEAR}{MONTH}月(?:份)?(?P<part>上旬|中旬|下旬|初|中|底|末|之?内)?{BY}", text):
        return _in_month(m, text, year)
    if m := re.fullmatch(r"(?P<y>(?:19|20)\d{2})[-./](?P<m>1[0-2]|0?[1-9])", text):
        return Day(_month_end(int(m["y"]), int(m["m"])))
    if m := re.fullmatch(rf"{YEAR}(?:第)?(?P<q>[一二三四1-4])季度?(?:末|底|内)?{BY}", text) or re.fullmatch(
        r"(?P<y>\d{4})?[qQ](?P<q>[1-4])", text
    ):
        return Day(_month_end(_year(m["y"], year), QUARTERS[m["q"]] * 3))
    if m := re.fullmatch(rf"{YEAR}(?P<h>上|下)半年(?:末|底|内)?{BY}", text):
        return Day(_month_end(_year(m["y"], year), 6 if m["h"] == "上" else 12))
    if m := re.fullmatch(
        rf"(?:(?P<y>(?:19|20)\d{{2}}|[今本当明次去])年?)?(?:年)?(?:度)?(?:底|末|内|终|年底|年末){BY}",
        text,
    ):
        return Day(date(_year(m["y"], year), 12, 31))
    if m := re.fullmatch(r"(?P<y>(?:19|20)\d{2}|[今本当明])年度?", text):
        return Day(date(_year(m["y"], year), 12, 31))
    return None


def _in_month(m: re.Match[str], text: str, year: int) -> Day:
    at, month, part = _year(m["y"], year), _int(m["m"]), m["part"] or ""
    last = _month_end(at, month)
    if part in ("上旬", "初"):
        return Day(date(at, month, 10))
    if part in ("中旬", "中"):
        return Day(date(at, month, 20 if part == "中旬" else 15))
    if not part and re.search(r"月(?:份)?(?:之|以)?前$", text):
        before = date(at, month, 1) - timedelta(days=1)
        return Day(before, f"“{text}”读作 {before.isoformat()} 以前；如指当月底，请改为 {last.isoformat()}")
    return Day(last)


def _end(spans: list[str], year: int) -> Day | None:
    """The last day of a span: 3月-11月, 2020年1月至12月, 3-11月, 5月1日至7日."""
    begin, end = spans
    if (m := re.match(r"^((?:19|20)\d{2})[年.]", begin)) and not re.match(r"^(?:19|20)\d{2}", end):
        year = int(m.group(1))
    found = _one(end, year)
    if found is None and re.fullmatch(r"\d{1,2}日", end) and (m := re.search(r"(\d{1,2})月", begin)):
        found = _one(f"{m.group(1)}月{end}", year)
    return found
