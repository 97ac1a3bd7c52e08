"""联系点和包联: rules, each action through the door, the pages, the table in and out, bad input."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.journal.models import Entry
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.tables import read_book
from taizhang.org import actions
from taizhang.org.models import Contact, Visit
from taizhang.org.queries.contacts import contact_rows
from taizhang.org.rules.contacts import kind_of, wanted_of
from tests.people import City

DAY = date(2020, 6, 10)
PAGE = "/org/contacts/"


@pytest.mark.parametrize(
    ("said", "wanted"),
    [("", 0), ("4", 4), ("4次", 4), ("0", 0), ("每季度1次", 4), ("每月不少于一次", 12), ("每半年2次", 4), ("每年", 1), ("经常", None),
     ("-1", None), ("1.5", None), ("400", None), ("每周10次", None)],
)  # fmt: skip
def test_how_often_as_people_write_it(said: str, wanted: int | None) -> None:
    assert wanted_of(said) == wanted


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("党支部联系点", "branch"),
        ("社区包联", "community"),
        ("包村", "village"),
        ("路段", "grid"),
        ("亲戚", None),
    ],
)
def test_what_kind_a_word_means(said: str, kind: str | None) -> None:
    assert kind_of(said) == kind


@pytest.fixture
def c(people: City, settings: Any) -> City:
    settings.TODAY = DAY.isoformat()
    return people


def as_(c: City, name: str) -> Client:
    client = Client()
    client.force_login(c.users[name])
    return client


def contact(c: City, **more: Any) -> Contact:
    fields = {"leader": c.users["卢欣燕"].person, "kind": "community", "place": "幸福社区", "visits_wanted": 4,
              "starts_on": date(2020, 3, 1)}  # fmt: skip
    made: Contact = actions.add_contact(c.units["甲局"], by=c.users["石玲佳"], **{**fields, **more})
    return made


def test_a_contact_is_added_changed_and_ended_in_the_journal(c: City) -> None:
    clerk = c.users["石玲佳"]
    made = contact(c)
    actions.note_visit(made, by=clerk, on=date(2020, 3, 1), who="卢欣燕", found="路灯不亮")
    actions.change_contact(
        made, by=clerk, leader=made.leader, kind="community", place="和谐社区", visits_wanted=2, starts_on=date(2020, 2, 1)
    )  # fmt: skip
    assert [(row.point, row.paid, row.wanted) for row in contact_rows(c.units["甲局"], DAY)] == [
        ("和谐社区", 1, 2)
    ]
    actions.end_contact(made, by=clerk)
    assert not contact_rows(c.units["甲局"], DAY)
    assert [row.ends_on for row in contact_rows(c.units["甲局"], DAY, over=True)] == [date(2020, 6, 9)]
    assert Visit.objects.count() == 1
    said = list(Entry.objects.filter(action__contains="contact").values_list("action", "chain"))
    assert {chain for _, chain in said} == {c.units["甲局"].pk}
    assert {name for name, _ in said} >= {"org.add_contact", "org.change_contact", "org.end_contact"}


def test_visits_are_not_handed_to_another_leader_or_unit(c: City) -> None:
    clerk = c.users["石玲佳"]
    made = contact(c, place="", unit=c.units["办公室"], kind="department")
    same = {"by": clerk, "kind": "department", "visits_wanted": 2}
    other = c.users["黎林波"].person
    actions.change_contact(made, leader=other, unit=c.units["办公室"], **same)  # nobody went there yet
    actions.note_visit(made, by=clerk, on=DAY, who="黎林波", found="到了")
    for leader, unit in ((c.users["卢欣燕"].person, c.units["办公室"]), (other, c.units["机关党委"])):
        with pytest.raises(Refused, match="已经登记过走访"):
            actions.change_contact(made, leader=leader, unit=unit, **same)
    made.refresh_from_db()
    assert (made.leader, made.unit) == (other, c.units["办公室"])


def test_one_that_began_today_and_was_never_visited_never_was(c: City) -> None:
    made = contact(c, starts_on=DAY)
    actions.end_contact(made, by=c.users["石玲佳"])
    assert not Contact.objects.exists()
    made = contact(c, starts_on=DAY)
    actions.note_visit(made, by=c.users["石玲佳"], on=DAY, who="卢欣燕", found="到了")
    actions.end_contact(made, by=c.users["石玲佳"])
    assert Contact.objects.get().ends_on == DAY


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"unit": "办公室"}, "只填一样"), ({"place": ""}, "只填一样"), ({"place": "", "unit": "乙局办公室"}, "不是本机关的单位"),
     ({"leader": "乙局卢欣燕"}, "不是本机关的人"), ({"place": "", "unit": "办公室", "kind": "branch"}, "不是党支部"),
     ({"place": "", "unit": "第一党支部", "kind": "department"}, "是党支部"), ({"visits_wanted": 500}, "0 到 366")],
)  # fmt: skip
def test_what_cannot_be_a_contact_is_refused(c: City, typed: dict[str, Any], said: str) -> None:
    fields = dict(typed)
    if "unit" in fields:
        fields["unit"] = c.units[fields["unit"]]
    if "leader" in fields:
        fields["leader"] = c.users[fields["leader"]].person
    with pytest.raises(Refused, match=said):
        contact(c, **fields)
    assert not Contact.objects.exists()


def test_twice_the_same_and_who_has_left_are_refused(c: City) -> None:
    contact(c)
    with pytest.raises(Refused, match="已经联系"):
        contact(c)
    person = c.users["黎林波"].person
    actions.leave(person, by=c.users["石玲佳"])
    with pytest.raises(Refused, match="离开"):
        contact(c, leader=person)


@pytest.mark.parametrize(
    ("on", "said"),
    [(date(2020, 2, 29), "早于联系开始"), (date(2020, 6, 11), "还没有到"), (date(2020, 3, 1), ""), (DAY, "")],
)
def test_a_visit_lies_within_the_term(c: City, on: date, said: str) -> None:
    made = contact(c)
    if said:
        with pytest.raises(Refused, match=said):
            actions.note_visit(made, by=c.users["石玲佳"], on=on, who="卢欣燕", found="情况")
    else:
        actions.note_visit(made, by=c.users["石玲佳"], on=on, who="卢欣燕", found="情况")
    assert Visit.objects.count() == (0 if said else 1)


def test_after_the_end_nothing_is_noted_and_the_start_keeps_before_the_visits(c: City) -> None:
    made, clerk = contact(c), c.users["石玲佳"]
    actions.note_visit(made, by=clerk, on=date(2020, 4, 1), who="卢欣燕", found="情况")
    with pytest.raises(Refused, match="已经登记过走访"):
        actions.change_contact(
            made, by=clerk, leader=made.leader, kind="community", place="幸福社区", starts_on=date(2020, 5, 1)
        )
    actions.end_contact(made, by=clerk)
    made.refresh_from_db()
    with pytest.raises(Refused, match="结束"):
        actions.note_visit(made, by=clerk, on=DAY, who="卢欣燕", found="情况")
    with pytest.raises(Refused, match="结束"):
        actions.end_contact(made, by=clerk)


def test_who_may(c: City) -> None:
    made = contact(c)
    for name in ("朱辉斌", "李洋华", "乙局石玲佳"):
        with pytest.raises(NotPermitted):
            actions.note_visit(made, by=c.users[name], on=DAY, who="甲", found="情况")
        with pytest.raises(NotPermitted):
            contact_by(c, name)
    # the leader notes their own visits, and puts them right
    actions.note_visit(made, by=c.users["卢欣燕"], on=DAY, who="卢欣燕", found="情况")
    visit = Visit.objects.get()
    actions.change_visit(
        visit, by=c.users["卢欣燕"], on=date(2020, 6, 9), who="卢欣燕", found="情况二", done="修好路灯"
    )
    assert (visit.on, visit.done) == (date(2020, 6, 9), "修好路灯")
    with pytest.raises(Refused, match="还没有到"):
        actions.change_visit(visit, by=c.users["卢欣燕"], on=date(2020, 7, 1), who="卢欣燕", found="情况")
    with pytest.raises(NotPermitted):
        actions.change_visit(visit, by=c.users["朱辉斌"], on=DAY, who="x", found="y")


def contact_by(c: City, name: str) -> None:
    actions.add_contact(
        c.units["甲局"], by=c.users[name], leader=c.users["卢欣燕"].person, kind="village", place="王村"
    )


def test_the_pages_from_the_list_to_a_visit(c: City) -> None:
    client = as_(c, "石玲佳")
    assert "还没有联系点" in client.get(PAGE).content.decode()
    leader = c.users["卢欣燕"].person.pk
    wrong = {
        "starts_on": "2020-06-01",
        "leader": leader,
        "kind": "branch",
        "unit": c.units["第一党支部"].pk,
        "place": "幸福社区",
        "visits_wanted": "x",
    }
    got = client.post(f"{PAGE}new/", wrong)
    assert got.status_code == 400 and 'value="幸福社区"' in got.content.decode()
    got = client.post(f"{PAGE}new/", wrong | {"visits_wanted": "2"})
    assert got.status_code == 409 and "只填一样" in got.content.decode()
    assert client.post(f"{PAGE}new/", wrong | {"visits_wanted": "2", "place": ""}).status_code == 302
    made = Contact.objects.get()
    html = client.get(f"{PAGE}{made.pk}/").content.decode()
    assert "第一党支部" in html and "0/2 次" in html
    typed = {"on": "2020-06-11", "who": "卢欣燕", "found": "参加主题党日", "done": ""}
    got = client.post(f"{PAGE}{made.pk}/visit/", typed)
    assert (
        got.status_code == 409
        and "参加主题党日" in got.content.decode()
        and "还没有到" in got.content.decode()
    )
    assert client.post(f"{PAGE}{made.pk}/visit/", typed | {"on": "2020-06-10"}).status_code == 302
    assert "1/2 次" in client.get(PAGE).content.decode()
    assert "1/2 次" in client.get(f"/org/people/{leader}/").content.decode()
    visit = Visit.objects.get()
    got = client.post(f"{PAGE}visits/{visit.pk}/edit/", typed | {"on": "2020-06-09", "found": "听了意见"})
    assert got.status_code == 302 and Visit.objects.get().found == "听了意见"
    # the version is asked about: an older form is refused and keeps what was typed
    stale = client.post(
        f"{PAGE}visits/{visit.pk}/edit/", typed | {"on": "2020-06-09", "found": "另一句", "seen": "1"}
    )
    assert stale.status_code == 409 and "另一句" in stale.content.decode()
    for query in (
        "?by=point",
        "?q=第一",
        "?kind=branch",
        f"?leader={leader}",
        "?over=1",
        "?leader=九&kind=x",
    ):
        assert client.get(PAGE + query).status_code == 200
    assert client.post(f"{PAGE}{made.pk}/end/").status_code == 302
    assert "第一党支部" in client.get(PAGE + "?over=1").content.decode()
    assert as_(c, "乙局石玲佳").get(f"{PAGE}{made.pk}/").status_code == 404


def book(rows: list[list[Any]]) -> BytesIO:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    out = BytesIO()
    made.save(out)
    out.seek(0)
    out.name = "联系点.xlsx"
    return out


def plan_of(html: str) -> str:
    return html.split('name="plan" value="')[1].split('"')[0]


def test_sixty_three_come_in_from_a_table_and_go_out_again(c: City) -> None:
    client = as_(c, "石玲佳")
    rows: list[list[Any]] = [["工委领导班子联系点一览表"], ["次数", "任务", "联系点", "类别", "领导"]]
    rows += [["每季度1次", "列席会议、督查检查", f"第{n}机关党组织", "其他", "卢欣燕"] for n in range(62)]
    rows += [[2, "参加主题党日", "第一党支部", "党支部联系点", "卢 欣 燕"]]
    got = client.post(f"{PAGE}import/", {"file": book(rows)})
    html = got.content.decode()
    assert "新增 63 个" in html and not Contact.objects.exists()
    assert client.post(f"{PAGE}import/", {"plan": plan_of(html)}).status_code == 302
    assert Contact.objects.count() == 63
    branch = Contact.objects.get(unit=c.units["第一党支部"])
    assert (branch.kind, branch.visits_wanted, branch.place) == ("branch", 2, "")
    assert Contact.objects.filter(visits_wanted=4, kind="other").count() == 62
    out = client.get(f"{PAGE}export.xlsx").content
    assert len(read_book(out, "a.xlsx").sheets[0].rows) == 64
    # what went out comes back and changes nothing
    again = BytesIO(out)
    again.name = "again.xlsx"
    assert "与现有内容一致" in client.post(f"{PAGE}import/", {"file": again}).content.decode()
    rows[2][0], rows[3][1] = "6", "督导"
    html = client.post(f"{PAGE}import/", {"file": book(rows)}).content.decode()
    assert "变更 2 个" in html and "没有变化的 61 个" in html
    client.post(f"{PAGE}import/", {"plan": plan_of(html)})
    assert Contact.objects.count() == 63 and Contact.objects.get(place="第0机关党组织").visits_wanted == 6


def test_a_bad_table_is_told_by_row_and_nothing_is_kept(c: City) -> None:
    client = as_(c, "石玲佳")
    rows = [["领导", "联系点", "类别", "任务", "次数"], ["查无此人", "幸福社区", "", "", ""], ["卢欣燕", "", "", "", ""],
            ["卢欣燕", "王村", "亲戚", "", ""], ["卢欣燕", "李村", "", "", "经常"], ["卢欣燕", "张村", "", "长" * 201, ""],
            ["卢欣燕", "办公室", "党支部联系点", "", ""], ["卢欣燕", "赵村", "", "", 1], ["卢欣燕", "赵村", "", "", 1]]  # fmt: skip
    html = client.post(f"{PAGE}import/", {"file": book(rows)}).content.decode()
    for where, what in (("A2", "花名册里没有“查无此人”"), ("B3", "缺联系点"), ("C4", "不认识的类别“亲戚”"), ("E5", "经常"),
                        ("D6", "太长"), ("C7", "不是党支部"), ("B9", "与第 8 行")):  # fmt: skip
        assert f"Sheet!{where}" in html and what in html, (where, what)
    assert 'name="plan"' not in html and not Contact.objects.exists()
    html = client.post(f"{PAGE}import/", {"file": book([["姓名", "电话"], ["甲", "1"]])}).content.decode()
    assert "没有找到联系点的表" in html
    got = client.post(f"{PAGE}import/", {"plan": "forged"})
    assert got.status_code == 409 and "核对页已经过期" in got.content.decode()
    assert client.post(f"{PAGE}import/", {}).status_code == 400


def test_the_list_costs_the_same_at_two_sizes(c: City) -> None:
    counts = []
    for size in (3, 60):
        Contact.objects.bulk_create(
            Contact(agency=c.units["甲局"], leader=c.users["卢欣燕"].person, kind="village", place=f"{size}-{n}村",
                    starts_on=DAY)
            for n in range(size)
        )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            as_(c, "石玲佳").get(PAGE)
        counts.append(len(asked))
    assert counts[0] == counts[1]
