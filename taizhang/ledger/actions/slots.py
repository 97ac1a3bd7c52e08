"""What is done to one slot: cite, submit, take back, accept, return, waive."""

from typing import Any

from django.utils import timezone

from taizhang.campaigns.queries import ask_plans, calendar, holders
from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence, EvidenceState
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action, next_number
from taizhang.org.models import Person
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from ..models import Citation, Need, Passage, Signature, Slot, Submission
from ..queries.facts import asked_of, chains_of, given_to, matter_of, missing_of, slot_submitters
from ..queries.standing import acting_at
from ..rules.asks import returned_enough
from ..rules.needs_met import propose_need
from ..rules.openings import is_shut, not_yet
from ..rules.signing import Stop, proposed_person, walk
from ..rules.states import SLOT_FLOW, TO_HAND_IN, SlotStatus, Status, Verdict
from .common import WORKING, Judge, follow_slots, judge, note_passed, person_of, put_signature, year_of
from .guests import check_term

#: an office may fill in for the whole agency: it submits under the wider permit, and the door lets it by either
FILL = ((Permit.LEDGER_SUBMIT, "performer"), (Permit.LEDGER_BEHALF, "item.unit"))
REVIEW = ((Permit.LEDGER_REVIEW, "item.lead"), (Permit.LEDGER_REVIEW, "item.desk_unit"))
MANAGE = (Permit.LEDGER_MANAGE, "item.unit")


def workable(slot: Slot) -> None:
    """Refuse where the item no longer takes anything in."""
    item = slot.item
    if item.status == Status.CLOSED and item.closed_at:
        raise Refused(
            f"{item}已于 {timezone.localtime(item.closed_at):%Y-%m-%d} 销号，不能再提交。确需补充的，请创建办重新挂号。"
        )
    if item.status == Status.PENDING:
        raise Refused(f"{item}还没有交办，不能提交。请先由创建办交办。")
    if item.status not in WORKING:
        raise Refused(f"{item}现在是“{Status(item.status).label}”，不能提交。")
    check_term(item, slot.performer)


@action("ledger.cite", "引用材料", *FILL)
def cite(
    slot: Slot, *, by: Any, evidence: Evidence, need: Need | None = None, propose: bool = True
) -> Citation:
    """Point to a piece of evidence, for a need; without one, the need it most likely serves is taken."""
    workable(slot)
    if slot.status not in TO_HAND_IN:
        raise Refused(f"{slot}{SlotStatus(slot.status).label}，不能再加材料。要改材料，请先撤回。")
    # a department that takes part from another agency cites its own agency's evidence; the host sees it by the citation
    if (
        evidence.agency_id not in (slot.item.unit_id, slot.performer.agency_id)
        or evidence.state != EvidenceState.LIVE
    ):
        raise Refused("材料库里没有这件材料，不能引用。")
    if need is not None and need.item_id != slot.item_id:
        raise Refused("这项材料要求不属于这个事项。")
    if need is None and propose:
        asked = asked_of([slot.item_id]).get(slot.item_id, [])
        found = propose_need(asked, given_to([slot.pk]).get(slot.pk, []), evidence.kind)
        need = Need.objects.filter(pk=found).first() if found else None
    if Citation.objects.filter(slot=slot, evidence=evidence, need=need).exists():
        raise Refused(f"《{evidence.title}》已经引用在这一期，不用再加。")
    library.hold(evidence)
    return Citation.make(
        slot=slot,
        need=need,
        evidence=evidence,
        order=slot.citations.count(),
        by=person_of(by),
        at=clock.now(),
    )


@action(
    "ledger.uncite",
    "移除引用",
    (Permit.LEDGER_SUBMIT, "slot.performer"),
    (Permit.LEDGER_BEHALF, "slot.item.unit"),
)
def uncite(citation: Citation, *, by: Any) -> Slot:
    """Take a citation away before it is handed in. The evidence stays in the library."""
    slot = citation.slot
    if slot.status not in TO_HAND_IN:
        raise Refused(f"{slot}{SlotStatus(slot.status).label}，不能移除材料。要改材料，请先撤回。")
    library.release(citation.evidence)
    Passage.remove_many(list(citation.passages.all()))  # so that the record holds what was marked
    citation.remove()
    return slot


@action(
    "ledger.recite",
    "改对应要求",
    (Permit.LEDGER_SUBMIT, "slot.performer"),
    (Permit.LEDGER_BEHALF, "slot.item.unit"),
)
def recite(citation: Citation, *, by: Any, need: Need | None) -> Citation:
    """Say for which need a piece of evidence is cited."""
    if citation.slot.status not in TO_HAND_IN:
        raise Refused("这一期已经提交，不能再改。要改，请先撤回。")
    if need is not None and need.item_id != citation.slot.item_id:
        raise Refused("这项材料要求不属于这个事项。")
    return citation.change(need=need)


