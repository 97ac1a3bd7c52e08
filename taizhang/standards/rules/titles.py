"""Title and requirement when they share a cell; and cells that hold several numbered items."""

import re
from decimal import Decimal

from .numbers import cents, fold, points_in

ENDS = "。；;！？"


def split_title(text: str, *, long: int) -> tuple[str, str]:
    """(title, requirement). Cut at ： if what stands before it reads like a name, at a line end, or at one ；.

    A text of up to LONG characters without an inner mark is all title. A longer one is the requirement, and its
    beginning serves as the title.
    """
    text = text.strip()
    head, _, tail = text.partition("\n")
    if (
        tail
        and 2 <= len(head.strip()) <= 26
        and not re.search(r"[。；;，,]", head.strip().rstrip("：:。；;"))
    ):
        return head.strip().rstrip("：:。；; "), tail.strip()
    flat = re.sub(r"\s*\n\s*", "", text) if len(text) <= long else text
    m = re.match(r"^([^：:。；;\n]{2,30}?)[：:]\s*(\S.*)$", text, re.DOTALL)
    if (
        m
        and not re.search(r"[，,].*[，,]", m.group(1))
        and fold(m.group(1)).count("(") == fold(m.group(1)).count(")")
    ):
        return m.group(1).strip(), m.group(2).strip()
    m = re.match(r"^【([^】]{2,24})】\s*(\S.*)$", text, re.DOTALL)
    if m:
        return m.group(1), m.group(2).strip()
    m = re.match(r"^([^；;。，,\n]{2,20})[；;]\s*([^；;]{8,})$", text)
    if m and len(m.group(2)) >= 1.5 * len(m.group(1)):
        return m.group(1).strip(), m.group(2).strip()
    m = re.match(r"^([^。；;，,、\s]{2,16})[。\s]\s*(\S{6,}.*)$", text, re.DOTALL)
    if m:
        return m.group(1).strip(), m.group(2).strip()
    if len(flat) <= long:
        return flat.rstrip("。；;"), ""
    return shorten(text), text


def shorten(text: str, most: int = 24) -> str:
    """The first clause of a sentence, at most MOST characters."""
    flat = re.sub(r"\s+", "", text)
    clause = re.split(r"[，,。；;：:！？]", flat, maxsplit=1)[0]
    if len(clause) < 4 and len(flat) > len(clause):
        clause = flat
    return clause if len(clause) <= most else clause[: most - 1] + "…"


MARKS = [
    r"(?:^|(?<=[\n。；;）)\s]))\s*\d{1,2}[.．、](?!\d)",
    r"[①-⑳]",
    r"(?:^|(?<=[\n。；;）)\s]))\s*[(（]\d{1,2}[)）]",
    r"(?:^|(?<=\n))\s*[(（][一二三四五六七八九十]{1,2}[)）]",
]


def split_pieces(text: str) -> list[tuple[str, Decimal]]:
    """The numbered parts of a cell with the points of each; [] unless every one of at least two has its own."""
    for mark in MARKS:
        starts = [m.start() for m in re.finditer(mark, text)]
        if len(starts) < 2 or text[: starts[0]].strip():
            continue
        parts = [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
        found = []
        for part in parts:
            value, rest = points_in(part, loose=True)
            if value is None:
                break
            found.append((rest.rstrip("；;。 "), value))
        if len(found) == len(parts):
            return found
    return []


def split_halves(text: str, cell: str, points: Decimal) -> list[tuple[str, Decimal]]:
    """Numbered parts that share the figure of their points cell evenly, if the cell says so: "0.38（各半）"."""
    if not re.search(r"各半|平分|均分|各占|各\d", cell):
        return []
    for mark in MARKS:
        starts = [m.start() for m in re.finditer(mark, text)]
        if len(starts) < 2 or text[: starts[0]].strip():
            continue
        parts = [
            text[a:b].strip().rstrip("；;。 ") for a, b in zip(starts, [*starts[1:], len(text)], strict=True)
        ]
        each = cents(points / len(parts))
        return [
            (part, each if index else points - each * (len(parts) - 1)) for index, part in enumerate(parts)
        ]
    return []
