"""期次的置换: which slots of an item give way to those of a new edition, and which new ones come. Pure.

Nothing that somebody handed in is ever touched, nor any period that is over: it was asked for by the edition of
its day. What is empty and not over gives way. New slots ask only for days of which the same performer has no
slot left, so that no period is asked twice of one performer and no day from the adoption on is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .plan import Wanted
from .states import SlotStatus

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Held:
    """A slot as it stands. `touched`: something was cited, handed in or signed for it at any time."""

    id: int
    performer: int
    nth: int
    label: str
    starts_on: date
    ends_on: date
    status: str
    touched: bool
    due_on: date
    due_fixed: bool = False


@dataclass(frozen=True)
class Exchange:
    """`gone`: the empty slots that give way; `kept`: those that stay; `made`: those that come."""

    gone: tuple[Held, ...]
    kept: tuple[Held, ...]
    made: tuple[Wanted, ...]


def stays(slot: Held, today: date) -> bool:
    """What was handed in, settled, waived or begun, and what is over, stays."""
    return slot.status != SlotStatus.OPEN or slot.touched or slot.ends_on < today


def exchange(
    held: Iterable[Held], wanted: Iterable[Wanted], today: date, *, same_periods: bool, events: bool = False
) -> Exchange:
    """HELD give way to WANTED (the whole year's, as opening would lay them) from TODAY on.

    SAME_PERIODS: the cadence is the old one (only how often, or who performs, has changed): what stays counts as
    one of the times of its period. EVENTS: the old slots are of events, and stand for no period.
    """
    rows = list(held)
    kept = tuple(slot for slot in rows if stays(slot, today) or (events and slot.label != "本年未发生"))
    ids = {slot.id for slot in kept}
    taken = {(slot.performer, slot.starts_on, slot.nth) for slot in kept}
    made: list[Wanted] = []
    coming = [slot for slot in wanted if slot.ends_on >= today]
    if same_periods and not events:
        made = _more_times(kept, coming, taken)
    else:
        for slot in coming:
            for left in [slot] if events else _uncovered(slot, kept, today):
                while (left.performer, left.starts_on, left.nth) in taken:
                    left = replace(left, nth=left.nth + 1)
                taken.add((left.performer, left.starts_on, left.nth))
                made.append(left)
    return Exchange(tuple(slot for slot in rows if slot.id not in ids), kept, tuple(made))


def _more_times(
    kept: Sequence[Held], coming: Sequence[Wanted], taken: set[tuple[int, date, int]]
) -> list[Wanted]:
    """Of each period as many as are still wanting: those that stay count."""
    of_period: dict[tuple[int, date], int] = {}
    for one in kept:
        key = (one.performer, one.starts_on)
        of_period[key] = of_period.get(key, 0) + 1
    wants: dict[tuple[int, date], int] = {}
    for slot in coming:
        key = (slot.performer, slot.starts_on)
        wants[key] = wants.get(key, 0) + 1
    room = {key: number - of_period.get(key, 0) for key, number in wants.items()}
    made = []
    for slot in coming:
        key = (slot.performer, slot.starts_on)
        if room[key] > 0 and (slot.performer, slot.starts_on, slot.nth) not in taken:
            room[key] -= 1
            made.append(slot)
    return made


def _uncovered(slot: Wanted, kept: Sequence[Held], today: date) -> list[Wanted]:
    """SLOT for the days that no slot that stays covers: whole, in pieces around those that stay, or not at all."""
    spans = sorted(
        (one.starts_on, one.ends_on)
        for one in kept
        if one.performer == slot.performer and one.starts_on <= slot.ends_on and one.ends_on >= slot.starts_on
    )
    gaps: list[tuple[date, date]] = []
    day = slot.starts_on
    for first, last in spans:
        if first > day:
            gaps.append((day, first - DAY))
        day = max(day, last + DAY)
    if day <= slot.ends_on:
        gaps.append((day, slot.ends_on))
    return [_piece(slot, first, last) for first, last in gaps if last >= today]


def _piece(slot: Wanted, first: date, last: date) -> Wanted:
    """SLOT for some of its days, called by them; it is due when the whole would be."""
    if (first, last) == (slot.starts_on, slot.ends_on):
        return slot
    since = f"{first.month}月{first.day}日起" if first > slot.starts_on else ""
    until = f"至{last.month}月{last.day}日" if last < slot.ends_on else ""
    return replace(
        slot, label=f"{slot.label}（{since}{until}）", starts_on=first, ends_on=last, opens_on=first
    )
