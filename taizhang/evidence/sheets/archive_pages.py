"""Pages of an archived volume: what is typeset, and the PDF copy of each piece with the stamp of filing on its first page.

Whatever is a stranger's is opened in a child (`kit.apart`).
"""

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from taizhang.kit.apart import Apart, Ended
from taizhang.kit.errors import Refused
from taizhang.kit.files import store
from taizhang.kit.pdf.typeset import breakable
from taizhang.org.queries import system_user

from .. import actions
from ..models import Filed, Reading, Version
from ..queries.archive_seen import shows
from ..rules.archive import RETENTIONS, Piece, day8

SECONDS = 120
SECONDS_SET = 900
LONGEST = 3508  # pixels of a picture's longer side: A4 at 300 dots an inch
TEMPLATE = Path(__file__).resolve().parent / "typst" / "archive.typ"
NO_FONT = "本机没有装中文字体，排不出目录和归档章。请系统管理员安装 Noto CJK（思源）字体后再试。"
FAULTS = {
    "locked": "设有打开密码，没有排成页面，原件照存。", "broken": "文件不完整或已损坏，没有排成页面，原件照存。",
    "empty": "PDF 里没有一页，原件照存。", "long": "PDF 超过 5000 页，没有排成页面，原件照存。", "torn": "PDF 里有页面画不出来，原件照存。",
    "time": "文件处理太久，没有排成页面，原件照存。", "memory": "文件展开后太大，没有排成页面，原件照存。",
    "crash": "文件不完整或已损坏，没有排成页面，原件照存。",
}  # fmt: skip
OTHER = "这种文件不能印在纸上，原件照存。"


@cache
def press() -> Apart:
    """The child that typesets, opens and joins; it stays warm between pieces."""
    return Apart("taizhang.kit.pdf.work:answer", writes=16 * 2**30)


@cache
def printer() -> Apart:
    """The child that prints office files."""
    return Apart("taizhang.kit.texts.face:answer")


def ask(seconds: float = SECONDS, **question: Any) -> dict[str, Any]:
    try:
        return press().ask(question, seconds)
    except Ended as ended:
        return {"fault": ended.why}


def typeset(blocks: list[dict[str, Any]], out: Path) -> int:
    """Set BLOCKS into the PDF OUT; how many pages."""
    told = ask(SECONDS_SET, do="typeset", template=str(TEMPLATE), data={"blocks": blocks}, out=str(out))
    if told.get("fault") == "font":
        raise Refused(NO_FONT)
    if "fault" in told:
        raise Refused("目录没有排成，可能内存或磁盘不够。请告诉系统管理员。")
    return int(told["pages"])


def stamp_of(piece: Piece, fonds: str, year: int, *, solid: bool) -> dict[str, Any]:
    """The six cells: 全宗号 年度 件号 / 机构 期限 页数. SOLID: on white, for a picture has no blank head."""
    return {
        "id": "s", "kind": "stamp", "fonds": fonds, "year": str(year), "no": f"{piece.no:04}" if piece.no else "待编", "code": piece.code or "待定",
        "retention": RETENTIONS[piece.retention], "pages": str(piece.pages or "—"), "solid": solid,
    }  # fmt: skip


def slip_of(row: Filed, piece: Piece, number: str, fault: str) -> dict[str, Any]:
    """The page that stands for what cannot be printed: a link, sound and film, a locked file."""
    evidence = row.evidence
    facts = [["档号", number], ["责任者", piece.issuer], ["日期", day8(piece.dated_on)], ["地点", evidence.place], ["人物", evidence.people],
             ["文件", breakable(row.file.original_name) if row.file else ""], ["网址", breakable(evidence.url)],
             ["回执号", piece.receipt]]  # fmt: skip
    what = (
        "网页链接"
        if row.file is None
        else "音像材料"
        if row.file.blob.mime.startswith(("audio/", "video/"))
        else "电子原件登记"
    )
    says = fault or ("只登记了网址，网页内容不在包内。" if row.file is None else OTHER)
    return {
        "id": "p",
        "kind": "slip",
        "what": what,
        "title": piece.title,
        "facts": [one for one in facts if one[1]],
        "says": says,
    }


