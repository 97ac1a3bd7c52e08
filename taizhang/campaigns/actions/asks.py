"""Who decides what is asked for at the items of a track, and how often."""

from collections.abc import Sequence
from typing import Any

from taizhang.org.action import action
from taizhang.org.permits import Permit

from ..models import AskRule, Track
from ..rules.asks import AskPlan, check_asks
from .years import refuse


@action("campaigns.change_asks", "修改申请规则", (Permit.CAMPAIGN_EDIT, "campaign.unit"))
def change_asks(
    track: Track, *, by: Any, plans: Sequence[AskPlan], returns_allowed: int | None = None
) -> Track:
    """Who decides each kind and how often it may be granted per item; how often a slot may be returned.

    It counts from now on: asks that wait are decided by those whom the new rule names.
    """
    refuse(check_asks(plans, returns_allowed))
    known = {rule.kind: rule for rule in track.ask_rules.all()}
    for plan in plans:
        if plan.kind in known:
            known[plan.kind].change(who=plan.who, times=plan.times)
        else:
            AskRule.make(track=track, kind=plan.kind, who=plan.who, times=plan.times)
    # a rule is a row of its own: the track's version moves with it, so that two forms cannot cross
    return track.change(returns_allowed=returns_allowed)
