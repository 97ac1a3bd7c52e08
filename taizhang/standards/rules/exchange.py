"""A standard as one JSON object, without loss: what is exported, copied, written by hand, and read back.

{"format": "taizhang-standard", "version": 1, "name", "label", "owner_kind", "valid_from", "stated_total",
 "nodes": [{"key": "n1", "parent": null | key, "title", "is_leaf", …}], "negatives", "eligibility", "bonuses": […]}

Nodes stand parents first; empty values are left out. Decimals are text, texts have no blank edges.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, TypeVar

from taizhang.kit.errors import Refused

from .check import total_of
from .needs import KINDS
from .numbers import show
from .tree import (
    MUST,
    Entry,
    Json,
    Node,
    Reading,
    SheetReading,
    Warning,
    node_from_json,
    node_to_json,
)

FORMAT, VERSION = "taizhang-standard", 1
TREE_SHEET, ABOUT = "测评标准", "导出说明"
LISTS = {"negatives": "negative", "eligibility": "eligibility", "bonuses": "bonus"}  # field of Reading → role
SHEET_OF = {"negatives": "负面清单", "eligibility": "申报条件", "bonuses": "特色加分"}
MADE = {
    "key",
    "parent",
    "level",
    "stated",
    "doubts",
    "printed",
    "certain",
    "sources",
    "agreed",
}  # not the standard's own
NODE_FIELDS = {item.name for item in fields(Node)} - MADE
ENTRY_FIELDS = {item.name for item in fields(Entry)} - {"key"}
TEXTS = ("code", "label", "title", "requirement", "where", "rule_text", "cadence_text", "lead")
MOST_NODES = 3000
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MOST_LEVELS = 12
MOST_POINTS = 10_000
MOST_TIMES = 1000


@dataclass(frozen=True)
class Head:
    """What stands on the title page; `name` is the reading's."""

    label: str = ""
    owner_kind: str = ""
    valid_from: date | None = None


def to_json(reading: Reading, head: Head) -> Json:
    """READING and HEAD as the exchange object; the same standard always gives the same object."""
    keys = {node.key: f"n{n}" for n, node in enumerate(reading.nodes, start=1)}
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": reading.name,
        "label": head.label,
        "owner_kind": head.owner_kind,
        "valid_from": head.valid_from.isoformat() if head.valid_from else None,
        "stated_total": None if reading.stated_total is None else show(reading.stated_total),
        "nodes": [
            {"key": keys[node.key], "parent": keys.get(node.parent or ""), **_node(node)}
            for node in reading.nodes
        ],
        **{name: [_entry(one) for one in getattr(reading, name)] for name in LISTS},
    }


def _node(node: Node) -> Json:
    whole = node_to_json(
        replace(
            node,
            points=_plain(node.points),
            methods=tuple((name, _plain(share)) for name, share in node.methods),
        )
    )
    kept = {
        name: value
        for name, value in whole.items()
        if name in NODE_FIELDS and value not in (None, "", [], False)
    }
    if kept.get("times") == 1:
        del kept["times"]
    if kept.get("per") == "unit":
        del kept["per"]
    return {**kept, "title": node.title, "is_leaf": node.is_leaf}


def _entry(one: Entry) -> Json:
    whole: Json = {
        "code": one.code, "title": one.title, "text": one.text, "veto": one.veto,
        "extra": {header: text for header, text in one.extra.items() if text},
        "points": None if one.points is None else show(one.points),
    }  # fmt: skip
    return {name: value for name, value in whole.items() if value not in (None, "", {}, False)}


def _plain(value: Decimal | None) -> Decimal | None:
    """2.500 → 2.5, so that a figure looks the same whether it comes from a file or from the database."""
    return None if value is None else Decimal(show(value))


