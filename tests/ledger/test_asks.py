"""Asking and answering through the door: who may, once, with which limits, and what else settles an ask."""

from datetime import date
from typing import Any

import pytest

from taizhang.campaigns import actions as campaigns
from taizhang.campaigns.models import Track
from taizhang.campaigns.rules.asks import AskPlan
from taizhang.campaigns.rules.states import Who
from taizhang.journal.models import Entry
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.ledger import actions
from taizhang.ledger.models import Ask, Item, Slot
from taizhang.ledger.queries.asks import asks_of, asks_waiting, suspended_since
from taizhang.ledger.queries.story import story_of
from taizhang.ledger.rules.asks import AskState, Kind
from taizhang.ledger.rules.states import SlotStatus, Status
from taizhang.org.models import Absence, Deputy

from .pages import close, put
from .world import World, hand_out, system_user, world

#: led by 法规处, once a year, due on the assessment day
ONCE = "1.2.5"


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    """2020 opened and handed out on 6 January; the day is then 3 February."""
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-02-03"
    actions.set_due(made.item(ONCE), by=made.user("石玲佳"), due_on=date(2020, 5, 29))
    return made


def extend(w: World, by: str = "白毅志", code: str = ONCE, day: date = date(2020, 6, 15), **more: Any) -> Ask:
    typed = {"reason": "等上级文件", "progress": "已起草初稿", **more}
    found: Ask = actions.ask(w.item(code), by=w.user(by), kind=Kind.EXTENSION, wanted_on=day, **typed)
    return found


def dispute(w: World, by: str = "白毅志", lead: str = "审批处", code: str = ONCE) -> Ask:
    found: Ask = actions.ask(
        w.item(code),
        by=w.user(by),
        kind=Kind.DISPUTE,
        reason="不是本处职能",
        wanted_lead=w.people.units[lead],
    )
    return found


def only(w: World, code: str = ONCE) -> Slot:
    return w.slot(code)


def story(item: Item) -> str:
    return "\n".join(
        f"{line.text} {line.quote}" for line in story_of(system_user(), item, None, (), asks_of(item)).lines
    )


def test_extension_granted_by_the_leader_moves_item_and_slot(w: World) -> None:
    made = extend(w)
    assert made.state == AskState.OPEN and made.before["due_on"] == "2020-05-29"
    assert only(w).due_on == date(2020, 5, 29), "asking changes nothing"
    assert asks_waiting(w.user("卢欣燕"), w.year) == [made.pk] and not asks_waiting(w.user("石玲佳"), w.year)
    actions.grant(made, by=w.user("卢欣燕"), seen=made.version, once="k1")
    actions.grant(made, by=w.user("卢欣燕"), once="k1")  # a second post gets the first answer
    item, slot = w.item(ONCE), only(w)
    assert item.due_on == slot.due_on == date(2020, 6, 15) and item.due_fixed and slot.due_fixed
    made.refresh_from_db()
    assert made.state == AskState.GRANTED and made.decided_by == w.user("卢欣燕").person
    told = story(item)
    assert "白毅志 申请延期：2020-05-29 延到 2020-06-15 等上级文件（进展：已起草初稿）" in told
    assert "卢欣燕 同意延期：期限 2020-05-29 改为 2020-06-15" in told
    entry = Entry.objects.filter(action="ledger.grant", refused="").get()
    assert {note["kind"] for note in entry.changes} == {"ledger.ask", "ledger.item", "ledger.slot"}
    with pytest.raises(Refused, match="同意"):
        actions.grant(made, by=w.user("卢欣燕"))


def test_the_day_granted_may_differ_and_is_said(w: World) -> None:
    made = extend(w)
    with pytest.raises(Refused, match="最晚到 2020-11-30"):
        actions.grant(made, by=w.user("卢欣燕"), due_on=date(2020, 12, 20))
    made.refresh_from_db()
    assert made.state == AskState.OPEN, "a refused answer leaves nothing behind"
    actions.grant(made, by=w.user("卢欣燕"), due_on=date(2020, 6, 8), opinion="六月八日前")
    assert only(w).due_on == date(2020, 6, 8)
    assert "改为 2020-06-08（申请的是 2020-06-15） 六月八日前" in story(w.item(ONCE))


