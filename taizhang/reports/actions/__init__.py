"""Writes: a binding is asked for, worked on in the background, finished, cleared away."""

from .bindings import (
    MOST_MISSING,
    begin,
    bind,
    bind_again,
    bind_item,
    bind_unit,
    discard,
    fail,
    finish,
    folder_of,
    made_path,
    note_missing,
    note_progress,
)

__all__ = [
    "MOST_MISSING", "begin", "bind", "bind_again", "bind_item", "bind_unit", "discard", "fail", "finish", "folder_of", "made_path", "note_missing", "note_progress",
]  # fmt: skip
