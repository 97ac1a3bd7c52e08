"""Reads of the library, each within what the asking person may see."""

from .bytes import Fault, Walked, faults_of, unread_since, walk
from .checks import Noted, noted, unchecked
from .indexed import overindexed, to_index, unindexed
from .keeping import (
    Binned,
    binned_for,
    blobs_named,
    clearable,
    counted,
    filed_in,
    level_word,
    may_be_purged,
    named_elsewhere,
    needed_names,
    outstayed,
    unneeded,
)
from .last_check import MOST_NOTED, LastCheck, last_check, round_begun
from .library import Chosen, Library, library
from .marked import Marked, marks_of, stopped_to_tell
from .offers import offered_for
from .reading import (
    Progress,
    Shown,
    first_pages,
    has_lines,
    mark_cleared,
    next_page,
    pages_kept,
    progress,
    reading_of,
    reading_state,
    shown,
    unread_versions,
)
from .scope import (
    addable_units,
    editable,
    evidence_for,
    is_stopped,
    may_edit,
    same_bytes,
    stopped,
    with_stopped,
)
from .search import Found, found_by, hits_of, search
from .statistics import Statistics, statistics
from .story import Line, VersionRow, story, versions_of
from .verify import Verified, verify, with_items

__all__ = [
    "Found", "Statistics", "found_by", "hits_of", "overindexed", "search", "statistics", "to_index", "unindexed",
    "MOST_NOTED", "Binned", "Chosen", "Fault", "LastCheck", "Library", "Line", "Progress", "Verified", "VersionRow", "Walked", "addable_units",
    "binned_for", "blobs_named", "clearable", "counted", "editable", "evidence_for", "faults_of", "filed_in", "last_check", "level_word",
    "may_be_purged", "named_elsewhere", "needed_names", "outstayed", "round_begun", "unneeded", "unread_since", "walk", "with_items",
    "library", "may_edit", "next_page", "progress", "Shown", "has_lines", "pages_kept", "reading_of", "reading_state", "same_bytes", "shown", "story", "unread_versions", "verify",
    "Marked", "marks_of", "stopped_to_tell", "Noted", "noted", "offered_for", "unchecked", "first_pages", "is_stopped", "mark_cleared", "stopped", "versions_of", "with_stopped",
]  # fmt: skip
