"""工作量: what is counted, what sharing out would do, and that it does what it showed."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.ledger import actions
from taizhang.ledger.models import Batch, Item, Slot
from taizhang.ledger.queries.load import figures, slot_lines, standings, workload, works_of
from taizhang.ledger.queries.sharing import sharing
from taizhang.org import actions as org
from taizhang.org.models import Absence

from ..people import City, city
from . import factory
from .pages import browser, words
from .world import TODAY, World, hand_out, world


@pytest.fixture
def w(people: City, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = TODAY
    return made


@pytest.fixture
def real(db: Any, settings: Any) -> factory.Ledger:
    settings.TODAY = factory.TODAY.isoformat()
    return factory.ledger(city())


def person(w: World, name: str) -> Any:
    return w.user(name).person


def moves_of(page: Any) -> str:
    found = re.search(r'name="moves" value="([^"]*)"', page.content.decode())
    assert found, words(page)[:2000]
    return found[1]


def test_what_is_counted(w: World) -> None:
    """办公室 leads the monthly meeting and what happens twice: its liaison answers for them."""
    today = date.fromisoformat(TODAY)
    liaison = person(w, "崔怡欣")
    mine = Item.objects.filter(year=w.year, person=liaison).exclude(status__in=["closed", "waived"])
    slots = Slot.objects.filter(
        item__in=mine, performer=w.people.units["办公室"], status="open", before_system=False
    )
    load = works_of(w.people.units["甲局"], today).of_people()[liaison.pk]
    assert (load.items, load.slots) == (mine.count(), slots.count()) and load.slots
    assert load.late == slots.filter(due_on__lt=today).count() > 0
    assert figures(w.people.units["甲局"], today)[liaison.pk].startswith(f"在办 {load.items} 项，本周 ")
    rows = slot_lines(w.people.units["甲局"], today, person=liaison.pk, unit=None, at=0)
    assert len(rows) == load.late and all(row.late for row in rows)


def test_a_number_and_what_is_behind_it_agree(w: World) -> None:
    """Every cell of every line opens as many slots as it says."""
    agency, today = w.people.units["甲局"], date.fromisoformat(TODAY)
    for line in workload(agency, today).lines:
        if line.level > 2 or not line.pk:
            continue
        whom = {0: (None, None), 1: (None, line.pk), 2: (line.pk, None)}[line.level]
        for at, n in enumerate(line.load.columns):
            assert len(slot_lines(agency, today, person=whom[0], unit=whom[1], at=at)) == n, (line.name, at)


def test_waived_and_suspended_is_no_load(w: World) -> None:
    agency, today = w.people.units["甲局"], date.fromisoformat(TODAY)
    before = works_of(agency, today).of_people()[person(w, "崔怡欣").pk]
    actions.suspend(w.item("1.1.1"), by=w.user("石玲佳"), reason="停一停")
    after = works_of(agency, today).of_people()[person(w, "崔怡欣").pk]
    assert (before.items - after.items, before.slots > after.slots) == (1, True)


def test_secondment_and_absence_stand_in_the_table(w: World) -> None:
    clerk, today = w.user("石玲佳"), date.fromisoformat(TODAY)
    org.second(person(w, "朱辉斌"), by=clerk, unit=w.people.units["创建办"], share=50)
    Absence(person=person(w, "黎林波"), starts_on=today, kind="trip").save()
    told = standings(w.people.units["甲局"], today)
    assert told[person(w, "朱辉斌").pk].told == "抽调创建办 50%"
    assert told[person(w, "黎林波").pk].away and "出差" in told[person(w, "黎林波").pk].told
    page = words(browser(w, "石玲佳").get("/ledger/load/"))
    assert "抽调创建办 50%" in page and "出差" in page


def test_handing_over_is_shown_then_done_then_taken_back(w: World) -> None:
    clerk, giver, taker = browser(w, "石玲佳"), person(w, "崔怡欣"), person(w, "朱辉斌")
    mine = set(
        Item.objects.filter(person=giver)
        .exclude(status__in=["closed", "waived"])
        .values_list("pk", flat=True)
    )
    url = f"/ledger/load/move/?way=over&person={giver.pk}&to={taker.pk}"
    page = clerk.get(url)
    assert f"移交 {len(mine)} 项" in words(page)
    answer = clerk.post(url, {"moves": moves_of(page), "once": "k1"})
    assert answer.status_code == 302
    assert set(Item.objects.filter(person=taker).values_list("pk", flat=True)) >= mine
    assert not Item.objects.filter(pk__in=mine, person=giver).exists()
    clerk.post(url, {"moves": moves_of(page), "once": "k1"})
    assert Batch.objects.filter(label="移交").count() == 1, "a second post of one form does nothing"
    item = Item.objects.get(pk=min(mine))
    story = words(clerk.get(f"/ledger/items/{item.pk}/"))
    assert "移交" in story and "责任人 崔怡欣 改为 朱辉斌" in story
    batch = Batch.objects.get(label="移交")
    actions.take_back(batch, by=w.user("石玲佳"))
    assert set(Item.objects.filter(person=giver).values_list("pk", flat=True)) >= mine


def test_only_what_is_ticked(w: World) -> None:
    clerk, giver, taker = browser(w, "石玲佳"), person(w, "崔怡欣"), person(w, "朱辉斌")
    one = Item.objects.filter(person=giver, status="assigned").first()
    assert one is not None
    page = clerk.get(f"/ledger/load/move/?way=over&person={giver.pk}&to={taker.pk}&picked=1&item={one.pk}")
    assert moves_of(page) == f"{one.pk}:{one.version}:{taker.pk}"


def test_who_was_faster_is_not_overrun(w: World) -> None:
    clerk, giver, taker = browser(w, "石玲佳"), person(w, "崔怡欣"), person(w, "朱辉斌")
    url = f"/ledger/load/move/?way=over&person={giver.pk}&to={taker.pk}"
    page = clerk.get(url)
    actions.set_priority(w.item("1.1.1"), by=w.user("马华斌"), priority=True)
    answer = clerk.post(url, {"moves": moves_of(page)})
    assert answer.status_code == 409 and "有 1 项又被人办过" in words(answer)
    assert not Batch.objects.filter(label="移交").exists()
    assert clerk.post(url, {"moves": moves_of(answer)}).status_code == 302, "what it shows now can be done"


def test_a_split_shows_week_counts_and_keeps_the_sum(w: World) -> None:
    agency, today, giver = w.people.units["甲局"], date.fromisoformat(TODAY), person(w, "崔怡欣")
    plan = sharing(agency, "split", today, person=giver.pk, unit=None, to=[], picked=None)
    assert {one.name for one in plan.changes} >= {"崔怡欣", "朱辉斌", "黎林波"}
    before = sum(one.before.slots for one in plan.changes)
    assert before == sum(one.after.slots for one in plan.changes) > 0
    assert {taker for _, _, taker in plan.moves} == {person(w, "朱辉斌").pk, person(w, "黎林波").pk}
    takers = [one for one in plan.changes if one.name != "崔怡欣"]
    assert all(one.after.items > one.before.items for one in takers)


def test_levelling_does_what_it_showed(real: factory.Ledger) -> None:
    """At the real size: each person's weeks after the act are those of the preview; nobody outside gets anything."""
    agency, today = real.agency, factory.TODAY
    unit = real.departments[2]
    clerk = Batch  # the office of 甲局 acts
    plan = sharing(agency, "level", today, person=None, unit=unit.pk, to=[], picked=None)
    fixed = {row.item for row in plan.rows if row.fixed}
    assert plan.moves and not fixed & {item for item, _, _ in plan.moves}
    assert {taker for _, _, taker in plan.moves} <= set(plan.near)
    spread = [
        (max(counts) - min(counts))
        for counts in zip(*((one.before.slots, one.after.slots) for one in plan.changes), strict=True)
    ]
    assert spread[1] < spread[0]
    user = factory.Person.objects.get(name="石玲佳", agency=agency).user
    clerk = actions.hand_over(agency, by=user, label="均衡", moves=plan.moves)
    assert clerk.count == len(plan.moves)
    after = works_of(agency, today).of_people()
    for one in plan.changes:
        assert after.get(one.pk, one.after) == one.after, one.name
    again = sharing(agency, "level", today, person=None, unit=unit.pk, to=[], picked=None)
    assert again.moves == []


