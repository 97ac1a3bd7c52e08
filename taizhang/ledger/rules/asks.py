"""When something may be asked for at an item (申请), and what a decision may say. Refusals are Chinese sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from taizhang.campaigns.rules.asks import DECIDES, MEANS, AskPlan, Kind
from taizhang.kit.flow import Flow, State

from .states import FLOW, Status

__all__ = [
    "ASK_FLOW", "ASK_LABELS", "AskPlan", "AskState", "DECIDES", "Kind", "MEANS", "Past", "Place", "check_extension",
    "check_lead", "latest_day", "returned_enough", "why_not",
]  # fmt: skip


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

#: the words of its steps in the diagram
ASK_LABELS = {"grant": "同意", "refuse": "不同意", "withdraw": "撤回，或事项已了结"}


@dataclass(frozen=True)
class Place:
    """What of an item decides what may be asked for at it. `dues`: dates of what is still to be handed in."""

    name: str
    status: str
    led: bool = True
    at_step: bool = False  # waits at a step per item: everything has been handed in
    over: bool = False  # the year has been closed
    closed_on: date | None = None
    dues: tuple[date, ...] = ()


@dataclass(frozen=True)
class Past:
    """What was asked for at the item before: kinds that wait for an answer, and how often each was granted."""

    waiting: frozenset[str] = frozenset()
    granted: Mapping[str, int] = field(default_factory=dict)


def why_not(kind: Kind, place: Place, past: Past, times: int | None, today: date) -> str:
    """Why KIND cannot be asked for now, and what to do instead; "" when it can."""
    label = kind.label
    if place.over:
        return f"{place.name}所在的年度已经结束，不能再申请{label}。"
    if place.status == Status.CLOSED:
        when = f"已于 {place.closed_on} 销号" if place.closed_on else "已经销号"
        return f"{place.name}{when}，不能再申请{label}。确需改动的，请创建办先重新挂号。"
    if place.status == Status.WAIVED:
        return f"{place.name}已是“不适用”，不用再申请{label}。要恢复办理，请联系创建办。"
    if place.status == Status.PENDING or not place.led:
        return f"{place.name}还没有交办，不用申请{label}。牵头和期限由创建办交办时定，有意见请留言。"
    if place.status == Status.ACCEPTED or place.at_step:
        return f"{place.name}各期都已办结，正在逐级签批，不能再申请{label}。确需改动的，请现在的签批人退回。"
    if place.status == Status.SUSPENDED and kind != Kind.WAIVE:
        return f"{place.name}现在中止，不计期限，不用申请{label}。要接着办，请创建办恢复办理。"
    if kind in past.waiting:
        return f"{place.name}已有一件{label}申请等待批复。要改，请先撤回那一件再重新申请。"
    done = past.granted.get(kind, 0)
    if times is not None and done >= times:
        return (
            f"{place.name}已批准{label} {done} 次，到了上限（每个事项最多 {times} 次），不能再申请。"
            "请按现在的安排办理；确有特殊情况的，请联系创建办。"
        )
    if kind == Kind.EXTENSION:
        return _why_not_later(place, today)
    if kind in (Kind.WAIVE, Kind.SUSPEND) and not FLOW.allows(kind.value, place.status):
        return f"{place.name}现在是“{Status(place.status).label}”，不能申请{label}。"
    return ""


def _why_not_later(place: Place, today: date) -> str:
    if not place.dues:
        return f"{place.name}没有还没报的期次，不用申请延期。"
    if max(place.dues) < today:
        return after_due(place.name, max(place.dues))
    return ""


def after_due(name: str, due_on: date) -> str:
    """What a date that has passed still leaves to do."""
    return (
        f"{name}的期限 {due_on} 已过，延期要在期限之前申请。请尽快补报（会记为迟报）；"
        "确有特殊情况的，请联系创建办改期限。"
    )


def latest_day(due_on: date, assessed_on: date, ends_on: date) -> date:
    """Until when a date may be put off: to the assessment, what is due after it to the end of the year."""
    return assessed_on if due_on < assessed_on else ends_on


def check_extension(name: str, due_on: date, wanted: date, today: date, latest: date) -> str:
    """What is wrong with putting the date off to WANTED; "" when nothing is. For the ask and for its answer."""
    if latest <= due_on:
        return f"{name}的期限 {due_on} 已到本年度末，不能再往后推。确有特殊情况的，请联系创建办。"
    if wanted <= due_on:
        return f"延期的日期 {wanted} 要晚于现在的期限 {due_on}，请重新填写。"
    if wanted < today:
        return f"延期的日期 {wanted} 已经过去，请填今天（{today}）以后的日期。"
    if wanted > latest:
        return f"延期最晚到 {latest}（测评日或年度结束），{wanted} 太晚了，请重新填写。"
    return ""


def check_lead(present: int | None, wanted: int | None) -> str:
    """What is wrong with the department that is proposed as the lead."""
    if wanted is None:
        return "请选建议由哪个处室牵头。"
    if wanted == present:
        return "建议的牵头处室就是现在的牵头处室，请另选一个。"
    return ""


def returned_enough(name: str, returns: int, allowed: int | None) -> str:
    """Why a slot cannot be returned once more, and what to do instead; "" while it can."""
    if allowed is None or returns < allowed:
        return ""
    return (
        f"{name}已退回 {returns} 次，到了本创建线的上限（每期最多退回 {allowed} 次），不能再退回。"
        "材料能用的请通过，不足写在审核意见里；确实不能用的，请创建办把本期设为不适用、换牵头处室，或在创建设置里放宽上限。"
    )
