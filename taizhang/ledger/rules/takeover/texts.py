"""How alike a row of a foreign ledger and an item are: by their words, quickly."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import log

from taizhang.standards.rules.codes import split_code

NOISE = re.compile(r"[^\w%]|_")
POINTS = re.compile(r"[(（\[【]\s*(?:共|计|满分|分值)?\s*[\d.]+\s*分?\s*[)）\]】]")


def folded(text: str) -> str:
    """Without white space, punctuation and points, one width, small letters."""
    flat = POINTS.sub("", unicodedata.normalize("NFKC", text))
    return NOISE.sub("", flat.lower())


def bare(text: str) -> str:
    """TEXT without the ordinal in front: 一、组织领导 → 组织领导."""
    ordinal, rest = split_code(text)
    return rest if ordinal is not None and rest else text


def grams(text: str) -> frozenset[str]:
    if len(text) < 2:
        return frozenset([text] if text else [])
    return frozenset(text[n : n + 2] for n in range(len(text) - 1))


class Index:
    """Texts, each known by several wordings (title, requirement, both), asked for the nearest ones."""

    def __init__(self, wordings: Sequence[Sequence[str]]) -> None:
        self._grams: list[list[tuple[str, frozenset[str], float]]] = []
        self._where: dict[str, list[int]] = defaultdict(list)
        seen: Counter[str] = Counter()
        sets = [[(text, grams(text)) for text in dict.fromkeys(map(folded, row)) if text] for row in wordings]
        for row in sets:
            seen.update(set().union(*(found for _, found in row)) if row else ())
        total = max(1, len(sets))
        self._weight = {gram: log(1 + total / n) for gram, n in seen.items()}
        self._usual = log(1 + total)
        for n, row in enumerate(sets):
            self._grams.append([(text, found, self._sum(found)) for text, found in row])
            for gram in set().union(*(found for _, found in row)) if row else ():
                self._where[gram].append(n)

    def _sum(self, found: Iterable[str]) -> float:
        return sum(self._weight.get(gram, self._usual) for gram in found)

    def near(self, wordings: Sequence[str], most: int = 8) -> list[tuple[float, int]]:
        """The nearest texts to any of WORDINGS: (likeness 0–1, place), the best first."""
        sides = [(text, grams(text)) for text in dict.fromkeys(map(folded, wordings)) if text]
        if not sides:
            return []
        rough: Counter[int] = Counter()
        for gram in set().union(*(found for _, found in sides)):
            weight = self._weight.get(gram, 0.0)
            for n in self._where.get(gram, ()):
                rough[n] += weight  # type: ignore[assignment]
        best: list[tuple[float, int]] = []
        for n, _ in rough.most_common(max(most, 12)):
            score = max(
                self._alike(text, found, other, more, weight)
                for text, found in sides
                for other, more, weight in self._grams[n]
            )
            best.append((score, n))
        return sorted(best, key=lambda one: (-one[0], one[1]))[:most]

    def likeness(self, wordings: Sequence[str], n: int) -> float:
        """How alike WORDINGS are to the text at place N."""
        sides = [(text, grams(text)) for text in map(folded, wordings) if text]
        return max(
            (
                self._alike(text, found, other, more, weight)
                for text, found in sides
                for other, more, weight in self._grams[n]
            ),
            default=0.0,
        )

    def _alike(self, text: str, a: frozenset[str], other: str, b: frozenset[str], weight: float) -> float:
        if text == other:
            return 1.0 if len(text) > 3 else 0.9
        if not a or not b:
            return 0.0
        shared = self._sum(a & b)
        mine = self._sum(a)
        dice = 2 * shared / (mine + weight) if mine + weight else 0.0
        # one is a piece of the other: a title inside a sentence, a requirement cut short
        short, whole = (text, other) if len(text) < len(other) else (other, text)
        if len(short) >= 6 and short in whole:
            dice = max(dice, 0.72 + 0.25 * len(short) / len(whole))
        elif min(len(a), len(b)) >= 8:
            dice = max(dice, 0.78 * shared / min(mine, weight))
        return min(dice, 0.99)
