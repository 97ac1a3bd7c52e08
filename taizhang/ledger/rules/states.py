"""States and steps of items and slots, nothing else."""

from collections.abc import Iterable

from taizhang.kit.flow import Flow, State


class Status(State):
    PENDING = "pending", "待交办"
    ASSIGNED = "assigned", "已交办"
    RECEIVED = "received", "已签收"
    DOING = "doing", "办理中"
    RETURNED = "returned", "退回"
    REVIEW = "review", "待审核"
    ACCEPTED = "accepted", "审核通过"
    CLOSED = "closed", "已销号"
    SUSPENDED = "suspended", "中止"
    WAIVED = "waived", "不适用"


class SlotStatus(State):
    OPEN = "open", "未报"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "通过"
    LOST = "lost", "逾期未报"
    WAIVED = "waived", "不适用"


class Source(State):
    """What an item was raised from."""

    INDICATOR = "indicator", "测评标准"
    DECISION = "decision", "会议决定"
    INSTRUCTION = "instruction", "领导批示"
    HIGHER = "higher", "上级交办"
    FINDING = "finding", "检查问题"
    REQUEST = "request", "群众诉求"
    ROUTINE = "routine", "例行安排"
    PLAN = "plan", "工作规划"
    KEPT = "kept", "原有台账"


class Verdict(State):
    ACCEPT = "accept", "同意"
    RETURN = "return", "退回"
    SKIP = "skip", "跳过"
    REOPEN = "reopen", "重新挂号"


class Conformity(State):
    """What the material of an item shows, as a 材料提交表 states it (domain notes 5.1)."""

    MEETS = "meets", "符合"
    MOSTLY = "mostly", "基本符合"
    FAILS = "fails", "不符合"


S, T = Status, SlotStatus
WORKING = (S.ASSIGNED, S.RECEIVED, S.DOING, S.RETURNED, S.REVIEW)
#: what is still to be handed in, for the first time or again
TO_HAND_IN = (T.OPEN, T.RETURNED)

FLOW = Flow(Status, {
    "assign":   ([S.PENDING, S.ASSIGNED, S.RECEIVED], S.ASSIGNED),
    "receive":  ([S.ASSIGNED], S.RECEIVED),
    "work":     (WORKING, S.DOING),
    "hand_in":  (WORKING, S.REVIEW),
    "send_back": ([S.REVIEW, S.ACCEPTED, S.DOING, S.RETURNED], S.RETURNED),
    "settle":   (WORKING, S.REVIEW),
    "pass":     ([S.REVIEW], S.ACCEPTED),
    "close":    ([S.ACCEPTED], S.CLOSED),
    "reopen":   ([S.CLOSED], S.RETURNED),
    "suspend":  ([S.PENDING, *WORKING], S.SUSPENDED),
    "resume":   ([S.SUSPENDED], S.DOING),
    "waive":    ([S.PENDING, *WORKING, S.SUSPENDED], S.WAIVED),
    "restore":  ([S.WAIVED], S.PENDING),
    "cancel":   ([S.PENDING, *WORKING, S.ACCEPTED, S.CLOSED, S.SUSPENDED, S.WAIVED], S.WAIVED),
})  # fmt: skip

SLOT_FLOW = Flow(SlotStatus, {
    "submit":   (TO_HAND_IN, T.SUBMITTED),
    "withdraw": ([T.SUBMITTED], T.OPEN),
    "advance":  ([T.SUBMITTED], T.SUBMITTED),
    "accept":   ([T.SUBMITTED], T.ACCEPTED),
    "send_back": ([T.SUBMITTED, T.ACCEPTED], T.RETURNED),
    "lose":     (TO_HAND_IN, T.LOST),
    "let_in":   ([T.LOST], T.OPEN),
    "waive":    ([*TO_HAND_IN, T.LOST], T.WAIVED),
    "restore":  ([T.WAIVED], T.OPEN),
    "fill":     (TO_HAND_IN, T.ACCEPTED),
})  # fmt: skip

#: the words of the steps on buttons and in the diagrams
LABELS = {
    "assign": "交办", "receive": "签收", "work": "办理", "hand_in": "提交审核", "send_back": "退回", "settle": "各期办结",
    "pass": "审核通过", "close": "销号", "reopen": "重新挂号", "suspend": "中止", "resume": "恢复办理", "waive": "不适用",
    "restore": "恢复适用", "cancel": "标准取消", "submit": "提交", "withdraw": "撤回", "advance": "逐级审核", "accept": "通过", "lose": "期满未报", "let_in": "补开窗口",
    "fill": "系统启用前补录",
}  # fmt: skip

SETTLED = frozenset({T.ACCEPTED, T.WAIVED, T.LOST})


def step_after(slots: Iterable[str]) -> str:
    """Which step of FLOW an item takes after one of its slots moved: what its slots say, the worst first."""
    states = set(slots)
    if T.RETURNED in states:
        return "send_back"
    if T.SUBMITTED in states:
        return "hand_in"
    if states and states <= SETTLED:
        return "settle"
    return "work"
