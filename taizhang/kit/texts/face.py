"""How an office file prints, as a PDF: for its preview and for a bound volume. Runs in a child (`kit.apart`).

The same file gives the same bytes: nothing of the day it was converted stays in the PDF.
"""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .. import fonts
from ..documents import office
from ..errors import Refused
from . import harmless, pure
from .blocks import unreadable
from .told import Told, Unreadable
from .work import READERS, Asked

_OOXML = "application/vnd.openxmlformats-officedocument"
#: MIME type → the ending under which LibreOffice takes it; what a file really is it sees itself
OFFICE = {
    "application/msword": "doc",
    f"{_OOXML}.wordprocessingml.document": "docx",
    "application/rtf": "rtf",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.ms-powerpoint": "ppt",
    f"{_OOXML}.presentationml.presentation": "pptx",
    "application/vnd.ms-excel": "xls",
    f"{_OOXML}.spreadsheetml.sheet": "xlsx",
}
#: what has no print of its own: its text is set
TEXTS = ("text/plain", "text/csv", "text/html", "message/rfc822", "multipart/related", "application/ofd")
MOST_LETTERS = 300_000  # of a text that is set: some 400 pages
MOST_COLUMNS = 12  # of a csv that is set as a table
MOST_ROWS = 5000
SECONDS = 90  # a caller should wait this long

SLIDES = ("ppt", "pptx")
NO_SLIDES = "（本机不能排幻灯片的版式，以下是其中的文字，一张一页）"
NO_PROGRAM = "本机没有能把这种文件排成页面的程序（LibreOffice），可以下载原件查看。"
BROKEN = "文件排不成页面，可能不完整或已损坏。请用原软件打开看看，另存为 PDF 后换新版本。"
LOCKED = "文件设有打开密码，排不成页面。请去掉密码后换新版本。"


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """{path, name, mime, folder} → {"face": path of a PDF in the folder}, or {"unreadable": [code, words]}."""
    asked = Asked(
        Path(question["path"]), question["name"], question["mime"], Path(question["folder"]), pictures=False
    )
    try:
        if asked.mime in OFFICE:
            made = _printed(asked)
        elif asked.mime in TEXTS:
            made = _set(asked)
        else:
            raise Unreadable("other", "这种文件没有页面可看，可以下载原件查看。")
        path = asked.folder / "face.pdf"
        path.write_bytes(pure.pdf(made))
    except Unreadable as refusal:
        return {"unreadable": [refusal.code, refusal.text]}
    return {"face": str(path)}


def _printed(asked: Asked) -> bytes:
    """What LibreOffice prints; macros, links and objects of the file are taken out or left alone."""
    ending = OFFICE[asked.mime]
    try:
        found = harmless.office(asked.path.read_bytes())
    except Refused as refusal:
        raise unreadable(refusal) from refusal
    if found.locked:
        raise Unreadable("locked", LOCKED)
    if office.libreoffice() is not None:
        made = office.convert(found.data, ending, "pdf")
        if made is not None:
            return made
    if ending in SLIDES:  # its part for slides is often not installed
        return _set(asked, NO_SLIDES)
    raise Unreadable("broken", BROKEN) if office.libreoffice() else Unreadable("program", NO_PROGRAM)


def _set(asked: Asked, remark: str = "") -> bytes:
    """The words of the file in plain pages; REMARK stands above them."""
    import typst  # noqa: PLC0415 -- slow import

    table = _table(asked) if asked.mime == "text/csv" else None
    pages: list[str] = []
    if table is None:
        told = _read(asked)
        joint = "\f" if told.kind in ("ofd", "pptx", "ppt") else ""
        pages = joint.join(leaf.text for leaf in told.leaves).split("\f")
    left, cut, kept = MOST_LETTERS, False, []
    for page in pages:
        cut = cut or len(page) > left
        kept.append(_visible(page[: max(left, 0)]))
        left -= len(page)
    what = {
        "title": _visible(Path(asked.name).stem),
        "pages": kept,
        "rows": table or [],
        "cut": cut,
        "remark": remark,
    }
    words = {"data": json.dumps(what, ensure_ascii=False), "song": json.dumps(fonts.SONG + fonts.HEI)}
    try:
        made = typst.compile(TEMPLATE.encode(), sys_inputs=words)
    except typst.TypstError as error:
        raise Unreadable("broken", BROKEN) from error
    assert isinstance(made, bytes)
    return made


def _read(asked: Asked) -> Told:
    reader: Callable[[Asked], Told] = READERS[asked.mime]
    return reader(asked)


def _table(asked: Asked) -> list[list[str]] | None:
    """The rows of a csv that fits on a page's width, all of one length; None for what is better set as lines."""
    text = "".join(leaf.text for leaf in _read(asked).leaves)
    try:
        rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    except csv.Error:
        return None
    width = max(map(len, rows), default=0)
    if not 2 <= width <= MOST_COLUMNS or len(rows) > MOST_ROWS or len(text) > MOST_LETTERS:
        return None
    return [[_visible(cell) for cell in (*row, *[""] * (width - len(row)))] for row in rows]


def _visible(text: str) -> str:
    """TEXT without characters that no font has."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return (
        "".join(one for one in text if one == "\n" or one >= " ").replace("\ufffe", "").replace("\uffff", "")
    )


#: data come in as strings, so that nothing in them is markup
TEMPLATE = """
#let what = json(bytes(sys.inputs.data))
#set document(title: what.title, date: none)
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), numbering: "— 1 —")
#set text(font: json(bytes(sys.inputs.song)), lang: "zh", region: "cn", size: 12pt)
#set par(leading: 0.9em, spacing: 0.9em, justify: false)
#align(center, text(size: 16pt, weight: "bold", what.title))
#if what.remark != "" { align(center, text(size: 10pt, fill: luma(35%), what.remark)) }
#v(1em)
#if what.rows.len() > 0 [
  #set text(size: 10pt)
  #table(
    columns: what.rows.at(0).len(), stroke: 0.5pt, inset: 5pt,
    table.header(..what.rows.at(0).map(cell => strong(cell))),
    ..what.rows.slice(1).flatten(),
  )
]
#for (at, page) in what.pages.enumerate() {
  if at > 0 { pagebreak() }
  for line in page.split("\\n") {
    if line.trim() == "" { v(0.6em) } else { par(line) }
  }
}
#if what.cut [ #v(1em) #text(fill: luma(35%))[（以下文字太长，没有排出，请下载原件查看。）] ]
"""
