"""A department of another agency takes part: it fills its own items, the host reviews, and neither side sees more."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from taizhang.campaigns import actions as campaigns
from taizhang.campaigns.models import Joined, Track
from taizhang.evidence.models import Evidence
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.ledger import actions
from taizhang.ledger.models import Batch, Citation, Item, Need, Slot
from taizhang.ledger.queries import at_step, items_for, slots_for
from taizhang.org.models import Post, Session

from ..test_access import plain
from .pages import browser, page, put, words
from .world import TODAY, World, hand_out, world

ROWS = list(csv.DictReader((Path(__file__).parent.parent / "access_matrix.csv").open(encoding="utf-8")))
#: of 乙局: who fills for its 法规处, its head, its office, its leader, the head of another department
FILLER, HEAD, OFFICE, LEADER, STRANGER = "乙局白毅志", "乙局李洋华", "乙局石玲佳", "乙局卢欣燕", "乙局黎林波"


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    """乙局法规处 takes part and leads 1.2.5 (年度总结); it helps with 1.1.1, which 甲局's 办公室 leads."""
    settings.TODAY = "2020-01-06"
    made = world(people)
    guest, clerk = people.units["乙局法规处"], people.users["石玲佳"]
    campaigns.join(made.campaign, by=clerk, unit=guest, starts_on=date(2020, 1, 6), ends_on=date(2020, 9, 30))
    actions.set_lead(made.item("1.2.5"), by=clerk, lead=guest)
    actions.set_co(made.item("1.1.1"), by=clerk, co=[guest, people.units["审批处"]])
    hand_out(made)
    settings.TODAY = TODAY
    return made


def mine(w: World) -> Slot:
    return w.slot("1.2.5")


def hand_in(w: World, by: str = FILLER) -> tuple[Slot, Evidence]:
    slot = mine(w)
    piece = put(w, slot, by, title="乙局的总结材料")
    actions.submit(slot, by=w.user(by), conclusion="已总结")
    slot.refresh_from_db()
    return slot, piece


def test_a_guest_leads_with_its_own_person_and_the_hosts_leader(w: World) -> None:
    item = w.item("1.2.5")
    assert (str(item.lead), str(item.person), str(item.leader)) == ("乙局法规处", FILLER, "卢欣燕")
    assert [str(slot.performer) for slot in item.slots.all()] == ["乙局法规处"]


def test_the_guest_fills_its_head_reviews_and_the_host_strikes_off(w: World) -> None:
    slot, piece = hand_in(w)
    here = at_step(slot.item, slot)
    assert here and [name for _, name in here.people] == [HEAD]
    for name in ("石玲佳", "李洋华", LEADER, OFFICE, STRANGER):  # nobody else judges at the lead's step
        with pytest.raises((Refused, NotPermitted)):
            actions.accept(slot, by=w.user(name))
    actions.accept(slot, by=w.user(HEAD))
    item, signers = w.item("1.2.5"), []
    while item.status != "closed":
        at = at_step(item)
        assert at is not None
        with pytest.raises((Refused, NotPermitted)):  # the guest's side has no word in the host's steps
            actions.sign(item, by=w.user(OFFICE))
        name = at.people[0][1]
        actions.sign(item, by=w.user(name))
        signers.append((at.step.label, name))
        item = w.item("1.2.5")
    assert [name.startswith("乙局") for _, name in signers] == [False] * len(signers)
    assert signers[-1] == ("分管领导审批", "卢欣燕")
    assert piece.agency_id == w.people.units["乙局"].pk
    for name in (HEAD, LEADER, OFFICE):
        with pytest.raises(Refused, match="只能由甲局重新挂号"):
            actions.reopen(item, by=w.user(name), opinion="再开", slots=[mine(w)])
    actions.reopen(item, by=w.user("石玲佳"), opinion="再补一份", slots=[mine(w)])


def test_the_host_returns_and_the_guest_mends(w: World) -> None:
    slot, _ = hand_in(w)
    actions.accept(slot, by=w.user(HEAD))
    item = w.item("1.2.5")
    at = at_step(item)
    assert at is not None
    actions.send_back_item(item, by=w.user(at.people[0][1]), opinion="没有数字", slots=[mine(w)])
    text = words(browser(w, FILLER).get(reverse("joined_items")))
    assert "被退回，补正后再交" in text and "甲局" in text
    actions.submit(mine(w), by=w.user(FILLER), conclusion="补了数字")


