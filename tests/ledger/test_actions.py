"""Each verb of the ledger through the door, as the people who take it."""

from datetime import date
from typing import Any

import pytest

from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence
from taizhang.journal.models import Entry
from taizhang.journal.queries import check_chains
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.kit.files import store
from taizhang.ledger import actions
from taizhang.ledger.models import Batch, Citation, Item, Signature, Slot, Submission
from taizhang.ledger.queries.opening import opened
from taizhang.ledger.rules.states import SlotStatus, Status, Verdict

from .world import World, hand_out, world


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    """2020 opened on 6 January and handed out."""
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    return made


def put(w: World, slot: Slot, by: str, *, kind: str = "other", title: str = "记录", **more: Any) -> Evidence:
    """A real file deposited and cited."""
    user = w.user(by)
    stored = store().put([f"{title}{slot.pk}{more}".encode()], limit=10_000)
    evidence: Evidence = library.deposit(
        slot.performer,
        by=user,
        stored=stored,
        original_name=f"{title}.txt",
        kind=kind,
        title=title,
        again=True,
        **more,
    )
    actions.cite(slot, by=user, evidence=evidence)
    return evidence


def hand_in(w: World, slot: Slot, by: str = "朱辉斌", **more: Any) -> Submission:
    submission: Submission = actions.submit(slot, by=w.user(by), conclusion="已办", **more)
    slot.refresh_from_db()
    return submission


def accept(w: World, slot: Slot, by: str = "黎林波") -> Slot:
    actions.accept(slot, by=w.user(by))
    slot.refresh_from_db()
    return slot


def done(w: World, code: str, filler: str, head: str) -> Item:
    """Every slot of an item handed in and accepted."""
    for slot in Slot.objects.filter(item=w.item(code)).select_related("item__unit", "performer"):
        hand_in(w, slot, filler)
        if slot.status == SlotStatus.SUBMITTED:
            accept(w, slot, head)
    return w.item(code)


# opening


def test_open_year_makes_one_item_per_leaf_and_a_slot_per_period_and_performer(w: World) -> None:
    counts = {item.code: item.slots.count() for item in Item.objects.filter(year=w.year)}
    assert counts == {
        "1.1.1": 12, "1.1.2": 1, "1.1.3": 2, "1.1.4": 53, "1.2.1": 24, "1.2.2": 8, "1.2.3": 0, "1.2.4": 1, "1.2.5": 1,
        "1.2.6": 1,
    }  # fmt: skip
    assert opened(w.year).without_lead == ["Ⅲ-10"]
    assert w.item("1.2.1").lead == w.people.units["机关党委"]
    assert w.item("1.2.2").lead == w.people.units["创建办"]
    assert {slot.performer.name for slot in w.item("1.2.2").slots.all()} == {"法规处", "审批处"}
    assert w.item("1.1.1").person == w.user("崔怡欣").person, (
        "the liaison answers until a clerk says otherwise"
    )
    assert w.item("1.1.1").leader == w.user("卢欣燕").person


def test_open_year_is_refused_twice(w: World) -> None:
    with pytest.raises(Refused, match="已经启用"):
        actions.open_year(w.year, by=w.user("石玲佳"))


def test_open_year_takes_dates_from_periods_and_backwards_from_the_assessment(w: World) -> None:
    january = w.slot("1.1.1")
    assert (january.starts_on, january.ends_on) == (date(2020, 1, 1), date(2020, 1, 31))
    assert date(2020, 1, 31) <= january.due_on <= date(2020, 2, 10)
    plan, summary = w.slot("1.1.2").due_on, w.slot("1.2.5").due_on
    assert plan < summary <= w.year.assessed_on, "plans come first, summaries last"


def test_open_year_places_what_is_due_once_in_the_cycle_in_its_last_year(people: Any, settings: Any) -> None:
    settings.TODAY = "2018-01-08"
    made = world(people)
    first = made.campaign.years.get(year=2018)
    actions.open_year(first, by=people.users["石玲佳"])
    item = made.item("1.2.4", first)
    assert (item.status, item.slots.count()) == (Status.WAIVED, 0) and "2020" in item.reason
    actions.place(item, by=people.users["石玲佳"])
    item.refresh_from_db()
    assert (item.status, item.slots.count()) == (Status.PENDING, 1)


