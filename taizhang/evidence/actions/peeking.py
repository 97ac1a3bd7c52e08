"""A look into a file before it is stored: only whether it bears a mark of secrecy, and only where that is quick.

The child that reads is asked, never this process. It is started by the first upload and stays; one that does not
answer in time holds nobody up: the file is taken, and the reader looks at it in the background.
"""

import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from taizhang.kit.apart import Apart, Ended
from taizhang.kit.errors import Refused

from ..rules import kinds
from ..rules.secrecy import found_words, secret_marks

SECONDS = 4.0  # a person waits for the receipt
LARGEST = 30 * 2**20  # bytes
MEMORY = 2 * 2**30
#: what must be drawn or recognised first takes longer than a person waits
SLOW = frozenset({"picture", "media"})

_turn = threading.Lock()


@cache
def _child() -> Apart:
    return Apart("taizhang.kit.texts:answer", memory=MEMORY)


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


def _pages(file: BinaryIO, name: str, mime: str) -> list[str]:
    """The text page by page; [] where the child has no answer in time."""
    until = time.monotonic() + SECONDS
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
        question = {"path": str(path), "name": name, "mime": mime, "folder": folder, "pictures": False}
        for _ in range(2):  # the child may have ended since the last upload
            told = _asked(question, until)
            if told is not None:
                return [str(leaf["text"]) for leaf in told.get("leaves", ())]
    return []


def _asked(question: dict[str, Any], until: float) -> dict[str, Any] | None:
    """The child's answer, {} when there is no more time; None when it crashed and may be asked once more."""
    if not _turn.acquire(timeout=max(0.0, until - time.monotonic())):
        return {}
    try:
        left = until - time.monotonic()
        return _child().ask(question, left) if left > 0 else {}
    except Ended as ended:
        return None if ended.why == "crash" else {}
    finally:
        _turn.release()
