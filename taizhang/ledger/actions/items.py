"""What is done to a whole item: sign at its steps, return, strike off, reopen, suspend, waive."""

from collections.abc import Sequence
from typing import Any

from taizhang.campaigns.queries import ask_plans
from taizhang.evidence import actions as library
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.permits import Permit
from taizhang.org.queries import acting_as, may

from ..models import Citation, Item, Need, Signature, Slot
from ..queries.adopted import ended_by_edition, needs_since
from ..queries.asks import open_slots_of, shifted, suspended_since
from ..queries.facts import chains_of, missing_of, submitters
from ..rules.asks import returned_enough
from ..rules.plan import Fill, enough
from ..rules.signing import Stop
from ..rules.states import FLOW, SLOT_FLOW, SlotStatus, Status, Verdict
from .common import (
    Judge,
    follow_slots,
    judge,
    move_on,
    open_slots,
    person_of,
    put_signature,
    set_aside,
    settle_revisits,
    year_of,
)
from .dates import put_off
from .slots import give_back

MANAGE = (Permit.LEDGER_MANAGE, "unit")
#: by the lead's own people, or for a lead of another agency by the host's
REVIEW = ((Permit.LEDGER_REVIEW, "lead"), (Permit.LEDGER_REVIEW, "desk_unit"))


def waiting_stop(item: Item) -> Stop:
    """The step per item where ITEM waits, or a refusal."""
    stop = chains_of(year_of(item).campaign_id).stop(item.track_id, item.step_id) if item.step_id else None
    if stop is None or item.status not in (Status.REVIEW, Status.ACCEPTED):
        raise Refused(
            f"{item}现在是“{Status(item.status).label}”，没有等待签批的环节。请刷新页面看最新情况。"
        )
    return stop


def _judge(item: Item, stop: Stop, by: Any) -> Judge:
    person = person_of(by)
    if person is None:
        raise Refused("只有人员账号可以签批。")
    return judge(item, stop, person, submitters([item.pk]).get(item.pk, frozenset()), "签批")


def check_closable(item: Item) -> None:
    """Refuse to strike off what is not settled, or what lacks a need. A part of other verbs."""
    slots = list(item.slots.values_list("pk", "performer", "status", "before_system", "submitted_at"))
    if not enough([Fill(performer, status) for _, performer, status, _, _ in slots], item.required):
        left = sum(status not in ("accepted", "waived", "lost") for _, _, status, _, _ in slots)
        raise Refused(f"{item}还不能销号：还有 {left} 期没有办结。")
    since = needs_since(item)  # what was handed in before an adoption was judged by the edition of its day
    done = [
        (pk, item.pk)
        for pk, _, status, before, at in slots
        if status == SlotStatus.ACCEPTED and not before and not (since and at and at <= since)
    ]
    lacks = sorted({one.text for found in missing_of(done).values() for one in found if one.must})
    if lacks:
        raise Refused(f"{item}还不能销号：{'；'.join(lacks[:5])}。", problems=lacks)


@action("ledger.sign", "签批", *REVIEW)
def sign(item: Item, *, by: Any, opinion: str = "") -> Signature:
    """Agree at the step where the item waits; the last step strikes it off (销号)."""
    stop = waiting_stop(item)
    judge = _judge(item, stop, by)
    if stop.last:
        check_closable(item)
    signature = put_signature(
        item,
        by,
        Verdict.ACCEPT,
        step=stop.id,
        opinion=opinion,
        person=judge.person,
        acting_for_id=judge.acting_for,
    )
    move_on(item, by, after=stop.id, signer=judge.person.pk)
    return signature


@action("ledger.send_back_item", "退回事项", *REVIEW)
def send_back_item(item: Item, *, by: Any, opinion: str, slots: Sequence[Slot]) -> Signature:
    """Return the item, and say which of its slots go back and why; the chain then begins anew."""
    if not opinion.strip():
        raise Refused("退回要写明原因：哪里不对，怎么改。")
    stop = waiting_stop(item)
    judge = _judge(item, stop, by)
    allowed = ask_plans(year_of(item).campaign_id).returns_allowed(item.track_id)
    for slot in slots:
        if why := returned_enough(str(slot), slot.returns, allowed):
            raise Refused(why)
    return _back(item, by, Verdict.RETURN, stop.id, opinion, slots, judge)


def _back(
    item: Item,
    by: Any,
    verdict: Verdict,
    step: int | None,
    opinion: str,
    slots: Sequence[Slot],
    judge: Judge | None,
) -> Signature:
    chosen = [slot for slot in slots if slot.item_id == item.pk]
    if not chosen:
        raise Refused("请选要退回哪几期。")
    for slot in chosen:
        if slot.status != SlotStatus.ACCEPTED:
            raise Refused(f"{slot}{SlotStatus(slot.status).label}，不能退回。请只选已通过的期次。")
    signature = put_signature(
        item, by, verdict, step=step, opinion=opinion.strip(), person=judge.person if judge else None,
        acting_for_id=judge.acting_for if judge else None,
    )  # fmt: skip
    item.change(attempt=item.attempt + 1, step=None, closed_at=None, close_no="")
    for slot in chosen:
        give_back(slot)
    name = "reopen" if verdict == Verdict.REOPEN else "send_back"
    item.change(status=FLOW.take(name, item.status))
    settle_revisits(item, by, "已重新挂号" if verdict == Verdict.REOPEN else "已退回重办")
    return signature


