"""Glyphs of a page -> lines of text, and lines -> the text of a cell or a paragraph."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ..wide import WIDE


class Glyph(NamedTuple):
    """One character. x0, x1 and `base` (the line it stands on) in points from the page's upper left; `turn` counts
    quarter turns of sideways text, whose coordinates are those of the page turned with it."""

    char: str
    x0: float
    x1: float
    base: float
    size: float
    turn: int = 0

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, self.base - 0.35 * self.size


@dataclass
class Line:
    """A line of text, or a piece of one; `text` has its inner spaces, none at the edges."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    page: int = 0
    column: tuple[float, float] | None = (
        None  # left and right edge of the column it runs in, if not the page's
    )


WORD = re.compile(r"[A-Za-z0-9.,%+\-/&'’]+")
CLOSING = "，。、；：！？）)】》〉」』”’…,.;:!?]}%％"
OPENING = "（(【《〈「『“‘[{"
ENDS = "。；;：:！!？?"
MARK = re.compile(
    r"[①-⑳㈠-㈩⒈-⒛⑴-⒇❶-❿●○■□◆◇★☆▲△√]|[（(]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[a-zA-Z])\s*[）)]"
    r"|[一二三四五六七八九十]{1,3}\s*[、.．]|\d{1,2}\s*(?:[、．]|\.(?!\d)|[）)])|第[一二三四五六七八九十百\d]{1,4}[章节条款项]"
    r"|[A-Za-z]\s*[.．、](?=\s*\S)|[•·]\s"
)
"""What a sub-item or a new paragraph begins with: ① （一） 一、 1. 1、 (1) A. 第三条 ●"""


PARTED = (0.15, 0.45, 0.7)  # a blank this wide, in type sizes, parts two letters, a letter and a Han, two Han


def split_lines(glyphs: Iterable[Glyph], gap: float = 0.0) -> list[Line]:
    """Glyphs -> lines from top to bottom. With GAP (in character widths) a wider blank parts a line into pieces."""
    lines: list[Line] = []
    for row in rows_of(glyphs):
        piece: list[Glyph] = []
        for glyph in row:
            if gap and piece and not glyph.char.isspace():
                last = next((one for one in reversed(piece) if not one.char.isspace()), None)
                if last and glyph.x0 - last.x1 > gap * max(last.size, glyph.size):
                    lines.append(line_of(piece))
                    piece = []
            piece.append(glyph)
        if piece:
            lines.append(line_of(piece))
    return [line for line in lines if line.text]


def rows_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs standing on one line together, each row from left to right."""
    rows: list[tuple[float, float, list[Glyph]]] = []
    blanks = []
    for glyph in sorted(glyphs, key=lambda one: (one.base, one.x0)):
        if glyph.char.isspace():
            blanks.append(glyph)
            continue
        # raised and lowered characters stand within a third of the line's size of its foot
        if rows and glyph.base - rows[-1][0] <= 0.35 * max(glyph.size, rows[-1][1]):
            rows[-1][2].append(glyph)
        else:
            rows.append((glyph.base, glyph.size, [glyph]))
    for blank in blanks:
        near = min(rows, key=lambda row: abs(row[0] - blank.base), default=None)
        if near and abs(near[0] - blank.base) <= 0.35 * max(blank.size, near[1]):
            near[2].append(blank)
    return [sorted(members, key=lambda one: one.x0) for _, _, members in rows]


def line_of(glyphs: Sequence[Glyph]) -> Line:
    seen: list[Glyph] = []
    for glyph in glyphs:
        # bold letters are sometimes printed twice, a hair apart
        if not glyph.char.isspace() and not (
            seen and seen[-1].char == glyph.char and glyph.x0 - seen[-1].x0 < 0.3 * (glyph.x1 - glyph.x0)
        ):
            seen.append(glyph)
    if not seen:
        return Line("", 0, 0, 0, 0)
    size = median(one.size for one in seen)
    # justified lines are stretched evenly; what is wider than usual parts words
    usual = max(0.0, median([two.x0 - one.x1 for one, two in pairwise(seen)] or [0.0]))
    spaces = [glyph for glyph in glyphs if glyph.char.isspace()]
    text = seen[0].char
    at = 0
    for last, glyph in pairwise(seen):
        while at < len(spaces) and spaces[at].x0 < last.x0:
            at += 1
        between = spaces[at].char if at < len(spaces) and spaces[at].x0 < glyph.x0 else ""
        wide = bool(WIDE.match(last.char)) + bool(WIDE.match(glyph.char))
        if between or glyph.x0 - last.x1 > PARTED[wide] * size + (usual if wide else 0.0):
            text += "\u3000" if between == "\u3000" else " "
        text += glyph.char
    base = median(one.base for one in seen)
    return Line(text, seen[0].x0, max(one.x1 for one in seen), base, size)


def glue(before: str, after: str) -> str:
    """Two pieces of one sentence: nothing between Chinese characters, a space between words, a hyphen kept."""
    if not before or not after:
        return before + after
    if WIDE.match(before[-1]) or WIDE.match(after[0]) or before[-1] in "-/(（" or after[0] in CLOSING:
        return before + after
    return f"{before} {after}"


def first_word(text: str, size: float) -> float:
    """The width of what has to stay together at the start of a line: a word or a character with its punctuation."""
    at = 0
    while at < len(text) and text[at] in OPENING:
        at += 1
    word = WORD.match(text, at)
    at = word.end() if word else at + 1
    while at < len(text) and text[at] in CLOSING:
        at += 1
    return sum(size if WIDE.match(char) else 0.55 * size for char in text[:at])


def cell_text(lines: Sequence[Line], left: float, right: float) -> str:
    """The text of a cell whose writing may reach from LEFT to RIGHT: wrapped lines joined, paragraphs kept apart."""
    if not lines:
        return ""
    text = lines[0].text
    centred = len(lines) > 1 and spread([(one.x0 + one.x1) / 2 for one in lines]) <= 2.5 < spread(
        [one.x0 for one in lines]
    )
    edge = min(one.x0 for one in lines)
    for above, line in pairwise(lines):
        room = right - left - (above.x1 - above.x0) if centred else right - above.x1
        short = room > first_word(line.text, line.size) + 0.6 * line.size
        indented = not centred and line.x0 - edge > 1.2 * line.size and line.x0 - above.x0 > -0.5 * line.size
        item = MARK.match(line.text) and (above.text[-1] in ENDS or short)
        if item or indented or (short and not unfinished(above.text, line.text)):
            text += "\n" + line.text
        else:
            text = glue(text, line.text)
    return text


def unfinished(before: str, after: str) -> bool:
    """The line above cannot end there, whatever room it has left."""
    return before[-1] in "、，,（(《“" or after[0] in CLOSING


def spread(values: Sequence[float]) -> float:
    return max(values) - min(values)
