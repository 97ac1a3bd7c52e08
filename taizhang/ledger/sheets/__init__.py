"""The ledger as a workbook: out with what may be changed marked, back as differences."""

from .adoption import write_plan
from .into import Change, Differences, Problem, compare, read_sheet
from .out import write_ledger

__all__ = ["Change", "Differences", "Problem", "compare", "read_sheet", "write_ledger", "write_plan"]
