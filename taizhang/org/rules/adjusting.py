"""Adjusting a group from a day: who comes, who goes, whose duty changes; and the terms of the posts that follow.

A duty that ends has its last day on the day before; what is new begins on the day itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from taizhang.kit.errors import Refused

CHIEF = "组长"


@dataclass(frozen=True)
class Held:
    """A duty that somebody has in the group: row id, person id and name, its term."""

    pk: int
    person: int
    name: str
    duty: str
    task: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Coming:
    """Somebody who comes into the group; `left_on` is the day they left the agency, if they did."""

    person: int
    name: str
    duty: str
    task: str = ""
    left_on: date | None = None


@dataclass(frozen=True)
class Wanted:
    """What an adjustment asks for. `go` are row ids, `change` row id → (duty, task)."""

    come: tuple[Coming, ...] = ()
    go: frozenset[int] = frozenset()
    change: Mapping[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """What bounds the day of an adjustment: the group's term, and the last adjustment before this one."""

    starts_on: date
    ends_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True)
class Plan:
    """What will be: duties that end, duties that change with the new words, and who comes."""

    go: tuple[Held, ...]
    change: tuple[tuple[Held, str, str], ...]
    come: tuple[Coming, ...]

    @property
    def people(self) -> frozenset[int]:
        """Everybody whose duties differ afterwards."""
        return frozenset(
            [one.person for one in self.go]
            + [one.person for one, _, _ in self.change]
            + [one.person for one in self.come]
        )

    def duties_after(self, held: Iterable[Held]) -> list[tuple[int, str]]:
        """(person, duty) of everybody in the group from the day on, those who stay first."""
        gone = {one.pk for one in self.go}
        changed = {one.pk: duty for one, duty, _ in self.change}
        stay = [(one.person, changed.get(one.pk, one.duty)) for one in held if one.pk not in gone]
        return stay + [(one.person, one.duty) for one in self.come]


def said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def check_day(day: date, frame: Frame) -> None:
    """Refuse a day outside the group's own term, or before its last adjustment."""
    if day < frame.starts_on:
        raise Refused(
            f"生效日期不能早于成立日期：本组 {said(frame.starts_on)} 才成立，请把生效日期改到那天或以后。"
        )
    if frame.ends_on and day > frame.ends_on:
        raise Refused(f"本组已于 {said(frame.ends_on)} 撤销，不能再从 {said(day)} 起调整。")
    if frame.last_on and day < frame.last_on:
        raise Refused(
            f"生效日期不能早于上一次调整：上一次从 {said(frame.last_on)} 起生效，请改到那天或以后；"
            f"那一次还没有生效的，也可以先撤回它。"
        )


def check_covers(day: date, today: date) -> None:
    """What a group answers for is kept without terms, so it changes today or as of a day in the past only."""
    if day > today:
        raise Refused(
            f"负责范围不能预先调整：请到 {said(day)} 当天再改负责范围，这次先只调整人员，把负责范围改回原样。"
        )


def plan_adjustment(
    held: Sequence[Held], wanted: Wanted, day: date, frame: Frame, *, more: bool = False
) -> Plan:
    """What WANTED makes of HELD (the duties not over on DAY), or Refused. MORE: something else changes too."""
    check_day(day, frame)
    rows = {one.pk: one for one in held}
    if lost := (wanted.go | set(wanted.change)) - set(rows):
        raise Refused(f"名单刚有变动，有 {len(lost)} 人已经不在组里。请看过最新名单再提交。")
    change = []
    for pk, (duty, task) in wanted.change.items():
        if pk in wanted.go:
            raise Refused(f"“{rows[pk].name}”既要离开又要改职务，只能选一样。")
        if not duty:
            raise Refused(f"“{rows[pk].name}”改任什么职务没有填，请在“组内职务”里填写。")
        if (duty, task) != (rows[pk].duty, rows[pk].task):
            change.append((rows[pk], duty, task))
    go = [one for one in held if one.pk in wanted.go]
    for one in [*go, *(one for one, _, _ in change)]:
        if one.starts_on > day:
            raise Refused(
                f"“{one.name}”{said(one.starts_on)} 才任{one.duty}，不能从 {said(day)} 起离开或改职务。"
                f"请把生效日期改到 {said(one.starts_on)} 或以后。"
            )
    _one_place(held, wanted, rows, day)
    _one_duty_once([(one.person, one.name, duty) for one, duty, _ in change], held, go, change)
    if not (go or change or wanted.come or more):
        raise Refused("没有任何改动：没有人进来、离开或改职务，负责范围也没变。")
    return Plan(tuple(go), tuple(change), wanted.come)


def _one_place(held: Sequence[Held], wanted: Wanted, rows: Mapping[int, Held], day: date) -> None:
    twice = [person for person, n in Counter(one.person for one in wanted.come).items() if n > 1]
    for one in wanted.come:
        if not one.duty:
            raise Refused(f"“{one.name}”任什么职务没有填，请在“组内职务”里填写。")
        if one.person in twice:
            raise Refused(f"“{one.name}”在这次调整里出现了两次。一个人在一个组里只列一次，请删去一行。")
        if one.left_on and one.left_on <= day:
            raise Refused(f"“{one.name}”已于 {said(one.left_on)} 离开本机关，不能从 {said(day)} 起进组。")
    inside = {one.person: one for one in held}
    for one in wanted.come:
        there = inside.get(one.person)
        if there and there.pk in wanted.go:
            raise Refused(f"“{one.name}”既离开又进来。换职务的请在原来那一行选“改职务”，不要另加一行。")
        if there:
            raise Refused(
                f"“{one.name}”已经在组里，任{there.duty}。换职务的请在那一行选“改职务”，不要另加一行。"
            )


