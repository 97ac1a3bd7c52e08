"""Which old leaf lives on as which new one, out of the matches of two editions. Pure; ids are the caller's.

Matches are many to many where leaves were split or joined. An item is carried on by one leaf only, and a leaf
carries one item only: of a split the main piece keeps the item, of a join the main old item carries on.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: the values of standards.models.MatchKind
SAME, CHANGED, MOVED, SPLIT, JOINED, NEW, GONE = (
    "same",
    "changed",
    "moved",
    "split",
    "joined",
    "new",
    "gone",
)
_RANK = {SAME: 0, MOVED: 1, CHANGED: 2}


@dataclass(frozen=True)
class Tie:
    """One match: an old leaf, a new one, how it went over; NEW has no old, GONE no new."""

    old: int | None
    new: int | None
    kind: str
    main: bool = True


@dataclass(frozen=True)
class Passage:
    """What becomes of one old leaf, or whence one new leaf comes.

    Old and new: the item goes on as the new leaf. New only: a new item; `other` is the old leaf that it was split
    from. Old only: the item ends; `other` is the old leaf that it was joined into.
    """

    old: int | None
    new: int | None
    kind: str
    other: int | None = None


def compose(first: Sequence[Tie], second: Sequence[Tie]) -> list[Tie]:
    """The matches from the first edition to the third, where an edition between them was left out."""
    onward: dict[int, list[Tie]] = defaultdict(list)
    for tie in second:
        if tie.old is not None:
            onward[tie.old].append(tie)
    made: dict[tuple[int | None, int | None], Tie] = {}

    def add(old: int | None, new: int | None, kind: str, main: bool) -> None:
        if old is None and new is None:  # came and went between the two
            return
        known = made.get((old, new))
        made[old, new] = Tie(old, new, kind, main or bool(known and known.main))

    for tie in first:
        if tie.new is None:
            add(tie.old, None, GONE, True)
            continue
        for then in onward[tie.new]:
            if then.new is None:
                add(tie.old, None, GONE, True)
            else:
                kind = NEW if tie.old is None else _worse(tie.kind, then.kind)
                add(tie.old, then.new, kind, tie.main and then.main)
    for tie in second:
        if tie.old is None:
            add(None, tie.new, NEW, True)
    alive = {tie.old for tie in made.values() if tie.new is not None}
    fed = {tie.new for tie in made.values() if tie.old is not None}
    return [
        tie
        for tie in made.values()
        if not (tie.new is None and tie.old in alive) and not (tie.old is None and tie.new in fed)
    ]


def _worse(one: str, other: str) -> str:
    """The kind of two steps together, of those that leave a leaf one: what was changed once is changed."""
    plain = [kind if kind in _RANK else CHANGED for kind in (one, other) if kind not in (NEW, GONE)]
    return max(plain, key=lambda kind: _RANK[kind], default=CHANGED)


def succeed(
    ties: Iterable[Tie], old: Sequence[int], new: Sequence[int], strands: Mapping[int, int], new_strands: Mapping[int, int]
) -> list[Passage]:  # fmt: skip
    """Every leaf of OLD and of NEW in one passage: the new leaves in their order, then the old ones that end.

    Of the ties of a leaf the one that keeps its strand carries first, then the main ones, then those in the order
    given. Leaves of the same strand that no tie names are tied: a strand is one leaf through all editions.
    STRANDS: leaf id → strand id.
    """
    known_old, known_new = set(old), set(new)
    pairs: dict[tuple[int, int], Tie] = {}
    for tie in ties:
        if tie.old in known_old and tie.new in known_new and tie.old is not None and tie.new is not None:
            pairs.setdefault((tie.old, tie.new), tie)
    by_strand = {strands[leaf]: leaf for leaf in old}
    tied_new = {pair[1] for pair in pairs}
    for leaf in new:
        before = by_strand.get(new_strands[leaf])
        if before is not None and leaf not in tied_new:
            pairs[before, leaf] = Tie(before, leaf, SAME)
    order = sorted(
        pairs.items(), key=lambda one: (strands[one[0][0]] != new_strands[one[0][1]], not one[1].main)
    )
    to_new: dict[int, int] = {}
    to_old: dict[int, int] = {}
    for (before, after), _ in order:
        if before not in to_new and after not in to_old:
            to_new[before], to_old[after] = after, before
    pieces: dict[int, list[int]] = defaultdict(list)
    sources: dict[int, list[int]] = defaultdict(list)
    for before, after in pairs:
        pieces[before].append(after)
        sources[after].append(before)
    found: list[Passage] = []
    for leaf in new:
        carrier = to_old.get(leaf)
        if carrier is not None:
            found.append(Passage(carrier, leaf, _kind(pairs[carrier, leaf], pieces[carrier], sources[leaf])))
        else:
            whence = sources[leaf][0] if sources[leaf] else None
            found.append(Passage(None, leaf, SPLIT if whence is not None else NEW, whence))
    for leaf in old:
        if leaf in to_new:
            continue
        into = next((to_old[after] for after in pieces[leaf] if after in to_old), None)
        found.append(Passage(leaf, None, JOINED if into is not None else GONE, into))
    return found


def _kind(tie: Tie, pieces: Sequence[int], sources: Sequence[int]) -> str:
    """What carries on is split or joined when others stand beside it, whatever its own tie was called."""
    if len(pieces) > 1:
        return SPLIT
    if len(sources) > 1:
        return JOINED
    return tie.kind if tie.kind in _RANK else CHANGED
