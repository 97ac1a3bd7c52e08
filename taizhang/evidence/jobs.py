"""Background work: ids in, one action, safe to run twice."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django_tasks import task

from taizhang.kit import jobs, pictures
from taizhang.kit.apart import Apart, Ended
from taizhang.kit.files import store
from taizhang.org.queries import system_user

from . import actions, queries
from .models import Reading, ReadingState, Version
from .rules import readers

READ = "taizhang.evidence.jobs.read"


@task()
def thumbnail(version_id: int) -> str:
    """Make the small copy of a version's picture; its SHA-256, or "" for what cannot be drawn."""
    version = Version.objects.select_related("blob", "evidence__unit", "evidence__agency").get(pk=version_id)
    blob = version.blob
    if blob.thumbnail and store().exists(blob.thumbnail):
        return blob.thumbnail
    try:
        with store().open(blob.sha256) as handle:
            seen = pictures.look(handle)
            small = pictures.thumbnail(handle)
    except (pictures.Broken, pictures.TooLarge):
        return ""  # the list shows a sheet of paper instead
    stored = store().put([small], limit=len(small))
    actions.set_thumbnail(
        version, by=system_user(), thumbnail=stored.sha256, width=seen.width, height=seen.height
    )
    return stored.sha256


@cache
def reader() -> Apart:
    """The child that reads, one for each worker process; it stays warm between files."""
    return Apart("taizhang.kit.texts:answer")


@task()
def read(version_id: int) -> str:
    """Read a version's file; the state it came to. A scan goes on at the page where a killed worker stopped."""
    version = Version.objects.select_related("blob", "evidence__unit", "evidence__agency").get(pk=version_id)
    reading = Reading.objects.filter(blob=version.blob).first()
    if reading and reading.state != ReadingState.WAITING and reading.reader >= readers.VERSION:
        return reading.state
    by = system_user()
    facts: dict[str, Any] = {}
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
            facts = facts or _facts(told)
            facts["ocr"] = facts["ocr"] or any(leaf["ocr"] for leaf in told["leaves"])
            actions.keep_pages(version, by=by, leaves=told["leaves"])
            start = told["go_on"]
            if not start:
                break
        for kind in ("poster", "face"):
            if path := told["made"].get(kind):
                facts[kind] = _kept(Path(path))
    actions.note_reading(version, by=by, state=ReadingState.READ, **facts)
    return ReadingState.READ


def _question(version: Version, folder: str, start: int) -> dict[str, Any]:
    return {
        "path": str(store().path(version.blob.sha256)),
        "name": version.original_name,
        "mime": version.blob.mime,
        "folder": folder,
        "pictures": settings.READS_PICTURES,
        "start": start,
    }


def _facts(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "pages": told["pages"],
        "ocr": False,
        "seconds": told["seconds"],
        "taken_on": told["taken_on"],
        "likeness": told["likeness"],
        "warnings": [{"code": code, "text": text} for code, text in told["warnings"]],
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
