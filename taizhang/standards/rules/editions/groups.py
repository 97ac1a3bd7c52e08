"""Areas and sections of the new edition → those of the old one: by the leaves they share, and by their titles."""

from collections import Counter
from collections.abc import Iterable, Sequence

from ..tree import Node
from .texts import dice, folded, grams

LEAST = 0.3
SAME_NAME = 0.8  # likeness of titles from which two groups bear one name


class Groups:
    """How the groups of two editions answer to each other. LINKS: (old, new) keys of leaves known to be the same.

    `heir`: old group → the new one where it lives on, `from_`: new group → the old one that it was; of all levels,
    for a title read as an area, or a file without sections, shifts every level.
    """

    def __init__(self, old: Sequence[Node], new: Sequence[Node], links: Iterable[tuple[str, str]]) -> None:
        self.old_above, self.new_above = _above(old), _above(new)
        old_groups, new_groups = _groups(old), _groups(new)
        links = list(links)
        # of how many leaves that live on, at all: what is gone or new says nothing about where a group went
        self.size_old = Counter(
            key for one in {one for one, _ in links} for key in self.old_above.get(one, ())
        )
        self.size_new = Counter(
            key for one in {one for _, one in links} for key in self.new_above.get(one, ())
        )
        self.common: Counter[tuple[str, str]] = Counter(
            (a, b)
            for one, other in links
            for a in self.old_above.get(one, ())
            for b in self.new_above.get(other, ())
        )
        titles_old = {key: grams(folded(node.title)) for key, node in old_groups.items()}
        titles_new = {key: grams(folded(node.title)) for key, node in new_groups.items()}
        scored: list[tuple[float, int, int, str, str]] = []
        for n, (a, was) in enumerate(old_groups.items()):
            for m, (b, now) in enumerate(new_groups.items()):
                names = dice(titles_old[a], titles_new[b])
                both = self.common[a, b]
                if not both and names < 0.5:
                    continue
                leaves = 2 * both / max(1, self.size_old[a] + self.size_new[b])
                kept = both / max(
                    1, min(self.size_old[a], self.size_new[b])
                )  # most of the smaller one in the other
                score = (
                    0.45 * leaves + 0.2 * kept + 0.35 * names + (0.02 if was.level == now.level else -0.05)
                )
                if score >= LEAST:
                    scored.append((-score, n, m, a, b))
        #: old and new groups of one name
        self.namesakes = {
            b: a
            for a, was in titles_old.items()
            for b, now in titles_new.items()
            if was and dice(was, now) >= SAME_NAME
        }
        self.heir: dict[str, str] = {}
        self.from_: dict[str, str] = {}
        #: new group → old group, one to one
        self.pairs: dict[str, str] = {}
        taken: set[str] = set()
        for _, _, _, a, b in sorted(scored):
            self.heir.setdefault(a, b)
            self.from_.setdefault(b, a)
            if a not in taken and b not in self.pairs:
                taken.add(a)
                self.pairs[b] = a

    def answer(self, old: str, new: str) -> bool:
        """NEW is OLD's heir, or for the most part a piece of OLD that became a group of its own.

        A single leaf left of OLD does not make a group its heir that stood beside OLD before, with leaves of its own.
        """
        namesake = self.namesakes.get(new)
        if (
            namesake not in (None, old)
            and self.size_old[old] == 1 < self.size_new[new]
            and self.common[namesake or "", new]
        ):
            return False
        if self.heir.get(old) == new:
            return True
        both = self.common[old, new]
        mostly = 2 * both >= self.size_new[new]
        return self.from_.get(new) == old and mostly and (2 * both >= self.size_old[old] or both >= 2)

    def moved(self, old: str, new: str) -> bool:
        """The leaf NEW stands under another section or area than OLD did; its former neighbours did not come along.

        The nearest group of one must answer to some group above the other, and so must what is above them, if there
        is anything: a section that went to another area takes its leaves with it.
        """
        was, now = self.old_above.get(old, []), self.new_above.get(new, [])
        if not was or not now:
            return False
        if not self._meet(was[:1], now) and not self._meet(was, now[:1]):
            return True
        # the levels of one file may be shifted against the other's: any group above may answer to any
        return len(was) > 1 < len(now) and not self._meet(was[1:], now) and not self._meet(was, now[1:])

    def _meet(self, old: Sequence[str], new: Sequence[str]) -> bool:
        return any(self.answer(a, b) for a in old for b in new)


def match_groups(
    old: Sequence[Node], new: Sequence[Node], links: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """New group key → old group key, one to one. LINKS: (old, new) keys of leaves known to be the same."""
    return Groups(old, new, links).pairs


def _groups(nodes: Sequence[Node]) -> dict[str, Node]:
    return {node.key: node for node in nodes if not node.is_leaf}


def _above(nodes: Sequence[Node]) -> dict[str, list[str]]:
    """Leaf key → keys of the groups above it."""
    parent = {node.key: node.parent for node in nodes}
    found: dict[str, list[str]] = {}
    for node in nodes:
        if node.is_leaf:
            up, chain = node.parent, []
            while up is not None and up in parent:
                chain.append(up)
                up = parent[up]
            found[node.key] = chain
    return found
