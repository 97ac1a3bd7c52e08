"""What stands in a cell, and which cells are one: the words tables and documents share."""

from datetime import date
from decimal import Decimal

Cell = str | Decimal | int | date | None
"""Text (never empty, edges stripped), number, day, or nothing."""

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column: counted from 0, ends included."""