class Copies:
    """Makes the page copies of a volume's pieces, one at a time, in FOLDER."""

    def __init__(self, folder: Path, stamps: Path, agency: str, made_on: str, mark: str) -> None:
        self.folder, self.stamps, self.agency, self.made_on, self.mark = folder, stamps, agency, made_on, mark
        self.readings: dict[int, Reading] = {}
        self.head: int | None = None

    def make(self, row: Filed, piece: Piece, number: str, at: int, out: Path) -> str:
        """The copy of the piece whose stamp is page AT of the stamps; what could not be printed, in words, or "". An annex
        bears no stamp: it is one 件 with what does."""
        self.head = None if piece.annex else at
        sheets, fault = self._sheets(row, at)
        if sheets:
            told = self._bind(sheets, number, out)
            if told == "":
                return ""
            fault = FAULTS.get(told, OTHER)
        slip = self.folder / f"slip-{at}.pdf"
        pages = typeset([slip_of(row, piece, number, fault)], slip)
        failed = self._bind(
            [{"of": "slip", "page": no} for no in range(pages)], number, out, {"slip": str(slip)}
        )
        if failed:
            raise Refused("归档章没有盖成，可能磁盘满了或内存不够。请告诉系统管理员。")
        slip.unlink(missing_ok=True)
        return fault if row.file else ""

    def _bind(
        self, sheets: list[dict[str, Any]], title: str, out: Path, typeset_of: dict[str, str] | None = None
    ) -> str:
        if self.head is not None:
            sheets[0]["head"] = self.head
        plan = {
            "out": str(out), "at": str(self.folder / "at"), "typeset": {"stamps": str(self.stamps), **(typeset_of or {})}, "stamps": "stamps",
            "sheets": sheets, "outline": [], "title": title, "author": self.agency, "made_on": self.made_on, "mark": self.mark,
        }  # fmt: skip
        path = self.folder / "plan.json"
        path.write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
        told = ask(SECONDS_SET, do="bind", plan=str(path))
        return "torn" if "torn" in told else str(told.get("fault", ""))

    def _sheets(self, row: Filed, at: int) -> tuple[list[dict[str, Any]], str]:
        if row.file is None:
            return [], ""
        blob = row.file.blob
        if not shows(blob.mime):
            return [], OTHER
        if not store().exists(blob.sha256):
            return [], "文件不在存储里。"
        path = store().path(blob.sha256)
        if blob.mime.startswith("image/"):
            told = ask(
                do="pictures", path=str(path), folder=str(self.folder), stem=f"pic-{at}", longest=LONGEST
            )
            if "fault" in told:
                return [], FAULTS[told["fault"]]
            return [{"of": "", "page": 0, "pictures": [one]} for one in told["pictures"]], ""
        if blob.mime != "application/pdf":
            printed = self._face(row.file)
            if isinstance(printed, str):
                return [], printed
            path = printed
        told = ask(do="count", path=str(path))
        if "fault" in told:
            return [], FAULTS[told["fault"]]
        return [{"of": str(path), "page": no} for no in range(told["pages"])], ""

    def _face(self, version: Version) -> Path | str:
        """How the file prints, made once and kept in the store; or why it does not."""
        reading = self.readings.get(version.blob_id)
        if reading and reading.face and store().exists(reading.face):
            return store().path(reading.face)
        with tempfile.TemporaryDirectory(prefix="taizhang-face-") as folder:
            question = {
                "path": str(store().path(version.blob.sha256)),
                "name": version.original_name,
                "mime": version.blob.mime,
                "folder": folder,
            }
            try:
                told = printer().ask(question, SECONDS * 2)
            except Ended as ended:
                return FAULTS.get(ended.why, OTHER)
            if "face" not in told:
                return str(told.get("unreadable", ["", OTHER])[1] or OTHER)
            with open(told["face"], "rb") as handle:
                size = Path(told["face"]).stat().st_size
                sha256 = store().put(iter(lambda: handle.read(2**20), b""), limit=size + 1).sha256
        if reading:
            actions.note_face(version, by=system_user(), face=sha256)
        return store().path(sha256)
