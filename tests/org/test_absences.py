"""请假外出 and AB角 through the door and on the pages: who may note what, what is refused, what is said."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taizhang.journal.models import Entry
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org import actions
from taizhang.org.action import permitted
from taizhang.org.models import Absence, Deputy, Person, Post, Secondment, User
from taizhang.org.permits import Permit, Role
from taizhang.org.queries import may, people_of, posts_of, stand_ins_on
from taizhang.org.queries.journal import in_words
from tests.people import SINCE, City

from ..ledger.pages import words

pytestmark = pytest.mark.django_db
DAY = date(2020, 6, 10)
A, B, C, CLERK, LIAISON, FILLER = "黎林波", "郑审批", "李洋华", "石玲佳", "崔怡欣", "朱辉斌"


@pytest.fixture(autouse=True)
def day(settings: Any) -> None:
    settings.TODAY = DAY.isoformat()


def june(day: int) -> date:
    return date(2020, 6, day)


def line_up(c: City, whom: str, *stand_ins: str) -> None:
    found = [c.users[name].person for name in stand_ins]
    actions.set_stand_ins(c.users[whom].person, by=c.users[whom], stand_ins=found)


def away(c: City, whom: str, first: int, last: int | None, by: str = "", **more: Any) -> Absence:
    user = c.users[by or whom]
    made: Absence = actions.note_absence(
        c.users[whom].person, by=user, starts_on=june(first), ends_on=june(last) if last else None, **more
    )
    return made


def fresh(c: City, name: str) -> Any:
    return User.objects.get(pk=c.users[name].pk)


def can_review(c: City, name: str, unit: str = "办公室") -> bool:
    return may(fresh(c, name), Permit.LEDGER_REVIEW, c.units[unit])


# ---- the right comes and goes with the days


def test_the_posts_of_the_absent_appear_and_disappear_by_date(people: City, settings: Any) -> None:
    line_up(people, A, B)
    away(people, A, 11, 12)
    assert not can_review(people, B)  # it begins tomorrow
    for today, right in (("2020-06-11", True), ("2020-06-12", True), ("2020-06-13", False)):
        settings.TODAY = today
        assert can_review(people, B) is right, today
        assert can_review(people, A)  # away is not locked out
    settings.TODAY = "2020-06-11"
    assert not can_review(people, FILLER)  # nobody else


def test_after_handing_back_the_stand_in_has_no_right_at_once(people: City) -> None:
    line_up(people, A, B)
    made = away(people, A, 9, 20)
    assert can_review(people, B)
    actions.hand_back(made, by=people.users[A])
    made.refresh_from_db()
    assert made.ends_on == june(9) and not can_review(people, B)
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.label, entry.actor_name) == ("org.hand_back", "销假", A)
    with pytest.raises(Refused, match="已于 2020-06-09 结束"):
        actions.hand_back(made, by=people.users[A])


def test_back_on_the_first_day_it_never_was(people: City) -> None:
    made = away(people, A, 10, 20)
    actions.hand_back(made, by=people.users[A])
    assert not Absence.objects.exists()
    line = in_words([Entry.objects.latest("id")])[
        0
    ]  # the log of the person still tells for which days it was
    assert (line.label, line.subject) == ("销假", f"人员 {A}")
    assert line.details == ((f"请假外出 {A} 出差", (), "删除，原定 2020-06-10 至 2020-06-20"),)


def test_two_away_at_once_and_a_ring_of_three(people: City) -> None:
    for whom, stand_in in ((A, B), (B, C), (C, A)):
        line_up(people, whom, stand_in)
    ids = {name: people.users[name].person.pk for name in (A, B, C)}
    agency = people.units["甲局"].pk
    away(people, A, 10, 12)
    assert stand_ins_on(agency, DAY) == {ids[A]: ids[B]}
    away(people, B, 10, 12)
    assert stand_ins_on(agency, DAY) == {ids[A]: ids[C], ids[B]: ids[C]}
    assert people_of(fresh(people, C)) == (ids[C], ids[A], ids[B]) and can_review(people, C)
    away(people, C, 10, 12)
    assert stand_ins_on(agency, DAY) == {} and people_of(fresh(people, C)) == (ids[C],)


def test_keepers_of_the_system_are_not_stood_in_for(people: City) -> None:
    for keeper, permit in (("系统管理员", Permit.ACCOUNT_MANAGE), ("审计员", Permit.JOURNAL_VIEW)):
        line_up(people, keeper, B)
        away(people, keeper, 10, 12)
        assert not may(fresh(people, B), permit, people.units["甲局"]), keeper
    assert people_of(fresh(people, B)) == (people.users[B].person.pk,)


def test_who_left_stands_in_for_nobody_and_is_away_no_more(people: City) -> None:
    line_up(people, A, B, C)
    made, coming = away(people, B, 9, 30), away(people, A, 15, 16)
    actions.leave(people.users[B].person, by=people.users[CLERK])
    made.refresh_from_db()
    assert made.ends_on == june(9)
    ranks = list(
        Deputy.objects.filter(person=people.users[A].person).values_list("stand_in__name", flat=True)
    )
    assert ranks == [C] and coming.pk
    with pytest.raises(Refused, match="离开本机关"):
        away(people, B, 12, 13, by=CLERK)
    with pytest.raises(Refused, match="离开本机关，请换一位"):
        actions.set_stand_ins(
            people.users[A].person, by=people.users[A], stand_ins=[Person.objects.get(name=B)]
        )


def test_the_journal_says_for_whom_it_was_done(people: City) -> None:
    line_up(people, CLERK, B)
    away(people, CLERK, 10, 12)
    actions.change_unit(people.units["办公室"], by=people.users[B], short_name="办")
    entry = Entry.objects.latest("id")
    assert (entry.actor_name, entry.acting_for) == (B, CLERK)
    actions.change_unit(people.units["办公室"], by=people.users["马华斌"], short_name="公")
    assert Entry.objects.latest("id").acting_for == ""


@pytest.mark.parametrize("away_too", [False, True])
def test_permission_costs_the_same_for_one_post_and_for_fifty(people: City, away_too: bool) -> None:
    if away_too:
        line_up(people, A, B)
        away(people, A, 10, 12)
    counts = []
    for number in (1, 50):
        person = people.users[B].person
        while Post.objects.filter(person=person).count() < number:
            at = Post.objects.filter(person=person).count()
            Post(
                person=person,
                unit=people.units["审批处"],
                role=Role.FILLER,
                starts_on=SINCE.replace(year=1950 + at),
            ).save()
        user = fresh(people, B)
        user.person  # noqa: B018 -- read beforehand, as a request has it
        with CaptureQueriesContext(connection) as seen:
            assert may(user, Permit.LEDGER_REVIEW, people.units["办公室"]) is away_too
            may(user, Permit.ORG_EDIT, people.units["甲局"])
            posts_of(user)
            people_of(user)
        counts.append(len(seen))
    assert counts == ([3, 3] if away_too else [1, 1])


# ---- who may note it


@pytest.mark.parametrize(("by", "right"), [(A, True), (CLERK, True), (LIAISON, True), (B, False), (FILLER, False), ("系统管理员", False), ("乙局石玲佳", False), ("东县文明办", False)])  # fmt: skip
def test_who_may_note_an_absence(people: City, by: str, right: bool) -> None:
    """Oneself, the office, head and liaison of one's own department; nobody else."""
    if right:
        assert away(people, A, 12, 13, by=by).pk
        return
    with pytest.raises(NotPermitted):
        away(people, A, 12, 13, by=by)
    assert not Absence.objects.exists()


