"""Reads of the library, each within what the asking person may see."""

from .library import Chosen, Library, library
from .scope import addable_units, editable, evidence_for, may_edit, same_bytes
from .story import Line, VersionRow, story, versions_of
from .verify import Verified, verify

__all__ = [
    "Chosen", "Library", "Line", "Verified", "VersionRow", "addable_units", "editable", "evidence_for", "library",
    "may_edit", "same_bytes", "story", "verify", "versions_of",
]  # fmt: skip
