"""Reads of what is filed: volumes within reach, their pieces, and what may be filed yet."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from taizhang.journal.models import Entry
from taizhang.kit.errors import Refused
from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import paths_where
from taizhang.org.queries.posts import beneath

from ..models import (
    Evidence,
    EvidenceState,
    Filed,
    Fonds,
    Kind,
    Reading,
    Secrecy,
    Version,
    Volume,
    VolumeState,
)
from ..rules import archive as rules
from ..rules.archive import Piece
from .scope import evidence_for

#: what the catalogue says of secrecy: 内部 is no level of secrecy, but readers must know
LEVELS = {Secrecy.OPEN: "", Secrecy.INTERNAL: "", Secrecy.LIMITED: "限定"}
MOST_PIECES = 5000
#: entries of the record by which bytes come to a piece
TAKEN_IN = ("evidence.deposit", "evidence.add_version", "evidence.deposit_link")


@dataclass(frozen=True)
class Source:
    """Where pieces may be drawn from, told by a floor above: "campaign:3" and its words."""

    key: str
    words: str
    year: int
    agency: int
    evidence: Any  # a subquery of ids


def volumes_for(user: Any) -> QuerySet[Volume]:
    """Volumes of the agencies for which USER files."""
    found = Volume.objects.select_related("agency", "sealed_by", "succeeds")
    return found.filter(beneath(paths_where(user, Permit.ARCHIVE), "agency__path"))


def with_counts(found: QuerySet[Volume]) -> QuerySet[Volume]:
    """Each with its 件: annexes are no 件 of their own."""
    whole = Count("filed", filter=Q(filed__annex_of__isnull=True))
    return found.annotate(pieces=whole).order_by("-year", "-id")


def archiving_agencies(user: Any) -> list[Unit]:
    """The agencies that USER files for, in order."""
    found = Unit.objects.filter(
        beneath(paths_where(user, Permit.ARCHIVE)), kind="agency", ends_on__isnull=True
    )
    return list(found.order_by("order", "id"))


def fonds_of(agency: Unit | int) -> Fonds | None:
    return Fonds.objects.filter(agency=agency).select_related("agency").first()


def need_fonds(agency: Unit) -> Fonds:
    found = fonds_of(agency)
    if found is None or not found.code:
        raise Refused(
            f"“{agency}”还没有填全宗号，编不了档号。请在“归档”页的“全宗和机构代码”里填档案馆给的四位全宗号。"
        )
    return found


def filing_units(agency: Unit) -> list[Unit]:
    """Units that deposit in this agency: those that did, and its departments."""
    did = Evidence.objects.filter(agency=agency).values("unit")
    kinds = ("department", "office", "party_body", "branch", "union", "other")
    found = Unit.objects.filter(Q(pk__in=did) | Q(agency=agency, kind__in=kinds, ends_on__isnull=True))
    return list(found.order_by("order", "id"))


def fileable(
    user: Any,
    agency: Unit,
    *,
    year: int | None = None,
    ids: Any = None,
    kind: str = "",
    volume: Volume | None = None,
) -> QuerySet[Evidence]:
    """Pieces of the agency that may be filed: in the library, of YEAR by their own date (by the deposit where they have
    none), among IDS, and in no volume yet but those that VOLUME succeeds."""
    found = evidence_for(user).filter(agency=agency, state=EvidenceState.LIVE)
    taken = Filed.objects.exclude(volume__in=line_of(volume)) if volume else Filed.objects.all()
    found = found.exclude(pk__in=taken.values("evidence"))
    if volume:
        found = found.exclude(pk__in=Filed.objects.filter(volume=volume).values("evidence"))
    if year:
        found = found.filter(Q(happened_on__year=year) | Q(happened_on__isnull=True, created_at__year=year))
    if ids is not None:
        found = found.filter(pk__in=ids)
    if kind:
        found = found.filter(kind=kind)
    return found.select_related("unit", "agency", "current__blob").order_by("pk")


def line_of(volume: Volume | None) -> list[int]:
    """The volumes that VOLUME succeeds, one after the other."""
    found: list[int] = []
    one = volume
    while one is not None and one.succeeds_id and one.succeeds_id not in found:
        found.append(one.succeeds_id)
        one = one.succeeds
    return found


def newest_sealed(agency: Unit, year: int) -> Volume | None:
    return (
        Volume.objects.filter(agency=agency, year=year, state=VolumeState.SEALED).select_related("agency", "sealed_by").order_by("-id").first()
    )  # fmt: skip


def newest_draft(agency: Unit, year: int) -> Volume | None:
    return Volume.objects.filter(agency=agency, year=year, state=VolumeState.DRAFT).select_related("agency", "sealed_by").order_by("-id").first()  # fmt: skip


def drawn(pieces: Iterable[Evidence], fonds: Fonds | None) -> list[Filed]:
    """Rows to be, one a piece, with what is proposed: term, department's code, title, date, issuer, pages."""
    held = list(pieces)
    readings = {
        one.blob_id: one
        for one in Reading.objects.filter(blob__in=[p.current.blob_id for p in held if p.current])
    }
    codes = fonds.codes if fonds else {}
    rows = []
    for at, piece in enumerate(held):
        reading = readings.get(piece.current.blob_id) if piece.current else None
        # a formal document says its own title; what a reader takes for the title of a table or a note may be any line
        read_title = reading.title if reading and reading.doc_no else ""
        title = read_title or piece.title
        if not read_title and piece.kind in (Kind.PICTURE, Kind.MEDIA):
            title = rules.own_title(piece.title)
        rows.append(
            Filed(
                evidence=piece, file=piece.current, order=at + 1, retention=rules.retention_of(piece.kind, title.strip("[]")),
                code=codes.get(str(piece.unit_id), ""), no=0, archive_no=rules.placeholder(piece.pk),
                doc_no=piece.doc_no or (reading.doc_no if reading else ""), issuer=(piece.issuer or (reading.issuer if reading else "") or piece.agency.name)[:120],
                title=title[:300], dated_on=(reading.dated_on if reading else None) or piece.happened_on, secrecy=LEVELS[Secrecy(piece.secrecy)],
                pages=pages_of(piece.current, reading), note=(f"网址：{piece.url}"[:200] if piece.url else ""),
            )
        )  # fmt: skip
    return rows


