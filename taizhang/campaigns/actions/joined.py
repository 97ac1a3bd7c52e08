"""参加单位: departments of other agencies that take part for a term."""

from datetime import date
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit

from ..models import Campaign, Joined
from ..queries.joined import BODIES
from ..rules.joined import crossing, term_words


@action("campaigns.join", "设为参加单位", (Permit.CAMPAIGN_EDIT, "unit"))
def join(
    campaign: Campaign, *, by: Any, unit: Unit, starts_on: date, ends_on: date | None = None, note: str = ""
) -> Joined:
    """UNIT takes part from STARTS_ON to ENDS_ON (until further notice): it may lead, help with and perform items."""
    if unit.agency_id == campaign.unit_id:
        raise Refused(f"“{unit}”是本机关自己的，不用设为参加单位：它本来就在台账里，直接选作牵头或配合即可。")
    if unit.kind not in BODIES or unit.agency_id is None:
        raise Refused(f"“{unit}”不是处室或工作机构，不能参加。请选一个有自己人员的处室。")
    if unit.ends_on is not None and unit.ends_on < clock.today():
        raise Refused(f"“{unit}”已于 {unit.ends_on} 撤销，不能参加。请另选处室。")
    if ends_on is not None and ends_on < starts_on:
        raise Refused(f"结束日期 {ends_on} 早于开始日期 {starts_on}，请改正。")
    if ends_on is not None and ends_on < clock.today():
        raise Refused(f"结束日期 {ends_on} 已经过去，请改正或留空。")
    spans = Joined.objects.filter(campaign=campaign, unit=unit).values_list("starts_on", "ends_on")
    other = crossing((starts_on, ends_on), spans)
    if other is not None:
        raise Refused(f"“{unit}”已经参加（{term_words(*other)}），时间重叠。请改日期，或先结束原来的。")
    return Joined.make(
        campaign=campaign, unit=unit, starts_on=starts_on, ends_on=ends_on, note=note.strip()[:200]
    )


@action("campaigns.end_join", "结束参加", (Permit.CAMPAIGN_EDIT, "campaign.unit"))
def end_join(joined: Joined, *, by: Any, ends_on: date) -> Campaign:
    """The term ends with ENDS_ON, today at the earliest. One that has not begun is taken out."""
    today = clock.today()
    if joined.ends_on is not None and joined.ends_on < today:
        raise Refused(f"“{joined.unit}”的参加已于 {joined.ends_on} 结束。")
    if ends_on < today:
        raise Refused(f"结束日期 {ends_on} 已经过去，最早可从今天 {today} 结束。")
    if joined.ends_on is not None and ends_on > joined.ends_on:
        raise Refused(f"原定 {joined.ends_on} 结束，不能往后延。要延长，请到期后再设为参加单位一次。")
    campaign = joined.campaign
    if ends_on < joined.starts_on:
        joined.remove()
    else:
        joined.change(ends_on=ends_on)
    return campaign
