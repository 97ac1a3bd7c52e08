"""Small marks of the page as plain functions: fast enough for a row of a list of thousands.

Templates reach them as tags and filters (config/templatetags/look.py); rows made in Python call them directly.
Every function returns safe markup and escapes what it is given. Shape, colour and word always come together.
"""

from typing import Any

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

# lamps: red square, yellow triangle, green disc, hollow disc, red flag (done), black flag (overdue),
# blue clock (waits for me), dash (not applicable), diamonds 1-3 (urge orders)
LAMPS = frozenset(["r", "y", "g", "n", "f", "x", "b", "o", "d1", "d2", "d3"])

# the box round a state: w waits for a verdict, r came back, g agreed, d done, e nobody has it yet, o out of the count
TONES = {
    "pending": "e", "assigned": "", "received": "", "doing": "", "review": "w", "accepted": "g", "closed": "d",
    "returned": "r", "suspended": "o", "waived": "o", "open": "", "submitted": "w", "lost": "k",
    "draft": "e", "in_force": "g", "replaced": "o", "planned": "e", "proposed": "w", "refused": "r", "granted": "g", "withdrawn": "o", "sealed": "d",
}  # fmt: skip

# one period of one performer, as a mark in a matrix cell: state → mark
MARKS = {
    "accepted": "ok", "submitted": "wait", "returned": "back", "open": "open", "lost": "lost", "waived": "na",
    "late": "late", "due": "due", "before": "before",
}  # fmt: skip


def icon(name: str) -> SafeString:
    """A line drawing from the sprite in base.html; it is decoration, the word beside it is the meaning."""
    return mark_safe(f'<svg class="ic" aria-hidden="true"><use href="#i-{escape(name)}"/></svg>')


def lamp(kind: str, text: Any = "") -> SafeString:
    """`lamp("r", "逾期8天")`: shape, colour and word."""
    kind = kind if kind in LAMPS else "n"
    return mark_safe(f'<span class="lt {kind}">{conditional_escape(text)}</span>')


def st(code: str, label: Any = "") -> SafeString:
    """The box of a state: `st(item.status, label)`; a flow.State brings its own label."""
    label = label or getattr(code, "label", code)
    tone = TONES.get(str(code), "")
    return mark_safe(f'<span class="st{" " + tone if tone else ""}">{conditional_escape(label)}</span>')


def mark(state: str, text: Any = "", url: str = "", title: str = "") -> SafeString:
    """A period in a matrix: `mark("accepted", "01-20", url)`."""
    kind = MARKS.get(str(state), "open")
    hint = f' title="{escape(title)}"' if title else ""
    if url:
        return mark_safe(f'<a class="mk {kind}" href="{escape(url)}"{hint}>{conditional_escape(text)}</a>')
    return mark_safe(f'<span class="mk {kind}"{hint}>{conditional_escape(text)}</span>')


def tag(text: Any, tone: str = "") -> SafeString:
    """A small frame behind a name: 迟报 (r), 代报 (w), 系统启用前 (e), 纸质签批."""
    return mark_safe(
        f'<span class="tag{" " + escape(tone) if tone else ""}">{conditional_escape(text)}</span>'
    )


def num(value: int | None, url: str = "", hot: bool = False) -> SafeString:
    """A count that can be opened; nought is grey and opens nothing."""
    if not value:
        return mark_safe('<span class="zero">0</span>')
    late = ' class="late"' if hot else ""
    if url:
        return mark_safe(f'<a{late} href="{escape(url)}">{value}</a>')
    return mark_safe(f"<span{late}>{value}</span>" if hot else str(value))


def percent(done: float, total: float) -> str:
    return f"{done / total:.1%}" if total else "—"


def ratio(done: float, total: float, url: str = "") -> SafeString:
    """`67/259`, with the percentage on hover."""
    if not total:
        return mark_safe('<span class="zero">—</span>')
    hint = f'title="{percent(done, total)}"'
    if url:
        return mark_safe(f'<a href="{escape(url)}" {hint}>{done}/{total}</a>')
    return mark_safe(f"<span {hint}>{done}/{total}</span>")


def bar(done: float, total: float, extra: str = "") -> SafeString:
    """A thin bar in a table; the numbers stand beside it, so it is hidden from readers of the screen."""
    share = min(100.0, 100 * done / total) if total else 0
    return mark_safe(
        f'<span class="bar{" " + escape(extra) if extra else ""}" aria-hidden="true"><i style="width:{share:.4g}%"></i></span>'
    )


def size(count: int | None) -> str:
    """Bytes for people: 820 KB, 1.6 MB."""
    if count is None:
        return ""
    if count < 1000:
        return f"{count} B"
    if count < 999_500:
        return f"{count / 1000:.0f} KB"
    if count < 999_500_000:
        return f"{count / 1e6:.1f} MB" if count < 1e7 else f"{count / 1e6:.0f} MB"
    return f"{count / 1e9:.1f} GB"


def thumb(name: str, picture: str = "", url: str = "") -> SafeString:
    """A picture's thumbnail, or a sheet of paper with the kind of the file on it."""
    if picture:
        inner = f'<img class="thumb" src="{escape(picture)}" alt="{escape(name)}" width="72" height="48" loading="lazy">'
        return mark_safe(f'<a href="{escape(url)}">{inner}</a>' if url else inner)
    kind = name.rsplit(".", 1)[-1].upper()[:4] if "." in name else "文件"
    inner = f'<i class="doc">{escape(kind)}</i>'
    if url:
        return mark_safe(f'<a class="thumb" href="{escape(url)}" aria-label="{escape(name)}">{inner}</a>')
    return mark_safe(f'<span class="thumb" aria-hidden="true">{inner}</span>')


def hit(text: str, words: list[str]) -> SafeString:
    """Found words in light yellow."""
    marked = str(escape(text))
    for word in sorted({escape(word) for word in words if word.strip()}, key=len, reverse=True):
        marked = marked.replace(str(word), f"\x00{word}\x01")
    return mark_safe(marked.replace("\x00", "<mark>").replace("\x01", "</mark>"))


def link(url: str, text: Any) -> SafeString:
    return mark_safe(f'<a href="{escape(url)}">{conditional_escape(text)}</a>')
