"""报送窗口: opening, moving and closing the windows of a year's periods; what was not handed in when one shut is lost."""

from collections.abc import Mapping
from typing import Any

from taizhang.campaigns.models import Opening, Year
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.permits import Permit

from ..models import Slot
from ..queries.openings import PeriodRow, overdue_for_good, periods_of, slots_in
from ..rules import openings as rules
from ..rules.states import SLOT_FLOW, TO_HAND_IN, WORKING, SlotStatus
from .common import follow_slots, person_of

MANAGE = (Permit.LEDGER_MANAGE, "campaign.unit")


@action("ledger.set_openings", "设报送窗口", MANAGE)
def set_openings(year: Year, *, by: Any, spans: Mapping[str, rules.Span]) -> Year:
    """Set the windows of periods, by their key. Slots not handed in follow; lost ones can be handed in again."""
    periods = _periods(year, spans)
    wrong = [
        f"{one.label}：{why}"
        for one in periods
        for why in rules.problems(spans[one.key], one.starts_on, one.ends_on)
    ]
    if wrong:
        raise Refused("；".join(wrong[:5]), problems=wrong)
    for one in periods:
        _set(year, one, spans[one.key], by)
    return year


@action("ledger.shut_opening", "关闭报送窗口", MANAGE)
def shut_opening(year: Year, *, by: Any, key: str) -> Year:
    """Close the window of a period now: what was not handed in is 期满未报, and is not taken in any more."""
    (one,) = _periods(year, {key: None})
    today = clock.today()
    if today < one.opens_on:
        raise Refused(f"{one.label}的窗口 {one.opens_on} 才开放，不用关闭。要推迟，请改开放日和截止日。")
    if not one.left:
        raise Refused(f"{one.label}已经收齐，不用关闭。")
    _set(year, one, rules.Span(one.opens_on, today, takes_late=False), by)
    left = [slot for slot in slots_in(year, one.cadence, one.starts_on) if slot.status in TO_HAND_IN]
    _lose([slot for slot in left if not slot.due_fixed and slot.status == SlotStatus.OPEN], by)
    return year


@action("ledger.lose_slots", "期满未报", MANAGE)
def lose_slots(year: Year, *, by: Any) -> Year:
    """Mark what was not handed in when its window ended; by the job that turns the day."""
    _lose(overdue_for_good(year, clock.today()), by)
    return year


def _periods(year: Year, wanted: Mapping[str, Any]) -> list[PeriodRow]:
    if year.state != YearState.OPEN:
        raise Refused(f"{year.year} 年度没有启用，还没有期次。请先启用年度。")
    found = [one for one in periods_of(year) if one.key in wanted]
    if not wanted or len(found) != len(wanted):
        raise Refused("有的期次已经不在台账里了。请刷新页面，看过最新的期次再设。")
    return found


def _set(year: Year, one: PeriodRow, span: rules.Span, by: Any) -> None:
    fields = {"opens_on": span.opens_on, "shuts_on": span.shuts_on, "takes_late": span.takes_late}
    kept = Opening.objects.filter(year=year, cadence=one.cadence, starts_on=one.starts_on).first()
    if kept is None:
        Opening.make(
            year=year, cadence=one.cadence, starts_on=one.starts_on, ends_on=one.ends_on, label=one.label,
            by=person_of(by), **fields,
        )  # fmt: skip
    else:
        kept.change(**fields, by=person_of(by))
    still = span.takes_late or span.shuts_on >= clock.today()
    back = []
    for slot in slots_in(year, one.cadence, one.starts_on):
        if slot.status == SlotStatus.LOST:
            if not still or slot.item.status not in WORKING:
                continue  # what was settled without it is opened again by 重新挂号 only
            back.append(slot)
        new = rules.dates(span, slot.status, slot.due_on, slot.due_fixed)
        status = SLOT_FLOW.take("let_in", slot.status) if slot.status == SlotStatus.LOST else slot.status
        slot.change(opens_on=new.opens_on, due_on=new.due_on, shuts_on=new.shuts_on, status=status)
    _follow(back, by)


def _lose(slots: list[Slot], by: Any) -> None:
    for slot in slots:
        slot.change(status=SLOT_FLOW.take("lose", slot.status), step=None)
    _follow(slots, by)


def _follow(slots: list[Slot], by: Any) -> None:
    """Each item once to where its slots now say it is."""
    for item in {slot.item_id: slot.item for slot in slots if slot.item.status in WORKING}.values():
        follow_slots(item, by)
