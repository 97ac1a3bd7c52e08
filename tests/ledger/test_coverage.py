"""覆盖检查: each gap is found and gone once mended; page, workbook, command line; ten queries at the real size."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.campaigns.models import Step
from taizhang.config.cli import main
from taizhang.kit.tables import read_book
from taizhang.ledger import actions
from taizhang.ledger.models import Item
from taizhang.ledger.queries.coverage import coverage_of
from taizhang.org import actions as org
from taizhang.org.models import Absence, Cover, Deputy, Post

from ..people import City
from .factory import TODAY, ledger
from .pages import browser, words
from .world import World, world

DAY = date(2020, 1, 6)


@pytest.fixture
def w(people: City, settings: Any) -> World:
    settings.TODAY = DAY.isoformat()
    return world(people)


def names(rows: list[Any]) -> list[str]:
    return [one.name for one in rows]


def test_a_department_in_no_group_is_named_until_a_group_covers_it(w: World) -> None:
    assert set(names(coverage_of(w.year, DAY).departments)) == {"办公室", "法规处", "审批处", "机关党委"}
    Cover(group=w.people.groups["第一活动组"], unit=w.people.units["法规处"]).save()
    # a body that is no activity group puts nobody into one
    Cover(group=w.people.groups["创建办"], unit=w.people.units["办公室"]).save()
    assert "法规处" not in names(coverage_of(w.year, DAY).departments)
    assert "办公室" in names(coverage_of(w.year, DAY).departments)
    org.end_group(w.people.groups["第一活动组"], by=w.user("石玲佳"))
    assert "法规处" in names(coverage_of(w.year, DAY).departments)


def test_a_person_without_a_duty_is_named_until_there_is_one(w: World) -> None:
    person = w.user("朱辉斌").person
    Item.objects.filter(person=person).update(person=None)
    assert {"朱辉斌", "无职务"} <= set(names(coverage_of(w.year, DAY).people))
    assert "黎林波" not in names(coverage_of(w.year, DAY).people)  # 负责人
    org.give_duty(
        w.people.groups["第一活动组"], by=w.user("石玲佳"), person=person, duty="组员"
    )  # fmt: skip
    assert "朱辉斌" not in names(coverage_of(w.year, DAY).people)
    item = w.item("1.2.5")
    actions.set_lead(item, by=w.user("石玲佳"), lead=item.lead, person=w.user("无职务").person)
    assert "无职务" not in names(coverage_of(w.year, DAY).people)


def test_who_left_with_open_items_and_who_is_away_without_a_stand_in(w: World) -> None:
    person, other = w.user("白毅志").person, w.user("李洋华").person
    assert Item.objects.filter(year=w.year, person=person).exists()
    Absence(person=person, starts_on=DAY, ends_on=DAY).save()
    assert ("白毅志", "away") in [(one.name, one.kind) for one in coverage_of(w.year, DAY).people]
    Deputy(person=person, stand_in=other).save()
    assert "白毅志" not in names(coverage_of(w.year, DAY).people)
    person.left_on = date(2020, 1, 5)
    person.save()
    assert ("白毅志", "left") in [(one.name, one.kind) for one in coverage_of(w.year, DAY).people]
    client = browser(w, "石玲佳")
    address = f"/ledger/handover/{person.pk}/"
    assert f'href="{address}"' in client.get(f"/ledger/years/{w.year.pk}/coverage/").content.decode()
    assert client.get(address).status_code == 200


def test_an_item_without_a_lead_is_named_until_it_has_one(w: World) -> None:
    found = coverage_of(w.year, DAY)
    assert names(found.indicators) == ["无人认领的事"]
    item = w.item("1.2.6")
    actions.set_lead(item, by=w.user("石玲佳"), lead=w.people.units["法规处"])
    assert not coverage_of(w.year, DAY).indicators


def test_a_step_without_a_signer_is_named_until_somebody_stands_there(w: World) -> None:
    assert not [one for one in coverage_of(w.year, DAY).steps if one.code == "lead_head"]
    heads = Post.objects.filter(unit=w.people.units["法规处"], role="head")
    heads.update(ends_on=date(2020, 1, 5))
    found = [one for one in coverage_of(w.year, DAY).steps if one.code == "lead_head"]
    assert found and "没有人签" in found[0].why
    heads.update(ends_on=None)
    assert not [one for one in coverage_of(w.year, DAY).steps if one.code == "lead_head"]
    Step.objects.filter(track__campaign=w.campaign).delete()
    assert [one.kind for one in coverage_of(w.year, DAY).steps] == ["no_chain"]


def test_the_page_leads_to_where_each_gap_is_mended(w: World) -> None:
    client = browser(w, "石玲佳")
    got = client.get(f"/ledger/years/{w.year.pk}/coverage/")
    html = got.content.decode()
    assert f'href="/ledger/items/{w.item("1.2.6").pk}/lead/"' in html
    assert f'href="/org/people/{w.user("无职务").person.pk}/"' in html
    assert f'href="/org/groups/?agency={w.people.units["甲局"].pk}"' in html
    assert "无人认领的事" in words(got) and "没有负责的事项" in words(got)
    for address in set(re.findall(r'<td class="a"><a href="([^"]+)"', html)):
        assert client.get(address).status_code == 200, address
    book = read_book(client.get(f"/ledger/years/{w.year.pk}/coverage/export/").content, "a.xlsx")
    assert len(book.sheets) == 4
    assert any("无人认领的事" in row for row in book.sheets[2].rows)
    count = coverage_of(w.year, DAY).count
    assert f'href="/ledger/years/{w.year.pk}/coverage/"' in client.get("/ledger/overview/").content.decode()
    assert f"未覆盖 {count}" in words(client.get("/ledger/overview/"))
    # it is the office's: others neither see the figure nor open the page
    assert "未覆盖" not in words(browser(w, "朱辉斌").get("/ledger/overview/"))
    assert browser(w, "朱辉斌").get(f"/ledger/years/{w.year.pk}/coverage/").status_code == 403


def test_a_year_that_is_not_open_says_so(w: World) -> None:
    year = w.campaign.years.get(year=2019)
    assert "还没有启用" in words(browser(w, "石玲佳").get(f"/ledger/years/{year.pk}/coverage/"))


@pytest.mark.parametrize("away", [0, 3])
def test_ten_queries_at_the_real_size(people: City, settings: Any, away: int) -> None:
    settings.TODAY = TODAY.isoformat()
    made = ledger(people)
    for person, stand_in in zip(made.people[:away], made.people[away:], strict=False):
        Absence(person=person, starts_on=TODAY).save()
        Deputy(person=person, stand_in=stand_in).save()
    with CaptureQueriesContext(connection) as small:
        found = coverage_of(made.year, TODAY)
    assert len(small) <= 10, [query["sql"][:80] for query in small]
    assert found.totals["people"] >= 150 and found.totals["indicators"] > 200
    assert found.indicators and found.departments and found.people


def test_the_page_costs_the_same_at_two_sizes(people: City, settings: Any) -> None:
    settings.TODAY = TODAY.isoformat()
    counts = []
    for agency, items, staff in (("甲局", 20, 10), ("乙局", 120, 60)):
        made = ledger(people, agency, items=items, people=staff, evidence=0)
        at = "" if agency == "甲局" else agency
        client = browser(World(people, made.campaign, made.year), f"{at}石玲佳")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/ledger/years/{made.year.pk}/coverage/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 24


def told(capsys: Any, *typed: str) -> tuple[int, str, str]:
    code = main(list(typed))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_the_command_line(w: World, capsys: Any) -> None:
    code, out, _ = told(capsys, "coverage", str(w.campaign.pk), "--json")
    found = json.loads(out)
    assert code == 0 and list(found) == ["departments", "people", "indicators", "steps"]
    assert [one["name"] for one in found["indicators"]] == ["无人认领的事"]
    assert {"id", "code", "name", "kind", "why"} == set(found["people"][0])
    assert told(capsys, "coverage", w.campaign.name, "--json")[1] == out
    code, out, _ = told(capsys, "coverage", w.campaign.name)
    assert code == 0 and out.count("\n") == 1 and "没有牵头的事项 1 项" in out


@pytest.mark.parametrize(
    ("typed", "said"),
    [(["没有这个"], "没有叫“没有这个”的创建活动"), ([], "还缺参数"), (["创建全国文明单位", "--year", "2019"], "还没有启用"),
     (["创建全国文明单位", "--year", "2035"], "没有 2035 年度"), (["创建全国文明单位", "--year", "今年"], "要写数字")],
)  # fmt: skip
def test_a_slip_on_the_command_line_is_one_line(w: World, capsys: Any, typed: list[str], said: str) -> None:
    code, out, err = told(capsys, "coverage", *typed)
    assert code == 2 and said in err and err.count("\n") == 1 and not out