def pages_of(version: Version | None, reading: Reading | None) -> int:
    """Pages as the catalogue counts them: a picture is one, a film or a link none."""
    if version is None:
        return 0
    if version.blob.mime.startswith("image/"):
        return max(reading.pages if reading else 0, 1)
    return reading.pages if reading and not version.blob.mime.startswith(("audio/", "video/")) else 0


def in_order(rows: QuerySet[Filed]) -> QuerySet[Filed]:
    """As the catalogue has them, each annex behind its main row."""
    return rows.order_by(
        Coalesce("annex_of__order", "order"), Coalesce("annex_of", "id"), F("annex_of").asc(nulls_first=True), "order", "id"
    )  # fmt: skip


def rows_of(volume: Volume) -> QuerySet[Filed]:
    near = ("evidence__unit", "evidence__agency", "file__blob")
    return in_order(Filed.objects.filter(volume=volume).select_related(*near))


def listed(volume: Volume) -> list[Filed]:
    """All rows, in order; an annex's main row is the very object of this list, so that what is set on it holds for both."""
    found = list(rows_of(volume))
    held = {row.pk: row for row in found}
    for row in found:
        if row.annex_of_id:
            row.annex_of = held[row.annex_of_id]
    return found


def taken_along(volume: Volume, rows: Collection[int]) -> tuple[int, int]:
    """How many 件, and how many annexes, leave VOLUME with ROWS."""
    held = Filed.objects.filter(volume=volume)
    mains = held.filter(pk__in=rows, annex_of__isnull=True).count()
    return mains, held.filter(annex_of__isnull=False).filter(Q(pk__in=rows) | Q(annex_of__in=rows)).count()


def piece_of(row: Filed, kept: int = 0) -> Piece:
    """ROW as the rules see it. An annex (its main row at hand, see `listed`) has its main row's class and number."""
    main = row.annex_of or row
    return Piece(
        row.pk or row.evidence_id, row.evidence_id, row.evidence.number, main.retention, main.code, main.no, row.doc_no, row.issuer, row.title,
        row.dated_on, row.secrecy, row.pages, row.note, kept, row.annex_of_id or 0, row.order if row.annex_of_id else 0,
    )  # fmt: skip


def name_of(row: Filed) -> str:
    """The archive number that a row bears, of an annex its main row's and which annex it is."""
    return rules.part_name((row.annex_of or row).archive_no, row.order if row.annex_of_id else 0)


def kept_numbers(volume: Volume, rows: Iterable[Filed]) -> dict[int, int]:
    """Evidence → its number in the volume that VOLUME succeeds, where term and department are still the same."""
    if not volume.succeeds_id:
        return {}
    before = {
        pk: (retention, code, no)
        for pk, retention, code, no in Filed.objects.filter(
            volume=volume.succeeds_id, annex_of__isnull=True
        ).values_list("evidence", "retention", "code", "no")
    }
    return {
        row.evidence_id: before[row.evidence_id][2]
        for row in rows
        if not row.annex_of_id and before.get(row.evidence_id, ("", "", 0))[:2] == (row.retention, row.code)
    }


