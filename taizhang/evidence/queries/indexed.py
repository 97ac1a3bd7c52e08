"""Whether the index of words holds what it should: captions of all pieces that are still there, texts of all files read."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef

from ..models import Evidence, EvidenceState, Page, Reading, ReadingState


@dataclass(frozen=True)
class Rows:
    """Ids of pieces (their captions) and of blobs (their texts)."""

    pieces: list[int]
    blobs: list[int]

    @property
    def number(self) -> int:
        return len(self.pieces) + len(self.blobs)


def to_index() -> Rows:
    """What the index should hold."""
    text = Page.objects.filter(blob=OuterRef("blob"))
    read = Reading.objects.filter(Exists(text), state=ReadingState.READ)
    return Rows(
        sorted(Evidence.objects.exclude(state=EvidenceState.GONE).order_by().values_list("pk", flat=True)),
        sorted(read.values_list("blob_id", flat=True)),
    )


def _held() -> tuple[set[int], set[int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid FROM evidence_caption_words")
        pieces = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT rowid FROM evidence_text_words")
        return pieces, {row[0] for row in cursor.fetchall()}


def unindexed() -> Rows:
    """What is missing from the index; four queries."""
    wanted, (pieces, blobs) = to_index(), _held()
    return Rows(
        [one for one in wanted.pieces if one not in pieces], [one for one in wanted.blobs if one not in blobs]
    )


def overindexed() -> Rows:
    """What the index holds of pieces and texts that are gone. A file read without any text may stay: it says nothing."""
    wanted, (pieces, blobs) = to_index(), _held()
    silent = set(Reading.objects.filter(state=ReadingState.READ).values_list("blob_id", flat=True))
    return Rows(sorted(pieces - set(wanted.pieces)), sorted(blobs - set(wanted.blobs) - silent))
