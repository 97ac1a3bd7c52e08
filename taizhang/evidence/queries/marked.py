"""What was stopped for a mark of secrecy: what was found, and what the desk must tell whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from taizhang.org.permits import Permit
from taizhang.org.queries import paths_where
from taizhang.org.queries.posts import beneath

from ..models import Evidence, EvidenceState, ReadingState, Version
from .scope import stopped, with_stopped


@dataclass(frozen=True)
class Marked:
    """A version that bears a mark: its file, page and words as found, when it was stopped."""

    no: int
    name: str
    words: str
    at: datetime | None


def marks_of(evidence: Evidence) -> list[Marked]:
    rows = Version.objects.filter(evidence=evidence, blob__reading__state=ReadingState.CLASSIFIED).order_by(
        "-no"
    )
    columns = ("no", "original_name", "blob__reading__fault", "blob__reading__read_at")
    return [Marked(*values) for values in rows.values_list(*columns)]


def stopped_to_tell(user: Any) -> list[tuple[int, str]]:
    """(Id, receipt) of the stopped pieces that wait for USER: the creation office's, and what they deposited."""
    person = getattr(user, "person", None)
    mine = beneath(paths_where(user, Permit.LEDGER_MANAGE), "agency__path")
    if person is not None:
        mine |= Q(by=person)
    found = with_stopped(user).filter(mine, pk__in=stopped(), state=EvidenceState.LIVE).order_by("-pk")
    return list(found.values_list("pk", "number")[:20])