def test_who_is_seconded_whole_is_lifted_at_home(w: World) -> None:
    agency, today, clerk = w.people.units["甲局"], date.fromisoformat(TODAY), w.user("石玲佳")
    org.second(person(w, "崔怡欣"), by=clerk, unit=w.people.units["创建办"])
    plan = sharing(agency, "level", today, person=None, unit=w.people.units["办公室"].pk, to=[], picked=None)
    free = [row for row in plan.rows if not row.fixed]
    assert free and all(row.taker and row.taker != "崔怡欣" for row in free)
    assert next(one for one in plan.changes if one.name == "崔怡欣").room == 0


def test_what_was_handed_in_stays_with_who_handed_in(w: World) -> None:
    slot = w.slot("1.1.3")
    actions.submit(slot, by=w.user("朱辉斌"), conclusion="完成")
    item = w.item("1.1.3")
    actions.hand_over(
        w.people.units["甲局"], by=w.user("石玲佳"), label="移交", moves=[(item.pk, item.version, person(w, "黎林波").pk)]
    )  # fmt: skip
    slot.refresh_from_db()
    assert slot.status == "submitted" and slot.submissions.get().by == person(w, "朱辉斌")
    assert w.item("1.1.3").person == person(w, "黎林波")


def test_bad_input_is_told(w: World) -> None:
    agency, clerk, item = w.people.units["甲局"], w.user("石玲佳"), w.item("1.1.1")
    taker = person(w, "朱辉斌").pk
    good = (item.pk, item.version, taker)
    with pytest.raises(NotPermitted):
        actions.hand_over(agency, by=w.user("黎林波"), label="移交", moves=[good])
    with pytest.raises(Refused, match="没有要移交的事项"):
        actions.hand_over(agency, by=clerk, label="移交", moves=[])
    with pytest.raises(Stale, match="1 项又被人办过"):
        actions.hand_over(agency, by=clerk, label="移交", moves=[(item.pk, item.version + 1, taker)])
    with pytest.raises(Stale):
        actions.hand_over(agency, by=clerk, label="移交", moves=[(999_999, 1, taker)])
    with pytest.raises(Refused, match="不在名单里"):
        actions.hand_over(agency, by=clerk, label="移交", moves=[(item.pk, item.version, 999_999)])
    with pytest.raises(Refused, match="不是本机关的在职人员"):
        actions.hand_over(
            agency, by=clerk, label="移交", moves=[(item.pk, item.version, person(w, "乙局朱辉斌").pk)]
        )
    page = browser(w, "石玲佳")
    assert page.get("/ledger/load/move/?way=steal").status_code == 404
    assert page.get(f"/ledger/load/?unit={w.people.units['乙局办公室'].pk}").status_code == 404
    assert page.get(f"/ledger/load/slots/?person={person(w, '乙局朱辉斌').pk}").status_code == 404
    assert page.get("/ledger/load/slots/?at=99").status_code == 404
    assert page.post("/ledger/load/move/?way=over", {"moves": "1:x:3,;"}).status_code == 409


