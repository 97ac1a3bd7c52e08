"""Reads of campaigns, within what a user reaches; the calendar; who signs."""

from .asks import AskPlans, ask_plans
from .calendar import calendar, holiday_rows
from .campaigns import (
    CHOSEN,
    Current,
    agencies_to_edit,
    campaigns_for,
    current,
    find_campaign,
    stage_on,
    tracks_for,
    year_to_adopt,
    years_for,
)
from .joined import (
    agencies_to_join,
    bodies_to_join,
    guests_on,
    holders,
    joined_for,
    joined_on,
    joined_rows,
    takes_part,
)
from .proposals import Proposal, TrackPlan, chain_for, editions_for, owners_in, proposal, propose_track
from .signing import StepView, TrackView, leads_of, plan_of, tracks_view, unsigned_steps

__all__ = [
    "AskPlans", "CHOSEN", "Current", "Proposal", "StepView", "TrackPlan", "TrackView", "agencies_to_edit", "agencies_to_join", "bodies_to_join", "guests_on", "joined_for", "joined_on", "joined_rows", "takes_part", "ask_plans", "calendar", "campaigns_for", "chain_for",
    "current", "editions_for", "find_campaign", "holders", "holiday_rows", "leads_of", "owners_in", "plan_of", "proposal", "propose_track", "stage_on",
    "tracks_for", "tracks_view", "unsigned_steps", "year_to_adopt", "years_for",
]  # fmt: skip
