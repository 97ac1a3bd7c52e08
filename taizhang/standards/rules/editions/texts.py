"""How alike two leaves are: by their words, never by their codes."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from ..tree import Node

NOISE = re.compile(r"[^\w%≥≤<>=+./-]|_")
#: how often, how many: such words stand in every second leaf and say nothing about which it is
MEASURE = re.compile(
    r"每?半?(?:学年|学期|季度|年度|个月|[年月周日季])|不少于|不低于|不超过|以上|以下|至少|[≥≤<>]?[\d.]+%?[次期场篇条项分个]?"
)
SENTENCE = 10  # a title of so many characters says itself what is wanted
ENDS = re.compile(r"[./-]+(?=$|\D)")


def folded(text: str) -> str:
    """Without white space and punctuation, one width, small letters: for telling whether words are the same."""
    return ENDS.sub("", NOISE.sub("", unicodedata.normalize("NFKC", text).lower()))


def grams(text: str) -> Counter[str]:
    """Overlapping pairs of characters; of a single one that one itself."""
    if len(text) < 2:
        return Counter([text] if text else [])
    return Counter(text[n : n + 2] for n in range(len(text) - 1))


@dataclass(frozen=True)
class Text:
    """A leaf's words. `group`: the key of what stands right above it."""

    node: Node
    group: str | None

    @cached_property
    def title(self) -> str:
        return folded(self.node.title)

    @cached_property
    def body(self) -> str:
        """The requirement; beside a mere name without one, the scoring text: what says more than the title."""
        return folded(self.node.requirement or (self.node.rule_text if len(self.title) < SENTENCE else ""))

    @cached_property
    def full(self) -> str:
        """Title and requirement; a title that is the requirement's beginning counts once."""
        return self.body if self.body.startswith(self.title) else self.title + self.body

    @cached_property
    def title_grams(self) -> Counter[str]:
        return grams(self.title)

    @cached_property
    def full_grams(self) -> Counter[str]:
        return grams(self.full)

    @cached_property
    def core_grams(self) -> Counter[str]:
        """Without how often and how many."""
        return grams(MEASURE.sub("", self.full))

    @cached_property
    def body_grams(self) -> Counter[str]:
        return grams(self.body)

    @cached_property
    def rule_grams(self) -> Counter[str]:
        return grams(folded(self.node.rule_text))


def texts_of(nodes: Sequence[Node]) -> list[Text]:
    """The leaves in order, each with its groups."""
    keys = {node.key for node in nodes}
    return [Text(node, node.parent if node.parent in keys else None) for node in nodes if node.is_leaf]


def shared(a: Mapping[str, int], b: Mapping[str, int]) -> int:
    if len(a) > len(b):
        a, b = b, a
    return sum(min(n, b[gram]) for gram, n in a.items() if gram in b)


def in_order(a: str, b: str) -> int:
    """How many characters stand in both in the same order: 室外卫生 lies whole in 室内外卫生."""
    row = [0] * (len(b) + 1)
    for one in a:
        before = 0
        for n, other in enumerate(b, 1):
            before, row[n] = row[n], before + 1 if one == other else max(row[n], row[n - 1])
    return row[-1]


def dice(a: Counter[str], b: Counter[str]) -> float:
    """From 0 to 1: twice what is shared, of all there is."""
    total = a.total() + b.total()
    return 2 * shared(a, b) / total if total else 0.0


class Weights:
    """How much a pair of characters tells: 创建 stands in every leaf and tells little."""

    def __init__(self, texts: Sequence[Text]) -> None:
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(text.full_grams.keys())
        self.count = max(1, len(texts))
        self._of = {gram: log(1 + self.count / n) for gram, n in seen.items()}
        self._usual = log(1 + self.count)

    def __getitem__(self, gram: str) -> float:
        return self._of.get(gram, self._usual)

    def sum(self, found: Counter[str]) -> float:
        return sum(self[gram] * n for gram, n in found.items())

    def dice(self, a: Counter[str], b: Counter[str]) -> float:
        total = self.sum(a) + self.sum(b)
        return 2 * self.sum(a & b) / total if total else 0.0


def likeness(a: Text, b: Text, weights: Weights) -> float:
    """By the words alone, from 0 to 1."""
    if a.full == b.full:
        return 1.0
    whole = (dice(a.full_grams, b.full_grams) + weights.dice(a.full_grams, b.full_grams)) / 2
    titles = dice(a.title_grams, b.title_grams)
    if a.body and b.body:
        bodies = (dice(a.body_grams, b.body_grams) + weights.dice(a.body_grams, b.body_grams)) / 2
        words = max(0.35 * titles + 0.65 * bodies, whole)
        if a.title == b.title and len(a.title) >= 4:
            words = max(words, 0.5)
    else:  # one of them says nothing but its title
        words = max(whole, 0.8 * titles)
    return min(words, 0.99)


#: a gram in more leaves than this finds no candidates: it would find half the standard
COMMON = 60
NEAREST = 10


def candidates(old: Sequence[Text], new: Sequence[Text], weights: Weights) -> set[tuple[int, int]]:
    """(old, new) indices worth comparing: equal titles or words, and the nearest by rare pairs of characters."""
    where: dict[str, list[int]] = defaultdict(list)
    titles: dict[str, list[int]] = defaultdict(list)
    for n, text in enumerate(old):
        titles[text.title].append(n)
        for gram in text.full_grams:
            where[gram].append(n)
    found: set[tuple[int, int]] = set()
    best_of_old: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for m, text in enumerate(new):
        scores: dict[int, float] = defaultdict(float)
        for gram in text.full_grams:
            places = where.get(gram, ())
            if len(places) <= COMMON:
                for n in places:
                    scores[n] += weights[gram]
        ranked = sorted(((-score, n) for n, score in scores.items()))
        found |= {(n, m) for _, n in ranked[:NEAREST]}
        found |= {(n, m) for n in titles.get(text.title, ())[:COMMON]}
        for score, n in ranked[:40]:
            best_of_old[n].append((score, m))
    for n, ranked in best_of_old.items():
        found |= {(n, m) for _, m in sorted(ranked)[:NEAREST]}
    return found
