"""What of the standards a user reaches."""

from typing import Any

from django.db.models import Q, QuerySet

from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.permits import Permit
from taizhang.org.queries import paths_where
from taizhang.org.queries.posts import beneath

from ..models import Draft, Edition, Standard


def standards_for(user: Any) -> QuerySet[Standard]:
    """Those of the agencies that USER reaches, of the own one, and the samples, which everybody sees."""
    paths = paths_where(user, Permit.STANDARD_VIEW)
    if not paths:
        return Standard.objects.none()
    own = getattr(getattr(user, "person", None), "agency_id", None)
    within = beneath(paths, "agency__path") | Q(agency=None)
    return Standard.objects.filter(within | Q(agency=own) if own else within)


def editions_for(user: Any) -> QuerySet[Edition]:
    return Edition.objects.filter(standard__in=standards_for(user))


def drafts_for(user: Any) -> QuerySet[Draft]:
    """Imports going on or done, of the agencies for which USER may import."""
    return Draft.objects.filter(beneath(paths_where(user, Permit.STANDARD_EDIT), "agency__path"))


def agencies_to_edit(user: Any) -> list[Unit]:
    """The agencies for which USER may import a standard, the own one first."""
    own = getattr(getattr(user, "person", None), "agency_id", None)
    found = Unit.objects.filter(
        beneath(paths_where(user, Permit.STANDARD_EDIT)), kind=UnitKind.AGENCY, ends_on__isnull=True
    )
    return sorted(found, key=lambda unit: unit.pk != own)