def test_the_load_is_shown_when_assigning(w: World) -> None:
    clerk, item = browser(w, "石玲佳"), w.item("1.1.1")
    told = figures(w.people.units["甲局"], date.fromisoformat(TODAY))[person(w, "崔怡欣").pk]
    for url in (f"/ledger/items/{item.pk}/assign/", f"/ledger/items/{item.pk}/lead/"):
        assert f"崔怡欣 · {told}" in words(clerk.get(url)), url
    assert f"· {told}" in words(clerk.get("/ledger/items/raise/"))
    for verb in ("assign", "set_lead"):
        page = clerk.post(f"/ledger/items/bulk/{verb}/", {"all": "1"})
        assert f"· {told}" in words(page), verb


PAGES = [
    "/ledger/load/", "/ledger/load/?by=unit", "/ledger/load/?unit={unit}", "/ledger/load/slots/?unit={unit}",
    "/ledger/load/move/?way=level&unit={unit}", "/ledger/load/move/?way=split&person={person}",
    "/ledger/load/move/?way=over&person={person}&to={other}", "/ledger/handover/", "/ledger/handover/{person}/?for=leave",
    "/ledger/handover/{person}/?for=move", "/org/people/{person}/", "/org/",
]  # fmt: skip


def counted(c: City, size: dict[str, int]) -> dict[str, int]:
    made = factory.ledger(c, **size)
    world_ = World(c, made.campaign, made.year)
    clerk = browser(world_, "石玲佳")
    busy = next(
        item.person for item in made.items if item.person_id and item.person.name not in ("石玲佳", "马华斌")
    )
    other = made.people[5]
    home = busy.memberships.get(main=True).unit_id
    found = {}
    for page in PAGES:
        url = page.format(unit=home, person=busy.pk, other=other.pk)
        clerk.get(url)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert clerk.get(url).status_code == 200, url
        found[page] = len(caught)
    return found


def test_pages_cost_the_same_at_two_sizes(db: Any, settings: Any) -> None:
    """Measured in the same database, the small ledger first; 2,500 slots and 160 people cost no query more."""
    settings.TODAY = factory.TODAY.isoformat()
    with transaction.atomic():
        small = counted(city(), {"items": 60, "people": 30, "evidence": 40})
        transaction.set_rollback(True)
    large = counted(city(), {"items": 259, "people": 160, "evidence": 100})
    assert small == large
    assert max(large.values()) <= 60, large
