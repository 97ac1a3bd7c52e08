"""Units merge or end, and the open work of the ledger goes with them; what is done stays under the name of its day."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from taizhang.campaigns.models import Joined, Track
from taizhang.campaigns.rules.joined import crossing
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org import actions as org
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import alive, holders

from ..models import Ask, Item, Slot
from ..queries.merging import hanging, open_helps, open_items, open_slots_of
from ..rules.asks import AskState
from ..rules.merging import Fate, fate, next_nth
from ..rules.signing import proposed_leader
from ..rules.states import SLOT_FLOW
from .common import WORKING, follow_slots


@action("ledger.merge_units", "合并单位", (Permit.LEDGER_MANAGE, ""))
def merge_units(
    agency: Unit, *, by: Any, units: Sequence[Unit], into: Unit | None = None, name: str = ""
) -> Unit:  # fmt: skip
    """UNITS go into INTO, or into a new unit called NAME beside the first of them. All or nothing; from today on."""
    name = name.strip()
    units = [unit for unit in dict.fromkeys(units) if into is None or unit.pk != into.pk]
    if (into is None) == (not name):
        raise Refused("请选并入哪个单位，或者写新单位的名称，两样只填一样。")
    if not units or (into is None and len(units) < 2):
        raise Refused("请选要合并的单位。合并成一个新单位的，至少选两个；只换名称的请用“更名”。")
    if any(unit.agency_id != agency.pk for unit in units):
        raise Refused("只能合并本机关的单位。")
    if into is None:
        first = units[0]
        into = org.add_unit(
            first.parent, by=by, name=name, kind=first.kind, answers_to=first.answers_to, branch=first.branch
        )
        into.change(starts_on=clock.today(), order=first.order)
    for unit in units:
        # the work first: once the unit has ended nobody of it could be asked
        _hand_on(unit, into, by)
        org.merge(unit, by=by, into=into)
    return into


def _hand_on(unit: Unit, into: Unit, by: Any) -> None:
    """The open items, slots and helping of UNIT become INTO's; so do the tracks it owns, its joining and asks for it."""
    leader = proposed_leader(into.pk, holders(unit.agency, clock.today())) if unit.agency else None
    for item in open_items(unit):
        # who was in charge because the unit was theirs hands it on; who was named for this item stays
        follows = leader if item.leader_id in (None, unit.leader_id) and leader else item.leader_id
        item.change(lead=into, leader_id=follows)
        for helper in item.helpers.filter(unit=into):
            helper.remove()
    for help_ in open_helps(unit):
        if help_.item.lead_id == into.pk or help_.item.helpers.filter(unit=into).exists():
            help_.remove()
        else:
            help_.change(unit=into)
    _slots(unit, into, by)
    for track in Track.objects.filter(owner=unit):
        track.change(owner=into)
    _joining(unit, into)
    for ask in Ask.objects.filter(wanted_lead=unit, state=AskState.OPEN):
        ask.change(wanted_lead=into)


def _joining(unit: Unit, into: Unit) -> None:
    """Where UNIT takes part with another agency, INTO does from now on; where both did, one term holds for both."""
    today = clock.today()
    for joined in Joined.objects.filter(alive(today), unit=unit):
        start, end, note = max(joined.starts_on, today), joined.ends_on, joined.note
        same = Joined.objects.filter(alive(today), unit=into, campaign=joined.campaign_id)
        there = next((one for one in same if crossing((start, end), [(one.starts_on, one.ends_on)])), None)
        if there is None:
            Joined.make(campaign=joined.campaign, unit=into, starts_on=start, ends_on=end, note=note)
        else:
            last = None if end is None or there.ends_on is None else max(end, there.ends_on)
            there.change(starts_on=min(start, there.starts_on), ends_on=last)
        if joined.starts_on < today:
            joined.change(ends_on=today - timedelta(days=1))
        else:
            joined.remove()


def _slots(unit: Unit, into: Unit, by: Any) -> None:
    dropped: dict[int, None] = {}
    mine = open_slots_of(unit)
    taken: dict[tuple[int, Any], set[int]] = {}
    for item, start, nth in Slot.objects.filter(
        performer=into, item__in={slot.item_id for slot in mine}
    ).values_list("item", "starts_on", "nth"):
        taken.setdefault((item, start), set()).add(nth)
    for slot in mine:
        # `nth` of the other unit's own: two in one month of each are twins one by one
        there = taken.setdefault((slot.item_id, slot.starts_on), set())
        begun = slot.attempt > 0 or slot.cited > 0  # type: ignore[attr-defined]
        what = fate(slot.status, begun=begun, twin=slot.nth in there)
        if what == Fate.DROP:
            reason = f"{unit}并入{into}，同期由{into}报送"
            slot.change(status=SLOT_FLOW.take("waive", slot.status), reason=reason[:300])
            dropped[slot.item_id] = None
            continue
        nth = next_nth(there) if what == Fate.BESIDE else slot.nth
        slot.change(performer=into, nth=nth)
        there.add(nth)
    for settled in Item.objects.filter(pk__in=list(dropped)).select_related("year", "unit"):
        if settled.status in WORKING:
            follow_slots(settled, by)


@action("ledger.end_unit", "撤销单位", (Permit.ORG_EDIT, ""))
def end_unit(unit: Unit, *, by: Any) -> Unit:
    """End UNIT unless open work hangs on it: that must be handed over, or go along in a merger."""
    found = hanging(unit, clock.today())
    if found.open:
        parts = [
            f"牵头 {len(found.items)} 项未办结事项" if found.items else "",
            f"要报或待审 {found.slots} 期" if found.slots else "",
            f"配合 {found.helps} 项" if found.helps else "",
            f"归口 {found.owned} 条创建线" if found.owned else "",
        ]
        raise Refused(
            f"“{unit.name}”还{'、'.join(part for part in parts if part)}，不能撤销。请先改由别的处室牵头、报送，或用“合并”把它并入别的单位。"
        )
    return org.end_unit(unit, by=by)  # type: ignore[no-any-return]
