"""归档 decided: numbers, terms, codes, order, boxes, the four checks. No database."""

from dataclasses import replace
from datetime import date

import pytest

from taizhang.evidence.rules import archive as rules
from taizhang.evidence.rules.archive import Piece
from taizhang.evidence.rules.archive_checks import (
    COMPLETE,
    GENUINE,
    SAFE,
    USABLE,
    Check,
    Seen,
    answers_of,
    examined,
    open_problems,
)

PIECE = Piece(
    1, 11, "材-2020-000001", "Y", "BGS", 1, "", "甲局", "关于命名的决定", date(2020, 6, 8), "", 2, ""
)
NUMBER = "Z109-WS·2020-Y-BGS-0001"
PDF = Seen(mime="application/pdf", shows=True)


def piece(key: int = 1, **more: object) -> Piece:
    return replace(PIECE, key=key, evidence=key + 10, receipt=f"材-2020-{key:06}", no=0, **more)  # type: ignore[arg-type]


def test_the_number_is_written_as_the_standard_says() -> None:
    assert rules.archive_no("Z109", 2020, "D30", "BGS", 7) == "Z109-WS·2020-D30-BGS-0007"
    assert rules.day8(date(2020, 6, 8)) == "20200608"
    assert rules.day8(None) == ""


@pytest.mark.parametrize(
    ("kind", "title", "term"),
    [
        ("document", "关于命名文明处室的决定", "Y"),
        ("document", "关于印发请销假制度的通知", "Y"),
        ("document", "关于印发创建工作方案的通知", "D30"),
        ("document", "关于学习规定的通知", "D10"),
        ("document", "机关请销假制度", "Y"),
        ("document", "关于同意开展创建的批复", "Y"),
        ("document", "2020年工作总结", "D30"),
        ("document", "领导小组会议纪要", "Y"),
        ("document", "科室会议纪要", "D30"),
        ("document", "关于召开会议的通知", "D10"),
        ("picture", "植树活动", "D10"),
        ("picture", "文明单位奖牌", "Y"),
        ("media", "宣传片", "D10"),
        ("document", "没有哪个词", "D30"),
        ("link", "某网页", "D10"),
    ],
)
def test_the_term_is_proposed_by_the_words_of_the_title(kind: str, title: str, term: str) -> None:
    assert rules.retention_of(kind, title) == term


def test_a_departments_code_is_proposed_from_the_sounds_of_its_name() -> None:
    assert rules.proposed_code("办公室", ()) == "BGS"
    assert rules.proposed_code("法规处", ()) == "FGC"
    assert rules.proposed_code("人事处", ("RSC",)) not in ("", "RSC")
    assert rules.proposed_code("A", ()) == "AXX"
    assert rules.proposed_code("①", ()) == ""
    assert rules.initial("阿") == "A" and rules.initial("座") == "Z" and rules.initial("㐀") == ""


def test_a_title_of_ones_own_stands_in_brackets_once() -> None:
    assert rules.own_title("植树") == "[植树]"
    assert rules.own_title("[植树]") == "[植树]"


def test_pieces_are_numbered_from_one_within_year_term_and_department_by_date() -> None:
    found = rules.numbered(
        [
            piece(1, dated_on=date(2020, 9, 1)),
            piece(2, dated_on=date(2020, 1, 1)),
            piece(3, retention="D10"),
            piece(4, code="FGC"),
            piece(5, dated_on=None),
        ]
    )
    assert [(one.key, one.retention, one.code, one.no) for one in found] == [
        (2, "Y", "BGS", 1), (1, "Y", "BGS", 2), (5, "Y", "BGS", 3), (4, "Y", "FGC", 1), (3, "D10", "BGS", 1),
    ]  # fmt: skip


def test_what_was_numbered_before_keeps_its_number_and_the_rest_follow_the_last() -> None:
    found = rules.numbered([piece(1, dated_on=date(2020, 1, 1)), piece(2, kept_no=3)], {("Y", "BGS"): 5})
    assert {one.key: one.no for one in found} == {1: 6, 2: 3}


def test_a_class_holds_9999_pieces() -> None:
    with pytest.raises(ValueError, match="BGS"):
        rules.numbered([piece(1)], {("Y", "BGS"): 9999})


