"""全员参与、全岗覆盖: what of a campaign year nobody answers for. Counts of one day, no query.

- a department is covered by an activity group that names it, or a unit above it
- a person has a duty who answers for an item (as 责任人 or 分管领导), serves in a working group or a branch committee,
  is seconded, looks after a contact point, or holds a post beyond those that everybody has (干部职工, 责任人)
- an item is covered by a lead that still exists
- a step is covered where somebody stands at it for every open item: present, or with a stand-in who is

Somebody who has left and still answers for open items, and somebody away whom nobody stands in for, are named
among the people: their work lies.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from taizhang.campaigns.rules.states import Who
from taizhang.org.permits import Role
from taizhang.org.rules.holders import Holders

from .signing import Matter, signers

#: posts that come with belonging to a department: alone they are no duty
PLAIN = (Role.MEMBER, Role.FILLER)
SHOWN = 3  # numbers of items named in a reason

NO_GROUP, NO_DUTY, LEFT, AWAY, NO_LEAD, LEAD_ENDED, NO_SIGNER, ALL_AWAY, NO_CHAIN = (
    "no_group", "no_duty", "left", "away", "no_lead", "lead_ended", "no_signer", "all_away", "no_chain",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A unit as the check sees it; `counts`: a department that a group must name."""

    id: int
    parent: int | None
    name: str
    code: str
    counts: bool
    named: bool  # by an activity group


@dataclass(frozen=True)
class Somebody:
    """A person with what the organisation gives them to do: `busy` is any duty beyond the plain posts."""

    id: int
    name: str
    no: str
    home_id: int | None
    home: str
    left: bool
    away: bool
    busy: bool


@dataclass(frozen=True)
class Thing:
    """An item that counts: not 不适用. `open`: neither struck off nor suspended."""

    id: int
    code: str
    title: str
    track: int | None
    lead: int | None
    lead_name: str
    lead_ended: bool
    area: str
    person: int | None
    leader: int | None
    open: bool


@dataclass(frozen=True)
class Stage:
    """One step of a track's chain; `step` None: the track has no chain at all."""

    track: int
    track_name: str
    step: int | None
    who: str
    label: str
    owner: int


@dataclass(frozen=True)
class Bare:
    """What is not covered: `kind` says which reason, `why` in words. `parent` is what it belongs to (track of a step)."""

    id: int
    name: str
    code: str
    kind: str
    why: str
    place: str = ""
    parent: int | None = None


@dataclass(frozen=True)
class Coverage:
    """The four lists, and how many each was looked for among."""

    departments: list[Bare] = field(default_factory=list)
    people: list[Bare] = field(default_factory=list)
    indicators: list[Bare] = field(default_factory=list)
    steps: list[Bare] = field(default_factory=list)
    totals: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.departments) + len(self.people) + len(self.indicators) + len(self.steps)


def coverage(
    places: Sequence[Place], people: Sequence[Somebody], things: Sequence[Thing], stages: Sequence[Stage], held: Holders
) -> Coverage:  # fmt: skip
    """What is uncovered, each list in the order given."""
    rows = [place for place in places if place.counts]
    present = [one for one in people if not one.left]
    return Coverage(
        _departments(rows, places),
        _people(people, things, held),
        _indicators(things),
        _steps(stages, things, held, frozenset(one.id for one in people if one.away)),
        {"departments": len(rows), "people": len(present), "indicators": len(things), "steps": len(stages)},
    )


def _departments(rows: Sequence[Place], places: Sequence[Place]) -> list[Bare]:
    by_id = {place.id: place for place in places}
    found = []
    for row in rows:
        at: Place | None = row
        while at is not None and not at.named:
            at = by_id.get(at.parent) if at.parent else None
        if at is None:
            found.append(Bare(row.id, row.name, row.code, NO_GROUP, "没有编入任何活动组"))
    return found


def _people(people: Sequence[Somebody], things: Sequence[Thing], held: Holders) -> list[Bare]:
    answers: dict[int, int] = defaultdict(int)
    still: dict[int, int] = defaultdict(int)
    for thing in things:
        for person in {thing.person, thing.leader} - {None}:
            answers[person] += 1  # type: ignore[index]
            still[person] += thing.open  # type: ignore[index]
    found = []
    for one in people:
        kind = why = ""
        if one.left:
            if still[one.id]:
                kind, why = LEFT, f"已经离开，还有 {still[one.id]} 项未办结的事项由其负责"
        elif not one.busy and not answers[one.id]:
            kind, why = NO_DUTY, "没有负责的事项，不在任何工作组，也没有其他职责"
        elif one.away and one.id not in held.stand_ins:
            more = f"，有 {still[one.id]} 项未办结" if still[one.id] else ""
            kind, why = AWAY, f"不在岗，没有能代理的AB角{more}"
        if kind:
            found.append(Bare(one.id, one.name, one.no, kind, why, one.home))
    return found


def _indicators(things: Sequence[Thing]) -> list[Bare]:
    return [
        Bare(thing.id, thing.title, thing.code, LEAD_ENDED, f"牵头处室“{thing.lead_name}”已经撤销", thing.lead_name)
        if thing.lead_ended
        else Bare(thing.id, thing.title, thing.code, NO_LEAD, "没有牵头处室")
        for thing in things
        if thing.open and (thing.lead is None or thing.lead_ended)
    ]  # fmt: skip


def _steps(
    stages: Sequence[Stage], things: Sequence[Thing], held: Holders, away: frozenset[int]
) -> list[Bare]:  # fmt: skip
    first = stages[0].track if stages else None
    of_track: dict[int | None, list[Thing]] = defaultdict(list)
    for thing in things:
        # without a lead nobody can be asked for: that stands in the list of items already
        if thing.open and thing.lead is not None and not thing.lead_ended:
            # what was raised by hand has no track and passes the chain of the first one
            of_track[first if thing.track is None else thing.track].append(thing)
    found = []
    for stage in stages:
        name = f"《{stage.track_name}》{stage.label}"
        if stage.step is None:
            found.append(
                Bare(stage.track, f"《{stage.track_name}》", "", NO_CHAIN, "还没有设审核环节", parent=stage.track)
            )  # fmt: skip
            continue
        mine = of_track[stage.track]
        if stage.who == Who.OFFICE and not held.office(stage.owner):
            why = f"归口单位没有审核的人{f'，涉及 {len(mine)} 项' if mine else ''}"
            found.append(Bare(stage.step, name, stage.who, NO_SIGNER, why, parent=stage.track))
            continue
        nobody: list[Thing] = []
        absent: list[Thing] = []
        for thing in mine:
            standing = signers(
                stage.who, Matter(thing.lead, thing.area, thing.leader, stage.owner), held
            )  # fmt: skip
            if not standing:
                nobody.append(thing)
            elif all(person in away and person not in held.stand_ins for person in standing):
                absent.append(thing)
        if nobody:
            why = f"{len(nobody)} 项没有人签：{_named(nobody)}"
            found.append(Bare(stage.step, name, stage.who, NO_SIGNER, why, parent=stage.track))
        elif absent:
            why = f"{len(absent)} 项的签批人都不在岗，也没有AB角：{_named(absent)}"
            found.append(Bare(stage.step, name, stage.who, ALL_AWAY, why, parent=stage.track))
    return found


def _named(things: Sequence[Thing]) -> str:
    shown = "、".join(f"{thing.code} {thing.title[:20]}" for thing in things[:SHOWN])
    return shown + (" 等" if len(things) > SHOWN else "")
