"""Pages drawn on demand, for a process that serves many threads: drawn by a child, kept in a folder, bounded.

What lies in the folder is derived from kept bytes and may be thrown away at any time; it can be drawn again.
"""

import contextlib
import hashlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .apart import Apart, Ended

DRAWER = 1  # of how pages are drawn: raised, all are drawn anew
LINER = 1  # of how the lines of a page are found
WIDTH = 1000  # pixels
SECONDS = 10.0  # for one page; a page that takes longer is not shown
WAIT = 20.0  # seconds in the queue for the child
IDLE = 90.0  # seconds; then the child ends and its memory is free
MOST = 600 * 2**20  # bytes kept
LOOK = 50  # pages drawn between two looks at how much is kept
MOST_FAULTS = 500  # remembered, so that a bad file costs its time once
FAULT_SECONDS = 600.0
BUSY = "现在打开页面的人太多，几秒后会自动再试。"
BRIEF = 1.5  # seconds after a drawing began in which it is worth standing by: most pages take a tenth of one
AGAIN = 2  # seconds, after which it is worth asking again


class NotDrawn(Exception):
    """There is no such page, or it cannot be drawn; in words."""


class TooMany(NotDrawn):
    """As many threads wait for a page as may: ask again in some seconds."""


class Previews:
    """Pages in FOLDER, drawn by FUNCTION (as `Apart` takes it) that answers {only: "page", …} with {made: path}.

    AT_ONCE: of the process's threads that many may draw or wait for it at a time; who comes then is told so, at once
    where the drawing goes on for longer than BRIEF, so that some are left for the pages that need no drawing.
    """

    def __init__(self, folder: Path, function: str, most: int = MOST, at_once: int = 1) -> None:
        self.folder, self.most = folder, most
        self.turns = threading.BoundedSemaphore(at_once)
        self.began = -BRIEF  # when the last turn was taken
        self.child = Apart(function)
        # a child ends with the thread that started it: threads of a web server come and go, this one stays
        self.hand = ThreadPoolExecutor(1, "pages")
        self.lock = threading.Lock()
        self.faults: dict[str, tuple[float, str]] = {}
        self.drawn = 0
        self.timer: threading.Timer | None = None

    def page(self, sha256: str, path: Path, mime: str, no: int, width: int = WIDTH) -> bytes:
        """Page NO of the file at PATH (whose bytes have SHA256) as a JPEG as wide as WIDTH; NotDrawn."""
        name = self.name(sha256, mime, no, width)
        return self._once(name, f"{name}.jpg", lambda: self._draw(path, mime, no, width))

    def lines(self, sha256: str, path: Path, mime: str, no: int) -> dict[str, Any]:
        """{pages, lines}: where the words of page NO of the PDF at PATH stand (kit.texts.lines); NotDrawn."""
        name = self.name(sha256, mime, no, -LINER)
        found: dict[str, Any] = json.loads(
            self._once(name, f"{name}.json", lambda: self._find(path, mime, no))
        )
        return found

    def _once(self, name: str, file: str, make: Callable[[], bytes]) -> bytes:
        """What is kept in FILE, else what MAKE makes of it, by one who asks at a time; TooMany."""
        kept = self.folder / name[:2] / file
        if (data := self._kept(kept)) is not None:
            return data
        self._known_fault(name)
        if not self.turns.acquire(timeout=max(0.0, self.began + BRIEF - time.monotonic())):
            raise TooMany(BUSY)
        try:
            self.began = time.monotonic()
            return self._in_turn(name, kept, make)
        finally:
            self.turns.release()

    def _in_turn(self, name: str, kept: Path, make: Callable[[], bytes]) -> bytes:
        if not self.lock.acquire(timeout=WAIT):
            raise TooMany(BUSY)
        try:
            if (data := self._kept(kept)) is not None:  # somebody else asked for it meanwhile
                return data
            self._known_fault(name)
            try:
                data = make()
            except NotDrawn as fault:
                self._note_fault(name, str(fault))
                raise
            self._keep(kept, data)
            return data
        finally:
            self._rest_later()
            self.lock.release()

    @staticmethod
    def name(sha256: str, mime: str, no: int, width: int) -> str:
        """What a drawn page is known by, on disk and to browsers."""
        return hashlib.sha256(f"{DRAWER} {sha256} {mime} {no} {width}".encode()).hexdigest()[:40]

    def _draw(self, path: Path, mime: str, no: int, width: int) -> bytes:
        with tempfile.TemporaryDirectory(prefix="taizhang-page-") as folder:
            answer = self._ask(path, mime, folder, {"only": "page", "no": no, "width": width})
            if not answer["made"]:
                raise NotDrawn("这种文件没有页面可看，可以下载原文件查看。")
            return Path(answer["made"]).read_bytes()

    def _find(self, path: Path, mime: str, no: int) -> bytes:
        return json.dumps(self._ask(path, mime, "", {"only": "lines", "no": no}), ensure_ascii=False).encode()

    def _ask(self, path: Path, mime: str, folder: str, what: dict[str, Any]) -> dict[str, Any]:
        question: dict[str, Any] = {
            "path": str(path),
            "name": path.name,
            "mime": mime,
            "folder": folder,
            **what,
        }
        for again in (True, False):
            try:
                answer = self.hand.submit(self.child.ask, question, SECONDS).result()
                break
            except Ended as ended:
                # the system may have ended it for want of memory: once more with a fresh one
                if ended.why != "crash" or not again:
                    raise NotDrawn("这一页太复杂，画不出来。可以下载原文件查看。") from None
        if "unreadable" in answer:
            raise NotDrawn(answer["unreadable"][1])
        return answer

    def _kept(self, kept: Path) -> bytes | None:
        try:
            data = kept.read_bytes()
            if time.time() - kept.stat().st_mtime > 3600:
                os.utime(kept)  # what is looked at stays longest
            return data or None
        except OSError:
            return None

    def _keep(self, kept: Path, data: bytes) -> None:
        # a full disk is no reason to show nothing
        with contextlib.suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            part = kept.with_suffix(f".{os.getpid()}")
            part.write_bytes(data)
            part.replace(kept)
        self.drawn += 1
        if self.drawn % LOOK == 1:
            self.sweep()

    def sweep(self) -> int:
        """Throw away what was not looked at for longest, until four fifths of the room are taken; how many pages."""
        found: list[tuple[float, int, Path]] = []
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(OSError):
                seen = path.stat()
                found.append((seen.st_mtime, seen.st_size, path))
        total, gone = sum(size for _, size, _ in found), 0
        if total <= self.most:
            return 0
        for _, size, path in sorted(found):
            if total <= 0.8 * self.most:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                total, gone = total - size, gone + 1
        return gone

    def _known_fault(self, name: str) -> None:
        at, words = self.faults.get(name, (0.0, ""))
        if words and time.monotonic() - at < FAULT_SECONDS:
            raise NotDrawn(words)

    def _note_fault(self, name: str, words: str) -> None:
        while len(self.faults) >= MOST_FAULTS:
            del self.faults[next(iter(self.faults))]
        self.faults[name] = (time.monotonic(), words)

    def _rest_later(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.timer = threading.Timer(IDLE, self.rest)
        self.timer.daemon = True
        self.timer.start()

    def rest(self) -> None:
        """End the child; the next page starts a new one."""
        if self.lock.acquire(timeout=WAIT):
            try:
                self.child.close()
            finally:
                self.lock.release()
