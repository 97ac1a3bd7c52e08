"""A document laid out as a book: tables of one form are one sheet, what stands between and around them is kept."""

import re
from dataclasses import dataclass, field

from ..documents.blocks import Document, Paragraph, Table
from .book import Book, Cell, Merge, Sheet

BODY = "正文"
MAX_NAME = 31
TITLE_LINES = 8  # so many short lines above a table still are its title block
TITLE_CHARS = 400
NOTE_LINES = 12  # so many lines below the last table still are its notes
NOTE_CHARS = 800

ATTACHED = re.compile(r"^\s*(?:附\s*件|附\s*表|附\s*录)\s*[一二三四五六七八九十\d]*\s*[:：.、]?\s*")
CAPTION = re.compile(r"^\s*(?:续\s*)?表\s*[一二三四五六七八九十\d][\d.\-－—]*\s*[:：.、]?\s*")
CONTINUED = re.compile(r"[（(]?\s*[续續]\s*(?:表|上表|前表)?\s*\d*\s*[）)]?\s*$")
ASIDE = re.compile(
    r"^[（(【\[].*[）)】\]]$|^(?:单位|填报|填表|制表|日期|时间|注|说明|备注)[^，。]{0,8}[:：]|^\d+$|^[-—－ \d]+$"
)
ORDINAL = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}\s*[、.．](?!\d)|第[一二三四五六七八九十\d]{1,3}(?:部分|章|节|类))\s*"
)
SHARE = re.compile(r"\s*[（(]\s*(?:共|计|满分)?\s*[\d.]+\s*分\s*[）)]\s*$")
NUMBER = re.compile(r"^[\d.．,，%％+\-－~～—()（）]+分?$")
SENTENCE = re.compile(r"[。；;，,]")


def as_book(document: Document, stem: str) -> Book:
    """DOCUMENT as sheets. STEM, the file's name without ending, is only the last resort for a name.

    Each run of tables of one form becomes one table sheet: a continuation may repeat the header (dropped) or go
    on without one, and paragraphs between two of its tables are rows of one cell merged over the full width.
    Another header makes another sheet, and so does a caption 附件/附表. Body text becomes a sheet of kind "text".
    """
    runs, outside, loose = gather(document.blocks)
    sheets: list[Sheet] = []
    used = {BODY}
    for number, run in enumerate(runs, start=1):
        sheets.append(run.sheet(unique(run.name or f"表{number}", used)))
    # a document that is only a table and its title needs no second sheet for that title
    if outside and (loose or not runs):
        sheets.append(text_sheet(outside))
    if not sheets:
        sheets.append(Sheet(stem[:MAX_NAME] or BODY, False, []))
    return Book(sheets, document.kind, list(document.notes), doubts=document.doubts)


def gather(blocks: list[Paragraph | Table]) -> tuple[list["Run"], list[Paragraph], bool]:
    """The runs of tables, every paragraph outside them, and whether any of those is more than title or note."""
    runs: list[Run] = []
    outside: list[Paragraph] = []
    gap: list[Paragraph] = []
    loose = False
    for block in blocks:
        if isinstance(block, Paragraph):
            gap.append(block)
            continue
        if framed := frame(block, runs[-1] if runs else None):
            gap += framed
            continue
        if not block.rows:
            continue
        if runs and runs[-1].goes_on(block, gap):
            runs[-1].add(block, gap)
        else:
            below, above = part(gap) if runs else ([], gap)
            if runs:
                runs[-1].close(below)
            run = Run(title_block(above))
            loose = loose or len(run.above) < len(above) or (bool(runs) and too_long(below))
            outside += gap
            run.add(block, [])
            runs.append(run)
        gap = []
    outside += gap
    if runs and gap:
        runs[-1].close(gap)
        loose = loose or too_long(gap)
    return runs, outside, loose


def too_long(lines: list[Paragraph]) -> bool:
    return len(lines) > NOTE_LINES or sum(len(line.text) for line in lines) > NOTE_CHARS


def part(gap: list[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]]:
    """Of the lines between two different tables, those that close the first and those that open the second."""
    for at, line in enumerate(gap):
        if line.level or ATTACHED.match(line.text) or CAPTION.match(line.text):
            return gap[:at], gap[at:]
    for at in range(len(gap) - 1, -1, -1):
        if SENTENCE.search(gap[at].text) or ASIDE.match(gap[at].text):
            return gap[: at + 1], gap[at + 1 :]
    return [], gap


def title_block(lines: list[Paragraph]) -> list[Paragraph]:
    """The lines above a table that are its title block: all, if few and short, else the last short ones."""
    if len(lines) <= TITLE_LINES and sum(len(line.text) for line in lines) <= TITLE_CHARS:
        return lines
    kept: list[Paragraph] = []
    for line in reversed(lines):
        if len(line.text) > 60 or len(kept) == 3:
            break
        kept.insert(0, line)
    return kept


def frame(table: Table, run: "Run | None") -> list[Paragraph]:
    """The lines of a table that only frames text (one column, or one cell), or nothing if it is a real table."""
    filled = {c for row in table.rows for c, cell in enumerate(row) if cell is not None}
    if len(filled) > 1 or not table.rows:
        return []
    # one row merged over the full width of the run before is a banner of it, and also just a line of text
    return [
        Paragraph(line, 0, place(table, r))
        for r, row in enumerate(table.rows)
        for cell in row
        if cell is not None
        for line in str(cell).split("\n")
        if line.strip()
    ]


