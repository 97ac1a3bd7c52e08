"""Which leaf of the old edition became which of the new one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..tree import Json, Node
from .assign import STRONG, WEAK, Board, Link, anchor, assign, board_of, judge, leftovers
from .groups import Groups
from .pairs import CHANGED, GONE, GONE_MARK, JOINED, MOVED, NEW, SAME, SPLIT, Pair
from .parts import TAKEN, Cut, cut_of
from .report import changes
from .texts import Text, texts_of

#: (old key, new key, sure, score)
LinkOf = tuple[str, str, bool, float]
LOOSE = 0.25  # a new leaf this like an old one left over may be the same after all
BESIDE = 0.1  # … if both stand at one place
LIKE = 0.6  # … or this like one that is matched already
RIVAL = 0.15  # a cut is not sure if another one of the same leaf is worse by no more than this


def match(old: Sequence[Node], new: Sequence[Node], said: Mapping[str, Json] | None = None) -> list[Pair]:
    """Every leaf of OLD and of NEW in at least one pair, in the order of OLD, what is new at the end.

    SAID: a clerk's word, {new key: {"old": [old keys]}} (none = new) and {"gone:" + old key: {}}; keys that the
    editions do not hold are passed over.
    """
    old_texts, new_texts = texts_of(old), texts_of(new)
    links, ended, begun = _said(old_texts, new_texts, said or {})
    busy_old = {one for one, _, _, _ in links} | ended
    busy_new = {other for _, other, _, _ in links} | begun
    board = board_of(
        [text for text in old_texts if text.node.key not in busy_old],
        [text for text in new_texts if text.node.key not in busy_new],
    )
    hand = {(one, other) for one, other, _, _ in links}
    found, doubtful = _found(board, old, new)
    by_hand = {key for pair in hand for key in pair} | ended | begun
    pairs = pairs_of_links(old, new, [*links, *found], doubtful)
    return [
        Pair(one.old, one.new, one.kind, True, one.main, one.score, True)
        if (one.old, one.new) in hand or (one.old is None or one.new is None) and {one.old, one.new} & by_hand
        else one
        for one in pairs
    ]


def _said(
    old: Sequence[Text], new: Sequence[Text], said: Mapping[str, Json]
) -> tuple[list[LinkOf], set[str], set[str]]:
    """A clerk's links, the old leaves said to be gone, the new ones said to be new."""
    olds, news = {text.node.key for text in old}, {text.node.key for text in new}
    links: list[LinkOf] = []
    ended, begun = set(), set()
    for key, word in said.items():
        if key.startswith(GONE_MARK):
            if key.removeprefix(GONE_MARK) in olds:
                ended.add(key.removeprefix(GONE_MARK))
        elif key in news:
            named = list(dict.fromkeys(str(one) for one in word.get("old") or ()))
            known = [one for one in named if one in olds]
            links += [(one, key, True, 1.0) for one in known]
            if not named:
                begun.add(key)
    return links, ended - {one for one, _, _, _ in links}, begun


def _found(board: Board, old: Sequence[Node], new: Sequence[Node]) -> tuple[list[LinkOf], set[str]]:
    """Links by the words, and the keys of leaves about which nothing sure can be said."""
    anchor(board)
    board.regroup(old, new)
    assign(board, STRONG, 0.3)
    board.regroup(old, new)
    splits, joins, asked = _cuts(board)
    for cut in splits:
        board.shut({cut.whole}, set(cut.pieces))
    for cut in joins:
        board.shut(set(cut.pieces), {cut.whole})
    assign(board, WEAK, 0.24)
    leftovers(board)
    judge(board)
    for mine, theirs in zip(asked, _halves(board), strict=True):
        mine.update(theirs)
    olds, news = _doubtful(board, asked)
    links = [(cut.whole, n, cut.sure, cut.score) for cut in splits for n in cut.pieces]
    links += [(n, cut.whole, cut.sure, cut.score) for cut in joins for n in cut.pieces]
    links += [(one.old, one.new, one.sure, round(one.words, 3)) for one in board.of_old.values()]
    named = [(board.old[n].node.key, board.new[m].node.key, sure, score) for n, m, sure, score in links]
    return named, {board.old[n].node.key for n in olds} | {board.new[m].node.key for m in news}


