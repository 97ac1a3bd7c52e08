"""Background work: ids in, one action, safe to run twice."""

import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

from django_tasks import task

from taizhang.kit import jobs
from taizhang.kit.apart import Apart, Ended
from taizhang.kit.files import store
from taizhang.org.queries import system_user

from . import actions, queries
from .models import Reading, ReadingState, Version
from .rules import readers
from .rules.letterhead import letterhead
from .rules.secrecy import Mark, secret_marks
from .sheets import archive_run

READ = "taizhang.evidence.jobs.read"


@task()
def thumbnail(version_id: int) -> str:
    """Make the small copy of a version's file; its SHA-256, or "" for what cannot be drawn."""
    version = Version.objects.select_related("blob", "evidence__unit", "evidence__agency").get(pk=version_id)
    with tempfile.TemporaryDirectory(prefix="taizhang-draw-") as folder:
        return _draw_small(version, folder)


@cache
def reader() -> Apart:
    """The child that reads, one for each worker process; it stays warm between files."""
    return Apart("taizhang.kit.texts:answer")


@task()
def read(version_id: int) -> str:
    """Read a version's file; the state it came to. A scan goes on at the page where a killed worker stopped."""
    version = Version.objects.select_related("blob", "evidence__unit", "evidence__agency").get(pk=version_id)
    reading = Reading.objects.filter(blob=version.blob).first()
    if (
        reading
        and reading.state != ReadingState.WAITING
        and reading.reader >= readers.version_for(version.blob.mime)
    ):
        return reading.state
    by = system_user()
    facts: dict[str, Any] = {}
    began = time.monotonic()
    start = queries.next_page(version.blob_id)
    with tempfile.TemporaryDirectory(prefix="taizhang-read-") as folder:
        while True:
            try:
                told = reader().ask(_question(version, folder, start), readers.SECONDS)
            except Ended as ended:
                actions.note_try(version, by=by, fault=readers.FAULTS[ended.why])
                if queries.reading_state(version.blob_id) == ReadingState.WAITING:
                    continue  # once more, with a fresh child
                return ReadingState.UNREADABLE
            if "unreadable" in told:
                code, words = told["unreadable"]
                warnings = [{"code": code, "text": words}]
                actions.note_reading(
                    version, by=by, state=ReadingState.UNREADABLE, fault=words, warnings=warnings
                )
                return ReadingState.UNREADABLE
            if marks := _marks(version, told["leaves"]):
                actions.stop(version, by=by, marks=marks)
                return ReadingState.CLASSIFIED
            facts = _facts(told, facts)
            start = told["go_on"]
            if not start:
                break  # what was read last is kept with what came of it
            actions.keep_pages(version, by=by, leaves=told["leaves"])
            if time.monotonic() - began > readers.TURN:  # a thick scan lets the others go first
                jobs.enqueue(READ, version_id, later=True)
                return ReadingState.WAITING
        for kind in ("poster", "face"):
            if path := told["made"].get(kind):
                facts[kind] = _kept(Path(path))
        last = told["leaves"]
        begun = not last or last[0]["no"] > 1  # some pages were kept in steps before
        facts["ocr"] = facts["ocr"] or (begun and queries.has_lines(version.blob_id))
        facts |= _letterhead(version, last, begun=begun)
        actions.note_reading(version, by=by, state=ReadingState.READ, leaves=last, **facts)
        made = told["made"].get("thumbnail", "")
        _draw_small(version, folder, {"made": made, "width": told["width"], "height": told["height"]})
    return ReadingState.READ


def _marks(version: Version, leaves: list[dict[str, Any]]) -> list[Mark]:
    """The marks of secrecy on pages just read, before anything of them is kept; none once the office has lifted them."""
    marks = [mark for leaf in leaves for mark in secret_marks([leaf["text"]], first=leaf["no"])]
    return [] if marks and queries.mark_cleared(version.blob_id) else marks


def _letterhead(version: Version, last: list[dict[str, Any]], *, begun: bool) -> dict[str, Any]:
    """What a document says of itself, as fields of Reading; LAST: the pages that are not kept yet, all unless BEGUN."""
    kept = queries.first_pages(version.blob_id, before=last[0]["no"] if last else None) if begun else []
    found = letterhead([*kept, *(leaf["text"] for leaf in last)])
    return {
        "doc_no": found.doc_no[:80],
        "issuer": found.issuer[:120],
        "title": found.title[:300],
        "dated_on": found.date,
        "head_page": found.head_page,
    }


def _draw_small(version: Version, folder: str, drawn: dict[str, Any] | None = None) -> str:
    """The small copy for lists, drawn once, by the child; "" where there is nothing to draw.

    DRAWN: what the reader made of it on the way, if it did.
    """
    blob = version.blob
    blob.refresh_from_db()
    if blob.thumbnail and store().exists(blob.thumbnail):
        return blob.thumbnail
    if not drawn or not drawn["made"]:
        drawn = _asked_to_draw(version, folder)
    if not drawn.get("made"):
        return ""  # the list shows a sheet of paper instead
    small = _kept(Path(drawn["made"]))
    actions.set_thumbnail(
        version, by=system_user(), thumbnail=small, width=drawn["width"], height=drawn["height"]
    )
    return small


def _asked_to_draw(version: Version, folder: str) -> dict[str, Any]:
    shown = queries.shown(version.blob)
    mime = shown.mime or (version.blob.mime if version.blob.mime.startswith("video/") else "")
    if not mime:
        return {}
    question = _question(version, folder, 1) | {"only": "thumbnail", "mime": mime, "no": shown.head}
    question["path"] = str(store().path(shown.sha256 or version.blob.sha256))
    try:
        return reader().ask(question, readers.SECONDS_DRAW)
    except Ended:
        return {}


def _question(version: Version, folder: str, start: int) -> dict[str, Any]:
    path = store().path(version.blob.sha256)
    return actions.question(path, version.original_name, version.blob.mime, folder, start)


def _facts(told: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Fields of Reading; of a file read in several answers what any of them said."""
    warnings = before.get("warnings", [])
    found = [{"code": code, "text": text} for code, text in told["warnings"]]
    return {
        "pages": told["pages"],
        "ocr": before.get("ocr", False) or any(leaf["ocr"] for leaf in told["leaves"]),
        "seconds": told["seconds"],
        "taken_on": told["taken_on"],
        "likeness": told["likeness"],
        "warnings": warnings + [warning for warning in found if warning not in warnings],
    }


def _kept(path: Path) -> str:
    """What the reader made, put into the store; its SHA-256."""
    with open(path, "rb") as handle:
        return store().put(iter(lambda: handle.read(2**20), b""), limit=path.stat().st_size + 1).sha256


def read_what_waits() -> int:
    """Queue every file that no reader has looked at; called when the worker starts. How many they are."""
    queued = jobs.queued(READ)
    waiting = [version for version in queries.unread_versions() if version not in queued]
    for version in waiting:
        jobs.enqueue(READ, version, later=True)
    return len(waiting)


@task(priority=jobs.FIRST)
def archive(volume_id: int, do: str, person_id: int) -> str:
    """Check, seal or look again at a volume (归档). Safe to run twice: a sealed one refuses, a check is made anew."""
    return archive_run.carry_out(volume_id, do, person_id, read.func)
