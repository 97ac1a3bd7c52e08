"""Looks at a workbook's archive before any parser does: how far its sheets are filled, and what is folded away."""

import re
import zipfile
from dataclasses import dataclass, field

from ..archive import SAVE_AS, part_names, sweep
from ..errors import Refused

MAX_BOX = 2_000_000  # cells in the rectangle around everything filled: what the parser will allocate
MAX_COLUMNS = 256


@dataclass
class Extent:
    """How far the filled cells of one sheet part reach (rows and columns counted from 1)."""

    last_row: int = 0
    last_column: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    at: tuple[int, int] = (0, 0)

    @property
    def too_wide(self) -> bool:
        return self.last_column > MAX_COLUMNS

    @property
    def area(self) -> int:
        return self.last_row * self.last_column

    @property
    def too_big(self) -> bool:
        return self.too_wide or self.area > MAX_BOX


def check_workbook(archive: zipfile.ZipFile) -> None:
    """Refuse archives with macros and those that hold no workbook we read."""
    names = part_names(archive)
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Refused(f"文件带有宏，为安全起见不能导入，{SAVE_AS}（另存时选“不带宏的工作簿”）")
    if "xl/workbook.bin" in names:
        raise Refused(f"这是二进制工作簿（.xlsb），无法直接读取，{SAVE_AS}")
    if "xl/workbook.xml" not in names:
        kind = "演示文稿" if "ppt/presentation.xml" in names else "压缩包或其他格式的文件"
        raise Refused(f"这是{kind}，里面没有表格或文档，请导入 Excel、WPS 表格、Word 文档、PDF 或 csv 文件")


CELL = re.compile(rb"<(?:\w+:)?(?:row|col|c)\b[^>]*>|<(?:\w+:)?(?:v|t)\b[^>]*>[^<\s]")
ATTR_R = re.compile(rb'\br="([A-Z]{0,4})(\d{1,8})"')
HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
SPAN = re.compile(rb'\b(min|max)="(\d{1,6})"')


def inspect(archive: zipfile.ZipFile) -> dict[str, Extent]:
    """Inflate every XML part once; return how far each sheet part is filled and what of it is hidden."""
    extents: dict[str, Extent] = {}

    def look(name: str, chunk: bytes) -> None:
        path = name.lower().replace("\\", "/")
        if "/worksheets/" in path and "_rels" not in path:
            measure(chunk, extents.setdefault(name, Extent()))

    sweep(archive, look)
    return extents


def measure(chunk: bytes, extent: Extent) -> None:
    """Note rows, hidden rows and columns, and the last filled cell found in one piece of a sheet part."""
    row, col = extent.at
    for match in CELL.finditer(chunk):
        text = match.group()
        name = text[1:].split(b":")[-1] if b":" in text[:12] else text[1:]
        if name.startswith(b"row"):
            at = ATTR_R.search(text)
            row, col = (int(at.group(2)) if at else row + 1), 0
            if HIDDEN.search(text):
                extent.hidden_rows.add(row - 1)
        elif name.startswith(b"col"):
            span = {key: int(value) for key, value in SPAN.findall(text)}
            if HIDDEN.search(text) and b"min" in span and b"max" in span:
                extent.hidden_columns.update(range(span[b"min"] - 1, min(span[b"max"], MAX_COLUMNS)))
        elif name.startswith(b"c"):
            at = ATTR_R.search(text)
            col = letters(at.group(1)) if at and at.group(1) else col + 1
        else:
            extent.last_row, extent.last_column = max(extent.last_row, row), max(extent.last_column, col)
    extent.at = (row, col)


def letters(name: bytes) -> int:
    """b"A" -> 1, b"AB" -> 28."""
    total = 0
    for char in name:
        total = total * 26 + char - 64
    return total
