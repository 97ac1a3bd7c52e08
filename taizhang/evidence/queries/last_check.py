"""材料校验: what the last checks of the bytes found, as the office and the keeper of the system read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min, Q
from django.utils.dateparse import parse_datetime

from taizhang.journal.models import Entry
from taizhang.org.permits import Permit
from taizhang.org.queries import paths_where
from taizhang.org.queries.posts import beneath

from ..models import Blob, Evidence, EvidenceState

SHOWN = 20
#: problems that one entry of the record keeps; of more than these something is very wrong, and all is told anyway
MOST_NOTED = 200


@dataclass(frozen=True)
class Run:
    """One check as it was put on record."""

    at: datetime | None
    checked: int
    bytes: int
    left: int
    seconds: float
    finished: bool
    begun: datetime | None  # of the round it belongs to
    problems: int
    why: str


@dataclass(frozen=True)
class Damage:
    """One thing found wrong by the last check. `name` is told to those who may see the material."""

    pk: int
    receipt: str
    unit: str
    name: str
    items: str
    problem: str


@dataclass(frozen=True)
class LastCheck:
    """`files`: of the agencies the reader answers for, `unread` of them never read again, the others since `oldest`."""

    runs: list[Run]
    damages: list[Damage]
    files: int
    unread: int
    oldest: datetime | None
    whole: datetime | None  # when a round was last finished


def runs(most: int = SHOWN) -> list[tuple[Run, list[dict[str, Any]]]]:
    """The last checks that are on record, newest first, each with what it found."""
    found = Entry.objects.filter(action="evidence.note_check", refused="").order_by("-id")[:most]
    made = []
    for at, changes in found.values_list("at", "changes"):
        said: dict[str, Any] = next((change["check"] for change in changes if "check" in change), {})
        made.append(
            (
                Run(
                    parse_datetime(at), said.get("checked", 0), said.get("bytes", 0), said.get("left", 0), said.get("seconds", 0),
                    bool(said.get("finished")), parse_datetime(said.get("begun") or ""), said.get("count", 0), said.get("why", ""),
                ),
                said.get("problems", []),
            )
        )  # fmt: skip
    return made


def round_begun() -> datetime | None:
    """When the round began that the last check left unfinished; None where a new one begins."""
    last = runs(1)
    return last[0][0].begun if last and not last[0][0].finished else None


def last_check(user: Any) -> LastCheck:
    """What USER may know: the checks, and what they found wrong in the agencies that USER answers for."""
    kept = runs()
    business = beneath(paths_where(user, Permit.LEDGER_MANAGE), "agency__path")
    mine = Evidence.objects.filter(
        business | beneath(paths_where(user, Permit.ACCOUNT_MANAGE), "agency__path")
    )
    damages = []
    problems = kept[0][1] if kept else []
    pks = [one["evidence"] for one in problems if one.get("evidence")]
    open_to = set(mine.filter(business, pk__in=pks).values_list("pk", flat=True))
    near = set(mine.filter(pk__in=pks).values_list("pk", flat=True))
    for one in problems:
        pk = one.get("evidence")
        if pk in near:
            version = f"第 {one['version']} 版" if one.get("version") else ""
            # the keeper of the system learns which receipt is damaged, not what the material is about (三员分立)
            name = one.get("name", "") if pk in open_to else ""
            items = "、".join(one.get("items", [])) if pk in open_to else ""
            damages.append(
                Damage(
                    pk,
                    f"{one['receipt']} {version}".strip(),
                    one.get("unit", ""),
                    name,
                    items,
                    one["problem"],
                )
            )
    files = Blob.objects.filter(versions__evidence__in=mine.exclude(state=EvidenceState.GONE)).distinct()
    sums = files.aggregate(oldest=Min("checked_at"))
    return LastCheck(
        [run for run, _ in kept], damages, files.count(), files.filter(Q(checked_at__isnull=True)).count(),
        sums["oldest"], next((run.at for run, _ in kept if run.finished), None),
    )  # fmt: skip


__all__ = ["Damage", "LastCheck", "Run", "last_check", "round_begun", "runs"]
