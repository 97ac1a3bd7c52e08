"""Campaigns, tracks and years within reach; the one that the frame shows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from taizhang.kit.errors import Refused
from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.permits import Permit
from taizhang.org.queries.posts import beneath, paths_where

from ..models import Campaign, Stage, Track, Year
from ..rules import stages as stage_rules
from ..rules.states import YearState

#: the key in the session under which the chosen year (its id) is kept
CHOSEN = "campaign_year"


def _reach(user: Any, field: str) -> Q:
    return beneath(paths_where(user, Permit.CAMPAIGN_VIEW), field)


def campaigns_for(user: Any) -> QuerySet[Campaign]:
    return Campaign.objects.filter(_reach(user, "unit__path")).select_related("unit")


def find_campaign(said: str) -> Campaign:
    """The campaign of that name or id, for the command line. Refused when there is none, or more than one."""
    found = list(Campaign.objects.filter(name=said).select_related("unit")[:2])
    if not found and said.isascii() and said.isdecimal():
        found = list(Campaign.objects.filter(pk=int(said)).select_related("unit"))
    if not found:
        raise Refused(f"没有叫“{said}”的创建活动，也没有这个编号。")
    if len(found) > 1:
        raise Refused(f"有几个单位的创建活动都叫“{said}”，请改用编号（taizhang campaign list）。")
    return found[0]


def tracks_for(user: Any) -> QuerySet[Track]:
    return Track.objects.filter(_reach(user, "campaign__unit__path")).select_related(
        "campaign__unit", "edition__standard", "standard", "owner"
    )


def years_for(user: Any) -> QuerySet[Year]:
    return Year.objects.filter(_reach(user, "campaign__unit__path")).select_related("campaign__unit")


def year_to_adopt(campaign: Campaign) -> Year | None:
    """The year that a new edition is for: the newest that is open, else the first that is planned."""
    years = Year.objects.filter(campaign=campaign)
    return (
        years.filter(state=YearState.OPEN).order_by("-year").first()
        or years.filter(state=YearState.PLANNED).order_by("year").first()
    )


def agencies_to_edit(user: Any) -> QuerySet[Unit]:
    """The agencies for which USER may set up a campaign."""
    return Unit.objects.filter(beneath(paths_where(user, Permit.CAMPAIGN_EDIT)), kind=UnitKind.AGENCY)


@dataclass(frozen=True)
class Current:
    """The campaign year that the frame shows; `stage` is "" between stages, `state` a value of YearState."""

    campaign_id: int
    name: str
    unit_id: int
    year_id: int
    year: int
    theme: str
    state: str
    stage: str
    assessed_on: date


def current(user: Any, today: date, chosen: int | None = None) -> Current | None:
    """The year CHOSEN (an id, from the session) if USER still reaches it; else the newest open one of the
    user's own agency, else its newest planned one, else its newest. None if there is none. Two queries.
    """
    person = getattr(user, "person", None)
    own = Q(campaign__unit_id=person.agency_id) if person else Q(pk__in=[])
    rank = Case(
        When(pk=chosen or 0, then=Value(0)),
        When(state=YearState.OPEN, then=Value(1)),
        When(state=YearState.PLANNED, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    row = (
        years_for(user)
        .filter(own | Q(pk=chosen or 0))
        .annotate(rank=rank)
        # of several planned years the nearest comes first, of all others the newest
        .order_by("rank", Case(When(rank=2, then="year"), default=None), "-year", "-campaign_id")
        .values_list(
            "campaign_id",
            "campaign__name",
            "campaign__unit_id",
            "pk",
            "year",
            "theme",
            "state",
            "assessed_on",
        )
        .first()
    )
    if row is None:
        return None
    campaign, name, unit, pk, year, theme, state, assessed_on = row
    return Current(campaign, name, unit, pk, year, theme, state, stage_on(pk, today), assessed_on)


def stage_on(year: Year | int, today: date) -> str:
    """The name of the stage in which TODAY lies, "" if in none. YEAR: the record or its id."""
    pk = year if isinstance(year, int) else year.pk
    rows = Stage.objects.filter(year_id=pk).values_list("name", "starts_on", "ends_on")
    return stage_rules.stage_on(list(rows), today)
