"""What a table file holds once it is read: sheets of plain values, with their merged ranges."""

from dataclasses import dataclass, field

from ..cells import Cell, Merge

__all__ = ["Book", "Cell", "Merge", "Sheet", "a1", "column_name"]


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows[r][c]` counts from 0 and from the sheet's own A1; all rows are equally long.

    `hidden_rows` and `hidden_columns` are what the author folded away; `cut_at` is the number of rows kept when
    the sheet was longer than the limit, else None. A sheet of kind "text" holds a document's paragraphs, one to a
    row, in its first column; `levels` then gives each row's outline level (1 = uppermost heading, 0 = body text).
    `places`, if not empty, names each row for people: "第3页第5行", "第12段".
    """

    name: str
    hidden: bool
    rows: list[list[Cell]]
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    cut_at: int | None = None
    hidden_columns: frozenset[int] = frozenset()
    kind: str = "table"
    levels: tuple[int, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Book:
    """A whole file. `kind` is "xlsx", "csv", "xls", "docx", "doc", "pdf" …, decided by content, never by the
    file's name; `notes` are for the reader (Chinese); `doubts` are cells recognised from a picture without certainty:
    (what `places` calls the row, text of the cell)."""

    sheets: list[Sheet]
    kind: str = "xlsx"
    notes: list[str] = field(default_factory=list)
    encoding: str = ""
    doubts: tuple[tuple[str, str], ...] = ()


def column_name(col: int) -> str:
    """0 -> "A", 25 -> "Z", 26 -> "AA"."""
    name = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        name = chr(65 + rest) + name
    return name


def a1(row: int, col: int) -> str:
    """The address of a cell as a spreadsheet shows it: (12, 4) -> "E13"."""
    return f"{column_name(col)}{row + 1}"
