"""The exchange form as a workbook for people who work in Excel: a row for each node, and back without loss."""

import json
import re
from dataclasses import fields
from decimal import Decimal
from typing import Any

from taizhang.kit.errors import Refused
from taizhang.kit.tables import Book, Cell, OutSheet, Sheet
from taizhang.kit.tables.write import MAX_TEXT

from ..rules import exchange, scoring
from ..rules.cadence import LABELS as CYCLES
from ..rules.exchange import ABOUT, SHEET_OF, TREE_SHEET, Head
from ..rules.needs import KINDS
from ..rules.owners import OwnerKind
from ..rules.said import PER
from ..rules.tree import Json, Reading

MARK = ["格式", f"台账测评标准 {exchange.VERSION}"]
HELP = [
    "每行一个测评项目、测评内容或指标，层级写 1、2、3……，类别写“分组”或“指标”。可以增删行、改文字，改好后整份导入。",
    "材料要求一行一种：名称｜类型｜最少份数｜必报或选报｜须有文号｜说明要写的。测评方法一行一种：名称｜占百分之几。规则参数一行一个：名称=值。",
]
HEADS = {
    "level": ("层级", 6.0), "kind": ("类别", 7.0), "code": ("编号", 10.0), "label": ("标签", 9.0), "title": ("名称", 30.0),
    "requirement": ("要求", 50.0), "points": ("分值", 8.0), "rule": ("计分规则", 11.0), "values": ("规则参数", 22.0),
    "rule_text": ("计分办法", 36.0), "methods": ("测评方法", 20.0), "needs": ("材料要求", 40.0), "cadence": ("周期", 10.0),
    "times": ("每期次数", 8.0), "target": ("全年计数", 8.0), "cadence_text": ("周期原文", 14.0), "per": ("适用", 10.0),
    "lead": ("牵头", 16.0), "co": ("配合", 22.0), "mandatory": ("必备", 6.0), "where": ("出处", 20.0),
}  # fmt: skip
LIST_HEADS = {"code": "编号", "title": "名称", "text": "内容", "points": "分值", "veto": "一票否决"}
ABOUT_LINES = {
    "name": "名称",
    "label": "版本",
    "owner_kind": "归口",
    "valid_from": "启用日期",
    "stated_total": "标称总分",
}
VALUES = {
    "target": "目标", "deduct_each": "每少一次扣", "floor": "零分线", "linear": "其间按比例", "each": "每次扣", "unit": "每次指",
    "forfeit": "全扣情形", "a": "A档线", "b": "B档线",
}  # fmt: skip
FIELDS = {"time": "时间", "place": "地点", "people": "人物", "theme": "主题", "host": "主办"}
YES, NO = "是", "否"
OWNERS: dict[str, str] = dict(OwnerKind.choices())


def to_sheets(reading: Reading, head: Head) -> list[OutSheet]:
    """The workbook: the tree, the lists that are there, and a page with the title and how to edit."""
    whole = exchange.to_json(reading, head)
    level: dict[str, int] = {}
    rows = []
    for item in whole["nodes"]:
        level[item["key"]] = level.get(item["parent"] or "", 0) + 1
        rows.append([_fits(cell, item) for cell in _cells(item, level[item["key"]])])
    sheets = [
        OutSheet(
            TREE_SHEET, [name for name, _ in HEADS.values()], rows, [width for _, width in HEADS.values()]
        )
    ]
    for name, title in SHEET_OF.items():
        if found := whole[name]:
            more = list(dict.fromkeys(header for one in found for header in one.get("extra", {})))
            lines = [
                [*(_cell(one.get(field)) for field in LIST_HEADS), *(one.get("extra", {}).get(header) or None for header in more)]
                for one in found
            ]  # fmt: skip
            sheets.append(
                OutSheet(title, [*LIST_HEADS.values(), *more], lines, [8, 26, 60, 8, 9, *[20] * len(more)])
            )
    whole["owner_kind"] = OWNERS.get(whole["owner_kind"], whole["owner_kind"])
    about: list[list[Cell]] = [[said, whole[name]] for name, said in ABOUT_LINES.items()]
    return [*sheets, OutSheet(ABOUT, MARK, [*about, *([None, text] for text in HELP)], [12, 80])]


def _cells(item: Json, level: int) -> list[Cell]:
    rule = item.get("rule") or {}
    known = {
        **item, "level": level, "kind": "指标" if item["is_leaf"] else "分组",
        "points": Decimal(item["points"]) if "points" in item else None, "rule": scoring.LABELS.get(rule.get("kind", "")),
        "values": "\n".join(_value_lines(rule)) or None,
        "methods": "\n".join(_joined([name, f"{share}%" if share else ""]) for name, share in item.get("methods", ())),
        "needs": "\n".join(_need_line(need) for need in item.get("needs", ())),
        "cadence": CYCLES[item["cadence"]] if "cadence" in item else None, "per": PER[item.get("per", "unit")],
        "co": "\n".join(_safe(name) for name in item.get("co", ())), "times": item.get("times", 1),
    }  # fmt: skip
    if not item["is_leaf"]:
        known["per"] = known["times"] = None
    return [_cell(known.get(name)) for name in HEADS]


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return YES if value else None
    if value in (None, ""):
        return None
    return value if isinstance(value, (int, Decimal)) else str(value)


