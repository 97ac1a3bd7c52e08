"""Random nasty sheets: the reader either reads them, always alike, or refuses them plainly; nothing else happens."""

import contextlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang.kit.errors import Refused
from taizhang.kit.tables import Book, Sheet
from taizhang.standards.rules.tree import Choices, Reading
from taizhang.standards.sheets.read import read_from

MARKS = [
    "一、", "二、", "十一、", "（一）", "（二）", "(3)", "1.", "2．", "3、", "1)", "①", "②", "㉑", "㈠", "⑵", "A.", "B、",
    "Ⅰ.", "II.", "Ⅰ-1", "Ⅲ—12", "I-2", "1.1", "1.1.1", "【1.1】", "[2]", "第一部分", "第二条 ", "测评项目一：",
    "测评内容1：", "A-1-2", "一.1", "", "", "",
]  # fmt: skip
WORDS = [
    "组织领导", "班子研究", "每季度不少于1次", "负面清单", "申报条件：1.甲；2.乙", "加分项", "附则", "说明", "合计",
    "评分标准：", "测评方法：材料审核", "责任单位", "【责任单位】办公室、", "材料要求：", "续上表", "（续）", "目录……3",
    "得分", "分值", "满分", "测评标准", "①甲（1分）②乙（2分）", "①甲②乙③丙", "某市文明单位测评标准", "A.好；B.一般",
    "（办公室牵头，机关党委配合）", "每项2分", "-", "　", "√", "※", "90分以上为优秀", "扣0.5分", "（旧）", "示例：",
]  # fmt: skip
POINTS = ["（20分）", "(2分)", "【3分】", "［5 分］", "共20分", "分值：3分", "计2分", "（20%）", "(4)", "两分半", "0分", "-3分", "1\n1\n2", "①1分②2分", "", "", "", "（"]  # fmt: skip
TAILS = ["", "", "。", "；", "\n", "：", "\t3", "责任处室：办公室"]

line = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(MARKS),
    st.sampled_from(WORDS),
    st.sampled_from(POINTS),
    st.sampled_from(TAILS),
    st.sampled_from(["", "", *WORDS]),
)
cell = st.one_of(
    st.none(),
    line,
    st.sampled_from(POINTS[:-5] + MARKS[:20]),
    st.integers(-3, 120),
    st.decimals(-2, 50, places=2),
    st.text(max_size=12),
)
HEADS = [
    "测评项目",
    "测评内容",
    "测评标准",
    "分值",
    "2023年分值",
    "计分办法",
    "责任处室",
    "编号",
    "得分",
    "一级指标",
    "A",
    "B",
    "C",
    "备注",
]


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """A text of random lines, or a table of random cells, merges and hidden parts."""
    if draw(st.booleans()):
        lines = draw(st.lists(line | st.text(max_size=20), min_size=1, max_size=30))
        levels = draw(st.lists(st.integers(0, 4), max_size=len(lines)))
        return Sheet("正文", False, [[text or None] for text in lines], kind="text", levels=tuple(levels))
    width = draw(st.integers(1, 7))
    head: list[Any] = draw(st.lists(st.sampled_from(HEADS), min_size=width, max_size=width))
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=14))
    rows = [[value if value != "" else None for value in row] for row in [head, *rows]]
    merges = []
    for _ in range(draw(st.integers(0, 3))):
        top, left = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, width - 1))
        bottom, right = draw(st.integers(top, len(rows) - 1)), draw(st.integers(left, width - 1))
        if all(bottom < r1 or top > r2 for r1, _, r2, _ in merges):
            merges.append((top, left, bottom, right))
    for r1, c1, r2, c2 in merges:
        for r in range(r1, r2 + 1):
            for c in range(c1, c2 + 1):
                rows[r][c] = rows[r][c] if (r, c) == (r1, c1) else None
    name = draw(st.sampled_from(["标准", "表1（续）", "样表", "负面清单", "汇总", "甲项"]))
    hidden = frozenset(draw(st.lists(st.integers(0, 6), max_size=2)))
    return Sheet(name, draw(st.booleans()), rows, sorted(merges), hidden, hidden_columns=hidden)


def attempt(book: Book, choices: Choices) -> Reading | str:
    try:
        return read_from(book, "某标准.docx", choices)
    except Refused as refusal:
        return refusal.message


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(sheets(), min_size=1, max_size=3), st.sampled_from(["", "indicators", "negative", "notes"]))
def test_anything_is_read_alike_or_refused(pages: list[Sheet], role: str):
    pages = [replace(page, name=f"{page.name}{n or ''}") for n, page in enumerate(pages)]
    book = Book(pages, "docx")
    choices = Choices(sheets={pages[0].name: {"role": role}} if role else {}, headers={"备注": "needs"})
    found = attempt(book, choices)
    assert found == attempt(book, choices)
    if isinstance(found, str):
        return
    keys = [node.key for node in found.nodes]
    assert len(set(keys)) == len(keys)
    assert all(node.parent is None or node.parent in keys for node in found.nodes)
    assert found.total == sum((node.points or Decimal(0) for node in found.leaves), Decimal(0)).quantize(
        Decimal("0.01")
    ) or found.total == sum((node.points or Decimal(0) for node in found.leaves), Decimal(0))
    assert Reading.from_json(found.to_json()) == found
    with contextlib.suppress(Refused):
        read_from(book, "某标准.docx", Choices(nodes={key: {"split": False} for key in keys}))
