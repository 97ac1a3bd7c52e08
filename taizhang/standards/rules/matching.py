"""Whom the words of a standard mean in one agency: 办公室（创建办）, 各支部, 业务处室, 机关党委.

Nothing here knows a department by name: names, short names and 对应标准中的责任主体 all come from the roster.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum

from .numbers import whole_number

ALL = r"(?:机关)?(?:各有关|各相关|各|每个|全体|所有|有关|相关)"
#: words for all branches and for all departments; 业务处室 and the like come from the roster (对应标准中的责任主体)
BRANCHES = re.compile(
    rf"^(?:{ALL})?(?:基层|直属|下属|所属)?(?:党)?支部(?:委员会)?$|^{ALL}(?:基层)?党(?:支部|组织|小组)$"
)
DEPARTMENTS = re.compile(
    rf"^{ALL}(?:内设)?(?:[处科股]+室?|部门|单位|机构|部室|委室)(?:(?:和|及)?(?:直属|所属)?单位)?$|^[处科股]室$"
)
PREFIX = re.compile(r"^[★☆▲△*※●]?(?:(?:牵头|责任|主责|主办|承办|负责)(?:单位|处室|部门|科室)?:?)?")
#: how people say "our own" before a department's name
OWN = re.compile(r"^(?:本)?(?:直属|机关|单位|局|委|厅|院|办|部)(?=..)")
#: behind a name, saying nothing of whom it means: 办公室等, 各科室负责人
TAIL = re.compile(r"(?<=..)(?:等(?:相关|有关)?(?:处室|单位|部门|科室)?|(?:主要)?负责(?:人|同志))$")
#: 处, 科, 股, 部 of one name are one department under another form of agency
KIND = re.compile(r"(?:处室|科室|股室|部门|处|科|股|(?<!支)部|(?<!办公)室)$")
CREATION = re.compile(
    r"^(?:文明|创建|创文|创城|文明创建|文明单位创建|创建文明单位)(?:工作)?(?:领导小组)?(?:办公室|办)$"
)
CREATES = re.compile(r"创建|文明|创文|创城")
SHORT = {"党办": ("党委办公室", "机关党委办公室", "机关党委"), "纪检": ("机关纪委",), "人秘科": ("办公室",)}
KIND_OF_MANY = re.compile(r"(?:处|科|股)室$|部门$|单位$")
NUMBERED = re.compile(r"^(?:机关)?第?([一二三四五六七八九十百\d]+)(?:党)?支部$")
LISTED = re.compile(r"[、,;/|]")
JOINED = re.compile(r"和|与|及")


class Certainty(StrEnum):
    SURE = "sure"  # the very name
    LIKELY = "likely"  # a part of it, the first of several, or the only near one
    NONE = "none"


@dataclass(frozen=True)
class Place:
    """A unit that may be meant, by all its names, the full one first."""

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

    @property
    def found(self) -> bool:
        return self.unit_id is not None or bool(self.performers)


def fold(text: str) -> str:
    """One writing for one name: NFKC, no spaces, brackets as ( )."""
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
    return flat.translate(str.maketrans("【〔[】〕]", "((()))"))


def _halves(name: str) -> list[str]:
    """办公室(创建办) → 办公室, 创建办."""
    found = re.match(r"^(.*?)\((.+)\)$", name)
    return [part for part in found.groups() if part] if found else []


def _many(name: str) -> str:
    """What several departments answer to, in one writing: 各业务科室, 有关业务部门 → 业务处室."""
    bare = re.sub(rf"^{ALL}", "", name)
    stem = KIND_OF_MANY.sub("", bare)
    return f"{stem}处室" if stem and stem != bare else bare


def _branch_number(name: str) -> int | None:
    """第一党支部, 一支部, 机关第1支部 → 1."""
    found = NUMBERED.match(name)
    return whole_number(found.group(1)) if found else None


def _form(name: str) -> str:
    """One writing for the forms of a name: 人事处, 人事科, 人事部门 → 人事~; 文明办, 创建办公室 → 创建办; 党支部 → 支部."""
    if CREATION.match(name):
        return "创建办"
    bare = KIND.sub("", name)
    return f"{bare}~" if bare != name and len(bare) > 1 else name.replace("党支部", "支部")


def _forms(places: Sequence[Place], groups: Mapping[str, int]) -> dict[str, frozenset[int]]:
    """Other forms of all names; names of groups; usual short names of the bodies that an agency has."""
    found: dict[str, set[int]] = {}
    for place in places:
        for name in filter(None, map(fold, place.names)):
            found.setdefault(_form(name), set()).add(place.id)
            if place.kind == "office" and CREATES.search(name):
                found.setdefault("创建办", set()).add(place.id)
    for group, office in groups.items():
        found.setdefault(_form(fold(group)), set()).add(office)
    full = {fold(place.names[0]): place.id for place in places}
    for short, names in SHORT.items():
        if known := next((full[name] for name in names if name in full), None):
            found.setdefault(_form(short), {known})
    return {form: frozenset(ids) for form, ids in found.items()}


@dataclass(frozen=True)
class Matcher:
    """Made once for an agency; asking it costs no query."""

    places: Sequence[Place]
    branches: tuple[int, ...]
    departments: tuple[int, ...]
    _by_name: Mapping[str, int] = field(default_factory=dict)
    _twice: frozenset[str] = frozenset()  # names that several units bear
    _collectives: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    _by_number: Mapping[int, int] = field(default_factory=dict)
    _alike: Mapping[str, frozenset[int]] = field(
        default_factory=dict
    )  # other forms of a name → who bears them

    @classmethod
    def of(cls, places: Sequence[Place], groups: Mapping[str, int] | None = None) -> "Matcher":
        """GROUPS: names of working groups → the standing office that staffs them."""
        by_name: dict[str, int] = {}
        twice: set[str] = set()
        # a unit's full name counts before another one's short name
        for rank in range(max((len(place.names) for place in places), default=0)):
            new: dict[str, int] = {}
            for place in places:
                name = fold(place.names[rank]) if rank < len(place.names) else ""
                if name and name not in by_name and new.setdefault(name, place.id) != place.id:
                    twice.add(name)
            by_name = new | by_name
        answers: dict[str, list[int]] = {}
        for place in places:
            own = {fold(name) for name in place.names}
            for answer in LISTED.split(fold(place.answers_to)):
                if answer and answer not in own:
                    answers.setdefault(answer, []).append(place.id)
        # one department that answers to another word is that word's department; several are a collective
        for answer, ids in answers.items():
            if len(ids) == 1:
                by_name.setdefault(answer, ids[0])
        numbers: dict[int, int] = {}
        for place in places:
            number = _branch_number(fold(place.names[0])) if place.kind == "branch" else None
            if number is not None:
                numbers.setdefault(number, place.id)
        return cls(
            tuple(places),
            tuple(place.id for place in places if place.kind == "branch"),
            tuple(place.id for place in places if place.kind in ("department", "party_body")),
            by_name,
            frozenset(twice),
            {_many(answer): tuple(ids) for answer, ids in answers.items() if len(ids) > 1},
            numbers,
            _forms(places, groups or {}),
        )

    def match(self, text: str) -> Match:
        """Whom TEXT means. Of several names the first leads (责任单位列首位者牵头)."""
        name = PREFIX.sub("", fold(text), count=1) or fold(text)
        if name not in self._by_name and (bare := TAIL.sub("", name)) != name:
            found = self.match(bare)
            sure = found.certainty is Certainty.SURE and found.unit_id is not None
            return replace(found, certainty=Certainty.LIKELY) if sure else found
        if not name:
            return Match(None)
        found = self._one(name)
        if found.found:
            return found
        parts = [part for part in LISTED.split(name) if part]
        if len(parts) < 2:
            parts = [part for part in JOINED.split(name) if len(part) > 1]
        if len(parts) > 1:
            several = self._several(self._one(part) for part in parts)
            if several.found:
                return several
        return found if found.near else replace(found, near=self._near(name))

    def _several(self, matches: Iterable[Match]) -> Match:
        """The first leads; collectives named together are one (各处室、各支部)."""
        each = list(matches)
        first = each[0]
        if first.unit_id is not None:
            return replace(first, certainty=Certainty.LIKELY)
        if first.performers:
            everyone = dict.fromkeys(unit for one in each for unit in one.performers)
            return replace(first, performers=tuple(everyone), certainty=Certainty.LIKELY)
        return Match(None)

    def _one(self, name: str) -> Match:
        if name in self._by_name:
            sure = Certainty.LIKELY if name in self._twice else Certainty.SURE
            return Match(self._by_name[name], certainty=sure)
        plain = re.sub(r"[()]", "", name)  # 各处(室)
        if group := self._collectives.get(_many(plain)):
            return Match(None, group, "department", Certainty.SURE)
        if BRANCHES.match(plain) and self.branches:
            return Match(None, self.branches, "branch", Certainty.SURE)
        if DEPARTMENTS.match(plain) and self.departments:
            return Match(None, self.departments, "department", Certainty.SURE)
        for part in _halves(name):
            if part in self._by_name:
                return Match(self._by_name[part], certainty=Certainty.LIKELY)
        if len(alike := self._alike.get(_form(name), frozenset())) == 1:
            return Match(next(iter(alike)), certainty=Certainty.LIKELY)
        if alike:  # several: a person decides
            return Match(None, near=tuple(place.names[0] for place in self.places if place.id in alike))
        number = _branch_number(name)
        if number in self._by_number:
            return Match(self._by_number[number], certainty=Certainty.LIKELY)  # type: ignore[index]
        return self._nearly(name)

    def _nearly(self, name: str) -> Match:
        """The only unit whose name begins NAME (办公室主任) or holds it (工会 → 机关工会).

        A name at the end of a longer one is another body as a rule: 领导小组办公室 is not the 办公室.
        """
        own = OWN.sub("", name)
        if own in self._by_name:
            return Match(self._by_name[own], certainty=Certainty.LIKELY)
        if len(name) > 1 and not LISTED.search(name):
            within = {
                pk
                for known, pk in self._by_name.items()
                if len(known) > 2
                and (name.startswith(known) and len(name) - len(known) <= 4 or name in known)
            }
            if len(within) == 1:
                return Match(within.pop(), certainty=Certainty.LIKELY)
        return Match(None, near=self._near(name))

    def _near(self, name: str) -> tuple[str, ...]:
        return tuple(get_close_matches(name, self._by_name, n=3, cutoff=0.5))