def test_open_next_year_takes_over_leads_people_and_needs(people: Any, settings: Any) -> None:
    settings.TODAY = "2018-01-08"
    made = world(people)
    clerk = people.users["石玲佳"]
    for number in (2018, 2019):
        year = made.campaign.years.get(year=number)
        actions.open_year(year, by=clerk)
        if number == 2018:
            item = made.item("1.2.6", year)
            actions.assign(
                item,
                by=clerk,
                lead=people.units["审批处"],
                person=people.users["郑审批"].person,
                co=[people.units["办公室"]],
            )
            actions.add_need(item, by=clerk, name="说明", kind="report", least=1)
    carried = made.item("1.2.6", year)
    assert carried.lead == people.units["审批处"] and carried.person == people.users["郑审批"].person
    assert [str(unit) for unit in carried.co_units.all()] == ["办公室"]
    assert [need.name for need in carried.needs.all()] == ["说明"]
    assert carried.previous is not None and carried.previous.year.year == 2018
    assert carried.status == Status.PENDING


def test_open_year_in_the_middle_marks_what_ended_before_the_system(people: Any, settings: Any) -> None:
    settings.TODAY = "2020-06-10"
    made = world(people)
    before = [slot.label for slot in made.item("1.1.1").slots.filter(before_system=True)]
    assert before == ["1月", "2月", "3月", "4月", "5月"]
    count = Slot.objects.filter(item__year=made.year, before_system=True).count()
    batch = actions.before_system(made.year, by=people.users["石玲佳"], reason="系统启用前已办，纸质存档")
    assert batch.count == count
    assert not Slot.objects.filter(item__year=made.year, before_system=True, status="open").exists()
    actions.take_back(batch, by=people.users["石玲佳"])
    assert Slot.objects.filter(item__year=made.year, before_system=True, status="open").count() == count


def test_before_system_is_filled_in_bulk_and_counts_as_done(people: Any, settings: Any) -> None:
    settings.TODAY = "2020-06-10"
    made = world(people)
    clerk = people.users["石玲佳"]
    with pytest.raises(Refused, match="不是系统启用前"):
        actions.fill_slot(made.slot("1.1.1", 6), by=clerk, conclusion="x")
    ids = [made.item("1.1.1").pk]
    batch = actions.before_system(made.year, by=clerk, conclusion="当时已办，材料在档案柜", ids=ids)
    assert batch.count == 5
    filled = made.slot("1.1.1")
    assert filled.status == SlotStatus.ACCEPTED and not filled.late and filled.before_system
    submission = Submission.objects.get(slot=filled)
    assert (submission.number, submission.on_behalf_of) == ("补录", people.users["崔怡欣"].person)
    actions.take_back(batch, by=clerk)
    assert made.slot("1.1.1").status == SlotStatus.OPEN and not Submission.objects.exists()
    actions.before_system(made.year, by=clerk, conclusion="再补", ids=ids)
    assert made.slot("1.1.1").status == SlotStatus.ACCEPTED


# handing out


def test_assign_needs_a_lead_and_the_office(w: World) -> None:
    with pytest.raises(Refused, match="还没有牵头处室"):
        actions.assign(w.item("1.2.6"), by=w.user("石玲佳"))
    with pytest.raises(NotPermitted):
        actions.assign(w.item("1.2.6"), by=w.user("朱辉斌"), lead=w.people.units["办公室"])
    with pytest.raises(Refused, match="本机关"):
        actions.assign(w.item("1.2.6"), by=w.user("石玲佳"), lead=w.people.units["乙局办公室"])


def test_assign_to_another_lead_moves_open_slots_and_not_what_was_handed_in(w: World, settings: Any) -> None:
    settings.TODAY = "2020-02-03"
    first = w.slot("1.1.3")
    hand_in(w, first)
    actions.assign(w.item("1.1.3"), by=w.user("石玲佳"), lead=w.people.units["法规处"])
    item = w.item("1.1.3")
    assert item.person == w.user("白毅志").person and item.leader == w.user("卢欣燕").person
    assert [slot.performer.name for slot in item.slots.order_by("nth")] == ["办公室", "法规处"]


