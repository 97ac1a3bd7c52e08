"""Files from one store to another, each under its SHA-256, synced, and read again after it was written."""

import hashlib
import os
import stat
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from .errors import Busy
from .files import HEX, PIECE, Disk, hash_open

AT_ONCE = 2  # files being copied: one is synced while the other is read


class Copier:
    """Brings files from one store to another, each under its SHA-256, read again after it was written."""

    def __init__(self, source: Disk, target: Path, *, link: bool = False, check: bool = False) -> None:
        self.source, self.target, self.link, self.check = source, Disk(target), link, check
        self.new = self.written = 0
        self.bad: dict[str, str] = {}
        self.folders: set[Path] = set()

    def all(self, names: Iterable[str], sm3: dict[str, str]) -> tuple[dict[str, dict[str, Any]], list[str]]:
        """Bring NAMES; (name → size and SM3 of what now lies there, what could not be brought in words)."""
        files: dict[str, dict[str, Any]] = {}
        valid = [name for name in names if len(name) == 64 and HEX.issuperset(name)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for name, (size, written) in zip(valid, pool.map(self._one, valid), strict=True):
                if size is not None:
                    files[name] = {"size": size, "sm3": sm3.get(name) or self._sm3(name)}
                    self.new += written
                    self.written += size if written else 0
        for folder in sorted(self.folders):
            sync_folder(folder)
        for folder in (self.target.blobs, self.target.root):
            sync_folder(folder)
        return files, [f"{name}：{why}" for name, why in sorted(self.bad.items())]

    def _sm3(self, name: str) -> str:
        digest = hashlib.new("sm3")
        with self.target.open(name) as handle:
            while piece := handle.read(PIECE):
                digest.update(piece)
        return digest.hexdigest()

    def _one(self, name: str) -> tuple[int | None, bool]:
        """Bring one file; its size, or None where it cannot be had whole, and whether it was new. Busy where the disk
        is full."""
        target = self.target.path(name)
        try:
            found = os.lstat(self.source.path(name))
            if not stat.S_ISREG(found.st_mode):
                raise FileNotFoundError
        except OSError:
            return self._kept(name, "读不出来，或不是普通文件")
        size = found.st_size
        if self._there(target, size) and not (self.check and self.target.fault(name, size, full=True)):
            return size, False
        target.parent.mkdir(parents=True, exist_ok=True)
        self.folders |= {target.parent, target.parent.parent}
        part = self.target.incoming / name
        with suppress(FileNotFoundError):
            part.unlink()
        if not self._brought(name, part):
            return self._kept(name, "内容与指纹不符")
        os.replace(part, target)
        return size, True

    @staticmethod
    def _there(target: Path, size: int) -> bool:
        try:
            found = os.lstat(target)
        except FileNotFoundError:
            return False
        return stat.S_ISREG(found.st_mode) and found.st_size == size

    def _kept(self, name: str, why: str) -> tuple[int | None, bool]:
        """The source is damaged: what was kept earlier stays, if it is whole."""
        self.bad[name] = why
        try:
            size = os.lstat(self.target.path(name)).st_size
        except OSError:
            return None, False
        if self.target.fault(name, size, full=True):
            return None, False
        self.bad[name] = f"{why}（备份里以前的一份是好的，已保留）"
        return size, False

    def _brought(self, name: str, part: Path) -> bool:
        """Whether PART now holds bytes whose SHA-256 is NAME, synced and read again from the disk."""
        if self.link:
            with suppress(OSError):
                os.link(self.source.path(name), part, follow_symlinks=False)
                return self._reads(part, name)
        digest = hashlib.sha256()
        try:
            with self.source.open(name) as source, open(part, "xb") as out:
                while piece := source.read(PIECE):
                    digest.update(piece)
                    out.write(piece)
                if digest.hexdigest() != name:
                    return False
                out.flush()
                os.fchmod(out.fileno(), 0o444)
                os.fsync(out.fileno())
                # let go of what the memory still has: what is read again comes from the disk
                os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        except OSError as error:
            with suppress(FileNotFoundError):
                part.unlink()
            raise Busy(
                f"写 {part} 没有成功（{error.strerror}）。以前的备份没有动；请检查磁盘后再来一次。"
            ) from error
        finally:
            if part.exists() and digest.hexdigest() != name:
                part.unlink()
        return self._reads(part, name)

    @staticmethod
    def _reads(part: Path, name: str) -> bool:
        handle = os.open(part, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            good = hash_open(handle) == name
        finally:
            os.close(handle)
        if not good:
            part.unlink()
        return good


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