def from_json(data: Any, filename: str = "标准.json", places: Sequence[str] = ()) -> tuple[Reading, Head]:
    """The standard again. Refused, with the place, when anything in DATA does not fit. PLACES name its nodes."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Refused("这份 JSON 不是从台账系统导出的测评标准，不能读取。请选用“导出 JSON”得到的文件。")
    if data.get("version") != VERSION:
        raise Refused(
            f"这份 JSON 的格式版本是“{str(data.get('version'))[:10]}”，本系统只认得 {VERSION}。请升级系统，或用 Excel 导出后再导入。"
        )
    found = data.get("nodes")
    if not isinstance(found, list) or len(found) > MOST_NODES:
        raise Refused(f"“nodes”要是一个列表，最多 {MOST_NODES} 项。")
    nodes: list[Node] = []
    known: dict[str, Node] = {}
    for n, item in enumerate(found, start=1):
        place = places[n - 1] if places else f"第 {n} 个指标"
        node = at(place, partial(_read_node, item, known, place))
        known[node.key] = node
        nodes.append(node)
    # keys of ours only: those of a draft's own nodes ("+1", "n1/2") mean something, and the file may hold any
    keys = {node.key: f"n{n}" for n, node in enumerate(nodes, start=1)}
    nodes = [replace(node, key=keys[node.key], parent=keys.get(node.parent or "")) for node in nodes]
    head = Head(
        _text(data.get("label")), _text(data.get("owner_kind")), at("启用日期", lambda: _day(data.get("valid_from")))
    )  # fmt: skip
    lists = {
        name: [
            at(f"{SHEET_OF[name]}第 {n} 条", partial(_read_entry, item, name, n))
            for n, item in enumerate(_list(data.get(name), SHEET_OF[name]), start=1)
        ]
        for name in LISTS
    }
    stated = at("标称总分", lambda: _decimal(data.get("stated_total")))
    return whole(_text(data.get("name")) or filename.rsplit(".", 1)[0], stated, nodes, lists), head


def whole(
    name: str, stated_total: Decimal | None, nodes: list[Node], lists: dict[str, list[Entry]]
) -> Reading:
    """A reading of NODES that need no guess; two of one code are a doubt that must be settled."""
    leaves = sum(node.is_leaf for node in nodes)
    sheets = [SheetReading(TREE_SHEET, "indicators", rows_read=leaves)]
    sheets += [
        SheetReading(SHEET_OF[role], LISTS[role], rows_read=len(lists[role])) for role in LISTS if lists[role]
    ]
    sheets.append(SheetReading(ABOUT, "notes"))
    warnings, used = [], dict[str, Node]()
    for node in nodes:
        if node.code and node.code in used:
            text = f"编号“{node.code}”与“{used[node.code].title[:20]}”的重复"
            warnings.append(Warning(node.where, text, MUST, "code_twice", None, node.key, "code"))
        used.setdefault(node.code, node)
    return Reading(
        name=name, stated_total=stated_total, total=total_of(nodes), sheets=sheets, nodes=nodes, warnings=warnings,
        **lists,
    )  # fmt: skip


T = TypeVar("T")


def at(place: str, read: Callable[[], T]) -> T:
    """What READ gives; whatever goes wrong in it is refused with its PLACE."""
    try:
        return read()
    except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError) as error:
        words = str(error) if CHINESE.search(str(error)) else "这种写法认不得"  # not Python's own words
        raise Refused(f"{place}写得不对：{words}。请改好这一处再读。") from error


def _read_node(item: Any, known: dict[str, Node], place: str) -> Node:
    if not isinstance(item, dict):
        raise ValueError("不是一个对象")
    if unknown := set(item) - NODE_FIELDS - {"key", "parent"}:
        raise ValueError(f"没有“{min(unknown)}”这一项")
    key, parent = _text(item.get("key")), item.get("parent")
    if not key or key in known:
        raise ValueError(f"“序号”（key）是空的或与前面重复（{key}）")
    above = None
    if parent is not None:
        above = known.get(parent) if isinstance(parent, str) else None
        if above is None:
            raise ValueError(f"上级“{str(parent)[:20]}”不在它前面")
        if above.is_leaf or above.level >= MOST_LEVELS:
            raise ValueError(
                f"上级“{parent[:20]}”是指标，不是分组" if above.is_leaf else f"最多 {MOST_LEVELS} 层"
            )
    texts = {name: _text(item.get(name)) for name in TEXTS}
    mine = {"key": key, "parent": parent, "level": above.level + 1 if above else 1}
    try:
        node = node_from_json({**item, **texts, **mine, "where": texts["where"] or place})
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise ValueError("计分规则、周期、测评方法或材料要求的写法认不得") from error
    _check_figures(node)
    if node.per not in ("unit", "department", "branch"):
        raise ValueError(f"“由谁做”（per）不能是“{node.per}”")
    return replace(
        node, points=_plain(node.points), stated=node.points is not None, is_leaf=bool(node.is_leaf)
    )


def _check_figures(node: Node) -> None:
    """Numbers that the database can hold, and lists of texts: a file of ours may have been written by anybody."""
    shares = [share for _, share in node.methods if share is not None]
    if node.points is not None and not 0 <= node.points < MOST_POINTS:
        raise ValueError("分值要是不小于 0 的数")
    if not all(0 <= share <= 100 for share in shares):
        raise ValueError("测评方法的占比要在 0 和 100 之间")
    counts = [
        node.times,
        *(need.least for need in node.needs),
        *([] if node.target is None else [node.target]),
    ]
    if not all(type(count) is int and 1 <= count <= MOST_TIMES for count in counts):
        raise ValueError(f"次数和份数要是 1 到 {MOST_TIMES} 的整数")
    texts = [*node.co, *(name for name, _ in node.methods)]
    for need in node.needs:
        texts += [need.name, *need.fields]
        if need.kind not in KINDS:
            raise ValueError(f"没有“{str(need.kind)[:20]}”这种材料")
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("配合处室、测评方法和材料要求要写成文字")


def _read_entry(item: Any, name: str, n: int) -> Entry:
    if not isinstance(item, dict):
        raise ValueError("不是一个对象")
    if unknown := set(item) - ENTRY_FIELDS:
        raise ValueError(f"没有“{min(unknown)}”这一项")
    extra = item.get("extra") or {}
    return Entry(
        f"{SHEET_OF[name]}!{n}", _text(item.get("code")), _text(item.get("title")), _text(item.get("text")),
        _decimal(item.get("points")), bool(item.get("veto")), {_text(k): _text(v) for k, v in extra.items()},
    )  # fmt: skip


def _list(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_NODES:
        raise Refused(f"{what}要是一个列表，最多 {MOST_NODES} 条。")
    return value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"“{str(value)[:20]}”要写成文字")
    return re.sub(r"\r\n?", "\n", value).strip()


def _decimal(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    number = Decimal(str(value))
    if not number.is_finite() or not -MOST_POINTS < number < MOST_POINTS:
        raise ValueError(f"“{str(value)[:20]}”不是分值")
    return Decimal(show(number))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError) as error:
        raise ValueError(f"“{str(value)[:20]}”要写成 2020-06-10 的样子，并且要有这一天") from error