def test_only_units_and_people_that_take_part_may_be_given_an_item(w: World, settings: Any) -> None:
    clerk, item, units = w.user("石玲佳"), w.item("1.1.3"), w.people.units
    with pytest.raises(Refused, match="参加期内的参加单位"):
        actions.set_lead(item, by=clerk, lead=units["乙局办公室"])
    with pytest.raises(Refused, match="配合处室必须是"):
        actions.set_co(item, by=clerk, co=[units["丙局法规处"]])
    with pytest.raises(Refused, match="责任人由系统取"):
        actions.set_lead(item, by=clerk, lead=units["乙局法规处"], person=w.user("白毅志").person)
    with pytest.raises(Refused, match="责任人必须是本机关"):
        actions.set_lead(item, by=clerk, lead=units["法规处"], person=w.user(FILLER).person)
    with pytest.raises(Refused, match="由创建办的分管领导审批（卢欣燕）"):
        actions.set_lead(item, by=clerk, lead=units["乙局法规处"], leader=w.user("马华斌").person)
    with pytest.raises(Refused, match="报送的单位必须是"):
        actions.add_slot(
            w.item("1.2.3"),
            by=clerk,
            label="一次",
            starts_on=date(2020, 6, 1),
            due_on=date(2020, 6, 20),
            performer=units["丙局法规处"],
        )
    actions.add_slot(
        w.item("1.2.3"),
        by=clerk,
        label="一次",
        starts_on=date(2020, 6, 1),
        due_on=date(2020, 6, 20),
        performer=units["乙局法规处"],
    )
    # the form posts who it was before; across agencies that is nobody, and not a fault
    old = item.person
    moved = actions.set_lead(item, by=clerk, lead=units["乙局法规处"], person=old, leader=item.leader)
    assert str(moved.person) == FILLER and str(moved.leader) == "卢欣燕"
    back = actions.set_lead(moved, by=clerk, lead=units["办公室"], person=moved.person)
    assert str(back.person) == "崔怡欣"
    raised = actions.raise_item(
        w.year,
        by=clerk,
        title="研究一件事",
        source_kind="instruction",
        lead=units["乙局法规处"],
        due_on=date(2020, 8, 1),
    )
    assert str(raised.person) == FILLER


def test_after_the_term_the_guest_looks_and_hands_in_no_more(w: World, settings: Any) -> None:
    slot, _ = hand_in(w)
    actions.withdraw(slot, by=w.user(FILLER))
    settings.TODAY = "2020-10-01"
    for act in (
        lambda: actions.submit(mine(w), by=w.user(FILLER), conclusion="晚了"),
        lambda: actions.submit(mine(w), by=w.user("石玲佳"), conclusion="代报"),
        lambda: put(w, mine(w), FILLER, title="再一份"),
    ):
        with pytest.raises(Refused, match="不在参加"):
            act()
    assert page(browser(w, FILLER), mine(w).item).status_code == 200
    assert "参加期已经结束" in words(browser(w, FILLER).get(reverse("joined_items")))
    text = words(browser(w, "石玲佳").get(reverse("year_joined", args=[w.year.pk])))
    assert "年度总结" in text and "2 项的参加期已经结束" in text  # one led, one helped with
    actions.set_lead(w.item("1.2.5"), by=w.user("石玲佳"), lead=w.people.units["法规处"])
    assert str(mine(w).performer) == "法规处"
    actions.submit(mine(w), by=w.user("白毅志"), conclusion="接过来办完")


