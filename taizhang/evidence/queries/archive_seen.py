"""What the four checks look at: the bytes as they lie now, the readings, the record. Slow: for the background."""

import hashlib
from collections.abc import Callable, Iterable

from taizhang.journal.queries import check_chains
from taizhang.kit.files import read_pieces, store

from ..models import Filed, Reading, ReadingState, Volume
from ..rules import archive as rules
from ..rules.archive_checks import Check, Seen, answers_of, examined
from ..rules.secrecy import secret_name
from . import archive as filing
from .reading import mark_cleared

Tell = Callable[[int, int, str], None]

#: kinds of files that can be set in pages, by the beginning of their MIME type or a word in it
SHOWS = ("application/pdf", "application/ofd", "text/", "image/", "message/rfc822", "multipart/related")
OFFICE = ("msword", "ms-excel", "ms-powerpoint", "officedocument", "opendocument", "rtf")


def shows(mime: str) -> bool:
    return mime.startswith(SHOWS) or any(word in mime for word in OFFICE)


def checked(volume: Volume, rows: list[Filed], tell: Tell) -> list[Check]:
    """The four checks of the volume as it is; what was answered before stays answered."""
    pieces = [filing.piece_of(row) for row in rows]
    seen = look_at(rows, tell)
    chain = check_chains([volume.agency_id]).problems
    numbers = {piece.key: filing.name_of(row) for piece, row in zip(pieces, rows, strict=True)}
    used = filing.used_elsewhere(volume)
    return examined(pieces, numbers, seen, volume.year, chain, answers_of(volume.checks), used)


def look_at(rows: list[Filed], tell: Tell) -> dict[int, Seen]:
    """By key of the piece. Every byte is read."""
    readings = {
        one.blob_id: one
        for one in Reading.objects.filter(blob__in=[row.file.blob_id for row in rows if row.file])
    }
    told = filing.in_journal(rows)
    found = {}
    for at, row in enumerate(rows):
        if at % 20 == 0:
            tell(at, len(rows), "核对文件")
        found[row.pk or row.evidence_id] = _seen(
            row, readings.get(row.file.blob_id) if row.file else None, told
        )
    return found


def _seen(row: Filed, reading: Reading | None, told: set[int]) -> Seen:
    title_marked = bool(_marked(row.title, row.doc_no))
    if row.file is None:
        return Seen(in_journal=-row.evidence_id in told, marked=title_marked, url=row.evidence.url)
    blob = row.file.blob
    fault = store().fault(blob.sha256, blob.size, full=True)
    state = reading.state if reading else ReadingState.WAITING.value
    return Seen(
        mime=blob.mime, fault=fault, sm3_same=bool(fault) or sm3_of(blob.sha256) == blob.sm3, in_journal=row.file.pk in told, state=state,
        unread=reading.fault if reading else "", warnings=tuple(one["code"] for one in reading.warnings) if reading else (),
        has_face=bool(reading and reading.face), shows=shows(blob.mime), url=row.evidence.url,
        marked=(title_marked or _marked(row.file.original_name)) and not mark_cleared(blob.pk),
    )  # fmt: skip


def _marked(*names: str) -> bool:
    return any(secret_name(name) for name in names)


def sm3_of(sha256: str) -> str:
    digest = hashlib.new("sm3")
    with store().open(sha256) as handle:
        for piece in read_pieces(handle):
            digest.update(piece)
    return digest.hexdigest()


def recounted(rows: Iterable[Filed]) -> dict[int, int]:
    """Pages of each piece as its reading now says, where that is more than none: row → pages."""
    held = list(rows)
    readings = {
        one.blob_id: one
        for one in Reading.objects.filter(blob__in=[row.file.blob_id for row in held if row.file])
    }
    return {
        row.pk: pages
        for row in held
        if row.file
        and (pages := filing.pages_of(row.file, readings.get(row.file.blob_id)))
        and pages != row.pages
    }


__all__ = ["checked", "look_at", "recounted", "rules", "shows", "sm3_of"]