def test_boxes_hold_one_class_and_are_as_thin_as_they_may() -> None:
    made = [replace(piece(at, pages=100), no=at) for at in (1, 2, 3, 4)] + [
        replace(piece(9, code="FGC", pages=0), no=1)
    ]
    boxes = rules.boxes(made)
    assert [(box.thick, box.first, box.last, box.pages, box.no) for box in boxes] == [
        (40, 1, 3, 300, 1),
        (20, 4, 4, 100, 2),
        (20, 1, 1, 1, 3),
    ]
    assert rules.boxes([]) == []
    assert rules.boxes([replace(piece(1, pages=9000), no=1)])[0].thick == 40


def checks(seen: Seen = PDF, one: Piece = PIECE, number: str = NUMBER, **more: object) -> dict[str, Check]:
    found = examined([one], {one.key: number}, {one.key: seen}, 2020, **more)  # type: ignore[arg-type]
    return {check.name: check for check in found}


def test_what_is_in_order_passes_all_four() -> None:
    found = checks()
    assert [check.passed for check in found.values()] == [True] * 4
    assert not any(check.problems for check in found.values())


@pytest.mark.parametrize(
    ("name", "seen", "changed", "words", "may_answer"),
    [
        (GENUINE, replace(PDF, fault="文件内容与存入时的 SHA-256 不符"), {}, "SHA-256", False),
        (GENUINE, replace(PDF, sm3_same=False), {}, "SM3", False),
        (GENUINE, replace(PDF, in_journal=False), {}, "操作日志", True),
        (COMPLETE, PDF, {"no": 0}, "还没有档号", False),
        (COMPLETE, PDF, {"title": "[ ]"}, "没有题名", False),
        (COMPLETE, PDF, {"issuer": ""}, "没有责任者", True),
        (COMPLETE, PDF, {"dated_on": None}, "没有日期", True),
        (COMPLETE, PDF, {"dated_on": date(2019, 12, 31)}, "不在 2020 年", True),
        (COMPLETE, Seen(), {}, "没有文件", False),
        (USABLE, Seen(url="https://a.cn"), {}, "网址", True),
        (USABLE, replace(PDF, warnings=("locked",), state="unreadable"), {}, "打开密码", False),
        (USABLE, replace(PDF, state="waiting"), {}, "还没有读取", True),
        (USABLE, replace(PDF, state="unreadable", unread="文件坏了"), {}, "文件坏了", True),
        (USABLE, replace(PDF, mime="video/x-flv", shows=False), {}, "不宜长期保存", True),
        (SAFE, replace(PDF, warnings=("locked",), state="unreadable"), {}, "加密", False),
        (SAFE, replace(PDF, warnings=("macro",)), {}, "宏", True),
        (SAFE, replace(PDF, warnings=("embedded",)), {}, "嵌有", True),
        (SAFE, replace(PDF, state="classified"), {}, "密级", False),
        (SAFE, replace(PDF, marked=True), {}, "密级", False),
    ],
)
def test_each_fault_is_told_under_its_head(
    name: str, seen: Seen, changed: dict[str, object], words: str, may_answer: bool
) -> None:
    found = checks(seen, replace(PIECE, **changed))  # type: ignore[arg-type]
    told = [one for one in found[name].problems if words in one.text]
    assert len(told) == 1 and told[0].may_answer is may_answer and told[0].todo
    assert not found[name].passed


def test_an_office_file_that_shows_is_a_note_and_no_problem() -> None:
    found = checks(replace(PDF, mime="application/msword"))
    assert found[USABLE].passed and "PDF" in found[USABLE].notes[0]


def test_numbers_are_counted_and_the_chain_is_told() -> None:
    two = examined(
        [PIECE, replace(PIECE, key=2, evidence=12)],
        {1: NUMBER, 2: NUMBER},
        {1: PDF, 2: PDF},
        2020,
        ["日志链 7：第 3 条内容被改过"],
    )
    assert len(two[1].problems) == 2 and "两次" in two[1].problems[0].text
    assert "第 3 条" in two[0].problems[0].text
    assert "另一封存的册" in checks(used=frozenset([NUMBER]))[COMPLETE].problems[0].text
    assert not examined([], {}, {}, 2020)[1].passed


def test_a_reason_is_kept_for_what_may_be_answered_only() -> None:
    plain = [check.plain() for check in checks(replace(PDF, state="waiting", fault="坏了")).values()]
    keys = {one["key"]: one["may_answer"] for one in open_problems(plain)}
    assert sorted(keys.values()) == [False, True]
    again = checks(replace(PDF, state="waiting", fault="坏了"), answers=dict.fromkeys(keys, "已打开核对"))
    assert again[USABLE].passed and not again[GENUINE].passed
    assert list(answers_of(check.plain() for check in again.values()).values()) == ["已打开核对"]