def test_two_departments_that_take_part_merge_and_one_term_holds(w: World) -> None:
    """They joined on one day: the one that goes on keeps its row, to the later of both ends; nothing is written twice."""
    gone, into = w.people.units["乙局法规处"], w.people.units["乙局办公室"]
    clerk = w.user("石玲佳")
    campaigns.join(w.campaign, by=clerk, unit=into, starts_on=date(2020, 1, 6), ends_on=date(2020, 7, 31))
    actions.merge_units(w.people.units["乙局"], by=w.user(OFFICE), units=[gone], into=into)
    rows = Joined.objects.order_by("pk").values_list("unit__name", "ends_on")
    today = date.fromisoformat(TODAY)
    assert list(rows) == [("乙局法规处", today - timedelta(days=1)), ("乙局办公室", date(2020, 9, 30))]
    assert w.item("1.2.5").lead == into


def test_the_host_sees_a_guests_evidence_by_its_citation_only(w: World) -> None:
    slot, piece = hand_in(w)
    citation = Citation.objects.get(slot=slot)
    other = put(
        w, w.slot("1.1.1"), "朱辉斌", title="甲局的会议记录"
    )  # of the host, at an item the guest helps with
    clerk, filler = browser(w, "石玲佳"), browser(w, FILLER)
    text = page(clerk, slot.item, slot).content.decode()
    assert reverse("citation", args=[citation.pk]) in text and f"/evidence/{piece.pk}/" not in text
    seen = clerk.get(reverse("citation", args=[citation.pk]))
    assert seen.status_code == 200 and "乙局的总结材料" in words(seen) and "乙局" in words(seen)
    body = b"".join(clerk.get(reverse("citation_file", args=[citation.pk])).streaming_content)  # type: ignore[attr-defined]
    assert body.startswith(b"material")
    for name in ("evidence", "evidence_download", "evidence_uses"):
        assert clerk.get(reverse(name, args=[piece.pk])).status_code == 404
    assert "乙局的总结材料" not in words(clerk.get(reverse("evidences")))
    assert filler.get(reverse("evidence", args=[piece.pk])).status_code == 200
    # and the other way round: nothing of the host's
    theirs = Citation.objects.get(evidence=other)
    for name in ("citation", "citation_file", "citation_caption"):
        assert filler.get(reverse(name, args=[theirs.pk])).status_code == 404
    assert filler.get(reverse("evidence", args=[other.pk])).status_code == 404
    assert "甲局的会议记录" not in words(filler.get(reverse("slot_cite", args=[mine(w).pk])))
    with pytest.raises(Refused, match="材料库里没有"):
        actions.cite(w.slot("1.1.1"), by=w.user("朱辉斌"), evidence=piece)


#: names of the host's that the guest may read: who signs or leads its item, and the office that hands it out
MAY_BE_NAMED = {
    "石玲佳",
    "马华斌",
    "李洋华",
    "卢欣燕",
    "崔怡欣",
}  # the last answers for the item that is helped with


def hosts_words(w: World) -> list[str]:
    """What only the host's people may read: its other people, its departments, its other items."""
    people = [
        name
        for name in w.people.users
        if not name.startswith(("乙局", "丙局"))
        and name not in MAY_BE_NAMED | {"审计员", "无职务"}
        and len(name) == 3
    ]
    titles = list(
        Item.objects.filter(year=w.year).exclude(code__in=["1.2.5", "1.1.1"]).values_list("title", flat=True)
    )
    return [*people, "审批处", "第一党支部", *titles, "金丝雀甲"]


def things(w: World) -> dict[str, Any]:
    """One of the host's of every kind that a route may name, none of them the guest's."""
    slot = w.slot("1.1.3")
    piece = put(w, slot, "朱辉斌", Need.objects.filter(item=slot.item_id).first(), title="金丝雀甲")
    host = w.people.units["甲局"]
    return {
        "item": slot.item_id, "slot": slot.pk, "evidence": piece.pk, "citation": Citation.objects.get(evidence=piece).pk,
        "need": (Need.objects.filter(item__year=w.year, item__lead__agency=host).exclude(item__code="1.1.1").first()).pk,
        "unit": w.people.units["法规处"].pk, "person": w.user("白毅志").person.pk,
        "group": w.people.groups["第一活动组"].pk, "post": Post.objects.filter(unit=w.people.units["法规处"]).first().pk,
        "campaign": w.campaign.pk, "year": w.year.pk, "track": Track.objects.get(campaign=w.campaign).pk,
        "batch": Batch.objects.first().pk, "joined": Joined.objects.get(campaign=w.campaign).pk,
        "standard": Track.objects.get(campaign=w.campaign).standard_id,
    }  # fmt: skip


