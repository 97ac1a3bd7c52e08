"""How names, numbers and days are written in a roster, and what is meant by them."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

Value = str | Decimal | int | date | None

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff·"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_DAY = re.compile(r"^(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})\s*日?|\s*月)?$")
_YEAR = re.compile(r"^(\d{4})\s*年?$")


def text(value: Value) -> str:
    """A cell as one line of text: full width folded for digits and letters, edges stripped."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    folded = "".join(
        unicodedata.normalize("NFKC", char) if "！" <= char <= "～" and char not in "（），；：？！" else char
        for char in str(value)
    )
    return re.sub(r"[\s\u3000]+", " ", folded).strip()


def person_name(value: Value) -> str:
    """A name without the blank that is put into two-character names: 张　三 → 张三."""
    return _BETWEEN_HAN.sub("", text(value))


def name_key(name: str) -> str:
    """What two spellings of one name share: width, blanks and Latin case do not matter."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def staff_no(value: Value) -> str:
    """A staff number: no blanks, upper case, 12.0 → 12."""
    return re.sub(r"\s+", "", text(value)).upper()


def head_word(value: Value) -> str:
    """A header without blanks and remarks: 手机号（脱敏） → 手机号."""
    return re.sub(r"[（(\[【].*?[）)\]】]|[\s　*＊:：]", "", unicodedata.normalize("NFKC", text(value)))


def parts(value: Value) -> list[str]:
    """One cell with several names: 机关党委、办公室."""
    return [part for part in (bit.strip() for bit in re.split(r"[、,，;；/\n]", text(value))) if part]


def yes(value: Value) -> bool | None:
    """是/否 as people write it; None when it is neither."""
    said = text(value)
    if said in ("是", "党员", "中共党员", "中共预备党员", "预备党员", "√", "✓", "有", "Y", "y", "1"):
        return True
    if said in ("否", "", "群众", "团员", "共青团员", "民主党派", "无党派", "×", "无", "N", "n", "0"):
        return False
    return None


class Wrong(ValueError):
    """The value cannot be what its column says; the message is Chinese."""


def day(value: Value) -> str:
    """`2023-04` or `2023-04-15`: a month or a day that exists, as far as it is said. Wrong if it does not."""
    said = text(value)
    if not said:
        return ""
    match = _DAY.match(said)
    if not match:
        raise Wrong(f"“{said}”不是日期，请写成 2023-04 或 2023-04-15")
    year, month, dom = int(match[1]), int(match[2]), int(match[3] or 1)
    try:
        date(year, month, dom)
    except ValueError as error:
        raise Wrong(f"“{said}”不是真实存在的日期，请核对") from error
    return f"{year:04}-{month:02}-{dom:02}" if match[3] else f"{year:04}-{month:02}"


def year(value: Value, least: int, most: int) -> int | None:
    """A year, alone or as part of a date, between LEAST and MOST. Wrong if it is not."""
    said = text(value)
    if not said:
        return None
    if match := _YEAR.match(said):
        found = int(match[1])
    else:
        try:
            found = int(day(value)[:4])
        except Wrong as error:
            if "真实" in str(error):
                raise
            raise Wrong(f"“{said}”不是年份，请写成 1985 这样的四位数") from error
    if not least <= found <= most:
        raise Wrong(f"“{said}”不对，应在 {least} 到 {most} 之间")
    return found