def test_nobody_gives_themselves_the_posts_of_another(people: City) -> None:
    line_up(people, A, LIAISON, CLERK)
    with pytest.raises(Refused, match="自己给自己授权"):
        away(people, A, 12, 13, by=LIAISON)
    away(people, LIAISON, 12, 12)
    with pytest.raises(Refused, match="自己给自己授权"):
        away(people, A, 12, 13, by=CLERK)  # on the 12th it would be the clerk
    made = away(people, A, 11, 11, by="马华斌")
    settings_day = clock.today()
    with pytest.raises(Refused, match="自己给自己授权"):
        actions.change_absence(
            made, by=people.users[LIAISON], starts_on=june(11), ends_on=june(11), kind="sick"
        )
    assert settings_day == DAY
    with pytest.raises(Refused, match="不能把自己设为"):
        actions.set_stand_ins(
            people.users[B].person, by=people.users[CLERK], stand_ins=[people.users[CLERK].person]
        )
    line_up(people, CLERK, A)
    assert permitted(people.users[CLERK], actions.set_stand_ins.action, people.users[B].person)
    assert not permitted(people.users[LIAISON], actions.set_stand_ins.action, people.users[B].person)


def test_a_stand_in_neither_keeps_the_posts_nor_gets_rid_of_them(people: City, as_: Any) -> None:
    """The head's stand-in has the head's posts, and with them no say in who is away and who stands in."""
    line_up(people, A, B)
    made = away(people, A, 9, 12)
    b, filler = people.users[B], people.users[FILLER].person
    url = reverse("absence_change", args=[made.pk])
    assert as_(B).get(url).status_code == 403
    assert as_(B).post(reverse("absence_back", args=[made.pk])).status_code == 403
    with pytest.raises(NotPermitted, match="不能以代理人的身份"):
        actions.change_absence(made, by=b, starts_on=june(9), ends_on=june(30), kind="trip")
    with pytest.raises(NotPermitted, match="不能以代理人的身份"):
        actions.note_absence(filler, by=b, starts_on=june(12))
    line_up(people, CLERK, B)
    away(people, CLERK, 10, 10)
    with pytest.raises(NotPermitted, match="不能以代理人的身份"):
        actions.set_stand_ins(filler, by=b, stand_ins=[people.users[C].person])
    assert as_(B).get(reverse("stand_ins", args=[filler.pk])).status_code == 403
    # one's own absence stays one's own, and the journal names nobody else
    away(people, B, 20, 21)
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.acting_for) == ("org.note_absence", "")


