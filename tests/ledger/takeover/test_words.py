"""States, dates and people as offices write them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from taizhang.ledger.rules.takeover.columns import field_of
from taizhang.ledger.rules.takeover.dates import day_of
from taizhang.ledger.rules.takeover.states import head_state, legend_of, state_of
from taizhang.ledger.rules.takeover.who import Who

from .office import facts


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("已完成", "accepted"), ("完成（6月12日）", "accepted"), ("√", "accepted"), ("办结", "accepted"), ("已销号", "closed"),
        ("进行中", "doing"), ("推进中", "doing"), ("正在办理", "doing"), ("滞后", "doing"), ("逾期", "doing"), ("未完成", "doing"),
        ("60%", "doing"), ("已完成80%", "doing"), ("100%", "accepted"), ("未启动", "pending"), ("尚未开展", "pending"),
        ("不涉及", "waived"), ("无此项", "waived"), ("暂停", "suspended"), ("已办结/已销号", None), ("办结中", None), ("基本达到", None),
        ("完成（除第3项外）", None), ("红", None), ("已 完 成", "accepted"), ("已结✔", "accepted"), ("【已完成】", "accepted"),
    ],
)  # fmt: skip
def test_states(said: str, state: str | None) -> None:
    found = state_of(said)
    assert found is not None and found.state == state


def test_an_empty_state_says_nothing_and_the_agency_s_own_words_count() -> None:
    assert state_of("  ") is None
    found = state_of("办结中", {"办结中": "doing"})
    assert found is not None and found.state == "doing"
    legend = legend_of(["注：绿色表示已完成，黄色为推进中；红灯=逾期"])
    assert legend == {"绿": "accepted", "黄": "doing", "红": "doing"}
    coloured = state_of("绿灯", None, legend)
    assert coloured is not None and coloured.state == "accepted"


@pytest.mark.parametrize(
    ("text", "state"),
    [("已完成。6月召开会议", "accepted"), ("正在推进，预计7月完成", "doing"), ("已于5月完成并报送", "accepted"), ("6月完成方案起草", None), ("完成率不高", None)],
)  # fmt: skip
def test_a_text_of_progress_may_open_with_its_state(text: str, state: str | None) -> None:
    assert head_state(text) == state


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("6月底", "2020-06-30"), ("2019.6.30", "2019-06-30"), ("6/30", "2020-06-30"), ("6.30", "2020-06-30"), (44012, "2020-06-30"),
        (Decimal("44012.5"), "2020-06-30"), (date(2020, 6, 30), "2020-06-30"), ("2020年6月30日前", "2020-06-30"), ("20200630", "2020-06-30"),
        (20200630, "2020-06-30"), ("2020年6月", "2020-06-30"), (Decimal("2020.6"), "2020-06-30"), ("六月三十日", "2020-06-30"), ("6月中旬", "2020-06-20"),
        ("二季度", "2020-06-30"), ("上半年", "2020-06-30"), ("年底前", "2020-12-31"), ("2020年底", "2020-12-31"), ("12月底前完成", "2020-12-31"),
        ("3月-11月", "2020-11-30"), ("2020年1月至12月", "2020-12-31"), ("5月1日-7日", "2020-05-07"), ("12月前", "2020-11-30"), ("每年12月底", "2020-12-31"),
        ("6月30日、12月31日", "2020-12-31"), ("明年3月底", "2021-03-31"), ("20.6.30", "2020-06-30"), ("6/30/2020", "2020-06-30"), ("截至6月30日", "2020-06-30"),
        ("每月", None), ("长期", None), ("每季度末月25日前", None), ("常态化推进", None), ("全年", None), ("6月31日", None), ("尽快", None), ("", None), ("/", None),
    ],
)  # fmt: skip
def test_days(cell: object, day: str | None) -> None:
    found = day_of(cell, 2020)  # type: ignore[arg-type]
    assert (found.on and found.on.isoformat()) == day


def test_what_is_no_plain_day_is_said() -> None:
    bounds = {"first": date(2020, 1, 1), "last": date(2020, 12, 31)}
    assert not day_of("长期", 2020).note and not day_of("6月底", 2020, **bounds).note
    assert "不在本年度之内" in day_of("2019.6.30", 2020, **bounds).note
    assert "如指当月底，请改为 2020-12-31" in day_of("12月前", 2020).note
    assert "不是一个日子" in day_of("6月31日", 2020).note
    assert "不是看得懂的时间" in day_of("尽快", 2020).note
    assert "写了 2 个时间" in day_of("6月30日、12月31日", 2020).note
    assert "可能是 2020年1月，也可能是 2020年10月" in day_of(Decimal("2020.1"), 2020).note


def people(text: str, *units: int) -> tuple[list[int], list[int], list[str]]:
    found = Who(facts(), {}).read_people(text, "person", units)
    return found.people, found.helpers, [doubt.text for doubt in found.doubts]


@pytest.mark.parametrize(
    ("text", "first", "helpers"),
    [
        ("张伟民、李晓梅（B角）", [101], [102]), ("张伟民 13800000001", [101], []), ("A角：张伟民 B角：李晓梅", [101], [102]),
        ("张伟民（主任），李晓梅", [101, 102], []), ("张 伟 民", [101], []), ("张伟民同志", [101], []), ("1001", [101], []),
        ("办公室张伟民", [101], []), ("张伟民\n李晓梅", [101, 102], []), ("张伟民/13800000001", [101], []), ("责任人：张伟民；配合人：李晓梅", [101], [102]),
    ],
)  # fmt: skip
def test_people(text: str, first: list[int], helpers: list[int]) -> None:
    assert people(text, 1) == (first, helpers, [])


def test_namesakes_are_told_apart_by_department_phone_or_number_else_asked() -> None:
    assert people("刘洋", 4)[0] == [106]
    assert people("刘洋", 8)[0] == [107]
    assert people("刘洋（1007）")[0] == [107]
    nobody, _, doubts = people("刘洋", 1)
    assert nobody == [] and doubts == [
        "叫“刘洋”的有 2 人：刘洋（组织人事处，工号 1006）、刘洋（宣传教育处，工号 1007），请指定"
    ]


def test_people_who_are_not_there() -> None:
    assert people("王大锤", 1)[2] == ["花名册里没有“王大锤”"]
    assert people("张伟明", 1)[2] == ["花名册里没有“张伟明”，是不是张伟民（办公室）"]
    assert people("韩冰", 1) == ([], [], ["韩冰（1017）已经离开，请指定接手的人"])
    assert people("陈立", 1) == ([105], [], ["陈立在组织人事处，不在责任单位办公室，请核对"])
    assert people("各处室负责人", 1)[2] == ["“各处室负责人”没有写是谁，请指定"]
    assert people("杨帆")[2] == ["杨帆在两个处室（财务处、法规处），表里没写责任单位，请核对"]
    assert people("杨帆", 6) == ([118], [], [])


def units(text: str) -> tuple[list[int], tuple[int, ...], list[str]]:
    found = Who(facts(), {}).read_units(text, "lead")
    return found.units, found.performers, [doubt.text for doubt in found.doubts]


def test_units_by_any_of_their_names() -> None:
    assert units("创建办、办公室") == ([2, 1], (), [])
    assert units("牵头：办公室；配合：人事处、财务处")[0] == [1, 4, 5]
    assert units("人事处（配合）、办公室（牵头）")[0] == [1, 4]
    assert units("办公室（人事处、财务处配合）")[0] == [1, 4, 5]
    assert units("保 卫 处")[2] == ["本机关没有“保卫处”"]
    assert units("干部处") == ([4], (), ["“干部处”是旧名，现名“组织人事处”"])
    assert units("综合协调处") == ([1], (), ["“综合协调处”是旧名，已并入“办公室”"])
    assert units("各党支部")[1] == (14, 15)
    assert len(units("各处室")[1]) > 8 and units("各处室")[0] == []


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        (("责任分工", "牵头"), "lead"), (("责任分工", "配合单位"), "helpers"), (("完成情况", "状态"), "state"), (("责任单位（责任人）",), "both"),
        (("责任处室及责任人",), "both"), (("分管领导",), "leader"), (("承办人/联系电话",), "person"), (("联系电话",), ""), (("实际完成时间",), "closed_on"),
        (("计划完成时间",), "due_on"), (("完成时限",), "due_on"), (("测评标准",), "requirement"), (("存在问题",), "remark"), (("佐证材料",), ""),
        (("B角",), "helper_people"), (("问题描述",), "title"), (("序号",), "serial"), (("得分",), ""),
    ],
)  # fmt: skip
def test_headers(lines: tuple[str, ...], field: str) -> None:
    found = field_of(lines)
    assert found is not None and found[0] == field


def test_the_roster_s_own_people_may_answer_for_departments_where_they_hold_a_post() -> None:
    known = facts()
    held = replace(next(one for one in known.people if one.id == 104), posts=(9,))
    found = Who(replace(known, people=(held,)), {}).read_people("赵敏", "person", (9,))
    assert (found.people, found.doubts) == ([104], [])
