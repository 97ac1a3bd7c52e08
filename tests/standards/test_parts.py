"""Several sub-items in one cell; pages that go on; hidden and decoy rows, columns and sheets; chosen headers."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from taizhang.kit.errors import Refused
from taizhang.standards.rules.tree import Choices, Reading
from taizhang.standards.sheets import read

from .sheets_by_hand import book, kinds, table_sheet, tree

HEAD = ["测评项目", "测评内容", "测评标准", "分值", "计分办法", "周期", "责任处室", "材料要求"]


def row(text: str, points: Any, area: str = "", **more: str) -> list[Any]:
    return [
        area,
        more.get("title", ""),
        text,
        points,
        more.get("rule", "每缺一次扣1分"),
        more.get("cadence", "每半年"),
        more.get("lead", "办公室"),
        more.get("needs", "文件、照片"),
    ]


FILLER = [row(f"第{n}项工作的具体要求写在这里，内容较长", 2, title=f"工作{n}") for n in range(1, 6)]


def with_row(one: list[Any], choices: Choices | None = None) -> Reading:
    return book(table_sheet("标准", HEAD, [*("甲项",), *FILLER[0][1:]], *FILLER[1:], one), choices=choices)


def last(reading: Reading, count: int) -> list[tuple[str, Decimal | None, str]]:
    return [(node.title, node.points, node.lead) for node in reading.leaves[-count:]]


def test_points_as_lines_of_the_points_cell():
    reading = with_row(row("①有计划\n②有总结\n③有档案", "1\n1\n2", title="制度"))
    assert last(reading, 3) == [("有计划", 1, "办公室"), ("有总结", 1, "办公室"), ("有档案", 2, "办公室")]
    assert [node.cadence for node in reading.leaves[-3:]] == ["half_year"] * 3
    assert all(node.rule and node.rule.kind == "deduct" or node.rule for node in reading.leaves[-3:])
    assert "split" in kinds(reading) and reading.total == 14
    assert [node.key for node in reading.leaves[-3:]] == ["标准!B7#1", "标准!B7#2", "标准!B7#3"]


def test_points_marked_in_the_points_cell():
    reading = with_row(row("（1）有计划；（2）有总结", "①1分②1.5分", title="制度"))
    assert last(reading, 2) == [("有计划", 1, "办公室"), ("有总结", Decimal("1.5"), "办公室")]


def test_points_in_the_parts_with_the_sum_in_the_points_cell():
    reading = with_row(row("1)有计划（1分）；2)有总结（2分）", 4, title="制度"))
    assert last(reading, 2) == [("有计划", 1, "办公室"), ("有总结", 2, "办公室")]
    assert next(one for one in reading.warnings if one.kind == "sum_differs").suggestion == {"points": "3"}


def test_what_stands_in_parallel_goes_to_its_own():
    one = row(
        "①有计划\n②有总结", "1\n2", title="制度", lead="办公室\n机关党委", rule="①缺计划扣1分②缺总结扣2分"
    )
    reading = with_row(one)
    assert last(reading, 2) == [("有计划", 1, "办公室"), ("有总结", 2, "机关党委")]
    assert [node.rule_text for node in reading.leaves[-2:]] == ["缺计划扣1分", "缺总结扣2分"]
    assert [[need.name for need in node.needs] for node in reading.leaves[-2:]] == [["文件", "照片"]] * 2


def test_grades_in_a_cell_are_no_parts():
    reading = with_row(row("①健全（4分）②较健全（3分）③一般（1分）", 4, title="制度"))
    assert len(reading.leaves) == 6 and reading.leaves[-1].points == 4


def test_parts_without_points_stay_one_item_with_a_proposal():
    reading = with_row(row("①有计划；②有总结；③有档案", 2, title="制度"))
    warning = next(one for one in reading.warnings if one.kind == "could_split")
    assert len(reading.leaves) == 6 and warning.severity == "info" and warning.node == reading.leaves[-1].key
    parts = (warning.suggestion or {})["split"]
    assert [part["title"] for part in parts] == ["有计划", "有总结", "有档案"]
    assert sum(Decimal(part["points"]) for part in parts) == 2


def test_a_split_can_be_taken_back():
    one = row("①有计划\n②有总结", "1\n2", title="制度")
    key = with_row(one).leaves[-1].key.split("#")[0]
    reading = with_row(one, Choices(nodes={key: {"split": False}}))
    assert len(reading.leaves) == 6 and reading.leaves[-1].points == 3 and "points_many" in kinds(reading)


# --- tables that go on


def test_a_group_with_the_word_continued_is_the_same_group():
    rows = [row(f"要求{n}要求要求要求要求", 1, title=f"事{n}") for n in range(6)]
    rows[0][0], rows[2][0], rows[4][0] = "甲项（6分）", "甲项（6分）（续）", "甲项（续表）"
    reading = book(table_sheet("标准", HEAD, *rows[:2], ["续上表"], HEAD, *rows[2:]))
    assert tree(reading)[0] == "1 甲项 6" and len(reading.areas) == 1 and len(reading.leaves) == 6


def test_a_heading_repeated_on_every_page_is_one_group():
    head, width = HEAD[1:], len(HEAD) - 2
    rows = [row(f"要求{n}要求要求要求要求", 1, title=f"事{n}")[1:] for n in range(6)]
    lines = [
        head,
        ["一、甲项（4分）"],
        *rows[:2],
        ["一、甲项（续）"],
        *rows[2:4],
        ["二、乙项（2分）"],
        *rows[4:],
    ]
    merges = [(r, 0, r, width) for r in (1, 4, 7)]
    reading = book(table_sheet("标准", *lines, merges=merges))
    assert [(node.title, node.points) for node in reading.areas] == [("甲项", 4), ("乙项", 2)]


# --- hidden and decoy


def test_a_hidden_column_is_read_and_said():
    reading = book(
        table_sheet("标准", HEAD, [*("甲项",), *FILLER[0][1:]], *FILLER[1:], hidden_columns=frozenset({4}))
    )
    assert all(node.rule_text for node in reading.leaves)
    assert "E 列" in next(one.text for one in reading.warnings if one.kind == "hidden_columns")


def test_filled_columns_of_results_are_never_the_points():
    head = [*HEAD, "自评分", "考核得分", "2023年得分"]
    rows = [[*one, 1, 1.5, 3] for one in FILLER]
    reading = book(table_sheet("标准", head, *rows))
    assert reading.total == 10


def test_of_two_columns_of_points_the_later_year_counts():
    head = [*HEAD[:3], "2023年分值", "2024年分值", *HEAD[4:]]
    rows = [[*one[:3], 5, one[3], *one[4:]] for one in FILLER]
    reading = book(table_sheet("标准", head, *rows))
    assert reading.total == 10
    assert "2023年分值" in next(one.text for one in reading.warnings if one.kind == "points_columns")
    head[3:5] = ["原分值", "修订后分值"]
    assert book(table_sheet("标准", head, *rows)).total == 10


@pytest.mark.parametrize("name", ["填表示例", "样表", "旧版标准", "2022版（作废）", "得分汇总", "上年得分"])
def test_decoy_sheets_are_not_read_and_said(name: str):
    decoy = [[*one[:2], f"另外的要求{n}另外的要求", 9, *one[4:]] for n, one in enumerate(FILLER)]
    for one in decoy:
        one[1] = f"别的{one[1]}"
    reading = book(table_sheet(name, HEAD, *decoy), table_sheet("标准", HEAD, *FILLER))
    assert reading.total == 10 and "sheet_ignored" in kinds(reading)


def test_rows_of_examples_are_not_read_and_said():
    example = row("填写示例的要求", 5, area="示例：", title="例子")
    reading = book(table_sheet("标准", HEAD, example, *FILLER))
    assert reading.total == 10 and "example_rows" in kinds(reading)


def test_full_width_figures_everywhere():
    head = ["编号", *HEAD]
    rows = [[f"１．{'１２３４５'[n]}", *one] for n, one in enumerate(FILLER)]
    rows[0][4] = "２分"
    reading = book(table_sheet("标准", head, *rows))
    assert [node.code for node in reading.leaves] == [
        "1.1",
        "1.2",
        "1.3",
        "1.4",
        "1.5",
    ] and reading.total == 10


# --- no standard; chosen headers


def test_the_sample_groups_are_no_standard():
    path = Path(__file__).parent.parent / "fixtures" / "groups.xlsx"
    with pytest.raises(Refused, match="分值"):
        read(path.read_bytes(), path.name)


def test_a_header_means_the_same_in_the_whole_file():
    head = ["测评项目", "测评内容", "测评标准", "分值", "计分办法", "周期", "谁来干", "材料要求"]
    sheets = [table_sheet(name, head, *FILLER) for name in ("甲部分", "乙部分")]
    for n, one in enumerate(sheets[1].rows[1:]):
        one[1], one[2] = f"其他{n}", f"其他的要求写在这里{n}，也比较长"
    chosen = book(*sheets, choices=Choices(headers={"谁来干": "note"}))
    assert {node.lead for node in chosen.leaves} == {""} and len(chosen.leaves) == 10
    chosen = book(*sheets, choices=Choices(headers={"谁来干": "lead"}))
    assert {node.lead for node in chosen.leaves} == {"办公室"}
    assert "column_guessed" not in kinds(chosen)


def test_a_row_cut_by_a_page_break_is_one_row():
    rows = [
        ["甲项", f"事{n}", f"要求{n}写在这里，比较长一些", "2", "每缺一次扣1分", "每半年"] for n in range(6)
    ]
    rows[3:4] = [
        ["甲项", "值班值守", "值班值守工作", "2", "每缺一次扣", "每半"],
        [None, "组织实施", "每周调度一次", None, "0.5分", "年"],
    ]
    places = tuple(f"第{1 if n < 5 else 2}页第{n}行" for n in range(len(rows) + 1))
    reading = book(table_sheet("表1", HEAD[:6], *rows, places=places))
    assert len(reading.leaves) == 6 and reading.total == 12
    node = reading.leaves[3]
    assert (node.title, node.requirement, node.rule_text) == (
        "值班值守组织实施",
        "值班值守工作每周调度一次",
        "每缺一次扣0.5分",
    )
    assert node.cadence == "half_year"


# --- forms of another kind


def test_cards_are_rows():
    rows: list[list[Any]] = [["安全生产考核手册"], ["第一章 治理（6分）"]]
    for n in range(1, 5):
        if n == 4:
            rows.append(["第二章 环境（2分）"])
        rows += [
            ["序号", str(n), "指标名称", f"事情{n}", "分值", "2"],
            ["指标要求", f"第{n}件事的要求", "", "", "", ""],
            ["评分办法", "缺一次扣0.5分", "牵头部门", "保卫处", "配合部门", "物业中心"],
        ]
    merges = [(0, 0, 0, 5), (1, 0, 1, 5), (11, 0, 11, 5)]
    reading = book(table_sheet("表1", *rows, merges=merges))
    assert [(node.title, node.points) for node in reading.areas] == [("治理", 6), ("环境", 2)]
    assert [node.title for node in reading.leaves] == ["事情1", "事情2", "事情3", "事情4"]
    assert {(node.points, node.lead, node.co) for node in reading.leaves} == {(2, "保卫处", ("物业中心",))}
    assert reading.leaves[0].requirement == "第1件事的要求"


def test_sheets_named_after_departments_say_who_leads():
    head = ["序号", "任务名称", "任务内容", "分值", "计分标准"]
    sheets = [
        table_sheet(
            office,
            [f"任务分解表（{office}）"],
            head,
            *[[n, f"{office}事{n}", "任务的内容", 2, "缺一次扣1分"] for n in (1, 2, 3)],
        )
        for office in ("办公室", "人事科")
    ]
    reading = book(*sheets)
    assert [node.title for node in reading.areas] == ["办公室", "人事科"]
    assert {node.lead for node in reading.leaves} == {"办公室", "人事科"}


def test_what_each_grade_earns_may_be_told_once():
    head = ["项目", "指标", "分值", "A", "B", "C", "责任部门"]
    rows = [
        ["班子", f"事情{n}：第{n}件事的要求", 5, "全部做到", "部分做到", f"没有做到{n}", "组织股"]
        for n in range(6)
    ]
    note = "评分采用状态描述法：A档得该项分值的100%，B档得66%，C档得33%。"
    reading = book(table_sheet("表1", [note], head, *rows))
    assert {node.rule.kind for node in reading.leaves if node.rule} == {"grade"}
    assert reading.leaves[0].rule_text.startswith("A档：全部做到")
