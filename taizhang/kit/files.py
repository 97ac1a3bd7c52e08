"""Bytes on disk: a receipt means that they are there.

put: stream to incoming/, hash SHA-256 and SM3 while writing, fsync the file, link it to
blobs/ab/cd/<sha256> (mode 0444), fsync the directories. Only then may a row be written. A crash in between
leaves at most an orphan, never a row without bytes.

Blobs are deleted by one verb, `erase`, and only one action calls it: thirty days after a piece was put into the
bin, inside the transaction that has just asked every table. Nothing else here deletes one, and checkers never do.
"""

import contextlib
import hashlib
import os
import shutil
import stat
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from .errors import Busy, Refused

PIECE = 2**20
SMALL = 2**16
HEX = frozenset("0123456789abcdef")
#: bytes put within these hours may be named by a row that is being written: they are not erased
YOUNG = 24.0
MISSING = "文件不在存储里"
BAD_DISK = "保存文件时磁盘出错，没有保存。请稍后重传；如再次出现，请告诉系统管理员。"


@dataclass(frozen=True)
class Stored:
    """What was put: hex digests, size in bytes, the first bytes for telling the kind."""

    sha256: str
    sm3: str
    size: int
    head: bytes


class Store(Protocol):
    """Where bytes lie. Local disk here; an object store has the same four verbs."""

    def put(self, pieces: Iterable[bytes], *, limit: int, expected: int | None = None) -> Stored: ...
    def open(self, sha256: str) -> BinaryIO: ...
    def exists(self, sha256: str) -> bool: ...
    def path(self, sha256: str) -> Path: ...
    def names(self) -> Iterator[str]: ...
    def digest(self, sha256: str) -> str: ...
    def fault(self, sha256: str, size: int, *, full: bool) -> str: ...
    def erase(self, sha256: str, *, hours: float = YOUNG) -> bool: ...
    def stale(self, hours: float = 24) -> list[str]: ...
    def sweep(self, hours: float = 24) -> list[str]: ...


