"""What can happen to standards: a file is begun, mended, saved as an edition; the samples are laid in."""

from .drafts import begin, drop, keep_seen, mend, note_unseen, save, see_again, set_base
from .editions import import_edition, lay_in_sample
from .forms import remember
from .writing import write

__all__ = [
    "begin",
    "drop",
    "import_edition",
    "keep_seen",
    "lay_in_sample",
    "mend",
    "note_unseen",
    "remember",
    "save",
    "see_again",
    "set_base",
    "write",
]
