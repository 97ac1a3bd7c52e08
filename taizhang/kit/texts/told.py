"""What a reader tells of a file."""

from dataclasses import dataclass, field
from datetime import date


class Unreadable(Exception):
    """Nothing can be read, in words for the clerk: the file is kept all the same."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@dataclass
class Leaf:
    """One page; of a file without pages some thousand characters. LINES only where a picture was read:
    [x0, y0, x1, y1, text], parts of the page's width and height from its upper left corner."""

    no: int
    text: str
    lines: list[list[float | str]] = field(default_factory=list)
    ocr: bool = False  # read from a picture (OCR)


@dataclass
class Told:
    """KIND is the format's short name (docx, pdf, picture …); PAGES all there are, LEAVES those read in this answer.

    GO_ON: the page to ask for next, 0 when all have been read (scans are read some pages an answer).
    MADE: files written into the question's folder, by what they are: thumbnail, poster, face.
    """

    kind: str
    leaves: list[Leaf] = field(default_factory=list)
    pages: int = 0
    go_on: int = 0
    warnings: list[tuple[str, str]] = field(default_factory=list)
    width: int | None = None
    height: int | None = None
    taken_on: date | None = None
    likeness: str = ""
    seconds: int | None = None
    made: dict[str, str] = field(default_factory=dict)