def test_extension_is_refused_after_the_date_and_by_whom_it_may_not(w: World, settings: Any) -> None:
    with pytest.raises(NotPermitted):
        extend(w, by="石玲佳")  # the office changes dates itself
    with pytest.raises(NotPermitted):
        extend(w, by="崔怡欣")
    with pytest.raises(Refused, match="要晚于现在的期限"):
        extend(w, day=date(2020, 5, 29))
    with pytest.raises(Refused, match="目前的进展"):
        extend(w, progress=" ")
    with pytest.raises(Refused, match="理由"):
        extend(w, reason=" ")
    with pytest.raises(Refused, match="延到哪一天"):
        actions.ask(w.item(ONCE), by=w.user("白毅志"), kind=Kind.EXTENSION, reason="x", progress="y")
    settings.TODAY = "2020-05-30"
    with pytest.raises(Refused, match="期限 2020-05-29 已过.*尽快补报"):
        extend(w)
    assert not Ask.objects.exists()
    assert Entry.objects.filter(action="ledger.ask").exclude(refused="").count() == 7


def test_a_period_is_put_off_alone_and_its_window_with_it(w: World) -> None:
    slot = w.slot("1.1.1", 4)
    assert slot.label == "5月"
    Slot.objects.filter(pk=slot.pk).update(shuts_on=date(2020, 6, 20))
    slot.refresh_from_db()
    due = slot.due_on
    with pytest.raises(Refused, match="有多期，请选要延期的是哪一期"):
        extend(w, by="崔怡欣", code="1.1.1")
    made = actions.ask_slot(
        slot, by=w.user("朱辉斌"), reason="会期推迟", progress="已定六月初", wanted_on=date(2020, 6, 18)
    )
    actions.grant(made, by=w.user("卢欣燕"))
    slot.refresh_from_db()
    moved = date(2020, 6, 18) - due
    assert slot.due_on == date(2020, 6, 18) and slot.shuts_on == date(2020, 6, 20) + moved
    assert w.slot("1.1.1", 5).due_on > slot.due_on and not w.slot("1.1.1", 5).due_fixed
    assert w.item("1.1.1").due_on == w.slot("1.1.1", 0).due_on, "the item follows what is due first"
    with pytest.raises(NotPermitted):
        actions.ask_slot(slot, by=w.user("白毅志"), reason="x", progress="y", wanted_on=date(2020, 7, 1))


def test_a_branch_asks_for_its_own_period_and_nothing_else(w: World) -> None:
    slot = w.slot("1.2.1", 4, "第二党支部")
    made = actions.ask_slot(
        slot, by=w.user("李洋华"), reason="换届", progress="已报名单", wanted_on=date(2020, 9, 1)
    )
    assert made.before["unit_name"] == "第二党支部"
    other = w.slot("1.2.1", 4, "第一党支部")
    with pytest.raises(NotPermitted):
        actions.ask_slot(other, by=w.user("白毅志"), reason="x", progress="y", wanted_on=date(2020, 9, 1))


def test_dispute_moves_the_item_with_its_history(w: World) -> None:
    item, slot = w.item(ONCE), only(w)
    actions.receive(item, by=w.user("白毅志"))
    with pytest.raises(Refused, match="就是现在的牵头处室"):
        dispute(w, lead="法规处")
    with pytest.raises(Refused, match="本机关"):
        dispute(w, lead="乙局办公室")
    made = dispute(w)
    with pytest.raises(Refused, match="由创建办批复"):
        actions.grant(made, by=w.user("卢欣燕"))
    actions.grant(made, by=w.user("石玲佳"), opinion="确属审批处")
    item.refresh_from_db()
    slot.refresh_from_db()
    trade = w.people.units["审批处"]
    assert item.lead == trade and slot.performer == trade and item.person == w.user("郑审批").person
    assert item.status == Status.ASSIGNED and item.received_at is None, "the new lead takes note of it"
    made.refresh_from_db()
    assert made.before["lead"] == "法规处" and made.before["lead_to"] == "审批处" and made.before["person"]
    told = story(item)
    assert "石玲佳 同意异议：牵头处室 法规处 改为 审批处 确属审批处" in told and "白毅志 签收" in told
    with pytest.raises(NotPermitted):
        dispute(w)  # it is no longer theirs
    actions.receive(item, by=w.user("郑审批"))


def test_the_office_may_send_it_elsewhere_than_was_proposed(w: World) -> None:
    made = dispute(w)
    actions.grant(made, by=w.user("马华斌"), lead=w.people.units["办公室"])
    assert w.item(ONCE).lead == w.people.units["办公室"]
    assert "改为 办公室（建议的是 审批处）" in story(w.item(ONCE))


