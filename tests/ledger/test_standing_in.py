"""AB角 in the ledger: the stand-in has the work, the buttons and the signature 代, and never judges what may not be."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.journal.models import Entry
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.ledger import actions
from taizhang.ledger.models import Item, Need, Signature, Slot, Submission
from taizhang.ledger.queries import at_step, waiting_for
from taizhang.org import actions as org
from taizhang.org.models import Absence, Deputy, Person

from .pages import browser, close, page, post, put, words
from .world import World, hand_out, world

HEAD, OTHER_HEAD, LIAISON, FILLER, CLERK = "黎林波", "郑审批", "崔怡欣", "朱辉斌", "石玲佳"
LAW_HEAD, LAW_FILLER = "李洋华", "白毅志"


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-03-02"
    return made


def away(w: World, whom: str, *stand_ins: str, first: int = 2, last: int = 4) -> Absence:
    """WHOM is away for days of March 2020; the first of STAND_INS present stands in."""
    person = w.user(whom).person
    found = [w.user(name).person for name in stand_ins]
    org.set_stand_ins(person, by=w.user(whom), stand_ins=found)
    made: Absence = org.note_absence(
        person, by=w.user(whom), starts_on=date(2020, 3, first), ends_on=date(2020, 3, last)
    )
    return made


def hand_in(w: World, code: str, by: str, nth: int = 0) -> Slot:
    slot = w.slot(code, nth)
    for need in Need.objects.filter(item=slot.item):
        for _ in range(need.least):
            put(w, slot, by, need)
    actions.submit(slot, by=w.user(by), conclusion="办好了")
    slot.refresh_from_db()
    return slot


def accept_url(slot: Slot) -> str:
    return f"/ledger/slots/{slot.pk}/accept/"


def test_the_stand_in_finds_the_work_and_signs_and_it_says_for_whom(w: World) -> None:
    slot = hand_in(w, "1.1.1", LIAISON)
    assert "待我审核" not in words(browser(w, OTHER_HEAD).get("/")).split("创建总体")[0].replace(
        "待我审核 0", ""
    )
    away(w, HEAD, OTHER_HEAD)
    stand_in = browser(w, OTHER_HEAD)
    text = words(stand_in.get("/"))
    assert "今天你代 黎林波（出差，至 3 月 4 日）" in text and "待我审核 1" in text and "代黎林波" in text
    shown = words(page(stand_in, slot.item, slot))
    assert "审核通过 1月期（代黎林波）" in shown
    assert "郑审批（代黎林波）" in shown  # who stands at the step today
    assert post(stand_in, accept_url(slot), opinion="同意").status_code == 302
    sign = Signature.objects.get(slot=slot)
    assert (str(sign.person), str(sign.acting_for)) == (OTHER_HEAD, HEAD)
    entry = Entry.objects.filter(action="ledger.accept").latest("id")
    assert (entry.actor_name, entry.acting_for) == (OTHER_HEAD, HEAD)
    for name in (OTHER_HEAD, CLERK, "东县文明办"):
        text = words(page(browser(w, name), slot.item, slot))
        assert "郑审批（代黎林波）" in text and "郑审批（代黎林波） 同意 1月" in text, (
            name
        )  # the signature and the story


def test_the_button_and_the_right_go_with_the_absence(w: World, settings: Any) -> None:
    slot = hand_in(w, "1.1.1", LIAISON)
    made = away(w, HEAD, OTHER_HEAD, first=3)
    stand_in = browser(w, OTHER_HEAD)
    assert "审核通过" not in words(page(stand_in, slot.item, slot))
    assert post(stand_in, accept_url(slot)).status_code == 403  # it begins tomorrow
    settings.TODAY = "2020-03-03"
    assert "审核通过" in words(page(stand_in, slot.item, slot))
    org.hand_back(made, by=w.user(HEAD))
    assert "审核通过" not in words(page(stand_in, slot.item, slot))
    assert post(stand_in, accept_url(slot)).status_code == 403
    assert not Signature.objects.exists()
    settings.TODAY = "2020-03-04"
    assert "今天你代" not in words(stand_in.get("/"))
    assert post(browser(w, HEAD), accept_url(slot)).status_code == 302  # the head's own, without 代
    assert Signature.objects.get(slot=slot).acting_for is None


def test_over_at_midnight_without_anybody_handing_back(w: World, settings: Any) -> None:
    slot = hand_in(w, "1.1.1", LIAISON)
    away(w, HEAD, OTHER_HEAD)
    settings.TODAY = "2020-03-05"
    with pytest.raises(NotPermitted):
        actions.accept(slot, by=w.user(OTHER_HEAD))


def test_never_ones_own_submission(w: World) -> None:
    slot = hand_in(w, "1.1.1", LIAISON)
    away(w, HEAD, LIAISON)
    with pytest.raises(Refused, match="不能审核自己提交"):
        actions.accept(slot, by=w.user(LIAISON))
    client = browser(w, LIAISON)
    assert "审核通过" not in words(page(client, slot.item, slot))
    assert post(client, accept_url(slot)).status_code == 409
    assert not Signature.objects.exists()


def test_never_what_an_absent_person_handed_in(w: World) -> None:
    """郑审批 stands in for the filler and for the head of 法规处: two away at once."""
    slot = hand_in(w, "1.2.5", LAW_FILLER)
    made = away(w, LAW_FILLER, OTHER_HEAD)
    away(w, LAW_HEAD, OTHER_HEAD)
    for verb, more in ((actions.accept, {}), (actions.send_back, {"opinion": "不清"})):
        with pytest.raises(Refused, match="白毅志提交的事项，不能由代理人郑审批审核"):
            verb(slot, by=w.user(OTHER_HEAD), **more)
    client = browser(w, OTHER_HEAD)
    assert "审核通过" not in words(page(client, slot.item, slot))
    assert waiting_for(w.user(OTHER_HEAD), w.year).slots == []
    with pytest.raises(Refused, match="不是这一环节的签批人"):  # nor on paper
        actions.paper_slot(
            slot, by=w.user(CLERK), signer=w.user(OTHER_HEAD).person, signed_on=date(2020, 3, 2)
        )
    org.hand_back(made, by=w.user(LAW_FILLER))
    actions.accept(slot, by=w.user(OTHER_HEAD))
    assert str(Signature.objects.filter(slot=slot, person__name=OTHER_HEAD).get().acting_for) == LAW_HEAD


def test_never_an_item_one_handed_in_or_the_absent_person_did(w: World) -> None:
    """The same at the step of the whole item: the group's leader is away."""
    slot = hand_in(w, "1.2.5", LAW_FILLER)
    actions.accept(slot, by=w.user(LAW_HEAD))
    item = Item.objects.select_related("year__campaign", "unit", "lead", "track").get(pk=slot.item_id)
    here = at_step(item)
    assert here is not None
    who = here.people[0][1]
    assert who != LAW_FILLER
    made = away(w, who, LAW_FILLER)
    with pytest.raises(Refused, match="不能签批自己提交"):
        actions.sign(item, by=w.user(LAW_FILLER))
    org.hand_back(made, by=w.user(who))
    away(w, LAW_FILLER, OTHER_HEAD)
    away(w, who, OTHER_HEAD)
    with pytest.raises(Refused, match="白毅志提交的事项，不能由代理人郑审批签批"):
        actions.sign(item, by=w.user(OTHER_HEAD))
    assert "同意：" not in words(page(browser(w, OTHER_HEAD), item))


