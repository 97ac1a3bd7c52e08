"""Codes, labels and levels of finished trees: printed codes are kept, missing ones are made."""

import re
from collections import Counter
from dataclasses import replace

from .codes import Ordinal
from .tree import MUST, Node, Warning

DOTTED = re.compile(r"\d+(\.\d+)*")
ROMANS = ["", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "Ⅵ", "Ⅶ", "Ⅷ"]


def number(
    nodes: list[Node], ordinals: dict[str, Ordinal | None], from_column: set[str]
) -> tuple[list[Node], list[Warning]]:
    """Nodes with level, label and code. ORDINALS: node key -> what was printed; FROM_COLUMN: keys of leaves whose
    ordinal stood in a column of codes or serial numbers.

    A leaf keeps its printed code; mere ordinals that start again in each group (1., （1）, ①) become 1.2.3.
    """
    level: dict[str, int] = {}
    children: dict[str | None, list[Node]] = {}
    for node in nodes:
        level[node.key] = level.get(node.parent, 0) + 1 if node.parent else 1
        children.setdefault(node.parent, []).append(node)
    leaves = [node for node in nodes if node.is_leaf]
    printed = {node.key: ordinals.get(node.key) for node in nodes}
    keep = keeps_ordinals([printed[node.key] for node in leaves])
    codes: dict[str, str] = {}

    def assign(parent: str | None, path: str) -> None:
        siblings = children.get(parent, [])
        numbers = [one.number if (one := printed[node.key]) and one.simple else None for node in siblings]
        usable = all(value is not None for value in numbers) and len(set(numbers)) == len(numbers)
        for index, node in enumerate(siblings, start=1):
            own = printed[node.key]
            if own is not None and (not own.simple or (node.is_leaf and keep)):
                codes[node.key] = own.text
            else:
                step = numbers[index - 1] if usable else index
                above = codes[parent] if parent and DOTTED.fullmatch(codes[parent]) else path
                codes[node.key] = f"{above}.{step}" if parent else str(step)
            assign(node.key, f"{path}.{index}" if path else str(index))

    assign(None, "")
    labels = Counter[int]()
    taken = {codes[node.key] for node in leaves}
    out, warnings = [], []
    used: dict[str, Node] = {}
    for node in nodes:
        deep = level[node.key]
        labels[deep] += 1
        own = printed[node.key]
        label = own.text if own and own.style == "roman_dash" else f"{ROMANS[min(deep, 8)]}-{labels[deep]}"
        code = codes[node.key]
        if not node.is_leaf and code in taken:
            code = label
        if code in used and (node.is_leaf or used[code].is_leaf):
            text = f"编号“{code}”与 {used[code].where.split('!')[-1]} 重复"
            warnings.append(
                Warning(
                    node.where,
                    text,
                    MUST,
                    "code_twice",
                    {"code": free_code(code, set(used) | taken)},
                    node.key,
                    "code",
                )
            )
        elif code in used:
            code = free_code(code, set(used) | taken)
        used.setdefault(code, node)
        out.append(replace(node, level=deep, label=label, code=code, printed=own.text if own else ""))
    return out, warnings


def keeps_ordinals(found: list[Ordinal | None]) -> bool:
    """Whether the leaves' mere ordinals run through the whole standard, so that they can serve as codes."""
    simple = [one.number for one in found if one is not None and one.simple]
    return len(simple) == len(found) > 0 and len(set(simple)) == len(simple)


def free_code(code: str, taken: set[str]) -> str:
    """The next code in the same row: 1.1.3 -> 1.1.4 if that is free."""
    head, digits = code.rstrip("0123456789"), code[len(code.rstrip("0123456789")) :]
    value = int(digits) if digits else 1
    while True:
        value += 1
        candidate = f"{head}{value:0{len(digits)}d}" if digits else f"{code}-{value}"
        if candidate not in taken:
            return candidate
