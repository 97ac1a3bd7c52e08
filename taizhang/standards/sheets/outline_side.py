"""Chapters of a text that are lists beside the tree: their numbered lines become entries."""

import re
from collections.abc import Callable

from ..rules.numbers import NUMBER, decimal_of, fold
from ..rules.titles import split_title
from ..rules.tree import Entry as Listed
from .lists import VETO
from .outline_nest import Entry

COSTS = re.compile(rf"(?:扣|加|减|奖励|最高加|不超过)\s*({NUMBER})\s*分")


def side_entries(chapters: list[Entry], key: Callable[[Entry], str], above: str = "") -> list[Listed]:
    """One entry for each line without numbered lines below; headings between stay as its 类别."""
    out: list[Listed] = []
    for chapter in chapters:
        kids = [kid for kid in chapter.kids if kid.ordinal is not None or kid.style in ("plain", "side")]
        if kids:
            named = "" if chapter.side or chapter.line.side else chapter.title
            out += side_entries(kids, key, named or above)
        elif chapter.line.side and chapter.body:
            out += [listed(chapter, line, key(chapter), above) for line in chapter.body]
        else:
            out.append(listed(chapter, "", key(chapter), above))
    return out


def listed(entry: Entry, line: str, key: str, above: str) -> Listed:
    """One entry; LINE is the paragraph itself where the chapter has no numbered lines."""
    head, _, after = (line or entry.line.rest).partition("\n")
    title, more = split_title(head, long=40, scored=False)
    body = [] if line else entry.body
    text = "\n".join(part for part in (more, after, *body, entry.fields.get("requirement", "")) if part)
    whole = f"{above} {head} {text} {entry.line.text}"
    points = entry.points if not line else None
    if points is None and (m := COSTS.search(fold(whole))):
        points = decimal_of(m.group(1))
    extra = {"类别": above} if above else {}
    for name, label in (("rule", "计分办法"), ("lead", "责任处室"), ("needs", "材料要求"), ("note", "备注")):
        if entry.fields.get(name):
            extra[label] = entry.fields[name]
    code = entry.ordinal.text if entry.ordinal and not line else ""
    return Listed(
        key,
        code,
        title,
        text,
        abs(points) if points is not None else None,
        bool(re.search(VETO, whole)),
        extra,
    )
