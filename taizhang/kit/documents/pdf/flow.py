"""Pages laid out -> the blocks of the document: tables joined over pages, lines joined into paragraphs."""

from dataclasses import dataclass, field
from statistics import median

from ..blocks import Paragraph, Table
from .columns import Aligned, in_order
from .joins import Growing, start
from .layout import Page, Part
from .text import CLOSING, ENDS, MARK, Line, first_word, glue

CONTINUED = ("续表", "（续", "(续", "续上表", "接上表", "接上页")


@dataclass
class Flow:
    """The document while its pages are read: what was finished, and the table and the paragraph still open."""

    margins: dict[int, tuple[float, float]]
    blocks: list[Paragraph | Table] = field(default_factory=list)
    table: Growing | None = None
    lines: list[Line] = field(default_factory=list)
    named: int = 0  # rows of tables named on this page
    said: tuple[int, int] = (0, 0)  # the page of the last paragraph, and which one it was there

    def end_table(self) -> None:
        if self.table:
            self.blocks.append(self.table.done())
            self.table = None

    def end_lines(self) -> None:
        if self.lines:
            text = self.lines[0].text
            for line in self.lines[1:]:
                text = glue(text, line.text)
            page = self.lines[0].page
            self.said = (page, self.said[1] + 1 if self.said[0] == page else 1)
            self.blocks.append(Paragraph(text, 0, f"第{page}页第{self.said[1]}段"))
            self.lines = []

    def add_part(self, part: Part, first: bool) -> None:
        """A table, or its piece; FIRST on its page it may go on with the table of the page before."""
        follows = self.table and first and part.page == self.table.page + 1 and not self.lines
        if follows and self.table and self.table.goes_on(part):
            self.named = self.table.add(part, self.named)
            return
        self.end_lines()
        self.end_table()
        self.table = start(part)
        self.named = self.table.add(part, self.named)

    def add_line(self, line: Line) -> None:
        self.end_table()
        if self.lines and self.begins(line):
            self.end_lines()
        self.lines.append(line)

    def begins(self, line: Line) -> bool:
        """Whether LINE begins a new paragraph."""
        before, opening = self.lines[-1], self.lines[0]
        left, right = line.column or self.margins[line.page]
        size = line.size
        if abs(before.size - size) > 0.15 * max(before.size, size):
            return True
        same_page = before.page == line.page
        pitch = line.base - before.base
        if same_page and (pitch > 2.6 * size or pitch < 0):
            return pitch > 0 or not self.full(before, line)
        middle = (left + right) / 2
        if titled(before, left, right, middle) and titled(line, left, right, middle) and len(self.lines) < 3:
            return size < 14 or bool(MARK.match(line.text))
        if MARK.match(line.text) and (before.text[-1] in ENDS or not self.full(before, line)):
            return True
        if not self.full(before, line):
            return not (before.text[-1] in "、，,（(《" or line.text[0] in CLOSING)
        step = line.x0 - before.x0
        if step > 1.2 * size:
            return not MARK.match(before.text)
        # every paragraph begins with an indent, this line has it and the line before was such a first line
        return before is opening and line.x0 - left > 1.5 * size and abs(step) < 0.5 * size

    def full(self, before: Line, line: Line) -> bool:
        """The first word of LINE would not have found room behind BEFORE."""
        right = (before.column or self.margins[before.page])[1]
        return right - before.x1 <= first_word(line.text, line.size) + 0.6 * before.size


def titled(line: Line, left: float, right: float, middle: float) -> bool:
    inset = min(line.x0 - left, right - line.x1)
    return inset > 1.5 * line.size and abs((line.x0 + line.x1) / 2 - middle) < line.size


def blocks_of(pages: list[Page]) -> list[Paragraph | Table]:
    flow = Flow(margins(pages))
    for at, page in enumerate(pages):
        if not flow.table:
            flow.named = 0
        items = arranged(page, pages[at - 1] if at else None, pages[at + 1] if at + 1 < len(pages) else None)
        flow.named = 0
        first = True
        for item in items:
            if isinstance(item, Part):
                flow.add_part(item, first)
            elif isinstance(item, Aligned):
                flow.end_lines()
                flow.end_table()
                flow.blocks.append(item.table(page.number, flow.named))
                flow.named += len(item.rows)
            elif first and flow.table and item.text.replace(" ", "").startswith(CONTINUED):
                continue
            else:
                flow.add_line(item)
            first = False
    flow.end_lines()
    flow.end_table()
    return flow.blocks


def arranged(page: Page, before: Page | None, after: Page | None) -> list[Part | Aligned | Line]:
    """Tables and lines of a page in reading order; a frame that belongs to no table gives its lines."""
    parts, lines = [], list(page.lines)
    for part in page.parts:
        if part.weak and not belongs(part, page, before, after):
            lines += part.lines
        else:
            parts.append(part)
    return in_order(page, parts, lines)


def belongs(part: Part, page: Page, before: Page | None, after: Page | None) -> bool:
    """Whether a single frame is the last or the first row of a table on the neighbouring page."""
    width = part.grid.xs[-1] - part.grid.xs[0]
    tops = [one.top for one in page.parts]

    def alike(other: Part) -> bool:
        return not other.weak and abs(other.grid.xs[-1] - other.grid.xs[0] - width) <= 4

    if before and before.parts and part.top == min(tops) and all(line.base > part.top for line in page.lines):
        return alike(before.parts[-1])
    if (
        after
        and after.parts
        and part.top == max(tops)
        and all(line.base < part.grid.ys[-1] for line in page.lines)
    ):
        return alike(after.parts[0])
    return False


def margins(pages: list[Page]) -> dict[int, tuple[float, float]]:
    """Page number -> where its text begins and ends, left and right; pages with little text take after the others."""
    found: dict[int, tuple[float, float]] = {}
    by_width: dict[int, list[tuple[float, float]]] = {}
    for page in pages:
        if len(page.lines) >= 5:
            edge = min(line.x0 for line in page.lines), max(line.x1 for line in page.lines)
            by_width.setdefault(round(page.width), []).append(edge)
            found[page.number] = edge
    for page in pages:
        usual = by_width.get(round(page.width))
        if usual:
            left, right = median(one for one, _ in usual), median(two for _, two in usual)
        else:
            ends = [(line.x0, line.x1) for line in page.lines]
            ends += [(part.grid.xs[0], part.grid.xs[-1]) for part in page.parts]
            left = min((one for one, _ in ends), default=0.0)
            right = max((two for _, two in ends), default=page.width)
        found[page.number] = left, right
    return found
