"""Reads of standards, within what a user reaches."""

from .lists import DraftRow, StandardRow, draft_rows, names_of, standard_rows
from .places import place_names, propose_lead
from .scope import agencies_to_edit, drafts_for, editions_for, standards_for
from .tree import Leaf, Row, Tree, tree

__all__ = [
    "DraftRow", "Leaf", "Row", "StandardRow", "Tree", "agencies_to_edit", "draft_rows", "drafts_for", "editions_for",
    "names_of", "place_names", "propose_lead", "standard_rows", "standards_for", "tree",
]  # fmt: skip
