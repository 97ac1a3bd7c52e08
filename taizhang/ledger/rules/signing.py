"""Who stands at a step, who may not judge, and which steps pass by themselves.

Nobody judges what they submitted, and a stand-in (AB角) neither what the absent person submitted. A step whose only holder submitted it, or that has none, is skipped with a
note; the last step of a chain never. The same person at two following steps signs once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from taizhang.campaigns.rules.states import Who
from taizhang.org.rules.holders import Holders


@dataclass(frozen=True)
class Matter:
    """What of an item decides who signs."""

    lead_id: int | None
    area_code: str
    leader_id: int | None
    owner_id: int | None


@dataclass(frozen=True)
class Stop:
    """A step of a chain as signing sees it."""

    id: int
    who: str
    label: str
    last: bool


@dataclass(frozen=True)
class Passed:
    """A step that was passed without waiting: skipped (`person` None), or signed with the step before."""

    step_id: int
    person: int | None
    note: str
    acting_for: int | None = None


@dataclass(frozen=True)
class Chains:
    """The review chains of one campaign: track id → owner office, steps per slot, steps per item.

    What was raised by hand has no track; it passes the chain of the campaign's first one (key None).
    """

    owners: Mapping[int | None, int]
    slot_stops: Mapping[int | None, tuple[Stop, ...]]
    item_stops: Mapping[int | None, tuple[Stop, ...]]

    def after(self, track: int | None, step: int | None, *, per_slot: bool) -> tuple[Stop, ...]:
        """The steps of TRACK that follow STEP (all of them when None)."""
        stops = (self.slot_stops if per_slot else self.item_stops).get(track, ())
        if step is None:
            return stops
        ids = [stop.id for stop in stops]
        return stops[ids.index(step) + 1 :] if step in ids else ()

    def stop(self, track: int | None, step: int | None) -> Stop | None:
        """STEP itself, wherever it stands in the chain."""
        stops = (*self.slot_stops.get(track, ()), *self.item_stops.get(track, ()))
        return next((stop for stop in stops if stop.id == step), None)


def signers(who: str, matter: Matter, holders: Holders) -> frozenset[int]:
    """The people (ids) who stand at a step for MATTER today."""
    if who == Who.LEAD_HEAD:
        return frozenset(holders.heads(matter.lead_id))
    if who == Who.GROUP_LEADER:
        return frozenset(holders.group_leaders(matter.area_code, matter.lead_id))
    if who == Who.OFFICE:
        return frozenset(holders.office(matter.owner_id))
    return frozenset({matter.leader_id} if matter.leader_id else holders.leaders(matter.lead_id))


def judges(who: str, matter: Matter, holders: Holders, barred: frozenset[int]) -> dict[int, int | None]:
    """Who may judge today at a step: person → the absent person they stand in for, None in their own right.

    BARRED are those who handed the thing in, themselves or by a stand-in. A post of one's own goes before 代; and who
    stands in for two people judges for neither of them what the other handed in.
    """
    standing = signers(who, matter, holders)
    found: dict[int, int | None] = dict.fromkeys(sorted(standing - barred))
    for person in sorted(standing - barred):
        stand_in = holders.stand_ins.get(person)
        if stand_in is None or stand_in in barred:
            continue
        if any(other == stand_in and absent in barred for absent, other in holders.stand_ins.items()):
            continue
        found.setdefault(stand_in, person)
    return found


def names_at(who: str, matter: Matter, holders: Holders) -> list[str]:
    """Who stands at a step today in words; of the absent who signs for them: 乙（代甲）."""
    return [
        called(holders.stand_ins[person], person, holders)
        if person in holders.stand_ins
        else holders.name(person)
        for person in sorted(signers(who, matter, holders))
    ]


def acted_name(person: object, acting_for: object) -> str:
    """乙（代甲）, or 乙 who acts in their own right: the one way in which pages, papers and tables say it."""
    return f"{person}（代{acting_for}）" if acting_for else str(person)


def called(person: int, acting_for: int | None, holders: Holders) -> str:
    """A judge by name, as the pages and the printed sheets say it: 乙（代甲）."""
    return acted_name(holders.name(person), holders.name(acting_for) if acting_for else "")


def proposed_person(unit: int | None, holders: Holders) -> int | None:
    """Who answers for a unit's items until a clerk says otherwise: its liaison, else its head, else those above."""
    for one in holders.upwards(unit):
        people = holders.liaisons_of.get(one) or holders.heads_of.get(one)
        if people:
            return people[0]
    return None


def proposed_leader(unit: int | None, holders: Holders) -> int | None:
    """The leader in charge of a unit, if there is one."""
    return next(iter(holders.leaders(unit)), None)


def walk(
    stops: Sequence[Stop], matter: Matter, holders: Holders, barred: frozenset[int], signer: int | None
) -> tuple[list[Passed], Stop | None]:
    """From the first of STOPS: what passes by itself, and where it then waits (None: the chain is done).

    BARRED are those who handed the thing in; SIGNER is who signed the step before, if anybody.
    """
    passed: list[Passed] = []
    for stop in stops:
        able = judges(stop.who, matter, holders, barred)
        if signer is not None and signer in able:
            passed.append(Passed(stop.id, signer, "与上一环节为同一人，一次签批", able[signer]))
            continue
        if able or stop.last:
            return passed, stop
        standing = signers(stop.who, matter, holders)
        note = "本环节只有提交人本人，按规定跳过" if standing else "本环节无人担任，按规定跳过"
        passed.append(Passed(stop.id, None, note))
        signer = None
    return passed, None