@action("ledger.submit", "提交审核", *FILL)
def submit(slot: Slot, *, by: Any, conclusion: str = "", on_behalf_of: Person | None = None) -> Submission:
    """Hand in what is cited for the slot; its versions are pinned. Entered for somebody else it says so (代报)."""
    workable(slot)
    item = slot.item
    status = SLOT_FLOW.take("submit", slot.status)
    today = clock.today()
    if not_yet(slot.opens_on, slot.starts_on, today):
        raise Refused(f"{slot}的报送窗口 {slot.opens_on} 开放，还不能提交。材料可以先传好。")
    if is_shut(slot.shuts_on, slot.due_on, today):
        raise Refused(f"{slot}的报送窗口已于 {slot.shuts_on} 关闭，不能再提交。如有特殊情况，请联系创建办。")
    lacks = [one.text for one in missing_of([(slot.pk, item.pk)], by)[slot.pk] if one.must]
    statement = slot.label == "本年未发生" and bool(slot.reason)
    if lacks and not statement:
        raise Refused(f"{slot}还不能提交：{'；'.join(lacks)}。补齐后再提交。", problems=lacks)
    if not conclusion.strip() and not slot.citations.exists() and not statement:
        raise Refused(f"{slot}还不能提交：没有材料，也没有写完成情况。")
    person = person_of(by)
    if on_behalf_of is not None and on_behalf_of == person:
        on_behalf_of = None
    # the office enters for those who will not; so does the command line, which is nobody
    own = person is not None and may(by, Permit.LEDGER_SUBMIT, slot.performer)
    acting_for = acting_at(by, slot) if own else None
    if on_behalf_of is not None and on_behalf_of.pk == acting_for:
        on_behalf_of = None  # 代: in the place of the absent person, not 代报 for somebody present
    if not own and on_behalf_of is None:
        on_behalf_of = item.person
        if on_behalf_of is not None and on_behalf_of.agency_id != slot.performer.agency_id:
            liaison = proposed_person(
                slot.performer_id, holders(item.unit, today)
            )  # a department that takes part
            on_behalf_of = Person.objects.filter(pk=liaison).first() if liaison else None
        if on_behalf_of is None:
            raise Refused("代报要写明替谁报送。请选责任人后再提交。")
    if on_behalf_of is not None and on_behalf_of.agency_id != slot.performer.agency_id:
        raise Refused("代报的对象必须是报送单位自己的人员。")
    for citation in slot.citations.select_related("evidence"):
        citation.change(version_pinned_id=citation.evidence.current_id)
    year = year_of(item).year
    attempt = slot.attempt + 1
    submission = Submission.make(
        slot=slot, attempt=attempt, number=f"报{year}-{next_number(item.unit, 'submit', year):05}",
        conclusion=conclusion.strip() or slot.reason, by=person, on_behalf_of=on_behalf_of,
        acting_for_id=acting_for, at=clock.now(),
    )  # fmt: skip
    slot.change(
        status=status, attempt=attempt, submitted_at=clock.now(), step=None,
        late=slot.late or (today > slot.due_on and not slot.before_system),
    )  # fmt: skip
    if item.received_at is None:
        item.change(received_at=clock.now())
    _advance(slot, by, after=None, signer=None)
    return submission


def _advance(slot: Slot, by: Any, *, after: int | None, signer: int | None, **paper: Any) -> Slot:
    """From the step per slot AFTER to where the slot then waits, or to accepted; the item follows."""
    item = slot.item
    chains = chains_of(year_of(item).campaign_id)
    barred = slot_submitters([slot.pk]).get(slot.pk, frozenset())
    stops = chains.after(item.track_id, after, per_slot=True)
    passed, stop = walk(stops, matter_of(item, chains), holders(item.unit, clock.today()), barred, signer)
    note_passed(item, by, passed, slot, **paper)
    if stop is None:
        slot.change(status=SLOT_FLOW.take("accept", slot.status), step=None, accepted_at=clock.now())
    else:
        slot.change(step_id=stop.id)
    follow_slots(item, by, signer)
    return slot


@action("ledger.withdraw", "撤回", *FILL)
def withdraw(slot: Slot, *, by: Any) -> Slot:
    """Take back what nobody has judged yet."""
    status = SLOT_FLOW.take("withdraw", slot.status)
    if slot.signatures.filter(attempt=slot.attempt, withdrawn_by=None).exclude(verdict=Verdict.SKIP).exists():
        raise Refused("已经有人签批，不能撤回。需要修改的，请审核人退回。")
    slot.change(status=status, step=None)
    follow_slots(slot.item, by)
    return slot


def _waiting_stop(slot: Slot) -> Stop:
    SLOT_FLOW.take("advance", slot.status)
    stop = chains_of(year_of(slot.item).campaign_id).stop(slot.item.track_id, slot.step_id)
    if stop is None:
        raise Refused("这一期没有等待审核的环节，请刷新页面。")
    return stop


