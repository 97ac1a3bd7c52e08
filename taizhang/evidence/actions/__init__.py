"""What can happen to evidence. Bytes are put first, outside any transaction; then one action writes the rows."""

from .apart import question, read_file
from .archive import (
    arrange,
    describe,
    discard_volume,
    file_in,
    number_pieces,
    open_volume,
    set_fonds,
    succeed,
    take_out,
)
from .archive_join import join_pieces, joinable, part_pieces
from .archive_seal import answer_check, ask_check, ask_recheck, ask_seal, seal
from .captions import caption
from .checking import adopt, check
from .deposit import AlreadyHere, add_version, deposit, deposit_link
from .holds import hold, release
from .indexing import index_caption, index_text, index_what_lacks, reindex
from .intake import Intake, refuse, store_upload, take_in
from .keeping import (
    LONGEST_REASON,
    Emptied,
    clear,
    empty_bin,
    mark_checked,
    note_check,
    purge,
    remove,
    restore,
)
from .peeking import days_taken
from .reading import keep_pages, note_face, note_reading, note_try, read_again, read_now
from .secrecy import clear_alarm, note_stopped, stop
from .thumbnails import set_thumbnail

__all__ = [
    "question", "read_file",
    "answer_check", "arrange", "ask_check", "ask_recheck", "ask_seal", "describe", "discard_volume", "file_in", "number_pieces",
    "join_pieces", "joinable", "open_volume", "part_pieces", "seal", "set_fonds", "succeed", "take_out",
    "index_what_lacks", "reindex",
    "LONGEST_REASON", "AlreadyHere", "Emptied", "Intake", "add_version", "caption", "clear", "days_taken", "deposit", "empty_bin", "deposit_link", "hold", "index_caption", "index_text",
    "keep_pages", "mark_checked", "note_check", "note_face", "note_reading", "note_try", "purge", "read_again", "read_now", "refuse", "release", "remove", "restore", "set_thumbnail", "store_upload",
    "adopt", "check", "clear_alarm", "note_stopped", "stop", "take_in",
]  # fmt: skip
