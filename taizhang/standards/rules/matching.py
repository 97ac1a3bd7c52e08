"""Whom the words of a standard mean in one agency: 办公室（创建办）, 各支部, 业务处室, 机关党委."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

#: words for all branches and for all departments; 业务处室 and the like come from the roster (对应标准中的责任主体)
BRANCHES = re.compile(r"^(各|全体|所有|机关各)?(基层)?(党)?支部$|^各(基层)?党(支部|组织)$")
DEPARTMENTS = re.compile(
    r"^(各|全体|所有|机关各|各有关|有关|相关)(处室|处|科室|部门|单位|内设机构|部室|委室)(和?(直属)?单位)?$"
)
PREFIX = re.compile(r"^(牵头|责任|主办|承办|负责)(单位|处室|部门)?[:：]?")


class Certainty(StrEnum):
    SURE = "sure"  # the very name
    LIKELY = "likely"  # a part of it, or the only near one
    NONE = "none"


@dataclass(frozen=True)
class Place:
    """A unit that may be meant, by all its names."""

    id: int
    names: tuple[str, ...]
    kind: str
    answers_to: str = ""


@dataclass(frozen=True)
class Match:
    """`unit_id`: who leads, None for a collective or nobody; `performers`: the units of a collective; `per` as in a leaf."""

    unit_id: int | None
    performers: tuple[int, ...] = ()
    per: str = "unit"
    certainty: Certainty = Certainty.NONE
    near: tuple[str, ...] = ()  # names to offer when nobody is meant


def fold(text: str) -> str:
    """One writing for one name: NFKC, no spaces, brackets as ( )."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def _halves(name: str) -> list[str]:
    """办公室(创建办) → 办公室, 创建办."""
    found = re.match(r"^(.*?)\((.+)\)$", name)
    return [part for part in found.groups() if part] if found else []


@dataclass(frozen=True)
class Matcher:
    """Made once for an agency; asking it costs no query."""

    places: Sequence[Place]
    branches: tuple[int, ...]
    departments: tuple[int, ...]
    _by_name: Mapping[str, int] = field(default_factory=dict)
    _collectives: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, places: Sequence[Place]) -> "Matcher":
        by_name: dict[str, int] = {}
        answers: dict[str, list[int]] = {}
        for place in places:
            for name in place.names:
                if name:
                    by_name.setdefault(fold(name), place.id)
        for place in places:
            answer = fold(place.answers_to)
            if answer and answer not in {fold(name) for name in place.names}:
                answers.setdefault(answer, []).append(place.id)
        # one department that answers to another word is that word's department; several are a collective
        for answer, ids in answers.items():
            if len(ids) == 1:
                by_name.setdefault(answer, ids[0])
        return cls(
            tuple(places),
            tuple(place.id for place in places if place.kind == "branch"),
            tuple(place.id for place in places if place.kind in ("department", "party_body")),
            by_name,
            {answer: tuple(ids) for answer, ids in answers.items() if len(ids) > 1},
        )

    def match(self, text: str) -> Match:
        """Whom TEXT (one name) means."""
        name = PREFIX.sub("", fold(text))
        if not name:
            return Match(None)
        if name in self._by_name:
            return Match(self._by_name[name], certainty=Certainty.SURE)
        if name in self._collectives:
            return Match(None, self._collectives[name], "department", Certainty.SURE)
        if BRANCHES.match(name):
            return Match(None, self.branches, "branch", Certainty.SURE)
        if DEPARTMENTS.match(name):
            return Match(None, self.departments, "department", Certainty.SURE)
        for part in _halves(name):
            if part in self._by_name:
                return Match(self._by_name[part], certainty=Certainty.LIKELY)
        return self._nearly(name)

    def _nearly(self, name: str) -> Match:
        within = {
            pk for known, pk in self._by_name.items() if len(known) > 2 and (known in name or name in known)
        }
        if len(within) == 1:
            return Match(within.pop(), certainty=Certainty.LIKELY)
        near = get_close_matches(name, self._by_name, n=3, cutoff=0.5)
        return Match(None, near=tuple(near))
