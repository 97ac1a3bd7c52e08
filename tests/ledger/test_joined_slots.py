"""What every department does, and the departments of other agencies that take part: each for its term."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taizhang.campaigns import actions as campaigns
from taizhang.campaigns.models import Joined, Track, Year
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.ledger import actions
from taizhang.ledger.models import Item, ItemUnit, Slot
from taizhang.ledger.queries import at_step
from taizhang.ledger.queries.guest_slots import left_over, offers_of
from taizhang.ledger.queries.guests import guest_years
from taizhang.ledger.queries.load import workload
from taizhang.ledger.queries.preview import preview
from taizhang.ledger.queries.year_plan import plan_year
from taizhang.ledger.rules.guests import Period, Term, due_for, labels, periods
from taizhang.standards.models import Indicator

from .editions import Next, revise
from .pages import browser, page, put, words
from .world import TODAY, World, campaign, hand_out, standard

GUEST, FILLER, OFFICE = "乙局法规处", "乙局白毅志", "石玲佳"
D, JAN = date, date(2020, 1, 1)


def join(w: World, settings: Any, day: str, ends_on: date | None = None, unit: str = GUEST) -> None:
    settings.TODAY = day
    campaigns.join(
        w.campaign, by=w.user(OFFICE), unit=w.people.units[unit], starts_on=date.fromisoformat(day), ends_on=ends_on
    )  # fmt: skip


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    """2020 is open and handed out; 1.2.2 (each quarter) is for 各处室; nobody takes part yet."""
    settings.TODAY = "2020-01-06"
    edition = standard()
    Indicator.objects.filter(code="1.2.2").update(lead_text="各处室")
    made = campaign(people, edition)
    year = Year.objects.get(campaign=made, year=2020)
    actions.open_year(year, by=people.users[OFFICE])
    year.refresh_from_db()
    found = World(people, made, year)
    hand_out(found)
    settings.TODAY = TODAY
    return found


def labels_of(w: World, code: str = "1.2.2", unit: str = GUEST) -> list[str]:
    rows = Slot.objects.filter(item__year=w.year, item__code=code, performer=w.people.units[unit])
    return [slot.label for slot in rows.order_by("starts_on")]


def give(w: World, *codes: str) -> Any:
    chosen = [
        (one.item, one.unit) for one in offers_of(w.year, clock.today()) if one.title in codes or not codes
    ]
    return actions.give_guests(w.year, by=w.user(OFFICE), chosen=chosen)


# ---- rules


def test_what_falls_to_a_term() -> None:
    term = [Term(1, D(2020, 4, 10), D(2020, 9, 30))]

    def due(ends_on: date, due_on: date, today: date = JAN, unit: int = 1) -> date | None:
        return due_for(term, unit, ends_on, due_on, today)

    assert due(D(2020, 6, 30), D(2020, 7, 5)) == D(2020, 7, 5)
    assert due(D(2020, 4, 10), D(2020, 4, 10)) == D(
        2020, 4, 10
    )  # the last day of a period is the term's first
    assert due(D(2020, 4, 9), D(2020, 4, 12)) is None  # was over before, though it is due within
    assert due(D(2020, 12, 31), D(2020, 4, 9)) is None  # once a year, due before the term
    assert due(D(2020, 12, 31), D(2020, 5, 20)) == D(2020, 5, 20)
    assert due(D(2020, 12, 31), D(2020, 10, 1)) is None  # once a year, due after the term
    assert due(D(2020, 9, 30), D(2020, 10, 10)) == D(2020, 9, 30)  # nothing is taken in after the term
    assert due(D(2020, 10, 31), D(2020, 11, 10)) is None
    assert due(D(2020, 6, 30), D(2020, 7, 5), unit=2) is None
    assert due(D(2020, 6, 30), D(2020, 7, 5), today=D(2020, 7, 1)) is None  # gone by on the day it is asked
    term.append(Term(1, D(2020, 12, 1), None))
    assert due(D(2020, 12, 31), D(2021, 1, 10)) == D(2021, 1, 10)


def test_periods_are_as_most_departments_have_them() -> None:
    def one(nth: int, due: date, status: str = "open", start: date = JAN) -> tuple[Period, str]:
        return Period(nth, f"第{nth}次", start, D(2020, 12, 31), start, due, None), status

    most, late = D(2020, 6, 1), D(2020, 7, 1)
    found = periods(
        [one(1, late), one(1, most), one(1, most, "accepted"), one(2, most, "waived"), one(2, most, "lost")]
    )
    assert [(period.nth, period.due_on) for period in found] == [(1, most)]
    assert labels(found) == "第1次"
    four = periods([one(nth, most) for nth in (1, 2, 3, 4)])
    assert labels(four) == "第1次 至 第4次，4 期"


# ---- opening


def test_a_year_is_opened_with_the_departments_that_take_part(people: Any, settings: Any) -> None:
    settings.TODAY = "2020-01-06"
    edition = standard()
    Indicator.objects.filter(code="1.2.2").update(lead_text="各处室")
    made = campaign(people, edition)
    w = World(people, made, Year.objects.get(campaign=made, year=2020))
    join(w, settings, "2020-01-06", date(2020, 9, 30))
    settings.TODAY = "2020-01-06"
    shown = preview(w.year, clock.today())
    assert shown.guests == [("乙局乙局法规处", 3)]
    assert "乙局法规处 3 期" in words(browser(w, OFFICE).get(reverse("year_open", args=[w.year.pk])))
    actions.open_year(w.year, by=w.user(OFFICE))
    assert labels_of(w) == ["一季度", "二季度", "三季度"]
    dues = [w.slot("1.2.2", nth=nth, performer=GUEST).due_on for nth in range(3)]
    assert dues == [
        date(2020, 4, 10),
        date(2020, 7, 10),
        date(2020, 9, 30),
    ]  # ten days of grace, not beyond the term
    assert labels_of(w, unit="法规处") == ["一季度", "二季度", "三季度", "四季度"]
    assert not Slot.objects.filter(performer=people.units[GUEST]).exclude(item__code="1.2.2").exists()
    assert Slot.objects.count() == shown.slots


def test_some_departments_are_not_every_department(people: Any, settings: Any) -> None:
    """业务处室: whether a guest is one of them the office says, so opening gives it nothing and the page asks."""
    settings.TODAY = "2020-01-06"
    made = campaign(people, standard())
    w = World(people, made, Year.objects.get(campaign=made, year=2020))
    join(w, settings, "2020-01-06")
    actions.open_year(w.year, by=w.user(OFFICE))
    w.year.refresh_from_db()
    assert labels_of(w) == []
    (offer,) = offers_of(w.year, clock.today())
    assert not offer.sure and offer.said == "一季度 至 四季度，4 期"
    text = browser(w, OFFICE).get(reverse("year_joined", args=[w.year.pk])).content.decode()
    assert "业务处室，是否包括它请你定" in text and f'value="{offer.key}"' in text
    assert f'value="{offer.key}" aria-label="选中 Ⅲ-6 乙局法规处" checked' not in text


# ---- in the middle of the year


def test_who_joins_in_mid_year_gets_what_is_still_to_come(w: World, settings: Any) -> None:
    join(w, settings, "2020-07-10")
    assert labels_of(w) == []
    (offer,) = offers_of(w.year, clock.today())
    assert offer.sure and offer.said == "三季度、四季度" and offer.due_on == date(2020, 10, 10)
    client = browser(w, OFFICE)
    text = words(client.get(reverse("year_joined", args=[w.year.pk])))
    assert (
        "各处室都要办，参加单位还没有期次" in text
        and "参加以前已经结束的不补" in text
        and "三季度、四季度" in text
    )
    answer = client.post(
        reverse("joined_give", args=[w.year.pk]), {"pk": [offer.key], "once": "a", "seen": w.year.version}
    )
    assert answer.status_code == 302
    assert labels_of(w) == ["三季度", "四季度"]
    again = client.post(
        reverse("joined_give", args=[w.year.pk]), {"pk": [offer.key], "once": "a", "seen": w.year.version}
    )
    assert again.status_code == 302 and labels_of(w) == ["三季度", "四季度"]  # the same form twice
    late = client.post(reverse("joined_give", args=[w.year.pk]), {"pk": [offer.key], "once": "b"})
    assert late.status_code == 409 and "已经安排过" in words(late)
    none = client.post(reverse("joined_give", args=[w.year.pk]), {"once": "c"})
    assert none.status_code == 409 and "没有选中事项" in words(none)
    assert "各处室都要办，参加单位还没有期次" not in words(
        client.get(reverse("year_joined", args=[w.year.pk]))
    )


def test_a_date_put_off_for_one_department_is_not_the_guests(w: World, settings: Any) -> None:
    slot = w.slot("1.2.2", performer="法规处", nth=2)
    actions.set_slot_due(slot, by=w.user(OFFICE), due_on=date(2020, 12, 1))
    join(w, settings, "2020-07-10")
    give(w)
    mine = w.slot("1.2.2", performer=GUEST)
    other = w.slot("1.2.2", performer="审批处", nth=2)
    assert (mine.due_on, mine.ends_on, mine.opens_on, mine.shuts_on) == (
        other.due_on, other.ends_on, other.opens_on, other.shuts_on,
    )  # fmt: skip


def test_its_own_people_fill_and_the_host_reviews(w: World, settings: Any) -> None:
    join(w, settings, "2020-04-10")
    give(w)
    slot = w.slot("1.2.2", performer=GUEST)
    settings.TODAY = TODAY
    put(w, slot, FILLER, title="乙局的规范")
    actions.submit(slot, by=w.user(FILLER), conclusion="已规范")
    slot.refresh_from_db()
    here = at_step(slot.item, slot)
    assert here and here.people and not any(name.startswith("乙局") for _, name in here.people)
    for name in ("乙局李洋华", "乙局石玲佳", FILLER):
        with pytest.raises((Refused, NotPermitted)):
            actions.accept(slot, by=w.user(name))
    actions.accept(slot, by=w.user(here.people[0][1]))
    slot.refresh_from_db()
    assert slot.status == "accepted"
    with pytest.raises(NotPermitted):  # nor does another agency's office hand in for it
        actions.submit(w.slot("1.2.2", nth=1, performer=GUEST), by=w.user("乙局石玲佳"), conclusion="x")
    actions.submit(w.slot("1.2.2", nth=1, performer=GUEST), by=w.user(OFFICE), conclusion="电话核实")


def test_neither_side_sees_more(w: World, settings: Any) -> None:
    join(w, settings, "2020-04-10")
    give(w)
    settings.TODAY = TODAY
    mine, theirs = w.slot("1.2.2", performer=GUEST), w.slot("1.2.2", performer="审批处")
    put(w, theirs, OFFICE, title="金丝雀甲")
    piece = put(w, mine, FILLER, title="金丝雀乙")
    client = browser(w, FILLER)
    answer = page(client, mine.item, mine)
    assert answer.status_code == 200 and "二季度" in words(answer)
    for url in ("", "?all=1", f"?slot={theirs.pk}"):
        text = words(client.get(reverse("item", args=[mine.item_id]) + url))
        assert "审批处" not in text and "金丝雀甲" not in text, url
    for name in ("slot_upload", "slot_cite"):
        assert client.get(reverse(name, args=[mine.pk])).status_code == 200
        assert client.get(reverse(name, args=[theirs.pk])).status_code == 404
    assert "每期： 报送 乙局法规处 " in words(page(client, mine.item, mine)), (
        "the guest hands in, not the lead's person"
    )
    text = words(client.get(reverse("joined_items")))
    assert "业务规范化" in text and "二季度等你处报送" in text
    for name in ("year_joined", "joined_give"):
        url = reverse(name, args=[w.year.pk])
        assert (client.post if name == "joined_give" else client.get)(url).status_code == 404
    # the host: the cited piece at the item, nothing of the guest's library
    office = browser(w, OFFICE)
    assert "金丝雀乙" in words(page(office, mine.item, mine))
    assert office.get(reverse("evidence", args=[piece.pk])).status_code == 404
    # a third agency knows of nothing
    assert browser(w, "丙局石玲佳").get(reverse("item", args=[mine.item_id])).status_code == 404


def test_after_the_term_there_is_nothing_new_and_the_rest_is_let_go(w: World, settings: Any) -> None:
    join(w, settings, "2020-04-10", date(2020, 10, 31))
    give(w)
    assert labels_of(w) == ["二季度", "三季度"]
    settings.TODAY = TODAY
    slot = w.slot("1.2.2", performer=GUEST)
    put(w, slot, FILLER, title="二季度材料")
    joined = Joined.objects.get(campaign=w.campaign)
    campaigns.end_join(joined, by=w.user(OFFICE), ends_on=date(2020, 6, 20))
    settings.TODAY = "2020-06-21"
    assert offers_of(w.year, clock.today()) == []
    (over,) = left_over(w.year, clock.today())
    assert (over.name, over.slots) == (GUEST, 2)
    client = browser(w, OFFICE)
    assert "参加期结束，还有期次没有报" in words(client.get(reverse("year_joined", args=[w.year.pk])))
    url = reverse("joined_release", args=[w.year.pk, w.people.units[GUEST].pk])
    assert client.post(url, {"once": "a"}).status_code == 302
    # what was begun stays with its material, what nobody touched was never asked for
    slot.refresh_from_db()
    assert (
        labels_of(w) == ["二季度"] and slot.status == "waived" and "2020-04-10 至 2020-06-20" in slot.reason
    )
    assert slot.citations.count() == 1
    assert client.post(url, {"once": "b"}).status_code == 404
    with pytest.raises(Refused, match="没有参加期结束后还要报送的期次"):
        actions.release_guest(w.year, by=w.user(OFFICE), unit=w.people.units[GUEST])
    # it comes again
    join(w, settings, "2020-07-10")
    (offer,) = offers_of(w.year, clock.today())
    assert offer.said == "三季度、四季度"


def test_an_item_is_not_held_up_by_a_guest_that_has_gone(w: World, settings: Any) -> None:
    join(w, settings, "2020-11-02", date(2020, 12, 31))
    give(w)
    item = w.item("1.2.2")
    item.slots.exclude(performer=w.people.units[GUEST]).update(status="accepted")
    settings.TODAY = "2021-01-04"
    assert w.item("1.2.2").step_id is None
    actions.release_guest(w.year, by=w.user(OFFICE), unit=w.people.units[GUEST])
    assert w.item("1.2.2").step_id is not None and w.item("1.2.2").status == "review"


def test_given_by_mistake_it_is_taken_back_unless_somebody_began(w: World, settings: Any) -> None:
    join(w, settings, "2020-04-10")
    batch = give(w)
    assert len(labels_of(w)) == 3
    actions.take_back(batch, by=w.user(OFFICE))
    assert labels_of(w) == [] and len(offers_of(w.year, clock.today())) == 1
    batch = give(w)
    put(w, w.slot("1.2.2", performer=GUEST), FILLER, title="已开始")
    with pytest.raises(Refused, match="已经有人办理"):
        actions.take_back(batch, by=w.user(OFFICE))
    assert len(labels_of(w)) == 3


def test_only_who_manages_gives(w: World, settings: Any) -> None:
    join(w, settings, "2020-04-10")
    (offer,) = offers_of(w.year, clock.today())
    for name in ("白毅志", "李洋华", "乙局石玲佳"):
        with pytest.raises(NotPermitted):
            actions.give_guests(w.year, by=w.user(name), chosen=[(offer.item, offer.unit)])
        with pytest.raises(NotPermitted):
            actions.release_guest(w.year, by=w.user(name), unit=w.people.units[GUEST])
    with pytest.raises(Refused, match="刷新页面"):
        actions.give_guests(w.year, by=w.user(OFFICE), chosen=[(w.item("1.1.1").pk, offer.unit)])


def test_an_office_or_a_branch_that_takes_part_is_no_department(w: World, settings: Any) -> None:
    join(w, settings, "2020-04-10", unit="乙局创建办")
    assert offers_of(w.year, clock.today()) == []


def test_the_page_costs_the_same_for_one_item_and_many(w: World, settings: Any) -> None:
    join(w, settings, "2020-04-10")
    client = browser(w, OFFICE)
    counts = []
    for more in (0, 12):
        model = w.item("1.2.2")
        for at in range(more):
            rows = list(model.slots.all())
            item = Item.objects.get(pk=model.pk)
            item.pk, item.strand_id, item.indicator_id, item.track_id, item.code = (
                None,
                None,
                None,
                None,
                f"9.{at}",
            )
            item._state.adding = True
            item.save()
            for row in rows:
                row.pk, row.item = None, item
                row._state.adding = True
                row.save()
        with CaptureQueriesContext(connection) as asked:
            text = words(client.get(reverse("year_joined", args=[w.year.pk])))
        assert f"{more + 1} 项" in text
        counts.append(len(asked))
    assert counts[0] == counts[1]


# ---- the next year takes nobody over who is not there


def test_last_years_lead_that_is_there_no_more_is_not_taken_over(people: Any, settings: Any) -> None:
    settings.TODAY = "2018-01-08"
    made = campaign(people, standard())
    first = Year.objects.get(campaign=made, year=2018)
    old = World(people, made, first)
    clerk, units = people.users[OFFICE], people.units
    actions.open_year(first, by=clerk)
    join(old, settings, "2018-01-08", date(2018, 12, 31))
    actions.set_lead(old.item("1.2.6"), by=clerk, lead=units[GUEST])
    actions.set_lead(old.item("1.1.1"), by=clerk, lead=units["审批处"])
    actions.set_co(old.item("1.1.1"), by=clerk, co=[units[GUEST], units["法规处"]])
    Item.objects.filter(year=first).exclude(code="1.2.6").update(status="closed")
    settings.TODAY = "2018-12-20"
    actions.merge_units(
        units["甲局"],
        by=clerk,
        units=[units["审批处"]],
        into=units["法规处"],
        name="",
    )
    settings.TODAY = "2019-01-07"
    second = Year.objects.get(campaign=made, year=2019)
    planned = {one.leaf.code: one for one in plan_year(second, clock.today())}
    assert planned["1.1.1"].lead_id == units["法规处"].pk
    actions.open_year(second, by=clerk)
    w = World(people, made, second)
    assert str(w.item("1.1.1").lead) == "法规处" and str(w.item("1.1.1").person) == "白毅志"
    assert [
        str(one.unit) for one in ItemUnit.objects.filter(item=w.item("1.1.1"))
    ] == []  # the lead helps itself no more, the guest has gone
    assert w.item("1.2.6").lead is None and w.item("1.2.6").person is None


def test_a_guest_asks_for_its_own_periods_and_sees_no_other_ask(w: World, settings: Any) -> None:
    join(w, settings, "2020-04-10")
    give(w)
    settings.TODAY = TODAY
    mine, theirs = w.slot("1.2.2", performer=GUEST), w.slot("1.2.2", nth=1, performer="法规处")
    later = {"wanted_on": date(2020, 7, 20), "progress": "一半"}
    own = actions.ask_slot(mine, by=w.user(FILLER), reason="乙局的理由", **later)
    client = browser(w, FILLER)
    text = words(page(client, mine.item, mine))
    assert "乙局的理由" in text
    assert client.get(reverse("ask", args=[own.pk])).status_code == 200
    actions.withdraw_ask(own, by=w.user(FILLER))
    other = actions.ask_slot(theirs, by=w.user("白毅志"), reason="金丝雀丙", **later)
    assert client.get(reverse("ask", args=[other.pk])).status_code == 404
    for verb in ("ask_grant", "ask_refuse", "ask_withdraw"):
        assert client.post(reverse(verb, args=[other.pk])).status_code == 404
    for more in ("", "&all=1"):
        assert "金丝雀丙" not in words(
            client.get(reverse("item", args=[mine.item_id]) + f"?slot={mine.pk}{more}")
        )
    office = browser(w, OFFICE)
    for one in (own, other):
        assert office.get(reverse("ask", args=[one.pk])).status_code == 200
    assert browser(w, "白毅志").get(reverse("ask", args=[other.pk])).status_code == 200


def test_the_hosts_workload_adds_up_with_what_guests_have(w: World, settings: Any) -> None:
    """全机关 is the sum of its lines: a department that takes part and an item without a lead have one of their own."""
    join(w, settings, "2020-04-10")
    give(w)
    actions.set_lead(w.item("1.2.5"), by=w.user(OFFICE), lead=w.people.units[GUEST])
    settings.TODAY = TODAY
    Item.objects.filter(year=w.year, code="1.2.6").update(status="assigned", person=w.user("朱辉斌").person)
    agency = w.people.units["甲局"]
    for people in (True, False):
        lines = workload(agency, clock.today(), people=people).lines
        whole, parts = lines[0], [line for line in lines if line.level == 1]
        assert whole.name == "全机关" and parts[-1].name == "没有处室" and parts[-1].load.items == 1
        guest = next(line for line in parts if line.name.endswith("（参加单位）"))
        assert (guest.load.items, guest.load.slots) == (1, 4)
        assert sum(line.load.items for line in parts) == whole.load.items
        for at, number in enumerate(whole.load.columns):
            assert sum(line.load.columns[at] for line in parts) == number
    text = browser(w, OFFICE).get(reverse("load") + "?by=unit").content.decode()
    assert "乙局乙局法规处（参加单位）" in text and f"unit={w.people.units[GUEST].pk}" not in text
    assert browser(w, OFFICE).get(reverse("load") + f"?unit={w.people.units[GUEST].pk}").status_code == 404
    # at home the guest's people have no line of the host's
    theirs = workload(w.people.units["乙局"], clock.today()).lines
    assert theirs[0].load.items == 0


def test_the_guests_page_says_when_its_own_periods_are_due(w: World, settings: Any) -> None:
    join(w, settings, "2020-04-10", date(2020, 9, 30))
    give(w)
    settings.TODAY = "2020-07-01"
    w.slot("1.2.2", performer=GUEST)  # 二季度 waits: due 07-10
    Slot.objects.filter(performer=w.people.units[GUEST], label="二季度").update(status="accepted")
    (year,) = guest_years(w.user(FILLER), clock.today())
    (row,) = year.rest
    assert row.due_on == date(2020, 9, 30) and w.item("1.2.2").due_on != row.due_on


def test_another_edition_keeps_what_a_guest_does(w: World, settings: Any) -> None:
    """Each quarter becomes each month: guest and departments get the months to come, the guest within its term."""
    join(w, settings, "2020-04-10", date(2020, 10, 31))
    give(w)
    settings.TODAY = "2020-07-06"
    track = Track.objects.select_related("campaign__unit", "edition").get(campaign=w.campaign)
    edition = revise(track.edition, Next(changed={"1.2.2": {"cadence": "month"}}))
    actions.adopt(w.year, by=w.user(OFFICE), track=track, edition=edition)
    assert labels_of(w) == ["二季度", "7月", "8月", "9月", "10月"]
    assert labels_of(w, unit="法规处")[-1] == "12月"
    assert w.slot("1.2.2", nth=4, performer=GUEST).due_on == date(2020, 10, 31)
