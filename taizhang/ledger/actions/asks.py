"""申请: asking for a later date, another lead, 不适用 or 中止; taking it back; and the answer."""

from datetime import date
from typing import Any

from taizhang.campaigns.queries import ask_plans, holders
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import acting_as

from ..models import Ask, Item, Slot
from ..queries.asks import deciders_of, open_slots_of, past_of, place_of
from ..rules.asks import ASK_FLOW, Kind, after_due, check_extension, check_lead, latest_day, why_not
from ..rules.states import FLOW, TO_HAND_IN, SlotStatus, Status
from .assigning import take_lead
from .common import Judge, person_of, set_aside, year_of
from .dates import put_off

DECIDE = ((Permit.LEDGER_REVIEW, "item.lead"), (Permit.LEDGER_MANAGE, "item.unit"))


@action("ledger.ask", "提出申请", (Permit.LEDGER_SUBMIT, "lead"))
def ask(
    item: Item, *, by: Any, kind: str, reason: str, progress: str = "", wanted_on: date | None = None,
    wanted_lead: Unit | None = None,
) -> Ask:  # fmt: skip
    """Ask in the name of the lead. An extension is for all that is open, where that is one period."""
    if item.lead is None:  # may() has refused already; said for the checker of types
        raise Refused(f"{item}还没有牵头处室，不能申请。")
    return _make(item, None, by, Kind(kind), reason, progress, wanted_on, wanted_lead, item.lead)


@action(
    "ledger.ask_slot",
    "申请本期延期",
    (Permit.LEDGER_SUBMIT, "performer"),
    (Permit.LEDGER_SUBMIT, "item.lead"),
)
def ask_slot(slot: Slot, *, by: Any, reason: str, progress: str = "", wanted_on: date | None = None) -> Ask:
    """Ask for a later date of one period, in the name of who hands it in."""
    return _make(slot.item, slot, by, Kind.EXTENSION, reason, progress, wanted_on, None, slot.performer)


def _make(
    item: Item, slot: Slot | None, by: Any, kind: Kind, reason: str, progress: str, wanted_on: date | None,
    wanted_lead: Unit | None, unit: Unit,
) -> Ask:  # fmt: skip
    person = person_of(by)
    if person is None:
        raise Refused("只有人员账号可以提出申请。")
    reason, progress = reason.strip()[:300], progress.strip()[:500]
    today = clock.today()
    slots = open_slots_of(item.pk) if slot is None else [slot]
    _check_slot(slot)
    name = f"{item.no} {slot.label}" if slot else item.no
    plan = ask_plans(year_of(item).campaign_id).of(item.track_id, kind)
    # reasons are said to people: the oldest of what is open decides, so that a late period is not put off with others
    why = why_not(kind, place_of(item, slots, name), past_of(item.pk), plan.times, today)
    if why:
        raise Refused(why)
    if not reason:
        raise Refused("请写申请的理由。")
    before: dict[str, Any] = {"unit": unit.pk, "unit_name": str(unit)}
    if kind == Kind.EXTENSION:
        before["due_on"] = str(_check_dates(item, slots, name, wanted_on, progress, today))
    if kind == Kind.DISPUTE:
        if problem := check_lead(item.lead_id, wanted_lead.pk if wanted_lead else None):
            raise Refused(problem)
        assert wanted_lead is not None
        _check_unit(item, wanted_lead)
        before["lead"] = str(item.lead)
    return Ask.make(
        item=item, slot=slot, kind=kind, reason=reason, progress=progress, before=before, by=person, at=clock.now(),
        wanted_on=wanted_on if kind == Kind.EXTENSION else None,
        wanted_lead=wanted_lead if kind == Kind.DISPUTE else None,
        acting_for_id=acting_as(by, Permit.LEDGER_SUBMIT, unit),
    )  # fmt: skip


def _check_slot(slot: Slot | None) -> None:
    if slot is None:
        return
    if slot.status not in TO_HAND_IN or slot.before_system:
        raise Refused(f"{slot}{SlotStatus(slot.status).label}，不用申请延期。")


def _check_unit(item: Item, lead: Unit) -> None:
    if lead.agency_id != item.unit_id:
        raise Refused("建议的牵头处室必须是本机关的处室或机构。")
    if lead.ends_on is not None and lead.ends_on < clock.today():
        raise Refused(f"{lead}已经撤销，请选现有的处室。")


def _check_dates(
    item: Item, slots: list[Slot], name: str, wanted_on: date | None, progress: str, today: date
) -> date:
    """The date that is to be put off; refuse what cannot be."""
    if len({(slot.starts_on, slot.nth) for slot in slots}) > 1:
        raise Refused(f"{name}有多期，请选要延期的是哪一期。")
    due = max(slot.due_on for slot in slots)
    if due < today:
        raise Refused(after_due(name, due))
    if wanted_on is None:
        raise Refused("请写申请延到哪一天。")
    year = year_of(item)
    problem = check_extension(name, due, wanted_on, today, latest_day(due, year.assessed_on, year.ends_on))
    if problem:
        raise Refused(problem)
    if not progress:
        raise Refused("申请延期要写明目前的进展：已经办到哪一步，还差什么。")
    return due


