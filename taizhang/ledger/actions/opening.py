"""A year is opened into a ledger of its own: one item per leaf, one slot per period and performer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from taizhang.campaigns.actions import mark_open
from taizhang.campaigns.models import Stage, Track, Year
from taizhang.campaigns.queries import calendar
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.permits import Permit
from taizhang.org.queries import holders

from ..models import Item, ItemUnit, Need, Slot
from ..queries.opening import Before, Leaf, before_of, leaves_of, proposals
from ..rules.plan import Grace, Wanted, plan_slots
from ..rules.schedule import Span, Thing, back_schedule
from ..rules.signing import proposed_leader, proposed_person
from ..rules.states import Source, Status


@action("ledger.open_year", "启用年度台账", (Permit.LEDGER_MANAGE, "campaign.unit"))
def open_year(year: Year, *, by: Any, places: Mapping[int, int] | None = None) -> Year:
    """Make the ledger of YEAR. `places`: indicator id of a leaf due once in the cycle → the year it is due in.

    Leads, people and needs are taken over from the year before; what is new takes the standard's words.
    The numbers are read back by `queries.opening.opened`.
    """
    if year.state != YearState.PLANNED:
        raise Refused(f"{year}的台账已经启用，不能再启用一次。")
    campaign = year.campaign
    tracks = list(Track.objects.filter(campaign=campaign).order_by("order", "id"))
    if not tracks:
        raise Refused("这次创建活动还没有测评标准，不能启用台账。请先在创建设置里加上标准。")
    leaves = [leaf for track in tracks for leaf in leaves_of(track)]
    before = before_of(year)
    matches = proposals(campaign.unit, {track.pk: track.owner_id for track in tracks}, leaves)
    people = holders(campaign.unit, clock.today())
    places = places or {}

    items: list[Item] = []
    for order, leaf in enumerate(leaves):
        last: Before | None = before.get(leaf.strand_id)
        match = matches[leaf.id]
        lead_id = last.lead_id if last else match.lead_id
        elsewhere = leaf.cadence == "cycle" and places.get(leaf.id, campaign.last_year) != year.year
        items.append(
            Item(
                unit=campaign.unit, year=year, track_id=leaf.track_id, indicator_id=leaf.id, strand_id=leaf.strand_id,
                area_code=leaf.area_code, area=leaf.area, section=leaf.section, no=leaf.label or leaf.code,
                code=leaf.code, order=order, title=leaf.title, requirement=leaf.requirement, points=leaf.points,
                rule_text=leaf.rule_text, methods=leaf.methods, cadence=leaf.cadence or "event", times=leaf.times,
                per=leaf.per, required=leaf.required, source_kind=Source.INDICATOR, source_text=leaf.standard,
                lead_text=leaf.lead_text, lead_id=lead_id,
                person_id=last.person_id if last else proposed_person(lead_id, people),
                leader_id=last.leader_id if last else proposed_leader(lead_id, people),
                priority=last.priority if last else False, previous_id=last.item_id if last else None,
                status=Status.WAIVED if elsewhere else Status.PENDING,
                reason=f"届期内一次，安排在{places.get(leaf.id, campaign.last_year)}年度" if elsewhere else "",
            )
        )  # fmt: skip
    plans = _planned(items, year, {leaf.id: matches[leaf.id].performers for leaf in leaves})
    Item.make_many(items)
    _make_helpers(items, leaves, before, matches)
    _make_needs(items, leaves, before)
    Slot.make_many([_slot(items[at], wanted, due) for at, wanted, due in plans])
    return mark_open(year, clock.today())


def _make_helpers(
    items: list[Item], leaves: list[Leaf], before: Mapping[int, Before], matches: Mapping[int, Any]
) -> None:
    rows: list[ItemUnit] = []
    for item, leaf in zip(items, leaves, strict=True):
        last = before.get(leaf.strand_id)
        units = last.co_ids if last else matches[leaf.id].co_ids
        rows += [
            ItemUnit(item=item, unit_id=unit, order=order)
            for order, unit in enumerate(units)
            if unit != item.lead_id
        ]
    ItemUnit.make_many(rows)


def _make_needs(items: list[Item], leaves: list[Leaf], before: Mapping[int, Before]) -> None:
    rows: list[Need] = []
    for item, leaf in zip(items, leaves, strict=True):
        last = before.get(leaf.strand_id)
        for order, need in enumerate(last.needs if last else leaf.needs):
            rows.append(
                Need(
                    item=item, key=need.key, order=order, name=need.name, kind=need.kind, least=need.least,
                    must=need.must, fields=list(need.fields), doc_no=need.doc_no,
                )
            )  # fmt: skip
    Need.make_many(rows)


def _planned(
    items: list[Item], year: Year, performers: Mapping[int, list[int]]
) -> list[tuple[int, Wanted, date]]:
    """(place of the item, slot wanted, its due date) for all; sets the items' own due dates."""
    graces = {window.cadence: Grace(window.grace_days, window.shut_days) for window in year.windows.all()}
    wanted: list[tuple[int, Wanted]] = []
    for at, item in enumerate(items):
        if item.status == Status.WAIVED:
            continue
        assert item.indicator_id is not None
        units = (
            performers[item.indicator_id] if item.per != "unit" else [item.lead_id or year.campaign.unit_id]
        )
        wanted += [
            (at, one)
            for one in plan_slots(
                item.cadence,
                item.times,
                units,
                year.starts_on,
                year.ends_on,
                year.assessed_on,
                clock.today(),
                graces,
            )
        ]
    due = _scheduled(items, wanted, year)
    plans: list[tuple[int, Wanted, date]] = []
    for at, one in wanted:
        on = due.get((at, one.nth), one.due_on) if one.one_off else one.due_on
        item = items[at]
        item.due_on = min(on, item.due_on or on)
        plans.append((at, one, on))
    return plans


def _scheduled(
    items: list[Item], wanted: list[tuple[int, Wanted]], year: Year
) -> dict[tuple[int, int], date]:
    """The dates of what happens once: all departments and all standards together, so that loads are spread."""
    stages = [Span(*dates) for dates in Stage.objects.filter(year=year).values_list("starts_on", "ends_on")]
    once = list(dict.fromkeys((at, one.nth) for at, one in wanted if one.one_off))  # performers share a day
    things = [
        Thing(key, items[at].lead_id, items[at].title, nth, items[at].times)
        for key, (at, nth) in enumerate(once)
    ]
    due = back_schedule(things, stages, year.assessed_on, max(year.starts_on, clock.today()), calendar())
    return {once[key]: on for key, on in due.items()}


def _slot(item: Item, wanted: Wanted, due: date) -> Slot:
    return Slot(
        item=item, performer_id=wanted.performer, nth=wanted.nth, label=wanted.label, starts_on=wanted.starts_on,
        ends_on=wanted.ends_on, opens_on=wanted.opens_on, due_on=due,
        shuts_on=wanted.shuts_on + (due - wanted.due_on) if wanted.shuts_on else None,
        before_system=wanted.before_system,
    )  # fmt: skip
