"""Looks at the bytes of a file before any parser does, and refuses what is not a plain, whole workbook.

Every limit is held twice for what is inflated: against the sizes the archive states, and against the bytes
that really come out, since an archive may lie.
"""

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field

from ..errors import Refused

MAX_FILE = 30_000_000  # bytes of the file itself
MAX_INFLATED = 100_000_000  # bytes of all XML parts together
MAX_ENTRIES_BYTES = 1_000_000  # size of the archive's own directory: about 10,000 entries
MAX_BOX = 2_000_000  # cells in the rectangle around everything filled: what the parser will allocate
MAX_COLUMNS = 256

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AS = "请用 Excel 或 WPS 打开后另存为“.xlsx 工作簿”再导入"


@dataclass
class Extent:
    """How far the filled cells of one sheet part reach (rows and columns counted from 1)."""

    last_row: int = 0
    last_column: int = 0
    hidden_rows: set[int] = field(default_factory=set)

    @property
    def too_wide(self) -> bool:
        return self.last_column > MAX_COLUMNS

    @property
    def area(self) -> int:
        return self.last_row * self.last_column

    @property
    def too_big(self) -> bool:
        return self.too_wide or self.area > MAX_BOX


def check_size(data: bytes) -> None:
    if not data:
        raise Refused("文件是空的（0 字节），请检查后重新选择")
    if len(data) > MAX_FILE:
        raise Refused(
            f"文件有 {len(data) // 1_000_000} MB，超过 {MAX_FILE // 1_000_000} MB，请删去图片和无关的表后再导入"
        )


def refuse_ole(data: bytes) -> None:
    """Old Office container: say which of its kinds this is."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused(
            "文件设有打开密码，无法读取。请用 Excel 或 WPS 打开，取消密码后另存为“.xlsx 工作簿”再导入"
        )
    if "WordDocument".encode("utf-16-le") in data:
        raise Refused(
            "这是 Word 文档，不是表格。请把其中的表格复制到 Excel 或 WPS 表格，另存为“.xlsx 工作簿”再导入"
        )
    raise Refused(f"这是旧版 Excel（.xls）或 WPS 格式的文件，无法直接读取，{SAVE_AS}")


def refuse_foreign(data: bytes) -> None:
    """Other kinds of file that are often handed in by mistake."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf"):
        raise Refused("这是 PDF 文件，不是表格，请导入 Excel 或 WPS 表格（.xlsx）或 csv 文件")
    if (
        head.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8", b"rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"bm"))
        and b"\x00" in data[:4096]
    ):
        raise Refused("这是图片或压缩包，不是表格，请导入 Excel 或 WPS 表格（.xlsx）或 csv 文件")
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"{\\rtf")):
        raise Refused(f"这是网页或其他文档格式的文件，不是真正的工作簿，{SAVE_AS}")


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The workbook's archive, after its directory has been found sound. Refused if it is not."""
    check_directory(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
        raise Refused(f"文件不完整或已损坏，可能没有传完。请重新取得文件，{SAVE_AS}") from error
    names = [info.filename for info in archive.infolist()]
    for name in names:
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", name) or "\x00" in name:
            raise Refused(f"文件内部有不正常的路径“{name[:40]}”，可能被改动过，不能导入")
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise Refused(f"文件设有密码，无法读取。请取消密码，{SAVE_AS}")
    lower = {name.lower().replace("\\", "/") for name in names}
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lower):
        raise Refused(f"文件带有宏，为安全起见不能导入，{SAVE_AS}（另存时选“不带宏的工作簿”）")
    if "xl/workbook.bin" in lower:
        raise Refused(f"这是二进制工作簿（.xlsb），无法直接读取，{SAVE_AS}")
    if "word/document.xml" in lower:
        raise Refused(
            "这是 Word 文档，不是表格。请把其中的表格复制到 Excel 或 WPS 表格，另存为“.xlsx 工作簿”再导入"
        )
    if "xl/workbook.xml" not in lower:
        kind = "演示文稿" if "ppt/presentation.xml" in lower else "压缩包或其他格式的文件"
        raise Refused(f"这是{kind}，里面没有工作簿，{SAVE_AS}")
    if sum(info.file_size for info in archive.infolist() if is_xml(info.filename)) > MAX_INFLATED:
        raise Refused(
            f"文件解开后超过 {MAX_INFLATED // 1_000_000} MB，不是正常的标准表，不能导入。请删去无关的行和表"
        )
    return archive


