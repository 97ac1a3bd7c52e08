"""What is said about a file is kept for the next one of its form (sheets/known.py lays it in)."""

from typing import Any

from .. import actions
from ..models import Draft
from ..rules.forms import imprint, learnt
from ..rules.tree import Json
from ..sheets.known import texts
from .source import Source


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
