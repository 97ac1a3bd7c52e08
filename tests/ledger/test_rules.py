"""The rules of the ledger: no database, no clock."""

from collections import Counter
from datetime import date

import pytest

from taizhang.campaigns.rules.states import Who
from taizhang.campaigns.rules.workdays import Workdays
from taizhang.kit.errors import Refused
from taizhang.ledger.rules.lights import due_light, item_light, slot_light
from taizhang.ledger.rules.needs_met import Asked, Given, missing, propose_need
from taizhang.ledger.rules.plan import Fill, Grace, enough, plan_slots
from taizhang.ledger.rules.schedule import Span, Thing, back_schedule, stage_of
from taizhang.ledger.rules.signing import Chains, Matter, Stop, signers, walk
from taizhang.ledger.rules.states import FLOW, SLOT_FLOW, SlotStatus, Status, step_after
from taizhang.org.rules.holders import Holders

DAYS = Workdays()
YEAR = (date(2020, 1, 1), date(2020, 12, 31))
ASSESSED = date(2020, 11, 30)


# states


def test_step_after_lets_the_worst_slot_speak() -> None:
    S = SlotStatus
    assert step_after([S.OPEN, S.SUBMITTED, S.RETURNED]) == "send_back"
    assert step_after([S.OPEN, S.SUBMITTED, S.ACCEPTED]) == "hand_in"
    assert step_after([S.OPEN, S.ACCEPTED]) == "work"
    assert step_after([S.ACCEPTED, S.WAIVED, S.LOST]) == "settle"
    assert step_after([]) == "work", "an event that has not happened settles nothing"


def test_flow_refuses_in_words() -> None:
    with pytest.raises(Refused, match="已销号"):
        FLOW.take("assign", Status.CLOSED)
    assert FLOW.take("reopen", Status.CLOSED) == Status.RETURNED
    assert SLOT_FLOW.open_from(SlotStatus.SUBMITTED) == ["withdraw", "advance", "accept", "send_back"]


# lights


@pytest.mark.parametrize(
    ("due", "kind", "text"),
    [
        (date(2020, 6, 10), "y", "今日到期"),
        (date(2020, 6, 11), "y", "临近，剩1天"),
        (date(2020, 6, 15), "y", "临近，剩3天"),
        (date(2020, 6, 16), "g", "按期"),
        (date(2020, 6, 9), "r", "逾期1天"),
        (date(2020, 5, 29), "r", "逾期8天"),
        (date(2020, 6, 7), "r", "逾期3天"),
    ],
)
def test_due_light_counts_working_days(due: date, kind: str, text: str) -> None:
    found = due_light(due, date(2020, 6, 10), 3, DAYS)
    assert (found.kind, found.text) == (kind, text)


def test_due_light_over_a_weekend_is_late_by_at_least_a_day() -> None:
    assert due_light(date(2020, 6, 12), date(2020, 6, 13), 3, DAYS).text == "逾期1天"


def test_slot_light_of_what_waits_is_not_late() -> None:
    past, today = date(2020, 5, 5), date(2020, 6, 10)
    assert slot_light("submitted", past, past, today, 3, DAYS).kind == "g"
    assert slot_light("submitted", past, past, today, 3, DAYS, late=True).text == "待审（迟报）"
    assert slot_light("accepted", past, past, today, 3, DAYS, late=True).text == "通过（迟报）"
    assert slot_light("open", past, past, today, 3, DAYS, before_system=True).text == "系统启用前"
    assert slot_light("open", date(2020, 8, 5), date(2020, 7, 1), today, 3, DAYS).text == "未开始"


def test_item_light_is_that_of_the_next_slot() -> None:
    today = date(2020, 6, 10)
    assert item_light(Status.CLOSED, None, None, today, 3, DAYS).kind == "f"
    assert item_light(Status.REVIEW, None, None, today, 3, DAYS).text == "待审"
    assert item_light(Status.DOING, date(2020, 6, 1), date(2020, 5, 1), today, 3, DAYS).kind == "r"
    assert item_light(Status.WAIVED, date(2020, 6, 1), None, today, 3, DAYS).text == "不适用"
    assert item_light(Status.ASSIGNED, date(2020, 8, 1), date(2020, 7, 1), today, 3, DAYS).text == "未开始"


# slots of a year


def test_plan_slots_takes_dates_from_the_period_and_its_grace() -> None:
    made = plan_slots("quarter", 1, [7, 8], *YEAR, ASSESSED, date(2020, 1, 1), {"quarter": Grace(10, 20)})
    assert len(made) == 8
    first = made[0]
    assert (first.label, first.ends_on, first.due_on, first.shuts_on) == (
        "一季度", date(2020, 3, 31), date(2020, 4, 10), date(2020, 4, 30),
    )  # fmt: skip


