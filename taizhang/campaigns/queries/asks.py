"""The rules about asking of a campaign's tracks, as they stand now."""

from collections.abc import Mapping
from dataclasses import dataclass

from taizhang.org.rules.holders import Holders

from ..models import AskRule, Track
from ..rules.asks import AskPlan, Kind, delivered
from ..rules.standing import holders_at
from ..rules.states import PerStep
from ..rules.steps import StepPlan


@dataclass(frozen=True)
class AskPlans:
    """Of each track of a campaign; what was raised by hand has no track and follows the first one (key None)."""

    plans: Mapping[int | None, Mapping[str, AskPlan]]
    returns: Mapping[int | None, int | None]

    def of(self, track: int | None, kind: str) -> AskPlan:
        found = self.plans.get(track) or {}
        return found.get(kind) or next(plan for plan in delivered() if plan.kind == kind)

    def returns_allowed(self, track: int | None) -> int | None:
        """How often a slot may be returned; None: as often as need be."""
        return self.returns.get(track)


def ask_plans(campaign: int) -> AskPlans:
    """Two queries."""
    plans: dict[int | None, dict[str, AskPlan]] = {}
    returns: dict[int | None, int | None] = {}
    tracks = Track.objects.filter(campaign=campaign).order_by("order", "id")
    for pk, most in tracks.values_list("pk", "returns_allowed"):
        if not returns:
            returns[None], plans[None] = most, plans.setdefault(pk, {})
        returns[pk] = most
        plans.setdefault(pk, {})
    rows = AskRule.objects.filter(track__campaign=campaign).values_list("track", "kind", "who", "times")
    for track, kind, who, times in rows:
        plans[track][kind] = AskPlan(Kind(kind), who, times)
    return AskPlans(plans, returns)


def plans_of_track(track: Track) -> list[AskPlan]:
    """The four rules of one track in the order of the kinds, the delivered ones where it says nothing."""
    said = {
        kind: AskPlan(Kind(kind), who, times)
        for kind, who, times in AskRule.objects.filter(track=track).values_list("kind", "who", "times")
    }
    return [said.get(plan.kind, plan) for plan in delivered()]


def deciders(
    plans: list[AskPlan], owner: int, leads: dict[int, str], areas: dict[str, str], snapshot: Holders
) -> list[list[str]]:
    """For each of PLANS the names of everybody who stands there today for some department."""
    return [
        [
            snapshot.name(person)
            for person in holders_at(StepPlan(plan.who, PerStep.ITEM, ""), owner, leads, areas, snapshot)
        ]
        for plan in plans
    ]
