"""Leaves one to one: equal words first, then the most alike, with what stands around them as a help."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from .groups import match_groups
from .texts import Text, Weights, candidates, dice, folded, likeness

STRONG = 0.5  # likeness with surroundings from which two leaves are taken as one at once
WEAK = 0.36  # … from which they are proposed, doubtful, when nothing better is left
ENOUGH, AFAR = 0.5, 0.65  # likeness of a sure link within a group, and into another; and …
MARGIN = 0.15  # … by how much it is ahead of the next best
IN_PLACE = 0.12  # likeness of two leaves left alone between the same neighbours


@dataclass
class Link:
    """One old leaf is taken for one new leaf; numbers are places in the two lists."""

    old: int
    new: int
    words: float
    sure: bool = False


@dataclass
class Board:
    """The two lists and what has been found between them so far."""

    old: Sequence[Text]
    new: Sequence[Text]
    weights: Weights
    words: dict[tuple[int, int], float] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    of_old: dict[int, Link] = field(default_factory=dict)
    of_new: dict[int, Link] = field(default_factory=dict)
    shut_old: set[int] = field(default_factory=set)
    shut_new: set[int] = field(default_factory=set)

    def take(self, old: int, new: int) -> None:
        link = Link(old, new, self.words[old, new])
        self.of_old[old] = self.of_new[new] = link

    def shut(self, olds: set[int], news: set[int]) -> None:
        """Leaves of a split or a join: their links fall away, and nothing more is looked for."""
        for link in [one for one in self.of_old.values() if one.old in olds or one.new in news]:
            del self.of_old[link.old], self.of_new[link.new]
        self.shut_old |= olds
        self.shut_new |= news

    def is_free(self, *, old: int = -1, new: int = -1) -> bool:
        """No partner yet, and in no cut."""
        return not (old in self.of_old or old in self.shut_old or new in self.of_new or new in self.shut_new)

    def near(self, turned: bool = False) -> dict[int, set[int]]:
        """Old place → new places worth a look, by words or beside its partner; TURNED: the other way."""
        found: dict[int, set[int]] = defaultdict(set)
        for pair in self.words:
            found[pair[turned]].add(pair[1 - turned])
        count = len(self.old if turned else self.new)
        for link in self.of_old.values():
            here, there = (link.new, link.old) if turned else (link.old, link.new)
            found[here].update(range(max(0, there - 2), min(count, there + 3)))
        return found

    def same_group(self, old: int, new: int) -> bool:
        now, was = self.new[new].group, self.old[old].group
        return now is not None and was is not None and self.groups.get(now) == was

    def around(self, old: int, new: int) -> float:
        """What speaks for a pair besides its words: group, points, department, scoring, neighbours."""
        a, b = self.old[old], self.new[new]
        plus = 0.08 * self.same_group(old, new) + 0.03 * (a.node.points == b.node.points)
        plus += 0.03 * (bool(a.node.lead) and folded(a.node.lead) == folded(b.node.lead))
        if a.rule_grams and b.rule_grams:
            plus += 0.04 * dice(a.rule_grams, b.rule_grams)
        for step in (-1, 1):
            link = self.of_old.get(old + step)
            plus += 0.03 * (link is not None and link.new == new + step)
        return plus

    def ranked(self, least: float, least_words: float) -> list[tuple[float, float, int, int]]:
        """Pairs of free leaves, the best first; of equals the one that stands at the like place."""
        size = max(len(self.old), len(self.new), 1)
        found = []
        for (n, m), words in self.words.items():
            if words < least_words or not self.is_free(old=n, new=m):
                continue
            total = words + self.around(n, m)
            if total >= least:
                found.append((-total, abs(n / size - m / size), n, m))
        return sorted(found)

    def regroup(self, nodes_old: Sequence, nodes_new: Sequence) -> None:  # type: ignore[type-arg]
        links = [(self.old[one.old].node.key, self.new[one.new].node.key) for one in self.of_old.values()]
        self.groups = match_groups(nodes_old, nodes_new, links)


def board_of(old: Sequence[Text], new: Sequence[Text]) -> Board:
    """Every pair worth a look, compared once."""
    weights = Weights([*old, *new])
    board = Board(old, new, weights)
    for n, m in sorted(candidates(old, new, weights)):
        board.words[n, m] = likeness(old[n], new[m], weights)
    return board


def anchor(board: Board) -> None:
    """What is word for word the same, and stands once in each edition."""
    places: tuple[dict[str, list[int]], dict[str, list[int]]] = (defaultdict(list), defaultdict(list))
    for side, texts in enumerate((board.old, board.new)):
        for n, text in enumerate(texts):
            places[side][text.full].append(n)
    for full, ns in places[0].items():
        ms = places[1].get(full, [])
        if full and len(ns) == len(ms) == 1:
            board.words[ns[0], ms[0]] = 1.0
            board.take(ns[0], ms[0])


def assign(board: Board, least: float, least_words: float) -> None:
    """The best pair first, then the next; twice, for neighbours found in the first round help in the second."""
    for _ in range(2):
        for _, _, n, m in board.ranked(least, least_words):
            if board.is_free(old=n, new=m):
                board.take(n, m)


def leftovers(board: Board) -> None:
    """An old and a new leaf left alone between the same neighbours: a proposal, never sure."""
    for n in range(len(board.old)):
        if not board.is_free(old=n):
            continue
        before = board.of_old.get(n - 1)
        after = board.of_old.get(n + 1)
        for m in ([before.new + 1] if before else []) + ([after.new - 1] if after else []):
            if not 0 <= m < len(board.new) or not board.is_free(new=m) or not board.same_group(n, m):
                continue
            words = likeness(board.old[n], board.new[m], board.weights)
            held = (before is not None and before.new == m - 1) + (after is not None and after.new == m + 1)
            worth = (
                board.old[n].node.points is not None and board.old[n].node.points == board.new[m].node.points
            )
            if words >= (IN_PLACE if held == 2 else 1.5 * IN_PLACE if worth else 2 * IN_PLACE):
                board.words[n, m] = words
                board.take(n, m)
                break


def judge(board: Board) -> None:
    """Which links are sure."""
    rivals_old: dict[int, float] = defaultdict(float)
    rivals_new: dict[int, float] = defaultdict(float)
    exact = {n for n, link in board.of_old.items() if link.words == 1.0}
    exact_new = {link.new for link in board.of_old.values() if link.words == 1.0}
    for (n, m), words in board.words.items():
        link = board.of_old.get(n)
        if link is not None and link.new == m:
            continue
        if n in board.shut_old or m in board.shut_new:
            continue
        # who is word for word somewhere else is nobody's rival
        if m not in exact_new or words == 1.0:
            rivals_old[n] = max(rivals_old[n], words)
        if n not in exact or words == 1.0:
            rivals_new[m] = max(rivals_new[m], words)
    titles = Counter(text.title for text in board.old), Counter(text.title for text in board.new)
    for link in board.of_old.values():
        link.sure = _sure(board, link, max(rivals_old[link.old], rivals_new[link.new]), *titles)


def _sure(board: Board, link: Link, rival: float, titles_old: Counter[str], titles_new: Counter[str]) -> bool:
    a, b = board.old[link.old], board.new[link.new]
    here = board.same_group(link.old, link.new)
    if link.words == 1.0:
        # the same words stand elsewhere too: sure only when they stand once in this group, then and now
        return rival < 1.0 or (here and _alone(a, board.old) and _alone(b, board.new))
    if a.title != b.title and (titles_old[b.title] or titles_new[a.title]):
        return False  # the new one bears another old leaf's title, or the old one's title stands elsewhere: exchanged?
    return link.words >= (ENOUGH if here else AFAR) and link.words - rival >= MARGIN


def _alone(text: Text, texts: Sequence[Text]) -> bool:
    """No other leaf of its group says the same."""
    return sum(one.group == text.group and one.full == text.full for one in texts) == 1
