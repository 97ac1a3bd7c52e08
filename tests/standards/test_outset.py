"""The first lines of a standard written by hand."""

from decimal import Decimal

import pytest

from taizhang.kit.errors import Refused
from taizhang.standards.rules.outset import Area, areas_of, begin


def test_lines_become_areas_with_points_and_what_lies_within() -> None:
    text = "一、组织领导（20分）\n  领导责任（8分）\n　　规划制度（12分）\n\n思想道德建设 30分\n"
    assert areas_of(text) == [
        Area("一、组织领导", Decimal(20)),
        Area("领导责任", Decimal(8), True),
        Area("规划制度", Decimal(12), True),
        Area("思想道德建设", Decimal(30)),
    ]
    reading = begin("试行标准", areas_of(text))
    assert [(node.code, node.level, node.parent) for node in reading.nodes] == [
        ("1", 1, None),
        ("1.1", 2, "n1"),
        ("1.2", 2, "n1"),
        ("2", 1, None),
    ]
    assert reading.stated_total == 50 and not reading.leaves


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("\n  \n", "至少写一个方面"),
        ("（20分）", "只有分值"),
        ("  领导责任", "顶格"),
        ("甲\n" * 201, "最多写 200 行"),
    ],
)
def test_lines_that_cannot_begin_a_standard(text: str, word: str) -> None:
    with pytest.raises(Refused, match=word):
        areas_of(text)
