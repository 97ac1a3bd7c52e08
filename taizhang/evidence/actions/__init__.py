"""What can happen to evidence. Bytes are put first, outside any transaction; then one action writes the rows."""

from .captions import caption, remove, restore
from .deposit import AlreadyHere, add_version, deposit, deposit_link
from .holds import hold, release
from .intake import Intake, refuse, store_upload, take_in
from .thumbnails import set_thumbnail

__all__ = [
    "AlreadyHere", "Intake", "add_version", "caption", "deposit", "deposit_link", "hold", "refuse", "release", "remove",
    "restore", "set_thumbnail", "store_upload", "take_in",
]  # fmt: skip
