"""What an import would change: two tellings of an agency compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from ..permits import Role
from .duties import brought
from .facts import Change, GroupFact, Groups, PersonFact, PostFact, RhythmFact, Roster, UnitFact, listed

PERSON_WORDS = {
    "name": "姓名", "gender": "性别", "year_of_birth": "出生年份", "department": "处室", "title": "职务职级",
    "rank": "岗位层级", "is_party_member": "是否党员", "branch": "所在党支部", "branch_duty": "支部职务",
    "volunteer_no": "志愿者编号", "phone": "手机号", "stand_in": "AB角搭档", "supervisor": "分管领导",
    "joined_year": "入职年份", "presence": "在岗状态", "order": "排序",
}  # fmt: skip
UNIT_WORDS = {
    "kind": "类别", "parent": "上级", "answers_to": "对应标准中的责任主体", "branch": "所在党支部",
    "leader": "分管领导", "heads": "主要负责人", "liaisons": "联络员", "term_from": "上次换届",
    "term_until": "届满时间", "order": "排序",
}  # fmt: skip
GROUP_WORDS = {
    "kind": "类别", "office": "工作机构", "order": "排序", "units": "包含处室", "areas": "负责的一级指标编号",
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What differs. `new` and `changed` are for reading; the action compares once more and takes `wanted`."""

    new: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    #: keys that the file no longer has; they end only when they are in `end`
    gone: tuple[str, ...] = ()
    end: frozenset[str] = frozenset()
    posts_add: frozenset[PostFact] = frozenset()
    posts_end: frozenset[PostFact] = frozenset()

    @property
    def nothing(self) -> bool:
        """Whether taking the plan would change nothing."""
        return not (
            self.new or self.changed or self.posts_add or self.posts_end or self.end.intersection(self.gone)
        )

    def count(self, kind: str) -> tuple[int, int]:
        """New and changed ones of KIND."""
        return sum(one.kind == kind for one in self.new), sum(one.kind == kind for one in self.changed)


@dataclass(frozen=True)
class RosterPlan(Plan):
    wanted: Roster = field(default_factory=Roster)


@dataclass(frozen=True)
class GroupsPlan(Plan):
    wanted: Groups = field(default_factory=Groups)


def said(value: object) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, frozenset):
        return listed(sorted(value))
    if isinstance(value, tuple):
        return listed(str(one) for one in value)
    return "" if value is None else str(value)


def differing(old: object, new: object, words: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """(field in words, old, new) of what differs between two facts of one class."""
    return tuple(
        (words[one.name], said(getattr(old, one.name)), said(getattr(new, one.name)))
        for one in fields(old)  # type: ignore[arg-type]
        if one.name in words and getattr(old, one.name) != getattr(new, one.name)
    )


def plan_roster(
    now: Roster,
    wanted: Roster,
    existing: set[PostFact],
    *,
    named: set[str],
    end: frozenset[str] = frozenset(),
) -> RosterPlan:
    """Compare. NAMED are the staff numbers that the file speaks of; others are gone, and stay unless in END."""
    gone = tuple(no for no in now.people if no not in named)
    leaving = end.intersection(gone)
    wanted = Roster(dict(wanted.units), {no: one for no, one in wanted.people.items() if no not in leaving})
    new: list[Change] = []
    changed: list[Change] = []
    blank_unit = UnitFact("")
    for name, unit in wanted.units.items():
        before = now.units.get(name)
        if before is None:
            new.append(Change("unit", name, differing(blank_unit, unit, UNIT_WORDS)))
        elif differs := differing(before, unit, UNIT_WORDS):
            changed.append(Change("unit", name, differs))
    blank = PersonFact("")
    for no, person in wanted.people.items():
        was = now.people.get(no)
        if was is None:
            new.append(Change("person", no, differing(blank, person, PERSON_WORDS)))
        elif differs := differing(was, person, PERSON_WORDS):
            changed.append(Change("person", no, differs))
    should = wanted.posts()
    leave = {post for post in existing if post[0] in leaving}
    return RosterPlan(
        tuple(new), tuple(changed), gone, frozenset(leaving), frozenset(should - existing),
        frozenset(((now.posts() - should) & existing) | leave), wanted,
    )  # fmt: skip


def group_posts(groups: Groups, leaders: set[str]) -> set[PostFact]:
    """Posts that the duties bring; LEADERS are the staff numbers of the leadership."""
    found: set[PostFact] = set()
    for name, group in groups.groups.items():
        for (no, duty), _ in group.duties:
            found.update((no, unit, role, name) for unit, role in brought(group, duty, no in leaders))
    return found


def plan_groups(
    now: Groups, wanted: Groups, existing: set[PostFact], *, named: set[str], leaders: set[str],
    end: frozenset[str] = frozenset(),
) -> GroupsPlan:  # fmt: skip
    """Compare. NAMED are the groups that the file speaks of; others are gone, and stay unless in END."""
    gone = tuple(name for name in now.groups if name not in named)
    leaving = end.intersection(gone)
    wanted = Groups({name: one for name, one in wanted.groups.items() if name not in leaving}, wanted.rhythms)
    new: list[Change] = []
    changed: list[Change] = []
    for name, group in wanted.groups.items():
        before = now.groups.get(name)
        if before is None:
            new.append(Change("group", name, differing(GroupFact(""), group, GROUP_WORDS)))
        elif differs := differing(before, group, GROUP_WORDS):
            changed.append(Change("group", name, differs))
        was, will = dict(before.duties) if before else {}, dict(group.duties)
        for key, (task, order) in will.items():
            if key not in was:
                new.append(Change("duty", f"{name} {key[0]} {key[1]}", (("职责分工", "", task),)))
            elif was[key] != (task, order):
                changed.append(
                    Change("duty", f"{name} {key[0]} {key[1]}", _duty_words(was[key], (task, order)))
                )
        changed.extend(Change("duty_end", f"{name} {key[0]} {key[1]}") for key in was if key not in will)
    changed.extend(_rhythms(now.rhythms, wanted.rhythms))
    should = group_posts(wanted, leaders)
    in_groups = {post for post in existing if post[3]}
    kept = {name for name in gone if name not in leaving}
    return GroupsPlan(
        tuple(new), tuple(changed), gone, frozenset(leaving), frozenset(should - existing),
        frozenset(post for post in in_groups - should if post[3] not in kept), wanted,
    )  # fmt: skip


def _duty_words(old: tuple[str, int], new: tuple[str, int]) -> tuple[tuple[str, str, str], ...]:
    pairs = (("职责分工", old[0], new[0]), ("排序", str(old[1]), str(new[1])))
    return tuple(pair for pair in pairs if pair[1] != pair[2])


def _rhythms(old: list[RhythmFact], new: list[RhythmFact]) -> list[Change]:
    """Meetings are one list: it is replaced as a whole when anything in it differs."""
    if old == new:
        return []
    return [Change("rhythm", "运行机制", (("会议", f"{len(old)} 种", f"{len(new)} 种"),))]


def role_words(posts: frozenset[PostFact]) -> list[tuple[str, int]]:
    """How many posts of each role, for the preview."""
    return [(role.label, count) for role in Role if (count := sum(post[2] == role for post in posts))]
