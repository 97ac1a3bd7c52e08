"""The three lists beside the tree as a clerk writes them: which further columns an entry has, and how it is kept. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from .bars import months_of
from .numbers import show
from .tree import Choices, Entry, Json, Reading, decimal

NAMES = {"negatives": "负面清单", "eligibility": "申报条件", "bonuses": "特色加分"}


@dataclass(frozen=True)
class Column:
    """A further column of a list: `words` tell it by its printed header, `most` is how many characters are kept."""

    label: str
    words: str
    most: int


MONTHS = "观察期（月）"
COLUMNS = {
    "negatives": (
        Column("级别", "级别|类别|性质", 40), Column("处理", "处理|后果", 2_000), Column(MONTHS, "观察期|期限", 12),
        Column("核验部门", "部门|单位", 200), Column("对象", "对象", 40),
    ),
    "eligibility": (Column("判定方式", "判定|核验|方式", 60),),
    "bonuses": (),
}  # fmt: skip


def headers_of(name: str, entry: Entry | None) -> list[str]:
    """The further columns of an entry of the list NAME: those printed in the file, then those it may have."""
    printed = list(entry.extra) if entry else []
    return printed + [
        column.label
        for column in COLUMNS[name]
        if not any(re.search(column.words, header) for header in printed)
    ]


def column_of(name: str, header: str) -> Column | None:
    return next((column for column in COLUMNS[name] if re.search(column.words, header)), None)


def kept(name: str, header: str, text: str) -> str:
    """TEXT of the column HEADER as it is kept; months as a whole number. ValueError with what is wrong."""
    column = column_of(name, header)
    if text and column and column.label == MONTHS:
        months = months_of(text)
        if months is None:
            raise ValueError("观察期要写成几个月，如 24 或“24个月”。")
        return str(months)
    if column and len(text) > column.most:
        raise ValueError(f"{header}最多 {column.most} 个字。")
    return text


def laid(reading: Reading, choices: Choices) -> Reading:
    """READING with the lists that a clerk has written anew."""
    lists: dict[str, Any] = {
        name: [entry_from(one, f"{NAMES[name]}#{n}") for n, one in enumerate(choices.lists[name], start=1)]
        for name in NAMES
        if name in choices.lists
    }
    return replace(reading, **lists) if lists else reading


def entry_from(said: Json, key: str) -> Entry:
    return Entry(
        key, said.get("code") or "", said.get("title") or "", said.get("text") or "", decimal(said.get("points")),
        bool(said.get("veto")), dict(said.get("extra") or {}),
    )  # fmt: skip


def entry_to(entry: Entry) -> Json:
    return {
        "code": entry.code, "title": entry.title, "text": entry.text, "veto": entry.veto, "extra": dict(entry.extra),
        "points": None if entry.points is None else show(entry.points),
    }  # fmt: skip


def with_entries(choices: Json, name: str, entries: Sequence[Entry]) -> Json:
    """CHOICES in which the list NAME is ENTRIES, whatever stands in the file."""
    lists = {**(choices.get("lists") or {}), name: [entry_to(one) for one in entries]}
    return {**choices, "lists": lists}


def without_entries(choices: Json, name: str) -> Json:
    """CHOICES in which the list NAME is what stands in the file."""
    lists = {key: value for key, value in (choices.get("lists") or {}).items() if key != name}
    return {**choices, "lists": lists}