def _fits(cell: Cell, item: Json) -> Cell:
    if isinstance(cell, str) and len(cell) > MAX_TEXT:
        raise Refused(
            f"“{item['title'][:20]}”的文字超过 {MAX_TEXT} 字，Excel 的一格放不下，请改用 JSON 导出。"
        )
    return cell


def _value_lines(rule: Json) -> list[str]:
    if rule.get("kind") == "grade":
        return [f"{_safe(name)}={share}" for name, share in rule["levels"]]
    return [
        f"{VALUES[name]}={_said(value)}" for name, value in rule.items() if name != "kind" and value != ""
    ]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return _safe(str(value))


def _need_line(need: Json) -> str:
    parts = [
        need["name"], KINDS[need["kind"]], str(need["least"]), "必报" if need["must"] else "选报", "须有文号" if need["doc_no"] else "",
        "、".join(FIELDS.get(name, name) for name in need["fields"]),
    ]  # fmt: skip
    return _joined(parts)


def _joined(parts: list[str]) -> str:
    return "｜".join(_safe(part) for part in parts).rstrip("｜")


def _safe(text: str) -> str:
    return text.replace("\\", "\\\\").replace("｜", "\\i").replace("\n", "\\n")


def _plain(text: str) -> str:
    out, rest = "", iter(text)
    for char in rest:
        out += {"i": "｜", "n": "\n"}.get(after := next(rest, ""), after) if char == "\\" else char
    return out.strip()


def as_book(reading: Reading, head: Head) -> Book:
    """The same sheets as if they had been read from a file, for looking at."""
    sheets = [
        Sheet(
            one.name,
            False,
            [list(one.header), *([*row, *[None] * (len(one.header) - len(row))] for row in one.rows)],
        )
        for one in to_sheets(reading, head)
    ]
    return Book(sheets, "json")


# --- and back


def is_json(data: bytes) -> bool:
    """Whether DATA can only be a JSON object: no text table begins with a brace and a quoted name."""
    return bool(re.match(rb'(?:\xef\xbb\xbf)?\s*\{\s*"', data[:200]))


def from_bytes(data: bytes, filename: str) -> tuple[Reading, Head]:
    """The standard of a JSON file. Refused when it is not whole or not ours."""
    try:
        whole = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused("这份 JSON 不完整或已损坏，可能没有传完。请从系统里重新导出。") from error
    return exchange.from_json(whole, filename)


def is_own(book: Book) -> bool:
    """Whether BOOK was made by `to_sheets`."""
    about = next((sheet for sheet in book.sheets if sheet.name == ABOUT), None)
    return about is not None and bool(about.rows) and about.rows[0][:2] == MARK