def test_plan_slots_marks_what_ended_before_the_system() -> None:
    made = plan_slots("month", 1, [1], *YEAR, ASSESSED, date(2020, 4, 1), {})
    assert [one.label for one in made if one.before_system] == ["1月", "2月", "3月"]
    assert not plan_slots("month", 1, [1], *YEAR, ASSESSED, date(2020, 3, 31), {})[2].before_system


def test_plan_slots_of_events_is_empty_and_of_two_a_month_is_24() -> None:
    assert plan_slots("event", 1, [1], *YEAR, ASSESSED, YEAR[0], {}) == []
    assert len(plan_slots("month", 2, [1], *YEAR, ASSESSED, YEAR[0], {})) == 24


def test_enough_counts_for_each_performer() -> None:
    weeks = [Fill(1, "accepted")] * 40 + [Fill(1, "open")] * 12
    assert enough(weeks, 40) and not enough(weeks, 41) and not enough(weeks, None)
    assert not enough([*weeks, Fill(2, "open")], 40)
    assert enough([Fill(1, "accepted"), Fill(1, "waived"), Fill(1, "lost")], None)


# back-scheduling


STAGES = [
    Span(date(2020, 1, 1), date(2020, 3, 31)), Span(date(2020, 4, 1), date(2020, 8, 31)),
    Span(date(2020, 9, 1), date(2020, 10, 31)), Span(date(2020, 11, 1), date(2020, 12, 31)),
]  # fmt: skip


def test_back_schedule_puts_plans_first_and_summaries_last() -> None:
    things = [
        Thing(1, 7, "年度实施方案"),
        Thing(2, 7, "志愿服务活动"),
        Thing(3, 7, "自查整改"),
        Thing(4, 7, "年度总结"),
    ]
    due = back_schedule(things, STAGES, ASSESSED, YEAR[0], DAYS)
    assert due[1] < due[2] < due[3] < due[4] <= ASSESSED
    assert all(DAYS.is_workday(day) for day in due.values())


def test_back_schedule_spreads_over_months_and_departments() -> None:
    things = [Thing(key, key % 6, "活动") for key in range(132)]
    due = back_schedule(things, STAGES, ASSESSED, YEAR[0], DAYS)
    months = Counter(day.month for day in due.values())
    assert set(months) == {4, 5, 6, 7, 8} and max(months.values()) <= 2 * min(months.values())
    loads = Counter((key % 6, day) for key, day in due.items())
    assert max(loads.values()) <= 2, "no department gets three on one day while others are free"


def test_back_schedule_starts_today_and_ends_before_the_assessment() -> None:
    things = [Thing(key, 1, "实施方案") for key in range(9)]
    due = back_schedule(things, STAGES, ASSESSED, date(2020, 10, 9), DAYS)
    assert all(date(2020, 10, 9) <= day < ASSESSED for day in due.values())


def test_back_schedule_after_the_assessment_still_gives_dates() -> None:
    due = back_schedule([Thing(1, 1, "x")], STAGES, ASSESSED, date(2021, 2, 1), DAYS)
    assert due[1] <= ASSESSED


def test_back_schedule_puts_two_a_year_into_two_halves() -> None:
    things = [Thing(nth, 1, "活动", nth, 2) for nth in (1, 2)]
    due = back_schedule(things, STAGES, ASSESSED, YEAR[0], DAYS)
    assert due[1] <= date(2020, 6, 30) < due[2]


def test_stage_of_words() -> None:
    assert [stage_of(words, 4) for words in ("创建规划", "文明餐桌", "满意度测评", "工作总结")] == [
        0,
        1,
        2,
        3,
    ]


# signing


PEOPLE = Holders(
    agency_id=1, names={}, parents={1: None, 10: 1, 11: 1, 12: 11}, heads_of={10: (100,), 11: (101,)},
    leaders_of={10: (900,)}, office_of={20: (200, 201)}, group_leaders_by_area={"1": (300,)}, group_leaders_by_unit={10: (100,)},
)  # fmt: skip
HEAD, GROUP = Stop(1, Who.LEAD_HEAD, "处室", False), Stop(2, Who.GROUP_LEADER, "活动组", False)
OFFICE, LEADER = Stop(3, Who.OFFICE, "创建办", False), Stop(4, Who.LEADER, "分管", True)


def matter(lead: int | None = 10, area: str = "1") -> Matter:
    return Matter(lead, area, None, 20)


