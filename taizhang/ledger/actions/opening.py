"""A year is opened into a ledger of its own: one item per leaf, one slot per period and performer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from taizhang.campaigns.actions import mark_open
from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import holders
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.permits import Permit
from taizhang.org.rules.holders import Holders

from ..models import Item, ItemUnit, Need, Slot
from ..queries.opening import copied
from ..queries.year_plan import Planned, plan_year
from ..rules.adoption import elsewhere_reason
from ..rules.plan import Wanted
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
    if not year.campaign.tracks.exists():
        raise Refused("这次创建活动还没有测评标准，不能启用台账。请先在创建设置里加上标准。")
    planned = plan_year(year, clock.today(), places)
    people = holders(year.campaign.unit, clock.today())
    items = Item.make_many([_item(year, order, one, people) for order, one in enumerate(planned)])
    pairs = list(zip(items, planned, strict=True))
    ItemUnit.make_many([
        ItemUnit(item=item, unit_id=unit, order=order)
        for item, one in pairs
        for order, unit in enumerate(one.last.co_ids if one.last else one.match.co_ids) if unit != item.lead_id
    ])  # fmt: skip
    Need.make_many([
        Need(
            item=item, key=need.key, order=order, name=need.name, kind=need.kind, least=need.least, must=need.must,
            fields=list(need.fields), doc_no=need.doc_no,
        )
        for item, one in pairs
        for order, need in enumerate(one.last.needs_for(one.leaf) if one.last else one.leaf.needs)
    ])  # fmt: skip
    Slot.make_many([new_slot(item, wanted, due) for item, one in pairs for wanted, due in one.slots])
    return mark_open(year, clock.today())


def _item(year: Year, order: int, one: Planned, people: Holders) -> Item:
    leaf, last, lead_id = one.leaf, one.last, one.lead_id
    kept = last if last and not last.moved else None
    return Item(
        unit=year.campaign.unit, year=year, track_id=leaf.track_id, indicator_id=leaf.id, strand_id=leaf.strand_id,
        order=order, source_kind=Source.INDICATOR, lead_id=lead_id, **copied(leaf),
        person_id=(kept and kept.person_id) or proposed_person(lead_id, people),
        leader_id=(kept and kept.leader_id) or proposed_leader(lead_id, people),
        priority=last.priority if last else False, previous_id=last.item_id if last else None, due_on=one.due_on,
        status=Status.WAIVED if one.elsewhere else Status.PENDING,
        reason=elsewhere_reason(one.elsewhere) if one.elsewhere else "",
    )  # fmt: skip


def new_slot(item: Item, wanted: Wanted, due: date) -> Slot:
    """A slot as it is planned, not yet written. Its shutting day moves with its date."""
    return Slot(
        item=item, performer_id=wanted.performer, nth=wanted.nth, label=wanted.label, starts_on=wanted.starts_on,
        ends_on=wanted.ends_on, opens_on=wanted.opens_on, due_on=due,
        shuts_on=wanted.shuts_on + (due - wanted.due_on) if wanted.shuts_on else None,
        before_system=wanted.before_system,
    )  # fmt: skip
