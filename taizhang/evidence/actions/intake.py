"""Taking in what a browser sent: looked at first, then put; a refused file leaves nothing behind."""

import os
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.files import PIECE, Stored, limit_words, store
from taizhang.kit.look import size as size_words
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit

from ..rules import kinds, names
from .peeking import picture_day, refuse_marked

HEAD = 8192
MOST_MEMBERS = 20_000
MOST_DIRECTORY = 4 * 2**20  # bytes: of 20 000 parts with long names


@dataclass(frozen=True)
class Intake:
    """One file taken in: its bytes as stored, its clean name, its type, what is proposed for the caption."""

    stored: Stored
    name: str
    mime: str
    kind: str
    title: str
    taken_on: date | None  # 取自照片: the day the camera noted, never later than today


def store_upload(upload: "UploadedFile[Any]", *, limit: int | None = None) -> Stored:
    """Look at UPLOAD, then put its bytes; Refused names the file. LIMIT in bytes, else the site's."""
    return take_in(upload, limit=limit).stored


def take_in(upload: "UploadedFile[Any]", *, limit: int | None = None) -> Intake:
    """As store_upload, with what was seen on the way."""
    limit = limit or settings.UPLOAD_MAX_BYTES
    size = upload.size or 0
    file: Any = upload.file
    name, mime, taken_on = examine(file, upload.name or "", size, limit=limit)
    file.seek(0)
    try:
        stored = store().put(upload.chunks(PIECE), limit=limit, expected=size)
    except Refused as refusal:
        raise type(refusal)(f"“{name}”没有存下：{refusal.message}") from refusal
    title = names.title_of(name)
    return Intake(stored, name, mime, kinds.proposed_kind(mime, title), title, taken_on)


def examine(file: BinaryIO, name: str, size: int, *, limit: int) -> tuple[str, str, date | None]:
    """What may be kept: its clean name, its MIME type, the day a camera noted. Refused names the file; nothing is kept."""
    name = names.clean_name(name)
    kinds.refuse_secret(name)
    if size == 0:
        raise Refused(f"“{name}”是空的（0 字节），没有保存。请检查原文件后再传。")
    if size > limit:
        raise Refused(
            f"“{name}”有 {size_words(size)}，超过 {limit_words(limit)}，没有保存。请压缩或拆分后再传。"
        )
    file.seek(0)
    head = file.read(HEAD)
    members = _members(file, name) if head.startswith(b"PK\x03\x04") else []
    file_type = kinds.sniff(head, name, members)
    if not kinds.extension_of(name):
        name = names.clean_name(f"{name}.{file_type.extensions[0]}")
    taken_on = picture_day(file, name, clock.today()) if file_type.mime in kinds.DRAWABLE else None
    refuse_marked(file, size, name, file_type.mime)
    return name, file_type.mime, taken_on


class _TooMuch(Exception):
    """A directory larger than any that a program writes."""


class _Frugal:
    """A file of which no more is read at once than MOST_DIRECTORY: a directory may lie about how many it names."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def read(self, size: int = -1) -> bytes:
        if size > MOST_DIRECTORY:
            raise _TooMuch
        return self.file.read(MOST_DIRECTORY if size < 0 else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

    def seekable(self) -> bool:
        return True


def _members(file: BinaryIO, name: str) -> list[str]:
    """The names in a package, from its directory; nothing is unpacked."""
    file.seek(0, os.SEEK_END)
    end = file.tell()
    file.seek(max(0, end - 66_000))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise Refused(f"“{name}”不完整，可能没有传完或已损坏。请检查原文件后再传。")
    if int.from_bytes(tail[at + 10 : at + 12], "little") > MOST_MEMBERS:
        raise Refused(f"“{name}”内含的部件太多，不能存入。请用原软件另存后再传。")
    try:
        with zipfile.ZipFile(_Frugal(file)) as package:
            infos = package.infolist()
    except _TooMuch:
        raise Refused(f"“{name}”内含的部件太多，不能存入。请用原软件另存后再传。") from None
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError, UnicodeDecodeError):
        raise Refused(f"“{name}”不完整，可能没有传完或已损坏。请检查原文件后再传。") from None
    if len(infos) > MOST_MEMBERS:
        raise Refused(f"“{name}”内含的部件太多，不能存入。请用原软件另存后再传。")
    return [info.filename for info in infos]


@action("evidence.refuse", "材料未存入", (Permit.EVIDENCE_ADD, ""))
def refuse(unit: Unit, *, by: Any, refusal: Refused) -> Unit:
    """Put on record that a file was refused before any action began; raises REFUSAL again."""
    raise refusal
