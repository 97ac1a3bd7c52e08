"""纸质签批: what was signed on paper is recorded by the office in one act, with date and scan."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from taizhang.campaigns.models import Step, Year
from taizhang.campaigns.queries import holders
from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Person
from taizhang.org.permits import Permit

from ..models import Batch, Item, Signature, Slot
from ..queries.facts import chains_of, matter_of, slot_submitters, submitters
from ..rules.signing import Stop, judges, signers
from ..rules.states import Verdict
from .batches import keep
from .common import move_on, put_signature, year_of
from .items import check_closable, waiting_stop
from .slots import _advance, _waiting_stop

PAPER = (Permit.LEDGER_PAPER, "unit")


def _acted(item: Item, stop: Stop, signer: Person, barred: frozenset[int]) -> int | None:
    """Whether SIGNER may have judged this, by the same rules as on screen; for whom they stood in, if for anybody."""
    if not Step.objects.filter(pk=stop.id, may_be_paper=True).exists():
        raise Refused(f"{item}现在是“{stop.label}”环节，这一环节不能纸质签批。")
    if signer.pk in barred:
        raise Refused(f"{item}是 {signer} 提交的，不能由本人签批。")
    matter = matter_of(item, chains_of(year_of(item).campaign_id))
    people = holders(item.unit, clock.today())
    able = judges(stop.who, matter, people, barred)
    if signers(stop.who, matter, people) and signer.pk not in able:
        raise Refused(f"{item}现在是“{stop.label}”环节，{signer} 不是这一环节的签批人。")
    return able.get(signer.pk)


@action("ledger.paper_item", "登记纸质签批", PAPER)
def paper_item(
    item: Item, *, by: Any, signer: Person, signed_on: date, scan: Evidence | None = None, opinion: str = ""
) -> Signature:
    """Record what SIGNER signed on paper at the step per item where the item waits."""
    stop = waiting_stop(item)
    acted = _acted(item, stop, signer, submitters([item.pk]).get(item.pk, frozenset()))
    if stop.last:
        check_closable(item)
    paper: dict[str, Any] = {"on_paper": True, "signed_on": signed_on, "scan": scan, "acting_for_id": acted}
    signature = put_signature(item, by, Verdict.ACCEPT, step=stop.id, opinion=opinion, person=signer, **paper)
    move_on(item, by, after=stop.id, signer=signer.pk, on_paper=True, signed_on=signed_on)
    return signature


@action("ledger.paper_slot", "登记纸质审核", (Permit.LEDGER_PAPER, "item.unit"))
def paper_slot(
    slot: Slot, *, by: Any, signer: Person, signed_on: date, scan: Evidence | None = None, opinion: str = ""
) -> Signature:
    """Record what SIGNER signed on paper at the step per slot where the slot waits."""
    stop = _waiting_stop(slot)
    acted = _acted(slot.item, stop, signer, slot_submitters([slot.pk]).get(slot.pk, frozenset()))
    paper: dict[str, Any] = {"on_paper": True, "signed_on": signed_on, "scan": scan, "acting_for_id": acted}
    signature = put_signature(
        slot.item, by, Verdict.ACCEPT, step=stop.id, slot=slot, opinion=opinion, person=signer, **paper
    )
    _advance(slot, by, after=stop.id, signer=signer.pk, on_paper=True, signed_on=signed_on)
    return signature


@action("ledger.paper", "登记纸质签批", (Permit.LEDGER_PAPER, "campaign.unit"))
def paper(
    year: Year, *, by: Any, signer: Person, signed_on: date, items: Sequence[int] = (), slots: Sequence[int] = (),
    scan: Evidence | None = None, opinion: str = "",
) -> Batch:  # fmt: skip
    """One paper with many items (or slots) signed by one person: all of them, or none."""
    if signed_on > clock.today():
        raise Refused(f"签批日期 {signed_on} 还没有到，请核对纸上的日期。")
    if not year.starts_on <= signed_on:
        raise Refused(f"签批日期 {signed_on} 早于{year}的开始，请核对纸上的日期。")
    subjects: list[Item | Slot] = [
        *Item.objects.filter(year=year, pk__in=items).order_by("order"),
        *Slot.objects.filter(item__year=year, pk__in=slots).select_related("item"),
    ]
    if not subjects:
        raise Refused("请选这张纸上签了哪些事项。")
    problems: list[str] = []
    for subject in subjects:
        verb = paper_item if isinstance(subject, Item) else paper_slot
        try:
            signature = verb(subject, by=by, signer=signer, signed_on=signed_on, scan=scan, opinion=opinion)
        except Refused as refusal:
            problems.append(refusal.message)
            continue
        if scan is not None and signature.scan_id:
            library.hold(scan)
    if problems:
        raise Refused("没有登记：" + "；".join(problems[:5]), problems=problems)
    return keep(year.campaign.unit, by, "登记纸质签批", len(subjects))
