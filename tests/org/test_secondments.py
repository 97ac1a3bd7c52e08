"""抽调, through the door and on its pages."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org import actions
from taizhang.org.models import Secondment

from ..people import City

Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def day(settings: Any) -> None:
    settings.TODAY = "2020-06-10"


def test_begin_change_end(people: City) -> None:
    clerk, person = people.users["石玲佳"], people.users["朱辉斌"].person
    made = actions.second(person, by=clerk, unit=people.units["创建办"], share=60, ends_on=date(2020, 12, 31))
    assert (made.starts_on, made.share) == (date(2020, 6, 10), 60)
    actions.change_secondment(made, by=clerk, share=100, starts_on=date(2020, 6, 1), ends_on=None)
    made.refresh_from_db()
    assert (made.share, made.starts_on, made.ends_on) == (100, date(2020, 6, 1), None)
    actions.end_secondment(made, by=clerk)
    made.refresh_from_db()
    assert made.ends_on == date(2020, 6, 9)
    with pytest.raises(Refused, match="已于 2020-06-09 结束"):
        actions.end_secondment(made, by=clerk)
    with pytest.raises(Refused, match="不能再改"):
        actions.change_secondment(made, by=clerk, share=50, starts_on=date(2020, 6, 1))


def test_nobody_is_in_two_places(people: City) -> None:
    clerk, person = people.users["石玲佳"], people.users["朱辉斌"].person
    first = actions.second(
        person, by=clerk, unit=people.units["创建办"], share=60, starts_on=date(2020, 6, 1), ends_on=date(2020, 6, 30)
    )  # fmt: skip
    group = people.groups["第一活动组"]
    with pytest.raises(
        Refused, match="不能同时在两处：2020-06-15 到 2020-06-30，在创建办、第一活动组的精力合计 110%"
    ):
        actions.second(person, by=clerk, group=group, share=50, starts_on=date(2020, 6, 15))
    actions.second(person, by=clerk, group=group, share=40, starts_on=date(2020, 6, 15))
    with pytest.raises(Refused, match="精力合计 101%"):
        actions.change_secondment(first, by=clerk, share=61, starts_on=first.starts_on, ends_on=first.ends_on)
    assert Secondment.objects.count() == 2


def test_bad_input_is_told(people: City) -> None:
    clerk, person = people.users["石玲佳"], people.users["朱辉斌"].person
    office = people.units["创建办"]
    for said, typed in {
        "只选一个": {"unit": office, "group": people.groups["第一活动组"]},
        "本来就在": {"unit": people.units["办公室"]},
        "不是“朱辉斌”所在机关的": {"unit": people.units["乙局创建办"]},
        "早于开始日期": {"unit": office, "ends_on": date(2020, 6, 9)},
        "1 到 100": {"unit": office, "share": 0},
    }.items():
        with pytest.raises(Refused, match=said):
            actions.second(person, by=clerk, **typed)
    with pytest.raises(NotPermitted):
        actions.second(person, by=people.users["朱辉斌"], unit=office)
    actions.leave(person, by=clerk)
    with pytest.raises(Refused, match="离开"):
        actions.second(person, by=clerk, unit=office)


def test_who_leaves_is_seconded_no_more(people: City) -> None:
    clerk, person = people.users["石玲佳"], people.users["朱辉斌"].person
    made = actions.second(person, by=clerk, unit=people.units["创建办"], starts_on=date(2020, 6, 1))
    actions.leave(person, by=clerk)
    made.refresh_from_db()
    assert made.ends_on == date(2020, 6, 9)


def test_the_pages(people: City, as_: Enter) -> None:
    clerk, person = as_("石玲佳"), people.users["朱辉斌"].person
    url = f"/org/people/{person.pk}/second/"
    assert "抽调精力" in clerk.get(url).content.decode()
    office = people.units["创建办"]
    wrong = clerk.post(url, {"unit": office.pk, "share": "一半", "starts_on": "2020-06-10", "reason": "迎检"})
    assert wrong.status_code == 400 and "请写 1 到 100 之间的整数" in wrong.content.decode()
    assert "迎检" in wrong.content.decode(), "what was typed is still there"
    both = {
        "unit": office.pk,
        "group": people.groups["第一活动组"].pk,
        "share": 50,
        "starts_on": "2020-06-10",
    }
    assert "只选一个" in clerk.post(url, both).content.decode()
    good = clerk.post(url, {"unit": office.pk, "share": 50, "starts_on": "2020-06-10"})
    assert good.status_code == 302 and good["Location"] == f"/ledger/handover/{person.pk}/?for=second"
    page = clerk.get(f"/org/people/{person.pk}/").content.decode()
    assert "抽调创建办 50%" in page
    made = Secondment.objects.get()
    again = clerk.post(url, {"group": people.groups["第一活动组"].pk, "share": 51, "starts_on": "2020-06-10"})
    assert again.status_code == 409 and "不能同时在两处" in again.content.decode()
    changed = clerk.post(f"/org/secondments/{made.pk}/change/", {"share": 80, "starts_on": "2020-06-10"})
    assert changed.status_code == 302
    tree = clerk.get("/org/").content.decode()
    assert "抽调 1 人" in tree and "抽调来 1 人" in tree
    assert clerk.post(f"/org/secondments/{made.pk}/end/", {"seen": 99}).status_code == 409
    assert clerk.post(f"/org/secondments/{made.pk}/end/").status_code == 302
    assert not Secondment.objects.exists(), "begun and ended on one day: it never was"


def test_a_department_is_not_changed_on_the_edit_page(people: City, as_: Enter) -> None:
    """It would leave the open work behind unnoticed: 调动 is a page of its own."""
    clerk, person = as_("石玲佳"), people.users["朱辉斌"].person
    url = f"/org/people/{person.pk}/edit/"
    assert 'name="department"' not in clerk.get(url).content.decode()
    typed = {
        "staff_no": person.staff_no,
        "name": "朱辉斌",
        "title": "主任科员",
        "department": people.units["法规处"].pk,
    }
    assert clerk.post(url, typed).status_code == 302
    person.refresh_from_db()
    home = person.memberships.get(main=True, ends_on=None)
    assert (person.title, home.unit.name) == ("主任科员", "办公室")


def test_who_moves_for_good_to_where_they_were_lent_is_lent_no_more(people: City) -> None:
    clerk, person = people.users["石玲佳"], people.users["朱辉斌"].person
    made = actions.second(person, by=clerk, unit=people.units["创建办"], starts_on=date(2020, 5, 1))
    actions.change_person(person, by=clerk, department=people.units["创建办"])
    made.refresh_from_db()
    assert made.ends_on == date(2020, 6, 9)


def test_a_merger_ends_what_lent_one_of_the_two_to_the_other(people: City) -> None:
    clerk = people.users["石玲佳"]
    lent = people.users["白毅志"].person  # of 法规处, lent to 办公室
    made = actions.second(lent, by=clerk, unit=people.units["办公室"], starts_on=date(2020, 5, 1))
    elsewhere = actions.second(
        people.users["郑审批"].person, by=clerk, unit=people.units["法规处"], starts_on=date(2020, 5, 1)
    )
    actions.merge(people.units["法规处"], by=clerk, into=people.units["办公室"])
    made.refresh_from_db()
    elsewhere.refresh_from_db()
    assert made.ends_on == date(2020, 6, 9)
    assert (elsewhere.unit, elsewhere.ends_on) == (people.units["办公室"], None)
