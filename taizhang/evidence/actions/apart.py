"""A file that is not kept is read as one that is: by the same reader, in a child of its own."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from taizhang.kit.apart import Apart, Ended
from taizhang.kit.errors import Refused

from ..rules import readers
from ..rules.secrecy import found_words, secret_marks
from .intake import examine


def question(path: Path, name: str, mime: str, folder: str, start: int = 1) -> dict[str, Any]:
    """What a reading child is asked about the file at PATH, from page START on."""
    return {
        "path": str(path), "name": name, "mime": mime, "folder": folder, "pictures": settings.READS_PICTURES, "start": start
    }  # fmt: skip


def read_file(path: Path) -> tuple[str, dict[str, Any]]:
    """Its clean name, and what the reader tells of the file at PATH, refused for what a deposit would be refused for,
    and where its text, which is all read here, bears a mark of secrecy: then nothing of it is said."""
    if path.is_dir():
        raise Refused(f"{path} 是文件夹，不是文件。请写出其中一个文件的名字。")
    try:
        with open(path, "rb") as handle:
            size = path.stat().st_size
            name, mime, _ = examine(handle, path.name, size, limit=settings.UPLOAD_MAX_BYTES)
    except PermissionError as error:
        raise Refused(f"没有读 {path} 的权限，请检查文件的权限。") from error
    told = _read_apart(path.resolve(), name, mime)
    if marks := secret_marks(told["pages_read"]):
        raise Refused(
            f"“{name}”{found_words(marks)}：标有密级“{marks[0].level}”，非涉密系统不能读取。请按保密规定处置。"
        )
    return name, told


def _read_apart(path: Path, name: str, mime: str) -> dict[str, Any]:
    """All answers of a reading child about the file, as one; its pages as PAGES_READ. Refused where there is none."""
    child = Apart("taizhang.kit.texts:answer")
    told: dict[str, Any] = {}
    pages: list[str] = []
    start = 1
    try:
        with tempfile.TemporaryDirectory(prefix="taizhang-read-") as folder:
            while start:
                answer = child.ask(question(path, name, mime, folder, start), readers.SECONDS)
                if "unreadable" in answer:
                    raise Refused(f"“{name}”{_of_a_file_not_kept(answer['unreadable'][1])}")
                told = told or answer
                pages += [leaf["text"] for leaf in answer["leaves"]]
                start = answer["go_on"]
    except Ended as ended:
        raise Refused(f"“{name}”{_of_a_file_not_kept(readers.FAULTS[ended.why])}") from ended
    finally:
        child.close(kill=True)
    return told | {"pages_read": pages}


def _of_a_file_not_kept(words: str) -> str:
    """The words for a deposited file without what is said of its keeping."""
    for kept, instead in (
        ("文件已保存，可以下载查看。", ""),
        ("文件已保存，可以下载查看；", ""),
        ("文件已保存；", ""),
        ("后换新版本", "后再读"),
        ("换新版本", "再读"),
    ):
        words = words.replace(kept, instead)
    return words.removeprefix("文件")
