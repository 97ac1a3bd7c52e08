"""One page drawn: of a PDF, of a picture, of a film its poster. For previews and for the small copy in lists."""

import contextlib
import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PIL import Image

from .. import pictures
from . import media, picture
from .told import Unreadable

if TYPE_CHECKING:
    from .work import Asked

PDF = "application/pdf"
MOST_HEIGHT = 3.0  # times the width: a strip as long as a web page is drawn narrower
QUALITY = 82
LOCKED = "文件设了打开密码，没有读。文件已保存；请去掉密码后换新版本。"
BROKEN = "文件不完整或已损坏，画不出来。文件已保存，可以下载查看。"


@dataclasses.dataclass
class Drawn:
    """MADE: the path of a JPEG, "" for a kind that has no pages; WIDTH and HEIGHT of a picture as it is kept."""

    made: str = ""
    pages: int = 0
    width: int | None = None
    height: int | None = None


def draw(asked: "Asked", no: int, width: int) -> Drawn:
    """Page NO at WIDTH pixels. Unreadable where there is no such page or it cannot be drawn."""
    if asked.mime == PDF:
        image, pages = pdf_page(asked, no, width)
        return Drawn(_kept(asked, f"page-{no}", image, (width, round(MOST_HEIGHT * width))), pages)
    if asked.mime.startswith("image/"):
        return _picture(asked, no, (width, round(MOST_HEIGHT * width)), f"page-{no}")
    return Drawn()


def thumbnail(asked: "Asked", no: int) -> Drawn:
    """The small copy: of page NO of a PDF, else of the first page, or of a film's poster."""
    box = pictures.THUMBNAIL
    if asked.mime == PDF:
        image, pages = pdf_page(asked, no, box[0])
        return Drawn(_kept(asked, "thumbnail", top_of(image, box), box), pages)
    if asked.mime.startswith("image/"):
        return _picture(asked, 1, box, "thumbnail")
    if asked.mime.startswith(("video/", "audio/")):
        return Drawn(media.read(asked).made.get("thumbnail", ""))
    return Drawn()


def top_of(page: Image.Image, box: tuple[int, int]) -> Image.Image:
    """The head of an upright page, where the red letters of a formal document stand: as wide as BOX."""
    if page.height * box[0] <= page.width * box[1]:
        return page
    return page.crop((0, 0, page.width, max(1, round(page.width * box[1] / box[0]))))


def _picture(asked: "Asked", no: int, box: tuple[int, int], name: str) -> Drawn:
    with open(asked.path, "rb") as file:
        image = picture.opened(file)
        pages, _ = picture.count(image)
        if not 1 <= no <= pages:
            raise Unreadable("no_page", f"没有第 {no} 页，共 {pages} 页。")
        if (
            image.format == "TIFF"
        ):  # counting has turned its pages; of another kind the picture it is known by is open
            image.seek(0)
        turned, _ = pictures.notes(image)
        size = image.size[::-1] if turned else image.size
        page = picture.frame(image, no, max(box))
        return Drawn(_kept(asked, name, page, box), pages, *size)


def _kept(asked: "Asked", name: str, image: Image.Image, box: tuple[int, int]) -> str:
    path = asked.folder / f"{name}.jpg"
    path.write_bytes(pictures.small(image, box, QUALITY))
    return str(path)


@contextlib.contextmanager
def pdf_opened(asked: "Asked", no: int) -> Iterator[tuple[Any, int, float, float]]:
    """Page NO of a PDF for the while, how many pages there are, its width and height in points. Unreadable in words."""
    import pypdfium2  # noqa: PLC0415 -- slow import

    try:
        document = pypdfium2.PdfDocument(asked.path)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise Unreadable("locked" if locked else "broken", LOCKED if locked else BROKEN) from None
    try:
        pages = len(document)
        if not 1 <= no <= pages:
            raise Unreadable("no_page", f"没有第 {no} 页，共 {pages} 页。")
        page = document[no - 1]
        across, down = page.get_size()
        if across <= 0 or down <= 0:
            raise Unreadable("broken", BROKEN)
        yield page, pages, across, down
    except pypdfium2.PdfiumError:
        raise Unreadable("broken", BROKEN) from None
    finally:
        document.close()


def pdf_page(asked: "Asked", no: int, width: int) -> tuple[Image.Image, int]:
    """Page NO of a PDF as wide as WIDTH pixels, and how many pages there are."""
    with pdf_opened(asked, no) as (page, pages, across, down):
        # a page of 200 inches, or a thread of one point, is drawn no larger than any other
        drawn: Any = page.render(scale=min(width / across, MOST_HEIGHT * width / down)).to_pil()
        image: Image.Image = drawn.convert("RGB")
        return image, pages
