"""The words of a campaign: states of a year, who stands at a step, what a step looks at."""

from taizhang.kit.flow import Flow, State


class YearState(State):
    PLANNED = "planned", "未启用"
    OPEN = "open", "进行中"
    CLOSED = "closed", "已结束"


class Who(State):
    """Who stands at a step of a review chain."""

    LEAD_HEAD = "lead_head", "牵头处室负责人"
    GROUP_LEADER = "group_leader", "活动组组长"
    OFFICE = "office", "创建办"
    LEADER = "leader", "分管领导"


class PerStep(State):
    SLOT = "slot", "按期次"
    ITEM = "item", "按事项"


#: what may happen to a year; opening is the ledger's act, since it makes the items
YEAR_FLOW = Flow(
    YearState,
    {
        "open": ([YearState.PLANNED], YearState.OPEN),
        "close": ([YearState.OPEN], YearState.CLOSED),
        "resume": ([YearState.CLOSED], YearState.OPEN),
    },
)
