"""Departments of other agencies that take part in a campaign, and what their choosing shows of those agencies."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.permits import Permit
from taizhang.org.queries import alive, on_day
from taizhang.org.queries import holders as posts_held
from taizhang.org.queries.posts import beneath, paths_where
from taizhang.org.rules.holders import Holders

from ..models import Campaign, Joined
from ..rules.joined import standing, term_words

#: what of another agency can take part: a body with people of its own
BODIES = (UnitKind.DEPARTMENT, UnitKind.OFFICE, UnitKind.PARTY_BODY, UnitKind.UNION, UnitKind.OTHER)


def guests_on(agency: Unit | int, day: date) -> QuerySet[Any, Any]:
    """Ids of the departments of others that take part in some campaign of AGENCY on DAY: a query to be built in."""
    return Joined.objects.filter(on_day(day), campaign__unit=agency).values("unit")


def holders(agency: Unit, today: date) -> Holders:
    """Who may stand at a step in AGENCY's campaigns: its own posts, and heads and liaisons of who takes part."""
    return posts_held(agency, today, guests_on(agency, today))


def takes_part(campaign: int, unit: Unit, day: date) -> bool:
    """Whether UNIT, of another agency, takes part in the campaign on DAY."""
    return Joined.objects.filter(on_day(day), campaign=campaign, unit=unit).exists()


def joined_on(campaign: int, day: date) -> QuerySet[Unit]:
    """The departments of other agencies that take part in the campaign on DAY, as units."""
    taking = Joined.objects.filter(on_day(day), campaign=campaign).values("unit")
    return Unit.objects.filter(pk__in=taking).select_related("agency")


def joined_for(user: Any) -> QuerySet[Joined]:
    """The rows of campaigns that USER sees."""
    return Joined.objects.filter(
        beneath(paths_where(user, Permit.CAMPAIGN_VIEW), "campaign__unit__path")
    ).select_related("campaign__unit", "unit__agency")


@dataclass(frozen=True)
class JoinedRow:
    """A line of 参加单位. `state`: 未开始, 参加中, 已结束."""

    pk: int
    version: int
    unit_id: int
    name: str
    agency: str
    term: str
    ends_on: date | None
    state: str
    note: str


def joined_rows(campaign: Campaign, today: date) -> list[JoinedRow]:
    """All that take part or did, those of today first; one query."""
    rows = [
        JoinedRow(
            one.pk, one.version, one.unit_id, one.unit.name, one.unit.agency.name if one.unit.agency else "",
            term_words(one.starts_on, one.ends_on), one.ends_on, standing(one.starts_on, one.ends_on, today), one.note,
        )
        for one in Joined.objects.filter(campaign=campaign).select_related("unit__agency").order_by("starts_on", "pk")
    ]  # fmt: skip
    return sorted(rows, key=lambda row: ("参加中", "未开始", "已结束").index(row.state))


def agencies_to_join(campaign: Campaign, today: date) -> list[tuple[int, str]]:
    """The other agencies of this site, id and name: all that the host sees of them, with `bodies_to_join`."""
    found = Unit.objects.filter(alive(today), kind=UnitKind.AGENCY).exclude(pk=campaign.unit_id)
    return list(found.order_by("path").values_list("pk", "name"))


def bodies_to_join(campaign: Campaign, agency: int, today: date) -> QuerySet[Unit]:
    """The departments of one other agency that may take part."""
    return (
        Unit.objects.filter(alive(today), agency=agency, kind__in=BODIES)
        .exclude(agency=campaign.unit_id)
        .order_by("order", "pk")
    )
