"""Every route: one who may, one who may not (403), one of another agency (404); bad input keeps what was typed."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from taizhang.journal.models import Entry
from taizhang.org import actions, queries
from taizhang.org.management.commands.permits import matrix
from taizhang.org.models import Deputy, Duty, Group, Membership, Person, Post, Unit
from taizhang.org.permits import Role
from tests.people import City

FIXTURES = Path(__file__).parent.parent / "fixtures"
pytestmark = pytest.mark.django_db
CLERK, OTHER, ADMIN, AUDITOR, FILLER = "石玲佳", "乙局石玲佳", "系统管理员", "审计员", "朱辉斌"


@pytest.fixture
def c(people: City) -> City:
    """Names of 甲局's people carry its prefix in the city; here they are found without it."""
    for name in list(people.users):
        if name.startswith("甲局"):
            people.users[name.removeprefix("甲局")] = people.users[name]
    return people


def as_(c: City, name: str) -> Client:
    client = Client()
    client.force_login(c.users[name])
    return client


def things(c: City) -> dict[str, int]:
    person = c.users[FILLER].person
    duty = Duty(group=c.groups["第一活动组"], person=person, duty="组员", starts_on=date(2017, 1, 1))
    duty.save()
    return {
        "unit": c.units["办公室"].pk, "person": person.pk, "group": c.groups["第一活动组"].pk, "duty": duty.pk,
        "post": Post.objects.get(person=person, role=Role.FILLER).pk,
    }  # fmt: skip


VIEWED = [("unit", "unit"), ("person", "person"), ("group", "group")]


@pytest.mark.parametrize(("route", "what"), VIEWED)
def test_members_see_and_strangers_do_not(c: City, route: str, what: str) -> None:
    pk = things(c)[what]
    assert as_(c, FILLER).get(reverse(route, args=[pk])).status_code == 200
    assert as_(c, OTHER).get(reverse(route, args=[pk])).status_code == 404
    assert as_(c, "东县文明办").get(reverse(route, args=[pk])).status_code == 200
    assert as_(c, "丙局石玲佳").get(reverse(route, args=[pk])).status_code == 404


@pytest.mark.parametrize("route", ["org", "people", "groups", "permits", "roster_export", "groups_export"])
def test_lists_show_only_the_own_agency(c: City, route: str) -> None:
    assert as_(c, FILLER).get(reverse(route)).status_code == 200
    foreign = c.units["乙局"].pk
    if route != "permits":
        answer = as_(c, FILLER).get(reverse(route), {"agency": foreign})
        assert answer.status_code == 404
        assert as_(c, "东县文明办").get(reverse(route), {"agency": foreign}).status_code == 200
    assert as_(c, FILLER).post(reverse(route)).status_code in (405, 200)


def test_a_person_without_posts_is_told_so(c: City) -> None:
    answer = as_(c, "无职务").get(reverse("org"))
    assert "还看不到任何单位" in answer.content.decode()


def test_an_overseer_first_sees_the_agencies(c: City) -> None:
    text = as_(c, "市文明办").get(reverse("org")).content.decode()
    assert "甲局" in text and "乙局" in text and "丙局" in text
    text = as_(c, "东县文明办").get(reverse("org")).content.decode()
    assert "乙局" in text and "丙局" not in text


GET_POST = [
    ("unit_edit", "unit", "organ"), ("unit_add", "unit", "organ"), ("person_edit", "person", "organ"),
]  # fmt: skip


@pytest.mark.parametrize(("route", "what", "_"), GET_POST)
def test_forms_open_for_the_office_only(c: City, route: str, what: str, _: str) -> None:
    url = reverse(route, args=[things(c)[what]])
    assert as_(c, CLERK).get(url).status_code == 200
    assert as_(c, FILLER).get(url).status_code == 403
    assert as_(c, OTHER).get(url).status_code == 404
    before = Entry.objects.exclude(refused="").count()
    assert as_(c, FILLER).post(url, {}).status_code == 403
    assert Entry.objects.exclude(refused="").count() == before + 1
    assert as_(c, OTHER).post(url, {}).status_code == 404


POSTS = ["unit_end", "post_give", "post_end", "duty_give", "duty_end", "group_end"]
ABOUT = {"unit_end": "unit", "post_give": "person", "post_end": "post",
         "duty_give": "group", "duty_end": "duty", "group_end": "group"}  # fmt: skip


