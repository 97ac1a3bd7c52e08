"""Finding by words: in what is said about a piece (its caption's index), or in the text of its current version.

A piece is found when every term occurs, each in the one or the other. The two indexes know nothing of rights: what
they answer is only ever a condition on pieces that the asking person may see (`evidence_for`, which leaves out what
bears a secrecy mark).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Aggregate, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL

from ..models import Evidence, EvidenceState, Page, ReadingState
from ..rules import words
from .scope import evidence_for

#: pieces by their caption, and by the text of their current version; driven from the index, so that a rare word costs little
INDEXES = (
    "SELECT rowid FROM evidence_caption_words WHERE words MATCH %s UNION ALL SELECT e.id FROM evidence_text_words t"
    " CROSS JOIN evidence_version v ON v.blob_id = t.rowid CROSS JOIN evidence_evidence e ON e.current_id = v.id"
    " WHERE t.words MATCH %s"
)
#: of a page's text around its first hit: what a row of a list reads of it at most, in characters
BEFORE, READ = 200, 3000
EDGE, SEAM = words.MAX_LETTERS, 160  # at a page's end: of the folded text, of the text
MOST_SHOWN = 30  # pages of one file that are shown with their sentence

Parts = list[tuple[str, bool]]


@dataclass(frozen=True)
class Hit:
    """A page on which something was found, and its sentence in parts: (words, whether found). 0: no page is known."""

    page: int
    parts: Parts


@dataclass(frozen=True)
class FoundRow:
    pk: int
    number: str
    title: str
    name: str
    blob: int | None


@dataclass(frozen=True)
class Found:
    total: int
    rows: list[FoundRow]


class Gathered(Aggregate):
    """Ids as one JSON list: ten thousand rows would take longer to fetch than to find."""

    function = "json_group_array"
    output_field = TextField()


def worded(base: QuerySet[Evidence], terms: Iterable[str]) -> QuerySet[Evidence]:
    """Those of BASE in which every one of the folded TERMS occurs."""
    for term in terms:
        match = words.match(term)
        base = base.filter(pk__in=RawSQL(INDEXES, [match, match]))
    return base


def found_by(base: QuerySet[Evidence], asked: str) -> QuerySet[Evidence]:
    """Those of BASE that a question finds, as typed; none by a question of signs only."""
    terms = words.terms(asked)
    return worded(base, terms) if terms else base.none()


def ids_found(base: QuerySet[Evidence], terms: tuple[str, ...]) -> list[int]:
    """The pieces of BASE that have all TERMS, newest first: asked once for a page that counts and lists them."""
    found = worded(base.order_by(), terms).aggregate(ids=Gathered("pk"))["ids"]
    return sorted(json.loads(found or "[]"), reverse=True)


def among(ids: list[int]) -> Q:
    """The condition that a piece is one of IDS, however many they are."""
    return Q(pk__in=RawSQL("SELECT value FROM json_each(%s)", [json.dumps(ids)]))


def search(user: Any, terms: tuple[str, ...], limit: int = 50) -> Found:
    """How many pieces in the library USER finds by TERMS, and the newest of them. Two queries at most."""
    if not terms:
        return Found(0, [])
    ids = ids_found(evidence_for(user).filter(state=EvidenceState.LIVE), terms)
    if not ids:
        return Found(0, [])
    rows = (
        Evidence.objects.filter(pk__in=ids[:limit])
        .order_by("-pk")
        .values_list("pk", "number", "title", "current__original_name", "current__blob")
    )
    return Found(len(ids), [FoundRow(pk, no, title, name or "", blob) for pk, no, title, name, blob in rows])


def hits_of(blobs: Iterable[int], terms: tuple[str, ...]) -> dict[int, Hit]:
    """Where in the texts of BLOBS the TERMS are found: of each the page that has most of them, the first of those.

    One query for all; a second one if something is found only across the end of a page. What is found in captions only
    has no entry.
    """
    asked = sorted(set(blobs))
    if not asked or not terms:
        return {}
    with connection.cursor() as cursor:
        found = _on_pages(cursor, asked, terms)
        left = [blob for blob in asked if blob not in found]
        return found | (_over_pages(cursor, left, terms) if left else {})


#: those blobs of a JSON list in whose text some term occurs: no page of the others is looked at
INDEXED = "SELECT rowid AS blob FROM evidence_text_words WHERE rowid IN (SELECT value FROM json_each(%s)) AND words MATCH %s"


def _key(blobs: list[int], terms: tuple[str, ...]) -> list[str]:
    """What INDEXED asks for."""
    return [json.dumps(blobs), " OR ".join(words.match(term) for term in terms)]


def _around(count: int) -> str:
    """SQL for the text of page `p` around the first of COUNT terms; what was folded away makes places differ a little."""
    first = "coalesce(" + ", ".join(["nullif(instr(p.folded, %s), 0)"] * count) + ", 1)"
    return f"substr(p.text, max(1, {first} - {BEFORE}), {READ})"


def _on_pages(cursor: Any, blobs: list[int], terms: tuple[str, ...]) -> dict[int, Hit]:
    has = [" instr(p.folded, %s) > 0 "] * len(terms)
    most = f"{' + '.join(f'({one})' for one in has)} DESC, " if len(terms) > 1 else ""
    cursor.execute(
        f"SELECT p.blob_id, p.no, {_around(len(terms))} FROM ({INDEXED}) AS b JOIN evidence_page p ON p.id ="
        f" (SELECT p.id FROM evidence_page p WHERE p.blob_id = b.blob AND ({'OR'.join(has)}) ORDER BY {most}p.no LIMIT 1)",
        [*terms, *_key(blobs, terms), *terms, *(terms if most else ())],
    )
    return {blob: Hit(no, words.excerpt(text, terms)) for blob, no, text in cursor.fetchall()}


def _over_pages(cursor: Any, blobs: list[int], terms: tuple[str, ...]) -> dict[int, Hit]:
    """Words that begin on one page and end on the next: the page is the one they begin on."""
    ends = [f"substr(folded, -{EDGE}) || '{gap}' || substr(next, 1, {EDGE})" for gap in ("", words.BREAK)]
    crosses = " OR ".join(f"instr({end}, %s) > 0" for end in ends for _ in terms)
    cursor.execute(
        f"SELECT blob_id, no, substr(text, -{SEAM}), substr(next_text, 1, {SEAM}) FROM"
        " (SELECT blob_id, no, folded, text, lead(folded) OVER w AS next, lead(text) OVER w AS next_text"
        f" FROM evidence_page WHERE folded <> '' AND blob_id IN ({INDEXED})"
        f" WINDOW w AS (PARTITION BY blob_id ORDER BY no)) WHERE {crosses} ORDER BY blob_id, no",
        [*_key(blobs, terms), *terms, *terms],
    )
    found: dict[int, Hit] = {}
    for blob, no, tail, head in cursor.fetchall():
        if blob not in found and (parts := words.snippet(f"{tail}\n{head}", terms)):
            found[blob] = Hit(no, parts)
    return found


def pages_with(blob_id: int, terms: tuple[str, ...]) -> list[Hit]:
    """The pages of one file on which any of TERMS is found, the first thirty each with its sentence.

    Found only across the end of a page: that page. Two queries at most.
    """
    if not terms:
        return []
    has = " OR ".join(["instr(p.folded, %s) > 0"] * len(terms))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.no, CASE WHEN row_number() OVER (ORDER BY p.no) <= {MOST_SHOWN} THEN {_around(len(terms))} ELSE '' END"
            f" FROM evidence_page p WHERE p.blob_id IN ({INDEXED}) AND ({has}) ORDER BY p.no",
            [*terms, *_key([blob_id], terms), *terms],
        )
        found = [Hit(no, words.excerpt(text, terms)) for no, text in cursor.fetchall()]
        return found or list(_over_pages(cursor, [blob_id], terms).values())


@dataclass(frozen=True)
class PageText:
    """The text of page NO; NUMBERS: of all pages of the file; OCR: some of it was read from a picture."""

    no: int
    text: str
    numbers: list[int]
    ocr: bool


def page_text(evidence: Evidence, no: int) -> PageText | None:
    """Page NO of the current version, else the last before it; None unless the file was read and may be shown."""
    blob = evidence.current.blob if evidence.current else None
    reading = getattr(blob, "reading", None)
    if blob is None or reading is None or reading.state != ReadingState.READ:
        return None
    numbers = list(Page.objects.filter(blob=blob).order_by("no").values_list("no", flat=True))
    here = max((one for one in numbers if one <= no), default=numbers[0] if numbers else 0)
    text = Page.objects.filter(blob=blob, no=here).values_list("text", flat=True).first() or ""
    return PageText(here, text, numbers, reading.ocr)
