"""读取材料: what the reader found in the bytes becomes pages, an index of words, and facts. Done by the job."""

import time
from typing import Any

from taizhang.kit import clock, jobs
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.permits import Permit

from .. import queries
from ..models import Evidence, EvidenceState, Page, Reading, ReadingState, Version
from ..rules import readers, secrecy, words
from .indexing import forget_text, index_text

READ = "taizhang.evidence.jobs.read"
SYSTEM = (Permit.EVIDENCE_EDIT, "evidence.unit")
# whoever deposited a piece may have it read again wherever they serve now: `queries.editable` asks that
EDIT = ((Permit.EVIDENCE_EDIT, "unit"), (Permit.EVIDENCE_VIEW, "agency"))


@action("evidence.keep_pages", "读取材料", SYSTEM)
def keep_pages(version: Version, *, by: Any, leaves: list[dict[str, Any]]) -> Version:
    """Keep some pages of a file that is read in several steps: a worker that ends does not begin again."""
    _keep(version.blob_id, leaves)
    return version


def _keep(blob_id: int, leaves: list[dict[str, Any]]) -> None:
    rows = [
        Page(
            blob_id=blob_id,
            no=leaf["no"],
            text=leaf["text"],
            folded=words.fold(leaf["text"]).text,
            lines=leaf["lines"],
        )
        for leaf in leaves
    ]
    Page.objects.filter(blob_id=blob_id, no__in=[row.no for row in rows]).delete()  # not a record: derived
    Page.objects.bulk_create(rows, batch_size=200)  # not a record: derived


@action("evidence.note_reading", "读取材料", SYSTEM)
def note_reading(
    version: Version,
    *,
    by: Any,
    state: str,
    fault: str = "",
    leaves: list[dict[str, Any]] | None = None,
    **facts: Any,
) -> Version:
    """Note what came of a reading, and put the text into the index. FACTS are fields of Reading, LEAVES the pages
    that were read last: an older reading may have left others behind them, which go."""
    if leaves:
        _keep(version.blob_id, leaves)
        Page.objects.filter(
            blob_id=version.blob_id, no__gt=leaves[-1]["no"]
        ).delete()  # not a record: derived
    reading = reading_of(version)
    cleared = [
        said for said in reading.warnings if said["code"] == secrecy.CLEARED
    ]  # 误报解除 outlives a reading
    if cleared:
        facts["warnings"] = [*cleared, *facts.get("warnings", [])]
    pages = list(Page.objects.filter(blob_id=version.blob_id).values_list("text", flat=True))
    if state == ReadingState.READ:
        index_text(version.blob_id, "\n".join(pages))
    else:
        forget_text(version.blob_id)
    reading.change(
        state=state,
        fault=fault,
        reader=readers.version_for(version.blob.mime),
        read_at=clock.now(),
        letters=sum(readers.letters_in(text) for text in pages),
        **facts,
    )
    return version


@action("evidence.note_try", "读取材料", SYSTEM)
def note_try(version: Version, *, by: Any, fault: str) -> Version:
    """The reading child ended without an answer: FAULT says why; after some tries the file is left alone."""
    reading = reading_of(version)
    tries = reading.tries + 1
    state = ReadingState.UNREADABLE if tries >= readers.MOST_TRIES else ReadingState.WAITING
    reading.change(
        tries=tries,
        fault=fault,
        state=state,
        reader=readers.version_for(version.blob.mime),
        read_at=clock.now(),
    )
    return version


@action("evidence.note_face", "排出页面", SYSTEM)
def note_face(version: Version, *, by: Any, face: str) -> Version:
    """Note how an office file prints: FACE is the SHA-256 of a PDF in the store."""
    reading_of(version).change(face=face)
    return version


@action("evidence.read_again", "重新读取材料", *EDIT)
def read_again(evidence: Evidence, *, by: Any) -> Evidence:
    """Read the current version's file anew, in the background: a mended reader, or one that was switched off before."""
    queries.editable(by, evidence)
    version = evidence.current
    if version is None:
        raise Refused(f"“{evidence.title}”登记的是链接，没有文件可读。")
    if evidence.state != EvidenceState.LIVE:
        raise Refused(f"“{evidence.title}”已移出材料库，不再读取。请先恢复它。")
    reading = reading_of(version)
    if reading.state == ReadingState.CLASSIFIED:
        raise Refused(f"“{evidence.title}”的文件标有密级，已停用，不能重新读取。请按保密规定处理。")
    if reading.state == ReadingState.WAITING and version.pk in jobs.queued(READ):
        raise Refused(f"“{evidence.title}”已经在等待读取，不必再点。")
    Page.objects.filter(blob_id=version.blob_id).delete()  # not a record: derived
    forget_text(version.blob_id)
    reading.change(state=ReadingState.WAITING, reader=0, tries=0, fault="")
    jobs.enqueue(READ, version.pk)
    return evidence


def read_now(version: Version, most: float = 600) -> ReadingState:
    """Have VERSION read before going on (the command line), by whoever is at it, for MOST seconds; the state it came to."""
    until = time.monotonic() + most
    while (state := queries.reading_state(version.blob_id)) in ("", ReadingState.WAITING):
        if time.monotonic() > until:
            break
        if not jobs.do_now(READ, version.pk):
            time.sleep(0.2)
    return ReadingState(state or ReadingState.WAITING)


def reading_of(version: Version) -> Reading:
    """The blob's reading, made if this is the first look at it (material from before there was a reader)."""
    return Reading.objects.filter(blob_id=version.blob_id).first() or Reading.make(blob_id=version.blob_id)
