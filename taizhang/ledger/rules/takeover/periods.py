"""The period that a file's name tells: 2020年5月, 20200512, 二季度, 第18周, 上半年. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from taizhang.standards.rules.numbers import chinese_number

CN = "一二三四五六七八九十"
FULL = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*(?:年|[-._/])\s*(1[0-2]|0?[1-9])\s*(?:月|[-._/])\s*(3[01]|[12]\d|0?[1-9])\s*日?(?!\d)"
)
SOLID = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:\d{6})?(?!\d)")
MONTH_OF_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*(?:年|[-._/])\s*(1[0-2]|0?[1-9])(?:\s*月(?:份)?|(?![\d.\-年季]))"
)
SOLID_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(?!\d)")
DAY = re.compile(r"(?<![\d.年\-])(1[0-2]|0?[1-9])月(3[01]|[12]\d|0?[1-9])[日号]")
MONTH = re.compile(rf"(?<![\d年{CN}])(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)?(?![\d]*日)")
QUARTER = re.compile(r"(?:((?:19|20)\d{2})年?)?第?([一二三四1-4])季度?")
HALF = re.compile(r"(?:((?:19|20)\d{2})年?)?(上|下)半年")
WEEK = re.compile(r"第(\d{1,2}|[一二三四五六七八九十]{1,3})周")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年(?:度)?")


@dataclass(frozen=True)
class Period:
    """First and last day, and how it is called."""

    starts_on: date
    ends_on: date
    label: str

    def fits(self, starts_on: date, ends_on: date) -> bool:
        """Whether a slot from STARTS_ON to ENDS_ON is of this period: one lies within the other."""
        return (starts_on <= self.starts_on and self.ends_on <= ends_on) or (
            self.starts_on <= starts_on and ends_on <= self.ends_on
        )


def without_dates(text: str) -> str:
    """TEXT with dates blanked out, so that 2020.5.12 is no code 20.5.12."""
    for pattern in (FULL, SOLID, MONTH_OF_YEAR, SOLID_MONTH, DAY, YEAR, QUARTER, HALF, WEEK):
        text = pattern.sub(" ", text)
    return MONTH.sub(" ", text)


def period_of(path: str, year: int) -> Period | None:
    """The narrowest period that PATH names, the file's own name before its folders; None when it names none.

    A year alone is a period only when it is not YEAR: everything is of the year."""
    parts = path.split("/")
    for part in reversed(parts):
        if found := _of_part(part, year, "/".join(parts)):
            return found
    for part in reversed(parts):
        years = {int(one) for one in YEAR.findall(part)}
        if len(years) == 1 and years != {year}:
            only = years.pop()
            return Period(date(only, 1, 1), date(only, 12, 31), f"{only}年")
    return None


def _of_part(text: str, year: int, path: str) -> Period | None:
    years = {int(one) for one in YEAR.findall(path)}
    at = years.pop() if len(years) == 1 else year
    for pattern in (FULL, SOLID):
        if m := pattern.search(text):
            return _day(int(m.group(1)), int(m.group(2)), int(m.group(3)))
    for pattern in (MONTH_OF_YEAR, SOLID_MONTH):
        if m := pattern.search(text):
            return _months(int(m.group(1)), int(m.group(2)), 1, f"{m.group(1)}年{int(m.group(2))}月")
    if m := DAY.search(text):
        return _day(at, int(m.group(1)), int(m.group(2)))
    if m := WEEK.search(text):
        number = int(m.group(1)) if m.group(1).isdecimal() else chinese_number(m.group(1)) or 0
        if 1 <= number <= 53:
            # the week that most offices mean: the ISO week; the slot that holds its Wednesday is near enough
            middle = date(at, 1, 4) + timedelta(weeks=number - 1, days=2 - date(at, 1, 4).weekday())
            return Period(middle, middle, f"第{number}周")
    if m := MONTH.search(text):
        month = int(m.group(1)) if m.group(1).isdecimal() else chinese_number(m.group(1)) or 0
        if 1 <= month <= 12:
            return _months(at, month, 1, f"{month}月")
    if m := QUARTER.search(text):
        nth = "一二三四".find(m.group(2)) + 1 or int(m.group(2))
        return _months(int(m.group(1) or at), nth * 3 - 2, 3, f"{'一二三四'[nth - 1]}季度")
    if m := HALF.search(text):
        return _months(int(m.group(1) or at), 1 if m.group(2) == "上" else 7, 6, f"{m.group(2)}半年")
    return None


def _day(year: int, month: int, day: int) -> Period | None:
    try:
        on = date(year, month, day)
    except ValueError:
        return None
    return Period(on, on, f"{year}年{month}月{day}日")


def _months(year: int, month: int, count: int, label: str) -> Period:
    last = month + count - 1
    return Period(date(year, month, 1), date(year, last, monthrange(year, last)[1]), label)