def _halves(board: Board) -> tuple[set[int], set[int]]:
    """Free leaves (old, new) worth just what a changed leaf beside them lost or won, and that leaf: cut or put
    together with too few words in common to say so."""
    found: tuple[set[int], set[int]] = (set(), set())
    for link in board.of_old.values():
        was, now = board.old[link.old].node.points, board.new[link.new].node.points
        if link.words == 1.0 or was is None or now is None or was == now:
            continue
        side = int(was > now)  # it lost: look for the rest among the new
        texts, at = (board.new, link.new) if side else (board.old, link.old)
        for n in range(max(0, at - 2), min(len(texts), at + 3)):
            free = board.is_free(new=n) if side else board.is_free(old=n)
            if free and texts[n].group == texts[at].group and texts[n].node.points == abs(was - now):
                found[side].update({n, at})
    return found


def _doubtful(board: Board, asked: tuple[set[int], set[int]]) -> tuple[set[int], set[int]]:
    """Leaves (old, new) without a partner that are like one without, or very like one that was taken for another;
    or ASKED: they may be the other half of a cut. Of these the links are no longer sure either."""
    for link in board.of_old.values():
        if link.old in asked[0] or link.new in asked[1]:
            link.sure = False
    best_old: dict[int, float] = defaultdict(float)
    best_new: dict[int, float] = defaultdict(float)
    for (n, m), words in board.words.items():
        lone_old, lone_new = board.is_free(old=n), board.is_free(new=m)
        if lone_old and lone_new:
            weight = words / (BESIDE if _beside(board, n, m) else LOOSE)
        elif lone_old or lone_new:
            taken = board.of_new.get(m) if lone_old else board.of_old.get(n)
            exact = taken is not None and taken.words == 1.0
            weight = 0.0 if exact and words < 0.9 else words / LIKE
        else:
            continue
        best_old[n] = max(best_old[n], weight)
        best_new[m] = max(best_new[m], weight)
    return (
        {n for n in range(len(board.old)) if board.is_free(old=n) and (best_old[n] >= 1 or n in asked[0])},
        {m for m in range(len(board.new)) if board.is_free(new=m) and (best_new[m] >= 1 or m in asked[1])},
    )


def _beside(board: Board, old: int, new: int) -> bool:
    """In one group, next to the same leaf."""
    links = [(board.of_old.get(old + step), new + step) for step in (-1, 1)]
    return board.same_group(old, new) and any(link is not None and link.new == at for link, at in links)


def _cuts(board: Board) -> tuple[list[Cut], list[Cut], tuple[set[int], set[int]]]:
    """Splits and joins, the surest first, no leaf in two of them; and the leaves (old, new) that may be in one."""
    found = [
        (-cut.score, 0, cut)
        for cut in _cuts_of(board.old, board.new, board.of_old, board.of_new, board.near(), board)
    ]
    found += [
        (-cut.score, 1, cut)
        for cut in _cuts_of(board.new, board.old, board.of_new, board.of_old, board.near(True), board)
    ]
    taken: tuple[set[int], set[int]] = (set(), set())
    asked: tuple[set[int], set[int]] = (set(), set())
    kept: tuple[list[Cut], list[Cut]] = ([], [])
    for _, side, cut in sorted(found, key=lambda one: (one[0], one[1], one[2].whole)):
        if cut.whole in taken[side] or taken[1 - side] & set(cut.pieces):
            continue
        use = taken if cut.score >= TAKEN else asked
        use[side].add(cut.whole)
        use[1 - side].update(cut.pieces)
        if cut.score >= TAKEN:
            rivals = [
                other for score, at, other in found
                if at == side and other.whole != cut.whole and set(other.pieces) & set(cut.pieces) and -score > cut.score - RIVAL
            ]  # fmt: skip
            kept[side].append(replace(cut, sure=cut.sure and not rivals))
    return kept[0], kept[1], asked


