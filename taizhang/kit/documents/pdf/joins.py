"""The pieces of a table on page after page -> one table, its cut rows whole again."""

import re
from dataclasses import dataclass, field

from ..blocks import Cell, Merge, Table
from .grid import Grid, snap
from .layout import Part
from .text import ENDS, MARK, first_word, glue

SAME = 6.0  # points: how much a table's width may differ from page to page
BESIDE = 8.0  # points: a column's edge that moved a little is the same edge
SERIAL = re.compile(r"[A-Za-zⅠ-Ⅻ]{0,3}[-—.]?\d+(?:[-.．—]\d+)*\s*(?:分|%)?")


@dataclass(eq=False)
class Piece:
    """A cell of the growing table: rows count through all pages, edges are points from the table's left side."""

    top: int
    bottom: int
    left: float
    right: float
    text: str
    open_top: bool = False
    open_bottom: bool = False
    room: float = 0.0  # how many characters its last line had room for

    @property
    def tall(self) -> bool:
        return self.bottom > self.top


@dataclass
class Growing:
    """A table while its pages are read."""

    page: int
    width: float
    edges: list[float]
    pieces: list[Piece] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def goes_on(self, part: Part) -> bool:
        """Whether PART has the form of this table: its width, and nearly all its column edges."""
        grid = part.grid
        inner = [x - grid.xs[0] for x in grid.xs[1:-1]]
        if abs(grid.xs[-1] - grid.xs[0] - self.width) > SAME:
            return False
        known = sum(any(abs(x - edge) <= BESIDE for edge in self.edges) for x in inner)
        return known >= 0.75 * len(inner)

    def add(self, part: Part, count: int) -> int:
        """Take PART in; COUNT rows of this page were named before. Returns how many are named now."""
        grid = part.grid
        pieces = self.measured(grid)
        skip = self.repeated(pieces) if self.pieces else 0
        pieces = [piece for piece in pieces if piece.top >= skip]
        rows = len(grid.ys) - 1 - skip
        offset = len(self.places) - skip
        names = [f"第{part.page}页第{count + skip + at + 1}行" for at in range(rows)]
        if self.pieces and pieces:
            above = [piece for piece in self.pieces if piece.bottom == len(self.places) - 1]
            below = [piece for piece in pieces if piece.top == skip]
            cut = self.is_cut(above, below)
            if cut:
                offset -= 1
                names = names[1:]
            taken = self.meet(above, below, cut, offset)
            pieces = [piece for piece in pieces if piece not in taken]
        for piece in pieces:
            piece.top += offset
            piece.bottom += offset
        self.pieces += pieces
        self.places += names
        self.page = part.page
        return count + len(grid.ys) - 1

    def measured(self, grid: Grid) -> list[Piece]:
        xs = [x - grid.xs[0] for x in grid.xs]
        if self.pieces:
            xs = [min((abs(x - edge), edge) for edge in self.edges)[1] if self.near(x) else x for x in xs]
        self.edges = sorted({*self.edges, *xs})
        return [
            Piece(
                box.top,
                box.bottom,
                xs[box.left],
                xs[box.right + 1],
                box.text,
                box.open_top,
                box.open_bottom,
                box.room,
            )  # fmt: skip
            for box in grid.boxes
        ]

    def near(self, x: float) -> bool:
        return any(abs(x - edge) <= BESIDE for edge in self.edges)

    def repeated(self, pieces: list[Piece]) -> int:
        """How many of the first rows of this page print the table's header again."""

        def rows(found: list[Piece], count: int) -> list[list[tuple[float, str]]]:
            return [
                sorted(
                    (piece.left, re.sub(r"\s", "", piece.text))
                    for piece in found
                    if piece.top == row and piece.text
                )
                for row in range(count)
            ]

        mine, theirs = rows(self.pieces, min(8, len(self.places))), rows(pieces, 6)
        best = 0
        for start in range(len(mine)):
            same = 0
            while same < len(theirs) and start + same < len(mine) and theirs[same] == mine[start + same]:
                same += 1
            # a header has at least two filled cells in its first line; blank lines are no evidence
            if same > best and len(theirs[0]) >= 2:
                best = same
        while (
            best
            and not theirs[best - 1]
            and not any(piece.top < best - 1 <= piece.bottom for piece in pieces)
        ):
            best -= 1
        # a header cell over two lines takes both away
        reach = max((piece.bottom + 1 for piece in pieces if piece.top < best), default=best)
        return reach if reach <= best + 1 else best

    def is_cut(self, above: list[Piece], below: list[Piece]) -> bool:
        """Whether the last row of the page before goes on in the first row of this one."""
        single = [piece for piece in above if not piece.tall]
        first = [piece for piece in below if not piece.tall]
        # a border between two rows may be drawn on one of the two pages only: a cut row is open on both
        if single and first:
            opened = sum(piece.open_bottom for piece in single) / len(single)
            if min(opened, sum(piece.open_top for piece in first) / len(first)) >= 0.5:
                return True
        pairs = [(one, two) for one in single for two in first if same_column(one, two)]
        filled = [(one, two) for one, two in pairs if two.text]
        if not filled or any(two.text and not any(two is pair[1] for pair in pairs) for two in first):
            return False
        if any(not one.text or SERIAL.fullmatch(two.text) for one, two in filled):
            return False
        missing = [one for one, two in pairs if one.text and not two.text]
        usual = [one for one in missing if self.share_filled(one) >= 0.7]
        torn = any(
            one.text[-1] not in ENDS and not MARK.match(two.text) and not SERIAL.fullmatch(one.text)
            for one, two in filled
        )
        ordinary = sum(self.share_filled(one) >= 0.7 for one, _ in pairs)
        return bool(usual) and (torn or 2 * len(usual) >= ordinary)

    def share_filled(self, like: Piece) -> float:
        """How much of the table's single cells in this column are filled."""
        column = [piece for piece in self.pieces if not piece.tall and same_column(piece, like)]
        return sum(bool(piece.text) for piece in column) / max(1, len(column))

    def meet(self, above: list[Piece], below: list[Piece], cut: bool, offset: int) -> set[Piece]:
        """Grow cells of the page before over their continuations here; those taken in."""
        taken: set[Piece] = set()
        unbroken = True  # all columns to the left go on
        for one in sorted(above, key=lambda piece: piece.left):
            two = next((piece for piece in below if same_column(one, piece)), None)
            met = two is not None and (cut or self.one_cell(one, two, unbroken))
            if two is not None and met:
                one.text = joined(one, two)
                one.room = two.room if two.text else one.room
                one.bottom = max(one.bottom, two.bottom + offset)
                one.open_bottom = two.open_bottom
                taken.add(two)
            unbroken = unbroken and met
        return taken

    def one_cell(self, one: Piece, two: Piece, unbroken: bool) -> bool:
        """Whether a cell above the page's end and one below it are the same merged cell."""
        if one.open_bottom and two.open_top:
            return True
        tall = one.tall or two.tall
        if bool(one.text) != bool(two.text):
            return tall or self.groups(one)
        # a group's name printed again on the new page
        return tall and unbroken and one.text == two.text and not SERIAL.fullmatch(one.text)

    def groups(self, like: Piece) -> bool:
        """Whether the cells of this column mostly stand over several rows."""
        column = [piece for piece in self.pieces if same_column(piece, like)]
        return 2 * sum(piece.tall for piece in column) > len(column)

    def done(self) -> Table:
        at = snap([edge for piece in self.pieces for edge in (piece.left, piece.right)])
        # an edge at which no cell begins parts nothing
        begins = sorted({at[piece.left] for piece in self.pieces})
        rows: list[list[Cell]] = [[None] * len(begins) for _ in self.places]
        merges: list[Merge] = []
        for piece in self.pieces:
            left = begins.index(at[piece.left])
            right = max(left, sum(edge < at[piece.right] for edge in begins) - 1)
            rows[piece.top][left] = piece.text or None
            if piece.tall or right > left:
                merges.append((piece.top, left, piece.bottom, right))
        pages = [re.match(r"第\d+页", place) for place in self.places]
        place = pages[0].group() if pages and pages[0] else ""
        return Table(rows, sorted(merges), place, tuple(self.places))


def start(part: Part) -> Growing:
    grid = part.grid
    return Growing(part.page, grid.xs[-1] - grid.xs[0], [x - grid.xs[0] for x in grid.xs])


def same_column(one: Piece, two: Piece) -> bool:
    return abs(one.left - two.left) <= BESIDE and abs(one.right - two.right) <= BESIDE


def joined(one: Piece, two: Piece) -> str:
    before, after = one.text, two.text
    if not before or not after or before == after:
        return before or after
    if before[-1] in ENDS and (MARK.match(after) or one.room > first_word(after, 1.0) + 0.6):
        return f"{before}\n{after}"
    return glue(before, after)
