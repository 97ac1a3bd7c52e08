"""Everything that can happen to a campaign, through the door."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from taizhang.campaigns import actions, queries
from taizhang.campaigns.models import Campaign, Holiday, Stage, Step, Track, Window, Year
from taizhang.campaigns.queries import overview
from taizhang.campaigns.rules.holidays import HolidayRow
from taizhang.campaigns.rules.stages import StagePlan
from taizhang.campaigns.rules.states import YearState
from taizhang.campaigns.rules.windows import WindowPlan
from taizhang.journal.models import Entry
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.org.action import action
from taizhang.org.models import Cover, Post, Unit
from taizhang.org.permits import Permit, Role
from taizhang.standards.models import OwnerKind
from tests.people import City

from .world import standard, started

TODAY = date(2018, 6, 1)


@action("test.open_year", "启用", (Permit.CAMPAIGN_EDIT, "campaign.unit"))
def open_year(year: Year, *, by: Any) -> Year:
    """Stands for the ledger's own act, which lies a floor above."""
    return actions.mark_open(year, TODAY)


def refused(call: Any, *words: str) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    said = "\n".join([caught.value.message, *caught.value.problems])
    for word in words:
        assert word in said
    return caught.value


def test_start_makes_the_whole_campaign(people: City) -> None:
    campaign = started(people, standard("文明单位"))
    track = Track.objects.get(campaign=campaign)
    assert (track.owner.name, track.target_year) == ("创建办", 2020)
    assert [step.label for step in track.steps.all()] == [
        "牵头处室负责人审核", "活动组复核", "创建办核验", "分管领导审批",
    ]  # fmt: skip
    years = list(Year.objects.filter(campaign=campaign))
    assert [(y.year, y.theme, y.state) for y in years] == [
        (2018, "起步年", "planned"), (2019, "提升年", "planned"), (2020, "冲刺年", "planned"),
    ]  # fmt: skip
    assert Stage.objects.filter(year__campaign=campaign).count() == 12
    assert dict(years[0].windows.values_list("cadence", "grace_days"))["quarter"] == 10
    entry = Entry.objects.get(action="campaigns.start")
    assert entry.subject_id == campaign.pk and entry.refused == ""


def test_tracks_go_to_the_office_that_looks_after_the_standard(people: City) -> None:
    unit = people.units["甲局"]
    editions = [standard("党建", kind=OwnerKind.PARTY), standard("职工之家", kind=OwnerKind.UNION)]
    plan = queries.proposal(unit, editions, 2018, 2020, date(2018, 11, 15))
    assert [track.owner.name for track in plan.tracks] == ["机关党委", "机关工会"]
    assert [len(track.steps) for track in plan.tracks] == [3, 3]
    assert plan.years[1].assessed_on == date(2019, 11, 15)


def test_start_refuses_with_everything_that_is_wrong_and_saves_nothing(people: City) -> None:
    edition = standard("文明单位")
    plan = queries.proposal(people.units["甲局"], [edition], 2018, 2020)
    bad_track = replace(plan.tracks[0], steps=plan.tracks[0].steps[:1])
    bad_year = replace(plan.years[0], assessed_on=date(2019, 3, 1))
    refused(
        lambda: started(
            people, edition, "  ", tracks=[bad_track, plan.tracks[0]], years=[bad_year, *plan.years[1:]]
        ),
        "没有名称", "选了两个版本", "没有“按事项”的环节", "测评日 2019-03-01 不在本年度",
    )  # fmt: skip
    assert not Campaign.objects.exists() and not Track.objects.exists() and not Year.objects.exists()
    assert Entry.objects.filter(action="campaigns.start").exclude(refused="").count() == 1


@pytest.mark.parametrize(
    "more, words",
    [
        ({"first_year": 2020, "last_year": 2018}, "届满年 2018 早于起始年 2020"),
        ({"tracks": []}, "一套测评标准也没有选"),
        ({"years": []}, "缺 2018、2019、2020 年度"),
    ],
)
def test_start_refuses_bad_input(people: City, more: dict[str, Any], words: str) -> None:
    refused(lambda: started(people, standard("文明单位"), **more), words)


def test_start_refuses_overlapping_stages(people: City) -> None:
    edition = standard("文明单位")
    years = queries.proposal(people.units["甲局"], [edition], 2018, 2020).years
    stages = list(years[0].stages)
    stages[1] = replace(stages[1], starts_on=date(2018, 3, 1))
    refused(
        lambda: started(people, edition, years=[replace(years[0], stages=tuple(stages)), *years[1:]]), "重叠"
    )


def test_start_refuses_another_agencys_standard_and_owner_and_a_department_as_host(people: City) -> None:
    theirs = standard("乙局标准", people.units["乙局"])
    refused(lambda: started(people, theirs), "是其他单位的标准")
    edition = standard("文明单位")
    track = queries.proposal(people.units["甲局"], [edition], 2018, 2020).tracks[0]
    refused(
        lambda: started(people, edition, tracks=[replace(track, owner=people.units["乙局创建办"])]),
        "不属于甲局",
    )
    refused(lambda: started(people, edition, unit=people.units["办公室"], tracks=[track]), "不是机关")


