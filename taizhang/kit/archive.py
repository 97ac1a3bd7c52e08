"""Opens the zip archives office files are made of, after looking at their bytes: nothing climbs, lies or swells.

Every limit is held twice for what is inflated: against the sizes the archive states, and against the bytes
that really come out, since an archive may lie.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

from .errors import Refused

MAX_FILE = 30_000_000  # bytes of the file itself
MAX_INFLATED = 100_000_000  # bytes of all XML parts together
MAX_ELEMENTS = 1_200_000  # of a tree held in memory, about 200 bytes each
MAX_ENTRIES_BYTES = 1_000_000  # size of the archive's own directory: about 10,000 entries

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AS = "请用 Excel 或 WPS 打开后另存为“.xlsx 工作簿”再导入"
SAVE_AS_DOCX = "请用 Word 或 WPS 打开后另存为“.docx 文档”再导入"
FETCH_AGAIN = "请重新取得文件，或用 Office、WPS 打开后另存一份再导入"
DTD = [
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
]


def check_size(data: bytes) -> None:
    if not data:
        raise Refused("文件是空的（0 字节），请检查后重新选择")
    if len(data) > MAX_FILE:
        raise Refused(
            f"文件有 {len(data) // 1_000_000} MB，超过 {MAX_FILE // 1_000_000} MB，请删去图片和无关的表后再导入"
        )


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive in DATA, after its directory has been found sound and its entries harmless."""
    check_directory(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
        raise Refused(f"文件不完整或已损坏，可能没有传完。{FETCH_AGAIN}") from error
    for name in archive.namelist():
        steps = name.replace("\\", "/").split("/")
        if ".." in steps or steps[0] == "" or re.match(r"[A-Za-z]:", name) or "\x00" in name:
            raise Refused(f"文件内部有不正常的路径“{name[:40]}”，可能被改动过，不能导入")
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise Refused("文件设有密码，无法读取。请取消密码，另存一份再导入")
    if sum(info.file_size for info in archive.infolist() if is_xml(info.filename)) > MAX_INFLATED:
        raise Refused(
            f"文件解开后超过 {MAX_INFLATED // 1_000_000} MB，不是正常的文件，不能导入。请删去无关的内容"
        )
    return archive


def part_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Names of the parts in lower case with slashes -> names as they are stored."""
    return {name.lower().replace("\\", "/"): name for name in archive.namelist()}


def check_directory(data: bytes) -> None:
    """Refuse an archive whose directory is missing or absurdly long, before zipfile builds a list of it."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if end < 0 or end + 22 > len(data):
        raise Refused(f"文件不完整或已损坏，可能没有传完。{FETCH_AGAIN}")
    size = struct.unpack_from("<I", data, end + 12)[0]
    if data[max(0, end - 20) : end - 16] == b"PK\x06\x07":
        at = struct.unpack_from("<Q", data, end - 12)[0]
        if at + 56 <= len(data):
            size = struct.unpack_from("<Q", data, at + 40)[0]
    if size > MAX_ENTRIES_BYTES:
        raise Refused("文件内部的条目太多，不是正常的文件，不能导入")


def is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def sweep(archive: zipfile.ZipFile, look: Callable[[str, bytes], None] | None = None) -> None:
    """Inflate every XML part once, counting; LOOK gets (part, piece) with pieces cut before a tag, never in one.

    Refused: more bytes than allowed, a document type or entity declaration anywhere, a damaged part.
    """
    budget = MAX_INFLATED
    for info in archive.infolist():
        if not is_xml(info.filename):
            continue
        tail = b""
        try:
            with archive.open(info) as part:
                while chunk := part.read(1 << 18):
                    budget -= len(chunk)
                    if budget < 0:
                        raise Refused(
                            f"文件解开后超过 {MAX_INFLATED // 1_000_000} MB，不是正常的文件，不能导入"
                        )
                    chunk = tail + chunk
                    if any(word in chunk for word in DTD):
                        raise Refused(
                            "文件内部带有外部实体声明，可能被改动过，为安全起见不能导入。请重新取得文件，或另存一份再导入"
                        )
                    # a tag may straddle two chunks: keep what follows the last "<"
                    cut = max(chunk.rfind(b"<"), 0)
                    tail = chunk[cut:] if len(chunk) - cut < 65_536 else b""
                    if look:
                        look(info.filename, chunk[:cut] if tail else chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise Refused(f"文件不完整或已损坏，可能没有传完。{FETCH_AGAIN}") from error
        if look and tail:
            look(info.filename, tail)


def check_elements(data: bytes) -> None:
    """Refuse markup whose tree would fill the memory."""
    if data.count(b"<") - data.count(b"</") > MAX_ELEMENTS:
        raise Refused("文件内容太大，不是正常的标准文件，不能导入。请删去无关的内容")


def read_part(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """The bytes of one part, at most LIMIT of them; refused when there are more."""
    try:
        with archive.open(name) as part:
            data = part.read(limit + 1)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise Refused(f"文件不完整或已损坏，可能没有传完。{FETCH_AGAIN}") from error
    if len(data) > limit:
        raise Refused(f"文件内容解开后超过 {limit // 1_000_000} MB，太大。请删去无关的内容再导入")
    return data
