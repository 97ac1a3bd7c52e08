"""Marks of secrecy (密级标志): 秘密, 机密, 绝密 as a mark, not as a word of an ordinary text.

The mark stands at the upper left of the first page: the level, a star, the term (GB/T 9704-2012, 7.2.2). A reader
of pictures may take the star for a character. In a sentence the same words speak about secrecy; a house that
teaches it must be able to deposit its lessons.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .formal import FULL

LEVEL = "绝密|机密|秘密"
STAR = "★☆⭐✩✪✬✭✮✯⋆⛤＊*"
TERM = r"(?:[0-9lIO一二两三四五六七八九十]{1,3}(?:年|个月|月)|半年|长期|启用前|解密前|至\d{4}年.{0,6})"
#: before a mark: copy number, urgency, the label 密级, brackets; never another word
BEFORE = (
    r"(?:(?:份号|编号|文号|№|No\.?|NO\.?|N0\.?)?[:：]?\d{0,8}|内部|特急|加急|平急|特提|[（(\[【〔]|[★☆])*"
)
STARRED = re.compile(rf"^{BEFORE}(?P<level>{LEVEL})级?[{STAR}]")
STAR_FIRST = re.compile(rf"^{BEFORE}[★☆⭐](?P<level>{LEVEL})级?$")
#: the star as a recognised picture may give it, or none: only with a term, and nothing else on the line
TERMED = re.compile(rf"^{BEFORE}(?P<level>{LEVEL})级?.?{TERM}[）)\]】〕]?(?:特急|加急|平急)?$")
INSIDE = re.compile(rf"(?<![\u4e00-\u9fff“\"‘'《])(?P<level>{LEVEL})级?[{STAR}]{TERM}?")
LABELLED = re.compile(
    rf"密级(?:标志|标识)?(?:[:：\t|]|[:：]?[☑√✓])+(?:为|是)?(?P<level>{LEVEL})(?![、,，和或及/级]|性|文件)"
)
CELL = re.compile(rf"(?:^|\s)(?:文件)?密\s*级\s+(?P<level>{LEVEL})(?=\s|$)")
BRACKETED = re.compile(rf"^[【\[（(〔［〖]\s*(?P<level>{LEVEL})\s*[】\]）)〕］〗](?!级|性)")
ALONE = re.compile(rf"^(?P<level>{LEVEL})级?$")
#: a list of the levels, on one line or the next: words about secrecy
TEACHES = re.compile(r"分为|三级|什么是|答[:：]|字样|等级[:：]?$|标志为")

#: codes of what a reading says: a mark was found; one was found and is none (误报解除)
FOUND, CLEARED = "secret", "secret_cleared"

FIRST_LINES = 8  # in which a level alone, or in brackets, is a mark
LATER_LINES = 3  # the same on a later page, where a copied document may begin
SHORT = 40  # letters: a longer line is a sentence
TRADITIONAL = str.maketrans("機絕祕", "机绝秘")


@dataclass(frozen=True)
class Mark:
    """A mark found: its level, the page from 1, the line as it stands there (at most 40 letters)."""

    level: str
    page: int
    line: str


def secret_marks(pages: Sequence[str], first: int = 1) -> list[Mark]:
    """The marks of secrecy in PAGES, the text of a file page by page; FIRST: the number of the first of them."""
    found: list[Mark] = []
    for no, page in enumerate(pages, start=first):
        if "密" not in page:
            continue
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        for at, line in enumerate(lines):
            if "密" not in line:
                continue
            top = FIRST_LINES if no == 1 else LATER_LINES
            around = "".join(lines[max(0, at - 1) : at])
            if level := _level(line, at < top, around):
                found.append(Mark(level, no, line[:40]))
    return found


def _level(line: str, top: bool, before: str) -> str:
    plain = line.translate(TRADITIONAL).translate(FULL)
    text = re.sub(r"[^\S\t]+", "", plain)
    if len(text) > SHORT and not STARRED.match(text):
        return ""
    if TEACHES.search(text) or (TEACHES.search(before[-30:]) and not any(sign in text for sign in STAR)):
        return ""
    for pattern in (STARRED, STAR_FIRST, TERMED, LABELLED):
        if found := pattern.search(text):
            return found["level"]
    if found := CELL.search(plain) or INSIDE.search(text if len(text) < len(plain) else plain):
        return found["level"]
    for pattern in (ALONE, BRACKETED) if top else ():
        if found := pattern.match(text):
            return found["level"]
    return ""


NAME = re.compile(
    rf"^[【\[（(〔［〖]?\s*(?P<level>{LEVEL})级?\s*(?:[】\]）)〕］〗]|[-_—·.:：★☆*＊]|\s|\d+年|$)"
)


def secret_name(name: str) -> str:
    """The level that a file's NAME or a title bears as a mark; "" for none."""
    text = name.translate(TRADITIONAL).translate(FULL).strip()
    stem = text.rsplit(".", 1)[0]
    for pattern in (NAME, INSIDE):
        if found := pattern.search(stem):
            return found["level"]
    return ""


def found_words(marks: Sequence[Mark]) -> str:
    """第 1 页“机密★1年”；第 3 页“机密★1年”: at most three, without repeating the page."""
    said = [
        f"第 {mark.page} 页“{mark.line}”" for mark in {mark.page: mark for mark in reversed(marks)}.values()
    ]
    return "；".join(reversed(said[-3:]))
