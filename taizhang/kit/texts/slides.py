"""Slides: one page for each, its notes after it."""

import struct
import zipfile
from collections.abc import Iterator
from typing import Any

from ..archive import OLE, open_archive, part_names, read_part
from ..documents import office
from ..documents.docx import MAX_PART
from ..documents.ole import Container
from ..documents.words import child, children, name, parse, val
from . import harmless
from .blocks import BROKEN, kept, row
from .told import Leaf, Told, Unreadable
from .word import drawing_lines, relations

MOST_SLIDES = 2000
MAX_DEPTH = 12  # groups in groups
#: records of old slides ([MS-PPT] 2.13.24)
DOCUMENT, SLIDE, NOTES, LIST, BEGINS, UTF16, LATIN = 0x03E8, 0x03EE, 0x03F0, 0x0FF0, 0x03F3, 0x0FA0, 0x0FA8
HOLDERS = (0x040C,)  # the drawing; what is in it has kinds of its own, F000 to F0FF


def read(asked: Any) -> Told:
    data = asked.path.read_bytes()
    with kept():
        found = harmless.opened(data)
        if data.startswith(OLE):
            kind, made = "ppt", _old(data)
        else:
            kind, made = "pptx", package_leaves(data)
    warnings = found.warnings
    if len(made) > MOST_SLIDES:
        made = made[:MOST_SLIDES]
        warnings.append(("long", f"幻灯片太多，只读了前 {MOST_SLIDES} 页，后面的检索不到。"))
    return Told(kind, made, len(made), warnings=warnings)


def package_leaves(data: bytes) -> list[Leaf]:
    """The slides of a .pptx in the order they are shown."""
    with open_archive(data) as archive:
        names = part_names(archive)
        main = relations(archive, names, "ppt/_rels/presentation.xml.rels")
        if "ppt/presentation.xml" not in names:
            raise Unreadable("broken", BROKEN)
        root = parse(read_part(archive, names["ppt/presentation.xml"], MAX_PART))
        ids = [_relation(one) for one in children(child(root, "sldIdLst"), "sldId")] if (
            child(root, "sldIdLst") is not None
        ) else []  # fmt: skip
        paths = [main.get(one, "") for one in ids]
        return [
            Leaf(at, "\n".join(_slide(archive, names, path)))
            for at, path in enumerate(paths[: MOST_SLIDES + 1], start=1)
        ]


def _relation(element: Any) -> str:
    """r:id, which stands beside a plain id."""
    return next((str(value) for key, value in element.attrib.items() if key.endswith("}id")), "")


def _slide(archive: zipfile.ZipFile, names: dict[str, str], path: str) -> list[str]:
    if path not in names:
        return []
    folder, _, file = path.rpartition("/")
    linked = relations(archive, names, f"{folder}/_rels/{file}.rels")
    found = _shapes(parse(read_part(archive, names[path], MAX_PART)), 0)
    for target in linked.values():
        if target in names and ("/diagrams/data" in target or "/charts/chart" in target):
            found += drawing_lines(parse(read_part(archive, names[target], MAX_PART)))
    for target in linked.values():
        if target in names and "/notesslides/" in target:
            found += _shapes(parse(read_part(archive, names[target], MAX_PART)), 0)
    return found


def _shapes(parent: Any, depth: int) -> list[str]:
    """The lines of every shape; a table row by row; not the numbers and dates that each slide bears."""
    found: list[str] = []
    for one in parent:
        kind = name(one)
        if kind == "sp":
            place = next(one.iter("{*}ph"), None)
            if val(place, "", "type") in ("sldNum", "dt", "sldImg"):
                continue
            if (body := child(one, "txBody")) is not None:
                found += _paragraphs(body)
        elif kind == "graphicFrame":
            for table in one.iter("{*}tbl"):
                for line in children(table, "tr"):
                    cells = [" ".join(_paragraphs(child(cell, "txBody"))) for cell in children(line, "tc")]
                    found += filter(None, [row(cells)])
        elif kind == "AlternateContent" and len(one):
            found += _shapes(one[0], depth + 1) if depth < MAX_DEPTH else []
        elif kind in ("cSld", "spTree", "grpSp") and depth < MAX_DEPTH:
            found += _shapes(one, depth + 1)
    return found


def _paragraphs(body: Any) -> list[str]:
    found = []
    for paragraph in children(body, "p") if body is not None else ():
        parts = []
        for one in paragraph:
            kind = name(one)
            if kind in ("r", "fld"):
                text = child(one, "t")
                parts.append((text.text if text is not None else "") or "")
            elif kind == "br":
                parts.append("\n")
        found += [line for line in "".join(parts).split("\n") if line.strip()]
    return found


def _old(data: bytes) -> list[Leaf]:
    """A .ppt or .dps: by LibreOffice where it can; else the words of each slide in the order they are stored."""
    container = Container(data)
    if not container.has("PowerPoint Document"):
        raise Unreadable("broken", BROKEN)
    if office.libreoffice() is not None:
        made = office.convert(data, "ppt", "pptx")
        if made is not None:
            return package_leaves(made)
    outlines: list[list[str]] = []
    shapes: list[list[str]] = []
    notes: list[str] = []
    for kind, instance, body in _records(container.read("PowerPoint Document")):
        if kind == DOCUMENT:
            for inner, instance, listed in _records(body):
                if inner == LIST and instance == 0:
                    outlines = _outlines(listed)
        elif kind == SLIDE:
            shapes.append(_words(body, 0))
        elif kind == NOTES:
            notes += _words(body, 0)
    found = []
    for at in range(max(len(outlines), len(shapes))):
        said = [*(outlines[at] if at < len(outlines) else []), *(shapes[at] if at < len(shapes) else [])]
        found.append(Leaf(at + 1, "\n".join(dict.fromkeys(said))))
    if found and notes:
        found[-1].text += "\n" + "\n".join(dict.fromkeys(notes))
    return found


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(kind, instance, body) of the records that follow each other, as far as they are whole."""
    at = 0
    while at + 8 <= len(stream):
        form, kind, size = struct.unpack_from("<HHI", stream, at)
        yield kind, form >> 4, stream[at + 8 : at + 8 + size]
        at += 8 + size


def _outlines(listed: bytes) -> list[list[str]]:
    """The titles and texts of the slides, parted by the record that begins each."""
    found: list[list[str]] = []
    for kind, _, body in _records(listed):
        if kind == BEGINS:
            found.append([])
        elif kind in (UTF16, LATIN) and found:
            found[-1] += _decoded(kind, body)
    return found


def _words(body: bytes, depth: int) -> list[str]:
    found: list[str] = []
    for kind, _, inner in _records(body):
        if kind in (UTF16, LATIN):
            found += _decoded(kind, inner)
        elif (kind in HOLDERS or kind >> 8 == 0xF0) and depth < 20:
            found += _words(inner, depth + 1)
    return found


def _decoded(kind: int, body: bytes) -> list[str]:
    text = body.decode("utf-16-le" if kind == UTF16 else "latin-1", "replace")
    lines = (line.strip() for line in text.replace("\x0b", "\r").split("\r"))
    return [line for line in lines if line and line != "*"]  # the sign that stands for a page's number
