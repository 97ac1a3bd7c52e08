"""Sharing work out, without a database."""

from datetime import date

import pytest

from taizhang.ledger.rules.handover import Held, Purpose, may_stay, stays_unless_said
from taizhang.ledger.rules.load import (
    COLUMNS,
    Load,
    Piece,
    column,
    level,
    moved,
    room_of,
    split,
    total,
    weeks,
)
from taizhang.org.rules.secondments import Served, clash

TODAY = date(2020, 6, 10)  # a Wednesday
D = 7  # the department


def pieces(*told: tuple[int, int | None, int]) -> list[Piece]:
    """(item, person, slots) each, all of one department, due this week."""
    return [Piece(item, D, person, (1,) * slots) for item, person, slots in told]


@pytest.mark.parametrize(
    ("day", "at"),
    [
        (date(2020, 6, 9), 0), (date(2020, 6, 10), 1), (date(2020, 6, 14), 1), (date(2020, 6, 15), 2),
        (date(2020, 8, 30), 12), (date(2020, 8, 31), 13), (date(2021, 1, 1), 13),
    ],
)  # fmt: skip
def test_a_slot_stands_in_its_week(day: date, at: int) -> None:
    assert column(day, TODAY) == at


def test_weeks_begin_on_mondays() -> None:
    assert weeks(TODAY)[0] == date(2020, 6, 8) and weeks(TODAY)[11] == date(2020, 8, 24)


def test_the_total_counts_items_and_slots_by_column() -> None:
    load = total([Piece(1, D, 1, (0, 1, 1)), Piece(2, D, 1, ())])
    assert (load.items, load.slots, load.late, load.this_week) == (2, 3, 1, 2)
    assert (load + Load()).columns == load.columns and len(load.columns) == COLUMNS


@pytest.mark.parametrize(
    ("home", "seconded", "away", "room"),
    [
        (True, [], False, 100),
        (True, [(9, 100)], False, 0),
        (True, [(9, 50)], False, 50),
        (True, [(9, 60), (8, 40)], False, 0),
        (False, [(D, 30)], False, 30),
        (False, [(D, 30), (9, 70)], False, 30),
        (True, [(None, 100)], False, 0),
        (True, [], True, 0),
    ],
)
def test_room_at_a_department(
    home: bool, seconded: list[tuple[int | None, int]], away: bool, room: int
) -> None:
    assert room_of(home, seconded, D, away) == room


def test_a_split_is_even_by_slots_and_by_room() -> None:
    work = pieces((1, 1, 6), (2, 1, 3), (3, 1, 3), (4, 1, 2), (5, 1, 2), (6, 1, 2))
    plan = split(work, {2: 100, 3: 50, 4: 0})
    given = {who: sum(one.weight for one in work if plan[one.item] == who) for who in (2, 3, 4)}
    assert given[2] + given[3] == 18 and given[4] == 0
    assert abs(given[2] / 100 - given[3] / 50) <= 3 / 50, "no further apart than the last piece"
    assert split(work, {4: 0}) == {}


def test_levelling_evens_out_with_few_moves() -> None:
    work = pieces((1, 1, 4), (2, 1, 4), (3, 1, 4), (4, 2, 0))
    plan = level(work, {1: 100, 2: 100}, {})
    after = moved(work, plan)
    assert {who: sum(one.weight for one in after if one.person == who) for who in (1, 2)} == {1: 8, 2: 5}
    assert len(plan) == 1


def test_what_was_handed_in_never_moves() -> None:
    work = [Piece(1, D, 1, (1,) * 9, fixed=True), Piece(2, D, 1, (1,), fixed=True), Piece(3, D, 2, (1,))]
    assert level(work, {1: 100, 2: 100}, {}) == {}


def test_who_is_seconded_whole_gives_all_and_takes_nothing() -> None:
    work = pieces((1, 1, 3), (2, 1, 3), (3, 2, 3))
    plan = level(work, {1: 0, 2: 100, 3: 100}, {})
    assert set(plan) == {1, 2} and set(plan.values()) <= {2, 3}
    assert 3 in plan.values()


def test_who_is_half_here_takes_half() -> None:
    work = pieces(*((n, None, 1) for n in range(9)))
    plan = level(work, {1: 100, 2: 50}, {})
    assert sum(who == 1 for who in plan.values()) == 6


def test_who_is_away_keeps_what_they_have_and_takes_nothing() -> None:
    work = pieces((1, 1, 5), (2, 2, 5), (3, 2, 5))
    plan = level(work, {1: 0, 2: 100, 3: 100}, {}, keep={1})
    assert plan.get(1) is None and 1 not in plan.values() and len(plan) == 1


def test_other_work_counts() -> None:
    work = pieces((1, None, 2), (2, None, 2))
    assert set(level(work, {1: 100, 2: 100}, {1: 50}).values()) == {2}


def test_who_has_most_but_nothing_to_give_does_not_stop_the_others() -> None:
    work = pieces(*((n, 1, 2) for n in range(9)))
    plan = level(work, {1: 100, 2: 100, 3: 100, 4: 100}, {4: 125})
    after = moved(work, plan)
    assert {who: sum(one.weight for one in after if one.person == who) for who in (1, 2, 3, 4)} == {
        1: 6,
        2: 6,
        3: 6,
        4: 0,
    }


def test_nobody_with_room_means_no_move() -> None:
    assert level(pieces((1, 1, 5)), {1: 0}, {}) == {}


def test_levelled_once_is_level() -> None:
    work = pieces(*((n, 1 + n % 2, 1 + n % 5) for n in range(40)))
    rooms = {1: 100, 2: 100, 3: 50, 4: 100}
    after = moved(work, level(work, rooms, {}))
    assert level(after, rooms, {}) == {}
    assert total(after).slots == total(work).slots


def test_nobody_is_in_two_places() -> None:
    first = Served(date(2020, 6, 1), date(2020, 6, 30), 60, "创建办")
    assert clash([first, Served(date(2020, 7, 1), None, 100, "专班")]) is None
    assert clash([first, Served(date(2020, 6, 15), None, 40, "专班")]) is None
    found = clash([first, Served(date(2020, 6, 15), None, 41, "专班")])
    assert found is not None
    assert (found.first, found.last, found.share) == (date(2020, 6, 15), date(2020, 6, 30), 101)
    assert found.where == ("创建办", "专班")


def test_what_may_stay() -> None:
    assert not any(may_stay(Purpose.LEAVE, held, of_home=False) for held in Held)
    assert not may_stay(Purpose.MOVE, Held.POST, of_home=True)
    assert may_stay(Purpose.MOVE, Held.POST, of_home=False)
    assert not stays_unless_said(Purpose.MOVE, Held.ITEM, of_home=True, share=0)
    assert stays_unless_said(Purpose.MOVE, Held.ITEM, of_home=False, share=0)
    assert stays_unless_said(Purpose.SECOND, Held.ITEM, of_home=True, share=50)
    assert not stays_unless_said(Purpose.SECOND, Held.ITEM, of_home=True, share=100)