class Disk:
    """A store in one folder of the local disk."""

    #: refuse before the disk is full: reads and the database must go on
    RESERVE: int = getattr(settings, "RESERVE", 500 * 2**20)

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.incoming = self.root / "incoming"
        self.blobs = self.root / "blobs"

    def put(self, pieces: Iterable[bytes], *, limit: int, expected: int | None = None) -> Stored:
        """Keep PIECES; refuse more than LIMIT bytes, none at all, or another number than EXPECTED."""
        try:
            self.incoming.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self.root).free
        except OSError as error:
            raise Busy(BAD_DISK) from error
        if free < self.RESERVE:
            raise Busy("服务器存放材料的磁盘快满了，暂时不能上传。请告诉系统管理员；已填的内容不会丢。")
        path = self.incoming / uuid.uuid4().hex
        sha256, sm3, size, head = hashlib.sha256(), hashlib.new("sm3"), 0, b""
        try:
            with open(path, "xb") as out:
                for piece in pieces:
                    size += len(piece)
                    if size > limit:
                        raise Refused(f"文件超过 {limit_words(limit)}，没有保存。请压缩或拆分后再传。")
                    if len(head) < 8192:
                        head += piece[: 8192 - len(head)]
                    sha256.update(piece)
                    sm3.update(piece)
                    out.write(piece)
                if size == 0:
                    raise Refused("文件是空的（0 字节），没有保存。请检查原文件后再传。")
                if expected is not None and size != expected:
                    raise Refused(f"上传中断：应有 {expected} 字节，只收到 {size} 字节。没有保存，请重传。")
                out.flush()
                os.fchmod(out.fileno(), 0o444)
                os.fsync(out.fileno())  # never retried: after a failed fsync the kernel may pretend success
            self._link(path, sha256.hexdigest(), size)
        except OSError as error:
            raise Busy(BAD_DISK) from error
        finally:
            path.unlink(missing_ok=True)
        return Stored(sha256.hexdigest(), sm3.hexdigest(), size, head)

    def _link(self, path: Path, name: str, size: int) -> None:
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not self._linked(path, target):
            # the same bytes once more; what lies there must still be them, or the receipt would be for damage
            fault = self.fault(name, size, full=True)
            erased = fault == MISSING and self._linked(path, target)  # at this very moment: they are put anew
            if fault and not erased:
                raise Busy("库中同一文件已损坏，没有保存。请告诉系统管理员运行校验。")
        # every level, not only those made here: another process may have made one and not yet synced it
        for folder in (target.parent, target.parent.parent, self.blobs, self.root):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    @staticmethod
    def _linked(path: Path, target: Path) -> bool:
        """Link PATH to TARGET; False where it is there already, which makes it young again: see `erase`."""
        try:
            os.link(path, target)
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):
                os.utime(target, follow_symlinks=False)
            return False
        return True

    def path(self, sha256: str) -> Path:
        return Path(self._place(sha256))

    def _place(self, sha256: str) -> str:
        """As `path`, in words: the checker asks for a hundred thousand."""
        if len(sha256) != 64 or not HEX.issuperset(sha256):
            raise ValueError("not a SHA-256 in hex")
        return f"{self.blobs}/{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def open(self, sha256: str) -> BinaryIO:
        handle = os.open(self._place(sha256), os.O_RDONLY | os.O_NOFOLLOW)
        return os.fdopen(handle, "rb")

    def exists(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def names(self) -> Iterator[str]:
        """Every blob's name, for the checker."""
        for first in sorted(self.blobs.glob("??")):
            for second in sorted(first.glob("??")):
                if second.is_dir():
                    yield from sorted(entry.name for entry in second.iterdir())

    def digest(self, sha256: str) -> str:
        """The SHA-256 of the bytes as they lie there now; FileNotFoundError if they do not."""
        handle = os.open(self._place(sha256), os.O_RDONLY | os.O_NOFOLLOW)
        try:
            return hash_open(handle)
        finally:
            os.close(handle)

    def fault(self, sha256: str, size: int, *, full: bool) -> str:
        """What is wrong with a blob of SIZE bytes, in words, or "". FULL reads it all; links are not followed."""
        try:
            found = os.lstat(self._place(sha256))
            if not stat.S_ISREG(found.st_mode):
                return "文件被换成了别的东西（不是普通文件）"
            if found.st_size != size:
                return f"文件大小不对，应为 {size} 字节，实为 {found.st_size} 字节"
            if full and self.digest(sha256) != sha256:
                return "文件内容与存入时的 SHA-256 不符"
        except FileNotFoundError:
            return MISSING
        except OSError as error:
            return f"文件读不出来（{error.strerror}）"
        return ""

    def erase(self, sha256: str, *, hours: float = YOUNG) -> bool:
        """Take the bytes off the disk, for good; False where there are none.

        To be called last in a transaction that holds the blob's row, after every table was asked whether it names
        them. An upload of the same bytes may have put them and wait for that row: it makes them young, and young
        bytes stay (Busy); and its own transaction looks whether they are there. So a crash or a race leaves an
        orphan or a refused upload, never a row without bytes.
        """
        try:
            if time.time() - os.lstat(self._place(sha256)).st_mtime < hours * 3600:
                raise Busy("这个文件刚有人存入，先不清除，明天再看。")
            os.unlink(self._place(sha256))
        except FileNotFoundError:
            return False
        except OSError as error:
            raise Busy(f"文件没有清除（{error.strerror}），明天再试。") from error
        return True

    def stale(self, hours: float = 24) -> list[str]:
        """Names in incoming/ that no upload can still be writing: left there by a killed process."""
        if not self.incoming.is_dir():
            return []
        before = time.time() - hours * 3600
        with os.scandir(self.incoming) as entries:
            return sorted(
                entry.name
                for entry in entries
                if entry.is_file(follow_symlinks=False)
                and entry.stat(follow_symlinks=False).st_mtime < before
            )

    def sweep(self, hours: float = 24) -> list[str]:
        """Remove what is stale in incoming/, and nothing else; the names removed."""
        names = self.stale(hours)
        for name in names:
            (self.incoming / name).unlink(missing_ok=True)
        return names


def hash_open(handle: int) -> str:
    """The SHA-256 of what an open descriptor still gives, in hex; small files cost one read."""
    first = os.read(handle, SMALL)
    digest = hashlib.sha256(first)
    if len(first) == SMALL:
        buffer = bytearray(PIECE)
        view = memoryview(buffer)
        while size := os.readv(handle, [buffer]):
            digest.update(view[:size])
    return digest.hexdigest()


def read_pieces(handle: BinaryIO) -> Iterator[bytes]:
    while piece := handle.read(PIECE):
        yield piece


def limit_words(limit: int) -> str:
    """`500 MB`, as people set it: binary megabytes."""
    return f"{limit // 2**20} MB" if limit >= 2**20 else f"{limit} 字节"


def store() -> Store:
    """The store of this site."""
    return Disk(Path(settings.BLOBS))


def keeping_lock() -> Path:
    """The file to lock by whoever takes bytes off the disk, and by a backup that counts on them."""
    return Path(settings.BLOBS) / "keeping.lock"
