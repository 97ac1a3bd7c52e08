"""What may be asked for at an item, by whom it is decided, and when it may be asked."""

from taizhang.campaigns.rules.states import Who
from taizhang.kit.flow import Flow, State


class Kind(State):
    EXTENSION = "extension", "延期"
    DISPUTE = "dispute", "异议"
    WAIVE = "waive", "不适用"
    SUSPEND = "suspend", "中止"


class AskState(State):
    OPEN = "open", "待批复"
    GRANTED = "granted", "同意"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "已撤回"


ASK_FLOW = Flow(AskState, {
    "grant":    ([AskState.OPEN], AskState.GRANTED),
    "refuse":   ([AskState.OPEN], AskState.REFUSED),
    "withdraw": ([AskState.OPEN], AskState.WITHDRAWN),
})  # fmt: skip

#: who decides where a track says nothing: dates and stops are the leader's in charge, whose work it is the office's
DECIDES = {
    Kind.EXTENSION: Who.LEADER,
    Kind.DISPUTE: Who.OFFICE,
    Kind.WAIVE: Who.OFFICE,
    Kind.SUSPEND: Who.LEADER,
}
