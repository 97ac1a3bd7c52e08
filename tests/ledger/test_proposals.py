"""New evidence is proposed for the items it can serve; accepted with one click, or turned down for good."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted
from taizhang.kit.files import store
from taizhang.ledger import actions
from taizhang.ledger.models import Citation, Declined
from taizhang.ledger.queries.proposals import proposals_for
from taizhang.ledger.rules.proposals import Room, room_for

from .pages import browser
from .world import TODAY, World, hand_out, system_user, world

FILLER, CLERK = "朱辉斌", "石玲佳"


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = TODAY
    return made


def put(
    w: World, title: str, text: str = "", by: str = FILLER, unit: str = "办公室", on: str = "2020-05-20"
) -> Evidence:
    body = (text or title).encode()
    stored = store().put([body], limit=10**6)
    piece = library.deposit(
        w.people.units[unit], by=w.user(by), stored=stored, original_name=f"{title}.txt", again=True,
        happened_on=date.fromisoformat(on),
    )  # fmt: skip
    library.keep_pages(piece.current, by=system_user(), leaves=[{"no": 1, "text": text, "lines": []}])
    return Evidence.objects.select_related("current").get(pk=piece.pk)


def codes(w: World, piece: Evidence, by: str = FILLER) -> list[str]:
    return [one.title for one in proposals_for(w.user(by), [piece], clock.today())[piece.pk]]


def room(slot: int, month: int, status: str = "open", day: int = 5) -> Room:
    return Room(
        slot, f"{month}月", date(2020, month, 1), date(2020, month, 28), date(2020, month + 1, day), status
    )


# rules


def test_evidence_goes_into_the_period_it_is_of() -> None:
    rooms = [room(4, 4, "accepted"), room(5, 5), room(6, 6)]
    today = date(2020, 6, 10)
    assert room_for(rooms, date(2020, 5, 20), today) == rooms[1]
    assert room_for(rooms, date(2020, 4, 20), today) is None  # handed in already
    assert room_for(rooms, None, today) == rooms[2]  # the one that runs, where nothing says when
    assert room_for([rooms[1], room(3, 3, "returned")], None, today).slot == 3
    assert room_for([room(4, 4, "accepted")], None, today) is None


def test_of_several_periods_that_wait_one_is_meant() -> None:
    """What the command line fills by `evidence add --item` and what a proposal offers: one rule."""
    late, later, runs, to_come = room(2, 2), room(3, 3), room(6, 6), room(9, 9)
    today = date(2020, 6, 20)
    chosen = [
        room_for(rooms, None, today)
        for rooms in (
            [late, later, runs, to_come], [to_come, later, late], [to_come, room(10, 10)],
            [late, later, room(1, 1, "returned"), room(4, 4, "returned"), runs],
        )
    ]  # fmt: skip
    assert [one and one.slot for one in chosen] == [6, 3, 9, 1]
    # two in one month: the first of them, however they come
    twice = [room(8, 6), room(7, 6)]
    assert room_for(twice, None, today) == room_for(twice[::-1], None, today) == twice[1]
    # not the next one, even where its own is late
    assert room_for([late, later, runs], date(2020, 2, 9), today) == late


# queries


def test_the_right_item_comes_first_by_title_and_by_text(w: World) -> None:
    assert codes(w, put(w, "5月领导小组调度会议记录"))[0] == "领导小组月度调度"
    assert codes(w, put(w, "会议材料", "今年的年度实施方案已经印发，明确各处室任务"))[0] == "年度实施方案"


def test_what_was_accepted_before_teaches(w: World) -> None:
    first = put(w, "晨跑打卡表之一")
    later = put(w, "晨跑打卡表之二")
    assert "主要负责同志带头参与" not in codes(w, later)[:1]
    slot = w.slot("1.1.3")
    actions.cite(slot, by=w.user(FILLER), evidence=first)
    assert codes(w, later)[0] == "主要负责同志带头参与"


def test_what_is_cited_says_so_and_what_was_turned_down_is_gone(w: World) -> None:
    piece = put(w, "5月领导小组调度会议记录")
    best = proposals_for(w.user(FILLER), [piece], clock.today())[piece.pk][0]
    assert (best.period, best.cited, best.may) == ("5月", False, True)
    slot = w.slot("1.1.1", 4)
    assert best.slot == slot.pk
    actions.cite(slot, by=w.user(FILLER), evidence=piece)
    assert proposals_for(w.user(FILLER), [piece], clock.today())[piece.pk][0].cited
    actions.decline(w.item("1.1.1"), by=w.user(FILLER), evidence=piece)
    assert "领导小组月度调度" not in codes(w, piece)
    actions.decline(w.item("1.1.1"), by=w.user(FILLER), evidence=piece)
    assert Declined.objects.count() == 1
    with pytest.raises(NotPermitted):
        actions.decline(w.item("1.1.2"), by=w.user(FILLER), evidence=piece)


def test_who_may_not_fill_sees_the_item_without_a_button(w: World) -> None:
    piece = put(w, "年度总结", "法规处的年度总结")
    found = {one.title: one for one in proposals_for(w.user(FILLER), [piece], clock.today())[piece.pk]}
    assert not found["年度总结"].may
    assert {one.title: one for one in proposals_for(w.user(CLERK), [piece], clock.today())[piece.pk]}[
        "年度总结"
    ].may


def test_the_number_of_queries_is_the_same_for_one_and_for_many(w: World) -> None:
    pieces = [put(w, f"材料{number} 领导小组调度", f"第{number}次") for number in range(12)]
    proposals_for(w.user(FILLER), pieces[:1], clock.today())
    with CaptureQueriesContext(connection) as one:
        proposals_for(w.user(FILLER), pieces[:1], clock.today())
    with CaptureQueriesContext(connection) as many:
        proposals_for(w.user(FILLER), pieces, clock.today())
    assert len(one) == len(many) <= 12


# pages


def test_one_click_cites_and_another_turns_down(w: World) -> None:
    client: Client = browser(w, FILLER)
    piece = put(w, "5月领导小组调度会议记录")
    listed = client.get(reverse("proposals")).content.decode()
    slot = w.slot("1.1.1", 4)
    assert "领导小组月度调度" in listed and f'value="{piece.pk}-{slot.pk}"' in listed
    answer = client.post(
        reverse("proposals_accept"),
        {"one": f"{piece.pk}-{slot.pk}", "next": "/ledger/proposals/"},
        follow=True,
    )
    assert "已引用 1 处" in answer.content.decode()
    assert Citation.objects.get().slot == slot
    assert "没有待对应的材料" in client.get(reverse("proposals")).content.decode()
    again = client.post(
        reverse("proposals_accept"), {"pick": [f"{piece.pk}-{slot.pk}", "x-1"], "next": "//evil"}, follow=True
    )
    assert "1 处没有引用" in again.content.decode() and "不用再引用" in again.content.decode()
    nothing = client.post(reverse("proposals_accept"), {}, follow=True).content.decode()
    assert "还没有勾选" in nothing
    other = put(w, "领导小组会议签到")
    client.post(reverse("proposals_decline"), {"turn": f"{other.pk}-{w.item('1.1.1').pk}"})
    assert Declined.objects.get().evidence == other
    client.get(reverse("proposals"))  # has said what was done
    page = client.get(reverse("evidence_proposals", args=[other.pk])).content.decode()
    assert "领导小组月度调度" not in page


def test_another_agency_neither_sees_nor_cites(w: World) -> None:
    piece = put(w, "5月领导小组调度会议记录")
    slot = w.slot("1.1.1", 4)
    client: Client = browser(w, "乙局朱辉斌")
    assert client.get(reverse("evidence_proposals", args=[piece.pk])).status_code == 404
    assert piece.title not in client.get(reverse("proposals") + "?all=1").content.decode()
    answer = client.post(reverse("proposals_accept"), {"one": f"{piece.pk}-{slot.pk}"}, follow=True)
    assert "已经看不到了" in answer.content.decode() and not Citation.objects.exists()
    assert (
        client.post(reverse("proposals_decline"), {"turn": f"{piece.pk}-{w.item('1.1.1').pk}"}).status_code
        == 404
    )


def test_the_page_costs_the_same_for_many_pieces(w: World) -> None:
    client: Client = browser(w, FILLER)
    put(w, "领导小组调度一")
    client.get(reverse("proposals"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("proposals"))
    for number in range(10):
        put(w, f"领导小组调度{number}")
    client.get(reverse("proposals"))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("proposals"))
    assert len(few) == len(many) <= 24
