"""What a document holds once it is read: paragraphs and tables, in the order they are printed."""

from dataclasses import dataclass, field

from ..cells import Cell, Merge
from ..errors import Refused

__all__ = ["Cell", "Document", "Merge", "Paragraph", "Table", "Unseen"]


class Unseen(Refused):
    """Some pages are pictures: PAGES (numbers from 1) of COUNT are to be recognised before the file can be read.

    To whoever cannot have them recognised it is a refusal like others.
    """

    def __init__(self, message: str, pages: list[int], count: int) -> None:
        super().__init__(message)
        self.pages, self.count = pages, count


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, its printed number in front. `level` is the outline level: 1 = uppermost heading, 0 = body.

    `place` names it for people: "第12段", "第3页第5行".
    """

    text: str
    level: int = 0
    place: str = ""


@dataclass(frozen=True)
class Table:
    """A table as printed. All rows are equally long; the text of a merged range stands in its first cell.

    `places`, if not empty, names each row; else `place` names the table and rows are counted in it.
    """

    rows: list[list[Cell]]
    merges: list[Merge] = field(default_factory=list)
    place: str = ""
    places: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True)
class Document:
    """A whole document. `kind` is "docx", "doc", "pdf" …; `notes` are Chinese sentences for the reader.

    `doubts`: what was recognised without certainty, as (place of the row or paragraph, whole text of the cell).
    """

    blocks: list[Paragraph | Table]
    kind: str
    notes: list[str] = field(default_factory=list)
    doubts: tuple[tuple[str, str], ...] = ()
