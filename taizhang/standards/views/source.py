"""The file of a draft: its bytes from the store, read with the clerk's corrections. Nothing here writes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from taizhang.kit import files
from taizhang.kit.errors import Refused
from taizhang.kit.tables import Book, Unseen

from .. import queries
from ..models import Draft
from ..rules.mend import mend
from ..rules.tree import Choices, Json, Reading, SheetReading
from ..sheets.grid import Grid
from ..sheets.pages import read_pages
from ..sheets.read import open_book, read

ROW = re.compile(r"\d+$")


@dataclass(frozen=True)
class Source:
    """A draft's file. `reading` is None when no indicators were found; then `refusal` says why."""

    book: Book
    size: int
    choices: Choices
    sheets: list[SheetReading]
    reading: Reading | None
    refusal: str = ""
    #: of what is written by hand: node key → how the node was called at first
    titles: Mapping[str, str] = field(default_factory=dict)

    def sheet(self, name: str) -> SheetReading:
        """How the sheet NAME was understood; of a sheet with several tables the one with the indicators."""
        found = [one for one in self.sheets if one.name == name]
        return next((one for one in found if one.role == "indicators"), found[0])


def place_words(book: Book, where: str) -> str:
    """ "正文!A12" → 正文 第12段, where the file's rows have names of their own; else WHERE itself."""
    name, _, cell = where.rpartition("!")
    row = ROW.search(cell)
    sheet = next((one for one in book.sheets if one.name == name), None) if row else None
    if row is None or sheet is None or not sheet.places:
        return where
    r = int(row.group()) - 1
    return f"{name} {sheet.places[r]}" if r < len(sheet.places) and sheet.places[r] else where


def cells_of(book: Book) -> dict[str, str]:
    """ "正文 第12段" → 正文!A12, for the sheets of text, whose places are said in words."""
    found: dict[str, str] = {}
    for sheet in book.sheets:
        if sheet.kind == "text":
            for r, place in enumerate(sheet.places, start=1):
                found.setdefault(f"{sheet.name} {place}", f"{sheet.name}!A{r}")
    return found


def located(reading: Reading, book: Book) -> Reading:
    """READING with the places of its nodes as cells of the file, to be shown beside it."""
    cells = cells_of(book)
    if not cells:
        return reading
    return replace(
        reading, nodes=[replace(node, where=cells.get(node.where, node.where)) for node in reading.nodes]
    )


def bytes_of(sha256: str) -> bytes:
    try:
        with files.store().open(sha256) as handle:
            return handle.read()
    except FileNotFoundError as error:
        raise Refused(
            "这份文件的原件不在存储里了，不能继续核对。请重新导入，并告诉系统管理员运行校验。"
        ) from error


# the same bytes and corrections always give the same result, so these hold no state: they only save time
# between the steps of one person's wizard; few, because a workbook takes some megabytes
@lru_cache(maxsize=2)
def book_of(sha256: str, name: str, scan: bool = False) -> tuple[Book, int]:
    """The file and its size. SCAN: some of its pages are pictures, which have been recognised."""
    data = bytes_of(sha256)
    try:
        return open_book(data, name, queries.seen_pages(sha256) if scan else None), len(data)
    except Unseen as unseen:
        raise (
            Refused("这份扫描件还没有识别完，不能核对。请回到识别的页面等一等。") if scan else unseen
        ) from None


@lru_cache(maxsize=4)
def read_once(sha256: str, name: str, choices: str, scan: bool) -> Reading:
    book, said = book_of(sha256, name, scan)[0], Choices.from_json(json.loads(choices))
    return read(bytes_of(sha256), name, said, book)


@lru_cache(maxsize=4)
def reading_of(sha256: str, name: str, choices: str, scan: bool) -> Reading:
    """The file read with CHOICES. What concerns nodes is laid over a reading that is kept: a changed cell does not
    read the file again."""
    said = json.loads(choices)
    kept = {
        key: {"split": False} for key, one in (said.get("nodes") or {}).items() if one.get("split") is False
    }
    first = {key: said[key] for key in ("sheets", "headers") if said.get(key)} | (
        {"nodes": kept} if kept else {}
    )
    return mend(read_once(sha256, name, json.dumps(first, sort_keys=True), scan), Choices.from_json(said))


#: what is kept with the choices and does not change the reading
ASIDE = ("left", "form", "pairs")


def read_with(draft: Draft, choices: Json) -> Reading:
    """The draft's file read with CHOICES; Refused when they do not fit it."""
    # the order of the corrections counts: moves are done one after the other
    text = json.dumps({key: value for key, value in choices.items() if key not in ASIDE})
    return reading_of(draft.source_sha256, draft.source_name, text, bool(draft.scans))


def first_titles(draft: Draft) -> Mapping[str, str]:
    return {node.key: f"{node.code} {node.title}" for node in read_with(draft, {}).nodes}


def source_of(draft: Draft, choices: Json | None = None) -> Source:
    """The draft's file as the page shows it; never refused for want of indicators."""
    choices = draft.choices if choices is None else choices
    book, size = book_of(draft.source_sha256, draft.source_name, bool(draft.scans))
    said = Choices.from_json(choices)
    try:
        reading = read_with(draft, choices)
        titles = first_titles(draft) if book.kind == "json" else {}
        return Source(book, size, said, reading.sheets, reading, titles=titles)
    except Refused as refusal:
        sheets = [
            page.reading()
            for sheet in book.sheets
            for page in read_pages(Grid(sheet), said.sheets.get(sheet.name) or {}, said.nodes, said.headers)
        ]
        return Source(book, size, said, sheets, None, refusal.message)
