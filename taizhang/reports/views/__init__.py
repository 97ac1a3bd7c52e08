"""Find, act once, show: bindings, and the album on screen."""

from .album import album
from .bindings import (
    binding,
    binding_again,
    binding_discard,
    binding_file,
    binding_new,
    binding_progress,
    bindings,
)

__all__ = [
    "album", "binding", "binding_again", "binding_discard", "binding_file", "binding_new", "binding_progress", "bindings",
]  # fmt: skip
