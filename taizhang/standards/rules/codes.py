"""Codes and ordinals in front of titles: 1.1.1, Ⅲ-12, DJ-1-01, 一、, （一）, 1., ①."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .numbers import CIRCLED, fold, whole_number

CN = "一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾"
# (style, pattern); the first that fits wins. Group "code" is what is printed, "n" its number if it has one.
STYLES: list[tuple[str, re.Pattern[str]]] = [
    ("part", re.compile(rf"^(?P<code>第(?P<n>[{CN}\d]+)(?:部分|[章节篇编]))[、.:：\s]*")),
    (
        "part",
        re.compile(
            rf"^(?P<code>第(?P<n>[{CN}\d]+)(?:大?项|类|条|个?方面|单元|模块|板块|专题|维度|任务|指标|[考测观]\w?点|点|关|讲|课|环节|领域))(?:[、.:：\s]+|$)"
        ),
    ),
    ("roman_dash", re.compile(r"^(?P<code>[ⅠⅡⅢⅣⅤⅥIVX]{1,4}\s*-+\s*\d+(?:[-.]\d+)*)(?![\d%])[、.:：)\s]*")),
    ("roman", re.compile(r"^(?P<code>(?P<n>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ]+))(?:[、.:：\s]+|(?=[\u4e00-\u9fff]))")),
    ("roman", re.compile(r"^(?P<code>(?P<n>I|[IVX]{2,4}))[、.:：]\s*")),
    (
        "letters",
        re.compile(
            r"^[(\[]?(?P<code>[A-Za-z]{1,4}\s?[-_.]?\s?\d+(?:[-_.]\d+)*)[)\]]?(?![\d%A-Za-z分])[、.:：\s]*"
        ),
    ),
    ("cn_dash", re.compile(r"^(?P<code>[\u4e00-\u9fff]{1,3}-\d+(?:[-.]\d+)*)(?![\d%])[、:：\s]*")),
    ("cn_dash", re.compile(rf"^(?P<code>[{CN}]{{1,3}}\.\d+(?:[-.]\d+)*)(?![\d%])[、:：\s]*")),
    (
        "dotted",
        re.compile(
            r"^(?P<code>\d{1,3}(?:[.\-]\d{1,3})+)[.、)]?(?![\d%]|\s*(?:分(?!工|管|类)|元|万|次|个(?!人)|月(?!度)|日(?!常)|年(?![度终初底])|至|~))[、:：\s]*"
        ),
    ),
    ("cn_paren", re.compile(r"^(?P<code>(?P<n>[㈠-㈩㊀-㊉]))[、.\s]*")),
    ("num_paren", re.compile(r"^(?P<code>(?P<n>[⑴-⒇]))[、.\s]*")),
    ("num", re.compile(r"^(?P<code>(?P<n>[⒈-⒛]))[、\s]*")),
    ("circled", re.compile(rf"^(?P<code>(?P<n>[{CIRCLED}]))[、.\s]*")),
    ("cn_paren", re.compile(rf"^(?P<code>\((?P<n>[{CN}]+)\))[、.\s]*")),
    ("num_paren", re.compile(r"^(?P<code>\((?P<n>\d{1,3})\))[、.\s]*")),
    ("num_half", re.compile(r"^(?P<code>(?P<n>\d{1,3})\))[、.\s]*")),
    ("cn", re.compile(rf"^(?P<code>(?P<n>[{CN}]{{1,3}}))(?:[、.:：]\s*|\s+|$)")),
    ("num", re.compile(r"^(?P<code>(?P<n>\d{1,3}))(?:[、:：]\s*|\.(?!\d)\s*|\s+(?=\D)|$)")),
    ("letter", re.compile(r"^(?P<code>[A-Z])[、.:：]\s*")),
]
RANK = {
    "part": 0,
    "letter": 1,
    "cn": 1,
    "roman": 1,
    "cn_paren": 2,
    "num": 3,
    "num_paren": 4,
    "num_half": 4,
    "circled": 5,
}
SIMPLE = set(RANK)


@dataclass(frozen=True)
class Ordinal:
    """What stands in front of a title. `depth`: place in the order 一、 > （一） > 1. > （1） > ①, or the number of parts."""

    text: str
    style: str
    number: int | None = None
    parts: tuple[str, ...] = ()

    @property
    def simple(self) -> bool:
        return self.style in SIMPLE

    @property
    def depth(self) -> int:
        if self.style in RANK:
            return RANK[self.style]
        if self.style == "roman_dash":
            return 20 + (whole_number(self.parts[0]) or 0)
        return 10 + len(self.parts)


BRACKETS = re.compile(r"^[【〔\[]\s*([^【】〔〕\[\]]{1,12}?)\s*[】〕\]]\s*")


def split_code(text: str) -> tuple[Ordinal | None, str]:
    """The ordinal in front of TEXT, and the rest. "3个小组" and "2.5分" have none; 【1.1】 and [Ⅲ-2] are ordinals."""
    stripped = text.strip()
    if stripped[:1] in "【〔[［" and (m := BRACKETS.match(fold(stripped))):
        inner, rest = split_code(m.group(1))
        if inner is not None and not rest:
            return inner, stripped[m.end() :].strip()
    folded = fold(stripped)
    if len(folded) != len(stripped):
        stripped = folded
    for style, pattern in STYLES:
        if m := pattern.match(folded):
            rest = stripped[m.end() :].strip()
            counts = (
                style in ("num", "cn", "roman")
                and rest
                and rest[0] in "个次年月日分类级届张份名项位条件周天人"
            )
            if counts and not re.match(r"^\S{1,3}[、.．:：\s]", folded):
                continue
            code = re.sub(r"-{2,}", "-", re.sub(r"\s+", "", m.group("code")))
            number = whole_number(m.group("n")) if "n" in m.groupdict() else None
            parts = tuple(part for part in re.split(r"[-_.]", code) if part)
            return Ordinal(code, style, number, parts), rest
    return None, text.strip()


def opens_list(text: str, ordinal: Ordinal) -> bool:
    """Whether the ordinal in front of TEXT only numbers the first of several points inside it: (1)…；(2)…"""
    if not ordinal.simple or ordinal.number is None:
        return False
    _, rest = split_code(text)
    after = ordinal.number + 1
    marks = {
        "num_paren": f"({after})",
        "num_half": f"{after})",
        "circled": chr(ord(ordinal.text) + 1) if len(ordinal.text) == 1 else "",
        "cn_paren": f"({CN[ordinal.number]})" if ordinal.number < 10 else "",
    }
    folded = fold(rest)
    if ordinal.style == "num":
        return bool(re.search(rf"(?:^|[\n。；;\s]){after}[.、](?!\d)", folded))
    mark = marks.get(ordinal.style, "")
    return bool(mark) and mark in folded


def read_code(cell: object) -> Ordinal | None:
    """A cell of a code column; any short text is taken as it is printed."""
    if cell is None:
        return None
    if isinstance(cell, (int, Decimal)):
        text = format(cell, "f") if isinstance(cell, Decimal) else str(cell)
    else:
        text = str(cell).strip()
    ordinal, rest = split_code(text)
    if ordinal and not rest:
        return ordinal
    text = re.sub(r"\s+", "", fold(text))
    if not text or len(text) > 24:
        return None
    return Ordinal(text, "free", None, tuple(part for part in re.split(r"[-_.]", text) if part))


def is_parent(code: Ordinal, after: Ordinal) -> bool:
    """Does AFTER lie under CODE by its print: 1 > 1.1, DJ-1 > DJ-1-01, A > A1, 一 > （一）?"""
    if code.style == "roman_dash" and after.style == "roman_dash":
        return code.depth < after.depth
    if not code.simple or after.style in ("dotted", "letters", "free"):
        a, b = code.text.rstrip(".、"), after.text
        return (
            len(b) > len(a)
            and b.startswith(a)
            and (b[len(a)] in ".-_" or (a[-1].isalpha() and b[len(a)].isdigit()))
        )
    return after.simple and code.depth < after.depth


CODE_LIKE = re.compile(r"^[(\[]?(?:[A-Za-zⅠ-Ⅻ]{1,4}[-_.]?\d|\d+[.\-]\d|[ⅠⅡⅢⅣ]+-\d)")


def code_like(cell: object) -> bool:
    """A cell that can only be a code. Plain numbers are not: they may be points."""
    return (
        isinstance(cell, str)
        and len(cell) <= 16
        and bool(CODE_LIKE.match(fold(cell.strip())))
        and not re.search(r"[\u4e00-\u9fff]{2}", cell)
    )
