"""What the wizard and the command line propose: standards, owner offices, chains, years."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.standards.models import Edition, EditionState, OwnerKind

from ..rules import plans
from ..rules.plans import YearPlan
from ..rules.steps import StepPlan, default_chain

OWNING = [UnitKind.OFFICE, UnitKind.PARTY_BODY, UnitKind.UNION, UnitKind.DEPARTMENT]
#: which kind of unit looks after a standard of which kind
OWNER_OF = {OwnerKind.PARTY: UnitKind.PARTY_BODY, OwnerKind.UNION: UnitKind.UNION}


@dataclass(frozen=True)
class TrackPlan:
    """One track to be made: which edition, who owns it, what it aims at, how it is reviewed."""

    edition: Edition
    owner: Unit
    title: str
    target_year: int | None
    steps: tuple[StepPlan, ...]


@dataclass(frozen=True)
class Proposal:
    """Everything `actions.start` needs besides a name and the day of starting."""

    tracks: tuple[TrackPlan, ...]
    years: tuple[YearPlan, ...]


def editions_for(agency: Unit) -> QuerySet[Edition]:
    """Editions in force that AGENCY may take: its own and the samples; its own first."""
    mine = Q(standard__agency=agency) | Q(standard__agency__isnull=True)
    return (
        Edition.objects.filter(mine, state=EditionState.IN_FORCE)
        .select_related("standard")
        .order_by("standard__sample", "standard_id", "-pk")
    )


def owners_in(agency: Unit) -> list[Unit]:
    """The units of AGENCY that may own a track: offices, party bodies, unions, then departments."""
    found = Unit.objects.filter(agency=agency, kind__in=OWNING, ends_on__isnull=True)
    return sorted(found, key=lambda unit: (OWNING.index(UnitKind(unit.kind)), unit.order, unit.pk))


def owner_of(kind: str, owners: Sequence[Unit]) -> Unit | None:
    """The unit among OWNERS that looks after standards of KIND, else the creation office, else the first."""
    wanted = OWNER_OF.get(OwnerKind(kind), UnitKind.OFFICE)
    fit = [unit for unit in owners if unit.kind == wanted]
    if wanted == UnitKind.UNION:  # 妇委会 and 团委 are of the same kind
        fit = [unit for unit in fit if "工会" in unit.name] or fit
    if wanted == UnitKind.OFFICE:
        fit = [unit for unit in fit if "创建" in unit.name] or fit
    return fit[0] if fit else owners[0] if owners else None


def chain_for(owner: Unit) -> list[StepPlan]:
    return default_chain(str(owner), owner.kind == UnitKind.OFFICE)


def propose_track(edition: Edition, owners: Sequence[Unit], last_year: int) -> TrackPlan | None:
    """A track as proposed; None in an agency without any unit that could own it."""
    owner = owner_of(edition.standard.owner_kind, owners)
    if owner is None:
        return None
    return TrackPlan(edition, owner, "", last_year, tuple(chain_for(owner)))


def proposal(
    agency: Unit, editions: Sequence[Edition], first_year: int, last_year: int,
    assessed_on: date | None = None, **of_years: Any,
) -> Proposal:  # fmt: skip
    """A whole campaign as proposed, for the command line and the demo. OF_YEARS replaces fields of each year."""
    owners = owners_in(agency)
    tracks = [propose_track(edition, owners, last_year) for edition in editions]
    years = [replace(year, **of_years) for year in plans.default_years(first_year, last_year, assessed_on)]
    return Proposal(tuple(track for track in tracks if track), tuple(years))
