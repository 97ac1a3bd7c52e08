"""创建总览: every number is the number of rows that its link opens."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from taizhang.ledger.models import Item, Slot
from taizhang.ledger.queries import filters
from taizhang.ledger.queries.listing import listed
from taizhang.ledger.queries.overview import curve, overview_of
from taizhang.org.models.groups import Cover, Group

from ..people import City
from .factory import TODAY, Ledger, ledger

PAGE = "/ledger/overview/"


@pytest.fixture
def small(people: City, settings: Any) -> Ledger:
    settings.TODAY = TODAY.isoformat()
    return ledger(people, items=60, people=30, evidence=60)


def as_(people: City, name: str) -> Client:
    client = Client()
    client.force_login(people.users[name])
    return client


def rows_behind(user: Any, small: Ledger, url: str) -> int:
    asked = dict(parse_qsl(urlsplit(url).query))
    assert asked.pop("year") == str(small.year.pk)
    return len(listed(user, small.year, filters.read(asked), TODAY).rows)


@pytest.mark.parametrize("mode", ["", "team", "leader"])
def test_every_cell_opens_as_many_rows_as_it_counts(people: City, small: Ledger, mode: str) -> None:
    team = Group.objects.get(name="第一活动组")
    Cover(group=team, unit=small.departments[1]).save()
    Cover(group=team, area_code="Ⅰ-3").save()
    user = people.users["卢欣燕"]
    found = overview_of(user, small.year, mode, TODAY, "/ledger/items/")
    seen = {}
    for _, _, cells, total in found.areas:
        for cell in [*cells, total]:
            if cell and cell.url not in seen:
                seen[cell.url] = rows_behind(user, small, cell.url)
                assert cell.total == seen[cell.url], cell.url
    for cell in found.foot:
        assert cell.total == rows_behind(user, small, cell.url)
    assert found.foot[-1].total == len(small.items)
    assert sum(total.done for *_, total in found.areas) == found.foot[-1].done
    if mode != "team":  # a group may cover what another covers too
        assert sum(cell.total for cell in found.foot[:-1]) == found.foot[-1].total


def test_the_counts_of_the_strip_are_those_of_the_list(people: City, small: Ledger) -> None:
    client = as_(people, "朱辉斌")
    page = client.get(PAGE).content.decode()
    strip = page.split('<div class="counts">')[1].split("</div>")[0]
    found = re.findall(r'href="([^"]+)".*?<b>([\d/]+)</b>', strip, re.S)
    assert len(found) == 7
    for url, number in found:
        if "/" not in number:
            assert rows_behind(people.users["朱辉斌"], small, unescape(url)) == int(number)


def test_the_stages_open_what_they_count(people: City, small: Ledger) -> None:
    user = people.users["朱辉斌"]
    found = overview_of(user, small.year, "", TODAY, "/ledger/items/")
    assert [stage.name for stage in found.stages] == ["总结动员", "全面创建", "自查整改", "年度考评"]
    assert [stage.now for stage in found.stages] == [False, True, False, False]
    for stage in found.stages:
        assert stage.due == rows_behind(user, small, stage.url)
        assert stage.done == rows_behind(user, small, stage.url + "&view=closed")
        assert stage.late == rows_behind(user, small, stage.url + "&view=late")


def test_the_curve_ends_at_what_is_planned_and_stops_today(people: City, small: Ledger) -> None:
    found = overview_of(people.users["朱辉斌"], small.year, "", TODAY, "/ledger/items/")
    chart = curve(found, TODAY)
    plan, real = (series["data"] for series in chart["series"])
    at = chart["x"].index(chart["today"])
    assert plan == sorted(plan) and plan[-1] == len(found.plan)
    assert real[at] == Item.objects.filter(year=small.year, status="closed").count()
    assert all(value is None for value in real[at + 1 :])
    assert len(set(chart["x"])) == len(chart["x"])


def test_what_was_raised_by_hand_is_not_mixed_in(people: City, small: Ledger) -> None:
    Item(
        unit=small.agency,
        year=small.year,
        no="批2020-001",
        title="办理批示",
        cadence="year",
        source_kind="instruction",
    ).save()
    found = overview_of(people.users["朱辉斌"], small.year, "", TODAY, "/ledger/items/")
    assert found.foot[-1].total == len(small.items)


def test_who_may_see_it(people: City, small: Ledger) -> None:
    address = f"{PAGE}?year={small.year.pk}"
    for name in ("朱辉斌", "卢欣燕", "市文明办"):
        assert as_(people, name).get(address).status_code == 200
    for name in ("乙局石玲佳", "系统管理员", "审计员"):
        assert as_(people, name).get(address).status_code == 404
    assert as_(people, "朱辉斌").post(address).status_code == 405
    assert as_(people, "朱辉斌").get(f"{PAGE}?by=password").status_code == 200


def test_a_year_without_items_and_without_groups_is_shown(people: City, small: Ledger) -> None:
    Slot.objects.filter(item__year=small.year).update(before_system=False)
    Item.objects.filter(year=small.year).update(year=None)
    for by in ("", "team", "leader"):
        assert as_(people, "朱辉斌").get(f"{PAGE}?by={by}").status_code == 200
