"""Rows of the grid added, taken out, put back and moved: what was asked, as corrections. Pure.

An act is one of
{"do": "add", "under": group or "", "after": sibling or "" (first), "leaf": bool,
 "rows": [{"key": "+…", "cells": {column: text}, "like": key of a leaf to copy}]}
{"do": "delete" | "restore", "keys": [key, …]}
{"do": "move", "key", "after": sibling or ""}
Each may come twice (a lost answer): the second time it changes nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from taizhang.kit.errors import Refused

from . import amend
from .cells import Wrong, changes
from .exchange import MOST_NODES
from .numbering import DOTTED, free_code
from .tree import Json, Node, node_to_json

KEY = re.compile(r"\+[a-z0-9]{1,16}")
MOST_ROWS = 500
#: what a copy of an item takes over
COPIED = (
    "title", "requirement", "points", "rule", "rule_text", "methods", "needs", "cadence", "times", "target",
    "cadence_text", "per", "lead", "co", "mandatory",
)  # fmt: skip
GONE = "这一行已不在识别结果里，可能已被删除、拆分或合并。"


@dataclass
class Arranged:
    """`added`: keys of new rows; `refused`: [key, column, message] of what could not be done."""

    choices: Json
    added: list[str] = field(default_factory=list)
    refused: list[list[str]] = field(default_factory=list)


def undeleted(choices: Json) -> Json:
    """CHOICES with nothing taken out: rows that are gone keep their places and codes."""
    nodes = choices.get("nodes") or {}
    kept = {
        key: {name: one for name, one in change.items() if name != "delete"} for key, change in nodes.items()
    }
    return {**choices, "nodes": kept}


def arrange(choices: Json, nodes: Sequence[Node], acts: Sequence[Json]) -> Arranged:
    """CHOICES after ACTS. NODES: the tree read with them undeleted. Refused when an act is none of the above."""
    made = _Tree(choices, nodes)
    for act in acts:
        try:
            made.do(act)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Refused("送来的内容不完整，没有保存。请刷新页面再试。") from error
    return Arranged(made.choices, made.added, made.refused)


class _Tree:
    """The tree while acts are done to it: children in order, and what they add to the choices."""

    def __init__(self, choices: Json, nodes: Sequence[Node]) -> None:
        self.choices = choices
        self.added: list[str] = []
        self.refused: list[list[str]] = []
        self.nodes = {node.key: node for node in nodes}
        self.codes = {node.code for node in nodes}
        self.children: dict[str, list[str]] = {}
        for node in nodes:
            self.children.setdefault(node.parent or "", []).append(node.key)

    def do(self, act: Json) -> None:
        match act["do"]:
            case "add":
                self.add(act)
            case "delete":
                self.delete([str(key) for key in act["keys"]])
            case "restore":
                for key in act["keys"]:
                    self.choices = amend.without_node(self.choices, str(key), "delete")
            case "move":
                self.move(str(act["key"]), str(act["after"] or ""))
            case other:
                raise ValueError(other)

    def add(self, act: Json) -> None:
        under, after, leaf, rows = (
            str(act["under"] or ""),
            str(act["after"] or ""),
            bool(act["leaf"]),
            act["rows"],
        )
        if len(rows) > MOST_ROWS or len(self.nodes) + len(rows) > MOST_NODES:
            raise Refused(f"一次最多加 {MOST_ROWS} 行，整份最多 {MOST_NODES} 行，没有保存。")
        group = self.nodes.get(under)
        siblings = self.children.setdefault(under, [])
        at = siblings.index(after) + 1 if after in siblings else 0 if not after else len(siblings)
        behind = at == len(siblings) and under not in (self.choices.get("rows") or {})
        for row in rows:
            key = str(row["key"])
            if not KEY.fullmatch(key):
                raise ValueError(key)
            if key in self.nodes or key in (self.choices.get("nodes") or {}):
                continue
            if under and (group is None or group.is_leaf):
                self.refused.append([key, "title", "没有保存：要加到的那一组已不在，可能被别的窗口删了。"])
                continue
            self._one(key, group, leaf, row)
            siblings.insert(at, key)
            at += 1
        if not behind:
            self.choices = {
                **self.choices,
                "rows": {**(self.choices.get("rows") or {}), under: list(siblings)},
            }

    def _one(self, key: str, group: Node | None, leaf: bool, row: Json) -> None:
        cells = {str(name): str(text) for name, text in (row.get("cells") or {}).items()}
        if not cells.get("code", "").strip():
            cells["code"] = self.next_code(group, leaf)
        level = group.level + 1 if group else 1
        node = Node(key, group.key if group else None, level, "", "", "", is_leaf=leaf)
        change: Json = {"add_under": group.key if group else "", "title": ""}
        if not leaf:
            change["group"] = True
        model = self.nodes.get(str(row.get("like") or ""))
        if model is not None and model.is_leaf and leaf:
            whole = node_to_json(model)
            change |= {name: whole[name] for name in COPIED}
        for name, text in cells.items():
            if not text.strip():
                continue
            try:
                change |= changes(node, name, text)
            except Wrong as wrong:
                self.refused.append([key, name, str(wrong)])
        change.setdefault("code", self.next_code(group, leaf))
        self.choices = amend.with_node(self.choices, key, change)
        self.codes.add(change["code"])
        self.nodes[key] = Node(key, node.parent, level, change["code"], "", change["title"], is_leaf=leaf)
        self.added.append(key)

    def next_code(self, group: Node | None, leaf: bool) -> str:
        """The next free code of the group: after the last of its kind there, else the group's own and 1."""
        above = group.key if group else ""
        mine = [
            one
            for key in self.children.get(above, [])
            if (one := self.nodes[key]).is_leaf == leaf and one.code
        ]
        if mine:
            # the highest, not the last in place: a row put in between must not take the code of the next
            last = max(mine, key=lambda one: [int(part) for part in re.findall(r"\d+", one.code)])
            return free_code(last.code, self.codes)
        if group is None:
            return free_code("0", self.codes)
        return free_code(
            f"{group.code}.0" if leaf or DOTTED.fullmatch(group.code) else f"{group.code}-0", self.codes
        )

    def delete(self, keys: list[str]) -> None:
        for key in keys:
            if key in self.nodes:
                self.choices = amend.with_node(self.choices, key, {"delete": True})

    def move(self, key: str, after: str) -> None:
        node = self.nodes.get(key)
        if node is None:
            self.refused.append([key, "title", GONE])
            return
        row = [one for one in self.children[node.parent or ""] if one != key]
        row.insert(row.index(after) + 1 if after in row else 0, key)
        self.children[node.parent or ""] = row
        self.choices = amend.with_place(self.choices, node, node.parent or "", row)
