"""What a year's ledger will hold: each leaf with its lead, its slots and their dates. Shown before, then written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from taizhang.campaigns.models import Stage, Track, Year
from taizhang.campaigns.queries import calendar
from taizhang.standards.rules.cadence import Cycle

from ..rules.guests import Term, due_for
from ..rules.plan import Grace, Wanted, plan_slots
from ..rules.schedule import Span, Thing, back_schedule
from .guest_slots import terms_of
from .opening import Before, Leaf, Proposal, before_of, leaves_of, proposals


@dataclass
class Planned:
    """One item to be: its leaf, last year's item if there is one, whom the words mean, its slots with due dates.

    `elsewhere`: the other year in which a leaf due once in the cycle is placed; it then has no slots here.
    """

    leaf: Leaf
    last: Before | None
    match: Proposal
    elsewhere: int | None
    slots: list[tuple[Wanted, date]] = field(default_factory=list)

    @property
    def lead_id(self) -> int | None:
        return (self.last and self.last.lead_id) or self.match.lead_id

    @property
    def due_on(self) -> date | None:
        return min((due for _, due in self.slots), default=None)


def plan_year(year: Year, today: date, places: Mapping[int, int] | None = None) -> list[Planned]:
    """The ledger of YEAR as it would be opened TODAY; a fixed number of queries.

    PLACES: indicator id of a leaf due once in the cycle → the year it is due in; the last year if not named.
    """
    campaign = year.campaign
    tracks = list(Track.objects.filter(campaign=campaign).select_related("standard").order_by("order", "id"))
    leaves = [leaf for track in tracks for leaf in leaves_of(track)]
    before = before_of(year, today)
    terms = terms_of(year, today)
    guests = tuple(dict.fromkeys(term.unit for term in terms))
    matches = proposals(campaign.unit, {track.pk: track.owner_id for track in tracks}, leaves, guests)
    planned: list[Planned] = []
    for leaf in leaves:
        place = (places or {}).get(leaf.id, campaign.last_year) if leaf.cadence == Cycle.CYCLE else year.year
        elsewhere = place if place != year.year else None
        planned.append(Planned(leaf, before.get(leaf.strand_id), matches[leaf.id], elsewhere))
    _lay_slots(planned, year, today, terms)
    return planned


def _lay_slots(planned: list[Planned], year: Year, today: date, terms: Sequence[Term]) -> None:
    graces = {window.cadence: Grace(window.grace_days, window.shut_days) for window in year.windows.all()}
    wanted: list[tuple[int, Wanted]] = []
    for at, one in enumerate(planned):
        if one.elsewhere is not None:
            continue
        alone = [one.lead_id or year.campaign.unit_id]
        units = alone if one.leaf.per == "unit" else [*one.match.performers, *one.match.guests]
        cadence = one.leaf.cadence or Cycle.EVENT
        spans = (year.starts_on, year.ends_on, year.assessed_on)
        wanted += [(at, slot) for slot in plan_slots(cadence, one.leaf.times, units, *spans, today, graces)]
    due = _scheduled(planned, wanted, year, today)
    for at, slot in wanted:
        due_on = due[at, slot.nth] if slot.one_off else slot.due_on
        guest = planned[at].leaf.per != "unit" and slot.performer in planned[at].match.guests
        mine = due_for(terms, slot.performer, slot.ends_on, due_on, today) if guest else due_on
        if mine is not None:
            planned[at].slots.append((slot, mine))


def _scheduled(
    planned: list[Planned], wanted: list[tuple[int, Wanted]], year: Year, today: date
) -> dict[tuple[int, int], date]:
    """The dates of what happens once: all departments and all standards together, so that loads are spread."""
    stages = Stage.objects.filter(year=year).order_by("order").values_list("starts_on", "ends_on")
    once = list(
        dict.fromkeys((at, slot.nth) for at, slot in wanted if slot.one_off)
    )  # performers share a day
    things = [
        Thing(key, planned[at].lead_id, planned[at].leaf.title, nth, planned[at].leaf.times)
        for key, (at, nth) in enumerate(once)
    ]
    due = back_schedule(
        things, [Span(*span) for span in stages], year.assessed_on, max(year.starts_on, today), calendar()
    )
    return {once[key]: on for key, on in due.items()}
