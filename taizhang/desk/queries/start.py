"""What to do first, where there is no campaign yet."""

from dataclasses import dataclass
from typing import Any

from taizhang.campaigns.models import Campaign
from taizhang.campaigns.queries import agencies_to_edit
from taizhang.org.models import Person, Unit
from taizhang.standards.models import Edition, EditionState


@dataclass(frozen=True)
class Start:
    """How far an agency is. `may_begin`: whether this person sets it up."""

    may_begin: bool
    people: int
    units: int
    standards: int
    own_standards: int
    campaigns: int


def start_of(user: Any) -> Start:
    """Counted for the person's own agency, else for the first that the person sets up."""
    person = getattr(user, "person", None)
    first = person.agency_id if person else agencies_to_edit(user).values_list("pk", flat=True).first()
    agency: int = first or 0
    editions = Edition.objects.exclude(state=EditionState.DRAFT)
    return Start(
        agencies_to_edit(user).exists(), Person.objects.filter(agency=agency).count(),
        Unit.objects.filter(agency=agency).exclude(pk=agency).count(),
        editions.filter(standard__agency=None).count(), editions.filter(standard__agency=agency).count(),
        Campaign.objects.filter(unit=agency).count(),
    )  # fmt: skip
