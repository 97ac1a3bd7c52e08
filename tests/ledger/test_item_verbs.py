"""Each verb of an item through its own page: who may, what is refused, what is then shown."""

from typing import Any

import pytest

from taizhang.ledger import actions
from taizhang.ledger.models import Item, Need, Slot
from taizhang.ledger.rules.states import SlotStatus, Status

from .pages import browser, carry, close, page, post, words
from .world import World, hand_out, world


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    """2020 opened and handed out on 6 January; the day is then 3 February."""
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-02-03"
    return made


def test_item_steps_sign_return_close_reopen(w: World) -> None:
    slot = close(w, "1.2.5", upto=1)
    item = slot.item
    clerk = browser(w, "马华斌")
    assert "签批" in words(page(clerk, item)) and "退回" in words(page(clerk, item))
    back = f"/ledger/items/{item.pk}/send-back/"
    assert post(clerk, back, opinion="缺总结").status_code == 422  # which slots was not said
    assert post(clerk, back, opinion="缺总结", slots=[slot.pk]).status_code == 302
    slot.refresh_from_db()
    assert slot.status == SlotStatus.RETURNED
    close(w, "1.2.5")
    item.refresh_from_db()
    assert item.status == Status.CLOSED and item.close_no
    text = words(page(clerk, item))
    assert item.close_no in text and "销号单" in text
    again = f"/ledger/items/{item.pk}/reopen/"
    assert post(clerk, again, opinion="检查发现要补", slots=[slot.pk]).status_code == 302
    item.refresh_from_db()
    assert item.status == Status.RETURNED
    text = words(page(clerk, item))
    assert "重新挂号" in text and "检查发现要补" in text


@pytest.mark.parametrize(
    "verb,typed",
    [
        ("suspend", {"reason": "机构改革"}),
        ("waive", {"reason": "无此职能"}),
        ("due", {"due_on": "2020-07-01"}),
    ],
)
def test_item_verbs_of_the_office(w: World, verb: str, typed: dict[str, str]) -> None:
    item = w.item("1.1.2")
    url = f"/ledger/items/{item.pk}/{verb}/"
    assert browser(w, "崔怡欣").get(url).status_code == 403
    assert browser(w, "乙局石玲佳").get(url).status_code == 404
    clerk = browser(w, "石玲佳")
    assert clerk.get(url).status_code == 200
    assert post(clerk, url).status_code == 422
    assert post(clerk, url, **typed).status_code == 302
    text = words(page(clerk, item))
    assert next(iter(typed.values())) in text


def test_item_suspend_resume_waive_restore(w: World) -> None:
    item, clerk = w.item("1.1.2"), browser(w, "石玲佳")
    for verb, typed, status in (("suspend", {"reason": "等"}, Status.SUSPENDED), ("resume", {}, Status.DOING),
                                ("waive", {"reason": "无"}, Status.WAIVED), ("restore", {}, Status.DOING)):  # fmt: skip
        answer = post(clerk, f"/ledger/items/{item.pk}/{verb}/", **typed)
        assert answer.status_code == 302, (verb, words(answer))
        item.refresh_from_db()
        assert item.status == status, verb


def test_item_assign_receive_and_conflict_side_by_side(w: World) -> None:
    item, clerk = w.item("1.2.6"), browser(w, "石玲佳")
    url = f"/ledger/items/{item.pk}/assign/"
    opened = clerk.get(url).content.decode()
    law, trade = w.people.units["法规处"], w.people.units["审批处"]
    actions.set_lead(item, by=w.user("马华斌"), lead=law)
    hidden = carry(opened)
    answer = post(clerk, url, lead=trade.pk, person="", leader="", due_on="2020-06-30", **hidden)
    assert answer.status_code == 409
    text = words(answer)
    assert "刚被他人修改" in text and "你打开时" in text and "法规处" in text and "审批处" in text
    fresh = carry(answer.content.decode())
    assert (
        post(clerk, url, lead=trade.pk, person="", leader="", due_on="2020-06-30", **fresh).status_code == 302
    )
    item.refresh_from_db()
    assert item.lead == trade and item.status == Status.ASSIGNED
    receive = f"/ledger/items/{item.pk}/receive/"
    assert post(browser(w, "白毅志"), receive).status_code == 403
    assert post(browser(w, "郑审批"), receive).status_code == 302
    assert post(browser(w, "郑审批"), receive).status_code == 409
    other = w.people.units["乙局办公室"]
    bad = post(clerk, url, lead=other.pk)
    assert bad.status_code == 422  # another agency's unit is no choice


