"""Automatic numbers of Word written out as they are printed: 一、（一） 1. ① Ⅰ-1 …

Source: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (ST_NumberFormat).
"""

import re
from dataclasses import dataclass, field
from typing import Any

from .words import child, children, number_of, val

DIGITS = "〇一二三四五六七八九"
LEGAL = "零壹贰叁肆伍陆柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
#: bullets that mean something in a standard (mandatory, key point) stay; dots and squares are ornament
TELLING = "★☆▲△※◆◇＊*"
ROMAN = [(1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
         (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]  # fmt: skip
MAX_NUMBER = 32_767  # Word's own limit


def counting(number: int, digits: str = DIGITS, units: str = "十百千", short: bool = True) -> str:
    """10 -> 十, 21 -> 二十一, 105 -> 一百零五; SHORT leaves the 一 of 一十 out."""
    if number == 0:
        return "零" if digits is LEGAL else "〇"
    text, places = "", str(number)
    if len(places) > 4:
        head = counting(int(places[:-4]), digits, units, short) + ("萬" if digits is LEGAL else "万")
        rest = int(places[-4:])
        if not rest:
            return head
        return head + ("零" if rest < 1000 else "") + counting(rest, digits, units, False)
    gap = False
    for at, char in enumerate(places):
        power = len(places) - at - 1
        if char == "0":
            gap = bool(text)
            continue
        if gap:
            text, gap = text + "零", False
        text += digits[int(char)] + (units[power - 1] if power else "")
    return text[1:] if short and text.startswith("一十") else text


def roman(number: int) -> str:
    text = ""
    for size, letters in ROMAN:
        while number >= size:
            text, number = text + letters, number - size
    return text


def letters(number: int) -> str:
    """1 -> a, 26 -> z, 27 -> aa, 28 -> bb: as Word counts."""
    return chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 20)


def circled(number: int) -> str:
    for start, last, first in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if start <= number <= last:
            return chr(first + number - start)
    return str(number)


def wide(number: int) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in str(number))


def printed(number: int, form: str, pattern: str = "") -> str:
    """NUMBER as numbering format FORM prints it; an unknown format counts in plain figures."""
    if form == "none":
        return ""
    if not 1 <= number <= MAX_NUMBER:
        return str(number)
    match form:
        case "decimalZero":
            return f"{number:02d}"
        case "upperRoman":
            return roman(number).upper()
        case "lowerRoman":
            return roman(number)
        case "upperLetter":
            return letters(number).upper()
        case "lowerLetter":
            return letters(number)
        case "chineseCounting" | "japaneseCounting" | "taiwaneseCounting":
            return counting(number) if number < 100 or form != "chineseCounting" else digit_by_digit(number)
        case "chineseCountingThousand" | "taiwaneseCountingThousand" | "koreanCounting":
            return counting(number)
        case "ideographDigital" | "taiwaneseDigital" | "japaneseDigitalTenThousand" | "koreanDigital2":
            return digit_by_digit(number)
        case "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal":
            return counting(number, LEGAL, "拾佰仟", False)
        case "ideographTraditional" if number <= 10:
            return STEMS[number - 1]
        case "ideographZodiac" if number <= 12:
            return BRANCHES[number - 1]
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese":
            return circled(number)
        case "ideographEnclosedCircle" if number <= 10:
            return chr(0x3220 + number - 1)
        case "decimalEnclosedParen" if number <= 20:
            return chr(0x2474 + number - 1)
        case "decimalEnclosedFullstop" if number <= 20:
            return chr(0x2488 + number - 1)
        case "decimalFullWidth" | "decimalFullWidth2":
            return wide(number)
        case "custom" if re.match(r"0\d", pattern):
            return str(number).zfill(len(pattern.split(",")[0].strip()))
        case _:
            return str(number)


def digit_by_digit(number: int) -> str:
    return "".join(DIGITS[int(char)] for char in str(number)) if number > 10 else counting(number)


