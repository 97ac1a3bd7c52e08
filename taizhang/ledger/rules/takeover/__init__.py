"""接续台账: reading an office's own ledger and its folder of files."""

from .choices import OWN, SKIP, Choices
from .columns import FIELDS
from .facts import Facts, ItemFact, PersonFact, SlotFact, UnitFact
from .files import match_files
from .plan import Column, Doubt, FileMatch, Plan, Row, SheetRead
from .read import read_ledger

__all__ = [
    "FIELDS", "OWN", "SKIP", "Choices", "Column", "Doubt", "Facts", "FileMatch", "ItemFact", "PersonFact", "Plan", "Row",
    "SheetRead", "SlotFact", "UnitFact", "match_files", "read_ledger",
]  # fmt: skip
