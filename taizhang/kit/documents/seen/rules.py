"""The ruled lines of a table in the picture of a page. Pixels in, pixels out; the page stands straight already."""

from collections.abc import Sequence
from typing import Any

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

WINDOW = 31  # pixels: what is dark is dark beside its surroundings, a shadow over the page does no harm
DARKER = 14  # of 255
LEVEL, UPRIGHT = 1.6, 1.15  # heights of a line of text: shorter strokes are parts of letters
ENDS = 9.0  # pixels between the end of a rule and the one it runs into
THICK = 14  # pixels
BESIDE = (
    4,
    8,
)  # pixels from a rule: paper, on one side at least; beside a row of letters' strokes there are letters
SPECKLED = 0.12, 0.35  # of the one side, of the other: so much of it may be dark


def dark(gray: Any) -> Any:
    """255 where a page is darker than around, dust and all."""
    import cv2  # noqa: PLC0415 -- slow import

    return cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, WINDOW, DARKER)


def ink(gray: Any) -> Any:
    """255 where a page is printed, 0 where it is paper; specks of dust are gone."""
    import cv2  # noqa: PLC0415 -- slow import

    return cv2.medianBlur(dark(gray), 3)


def ruled(gray: Any, texts: Sequence[Box], letter: float) -> tuple[list[Box], list[Box]]:
    """(level rules, upright rules) of a page. TEXTS: where lines of text stand, LETTER: how high they are."""
    import cv2  # noqa: PLC0415 -- slow import

    mask = dark(gray)
    found: list[list[Box]] = []
    for lying, least in ((True, max(30, int(LEVEL * letter))), (False, max(24, int(UPRIGHT * letter)))):
        # a line that still falls by a hair is stairs of pixels: made thicker it is whole again; then gaps are closed
        thicker = cv2.dilate(mask, _bar(lying=not lying, length=3))
        whole = cv2.morphologyEx(thicker, cv2.MORPH_CLOSE, _bar(lying=lying, length=5))
        opened = cv2.morphologyEx(whole, cv2.MORPH_OPEN, _bar(lying=lying, length=least))
        _, _, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
        boxes = [(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h, _ in stats[1:]]
        found.append(
            [box for box in boxes if not _is_letter(box, lying, texts) and _is_free(box, lying, mask)]
        )
    return _joined(*found)


def _bar(*, lying: bool, length: int) -> Any:
    import cv2  # noqa: PLC0415 -- slow import

    return cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1) if lying else (1, length))


def _is_letter(box: Box, lying: bool, texts: Sequence[Box]) -> bool:
    """Whether what looks like a rule is a stroke of a large letter, or a dark patch."""
    left, top, right, bottom = box
    length, thick = (right - left, bottom - top) if lying else (bottom - top, right - left)
    if thick > THICK + 0.01 * length:
        return True
    x, y = (left + right) / 2, (top + bottom) / 2
    return any(
        one[0] <= x <= one[2] and one[1] <= y <= one[3] and length < 1.3 * (one[3] - one[1]) for one in texts
    )


def _is_free(box: Box, lying: bool, mask: Any) -> bool:
    """Whether there is mostly paper beside it. It may fall by some pixels: asked stretch by stretch."""
    left, top, right, bottom = (int(edge) for edge in box)
    sides: list[list[float]] = [[], []]
    length = right - left if lying else bottom - top
    steps = max(1, length // 150) if max(right - left, bottom - top) > 0 else 1
    middles = _middles(box, lying, mask, steps)
    for first, last, middle in middles:
        for side, sign in ((0, -1), (1, 1)):
            near, far = sorted((middle + sign * BESIDE[0], middle + sign * BESIDE[1]))
            near, far = max(0, near), max(1, far)
            strip = mask[near:far, first:last] if lying else mask[first:last, near:far]
            sides[side].append(float((strip > 0).mean()) if strip.size else 0.0)
    means = sorted(sum(side) / len(side) for side in sides)
    return means[0] <= SPECKLED[0] and means[1] <= SPECKLED[1]


def _middles(box: Box, lying: bool, mask: Any, steps: int) -> list[tuple[int, int, int]]:
    """(from, to, where it runs) of each of STEPS stretches of a rule."""
    left, top, right, bottom = (int(edge) for edge in box)
    begin, end = (left, right) if lying else (top, bottom)
    found = []
    for step in range(steps):
        first, last = begin + (end - begin) * step // steps, begin + (end - begin) * (step + 1) // steps
        part = mask[top:bottom, first:last] if lying else mask[first:last, left:right]
        dark = part.sum(axis=1 if lying else 0)
        found.append((first, last, (top if lying else left) + int(dark.argmax()) if dark.size else top))
    return found


def _joined(level: list[Box], upright: list[Box]) -> tuple[list[Box], list[Box]]:
    """Only rules that run into others: a rule's ends lie on rules of the other kind, one end at least."""
    while True:
        kept = [one for one in level if any(_meets(one, other) for other in upright)]
        beside = [one for one in upright if any(_meets(other, one) for other in kept)]
        if len(kept) == len(level) and len(beside) == len(upright):
            return level, upright
        level, upright = kept, beside


def _meets(level: Box, upright: Box) -> bool:
    x, y = (upright[0] + upright[2]) / 2, (level[1] + level[3]) / 2
    return level[0] - ENDS <= x <= level[2] + ENDS and upright[1] - ENDS <= y <= upright[3] + ENDS
