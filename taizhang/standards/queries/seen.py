"""Pages of scans as they were recognised."""

from typing import Any

from ..models import Draft, SeenPage


def seen_pages(sha256: str) -> dict[int, dict[str, Any]]:
    """The recognised pages of the file with these bytes, by their numbers; one query."""
    return dict(SeenPage.objects.filter(sha256=sha256).values_list("no", "told"))


def unreadable_pages(sha256: str) -> int:
    """How many pages of the file could not be recognised at all."""
    return SeenPage.objects.filter(sha256=sha256, told__has_key="fault").count()


def unseen_pages(draft: Draft) -> list[int]:
    """Pages of the draft's file that are still to be recognised; no query where none ever were."""
    if not draft.scans:
        return []
    held = set(SeenPage.objects.filter(sha256=draft.source_sha256).values_list("no", flat=True))
    return [no for no in draft.scans if no not in held]
