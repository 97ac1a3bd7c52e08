"""Habits of offices that the reader once misread, a small sheet each: marks by quarter, shares, duties in one cell."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from taizhang.kit.tables import Book, Sheet
from taizhang.ledger.rules.takeover import Choices, Plan, read_ledger
from taizhang.ledger.rules.takeover.columns import field_of, roles_of
from taizhang.ledger.rules.takeover.states import head_state, state_of, state_of_periods

from .office import TODAY, facts, item

HEADS = ["编号", "事项", "责任单位", "责任人", "完成时限"]


def sheet(rows: list[list[Any]], **more: Any) -> Plan:
    wide = max(map(len, rows))
    filled = [[*row, *[None] * (wide - len(row))] for row in rows]
    return read_ledger(Book([Sheet("台账", False, filled, **more)]), facts(), Choices(), TODAY)


def matter(code: str, *more: Any) -> list[Any]:
    return [code, item(code).title, "办公室", "张伟民", "6月底", *more]


def states(plan: Plan) -> list[str | None]:
    return [row.state for row in plan.rows]


def test_marks_by_quarter_are_one_state_and_their_heads_are_no_matter() -> None:
    rows = [
        [*HEADS, "2020年完成情况", None, None, None, "备注"],
        [None] * 5 + ["第一季度", "第二季度", "第三季度", "第四季度"],
        matter("1.1.1", "√", "√", "√", "√"),
        matter("1.1.2", "√", "√"),
        matter("1.1.3"),
        matter("1.1.4", "√", "√", "/", "/"),
    ]
    merges = tuple((0, c, 1, c) for c in (*range(5), 9)) + ((0, 5, 0, 8),)
    plan = sheet(rows, merges=merges)
    assert states(plan) == ["accepted", "doing", "pending", "accepted"]
    assert plan.rows[1].said["state"] == "第一季度√，第二季度√"


def test_marks_under_months_that_speak_of_nothing_done_are_no_state() -> None:
    plan = sheet([[*HEADS, "1月", "2月", "3月"], matter("1.1.1", "√", "√", "√"), matter("1.1.2", "√")])
    assert states(plan) == [None, None]


def test_a_mark_nobody_knows_among_those_of_the_quarters_is_asked() -> None:
    state, strange = state_of_periods(["√", "办结中", ""])
    assert (state, strange) == ("doing", ["办结中"])


@pytest.mark.parametrize("whole", [Decimal(1), Decimal(100)])
def test_shares_that_a_spreadsheet_keeps_as_bare_numbers(whole: Decimal) -> None:
    shares = [whole, whole * Decimal("0.8"), Decimal(0), whole / 2]
    rows = [matter(f"1.1.{n}", share) for n, share in enumerate(shares, 1)]
    plan = sheet([[*HEADS, "完成率"], *rows])
    assert states(plan) == ["accepted", "doing", "pending", "doing"]
    assert plan.rows[1].said["state"] == "80%"


@pytest.mark.parametrize(("head", "hidden"), [("去年完成率", frozenset()), ("完成率", frozenset({5}))])
def test_last_years_shares_and_hidden_ones_are_no_state(head: str, hidden: frozenset[int]) -> None:
    rows = [matter("1.1.1", Decimal("0.9")), matter("1.1.2", Decimal("0.7"))]
    assert states(sheet([[*HEADS, head], *rows], hidden_columns=hidden)) == [None, None]


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("责任落实（科室/分管领导/责任人）", "办公室/高建国/张伟民"),
        ("责任科室、责任领导、责任人", "办公室、高建国、张伟民"),
        ("责任领导/责任处室/承办人", "高建国\n办公室\n张伟民"),
    ],
)
def test_department_leader_and_person_in_one_cell_by_the_order_of_the_header(head: str, cell: str) -> None:
    rows = [["编号", "事项", head, "状态"], ["1.1.1", item("1.1.1").title, cell, "进行中"]]
    row = sheet(rows).rows[0]
    assert (row.lead, row.leader, row.people) == (1, 119, (101,))


def test_what_a_header_asks_for() -> None:
    assert roles_of("责任落实（科室/分管领导/责任人）") == ["lead", "leader", "person"]
    assert roles_of("责任领导") == roles_of("配合单位及责任领导") == roles_of("责任单位") == []
    heads = ["起止时间", "计划完成日期", "完成日期", "责任科室/分管领导/责任人"]
    assert [(field_of((one,)) or ("",))[0] for one in heads] == ["due_on", "due_on", "closed_on", "both"]


def test_a_line_above_the_rows_names_their_department() -> None:
    heads = ["编号", "事项", "责任人", "完成时限", "状态"]
    rows = [
        ["责任处室：财务处    负责人：高建国"], heads, ["1.1.1", item("1.1.1").title, "孙丽华", "6月底", "完成"],
        ["责任处室：法规处    负责人：高建国"], heads, ["1.1.2", item("1.1.2").title, "周涛", "6月底", "完成"],
    ]  # fmt: skip
    plan = sheet(rows)
    assert [(row.lead, row.people, [one.text for one in row.doubts]) for row in plan.rows] == [
        (5, (108,), []),
        (6, (109,), []),
    ]
    assert not any("没有责任单位列" in one for one in plan.problems)


def test_who_helps_stands_behind_a_label_in_the_cell_of_who_leads() -> None:
    rows = [
        ["编号", "事项", "牵头单位（责任人）及配合单位", "状态"],
        ["1.1.1", item("1.1.1").title, "财务处（孙丽华）；配合：办公室", "进行中"],
    ]
    row = sheet(rows).rows[0]
    assert (row.lead, row.helpers, row.people, row.doubts) == (5, (1,), (108,), ())


def test_legends_and_signatures_below_are_no_matters() -> None:
    rows = [
        [*HEADS, "状态"], matter("1.1.1", "完成"), [None, "绿色：已完成"], [None, "黄色：推进中"], [None, "红色：未启动"],
        ["审核：高建国", None, None, "制表：张伟民"],
    ]  # fmt: skip
    assert [row.row for row in sheet(rows).rows] == [2]


@pytest.mark.parametrize(
    ("said", "day"),
    [("即日起至年底", date(2020, 12, 31)), ("3月—5月", date(2020, 5, 31)), ("上半年、下半年各一次", date(2020, 12, 31))],
)  # fmt: skip
def test_spans(said: str, day: date) -> None:
    plan = sheet([["编号", "事项", "责任单位", "起止时间"], ["1.1.1", item("1.1.1").title, "办公室", said]])
    assert plan.rows[0].due_on == day


@pytest.mark.parametrize(
    ("read", "text", "state"),
    [
        (head_state, "5月组织测试，合格率96%，已完成", "accepted"), (head_state, "方案已报，其余部分未动，已完成", None),
        (head_state, "已完成方案，正在征求意见", None), (lambda text: state_of(text).state, "未到时间", "pending"),
    ],
)  # fmt: skip
def test_states_at_the_end_of_a_text(read: Callable[[str], str | None], text: str, state: str | None) -> None:
    assert read(text) == state


def test_an_empty_state_beside_a_progress_is_taken_and_asked_about() -> None:
    rows = [
        matter("1.1.1", "√", "印发"),
        matter("1.1.2", None, "已通报2次"),
        matter("1.1.3", None, "拟10月开展"),
        matter("1.1.4", "√", ""),
    ]
    plan = sheet([[*HEADS, "是否完成", "进展"], *rows])
    assert states(plan) == ["accepted", "doing", None, "accepted"]
    assert ["状态空着" in one.text for one in plan.rows[1].doubts] == [True]