def test_receive_by_the_lead_and_by_nobody_else(w: World) -> None:
    with pytest.raises(NotPermitted):
        actions.receive(w.item("1.1.1"), by=w.user("白毅志"))
    actions.receive(w.item("1.1.1"), by=w.user("崔怡欣"))
    assert w.item("1.1.1").status == Status.RECEIVED
    with pytest.raises(Refused, match="已签收"):
        actions.receive(w.item("1.1.1"), by=w.user("崔怡欣"))


def test_raise_item_from_an_instruction(w: World) -> None:
    item = actions.raise_item(
        w.year, by=w.user("石玲佳"), title="文明餐桌整治", source_kind="instruction", source_text="局长批示",
        lead=w.people.units["办公室"], due_on=date(2020, 3, 31), needs=[{"name": "整改照片", "kind": "picture", "least": 2}],
    )  # fmt: skip
    assert item.no == "批2020-001" and item.slots.count() == 1
    with pytest.raises(Refused, match="已经过去"):
        actions.raise_item(
            w.year,
            by=w.user("石玲佳"),
            title="x",
            source_kind="decision",
            lead=w.people.units["办公室"],
            due_on=date(2019, 1, 1),
        )
    with pytest.raises(NotPermitted):
        actions.raise_item(
            w.year,
            by=w.user("黎林波"),
            title="x",
            source_kind="decision",
            lead=w.people.units["办公室"],
            due_on=date(2020, 3, 1),
        )


def test_set_due_moves_what_happens_once_and_refuses_what_recurs(w: World) -> None:
    actions.set_due(w.item("1.1.2"), by=w.user("石玲佳"), due_on=date(2020, 3, 2))
    assert w.slot("1.1.2").due_on == date(2020, 3, 2) == w.item("1.1.2").due_on
    with pytest.raises(Refused, match="多期"):
        actions.set_due(w.item("1.1.1"), by=w.user("石玲佳"), due_on=date(2020, 3, 2))
    with pytest.raises(Refused, match="不在"):
        actions.set_due(w.item("1.1.2"), by=w.user("石玲佳"), due_on=date(2030, 3, 2))


# submitting


def test_submit_is_refused_with_all_that_is_missing(w: World) -> None:
    slot = w.slot("1.1.1")
    put(w, slot, "朱辉斌", kind="picture", title="会场")
    with pytest.raises(Refused) as refused:
        hand_in(w, slot)
    assert (
        "会议记录 0/1，少 1 件" in refused.value.message
        and "会议现场照片 1/2，少 1 张" in refused.value.message
    )
    assert w.item("1.1.1").status == Status.ASSIGNED


def test_submit_wants_the_document_number(w: World) -> None:
    slot = w.slot("1.1.2")
    evidence = put(w, slot, "石玲佳", kind="document", title="实施方案")
    with pytest.raises(Refused, match="实施方案没有文号"):
        hand_in(w, slot, "石玲佳")
    library.caption(evidence, by=w.user("石玲佳"), doc_no="甲局办发〔2020〕3号")
    assert hand_in(w, slot, "石玲佳").number == "报2020-00001"


def test_submit_pins_versions_and_waits_for_the_head(w: World) -> None:
    slot = w.slot("1.1.1")
    for kind, title in (("other", "记录"), ("picture", "一"), ("picture", "二")):
        put(w, slot, "朱辉斌", kind=kind, title=title)
    submission = hand_in(w, slot)
    assert slot.status == SlotStatus.SUBMITTED and slot.step.who == "lead_head"
    assert w.item("1.1.1").status == Status.REVIEW
    assert all(citation.version_pinned_id for citation in slot.citations.all())
    first = slot.citations.first()
    assert first is not None
    library.add_version(
        first.evidence, by=w.user("朱辉斌"), stored=store().put([b"new"], limit=99), original_name="新.txt"
    )
    first.refresh_from_db()
    assert first.version_pinned != Evidence.objects.get(pk=first.evidence_id).current
    assert submission.on_behalf_of is None
    with pytest.raises(Refused, match="待审核"):
        hand_in(w, slot)


