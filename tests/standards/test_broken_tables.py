"""Damaged and senseless tables: read or refused in words, never an error of the program."""

import csv
import io
import json
import random

import pytest

from taizhang.kit.errors import Refused
from taizhang.kit.tables import read_book
from taizhang.standards.rules.tree import Reading
from taizhang.standards.sheets import read

from .provinces import TABLES, workbook
from .scoring_report import HERE, names

WORDS = ["", "", "", "合计", "注：见附件", "一、组织领导（20分）", "1.1", "√", "测评项目", "分值", 5, 0.5, -1, "2分", "每季度", "办公室", "A", "=1+1", "①甲；②乙（1分）", "0.38（各半）", "长" * 300, "\n", "（）", "一", "1-2", "：", "#REF!", "1e999", "NaN", "９９９９９９９９９９９９"]  # fmt: skip


def tables() -> list[tuple[str, bytes]]:
    files = [
        json.loads((HERE / f"{name}.expected.json").read_text(encoding="utf-8"))["file"] for name in names()
    ]
    return [(file, (HERE / file).read_bytes()) for file in files] + list(TABLES.items())


@pytest.mark.parametrize("seed", range(60))
def test_mutilated_standards(seed: int):
    chance = random.Random(seed)
    name, data = chance.choice(tables())
    sheets: dict[str, list[list[object]]] = {}
    merges: dict[str, list[str]] = {}
    for sheet in read_book(data, name).sheets:
        rows: list[list[object]] = [list(row) for row in sheet.rows]
        for _ in range(chance.randint(1, 25)):
            if rows and rows[0]:
                rows[chance.randrange(len(rows))][chance.randrange(len(rows[0]))] = chance.choice(WORDS)
        for _ in range(chance.randint(0, 6)):
            if len(rows) > 2:
                rows.insert(chance.randrange(len(rows)), rows.pop(chance.randrange(len(rows))))
        sheets[sheet.name] = rows
        at = chance.randint(1, max(1, len(rows) - 4))
        merges[sheet.name] = [f"A{at}:{'ABCD'[chance.randrange(4)]}{at + chance.randint(1, 3)}"]
    try:
        reading = read(workbook(sheets, merges), "坏表.xlsx")
    except Refused as refused:
        assert refused.message
        return
    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading
    assert len({node.key for node in reading.nodes}) == len(reading.nodes)
    known = {node.key for node in reading.nodes}
    assert all(node.parent is None or node.parent in known for node in reading.nodes)
    assert all(node.points is None or node.points.is_finite() for node in reading.nodes)


@pytest.mark.parametrize("seed", range(40))
def test_senseless_tables(seed: int):
    chance = random.Random(seed)
    rows = [[chance.choice(WORDS) for _ in range(chance.randint(1, 9))] for _ in range(chance.randint(1, 40))]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    try:
        reading = read(out.getvalue().encode(), "乱表.csv")
    except Refused as refused:
        assert refused.message
        return
    assert Reading.from_json(json.loads(json.dumps(reading.to_json()))) == reading
