"""What in a PDF would act when a reader opens it. Told to the clerk; nothing of it is carried out.

The bytes are searched as they lie in the file, and in the packed streams of objects: no tree is walked, so neither
a loop nor a million objects can hold the search up.
"""

import re
import zlib
from pathlib import Path

MOST = 300_000_000  # bytes of the file, and of what is unpacked

JAVASCRIPT = ("javascript", "文件里带有脚本（JavaScript），没有执行过，也不会执行。装订成册时去掉。")
LAUNCH = ("launch", "文件里带有会启动程序的动作，没有执行过，也不会执行。装订成册时去掉。")
EMBEDDED = ("embedded", "文件里带有附件，附件的内容没有读，检索不到。")
FORM = ("xfa", "文件是动态表单（XFA），填的内容可能读不全，请打印成普通 PDF 后换新版本。")

SIGNS = (
    (re.compile(rb"/S\s*/JavaScript\b|/JavaScript\s*(?:<<|\d+\s+\d+\s+R)"), JAVASCRIPT),
    (re.compile(rb"/S\s*/Launch\b"), LAUNCH),
    (re.compile(rb"/EmbeddedFiles?\b"), EMBEDDED),
    (re.compile(rb"/XFA\s*[\[\d]"), FORM),
)
PACKED = re.compile(rb"/ObjStm\b")
NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")


def pdf(path: Path) -> list[tuple[str, str]]:
    """(code, words) for whatever in the PDF at PATH acts."""
    with open(path, "rb") as handle:
        data = handle.read(MOST)
    found = _signs(_outside_streams(data))
    budget, at = MOST, 0
    while budget > 0 and (match := PACKED.search(data, at)):
        at = match.end()
        begin = STREAM.search(data, at, at + 2000)
        if begin is None:
            continue
        unpacked = _unpacked(data, begin.end(), budget)
        budget -= len(unpacked) + 1000
        found |= _signs(unpacked)
    return [warning for at, (_, warning) in enumerate(SIGNS) if at in found]


def _outside_streams(data: bytes) -> bytes:
    """The objects' own words; what is packed or drawn is cut out, since letters there may look like anything."""
    out, at = [], 0
    while True:
        begin = data.find(b"stream", at)
        if begin < 0:
            out.append(data[at:])
            return b"".join(out)
        out.append(data[at:begin])
        end = data.find(b"endstream", begin + 6)
        if end < 0:
            return b"".join(out)
        at = end + 9


def _unpacked(data: bytes, at: int, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data[at : at + 50_000_000], most)
    except zlib.error:
        return b""


def _signs(text: bytes) -> set[int]:
    if b"#" in text:  # names may be written in figures: /J#61vaScript
        text = NAME.sub(lambda one: bytes([int(one.group(1), 16)]), text)
    return {at for at, (sign, _) in enumerate(SIGNS) if sign.search(text)}
