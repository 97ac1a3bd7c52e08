"""Pictures for a page: a JPEG goes in as it is, anything else and what is too large is made into one."""

import io
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from .. import heif
from ..pictures import FORMATS, MOST_PIXELS

#: A4 at 300 dots an inch; more than that no printer shows
MOST_LONG, MOST_SHORT = 3508, 2480
QUALITY = 88
MOST_FRAMES = 300
_ORIENTATION = 0x0112
_SPACES = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}


class BadPicture(Exception):
    """It does not open, or is larger than may be opened."""


@dataclass(frozen=True)
class Picture:
    """A JPEG at `path`: pixels as they lie in the file, its colours, how the camera was held (EXIF 1 to 8)."""

    path: str
    width: int
    height: int
    mode: str
    turn: int = 1
    inverted: bool = False  # CMYK as Adobe writes it

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height as it is looked at."""
        return (self.height, self.width) if self.turn in (5, 6, 7, 8) else (self.width, self.height)

    def entries(self) -> str:
        """The dictionary of the picture as an object of a PDF."""
        decode = " /Decode [1 0 1 0 1 0 1 0]" if self.inverted else ""
        return (
            f"/Type /XObject /Subtype /Image /Width {self.width} /Height {self.height} "
            f"/ColorSpace {_SPACES[self.mode]} /BitsPerComponent 8 /Filter /DCTDecode{decode}"
        )

    def matrix(self, x: float, y: float, width: float, height: float) -> tuple[float, ...]:
        """The matrix that draws the picture upright into the box at X, Y (lower left) of WIDTH and HEIGHT."""
        return {
            2: (-width, 0, 0, height, x + width, y),
            3: (-width, 0, 0, -height, x + width, y + height),
            4: (width, 0, 0, -height, x, y + height),
            5: (0, -height, -width, 0, x + width, y + height),
            6: (0, -height, width, 0, x, y + height),
            7: (0, height, width, 0, x, y),
            8: (0, height, -width, 0, x + width, y),
        }.get(self.turn, (width, 0, 0, height, x, y))


def prepare(source: Path, folder: Path, stem: str, longest: int = MOST_LONG) -> list[Picture]:
    """The picture in SOURCE, each of its frames, ready for a page; what must be made anew lies in FOLDER.

    LONGEST: pixels of the longer side that are enough. BadPicture where nothing can be shown.
    """
    heif.teach()
    try:
        with Image.open(source, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadPicture
            frames = min(getattr(image, "n_frames", 1), MOST_FRAMES)
            if image.format == "JPEG" and (kept := _kept(image, source, longest)):
                return [kept]
            if image.format != "TIFF":
                frames = (
                    1  # a moving picture shows its first moment, a telephone's file the one it is known by
                )
            return [
                _made(frame, folder / f"{stem}-{at}.jpg", longest)
                for at, frame in enumerate(ImageSequence.Iterator(image) if frames > 1 else [image])
                if at < frames
            ]
    except BadPicture:
        raise
    except Exception as error:  # a damaged picture can raise anything
        raise BadPicture from error


def _turn(image: Image.Image) -> int:
    try:
        turn = int(image.getexif().get(_ORIENTATION) or 1)
    except Exception:
        return 1
    return turn if 1 <= turn <= 8 else 1


def _kept(image: Image.Image, source: Path, longest: int) -> Picture | None:
    """The JPEG as it lies there, if a page can show it so: not too large, of plain colours, with its end."""
    long, short = max(image.size), min(image.size)
    if long > longest or short > longest * MOST_SHORT // MOST_LONG or image.mode not in _SPACES:
        return None
    if image.info.get("progression") and long > MOST_LONG:
        return None
    with open(source, "rb") as handle:
        handle.seek(-min(source.stat().st_size, 4096), io.SEEK_END)
        if b"\xff\xd9" not in handle.read():
            raise BadPicture  # cut off while it was sent
    inverted = image.mode == "CMYK" and "adobe" in image.info
    return Picture(str(source), image.width, image.height, image.mode, _turn(image), inverted)


def _made(image: Image.Image, path: Path, longest: int) -> Picture:
    """A JPEG of the picture, upright, on white, no larger than needed."""
    if image.format == "JPEG":
        image.draft("RGB", (longest, longest))
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "P", "PA"):
        layer = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        image = ground
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = (
            image.point(lambda value: value / 256).convert("L") if image.mode != "F" else image.convert("L")
        )
    image = image.convert("L" if image.mode in ("1", "L") else "RGB")
    short = longest * MOST_SHORT // MOST_LONG
    upright = image.height >= image.width
    image.thumbnail((short, longest) if upright else (longest, short), Image.Resampling.LANCZOS)
    bare = Image.frombytes(image.mode, image.size, image.tobytes())  # without the camera's notes
    bare.save(path, "JPEG", quality=QUALITY)  # not a record: a picture
    return Picture(str(path), bare.width, bare.height, bare.mode)