@dataclass
class Level:
    """One level of a list: where it starts, its format and the text around its numbers ("（%1）")."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    text: str = ""
    legal: bool = False
    restart: int | None = None
    style: str = ""


@dataclass
class List:
    """A numbering instance: the shared definition it counts in, its levels and where it starts afresh."""

    shared: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document and how far each has been counted. Ask `mark` once per paragraph, in print order."""

    def __init__(self, root: Any, style_lists: dict[str, str] | None = None) -> None:
        self.lists: dict[str, List] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.begun: set[tuple[str, int]] = set()
        if root is None:
            return
        shared: dict[str, dict[int, Level]] = {}
        linked: dict[str, str] = {}
        for one in children(root, "abstractNum"):
            key = val(one, "", "abstractNumId")
            shared[key] = {number_of(lvl, "ilvl"): level_of(lvl) for lvl in children(one, "lvl")}
            if (link := child(one, "numStyleLink")) is not None:
                linked[key] = val(link)
        for one in children(root, "num"):
            key = val(child(one, "abstractNumId"))
            levels = dict(shared.get(key, {}))
            starts: dict[int, int] = {}
            for override in children(one, "lvlOverride"):
                at = number_of(override, "ilvl")
                if (lvl := child(override, "lvl")) is not None:
                    levels[at] = level_of(lvl)
                if (start := child(override, "startOverride")) is not None:
                    starts[at] = number_of(start, "val")
            self.lists[val(one, "", "numId")] = List(key, levels, starts)
        for entry in self.lists.values():
            # a list may only point at the style in which its levels are defined
            target = self.lists.get((style_lists or {}).get(linked.get(entry.shared, ""), ""))
            if not entry.levels and target is not None:
                entry.shared, entry.levels = target.shared, target.levels

    def level_for_style(self, list_id: str, style: str) -> int:
        """Which level of a list belongs to a paragraph style; 0 when none says so."""
        entry = self.lists.get(list_id)
        found = [at for at, level in entry.levels.items() if level.style == style] if entry else []
        return found[0] if found else 0

    def mark(self, list_id: str, at: int) -> str:
        """Count one paragraph at level AT (0 = uppermost) of a list and return the number printed before it."""
        entry = self.lists.get(list_id)
        if entry is None or at not in entry.levels:
            return ""
        counts = self.counts.setdefault(entry.shared, {})
        level = entry.levels[at]
        if at in entry.starts and (list_id, at) not in self.begun:
            counts[at] = entry.starts[at]
        elif at in counts:
            counts[at] += 1
        else:
            counts[at] = level.start
        self.begun.add((list_id, at))
        for below in [key for key in counts if key > at]:
            lower = entry.levels.get(below)
            if lower is None or lower.restart is None or (lower.restart and at < lower.restart):
                del counts[below]
                self.begun.discard((list_id, below))
        if level.form == "bullet":
            return level.text if level.text in TELLING else ""

        def number(match: re.Match[str]) -> str:
            other = int(match.group(1)) - 1
            its = entry.levels.get(other, Level())
            value = counts.get(other, entry.starts.get(other, its.start))
            return printed(value, "decimal" if level.legal else its.form, its.pattern)

        return re.sub(r"%([1-9])", number, level.text).strip()


def level_of(lvl: Any) -> Level:
    start, form, text = child(lvl, "start"), child(lvl, "numFmt"), child(lvl, "lvlText")
    restart, legal = child(lvl, "lvlRestart"), child(lvl, "isLgl")
    if form is None:
        # a format of its own stands beside a plain one for older programs
        form = next(iter(lvl.iter("{*}numFmt")), None)
    return Level(
        start=number_of(start, "val", 1),
        form=val(form, "decimal"),
        pattern=val(form, "", "format"),
        text=val(text),
        legal=legal is not None and val(legal, "1") not in ("0", "false", "off"),
        restart=None if restart is None else number_of(restart, "val"),
        style=val(child(lvl, "pStyle")),
    )


def join(mark: str, text: str) -> str:
    """A printed number and the text behind it: "一、" + "领导" stay together, "1.1" is set off."""
    if not mark or not text:
        return mark or text
    glued = mark[-1] in "、，.．：:）)】]」>》" or not (mark[-1].isascii() and mark[-1].isalnum())
    # "1." before a figure would read as one number
    if mark[-1] in ".．" and text[0].isdigit():
        glued = False
    return mark + text if glued else f"{mark} {text}"