def test_work_that_has_begun_goes_on_under_the_new_lead(w: World) -> None:
    actions.submit(w.slot("1.1.3", 0), by=w.user("朱辉斌"), conclusion="已办")
    made = dispute(w, by="崔怡欣", lead="法规处", code="1.1.3")
    actions.grant(made, by=w.user("石玲佳"))
    item, law = w.item("1.1.3"), w.people.units["法规处"]
    assert item.lead == law and item.status not in (Status.ASSIGNED, Status.PENDING)
    performers = list(item.slots.order_by("starts_on", "nth").values_list("performer__name", flat=True))
    assert performers == ["办公室", "法规处"], "what was handed in stays where it was done"


@pytest.mark.parametrize(
    "kind,who,status", [(Kind.WAIVE, "石玲佳", Status.WAIVED), (Kind.SUSPEND, "卢欣燕", Status.SUSPENDED)]
)
def test_waive_and_suspend_are_done_by_granting(w: World, kind: Kind, who: str, status: Status) -> None:
    made = actions.ask(w.item(ONCE), by=w.user("白毅志"), kind=kind, reason="职能已划转")
    assert w.item(ONCE).status == Status.ASSIGNED
    actions.grant(made, by=w.user(who))
    item = w.item(ONCE)
    assert item.status == status and item.reason == "职能已划转"


def test_refused_with_a_reason_and_asked_again(w: World) -> None:
    made = extend(w)
    with pytest.raises(Refused, match="写明理由"):
        actions.refuse(made, by=w.user("卢欣燕"), opinion=" ")
    actions.refuse(made, by=w.user("卢欣燕"), opinion="按期完成")
    assert only(w).due_on == date(2020, 5, 29)
    assert "卢欣燕 不同意延期 按期完成" in story(w.item(ONCE))
    assert extend(w).state == AskState.OPEN, "what was refused does not count"


def test_one_open_ask_of_a_kind_until_it_is_taken_back(w: World) -> None:
    made = extend(w)
    with pytest.raises(Refused, match="已有一件延期申请等待批复"):
        extend(w)
    assert dispute(w).state == AskState.OPEN, "of another kind it may be"
    with pytest.raises(NotPermitted):
        actions.withdraw_ask(made, by=w.user("崔怡欣"))
    with pytest.raises(Stale):
        actions.withdraw_ask(made, by=w.user("白毅志"), seen=made.version + 1)
    actions.withdraw_ask(made, by=w.user("李洋华"))  # the head of the same department
    made.refresh_from_db()
    assert made.state == AskState.WITHDRAWN and "李洋华 撤回延期申请" in story(w.item(ONCE))
    with pytest.raises(Refused):
        actions.withdraw_ask(made, by=w.user("白毅志"))
    assert extend(w).pk != made.pk


def rules(w: World, kind: Kind, who: str, times: int | None = None, returns: int | None = None) -> None:
    campaigns.change_asks(
        Track.objects.get(campaign=w.campaign), by=w.user("石玲佳"), plans=[AskPlan(kind, who, times)], returns_allowed=returns
    )  # fmt: skip


def test_the_setting_says_who_decides_and_how_often(w: World) -> None:
    rules(w, Kind.EXTENSION, Who.LEAD_HEAD, 1)
    made = extend(w)
    with pytest.raises(Refused, match="由牵头处室负责人批复（李洋华）"):
        actions.grant(made, by=w.user("卢欣燕"))
    actions.grant(made, by=w.user("李洋华"))
    with pytest.raises(Refused, match="已批准延期 1 次，到了上限（每个事项最多 1 次）"):
        extend(w, day=date(2020, 7, 1))
    rules(w, Kind.EXTENSION, Who.LEAD_HEAD, 2)
    assert extend(w, day=date(2020, 7, 1)).state == AskState.OPEN


def test_nobody_answers_their_own_ask_and_the_office_steps_in(w: World) -> None:
    rules(w, Kind.EXTENSION, Who.LEAD_HEAD)
    made = extend(w, by="李洋华")  # the only head of the department
    with pytest.raises(Refused, match="不能批复自己"):
        actions.grant(made, by=w.user("李洋华"))
    assert asks_waiting(w.user("石玲佳"), w.year) == [made.pk]
    actions.grant(made, by=w.user("石玲佳"))
    assert only(w).due_on == date(2020, 6, 15)


