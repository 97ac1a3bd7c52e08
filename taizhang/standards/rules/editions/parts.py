"""One leaf cut into several, several put together into one: found by all that speaks for it together.

People cut 法治培训 (4 points) into 集中培训 (3) and 网上培训 (2), and put 宪法宣传 and 法治文化 together as
宪法宣传与法治文化 with the requirement of the second cut short: words are lost and points nearly add up. So no single
sign decides; words, names, scoring, points and place are weighed together. What speaks against a cut most is a
partner whose points did not fall (or, of a join, rise).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from .texts import Text, Weights, in_order, shared

LEAST = 0.3  # how well a piece must fit to be looked at
TAKEN = 0.62  # score from which leaves are taken for a cut
ASKED = 0.5  # … from which a leaf left alone is doubtful, for it may be the other half
SURE = 0.76
OWN = 0.1  # of the whole's words each piece of a sure cut holds at least this much that no other holds
NEAREST = 7  # pieces looked at for one whole
MOST = 6  # pieces of one whole
CLOSE = Decimal("0.011")  # points that add up, but for rounding


@dataclass(frozen=True)
class Cut:
    """WHOLE (a place in its list) and its PIECES (places in the other), the one most like it first."""

    whole: int
    pieces: tuple[int, ...]
    score: float
    sure: bool


@dataclass(frozen=True)
class Piece:
    """`fit`: how much of it the whole holds, by words, name and scoring; from 0 to 1."""

    at: int
    text: Text
    fit: float
    held: float


def cut_of(
    whole: Text, pool: Sequence[tuple[int, Text]], partner: int | None, weights: Weights, at: int
) -> Cut | None:
    """The pieces among POOL that make up WHOLE best; None if nothing speaks for a cut. PARTNER: whom it is linked to."""
    pieces = sorted(
        (piece_of(n, text, whole, weights) for n, text in pool), key=lambda one: (-one.fit, one.at)
    )
    first = [one for one in pieces if one.at == partner]
    others = [one for one in pieces if one.at != partner and one.fit >= LEAST][:NEAREST]
    if partner is not None and not first:
        return None
    pairs: Iterator[tuple[Piece, ...]] = (
        ((first[0], one) for one in others) if first else combinations(others, 2)
    )
    best: tuple[Piece, ...] = ()
    top = 0.0
    for pair in pairs:
        score = weigh(whole, pair, weights)
        if score > top:
            best, top = pair, score
    while best and len(best) < MOST:  # a third piece must make it better, not just as good
        wider = [(weigh(whole, (*best, one), weights), -one.at, one) for one in others if one not in best]
        score, _, one = max(wider, default=(0.0, 0, None), key=lambda w: w[:2])
        if one is None or score <= top + 0.02:
            break
        best, top = (*best, one), score
    if top < ASKED:
        return None
    order = sorted(best, key=lambda one: (-weights.dice(one.text.full_grams, whole.full_grams), one.at))
    apart = all(
        covered(whole, best, weights) - covered(whole, [o for o in best if o is not one], weights) >= OWN
        for one in best
    )
    return Cut(at, tuple(one.at for one in order), round(top, 3), apart and top >= SURE)


def piece_of(at: int, text: Text, whole: Text, weights: Weights) -> Piece:
    """TEXT as a piece of WHOLE: what it says, how it is called and how it is scored, against the whole."""
    held = max(
        weights.sum(text.full_grams & whole.full_grams) / max(weights.sum(text.full_grams), 1e-9),
        share(text.full_grams, whole.full_grams),
        # a piece often bears a new title
        0.95 * share(text.body_grams, whole.full_grams) if len(text.body) >= 6 else 0.0,
    )
    named = in_order(text.title, whole.title) / max(1, min(len(text.title), len(whole.title)))
    scored = share(text.rule_grams, whole.rule_grams) if text.rule_grams.total() >= 4 else 0.0
    fit = 0.7 * held + 0.2 * (named if named >= 0.5 else 0.0) + 0.1 * (scored if scored >= 0.7 else 0.0)
    return Piece(at, text, fit, held)


def weigh(whole: Text, pieces: Sequence[Piece], weights: Weights) -> float:
    """How much speaks for WHOLE being PIECES; about 0.6 is more likely than not, 1 beyond doubt.

    A piece that keeps the name and loses no words was not cut: 应急演练 stays, and 应急培训 beside it is new.
    """
    fit = sum(one.fit for one in pieces) / len(pieces)
    least = min(one.fit for one in pieces)
    at = sorted(one.at for one in pieces)
    beside = at[-1] - at[0] < 2 * len(at)
    together = len({one.text.group for one in pieces}) == 1
    score = 0.4 * covered(whole, pieces, weights) + 0.25 * fit + 0.25 * least
    score += points_speak(whole, [one.text for one in pieces]) + 0.05 * beside + 0.05 * together
    for one in pieces:
        others = [other for other in pieces if other is not one]
        lost = own(whole, others, one, weights) if _keeps_name(one.text, whole) else 1.0
        score -= 0.3 * max(0.0, 1 - lost / OWN)
    return score


def covered(whole: Text, pieces: Sequence[Piece], weights: Weights) -> float:
    """The share of WHOLE's words that PIECES hold together."""
    union: Counter[str] = Counter()
    for one in pieces:
        union = union | one.text.core_grams
    return weights.sum(union & whole.core_grams) / max(weights.sum(whole.core_grams), 1e-9)


def own(whole: Text, pieces: Sequence[Piece], beside: Piece, weights: Weights) -> float:
    """The share of WHOLE's words that PIECES hold and BESIDE does not."""
    return covered(whole, [*pieces, beside], weights) - covered(whole, [beside], weights)


def _keeps_name(piece: Text, whole: Text) -> bool:
    return piece.title in whole.title or whole.title in piece.title


def points_speak(whole: Text, pieces: Sequence[Text]) -> float:
    """Points that add up speak for a cut, nearly adding up a little; a piece worth as much as the whole against it."""
    points = [text.node.points for text in pieces if text.node.points is not None]
    of = whole.node.points
    if not of or len(points) < len(pieces):
        return 0.0
    if max(points) >= of:
        return -0.25
    total = sum(points, Decimal(0))
    if abs(total - of) <= max(CLOSE * len(pieces), of * Decimal("0.02")):
        return 0.2
    return 0.1 if Decimal("0.7") <= total / of <= Decimal("1.35") else -0.1


def share(piece: Counter[str], whole: Counter[str]) -> float:
    return shared(piece, whole) / max(1, piece.total())