@action("ledger.withdraw_ask", "撤回申请", (None, "by.user"), (Permit.LEDGER_SUBMIT, "item.lead"))
def withdraw_ask(ask: Ask, *, by: Any) -> Ask:
    """Take back what nobody has answered yet: who asked, or who hands in for the lead."""
    return ask.change(
        state=ASK_FLOW.take("withdraw", ask.state), decided_by=person_of(by), decided_at=clock.now()
    )


# ---- the answer


def _judge(ask: Ask, by: Any) -> Judge:
    """The person who answers: one who stands at the step set for it, or in for one; never one who asked."""
    person = person_of(by)
    if person is None:
        raise Refused("只有人员账号可以批复申请。")
    if person.pk in (ask.by_id, ask.acting_for_id):
        raise Refused("不能批复自己（或由人代自己）提出的申请，请由其他人批复。")
    found = deciders_of(ask)
    if person.pk in found.able:
        return Judge(person, found.able[person.pk])
    people = holders(ask.item.unit, clock.today())
    asked = [one for one in (ask.by_id, ask.acting_for_id) if one is not None]
    absent = [one for one in asked if people.stand_ins.get(one) == person.pk]
    if absent:
        raise Refused(f"{people.name(absent[0])}提出的申请，不能由代理人{person}批复。请由其他人批复。")
    names = "、".join(found.called) or "现在没有人能批，请创建办在创建设置里改由谁批"
    raise Refused(f"这件申请由{found.who}批复（{names}），你不是批复人。")


def _still(ask: Ask) -> Item:
    """The item of ASK, as long as it can still be changed."""
    item = ask.item
    item.refresh_from_db()
    if item.status in (Status.CLOSED, Status.WAIVED):
        raise Refused(f"{item}{Status(item.status).label}，这件申请不用再批。请申请人撤回。")
    return item


@action("ledger.grant", "同意申请", *DECIDE)
def grant(
    ask: Ask, *, by: Any, opinion: str = "", due_on: date | None = None, lead: Unit | None = None
) -> Ask:
    """Agree, and do what was asked for in the same act; DUE_ON or LEAD may differ from what was wished."""
    state = ASK_FLOW.take("grant", ask.state)
    judge = _judge(ask, by)
    item = _still(ask)
    ask.change(
        state=state, opinion=opinion.strip()[:500], decided_by=judge.person, decided_for_id=judge.acting_for,
        decided_at=clock.now(),
    )  # fmt: skip
    kind = Kind(ask.kind)
    if kind == Kind.EXTENSION:
        told = _extend(ask, item, due_on or ask.wanted_on)
    elif kind == Kind.DISPUTE:
        told = _move(item, lead or ask.wanted_lead)
    else:
        told = {"status": Status(item.status).label}
        set_aside(item, kind.value, ask.reason)
    return ask.change(before=ask.before | told)


def _extend(ask: Ask, item: Item, wanted: date | None) -> dict[str, Any]:
    assert wanted is not None  # an extension is not made without
    slots = [ask.slot] if ask.slot else open_slots_of(item.pk)
    _check_slot(ask.slot)
    if not slots:
        raise Refused(f"{item}已经没有还没报的期次，不用延期。请申请人撤回，或不同意并说明。")
    name = f"{item.no} {ask.slot.label}" if ask.slot else item.no
    due, year = max(slot.due_on for slot in slots), year_of(item)
    problem = check_extension(
        name, due, wanted, clock.today(), latest_day(due, year.assessed_on, year.ends_on)
    )
    if problem:
        raise Refused(problem)
    old = {str(slot.pk): str(slot.due_on) for slot in slots}
    put_off(item, slots, {slot.pk: wanted for slot in slots})
    return {"due_on": str(due), "due_to": str(wanted), "slots": old}


def _move(item: Item, lead: Unit | None) -> dict[str, Any]:
    """The item and what is still to be handed in go to LEAD; all that was done stays where it was done."""
    if problem := check_lead(item.lead_id, lead.pk if lead else None):
        raise Refused(problem)
    assert lead is not None
    _check_unit(item, lead)
    told = {"lead": str(item.lead), "person": str(item.person or ""), "leader": str(item.leader or "")}
    take_lead(item, lead, None, None)
    if item.status in (Status.ASSIGNED, Status.RECEIVED):  # the new lead takes note of it in its turn
        item.change(status=FLOW.take("assign", item.status), received_at=None)
    return told | {"lead_to": str(lead)}


@action("ledger.refuse", "不同意申请", *DECIDE)
def refuse(ask: Ask, *, by: Any, opinion: str) -> Ask:
    """Do not agree, and say why; everything stays as it was."""
    state = ASK_FLOW.take("refuse", ask.state)
    judge = _judge(ask, by)
    if not opinion.strip():
        raise Refused("不同意要写明理由，对方才知道怎么办。")
    return ask.change(
        state=state, opinion=opinion.strip()[:500], decided_by=judge.person, decided_for_id=judge.acting_for,
        decided_at=clock.now(),
    )  # fmt: skip