@pytest.mark.parametrize("route", POSTS)
def test_posts_of_those_who_may_not(c: City, route: str) -> None:
    url = reverse(route, args=[things(c)[ABOUT[route]]])
    assert as_(c, FILLER).post(url, {}).status_code == 403
    assert as_(c, OTHER).post(url, {}).status_code == 404
    assert as_(c, CLERK).get(url).status_code == 405
    assert Entry.objects.filter(refused__contains="权限").exists()


@pytest.mark.parametrize("route", ["account_make", "account_reset", "account_switch"])
def test_accounts_belong_to_the_administrator(c: City, route: str) -> None:
    url = reverse(route, args=[things(c)["person"]])
    assert as_(c, CLERK).post(url, {}).status_code == 403
    assert as_(c, "乙局系统管理员").post(url, {}).status_code == 404


@pytest.mark.parametrize("route", ["person_new", "roster_import", "groups_import"])
def test_making_belongs_to_the_office(c: City, route: str) -> None:
    assert as_(c, CLERK).get(reverse(route)).status_code == 200
    assert as_(c, FILLER).get(reverse(route)).status_code == 403
    assert as_(c, FILLER).post(reverse(route), {}).status_code == 403
    assert as_(c, CLERK).get(reverse(route), {"agency": c.units["乙局"].pk}).status_code == 404


@pytest.mark.parametrize("route", ["journal", "journal_export"])
def test_the_log_is_for_auditors_and_the_office(c: City, route: str) -> None:
    actions.change_unit(c.units["办公室"], by=c.users[CLERK], short_name="办")
    actions.change_unit(c.units["乙局办公室"], by=c.users[OTHER], short_name="乙办")
    assert as_(c, FILLER).get(reverse(route)).status_code == 403
    assert as_(c, AUDITOR).get(reverse(route)).status_code == 200
    if route == "journal":
        text = as_(c, CLERK).get(reverse(route)).content.decode()
        assert "办" in text and "乙办" not in text and "简称" in text and "short_name" not in text


def test_a_unit_is_added_changed_and_ended(c: City) -> None:
    clerk = as_(c, CLERK)
    leader = c.users["卢欣燕"].person
    answer = clerk.post(
        reverse("unit_add", args=[c.units["甲局"].pk]),
        {"name": "信访处", "kind": "department", "answers_to": "业务处室", "leader": leader.pk},
    )
    made = Unit.objects.get(name="信访处")
    assert answer.status_code == 302 and made.path == f"{c.units['甲局'].path}{made.pk}/"
    assert made.agency_id == c.units["甲局"].pk
    assert Post.objects.filter(unit=made, person=leader, role=Role.LEADER).exists()
    url = reverse("unit_edit", args=[made.pk])
    assert clerk.post(url, {"name": "信访办", "seen": made.version}).status_code == 302
    made.refresh_from_db()
    assert made.name == "信访办" and made.leader_id is None
    assert not Post.objects.filter(unit=made, role=Role.LEADER).exists()
    assert clerk.post(reverse("unit_end", args=[made.pk])).status_code == 302
    made.refresh_from_db()
    assert made.ends_on is not None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "法规处", "kind": "department"}, "已经有了"),
        ({"name": "", "kind": "department"}, "必填"),
        ({"name": "某处", "kind": "region"}, "region"),
    ],
)
def test_a_bad_unit_keeps_what_was_typed(c: City, fields: dict[str, str], said: str) -> None:
    answer = as_(c, CLERK).post(
        reverse("unit_add", args=[c.units["甲局"].pk]), fields | {"answers_to": "打好的字"}
    )
    text = answer.content.decode()
    assert answer.status_code in (400, 409) and "打好的字" in text and said in text


def test_a_stale_form_is_refused_and_keeps_what_was_typed(c: City) -> None:
    unit = c.units["办公室"]
    seen = unit.version
    actions.change_unit(unit, by=c.users["马华斌"], short_name="办")
    answer = as_(c, CLERK).post(
        reverse("unit_edit", args=[unit.pk]), {"name": "办公室", "short_name": "我的", "seen": seen}
    )
    assert answer.status_code == 409 and "他人修改" in answer.content.decode()
    assert "我的" in answer.content.decode()
    unit.refresh_from_db()
    assert unit.short_name == "办"


