"""Web pages and web archives: what a reader sees of them. Nothing they point at is fetched, no script runs."""

import html
import re
from typing import Any

from ..documents.html import as_text, read_html
from ..errors import Refused
from .blocks import BIG, kept, lines, unreadable
from .plain import leaves
from .told import Told, Unreadable

MOST = 40_000_000  # bytes
MOST_LETTERS = 5_000_000
ACTING = re.compile(
    rb"<script\b|\bon(?:load|error|click|mouseover|focus)\s*=|javascript:|<iframe\b|<object\b", re.IGNORECASE
)
TITLE = re.compile(r"<title[^>]*>([^<]{1,300})</title>", re.IGNORECASE)
MOST_HEAD = 100_000  # bytes in which a title is looked for
SCRIPT = ("script", "网页里带有脚本，没有执行过，也不会执行；只能下载，不在浏览器里打开。")


def read(asked: Any) -> Told:
    data = asked.path.read_bytes()
    if len(data) > MOST:
        raise Unreadable("big", BIG)
    with kept():
        text = text_of(data)
    warnings = [SCRIPT] if ACTING.search(data) else []
    if len(text) > MOST_LETTERS:
        text = text[:MOST_LETTERS]
        warnings.append(("long", f"文字太长，只读了前 {MOST_LETTERS // 10_000} 万字，后面的检索不到。"))
    made = leaves(text)
    return Told("html", made, len(made), warnings=warnings)


def text_of(data: bytes) -> str:
    """The words of a page by lines, the rows of its tables with tabs, its title first if it says more; nothing for
    an empty page."""
    try:
        text = "\n".join(lines(read_html(data).blocks))
    except Refused as refusal:
        if "没有" in refusal.message and "密码" not in refusal.message:  # a page without words is no fault
            text = ""
        else:
            raise unreadable(refusal) from refusal
    said = TITLE.search(as_text(data[:MOST_HEAD]))
    title = " ".join(html.unescape(said.group(1)).split()) if said else ""
    return text if title in text else f"{title}\n{text}".rstrip("\n")
