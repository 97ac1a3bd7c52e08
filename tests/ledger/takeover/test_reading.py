"""Sixteen ledgers of different offices over the sample standard: each row means what it ought to."""

from collections.abc import Callable

import pytest

from taizhang.kit.tables import Book, read_book
from taizhang.ledger.rules.takeover import Choices, Plan, read_ledger
from taizhang.ledger.sheets.takeover import colours_of

from . import blind, shapes
from .office import TODAY, facts
from .shapes import Paper


def read(paper: Paper, choices: Choices | None = None) -> Plan:
    book: Book = read_book(paper.data, paper.name)
    return read_ledger(book, facts(), choices or Choices(), TODAY, colours_of(paper.data))


@pytest.mark.parametrize("make", [*shapes.SHAPES, *blind.SHAPES], ids=lambda make: make.__name__)
def test_every_row_means_what_it_says(make: Callable[[], Paper]) -> None:
    paper = make()
    plan = read(paper)
    rows = {row.key: row for row in plan.rows}
    assert set(rows) == set(paper.truth)
    wrong = []
    for key, truth in paper.truth.items():
        row = rows[key]
        got = (row.item, row.state, row.people, row.due_on, row.lead if truth.lead else None)
        want = (truth.item, truth.state, truth.people, truth.due_on, truth.lead)
        if got != want:
            wrong.append((key, got, want))
    assert wrong == []


def test_sheets_that_are_no_ledger_are_left_and_said_so() -> None:
    told = {sheet.name: (sheet.read, sheet.why) for sheet in read(shapes.by_area()).sheets}
    assert not told["填表说明"][0] and not told["汇总表"][0] and not told["通讯录"][0]
    assert told["2019年"] == (False, "是 2019 年的，不是 2020 年的")
    assert sum(read for read, _ in told.values()) == 8


def test_one_row_for_each_department_is_one_item_and_says_so() -> None:
    rows = read(shapes.several_departments()).rows
    assert [row.first for row in rows[:3]] == [True, False, False]
    assert all(row.part and not row.stops for row in rows)
    assert (
        rows[1].doubts[0].text
        == "与第 2 行、第 4 行是同一项，各写各的责任单位，合并为一项：第一行牵头，其余配合"
    )


def test_own_matters_are_raised_with_all_their_words() -> None:
    row = read(shapes.problems()).rows[0]
    assert (row.kind, row.item, row.title) == ("own", None, "一楼大厅禁烟标识脱落")
    assert "重新张贴禁烟标识并加强巡查" in row.requirement and "恢复标识" in row.requirement
    assert (row.lead, row.helpers, row.leader) == (1, (2,), 119)
    assert (row.closed_on and row.closed_on.isoformat(), row.progress) == ("2020-06-08", "已重新张贴")


def test_helpers_are_the_other_departments_of_the_lead_cell() -> None:
    rows = read(shapes.decomposed()).rows
    assert all(row.helpers == (5,) for row in rows if row.lead != 5)


def test_chosen_columns_words_rows_and_sheets_stand_above_the_reading() -> None:
    paper = shapes.plain_words()
    plain = read(paper)
    first, second = plain.rows[0], plain.rows[1]
    other = facts().items[200].id
    choices = Choices(
        columns={"干完没有": "remark"},
        rows={first.key: {"item": other, "state": "suspended", "due_on": "2020-08-08", "people": [119]}, second.key: {"item": "skip"}},
    )  # fmt: skip
    plan = read(paper, choices)
    assert (plan.rows[0].item, plan.rows[0].how, plan.rows[0].state) == (other, "由人指定", "suspended")
    assert (plan.rows[0].people, str(plan.rows[0].due_on)) == ((119,), "2020-08-08")
    assert (plan.rows[1].kind, plan.rows[1].item) == ("skip", None)
    assert plan.rows[2].state is None and plan.rows[2].remark
    assert not read(shapes.by_area(), Choices(sheets=("汇总表",))).rows
    assert Choices.from_json(choices.to_json()) == choices
    assert Choices.from_json({"columns": 3, "rows": {"a": "b"}, "files": {"x": [1]}}) == Choices()


def test_remembered_words_are_under_what_was_said_today() -> None:
    known = {"column": {"结果": "state"}, "state": {"办结中": "doing", "收尾": "accepted"}}
    both = Choices(words={"state": {"收尾": "doing"}}).with_words(known)
    assert both.columns == {"结果": "state"}
    assert both.words["state"] == {"办结中": "doing", "收尾": "doing"}
