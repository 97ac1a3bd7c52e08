"""Tables as counties and provinces really lay them out: what the reader makes of each."""

from decimal import Decimal

import pytest

from taizhang.kit.errors import Refused
from taizhang.standards.rules import scoring
from taizhang.standards.sheets import read

from .provinces import TABLES, delimited

# file: areas, sections, leaves, total, code of the first leaf, its title, its lead
WANTED = {
    "ezhou.xlsx": (2, 4, 9, "10", "1.1.1", "将文明创建纳入单位总体规划，有年度计划、有总结", "办公室"),
    "henan.xlsx": (3, 0, 7, "50", "1.1", "把创建工作列入议事日程", "办公室"),
    "jingmen.csv": (2, 0, 5, "55", "1.1", "理论武装", ""),
    "anhui.xlsx": (3, 0, 5, "40", "1.1", "领导班子团结协作", ""),
    "handan.xlsx": (2, 0, 5, "15", "1.1", "召开班子会专题研究创建工作", ""),
    "zhejiang.xlsx": (2, 0, 6, "14", "1", "领导班子重视创建工作", ""),
    "floats.xlsx": (2, 3, 5, "20", "1.1", "班子团结有力，民主生活会每年召开1次", "办公室"),
    "plan.csv": (2, 4, 5, "20", "C1", "中心组学习每季度不少于1次", "机关党委"),
    "half.xlsx": (1, 1, 6, "2", "1.1.1", "党组专题研究创建工作", "办公室"),
    "two-tables.xlsx": (2, 0, 4, "100", "1.1", "领导重视，每年研究2次以上", "办公室"),
    "banner.csv": (2, 0, 4, "50", "1.1", "成立领导小组", "办公室"),
    "parts.xlsx": (3, 0, 6, "100", "1.1", "会议", "办公室"),
    "title-merged.xlsx": (2, 4, 8, "50", "1", "党员大会每季度1次", "支部"),
    "trad.xlsx": (2, 0, 4, "20", "1.1", "領導重視，定期研究", "辦公室"),
    "one-area.xlsx": (0, 0, 4, "100", "1", "政治学习经常化，每周一次", ""),
    "messy.xlsx": (3, 0, 6, "100", "1.1", "领导班子重视", ""),
    "noncol-points.csv": (2, 0, 4, "50", "1.1", "领导重视", "办公室"),
    "skeleton.xlsx": (2, 0, 4, "0", "1.1", "理论武装", ""),
}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_table(name: str):
    reading = read(TABLES[name], name)
    first = reading.leaves[0]
    found = (
        len(reading.areas),
        len(reading.sections),
        len(reading.leaves),
        str(reading.total.normalize() + 0),
        first.code,
        first.title,
        first.lead,
    )
    areas, sections, leaves, total, *rest = WANTED[name]
    assert found == (areas, sections, leaves, str(Decimal(total).normalize() + 0), *rest)
    assert len({node.code for node in reading.nodes}) == len(reading.nodes) and len(
        {node.key for node in reading.nodes}
    ) == len(reading.nodes)
    stated = [node for node in reading.areas if node.points is not None]
    assert not [one for one in reading.warnings if one.kind == "sum_differs"], stated


def test_bonus_and_bars_inside_the_table():
    reading = read(TABLES["jingmen.csv"], "jingmen.csv")
    assert [(entry.title, entry.points) for entry in reading.bonuses] == [("受到表彰", 5)] and len(
        reading.negatives
    ) == 1
    assert len(read(TABLES["anhui.xlsx"], "anhui.xlsx").negatives) == 2


def test_one_cell_with_two_items_is_split_in_halves_and_can_be_joined_again():
    reading = read(TABLES["half.xlsx"], "half.xlsx")
    parts = reading.leaves[-2:]
    assert [(node.code, node.points) for node in parts] == [
        ("1.1.6-1", Decimal("0.19")),
        ("1.1.6-2", Decimal("0.19")),
    ]
    warning = next(one for one in reading.warnings if one.kind == "split")
    assert (
        warning.where == "测评标准!D6" and warning.suggestion == {"split": False} and warning.node is not None
    )
    from taizhang.standards.rules.tree import Choices  # noqa: PLC0415 -- only here

    joined = read(TABLES["half.xlsx"], "half.xlsx", Choices(nodes={warning.node: {"split": False}}))
    assert (joined.leaves[-1].code, joined.leaves[-1].points, len(joined.leaves)) == (
        "1.1.6",
        Decimal("0.38"),
        5,
    )


def test_grades_named_in_the_points_cell():
    third = read(TABLES["zhejiang.xlsx"], "zhejiang.xlsx").leaves[2]
    assert isinstance(third.rule, scoring.Grade) and [level for level, _ in third.rule.levels] == [
        "A",
        "B",
        "C",
        "D",
    ]


def test_thousands_of_junk_rows_are_refused():
    rows = [
        ["测评项目", "编号", "测评内容", "测评要求", "分值"],
        *[["甲", f"1.{n}", f"项{n}", "要求", 1] for n in range(5_000)],
    ]
    with pytest.raises(Refused) as caught:
        read(delimited(rows), "标准.csv")
    assert "5001 行" in caught.value.message


def test_warnings_of_one_kind_are_capped():
    rows = [
        ["测评项目", "编号", "测评内容", "测评要求", "分值"],
        *[["甲", f"1.{n}", f"项{n}", "要求", "" if n > 5 else 1] for n in range(600)],
    ]
    kinds = [warning.kind for warning in read(delimited(rows), "标准.csv").warnings]
    assert kinds.count("points_missing") == 200 and kinds.count("points_missing_more") == 1
