"""Which indicators a text can serve, best first: by the words they share, the rarer the more.

Everything is counted in pairs of characters (and whole Latin words, figures left out): Chinese has no blanks, and a
list of words would miss those of tomorrow's standard. A pair counts by how few indicators have it; a single character
of a title or caption counts a little where few have it. Four things are asked of each indicator and added up: how much
of its title, of the material it wants, and of its requirement stands in the text; and how much of the text's own title
the indicator explains. Where the title names no matter ("情况汇报", "IMG_2031") the beginning of the text speaks in its
place, and a text of a line is a caption, as good as a title. What a text names in other words than a standard's is
looked up (`alike`). What was accepted for an indicator before adds its own words (`learnt`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log

from .alike import alike

HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[a-z]{2,}")
#: what every standard and every office paper says, and what therefore tells nothing
COMMON = re.compile(
    r"不少于|不低于|以上|以下|每年|每月|每季度|每半年|达到|落实|开展|组织|情况|材料|干部职工|单位|机关|处室|有关|相关|进行|加强|关于|印发"
)
#: what a title or file's name says of the paper and not of its matter
PAPER = re.compile(
    r"汇报|总结|小结|记录|摘录|纪要|会议|活动|通知|报告|说明|通报|办法|规定|意见|方案|工作|年度|上半年|下半年|现场|照片|图片|微信|制度"
)

#: characters that alone mean nothing
EMPTY = frozenset(
    "的了和与及或在为对于从到等并各每无不有是其所年月日次个名期位件大小上下中一二三四五六七八九十百"
)


def pairs(text: str) -> Counter[str]:
    """Pairs of characters and Latin words of TEXT, with how often they occur; what tells nothing is left out."""
    found: Counter[str] = Counter()
    lowered = COMMON.sub(" ", text.lower())
    for run in HAN.findall(lowered):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    found.update(LATIN.findall(lowered))
    return found


def signs(text: str) -> Counter[str]:
    """The pairs of TEXT and its single characters: "一日捐" and "捐助" share no pair, and yet mean one thing."""
    found = pairs(text)
    for run in HAN.findall(COMMON.sub(" ", text)):
        found.update(sign for sign in run if sign not in EMPTY)
    return found


@dataclass(frozen=True)
class Wanted:
    """What an indicator says: its title, what it asks, the names of the material it wants, and where it stands."""

    key: int
    title: str
    requirement: str = ""
    needs: Sequence[str] = ()
    above: str = ""  # titles of the area and the content it belongs to
    learnt: Sequence[str] = ()  # titles of what was accepted for it before


@dataclass(frozen=True)
class Given:
    """What is to be placed: the title (or file's name, or caption), the text, where it is from."""

    title: str
    text: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Ranked:
    """SCORE from 0; the same words give the same score whatever else is in the standard's other parts."""

    key: int
    score: float


WEIGHTS = {"title": 3.0, "needs": 1.6, "requirement": 1.2, "above": 0.5, "explained": 3.0, "learnt": 3.0}
HEAD, MOST = 400, 6000  # characters: what stands at the beginning tells most, and what is far behind nothing
SHORT = 60  # characters of a text that is a caption, and as good as a title
PLENTY = (
    14.0  # what a title's own words count together if it names its matter ("情况汇报", "IMG_2031" do not)
)
SPEAKS = 150  # characters of the text that speak where the title says little
LEAST = 0.2  # the part of the text in "explained" even beside a good title
ALONE, SELDOM = 0.2, 6  # what a single character counts against a pair; in how many indicators at most
MEANT, MEANT_BELOW = 0.6, 0.2  # what a word counts that is not there but meant: in a title, in the text


@dataclass
class Ranking:
    """All indicators of an edition, ready to be asked."""

    wanted: Sequence[Wanted]
    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)

    @cached_property
    def _fields(self) -> list[tuple[int, dict[str, list[frozenset[str]]], frozenset[str]]]:
        made = []
        for one in self.wanted:
            parts = {
                "title": [frozenset(signs(one.title))],
                "needs": [frozenset(signs(need)) for need in one.needs],
                "requirement": [frozenset(signs(one.requirement))],
                "above": [frozenset(signs(one.above))],
                "learnt": [frozenset(signs(title)) for title in one.learnt],
            }
            every = frozenset().union(
                *(each for name, sets in parts.items() if name != "learnt" for each in sets)
            )
            made.append((one.key, parts, every))
        return made

    @cached_property
    def _rare(self) -> dict[str, float]:
        seen: Counter[str] = Counter()
        for _, parts, every in self._fields:
            seen.update(every.union(*parts["learnt"]))
        most = len(self._fields) + 1
        return {
            sign: log(most / count) * (1.0 if len(sign) > 1 else ALONE)
            for sign, count in seen.items()
            if len(sign) > 1 or count <= SELDOM
        }

    @cached_property
    def _asked(self) -> list[tuple[int, list[tuple[str, float, list[tuple[str, float]]]], frozenset[str]]]:
        """Each indicator's sets of signs that tell something: (field, what all count, each with what it counts)."""
        made = []
        for key, parts, every in self._fields:
            asked = []
            for name, sets in parts.items():
                for each in sets:
                    counts = [(sign, self._rare[sign]) for sign in sorted(each) if self._rare.get(sign)]
                    if counts:
                        asked.append((name, sum(count for _, count in counts), counts))
            made.append((key, asked, every))
        return made

    def _told(self, text: str, meant: float, of: Callable[[str], Iterable[str]]) -> dict[str, float]:
        """Signs of TEXT that the standard knows, with what they count."""
        found: dict[str, float] = {}
        _raise(found, text, 1.0, meant, of)
        return {pair: share * self._rare[pair] for pair, share in found.items() if pair in self._rare}

    def best(self, given: Given, most: int = 20) -> list[Ranked]:
        """The MOST likely indicators, best first; those without anything in common are left out."""
        title, text = f"{given.title} {given.caption}", given.text.strip()
        if len(text) <= SHORT:
            title, text = f"{title} {text}", ""
        strength: dict[str, float] = {}
        for place, said, meant in (
            (title, 1.0, MEANT), (text[:HEAD], 0.7, MEANT_BELOW), (text[HEAD:MOST], 0.35, MEANT_BELOW / 2)
        ):  # fmt: skip
            _raise(strength, place, said, meant, signs if place is title else pairs)
        own = self._told(PAPER.sub(" ", title), MEANT, signs)
        head = self._told(text[:SPEAKS], MEANT_BELOW, pairs)
        speaks = max(LEAST, 1 - sum(own.values()) / PLENTY) if head else 0.0
        ranked = []
        for key, asked, every in self._asked:
            explained = (1 - speaks) * _part(own, every) + speaks * _part(head, every)
            covered = dict.fromkeys(self.weights, 0.0)
            covered["explained"] = explained
            for name, whole, counts in asked:
                there = sum(count * strength[sign] for sign, count in counts if sign in strength)
                if there:  # few pairs prove less than many
                    covered[name] = max(covered[name], there / (whole + 2.0))
            score = sum(weight * covered[name] for name, weight in self.weights.items())
            if score > 0.05:
                ranked.append(Ranked(key, round(score, 4)))
        return sorted(ranked, key=lambda one: (-one.score, one.key))[:most]


def _raise(
    strength: dict[str, float], text: str, said: float, meant: float, of: Callable[[str], Iterable[str]]
) -> None:
    """Note what OF finds in TEXT as SAID, and in the other words for what it names as MEANT, where that is more."""
    for words, share in ((text, said), (alike(text), meant)):
        for sign in of(words):
            strength[sign] = max(strength.get(sign, 0.0), share)


def _part(told: Mapping[str, float], every: frozenset[str]) -> float:
    """How much of TOLD an indicator with the pairs EVERY explains, 0 to 1; few pairs prove less than many."""
    return sum(count for pair, count in told.items() if pair in every) / (sum(told.values()) + 2.0)
