"""A page set straight: turned back by its slant, or, photographed from aside, pulled back into a rectangle."""

import math
from collections.abc import Sequence
from typing import Any

from ...texts import layout, scans
from .rules import Box, dark

AREA = 0.15  # of the page: a smaller frame says nothing of the page
FILLED = 0.96  # of the four corners' area: what is less is no four-cornered thing
ASKEW = math.radians(
    0.5
)  # edges that ought to be parallel and are not, by so much, were photographed from aside
CORNER = math.radians(14)  # so far a corner may be from a right angle
CLOSE = 1e-3

Point = tuple[float, float]


def straightened(gray: Any, quads: list[scans.Quad]) -> tuple[Any, list[Box]]:
    """The page as it would lie straight under the glass, and the boxes of its lines of text."""
    import cv2  # noqa: PLC0415 -- slow import
    import numpy  # noqa: PLC0415 -- slow import

    height, width = gray.shape
    corners = frame(gray)
    angle = layout.slant(quads)
    if corners:
        matrix = cv2.getPerspectiveTransform(
            numpy.array(corners, "float32"), numpy.array(_rectangle(corners), "float32")
        )
    elif abs(angle) > CLOSE / 2:
        turn: Any = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(angle), 1.0)
        matrix = numpy.vstack([turn, [0.0, 0.0, 1.0]])
    else:
        return gray, [layout.straight(quad, 0.0) for quad in quads]
    page = cv2.warpPerspective(
        gray, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    boxes = []
    for quad in quads:
        moved = cv2.perspectiveTransform(numpy.array([quad], "float32"), matrix)[0]
        boxes.append(layout.straight([(float(x), float(y)) for x, y in moved], 0.0))
    return page, boxes


def frame(gray: Any) -> list[Point]:
    """The corners, clockwise from the upper left, of the largest frame on the page (a table, or the sheet itself) when
    it shows that the page was photographed from aside; else none."""
    import cv2  # noqa: PLC0415 -- slow import

    mask = cv2.morphologyEx(dark(gray), cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5)))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return []
    hull = cv2.convexHull(max(outlines, key=lambda one: cv2.contourArea(cv2.convexHull(one))))
    area = cv2.contourArea(hull)
    found = cv2.approxPolyDP(hull, 0.015 * cv2.arcLength(hull, closed=True), closed=True)
    if area < AREA * gray.size or len(found) != 4 or area < FILLED * cv2.contourArea(found):
        return []
    points = [(float(one[0][0]), float(one[0][1])) for one in found]
    middle = sum(x for x, _ in points) / 4, sum(y for _, y in points) / 4
    points.sort(
        key=lambda one: math.atan2(one[1] - middle[1], one[0] - middle[0])
    )  # clockwise from the left above
    return points if _is_aside(points) else []


def _is_aside(corners: Sequence[Point]) -> bool:
    ways = [_way(corners[at], corners[(at + 1) % 4]) for at in range(4)]
    if any(abs(_apart(ways[at] + math.pi / 2, ways[(at + 1) % 4])) > CORNER for at in range(4)):
        return False
    return any(abs(_apart(ways[at], ways[at + 2] + math.pi)) > ASKEW for at in (0, 1))


def _way(one: Point, two: Point) -> float:
    return math.atan2(two[1] - one[1], two[0] - one[0])


def _apart(one: float, two: float) -> float:
    return math.remainder(one - two, 2 * math.pi)


def _rectangle(corners: Sequence[Point]) -> list[Point]:
    """Where CORNERS are put: round the same middle, as wide and as high as they are on the average."""
    sides = [math.dist(corners[at], corners[(at + 1) % 4]) for at in range(4)]
    wide, high = (sides[0] + sides[2]) / 4, (sides[1] + sides[3]) / 4
    x, y = sum(one for one, _ in corners) / 4, sum(two for _, two in corners) / 4
    return [(x - wide, y - high), (x + wide, y - high), (x + wide, y + high), (x - wide, y + high)]