@action("ledger.conclude", "报请销号", MANAGE, (Permit.LEDGER_SUBMIT, "lead"))
def conclude(item: Item, *, by: Any) -> Item:
    """As many slots are accepted as the standard counts: the rest is waived, and the item goes to its steps."""
    if item.required is None:
        raise Refused("这一事项要求每期都办结，不能提前报请销号。")
    slots = [Fill(performer, status) for performer, status in item.slots.values_list("performer", "status")]
    if not enough(slots, item.required):
        done = sum(slot.status == "accepted" for slot in slots)
        raise Refused(f"{item}还不能报请销号：全年须通过 {item.required} 期，现已通过 {done} 期。")
    for slot in open_slots(item):
        if slot.status == SlotStatus.SUBMITTED:
            raise Refused(f"{slot}还在待审核，请先审核或撤回。")
        slot.change(status=SLOT_FLOW.take("waive", slot.status), reason=f"全年 {item.required} 期已达到")
    return follow_slots(item, by)


@action("ledger.reopen", "重新挂号", MANAGE, *REVIEW)
def reopen(item: Item, *, by: Any, opinion: str, slots: Sequence[Slot]) -> Signature:
    """A closed item comes back; chosen slots are returned, all signatures stay."""
    if not opinion.strip():
        raise Refused("重新挂号要写明原因。")
    FLOW.take("reopen", item.status)
    if not any(may(by, permit, item.unit) for permit in (Permit.LEDGER_MANAGE, Permit.LEDGER_REVIEW)):
        own = person_of(by)
        if own is None or own.agency_id != item.unit_id:
            raise Refused(f"这是{item.unit}的事项，已经销号，只能由{item.unit}重新挂号。请联系它的创建办。")
    words = f"{opinion.strip()}（原销号单 {item.close_no}）"
    person = person_of(by)
    if item.lead is None or may(by, Permit.LEDGER_MANAGE, item.unit):
        acting_for = acting_as(by, Permit.LEDGER_MANAGE, item.unit)
    else:
        acting_for = acting_as(by, Permit.LEDGER_REVIEW, item.lead)
    return _back(item, by, Verdict.REOPEN, None, words, slots, Judge(person, acting_for) if person else None)


@action("ledger.suspend", "中止", MANAGE)
def suspend(item: Item, *, by: Any, reason: str) -> Item:
    """Stop work on the item for the time being, and say why."""
    if not reason.strip():
        raise Refused("中止要写明原因。")
    return set_aside(item, "suspend", reason)


@action("ledger.resume", "恢复办理", MANAGE)
def resume(item: Item, *, by: Any, shift: bool = False) -> Item:
    """Go on where the item was stopped. SHIFT: what was not due before the stop is put off by as many days."""
    since = suspended_since(item) if shift else None
    item.change(status=FLOW.take("resume", item.status), reason="")
    if since is not None:
        slots = [slot for slot in open_slots_of(item.pk) if slot.due_on >= since]
        put_off(item, slots, shifted(item, slots, since, clock.today()))
    if item.assigned_at is None:
        return item.change(status=Status.PENDING)
    return follow_slots(item, by)


@action("ledger.waive", "不适用", MANAGE)
def waive(item: Item, *, by: Any, reason: str) -> Item:
    """The item does not apply to this unit in this year, and why; it leaves the counts."""
    if not reason.strip():
        raise Refused("不适用要写明原因。")
    return set_aside(item, "waive", reason)


def check_in_edition(item: Item) -> None:
    """Refuse to bring back what the edition in force does not ask for any more."""
    if (ended := ended_by_edition(item)) is not None:
        raise Refused(f"{ended.adoption.edition}里已经没有这一项（{item.reason}），不能恢复。")


@action("ledger.restore", "恢复适用", MANAGE)
def restore(item: Item, *, by: Any) -> Item:
    """The item applies after all; what was handed out goes on where it was."""
    check_in_edition(item)
    item.change(status=FLOW.take("restore", item.status), reason="")
    if item.assigned_at is None:
        return item
    item.change(status=Status.DOING)
    return follow_slots(item, by)


@action("ledger.add_need", "加材料要求", MANAGE)
def add_need(
    item: Item, *, by: Any, name: str, kind: str, least: int = 1, must: bool = True,
    fields: Sequence[str] = (), doc_no: bool = False,
) -> Need:  # fmt: skip
    """Ask for one more kind of evidence."""
    if not name.strip():
        raise Refused("请写材料名称。")
    return Need.make(
        item=item, order=item.needs.count(), name=name.strip(), kind=kind, least=max(0, least), must=must,
        fields=list(fields), doc_no=doc_no,
    )  # fmt: skip


@action("ledger.change_need", "改材料要求", (Permit.LEDGER_MANAGE, "item.unit"))
def change_need(need: Need, *, by: Any, **fields: Any) -> Need:
    """Change name, kind, least, must, fields or doc_no of one need."""
    return need.change(**fields)


@action("ledger.drop_need", "删材料要求", (Permit.LEDGER_MANAGE, "item.unit"))
def drop_need(need: Need, *, by: Any) -> Item:
    """Ask for it no longer; what was cited for it stays cited, for no need in particular."""
    item = need.item
    for citation in need.citations.select_related("evidence"):
        twin = Citation.objects.filter(slot=citation.slot, evidence=citation.evidence, need=None)
        if twin.exists():  # cited there already for no need in particular: once is enough
            library.release(citation.evidence)
            citation.remove()
        else:
            citation.change(need=None)
    need.remove()
    return item