# ---- bad input


@pytest.mark.parametrize(("first", "last", "said"), [
    (june(12), june(11), "早于开始日期"), (june(2), june(20), "只能补登 7 天以内"), (date(2022, 6, 1), None, "请核对年份"),
])  # fmt: skip
def test_bad_days_are_told(people: City, first: date, last: date | None, said: str) -> None:
    with pytest.raises(Refused, match=said):
        actions.note_absence(people.users[A].person, by=people.users[A], starts_on=first, ends_on=last)
    assert not Absence.objects.exists()


def test_nobody_is_away_twice(people: City) -> None:
    made = away(people, A, 12, 14)
    for first, last in ((14, 15), (10, 12), (13, 13), (10, None)):
        with pytest.raises(Refused, match="6 月 12 日至 6 月 14 日已经登记"):
            away(people, A, first, last)
    away(people, A, 15, None)
    with pytest.raises(Refused, match="6 月 15 日起已经登记"):
        away(people, A, 20, 21)
    actions.change_absence(made, by=people.users[A], starts_on=june(13), ends_on=june(14), kind="leave")
    with pytest.raises(Refused, match="不能重叠"):
        actions.change_absence(made, by=people.users[A], starts_on=june(13), ends_on=june(15), kind="leave")


def test_a_person_in_two_places(people: City) -> None:
    """抽调 and 挂职驻村 at once are two places; an illness during a secondment is not."""
    person = people.users[A].person
    Secondment(person=person, unit=people.units["创建办"], starts_on=june(1), ends_on=june(30)).save()
    with pytest.raises(Refused, match="抽调在“创建办”，不能同时挂职驻村"):
        away(people, A, 20, None, kind="posted")
    away(people, A, 20, 21, kind="sick")
    away(people, A, 30, 30, kind="study")
    assert actions.note_absence(person, by=people.users[A], starts_on=date(2020, 7, 1), kind="posted").pk
    with pytest.raises(Refused, match="7 月 1 日起登记了挂职驻村，不能同时抽调"):
        actions.second(
            person, by=people.users[CLERK], unit=people.units["法规处"], starts_on=date(2020, 7, 5)
        )


