"""工作台: what each person finds on the first screen, and passing a whole page."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.ledger import actions
from taizhang.ledger.models import Batch, Item, Need, Slot

from ..ledger.factory import TODAY, ledger
from ..ledger.pages import browser, close, post, put, words
from ..ledger.world import World, hand_out, world


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-03-02"
    return made


def ready(w: World, code: str, nth: int = 0, by: str = "崔怡欣") -> Slot:
    slot = w.slot(code, nth)
    for need in Need.objects.filter(item=slot.item):
        for _ in range(need.least):
            put(w, slot, by, need)
    actions.submit(slot, by=w.user(by), conclusion="好")
    slot.refresh_from_db()
    return slot


def test_desk_of_a_filler_groups_what_is_to_be_done(w: World, settings: Any) -> None:
    back = ready(w, "1.1.1")
    actions.send_back(back, by=w.user("黎林波"), opinion="照片不清")
    text = words(browser(w, "崔怡欣").get("/"))
    for part in (
        "工作台",
        "2020-03-02 星期一",
        "距测评日",
        "退回给我 1",
        "照片不清",
        "补正再交",
        "待签收",
        "签收",
        "办理中",
        "创建总体",
        "近期日程",
    ):
        assert part in text, part
    settings.TODAY = "2020-04-20"
    text = words(browser(w, "崔怡欣").get("/"))
    assert "逾期" in text and "还缺：" in text and "传材料" in text


def test_desk_of_a_head_reviews_and_passes_the_whole_page(w: World) -> None:
    first, second = ready(w, "1.1.1"), ready(w, "1.1.1", 1)
    actions.change_need(Need.objects.get(item=first.item, kind="picture"), by=w.user("石玲佳"), least=2)
    head = browser(w, "黎林波")
    text = words(head.get("/"))
    assert "待我审核 2" in text and "要求已满足" in text and "整页通过" in text and "通过 2 期" in text
    answer = post(head, "/desk/pass/slots/", year=w.year.pk, ids=[first.pk, second.pk], once="x1")
    assert answer.status_code == 302
    assert set(Slot.objects.filter(pk__in=[first.pk, second.pk]).values_list("status", flat=True)) == {
        "accepted"
    }
    assert Batch.objects.get(label="审核通过").count == 2
    again = post(head, "/desk/pass/slots/", year=w.year.pk, ids=[first.pk], once="x1")
    assert again.status_code in (302, 409) and Batch.objects.filter(label="审核通过").count() == 1


def test_desk_pass_takes_only_what_waits_for_me_and_is_complete(w: World) -> None:
    good, poor = ready(w, "1.1.1"), ready(w, "1.1.1", 1)
    Need.objects.filter(item=good.item, kind="picture").update(least=2)
    poor.citations.filter(need__kind="picture").delete()
    answer = post(browser(w, "黎林波"), "/desk/pass/slots/", year=w.year.pk, ids=[good.pk, poor.pk])
    assert answer.status_code == 302
    assert (Slot.objects.get(pk=good.pk).status, Slot.objects.get(pk=poor.pk).status) == (
        "accepted",
        "submitted",
    )
    assert post(browser(w, "白毅志"), "/desk/pass/slots/", year=w.year.pk, ids=[poor.pk]).status_code == 409
    assert (
        post(browser(w, "乙局黎林波"), "/desk/pass/slots/", year=w.year.pk, ids=[poor.pk]).status_code == 404
    )
    assert post(browser(w, "黎林波"), "/desk/pass/slots/", year="", ids=[poor.pk]).status_code == 404
    assert browser(w, "黎林波").get("/desk/pass/slots/").status_code == 405


def test_desk_of_the_office_signs_items_and_sees_what_is_not_assigned(w: World) -> None:
    slot = close(w, "1.2.5", upto=1)
    item = Item.objects.get(pk=slot.item_id)
    assert item.step is not None
    name = "马华斌" if item.step.who == "office" else "李洋华"
    text = words(browser(w, name).get("/"))
    assert "待我签批 1" in text and "期次 1/1 通过" in text
    assert "1 项没有牵头处室" in words(browser(w, "石玲佳").get("/"))
    answer = post(browser(w, name), "/desk/pass/items/", year=w.year.pk, ids=[item.pk])
    assert answer.status_code == 302
    before = item.step_id
    item.refresh_from_db()
    assert item.step_id != before


@pytest.mark.parametrize("name,said", [("系统管理员", "没有台账事项"), ("审计员", "没有台账事项"), ("无职务", "没有台账事项"), ("东县文明办", "你能看到的创建活动"),
                                       ("乙局白毅志", "等创建办启动"), ("卢欣燕", "创建总体")])  # fmt: skip
def test_desk_for_everybody_else(w: World, name: str, said: str) -> None:
    assert said in words(browser(w, name).get("/"))


def test_desk_before_the_first_campaign_says_what_to_do(people: Any, settings: Any) -> None:
    client = Client()
    client.force_login(people.users["石玲佳"])
    text = words(client.get("/"))
    assert "还没有创建活动" in text and "导入人员" in text and "导入标准" in text
    assert Client().get("/").status_code == 302  # to the login


def test_desk_of_a_planned_year_says_that_it_is_to_be_opened(w: World) -> None:
    session_year = w.campaign.years.get(year=2019)
    client = browser(w, "石玲佳")
    session = client.session
    session["campaign_year"] = session_year.pk
    session.save()
    assert "2019年度的台账还没有启用" in words(client.get("/"))


@pytest.mark.parametrize("name", ["石玲佳", "黎林波", "白毅志"])
def test_desk_costs_the_same_for_a_few_items_and_for_259(people: Any, settings: Any, name: str) -> None:
    settings.TODAY = TODAY.isoformat()
    made = ledger(people, items=259)
    client = Client()
    client.force_login(people.users[name])
    counts = []
    for keep in (259, 30):
        if keep < 259:
            gone = [item.pk for item in made.items[keep:]]
            Item.objects.filter(pk__in=gone).update(year=None)
        client.get("/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/").status_code == 200
        counts.append(len(seen))
    assert counts[0] >= counts[1] and counts[0] - counts[1] <= 8, counts  # an empty group asks nothing
    assert counts[0] <= 48, counts
