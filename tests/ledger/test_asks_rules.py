"""When something may be asked for: pure rules, no database."""

from dataclasses import replace
from datetime import date

import pytest

from taizhang.campaigns.rules.asks import AskPlan, check_asks, delivered
from taizhang.campaigns.rules.states import Who
from taizhang.ledger.rules.asks import (
    ASK_FLOW,
    AskState,
    Kind,
    Past,
    Place,
    check_extension,
    check_lead,
    latest_day,
    returned_enough,
    why_not,
)
from taizhang.ledger.rules.states import Status

TODAY = date(2020, 6, 10)
DOING = Place("1.1.1", Status.DOING, dues=(date(2020, 6, 10), date(2020, 7, 5)))


@pytest.mark.parametrize("kind", list(Kind))
def test_everything_may_be_asked_of_an_item_that_is_worked_on(kind: Kind) -> None:
    assert why_not(kind, DOING, Past(), None, TODAY) == ""


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    "change,word",
    [
        ({"status": Status.CLOSED, "closed_on": date(2020, 5, 1)}, "已于 2020-05-01 销号，不能再申请"),
        ({"status": Status.WAIVED}, "已是“不适用”"),
        ({"status": Status.PENDING}, "还没有交办"),
        ({"led": False}, "还没有交办"),
        ({"at_step": True}, "正在逐级签批"),
        ({"status": Status.ACCEPTED}, "正在逐级签批"),
        ({"over": True}, "年度已经结束"),
    ],
)
def test_nothing_may_be_asked_of_an_item_that_is_not(
    kind: Kind, change: dict[str, object], word: str
) -> None:
    assert word in why_not(kind, replace(DOING, **change), Past(), None, TODAY)  # type: ignore[arg-type]


def test_what_is_stopped_may_only_be_declared_not_applicable() -> None:
    stopped = replace(DOING, status=Status.SUSPENDED)
    open_to = [kind for kind in Kind if not why_not(kind, stopped, Past(), None, TODAY)]
    assert open_to == [Kind.WAIVE]
    assert "恢复办理" in why_not(Kind.EXTENSION, stopped, Past(), None, TODAY)


def test_one_open_ask_of_a_kind_and_as_many_grants_as_the_setting_says() -> None:
    waiting = Past(waiting=frozenset({Kind.EXTENSION}), granted={Kind.EXTENSION: 1})
    assert "等待批复" in why_not(Kind.EXTENSION, DOING, waiting, None, TODAY)
    assert why_not(Kind.DISPUTE, DOING, waiting, 1, TODAY) == ""
    once = Past(granted={Kind.EXTENSION: 1})
    assert why_not(Kind.EXTENSION, DOING, once, None, TODAY) == ""
    assert why_not(Kind.EXTENSION, DOING, once, 2, TODAY) == ""
    assert "已批准延期 1 次，到了上限" in why_not(Kind.EXTENSION, DOING, once, 1, TODAY)


def test_an_extension_is_asked_for_until_the_date_itself() -> None:
    on_the_day = replace(DOING, dues=(TODAY,))
    assert why_not(Kind.EXTENSION, on_the_day, Past(), None, TODAY) == ""
    late = why_not(Kind.EXTENSION, on_the_day, Past(), None, date(2020, 6, 11))
    assert "期限 2020-06-10 已过" in late and "尽快补报" in late and "创建办改期限" in late
    assert "没有还没报的期次" in why_not(Kind.EXTENSION, replace(DOING, dues=()), Past(), None, TODAY)
    # the other kinds do not depend on dates
    assert why_not(Kind.DISPUTE, on_the_day, Past(), None, date(2020, 6, 11)) == ""


def test_the_day_that_is_asked_for() -> None:
    due, assessed, ends = date(2020, 6, 10), date(2020, 11, 30), date(2020, 12, 31)
    latest = latest_day(due, assessed, ends)
    assert latest == assessed and latest_day(date(2020, 12, 5), assessed, ends) == ends

    def told(wanted: date, today: date = TODAY) -> str:
        return check_extension("1.1.1", due, wanted, today, latest)

    assert told(date(2020, 6, 11)) == "" and told(assessed) == ""
    assert "要晚于现在的期限 2020-06-10" in told(due)
    assert "最晚到 2020-11-30" in told(date(2020, 12, 1))
    assert "已经过去" in told(date(2020, 6, 20), date(2020, 6, 21))
    assert "已到本年度末" in check_extension("1.1.1", ends, date(2021, 1, 1), TODAY, ends)


def test_the_lead_that_is_proposed() -> None:
    assert check_lead(1, 2) == ""
    assert "请选" in check_lead(1, None)
    assert "就是现在的牵头处室" in check_lead(1, 1)


def test_a_slot_is_returned_as_often_as_the_setting_says() -> None:
    assert returned_enough("5月", 99, None) == ""
    assert returned_enough("5月", 1, 2) == ""
    told = returned_enough("5月", 2, 2)
    assert "已退回 2 次" in told and "请通过" in told and "不适用" in told and "放宽上限" in told


def test_the_answer_is_given_once() -> None:
    assert [step for step in ASK_FLOW.steps if ASK_FLOW.allows(step, AskState.OPEN)] == [
        "grant",
        "refuse",
        "withdraw",
    ]
    for state in (AskState.GRANTED, AskState.REFUSED, AskState.WITHDRAWN):
        assert ASK_FLOW.open_from(state) == []


def test_rules_that_are_typed_in() -> None:
    assert check_asks(delivered(), None) == [] and check_asks(delivered(), 2) == []
    assert {plan.kind: plan.who for plan in delivered()} == {
        Kind.EXTENSION: Who.LEADER, Kind.DISPUTE: Who.OFFICE, Kind.WAIVE: Who.OFFICE, Kind.SUSPEND: Who.LEADER,
    }  # fmt: skip
    wrong = check_asks([AskPlan(Kind.WAIVE, "nobody", 0)], 100)
    assert len(wrong) == 3 and "没有选谁批" in wrong[0] and "1 到 99" in wrong[1] and "退回" in wrong[2]
