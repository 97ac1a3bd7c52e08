"""What the readers have done and have still to do."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min, Q

from ..models import Blob, EvidenceState, Page, Reading, ReadingState, Version
from ..rules import readers
from .scope import evidence_for


@dataclass(frozen=True)
class Progress:
    """Of the pieces that a person sees: how many files were read, wait, and cannot be read."""

    read: int
    waiting: int
    unreadable: int

    @property
    def total(self) -> int:
        return self.read + self.waiting + self.unreadable


def progress(user: Any) -> Progress:
    state = F("current__blob__reading__state")
    counts = dict(
        evidence_for(user)
        .filter(state=EvidenceState.LIVE, current__isnull=False)
        .order_by()
        .values_list(state)
        .annotate(n=Count("pk"))
    )
    read = counts.get(ReadingState.READ, 0) + counts.get(ReadingState.CLASSIFIED, 0)
    return Progress(
        read,
        counts.get(ReadingState.WAITING, 0) + counts.get(None, 0),
        counts.get(ReadingState.UNREADABLE, 0),
    )


def unread_versions() -> list[int]:
    """The first version of every blob that no reader, or only an older one, has looked at; oldest first."""
    waiting = Blob.objects.filter(
        Q(reading__isnull=True)
        | Q(reading__state=ReadingState.WAITING)
        | Q(reading__state=ReadingState.READ, reading__reader__lt=readers.VERSION)
    )
    found = Version.objects.filter(blob__in=waiting).values("blob_id").annotate(first=Min("pk"))
    return sorted(found.order_by().values_list("first", flat=True))


def reading_state(blob_id: int) -> str:
    """The state of a blob's reading, "" before there is one."""
    return Reading.objects.filter(blob_id=blob_id).values_list("state", flat=True).first() or ""


def next_page(blob_id: int) -> int:
    """The page at which reading goes on: the first, or the one after those that are kept of an unfinished reading."""
    if reading_state(blob_id) not in ("", ReadingState.WAITING):
        return 1
    last = Page.objects.filter(blob_id=blob_id).aggregate(last=Max("no"))["last"]
    return (last or 0) + 1
