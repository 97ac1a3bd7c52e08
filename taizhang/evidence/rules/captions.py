"""What a caption must say. Photographs: 时间、地点、人物、主题 (assessment guides, domain notes 5.1);
formal documents: number, issuer and date, for the page with the red head is looked up by them."""

from collections.abc import Iterable, Mapping
from typing import Any

LABELS = {
    "happened_on": "时间", "place": "地点", "people": "人物", "theme": "主题", "doc_no": "文号",
    "issuer": "发文机关", "url": "网址", "title": "名称",
}  # fmt: skip
WANTED: dict[str, tuple[str, ...]] = {
    "picture": ("happened_on", "place", "people", "theme"),
    "media": ("happened_on", "place", "people", "theme"),
    "document": ("doc_no", "issuer", "happened_on"),
    "report": ("happened_on",),
    "table": ("happened_on",),
    "link": ("url",),
    "other": (),
}
#: the words a standard's requirement uses for the same fields (standards.rules.needs)
FIELD_OF = {
    "time": "happened_on", "place": "place", "people": "people", "theme": "theme", "host": "issuer", "doc_no": "doc_no",
}  # fmt: skip


def missing_caption(kind: str, fields: Mapping[str, Any], wanted: Iterable[str] | None = None) -> list[str]:
    """Labels of what is still empty: `["人物"]`. WANTED (requirement's words or field names) replaces the kind's own."""
    names = WANTED.get(kind, ()) if wanted is None else [FIELD_OF.get(name, name) for name in wanted]
    return [
        "成文日期" if name == "happened_on" and kind == "document" else LABELS.get(name, name)
        for name in names
        if not str(fields.get(name) or "").strip()
    ]


def missing_words(missing: list[str]) -> str:
    """`还缺“人物”“主题”`, or nothing."""
    return "还缺" + "".join(f"“{label}”" for label in missing) if missing else ""


def receipt(year: int, number: int) -> str:
    """材-2026-000123: one row of numbers per agency and year, without gaps."""
    return f"材-{year}-{number:06}"
