"""What the readers of office files share: blocks as lines of text, and refusals in words for a deposited file."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from ..documents import Paragraph, Table
from ..errors import Refused
from .told import Unreadable

LOCKED = "文件设有打开密码，读不出文字。文件已保存；请去掉密码后换新版本。"
BIG = "文件展开后太大，没有读。文件已保存，可以下载查看；请删去无关的内容后换新版本。"
BROKEN = "文件不完整或已损坏，读不出文字。文件已保存；请用原软件打开看看，另存后换新版本。"
ENTITIES = "文件内部带有外部实体声明，可能被改动过，为安全起见没有读。文件已保存；请用原软件另存后换新版本。"
NO_PROGRAM = (
    "本机没有能读这种旧格式的程序，没有读。文件已保存；请另存为新格式（docx、xlsx、pptx）后换新版本。"
)


def unreadable(refusal: Refused) -> Unreadable:
    """The refusal of a reader made for imports, as what is told of a file that is kept all the same."""
    words = refusal.message
    for signs, code, told in (
        (("密码",), "locked", LOCKED),
        (("超过", "太大", "太多"), "big", BIG),
        (("实体",), "entities", ENTITIES),
        (("没有能读",), "program", NO_PROGRAM),
    ):
        if any(sign in words for sign in signs):
            return Unreadable(code, told)
    return Unreadable("broken", BROKEN)


@contextmanager
def kept() -> Iterator[None]:
    """Whatever a library makes of a damaged file, the clerk is told that it is kept and cannot be read."""
    try:
        yield
    except Unreadable:  # said already
        raise
    except Refused as refusal:
        raise unreadable(refusal) from refusal
    except MemoryError:
        raise
    except Exception as error:  # libraries raise all there is
        raise Unreadable("broken", BROKEN) from error


def lines(blocks: Iterable[Paragraph | Table]) -> list[str]:
    """One line for a paragraph, one for a row of a table with tabs between its cells."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        else:
            found += filter(None, map(row, block.rows))
    return found


def row(cells: Iterable[Any]) -> str:
    """A row as text; empty cells at its end are left out."""
    return "\t".join(map(cell, cells)).rstrip("\t")


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return " ".join(str(value).split("\n")).replace("\t", " ")
