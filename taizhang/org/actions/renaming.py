"""更名: a unit is called otherwise from a day on; what it was called until then is kept."""

from datetime import date, timedelta
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused

from ..action import action
from ..models import FormerName, Unit
from ..models.units import UnitKind
from ..permits import Permit
from .units import free_name


@action("org.rename_unit", "更名", (Permit.ORG_EDIT, ""))
def rename_unit(
    unit: Unit, *, by: Any, name: str, starts_on: date, short_name: str = "", doc_no: str = ""
) -> Unit:  # fmt: skip
    """Called NAME from STARTS_ON (today or before) on; a day before that still shows the former name."""
    today = clock.today()
    name, short_name = name.strip(), short_name.strip()
    if unit.kind == UnitKind.REGION:
        raise Refused("地区的名称请用命令行修改。")
    if unit.ends_on and unit.ends_on < today:
        raise Refused(f"“{unit.name}”已于 {unit.ends_on} 撤销，不能再更名。")
    if not name:
        raise Refused("请写新名称。")
    if (name, short_name) == (unit.name, unit.short_name):
        raise Refused(f"新名称与现在的名称“{unit.name}”一样，没有改。")
    if starts_on > today:
        raise Refused(f"{starts_on} 还没有到，请到那天或之后再办更名。")
    if unit.starts_on and starts_on <= unit.starts_on:
        raise Refused(f"“{unit.name}”是 {unit.starts_on} 才设立的，更名要在那天之后。")
    last = unit.former_names.order_by("until").last()
    if last and starts_on <= last.until + timedelta(days=1):
        raise Refused(f"上次更名从 {last.until + timedelta(days=1)} 起，这次更名要在那天之后。")
    if name != unit.name:
        free_name(unit.agency if unit.agency_id != unit.pk else None, unit.parent, name, unit.pk)
    FormerName.make(
        unit=unit, name=unit.name, short_name=unit.short_name, until=starts_on - timedelta(days=1), doc_no=doc_no.strip()
    )  # fmt: skip
    return unit.change(name=name, short_name=short_name)


@action("org.withdraw_rename", "撤回更名", (Permit.ORG_EDIT, "unit"))
def withdraw_rename(former: FormerName, *, by: Any) -> Unit:
    """The last renaming was written wrongly: the unit has its former name again, as if nothing had been."""
    unit = former.unit
    if unit.former_names.filter(until__gt=former.until).exists():
        raise Refused("只能撤回最近的一次更名。")
    if former.name != unit.name:
        free_name(unit.agency if unit.agency_id != unit.pk else None, unit.parent, former.name, unit.pk)
    unit.change(name=former.name, short_name=former.short_name)
    former.remove()
    return unit
