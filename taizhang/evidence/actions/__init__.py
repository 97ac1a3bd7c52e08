"""What can happen to evidence. Bytes are put first, outside any transaction; then one action writes the rows."""

from .captions import caption, remove, restore
from .deposit import AlreadyHere, add_version, deposit, deposit_link
from .holds import hold, release
from .indexing import index_caption, index_text
from .intake import Intake, refuse, store_upload, take_in
from .reading import keep_pages, note_reading, note_try
from .thumbnails import set_thumbnail

__all__ = [
    "AlreadyHere", "Intake", "add_version", "caption", "deposit", "deposit_link", "hold", "index_caption", "index_text",
    "keep_pages", "note_reading", "note_try", "refuse", "release", "remove", "restore", "set_thumbnail", "store_upload",
    "take_in",
]  # fmt: skip
