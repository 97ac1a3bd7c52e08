"""接续台账: where an item stands once a row of the office's own ledger is taken over. Pure: shown first, then done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .plan import ONE_OFF
from .states import TO_HAND_IN, SlotStatus, Status
from .takeover import ItemFact, Row, SlotFact

#: what the system may still move; what has come further here than in the file is left as it is
EARLY = frozenset({Status.PENDING, Status.ASSIGNED, Status.RECEIVED, Status.DOING})
#: handed in or judged outside the system: here nothing has been handed in yet, so it is being worked on
WORKED = frozenset({Status.DOING, Status.RETURNED, Status.REVIEW})
DONE = frozenset({Status.ACCEPTED, Status.CLOSED})


@dataclass(frozen=True)
class Landing:
    """What saving does to the item of one row. `status`: None leaves the state; `settled` ids of slots that count as
    done outside the system; `closes`: nothing is left, the item is struck off; `words`: what is not done, and why."""

    status: str | None = None
    settled: tuple[int, ...] = ()
    closes: bool = False
    due_on: date | None = None
    words: tuple[str, ...] = ()


def land(
    row: Row, item: ItemFact, starts_on: date, last_on: date, today: date, *, past: bool = False, waits: bool = False
) -> Landing:  # fmt: skip
    """Where ITEM lands by ROW. A date must lie in STARTS_ON … LAST_ON; PAST: periods gone by count as done for what
    is being worked on, too; WAITS: what is done and not said to be struck off waits for its signatures."""
    words: list[str] = []
    due = _due(row, item, starts_on, last_on, words)
    state = row.state if row.first else None
    if not state or state == Status.PENDING:
        return Landing(None, due_on=due, words=tuple(words))
    if item.status not in EARLY:
        if state != item.status:
            words.append(f"系统里已经是“{Status(item.status).label}”，状态不改")
        return Landing(
            None, due_on=due if item.status not in ("closed", "waived") else None, words=tuple(words)
        )
    if state in (Status.WAIVED, Status.SUSPENDED):
        return Landing(state, words=tuple(words))
    if not (row.lead or item.lead_id):
        words.append("没有牵头处室，状态没有接续，先不交办")
        return Landing(None, due_on=due, words=tuple(words))
    if state in DONE:
        end = Status.ACCEPTED if state == Status.ACCEPTED and waits else Status.CLOSED
        return _done(row, item, end, due, today, words)
    if state in WORKED:
        gone = settled(item.slots, today) if past and item.cadence not in ONE_OFF else ()
        return Landing(Status.DOING, gone, False, due, tuple(words))
    if item.status in (Status.RECEIVED, Status.DOING) and state == Status.ASSIGNED:
        return Landing(None, due_on=due, words=tuple(words))
    return Landing(state, (), False, due, tuple(words))


def as_raised(row: Row, starts_on: date, ends_on: date) -> ItemFact:
    """The item that a row of its own will be: nothing has happened at it, and it has one slot."""
    slot = SlotFact(0, row.lead or 0, 1, "一次", starts_on, ends_on, SlotStatus.OPEN)
    return ItemFact(
        0, "", "", row.title, lead_id=row.lead, due_on=row.due_on, status=Status.PENDING, cadence="year", slots=(slot,)
    )  # fmt: skip


def beyond(row: Row, starts_on: date, last_on: date) -> str:
    """What is said of a row raised as its own whose date does not lie in the year: it is due at the assessment."""
    if row.due_on is None or starts_on <= row.due_on <= last_on:
        return ""
    return f"期限 {row.due_on} 不在本年度之内，先按测评日"


def distinguishes(rows: Sequence[Row]) -> bool:
    """Whether the file itself tells what is struck off (已销号) from what is only done: then the latter waits."""
    return any(row.state == Status.CLOSED for row in rows)


def _done(row: Row, item: ItemFact, end: Status, due: date | None, today: date, words: list[str]) -> Landing:
    if not item.slots:
        words.append("这一项由事情触发，还没有期次，不能销号，记为办理中")
        return Landing(Status.DOING, (), False, due, tuple(words))
    open_ = [one for one in item.slots if one.status in TO_HAND_IN]
    gone = tuple(one.id for one in open_) if item.cadence in ONE_OFF else settled(item.slots, today)
    left = [
        one for one in item.slots if one.status not in ("accepted", "waived", "lost") and one.id not in gone
    ]
    if left:
        words.append(f"还有 {len(left)} 期没有到，已过的期次记为办结，事项继续办理")
    return Landing(Status.DOING if left else end, gone, not left and end == Status.CLOSED, None, tuple(words))


def settled(slots: Sequence[SlotFact], today: date) -> tuple[int, ...]:
    """The slots not handed in whose periods are over."""
    return tuple(one.id for one in slots if one.status in TO_HAND_IN and one.ends_on < today)


def _due(row: Row, item: ItemFact, starts_on: date, last_on: date, words: list[str]) -> date | None:
    due = row.due_on
    if due is None or due == item.due_on or not row.first:
        return None
    if not starts_on <= due <= last_on:
        words.append(f"期限 {due} 不在本年度之内，没有接续")
        return None
    if len({(one.starts_on, one.nth) for one in item.slots}) > 1:
        words.append("这一项有多期，各期按自己的周期定期限，表里的时限没有用")
        return None
    return due


def slot_for(slots: Sequence[SlotFact], performer: int | None, today: date) -> SlotFact | None:
    """The slot that a file without a period belongs to: the last period before TODAY of who does it, else the one
    that runs; what happens once has one."""
    mine = [one for one in slots if one.performer_id == performer] or list(slots)
    mine = [one for one in mine if one.status not in ("waived", "lost")]
    begun = [one for one in mine if one.starts_on <= today]
    over = [one for one in begun if one.ends_on < today]
    row = over or begun or mine
    return (
        max(row, key=lambda one: (one.starts_on, one.nth))
        if over or begun
        else (min(row, key=lambda one: one.starts_on) if row else None)
    )
