"""Days, periods, stages, chains: no database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.campaigns.rules.holidays import read_day
from taizhang.campaigns.rules.periods import Period, periods, slots_of
from taizhang.campaigns.rules.plans import check_cycle_plan, default_years
from taizhang.campaigns.rules.stages import (
    StagePlan,
    check_stages,
    check_year,
    default_stages,
    stage_on,
    theme_of,
)
from taizhang.campaigns.rules.standing import gaps, holders_at
from taizhang.campaigns.rules.steps import StepPlan, check_chain, default_chain
from taizhang.campaigns.rules.windows import WindowPlan
from taizhang.campaigns.rules.workdays import Workdays
from taizhang.org.rules.holders import Holders
from taizhang.standards.rules.cadence import Cycle

PLAIN = Workdays()
DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def test_national_day_and_the_saturday_worked_for_it() -> None:
    assert not PLAIN.is_workday(date(2020, 10, 1))
    assert PLAIN.is_workday(date(2020, 10, 10))  # a Saturday
    assert PLAIN.add(date(2020, 9, 30), 1) == date(2020, 10, 9)
    assert PLAIN.last_on_or_before(date(2020, 10, 8)) == date(2020, 9, 30)
    assert PLAIN.first_on_or_after(date(2020, 10, 1)) == date(2020, 10, 9)


def test_a_year_no_table_knows_goes_by_weekends_until_a_table_is_given() -> None:
    assert PLAIN.known(2026) and PLAIN.known(2004)
    assert not PLAIN.known(2031) and not PLAIN.known(2003)
    assert PLAIN.is_workday(date(2031, 10, 1))  # a Wednesday
    assert PLAIN.unknown([2031, 2026, 2032, 2031]) == [2031, 2032]
    ours = Workdays({date(2031, 10, 1): False, date(2031, 10, 11): True})
    assert ours.known(2031) and not ours.known(2032)
    assert not ours.is_workday(date(2031, 10, 1))
    assert ours.is_workday(date(2031, 10, 11))  # a Saturday


def test_what_a_site_adds_wins_in_a_known_year_too() -> None:
    ours = Workdays({date(2025, 3, 31): False})  # 三月三 in Guangxi
    assert PLAIN.is_workday(date(2025, 3, 31)) and not ours.is_workday(date(2025, 3, 31))
    assert not ours.is_workday(date(2025, 10, 1))


def test_between_counts_after_the_first_up_to_the_last() -> None:
    monday, friday, sunday = date(2020, 6, 8), date(2020, 6, 12), date(2020, 6, 14)
    assert PLAIN.between(monday, friday) == 4
    assert PLAIN.between(friday, monday) == -4
    assert PLAIN.between(friday, sunday) == 0 == PLAIN.between(sunday, friday)
    assert PLAIN.between(date(2019, 12, 31), date(2020, 1, 2)) == 1


@given(DAYS, st.integers(-600, 600))
def test_add_and_between_are_each_others_inverse(day: date, count: int) -> None:
    start = PLAIN.last_on_or_before(day)
    there = PLAIN.add(start, count)
    assert PLAIN.between(start, there) == count
    assert PLAIN.add(there, -count) == start
    assert count == 0 or PLAIN.is_workday(there)


@given(DAYS, DAYS, DAYS)
def test_between_adds_up(first: date, second: date, third: date) -> None:
    assert PLAIN.between(first, second) + PLAIN.between(second, third) == PLAIN.between(first, third)


@given(DAYS, st.integers(0, 400))
def test_between_is_what_counting_day_by_day_gives(day: date, length: int) -> None:
    last = day + timedelta(length)
    counted = sum(PLAIN.is_workday(day + timedelta(step)) for step in range(1, length + 1))
    assert PLAIN.between(day, last) == counted


def year_of(number: int) -> tuple[date, date]:
    return date(number, 1, 1), date(number, 12, 31)


def test_months_quarters_halves() -> None:
    assert [p.label for p in periods("quarter", *year_of(2020))] == ["一季度", "二季度", "三季度", "四季度"]
    assert periods("month", *year_of(2020))[1] == Period("2月", date(2020, 2, 1), date(2020, 2, 29))
    assert periods("two_months", *year_of(2020))[0] == Period("1—2月", date(2020, 1, 1), date(2020, 2, 29))
    assert [p.label for p in periods("half_year", *year_of(2020))] == ["上半年", "下半年"]
    assert periods("year", *year_of(2020)) == [Period("全年", *year_of(2020))]
    assert periods("cycle", *year_of(2020)) == [Period("届期", *year_of(2020))]
    assert periods("", *year_of(2020)) == periods("year", *year_of(2020))
    assert periods("event", *year_of(2020)) == []


@pytest.mark.parametrize("year, count", [(2015, 53), (2018, 52), (2020, 53), (2021, 52), (2026, 53)])
def test_weeks_of_a_year_are_those_whose_thursday_lies_in_it(year: int, count: int) -> None:
    found = periods("week", *year_of(year))
    assert [p.label for p in found] == [f"第{n}周" for n in range(1, count + 1)]
    assert found[17].starts_on.weekday() == 0 and found[17].ends_on.weekday() == 6


def test_weeks_at_the_edges_stay_in_their_year() -> None:
    found = periods("week", *year_of(2020))  # 1 January 2020 is a Wednesday, 31 December a Thursday
    assert found[0] == Period("第1周", date(2020, 1, 1), date(2020, 1, 5))
    assert found[-1] == Period("第53周", date(2020, 12, 28), date(2020, 12, 31))
    assert periods("week", *year_of(2021))[0].starts_on == date(2021, 1, 4)


def test_a_year_that_starts_in_march_clips_its_periods_and_one_over_new_year_names_them() -> None:
    assert periods("quarter", date(2020, 3, 10), date(2020, 12, 31))[0] == Period(
        "一季度", date(2020, 3, 10), date(2020, 3, 31)
    )
    over = periods("half_year", date(2019, 7, 1), date(2020, 6, 30))
    assert [p.label for p in over] == ["2019年下半年", "2020年上半年"]


@settings(max_examples=60)
@given(st.sampled_from(list(Cycle)), DAYS, st.integers(0, 700))
def test_periods_are_in_order_within_the_year_and_named_apart(cycle: Cycle, day: date, length: int) -> None:
    last = day + timedelta(length)
    found = periods(cycle, day, last)
    assert all(day <= p.starts_on <= p.ends_on <= last for p in found)
    assert all(a.ends_on < b.starts_on for a, b in zip(found, found[1:], strict=False))
    assert len({p.label for p in found}) == len(found)
    if cycle not in (Cycle.WEEK, Cycle.EVENT):
        assert sum((p.ends_on - p.starts_on).days + 1 for p in found) == length + 1


def test_slots_of_a_period_are_numbered_when_there_are_several() -> None:
    found = slots_of("half_year", 2, *year_of(2020))
    assert [p.label for p in found] == [
        "上半年（第1次）", "上半年（第2次）", "下半年（第1次）", "下半年（第2次）",
    ]  # fmt: skip
    assert [p.nth for p in found] == [1, 2, 1, 2]
    assert slots_of("month", 1, *year_of(2020)) == periods("month", *year_of(2020))
    assert slots_of("event", 3, *year_of(2020)) == []


YEAR = (date(2018, 1, 1), date(2018, 12, 31), date(2018, 11, 30))


def test_stages_end_with_months_and_the_last_holds_the_assessment() -> None:
    found = default_stages(*YEAR)
    assert [(s.name, str(s.starts_on), str(s.ends_on)) for s in found] == [
        ("总结动员", "2018-01-01", "2018-03-31"),
        ("全面创建", "2018-04-01", "2018-09-30"),
        ("自查整改", "2018-10-01", "2018-10-31"),
        ("年度考评", "2018-11-01", "2018-12-31"),
    ]
    assert stage_on([(s.name, s.starts_on, s.ends_on) for s in found], date(2018, 10, 1)) == "自查整改"


@given(st.dates(date(2018, 1, 1), date(2018, 12, 31)))
def test_whatever_the_assessment_day_the_proposed_stages_are_right(day: date) -> None:
    assert check_stages(2018, default_stages(YEAR[0], YEAR[1], day), YEAR[0], YEAR[1], day) == []


@given(st.dates(date(2018, 1, 1), date(2018, 12, 1)), st.integers(0, 364), st.floats(0, 1))
def test_stages_of_odd_years_are_right_too(first: date, length: int, share: float) -> None:
    last = first + timedelta(length)
    day = first + timedelta(int(length * share))
    assert check_stages(2018, default_stages(first, last, day), first, last, day) == []


def test_what_is_wrong_with_stages_is_said_with_names_and_days() -> None:
    day = date(2018, 11, 30)
    bad = [
        StagePlan("总结动员", date(2018, 1, 1), date(2018, 4, 30)),
        StagePlan("全面创建", date(2018, 4, 1), date(2018, 10, 31)),
        StagePlan("年度考评", date(2018, 12, 1), date(2019, 1, 31)),
    ]
    assert check_stages(2018, bad, YEAR[0], YEAR[1], day) == [
        "2018 年度“年度考评”（2018-12-01 至 2019-01-31）超出本年度（2018-01-01 至 2018-12-31）。",
        "2018 年度“全面创建”从 2018-04-01 开始，与“总结动员”（到 2018-04-30）重叠或前后颠倒。",
        "2018 年度的测评日 2018-11-30 不在任何一个阶段里，请让“年度考评”包含它。",
    ]
    assert check_stages(2018, [], *YEAR) == ["2018 年度没有阶段，至少要有一个。"]


def test_a_years_own_dates() -> None:
    assert check_year(2018, *YEAR) == []
    assert "早于开始日" in check_year(2018, YEAR[1], YEAR[0], YEAR[2])[0]
    assert "测评日 2019-01-05 不在本年度" in check_year(2018, YEAR[0], YEAR[1], date(2019, 1, 5))[0]
    assert "没有落在 2019 年" in check_year(2019, *YEAR)[0]


def test_themes_by_place_in_the_cycle() -> None:
    assert [theme_of(year, 2018, 2020) for year in (2018, 2019, 2020)] == ["起步年", "提升年", "冲刺年"]
    assert theme_of(2020, 2020, 2020) == "冲刺年"


def test_a_cycle_of_three_years_is_right_as_proposed() -> None:
    years = default_years(2018, 2020, date(2018, 11, 20))
    assert check_cycle_plan(2018, 2020, years) == []
    assert [year.assessed_on for year in years] == [date(year, 11, 20) for year in (2018, 2019, 2020)]
    assert check_cycle_plan(2020, 2018, years) == ["届满年 2018 早于起始年 2020，请调换或改正。"]
    assert "缺 2020 年度" in check_cycle_plan(2018, 2020, years[:2])[0]
    longer = replace(years[0], ends_on=date(2019, 1, 31))
    assert any(
        "与 2018 年度（到 2019-01-31）重叠" in said
        for said in check_cycle_plan(2018, 2020, [longer, *years[1:]])
    )


def test_windows_are_the_same_words_once_for_all_years() -> None:
    years = [replace(year, windows=(WindowPlan("month", 500),)) for year in default_years(2018, 2020)]
    assert check_cycle_plan(2018, 2020, years) == ["“每月”的宽限 500 天应在 0 到 180 之间。"]


def test_the_delivered_chains_work() -> None:
    for chain in (default_chain("创建办"), default_chain("机关党委", office=False)):
        assert check_chain(chain) == []
    assert [step.label for step in default_chain("创建办")] == [
        "牵头处室负责人审核", "活动组复核", "创建办核验", "分管领导审批",
    ]  # fmt: skip
    assert [step.label for step in default_chain("机关党委", False)][1:] == ["机关党委核验", "分管领导审批"]


def test_what_keeps_a_chain_from_working() -> None:
    slot, item = StepPlan("lead_head", "slot", "审核"), StepPlan("leader", "item", "审批")
    assert "一个环节也没有" in check_chain([])[0]
    assert "没有“按事项”的环节" in check_chain([slot])[0]
    assert "排在“按事项”的“审批”之后" in check_chain([item, slot])[0]
    assert "环节名称重复：审批" in check_chain([item, item])[0]
    assert "第 1 个环节没有名称" in check_chain([StepPlan("leader", "item", " ")])[0]
    assert check_chain([slot, item]) == [] == check_chain([item])


def holders(**more: Any) -> Holders:
    plain: dict[str, Any] = {"parents": {1: None, 2: 1, 3: 1}}
    return Holders(1, **{**plain, **more})


def test_steps_nobody_can_sign_are_named_with_the_departments() -> None:
    leads, areas = {2: "办公室", 3: "法规处"}, {"1": "组织领导", "2": "思想政治"}
    chain = default_chain("创建办")
    full = holders(
        heads_of={2: (7,), 3: (8,)}, leaders_of={2: (9,), 3: (9,)}, office_of={4: (5,)},
        group_leaders_by_unit={2: (6,), 3: (6,)},
    )  # fmt: skip
    assert gaps(chain, 4, "创建办", leads, areas, full) == []
    assert holders_at(chain[0], 4, leads, areas, full) == [7, 8]
    poor = holders(heads_of={2: (7,)}, group_leaders_by_area={"1": (6,)})
    said = [gap.text for gap in gaps(chain, 4, "创建办", leads, areas, poor)]
    assert said[0].startswith("牵头处室负责人审核：1 个处室没有负责人：法规处。没有人签时")
    assert said[1].startswith("活动组复核：1 个方面没有活动组组长：思想政治。")
    assert said[2].startswith("创建办核验：创建办没有负责审核的人。")
    assert said[3] == "分管领导审批：2 个处室都没有分管领导。最后一个环节不能跳过，这些事项将无法销号。"


@pytest.mark.parametrize(
    "said",
    [
        "2031-10-01",
        "2031/10/1",
        "2031年10月1日",
        "20311001",
        "2031.10.1",
        "２０３１－１０－０１",
        "2031-10-01 00:00:00",
    ],
)
def test_days_are_read_as_people_write_them(said: str) -> None:
    assert read_day(said) == date(2031, 10, 1)


@pytest.mark.parametrize(
    "said, words",
    [
        ("2月30日", "不存在"),
        ("2031-02-30", "不存在"),
        ("10月1日", "没有写年份"),
        ("国庆", "不是日期"),
        ("1031-10-01", "年份不对"),
    ],
)
def test_days_that_are_none_are_refused_with_the_reason(said: str, words: str) -> None:
    answer = read_day(said)
    assert isinstance(answer, str) and words in answer and said in answer
