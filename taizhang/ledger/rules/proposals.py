"""Into which period of an item a piece of evidence goes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .states import TO_HAND_IN, SlotStatus


@dataclass(frozen=True)
class Room:
    """A period of an item for one performer."""

    slot: int
    label: str
    starts_on: date
    ends_on: date
    due_on: date
    status: str


def room_for(rooms: Sequence[Room], happened_on: date | None, today: date) -> Room | None:
    """The period that the evidence is of. Without a date: the one returned, else the one that runs, else the one that
    is late (of several the last: what comes today is of yesterday rather than of last spring), else the next.

    None where its own period takes nothing in any more: what happened in May does not prove June.
    """
    free = [one for one in rooms if one.status in TO_HAND_IN]
    if happened_on is not None:
        own = [one for one in rooms if one.starts_on <= happened_on <= one.ends_on]
        if own:
            return next((one for one in own if one.status in TO_HAND_IN), None)
    returned = [one for one in free if one.status == SlotStatus.RETURNED]
    running = [one for one in free if one.starts_on <= today <= max(one.ends_on, one.due_on)]
    late = sorted((one for one in free if one.due_on < today), key=_in_turn)[-1:]
    return min(returned or running or late or free, key=_in_turn, default=None)


def _in_turn(room: Room) -> tuple[date, int]:
    return room.due_on, room.slot
