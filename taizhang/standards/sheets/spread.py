"""A table whose cells hold whole outlines ((一)… 1.… with points) laid out as the lines of a text, row by row."""

import re
from collections.abc import Iterator
from dataclasses import replace

from taizhang.kit.tables import Cell, Sheet

from ..rules.columns import word_meaning
from ..rules.numbers import fold, is_figure, points_of, show, squeeze
from .outline_lines import Line, mark, pieces_of

LABELS = {
    "lead": "责任单位",
    "co": "配合单位",
    "methods": "测评方法",
    "needs": "材料要求",
    "cadence": "频次",
    "rule": "评分标准",
    "scope": "适用范围",
}
HEADING = 30  # characters of a heading inside a cell
NUMERAL = re.compile(r"^[(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ])[)]?[、.．]?$")


def spread(sheet: Sheet) -> Sheet:
    """SHEET as running text if most cells of one of its columns are outlines of two levels; any other as it is.

    Row numbers stay. What stands left of the outline heads it; what stands right of it is said of that heading.
    """
    if sheet.kind != "table" or not sheet.rows or (c := outline_column(sheet)) is None:
        return sheet
    first = next(r for r, row in enumerate(sheet.rows) if is_outline(row[c]))
    head = header_above(sheet, first)
    merged = {(r1, c1) for r1, c1, r2, _ in sheet.merges if r2 > r1}
    rows: list[list[Cell]] = []
    for r, row in enumerate(sheet.rows):
        lines = (
            [] if r == head else row_lines(row, c, sheet.rows[head] if head is not None else [], (r, merged))
            if r >= first else [str(cell) for cell in row if cell is not None]
        )  # fmt: skip
        rows.append(["\n".join(lines) or None])
    return replace(sheet, kind="text", rows=rows, merges=[], levels=(0,) * len(rows))


def outline_column(sheet: Sheet) -> int | None:
    """The column with most outlines, if they are at least half of its longer cells."""
    best, most = None, 0
    for c in range(max(map(len, sheet.rows))):
        cells = [row[c] for row in sheet.rows if c < len(row) and isinstance(row[c], str)]
        count = sum(map(is_outline, cells))
        texts = [cell for cell in cells if len(str(cell)) > HEADING]
        if count > most and 2 * count >= len(texts):
            best, most = c, count
    return best


def is_outline(cell: Cell) -> bool:
    """Whether a cell holds a heading with pointed lines of another number below it, whose points fit the heading's."""
    if not isinstance(cell, str) or "分" not in cell:
        return False
    lines = [line for line in marked(cell) if line.ordinal is not None and line.label is None]
    return any(heads(lines, at) for at in range(len(lines)))


def marked(cell: str) -> Iterator[Line]:
    for text in re.split(r"[\n\x0b]", cell):
        if text.strip():
            for piece in pieces_of(text.strip()):
                yield mark(0, piece, 0)


def heads(lines: list[Line], at: int) -> bool:
    """The line AT is a short heading, and the lines right below it, numbered from 1 in another way, have points."""
    line = lines[at]
    below = []
    for other in lines[at + 1 :]:
        if other.style == line.style:
            break
        below.append(other)
    own = [one for one in below if one.style == below[0].style]
    if not below or below[0].number != 1 or len(line.rest) > HEADING or "。" in line.rest.rstrip("。"):
        return False
    if any(one.points is None for one in own):
        return False
    return line.points is None or sum(one.points or 0 for one in own) == line.points


def header_above(sheet: Sheet, first: int) -> int | None:
    """The row of column names above the first outline."""
    for r in range(first - 1, -1, -1):
        cells = [cell for cell in sheet.rows[r] if isinstance(cell, str)]
        if len(cells) >= 2 and 2 * sum(bool(word_meaning(cell)) for cell in cells) >= len(cells):
            return r
    return None


def row_lines(
    row: list[Cell], c: int, names: list[Cell], place: tuple[int, set[tuple[int, int]]]
) -> list[str]:
    """The lines of one row: its headings, what is said of them, and the lines of its outline."""
    r, merged = place
    left = headings(row[:c])
    outline = [str(row[c])] if row[c] is not None else []
    said: list[str] = []
    for at, cell in enumerate(row[c + 1 :], start=c + 1):
        if cell is None:
            continue
        meaning = word_meaning(str(names[at] or "")) if at < len(names) else None
        if is_figure(cell):
            whole = left and not any((r, k) in merged for k in range(c)) and meaning in (None, "points")
            if whole and "分" not in fold(left[-1]) and (value := points_of(cell)) is not None:
                left[-1] += f"（{show(value)}分）"
        elif label := LABELS.get(meaning or ""):
            words = re.sub(r"\s*\n\s*", "；", str(cell))
            said.append(f"{label}：{words}")
    if left or not outline:
        return [*left, *said, *outline]
    opening, *others = outline[0].split("\n")
    return [opening, *said, *others]


def headings(cells: list[Cell]) -> list[str]:
    """The cells left of an outline as headings; a bare number belongs to what follows it, a figure to what stands before."""
    out: list[str] = []
    number = ""
    for cell in cells:
        if cell is None:
            continue
        text = "".join(str(cell).split("\n")).strip()
        if NUMERAL.match(fold(squeeze(text))) and not out:
            number = text.rstrip("、.．")
        elif is_figure(cell) and out and (value := points_of(cell)) is not None:
            out[-1] += f"（{show(value)}分）"
        else:
            mark_ = "、" if number and not number.endswith((")", "）")) else ""
            out.append(f"{number}{mark_}{text}")
            number = ""
    return out
