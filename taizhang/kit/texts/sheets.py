"""Workbooks: each sheet's name, then its cells by row with tabs between them."""

import io
import re
import zipfile
from typing import Any

from ..archive import OLE, open_archive, part_names, read_part
from ..documents import office
from ..documents.docx import MAX_PART
from ..documents.ole import Container
from ..documents.words import parse
from ..tables import Book
from ..tables.delimited import MAX_ROWS
from ..tables.xls import read_xls
from ..tables.xlsx import read_workbook, sheet_places
from . import harmless
from .blocks import BROKEN, NO_PROGRAM, kept, row
from .plain import leaves
from .told import Told, Unreadable
from .word import drawing_lines

MOST_LETTERS = 5_000_000
MOST_CELLS = 400_000  # of one sheet
LARGE = 8_000_000  # bytes of a sheet's part that may hold more
ROW_END = re.compile(rb"</(?:(\w+):)?row\s*>")


def read(asked: Any) -> Told:
    data = asked.path.read_bytes()
    with kept():
        found = harmless.opened(data)
        drawn: list[str] = []
        if data.startswith(b"PK"):
            small, cut = _shortened(found.data)
            book, drawn = read_workbook(small), _drawn(found.data)
            kind = "xlsx"
        else:
            book, cut, kind = _old(data), {}, "xls"
        text = "\n".join([*_lines(book), *drawn])
    warnings = found.warnings
    cut = {page.name: page.cut_at for page in book.sheets if page.cut_at is not None} | cut
    for name, most in cut.items():
        warnings.append(("long", f"工作表“{name}”的行太多，只读了前 {most} 行，后面的检索不到。"))
    if unread := [note for note in book.notes if "太大，没有读" in note]:
        warnings.append(("long", "；".join(unread)[:280] + "。"))
    if len(text) > MOST_LETTERS:
        text = text[:MOST_LETTERS]
        warnings.append(("long", f"文字太长，只读了前 {MOST_LETTERS // 10_000} 万字，后面的检索不到。"))
    made = leaves(text)
    return Told(kind, made, len(made), warnings=warnings)


def _lines(book: Book) -> list[str]:
    found: list[str] = []
    for page in book.sheets:
        rows = [line for line in map(row, page.rows) if line.strip()]
        if rows:
            found += [page.name, *rows]
    return found


def _drawn(data: bytes) -> list[str]:
    """Words in text boxes."""
    with open_archive(data) as archive:
        names = part_names(archive)
        found = []
        for path, stored in sorted(names.items()):
            if re.fullmatch(r"xl/drawings/drawing\d*\.xml", path):
                found += drawing_lines(parse(read_part(archive, stored, MAX_PART)))
    return found


def _shortened(data: bytes) -> tuple[bytes, dict[str, int]]:
    """The workbook with sheets of monstrous size cut, and after how many rows: no parser holds more."""
    with open_archive(data) as archive:
        long = {
            info.filename: _top(archive, info.filename)
            for info in archive.infolist()
            if info.file_size > LARGE and "/worksheets/" in info.filename.lower()
        }
        if not long:
            return data, {}
        titles = {part: title for title, part in sheet_places(archive).items()}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
            for name in dict.fromkeys(archive.namelist()):
                if not name.endswith("/"):
                    made.writestr(name, long[name][0] if name in long else read_part(archive, name, MAX_PART))
    return out.getvalue(), {titles.get(name, name): most for name, (_, most) in long.items() if most}


def _top(archive: zipfile.ZipFile, name: str) -> tuple[bytes, int]:
    """A sheet's part up to MOST_CELLS, and how many rows that is; 0 rows where it was kept whole."""
    held = bytearray()
    rows = cells = end = 0
    with archive.open(name) as part:
        while chunk := part.read(1 << 20):
            held += chunk
            for match in ROW_END.finditer(held, end):
                rows, cells = rows + 1, cells + held.count(b"<c", end, match.end())
                end = match.end()
                if rows == MAX_ROWS or cells >= MOST_CELLS:
                    mark = match.group(1) + b":" if match.group(1) else b""
                    return bytes(held[:end]) + b"</%ssheetData></%sworksheet>" % (mark, mark), rows
            if len(held) - end > LARGE:  # a row of megabytes, or no sheet at all
                break
    return bytes(held), 0


def _old(data: bytes) -> Book:
    """A .xls, or a .et: the same inside, or else something that only LibreOffice may know."""
    if data.startswith(OLE) and Container(data).kind == "xls":
        return read_xls(data)
    if not data.startswith(OLE):
        return read_xls(data)
    if office.libreoffice() is None:
        raise Unreadable("program", NO_PROGRAM)
    made = office.convert(data, "et", "xlsx")
    if made is None:
        raise Unreadable("broken", BROKEN)
    return read_workbook(made)
