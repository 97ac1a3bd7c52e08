"""Has pages recognised by the child, one after the other."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ... import libraries
from ...apart import Apart, Ended
from ...errors import Refused

WORK = "taizhang.kit.documents.seen.work:answer"
MOST_PAGES = 60  # of one file: half an hour on a slow machine
SECONDS = 90  # for one page, by the clock
TRIES = 2
FAULTS = {"time": "识别了太久", "memory": "图像太大", "crash": "图像已损坏"}

Page = dict[str, Any]


class Eyes:
    """The child that recognises; it is started by the first page, and ends with `close`, for it holds a lot of memory."""

    def __init__(self, work: str = WORK, seconds: float = SECONDS) -> None:
        self.child, self.seconds = Apart(work), seconds

    def __enter__(self) -> "Eyes":
        return self

    def __exit__(self, *_: object) -> None:
        self.child.close(kill=True)

    def page(self, path: Path, no: int) -> Page:
        """Page NO of the file at PATH, recognised (see glyphs.py); {"fault": words} when it cannot be.

        Refused when this machine recognises nothing at all.
        """
        why = ""
        for _ in range(TRIES):
            try:
                told = self.child.ask({"path": str(path), "no": no}, self.seconds)
            except Ended as ended:
                why = FAULTS[ended.why]
                continue
            if "unreadable" not in told:
                found: Page = told["page"]
                return found
            code, words = told["unreadable"]
            if code == "no_ocr":
                raise Refused(words)
            return {"fault": words}
        return {"fault": why}

    def pages(
        self, path: Path, numbers: Iterable[int], said: Callable[[int], None] = lambda no: None
    ) -> dict[int, Page]:
        """All pages NUMBERS, here and now; SAID is told which one is begun."""
        found = {}
        for no in numbers:
            said(no)
            found[no] = self.page(path, no)
        return found


def lacking(*, allowed: bool) -> str:
    """Why nothing is recognised on this machine and what to do; "" when it is. ALLOWED: it is not switched off."""
    if not allowed:
        return "本机关闭了图像识别，扫描件不读。可请系统管理员打开（TAIZHANG_OCR=1）"
    if not libraries.ocr():
        return "本机没有装文字识别程序，扫描件不读。可请系统管理员安装"
    return ""


def too_many(count: int) -> str:
    return f"这是扫描件，要识别 {count} 页，一次最多识别 {MOST_PAGES} 页。请只留下标准所在的页再导入，或用原来的 Word、Excel 文件"
