"""Reads of standards, within what a user reaches."""

from .editions import (
    Comparison,
    bases_for,
    changes_of,
    comparable,
    comparison,
    doubtful_count,
    draft_comparison,
    following,
    likely_base,
    matches_of,
    newest,
    revisions_for,
)
from .forms import KnownForm, known_forms
from .lists import DraftRow, StandardRow, draft_rows, names_of, standard_rows
from .named import edition_named
from .places import place_names, propose_lead
from .scope import agencies_to_edit, drafts_for, editions_for, standards_for
from .seen import seen_pages, unreadable_pages, unseen_pages
from .tree import Leaf, Row, Tree, tree
from .uses import in_use
from .wanted import wanted_of
from .whole import head_of, reading_of

__all__ = [
    "Comparison", "DraftRow", "KnownForm", "Leaf", "Row", "StandardRow", "Tree", "agencies_to_edit", "bases_for",
    "changes_of", "comparable", "comparison", "doubtful_count", "draft_comparison", "draft_rows", "drafts_for",
    "edition_named", "editions_for", "following", "head_of", "in_use", "known_forms", "likely_base", "matches_of", "names_of", "newest", "place_names", "propose_lead",
    "reading_of", "revisions_for", "seen_pages", "standard_rows", "standards_for", "tree", "unreadable_pages", "unseen_pages", "wanted_of",
]  # fmt: skip