#: ids of kinds this walk has none of, which stand for something that is not the guest's either
NONE = 10**9


@pytest.mark.parametrize("name", [FILLER, HEAD, OFFICE, LEADER])
def test_no_page_of_the_host_is_open_to_a_guest(w: World, name: str) -> None:
    """Every GET route with the host's own objects: 404 or 403 where it names one, and else not a word of the host's."""
    ids, told, tried = things(w), hosts_words(w), 0
    # a sample standard belongs to all agencies; what is the host's own is asked for in test_access
    ids["standard"] = ids["edition"] = NONE
    client, wrong = browser(w, name), []
    for line in ROWS:
        if line["verb"] != "GET" or line["may"] in ("open", "demo"):
            continue
        parts = [part.partition("=") for part in line["kwargs"].split(";") if part]
        named = {
            key: ids.get(value, NONE if key == "pk" else value)
            for key, _, value in parts
            if key[0] not in "?+"
        }
        asked = {key[1:]: ids.get(value, value) for key, _, value in parts if key.startswith("?")}
        try:
            url = reverse(line["route"], kwargs=named)
        except NoReverseMatch:
            continue
        for query in (
            asked,
            {**asked, "year": w.year.pk},
            {"campaign": w.campaign.pk},
            {"agency": w.people.units["甲局"].pk},
        ):
            answer = client.get(url, query)
            tried += 1
            if "pk" in named and answer.status_code not in (403, 404):
                wrong.append(f"{url} answers {answer.status_code}")
            if answer.status_code == 200:
                text = plain(answer, "")
                wrong += [
                    f"{url} {query} tells {one}" for one in told if one in text.replace(f"乙局{one}", "")
                ]
    assert not wrong, "\n".join(dict.fromkeys(wrong))
    assert tried > 200


@pytest.mark.parametrize("name", [FILLER, HEAD, OFFICE])
def test_the_guests_own_pages_name_nobody_of_the_host_but_who_signs(w: World, name: str) -> None:
    hand_in(w)
    put(w, w.slot("1.1.1"), "朱辉斌", title="金丝雀甲")
    actions.remark(w.item("1.1.1"), by=w.user("朱辉斌"), text="金丝雀甲：内部的话")
    client, told = browser(w, name), hosts_words(w)
    led, helped = w.item("1.2.5"), w.item("1.1.1")
    shown = 0
    for url in (
        "/", reverse("joined_items"), reverse("item", args=[led.pk]), reverse("item", args=[led.pk]) + "?all=1",
        reverse("item", args=[helped.pk]), reverse("item", args=[helped.pk]) + "?all=1", reverse("slot_cite", args=[mine(w).pk]),
        reverse("slot_upload", args=[mine(w).pk]), reverse("item_ask", args=[led.pk, "dispute"]),
        reverse("item_ask", args=[led.pk, "extension"]), reverse("item_slot_add", args=[led.pk]),
    ):  # fmt: skip
        answer = client.get(url)
        assert answer.status_code in (200, 302, 403), url
        if answer.status_code != 200:
            continue
        shown += 1
        leaks = [one for one in told if one in words(answer).replace(f"乙局{one}", "")]
        # 办公室 leads the item that is helped with, and 创建办 hands out
        assert not leaks, f"{url}: {leaks}"
    assert shown >= 5


def test_a_guest_sees_its_items_and_slots_and_no_others(w: World) -> None:
    for name in (FILLER, HEAD, OFFICE, LEADER):
        user = w.user(name)
        assert {item.code for item in items_for(user).filter(year=w.year)} == {"1.2.5", "1.1.1"}
        assert {slot.item.code for slot in slots_for(user).filter(item__year=w.year)} == {"1.2.5"}
    # 乙局's people of other departments see the agency's part, as everybody sees the agency's; a third agency nothing
    assert not items_for(w.user("丙局石玲佳")).filter(year=w.year).exists()
    one = page(browser(w, FILLER), w.item("1.1.1"))
    assert one.status_code == 200 and "还没有期次" in words(one)
    other = w.slot("1.1.1")
    assert page(browser(w, FILLER), w.item("1.1.1"), other).status_code == 200
    assert "还没有期次" in words(page(browser(w, FILLER), w.item("1.1.1"), other))


