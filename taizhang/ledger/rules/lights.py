"""Lights: what a date and a state say today. Never stored (look: green on time, yellow near, red late)."""

from dataclasses import dataclass
from datetime import date

from taizhang.campaigns.rules.workdays import Workdays

from .states import SlotStatus, Status


@dataclass(frozen=True)
class Light:
    """`kind`: r late, y near, g on time, n not started or not counted, f struck off. `days`: working days left, negative when late."""

    kind: str
    text: str
    days: int = 0


NOT_STARTED = Light("n", "未开始")
ON_TIME = Light("g", "按期")
BEFORE_SYSTEM = Light("n", "系统启用前")


def due_light(due_on: date, today: date, near_days: int, workdays: Workdays) -> Light:
    """The light of something still to be handed in. Days are working days, at least one when late."""
    if today > due_on:
        days = max(1, workdays.between(due_on, today))
        return Light("r", f"逾期{days}天", -days)
    left = workdays.between(today, due_on)
    if today == due_on:
        return Light("y", "今日到期")
    if left <= near_days:
        return Light("y", f"临近，剩{left}天", left)
    return Light("g", "按期", left)


def slot_light(
    status: str, due_on: date, opens_on: date, today: date, near_days: int, workdays: Workdays, *,
    late: bool = False, before_system: bool = False,
) -> Light:  # fmt: skip
    """The light of one slot. What was handed in on time and waits is not late; what came late stays 迟报."""
    if status == SlotStatus.ACCEPTED:
        return Light("g", "通过（迟报）" if late else "通过")
    if status == SlotStatus.WAIVED:
        return Light("n", "不适用")
    if status == SlotStatus.LOST:
        return Light("r", "期满未报")
    if status == SlotStatus.SUBMITTED:
        return Light("g", "待审（迟报）" if late else "待审")
    if before_system:
        return BEFORE_SYSTEM
    if today < opens_on:
        return NOT_STARTED
    return due_light(due_on, today, near_days, workdays)


def item_light(
    status: str,
    next_due: date | None,
    next_opens: date | None,
    today: date,
    near_days: int,
    workdays: Workdays,
) -> Light:
    """The light of an item: that of the earliest slot still to be handed in (not those before the system).

    `next_due` and `next_opens` are the least of those slots; None when nothing is left to hand in.
    """
    if status == Status.CLOSED:
        return Light("f", "已销号")
    if status in (Status.WAIVED, Status.SUSPENDED):
        return Light("n", Status(status).label)
    if next_due is None:
        return Light("g", "待审") if status in (Status.REVIEW, Status.ACCEPTED) else NOT_STARTED
    if next_opens is not None and today < next_opens and today <= next_due:
        return NOT_STARTED if status in (Status.PENDING, Status.ASSIGNED) else ON_TIME
    return due_light(next_due, today, near_days, workdays)
