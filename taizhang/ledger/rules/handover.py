"""工作交接: why somebody's work is handed over, and what of it may stay with them."""

from taizhang.kit.flow import State


class Purpose(State):
    LEAVE = "leave", "办理离开"
    MOVE = "move", "调动处室"
    SECOND = "second", "抽调后交接"
    LEFT = "left", "离开后交接"


class Held(State):
    """What a person may hold, in the order of the page."""

    ITEM = "item", "名下事项"
    LEADER = "leader", "分管的事项"
    UNIT = "unit", "分管的单位"
    POST = "post", "职责"
    DUTY = "duty", "组内职务"
    DEPUTY = "deputy", "给人当AB角"
    CONTACT = "contact", "联系点"


#: what a page of each purpose asks about
ASKED: dict[Purpose, frozenset[Held]] = {
    Purpose.LEAVE: frozenset(Held),
    Purpose.MOVE: frozenset(Held),
    Purpose.SECOND: frozenset({Held.ITEM}),
    Purpose.LEFT: frozenset({Held.ITEM, Held.LEADER, Held.UNIT, Held.CONTACT}),
}


def may_stay(purpose: Purpose, held: Held, *, of_home: bool) -> bool:
    """Whether the thing may stay with the person: OF_HOME says that it belongs to the department that is left.

    Who leaves takes nothing along. Who moves loses the posts of the old department; all else may go along. A secondment
    takes nothing away.
    """
    if purpose in (Purpose.LEAVE, Purpose.LEFT):
        return False
    if purpose == Purpose.MOVE:
        return not (held == Held.POST and of_home)
    return True


def stays_unless_said(purpose: Purpose, held: Held, *, of_home: bool, share: int) -> bool:
    """What is proposed where the thing may stay: a move leaves the old department's items behind, a secondment of the
    whole working time (SHARE 100) all of them."""
    if purpose == Purpose.MOVE:
        return not (held == Held.ITEM and of_home)
    return share < 100
