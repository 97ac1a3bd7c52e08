"""移出、恢复、清除: into the bin, out of it again, and what happens thirty days later; what a check found."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from taizhang.kit import clock
from taizhang.kit.alone import alone
from taizhang.kit.errors import Refused
from taizhang.kit.files import YOUNG, keeping_lock, store
from taizhang.org.action import action
from taizhang.org.models import User
from taizhang.org.permits import Permit
from taizhang.org.record import scope

from .. import queries
from ..models import Blob, Evidence, EvidenceState, Page, Reading, ReadingState
from ..rules import keeping
from .indexing import forget_caption, forget_text

# whoever deposited a piece may remove it wherever they serve now: `queries.editable` asks that
EDIT = ((Permit.EVIDENCE_EDIT, "unit"), (Permit.EVIDENCE_VIEW, "agency"))
LONGEST_REASON = 100
#: of what was read, nothing stays when the bytes go
UNREAD: dict[str, Any] = {
    "state": ReadingState.WAITING, "reader": 0, "tries": 0, "fault": "", "pages": 0, "letters": 0, "seconds": None, "ocr": False,
    "taken_on": None, "likeness": "", "poster": "", "face": "", "doc_no": "", "issuer": "", "title": "", "dated_on": None,
    "head_page": None, "warnings": [],
}  # fmt: skip


@action("evidence.remove", "移出材料库", *EDIT)
def remove(evidence: Evidence, *, by: Any, reason: str = "") -> Evidence:
    """Into the bin: only what nobody uses and no volume holds. The bytes stay for thirty days."""
    queries.editable(by, evidence)
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Refused(f"移除的原因有 {len(reason)} 个字，最多 {LONGEST_REASON} 个。请写短些。")
    if volume := queries.filed_in(evidence):
        raise Refused(f"“{evidence.title}”已编入归档册“{volume}”，不能移除。")
    if evidence.uses:
        raise Refused(
            f"“{evidence.title}”还有 {evidence.uses} 处在引用，不能移除。请先在那些事项里取消引用。"
        )
    _not_gone(evidence)
    if evidence.state == EvidenceState.BINNED:
        raise Refused(f"“{evidence.title}”已经移除了。")
    evidence.change(state=EvidenceState.BINNED, binned_at=clock.now())
    if reason:
        scope().notes.append(
            {"kind": "evidence.evidence", "id": evidence.pk, "label": str(evidence)[:80], "fields": {"reason": ["", reason]}}
        )  # fmt: skip
    return evidence


@action("evidence.restore", "恢复材料", *EDIT)
def restore(evidence: Evidence, *, by: Any) -> Evidence:
    """Out of the bin again."""
    queries.editable(by, evidence)
    _not_gone(evidence)
    if evidence.state == EvidenceState.LIVE:
        raise Refused(f"“{evidence.title}”本来就在库里。")
    return evidence.change(state=EvidenceState.LIVE, binned_at=None)


def _not_gone(evidence: Evidence) -> None:
    if evidence.state == EvidenceState.GONE:
        raise Refused(
            f"“{evidence.title}”（{evidence.number}）在回收站满 {keeping.DAYS} 天，文件已经清除，不能恢复。如还有原件，请重新传。"
        )


@action("evidence.purge", "到期清除材料")
def purge(evidence: Evidence, *, by: Any) -> Evidence:
    """The thirty days are over: the piece is gone, its row, receipt and record stay. Bytes are for `clear`, after this."""
    if not queries.may_be_purged(evidence, clock.today()):
        raise Refused(f"“{evidence.title}”（{evidence.number}）在回收站还没有满 {keeping.DAYS} 天，不清除。")
    uses = queries.counted([evidence.pk])[evidence.pk]
    if uses or evidence.uses:
        raise Refused(
            f"“{evidence.title}”（{evidence.number}）还有 {uses or evidence.uses} 处在引用，不清除。"
        )
    forget_caption(evidence.pk)
    return evidence.change(state=EvidenceState.GONE)


@action("evidence.clear", "清除文件")
def clear(blob: Blob, *, by: Any, hours: float = YOUNG) -> Blob:
    """Take the bytes that only cleared pieces had off the disk, with the small pictures and the text made of them.

    The rows say GONE since an earlier transaction; this one holds the blob's row, asks every table once more, and
    takes the bytes last. Cut off anywhere, it leaves bytes that the next run finds again.
    """
    if not queries.unneeded(blob):
        raise Refused("还有材料要用这个文件，不清除。")
    reading = Reading.objects.filter(blob=blob).first()
    small = {blob.thumbnail, *((reading.poster, reading.face) if reading else ())} - {"", blob.sha256}
    Page.objects.filter(blob=blob).delete()  # not a record: derived
    forget_text(blob.pk)
    if reading:
        reading.change(**UNREAD)
    blob.change(thumbnail="")
    here = store()
    for name in sorted(small):
        if not queries.named_elsewhere(name, blob):
            here.erase(name, hours=hours)
    here.erase(blob.sha256, hours=hours)
    return blob


@dataclass
class Emptied:
    """What came of emptying the bin: pieces gone, blobs cleared, and why others stay, in words."""

    pieces: int = 0
    files: int = 0
    stay: list[str] = field(default_factory=list)


def empty_bin(*, by: Any, hours: float = YOUNG) -> Emptied:
    """Clear what has lain in the bin for its thirty days, each piece and each file in a transaction of its own.

    Safe to run twice and to be killed anywhere. Not while a backup runs: it must find the bytes that the database
    it has just copied still names.
    """
    done = Emptied()
    with alone(keeping_lock()) as free:
        if not free:
            done.stay.append("正在备份，这一次不清除。")
            return done
        for piece in queries.outstayed(clock.today()):
            try:
                purge(piece, by=by)
                done.pieces += 1
            except Refused as refusal:
                done.stay.append(refusal.message)
        for blob in queries.clearable():
            try:
                clear(blob, by=by, hours=hours)
                done.files += 1
            except Refused as refusal:
                done.stay.append(f"{blob}：{refusal.message}")
    return done


def mark_checked(blobs: Collection[int], at: datetime) -> None:
    """Note when the bytes of BLOBS were last read and found whole. Bookkeeping of the checker, many rows at once: what
    it found is on record by `note_check`."""
    with transaction.atomic():
        Blob.objects.filter(pk__in=blobs).update(checked_at=at)  # not a record: when it was last read


@action("evidence.note_check", "校验材料")
def note_check(system: User, *, by: Any, result: dict[str, Any]) -> User:
    """Put on record what a check of the bytes found: `queries.checks` reads it for the page."""
    scope().notes.append({"kind": "evidence.blob", "label": "材料校验", "check": result})
    return system
