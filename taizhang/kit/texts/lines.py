"""Where the words of a PDF page stand: its lines with their boxes, from the text layer. For marking sentences."""

import ctypes
from typing import TYPE_CHECKING, Any

from .preview import pdf_opened

if TYPE_CHECKING:
    from .work import Asked

MOST_LETTERS = 20_000  # of one page; more is a table nobody marks
FINE = 100.0  # steps a point: what the library maps a place to is a whole number
GAP = 2.0  # letters of nothing between two pieces of a line: they are cells, not words
BELOW, ABOVE = 0.14, 0.06  # of a line's height, added: a letter's own box ends where its ink ends
PLACES = 5  # decimals of a part of the page

#: a letter and its box in steps: x0, y0, x1, y1 from the upper left corner; no box for a blank
Letter = tuple[str, tuple[float, float, float, float] | None]


def of_page(asked: "Asked", no: int) -> dict[str, Any]:
    """{"pages": how many there are, "lines": [[x0, y0, x1, y1, text, edges]]} of page NO, parts of the page's size
    as it is seen (turned, cut). EDGES: where each letter begins, and where the last one ends. Unreadable as for drawing.
    """
    from pypdfium2 import raw  # noqa: PLC0415 -- slow import

    with pdf_opened(asked, no) as (page, pages, width, height):
        across, down = width * FINE, height * FINE
        found = [
            told
            for line in _pieces(_letters(page, raw, round(across), round(down)))
            if (told := _told(line, across, down)) is not None
        ]
        return {"pages": pages, "lines": found}


def _letters(page: Any, raw: Any, across: int, down: int) -> list[Letter]:
    """The letters of the text layer in its order; "\\n" where it ends a line."""
    layer = page.get_textpage()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_int(), ctypes.c_int()

    def seen(px: float, py: float) -> tuple[int, int]:
        raw.FPDF_PageToDevice(page.raw, 0, 0, across, down, 0, px, py, x, y)
        return x.value, y.value

    found: list[Letter] = []
    try:
        for at in range(min(layer.count_chars(), MOST_LETTERS)):
            code = raw.FPDFText_GetUnicode(layer.raw, at)
            if code in (10, 13):
                found.append(("\n", None))
            elif code in (9, 32, 0xA0, 0x3000):
                found.append((" ", None))
            elif code < 32 or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF, 0xAD, 0x200B, 0xFEFF):
                continue
            elif raw.FPDFText_GetCharBox(layer.raw, at, left, right, bottom, top):
                ax, ay = seen(left.value, top.value)
                bx, by = seen(right.value, bottom.value)
                if ax != bx and ay != by:
                    found.append((chr(code), (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))))
    finally:
        layer.close()
    return found


def _pieces(letters: list[Letter]) -> list[list[Letter]]:
    """LETTERS parted into lines: at the layer's own ends, where the next stands on another level, and at wide gaps."""
    found: list[list[Letter]] = []
    now: list[Letter] = []
    before: tuple[float, float, float, float] | None = None
    size = 0.0  # of the line's largest letter: a comma tells nothing of it
    for letter, box in letters:
        if letter == "\n":
            found, now, before, size = [*found, now], [], None, 0.0
            continue
        if box is not None:
            if before is not None:
                tall = max(size, box[3] - box[1], box[2] - box[0])
                level = box[1] > before[3] + 0.5 * tall or box[3] < before[1] - 0.5 * tall
                if level or box[0] - before[2] > GAP * tall or box[0] < before[0] - tall:
                    found, now, size = [*found, now], [], 0.0
            before, size = box, max(size, box[3] - box[1], box[2] - box[0])
        now.append((letter, box))
    return [*found, now]


def _told(line: list[Letter], across: float, down: float) -> list[Any] | None:
    """One line as it is answered; None for one of blanks."""
    while line and line[0][1] is None:
        line = line[1:]
    while line and line[-1][1] is None:
        line = line[:-1]
    boxes = [box for _, box in line if box is not None]
    if not boxes:
        return None
    edges: list[float] = []
    end = boxes[0][0]
    for _, box in line:
        edges.append(max(box[0] if box else end, edges[-1] if edges else 0.0))
        end = box[2] if box else end
    edges.append(max(end, edges[-1]))
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    high = max(bottom - top, 1.0)

    def part(value: float, whole: float) -> float:
        return round(min(max(value / whole, 0.0), 1.0), PLACES)

    return [
        part(edges[0], across), part(top - ABOVE * high, down), part(edges[-1], across), part(bottom + BELOW * high, down),
        "".join(letter for letter, _ in line), [part(edge, across) for edge in edges],
    ]  # fmt: skip
