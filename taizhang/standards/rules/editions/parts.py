"""One leaf cut into several, several put together into one: found by all that speaks for it together.

People cut 法治培训 (4 points) into 集中培训 (3) and 网上培训 (2), and put 宪法宣传 and 法治文化 together as
宪法宣传与法治文化 with the requirement of the second cut short: words are lost and points nearly add up. So no single
sign decides; words, names, scoring, points and place are weighed together. What speaks most against a cut is a piece
that is worth as much as the whole, or that keeps its name and loses none of its words.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from .texts import Text, Weights, in_order, shared

LEAST = 0.3  # how well a piece must fit to be looked at
ASKED = 0.5  # score from which a leaf left alone is doubtful, for it may be the other half
TAKEN = 0.62  # … from which leaves are taken for a cut
SURE = 0.8  # score, and every piece holds OWN words
OWN = 0.1  # … at least this share of the whole's that no other piece holds
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
    """`fit`: how well TEXT, at the place AT, fits as a piece; from 0 to 1."""

    at: int
    text: Text
    fit: float


def cut_of(
    whole: Text, pool: Sequence[tuple[int, Text]], partner: int | None, weights: Weights, at: int
) -> Cut | None:
    """The pieces among POOL that make up WHOLE best; None if nothing speaks for a cut. PARTNER: whom it is linked to."""
    kept = [text for n, text in pool if n == partner]
    pieces = [piece_of(n, text, whole, kept, weights) for n, text in pool]
    pieces.sort(key=lambda one: (-one.fit, one.at))
    first = [one for one in pieces if one.at == partner]
    others = [one for one in pieces if one.at != partner and one.fit >= LEAST][:NEAREST]
    pairs: Iterator[tuple[Piece, ...]] = (
        ((first[0], one) for one in others) if first else combinations(others, 2)
    )
    top, best = max(((weigh(whole, pair, weights), pair) for pair in pairs), default=(0.0, ()), key=_score)
    while best and len(best) < MOST:  # a third piece must make it better, not just as good
        wider = [(*best, one) for one in others if one not in best]
        score, more = max(((weigh(whole, one, weights), one) for one in wider), default=(0.0, ()), key=_score)
        if score <= top + 0.02:
            break
        top, best = score, more
    if top < ASKED:
        return None
    texts = [one.text for one in best]
    all_of = covered(whole, texts, weights)
    apart = all(
        all_of - covered(whole, [*texts[:n], *texts[n + 1 :]], weights) >= OWN for n in range(len(texts))
    )
    order = sorted(best, key=lambda one: (-weights.dice(one.text.full_grams, whole.full_grams), one.at))
    return Cut(at, tuple(one.at for one in order), round(top, 3), apart and top >= SURE)


def _score(one: tuple[float, tuple[Piece, ...]]) -> float:
    return one[0]


def piece_of(at: int, text: Text, whole: Text, kept: Sequence[Text], weights: Weights) -> Piece:
    """TEXT as a piece of WHOLE: what it says, how it is called and how it is scored; and, beside what was KEPT of the
    whole, whether it holds what is missing there."""
    held = max(
        weights.sum(text.full_grams & whole.full_grams) / max(weights.sum(text.full_grams), 1e-9),
        share(text.full_grams, whole.full_grams),
        # a piece often bears a new title
        0.95 * share(text.body_grams, whole.full_grams) if len(text.body) >= 6 else 0.0,
    )
    named = in_order(text.title, whole.title) / max(1, min(len(text.title), len(whole.title)))
    scored = share(text.rule_grams, whole.rule_grams) if text.rule_grams.total() >= 4 else 0.0
    fit = 0.7 * held + 0.2 * (named if named >= 0.5 else 0.0) + 0.1 * (scored if scored >= 0.7 else 0.0)
    if kept and text is not kept[0]:
        missing = 1 - covered(whole, kept, weights)
        if missing >= OWN:
            fit += 0.25 * (covered(whole, [*kept, text], weights) - 1 + missing) / missing
    return Piece(at, text, min(1.0, fit))


def weigh(whole: Text, pieces: Sequence[Piece], weights: Weights) -> float:
    """How much speaks for WHOLE being PIECES; about 0.6 is more likely than not, 1 beyond doubt.

    A piece that keeps the name and loses no words was not cut: 应急演练 stays, and 应急培训 beside it is new.
    """
    texts = [one.text for one in pieces]
    fits = [one.fit for one in pieces]
    at = [one.at for one in pieces]
    beside = max(at) - min(at) < 2 * len(at)
    together = len({text.group for text in texts}) == 1
    all_of = covered(whole, texts, weights)
    score = 0.4 * all_of + 0.25 * sum(fits) / len(fits) + 0.25 * min(fits)
    score += points_speak(whole, texts) + 0.05 * beside + 0.05 * together
    for text in texts:
        if text.title in whole.title or whole.title in text.title:
            score -= 0.3 * max(0.0, 1 - (all_of - covered(whole, [text], weights)) / OWN)
    return score


def covered(whole: Text, pieces: Sequence[Text], weights: Weights) -> float:
    """The share of WHOLE's words that PIECES hold together."""
    union: Counter[str] = Counter()
    for one in pieces:
        union = union | one.core_grams
    return weights.sum(union & whole.core_grams) / max(weights.sum(whole.core_grams), 1e-9)


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
    """How much of PIECE stands in WHOLE."""
    return shared(piece, whole) / max(1, piece.total())