def check_directory(data: bytes) -> None:
    """Refuse an archive whose directory is missing or absurdly long, before zipfile builds a list of it."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if end < 0 or end + 22 > len(data):
        raise Refused(f"文件不完整或已损坏，可能没有传完。请重新取得文件，{SAVE_AS}")
    size = struct.unpack_from("<I", data, end + 12)[0]
    if data[max(0, end - 20) : end - 16] == b"PK\x06\x07":
        at = struct.unpack_from("<Q", data, end - 12)[0]
        if at + 56 <= len(data):
            size = struct.unpack_from("<Q", data, at + 40)[0]
    if size > MAX_ENTRIES_BYTES:
        raise Refused("文件内部的条目太多，不是正常的工作簿，不能导入")


def is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


CELL = re.compile(rb"<(?:\w+:)?(?:row|c)\b[^>]*>|<(?:\w+:)?(?:v|t)\b[^>]*>[^<\s]")
ATTR_R = re.compile(rb'\br="([A-Z]{0,4})(\d{1,8})"')
HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
DTD = [
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
]


def inspect(archive: zipfile.ZipFile) -> dict[str, Extent]:
    """Inflate every XML part once, counting; return how far each sheet part is filled.

    Refused: more bytes than allowed, a document type or entity declaration anywhere, a damaged part.
    """
    budget = MAX_INFLATED
    extents: dict[str, Extent] = {}
    for info in archive.infolist():
        if not is_xml(info.filename):
            continue
        is_sheet = "/worksheets/" in info.filename.lower().replace("\\", "/") and "_rels" not in info.filename
        extent, state, tail = Extent(), [0, 0], b""
        try:
            with archive.open(info) as part:
                while chunk := part.read(1 << 18):
                    budget -= len(chunk)
                    if budget < 0:
                        raise Refused(
                            f"文件解开后超过 {MAX_INFLATED // 1_000_000} MB，不是正常的标准表，不能导入"
                        )
                    chunk = tail + chunk
                    if any(word in chunk for word in DTD):
                        raise Refused("文件内部带有外部实体声明（DTD），可能被改动过，为安全起见不能导入")
                    # a tag may straddle two chunks: keep what follows the last "<"
                    cut = max(chunk.rfind(b"<"), 0)
                    tail = chunk[cut:] if len(chunk) - cut < 65_536 else b""
                    if is_sheet:
                        measure(chunk[:cut] if tail else chunk, extent, state)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise Refused(f"文件不完整或已损坏，可能没有传完。请重新取得文件，{SAVE_AS}") from error
        if is_sheet:
            measure(tail, extent, state)
            extents[info.filename] = extent
    return extents


def measure(chunk: bytes, extent: Extent, state: list[int]) -> None:
    """Note rows, hidden rows and the last filled cell found in one piece of a sheet part."""
    row, col = state
    for match in CELL.finditer(chunk):
        text = match.group()
        name = text[1:].split(b":")[-1] if b":" in text[:12] else text[1:]
        if name.startswith(b"row"):
            at = ATTR_R.search(text)
            row, col = (int(at.group(2)) if at else row + 1), 0
            if HIDDEN.search(text):
                extent.hidden_rows.add(row - 1)
        elif name.startswith(b"c") and not name.startswith((b"col", b"cf")):
            at = ATTR_R.search(text)
            col = letters(at.group(1)) if at and at.group(1) else col + 1
        else:
            extent.last_row, extent.last_column = max(extent.last_row, row), max(extent.last_column, col)
    state[:] = [row, col]


def letters(name: bytes) -> int:
    """b"A" -> 1, b"AB" -> 28."""
    total = 0
    for char in name:
        total = total * 26 + char - 64
    return total
