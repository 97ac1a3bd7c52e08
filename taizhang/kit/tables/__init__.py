"""Tables in and out: bytes of a workbook or csv file -> Book, and rows -> xlsx."""

from ..documents.blocks import Unseen
from .book import Book, Cell, Merge, Sheet, a1, column_name
from .read import read_book
from .write import OutSheet, workbook, write_xlsx

__all__ = [
    "Book",
    "Cell",
    "Merge",
    "OutSheet",
    "Sheet",
    "Unseen",
    "a1",
    "column_name",
    "read_book",
    "workbook",
    "write_xlsx",
]
