"""Pages of a file for looking at: as pictures, and where their words stand. Drawn and read by a child, kept in a folder."""

from functools import cache
from typing import Any

from django.conf import settings

from taizhang.kit.files import store
from taizhang.kit.previews import WIDTH, NotDrawn, Previews

from ..models import Blob, Page
from .reading import Shown

PDF = "application/pdf"


@cache
def previews() -> Previews:
    """One for each process: its child is started at the first page that nobody has looked at before."""
    return Previews(settings.PREVIEWS, "taizhang.kit.texts:answer", at_once=max(1, settings.WEB_THREADS // 2))


def page_picture(shown: Shown, no: int, width: int = WIDTH) -> bytes:
    """Page NO of what is shown of a file, a JPEG; NotDrawn for what has no such page."""
    if not shown.mime or not store().exists(shown.sha256):
        raise NotDrawn("文件不在库里，画不出来。")
    return previews().page(shown.sha256, store().path(shown.sha256), shown.mime, no, width)


def page_lines(blob: Blob, shown: Shown, no: int) -> tuple[list[list[Any]], int]:
    """Where the words of page NO stand, [[x0, y0, x1, y1, text, edges]] in parts of the page, and how many pages there
    are (0: not known). Of a page that is a picture what was recognised on it; [] where nothing was. NotDrawn."""
    kept = None
    if (
        shown.sha256 == blob.sha256
    ):  # not of an office file, whose printed pages are others than those of its text
        kept = Page.objects.filter(blob=blob, no=no).values_list("lines", flat=True).first()
    if shown.mime != PDF:
        return kept or [], 0
    if not store().exists(shown.sha256):
        raise NotDrawn("文件不在库里，画不出来。")
    told = previews().lines(shown.sha256, store().path(shown.sha256), shown.mime, no)
    # what was recognised is better than the layer of a scanning program, of which the reader thought it no text
    return kept or told["lines"], told["pages"]
