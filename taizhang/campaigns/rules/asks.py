"""What may be asked for at an item (申请), by whom it is decided and how often it may be granted."""

from collections.abc import Iterable
from dataclasses import dataclass

from taizhang.kit.flow import State

from .states import Who

MOST_TIMES = 99


class Kind(State):
    EXTENSION = "extension", "延期"
    DISPUTE = "dispute", "异议"
    WAIVE = "waive", "不适用"
    SUSPEND = "suspend", "中止"


#: who decides where a track says nothing: dates and stops are the leader's in charge, whose work it is the office's
DECIDES = {
    Kind.EXTENSION: Who.LEADER,
    Kind.DISPUTE: Who.OFFICE,
    Kind.WAIVE: Who.OFFICE,
    Kind.SUSPEND: Who.LEADER,
}
#: what each kind asks for, for those who set the rules and those who ask
MEANS = {
    Kind.EXTENSION: "期限前申请推迟，写明理由和进展",
    Kind.DISPUTE: "认为不该由本处室牵头，建议改由别的处室",
    Kind.WAIVE: "本单位本年没有这件事",
    Kind.SUSPEND: "暂时办不下去，先停下来",
}


@dataclass(frozen=True)
class AskPlan:
    """Who decides one kind, and how many times it may be granted per item (None: as often as need be)."""

    kind: Kind
    who: str
    times: int | None = None


def delivered() -> list[AskPlan]:
    """The rules of a track that says nothing."""
    return [AskPlan(kind, DECIDES[kind]) for kind in Kind]


def check_asks(plans: Iterable[AskPlan], returns_allowed: int | None) -> list[str]:
    """What is wrong with rules that were typed in, in words."""
    found = []
    for plan in plans:
        if plan.who not in {who.value for who in Who}:
            found.append(f"“{plan.kind.label}”没有选谁批，请选一种。")
        if plan.times is not None and not 1 <= plan.times <= MOST_TIMES:
            found.append(f"“{plan.kind.label}”的次数要在 1 到 {MOST_TIMES} 之间；不限次数请留空。")
    if returns_allowed is not None and not 1 <= returns_allowed <= MOST_TIMES:
        found.append(f"每期最多退回的次数要在 1 到 {MOST_TIMES} 之间；不限次数请留空。")
    return found
