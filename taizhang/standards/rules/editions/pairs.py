"""What is said of a leaf of the old edition and a leaf of the new one."""

from dataclasses import dataclass

SAME, CHANGED, MOVED, SPLIT, JOINED, NEW, GONE = "same", "changed", "moved", "split", "joined", "new", "gone"
#: in the order in which they are counted and shown
KINDS = (SAME, CHANGED, MOVED, SPLIT, JOINED, NEW, GONE)
GONE_MARK = "gone:"


@dataclass(frozen=True)
class Pair:
    """OLD and NEW are node keys; NEW has no old, GONE no new leaf. A split or a join is several pairs.

    `moved`: the leaf stands under another area or section than before; a number that shifted within its section is
    no move, nor is a section renamed, renumbered or put whole into another one (changed and moved together = moved).
    `sure`: by rule, or `by_hand` = a clerk said so. `main`: the pair carries the strand on: one at most for each old
    and each new leaf. `score`: how alike, or of a cut how much speaks for it, from 0 to about 1.
    """

    old: str | None
    new: str | None
    kind: str
    sure: bool
    main: bool = True
    score: float = 0.0
    by_hand: bool = False


def id_of(pair: Pair) -> str:
    """By what a clerk's word about it is kept: the new leaf's key, or "gone:" and the old one's."""
    return pair.new if pair.new is not None else f"{GONE_MARK}{pair.old}"