def test_a_name_is_taken_once(people: City) -> None:
    edition = standard("文明单位")
    started(people, edition)
    refused(lambda: started(people, edition), "已有名为")


def test_once_gives_the_first_answer_again(people: City) -> None:
    edition = standard("文明单位")
    first = started(people, edition, once="key-1")
    assert started(people, edition, once="key-1") == first
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize("name", ["黎林波", "卢欣燕", "系统管理员", "市文明办", "乙局石玲佳", "无职务"])
def test_start_is_for_the_creation_office_only(people: City, name: str) -> None:
    with pytest.raises(NotPermitted):
        started(people, standard("文明单位"), by=people.users[name])
    assert not Campaign.objects.exists()


def test_add_track_once_per_standard(people: City) -> None:
    edition, other = standard("文明单位"), standard("党建", kind=OwnerKind.PARTY)
    campaign, clerk = started(people, edition), people.users["石玲佳"]
    plan = queries.proposal(people.units["甲局"], [edition, other], 2018, 2020)
    made = actions.add_track(campaign, by=clerk, track=plan.tracks[1])
    assert made.order == 1 and made.steps.count() == 3
    refused(lambda: actions.add_track(campaign, by=clerk, track=plan.tracks[0]), "不能再加一次")


def test_change_track(people: City) -> None:
    campaign, clerk = started(people, standard("文明单位")), people.users["石玲佳"]
    track = campaign.tracks.get()
    actions.change_track(
        track, by=clerk, owner=people.units["机关党委"], title="全国文明单位", target_year=2021
    )
    assert (track.owner.name, track.title, track.target_year) == ("机关党委", "全国文明单位", 2021)
    call = {"by": clerk, "owner": people.units["乙局创建办"], "title": "", "target_year": None}
    refused(lambda: actions.change_track(track, **call), "不属于甲局")
    call |= {"owner": people.units["创建办"], "target_year": 2001}
    refused(lambda: actions.change_track(track, **call), "目标年度 2001")


def test_change_steps_before_and_after_the_first_year_is_opened(people: City) -> None:
    campaign, clerk = started(people, standard("文明单位")), people.users["石玲佳"]
    track = campaign.tracks.get()
    short = [queries.plan_of(step) for step in track.steps.all()][1:]
    actions.change_steps(track, by=clerk, steps=short)
    assert [step.order for step in track.steps.all()] == [1, 2, 3]
    refused(lambda: actions.change_steps(track, by=clerk, steps=[]), "一个环节也没有")
    open_year(campaign.years.first(), by=clerk)
    keys = set(Step.objects.values_list("pk", flat=True))
    renamed = [replace(step, label=step.label + "（新）", may_be_paper=False) for step in short]
    actions.change_steps(track, by=clerk, steps=renamed)
    assert set(Step.objects.values_list("pk", flat=True)) == keys
    assert not track.steps.filter(may_be_paper=True).exists()
    refused(
        lambda: actions.change_steps(track, by=clerk, steps=renamed[1:]), "2018年度 已经启用", "不能再增减"
    )


def year_fields(year: Year, **more: Any) -> dict[str, Any]:
    names = ("theme", "starts_on", "ends_on", "assessed_on", "near_days", "fix_days")
    return {**{name: getattr(year, name) for name in names}, **more}


def test_change_year_as_one_whole(people: City) -> None:
    campaign, clerk = started(people, standard("文明单位")), people.users["石玲佳"]
    year = campaign.years.first()
    stages = [
        StagePlan("创建", date(2018, 1, 1), date(2018, 10, 31)),
        StagePlan("考评", date(2018, 11, 1), date(2018, 12, 31)),
    ]
    fields = year_fields(year, assessed_on=date(2018, 12, 5), near_days=5)
    actions.change_year(year, by=clerk, stages=stages, windows=[WindowPlan("month", 9, 30)], **fields)
    year.refresh_from_db()
    assert (year.assessed_on, year.near_days) == (date(2018, 12, 5), 5)
    assert [stage.name for stage in year.stages.all()] == ["创建", "考评"]
    assert list(year.windows.values_list("cadence", "grace_days", "shut_days")) == [("month", 9, 30)]


def test_change_year_refusals(people: City) -> None:
    campaign, clerk = started(people, standard("文明单位")), people.users["石玲佳"]
    year = campaign.years.first()

    def change(**more: Any) -> Any:
        return lambda: actions.change_year(year, by=clerk, **year_fields(year, **more))

    refused(change(assessed_on=date(2019, 2, 1)), "不在本年度")
    refused(change(assessed_on=date(2018, 10, 15), stages=[]), "没有阶段")
    refused(change(ends_on=date(2019, 1, 10)), "与 2018 年度（到 2019-01-10）重叠")
    with pytest.raises(Stale):
        actions.change_year(year, by=clerk, seen=year.version - 1, **year_fields(year))
    open_year(year, by=clerk)
    refused(change(starts_on=date(2018, 2, 1)), "起止日不能再改")
    actions.change_year(year, by=clerk, **year_fields(year, assessed_on=date(2018, 12, 10)))
    actions.close_year(year, by=clerk)
    refused(change(theme="别的"), "已经结束")
    actions.resume_year(year, by=clerk)
    assert year.state == YearState.OPEN


