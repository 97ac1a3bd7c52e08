"""读取材料: what the reader found in the bytes becomes pages, an index of words, and facts. Done by the job."""

from typing import Any

from taizhang.kit import clock
from taizhang.org.action import action
from taizhang.org.permits import Permit

from ..models import Page, Reading, ReadingState, Version
from ..rules import readers, words
from .indexing import index_text

SYSTEM = (Permit.EVIDENCE_EDIT, "evidence.unit")


@action("evidence.keep_pages", "读取材料", SYSTEM)
def keep_pages(version: Version, *, by: Any, leaves: list[dict[str, Any]]) -> Version:
    """Keep some pages of a file that is read in several steps: a worker that ends does not begin again."""
    rows = [
        Page(
            blob_id=version.blob_id,
            no=leaf["no"],
            text=leaf["text"],
            folded=words.fold(leaf["text"]).text,
            lines=leaf["lines"],
        )
        for leaf in leaves
    ]
    Page.objects.filter(
        blob_id=version.blob_id, no__in=[row.no for row in rows]
    ).delete()  # not a record: derived
    Page.objects.bulk_create(rows, batch_size=200)  # not a record: derived
    return version


@action("evidence.note_reading", "读取材料", SYSTEM)
def note_reading(version: Version, *, by: Any, state: str, fault: str = "", **facts: Any) -> Version:
    """Note what came of a reading, and put the text into the index. FACTS are fields of Reading."""
    reading = reading_of(version)
    pages = list(Page.objects.filter(blob_id=version.blob_id).values_list("text", flat=True))
    if state == ReadingState.READ:
        index_text(version.blob_id, "\n".join(pages))
    reading.change(
        state=state,
        fault=fault,
        reader=readers.VERSION,
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
    reading.change(tries=tries, fault=fault, state=state, reader=readers.VERSION, read_at=clock.now())
    return version


def reading_of(version: Version) -> Reading:
    """The blob's reading, made if this is the first look at it (material from before there was a reader)."""
    return Reading.objects.filter(blob_id=version.blob_id).first() or Reading.make(blob_id=version.blob_id)
