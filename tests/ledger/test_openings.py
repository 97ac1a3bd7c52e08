"""报送窗口: opened, moved, closed; late is marked, what is shut is not taken in, what was returned may come again."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.campaigns.models import Opening
from taizhang.journal.models import Entry
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.ledger import actions, jobs
from taizhang.ledger.models import Slot
from taizhang.ledger.queries.openings import periods_of, rest_of_year
from taizhang.ledger.rules import openings as rules
from taizhang.ledger.rules.openings import Span
from taizhang.ledger.rules.states import SlotStatus, Status

from .pages import browser, put
from .world import World, hand_out, world

MAY = "month.2020-05-01"
CLERK, FILLER, HEAD = "石玲佳", "朱辉斌", "黎林波"


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-06-03"
    return made


def set_may(w: World, opens: str = "2020-06-01", shuts: str = "2020-06-10", late: bool = True) -> None:
    span = Span(date.fromisoformat(opens), date.fromisoformat(shuts), late)
    actions.set_openings(w.year, by=w.user(CLERK), spans={MAY: span})


def may_slot(w: World) -> Slot:
    return w.slot("1.1.1", 4)


def hand_in(w: World) -> Slot:
    slot = may_slot(w)
    for need in slot.item.needs.all():
        for _ in range(need.least):
            put(w, slot, FILLER, need)
    actions.submit(slot, by=w.user(FILLER), conclusion="已调度")
    return may_slot(w)


# rules


def test_a_window_must_lie_behind_the_beginning_of_its_period_and_end_after_it_opens() -> None:
    first, last = date(2020, 5, 1), date(2020, 5, 31)
    assert rules.problems(Span(date(2020, 6, 1), date(2020, 6, 10)), first, last) == []
    assert "早于这一期的第一天" in rules.problems(Span(date(2020, 4, 30), date(2020, 6, 1)), first, last)[0]
    assert "早于开放日" in rules.problems(Span(date(2020, 6, 9), date(2020, 6, 1)), first, last)[0]
    assert "超过 180 天" in rules.problems(Span(date(2020, 6, 1), date(2021, 6, 1)), first, last)[0]


def test_what_was_put_off_or_returned_keeps_the_later_day() -> None:
    span = Span(date(2020, 6, 1), date(2020, 6, 10), takes_late=False)
    later, sooner = date(2020, 6, 20), date(2020, 6, 5)
    assert rules.dates(span, SlotStatus.OPEN, later, False).due_on == span.shuts_on
    put_off = rules.dates(span, SlotStatus.OPEN, later, True)
    assert (put_off.due_on, put_off.shuts_on) == (later, later)
    assert rules.dates(span, SlotStatus.RETURNED, sooner, False).due_on == span.shuts_on
    assert rules.dates(Span(span.opens_on, span.shuts_on), SlotStatus.OPEN, sooner, False).shuts_on is None


def test_when_a_window_is_shut() -> None:
    shuts = date(2020, 6, 10)
    assert not rules.is_shut(None, shuts, date(2021, 1, 1))
    assert not rules.is_shut(shuts, shuts, shuts)
    assert rules.is_shut(shuts, shuts, date(2020, 6, 11))
    assert not rules.is_shut(shuts, date(2020, 6, 15), date(2020, 6, 15))  # returned, to be put right


# actions


def test_the_slots_of_the_period_follow_their_window_and_others_stay(w: World) -> None:
    before = w.slot("1.1.1", 5).due_on
    set_may(w, late=False)
    slot = may_slot(w)
    assert (slot.opens_on, slot.due_on, slot.shuts_on) == (
        date(2020, 6, 1),
        date(2020, 6, 10),
        date(2020, 6, 10),
    )
    assert w.slot("1.1.1", 5).due_on == before
    kept = Opening.objects.get()
    assert (kept.label, kept.takes_late, kept.ends_on) == ("5月", False, date(2020, 5, 31))
    assert Entry.objects.filter(action="ledger.set_openings").count() == 1


def test_nothing_is_taken_in_before_it_opens(w: World) -> None:
    set_may(w, opens="2020-06-05")
    with pytest.raises(Refused, match="2020-06-05 开放，还不能提交"):
        hand_in(w)


def test_what_comes_late_is_marked(w: World, settings: Any) -> None:
    set_may(w)
    settings.TODAY = "2020-06-11"
    assert hand_in(w).late


def test_what_is_shut_is_not_taken_in_and_the_night_marks_it_lost(w: World, settings: Any) -> None:
    set_may(w, late=False)
    settings.TODAY = "2020-06-10"
    assert jobs.lose_what_is_over.call() == 0
    settings.TODAY = "2020-06-11"
    with pytest.raises(Refused, match="已于 2020-06-10 关闭"):
        hand_in(w)
    assert jobs.lose_what_is_over.call() == 1
    assert may_slot(w).status == SlotStatus.LOST
    assert jobs.lose_what_is_over.call() == 0


def test_closing_by_hand_and_letting_in_again(w: World) -> None:
    set_may(w)
    actions.shut_opening(w.year, by=w.user(CLERK), key=MAY)
    assert may_slot(w).status == SlotStatus.LOST
    set_may(w, shuts="2020-06-20")
    slot = may_slot(w)
    assert (slot.status, slot.due_on) == (SlotStatus.OPEN, date(2020, 6, 20))
    assert hand_in(w).status == SlotStatus.SUBMITTED


def test_a_returned_one_may_be_handed_in_again_though_the_window_is_shut(w: World, settings: Any) -> None:
    set_may(w, late=False)
    hand_in(w)
    settings.TODAY = "2020-06-15"
    actions.send_back(may_slot(w), by=w.user(HEAD), opinion="照片不清楚")
    jobs.lose_what_is_over.call()
    assert may_slot(w).status == SlotStatus.RETURNED
    actions.submit(may_slot(w), by=w.user(FILLER), conclusion="已换")
    assert may_slot(w).status == SlotStatus.SUBMITTED


def test_a_year_whose_last_period_was_lost_goes_to_its_steps(w: World, settings: Any) -> None:
    item = w.item("1.2.2")
    for slot in Slot.objects.filter(item=item):
        if slot.starts_on != date(2020, 10, 1):
            actions.waive_slot(slot, by=w.user(CLERK), reason="本期不要求")
    settings.TODAY = "2021-01-05"
    actions.shut_opening(w.year, by=w.user(CLERK), key="quarter.2020-10-01")
    item.refresh_from_db()
    assert item.status == Status.REVIEW


def test_an_unused_or_unknown_period_is_refused(w: World) -> None:
    clerk = w.user(CLERK)
    with pytest.raises(Refused, match="已经不在台账里"):
        actions.set_openings(
            w.year, by=clerk, spans={"month.2019-01-01": Span(date(2020, 1, 1), date(2020, 1, 2))}
        )
    with pytest.raises(Refused, match="才开放，不用关闭"):
        actions.shut_opening(w.year, by=clerk, key="month.2020-07-01")
    with pytest.raises(Refused, match="早于开放日"):
        set_may(w, opens="2020-06-09", shuts="2020-06-01")
    assert not Opening.objects.exists()
    with pytest.raises(NotPermitted):
        actions.shut_opening(w.year, by=w.user(FILLER), key=MAY)


def test_the_rest_of_the_year_is_what_is_still_to_come(w: World) -> None:
    spans = rest_of_year(w.year, "month", 1, 10, False, date(2020, 6, 3))
    assert sorted(spans)[0] == MAY and len(spans) == 8
    assert spans[MAY] == Span(date(2020, 6, 1), date(2020, 6, 10), False)
    actions.set_openings(w.year, by=w.user(CLERK), spans=spans)
    assert Opening.objects.count() == 8


# pages


def test_the_page_lists_each_period_and_sets_one(w: World) -> None:
    client: Client = browser(w, CLERK)
    url = f"/ledger/years/{w.year.pk}/openings/"
    assert "报送窗口" in client.get(url).content.decode()
    shown = client.get(f"{url}?open={MAY}").content.decode()
    assert 'value="2020-05-01"' in shown and "5月" in shown
    typed = {"key": MAY, "opens_on": "2020-06-01", "shuts_on": "2020-05-30", "takes_late": ""}
    answer = client.post(f"{url}set/", typed)
    assert answer.status_code == 409 and 'value="2020-05-30"' in answer.content.decode()
    assert "早于开放日" in answer.content.decode()
    assert client.post(f"{url}set/", {**typed, "shuts_on": "2020-06-10"}).status_code == 302
    assert "不再收" in client.get(url).content.decode()
    rest = {"cadence": "month", "after": "x", "days": "10", "takes_late": "1"}
    answer = client.post(f"{url}rest/", rest)
    assert answer.status_code == 400 and "请填天数" in answer.content.decode()
    assert client.post(f"{url}rest/", {**rest, "after": "1"}).status_code == 302
    assert client.post(f"{url}shut/", {"key": MAY}).status_code == 302
    assert may_slot(w).status == SlotStatus.LOST


def test_the_page_costs_the_same_for_many_periods(w: World) -> None:
    client: Client = browser(w, CLERK)
    url = f"/ledger/years/{w.year.pk}/openings/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    actions.set_openings(
        w.year, by=w.user(CLERK), spans=rest_of_year(w.year, "month", 1, 10, True, date(2020, 6, 3))
    )
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many) <= 12
    assert len(periods_of(w.year)) > 12
