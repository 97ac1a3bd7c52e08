"""工作量: how much is open for whom and when, and how it would be shared out. Counted in slots (期次).

A *piece* is an item as one person's work: it moves whole, with all its open slots. What was handed in or waits for a
signature does not move when work is shared out; it counts all the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 12
#: columns of a table of weeks: 逾期, the weeks, 以后
COLUMNS = WEEKS + 2


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks(today: date) -> tuple[date, ...]:
    """The Mondays of this week and the eleven after it."""
    first = monday(today)
    return tuple(first + timedelta(weeks=n) for n in range(WEEKS))


def column(due_on: date, today: date) -> int:
    """Where a slot due on DUE_ON stands: 0 late, 1 to 12 the weeks, 13 later."""
    if due_on < today:
        return 0
    return min((monday(due_on) - monday(today)).days // 7, WEEKS) + 1


@dataclass(frozen=True)
class Piece:
    """An open item with the columns of its slots still to hand in. `fixed`: handed in or waiting for a signature."""

    item: int
    unit: int | None
    person: int | None
    columns: tuple[int, ...] = ()
    fixed: bool = False

    @property
    def weight(self) -> int:
        """In slots; an item that has none left to hand in still wants a moment of somebody."""
        return max(1, len(self.columns))


@dataclass(frozen=True)
class Load:
    """Open items and slots still to hand in, by column."""

    items: int = 0
    columns: tuple[int, ...] = (0,) * COLUMNS

    @property
    def slots(self) -> int:
        return sum(self.columns)

    @property
    def late(self) -> int:
        return self.columns[0]

    @property
    def this_week(self) -> int:
        return self.columns[1]

    def __add__(self, other: "Load") -> "Load":
        pairs = zip(self.columns, other.columns, strict=True)
        return Load(self.items + other.items, tuple(one + two for one, two in pairs))


def total(pieces: Iterable[Piece]) -> Load:
    """All of PIECES together."""
    columns = [0] * COLUMNS
    items = 0
    for piece in pieces:
        items += 1
        for at in piece.columns:
            columns[at] += 1
    return Load(items, tuple(columns))


def moved(pieces: Iterable[Piece], moves: Mapping[int, int]) -> list[Piece]:
    """PIECES as they would be after MOVES (item → person)."""
    return [
        Piece(one.item, one.unit, moves.get(one.item, one.person), one.columns, one.fixed) for one in pieces
    ]


def room_of(
    home: bool, seconded: Sequence[tuple[int | None, int]], unit: int, away: bool
) -> int:  # fmt: skip
    """How much of a working time (0 to 100) a person has for UNIT today.

    SECONDED: (unit or None for a group without an office, share in percent) of the secondments that hold today. A person
    who is away takes nothing new: 0.
    """
    if away:
        return 0
    here = sum(share for where, share in seconded if where == unit)
    left = max(0, 100 - sum(share for where, share in seconded if where != unit))
    return min(100, left if home else here or left)


def split(pieces: Sequence[Piece], rooms: Mapping[int, int]) -> dict[int, int]:
    """Item → person: PIECES shared out evenly by slots among those of ROOMS (person → 0 to 100) who have room.

    The largest first, each to who then has the least for the room they have; empty when nobody has room.
    """
    able = [person for person, room in rooms.items() if room > 0]
    if not able:
        return {}
    given = dict.fromkeys(able, 0)
    made: dict[int, int] = {}
    for piece in sorted(pieces, key=lambda one: (-one.weight, one.item)):
        taker = min(able, key=lambda who: ((given[who] + piece.weight) / rooms[who], able.index(who)))
        given[taker] += piece.weight
        made[piece.item] = taker
    return made


def level(
    pieces: Sequence[Piece], rooms: Mapping[int, int], elsewhere: Mapping[int, int], keep: Collection[int] = ()
) -> dict[int, int]:  # fmt: skip
    """Item → new person, so that PIECES (of one department) weigh evenly on those of ROOMS; as few moves as do it.

    ROOMS: person → 0 to 100; with 0 a person takes nothing, and gives what they have unless they are in KEEP (away for
    some days: the stand-in acts for them). ELSEWHERE: slots a person has besides these pieces. Items of nobody, or of
    somebody outside ROOMS, are given out first. Greedy: each move takes from who has most for their room to who has
    least, and must leave the taker better off than the giver was; so it ends.
    """
    able = [person for person, room in rooms.items() if room > 0]
    if not able:
        return {}
    now = {piece.item: piece.person for piece in pieces}
    weight = {piece.item: piece.weight for piece in pieces}
    has = {person: elsewhere.get(person, 0) for person in able}
    for piece in pieces:
        if piece.person in has:
            has[piece.person] += piece.weight
    free = [piece for piece in pieces if not piece.fixed]

    def give(item: int, taker: int) -> None:
        giver = now[item]
        if giver in has:
            has[giver] -= weight[item]
        has[taker] += weight[item]
        now[item] = taker

    homeless = [piece for piece in free if piece.person not in has and piece.person not in keep]
    for piece in sorted(homeless, key=lambda one: (-one.weight, one.item)):
        give(
            piece.item,
            min(able, key=lambda who: ((has[who] + piece.weight) / rooms[who], able.index(who))),
        )
    while (step := _best(free, now, has, rooms)) is not None:
        give(*step)
    return {
        piece.item: taker
        for piece in pieces
        if (taker := now[piece.item]) is not None and taker != piece.person
    }


def _best(
    free: Sequence[Piece], now: Mapping[int, int | None], has: Mapping[int, int], rooms: Mapping[int, int]
) -> tuple[int, int] | None:
    """The next move (item, taker): from who has most for their room and can give, what evens out best, to who has least."""
    for giver in sorted(has, key=lambda who: -has[who] / rooms[who]):
        found = []
        for piece in free:
            if now[piece.item] != giver:
                continue
            left = (has[giver] - piece.weight) / rooms[giver]
            for who in has:
                taken = (has[who] + piece.weight) / rooms[who]
                if who != giver and max(left, taken) < has[giver] / rooms[giver]:
                    found.append((max(left, taken), taken, piece.item, who))
        if found:
            return min(found)[2:]
    return None
