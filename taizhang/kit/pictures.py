"""Pictures: how large, when taken, and a small copy without what the camera noted (place, serial numbers)."""

import contextlib
import io
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from PIL import Image, ImageOps

#: refused before decoding: a PNG of 18 kB can unpack into half a gigabyte
MOST_PIXELS = 50 * 10**6
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
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


def _open(file: BinaryIO) -> Image.Image:
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
    image = _open(file)
    width, height = image.size
    turned, taken = _notes(image)
    try:
        image.draft("RGB", THUMBNAIL)
        image.load()
    except Exception as error:
        raise Broken from error
    return Seen(height, width, taken) if turned else Seen(width, height, taken)


def _notes(image: Image.Image) -> tuple[bool, date | None]:
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
        return _notes(_open(file))[1]
    except (Broken, TooLarge):
        return None


def thumbnail(file: BinaryIO) -> bytes:
    """A small upright JPEG without any metadata."""
    image = _open(file)
    try:
        image.draft("RGB", (THUMBNAIL[0] * 2, THUMBNAIL[1] * 2))
        image = ImageOps.exif_transpose(image)
        if image.mode in ("RGBA", "LA", "P", "PA"):
            ground = Image.new("RGB", image.size, "white")
            layer = image.convert("RGBA")
            ground.paste(layer, mask=layer.getchannel("A"))
            image = ground
        image = image.convert("RGB")
        image.thumbnail(THUMBNAIL)
        out = io.BytesIO()
        # built anew from its pixels: no note of the original can come along
        bare = Image.frombytes("RGB", image.size, image.tobytes())
        bare.save(out, "JPEG", quality=80, optimize=True)  # not a record: a picture
    except Exception as error:
        raise Broken from error
    return out.getvalue()


def _day(text: object) -> date | None:
    """`2020:06:10 09:30:11` of EXIF as a day; cameras without a clock write zeros."""
    with contextlib.suppress(ValueError, TypeError):
        year, month, day = str(text)[:10].replace("-", ":").split(":")
        found = date(int(year), int(month), int(day))
        return found if found.year >= 1990 else None
    return None
