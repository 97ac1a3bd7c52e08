"""A file of a known form is read as the last one was; what is said about this one is kept for the next."""

from typing import Any

from taizhang.kit.tables import Book, Sheet
from taizhang.org.models import Unit

from .. import actions, queries
from ..models import Draft
from ..rules.forms import imprint, laid_in, learnt
from ..rules.tree import Json
from ..sheets.grid import Grid, as_text
from .source import Source

TOP = 60  # rows of a sheet that are looked at for a header


def texts(sheet: Sheet, first: int = 0, last: int = TOP) -> list[list[str]]:
    """The texts of rows FIRST to LAST (excluded), as rules.forms takes them."""
    grid = Grid(sheet)
    return [
        [as_text(grid.cell(r, c)) if grid.origin(r, c) == (r, c) else "" for c in range(grid.width)]
        for r in range(first, min(last, grid.height))
    ]


def recalled(agency: Unit, book: Book) -> Json:
    """The choices of a new draft: {} unless a sheet bears a form known to the agency."""
    known = queries.known_forms(agency)
    if not known:
        return {}
    sheets: dict[str, Json] = {}
    marks: dict[str, None] = {}
    for sheet in book.sheets:
        if sheet.kind != "table" or not sheet.rows:
            continue
        if found := laid_in(texts(sheet), {mark: one.choices for mark, one in known.items()}):
            marks[found[0]] = None
            sheets[sheet.name] = found[1]
    if not sheets:
        return {}
    first = known[next(iter(marks))]
    form = {"source": first.source, "on": first.on.isoformat(), "sheets": list(sheets)}
    return {"sheets": sheets, "form": form}


def remember(draft: Draft, source: Source, by: Any) -> None:
    """Keep what the clerk said about the sheets of a draft that was just saved."""
    forms: dict[str, Json] = {}
    for sheet in source.book.sheets:
        read = source.sheet(sheet.name)
        if not read.header_rows or sheet.kind != "table":
            continue
        choice = dict(source.choices.sheets.get(sheet.name) or {})
        by_header = {
            str(c): source.choices.headers[text]
            for c, text in read.headers.items()
            if text in source.choices.headers
        }
        choice["columns"] = by_header | dict(choice.get("columns") or {})
        header = texts(sheet, read.header_rows[0], read.header_rows[-1] + 1)
        said = learnt(choice, header, read.role)
        if said and (mark := imprint(header)):
            forms[mark] = said
    if forms:
        actions.remember(draft.agency, by=by, forms=forms, source_name=draft.source_name)


def without_form(choices: Json) -> Json:
    """CHOICES read afresh: without what was laid in from an earlier file."""
    names = set((choices.get("form") or {}).get("sheets") or [])
    sheets = {name: one for name, one in (choices.get("sheets") or {}).items() if name not in names}
    return {**{key: value for key, value in choices.items() if key != "form"}, "sheets": sheets}