def away(w: World, name: str, stand_in: str) -> None:
    Deputy(person=w.user(name).person, stand_in=w.user(stand_in).person, rank=1).save()
    Absence(person=w.user(name).person, starts_on=clock.today(), ends_on=clock.today(), kind="leave").save()
    for user in w.people.users.values():
        user._posts = None


def test_a_stand_in_asks_and_decides_but_not_for_the_same_absent_person(w: World) -> None:
    away(w, "卢欣燕", "郑审批")
    made = extend(w)
    assert asks_waiting(w.user("郑审批"), w.year) == [made.pk]
    actions.grant(made, by=w.user("郑审批"))
    made.refresh_from_db()
    assert made.decided_by == w.user("郑审批").person and made.decided_for == w.user("卢欣燕").person
    assert "郑审批（代卢欣燕） 同意延期" in story(w.item(ONCE))


def test_a_stand_in_asks_in_the_name_of_the_absent(w: World) -> None:
    rules(w, Kind.DISPUTE, Who.LEAD_HEAD)
    away(w, "李洋华", "郑审批")
    made = dispute(w, by="郑审批", lead="办公室")
    assert made.by == w.user("郑审批").person and made.acting_for == w.user("李洋华").person
    with pytest.raises(Refused, match="不能批复自己"):
        actions.grant(made, by=w.user("李洋华"))
    assert "郑审批（代李洋华） 申请异议" in story(w.item(ONCE))


def test_the_stand_in_of_who_asked_does_not_answer(w: World) -> None:
    rules(w, Kind.EXTENSION, Who.LEAD_HEAD)
    made = extend(w, by="李洋华")
    away(w, "李洋华", "郑审批")
    with pytest.raises(Refused, match="李洋华提出的申请，不能由代理人郑审批批复"):
        actions.grant(made, by=w.user("郑审批"))


# ---- what else settles an ask


def test_an_ask_on_a_closed_item_is_refused_and_one_that_waited_is_settled(w: World) -> None:
    made = dispute(w)
    close(w, ONCE)
    made.refresh_from_db()
    assert w.item(ONCE).status == Status.CLOSED
    assert (
        made.state == AskState.WITHDRAWN
        and made.decided_by is None
        and made.opinion == "事项已销号，不用再批"
    )
    assert "异议申请自动了结 事项已销号，不用再批" in story(w.item(ONCE))
    for kind in Kind:
        with pytest.raises(Refused, match="已于 2020-02-03 销号，不能再申请"):
            actions.ask(w.item(ONCE), by=w.user("白毅志"), kind=kind, reason="x")


def test_an_extension_is_settled_when_its_period_is(w: World) -> None:
    made, slot = extend(w), only(w)
    put(w, slot, "白毅志")
    actions.submit(slot, by=w.user("白毅志"), conclusion="已办")
    made.refresh_from_db()
    assert made.state == AskState.OPEN, "it may be returned"
    actions.accept(slot, by=w.user("李洋华"))
    made.refresh_from_db()
    assert made.state == AskState.WITHDRAWN and "不用再延期" in made.opinion


def test_acts_of_the_office_settle_what_they_answer(w: World) -> None:
    clerk = w.user("石玲佳")
    later, other = extend(w), dispute(w)
    actions.set_lead(w.item(ONCE), by=clerk, lead=w.people.units["办公室"])
    for one in (later, other):
        one.refresh_from_db()
    assert (later.state, other.state) == (AskState.OPEN, AskState.WITHDRAWN)
    assert other.opinion == "创建办已改由办公室牵头，不用再批"
    actions.set_due(w.item(ONCE), by=clerk, due_on=date(2020, 7, 1))
    later.refresh_from_db()
    assert later.state == AskState.WITHDRAWN and "2020-07-01" in later.opinion
    waive = actions.ask(w.item(ONCE), by=w.user("崔怡欣"), kind=Kind.WAIVE, reason="无")
    stop = actions.ask(w.item(ONCE), by=w.user("崔怡欣"), kind=Kind.SUSPEND, reason="等")
    actions.suspend(w.item(ONCE), by=clerk, reason="机构改革")
    for one in (waive, stop):
        one.refresh_from_db()
    assert (waive.state, stop.state) == (AskState.OPEN, AskState.WITHDRAWN)
    actions.waive(w.item(ONCE), by=clerk, reason="无此职能")
    waive.refresh_from_db()
    assert waive.state == AskState.WITHDRAWN