def test_a_unit_with_people_is_not_ended(c: City) -> None:
    answer = as_(c, CLERK).post(reverse("unit_end", args=[c.units["办公室"].pk]))
    assert answer.status_code == 409 and "还有 3 人" in answer.content.decode()
    answer = as_(c, CLERK).post(reverse("unit_end", args=[c.units["机关党委"].pk]))
    assert answer.status_code == 409 and "下面还有" in answer.content.decode()


def person_fields(c: City, **more: Any) -> dict[str, Any]:
    return {
        "staff_no": "X900",
        "name": "新 来",
        "department": c.units["办公室"].pk,
        "presence": "在岗",
    } | more


def test_a_person_is_added_moved_and_leaves(c: City) -> None:
    clerk = as_(c, CLERK)
    fields = person_fields(c, branch=c.units["第一党支部"].pk, branch_duty="组织委员",
                           stand_in=c.users[FILLER].person.pk)  # fmt: skip
    assert clerk.post(reverse("person_new"), fields).status_code == 302
    person = Person.objects.get(staff_no="X900")
    assert person.name == "新来"
    held = {(post.role, post.unit.name) for post in person.posts.all()}
    assert held == {("member", "甲局"), ("filler", "办公室"), ("filler", "第一党支部")}
    url = reverse("person_edit", args=[person.pk])
    fields = person_fields(c, branch="", branch_duty="", seen=person.version)
    assert clerk.post(url, fields).status_code == 302
    hand = reverse("handover", args=[person.pk])  # another department: what is open is handed over on the way
    assert clerk.post(f"{hand}?for=move", {"department": c.units["法规处"].pk}).status_code == 302
    assert Membership.objects.get(person=person, main=True).unit.name == "法规处"
    assert {(post.role, post.unit.name) for post in person.posts.all()} == {
        ("member", "甲局"), ("filler", "法规处")
    }  # fmt: skip
    assert not Deputy.objects.filter(person=person).exists()
    assert clerk.post(f"{hand}?for=leave").status_code == 302
    person.refresh_from_db()
    assert person.left_on and not person.posts.exists()
    assert clerk.get(reverse("person", args=[person.pk])).status_code == 200
    assert "没有职责" in clerk.get(reverse("person", args=[person.pk])).content.decode()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"staff_no": "P001"}, "工号 P001 已经是"),
        ({"name": ""}, "必填"),
        ({"department": "99999"}, "选择"),
        ({"year_of_birth": "一九八〇"}, "整数"),
        ({"year_of_birth": "1990", "joined_year": "1995"}, "对不上"),
        ({"branch_duty": "书记"}, "还要选所在党支部"),
    ],
)
def test_a_bad_person_keeps_what_was_typed(c: City, more: dict[str, str], said: str) -> None:
    answer = as_(c, CLERK).post(reverse("person_new"), person_fields(c, title="打好的字", **more))
    assert answer.status_code in (400, 409) and said in answer.content.decode()
    assert "打好的字" in answer.content.decode()


def test_posts_are_given_and_taken_by_the_right_people(c: City) -> None:
    person = c.users[FILLER].person
    give = reverse("post_give", args=[person.pk])
    office = {"role": "liaison", "unit": c.units["法规处"].pk}
    assert as_(c, CLERK).post(give, office).status_code == 302
    post = Post.objects.get(person=person, role=Role.LIAISON)
    assert as_(c, CLERK).post(give, office).status_code == 409  # twice
    keeper = {"role": "auditor", "unit": c.units["甲局"].pk}
    assert as_(c, CLERK).post(give, keeper).status_code == 400  # not among the office's roles
    assert as_(c, ADMIN).post(give, office).status_code == 400  # nor the other way round
    assert as_(c, ADMIN).post(give, keeper).status_code == 302
    own = reverse("post_give", args=[c.users[CLERK].person.pk])
    answer = as_(c, CLERK).post(own, {"role": "head", "unit": c.units["办公室"].pk})
    assert answer.status_code == 409 and "给自己" in answer.content.decode()
    bad = {"role": "head", "unit": c.units["办公室"].pk, "starts_on": "2026-05-02", "ends_on": "2026-05-01"}
    assert "早于" in as_(c, CLERK).post(give, bad).content.decode()
    assert as_(c, CLERK).post(reverse("post_end", args=[post.pk])).status_code == 302
    assert not Post.objects.filter(pk=post.pk).exists()