def test_paper_knows_who_stands_in(w: World) -> None:
    slot = hand_in(w, "1.1.1", LIAISON)
    away(w, HEAD, OTHER_HEAD)
    sign = actions.paper_slot(
        slot, by=w.user(CLERK), signer=w.user(OTHER_HEAD).person, signed_on=date(2020, 3, 2)
    )
    assert str(sign.acting_for) == HEAD
    text = words(page(browser(w, CLERK), slot.item, slot))
    assert "郑审批（代黎林波）" in text and "纸质签批" in text


def test_the_printed_form_says_for_whom(w: World) -> None:
    slot = hand_in(w, "1.2.5", LAW_FILLER)
    away(w, LAW_HEAD, OTHER_HEAD)
    actions.accept(slot, by=w.user(OTHER_HEAD), opinion="属实")
    text = words(browser(w, CLERK).get(f"/ledger/papers/form/?items={slot.item_id}"))
    assert "郑审批（代李洋华）" in text and "属实" in text


def test_work_of_the_absent_is_on_the_stand_ins_desk_and_list(w: World) -> None:
    """A colleague of the same department needs no post of the other's: it is the absent one's item all the same."""
    item = w.item("1.1.1")
    actions.assign(item, by=w.user(CLERK), lead=item.lead, person=w.user(FILLER).person)
    mine = browser(w, LIAISON)
    list_url = f"/ledger/items/?year={w.year.pk}&scope=me"
    assert "领导小组月度调度" not in words(mine.get(list_url))
    away(w, FILLER, LIAISON)
    assert "领导小组月度调度" in words(mine.get(list_url))
    desk = mine.get("/").content.decode()
    assert '<span class="tag w">代朱辉斌</span>' in desk
    own = words(browser(w, FILLER).get("/"))
    assert "你今天出差（3 月 2 日至 3 月 4 日）： 由崔怡欣代" in own and "已经回来，去销假" in own
    slot = hand_in(w, "1.1.1", LIAISON)
    sent = Submission.objects.get(slot=slot)
    assert (str(sent.by), str(sent.acting_for), sent.on_behalf_of) == (LIAISON, FILLER, None)
    text = words(page(mine, slot.item, slot))
    assert "崔怡欣（代朱辉斌） 提交审核 1月" in text and text.count("崔怡欣（代朱辉斌）") >= 3
    # it bars the absent one too
    with pytest.raises(NotPermitted):
        actions.accept(slot, by=w.user(FILLER))


