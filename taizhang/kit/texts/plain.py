"""Plain text: UTF-8, UTF-16 with a mark, GB18030."""

from typing import Any

from .told import Leaf, Told

MOST = 20_000_000  # bytes; what stands behind them is not read, and the clerk is told
LEAF = 3000  # characters


def decode(data: bytes) -> str:
    """DATA as text. What is no letter in any of the encodings becomes a sign of its own, and is no error."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def leaves(text: str) -> list[Leaf]:
    """TEXT in leaves of some thousand characters, parted at the end of a line where there is one."""
    found: list[Leaf] = []
    at = 0
    while at < len(text):
        end = at + LEAF
        if end < len(text):
            end = max(text.rfind("\n", at + LEAF // 2, end) + 1, 0) or end
        found.append(Leaf(len(found) + 1, text[at:end]))
        at = end
    return found


def read(asked: Any) -> Told:
    with open(asked.path, "rb") as handle:
        data = handle.read(MOST + 1)
    warnings = []
    if len(data) > MOST:
        warnings.append(("long", f"文字太长，只读了前 {MOST // 1_000_000} MB，后面的检索不到。"))
    text = decode(data[:MOST]).replace("\x00", "")
    made = leaves(text)
    return Told("txt", made, len(made), warnings=warnings)