def test_change_stages_and_windows_by_themselves(people: City) -> None:
    campaign, clerk = started(people, standard("文明单位")), people.users["石玲佳"]
    year = campaign.years.first()
    actions.change_stages(
        year, by=clerk, stages=[StagePlan("全面创建", date(2018, 1, 1), date(2018, 12, 31))]
    )
    assert year.stages.count() == 1
    actions.change_windows(year, by=clerk, windows=[WindowPlan("week", 1)], near_days=2)
    assert Window.objects.get(year=year).grace_days == 1 and year.near_days == 2
    refused(lambda: actions.change_windows(year, by=clerk, windows=[WindowPlan("week", 999)]), "宽限 999 天")


def test_a_year_is_opened_once_and_closed_only_when_open(people: City) -> None:
    campaign, clerk = started(people, standard("文明单位")), people.users["石玲佳"]
    year = campaign.years.first()
    refused(lambda: actions.close_year(year, by=clerk), "未启用")
    assert open_year(year, by=clerk).opened_on == TODAY
    refused(lambda: open_year(year, by=clerk), "进行中")


def test_the_year_after_an_open_one_may_be_opened_though_the_first_never_was(people: City) -> None:
    """A unit that comes in the second year of its cycle leaves the first planned."""
    campaign, clerk = started(people, standard("文明单位")), people.users["石玲佳"]

    def openable() -> list[int]:
        rows = overview.year_rows(campaign, TODAY, True, "/items/", lambda name, *args: name)
        return [row.year for row in rows if row.open]

    assert openable() == [2018]
    open_year(campaign.years.get(year=2019), by=clerk)
    assert openable() == [2018, 2020]


def test_import_holidays_adds_and_replaces_and_the_calendar_follows(people: City) -> None:
    agency, clerk = people.units["甲局"], people.users["石玲佳"]
    day = date(2031, 10, 1)
    assert queries.calendar().is_workday(day) and not queries.calendar().known(2031)
    actions.import_holidays(agency, by=clerk, rows=[HolidayRow(day, False, "国庆节")])
    assert not queries.calendar().is_workday(day) and queries.calendar().known(2031)
    actions.import_holidays(agency, by=clerk, rows=[HolidayRow(day, True, "更正")])
    assert queries.calendar().is_workday(day) and Holiday.objects.get().name == "更正"
    refused(lambda: actions.import_holidays(agency, by=clerk, rows=[]), "一个日期也没有")
    with pytest.raises(NotPermitted):
        actions.import_holidays(agency, by=people.users["黎林波"], rows=[HolidayRow(day, False)])


def test_unsigned_steps_names_what_nobody_can_sign(people: City) -> None:
    campaign, agency = started(people, standard("文明单位", areas=1)), people.units["甲局"]
    Cover.objects.all().delete()
    said = queries.unsigned_steps(campaign, TODAY)
    assert "《文明单位》活动组复核：没有一个活动组既有组长又有负责的处室或方面" in "".join(said)
    Cover(group=people.groups["第一活动组"], area_code="1").save()
    assert not any("活动组复核" in text for text in queries.unsigned_steps(campaign, TODAY))
    Post.objects.filter(role=Role.LEADER).delete()
    Unit.objects.filter(agency=agency).update(leader=None)
    last = queries.unsigned_steps(campaign, TODAY)[-1]
    assert "分管领导审批：" in last and "没有分管领导" in last and "无法销号" in last


def test_current_is_the_chosen_year_else_the_newest_open_one_of_the_own_agency(people: City) -> None:
    edition, clerk = standard("文明单位"), people.users["石玲佳"]
    assert queries.current(clerk, TODAY) is None
    campaign = started(people, edition)
    first, second, _ = campaign.years.all()
    assert queries.current(clerk, TODAY).year == 2018  # nothing open: the nearest planned one
    open_year(first, by=clerk)
    now = queries.current(people.users["黎林波"], TODAY)
    assert (now.year, now.theme, now.stage, now.name) == (2018, "起步年", "全面创建", campaign.name)
    open_year(second, by=clerk)
    assert queries.current(clerk, TODAY).year == 2019
    assert queries.current(clerk, TODAY, first.pk).year == 2018
    assert queries.current(people.users["乙局石玲佳"], TODAY, first.pk) is None
    assert queries.current(people.users["东县文明办"], TODAY) is None
    assert queries.current(people.users["东县文明办"], TODAY, first.pk).year == 2018
    assert queries.stage_on(first, date(2018, 12, 1)) == "年度考评"
