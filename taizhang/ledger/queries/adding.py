"""Where a file that comes from the command line belongs: the unit that keeps it, the slot that is filled now."""

import unicodedata
from datetime import date
from typing import Any

from taizhang.campaigns.rules.states import YearState
from taizhang.evidence.queries import addable_units
from taizhang.kit.errors import Refused
from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind

from ..models import Item, Slot
from ..rules.proposals import Room, room_for
from ..rules.states import TO_HAND_IN
from .scope import items_for


def _folded(code: str) -> str:
    """Ⅲ-3, III-3 and ｉｉｉ－３ are one code."""
    return unicodedata.normalize("NFKC", code).replace("—", "-").strip().upper()


def slot_to_fill(user: Any, code: str, campaign: str, today: date, unit: str = "") -> Slot:
    """The slot of the item CODE that takes material now, as a proposal would choose it. Refused in words."""
    items = items_for(user).filter(year__state=YearState.OPEN).select_related("year__campaign")
    if campaign:
        items = items.filter(year__campaign__name=campaign) | items.filter(
            year__campaign_id=int(campaign) if campaign.isdecimal() and len(campaign) < 10 else 0
        )
    wanted = _folded(code)
    fitting = [
        pk
        for pk, no, other in items.values_list("pk", "no", "code")
        if wanted in (_folded(no), _folded(other))
    ]
    exact = [pk for pk, no in items.values_list("pk", "no") if _folded(no) == wanted]
    found = list(items.filter(pk__in=exact or fitting))
    if not found:
        raise Refused(f"没有编号是“{code}”的事项（只找正在进行的年度）。")
    if len(found) > 1:
        where = "；".join(f"{one.year.campaign} {one.year}：{one}" for one in found[:5] if one.year)
        raise Refused(f"编号“{code}”的事项有 {len(found)} 个（{where}）。请用 --campaign 写明创建活动。")
    return _slot_of(found[0], today, unit)


def _slot_of(item: Item, today: date, unit: str) -> Slot:
    slots = Slot.objects.filter(item=item, status__in=TO_HAND_IN)
    slots = slots.select_related("performer", "item")
    if unit:
        slots = slots.filter(performer__in=named_units(unit))
    waiting = list(slots.order_by("due_on", "pk"))
    if not waiting:
        raise Refused(f"{item}现在没有要报送的期次，不能引用。")
    performers = {slot.performer_id for slot in waiting}
    if len(performers) > 1:
        names = "、".join(dict.fromkeys(str(slot.performer) for slot in waiting))
        raise Refused(
            f"{item}由 {len(performers)} 个处室分别报送（{names[:200]}）。请用 --unit 写明是哪一个。"
        )
    rooms = [
        Room(slot.pk, slot.label, slot.starts_on, slot.ends_on, slot.due_on, slot.status) for slot in waiting
    ]
    found = room_for(rooms, None, today)
    return next(slot for slot in waiting if found and slot.pk == found.slot)


def named_units(words: str) -> list[Unit]:
    """The units of that name, short name or id."""
    there = Unit.objects.filter(agency__isnull=False, ends_on__isnull=True)
    found = there.filter(name=words) | there.filter(short_name=words)
    if not found.exists() and words.isdecimal() and len(words) < 10:
        found = there.filter(pk=int(words))
    return list(found)


def unit_to_fill(user: Any, words: str, slot: Slot | None) -> Unit:
    """Where to keep a file: the unit named, else that of the slot, else the person's own department."""
    units = addable_units(user)
    if words:
        named = {unit.pk for unit in named_units(words)}
        fitting = [unit for unit in units if unit.pk in named]
        if not fitting:
            raise Refused(f"没有叫“{words}”、可以存材料的处室。")
        if len(fitting) > 1:
            told = "、".join(f"{one.agency} {one}（编号 {one.pk}）" for one in fitting)
            raise Refused(f"叫“{words}”的处室有 {len(fitting)} 个：{told}。请写编号。")
        return fitting[0]
    if slot is not None and any(unit.pk == slot.performer_id for unit in units):
        return slot.performer
    if getattr(user, "person", None) is None:  # the command line itself: the office of the only agency
        offices = [unit for unit in units if unit.kind == UnitKind.OFFICE]
        if len({unit.agency_id for unit in units}) != 1 or not offices:
            raise Refused("请用 --unit 写明存入哪个处室。")
        return offices[0]
    if not units:
        raise Refused("这个账号没有存材料的权限。")
    return units[0]