def test_the_host_sees_nothing_else_of_the_guest(w: World) -> None:
    slot, piece = hand_in(w)

    units, clerk = w.people.units, browser(w, "石玲佳")
    login = Session.objects.create(
        user=w.user(FILLER), key_hash="1" * 64, at=piece.created_at, seen_at=piece.created_at
    )
    for name, pk in (
        ("unit", units["乙局法规处"].pk), ("person", w.user(FILLER).person.pk), ("evidence", piece.pk),
        ("group", w.people.groups["乙局第一活动组"].pk),
    ):  # fmt: skip
        assert clerk.get(reverse(name, args=[pk])).status_code == 404, name
    assert clerk.post(reverse("session_end", args=[login.pk])).status_code == 404
    told = [name for name in w.people.users if name.startswith("乙局") and name not in (FILLER, HEAD)]
    for route in ("org", "people", "evidences", "items", "overview", "campaigns", "journal"):
        text = words(clerk.get(reverse(route)))
        assert not [one for one in told if one in text], route
    for url in (
        reverse("item", args=[slot.item_id]), reverse("item_assign", args=[slot.item_id]), reverse("item_lead", args=[slot.item_id]),
        reverse("year_joined", args=[w.year.pk]), reverse("campaign", args=[w.campaign.pk]),
    ):  # fmt: skip
        answer = clerk.get(url)
        assert answer.status_code == 200
        assert not [one for one in told if one in words(answer)], url
    assert "乙局法规处" in words(clerk.get(reverse("item_lead", args=[slot.item_id])))


def test_the_liaison_of_a_guest_enters_for_its_own_people_only(w: World) -> None:
    """代谁报 lists the guest's own department, never the host's roster."""
    Item.objects.filter(pk=mine(w).item_id).update(person=w.user(HEAD).person)
    put(w, mine(w), FILLER, title="总结")
    text = page(browser(w, FILLER), w.item("1.2.5")).content.decode()
    assert "代谁报" in text and HEAD in text and "朱辉斌" not in text and STRANGER not in text
    with pytest.raises(Refused, match="报送单位自己的人员"):
        actions.submit(mine(w), by=w.user(FILLER), conclusion="x", on_behalf_of=w.user("朱辉斌").person)


def test_the_office_may_enter_for_a_guest_and_it_shows(w: World) -> None:
    submission = actions.submit(mine(w), by=w.user("石玲佳"), conclusion="电话核实")
    assert str(submission.on_behalf_of) == FILLER


def test_the_guests_page_costs_the_same_for_one_item_and_for_ten(w: World) -> None:
    client = browser(w, FILLER)
    counts = []
    for more in (0, 9):
        for at in range(more):
            actions.raise_item(
                w.year, by=w.user("石玲佳"), title=f"批示{at}", source_kind="instruction", lead=w.people.units["乙局法规处"],
                due_on=date(2020, 8, 1),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("joined_items"))
        counts.append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            browser(w, "石玲佳").get(reverse("year_joined", args=[w.year.pk]))
        counts.append(len(asked))
    assert counts[:2] == counts[2:]


def test_excel_knows_who_takes_part(w: World) -> None:
    from taizhang.ledger.queries.sheet import staff_of  # noqa: PLC0415 -- beside its use

    staff, guest = staff_of(w.people.units["甲局"]), w.people.units["乙局法规处"]
    assert staff.units["乙局法规处"] == guest.pk and staff.unit_names[guest.pk] == "乙局法规处"
    assert "乙局办公室" not in staff.units and not [name for name in staff.by_name if name.startswith("乙局")]


def test_an_overseer_sees_as_before(w: World) -> None:
    client = Client()
    client.force_login(w.user("石玲佳"))
    assert client.get(reverse("joined_items")).status_code == 200
    assert "没有参加外单位的创建" in words(client.get(reverse("joined_items")))
