"""AB角 without a database: who stands in, two away at once, rings, and the days for which nobody does."""

from datetime import date

import pytest

from taizhang.campaigns.rules.states import Who
from taizhang.ledger.rules.signing import Matter, acted_name, judges, names_at
from taizhang.org.rules.away import Covered, Span, acted_by, covered, gaps, overlapping
from taizhang.org.rules.holders import Holders
from taizhang.org.rules.standins import stand_in_of, stand_ins

A, B, C, D = 1, 2, 3, 4
RING = {A: [B], B: [C], C: [A]}
JUNE = [date(2020, 6, day) for day in range(1, 31)]


def span(first: int, last: int | None = None) -> Span:
    return Span(JUNE[first - 1], JUNE[last - 1] if last else None)


@pytest.mark.parametrize(
    ("away", "who"),
    [({A}, {A: B}), ({A, B}, {A: C, B: C}), ({B, C}, {B: A, C: A}), ({A, B, C}, {}), (set(), {})],
)
def test_a_ring_of_three_is_covered_while_one_is_there(away: set[int], who: dict[int, int]) -> None:
    assert stand_ins(RING, frozenset(away)) == who


def test_two_away_at_once_go_to_the_next_in_order() -> None:
    deputies = {A: [B, C], D: [B]}
    assert stand_ins(deputies, frozenset({A})) == {A: B}
    assert stand_ins(deputies, frozenset({A, B})) == {A: C}
    assert stand_ins(deputies, frozenset({A, D})) == {A: B, D: B}


def test_the_chain_is_followed_and_nobody_stands_in_for_themselves() -> None:
    assert stand_in_of(A, {A: [B], B: [C], C: [D]}, frozenset({A, B, C})) == D
    assert stand_in_of(A, {A: [A]}, frozenset({A})) is None
    assert stand_in_of(A, {}, frozenset({A})) is None
    # one's own second choice goes before the first one's stand-in
    assert stand_in_of(A, {A: [B, D], B: [C]}, frozenset({A, B})) == D


def test_the_days_of_an_absence_are_told_apart() -> None:
    away = {A: [span(1, 10)], B: [span(4, 6)], C: [span(6, 6)]}
    assert covered(A, span(1, 10), {A: [B, C]}, away) == [
        Covered(span(1, 3), B), Covered(span(4, 5), C), Covered(span(6, 6), None), Covered(span(7, 10), B),
    ]  # fmt: skip
    assert gaps(covered(A, span(1, 10), {A: [B, C]}, away)) == [span(6, 6)]


def test_a_ring_all_away_leaves_a_gap_and_says_on_which_days() -> None:
    away = {A: [span(1, 10)], B: [span(2, 20)], C: [span(9)]}
    found = gaps(covered(A, span(1, 10), RING, away))
    assert found == [span(9, 10)] and str(found[0]) == "6 月 9 日至 6 月 10 日"
    assert gaps(covered(C, span(9), RING, away)) == [span(9, 10)]  # from the 11th A is back


def test_an_absence_without_an_end() -> None:
    assert covered(A, span(5), {A: [B]}, {}) == [Covered(span(5), B)]
    assert covered(A, span(5), {A: [B]}, {B: [span(1, 7)]}) == [
        Covered(span(5, 7), None),
        Covered(span(8), B),
    ]
    assert covered(A, span(5), {A: [B]}, {B: [span(7)]}) == [Covered(span(5, 6), B), Covered(span(7), None)]
    assert str(span(5)) == "6 月 5 日起" and str(span(5, 5)) == "6 月 5 日"


def test_spans_meet_on_a_common_day_only() -> None:
    assert overlapping(span(4, 6), [span(1, 3), span(6, 8)]) == span(6, 8)
    assert overlapping(span(4, 5), [span(1, 3), span(6, 8)]) is None
    assert overlapping(span(4), [span(30, 30)]) == span(30, 30)


def test_who_would_get_the_posts() -> None:
    assert acted_by(A, span(1, 5), {A: [B, C]}, {B: [span(3, 3)]}, C)
    assert not acted_by(A, span(1, 2), {A: [B, C]}, {B: [span(3, 3)]}, C)


HEAD = Matter(lead_id=10, area_code="", leader_id=None, owner_id=None)


def held(acting: dict[int, int], heads: tuple[int, ...] = (A,)) -> Holders:
    return Holders(1, {A: "甲", B: "乙", C: "丙", D: "丁"}, {10: None}, {10: heads}, stand_ins=acting)


def judged(barred: set[int], acting: dict[int, int], heads: tuple[int, ...] = (A,)) -> dict[int, int | None]:
    return judges(Who.LEAD_HEAD, HEAD, held(acting, heads), frozenset(barred))


def test_who_judges_while_somebody_is_away() -> None:
    assert judged(set(), {}) == {A: None}
    assert judged(set(), {A: B}) == {A: None, B: A}  # the absent one keeps the right, decision 0014
    assert judged({B}, {A: B}) == {A: None}  # never what they handed in themselves
    assert judged({A}, {A: B}) == {}  # never what the absent person handed in
    assert judged({D}, {A: B, D: B}) == {A: None}  # nor what the other did whom they stand in for
    assert judged({D}, {A: B, D: C}) == {A: None, B: A}
    assert judged(set(), {A: B}, (A, B)) == {A: None, B: None}  # one's own right goes first


def test_a_signature_is_said_in_one_way() -> None:
    assert acted_name("乙", "甲") == "乙（代甲）" and acted_name("乙", None) == "乙"
    assert names_at(Who.LEAD_HEAD, HEAD, held({A: B}, (A, C))) == ["乙（代甲）", "丙"]