def test_signers_by_step() -> None:
    assert signers(Who.LEAD_HEAD, matter(12), PEOPLE) == {101}, (
        "a union without a head has that of the body above"
    )
    assert signers(Who.GROUP_LEADER, matter(), PEOPLE) == {300}
    assert signers(Who.GROUP_LEADER, matter(area="9"), PEOPLE) == {100}
    assert signers(Who.OFFICE, matter(), PEOPLE) == {200, 201}
    assert signers(Who.LEADER, matter(), PEOPLE) == {900}
    assert signers(Who.LEADER, Matter(10, "1", 901, 20), PEOPLE) == {901}
    assert signers(Who.LEAD_HEAD, matter(None), PEOPLE) == frozenset()


def test_walk_waits_where_somebody_can_judge() -> None:
    assert walk([GROUP, OFFICE, LEADER], matter(), PEOPLE, frozenset(), None) == ([], GROUP)


def test_walk_skips_who_handed_it_in_with_a_note() -> None:
    passed, stop = walk([HEAD, GROUP], matter(), PEOPLE, frozenset({100}), None)
    assert stop == GROUP and passed[0].person is None and "只有提交人本人" in passed[0].note
    passed, stop = walk([HEAD, GROUP], matter(None), PEOPLE, frozenset(), None)
    assert stop == GROUP and "无人担任" in passed[0].note


def test_walk_never_skips_the_last_step() -> None:
    assert walk([LEADER], matter(11), PEOPLE, frozenset(), None) == ([], LEADER)
    assert walk([LEADER], matter(), PEOPLE, frozenset({900}), None) == ([], LEADER)


def test_walk_lets_the_same_person_sign_once() -> None:
    passed, stop = walk([GROUP, OFFICE], matter(area="9"), PEOPLE, frozenset(), 100)
    assert [one.person for one in passed] == [100] and stop == OFFICE
    passed, stop = walk([GROUP], matter(area="9"), PEOPLE, frozenset({100}), 100)
    assert passed[0].person is None, "but not who handed it in"
    # a skipped step ends the run of the same hand
    passed, stop = walk(
        [GROUP, HEAD], Matter(10, "none", None, 20), Holders(1, parents={10: None}), frozenset(), 5
    )
    assert [one.person for one in passed] == [None, None] and stop is None


def test_chains_after_a_step() -> None:
    chains = Chains({None: 20}, {None: (HEAD,)}, {None: (GROUP, OFFICE, LEADER)})
    assert chains.after(None, GROUP.id, per_slot=False) == (OFFICE, LEADER)
    assert chains.after(7, None, per_slot=False) == ()
    assert chains.stop(None, 3) == OFFICE and chains.stop(None, 99) is None


# needs


def asked(**more: object) -> Asked:
    return Asked(**{"id": 1, "name": "会议现场照片", "kind": "picture", "least": 2, "must": True, **more})  # type: ignore[arg-type]


def given(need: int | None = 1, **more: object) -> Given:
    full = dict.fromkeys(("time", "place", "people", "theme", "doc_no"), True)
    return Given(**{"need_id": need, "kind": "picture", "title": "一", **full, **more})  # type: ignore[arg-type]


def test_missing_says_how_many() -> None:
    assert [one.text for one in missing([asked()], [given()])] == ["会议现场照片 1/2，少 1 张"]
    assert missing([asked()], [given(), given()]) == []
    assert [one.text for one in missing([asked()], [given(None), given(2)])] == ["会议现场照片 0/2，少 2 张"]


def test_a_paper_is_no_photograph() -> None:
    said = [one.text for one in missing([asked()], [given(), given(kind="report", title="记录")])]
    assert said == ["《记录》不是图片，不算会议现场照片", "会议现场照片 1/2，少 1 张"]
    assert missing([asked(kind="report", least=1)], [given()]) == []  # a photograph of a paper will do


def test_missing_says_which_caption_and_number() -> None:
    found = missing([asked(fields=("time", "place"))], [given(place=False), given()])
    assert [one.text for one in found] == ["《一》没有写地点"]
    paper = asked(name="进展通报", kind="document", least=1, doc_no=True)
    assert [one.text for one in missing([paper], [given(doc_no=False)])] == ["进展通报没有文号"]


def test_propose_need_takes_what_is_short_and_of_the_kind() -> None:
    needs = [asked(id=1, kind="document", least=1), asked(id=2), asked(id=3, kind="other", least=1)]
    assert propose_need(needs, [], "picture") == 2
    assert propose_need(needs, [], "document") == 1
    assert propose_need(needs, [given(1)], "report") == 3, "a paper serves for another paper"
    assert propose_need([asked(id=1, kind="document")], [], "picture") is None, "a photograph never does"


def test_lights_hold_over_the_new_year() -> None:
    assert due_light(date(2019, 12, 31), date(2020, 1, 2), 3, DAYS).text == "逾期1天"
    assert due_light(date(2020, 1, 2), date(2019, 12, 31), 3, DAYS).days == 1
