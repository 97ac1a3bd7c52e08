"""How one edition of a standard goes over into the next: which leaf became which. Pure and deterministic.

Read `pairs.py` (what is said of a pair), `texts.py` (how alike two leaves are), `assign.py` (one to one),
`parts.py` (splits and joins), `groups.py` (areas and sections), `match.py` (all of it), `report.py` (in words).
"""

from .groups import match_groups
from .match import match, pairs_of_links, strand_links
from .pairs import CHANGED, GONE, JOINED, KINDS, MOVED, NEW, SAME, SPLIT, Pair, id_of
from .report import Line, Sums, changes, diff, lines_of, sums_of
from .said import confirm, say_apart, say_from, unsay

__all__ = [
    "CHANGED", "GONE", "JOINED", "KINDS", "MOVED", "NEW", "SAME", "SPLIT", "Line", "Pair", "Sums", "changes", "confirm",
    "diff", "id_of", "lines_of", "match", "match_groups", "pairs_of_links", "say_apart", "say_from", "strand_links",
    "sums_of", "unsay",
]  # fmt: skip
