"""Negative lists, conditions and bonuses: what their words say, written before the reader was."""

from decimal import Decimal

import pytest

from taizhang.standards.rules.bars import bars, months_of, points_of_entry, understand, verifier_of
from taizhang.standards.rules.tree import Entry


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("测评前24个月内领导班子成员受到刑事处罚", 24), ("近两年发生较大安全事故", 24), ("申报前12个月内发生违法案件", 12), ("近三年内有严重违纪", 36), ("半年内被通报批评", 6),
        ("申报前一年内综治考核不合格", 12), ("发生重大安全责任事故", None), ("24", 24), ("24个月", 24), ("２４个月", 24), ("两年", 24), ("职工3人以上集体上访", None), ("2年以上党龄", None),
    ],
)  # fmt: skip
def test_how_far_back(text: str, months: int | None) -> None:
    assert months_of(text) == months


@pytest.mark.parametrize(
    ("text", "veto"),
    [
        ("实行一票否决", True), ("取消申报资格", True), ("撤销文明单位称号", True), ("不得申报", True), ("不予推荐", True), ("每起扣2分", False), ("环境卫生脏乱差", False), ("取消当年评选资格", True),
    ],
)  # fmt: skip
def test_what_bars(text: str, veto: bool) -> None:
    assert bars(text) is veto


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("每起扣5分", "5"), ("扣2—3分", "3"), ("每获1项加1分，最高不超过3分", "3"), ("获国家级表彰加2分，省级加1分", "2"), ("加分累计不超过5分", "5"), ("每项加0.5分，2分封顶", "2"), ("发生舆情事件", None),
    ],
)  # fmt: skip
def test_what_it_costs_or_earns(text: str, points: str | None) -> None:
    assert points_of_entry(text) == (Decimal(points) if points else None)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("由市纪委监委核实", "市纪委监委"), ("征求公安、法院、税务部门意见", "公安、法院、税务部门"), ("核验部门：市应急局、市生态环境局", "市应急局、市生态环境局"), ("发生安全事故", ""),
    ],
)  # fmt: skip
def test_who_vouches(text: str, who: str) -> None:
    assert verifier_of(text) == who


def test_columns_count_before_words() -> None:
    plain = understand(Entry("表!A1", "1", "近24个月内班子成员严重违纪", "一票否决，由市纪委监委认定"))
    assert (plain.veto, plain.extra) == (True, {"观察期": "24", "核验部门": "市纪委监委"})
    held = understand(
        Entry(
            "表!A2",
            "2",
            "发生安全事故，扣3分",
            extra={"观察期": "12个月", "核验部门": "应急局"},
            points=Decimal(2),
        )
    )
    assert (held.veto, held.points, held.extra) == (False, Decimal(2), {"观察期": "12", "核验部门": "应急局"})