def _cuts_of(
    wholes: Sequence[Text], pieces: Sequence[Text], of_whole: Mapping[int, Link], of_piece: Mapping[int, Link],
    near: Mapping[int, set[int]], board: Board,
) -> Iterator[Cut]:  # fmt: skip
    """What each of WHOLES may have been cut into: its partner and others that have none yet."""
    for n, whole in enumerate(wholes):
        link = of_whole.get(n)
        if link is not None and link.words == 1.0:
            continue  # it lives on word for word
        partner = None if link is None else link.new if board.of_old is of_whole else link.old
        pool = [(m, pieces[m]) for m in sorted(near[n]) if m == partner or m not in of_piece]
        cut = cut_of(whole, pool, partner, board.weights, n)
        if cut:
            yield cut


def pairs_of_links(
    old: Sequence[Node], new: Sequence[Node], links: Iterable[LinkOf], doubtful: Iterable[str] = ()
) -> list[Pair]:
    """LINKS as pairs with their kinds, and the leaves that none of them names as gone or new.

    Of a split and of a join the best pair is `main`. DOUBTFUL: keys of gone or new leaves that are not sure.
    """
    given = list(dict.fromkeys((one, other) for one, other, _, _ in links))
    rated = {(one, other): (sure, score) for one, other, sure, score in links}
    old_by, new_by = {node.key: node for node in old}, {node.key: node for node in new}
    per_old = Counter(one for one, _ in given)
    per_new = Counter(other for _, other in given)
    groups = Groups(old, new, given)
    at_old = {node.key: n for n, node in enumerate(old)}
    at_new = {node.key: n for n, node in enumerate(new)}
    main_old: set[str] = set()
    main_new: set[str] = set()
    mains: set[tuple[str, str]] = set()
    for one, other in sorted(
        given, key=lambda p: (-_alike(old_by[p[0]], new_by[p[1]]), at_old[p[0]], at_new[p[1]])
    ):
        if one not in main_old and other not in main_new:
            main_old.add(one)
            main_new.add(other)
            mains.add((one, other))
    unsure = set(doubtful)
    found: list[Pair] = []
    for one, other in given:
        sure, score = rated[one, other]
        a, b = old_by[one], new_by[other]
        if per_new[other] > 1:
            kind = JOINED
        elif per_old[one] > 1:
            kind = SPLIT
        elif groups.moved(one, other):
            kind = MOVED
        else:
            kind = CHANGED if changes(a, b) else SAME
        found.append(Pair(one, other, kind, sure, (one, other) in mains, score))
    found += [
        Pair(node.key, None, GONE, node.key not in unsure)
        for node in old
        if node.is_leaf and not per_old[node.key]
    ]
    found += [
        Pair(None, node.key, NEW, node.key not in unsure)
        for node in new
        if node.is_leaf and not per_new[node.key]
    ]
    last = len(old) + 1
    return sorted(found, key=lambda p: (at_old.get(p.old or "", last), at_new.get(p.new or "", -1)))


def _alike(a: Node, b: Node) -> float:
    one, other = texts_of([a])[0], texts_of([b])[0]
    shared = (one.full_grams & other.full_grams).total()
    return 2 * shared / max(1, one.full_grams.total() + other.full_grams.total()) + 0.5 * (
        one.title == other.title
    )


def strand_links(pairs: Iterable[Pair]) -> dict[str, str]:
    """New leaf key → the old one whose strand it carries on."""
    return {one.new: one.old for one in pairs if one.main and one.old is not None and one.new is not None}
