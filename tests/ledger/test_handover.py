"""工作交接: nobody moves or leaves with anything open unnoticed."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.ledger import actions
from taizhang.ledger.models import Ask, Item
from taizhang.ledger.queries import at_step
from taizhang.ledger.queries.handover import handover_of, leavers_of
from taizhang.ledger.rules.handover import Held, Purpose
from taizhang.org import actions as org
from taizhang.org.models import Contact, Deputy, Duty, Membership, Person, Post, Unit
from taizhang.org.queries import alive

from ..people import SINCE, City
from .pages import browser, words
from .world import TODAY, World, hand_out, world


@pytest.fixture
def w(people: City, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = TODAY
    return made


def person(w: World, name: str) -> Person:
    return Person.objects.get(pk=w.user(name).person.pk)


def open_of(who: Person) -> set[int]:
    rows = Item.objects.filter(person=who).exclude(status__in=["closed", "waived"])
    return set(rows.values_list("pk", flat=True))


def filled(page: Any) -> dict[str, str]:
    """What the form of the page would post as it stands."""
    html = page.content.decode()
    form = re.findall(r'(?s)<form method="post">.*?</form>', html)[-1]
    found = {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    }
    for name, inside in re.findall(r'(?s)<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def laden(w: World, name: str) -> Person:
    """NAME with one of everything that somebody may hold."""
    who, clerk = person(w, name), w.user("石玲佳")
    Duty(group=w.people.groups["第一活动组"], person=who, duty="副组长", task="统筹", starts_on=SINCE).save()
    Deputy(person=person(w, "朱辉斌"), stand_in=who).save()
    Contact(
        agency=w.people.units["甲局"], leader=who, kind="community", place="幸福社区", starts_on=SINCE
    ).save()
    actions.hand_on(w.item("1.1.1"), by=clerk, person=who, leader=who)
    return who


def test_everything_is_on_the_page(w: World) -> None:
    who = laden(w, "黎林波")
    Ask(item=w.item("1.1.3"), kind="extension", reason="来不及", by=who, at=clock.now()).save()
    page = words(browser(w, "石玲佳").get(f"/ledger/handover/{who.pk}/?for=leave"))
    for told in ("Ⅲ-1 领导小组月度调度", "分管的事项", "办公室 负责人", "第一党支部 负责人", "第一活动组 副组长", "统筹", "朱辉斌 的AB角",
                 "幸福社区", "社区包联", "交出后“办公室”没有负责人，它的审核环节没有人签", "延期申请还没有批复"):  # fmt: skip
        assert told in page, told


def test_what_only_this_person_can_sign_is_said(w: World) -> None:
    slot = w.slot("1.1.3")
    actions.submit(slot, by=w.user("朱辉斌"), conclusion="完成")
    page = words(browser(w, "石玲佳").get(f"/ledger/handover/{person(w, '黎林波').pk}/?for=leave"))
    assert "2020 年度有 1 处等本人审核签批，其中 1 处只有本人能签" in page


def test_leaving_hands_everything_over_in_one_act(w: World) -> None:
    who, taker = laden(w, "黎林波"), person(w, "崔怡欣")
    mine = open_of(who)
    clerk = browser(w, "石玲佳")
    url = f"/ledger/handover/{who.pk}/?for=leave"
    typed = filled(clerk.get(url)) | {"all": str(taker.pk)}
    deputy = next(name for name in typed if name.startswith("t-deputy"))
    assert typed[deputy] == "", "朱辉斌 is proposed for all, and cannot be his own AB角"
    typed[deputy] = "all"
    leader = str(person(w, "卢欣燕").pk)
    assert {value for name, value in typed.items() if name.startswith(("t-leader", "t-contact"))} == {"lead"}
    typed["lead"] = leader
    answer = clerk.post(url, typed)
    assert answer.status_code == 302, words(answer)[:3000]
    who.refresh_from_db()
    assert who.left_on == date.fromisoformat(TODAY)
    assert not open_of(who) and open_of(taker) >= mine
    assert w.item("1.1.1").leader == person(w, "卢欣燕")
    assert Post.objects.filter(
        alive(who.left_on), person=taker, unit=w.people.units["办公室"], role="head"
    ).exists()
    assert Duty.objects.filter(alive(who.left_on), person=taker, duty="副组长", task="统筹").exists()
    assert Deputy.objects.get(person=person(w, "朱辉斌")).stand_in == taker
    now = Contact.objects.get(ends_on=None)
    assert (now.leader, now.place, now.starts_on) == (person(w, "卢欣燕"), "幸福社区", who.left_on)
    assert Contact.objects.get(leader=who).ends_on == date(2020, 6, 9), "whose it was until then is kept"
    assert leavers_of([w.people.units["甲局"].pk]) == []


def test_the_taken_post_signs_what_waited(w: World) -> None:
    who, taker = person(w, "黎林波"), person(w, "崔怡欣")
    slot = w.slot("1.1.3")
    actions.submit(slot, by=w.user("朱辉斌"), conclusion="完成")
    slot.refresh_from_db()
    found = handover_of(who, Purpose.LEAVE, date.fromisoformat(TODAY))
    actions.see_off(who, by=w.user("石玲佳"), takers={line.key: taker.pk for line in found.lines})
    here = at_step(w.item("1.1.3"), slot)
    assert here is not None and [pk for pk, _ in here.people] == [taker.pk]


def test_nothing_is_left_without_a_taker_unless_it_is_said(w: World) -> None:
    who, clerk = laden(w, "黎林波"), browser(w, "石玲佳")
    url = f"/ledger/handover/{who.pk}/?for=leave"
    typed = filled(clerk.get(url))
    half = clerk.post(url, typed | {"all": ""})
    assert half.status_code == 409 and "没有选谁接手" in words(half)
    nobody = {name: "nobody" if name.startswith("t-") else value for name, value in typed.items()}
    refused = clerk.post(url, nobody)
    assert refused.status_code == 409 and "勾选“暂无人接，列入覆盖检查”" in words(refused)
    assert 'value="nobody" selected' in refused.content.decode(), "what was chosen is still chosen"
    who.refresh_from_db()
    assert who.left_on is None
    done = clerk.post(url, nobody | {"open_ok": "1", "once": "another"}, follow=True)
    assert "暂无人接，已列入覆盖检查" in words(done)
    found = leavers_of([w.people.units["甲局"].pk])
    assert [(one.name, one.items, one.led) for one in found] == [("黎林波", 1, 1)]
    assert "已离开" in words(clerk.get(f"/ledger/items/{w.item('1.1.1').pk}/"))


def test_what_came_up_meanwhile_is_not_forgotten(w: World) -> None:
    who, taker = person(w, "崔怡欣"), person(w, "朱辉斌")
    found = handover_of(who, Purpose.LEAVE, date.fromisoformat(TODAY))
    takers = {line.key: taker.pk for line in found.lines}
    actions.set_lead(w.item("1.2.5"), by=w.user("石玲佳"), lead=None, person=who)
    with pytest.raises(Refused, match="还有 1 处没有选谁接手，第一处是“Ⅲ-9 年度总结”"):
        actions.see_off(who, by=w.user("石玲佳"), takers=takers)


def test_a_refusal_in_the_middle_leaves_everything_as_it_was(w: World) -> None:
    who, mine = person(w, "崔怡欣"), open_of(person(w, "崔怡欣"))
    found = handover_of(who, Purpose.LEAVE, date.fromisoformat(TODAY))
    takers: dict[str, int | None] = {line.key: person(w, "朱辉斌").pk for line in found.lines}
    takers[next(line.key for line in found.lines if line.held == Held.POST)] = person(w, "乙局朱辉斌").pk
    with pytest.raises(Refused, match="不是“甲局”的人"):
        actions.see_off(who, by=w.user("石玲佳"), takers=takers)
    assert open_of(who) == mine and person(w, "崔怡欣").left_on is None


def test_bad_takers_are_told(w: World) -> None:
    who, clerk = person(w, "崔怡欣"), w.user("石玲佳")
    found = handover_of(who, Purpose.LEAVE, date.fromisoformat(TODAY))
    with pytest.raises(Refused, match="不能移交给本人"):
        actions.see_off(who, by=clerk, takers={line.key: who.pk for line in found.lines})
    with pytest.raises(Refused, match="不在名单里"):
        actions.see_off(who, by=clerk, takers={line.key: 999_999 for line in found.lines})
    gone = person(w, "朱辉斌")
    org.leave(gone, by=clerk)
    with pytest.raises(Refused, match="不是本机关的在职人员"):
        actions.see_off(who, by=clerk, takers={line.key: gone.pk for line in found.lines})
    with pytest.raises(NotPermitted):
        actions.see_off(who, by=w.user("黎林波"), takers={})
    with pytest.raises(Refused, match="不能给自己办理离开"):
        own = person(w, "石玲佳")
        lines = handover_of(own, Purpose.LEAVE, date.fromisoformat(TODAY)).lines
        actions.see_off(own, by=clerk, takers={line.key: None for line in lines}, open_ok=True)


def test_moving_hands_over_the_old_departments_work(w: World) -> None:
    """Items of 办公室 stay with a colleague, those of others go along; the post of head cannot go along."""
    who, clerk = person(w, "黎林波"), w.user("石玲佳")
    actions.set_lead(w.item("1.1.1"), by=clerk, lead=None, person=who)
    actions.set_lead(w.item("1.2.5"), by=clerk, lead=None, person=who)
    browse, law = browser(w, "石玲佳"), w.people.units["法规处"]
    url = f"/ledger/handover/{who.pk}/?for=move"
    page = browse.get(url)
    typed = filled(page) | {"all": str(person(w, "朱辉斌").pk)}
    assert typed[f"t-item-{w.item('1.1.1').pk}"] == "all" and typed[f"t-item-{w.item('1.2.5').pk}"] == "stay"
    without = browse.post(url, typed)
    assert without.status_code == 409 and "请选调到哪个处室" in words(without)
    answer = browse.post(url, typed | {"department": str(law.pk), "once": "again"})
    assert answer.status_code == 302, words(answer)[:2000]
    assert w.item("1.1.1").person == person(w, "朱辉斌") and w.item("1.2.5").person == who
    today = date.fromisoformat(TODAY)
    assert Membership.objects.get(alive(today), person=who, main=True).unit == law
    heads = Post.objects.filter(alive(today), unit=w.people.units["办公室"], role="head")
    assert [post.person for post in heads] == [person(w, "朱辉斌")]
    branch = Post.objects.filter(alive(today), unit=w.people.units["第一党支部"], role="head")
    assert [post.person for post in branch] == [who], "the branch went along"


def test_a_move_to_where_one_is_is_refused(w: World) -> None:
    with pytest.raises(Refused, match="不用调动"):
        actions.transfer(
            person(w, "朱辉斌"), by=w.user("石玲佳"), department=w.people.units["办公室"], takers={}
        )


def test_a_secondment_proposes_the_work_at_home(w: World) -> None:
    who, clerk = person(w, "崔怡欣"), browser(w, "石玲佳")
    org.second(who, by=w.user("石玲佳"), unit=w.people.units["创建办"], share=100)
    url = f"/ledger/handover/{who.pk}/?for=second"
    typed = filled(clerk.get(url))
    assert {value for name, value in typed.items() if name.startswith("t-")} == {"all"}
    keep = min(name for name in typed if name.startswith("t-item"))
    assert clerk.post(url, typed | {keep: "stay"}).status_code == 302
    assert open_of(who) == {int(keep.split("-")[-1])}
    assert Membership.objects.filter(
        alive(date.fromisoformat(TODAY)), person=who, unit=w.people.units["办公室"]
    ).exists()
    assert "崔怡欣" in words(clerk.get("/ledger/handover/"))


def test_who_left_by_a_roster_is_noticed(w: World) -> None:
    """org's own leaving cannot see the ledger: the desk, the organisation's pages and a list of its own say so."""
    who, clerk = person(w, "崔怡欣"), browser(w, "石玲佳")
    number = len(open_of(who))
    org.leave(who, by=w.user("石玲佳"))
    told = f"有 1 名已离开人员名下还有 {number} 项未办"
    for url in ("/", "/org/", "/org/people/"):
        assert told in words(clerk.get(url)), url
        assert told not in words(browser(w, "黎林波").get(url)), "only who can do something about it"
    assert "崔怡欣" in words(clerk.get("/ledger/handover/"))
    url = f"/ledger/handover/{who.pk}/"
    page = clerk.get(url)
    assert "移交名下事项" in words(page)
    assert clerk.post(url, filled(page) | {"all": str(person(w, "朱辉斌").pk)}).status_code == 302
    assert not open_of(who) and told not in words(clerk.get("/"))


def test_the_person_page_leads_there(w: World) -> None:
    who = person(w, "崔怡欣")
    page = browser(w, "石玲佳").get(f"/org/people/{who.pk}/").content.decode()
    for purpose in ("leave", "move"):
        assert f"/ledger/handover/{who.pk}/?for={purpose}" in page
    assert browser(w, "石玲佳").get(f"/ledger/handover/{who.pk}/?for=fun").status_code == 404


def test_taking_over_single_things(w: World) -> None:
    """A taker who holds it already holds it once; nobody stands in for themselves."""
    who, clerk = person(w, "马华斌"), w.user("石玲佳")
    taker = person(w, "崔怡欣")
    office = Post.objects.get(person=person(w, "黎林波"), unit=w.people.units["办公室"])
    org.take_post(office, by=clerk, taker=who)
    again = Post.objects.get(person=who, unit=w.people.units["办公室"])
    org.take_post(again, by=clerk, taker=taker)
    assert (
        Post.objects.filter(
            alive(date.fromisoformat(TODAY)), unit=w.people.units["办公室"], role="head"
        ).count()
        == 1
    )
    row = Deputy(person=taker, stand_in=who)
    row.save()
    with pytest.raises(Refused, match="不能是本人"):
        org.take_stand_in(row, by=clerk, taker=taker)
    law = Unit.objects.get(pk=w.people.units["法规处"].pk)
    org.take_unit(law, by=clerk, taker=who)
    law.refresh_from_db()
    leaders = Post.objects.filter(alive(date.fromisoformat(TODAY)), unit=law, role="leader")
    assert law.leader == who and [post.person for post in leaders] == [who]
