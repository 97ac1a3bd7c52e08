"""Find a table in a sheet by the words of its header, and read its lines."""

from collections.abc import Iterator
from dataclasses import dataclass

from taizhang.kit.tables import Book, Sheet, a1

from ..rules.words import Value, head_word, text

HEADER_ROWS = 12  # a title block above the header is at most this tall
TOTALS = ("合计", "总计", "小计", "共计")


@dataclass(frozen=True)
class Line:
    """One row of a table: its number in the sheet and its cells by field."""

    sheet: str
    row: int
    columns: dict[str, int]
    cells: list[Value]

    def __getitem__(self, field: str) -> Value:
        column = self.columns.get(field)
        return None if column is None else self.cells[column]

    def text(self, field: str) -> str:
        return text(self[field])

    def has(self, field: str) -> bool:
        """Whether the table has such a column at all."""
        return field in self.columns

    def where(self, field: str = "") -> str:
        """The place as a clerk finds it: 花名册!D5."""
        return f"{self.sheet}!{a1(self.row, self.columns.get(field, 0))}"


@dataclass(frozen=True)
class Table:
    """A sheet in which a header with all needed columns was found."""

    sheet: Sheet
    header_row: int
    columns: dict[str, int]

    @property
    def name(self) -> str:
        return self.sheet.name

    def lines(self) -> Iterator[Line]:
        """Lines with something in them, without totals and repeated headers."""
        for number, cells in enumerate(self.sheet.rows[self.header_row + 1 :], start=self.header_row + 1):
            line = Line(self.sheet.name, number, self.columns, list(cells))
            known = [line.text(field) for field in self.columns]
            if not any(known) or any(word in TOTALS for word in known):
                continue
            if all(head_word(cells[column]) == head_word(self.sheet.rows[self.header_row][column])
                   for column in self.columns.values()):  # fmt: skip
                continue
            yield line


def find_table(sheet: Sheet, words: dict[str, tuple[str, ...]], needed: tuple[str, ...]) -> Table | None:
    """The table whose header holds every NEEDED field; WORDS: field → how its header is written, best first."""
    for number, cells in enumerate(sheet.rows[:HEADER_ROWS]):
        heads = [head_word(cell) for cell in cells]
        columns: dict[str, int] = {}
        for field, spellings in words.items():
            for word in spellings:
                free = (
                    column
                    for column, head in enumerate(heads)
                    if head == word and column not in columns.values()
                )
                if (column := next(free, None)) is not None:
                    columns[field] = column
                    break
        if all(field in columns for field in needed):
            return Table(sheet, number, columns)
    return None


def sheet_names(book: Book) -> str:
    """The sheets of a file, for a message."""
    return "、".join(f"“{sheet.name}”" for sheet in book.sheets)
