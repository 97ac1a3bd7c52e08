"""Marked passages: the piece that a citation shows, what is marked on it, and whether the marks still fit its file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from taizhang.evidence.models import Blob, Version
from taizhang.evidence.queries import Shown, evidence_for, stopped
from taizhang.evidence.queries.drawn import page_lines
from taizhang.evidence.queries.search import pages_with
from taizhang.evidence.rules import words
from taizhang.kit.previews import NotDrawn, TooMany

from ..models import Citation, Passage
from ..rules.proofs import WHOLE
from ..rules.states import TO_HAND_IN
from .limited import afar, untold
from .scope import slots_for

MOST_FOUND = 30  # pages on which a word was found
MOST_PRINTED = 60  # pages of a printed office file that are looked through


def cited_piece(user: Any, pk: int) -> Citation | None:
    """The citation, if USER sees both its slot and the piece; between two agencies the citation itself lets one see it."""
    return (
        Citation.objects.filter(
            Q(evidence__in=evidence_for(user)) | ~Q(slot__performer__agency=F("slot__item__unit")) | afar(user),
            ~untold(user),
            pk=pk,
            slot__in=slots_for(user),
        )
        .exclude(evidence__in=stopped())
        .select_related(
            "evidence__current__blob__reading", "version_pinned__blob__reading", "need", "slot__performer", "slot__item__unit",
            "slot__item__lead", "slot__item__year__campaign",
        )
        .first()
    )  # fmt: skip


def shown_version(citation: Citation) -> Version | None:
    """What was handed in; as long as nothing is, or after it came back, what is there now. None for a link."""
    if citation.slot.status in TO_HAND_IN:
        return citation.evidence.current
    return citation.version_pinned or citation.evidence.current


def whole(citation: Citation) -> str:
    """Why nothing is marked on the piece, in words; "" where sentences can be."""
    return WHOLE.get(citation.evidence.kind, "") or ("" if citation.evidence.current_id else WHOLE["link"])


#: piece → its versions as (id, since when), oldest first
Versions = Mapping[int, list[tuple[int, datetime]]]


def versions_of(evidence: Iterable[int]) -> Versions:
    """One query."""
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    rows = Version.objects.filter(evidence__in=set(evidence)).order_by("no")
    for piece, pk, since in rows.values_list("evidence", "pk", "created_at"):
        found[piece].append((pk, since))
    return found


def version_at(versions: list[tuple[int, datetime]], moment: datetime) -> int | None:
    """The version that was the current one at MOMENT."""
    found = None
    for pk, since in versions:
        if since <= moment:
            found = pk
    return found


def fitting(
    passages: Iterable[Passage], versions: Versions, cited: Mapping[int, tuple[int, int]]
) -> list[Passage]:
    """Those PASSAGES that were marked on the version which is shown: a red line under other words proves nothing.

    CITED: citation → its piece and the version of it that is shown.
    """
    found = []
    for one in passages:
        piece, shown = cited.get(one.citation_id, (0, 0))
        if shown and version_at(versions.get(piece, []), one.created_at) == shown:
            found.append(one)
    return found


@dataclass(frozen=True)
class Mark:
    """One marked sentence. OLD: it was marked on an earlier version of the file."""

    pk: int
    page: int
    quote: str
    boxes: list[list[float]]
    old: bool
    by: str


def marks_on(citation: Citation) -> list[Mark]:
    """All marks of a citation in the order of the pages; two queries."""
    version = shown_version(citation)
    rows = list(citation.passages.select_related("by").order_by("page", "id"))
    rows.sort(key=lambda one: (one.page, _place(one.boxes)))
    if not rows or version is None:
        return []
    cited = {citation.pk: (citation.evidence_id, version.pk)}
    good = {one.pk for one in fitting(rows, versions_of([citation.evidence_id]), cited)}
    return [
        Mark(one.pk, one.page, one.quote, one.boxes, one.pk not in good, str(one.by or "系统"))
        for one in rows
    ]


def _place(boxes: list[list[float]]) -> tuple[float, float]:
    """Upper edge and left edge of the first box."""
    return (boxes[0][1], boxes[0][0]) if boxes else (0.0, 0.0)


@dataclass(frozen=True)
class Found:
    """A page on which the words asked for stand."""

    page: int
    parts: Any  # of the sentence: (text, whether it is one of the words)


def found_on(blob_id: int, asked: str) -> tuple[list[Found], int]:
    """The first pages of the file's own text with ASKED, and how many pages there are in all."""
    terms = words.terms(asked)
    if not terms:
        return [], 0
    hits = pages_with(blob_id, terms)
    return [Found(hit.page, hit.parts) for hit in hits[:MOST_FOUND]], len(hits)


def found_printed(blob: Blob, face: Shown, pages: int, asked: str) -> tuple[list[Found], int]:
    """As `found_on`, in an office file as it is printed, whose pages are not those of its text: the first MOST_PRINTED
    pages are looked through. TooMany."""
    terms = words.terms(asked)
    hits: list[Found] = []
    for no in range(1, min(pages, MOST_PRINTED) + 1) if terms else ():
        try:
            lines, _ = page_lines(blob, face, no)
        except TooMany:
            raise  # a page left out would be one on which the words are not found
        except NotDrawn:
            continue
        if parts := words.snippet("".join(str(line[4]) for line in lines), terms):
            hits.append(Found(no, parts))
    return hits[:MOST_FOUND], len(hits)