def test_a_post_of_a_group_is_taken_through_the_group(c: City) -> None:
    post = Post.objects.get(person=c.users["李洋华"].person, role=Role.GROUP_LEADER)
    answer = as_(c, CLERK).post(reverse("post_end", args=[post.pk]))
    assert answer.status_code == 409 and "到该组里" in answer.content.decode()


def test_a_duty_brings_its_posts_and_takes_them_along(c: City) -> None:
    clerk, person = as_(c, CLERK), c.users[FILLER].person
    group = c.groups["创建办"]
    url = reverse("duty_give", args=[group.pk])
    assert clerk.post(url, {"person": person.pk, "duty": "副主任"}).status_code == 302
    held = {(post.role, post.unit.name) for post in Post.objects.filter(person=person, group=group)}
    assert held == {("office", "甲局"), ("head", "创建办")}
    assert clerk.post(url, {"person": person.pk, "duty": "副主任"}).status_code == 409
    assert clerk.post(url, {"person": person.pk}).status_code == 400
    duty = Duty.objects.get(group=group, person=person)
    assert clerk.post(reverse("duty_end", args=[duty.pk])).status_code == 302
    assert not Post.objects.filter(person=person, group=group).exists()
    assert clerk.post(reverse("group_end", args=[c.groups["第一活动组"].pk])).status_code == 302
    assert not queries.may(c.users["李洋华"], "ledger_review", c.units["审批处"])


def upload(client: Client, route: str, name: str, data: bytes | None = None) -> Any:
    file = BytesIO(data if data is not None else (FIXTURES / name).read_bytes())
    file.name = name
    return client.post(reverse(route), {"upload": "1", "file": file})


def test_a_roster_is_uploaded_previewed_and_confirmed(c: City) -> None:
    clerk = as_(c, CLERK)
    answer = upload(clerk, "roster_import", "staff.xlsx")
    assert answer.status_code == 302
    before = Person.objects.count()
    page = clerk.get(answer.url).content.decode()
    assert "新增人员" in page and "160" in page and "YZ001" in page and "确认导入" in page
    assert "石玲佳" in page  # people of 甲局 whom the file does not know
    assert Person.objects.count() == before
    sha = answer.url.rsplit("=", 1)[-1]
    gone = c.users["郑审批"].person.staff_no
    done = clerk.post(reverse("roster_import"), {"file": sha, "end": [gone], "once": "k1"})
    assert done.status_code == 302
    assert Person.objects.filter(agency=c.units["甲局"]).count() >= 160
    assert Person.objects.get(staff_no=gone, agency=c.units["甲局"]).left_on
    c.users["郑审批"].refresh_from_db()
    assert not c.users["郑审批"].is_active
    answer = upload(clerk, "groups_import", "groups.xlsx")
    sha = answer.url.rsplit("=", 1)[-1]
    assert "活动组组长" in clerk.get(answer.url).content.decode()
    assert clerk.post(reverse("groups_import"), {"file": sha}).status_code == 302
    assert Group.objects.filter(name__startswith="第五活动组").exists()


def test_a_bad_roster_lists_every_error_and_cannot_be_confirmed(c: City) -> None:
    book = openpyxl.load_workbook(FIXTURES / "staff.xlsx")
    book["花名册"]["A10"], book["花名册"]["E12"] = "YZ001", "综合科"
    out = BytesIO()
    book.save(out)
    clerk = as_(c, CLERK)
    answer = upload(clerk, "roster_import", "坏.xlsx", out.getvalue())
    page = clerk.get(answer.url).content.decode()
    assert "花名册!A10" in page and "花名册!E12" in page and "确认导入" not in page
    before = Person.objects.count()
    sha = answer.url.rsplit("=", 1)[-1]
    assert clerk.post(reverse("roster_import"), {"file": sha}).status_code == 409
    assert Person.objects.count() == before


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "空"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, ""), (b"PK\x03\x04xx", "")],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(c: City, data: bytes, said: str) -> None:
    answer = upload(as_(c, CLERK), "roster_import", "坏.xlsx", data)
    assert answer.status_code in (400, 409) and said in answer.content.decode()


