"""Photographs and scanned pictures: size, day, likeness, a small copy, and the text that can be read in them."""

import time
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image

from .. import pictures
from . import scans
from .told import Leaf, Told, Unreadable

if TYPE_CHECKING:
    from .work import Asked

MIMES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff", "image/heic")
MOST_PAGES = 200  # of a TIFF
STEP = 25.0  # seconds; then what was read is kept before the next page begins
LEAST = 24  # pixels: nothing can be read in less
OFF = ("ocr_off", "图片里的文字没有读：本系统关闭了图像识别。文件已保存，可以下载查看。")


def read(asked: "Asked") -> Told:
    """Pages of a TIFF are pages; of a moving picture only the first counts."""
    began = time.monotonic()
    with open(asked.path, "rb") as file:
        image = opened(file)
        pages, more = count(image)
        told = Told("picture", pages=pages)
        if more:
            told.warnings.append(("many_pages", f"这张图超过 {MOST_PAGES} 页，后面的没有读。"))
        # what the picture is as a whole is told at every step: an unfinished reading may go on in another process
        turned, told.taken_on = pictures.notes(image)
        told.width, told.height = reversed(image.size) if turned else image.size
        first = frame(image, 1, scans.side(*image.size) if asked.pictures else 4 * max(pictures.THUMBNAIL))
        told.likeness = likeness(first)
        path = asked.folder / "thumbnail.jpg"
        path.write_bytes(pictures.small(first))
        told.made["thumbnail"] = str(path)
        if not asked.pictures:
            told.warnings.append(OFF)
            return told
        for no in range(asked.start, pages + 1):
            if told.leaves and time.monotonic() - began > STEP:
                told.go_on = no
                break
            told.leaves.append(_leaf(first if no == 1 else _later(image, no), no, told))
    return told


def _later(image: Image.Image, no: int) -> Image.Image | None:
    """A page behind the first; None where it is damaged, which does not spoil the others."""
    try:
        image.seek(no - 1)
        return frame(image, no, scans.side(*image.size))
    except (Unreadable, OSError, ValueError, SyntaxError):
        return None


def _leaf(page: Image.Image | None, no: int, told: Told) -> Leaf:
    if page is None:
        told.warnings.append(("broken_page", f"第 {no} 页不完整或已损坏，画不出来，没有读。"))
    if page is None or min(page.size) < LEAST:
        return Leaf(no, "")
    text, lines = scans.read_page(page)
    if scans.is_cut(page):
        told.warnings.append(("long", "图片太长，只读了上面的部分，下面的文字检索不到。"))
    return Leaf(no, text, lines, ocr=bool(text))


def opened(file: BinaryIO) -> Image.Image:
    """The picture in FILE, its head looked at; Unreadable in words."""
    try:
        return pictures.open_picture(file)
    except pictures.TooLarge as error:
        raise Unreadable(
            "large", f"图片展开后有 {error.width}×{error.height} 像素，太大，没有读。请缩小后换新版本。"
        ) from None
    except pictures.Broken:
        raise Unreadable(
            "broken", "图片打不开，可能不完整或已损坏。请用看图软件打开看看，另存后换新版本。"
        ) from None


def count(image: Image.Image) -> tuple[int, bool]:
    """How many pages a picture has, at most MOST_PAGES, and whether there are more. Nothing is decoded."""
    if image.format != "TIFF":
        return 1, False
    found = sum(1 for _ in islice(_frames(image), MOST_PAGES + 1))
    return max(1, min(found, MOST_PAGES)), found > MOST_PAGES


def _frames(image: Image.Image) -> Iterator[int]:
    for no in range(MOST_PAGES + 1):
        try:
            image.seek(no)
        except Exception:  # the last one, or a directory of pages that leads nowhere
            return
        yield no


def frame(image: Image.Image, no: int, side: int) -> Image.Image:
    """Page NO upright in RGB, its longer side about SIDE at most."""
    try:
        if image.format == "TIFF":
            image.seek(no - 1)
            if image.width * image.height > pictures.MOST_PIXELS:
                raise Unreadable("large", f"第 {no} 页展开后太大，没有读。请缩小后换新版本。")
        page = image.copy() if image.format == "TIFF" else image
        return pictures.upright(page, side)
    except Unreadable:
        raise
    except MemoryError:
        raise
    except Exception:
        raise Unreadable(
            "broken", "图片不完整或已损坏，画不出来。文件已保存；请用看图软件打开看看，另存后换新版本。"
        ) from None


def likeness(image: Image.Image) -> str:
    """A perceptual hash of 64 signs as 16 hex letters: the signs of the lowest waves of brightness (a cosine
    transform of 32 × 32 dots). "" for a page of paper and for a plain surface, which are all alike."""
    import numpy  # noqa: PLC0415 -- slow import

    grey = numpy.asarray(image.convert("L").resize((32, 32), Image.Resampling.BOX), dtype="float64")
    if grey.std() < 4 or _is_paper(image):
        return ""
    steps = numpy.arange(32)
    waves = numpy.cos(numpy.pi * (2 * steps[None, :] + 1) * steps[:9, None] / 64)
    low = waves @ grey @ waves.T
    # the 64 lowest waves without the mean brightness, so that a lighter copy is the same picture
    held = numpy.concatenate([low[:8, :8].ravel()[1:], low[8:9, :1].ravel()])
    bits = held > numpy.median(held)
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def _is_paper(image: Image.Image) -> bool:
    """Whether most of the picture is bare paper: bright, without colour, and as bright everywhere."""
    import numpy  # noqa: PLC0415 -- slow import

    dots = numpy.asarray(image.resize((128, 128), Image.Resampling.BILINEAR), dtype="int16")
    bright = dots.min(axis=2) > 200
    plain = dots.max(axis=2) - dots.min(axis=2) < 30
    return bool((bright & plain).mean() > 0.7)
