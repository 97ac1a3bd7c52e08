"""The child's function: a question about one file, and its answer."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import lines, mail, media, ofd, pdf, picture, plain, preview, sheets, slides, web, word
from .told import Told, Unreadable


@dataclasses.dataclass(frozen=True)
class Asked:
    """PATH of the bytes and the NAME they bear; FOLDER for what is made; PICTURES: whether pictures are read;
    START: the first page to read, from 1."""

    path: Path
    name: str
    mime: str
    folder: Path
    pictures: bool = True
    start: int = 1


_OOXML = "application/vnd.openxmlformats-officedocument"

#: MIME type → who reads it
READERS: dict[str, Callable[[Asked], Told]] = {
    "text/plain": plain.read,
    "text/csv": plain.read,
    "application/pdf": pdf.read,
    "application/ofd": ofd.read,
    "application/msword": word.read,
    f"{_OOXML}.wordprocessingml.document": word.read,
    "application/rtf": word.read,
    "application/vnd.ms-excel": sheets.read,
    f"{_OOXML}.spreadsheetml.sheet": sheets.read,
    "application/vnd.ms-powerpoint": slides.read,
    f"{_OOXML}.presentationml.presentation": slides.read,
    "text/html": web.read,
    "multipart/related": web.read,
    "message/rfc822": mail.read,
    **dict.fromkeys(picture.MIMES, picture.read),
    **dict.fromkeys(media.MIMES, media.read),
}


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """{path, name, mime, folder, pictures, start} → Told as a dict of plain values, or {"unreadable": [code, words]}.

    With {only: "thumbnail" | "page", no, width} nothing is read, one page is drawn: Drawn as a dict. With
    {only: "lines", no} where the words of one page of a PDF stand: see lines.of_page.
    """
    asked = Asked(
        Path(question["path"]),
        question["name"],
        question["mime"],
        Path(question["folder"]),
        bool(question.get("pictures", True)),
        int(question.get("start", 1)),
    )
    if only := question.get("only"):
        return _drawn(asked, only, int(question.get("no", 1)), int(question.get("width", 1000)))
    reader = READERS.get(asked.mime)
    if reader is None:
        return dataclasses.asdict(Told("other"))
    try:
        told = dataclasses.asdict(reader(asked))
    except Unreadable as refusal:
        return {"unreadable": [refusal.code, refusal.text]}
    told["taken_on"] = told["taken_on"].isoformat() if told["taken_on"] else None
    return told


def _drawn(asked: Asked, only: str, no: int, width: int) -> dict[str, Any]:
    try:
        if only == "lines":
            return lines.of_page(asked, no)
        drawn = preview.thumbnail(asked, no) if only == "thumbnail" else preview.draw(asked, no, width)
    except Unreadable as refusal:
        return {"unreadable": [refusal.code, refusal.text]}
    return dataclasses.asdict(drawn)
