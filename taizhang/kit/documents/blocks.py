"""What a document holds once it is read: paragraphs and tables, in the order they are printed."""

from dataclasses import dataclass, field

from ..cells import Cell, Merge

__all__ = ["Cell", "Document", "Merge", "Paragraph", "Table"]


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
    """A whole document. `kind` is "docx", "doc", "pdf" …; `notes` are Chinese sentences for the reader."""

    blocks: list[Paragraph | Table]
    kind: str
    notes: list[str] = field(default_factory=list)
