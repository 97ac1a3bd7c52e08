"""What a bulk act would do before it is done: to how many, and which of them cannot, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from taizhang.campaigns.models import Year
from taizhang.org.models import Unit
from taizhang.standards.queries import propose_lead

from ..models import Batch, Item, Slot
from ..rules.states import FLOW, TO_HAND_IN, Status
from .rows import Row
from .scope import batches_for
from .standing import waiting_for

#: verb → the words of the button, what the page says it will do; in the order of the bar
VERBS: dict[str, tuple[str, str]] = {
    "assign": ("交办", "交给牵头处室，等它签收"),
    "set_due": ("改期限", "一年一次的事项改到这一天；有多期的按各自周期，不能这样改"),
    "set_lead": ("改责任人/牵头", "换牵头处室或责任人；没报的期次随之移交，状态不变"),
    "accept_lead": ("接受建议牵头", "按标准里写的责任主体定牵头处室"),
    "accept": ("审核通过", "把等我审核的期次全部审核通过"),
    "sign": ("签批", "在我这一环节签批同意；最后一环即销号"),
    "receive": ("签收", "由牵头处室签收"),
    "waive": ("不适用", "不再计入，须写理由"),
    "before_system_fill": (
        "系统启用前补录",
        "启用前已经结束的期次记为已办，写明当时的完成情况；不再逐级审核",
    ),
    "before_system": ("系统启用前不计", "启用前已经结束、又没有补报的期次不再计入，须写理由"),
}
BEFORE_SYSTEM = frozenset({"before_system", "before_system_fill"})
#: whoever manages the ledger gets the first four and the last three, whoever reviews or hands in the others
MANAGING = frozenset(
    {"assign", "set_due", "set_lead", "accept_lead", "waive", "before_system", "before_system_fill"}
)


@dataclass(frozen=True)
class Plan:
    """`able`: rows it will be done to; `unable`: the others with the reason. `slots`: slot ids, for slot verbs;
    `leads`: item id → proposed lead; `notes`: item id → what will be done, where it is not the same for all."""

    able: list[Row]
    unable: list[tuple[Row, str]]
    slots: list[int]
    leads: dict[int, int]
    notes: dict[int, str]


def plan(user: Any, year: Year, verb: str, rows: Sequence[Row]) -> Plan:
    """What VERB would do to ROWS; a fixed number of queries for each verb."""
    ids = [row.id for row in rows]
    slots: dict[int, list[int]] = {}
    leads: dict[int, int] = {}
    notes: dict[int, str] = {}
    if verb == "accept":
        waiting = waiting_for(user, year).slots
        for item, slot, label in Slot.objects.filter(pk__in=waiting, item__in=ids).values_list(
            "item", "pk", "label"
        ):
            slots.setdefault(item, []).append(slot)
            notes[item] = f"{label} 等 {len(slots[item])} 期" if len(slots[item]) > 1 else label
    signing = set(waiting_for(user, year).items) if verb == "sign" else set()
    if verb == "accept_lead":
        leads = _proposed(year, ids)
        names = dict(Unit.objects.filter(pk__in=set(leads.values())).values_list("pk", "name"))
        notes = {item: f"建议 {names[lead]}" for item, lead in leads.items()}
    if verb in BEFORE_SYSTEM:
        open_ = Q(status__in=TO_HAND_IN, before_system=True)
        for item, slot in Slot.objects.filter(open_, item__in=ids).values_list("item", "pk"):
            slots.setdefault(item, []).append(slot)
        notes = {item: f"{len(found)} 期" for item, found in slots.items()}

    def why_not(row: Row) -> str:
        status = Status(row.status)
        if verb == "assign":
            return "" if FLOW.allows("assign", status) else f"已经是“{status.label}”"
        if verb == "receive":
            return "" if status == Status.ASSIGNED else f"现在是“{status.label}”，不是等签收"
        if verb in ("set_lead", "set_due") and status in (Status.CLOSED, Status.WAIVED):
            return f"{status.label}，不能再改"
        if verb == "set_due" and row.periods > 1:
            return "有多期，请在事项页改某一期"
        if verb == "waive":
            return "" if FLOW.allows("waive", status) else f"{status.label}，不能再改"
        if verb == "accept":
            return "" if row.id in slots else "没有等我审核的期次"
        if verb == "sign":
            return "" if row.id in signing else "不在我签批的环节"
        if verb in BEFORE_SYSTEM:
            return "" if row.id in slots else "没有系统启用前未报的期次"
        if verb == "accept_lead":
            return (
                ""
                if row.id in leads
                else "已有牵头处室"
                if row.lead_id
                else "标准没有写明，或本机关没有对应的处室"
            )
        return ""

    reasons = [(row, why_not(row)) for row in rows]
    able = [row for row, why in reasons if not why]
    return Plan(
        able,
        [(row, why) for row, why in reasons if why],
        [slot for row in able for slot in slots.get(row.id, [])],
        leads,
        notes,
    )


def _proposed(year: Year, ids: Sequence[int]) -> dict[int, int]:
    """Item id → the lead that the words of the standard mean, for those of IDS that nobody leads."""
    matcher = propose_lead(year.campaign.unit)
    found: dict[int, int] = {}
    for pk, words in (
        Item.objects.filter(pk__in=ids, lead=None).exclude(lead_text="").values_list("pk", "lead_text")
    ):
        if unit := matcher.match(words).unit_id:
            found[pk] = unit
    return found


def own_batches(user: Any) -> QuerySet[Batch]:
    """The bulk acts that a person did, or that were done in the ledgers they manage; the newest first."""
    person = getattr(user, "person", None)
    mine = Q(by=person) if person else Q(pk__in=[])
    return (
        Batch.objects.filter(mine | Q(pk__in=batches_for(user).values("pk")))
        .select_related("by")
        .order_by("-id")
    )


def may_take_back(batch: Batch, user: Any, today: date) -> bool:
    """Whether the undo button is of use: done today, by this person, not undone yet."""
    person = getattr(user, "person", None)
    return (
        batch.undone_at is None and batch.by_id == (person.pk if person else None) and on_day(batch) == today
    )


def on_day(batch: Batch) -> date:
    return timezone.localtime(batch.at).date()