def _judge(slot: Slot, stop: Stop, by: Any) -> Judge:
    """The person who judges: one who stands at the step, or in for one; never one who handed it in."""
    person = person_of(by)
    if person is None:
        raise Refused("只有人员账号可以审核。")
    return judge(slot.item, stop, person, slot_submitters([slot.pk]).get(slot.pk, frozenset()), "审核")


@action("ledger.accept", "审核通过", *REVIEW)
def accept(slot: Slot, *, by: Any, opinion: str = "") -> Signature:
    """Pass the slot at the step where it waits."""
    stop = _waiting_stop(slot)
    judge = _judge(slot, stop, by)
    signature = put_signature(
        slot.item, by, Verdict.ACCEPT, step=stop.id, slot=slot, opinion=opinion, person=judge.person,
        acting_for_id=judge.acting_for,
    )  # fmt: skip
    _advance(slot, by, after=stop.id, signer=judge.person.pk)
    return signature


@action("ledger.send_back", "退回", *REVIEW)
def send_back(slot: Slot, *, by: Any, opinion: str) -> Signature:
    """Return the slot with the reason; it gets some working days to be put right."""
    if not opinion.strip():
        raise Refused("退回要写明原因：哪里不对，怎么改。")
    stop = _waiting_stop(slot)
    judge = _judge(slot, stop, by)
    allowed = ask_plans(year_of(slot.item).campaign_id).returns_allowed(slot.item.track_id)
    if why := returned_enough(str(slot), slot.returns, allowed):
        raise Refused(why)
    signature = put_signature(
        slot.item, by, Verdict.RETURN, step=stop.id, slot=slot, opinion=opinion.strip(), person=judge.person,
        acting_for_id=judge.acting_for,
    )  # fmt: skip
    give_back(slot)
    follow_slots(slot.item, by)
    return signature


def give_back(slot: Slot) -> None:
    """Set a slot to returned. A part of other verbs; the caller has signed and then lets the item follow."""
    days = year_of(slot.item).fix_days
    slot.change(
        status=SLOT_FLOW.take("send_back", slot.status), step=None, returns=slot.returns + 1,
        due_on=max(slot.due_on, calendar().add(clock.today(), days)), accepted_at=None,
    )  # fmt: skip


@action("ledger.fill_slot", "系统启用前补录", MANAGE)
def fill_slot(slot: Slot, *, by: Any, conclusion: str) -> Slot:
    """A period that ended before the system was started, with what was done then; nobody reviews it again."""
    if not slot.before_system:
        raise Refused(f"{slot}不是系统启用前的期次，请按正常程序提交审核。")
    if not conclusion.strip():
        raise Refused("请写明当时的完成情况，材料存在哪里。")
    item, person = slot.item, person_of(by)
    if item.status not in WORKING and item.status != Status.PENDING:
        raise Refused(f"{item}现在是“{Status(item.status).label}”，不能补录。")
    slot.change(
        status=SLOT_FLOW.take("fill", slot.status), attempt=slot.attempt + 1, step=None, submitted_at=clock.now(),
        accepted_at=clock.now(),
    )  # fmt: skip
    Submission.make(
        slot=slot, attempt=slot.attempt, number="补录", conclusion=conclusion.strip()[:1000], by=person,
        on_behalf_of=item.person if item.person != person else None, at=clock.now(),
    )  # fmt: skip
    put_signature(item, by, Verdict.SKIP, step=None, slot=slot, opinion="系统启用前已办，补录后不再逐级审核")
    if item.status != Status.PENDING:
        follow_slots(item, by)
    return slot


@action("ledger.waive_slot", "本期不适用", MANAGE)
def waive_slot(slot: Slot, *, by: Any, reason: str) -> Slot:
    """The slot does not apply, and why; it counts as settled."""
    if not reason.strip():
        raise Refused("请写明本期不适用的原因。")
    if slot.item.status not in WORKING and slot.item.status != Status.PENDING:
        raise Refused(f"{slot.item}现在是“{Status(slot.item.status).label}”，不能改期次。")
    slot.change(status=SLOT_FLOW.take("waive", slot.status), reason=reason.strip(), step=None)
    if slot.item.status != Status.PENDING:
        follow_slots(slot.item, by)
    return slot


@action("ledger.restore_slot", "恢复本期", MANAGE)
def restore_slot(slot: Slot, *, by: Any) -> Slot:
    """The slot applies after all."""
    if slot.item.status in (Status.CLOSED, Status.ACCEPTED) or slot.item.step_id:
        raise Refused("事项已进入销号环节，不能恢复期次。请先退回或重新挂号。")
    slot.change(status=SLOT_FLOW.take("restore", slot.status), reason="")
    if slot.item.status != Status.PENDING:
        follow_slots(slot.item, by)
    return slot
