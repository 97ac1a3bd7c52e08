"""A look into a file before it is stored: whether it bears a mark of secrecy, whether a picture opens; where quick.

A child is asked, never this process: one that reads, and one that knows pictures only and starts at once. They are
started by the first upload and stay; one that does not answer in time holds nobody up: the file is taken, and the
reader looks at it in the background.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from taizhang.kit import pictures
from taizhang.kit.apart import Apart, Ended
from taizhang.kit.errors import Refused

from ..rules import kinds
from ..rules.secrecy import found_words, secret_marks

SECONDS = 4.0  # a person waits for the receipt
LARGEST = 30 * 2**20  # bytes
MEMORY = 2 * 2**30
#: what must be drawn or recognised first takes longer than a person waits
SLOW = frozenset({"picture", "media"})


class Peek:
    """One child and whose turn it is."""

    def __init__(self, function: str) -> None:
        self.child = Apart(function, memory=MEMORY)
        self.turn = threading.Lock()
        # a child ends with the thread that started it: threads of a web server come and go, this one stays
        self.hand = ThreadPoolExecutor(1, "peek")

    def ask(self, question: dict[str, Any], until: float) -> dict[str, Any]:
        """The answer before UNTIL (monotonic); {} where there is none. After a crash it is asked once more."""
        if not self.turn.acquire(timeout=max(0.0, until - time.monotonic())):
            return {}
        try:
            for _ in range(2):  # the child may have ended since the last upload
                left = until - time.monotonic()
                if left <= 0:
                    break
                try:
                    return self.hand.submit(self.child.ask, question, left).result()
                except Ended as ended:
                    if ended.why != "crash":
                        break
            return {}
        finally:
            self.turn.release()


@cache
def _reads() -> Peek:
    return Peek("taizhang.kit.texts:answer")


@cache
def _sees() -> Peek:
    return Peek("taizhang.kit.pictures:answer")


def refuse_marked(file: BinaryIO, size: int, name: str, mime: str) -> None:
    """Refused if the text of FILE bears a mark of secrecy; nothing of it has been stored then."""
    family = kinds.BY_MIME[mime].family if mime in kinds.BY_MIME else ""
    if family in SLOW or size > LARGEST:
        return
    marks = secret_marks(_pages(file, name, mime))
    if marks:
        raise Refused(
            f"“{name}”{found_words(marks)}：标有密级“{marks[0].level}”，非涉密系统严禁存入，没有保存。"
            "请按保密规定处置，并联系本单位保密办。"
        )


def picture_day(file: BinaryIO, name: str, today: date) -> date | None:
    """The day on which the picture FILE was taken, if it says so and it is not after TODAY. Refused where it does not
    open or is too large to draw; what is not known in time is taken, and the reader tells of it later."""
    until = time.monotonic() + SECONDS
    with _on_disk(file) as (path, _):
        told = _sees().ask({"path": str(path)}, until)
    if "too_large" in told:
        width, height = told["too_large"]
        raise Refused(
            f"“{name}”有 {width}×{height} 像素，超过 {pictures.MOST_PIXELS // 10**6} 百万像素。请缩小后再传。"
        )
    if "broken" in told:
        raise Refused(f"“{name}”打不开，可能没有传完或已损坏。请检查原图后再传。")
    day = date.fromisoformat(told["taken_on"]) if told.get("taken_on") else None
    return day if day and day <= today else None


def days_taken(paths: dict[int, Path]) -> dict[int, date]:
    """Key → the day that the camera noted in the kept picture at its path; as many as can be asked in time."""
    until = time.monotonic() + SECONDS
    found = {}
    for key, path in paths.items():
        if taken := _sees().ask({"path": str(path)}, until).get("taken_on"):
            found[key] = date.fromisoformat(taken)
    return found


def _pages(file: BinaryIO, name: str, mime: str) -> list[str]:
    """The text page by page; [] where the child has no answer in time."""
    until = time.monotonic() + SECONDS
    with _on_disk(file) as (path, folder):
        question = {"path": str(path), "name": name, "mime": mime, "folder": folder, "pictures": False}
        return [str(leaf["text"]) for leaf in _reads().ask(question, until).get("leaves", ())]


@contextmanager
def _on_disk(file: BinaryIO) -> Iterator[tuple[Path, str]]:
    """Where FILE lies on disk, and a folder for what is made of it, for the while."""
    with tempfile.TemporaryDirectory(prefix="taizhang-look-") as folder:
        path = Path(folder) / "file"
        given = Path(str(getattr(file, "name", "")))
        if given.is_absolute() and given.is_file():  # the browser's upload lies on disk already
            path = given
        else:
            file.seek(0)
            with open(path, "wb") as copy:
                while piece := file.read(2**20):
                    copy.write(piece)
        yield path, folder
