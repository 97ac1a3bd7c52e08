"""Reads of the library, each within what the asking person may see."""

from .library import Chosen, Library, library
from .reading import Progress, next_page, progress, reading_state, unread_versions
from .scope import addable_units, editable, evidence_for, may_edit, same_bytes
from .story import Line, VersionRow, story, versions_of
from .verify import Verified, verify

__all__ = [
    "Chosen", "Library", "Line", "Progress", "Verified", "VersionRow", "addable_units", "editable", "evidence_for",
    "library", "may_edit", "next_page", "progress", "reading_state", "same_bytes", "story", "unread_versions", "verify",
    "versions_of",
]  # fmt: skip