def test_a_bulk_act_taken_back_brings_the_ask_back(w: World) -> None:
    made, clerk = extend(w), w.user("石玲佳")
    batch = actions.bulk(w.year, by=clerk, verb="waive", ids=[w.item(ONCE).pk], params={"reason": "误"})
    made.refresh_from_db()
    assert made.state == AskState.WITHDRAWN
    actions.take_back(batch, by=clerk)
    made.refresh_from_db()
    assert made.state == AskState.OPEN and made.decided_at is None and w.item(ONCE).status == Status.ASSIGNED


def test_a_bulk_act_is_not_taken_back_over_a_new_ask(w: World) -> None:
    dispute(w)
    clerk = w.user("石玲佳")
    batch = actions.bulk(
        w.year, by=clerk, verb="set_lead", ids=[w.item(ONCE).pk], params={"lead": w.people.units["办公室"]}
    )
    dispute(w, by="崔怡欣")
    with pytest.raises(Refused, match="又重新提出过"):
        actions.take_back(batch, by=clerk)
    assert w.item(ONCE).lead == w.people.units["办公室"]


# ---- resumed, returned


@pytest.mark.parametrize("asked", [True, False])
def test_resume_puts_dates_off_by_the_days_of_the_stop(w: World, settings: Any, asked: bool) -> None:
    clerk = w.user("石玲佳")
    if asked:
        made = actions.ask(w.item(ONCE), by=w.user("白毅志"), kind=Kind.SUSPEND, reason="等")
        actions.grant(made, by=w.user("卢欣燕"))
    else:
        actions.suspend(w.item(ONCE), by=clerk, reason="等")
    assert suspended_since(w.item(ONCE)) == date(2020, 2, 3)
    settings.TODAY = "2020-03-04"  # thirty days later
    actions.resume(w.item(ONCE), by=clerk, shift=True)
    assert only(w).due_on == w.item(ONCE).due_on == date(2020, 6, 28)
    actions.suspend(w.item(ONCE), by=clerk, reason="再等")
    settings.TODAY = "2020-03-14"
    actions.resume(w.item(ONCE), by=clerk)
    assert only(w).due_on == date(2020, 6, 28), "only where it is wanted"


def test_dates_that_had_passed_before_the_stop_stay(w: World, settings: Any) -> None:
    clerk, item = w.user("石玲佳"), w.item("1.1.1")
    settings.TODAY = "2020-03-20"
    before = {slot.pk: slot.due_on for slot in item.slots.all()}
    actions.suspend(item, by=clerk, reason="等")
    settings.TODAY = "2020-03-30"
    actions.resume(item, by=clerk, shift=True)
    for slot in item.slots.all():
        late = before[slot.pk] < date(2020, 3, 20)
        wanted = (
            before[slot.pk]
            if late
            else max(
                before[slot.pk],
                min(before[slot.pk] + (date(2020, 3, 30) - date(2020, 3, 20)), date(2020, 12, 31)),
            )
        )
        assert slot.due_on == wanted, slot.label


def test_returns_stop_at_the_limit_with_what_to_do_instead(w: World) -> None:
    rules(w, Kind.EXTENSION, Who.LEADER, None, returns=1)
    slot, filler, head = only(w), w.user("白毅志"), w.user("李洋华")
    put(w, slot, "白毅志")
    actions.submit(slot, by=filler, conclusion="一")
    actions.send_back(slot, by=head, opinion="缺附件")
    slot.refresh_from_db()
    actions.submit(slot, by=filler, conclusion="二")
    with pytest.raises(Refused, match="已退回 1 次，到了本创建线的上限.*请通过.*放宽上限"):
        actions.send_back(slot, by=head, opinion="还缺")
    actions.accept(slot, by=head, opinion="下不为例")
    with pytest.raises(Refused, match="到了本创建线的上限"):
        actions.send_back_item(w.item(ONCE), by=w.user("马华斌"), opinion="还缺", slots=[only(w)])
    rules(w, Kind.EXTENSION, Who.LEADER, None, returns=2)
    actions.send_back_item(w.item(ONCE), by=w.user("马华斌"), opinion="还缺", slots=[only(w)])
    assert only(w).status == SlotStatus.RETURNED