def place(table: Table, row: int) -> str:
    if table.places:
        return table.places[row]
    return f"{table.place}第{row + 1}行"


def squeeze(cell: Cell) -> str:
    return re.sub(r"\s", "", str(cell)) if cell is not None else ""


def texts(row: list[Cell]) -> list[str]:
    return [text for text in map(squeeze, row) if text]


def header_row(table: Table) -> int | None:
    """Which of the first rows reads like a header: several short, different words, no figures, no sentences."""
    for r, row in enumerate(table.rows[:6]):
        words = texts(row)
        if len(words) < 2:
            continue  # a title over the full width
        if any(NUMBER.match(word) or SENTENCE.search(word) or len(word) > 16 for word in words):
            return None
        merged = {c for r1, c1, r2, c2 in table.merges if r1 <= r <= r2 for c in range(c1, c2 + 1)}
        held = sum(cell is not None or c in merged for c, cell in enumerate(row))
        return r if held * 3 >= len(row) * 2 and len(set(words)) * 2 > len(words) else None
    return None


def header_depth(table: Table, at: int) -> int:
    """How many rows a header takes: as many as its upright merges reach down, if any of its cells lies across."""
    own = [merge for merge in table.merges if merge[0] == at]
    if not any(r1 == r2 and c1 != c2 for r1, c1, r2, c2 in own):
        return 1
    return min(3, 1 + max((r2 - r1 for r1, _, r2, _ in own), default=0), len(table.rows) - at)


@dataclass
class Run:
    """Tables of one form as they are found, one under the other."""

    above: list[Paragraph]
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    banners: list[int] = field(default_factory=list)
    head: list[list[str]] = field(default_factory=list)
    width: int = 0

    @property
    def name(self) -> str:
        """The caption above the table, if it is short enough to be a name and not the first of its headings."""
        for line in reversed(self.above):
            text = CONTINUED.sub("", CAPTION.sub("", ATTACHED.sub("", line.text))).strip(" 　:：")
            if not text or ASIDE.match(text):
                continue
            plain = SHARE.sub("", ORDINAL.sub("", text)) or text
            if plain != text and any(ORDINAL.match(str(self.rows[r][0])) for r in self.banners):
                return ""
            return plain if len(plain) <= MAX_NAME and not SENTENCE.search(plain) else ""
        return ""

    def goes_on(self, table: Table, gap: list[Paragraph]) -> bool:
        """Whether TABLE, with GAP above it, is a further piece of this one."""
        at = header_row(table)
        same = at is not None and bool(self.head) and texts(table.rows[at]) == self.head[0]
        if any(ATTACHED.match(line.text) and not CONTINUED.search(line.text) for line in gap):
            return False
        if same:
            return True
        return at is None and table.width == self.width and not too_long(gap)

    def add(self, table: Table, gap: list[Paragraph]) -> None:
        for line in gap:
            # a line that only says that the table goes on says nothing
            if CONTINUED.sub("", CAPTION.sub("", line.text)).strip():
                self.banner(line)
        skip = range(0)
        at = header_row(table)
        if at is not None:
            head = [texts(row) for row in table.rows[at : at + header_depth(table, at)]]
            if not self.rows:
                self.head = head
            elif self.head and head[0] == self.head[0]:
                skip = range(at, at + (len(head) if head == self.head else 1))
        moved = {}
        for r, row in enumerate(table.rows):
            # a header that is printed anew on each page says nothing new
            if r in skip or (at is not None and r > at and texts(row) == self.head[0]):
                continue
            moved[r] = len(self.rows)
            self.rows.append(list(row))
            self.places.append(place(table, r))
        for r1, c1, r2, c2 in table.merges:
            kept = [moved[r] for r in range(r1, r2 + 1) if r in moved]
            if kept and (kept[0] != kept[-1] or c1 != c2):
                self.merges.append((kept[0], c1, kept[-1], c2))
        self.width = max(self.width, table.width)

    def banner(self, line: Paragraph) -> None:
        self.banners.append(len(self.rows))
        self.rows.append([line.text])
        self.places.append(line.place)

    def close(self, below: list[Paragraph]) -> None:
        """Notes under the last table stand in the sheet too, if they are few."""
        if not too_long(below):
            for line in below:
                self.banner(line)

    def sheet(self, name: str) -> Sheet:
        lift = len(self.above)
        title: list[list[Cell]] = [[line.text] for line in self.above]
        rows = title + self.rows
        for row in rows:
            row.extend([None] * (self.width - len(row)))
        full = [*range(lift), *(lift + r for r in self.banners)]
        merges = [(lift + r1, c1, lift + r2, c2) for r1, c1, r2, c2 in self.merges]
        if self.width > 1:
            merges += [(r, 0, r, self.width - 1) for r in full]
        places = tuple([line.place for line in self.above] + self.places)
        return Sheet(name, False, rows, sorted(merges), places=places)


def text_sheet(lines: list[Paragraph]) -> Sheet:
    return Sheet(
        BODY,
        False,
        [[line.text] for line in lines],
        kind="text",
        levels=tuple(line.level for line in lines),
        places=tuple(line.place for line in lines),
    )


def unique(wanted: str, used: set[str]) -> str:
    """A sheet name not used before, at most 31 characters."""
    name, count = wanted[:MAX_NAME], 2
    while name in used:
        tail = f"（{count}）"
        name, count = wanted[: MAX_NAME - len(tail)] + tail, count + 1
    used.add(name)
    return name
