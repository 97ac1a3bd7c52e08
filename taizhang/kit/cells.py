"""What stands in a cell, which cells are one, and how many a file may hold: what tables and documents share."""

from datetime import date
from decimal import Decimal

from .errors import Refused

MAX_CELLS = 3_000_000  # of all tables of a file, the empty ones within their edges too: eight bytes each
MAX_LINES = 100_000  # rows of all tables of a file

Cell = str | Decimal | int | date | None
"""Text (never empty, edges stripped), number, day, or nothing."""

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column: counted from 0, ends included."""


class Room:
    """What is left of the cells that one file may take: many tables may be too much where each alone is not."""

    def __init__(self) -> None:
        self.cells, self.rows = MAX_CELLS, MAX_LINES

    def take(self, rows: int, columns: int) -> None:
        """Asked before a table is laid out in memory; Refused when the file has taken too much."""
        self.rows -= rows
        self.cells -= rows * columns
        if self.cells < 0 or self.rows < 0:
            raise Refused("文件里的表合起来太大，不是正常的标准文件，不能导入。请删去无关的表、行和列")