def test_submit_on_behalf_says_so(w: World) -> None:
    slot = w.slot("1.2.5")
    submission = hand_in(w, slot, "石玲佳")
    assert submission.on_behalf_of == w.user("白毅志").person, (
        "the clerk entered it for the responsible person"
    )
    slot = w.slot("1.1.3")
    hand_in(w, slot, "石玲佳", on_behalf_of=w.user("黎林波").person)
    assert slot.status == SlotStatus.ACCEPTED, (
        "the head it was entered for may not judge it: his step is skipped"
    )


def test_submit_late_is_marked_for_ever(w: World, settings: Any) -> None:
    slot = w.slot("1.2.5")
    settings.TODAY = "2020-12-20"
    hand_in(w, slot, "白毅志")
    assert slot.late
    accept(w, slot, "李洋华")
    assert slot.late and slot.status == SlotStatus.ACCEPTED


def test_submit_by_another_department_and_another_agency(w: World) -> None:
    with pytest.raises(NotPermitted):
        hand_in(w, w.slot("1.1.3"), "白毅志")
    with pytest.raises(NotPermitted):
        hand_in(w, w.slot("1.1.3"), "乙局石玲佳")


def test_submit_once_key_gives_the_first_answer(w: World) -> None:
    slot = w.slot("1.1.3")
    one = actions.submit(slot, by=w.user("朱辉斌"), conclusion="已办", once="k1")
    two = actions.submit(w.slot("1.1.3"), by=w.user("朱辉斌"), conclusion="已办", once="k1")
    assert one == two and Submission.objects.count() == 1


def test_submit_from_a_stale_tab_is_refused(w: World) -> None:
    slot = w.slot("1.1.3")
    seen = slot.version
    actions.set_slot_due(slot, by=w.user("石玲佳"), due_on=date(2020, 5, 29))
    with pytest.raises(Stale):
        actions.submit(w.slot("1.1.3"), by=w.user("朱辉斌"), conclusion="x", seen=seen)
    assert Entry.objects.filter(action="ledger.submit").exclude(refused="").count() == 1


def test_withdraw_before_anybody_judged(w: World) -> None:
    slot = w.slot("1.1.3")
    hand_in(w, slot)
    actions.withdraw(slot, by=w.user("朱辉斌"))
    slot.refresh_from_db()
    assert slot.status == SlotStatus.OPEN and w.item("1.1.3").status == Status.DOING
    hand_in(w, slot)
    assert slot.attempt == 2
    accept(w, slot)
    with pytest.raises(Refused):
        actions.withdraw(slot, by=w.user("朱辉斌"))


def test_uncite_gives_the_use_back(w: World) -> None:
    slot = w.slot("1.1.3")
    evidence = put(w, slot, "朱辉斌")
    evidence.refresh_from_db()
    assert evidence.uses == 1
    with pytest.raises(Refused, match="已经引用"):
        actions.cite(slot, by=w.user("朱辉斌"), evidence=evidence)
    actions.uncite(Citation.objects.get(), by=w.user("朱辉斌"))
    evidence.refresh_from_db()
    assert evidence.uses == 0


def test_drop_need_keeps_what_was_cited_once(w: World) -> None:
    clerk, slot = w.user("石玲佳"), w.slot("1.1.1")
    evidence = put(w, slot, "朱辉斌", kind="picture", title="一")
    other = slot.item.needs.get(name="会议记录")
    actions.cite(slot, by=w.user("朱辉斌"), evidence=evidence, need=other)
    for need in list(slot.item.needs.all()):
        actions.drop_need(need, by=clerk)
    evidence.refresh_from_db()
    assert (slot.citations.count(), evidence.uses) == (1, 1)


def test_cite_evidence_of_another_agency_is_refused(w: World) -> None:
    stored = store().put([b"x"], limit=9)
    foreign = library.deposit(
        w.people.units["乙局办公室"], by=w.user("乙局朱辉斌"), stored=stored, original_name="密.txt"
    )
    with pytest.raises(Refused, match="材料库里没有"):
        actions.cite(w.slot("1.1.3"), by=w.user("朱辉斌"), evidence=foreign)


# judging slots


