"""Reads: which bindings a person sees, and what one that is asked for would hold."""

from .bindings import bindings_for, left_behind, next_waiting, same_again
from .wanted import Preview, Wanted, preview, scopes_of, wanted, wanted_again

__all__ = [
    "Preview", "Wanted", "bindings_for", "left_behind", "next_waiting", "preview", "same_again", "scopes_of", "wanted", "wanted_again",
]  # fmt: skip
