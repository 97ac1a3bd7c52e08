"""A photographed or scanned page as a picture file, each frame of it a page."""

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image

from ...errors import Refused
from ..blocks import Document, Unseen
from ..pdf.layout import lay_out
from ..pdf.read import document_of, judge
from .glyphs import raw_page

FORMATS = ("JPEG", "PNG", "TIFF", "BMP")
HEADS = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*")


def read_picture(data: bytes, seen: Mapping[int, dict[str, Any]], refusal: str) -> Document:
    """The text of a picture whose pages were recognised; Unseen, with the words REFUSAL, before that."""
    count = frames(data)
    wanted = list(range(1, count + 1))
    if missing := [number for number in wanted if number not in seen]:
        raise Unseen(refusal, missing, count)
    pages = [lay_out(raw_page(seen[number]), number) for number in wanted]
    return document_of(pages, "picture", judge(pages, wanted))


def frames(data: bytes) -> int:
    """How many pages the picture has; only its head is read here, by the library that draws it in the child."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            return max(1, int(getattr(image, "n_frames", 1)))
    except Exception as error:  # of many kinds for broken pictures
        raise Refused("图片文件不完整或已损坏，可能没有传完。请重新取得文件后再导入") from error
