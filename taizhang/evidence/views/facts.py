"""What was found in a piece's file, in words: pages, length, size, how its text came to be read."""

from dataclasses import dataclass, field

from .. import queries
from ..models import Evidence, Reading, ReadingState
from ..rules import readers
from .show import poster_url

OCR = "由图像识别，可能有错字，引用前请核对原件"


@dataclass(frozen=True)
class Facts:
    """LINES of (name, value); WAITING or FAULT where nothing is known yet, in words; AGAIN: reading anew may help."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    waiting: str = ""
    fault: str = ""
    word: str = ""  # what FAULT is about
    again: bool = False
    poster: str = ""
    text: bool = False  # there is text to be looked at


def facts(evidence: Evidence, version: queries.VersionRow) -> Facts:
    """Of the current VERSION; two queries."""
    reading = queries.reading_of(evidence.current.blob_id) if evidence.current else None
    if reading is None or reading.state == ReadingState.WAITING:
        kept = queries.pages_kept(evidence.current.blob_id) if evidence.current else 0
        said = f"已读 {kept} 页，还在读。" if kept else "读好后按内容也查得到。"
        # one that was tried already and waits for another worker
        again = reading is not None and reading.tries > 0
        return Facts(_size(version), waiting=said, again=again)
    if reading.state == ReadingState.CLASSIFIED:
        return Facts(fault=reading.fault, word=ReadingState.CLASSIFIED.label)
    lines = [*_read(reading), *_size(version)]
    poster = poster_url(evidence.pk, version.no) if reading.poster else ""
    if reading.state == ReadingState.UNREADABLE:
        fault = reading.fault or readers.FAULTS["crash"]
        return Facts(lines, fault=fault, word=ReadingState.UNREADABLE.label, again=True, poster=poster)
    off = next((said["text"] for said in reading.warnings if said["code"] == readers.OFF), "")
    return Facts(
        lines, fault=off, word="没有读图片", again=bool(off), poster=poster, text=reading.letters > 0
    )


def _read(reading: Reading) -> list[tuple[str, str]]:
    lines = []
    if reading.seconds:
        lines.append(("时长", readers.duration(reading.seconds)))
    if reading.pages and reading.seconds is None:
        lines.append(("页数", f"{reading.pages} 页"))
    if reading.taken_on:
        lines.append(("拍摄日期", f"{reading.taken_on}（照片自带）"))
    if reading.letters:
        lines.append(("字数", f"{reading.letters:,} 字"))
    if reading.ocr and reading.letters:
        lines.append(("文字来源", OCR))
    return lines


def _size(version: queries.VersionRow) -> list[tuple[str, str]]:
    return [("图片大小", f"{version.width}×{version.height} 像素")] if version.width else []
