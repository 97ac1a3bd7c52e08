"""Who signs at each step of a campaign's chains today, and where nobody can."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.rules.holders import Holders
from taizhang.standards.models import Indicator

from ..models import Campaign, Step, Track
from ..rules.standing import Gap, gaps, holders_at
from ..rules.steps import StepPlan
from .joined import holders

#: kinds of unit that a standard may make the lead
LEADING = [UnitKind.DEPARTMENT, UnitKind.PARTY_BODY, UnitKind.UNION, UnitKind.OFFICE]


@dataclass(frozen=True)
class StepView:
    """A step with the people who hold it today, by name."""

    plan: StepPlan
    people: tuple[str, ...]
    gap: str


@dataclass(frozen=True)
class TrackView:
    """A track with its chain; `gaps` are sentences about steps that nobody can sign."""

    track: Track
    steps: tuple[StepView, ...]
    gaps: tuple[Gap, ...]


def leads_of(agency: Unit, today: date) -> dict[int, str]:
    """Units of AGENCY that may lead an item: id → name, in the order of the tree."""
    rows = Unit.objects.filter(agency=agency, kind__in=LEADING).values_list(
        "pk", "name", "short_name", "ends_on"
    )
    return {pk: short or name for pk, name, short, ends_on in rows if ends_on is None or ends_on >= today}


def areas_of(editions: list[int]) -> dict[int, dict[str, str]]:
    """Edition id → Ⅰ级 areas, code → title; one query for all."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Indicator.objects.filter(edition_id__in=editions, parent__isnull=True).order_by("order")
    for edition, code, title in rows.values_list("edition_id", "code", "title"):
        found[edition][code] = title
    return found


def chain_view(
    steps: list[StepPlan], owner: Unit, leads: dict[int, str], areas: dict[str, str], snapshot: Holders
) -> tuple[tuple[StepView, ...], tuple[Gap, ...]]:
    """A chain, saved or still being drawn up, with who holds each step and what is missing."""
    missing = tuple(gaps(steps, owner.pk, str(owner), leads, areas, snapshot))
    words = {gap.label: gap.text for gap in missing}
    views = tuple(
        StepView(
            step,
            tuple(snapshot.name(person) for person in holders_at(step, owner.pk, leads, areas, snapshot)),
            words.get(step.label, ""),
        )
        for step in steps
    )
    return views, missing


def plan_of(step: Step) -> StepPlan:
    return StepPlan(step.who, step.per, step.label, step.may_be_paper)


def tracks_view(campaign: Campaign, today: date) -> list[TrackView]:
    """Each track with its chain as it stands today. A fixed number of queries."""
    tracks = list(
        Track.objects.filter(campaign=campaign).select_related("edition__standard", "standard", "owner")
    )
    chains: dict[int, list[StepPlan]] = defaultdict(list)
    for step in Step.objects.filter(track__campaign=campaign).order_by("order"):
        chains[step.track_id].append(plan_of(step))
    leads, snapshot = leads_of(campaign.unit, today), holders(campaign.unit, today)
    areas = areas_of([track.edition_id for track in tracks])
    return [
        TrackView(track, *chain_view(chains[track.pk], track.owner, leads, areas[track.edition_id], snapshot))
        for track in tracks
    ]


def unsigned_steps(campaign: Campaign, today: date) -> list[str]:
    """Sentences about the steps that nobody can sign, each with its track's name."""
    return [f"《{view.track}》{gap.text}" for view in tracks_view(campaign, today) for gap in view.gaps]