def from_book(book: Book, filename: str) -> tuple[Reading, Head]:
    """The standard that the workbook holds. Refused, with row and column, when something in it does not fit."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    if TREE_SHEET not in sheets:
        raise Refused(f"这份导出的工作簿里少了“{TREE_SHEET}”这张表，请从系统里重新导出。")
    whole: Json = {"format": exchange.FORMAT, "version": exchange.VERSION}
    by_name = {said: name for name, said in ABOUT_LINES.items()}
    for row in sheets[ABOUT].rows[1:]:
        if row[0] in by_name and len(row) > 1:
            whole[by_name[str(row[0])]] = None if row[1] is None else str(row[1])
    owner = whole.get("owner_kind")
    whole["owner_kind"] = next((kind for kind, label in OWNERS.items() if label == owner), owner)
    places: list[str] = []
    nodes: list[Json] = []
    above: list[str] = []
    for n, line in _lines(sheets[TREE_SHEET], {said: name for name, (said, _) in HEADS.items()}):
        place = f"{TREE_SHEET}第 {n} 行"
        level = exchange.at(f"{place}的“层级”", lambda line=line: _whole(line.pop("level", None)))
        if not 1 <= (level or 0) <= len(above) + 1:
            raise Refused(
                f"{place}的“层级”写的是“{level}”，应在 1 和 {len(above) + 1} 之间。请改好这一处再读。"
            )
        key = f"n{len(nodes) + 1}"
        above = [*above[: (level or 1) - 1], key]
        item = exchange.at(place, lambda line=line: _item(line))
        nodes.append({**item, "key": key, "parent": above[-2] if len(above) > 1 else None})
        places.append(place)
    whole["nodes"] = nodes
    for name, title in SHEET_OF.items():
        if title in sheets:
            whole[name] = _entries(sheets[title], title)
    return exchange.from_json(whole, filename, places)


def _lines(sheet: Sheet, names: dict[str, str]) -> list[tuple[int, dict[str, Cell]]]:
    """(row number as Excel counts, field → cell) of the filled rows; columns may have been put in another order."""
    if not sheet.rows:
        return []
    columns = {c: names[str(head)] for c, head in enumerate(sheet.rows[0]) if str(head) in names}
    if missing := [said for said, name in names.items() if name not in columns.values()]:
        raise Refused(f"“{sheet.name}”里少了“{missing[0]}”这一列，请不要删改第一行。")
    rows = []
    for r, row in enumerate(sheet.rows[1:], start=2):
        line = {name: row[c] for c, name in columns.items() if row[c] is not None}
        if line:
            rows.append((r, line))
    return rows


def _item(line: dict[str, Cell]) -> Json:
    kind = line.pop("kind", None)
    if kind not in ("指标", "分组"):
        raise ValueError("“类别”要写“指标”或“分组”")
    item: Json = {
        name: str(cell) for name, cell in line.items()
        if name in ("code", "label", "title", "requirement", "rule_text", "cadence_text", "lead", "where")
    }  # fmt: skip
    item["is_leaf"] = kind == "指标"
    if "points" in line:
        item["points"] = str(line["points"])
    for name in ("times", "target"):
        if name in line:
            item[name] = _whole(line[name])
    if "rule" in line:
        item["rule"] = _rule(str(line["rule"]), str(line.get("values") or ""))
    if "cadence" in line:
        item["cadence"] = _named(
            "周期", line["cadence"], {said: cycle.value for cycle, said in CYCLES.items()}
        )
    if "per" in line:
        item["per"] = _named("适用", line["per"], {said: name for name, said in PER.items()})
    if "mandatory" in line:
        item["mandatory"] = _named("必备", line["mandatory"], {YES: True, NO: False})
    if "co" in line:
        item["co"] = [_plain(part) for part in str(line["co"]).split("\n") if part.strip()]
    if "methods" in line:
        item["methods"] = [_method(part) for part in str(line["methods"]).split("\n") if part.strip()]
    if "needs" in line:
        item["needs"] = [_need(part) for part in str(line["needs"]).split("\n") if part.strip()]
    return item


def _named(what: str, cell: Cell, names: dict[str, Any]) -> Any:
    if str(cell) not in names:
        raise ValueError(f"“{what}”写的是“{str(cell)[:20]}”，应是 {'、'.join(names)} 中的一个")
    return names[str(cell)]


def _whole(cell: Cell) -> int | None:
    if cell is None:
        return None
    if not str(cell).isdigit():
        raise ValueError(f"“{str(cell)[:20]}”要是整数")
    return int(str(cell))


def _rule(name: str, text: str) -> Json:
    kind = _named("计分规则", name, {said: kind for kind, said in scoring.LABELS.items()})
    cut = str.rsplit if kind == "grade" else str.split  # a grade may be called anything
    lines = [cut(part, "=", 1) for part in text.split("\n") if part.strip()]
    if any(len(part) != 2 for part in lines):
        raise ValueError("“规则参数”一行一个，写成“名称=值”")
    if kind == "grade":
        return {"kind": kind, "levels": [[_plain(level), share.strip()] for level, share in lines]}
    types = {item.name: item.type for item in fields(scoring.KINDS[kind])}
    names = {VALUES[item]: item for item in types}
    rule: Json = {"kind": kind}
    for said, value in lines:
        field = _named("规则参数", said.strip(), names)
        if types[field] is bool:
            rule[field] = _named(said.strip(), value.strip(), {YES: True, NO: False})
        else:
            rule[field] = _whole(value.strip()) if types[field] is int else _plain(value)
    return rule


def _method(text: str) -> list[str | None]:
    name, *share = text.split("｜")
    return [_plain(name), share[0].strip().removesuffix("%") or None if share else None]


def _need(text: str) -> Json:
    parts = [_plain(part) for part in text.split("｜")]
    name, kind, least, must, doc_no, caption = [*parts, *[""] * 6][:6]
    words = {said: name for name, said in FIELDS.items()}
    return {
        "name": name, "kind": _named("材料类型", kind or KINDS["other"], {said: kind for kind, said in KINDS.items()}),
        "least": _whole(least or "1"), "must": must != "选报", "doc_no": bool(doc_no),
        "fields": [words.get(one, one) for one in caption.split("、") if one],
    }  # fmt: skip


def _entries(sheet: Sheet, title: str) -> list[Json]:
    heads = [str(head) for head in (sheet.rows[0] if sheet.rows else []) if head is not None]
    names = {said: name for name, said in LIST_HEADS.items()}
    more = {head: f"extra:{head}" for head in heads if head not in names}
    out = []
    for _, line in _lines(sheet, {**names, **more}):
        one: Json = {name: str(cell) for name, cell in line.items() if name in LIST_HEADS and name != "veto"}
        one["veto"] = line.get("veto") == YES
        one["extra"] = {name[6:]: str(cell) for name, cell in line.items() if name.startswith("extra:")}
        out.append(one)
    return out
