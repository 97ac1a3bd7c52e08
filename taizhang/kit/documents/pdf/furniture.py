"""What is printed on every page and is no part of the text: running titles, page numbers."""

import re
from collections import Counter

from .layout import Page
from .text import Line

MARGIN = 0.13  # share of the page's height at either end in which such lines stand
PAGE_NUMBER = re.compile(
    r"[—\-–－_·•~～\s]*\d{1,4}[—\-–－_·•~～\s]*"
    r"|第\s*[\d一二三四五六七八九十百]+\s*页\s*(?:[,，/、]?\s*[（(]?\s*共\s*[\d一二三四五六七八九十百]+\s*页\s*[）)]?)?"
    r"|共\s*\d+\s*页\s*[,，/]?\s*第\s*\d+\s*页|\d{1,4}\s*/\s*\d{1,4}|[Pp]age\s*\d+(?:\s*(?:of|/)\s*\d+)?|[ivxIVX]{1,5}"
)


def strip(pages: list[Page]) -> str:
    """Take running titles and page numbers out of PAGES; returns the running title, if there was one above."""
    seen: Counter[tuple[str, str, int]] = Counter()
    for page in pages:
        seen.update({key(zone, line) for zone, row in ends(page) for line in row})
    title = ""
    least = max(2, round(0.4 * len(pages)))
    for page in pages:
        gone: set[int] = set()
        for zone, row in ends(page):
            whole = " ".join(line.text for line in row)
            number = PAGE_NUMBER.fullmatch(whole) and alone(page, row, zone)
            again = [line for line in row if steady(seen, key(zone, line)) >= least]
            if number or len(again) == len(row):
                gone |= {id(line) for line in row}
                if again and not number and zone == "top" and not title and not has_digits_only(whole):
                    title = whole
            else:
                # the number may stand beside words that are not repeated
                gone |= {
                    id(line) for line in row if len(row) > 1 and key(zone, line) in map_keys(again, zone)
                }
        page.lines = [line for line in page.lines if id(line) not in gone]
    return title


def map_keys(lines: list[Line], zone: str) -> set[tuple[str, str, int]]:
    return {key(zone, line) for line in lines}


def has_digits_only(text: str) -> bool:
    return not re.search(r"[^\W\d_]{2}", text)


def key(zone: str, line: Line) -> tuple[str, str, int]:
    return zone, re.sub(r"\d+", "#", re.sub(r"\s", "", line.text)), round(line.base / 3)


def steady(seen: Counter[tuple[str, str, int]], one: tuple[str, str, int]) -> int:
    """How often the line stands there, or a hair above or below."""
    zone, text, at = one
    return seen[one] + seen[(zone, text, at - 1)] + seen[(zone, text, at + 1)]


def ends(page: Page) -> list[tuple[str, list[Line]]]:
    """The two uppermost and the two lowest rows of lines, as far as they stand in the margins."""
    rows: list[list[Line]] = []
    for line in sorted(page.lines, key=lambda one: (one.base, one.x0)):
        if rows and abs(rows[-1][0].base - line.base) < 0.4 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    top = [("top", row) for row in rows[:2] if row[0].base < MARGIN * page.height]
    low = [("low", row) for row in rows[-2:] if row[0].base > (1 - MARGIN) * page.height]
    return [*top, *low]


def alone(page: Page, row: list[Line], zone: str) -> bool:
    """Beyond everything else on the page."""
    base = row[0].base
    others = [line.base for line in page.lines if all(line is not one for one in row)]
    bounds = [part.grid.ys for part in page.parts]
    if zone == "top":
        return all(base < other for other in others) and all(base < ys[0] + 1 for ys in bounds)
    return all(base > other for other in others) and all(base > ys[-1] - 1 for ys in bounds)
