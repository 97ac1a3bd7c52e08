"""各处室都要办的事项 for departments of other agencies: given in the middle of a year, taken back after the term."""

from collections.abc import Collection
from typing import Any

from taizhang.campaigns.models import Year
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit

from ..models import Ask, Batch, Citation, Item, Signature, Slot
from ..queries.guest_slots import left_over, offers_of, open_slots
from ..rules.states import SLOT_FLOW, Status
from .batches import keep
from .common import follow_slots

YEAR = (Permit.LEDGER_MANAGE, "campaign.unit")


@action("ledger.give_guests", "给参加单位安排期次", YEAR)
def give_guests(year: Year, *, by: Any, chosen: Collection[tuple[int, int]]) -> Batch:
    """The periods still to come of items that every department does, to departments that take part.

    CHOSEN: (item, unit) ids, as `queries.guest_slots.offers_of` offers them. Can be taken back on the same day.
    """
    if year.state != YearState.OPEN:
        raise Refused(f"{year}的台账没有启用或者已经结束，不能安排期次。")
    offers = {(one.item, one.unit): one for one in offers_of(year, clock.today())}
    if not chosen:
        raise Refused("没有选中事项。请勾选要给参加单位安排的事项。")
    if not set(chosen) <= offers.keys():
        raise Refused("没有安排：选中的期次已经安排过，或者参加期变了。请刷新页面，看过最新内容再办。")
    units: set[int] = set()
    for pair in sorted(set(chosen)):
        units.add(pair[1])
        for one in offers[pair].periods:
            Slot.make(
                item_id=pair[0], performer_id=pair[1], nth=one.nth, label=one.label, starts_on=one.starts_on,
                ends_on=one.ends_on, opens_on=one.opens_on, due_on=one.due_on, shuts_on=one.shuts_on,
            )  # fmt: skip
    return keep(year.campaign.unit, by, "给参加单位安排期次", len(set(chosen)))


@action("ledger.release_guest", "参加期结束后不再报送", YEAR)
def release_guest(year: Year, *, by: Any, unit: Unit) -> Year:
    """What UNIT, whose term is over, did not hand in of what every department does is not asked for any more.

    What nobody has begun goes, as if it had never been asked for; what was begun stays and is 不适用.
    """
    over = next((one for one in left_over(year, clock.today()) if one.unit == unit.pk), None)
    if over is None:
        raise Refused(f"“{unit}”没有参加期结束后还要报送的期次。请刷新页面。")
    rows = list(open_slots(year).filter(performer=unit).select_related("item"))
    ids = [row.pk for row in rows]
    begun = {
        pk for model in (Citation, Signature, Ask)
        for pk in model._default_manager.filter(slot__in=ids).values_list("slot", flat=True)
    }  # fmt: skip
    Slot.remove_many([row for row in rows if row.pk not in begun and not row.attempt])
    for row in rows:
        if row.pk in begun or row.attempt:
            reason = f"参加期已结束（{over.term}）"
            row.change(status=SLOT_FLOW.take("waive", row.status), step=None, reason=reason)
    for item in Item.objects.filter(pk__in={row.item_id for row in rows}).exclude(status=Status.PENDING):
        if item.slots.exists():
            follow_slots(item, by)
    return year