def last_numbers(agency: int, year: int, volume: Volume | None = None) -> dict[tuple[str, str], int]:
    """The last number used in each class by the agency's sealed volumes of that year, predecessors included: a number
    that was given once is not given to another piece."""
    found = Filed.objects.filter(volume__agency=agency, volume__year=year, volume__state=VolumeState.SEALED)
    if volume is not None and volume.pk:
        found = found.exclude(volume=volume)
    rows = found.order_by().values_list("retention", "code").annotate(last=Max("no"))
    return {(retention, code): last for retention, code, last in rows}


def used_elsewhere(volume: Volume) -> frozenset[str]:
    """Archive numbers that sealed volumes hold which VOLUME does not succeed."""
    found = Filed.objects.filter(
        volume__agency=volume.agency_id, volume__state=VolumeState.SEALED, volume__year=volume.year, annex_of__isnull=True
    )  # fmt: skip
    return frozenset(
        found.exclude(volume__in=[*line_of(volume), volume.pk or 0]).values_list("archive_no", flat=True)
    )


def digest_of(volume: Volume, rows: Iterable[Filed], fonds: Fonds | None) -> str:
    """Of all that a check looks at and a package is made of: another digest, another check. ROWS as `listed`."""
    facts = [
        volume.agency_id, volume.year, volume.title, fonds.code if fonds else "", fonds.archive if fonds else "",
        [
            [row.evidence_id, row.file.blob.sha256 if row.file else "", row.retention, row.code, row.no, row.archive_no, row.doc_no, row.issuer,
             row.title, str(row.dated_on or ""), row.secrecy, row.pages, row.note,
             *([row.annex_of.evidence_id, row.order] if row.annex_of else [])]
            for row in rows
        ],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def in_journal(rows: Collection[Filed]) -> set[int]:
    """Versions (and, of links, evidence as its negative id) whose deposit the record tells, with the same bytes: an entry
    by which the bytes came names the beginning of their SHA-256."""
    evidence = [row.evidence_id for row in rows]
    entries = Entry.objects.filter(
        subject_kind="evidence.evidence", subject_id__in=evidence, action__in=TAKEN_IN, refused=""
    )
    bytes_of = {row.file_id: row.file.blob for row in rows if row.file}
    found: set[int] = set()
    for pk, action, changes in entries.values_list("subject_id", "action", "changes").iterator():
        if action == "evidence.deposit_link":
            found.add(-int(pk or 0))
        put = {
            int(note["id"]): str(note["label"])
            for note in changes
            if note.get("kind") == "evidence.blob" and note.get("made")
        }
        for note in changes:
            if note.get("kind") == "evidence.version" and note.get("made"):
                blob = bytes_of.get(int(note["id"]))
                if blob is None or put.get(blob.pk, str(blob)) == str(blob):
                    found.add(int(note["id"]))
    return found


@dataclass(frozen=True)
class Recheck:
    """What the last look at a sealed package found."""

    at: str
    by: str
    problems: tuple[str, ...]
    files: int


def last_recheck(volume: Volume) -> Recheck | None:
    entry = (
        Entry.objects.filter(action="evidence.note_recheck", subject_kind="evidence.volume", subject_id=volume.pk, refused="").order_by("-id").first()
    )  # fmt: skip
    if entry is None:
        return None
    for note in entry.changes:
        if "recheck" in note:
            told = note["recheck"]
            return Recheck(
                entry.at[:16].replace("T", " "), entry.actor_name, tuple(told["problems"]), told["files"]
            )
    return None


def numbered_pieces(volume: Volume, rows: list[Filed]) -> list[tuple[Filed, Piece]]:
    """ROWS with the numbers that they get, in the catalogue's order; nothing is written. Refused where a class is full."""
    kept = kept_numbers(volume, rows)
    by_key = {row.pk or row.evidence_id: row for row in rows}
    pieces = [replace(piece_of(row), kept_no=kept.get(row.evidence_id, 0)) for row in rows]
    try:
        found = rules.numbered(pieces, last_numbers(volume.agency_id, volume.year, volume))
    except ValueError as error:
        raise Refused(f"机构代码 {error} 一类超过 {rules.MOST} 件，件号编不下。请分年度归档。") from error
    return [(by_key[one.key], one) for one in found]


def on_day(text: str) -> date | None:
    """A date as typed: 2020-06-10 or 20200610; None for nothing. Refused for what is none."""
    bare = text.strip()
    if not bare:
        return None
    try:
        if len(bare) == 8 and bare.isdecimal() and bare.isascii():
            return date(int(bare[:4]), int(bare[4:6]), int(bare[6:]))
        return date.fromisoformat(bare)
    except ValueError:
        raise Refused(f"日期“{bare[:20]}”认不出。请写成 2020-06-10 或 20200610。") from None
