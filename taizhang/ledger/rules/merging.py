"""合并单位: what becomes of a slot when its performer merges into a unit that may have one of the same period."""

from collections.abc import Set

from taizhang.kit.flow import State

from .states import SlotStatus


class Fate(State):
    MOVE = "move", "转给合并后的单位"
    BESIDE = "beside", "转给合并后的单位，另列一次"
    DROP = "drop", "同期已有，不再另报"
    STAY = "stay", "已办结，留在原单位名下"


#: what is still to be done or judged
OPEN = frozenset({SlotStatus.OPEN, SlotStatus.SUBMITTED, SlotStatus.RETURNED})


def fate(status: str, *, begun: bool, twin: bool) -> Fate:
    """Settled slots stay where they were done. TWIN: the other unit has one of that period; BEGUN: there is work in this one."""
    if status not in OPEN:
        return Fate.STAY
    if not twin:
        return Fate.MOVE
    return Fate.BESIDE if begun else Fate.DROP


def next_nth(taken: Set[int]) -> int:
    """The first free number among the slots of one item, performer and period."""
    return next(nth for nth in range(1, len(taken) + 2) if nth not in taken)
