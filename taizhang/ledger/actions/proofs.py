"""What makes material a proof: sentences marked on a page, and the conclusion of an item's 材料提交表."""

from collections.abc import Collection, Sequence
from typing import Any

from taizhang.kit import clock, jobs
from taizhang.kit.errors import Refused, Stale
from taizhang.org.action import action
from taizhang.org.permits import Permit

from ..models import Citation, Item, Passage, Statement
from ..queries.proofs import fitting, shown_version, versions_of
from ..rules.proofs import MOST_PASSAGES, WHOLE, Sentence, problem, same
from ..rules.proofs_stated import MOST_LETTERS
from ..rules.states import TO_HAND_IN, Conformity, SlotStatus, Status
from .common import person_of, year_of
from .guests import check_term
from .slots import workable

LAY_OUT = "taizhang.ledger.jobs.lay_out"

#: as for citing: the performer's own people, and the office on behalf
FILL = ((Permit.LEDGER_SUBMIT, "slot.performer"), (Permit.LEDGER_BEHALF, "slot.item.unit"))


@action("ledger.mark_passages", "标证明段落", *FILL)
def mark_passages(
    citation: Citation, *, by: Any, page: int, chosen: Sequence[Sentence], version: int | None = None,
    before: Collection[int] | None = None,
) -> Citation:  # fmt: skip
    """Set the marked sentences of one page at once: CHOSEN replace what was marked there; none clears the page.

    VERSION: the file that the page was shown from; BEFORE: the marks (ids) that it showed. Others since: Stale.
    """
    _markable(citation)
    shown = shown_version(citation)
    if shown is None:
        raise Refused(WHOLE["link"])
    if version is not None and version != shown.pk:
        raise Stale("没有保存：这份材料刚换了新版本，页面可能不同。请在新版本上重新标。")
    pages = getattr(getattr(shown.blob, "reading", None), "pages", 0)
    if page < 1 or (shown.blob.mime == "application/pdf" and 0 < pages < page):
        raise Refused(f"没有第 {page} 页，共 {pages} 页。")
    if words := problem(chosen):
        raise Refused(words)
    there = list(citation.passages.filter(page=page))
    if before is not None and {one.pk for one in there} != set(before):
        raise Stale("没有保存：这一页刚有人标过。你勾的都还在，请看过最新的标注再保存。")
    if citation.passages.exclude(page=page).count() + len(chosen) > MOST_PASSAGES:
        raise Refused(f"一份材料最多标 {MOST_PASSAGES} 处。标得太多看不出重点，请只标能证明这一项的句子。")
    kept: set[int] = set()
    new: list[Sentence] = []
    cited = {citation.pk: (citation.evidence_id, shown.pk)}
    valid = {one.pk for one in fitting(there, versions_of([citation.evidence_id]), cited)}
    for one in chosen:
        twin = next(
            (
                each
                for each in there
                if each.pk in valid
                and each.pk not in kept
                and each.quote == one.text
                and same(each.boxes, one.boxes)
            ),
            None,
        )
        if twin is None:
            new.append(one)
        else:
            kept.add(twin.pk)
    Passage.remove_many([one for one in there if one.pk not in kept])
    for one in new:
        Passage.make(
            citation=citation,
            page=page,
            quote=one.text,
            boxes=[list(box) for box in one.boxes],
            by=person_of(by),
        )
    return citation


@action("ledger.drop_passage", "去掉证明段落", *FILL)
def drop_passage(citation: Citation, *, by: Any, passage: int) -> Citation:
    """Take one mark (its id) away."""
    _markable(citation)
    found = citation.passages.filter(pk=passage).first()
    if found is None:
        raise Refused("这处标注已经去掉了。")
    found.remove()
    return citation


@action(
    "ledger.lay_out",
    "排成页面",
    (Permit.LEDGER_VIEW, "slot.performer"),
    (Permit.LEDGER_VIEW, "slot.item.unit"),
    (Permit.LEDGER_VIEW, "slot.item.lead"),
)
def lay_out(citation: Citation, *, by: Any) -> Citation:
    """Let the cited office file be printed in the background, so that its pages can be looked at and marked."""
    shown = shown_version(citation)
    if shown is None or citation.evidence.kind in WHOLE:
        raise Refused(WHOLE.get(citation.evidence.kind, WHOLE["link"]))
    if not jobs.last_said(LAY_OUT, shown.pk)[0]:
        jobs.enqueue(LAY_OUT, shown.pk)
    return citation


def _markable(citation: Citation) -> None:
    """Refuse where nothing may be marked: handed in, of an item that takes nothing in, of what has no sentences."""
    slot = citation.slot
    if slot.status not in TO_HAND_IN:
        raise Refused(f"{slot}{SlotStatus(slot.status).label}，不能再标证明段落。要改，请先撤回。")
    workable(slot)
    if words := WHOLE.get(citation.evidence.kind):
        raise Refused(words)


@action(
    "ledger.state_conformity",
    "写材料提交表结论",
    (Permit.LEDGER_SUBMIT, "lead"),
    (Permit.LEDGER_BEHALF, "unit"),
)
def state_conformity(
    item: Item, *, by: Any, conformity: str, reason: str, before: int | None = None
) -> Statement:
    """Say what the item's material shows, and why. BEFORE: the version of the statement that the form showed, 0: none."""
    year_of(item)
    if item.status == Status.CLOSED:
        raise Refused(f"{item}已经销号，结论不能再改。确需更正的，请创建办重新挂号。")
    if item.status in (Status.PENDING, Status.WAIVED):
        raise Refused(
            f"{item}现在是“{Status(item.status).label}”，不用写结论。"
            + ("请先交办。" if item.status == Status.PENDING else "")
        )
    check_term(item, item.lead)
    if conformity not in list(Conformity):
        raise Refused("请选结论：符合、基本符合或不符合。")
    reason = reason.strip()
    if not reason:
        raise Refused("请写明依据：哪些材料说明了什么，还缺什么。")
    if len(reason) > MOST_LETTERS:
        raise Refused(f"说明最多 {MOST_LETTERS} 个字，现在是 {len(reason)} 个，请精简。")
    there = Statement.objects.select_for_update().filter(item=item).first()
    if before is not None and before != (there.version if there else 0):
        raise Stale("没有保存：结论刚被他人改过。你写的都还在，请看过最新的结论再保存。")
    fields = {"conformity": conformity, "reason": reason, "by": person_of(by), "at": clock.now()}
    if there is None:
        return Statement.make(item=item, **fields)
    if (there.conformity, there.reason) == (conformity, reason):
        return there
    return there.change(**fields)
