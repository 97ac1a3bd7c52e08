"""Days of grace: how long after its period a slot may still be handed in on time."""

from collections.abc import Sequence
from dataclasses import dataclass

from taizhang.standards.rules.cadence import LABELS, Cycle

#: calendar days; what comes once is scheduled backwards from the assessment and needs none
GRACE = {
    Cycle.WEEK: 3,
    Cycle.MONTH: 5,
    Cycle.TWO_MONTHS: 5,
    Cycle.QUARTER: 10,
    Cycle.HALF_YEAR: 15,
    Cycle.YEAR: 0,
    Cycle.CYCLE: 0,
}
MAX_DAYS = 180
NEAR_DAYS = 3  # working days before the due date in which the light is yellow


@dataclass(frozen=True)
class WindowPlan:
    """`shut_days` days after it was due a slot closes as 逾期未报; None: it never closes, only counts as late."""

    cadence: str
    grace_days: int
    shut_days: int | None = None


def default_windows() -> list[WindowPlan]:
    return [WindowPlan(cycle, days) for cycle, days in GRACE.items()]


def cadence_label(cadence: str) -> str:
    return LABELS.get(Cycle(cadence), cadence) if cadence else LABELS[Cycle.YEAR]


def check_windows(windows: Sequence[WindowPlan], near_days: int) -> list[str]:
    """What is wrong, in words."""
    found = []
    for window in windows:
        label = cadence_label(window.cadence)
        if not 0 <= window.grace_days <= MAX_DAYS:
            found.append(f"“{label}”的宽限 {window.grace_days} 天应在 0 到 {MAX_DAYS} 之间。")
        if window.shut_days is not None and not 1 <= window.shut_days <= 366:
            found.append(f"“{label}”逾期 {window.shut_days} 天后关闭，应在 1 到 366 之间；不关闭就留空。")
    cadences = [window.cadence for window in windows]
    twice = sorted({cadence_label(cadence) for cadence in cadences if cadences.count(cadence) > 1})
    if twice:
        found.append(f"同一周期设了两次宽限：{'、'.join(twice)}。")
    if not 0 <= near_days <= 30:
        found.append(f"“临近”的 {near_days} 个工作日应在 0 到 30 之间。")
    return found
