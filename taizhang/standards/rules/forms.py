"""The form of a table, known again by the texts of its header, and what a clerk once said about it. Pure.

The imprint leaves out the order of the columns: a form whose columns were put in another order is the same form. It
counts every text of the header rows, merged or not, without blanks.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from .numbers import squeeze
from .tree import Json

LOOKED_AT = 40  # rows from the top in which a header may stand
TALLEST = 4  # rows of a header
LEAST = 3  # texts that make a header

Texts = Sequence[Sequence[str]]
"""Rows of cell texts; a merged cell's text stands in its first cell, the others are empty."""


def imprint(rows: Texts) -> str:
    """SHA-256 of the header texts in ROWS, "" when they are too few to tell one form from another."""
    texts = sorted({squeeze(text) for row in rows for text in row if squeeze(text)})
    if len(texts) < LEAST:
        return ""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def windows(rows: Texts) -> Iterator[tuple[int, int, str]]:
    """(first row, rows, imprint) of everything near the top that could be a header."""
    for first in range(min(LOOKED_AT, len(rows))):
        if not any(squeeze(text) for text in rows[first]):
            continue
        for count in range(1, TALLEST + 1):
            if first + count <= len(rows) and (mark := imprint(rows[first : first + count])):
                yield first, count, mark


def names_of(rows: Texts) -> list[str]:
    """The name of each column: its texts from top to bottom; a second column of one name gets "#2"."""
    width = max((len(row) for row in rows), default=0)
    seen: dict[str, int] = {}
    found = []
    for c in range(width):
        name = " / ".join(squeeze(row[c]) for row in rows if c < len(row) and squeeze(row[c]))
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return found


def learnt(choice: Json, header: Texts, role: str) -> Json:
    """What CHOICE (of one sheet in Choices.sheets) says, by header text: {"role", "columns", "header_rows"}."""
    names = names_of(header)
    columns = {
        names[int(c)]: meaning
        for c, meaning in (choice.get("columns") or {}).items()
        if int(c) < len(names) and names[int(c)]
    }
    out: Json = {"columns": columns} if columns else {}
    if choice.get("role"):
        out["role"] = role
    if choice.get("header_rows"):
        out["header_rows"] = len(header)
    return out


def laid_in(rows: Texts, known: Mapping[str, Json]) -> tuple[str, Json] | None:
    """The imprint that a sheet bears among KNOWN and the choice for this sheet; None when it bears none.

    Of several headers that fit, the tallest counts: a form's first header row alone may be another form's.
    """
    best: tuple[int, int, str] | None = None
    for first, count, mark in windows(rows):
        if mark in known and (best is None or count > best[1]):
            best = first, count, mark
    if best is None:
        return None
    first, count, mark = best
    said = known[mark]
    names = names_of(rows[first : first + count])
    choice: Json = {}
    if columns := {
        str(c): said["columns"][name] for c, name in enumerate(names) if name in (said.get("columns") or {})
    }:
        choice["columns"] = columns
    if said.get("role"):
        choice["role"] = said["role"]
    if said.get("header_rows"):
        choice["header_rows"] = list(range(first, first + count))
    return (mark, choice) if choice else None