def test_nobody_judges_what_they_submitted(w: World) -> None:
    slot = w.slot("1.2.5")
    hand_in(w, slot, "李洋华")  # the only head hands it in himself: the step is skipped with a note
    assert slot.status == SlotStatus.ACCEPTED
    skipped = Signature.objects.get(slot=slot)
    assert skipped.verdict == Verdict.SKIP and skipped.person is None and "只有提交人本人" in skipped.opinion
    item = w.item("1.2.5")
    assert item.step.who == "office", "he leads the activity group too, and is barred there as well"


def test_send_back_says_why_and_gives_days(w: World, settings: Any) -> None:
    slot = w.slot("1.1.3")
    hand_in(w, slot)
    with pytest.raises(Refused, match="原因"):
        actions.send_back(slot, by=w.user("黎林波"), opinion=" ")
    settings.TODAY = "2020-12-30"
    actions.send_back(slot, by=w.user("黎林波"), opinion="照片看不出单位名称")
    slot.refresh_from_db()
    assert (slot.status, slot.returns) == (SlotStatus.RETURNED, 1)
    assert slot.due_on == date(2021, 1, 5), "three working days over New Year"
    assert w.item("1.1.3").status == Status.RETURNED
    hand_in(w, slot)
    assert slot.attempt == 2 and not slot.late


def test_accept_by_somebody_who_does_not_stand_there(w: World) -> None:
    slot = w.slot("1.1.3")
    hand_in(w, slot)
    with pytest.raises(Refused, match="不是这一环节的审核人"):
        actions.accept(slot, by=w.user("石玲佳"))
    with pytest.raises(NotPermitted):
        actions.accept(slot, by=w.user("朱辉斌"))


# the steps per item


def test_the_item_moves_by_itself_and_is_struck_off(w: World) -> None:
    item = done(w, "1.1.3", "朱辉斌", "黎林波")
    assert item.status == Status.REVIEW and item.step.who == "group_leader"
    with pytest.raises(Refused, match="不是这一环节"):
        actions.sign(item, by=w.user("马华斌"))
    actions.sign(item, by=w.user("李洋华"))
    actions.sign(w.item("1.1.3"), by=w.user("石玲佳"), opinion="符合要求")
    item = w.item("1.1.3")
    assert item.status == Status.ACCEPTED and item.step.who == "leader"
    actions.sign(item, by=w.user("卢欣燕"))
    item = w.item("1.1.3")
    assert (item.status, item.close_no) == (Status.CLOSED, "销2020-001") and item.closed_at
    with pytest.raises(Refused, match="销号"):
        hand_in(w, w.slot("1.1.3"))
    assert check_chains().problems == []


def test_the_same_person_at_two_following_steps_signs_once(w: World) -> None:
    slot = w.slot("1.2.5")
    hand_in(w, slot, "白毅志")
    accept(w, slot, "李洋华")  # head of the only slot, and leader of the activity group
    item = w.item("1.2.5")
    assert item.step.who == "office"
    both = Signature.objects.filter(item=item, verdict=Verdict.ACCEPT).order_by("id")
    assert [(one.person.name, bool(one.opinion)) for one in both] == [("李洋华", False), ("李洋华", True)]


def test_send_back_item_names_the_slots_and_the_chain_begins_anew(w: World) -> None:
    item = done(w, "1.1.3", "朱辉斌", "黎林波")
    second = w.slot("1.1.3", 1)
    with pytest.raises(Refused, match="哪几期"):
        actions.send_back_item(item, by=w.user("李洋华"), opinion="不全", slots=[])
    actions.send_back_item(item, by=w.user("李洋华"), opinion="第二次没有照片", slots=[second])
    item = w.item("1.1.3")
    assert (item.status, item.attempt) == (Status.RETURNED, 2)
    assert [slot.status for slot in item.slots.order_by("nth")] == [SlotStatus.ACCEPTED, SlotStatus.RETURNED]
    hand_in(w, w.slot("1.1.3", 1))
    accept(w, w.slot("1.1.3", 1))
    item = w.item("1.1.3")
    assert item.status == Status.REVIEW and item.step.who == "group_leader"


