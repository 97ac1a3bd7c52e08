"""标有密级: what bears a mark of secrecy is stopped for everybody; the creation office may lift a wrong alarm."""

from collections.abc import Sequence
from typing import Any

from taizhang.kit import clock, jobs
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.permits import Permit
from taizhang.org.queries import system_user
from taizhang.org.record import scope

from ..models import Evidence, Page, Reading, ReadingState, Version
from ..rules import readers
from ..rules.secrecy import CLEARED, FOUND, Mark, found_words
from .indexing import forget_text
from .reading import READ, SYSTEM, reading_of

MOST_REASON = 200


@action("evidence.stop", "标有密级，停用", SYSTEM)
def stop(version: Version, *, by: Any, marks: Sequence[Mark]) -> Version:
    """Stop the bytes of VERSION in every library that holds them: nothing of their text is kept or found."""
    reading = reading_of(version)
    Page.objects.filter(blob_id=version.blob_id).delete()  # not a record: derived
    forget_text(version.blob_id)
    reading.change(
        state=ReadingState.CLASSIFIED,
        fault=found_words(marks)[:300],
        reader=readers.version_for(version.blob.mime),
        read_at=clock.now(),
        warnings=[{"code": FOUND, "text": found_words(marks)}],
        pages=0,
        letters=0,
        doc_no="",
        issuer="",
        title="",
        dated_on=None,
        head_page=None,
        likeness="",
    )
    for piece in Evidence.objects.filter(versions__blob=version.blob_id).select_related("unit").distinct():
        note_stopped(piece, by=by)
    return version


@action("evidence.note_stopped", "发现密级标志，已停用", (Permit.EVIDENCE_EDIT, "unit"))
def note_stopped(evidence: Evidence, *, by: Any) -> Evidence:
    """A line in the story of each piece that has these bytes."""
    return evidence


@action("evidence.clear_alarm", "误报解除", (Permit.LEDGER_MANAGE, "agency"))
def clear_alarm(evidence: Evidence, *, by: Any, reason: str) -> Evidence:
    """The office says that what was taken for a mark is none: the files are read anew, and the mark passed over."""
    reason = reason.strip()
    if len(reason) < 4:
        raise Refused("没有解除：请写明为什么不是密级标志（至少 4 个字），这会记入操作日志。")
    if len(reason) > MOST_REASON:
        raise Refused(f"没有解除：理由有 {len(reason)} 个字，最多 {MOST_REASON} 个。请写短些。")
    stopped = Reading.objects.filter(
        state=ReadingState.CLASSIFIED, blob__versions__evidence=evidence
    ).distinct()
    readings = list(stopped)
    if not readings:
        raise Refused(f"“{evidence.title}”没有因密级标志停用，不用解除。")
    for reading in readings:
        reading.change(
            state=ReadingState.WAITING,
            reader=0,
            tries=0,
            fault="",
            warnings=[{"code": CLEARED, "text": reason}],
        )
        version = Version.objects.filter(blob=reading.blob_id).order_by("pk").values_list("pk", flat=True)[0]
        jobs.enqueue(READ, version)
    scope().notes.append(
        {"kind": "evidence.evidence", "id": evidence.pk, "label": str(evidence)[:80], "fields": {"reason": ["", reason]}}
    )  # fmt: skip
    blobs = [reading.blob_id for reading in readings]
    others = Evidence.objects.filter(versions__blob__in=blobs).exclude(pk=evidence.pk)
    system = system_user()  # the office has no rights there, and its words are not told there
    for piece in others.select_related("unit").distinct():
        note_cleared(piece, by=system)
    return evidence


@action("evidence.note_cleared", "同一文件的误报已解除", (Permit.EVIDENCE_EDIT, "unit"))
def note_cleared(evidence: Evidence, *, by: Any) -> Evidence:
    """A line in the story of every other piece that has the bytes, whichever agency's."""
    return evidence