def test_a_submission_of_ones_own_unit_is_ones_own(w: World) -> None:
    away(w, FILLER, LIAISON)
    slot = hand_in(w, "1.1.1", LIAISON)  # nobody in particular answers for it
    assert Submission.objects.get(slot=slot).acting_for is None


def test_a_stand_in_from_elsewhere_hands_in_by_the_absent_ones_post(w: World) -> None:
    slot = w.slot("1.1.1")
    with pytest.raises(NotPermitted):
        actions.submit(slot, by=w.user(OTHER_HEAD), conclusion="x")
    away(w, HEAD, OTHER_HEAD)
    text = words(page(browser(w, OTHER_HEAD), slot.item, slot))
    assert "（代黎林波）" in text
    slot = hand_in(w, "1.1.1", OTHER_HEAD)
    assert str(Submission.objects.get(slot=slot).acting_for) == HEAD
    # the absent head is the only one at the step and it was done in his place: passed over, with a note
    assert Signature.objects.filter(slot=slot, verdict="skip").exists()


def test_reopening_says_for_whom(w: World) -> None:
    slot = close(w, "1.2.5")
    item = Item.objects.get(pk=slot.item_id)
    assert item.status == "closed"
    away(w, "石玲佳", LIAISON)
    made = actions.reopen(item, by=w.user(LIAISON), opinion="有出入", slots=[slot])
    assert (str(made.person), str(made.acting_for)) == (LIAISON, CLERK)


def test_a_whole_page_is_passed_in_the_place_of_the_absent(w: World) -> None:
    slots = [hand_in(w, "1.1.1", LIAISON), hand_in(w, "1.1.1", LIAISON, 1)]
    away(w, HEAD, OTHER_HEAD)
    made = away(w, LIAISON, OTHER_HEAD)
    typed = {"year": w.year.pk, "ids": [one.pk for one in slots]}
    assert (
        post(browser(w, OTHER_HEAD), "/desk/pass/slots/", **typed).status_code == 409
    )  # none is theirs to judge
    org.hand_back(made, by=w.user(LIAISON))
    assert post(browser(w, OTHER_HEAD), "/desk/pass/slots/", **typed).status_code == 302
    signed = Signature.objects.filter(slot__in=slots, verdict="accept")
    assert {(str(one.person), str(one.acting_for)) for one in signed} == {(OTHER_HEAD, HEAD)}


def test_nobody_stands_in_and_the_step_waits(w: World) -> None:
    slot = hand_in(w, "1.1.1", LIAISON)
    away(w, HEAD)
    here = at_step(slot.item, slot)
    assert here is not None and [name for _, name in here.people] == [HEAD]
    assert "没有人代" in words(browser(w, HEAD).get("/"))


def test_desk_and_item_cost_the_same_for_two_absent_and_for_thirteen(w: World) -> None:
    slot = hand_in(w, "1.1.1", LIAISON)
    away(w, HEAD, OTHER_HEAD)
    stand_in = w.user(OTHER_HEAD).person
    client = browser(w, OTHER_HEAD)
    counts: dict[str, list[int]] = {}
    for first, number in ((0, 1), (1, 12)):
        for at in range(first, number):
            one = Person(agency=w.people.units["甲局"], staff_no=f"X{at}", name=f"人{at}", name_key=f"人{at}")
            one.save()
            Deputy(person=one, stand_in=stand_in).save()
            Absence(person=one, starts_on=date(2020, 3, 1), ends_on=date(2020, 3, 9)).save()
        for url in ("/", f"/ledger/items/{slot.item_id}/?slot={slot.pk}", f"/ledger/items/?year={w.year.pk}"):
            client.get(url)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            counts.setdefault(url, []).append(len(seen))
    assert all(first == second for first, second in counts.values()), counts