def test_conclude_when_forty_of_fifty_three_weeks_are_accepted(w: World) -> None:
    item = w.item("1.1.4")
    assert item.required == 40
    slots = list(item.slots.select_related("item__unit", "performer"))
    for slot in slots[:39]:
        hand_in(w, slot, "石玲佳")
        accept(w, slot, "马华斌")
    with pytest.raises(Refused, match="须通过 40 期，现已通过 39 期"):
        actions.conclude(item, by=w.user("石玲佳"))
    hand_in(w, slots[39], "石玲佳")
    accept(w, slots[39], "马华斌")
    actions.conclude(item, by=w.user("石玲佳"))
    item = w.item("1.1.4")
    assert item.status == Status.REVIEW and item.slots.filter(status=SlotStatus.WAIVED).count() == 13


def test_reopen_keeps_history(w: World) -> None:
    item = done(w, "1.1.3", "朱辉斌", "黎林波")
    for name in ("李洋华", "石玲佳", "卢欣燕"):
        actions.sign(w.item("1.1.3"), by=w.user(name))
    before = Signature.objects.count()
    actions.reopen(w.item("1.1.3"), by=w.user("石玲佳"), opinion="抽查发现照片重复", slots=[w.slot("1.1.3")])
    item = w.item("1.1.3")
    assert (item.status, item.closed_at, item.close_no) == (Status.RETURNED, None, "")
    assert Signature.objects.count() == before + 1
    assert "销2020-001" in Signature.objects.get(verdict=Verdict.REOPEN).opinion
    hand_in(w, w.slot("1.1.3"))
    accept(w, w.slot("1.1.3"))
    for name in ("李洋华", "石玲佳", "卢欣燕"):
        actions.sign(w.item("1.1.3"), by=w.user(name))
    assert w.item("1.1.3").close_no == "销2020-002"


def test_waive_suspend_and_back(w: World) -> None:
    clerk = w.user("石玲佳")
    with pytest.raises(Refused, match="原因"):
        actions.waive(w.item("1.2.5"), by=clerk, reason="")
    actions.waive(w.item("1.2.5"), by=clerk, reason="本单位无此职能")
    assert w.item("1.2.5").status == Status.WAIVED
    with pytest.raises(Refused):
        hand_in(w, w.slot("1.2.5"), "白毅志")
    actions.restore(w.item("1.2.5"), by=clerk)
    assert w.item("1.2.5").status == Status.DOING
    actions.suspend(w.item("1.2.5"), by=clerk, reason="机构改革")
    actions.resume(w.item("1.2.5"), by=clerk)
    assert w.item("1.2.5").status == Status.DOING
    with pytest.raises(NotPermitted):
        actions.waive(w.item("1.2.5"), by=w.user("李洋华"), reason="不想做")


def test_waived_slots_settle_the_item(w: World) -> None:
    hand_in(w, w.slot("1.1.3"))
    accept(w, w.slot("1.1.3"))
    actions.waive_slot(w.slot("1.1.3", 1), by=w.user("石玲佳"), reason="疫情期间未开展")
    assert w.item("1.1.3").status == Status.REVIEW


def test_event_item_gets_slots_or_a_statement(w: World) -> None:
    item = w.item("1.2.3")
    slot = actions.nothing_happened(item, by=w.user("白毅志"), note="本年领导小组成员没有变动")
    hand_in(w, slot, "白毅志")
    assert w.item("1.2.3").status in (Status.REVIEW,)
    with pytest.raises(Refused, match="事项触发"):
        actions.add_slot(
            w.item("1.1.1"),
            by=w.user("石玲佳"),
            label="x",
            starts_on=date(2020, 2, 1),
            due_on=date(2020, 2, 9),
        )
    added = actions.add_slot(
        item, by=w.user("白毅志"), label="3月调整", starts_on=date(2020, 3, 1), due_on=date(2020, 4, 30)
    )
    assert added.performer == w.people.units["法规处"]


# on paper, and in bulk


