"""The list of standards: each with its edition in force, and the imports going on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from ..models import Draft, Edition, EditionState, OwnerKind, Standard
from .scope import drafts_for, standards_for


@dataclass(frozen=True)
class StandardRow:
    """One line: the standard and what its edition in force (else its last one) holds."""

    pk: int
    name: str
    owner: str
    agency: str
    sample: bool
    editions: int
    label: str
    leaves: int
    points: Decimal
    stated: Decimal | None
    source: str


@dataclass(frozen=True)
class DraftRow:
    pk: int
    source: str
    agency: str
    by: str
    changed_at: datetime
    edits: int
    doing: str  # 导入, 编写, 修订, 更正
    left: dict[
        str, int
    ]  # "must", "confirm", "guess": what is still to be done; empty when nothing was done yet


def standard_rows(user: Any) -> list[StandardRow]:
    """Own ones first, samples last; two queries."""
    standards = standards_for(user).values_list("pk", "name", "owner_kind", "agency__name", "sample")
    leaf = Q(indicators__is_leaf=True)
    shown: dict[int, tuple[Any, ...]] = {}
    counts: dict[int, int] = {}
    for row in (
        Edition.objects.filter(standard__in=standards_for(user))
        .annotate(leaves=Count("indicators", filter=leaf), sum=Sum("indicators__points", filter=leaf))
        .order_by("pk")
        .values_list("standard_id", "state", "label", "leaves", "sum", "stated_total", "source_name")
    ):
        counts[row[0]] = counts.get(row[0], 0) + 1
        if row[1] == EditionState.IN_FORCE or shown.get(row[0], (0, ""))[1] != EditionState.IN_FORCE:
            shown[row[0]] = row
    none = (0, "", "", 0, None, None, "")
    rows = []
    for pk, name, owner, agency, sample in standards:
        _, _, label, leaves, points, stated, source = shown.get(pk, none)
        owned = OwnerKind(owner).label
        rows.append(
            StandardRow(
                pk,
                name,
                owned,
                agency or "",
                sample,
                counts.get(pk, 0),
                label,
                leaves,
                points or Decimal(0),
                stated,
                source,
            )
        )
    return sorted(rows, key=lambda row: (row.sample, row.agency, row.pk))


def draft_rows(user: Any) -> list[DraftRow]:
    """Drafts begun and not yet saved; one query."""
    rows = (
        drafts_for(user)
        .filter(edition=None)
        .order_by("-changed_at")
        .values_list(
            "pk",
            "source_name",
            "agency__name",
            "by__person__name",
            "by__username",
            "changed_at",
            "choices",
            "written",
            "base_id",
            "over_id",
        )  # fmt: skip
    )
    return [
        DraftRow(
            pk,
            source,
            agency,
            name or account,
            at,
            _edits(choices),
            Draft(written=written, base_id=base, over_id=over).doing,
            choices.get("left") or {},
        )
        for pk, source, agency, name, account, at, choices, written, base, over in rows
    ]


def _edits(choices: dict[str, Any]) -> int:
    return sum(len(choices.get(part) or ()) for part in ("sheets", "nodes", "accepted"))


def names_of(agency_id: int) -> list[str]:
    """The names of the agency's own standards: a file saved under one of them becomes its next edition."""
    return list(Standard.objects.filter(agency=agency_id).order_by("pk").values_list("name", flat=True))