def test_item_lead_moves_and_keeps_the_state(w: World) -> None:
    item, clerk = w.item("1.2.5"), browser(w, "石玲佳")
    answer = post(clerk, f"/ledger/items/{item.pk}/lead/", lead=w.people.units["办公室"].pk, person="")
    assert answer.status_code == 302
    text = words(page(clerk, item))
    assert "牵头 办公室" in text and "牵头处室 法规处 改为 办公室" in text


def test_event_item_add_slot_and_nothing_happened(w: World) -> None:
    item, law = w.item("1.2.3"), browser(w, "李洋华")
    bad = post(
        law,
        f"/ledger/items/{item.pk}/slots/add/",
        label="第一次",
        starts_on="2020-03-01",
        due_on="2020-02-01",
    )
    assert bad.status_code == 422 and "期限在发生日期之前" in words(bad)
    assert (
        post(
            law,
            f"/ledger/items/{item.pk}/slots/add/",
            label="第一次调整",
            starts_on="2020-02-01",
            due_on="2020-02-20",
        ).status_code
        == 302
    )
    assert "第一次调整" in words(page(law, item))
    answer = post(law, f"/ledger/items/{item.pk}/nothing/", note="没有发生")
    assert answer.status_code == 409
    assert browser(w, "崔怡欣").get(f"/ledger/items/{item.pk}/nothing/").status_code == 403


def test_conclude_when_as_many_are_accepted_as_count(w: World) -> None:
    item = w.item("1.1.4")
    clerk = browser(w, "石玲佳")
    Slot.objects.filter(item=item).update(status="accepted")
    Slot.objects.filter(item=item, pk__in=list(item.slots.values_list("pk", flat=True)[39:])).update(
        status="open"
    )
    Item.objects.filter(pk=item.pk).update(status="doing")
    text = words(page(clerk, item))
    assert "全年须通过 40 期，现已通过 39 期" in text
    answer = post(clerk, f"/ledger/items/{item.pk}/conclude/")
    assert answer.status_code == 409 and "40" in words(answer)
    one = item.slots.filter(status="open").first()
    assert one is not None
    Slot.objects.filter(pk=one.pk).update(status="accepted")
    assert post(clerk, f"/ledger/items/{item.pk}/conclude/").status_code == 302


def test_needs_are_the_offices(w: World) -> None:
    item, clerk = w.item("1.1.2"), browser(w, "石玲佳")
    url = f"/ledger/items/{item.pk}/needs/"
    assert browser(w, "崔怡欣").get(url).status_code == 403
    assert browser(w, "乙局石玲佳").get(url).status_code == 404
    typed = {
        "name": "现场照片",
        "kind": "picture",
        "least": 2,
        "must": "on",
        "fields_asked": ["time", "place"],
    }
    assert post(clerk, f"{url}add/", **typed).status_code == 302
    need = Need.objects.get(item=item, name="现场照片")
    assert need.fields == ["time", "place"] and "时间、地点" in words(clerk.get(url))
    bad = post(clerk, f"/ledger/needs/{need.pk}/change/", name="", kind="picture", least=0)
    assert bad.status_code == 422 and "请写要什么材料" in words(bad)
    assert post(clerk, f"/ledger/needs/{need.pk}/change/", **{**typed, "least": 3}).status_code == 302
    assert post(clerk, f"/ledger/needs/{need.pk}/drop/").status_code == 302
    assert not Need.objects.filter(pk=need.pk).exists()
    assert post(browser(w, "乙局石玲佳"), f"/ledger/needs/{Need.objects.first().pk}/drop/").status_code == 404  # type: ignore[union-attr]


def test_assign_again_an_item_of_many_slots_leaves_their_dates(w: World) -> None:
    item, clerk = w.item("1.1.1"), browser(w, "石玲佳")
    url = f"/ledger/items/{item.pk}/assign/"
    shown = clerk.get(url).content.decode()
    assert 'name="due_on"' not in shown
    dates = list(item.slots.values_list("due_on", flat=True))
    answer = post(
        clerk, url, lead=w.people.units["法规处"].pk, person="", leader="", co=[w.people.units["审批处"].pk]
    )
    assert answer.status_code == 302
    assert list(item.slots.values_list("due_on", flat=True)) == dates
    text = words(page(clerk, item))
    assert "牵头 法规处" in text and "配合 审批处" in text and "有多期，请在那一期里改本期期限" in text