def _one_duty_once(
    new: list[tuple[int, str, str]], held: Sequence[Held], go: list[Held], change: list[tuple[Held, str, str]]
) -> None:  # fmt: skip
    """Somebody with two duties in the group must not end with the same one twice."""
    moved = {one.pk for one in go} | {one.pk for one, _, _ in change}
    stay = Counter((one.person, one.duty) for one in held if one.pk not in moved)
    stay.update((person, duty) for person, _, duty in new)
    for person, name, duty in new:
        if stay[person, duty] > 1:
            raise Refused(f"“{name}”会在本组里两次任{duty}，请留一行、另一行选“离开”。")


Term = tuple[date, date | None]


def post_terms(duties: Iterable[tuple[Term, Iterable[tuple[int, str]]]]) -> dict[tuple[int, str], list[Term]]:
    """The terms of the posts that a person's duties bring: (unit, role) → terms, those that touch made one.

    DUTIES are (term, what it brings) each.
    """
    found: dict[tuple[int, str], list[Term]] = defaultdict(list)
    for term, brings in duties:
        for key in brings:
            found[key].append(term)
    return {key: _joined(terms) for key, terms in found.items()}


def _joined(terms: list[Term]) -> list[Term]:
    made: list[Term] = []
    for start, end in sorted(terms, key=lambda term: term[0]):
        if made and (made[-1][1] is None or start <= made[-1][1] + timedelta(days=1)):
            last = made[-1][1]
            made[-1] = (made[-1][0], None if last is None or end is None else max(last, end))
        else:
            made.append((start, end))
    return made


def clipped(terms: Iterable[Term], day: date) -> list[Term]:
    """What of TERMS lies on DAY or after."""
    return [(max(start, day), end) for start, end in terms if end is None or end >= day]


@dataclass(frozen=True)
class Member:
    """Somebody in a group on a day, for comparing two days."""

    person: int
    name: str
    duty: str
    task: str = ""


@dataclass(frozen=True)
class Compared:
    """Who came, who went, and whose duty or task differs, between two days."""

    come: tuple[Member, ...]
    went: tuple[Member, ...]
    changed: tuple[tuple[Member, Member], ...]
    stayed: int


def compare(before: Sequence[Member], after: Sequence[Member]) -> Compared:
    """One person may have several duties: those that are in both lists count as stayed, the rest are paired."""
    olds: dict[int, list[Member]] = defaultdict(list)
    news: dict[int, list[Member]] = defaultdict(list)
    for one in before:
        olds[one.person].append(one)
    for one in after:
        news[one.person].append(one)
    changed, stayed = [], 0
    for person in olds.keys() & news.keys():
        old = [one for one in olds[person] if one not in news[person]]
        new = [one for one in news[person] if one not in olds[person]]
        pairs = [
            (
                old[i] if i < len(old) else Member(person, new[i].name, ""),
                new[i] if i < len(new) else Member(person, old[i].name, ""),
            )
            for i in range(max(len(old), len(new)))
        ]
        changed += pairs
        stayed += not pairs
    order = {one.person: place for place, one in enumerate([*after, *before])}
    return Compared(
        tuple(one for one in after if one.person not in olds),
        tuple(one for one in before if one.person not in news),
        tuple(sorted(changed, key=lambda pair: order[pair[0].person])),
        stayed,
    )


@dataclass(frozen=True)
class Served:
    """One duty with its term, as it is kept: row id, staff number and name."""

    pk: int
    no: str
    name: str
    duty: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Single:
    """Somebody came or went without an adjustment: a single duty, a leaver. kind: come | go."""

    on: date
    kind: str
    name: str
    duty: str


def singles(
    rows: Iterable[Served], adjustments: Iterable[tuple[date, Sequence[Mapping[str, Any]]]], frame: Frame
) -> list[Single]:  # fmt: skip
    """What changed in a group besides its ADJUSTMENTS (day, changes), the newest first: read from the terms.

    Who was in it when the group began and when it ended came and went with the group itself.
    """
    came: set[tuple[date, str, str]] = set()
    gone: set[tuple[date, str, str]] = set()
    made: dict[int, tuple[date, Mapping[str, Any]]] = {}
    ended: set[int] = set()
    for day, changes in adjustments:
        for one in changes:
            if one["kind"] in ("come", "change"):
                came.add((day, one["staff_no"], one["duty"]))
            if one["kind"] in ("go", "change"):
                gone.add((day, one["staff_no"], one["was"] if one["kind"] == "change" else one["duty"]))
            if one.get("made"):
                made[one["made"]] = day, one
            if one.get("ended"):
                ended.add(one["ended"]["row"])
    found: list[Single] = []
    for row in rows:
        made.pop(row.pk, None)
        if row.starts_on > frame.starts_on and (row.starts_on, row.no, row.duty) not in came:
            found.append(Single(row.starts_on, "come", row.name, row.duty))
        if row.ends_on and row.ends_on != frame.ends_on:
            day = row.ends_on + timedelta(days=1)
            if (day, row.no, row.duty) not in gone:
                found.append(Single(day, "go", row.name, row.duty))
    # what an adjustment gave and was ended on its very first day left no term behind
    found += [
        Single(day, "go", one["name"], one["duty"]) for pk, (day, one) in made.items() if pk not in ended
    ]
    return sorted(found, key=lambda one: one.on, reverse=True)


def two_chiefs(
    kind: str, after: Iterable[tuple[int, str]], elsewhere: Mapping[int, Sequence[str]]
) -> list[int]:
    """People who lead this activity group and another one at once. ELSEWHERE: person → other groups led."""
    if kind != "activity":
        return []
    return list(dict.fromkeys(person for person, duty in after if duty == CHIEF and elsewhere.get(person)))