def test_an_upload_of_somebody_else_is_not_shown(c: City) -> None:
    answer = upload(as_(c, CLERK), "roster_import", "staff.xlsx")
    other = as_(c, "马华斌").get(answer.url)
    assert other.status_code == 409 and "再上传一次" in other.content.decode()


def test_export_has_a_chinese_name(c: City) -> None:
    answer = as_(c, FILLER).get(reverse("roster_export"))
    assert "filename*=UTF-8''" in answer["Content-Disposition"]
    assert openpyxl.load_workbook(BytesIO(answer.content)).sheetnames == ["花名册", "处室", "党支部"]


def test_the_log_filters_and_exports(c: City) -> None:
    unit = c.units["办公室"]
    for number in range(60):
        actions.change_unit(unit, by=c.users[CLERK], short_name=f"办{number}")
    actions.change_unit(unit, by=c.users["马华斌"], leader=None)
    auditor = as_(c, AUDITOR)
    url = reverse("journal")
    first = auditor.get(url).content.decode()
    assert "更早的" in first and "办59" in first and "办0 " not in first
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "办0" in auditor.get(url + older).content.decode()
    by = auditor.get(url, {"who": "马华斌"}).content.decode()
    assert "分管领导" in by and "卢欣燕" in by and "（空）" in by and "办58" not in by
    assert "没有符合条件" in auditor.get(url, {"refused": "1"}).content.decode()
    assert "没有符合条件" in auditor.get(url, {"last": "2001-01-01"}).content.decode()
    assert "日期" in auditor.get(url, {"first": "2月30日"}).content.decode()
    one = auditor.get(url, {"subject": f"org.unit:{unit.pk}", "action": "org.change_unit"}).content.decode()
    assert "只看一个对象" in one
    assert "日志链完整" in auditor.get(url, {"check": "1"}).content.decode()
    book = openpyxl.load_workbook(BytesIO(auditor.get(reverse("journal_export")).content))
    assert book["操作日志"].max_row == 62


def test_permits_page_and_document_are_current(c: City, settings: Any) -> None:
    assert (settings.PACKAGE.parent / "docs" / "permits.md").read_text(encoding="utf-8") == matrix()
    assert "销号管理" in as_(c, FILLER).get(reverse("permits")).content.decode()


def fill(c: City, count: int) -> None:
    agency, home = c.units["甲局"], c.units["办公室"]
    since = date(2017, 1, 1)
    people = Person.objects.bulk_create(
        Person(
            agency=agency, staff_no=f"N{number:03}", name=f"人{number}", name_key=f"人{number}", order=number
        )
        for number in range(count)
    )
    Membership.objects.bulk_create(
        Membership(person=one, unit=home, main=True, starts_on=since) for one in people
    )
    Post.objects.bulk_create(
        Post(person=one, unit=home, role=Role.LIAISON, starts_on=since) for one in people
    )
    Duty.objects.bulk_create(
        Duty(group=c.groups["第一活动组"], person=one, duty="组员", starts_on=since) for one in people
    )


PAGES = ["org", "people", "groups", "unit", "group", "person", "journal", "roster_export", "groups_export"]


@pytest.mark.parametrize("route", PAGES)
def test_queries_do_not_grow(c: City, route: str, django_assert_max_num_queries: Any) -> None:
    about = {
        "unit": c.units["办公室"].pk,
        "group": c.groups["第一活动组"].pk,
        "person": c.users[FILLER].person.pk,
    }
    url = reverse(route, args=[about[route]] if route in about else [])
    clerk = as_(c, CLERK)
    counts = []
    for size in (10, 150):
        fill_from = Person.objects.filter(staff_no__startswith="N").count()
        if fill_from == 0:
            fill(c, size)
        else:
            Duty.objects.filter(person__staff_no__startswith="N").delete()
            Post.objects.filter(person__staff_no__startswith="N").delete()
            Membership.objects.filter(person__staff_no__startswith="N").delete()
            Person.objects.filter(staff_no__startswith="N").delete()
            fill(c, size)
        for number in range(size // 5):
            actions.change_unit(c.units["办公室"], by=c.users[CLERK], short_name=f"{size}{number}")
        clerk.get(url)
        with django_assert_max_num_queries(24) as seen:
            assert clerk.get(url).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
