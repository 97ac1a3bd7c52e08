"""Sheets and documents built by hand, read without any file: what the readers of files hand over."""

from typing import Any

from taizhang.kit.tables import Book, Sheet
from taizhang.standards.rules.tree import Choices, Node, Reading
from taizhang.standards.sheets.read import read_from


def text_sheet(text: str, levels: list[int] | None = None, places: list[str] | None = None) -> Sheet:
    """TEXT, a paragraph to a line, as the readers of documents hand it over."""
    lines = text.strip("\n").split("\n")
    named = places or [f"第{index}段" for index in range(1, len(lines) + 1)]
    return Sheet(
        "正文",
        False,
        [[line.strip() or None] for line in lines],
        kind="text",
        levels=tuple(levels or [0] * len(lines)),
        places=tuple(named),
    )


def outline(text: str, levels: list[int] | None = None, choices: Choices | None = None) -> Reading:
    return read_from(Book([text_sheet(text, levels)], "docx"), "文明单位测评标准.docx", choices)


def table_sheet(name: str, *rows: list[Any], **more: Any) -> Sheet:
    width = max(len(row) for row in rows)
    cells = [[None if cell == "" else cell for cell in row] + [None] * (width - len(row)) for row in rows]
    return Sheet(name, more.pop("hidden", False), cells, **more)


def book(*sheets: Sheet, choices: Choices | None = None) -> Reading:
    return read_from(Book(list(sheets), "xlsx"), "标准.xlsx", choices)


def tree(reading: Reading) -> list[str]:
    """ "1 组织领导 20" for a group, "- 1.1 班子 4" for a leaf, indented by level."""
    return [f"{'  ' * (node.level - 1)}{'- ' if node.is_leaf else ''}{told(node)}" for node in reading.nodes]


def told(node: Node) -> str:
    points = "" if node.points is None else f" {node.points}"
    return f"{node.code} {node.title}{points}"


def kinds(reading: Reading) -> set[str]:
    return {warning.kind for warning in reading.warnings}