def test_what_has_begun_keeps_its_first_day_and_what_is_over_stays(people: City, settings: Any) -> None:
    user = people.users[A]
    made = away(people, A, 9, 12)
    with pytest.raises(Refused, match="开始日期不能再改"):
        actions.change_absence(made, by=user, starts_on=june(11), ends_on=june(12), kind="trip")
    with pytest.raises(Refused, match="请用“销假”"):
        actions.change_absence(made, by=user, starts_on=june(9), ends_on=june(9), kind="trip")
    with pytest.raises(Refused, match="不能取消"):
        actions.cancel_absence(made, by=user)
    actions.change_absence(made, by=user, starts_on=june(9), ends_on=june(11), kind="trip")
    settings.TODAY = "2020-06-12"
    for act in (actions.cancel_absence, actions.hand_back):
        with pytest.raises(Refused, match="已于 2020-06-11 结束"):
            act(made, by=user)
    coming = away(people, A, 20, 21)
    with pytest.raises(Refused, match="请用“取消”"):
        actions.hand_back(coming, by=user)
    with pytest.raises(Refused, match="已经过去"):
        actions.change_absence(coming, by=user, starts_on=june(11), ends_on=june(21), kind="trip")
    actions.cancel_absence(coming, by=user)
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("names", "said"), [([A], "不能是本人"), ([B, B], "选了不止一次"), (["乙局黎林波"], "不是本机关的人")]
)
def test_bad_stand_ins_are_told(people: City, names: list[str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        line_up(people, A, *names)
    assert not Deputy.objects.exists()


def test_the_order_of_stand_ins_is_changed_and_the_roster_keeps_the_first(people: City) -> None:
    person, clerk = people.users[A].person, people.users[CLERK]

    def ranks() -> list[tuple[int, str]]:
        rows = Deputy.objects.filter(person=person).order_by("rank").values_list("rank", "stand_in__name")
        return list(rows)

    line_up(people, A, B, C, LIAISON)
    line_up(people, A, C, B)
    assert ranks() == [(1, C), (2, B)]
    # the person's form knows the first only; one who was further on moves up and is not there twice
    actions.change_person(
        person, by=clerk, department=people.units["办公室"], stand_in=people.users[B].person
    )
    assert ranks() == [(1, B)]
    line_up(people, A)
    assert ranks() == []


# ---- pages


def test_the_list_says_who_is_away_who_stands_in_and_where_nobody_does(people: City, as_: Any) -> None:
    line_up(people, A, B)
    away(people, A, 9, 12, reason="去省里开会")
    away(people, B, 12, 13)
    away(people, C, 20, 21, kind="sick", reason="住院")
    text = words(as_(CLERK).get(reverse("absences")))
    for part in ("今天 1 人不在", "今天不在 1", "将要请假外出 2", "出差", "去省里开会", "由郑审批代 6 月 10 日至 6 月 11 日", "没有人代 6 月 12 日",
                 "3 人有几天没有人代", "再设代理人", "销假", "取消"):  # fmt: skip
        assert part in text, part
    text = words(as_(FILLER).get(reverse("absences")))
    assert (
        "病假" in text and "住院" not in text and "去省里开会" not in text and "销假" not in text
    )  # whose illness it is
    assert "住院" in words(as_(C).get(reverse("absences")))
    assert as_("乙局石玲佳").get(reverse("absences"), {"agency": people.units["甲局"].pk}).status_code == 404


def test_noted_on_the_page_with_a_gap_that_is_told(people: City, as_: Any) -> None:
    browser = as_(A)
    url = reverse("absence_new")
    typed = {
        "person": people.users[A].person.pk,
        "kind": "trip",
        "starts_on": "2020-06-12",
        "ends_on": "2020-06-11",
        "reason": "开会",
    }
    answer = browser.post(url, typed)
    text = answer.content.decode()
    assert answer.status_code == 409 and "早于开始日期" in text and 'value="开会"' in text
    answer = browser.post(url, typed | {"ends_on": "2020-06-13"}, follow=True)
    assert answer.redirect_chain[0][0] == reverse("absence_mine")
    text = words(answer)
    assert "已登记：黎林波 6 月 12 日至 6 月 13 日请假外出" in text and "没有人代：没有设代理人" in text
    assert reverse("stand_ins", args=[people.users[A].person.pk]) in answer.content.decode()
    answer = browser.post(
        reverse("stand_ins", args=[people.users[A].person.pk]),
        {"stand_in_2": people.users[B].person.pk}, follow=True,
    )  # fmt: skip
    text = words(answer)
    assert "代理人已保存" in text and "没有人代" not in text and "郑审批" in text
    assert words(browser.get("/")).count("我不在的时候") >= 1  # in the menu of every page


def test_a_foreign_or_unknown_person_is_no_choice(people: City, as_: Any) -> None:
    typed = {"kind": "trip", "starts_on": "2020-06-12"}
    for name in (B, "乙局黎林波"):  # neither one's own department nor one's own agency
        answer = as_(LIAISON).post(reverse("absence_new"), typed | {"person": people.users[name].person.pk})
        assert answer.status_code == 400 and not Absence.objects.exists()
    other = people.users[B].person.pk
    assert as_(LIAISON).get(reverse("absence_new"), {"person": other}).status_code == 403
    assert as_("乙局石玲佳").get(reverse("absence_new"), {"person": other}).status_code == 404


def test_handing_back_on_the_page_and_what_others_may_not(people: City, as_: Any) -> None:
    made = away(people, A, 9, 12)
    back, change = reverse("absence_back", args=[made.pk]), reverse("absence_change", args=[made.pk])
    assert (
        as_(B).post(back).status_code == 403 and as_(B).get(change).status_code == 403
    )  # stands in for nobody
    assert as_("乙局石玲佳").post(back).status_code == 404
    assert as_(A).get(back).status_code == 405
    assert as_(A).post(back, {"seen": made.version + 5}).status_code == 409
    answer = as_(A).post(change, {"kind": "trip", "starts_on": "2020-06-09", "ends_on": "2020-06-09"})
    assert answer.status_code == 409 and "请用“销假”" in answer.content.decode()
    assert as_(A).post(change, {"kind": "sick", "starts_on": "2020-06-09", "ends_on": ""}).status_code == 302
    answer = as_(A).post(back, {"seen": made.version + 1}, follow=True)
    assert "已销假" in words(answer) and "近 30 天已回来 1" in words(answer)


def test_the_persons_page_shows_absences_and_stand_ins(people: City, as_: Any) -> None:
    line_up(people, A, B, C)
    away(people, A, 9, 12, reason="住院")
    url = reverse("person", args=[people.users[A].person.pk])
    text = words(as_(CLERK).get(url))
    assert "请假外出 登记" in text and "今天不在 1" in text and "设代理人" in text and "销假" in text
    assert "住院" in text
    text = words(as_(FILLER).get(url))
    assert "今天不在 1" in text and "设代理人" not in text and "销假" not in text and "住院" not in text
    text = words(as_(B).get(url))  # with the posts of the absent one, and no say in the absence
    assert "今天你代 黎林波（出差，至 6 月 12 日）" in text and "住院" not in text and "销假" not in text


def test_pages_cost_the_same_for_two_absences_and_for_twenty(people: City, as_: Any) -> None:
    agency, me = people.units["甲局"], people.users[A].person
    counts: dict[str, list[int]] = {}
    browser = as_(CLERK)
    for number in (2, 20):
        for at in range(Person.objects.filter(staff_no__startswith="X").count(), number):
            one = Person(agency=agency, staff_no=f"X{at:03}", name=f"人{at}", name_key=f"人{at}")
            one.save()
            Deputy(person=one, stand_in=me).save()
            Absence(person=one, starts_on=june(9 + at % 3), ends_on=june(12 + at % 5)).save()
        for name, url in (("list", reverse("absences")), ("person", reverse("person", args=[me.pk]))):
            browser.get(url)
            with CaptureQueriesContext(connection) as seen:
                assert browser.get(url).status_code == 200
            counts.setdefault(name, []).append(len(seen))
    assert all(first == second for first, second in counts.values()), counts


def test_lists_of_people_say_who_is_away_today(people: City, as_: Any) -> None:
    away(people, A, 9, 12)
    browser, url = as_(CLERK), reverse("people")
    assert "出差" in words(browser.get(url))
    text = words(browser.get(url, {"presence": "away"}))
    assert A in text and B not in text
    assert A not in words(browser.get(url, {"presence": "here"}))
    page = words(browser.get(reverse("person", args=[people.users[A].person.pk])))
    assert "今天出差" in page
