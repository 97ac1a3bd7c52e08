"""Pictures: how large, when taken, and a small copy without what the camera noted (place, serial numbers)."""

import contextlib
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image, ImageOps

from . import heif

#: refused before decoding: a PNG of 18 kB can unpack into half a gigabyte
MOST_PIXELS = 50 * 10**6
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "HEIF")
THUMBNAIL = (360, 240)  # twice the size on the page, for fine screens
_EXIF_IFD, _TAKEN, _CHANGED = 0x8769, 0x9003, 0x0132


class Broken(Exception):
    """Not a picture that opens."""


class TooLarge(Exception):
    def __init__(self, width: int, height: int) -> None:
        super().__init__(f"{width}×{height}")
        self.width, self.height = width, height


@dataclass(frozen=True)
class Seen:
    """Width and height as shown (turned upright), in pixels; the day in the camera's note."""

    width: int
    height: int
    taken_on: date | None


def open_picture(file: BinaryIO) -> Image.Image:
    """The picture's head, nothing decoded yet; Broken or TooLarge."""
    heif.teach()
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        # Pillow stops at twice the limit and does not say how large
        numbers = [int(word) for word in str(error).replace("(", " ").split() if word.isdigit()]
        side = int((numbers[0] if numbers else 4 * MOST_PIXELS) ** 0.5)
        raise TooLarge(side, side) from None
    except Exception as error:  # a damaged header can raise anything
        raise Broken from error
    if image.width * image.height > MOST_PIXELS:
        raise TooLarge(image.width, image.height)
    return image


def look(file: BinaryIO) -> Seen:
    """Open the picture as far as needed to know that it opens; Broken or TooLarge otherwise."""
    image = open_picture(file)
    width, height = image.size
    turned, taken = notes(image)
    try:
        image.draft("RGB", THUMBNAIL)
        image.load()
    except Exception as error:
        raise Broken from error
    return Seen(height, width, taken) if turned else Seen(width, height, taken)


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """A child's function (`Apart`): {path} → {width, height, taken_on}, {"broken": true} or {"too_large": [w, h]}."""
    try:
        with Path(question["path"]).open("rb") as file:
            seen = look(file)
    except TooLarge as error:
        return {"too_large": [error.width, error.height]}
    except Broken:
        return {"broken": True}
    return {
        "width": seen.width,
        "height": seen.height,
        "taken_on": seen.taken_on.isoformat() if seen.taken_on else None,
    }


def notes(image: Image.Image) -> tuple[bool, date | None]:
    """Whether the camera lay on its side, and the day it noted; its notes are never worth a refusal."""
    try:
        exif = image.getexif()
        return exif.get(0x0112) in (5, 6, 7, 8), _day(
            exif.get_ifd(_EXIF_IFD).get(_TAKEN) or exif.get(_CHANGED)
        )
    except Exception:
        return False, None


def taken_on(file: BinaryIO) -> date | None:
    """The day the camera noted, without decoding the picture; None for anything that cannot say."""
    try:
        return notes(open_picture(file))[1]
    except (Broken, TooLarge):
        return None


def thumbnail(file: BinaryIO) -> bytes:
    """A small upright JPEG without any metadata."""
    image = open_picture(file)
    try:
        return small(upright(image, 2 * max(THUMBNAIL)))
    except Exception as error:
        raise Broken from error


def upright(image: Image.Image, side: int) -> Image.Image:
    """IMAGE (its current frame) decoded, turned upright, on white ground, in RGB, no side longer than SIDE.

    A JPEG may be decoded smaller than it is, and stays so: ask for the largest SIDE first.
    """
    image.draft(
        "RGB", (side, side)
    )  # a JPEG is decoded at an eighth to a whole of its size: never below SIDE
    image.load()
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode.startswith(("I", "F")):  # more than eight bits a dot: the brightest becomes white
        image = _eight_bits(image)
    elif image.mode in ("P", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    if max(image.size) > side:
        scale = side / max(image.size)
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    with contextlib.suppress(Exception):  # a damaged note is no reason to show nothing
        image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "La", "RGBa"):
        layer = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    wide = image.convert("F")
    low, high = wide.getextrema()
    assert isinstance(low, float) and isinstance(high, float)
    scale = 255 / (high - low) if high > low else 0.0
    return wide.point(lambda dot: dot * scale - low * scale).convert("L")


def small(image: Image.Image, box: tuple[int, int] = THUMBNAIL, quality: int = 80) -> bytes:
    """An RGB picture as a JPEG that fits into BOX. Built anew from its dots: no note of the original comes along."""
    image = image.copy()
    image.thumbnail(box)
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True)  # not a record: a picture
    return out.getvalue()


def _day(text: object) -> date | None:
    """`2020:06:10 09:30:11` of EXIF as a day; cameras without a clock write zeros."""
    with contextlib.suppress(ValueError, TypeError):
        year, month, day = str(text)[:10].replace("-", ":").split(":")
        found = date(int(year), int(month), int(day))
        return found if found.year >= 1990 else None
    return None
