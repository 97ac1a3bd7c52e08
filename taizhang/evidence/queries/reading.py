"""What the readers have done and have still to do."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min, Q

from ..models import Blob, EvidenceState, Page, Reading, ReadingState, Version
from ..rules import kinds, readers
from ..rules.letterhead import MOST_PAGES
from ..rules.secrecy import CLEARED
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

    @property
    def done(self) -> int:
        return self.read + self.unreadable


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
    waiting = Q(reading__isnull=True) | Q(reading__state=ReadingState.WAITING)
    waiting |= Q(reading__state=ReadingState.READ, reading__reader__lt=readers.VERSION)
    for mime, since in readers.LATER.items():
        waiting |= Q(mime=mime, reading__state=ReadingState.UNREADABLE, reading__reader__lt=since)
    there = Version.objects.filter(blob__in=Blob.objects.filter(waiting)).exclude(
        evidence__state=EvidenceState.GONE
    )
    found = there.values("blob_id").annotate(first=Min("pk"))
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


def reading_of(blob_id: int) -> Reading | None:
    """What was found in a blob; None before anybody looked."""
    return Reading.objects.filter(blob_id=blob_id).first()


def pages_kept(blob_id: int) -> int:
    """How many pages of a file are read so far."""
    return Page.objects.filter(blob_id=blob_id).count()


def has_lines(blob_id: int) -> bool:
    """Whether some page was read from its picture (OCR)."""
    return Page.objects.filter(blob_id=blob_id).exclude(lines=[]).exists()


@dataclass(frozen=True)
class Shown:
    """What of a blob can be drawn: the SHA-256 and MIME type of its own bytes, or of the PDF that shows how it prints;
    ("", "") for what has no pages. HEAD is the page to know it by."""

    sha256: str
    mime: str
    head: int = 1


def shown(blob: Blob) -> Shown:
    found = Reading.objects.filter(blob=blob).values_list("state", "face", "head_page").first()
    state, face, head = found or ("", "", None)
    if state == ReadingState.CLASSIFIED:
        return Shown("", "")
    if face:
        return Shown(face, "application/pdf", head or 1)
    return Shown(blob.sha256, blob.mime, head or 1) if blob.mime in kinds.PAGED else Shown("", "")


def mark_cleared(blob_id: int) -> bool:
    """Whether the office has said that a mark of secrecy in these bytes is none (误报解除)."""
    said = Reading.objects.filter(blob_id=blob_id).values_list("warnings", flat=True).first() or []
    return any(each["code"] == CLEARED for each in said)


def first_pages(blob_id: int, before: int | None = None) -> list[str]:
    """The text of a file's first pages, as many as a letterhead is looked for in; BEFORE: only those before it."""
    found = Page.objects.filter(blob_id=blob_id).order_by("no")
    if before is not None:
        found = found.filter(no__lt=before)
    return list(found.values_list("text", flat=True)[:MOST_PAGES])
