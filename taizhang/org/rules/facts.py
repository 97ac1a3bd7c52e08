"""An agency's people and units as plain facts, keyed by the names that a roster uses.

A roster read from a file and the one in the database are both told in these, so that one comparison makes
the preview, the import and the proof that exporting and importing again changes nothing. The agency's own
name is "" everywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ..permits import Role

SECRETARY = "书记"

#: bodies that an agency has beside its departments: name → (kind, name of the unit above)
STANDING = {
    "创建办": ("office", ""), "机关工会": ("union", "机关党委"), "机关团委": ("union", "机关党委"),
    "妇委会": ("union", "机关党委"),
}  # fmt: skip
LEADERS_NAMES = (
    "局领导",
    "领导班子",
    "单位领导",
    "机关领导",
    "领导",
    "班子成员",
    "院领导",
    "委领导",
    "厅领导",
)
PARTY_BODY = "机关党委"


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file and where: "花名册!D5"."""

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}：{self.text}" if self.where else self.text


@dataclass(frozen=True)
class UnitFact:
    """A unit by name: leaders, heads and liaisons by staff number."""

    kind: str
    parent: str = ""
    answers_to: str = ""
    branch: str = ""
    leader: str = ""
    heads: frozenset[str] = frozenset()
    liaisons: frozenset[str] = frozenset()
    term_from: str = ""
    term_until: str = ""
    order: int = 0


@dataclass(frozen=True)
class PersonFact:
    """A person by staff number; `stand_in` and `supervisor` are staff numbers too."""

    name: str
    gender: str = ""
    year_of_birth: int | None = None
    department: str = ""
    title: str = ""
    rank: str = ""
    is_party_member: bool = False
    branch: str = ""
    branch_duty: str = ""
    volunteer_no: str = ""
    phone: str = ""
    stand_in: str = ""
    supervisor: str = ""
    joined_year: int | None = None
    presence: str = "在岗"
    order: int = 0


@dataclass(frozen=True)
class GroupFact:
    """A working group by name. `duties`: (staff no, duty) → (task, order), kept as sorted items."""

    kind: str
    office: str = ""
    order: int = 0
    duties: tuple[tuple[tuple[str, str], tuple[str, int]], ...] = ()
    units: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class RhythmFact:
    level: str
    body: str
    meeting: str
    cadence: str
    task: str = ""
    record: str = ""


PostFact = tuple[str, str, Role, str]
"""Staff number, unit name, role, group name ("" without one)."""
MembershipFact = tuple[str, str, str, bool]
"""Staff number, unit name, duty in the branch, main."""


@dataclass
class Roster:
    """Units by name and people by staff number."""

    units: dict[str, UnitFact] = field(default_factory=dict)
    people: dict[str, PersonFact] = field(default_factory=dict)

    def memberships(self) -> set[MembershipFact]:
        found: set[MembershipFact] = set()
        for no, person in self.people.items():
            if person.department:
                found.add((no, person.department, "", True))
            if person.branch and person.branch != person.department:
                found.add((no, person.branch, person.branch_duty, False))
        return found

    def posts(self) -> set[PostFact]:
        """What a roster says about responsibilities: the rule that makes posts from lines."""
        found: set[PostFact] = set()
        for no, person in self.people.items():
            found.add((no, "", Role.MEMBER, ""))
            home = self.units.get(person.department)
            if home and home.kind != "leaders":
                found.add((no, person.department, Role.FILLER, ""))
            if person.branch and person.branch_duty:
                role = Role.HEAD if person.branch_duty == SECRETARY else Role.FILLER
                found.add((no, person.branch, role, ""))
        for name, unit in self.units.items():
            if unit.kind not in ("department", "party_body"):
                continue
            found.update((no, name, Role.HEAD, "") for no in unit.heads)
            found.update((no, name, Role.LIAISON, "") for no in unit.liaisons)
            if unit.leader:
                found.add((unit.leader, name, Role.LEADER, ""))
        return found

    def put(self, no: str, **fields: Any) -> None:
        self.people[no] = replace(self.people[no], **fields)


@dataclass
class Groups:
    """Working groups by name, and the rhythm of meetings."""

    groups: dict[str, GroupFact] = field(default_factory=dict)
    rhythms: list[RhythmFact] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """One thing that differs: what, which, and old → new by field in words."""

    kind: str
    key: str
    fields: tuple[tuple[str, str, str], ...] = ()


def listed(names: Iterable[str]) -> str:
    return "、".join(names)
