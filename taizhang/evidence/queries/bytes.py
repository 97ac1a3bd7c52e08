"""Reading every byte of the store again, a while at a time: what was read longest ago comes first."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from taizhang.kit.files import store

from ..models import Blob, Version
from .keeping import gone_blobs

#: (done, all, what is being done)
Progress = Callable[[int, int, str], None]
#: (ids of evidence) → the words of the items that cite each
Items = Callable[[list[int]], dict[int, list[str]]]
#: (ids of blobs, when they were read and found whole)
Keep = Callable[[Collection[int], datetime], None]

BATCH = 500
#: seconds after which progress is noted even in the middle of a batch: what a killed check has to read again
NOTED_EVERY = 10.0


@dataclass(frozen=True)
class Fault:
    """Something wrong: in words, with the receipt, the unit and the items it touches where there are such."""

    problem: str
    receipt: str = ""
    version: int = 0
    unit: str = ""
    name: str = ""
    evidence: int | None = None
    items: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = self.receipt + (f" 第 {self.version} 版" if self.version else "")
        return f"{where}：{self.problem}" if where else self.problem

    def citing(self, items: Collection[str]) -> "Fault":
        return replace(self, items=tuple(items))

    @property
    def told(self) -> dict[str, Any]:
        """For a program."""
        return {
            "receipt": self.receipt, "version": self.version or None, "unit": self.unit, "items": list(self.items),
            "name": self.name, "problem": self.problem, "evidence": self.evidence,
        }  # fmt: skip


@dataclass(frozen=True)
class Walked:
    """How far the bytes were read. `left`: blobs of this round that wait for the next time; `bad`: blob → what is wrong."""

    checked: int
    bytes: int
    total: int
    left: int
    seconds: float
    bad: dict[int, str] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        return self.left == 0


def unread_since(begun: datetime) -> set[int]:
    """Blobs whose bytes were not found whole since BEGUN: what is left of a round begun then."""
    return set(
        Blob.objects.filter(Q(checked_at__isnull=True) | Q(checked_at__lt=begun)).values_list("pk", flat=True)
    )


def walk(
    *, full: bool = True, seconds: float | None = None, only: set[int] | None = None, progress: Progress | None = None,
    keep: Keep | None = None,
) -> Walked:  # fmt: skip
    """Compare blobs (all, or ONLY these) with their bytes, longest unread first, for SECONDS at most.

    What is found whole is handed to KEEP in batches, so that a killed or ended walk goes on where it stopped. What
    is damaged is not: it stays the first to be looked at, and is told every time until it is healed.
    """
    began = time.monotonic()
    gone = gone_blobs()
    order = Blob.objects.order_by(F("checked_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)
    waiting = [pk for pk in order if pk not in gone and (only is None or pk in only)]
    total = len(waiting)
    fault_of = store().fault
    checked = size_read = 0
    bad: dict[int, str] = {}
    whole: list[int] = []
    noted = began
    ended = False

    def note() -> None:
        nonlocal whole, noted
        if keep is not None and full and whole:
            keep(whole, timezone.now())  # the real clock: two rounds on one pretended day differ
        whole, noted = [], time.monotonic()

    for start in range(0, total, BATCH):
        batch = waiting[start : start + BATCH]
        rows = {
            pk: (sha256, size)
            for pk, sha256, size in Blob.objects.filter(pk__in=batch).values_list("pk", "sha256", "size")
        }
        for pk in batch:
            if progress is not None and checked % 100 == 0:
                progress(checked, total, "核对文件")
            sha256, size = rows[pk]
            if fault := fault_of(sha256, size, full=full):
                bad[pk] = fault
            else:
                whole.append(pk)
            checked += 1
            size_read += size
            now = time.monotonic()
            if now - noted > NOTED_EVERY:
                note()
            if seconds is not None and now - began >= seconds:
                ended = True
                break
        note()
        if ended:
            break
    if progress is not None:
        progress(checked, total, "核对文件")
    return Walked(checked, size_read, total, total - checked, time.monotonic() - began, bad)


def faults_of(bad: dict[int, str]) -> list[Fault]:
    """A fault for every version that has one of the BAD blobs; for a blob that nobody has, one that says so."""
    faults: list[Fault] = []
    rows: dict[int, list[Fault]] = {pk: [] for pk in bad}
    versions = Version.objects.filter(blob__in=bad).order_by("pk").values_list(
        "blob_id", "evidence__number", "no", "evidence__unit__name", "original_name", "evidence_id"
    )  # fmt: skip
    for blob, number, no, unit, name, evidence in versions:
        rows[blob].append(Fault(bad[blob], number, no, unit, name, evidence))
    for pk, found in rows.items():
        faults += found or [Fault(bad[pk], "没有材料用到的文件")]
    return faults
