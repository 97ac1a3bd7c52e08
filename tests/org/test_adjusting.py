"""Adjusting a group: through the door, on the pages, as a notice; the group and the chart on any day."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree

from taizhang.journal.models import Entry
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.org import actions, queries
from taizhang.org.actions.terms import finish
from taizhang.org.models import (
    Adjustment,
    Cover,
    Duty,
    FormerName,
    Group,
    Membership,
    Person,
    Post,
    Unit,
)
from taizhang.org.models.groups import GroupKind
from taizhang.org.permits import Permit, Role
from taizhang.org.queries.groups import adjustments_of, covers_on, members_on, singles_of
from taizhang.org.queries.roster import groups_now, on_day, posts_now
from taizhang.org.rules.facts import Groups
from taizhang.org.rules.plan import plan_groups
from tests.people import SINCE, City

pytestmark = pytest.mark.django_db
TODAY, MARCH, MAY, NEXT = date(2020, 6, 10), date(2020, 3, 15), date(2020, 5, 1), date(2020, 7, 1)
CLERK, OTHER, FILLER = "石玲佳", "乙局石玲佳", "朱辉斌"


@pytest.fixture
def c(people: City, settings: Any) -> City:
    """甲局 with duties behind its posts: 李洋华 leads the first activity group, 朱辉斌 and 白毅志 serve in it."""
    settings.TODAY = TODAY.isoformat()
    active, office = people.groups["第一活动组"], people.groups["创建办"]
    serving = [(active, "李洋华", "组长"), (active, "朱辉斌", "组员"), (active, "白毅志", "组员")]
    serving += [(office, "马华斌", "副主任"), (office, "石玲佳", "成员")]
    for order, (group, name, duty) in enumerate(serving, start=1):
        Duty(group=group, person=people.users[name].person, duty=duty, order=order, starts_on=SINCE).save()
    return people


def person(c: City, name: str) -> Person:
    found: Person = c.users[name].person
    return found


def row(c: City, name: str, group: str = "第一活动组") -> int:
    return Duty.objects.get(group=c.groups[group], person=person(c, name), ends_on=None).pk


def as_(c: City, name: str) -> Client:
    client = Client()
    client.force_login(c.users[name])
    return client


def adjust(c: City, day: date, *, group: str = "第一活动组", by: str = CLERK, **more: Any) -> Adjustment:
    made: Adjustment = actions.adjust_group(c.groups[group], by=c.users[by], effective_on=day, **more)
    return made


def new_leader(c: City, day: date) -> Adjustment:
    """李洋华 goes, 白毅志 leads, 郑审批 comes."""
    return adjust(
        c, day, doc_no="甲发〔2020〕3号", reason="人员变动", go=[row(c, "李洋华")],
        change={row(c, "白毅志"): ("组长", "抓总")}, come=[(person(c, "郑审批"), "组员", "对接审批")],
    )  # fmt: skip


def names(group: Group, day: date) -> list[tuple[str, str]]:
    return [(one.name, one.duty) for one in members_on(group, day)]


# ---- the act


def test_an_adjustment_in_the_past_ends_and_begins_terms_and_posts(c: City) -> None:
    group = c.groups["第一活动组"]
    made = new_leader(c, MAY)
    assert names(group, MARCH) == [("李洋华", "组长"), ("朱辉斌", "组员"), ("白毅志", "组员")]
    assert names(group, date(2020, 4, 30)) == names(group, MARCH)
    assert sorted(names(group, MAY)) == [("朱辉斌", "组员"), ("白毅志", "组长"), ("郑审批", "组员")]
    assert names(group, MAY)[0] == ("白毅志", "组长"), "who leads stands first"
    old = Post.objects.get(person=person(c, "李洋华"), role=Role.GROUP_LEADER)
    new = Post.objects.get(person=person(c, "白毅志"), role=Role.GROUP_LEADER)
    assert (old.ends_on, new.starts_on, new.ends_on) == (date(2020, 4, 30), MAY, None)
    assert [(one["kind"], one["name"]) for one in made.changes] == [
        ("go", "李洋华"), ("change", "白毅志"), ("come", "郑审批"),
    ]  # fmt: skip
    entry = Entry.objects.filter(action="org.adjust_group").latest("id")
    assert entry.label == "调整工作组" and not entry.refused


def test_the_new_leader_may_review_and_the_old_one_may_not(c: City) -> None:
    agency = c.units["甲局"]
    new_leader(c, TODAY)
    assert queries.may(c.users["白毅志"], Permit.LEDGER_REVIEW, agency)
    c.users["李洋华"]._posts = None
    assert not queries.may(c.users["李洋华"], Permit.LEDGER_REVIEW, agency)
    holders = queries.holders(agency, TODAY)
    assert holders.group_leaders("1", None) == (person(c, "白毅志").pk,)


def test_a_future_adjustment_shows_as_coming_and_changes_nothing_today(c: City) -> None:
    group, agency = c.groups["第一活动组"], c.units["甲局"]
    before = groups_now(agency, TODAY), posts_now(agency, TODAY)
    new_leader(c, NEXT)
    assert names(group, TODAY) == [("李洋华", "组长"), ("朱辉斌", "组员"), ("白毅志", "组员")]
    assert (groups_now(agency, TODAY), posts_now(agency, TODAY)) == before
    assert not queries.may(c.users["白毅志"], Permit.LEDGER_REVIEW, agency)
    page = as_(c, FILLER).get(reverse("group", args=[group.pk])).content.decode()
    assert "将要任职" in page and "2020-07-01" in page and "未生效" in page
    listed = as_(c, FILLER).get(reverse("groups")).content.decode()
    assert "李洋华" in listed and "白毅志" not in listed
    with clock.on(NEXT):
        assert names(group, NEXT)[0] == ("白毅志", "组长")
        assert queries.holders(agency, NEXT).group_leaders("1", None) == (person(c, "白毅志").pk,)


def test_a_future_adjustment_can_be_taken_back_whole(c: City) -> None:
    group = c.groups["第一活动组"]
    duties = list(Duty.objects.order_by("pk").values_list("pk", "duty", "starts_on", "ends_on"))
    posts = list(Post.objects.order_by("pk").values_list("pk", "role", "starts_on", "ends_on"))
    made = new_leader(c, NEXT)
    assert Duty.objects.count() > len(duties)
    actions.withdraw_adjustment(made, by=c.users[CLERK])
    assert list(Duty.objects.order_by("pk").values_list("pk", "duty", "starts_on", "ends_on")) == duties
    assert list(Post.objects.order_by("pk").values_list("pk", "role", "starts_on", "ends_on")) == posts
    assert not Adjustment.objects.filter(group=group).exists()


def test_a_plan_upon_a_plan_is_taken_back_first(c: City) -> None:
    first = new_leader(c, NEXT)
    second = adjust(c, NEXT, change={row(c, "郑审批"): ("副组长", "")})
    with pytest.raises(Refused, match="先撤回后一次"):
        actions.withdraw_adjustment(first, by=c.users[CLERK])
    actions.withdraw_adjustment(second, by=c.users[CLERK])
    assert ("郑审批", "组员") in names(c.groups["第一活动组"], NEXT)
    actions.withdraw_adjustment(first, by=c.users[CLERK])
    assert ("郑审批", "组员") not in names(c.groups["第一活动组"], NEXT)


def test_what_took_effect_is_not_taken_back(c: City) -> None:
    with pytest.raises(Refused, match="已于 2020年6月10日 生效，不能撤回"):
        actions.withdraw_adjustment(new_leader(c, TODAY), by=c.users[CLERK])


def test_an_adjustment_before_the_last_is_refused_and_noted(c: City) -> None:
    new_leader(c, MAY)
    with pytest.raises(Refused, match="不能早于上一次调整：上一次从 2020年5月1日 起生效"):
        adjust(c, date(2020, 4, 30), go=[row(c, "朱辉斌")])
    assert "不能早于上一次调整" in Entry.objects.latest("id").refused
    adjust(c, MAY, go=[row(c, "朱辉斌")])  # the same day is no earlier day


def test_strangers_and_leavers_are_refused(c: City) -> None:
    with pytest.raises(Refused, match="不是“甲局”的人"):
        adjust(c, TODAY, come=[(person(c, "乙局朱辉斌"), "组员", "")])
    gone = person(c, "郑审批")
    Person.objects.filter(pk=gone.pk).update(left_on=date(2020, 5, 20))
    gone.refresh_from_db()
    with pytest.raises(Refused, match="已于 2020年5月20日 离开本机关"):
        adjust(c, TODAY, come=[(gone, "组员", "")])
    with pytest.raises(NotPermitted):
        adjust(c, TODAY, by=FILLER, go=[row(c, "李洋华")])
    with pytest.raises(NotPermitted):
        adjust(c, TODAY, by=OTHER, go=[row(c, "李洋华")])
    assert not Adjustment.objects.exists()


def test_nothing_is_half_done(c: City) -> None:
    before = list(Duty.objects.order_by("pk").values())
    with pytest.raises(Refused, match="出现了两次"):
        adjust(c, TODAY, go=[row(c, "李洋华")], come=[(person(c, "郑审批"), "组员", "")] * 2)
    assert list(Duty.objects.order_by("pk").values()) == before


def test_a_form_that_did_not_show_everybody_is_stale(c: City) -> None:
    shown = list(Duty.objects.filter(group=c.groups["第一活动组"]).values_list("pk", flat=True))
    actions.give_duty(c.groups["第一活动组"], by=c.users[CLERK], person=person(c, "郑审批"), duty="组员")
    with pytest.raises(Stale, match="名单刚被他人修改过"):
        adjust(c, TODAY, go=[row(c, "李洋华")], shown=shown)


def test_posts_of_two_duties_stay_while_one_lasts(c: City) -> None:
    office = c.groups["创建办"]
    actions.give_duty(office, by=c.users["马华斌"], person=person(c, CLERK), duty="副主任")
    heads = Post.objects.filter(person=person(c, CLERK), role=Role.HEAD, unit=c.units["创建办"])
    clerks = Post.objects.filter(person=person(c, CLERK), role=Role.OFFICE)
    assert heads.count() == 1 and clerks.count() == 1
    mine = Duty.objects.get(group=office, person=person(c, CLERK), duty="成员")
    adjust(c, NEXT, group="创建办", by="马华斌", go=[mine.pk])
    assert clerks.get().ends_on is None, "副主任 still brings it"
    actions.end_duty(
        Duty.objects.get(group=office, person=person(c, CLERK), duty="副主任"), by=c.users["马华斌"]
    )
    assert not heads.exists(), "began today, so it never was"
    assert clerks.get().ends_on == date(2020, 6, 30), "now only the duty that ends on that day brings it"


def test_covers_change_and_are_shown_as_they_were(c: City) -> None:
    group, agency = c.groups["第一活动组"], c.units["甲局"]
    law = c.units["法规处"]
    adjust(c, MAY, covers=([law, c.units["审批处"]], ["1", "3"]))
    assert set(Cover.objects.filter(group=group).values_list("unit__name", "area_code")) == {
        ("法规处", ""), ("审批处", ""), (None, "1"), (None, "3"),
    }  # fmt: skip
    assert covers_on(agency, MARCH)[group.pk].areas == ("1",) and not covers_on(agency, MARCH)[group.pk].units
    assert covers_on(agency, MAY)[group.pk].areas == ("1", "3")
    with pytest.raises(Refused, match="不能预先调整"):
        adjust(c, NEXT, covers=([law], ["1"]))
    with pytest.raises(Refused, match="不是本机关的单位"):
        adjust(c, TODAY, covers=([c.units["乙局法规处"]], ["1"]))


def test_a_group_that_ends_forgets_its_plans(c: City) -> None:
    new_leader(c, NEXT)
    actions.end_group(c.groups["第一活动组"], by=c.users[CLERK])
    assert not Adjustment.objects.exists() and not members_on(c.groups["第一活动组"], NEXT)


def test_the_leader_in_charge_of_the_office_follows_its_director(c: City) -> None:
    office, place = c.groups["创建办"], c.units["创建办"]
    top = c.unit("局领导", "leaders", c.units["甲局"])
    leader = person(c, "卢欣燕")
    Membership(person=leader, unit=top, main=True, starts_on=SINCE).save()
    Unit.objects.filter(pk=place.pk).update(leader=None)
    Post.objects.filter(person=leader, unit=place).delete()
    adjust(c, TODAY, group="创建办", come=[(leader, "主任", "")])
    place.refresh_from_db()
    assert place.leader_id == leader.pk
    assert Post.objects.filter(person=leader, unit=place, role=Role.LEADER, group=office).exists()
    adjust(c, TODAY, group="创建办", go=[row(c, "卢欣燕", "创建办")])
    place.refresh_from_db()
    assert place.leader_id is None


# ---- the pages


def typed(c: City, **more: Any) -> dict[str, Any]:
    """The form as it stands for the first activity group, with MORE typed into it."""
    group = c.groups["第一活动组"]
    group.refresh_from_db()
    data: dict[str, Any] = {
        "effective_on": "2020-05-01", "doc_no": "", "reason": "人员变动", "areas": "1", "lines": "3",
        "act": "preview", "seen": group.version, "once": "k1",
    }  # fmt: skip
    for duty in Duty.objects.filter(group=group, ends_on=None):
        data |= {f"do-{duty.pk}": "keep", f"duty-{duty.pk}": duty.duty, f"task-{duty.pk}": duty.task}
    return data | more


def looked(page: str) -> str:
    found = re.search(r'name="looked" value="(\w*)"', page)
    assert found
    return found[1]


def test_the_form_is_looked_at_before_it_is_saved(c: City) -> None:
    url, client = reverse("group_adjust", args=[c.groups["第一活动组"].pk]), as_(c, CLERK)
    assert 'value="2020-06-10"' in client.get(url).content.decode()
    data = typed(c, **{
        f"do-{row(c, '李洋华')}": "go", f"duty-{row(c, '白毅志')}": "副组长", "name-0": "郑审批", "duty-new-0": "组员",
    })  # fmt: skip
    page = client.post(url, data).content.decode()
    assert "将会怎样" in page and "还没有保存" in page
    for told in (
        "<b>郑审批</b> 任组员",
        "<b>李洋华</b> 不再任组长",
        "由组员改任副组长",
        "收回 甲局活动组组长",
    ):
        assert told in page, told
    assert "调整后本组没有组长：一级指标 1 的事项到“活动组组长”环节将无人签批" in page
    assert not Adjustment.objects.exists()
    # changed after the look: shown again, not saved
    again = client.post(url, data | {"act": "save", "looked": looked(page), "reason": "改了原因"})
    assert "内容有改动，还没有保存" in again.content.decode() and not Adjustment.objects.exists()
    saved = client.post(url, data | {"act": "save", "looked": looked(page)}, follow=True)
    assert saved.redirect_chain[0][0] == reverse("group", args=[c.groups["第一活动组"].pk])
    body = saved.content.decode()
    assert "已保存" in body and "调整后本组没有组长" in body
    assert Adjustment.objects.get().reason == "人员变动"
    # the same post once more is the same answer, not another adjustment
    client.post(url, data | {"act": "save", "looked": looked(page)})
    assert Adjustment.objects.count() == 1


WRONG = [
    ({"effective_on": "2016-01-01"}, 409, "不能早于成立日期"),
    ({"effective_on": "5月1日"}, 400, "日期不对，请写成 2026-06-10"),
    ({"name-0": "没有的人", "duty-new-0": "组员"}, 409, "没有找到“没有的人”"),
    ({"name-0": "郑审批", "duty-new-0": "组员", "name-1": "郑审批", "duty-new-1": "组长"}, 409, "出现了两次"),
    ({"name-0": "白毅志", "duty-new-0": "组长"}, 409, "“白毅志”已经在组里，任组员"),
    ({"duty-new-0": "组员"}, 409, "没有写姓名"),
    ({"name-0": "郑审批"}, 409, "任什么职务没有填"),
    ({}, 409, "没有任何改动"),
    ({"areas": "一二三四五六七八九十一二三四五六七八九十一"}, 400, "不像指标编号"),
]


@pytest.mark.parametrize(("more", "status", "told"), WRONG)
def test_bad_input_is_told_and_kept(c: City, more: dict[str, str], status: int, told: str) -> None:
    url = reverse("group_adjust", args=[c.groups["第一活动组"].pk])
    answer = as_(c, CLERK).post(url, typed(c, doc_no="甲发〔2020〕9号", **more))
    page = answer.content.decode()
    assert answer.status_code == status and told in page
    for text in ("甲发〔2020〕9号", *more.values()):
        assert text in page, "what was typed stays"


def test_two_people_of_one_name_need_the_number(c: City) -> None:
    twin = Person(agency=c.units["甲局"], staff_no="P900", name="郑审批", name_key="郑审批")
    twin.save()
    url, client = reverse("group_adjust", args=[c.groups["第一活动组"].pk]), as_(c, CLERK)
    page = client.post(url, typed(c, **{"name-0": "郑审批", "duty-new-0": "组员"})).content.decode()
    assert "有 2 个人叫“郑审批”" in page and "P900" in page
    page = client.post(url, typed(c, **{"name-0": "P900 郑审批", "duty-new-0": "组员"})).content.decode()
    assert "<b>郑审批</b> 任组员" in page


def test_more_lines_lose_nothing(c: City) -> None:
    url = reverse("group_adjust", args=[c.groups["第一活动组"].pk])
    data = typed(c, act="more", reason="换届", **{"name-2": "郑审批", f"task-{row(c, '朱辉斌')}": "写材料"})
    page = as_(c, CLERK).post(url, data).content.decode()
    assert 'name="name-7"' in page and 'name="name-8"' not in page
    assert 'value="郑审批"' in page and 'value="写材料"' in page and 'value="换届"' in page


def test_the_leader_of_two_activity_groups_is_warned_about(c: City) -> None:
    second = Group(unit=c.units["甲局"], kind=GroupKind.ACTIVITY, name="第二活动组", starts_on=SINCE)
    second.save()
    Duty(group=second, person=person(c, "白毅志"), duty="组长", starts_on=SINCE).save()
    url = reverse("group_adjust", args=[c.groups["第一活动组"].pk])
    data = typed(c, **{f"do-{row(c, '李洋华')}": "go", f"duty-{row(c, '白毅志')}": "组长"})
    page = as_(c, CLERK).post(url, data).content.decode()
    assert "“白毅志”同时还是第二活动组的组长" in page and "保存调整" in page


def test_last_march_is_shown_as_it_was(c: City) -> None:
    group, law = c.groups["第一活动组"], c.units["法规处"]
    adjust(c, date(2019, 1, 1), covers=([law], ["1"]))
    new_leader(c, MAY)
    FormerName(unit=law, name="政策法规处", until=date(2020, 4, 1)).save()
    FormerName(unit=law, name="法制处", until=date(2018, 4, 1)).save()
    client = as_(c, FILLER)
    page = client.get(reverse("group", args=[group.pk]), {"on": "2020-03-15"}).content.decode()
    assert "2020年3月15日" in page and "李洋华" in page.split("最近的调整")[0] and "政策法规处" in page
    assert "郑审批" not in page.split("最近的调整")[0] and "结束 李洋华" not in page
    page = client.get(reverse("group", args=[group.pk])).content.decode()
    assert "郑审批" in page and "政策法规处" not in page
    listed = client.get(reverse("groups"), {"on": "2020-03-15"}).content.decode()
    assert "李洋华" in listed and "政策法规处" in listed
    before = client.get(reverse("group", args=[group.pk]), {"on": "2016-12-31"}).content.decode()
    assert "那天还没有这个组" in before
    assert "不是日期" in client.get(reverse("group", args=[group.pk]), {"on": "三月"}).content.decode()


def test_two_days_stand_side_by_side(c: City) -> None:
    new_leader(c, MAY)
    url = reverse("group_history", args=[c.groups["第一活动组"].pk])
    page = as_(c, FILLER).get(url, {"first": "2020-03-15", "last": "2020-06-01"}).content.decode()
    table = page.split("历次调整</h2>")[0]
    for cells in ('郑审批</td><td class="mut">—</td><td>组员', '李洋华</td><td>组长</td><td class="mut">—'):
        assert cells in table
    assert "1 人没有变动" in table and "甲发〔2020〕3号" in page
    assert (
        "两天的成员和职务一样"
        in as_(c, FILLER).get(url, {"first": "2020-06-01", "last": "2020-06-02"}).content.decode()
    )


def test_who_may_and_who_may_not(c: City) -> None:
    made = new_leader(c, NEXT)
    group = c.groups["第一活动组"]
    for route, pk in (("group_history", group.pk), ("adjustment_notice", made.pk)):
        assert as_(c, FILLER).get(reverse(route, args=[pk])).status_code == 200
        assert as_(c, OTHER).get(reverse(route, args=[pk])).status_code == 404
    for route, pk in (("group_adjust", group.pk), ("adjustment_withdraw", made.pk)):
        assert as_(c, FILLER).post(reverse(route, args=[pk])).status_code == 403
        assert as_(c, OTHER).post(reverse(route, args=[pk])).status_code == 404
    assert as_(c, FILLER).get(reverse("group_adjust", args=[group.pk])).status_code == 403
    for route in ("group_chart", "group_chart_svg"):
        assert as_(c, FILLER).get(reverse(route)).status_code == 200
        assert as_(c, "无职务").get(reverse(route)).status_code == 404
    assert as_(c, CLERK).post(reverse("adjustment_withdraw", args=[made.pk])).status_code == 302
    assert not Adjustment.objects.exists()


def grow(c: City, many: int) -> None:
    """MANY more groups with members, covers and an adjustment each."""
    for i in range(many):
        unit = c.unit(f"增{many}处{i}", "department", c.units["甲局"])
        group = Group(unit=c.units["甲局"], kind=GroupKind.ACTIVITY, name=f"增{many}组{i}", starts_on=SINCE)
        group.save()
        Cover(group=group, unit=unit).save()
        Cover(group=group, area_code=f"{many}.{i}").save()
        FormerName(unit=unit, name=f"旧{i}", until=TODAY).save()
        for name in ("李洋华", "朱辉斌", "白毅志"):
            Duty(group=group, person=person(c, name), duty="组员", starts_on=SINCE).save()
            Duty(
                group=c.groups["第一活动组"], person=person(c, name), duty=f"成员{many}{i}", starts_on=SINCE
            ).save()
        for one in (group, c.groups["第一活动组"]):
            Adjustment(group=one, effective_on=MAY, at=clock.now(), by=person(c, name), changes=[]).save()


@pytest.mark.parametrize(
    "route", ["groups", "group_chart", "group_chart_svg", "group", "group_history", "group_adjust"]
)
def test_queries_do_not_grow(c: City, route: str) -> None:
    url = reverse(
        route, args=[c.groups["第一活动组"].pk] if route in ("group", "group_history", "group_adjust") else []
    )
    client = as_(c, CLERK)
    counts = []
    for many in (2, 9):
        grow(c, many)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(url, {"on": MARCH.isoformat()}).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 24, counts


# ---- the notice and the chart


def test_the_notice_is_an_official_document(c: City) -> None:
    made = new_leader(c, MAY)
    answer = as_(c, FILLER).get(reverse("adjustment_notice", args=[made.pk]))
    assert "wordprocessingml" in answer["Content-Type"]
    book = Document(BytesIO(answer.content))
    texts = [one.text for one in book.paragraphs]
    assert texts[0] == "甲发〔2020〕3号" and "关于调整第一活动组成员的通知" in texts and "各处室：" in texts
    assert "因人员变动，经研究，决定从2020年5月1日起，对第一活动组成员作如下调整：" in texts
    assert "（一）增加：郑审批任组员。" in texts and "（三）退出：李洋华不再担任组长。" in texts
    listed = texts[texts.index("二、调整后的组成人员") + 1 :]
    assert listed[:2] == ["组长：白毅志", "组员：朱辉斌、郑审批"]
    assert texts[-2:] == ["甲局", "2020年6月10日"]
    page = book.sections[0]
    assert [round(one.mm) for one in (page.page_width, page.top_margin, page.left_margin)] == [210, 37, 28]
    title = next(one for one in book.paragraphs if "关于调整" in one.text)
    body = next(one for one in book.paragraphs if one.text.startswith("因人员变动"))
    assert (title.runs[0].font.size, body.runs[0].font.size) == (Pt(22), Pt(16))
    assert body.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert body.paragraph_format.first_line_indent == Pt(32)
    with ZipFile(BytesIO(answer.content)) as parts:
        assert b"PAGE" in b"".join(parts.read(one) for one in parts.namelist() if "footer" in one)


def chart(c: City, **query: str) -> list[str]:
    answer = as_(c, FILLER).get(reverse("group_chart_svg"), query)
    root = etree.fromstring(answer.content)
    assert answer["Content-Type"] == "image/svg+xml"
    return [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_chart_is_drawn_from_the_data_of_the_day(c: City) -> None:
    top = c.unit("局领导", "leaders", c.units["甲局"])
    Membership(person=person(c, "卢欣燕"), unit=top, main=True, starts_on=SINCE).save()
    adjust(c, date(2019, 1, 1), covers=([c.units["法规处"]], ["1"]))
    new_leader(c, MAY)
    FormerName(unit=c.units["法规处"], name="政策法规处", until=date(2020, 4, 1)).save()
    now, then = chart(c), chart(c, on="2020-03-15")
    for one in ("局领导", "卢欣燕", "第一活动组", "一级指标 1", "共 3 人", "未归组", "办公室", "审批处"):
        assert one in now and one in then, one
    assert "组长 白毅志" in now and "组长 李洋华" in then and "组长 李洋华" not in now
    assert "法规处" in now and "政策法规处" in then and "法规处" not in then
    page = as_(c, FILLER).get(reverse("group_chart")).content.decode()
    assert f'<a href="{reverse("group", args=[c.groups["第一活动组"].pk])}">' in page and "<svg" in page
    assert "个处室不在任何活动组" in page and "chartlist" in page


def test_a_chart_without_groups_says_so(c: City) -> None:
    page = as_(c, FILLER).get(reverse("group_chart"), {"on": "2016-01-01"}).content.decode()
    assert "那天还没有工作组" in page and "<svg xmlns" not in page


def test_an_adjustment_is_listed_newest_first(c: City) -> None:
    new_leader(c, MARCH)
    adjust(c, MAY, go=[row(c, "朱辉斌")])
    assert [one.effective_on for one in adjustments_of(c.groups["第一活动组"])] == [MAY, MARCH]


def test_an_import_that_changes_a_group_is_in_its_history(c: City) -> None:
    """And a second import of the same changes nothing and writes nothing."""
    agency, group = c.units["甲局"], c.groups["第一活动组"]
    now = groups_now(agency, TODAY)
    fact = now.groups["第一活动组"]
    duties = tuple(pair for pair in fact.duties if pair[0][1] != "组长")
    wanted = Groups(now.groups | {"第一活动组": replace(fact, duties=duties, areas=("1", "2"))}, now.rhythms)
    for _ in range(2):
        before = groups_now(agency, TODAY)
        plan = plan_groups(before, wanted, posts_now(agency, TODAY), named=set(wanted.groups), leaders=set())
        actions.import_groups(agency, by=c.users[CLERK], plan=plan)
    made = Adjustment.objects.get()
    assert (made.group, made.reason) == (group, "整表导入工作组")
    assert [(one["kind"], one.get("name")) for one in made.changes] == [("go", "李洋华"), ("cover", None)]
    assert covers_on(agency, MARCH)[group.pk].areas == ("1",) and covers_on(agency, TODAY)[
        group.pk
    ].areas == ("1", "2")
    assert ("李洋华", "组长") in names(group, MARCH) and ("李洋华", "组长") not in names(group, TODAY)


def test_an_import_that_changes_a_task_keeps_the_task_of_a_past_day(c: City) -> None:
    agency, group = c.units["甲局"], c.groups["第一活动组"]
    Duty.objects.filter(group=group, duty="组长").update(task="抓总")
    now = groups_now(agency, TODAY)
    fact = now.groups["第一活动组"]
    duties = tuple(
        ((who, duty), ("签批", order)) if duty == "组长" else ((who, duty), (task, order))
        for (who, duty), (task, order) in fact.duties
    )
    wanted = Groups(now.groups | {"第一活动组": replace(fact, duties=duties)}, now.rhythms)
    plan = plan_groups(now, wanted, posts_now(agency, TODAY), named=set(wanted.groups), leaders=set())
    actions.import_groups(agency, by=c.users[CLERK], plan=plan)
    assert [one.task for one in members_on(group, MARCH) if one.duty == "组长"] == ["抓总"]
    assert [one.task for one in members_on(group, TODAY) if one.duty == "组长"] == ["签批"]
    assert [(one["kind"], one["was_task"], one["task"]) for one in Adjustment.objects.get().changes] == [
        ("change", "抓总", "签批")
    ]
    assert [post.role for post in Post.objects.filter(on_day(TODAY), group=group, person=person(c, "李洋华"))]


# ---- single duties


def test_who_came_and_went_without_an_adjustment_is_in_the_history(c: City, settings: Any) -> None:
    """Whatever way a duty was given or ended, a past day is right and the list of changes tells it."""
    group = c.groups["第一活动组"]
    new_leader(c, MARCH)
    settings.TODAY = MAY.isoformat()
    actions.give_duty(group, by=c.users[CLERK], person=person(c, "黎林波"), duty="组员")
    settings.TODAY = TODAY.isoformat()
    actions.end_duty(Duty.objects.get(group=group, person=person(c, "黎林波")), by=c.users[CLERK])
    actions.leave(person(c, "白毅志"), by=c.users[CLERK])
    assert ("黎林波", "组员") in names(group, MAY) and ("黎林波", "组员") not in names(group, TODAY)
    told = [(one.on, one.kind, one.name, one.duty) for one in singles_of(group, adjustments_of(group))]
    assert told == [
        (TODAY, "go", "白毅志", "组长"),
        (TODAY, "go", "黎林波", "组员"),
        (MAY, "come", "黎林波", "组员"),
    ]
    text = as_(c, FILLER).get(reverse("group_history", args=[group.pk])).content.decode()
    assert (
        "黎林波 任组员" in text
        and "白毅志 不再任组长" in text
        and "单独办理，没有通知" in text
        and "3 次变动" in text
    )


def test_what_an_adjustment_gave_and_was_ended_the_same_day_is_told(c: City) -> None:
    group = c.groups["第一活动组"]
    adjust(c, TODAY, come=[(person(c, "郑审批"), "组员", "")])
    actions.end_duty(Duty.objects.get(group=group, person=person(c, "郑审批")), by=c.users[CLERK])
    told = singles_of(group, adjustments_of(group))
    assert [(one.on, one.kind, one.name) for one in told] == [(TODAY, "go", "郑审批")]
    adjust(c, TODAY, go=[row(c, "朱辉斌")])
    assert len(singles_of(group, adjustments_of(group))) == 1


def test_what_is_over_does_not_end_once_more(c: City) -> None:
    """A second click, or a page of last week, must not lengthen a term that ended long ago."""
    group = c.groups["第一活动组"]
    old = row(c, "李洋华")
    new_leader(c, MARCH)
    duty = Duty.objects.get(pk=old)
    with pytest.raises(Refused, match="“李洋华”的组长已于 2020-03-14 结束"):
        actions.end_duty(duty, by=c.users[CLERK])
    answer = as_(c, CLERK).post(reverse("duty_end", args=[old]), {"once": "x1"})
    assert answer.status_code == 409
    assert Duty.objects.get(pk=old).ends_on == date(2020, 3, 14)
    Group.objects.filter(pk=group.pk).update(ends_on=MAY)
    group.refresh_from_db()
    with pytest.raises(Refused, match="已于 2020-05-01 撤销"):
        actions.end_group(group, by=c.users[CLERK])
    post = Post.objects.filter(person=person(c, "李洋华"), group=group).get()
    before = post.ends_on
    finish(post, TODAY)
    post.refresh_from_db()
    assert before is not None and post.ends_on == before
