"""换版 without a database: who succeeds whom, which slots give way, which needs stay, what must be looked at again."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

import pytest

from taizhang.ledger.rules.adoption import (
    Have,
    Standing,
    Wish,
    carried,
    fold,
    in_turn,
    merge_needs,
    old_number,
    place_of,
    to_look_at,
    weighty,
)
from taizhang.ledger.rules.exchange import Exchange, Held, exchange
from taizhang.ledger.rules.plan import Wanted, plan_slots
from taizhang.ledger.rules.succession import Passage, Tie, compose, succeed

TODAY = date(2019, 5, 20)
FIRST, LAST, ASSESSED = date(2019, 1, 1), date(2019, 12, 31), date(2019, 11, 30)

# ---- succession


def passages(ties: list[Tie], old: list[int], new: list[int], **strands: int) -> set[tuple[Any, ...]]:
    """Strands: o1=.. n11=..; without any, each leaf has one of its own."""
    found = succeed(
        ties, old, new, {one: strands.get(f"o{one}", one) for one in old}, {one: strands.get(f"n{one}", one) for one in new}
    )  # fmt: skip
    return {(one.old, one.new, one.kind, one.other) for one in found}


@pytest.mark.parametrize(
    ("ties", "old", "new", "expected"),
    [
        ([Tie(1, 11, "same")], [1], [11], {(1, 11, "same", None)}),
        ([Tie(1, 11, "moved")], [1], [11], {(1, 11, "moved", None)}),
        ([Tie(1, None, "gone"), Tie(None, 11, "new")], [1], [11], {(1, None, "gone", None), (None, 11, "new", None)}),
        # split: the main piece carries on, whatever its place
        ([Tie(1, 11, "split", False), Tie(1, 12, "split", True)], [1], [11, 12], {(1, 12, "split", None), (None, 11, "split", 1)}),
        # join: the main one carries on, the others end in it
        ([Tie(1, 11, "joined", False), Tie(2, 11, "joined", True)], [1, 2], [11], {(2, 11, "joined", None), (1, None, "joined", 2)}),
        # split and joined at once: nobody is carried twice, nothing is left out
        (
            [Tie(1, 11, "split", True), Tie(1, 12, "split", False), Tie(2, 12, "joined", True)], [1, 2], [11, 12],
            {(1, 11, "split", None), (2, 12, "joined", None)},
        ),
        # no main at all: the first piece carries on
        ([Tie(1, 11, "split", False), Tie(1, 12, "split", False)], [1], [11, 12], {(1, 11, "split", None), (None, 12, "split", 1)}),
        # a leaf that no tie names
        ([], [1], [11], {(1, None, "gone", None), (None, 11, "new", None)}),
        # ties of leaves that are not in the ledger say nothing
        ([Tie(9, 11, "same")], [1], [11], {(1, None, "gone", None), (None, 11, "new", None)}),
    ],
)  # fmt: skip
def test_who_succeeds_whom(
    ties: list[Tie], old: list[int], new: list[int], expected: set[tuple[Any, ...]]
) -> None:
    assert passages(ties, old, new) == expected


def test_the_strand_carries_before_the_main_tie() -> None:
    ties = [Tie(1, 11, "split", True), Tie(1, 12, "split", False)]
    assert passages(ties, [1], [11, 12], o1=7, n11=8, n12=7) == {
        (1, 12, "split", None),
        (None, 11, "split", 1),
    }
    # and without any tie the same strand is the same leaf
    assert passages([], [1], [11], o1=7, n11=7) == {(1, 11, "same", None)}


def test_the_new_leaves_come_in_their_order_and_then_what_ends() -> None:
    found = succeed(
        [Tie(1, 12, "same"), Tie(None, 11, "new"), Tie(2, None, "gone")], [1, 2], [11, 12], {1: 1, 2: 2}, {11: 3, 12: 1}
    )  # fmt: skip
    assert found == [Passage(None, 11, "new"), Passage(1, 12, "same"), Passage(2, None, "gone")]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([Tie(1, 2, "same")], [Tie(2, 3, "same")], {(1, 3, "same", True)}),
        ([Tie(1, 2, "same")], [Tie(2, 3, "changed")], {(1, 3, "changed", True)}),
        ([Tie(1, 2, "moved")], [Tie(2, 3, "same")], {(1, 3, "moved", True)}),
        ([Tie(1, 2, "same")], [Tie(2, None, "gone")], {(1, None, "gone", True)}),
        ([Tie(1, None, "gone")], [], {(1, None, "gone", True)}),
        ([Tie(None, 2, "new")], [Tie(2, 3, "same")], {(None, 3, "new", True)}),
        ([Tie(None, 2, "new")], [Tie(2, None, "gone")], set()),  # came and went
        ([], [Tie(None, 3, "new")], {(None, 3, "new", True)}),
        # split, and the main piece goes: the other piece is what is left
        (
            [Tie(1, 2, "split", True), Tie(1, 4, "split", False)], [Tie(2, None, "gone"), Tie(4, 5, "same")],
            {(1, 5, "changed", False)},
        ),
        # split and joined again
        (
            [Tie(1, 2, "split", True), Tie(1, 4, "split", False)], [Tie(2, 5, "joined", True), Tie(4, 5, "joined", False)],
            {(1, 5, "changed", True)},
        ),
    ],
)  # fmt: skip
def test_an_edition_between_is_skipped(
    first: list[Tie], second: list[Tie], expected: set[tuple[Any, ...]]
) -> None:
    assert {(one.old, one.new, one.kind, one.main) for one in compose(first, second)} == expected


# ---- slots

_ids = count(1)


def held(
    cadence: str, *, times: int = 1, units: Iterable[int] = (1,), done: str = "", cited: str = ""
) -> list[Held]:
    """The slots of a year; those whose labels DONE holds were accepted, those of CITED have evidence."""
    rows = plan_slots(cadence, times, list(units), FIRST, LAST, ASSESSED, FIRST, {})
    return [
        Held(
            next(_ids), one.performer, one.nth, one.label, one.starts_on, one.ends_on,
            "accepted" if one.label in done.split() else "open", one.label in (*done.split(), *cited.split()), one.due_on,
        )
        for one in rows
    ]  # fmt: skip


def wanted(cadence: str, *, times: int = 1, units: Iterable[int] = (1,)) -> list[Wanted]:
    return plan_slots(cadence, times, list(units), FIRST, LAST, ASSESSED, TODAY, {})


def words(found: Exchange) -> tuple[str, str, str]:
    return tuple(" ".join(one.label for one in rows) for rows in (found.gone, found.kept, found.made))  # type: ignore[return-value]


def turned(old: list[Held], new: list[Wanted], **more: Any) -> Exchange:
    return exchange(old, new, TODAY, **{"same_periods": False} | more)


def test_walk_two_quarterly_becomes_monthly() -> None:
    found = turned(held("quarter", done="一季度"), wanted("month"))
    assert words(found) == ("二季度 三季度 四季度", "一季度", "5月 6月 7月 8月 9月 10月 11月 12月")


def test_a_quarter_that_was_handed_in_early_covers_its_months() -> None:
    found = turned(held("quarter", done="一季度 二季度"), wanted("month"))
    assert words(found) == ("三季度 四季度", "一季度 二季度", "7月 8月 9月 10月 11月 12月")


def test_a_quarter_with_evidence_put_down_stays_though_it_was_not_handed_in() -> None:
    found = turned(held("quarter", cited="二季度"), wanted("month"))
    assert words(found)[1] == "一季度 二季度", "the first is over, in the second somebody has begun"
    assert words(found)[2].startswith("7月")


def test_what_is_over_and_was_never_handed_in_stays_asked_for() -> None:
    found = turned(held("month"), wanted("quarter"))
    assert words(found)[1] == "1月 2月 3月 4月"


def test_monthly_becomes_quarterly_and_no_day_is_left_out_or_asked_twice() -> None:
    found = turned(held("month", done="1月 2月 3月 4月"), wanted("quarter"))
    assert words(found)[2] == "二季度（5月1日起） 三季度 四季度"
    second = found.made[0]
    assert (second.starts_on, second.ends_on) == (date(2019, 5, 1), date(2019, 6, 30))


def test_a_whole_year_handed_in_leaves_nothing_to_ask() -> None:
    assert words(turned(held("year", done="全年"), wanted("month"))) == ("", "全年", "")
    assert words(turned(held("year"), wanted("month")))[2].split()[0] == "5月"


def test_monthly_becomes_once_a_year_for_the_days_that_are_left() -> None:
    found = turned(held("month", done="1月"), wanted("year"))
    assert words(found)[2] == "全年（5月1日起）"


def test_a_period_handed_in_early_leaves_the_days_before_and_after_it() -> None:
    found = turned(held("quarter", done="一季度 三季度"), wanted("year"))
    assert words(found) == ("二季度 四季度", "一季度 三季度", "全年（4月1日起至6月30日） 全年（10月1日起）")
    assert [(one.starts_on.month, one.ends_on.month) for one in found.made] == [(4, 6), (10, 12)]


def test_twice_a_month_counts_what_stays() -> None:
    found = exchange(held("month", done="1月 5月"), wanted("month", times=2), TODAY, same_periods=True)
    assert words(found)[1] == "1月 2月 3月 4月 5月"
    assert words(found)[2].split()[:3] == ["5月（第2次）", "6月（第1次）", "6月（第2次）"]


def test_once_instead_of_twice_asks_no_third_time() -> None:
    old = held("month", times=2, done="5月（第2次）")
    found = exchange(old, wanted("month"), TODAY, same_periods=True)
    assert "5月" not in words(found)[2].split() and words(found)[2].split()[0] == "6月"


def test_from_the_department_to_the_branches() -> None:
    old = held("quarter", units=[1], done="一季度 二季度")
    found = exchange(old, wanted("quarter", units=[7, 8]), TODAY, same_periods=True)
    assert words(found)[0] == "三季度 四季度"
    assert {(one.performer, one.label) for one in found.made} == {
        (unit, label) for unit in (7, 8) for label in ("二季度", "三季度", "四季度")
    }


def test_what_only_an_event_called_for_stays_and_stands_for_no_period() -> None:
    old = [Held(1, 1, 1, "05-01", date(2019, 5, 1), date(2019, 5, 30), "open", False, date(2019, 5, 30)),
           Held(2, 1, 1, "本年未发生", FIRST, LAST, "open", False, ASSESSED)]  # fmt: skip
    found = exchange(old, wanted("month"), TODAY, same_periods=False, events=True)
    assert words(found) == ("本年未发生", "05-01", "5月 6月 7月 8月 9月 10月 11月 12月")
    assert found.made[0].nth == 2, "the same first day, and yet another slot"
    assert words(turned(held("month", done="1月"), wanted("event")))[2] == ""


@pytest.mark.parametrize("status", ["submitted", "returned", "accepted", "lost", "waived"])
def test_whatever_somebody_did_stays(status: str) -> None:
    slot = Held(1, 1, 1, "三季度", date(2019, 7, 1), date(2019, 9, 30), status, True, date(2019, 10, 5))
    found = turned([slot], wanted("month"))
    assert found.gone == () and "7月" not in words(found)[2] and "10月" in words(found)[2]


@pytest.mark.parametrize("old", ["week", "month", "two_months", "quarter", "half_year", "year"])
@pytest.mark.parametrize("new", ["week", "month", "two_months", "quarter", "half_year", "year"])
@pytest.mark.parametrize(
    "today", [date(2019, 1, 1), date(2019, 5, 20), date(2019, 6, 30), date(2019, 12, 31)]
)
def test_no_day_is_asked_twice_and_none_is_left_out(old: str, new: str, today: date) -> None:
    rows = held(old)
    rows[0] = Held(**rows[0].__dict__ | {"status": "accepted", "touched": True})
    found = exchange(
        rows, plan_slots(new, 1, [1], FIRST, LAST, ASSESSED, today, {}), today, same_periods=old == new
    )
    days: dict[date, int] = {}
    for one in (*found.kept, *found.made):
        for at in range(one.starts_on.toordinal(), one.ends_on.toordinal() + 1):
            day = date.fromordinal(at)
            days[day] = days.get(day, 0) + 1
    # weeks that reach over the year's ends belong to another year: those days were never asked for
    asked = {d for row in (*rows, *plan_slots(new, 1, [1], FIRST, LAST, ASSESSED, today, {}))
             for at in range(row.starts_on.toordinal(), row.ends_on.toordinal() + 1) if (d := date.fromordinal(at)) >= today}  # fmt: skip
    assert all(number == 1 for day, number in days.items() if day >= today)
    new_days = {date.fromordinal(at) for row in wanted_days(new, today) for at in row}
    assert new_days <= days.keys() and asked >= new_days


def wanted_days(cadence: str, today: date) -> list[range]:
    rows = plan_slots(cadence, 1, [1], FIRST, LAST, ASSESSED, today, {})
    return [
        range(max(row.starts_on, today).toordinal(), row.ends_on.toordinal() + 1)
        for row in rows
        if row.ends_on >= today
    ]


# ---- needs

MINUTES, PHOTO = Wish("0", "会议记录", "document", 1, True), Wish("1", "照片", "picture", 2, True)


def have(*wishes: Wish, cited: str = "") -> list[Have]:
    return [Have(at, one, at, one.name in cited) for at, one in enumerate(wishes, 1)]


def test_needs_that_agree_are_left_alone() -> None:
    assert not merge_needs(have(MINUTES, PHOTO), [MINUTES, PHOTO], [PHOTO, MINUTES], "2018版").any


def test_a_need_changes_comes_and_goes() -> None:
    more = Wish("1", "照片", "picture", 3, False)
    table = Wish("2", "签到表", "table", 1, True)
    plan = merge_needs(have(MINUTES, PHOTO), [MINUTES, PHOTO], [more, table], "2018版")
    assert plan.changed == ((2, {"least": 3, "must": False}),) and plan.dropped == (1,)
    assert plan.added == ((3, table),)
    assert plan.said == ("照片：2件改为3件，改为可选", "新增：签到表", "不再要求：会议记录")


def test_a_need_with_evidence_is_never_deleted() -> None:
    plan = merge_needs(have(MINUTES, PHOTO, cited="会议记录"), [MINUTES, PHOTO], [PHOTO], "2018版")
    assert plan.dropped == ()
    assert plan.changed == ((1, {"name": "会议记录（2018版要求）", "must": False, "key": "old"}),)


def test_what_the_office_said_stays_where_the_editions_agree() -> None:
    own = Wish("", "自加的", "other", 1, True)
    softer = Wish("0", "会议记录", "document", 1, False)  # the office made it optional
    plan = merge_needs(have(softer, own), [MINUTES, PHOTO], [MINUTES, PHOTO], "2018版")
    assert not plan.any, (
        "not made a must again, its own not dropped, and the photo it dropped not asked for again"
    )


def test_the_next_year_takes_the_needs_over() -> None:
    table = Wish("2", "签到表", "table", 1, True, ("time",))
    own = Wish("", "自加的", "other", 1, True)
    assert carried(
        [MINUTES, own],
        [MINUTES],
        [table],
    ) == [own, table]
    least = Wish("0", "会议记录", "document", 2, True, ("place",))
    assert carried([MINUTES], [MINUTES], [least]) == [least]


# ---- what must be looked at again


@pytest.mark.parametrize(
    ("status", "at_step", "weight", "needs", "says"),
    [
        ("closed", False, {"words"}, False, "已销号，要求有改动"), ("closed", False, {"points"}, False, "已销号，只改分值"),
        ("closed", False, set(), True, "已销号，材料要求有改动"), ("closed", False, set(), False, ""),
        ("closed", False, {"points", "words"}, True, "已销号，要求有改动、分值有改动、材料要求有改动"),
        ("accepted", True, {"rhythm"}, False, "已审核通过，等最后一环，周期或适用有改动"),
        ("review", True, {"words"}, False, "各期已办结，在签批，要求有改动"),
        ("review", False, {"words"}, False, ""), ("doing", False, {"words"}, True, ""), ("waived", False, {"words"}, True, ""),
        ("suspended", False, {"words"}, True, ""),
    ],
)  # fmt: skip
def test_what_was_settled_is_looked_at_again(
    status: str, at_step: bool, weight: set[str], needs: bool, says: str
) -> None:
    assert to_look_at(Standing(status, at_step, "month"), frozenset(weight), needs) == says


def test_blanks_and_full_stops_are_no_change() -> None:
    assert not weighty({"requirement": ("每季度一次。", "每季度 一次"), "no": ("Ⅲ-1", "Ⅲ-2")})
    assert weighty({"requirement": ("每季度", "每月"), "points": (1, 2), "times": (1, 2)}) == {
        "words",
        "points",
        "rhythm",
    }
    assert fold("Ａ１ b；") == "A1b"


@pytest.mark.parametrize(
    ("status", "reason", "old", "new", "handed", "year", "expected"),
    [
        ("waived", "届期内一次，安排在2020年度", "cycle", "year", False, 2019, "here"),
        ("waived", "届期内一次，安排在2020年度", "cycle", "cycle", False, 2019, ""),
        ("waived", "本单位没有", "year", "month", False, 2019, ""),
        ("doing", "", "year", "cycle", False, 2019, "elsewhere"), ("doing", "", "year", "cycle", True, 2019, ""),
        ("doing", "", "year", "cycle", False, 2020, ""), ("closed", "", "year", "cycle", False, 2019, ""),
        ("doing", "", "cycle", "cycle", False, 2019, ""),
    ],
)  # fmt: skip
def test_once_in_the_cycle(
    status: str, reason: str, old: str, new: str, handed: bool, year: int, expected: str
) -> None:
    assert place_of(Standing(status, False, old, reason, handed), new, year, 2020) == expected


# ---- numbers


@pytest.mark.parametrize(
    "renames",
    [
        {1: ("a", "b")}, {1: ("a", "b"), 2: ("b", "c"), 3: ("c", "d")}, {3: ("c", "d"), 1: ("a", "b"), 2: ("b", "c")},
        {1: ("a", "b"), 2: ("b", "a")}, {1: ("a", "b"), 2: ("b", "c"), 3: ("c", "a"), 4: ("x", "y")}, {1: ("a", "a")}, {},
    ],
)  # fmt: skip
def test_numbers_change_hands_without_standing_twice(renames: dict[int, tuple[str, str]]) -> None:
    now = {pk: old for pk, (old, _) in renames.items()}
    for pk, number in in_turn(renames):
        assert number not in now.values()
        now[pk] = number
    assert now == {pk: new for pk, (_, new) in renames.items()}


def test_the_number_of_what_ended() -> None:
    assert old_number("Ⅲ-3", {"Ⅲ-3"}) == "原Ⅲ-3"
    assert old_number("Ⅲ-3", {"原Ⅲ-3"}) == "原Ⅲ-3·2"
