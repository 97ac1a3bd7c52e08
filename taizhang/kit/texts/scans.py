"""Text from a picture of a page (OCR): RapidOCR with the models that come with it, on this machine alone.

Everything slow is loaded at the first picture, so that a child that reads text files never pays for it.
"""

import contextlib
import ctypes
import logging
import os
from collections.abc import Sequence
from functools import cache
from typing import Any

from PIL import Image

from .. import libraries
from . import layout
from .told import Unreadable

DOTS = 200  # an inch: what a page is rendered at, and what the models read best
MOST_SIDE = 2000  # pixels; the library scales down to this anyway, and memory is saved before
LONG = 2.4  # times as high as wide: a picture of a whole web page, read piece by piece
STRIP = 1440  # pixels: width enough for the letters of a telephone's page
PIECE = 1.5  # times as high as wide
MOST_PIECES = 12  # a piece takes seconds, and one answer has its limit
SURE = 0.6  # of 1: lines less sure are left out
SURE_ALONE = 0.85  # a single letter or two: leaves and railings look like these
THREADS = 4

Quad = list[tuple[float, float]]


def threads() -> int:
    """How many cores a reading may use."""
    return max(1, min(THREADS, len(os.sched_getaffinity(0))))


@cache
def engine() -> Any:
    """The reader, loaded once in this process. Unreadable where it is not installed: models are never fetched."""
    if not libraries.ocr():
        raise Unreadable("no_ocr", "本机没有装文字识别程序，图片里的文字没有读。请联系系统管理员。")
    import cv2  # noqa: PLC0415 -- slow import
    import onnxruntime  # noqa: PLC0415 -- slow import
    from rapidocr import RapidOCR  # noqa: PLC0415 -- slow import

    class Reader(RapidOCR):
        """Remembers which of the lines stood on their heads."""

        upside: Sequence[bool] = ()

        def run_ocr_steps(self, *args: Any) -> Any:
            self.upside = ()
            made = super().run_ocr_steps(*args)
            self.upside = [label == "180" for label, _ in made[1].cls_res or ()]
            return made

    onnxruntime.set_default_logger_severity(4)
    cv2.setNumThreads(threads())
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return Reader(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": MOST_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads(),
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def read_page(image: Image.Image) -> tuple[str, list[list[float | str]]]:
    """The text of IMAGE in paragraphs, and its lines in reading order: [x0, y0, x1, y1, text], parts of its size.

    A page that lies on its side or its head is read all the same; the places are those of the picture as given.
    """
    try:
        return _in_pieces(image) if is_long(image) else _read(image)
    finally:
        _give_back()


def _give_back() -> None:
    """Give freed memory back to the system: a child that has read a page rests at a third of what it needed."""
    with contextlib.suppress(AttributeError, OSError):  # of the C library of Linux only
        ctypes.CDLL(None).malloc_trim(0)


def is_long(image: Image.Image) -> bool:
    """Whether IMAGE is a strip, such as a whole web page, that is read piece by piece."""
    return image.height > LONG * image.width and image.height > MOST_SIDE


def side(width: int, height: int) -> int:
    """How long the longer side has to be for reading: of a strip as much as its letters need."""
    if height > LONG * width and height > MOST_SIDE:
        return round(height * min(1.0, STRIP / width))
    return 2 * MOST_SIDE


def is_cut(image: Image.Image) -> bool:
    """Whether IMAGE is too long a strip to be read to its end."""
    return is_long(image) and image.height > 0.9 * MOST_PIECES * PIECE * image.width


def _read(image: Image.Image) -> tuple[str, list[list[float | str]]]:
    import numpy  # noqa: PLC0415 -- slow import

    reader = engine()
    image = _smaller(image.convert("RGB"))
    width, height = image.size
    if min(width, height) < 8:
        return "", []
    found = reader(numpy.asarray(image)[:, :, ::-1])  # the library takes blue first
    quads: list[Quad] = []
    texts: list[str] = []
    if found.boxes is not None:
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            if keeps(text := text.strip(), float(score)):
                quads.append([(float(x), float(y)) for x, y in box])
                texts.append(text)
    turned = [turn(quad, _lies(quads, texts, reader.upside), width, height) for quad in quads]
    angle = layout.slant(turned)
    spots = [
        layout.Spot(*layout.straight(quad, angle), text, at)
        for at, (quad, text) in enumerate(zip(turned, texts, strict=True))
    ]
    text, order = layout.text_of(spots)
    return text, [[*_box(quads[at], width, height), texts[at]] for at in order]


def keeps(text: str, score: float) -> bool:
    """Whether a line is text at all, and not a leaf or a railing that looked like some."""
    letters = sum(letter.isalnum() or letter == "★" for letter in text)
    if not letters or score < SURE:
        return False
    return letters > 2 or score >= SURE_ALONE


def _lies(quads: Sequence[Quad], texts: Sequence[str], upside: Sequence[bool]) -> int:
    """By how many quarters the picture has to be turned to the left to stand upright."""
    tall = wide = 0
    for ((ax, ay), _, (cx, cy), _), text in zip(quads, texts, strict=True):
        if len(text) > 2:
            tall, wide = tall + (cy - ay > 1.5 * (cx - ax)), wide + (cx - ax > 1.5 * (cy - ay))
    heads = 2 * sum(upside) > len(upside)
    if tall > wide:
        return 3 if heads else 1
    return 2 if heads else 0


def turn(quad: Quad, quarters: int, width: float, height: float) -> Quad:
    """QUAD of a picture of WIDTH × HEIGHT after the picture was turned to the left by QUARTERS; upper left first."""
    if quarters == 0:
        return quad
    if quarters == 1:
        found = [(y, width - x) for x, y in quad]
    elif quarters == 2:
        found = [(width - x, height - y) for x, y in quad]
    else:
        found = [(height - y, x) for x, y in quad]
    return found[quarters:] + found[:quarters]  # the corner that is upper left now


def _box(quad: Quad, width: int, height: int) -> list[float]:
    xs, ys = [x / width for x, _ in quad], [y / height for _, y in quad]
    return [round(min(1.0, max(0.0, part)), 4) for part in (min(xs), min(ys), max(xs), max(ys))]


def _smaller(image: Image.Image) -> Image.Image:
    most = 2 * MOST_SIDE  # the rest is done by the library, so that it is done once
    if max(image.size) > most:
        image = image.copy()
        image.thumbnail((most, most), Image.Resampling.BILINEAR)
    return image


def _in_pieces(image: Image.Image) -> tuple[str, list[list[float | str]]]:
    """A picture of a whole web page: cut where a row of pixels is blank, and each piece read by itself."""
    width, height = image.size
    texts: list[str] = []
    lines: list[list[float | str]] = []
    top = pieces = 0
    while top < height and pieces < MOST_PIECES:
        bottom = _blank_row(image, top, min(height, top + int(PIECE * width)))
        text, found = _read(image.crop((0, top, width, bottom)))
        texts += [text] if text else []
        for x0, y0, x1, y1, said in found:
            places = [(top + float(y) * (bottom - top)) / height for y in (y0, y1)]
            lines.append([x0, round(places[0], 4), x1, round(places[1], 4), said])
        top, pieces = bottom, pieces + 1
    return "\n".join(texts), lines


def _blank_row(image: Image.Image, top: int, bottom: int) -> int:
    """The row at which to cut: in the middle of the widest plain stretch of the last fifth before BOTTOM."""
    if bottom >= image.height:
        return image.height
    import numpy  # noqa: PLC0415 -- slow import

    begin = bottom - max(1, (bottom - top) // 5)
    strip = numpy.asarray(image.crop((0, begin, image.width, bottom)).convert("L"), dtype="int16")
    uneven = strip.std(axis=1)
    plain = numpy.flatnonzero(uneven <= uneven.min() + 1)
    runs = numpy.split(plain, numpy.flatnonzero(numpy.diff(plain) > 1) + 1)
    widest = max(runs, key=len)  # between two paragraphs rather than between two lines
    return begin + int(widest[len(widest) // 2]) + 1