def test_paper_records_the_leader_who_has_no_account(w: World) -> None:
    done(w, "1.1.3", "朱辉斌", "黎林波")
    for name in ("李洋华", "石玲佳"):
        actions.sign(w.item("1.1.3"), by=w.user(name))
    leader = w.user("卢欣燕").person
    item = w.item("1.1.3")
    common = {"by": w.user("马华斌"), "items": [item.pk], "signed_on": date(2020, 1, 6)}
    with pytest.raises(Refused, match="还没有到"):
        actions.paper(w.year, **{**common, "signed_on": date(2020, 1, 7)}, signer=leader)
    with pytest.raises(Refused, match="不是这一环节的签批人"):
        actions.paper(w.year, **common, signer=w.user("郑审批").person)
    with pytest.raises(NotPermitted):
        actions.paper(w.year, **{**common, "by": w.user("黎林波")}, signer=leader)
    scan = library.deposit(
        w.people.units["创建办"],
        by=w.user("马华斌"),
        stored=store().put([b"scan"], limit=9),
        original_name="审批表.txt",
    )
    batch = actions.paper(w.year, **common, signer=leader, scan=scan)
    signature = Signature.objects.get(on_paper=True)
    assert (signature.person, signature.entered_by) == (leader, w.user("马华斌").person)
    assert w.item("1.1.3").status == Status.CLOSED and batch.count == 1
    scan.refresh_from_db()
    assert scan.uses == 1
    actions.take_back(batch, by=w.user("马华斌"))
    scan.refresh_from_db()
    assert scan.uses == 0 and w.item("1.1.3").status == Status.ACCEPTED
    actions.paper(w.year, **common, signer=leader)
    assert w.item("1.1.3").close_no == "销2020-001", "a number is not given twice, and none is missing"


def test_bulk_does_what_it_can_names_the_rest_and_is_taken_back_whole(w: World) -> None:
    clerk = w.user("石玲佳")
    ids = [w.item(code).pk for code in ("1.1.2", "1.2.5", "1.1.1")]
    before = {pk: Item.objects.get(pk=pk).due_on for pk in ids}
    batch = actions.bulk(w.year, by=clerk, verb="set_due", ids=ids, params={"due_on": date(2020, 4, 1)})
    assert batch.count == 2 and len(batch.problems) == 1
    with pytest.raises(Refused, match="自己做的"):
        actions.take_back(batch, by=w.user("马华斌"))
    actions.take_back(batch, by=clerk)
    assert {pk: Item.objects.get(pk=pk).due_on for pk in ids} == before
    with pytest.raises(Refused, match="已经撤销"):
        actions.take_back(Batch.objects.get(pk=batch.pk), by=clerk)


def test_take_back_is_refused_when_somebody_has_gone_on(w: World, settings: Any) -> None:
    clerk = w.user("石玲佳")
    batch = actions.bulk(
        w.year, by=clerk, verb="set_priority", ids=[w.item("1.2.5").pk], params={"priority": True}
    )
    actions.set_due(w.item("1.2.5"), by=clerk, due_on=date(2020, 4, 1))
    with pytest.raises(Refused, match="之后又有人办理"):
        actions.take_back(batch, by=clerk)
    settings.TODAY = "2020-01-07"
    with pytest.raises(Refused, match="当天"):
        actions.take_back(batch, by=clerk)


def test_bulk_accept_by_the_page_and_back(w: World) -> None:
    slots = [w.slot("1.1.3"), w.slot("1.1.3", 1)]
    for slot in slots:
        hand_in(w, slot)
    batch = actions.bulk(w.year, by=w.user("黎林波"), verb="accept", ids=[slot.pk for slot in slots])
    assert batch.count == 2 and w.item("1.1.3").status == Status.REVIEW
    actions.take_back(batch, by=w.user("黎林波"))
    assert all(w.slot("1.1.3", nth).status == SlotStatus.SUBMITTED for nth in (0, 1))
    assert Signature.objects.filter(withdrawn_by=batch).count() == 2
    accept(w, w.slot("1.1.3"))


def test_bulk_rows_is_whole_or_not_at_all(w: World) -> None:
    rows = [
        ("set_due", w.item("1.1.2").pk, {"due_on": date(2020, 4, 1)}),
        ("set_due", w.item("1.1.1").pk, {"due_on": date(2020, 4, 1)}),
    ]
    before = w.item("1.1.2").due_on
    with pytest.raises(Refused, match="整表没有保存"):
        actions.bulk_rows(w.year, by=w.user("石玲佳"), label="导入改动", rows=rows)
    assert w.item("1.1.2").due_on == before
