"""What was read from a page's picture -> the page as pdf/pages.py tells of one with text. Pure arithmetic.

A recognised page: {"size": [width, height], "lines": [[x0, y0, x1, y1]], "texts": [{"text", "sure": of 1, "least": of
its worst letter, "cell": whether it stands in a table, "boxes": [[x0, y0, x1, y1]]}]} in points from the upper left; a text has one box as far as its ink goes, or one for each letter
where they stand one under the other. An unreadable page: {"fault": "…"}.
"""

from statistics import median
from typing import Any

from ..wide import WIDE

DOUBTED = (
    "\ue0ff"  # follows the first letter of what the reader was not sure of; taken out again by doubts.py
)
SURE, LEAST = 0.88, 0.5  # of 1: on the average, and of the worst letter; what is less is doubted
FEW, SURE_FEW = 3, 0.75  # a figure or two by themselves: there is nothing beside them that helps
LATIN = 0.52  # of a Chinese letter's width
HALF_LEFT, HALF_RIGHT = (
    "，。、；：！？）》」』】”’",
    "（《「『【“‘",
)  # their ink fills only the left or the right half
FOOT = 0.1  # of a letter's size: the ink of Chinese letters ends so far beneath the line they stand on
ALIKE = 1.17  # sizes no further apart are one: heights of ink differ from letter to letter


def raw_page(seen: dict[str, Any]) -> dict[str, Any]:
    """A page for layout.lay_out. A picture covers it whole."""
    texts = seen.get("texts", [])
    sizes = settled([size_of(one) for one in texts])
    glyphs = [glyph for one, size in zip(texts, sizes, strict=True) for glyph in spread(one, size)]
    return {
        "size": seen.get("size", [595.0, 842.0]), "glyphs": glyphs, "lines": seen.get("lines", []), "picture": 1.0,
        "broken": 0, "stamped": 0, "unseen": 0,
    }  # fmt: skip


def weight(char: str) -> float:
    return 1.0 if WIDE.match(char) else LATIN


def size_of(text: dict[str, Any]) -> float:
    """The size of its letters: from its length where that tells, else from its height."""
    x0, y0, x1, y1 = text["boxes"][0]
    said = text["text"]
    if len(text["boxes"]) > 1:
        return float(median(max(box[2] - box[0], box[3] - box[1]) for box in text["boxes"])) / 0.95
    weights = sum(weight(char) for char in said) - blank(said)
    wide = sum(weight(char) == 1.0 for char in said)
    if wide >= 3:
        return float(x1 - x0) / weights
    return float(y1 - y0) / (0.95 if wide else 0.75)


def blank(text: str) -> float:
    """How much of a line, in letters, is no ink at its two ends."""
    return 0.5 * ((text[0] in HALF_RIGHT) + (text[-1] in HALF_LEFT)) + 0.05


def settled(sizes: list[float]) -> list[float]:
    """Each size -> the middle of those like it on the page, for a page is set in few sizes."""
    order = sorted(range(len(sizes)), key=lambda at: sizes[at])
    found = list(sizes)
    bunch: list[int] = []
    for at in [*order, -1]:
        if bunch and (at < 0 or sizes[at] > ALIKE * sizes[bunch[0]]):
            middle = median(sizes[one] for one in bunch)
            for one in bunch:
                found[one] = middle
            bunch = []
        if at >= 0:
            bunch.append(at)
    return found


def spread(text: dict[str, Any], size: float) -> list[list[Any]]:
    """The letters of a text over its box: [char, x0, x1, baseline, size, turn]."""
    said, boxes = text["text"], text["boxes"]
    chars = list(said)
    if is_doubted(text):
        chars[0] += DOUBTED
    if len(boxes) > 1:
        x0, x1 = min(box[0] for box in boxes), max(box[2] for box in boxes)
        top, step = boxes[0][1], (boxes[-1][3] - boxes[0][1]) / len(said)
        return [
            glyph(char, x0, x1, top + (at + 1) * step - max(0.0, step - size) / 2, size)
            for at, char in enumerate(chars)
        ]
    x0, y0, x1, y1 = boxes[0]
    weights = [weight(char[0]) for char in chars]
    unit = (x1 - x0) / max(0.3, sum(weights) - blank(said))
    x = x0 - (0.5 * unit if said[0] in HALF_RIGHT else 0.0) - 0.025 * unit
    # the foot of the line: from the middle of its ink, for points and dashes have none at the foot
    base = (y0 + y1) / 2 + (0.38 * size if any(one == 1.0 for one in weights) else 0.36 * size)
    found = []
    for char, one in zip(chars, weights, strict=True):
        if not char.isspace():
            found.append(glyph(char, x, x + one * unit, base, size))
        x += one * unit
    return found


def is_doubted(text: dict[str, Any]) -> bool:
    """Whether somebody should look; page numbers and marks in the margin are not worth it."""
    few = len(text["text"]) < FEW
    if text["sure"] >= (SURE_FEW if few else SURE) and text["least"] >= (SURE_FEW if few else LEAST):
        return False
    return bool(text["cell"]) or any("\u4e00" <= char <= "\u9fff" for char in text["text"])


def glyph(char: str, x0: float, x1: float, base: float, size: float) -> list[Any]:
    return [char, round(x0, 2), round(x1, 2), round(base, 2), round(size, 2), 0]
