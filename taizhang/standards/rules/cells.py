"""A tree as a table of cells: what each shows, and what a text typed or pasted into it means. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from . import scoring
from .cadence import LABELS as CADENCES
from .needs import read_needs
from .numbers import fold, show
from .rule_text import Unreadable, rule_of
from .said import PER, rule_words
from .tree import Json, Node

NONE = "没有写"
METHOD = re.compile(r"^(.+?)\s*(?:[（(]?\s*(\d+(?:\.\d+)?)\s*[%％]\s*[)）]?)?$")
PARTS = re.compile(r"[、，,；;\n]+")


@dataclass(frozen=True)
class Column:
    """`kind`: text, long (several lines), words (a scoring rule), number, whole or choice; `width` in em; `most`:
    characters; `groups`: groups have it too; `more`: shown only when more columns are asked for."""

    name: str
    label: str
    kind: str
    width: float
    most: int = 200
    groups: bool = False
    options: tuple[tuple[str, str], ...] = ()
    more: bool = False


EVERY = (
    Column("code", "编号", "text", 6, 40, True),
    Column("title", "名称", "text", 19, 200, True),
    Column("requirement", "要求", "long", 20, 20_000, more=True),
    Column("points", "分值", "number", 4.5, 12, True),
    Column("lead", "牵头", "text", 7.5, 80),
    Column("co", "配合", "text", 9, 200),
    Column(
        "cadence",
        "周期",
        "choice",
        6,
        options=(("", NONE), *((str(key), label) for key, label in CADENCES.items())),
    ),
    Column("times", "次数", "whole", 3.5, 3),
    Column("per", "由谁做", "choice", 6, options=tuple(PER.items())),
    Column("rule", "计分规则", "words", 13, 400),
    Column("rule_text", "计分办法原文", "long", 14, 4000, more=True),
    Column("methods", "测评方法", "text", 12, 400),
    Column("needs", "材料要求", "text", 16, 2000),
    Column("mandatory", "必备", "choice", 4, options=(("", "一般"), ("1", "必备")), more=True),
)
BY_NAME = {column.name: column for column in EVERY}
COLUMNS = tuple(column for column in EVERY if not column.more)


class Wrong(ValueError):
    """The text does not fit the cell; the message is Chinese and says how to write it."""


def has(node: Node, column: Column) -> bool:
    return node.is_leaf or column.groups


def shown(node: Node, column: Column) -> str:
    """The text of a cell. Typed back, it changes nothing."""
    if not has(node, column):
        return ""
    match column.name:
        case "points":
            return "" if node.points is None else show(node.points)
        case "co":
            return "、".join(node.co)
        case "times":
            return str(node.times)
        case "methods":
            return "、".join(
                name if share is None else f"{name} {show(share)}%" for name, share in node.methods
            )
        case "needs":
            return "；".join(_need_text(one.name, one.least, one.doc_no) for one in node.needs)
        case "cadence":
            return label_of(column, str(node.cadence or ""))
        case "rule":
            return rule_words(node.rule)
        case "mandatory":
            return label_of(column, "1" if node.mandatory else "")
        case "per":
            return label_of(column, node.per)
    return str(getattr(node, column.name))


def _need_text(name: str, least: int, doc_no: bool) -> str:
    marks = [f"不少于{least}份"] if least > 1 else []
    marks += ["带文号"] if doc_no and "文号" not in name else []
    return f"{name}（{'，'.join(marks)}）" if marks else name


def label_of(column: Column, value: str) -> str:
    return next((label for key, label in column.options if key == value), value)


def value_of(column: Column, text: str) -> str:
    """The option meant by TEXT: its label or the beginning of one label only. Wrong otherwise."""
    said = fold(text)
    if not said and any(key == "" for key, _ in column.options):
        return ""
    for key, label in column.options:
        if said == fold(label):
            return key
    near = [key for key, label in column.options if said and fold(label).startswith(said)]
    if len(near) == 1:
        return near[0]
    raise Wrong(f"{column.label}要从这些里选：{'、'.join(label for _, label in column.options)}。")


def changes(node: Node, name: str, text: str) -> Json:
    """TEXT in the cell NAME of NODE, as a correction (field → value for rules.mend); {} when it changes nothing.

    Wrong, with a message, when the text does not fit or the node has no such cell.
    """
    column = BY_NAME.get(name)
    if column is None or not has(node, column):
        raise Wrong("这一格不能填：分组只有编号、名称和标称分值。")
    text = re.sub(r"\r\n?", "\n", text).strip()
    if text == shown(node, column):
        return {}
    if len(text) > column.most:
        raise Wrong(f"{column.label}最多 {column.most} 个字。")
    if column.kind == "choice":
        return _choice(node, column, value_of(column, text))
    if name in ("code", "title"):
        if not text:
            raise Wrong(f"{column.label}不能空着。")
        return {name: " ".join(text.split())}
    if name == "points":
        return {"points": points_of(text, group=not node.is_leaf)}
    if name == "times":
        folded = fold(text)
        if not (folded.isascii() and folded.isdigit() and 1 <= int(folded) <= 400):
            raise Wrong("次数要写成 1 到 400 的整数。")
        return {"times": int(folded)} if int(folded) != node.times else {}
    if name == "rule":
        return _rule(node, text)
    if name == "co":
        names = list(dict.fromkeys(part.strip() for part in PARTS.split(text) if part.strip()))
        return {"co": names}
    if name == "methods":
        return {"methods": [[one, None if share is None else str(share)] for one, share in methods_of(text)]}
    if name == "needs":
        return {
            "needs": [
                {"name": one.name, "kind": one.kind, "least": one.least, "must": one.must, "fields": list(one.fields),
                 "doc_no": one.doc_no}
                for one in read_needs(text)
            ]
        }  # fmt: skip
    return {name: text}


def points_of(text: str, *, group: bool = False) -> str | None:
    """ "０．５ 分" → "0.5"; empty → None. Wrong when it is no number of points."""
    said = fold(text).removesuffix("分").strip()
    if not said:
        return None
    try:
        value = Decimal(said)
    except InvalidOperation as error:
        raise Wrong("分值要写成数字，如 0.5。") from error
    if not value.is_finite() or value < 0:
        raise Wrong("分值不能是负数。")
    if value >= 10_000:
        raise Wrong("分值太大，最多 9999。")
    if value != round(value, 3):
        raise Wrong("分值最多 3 位小数。")
    return show(value)


def methods_of(text: str) -> list[tuple[str, Decimal | None]]:
    """ "材料审核 60%、实地考察 40%" → names and shares. Wrong when a share is above 100."""
    found: list[tuple[str, Decimal | None]] = []
    for part in PARTS.split(text):
        if m := METHOD.match(part.strip()):
            found.append((m.group(1).strip()[:40], Decimal(m.group(2)) if m.group(2) else None))
    if any(share is not None and share > 100 for _, share in found):
        raise Wrong("测评方法的占比不能超过 100%。")
    return found


def _choice(node: Node, column: Column, value: str) -> Json:
    if column.name == "cadence":
        return {"cadence": value} if value != str(node.cadence or "") else {}
    if column.name == "mandatory":
        return {"mandatory": bool(value)} if bool(value) != node.mandatory else {}
    return {"per": value} if value != node.per else {}


def _rule(node: Node, text: str) -> Json:
    if text in ("", NONE):
        return {"rule": None} if node.rule else {}
    if node.rule and fold(text) == scoring.LABELS[node.rule.kind]:
        return {}
    try:
        rule = rule_of(text, node)
    except Unreadable as wrong:
        raise Wrong(str(wrong)) from wrong
    return {"rule": scoring.to_json(rule)} if rule != node.rule else {}


def rows(nodes: Sequence[Node], columns: Sequence[Column] = COLUMNS) -> list[list[object]]:
    """[key, level, is_leaf, cell, cell, …] of each node, in the order of COLUMNS."""
    return [
        [
            node.key,
            node.level,
            int(node.is_leaf),
            *(shown(node, column) for column in columns),
        ]
        for node in nodes
    ]
