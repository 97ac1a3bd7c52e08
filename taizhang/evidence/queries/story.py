"""One piece of evidence: its versions, and what happened to it, from the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from taizhang.journal.models import Entry

from ..models import Evidence, Kind, Secrecy, Version
from ..rules.captions import LABELS


@dataclass(frozen=True)
class VersionRow:
    """A version as the page shows it; digests in full."""

    pk: int
    no: int
    original_name: str
    by: str
    at: datetime
    size: int
    mime: str
    sha256: str
    sm3: str
    thumbnail: str
    width: int | None
    height: int | None


@dataclass(frozen=True)
class Line:
    """A line of 经过: time as shown, words."""

    at: str
    text: str
    quote: str = ""


def versions_of(evidence: Evidence) -> list[VersionRow]:
    """Newest first."""
    rows: Iterable[tuple[Any, ...]] = Version.objects.filter(evidence=evidence).order_by("-no").values_list(
        "pk", "no", "original_name", "by__name", "at", "blob__size", "blob__mime", "blob__sha256", "blob__sm3",
        "blob__thumbnail", "blob__width", "blob__height",
    )  # fmt: skip
    return [VersionRow(pk, no, name, by or "系统", *rest) for pk, no, name, by, *rest in rows]


def story(evidence: Evidence) -> list[Line]:
    """What was done, newest first; citations are told on the ledger's page."""
    entries = (
        Entry.objects.filter(subject_kind="evidence.evidence", subject_id=evidence.pk, refused="")
        .order_by("-id")
        .values_list("at", "actor_name", "label", "changes")[:100]
    )
    return [
        Line(at[:16].replace("T", " "), f"{who} {label}", _what(changes, evidence.pk))
        for at, who, label, changes in entries
    ]


def _what(changes: list[dict[str, object]], pk: int) -> str:
    """The caption's changes in words: `地点：二楼会议室 → 三楼会议室`."""
    told = []
    for change in changes:
        fields = change.get("fields")
        if (
            change.get("kind") != "evidence.evidence"
            or change.get("id") != pk
            or not isinstance(fields, dict)
        ):
            continue
        for name, (old, new) in fields.items():
            if name in LABELS:
                told.append(f"{LABELS[name]}：{old or '（空）'} → {new or '（空）'}")
            elif name == "kind":
                told.append(f"类别：{Kind(old).label} → {Kind(new).label}")
            elif name == "reason":
                told.append(f"原因：{new}")
            elif name == "secrecy":
                told.append(f"范围：{Secrecy(old).label} → {Secrecy(new).label}")
    return "；".join(told)
