"""The calendar of working days: what a site adds to the built-in table."""

from collections.abc import Sequence
from typing import Any

from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit

from ..models import Holiday
from ..rules.holidays import HolidayRow


@action("campaigns.import_holidays", "导入节假日表", (Permit.CAMPAIGN_EDIT, ""))
def import_holidays(unit: Unit, *, by: Any, rows: Sequence[HolidayRow]) -> Unit:
    """Days for the whole site: new ones are added, days that are there are replaced. UNIT: on whose behalf.

    Dates of items that are already laid down are not moved by this.
    """
    if not rows:
        raise Refused("表里一个日期也没有，没有导入。每行写一天：日期、是否上班、名称。")
    now = {holiday.day: holiday for holiday in Holiday.objects.filter(day__in=[row.day for row in rows])}
    fresh = []
    for row in rows:
        if old := now.get(row.day):
            old.change(works=row.works, name=row.name)
        else:
            fresh.append(Holiday(day=row.day, works=row.works, name=row.name))
    Holiday.make_many(fresh)
    return unit
