"""移交、分摊、均衡: what it would do to whom, before it is done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.org.models import Person, Unit

from ..models import Item
from ..rules.load import Load, Piece, level, moved, split
from .load import Standing, Works, rooms, standings, works_of

#: the ways: key → word, what it does
WAYS: dict[str, tuple[str, str]] = {
    "over": ("移交", "把一个人（或一个处室）名下的事项交给另一个人"),
    "split": ("分摊", "把一个人（或一个处室）名下的事项按期数平均分给几个人"),
    "level": ("均衡", "处室内部调匀：按期数把多的匀给少的，已报待审的和已销号的不动"),
}


@dataclass(frozen=True)
class Row:
    """One item of the giver. `taker`: "" when it stays; `version`: as it was shown."""

    item: int
    no: str
    title: str
    lead: str
    giver: str
    taker_id: int | None
    taker: str
    slots: int
    late: int
    version: int
    picked: bool
    fixed: bool


@dataclass(frozen=True)
class Change:
    """One person's load before and after."""

    pk: int
    name: str
    room: int
    told: str
    before: Load
    after: Load


@dataclass(frozen=True)
class Sharing:
    """`people`: everybody of the agency to choose from, in words; `near`: those of the department with their room."""

    rows: list[Row]
    changes: list[Change]
    people: dict[int, str]
    near: dict[int, int]

    @property
    def moves(self) -> list[tuple[int, int, int]]:
        return [(row.item, row.version, row.taker_id) for row in self.rows if row.taker_id is not None]


def sharing(
    agency: Unit, way: str, today: date, *, person: int | None, unit: int | None, to: Sequence[int],
    picked: Collection[int] | None,
) -> Sharing:  # fmt: skip
    """What WAY would do with the work of PERSON, or of UNIT, for the people TO; PICKED: only these items. Ten queries.

    For 分摊 without anybody chosen, those of the department with room; 均衡 asks for the department only.
    """
    works, standing = works_of(agency, today), standings(agency, today)
    loads = works.of_people()
    names = dict(
        Person.objects.filter(agency=agency, left_on=None)
        .order_by("order", "staff_no")
        .values_list("pk", "name")
    )
    homes = standing[person].homes if person in standing and unit is None else ()
    of = unit or (homes[0] if homes else None)
    near = {
        pk: room for pk, room in (rooms(standing, of).items() if of else ()) if pk in names and pk != person
    }
    if way == "level":
        pieces = [piece for piece in works.pieces if unit is not None and piece.unit == unit]
        plan = level(pieces, near, _elsewhere(works, standing, near, unit), _away(standing))
    else:
        pieces = [
            piece
            for piece in works.pieces
            if (person is not None and piece.person == person)
            or (person is None and unit is not None and piece.unit == unit)
        ]
        free = [piece for piece in pieces if picked is None or piece.item in picked]
        chosen = [pk for pk in to if pk in names]
        plan = _given(way, free, chosen, near)
    people = {pk: _called(pk, name, loads, standing) for pk, name in names.items()}
    return Sharing(
        _rows(pieces, plan, picked), _changes(works, plan, names, near, standing, to), people, near
    )


def _given(way: str, free: Sequence[Piece], chosen: Sequence[int], near: dict[int, int]) -> dict[int, int]:
    if way == "over":
        return {piece.item: chosen[0] for piece in free if piece.person != chosen[0]} if chosen else {}
    takers = {pk: near.get(pk, 100) for pk in chosen} or near
    plan = split(free, takers)
    return {
        piece.item: plan[piece.item]
        for piece in free
        if piece.item in plan and plan[piece.item] != piece.person
    }


def _elsewhere(
    works: Works, standing: dict[int, Standing], people: Collection[int], unit: int | None
) -> dict[int, int]:
    """Slots that PEOPLE have besides UNIT's; not those of where they are seconded, which their room leaves out already."""
    found: dict[int, int] = {}
    for piece in works.pieces:
        who = piece.person
        if who is None or who not in people or piece.unit == unit:
            continue
        if not any(where == piece.unit for where, _ in standing[who].seconded):
            found[who] = found.get(who, 0) + piece.weight
    return found


def _away(standing: dict[int, Standing]) -> frozenset[int]:
    return frozenset(pk for pk, one in standing.items() if one.away)


def _called(pk: int, name: str, loads: dict[int, Load], standing: dict[int, Standing]) -> str:
    load = loads.get(pk, Load())
    told = standing[pk].told if pk in standing else ""
    return f"{name} 在办 {load.items} 项 {load.slots} 期{f'，{told}' if told else ''}"


def _rows(pieces: Sequence[Piece], plan: dict[int, int], picked: Collection[int] | None) -> list[Row]:
    people = {piece.person for piece in pieces if piece.person} | set(plan.values())
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    facts: dict[int, Any] = {
        pk: rest
        for pk, *rest in Item.objects.filter(pk__in=[piece.item for piece in pieces]).values_list(
            "pk", "no", "title", "lead__name", "version"
        )
    }
    made = []
    for piece in pieces:
        no, title, lead, version = facts[piece.item]
        taker = plan.get(piece.item)
        made.append(
            Row(
                piece.item, no, title, lead or "", names.get(piece.person or 0, "没有责任人"), taker, names.get(taker or 0, ""),
                len(piece.columns), piece.columns.count(0), version, picked is None or piece.item in picked, piece.fixed,
            )
        )  # fmt: skip
    return made


def _changes(
    works: Works, plan: dict[int, int], names: dict[int, str], near: dict[int, int],
    standing: dict[int, Standing], to: Sequence[int],
) -> list[Change]:  # fmt: skip
    """Before and after of all who give or take, and of those of the department who stay as they are."""
    before = works.of_people()
    after = Works(moved(works.pieces, plan)).of_people()
    givers = {piece.person for piece in works.pieces if piece.item in plan and piece.person is not None}
    involved = {*plan.values(), *givers, *near, *(pk for pk in to if pk in names)}
    missing = involved - names.keys()
    gone = dict(Person.objects.filter(pk__in=missing).values_list("pk", "name")) if missing else {}
    named = {**names, **{pk: f"{name}（已离开）" for pk, name in gone.items()}}
    return [
        Change(
            pk, name, near.get(pk, 100), standing[pk].told if pk in standing else "",
            before.get(pk, Load()), after.get(pk, Load()),
        )
        for pk, name in named.items() if pk in involved
    ]  # fmt: skip


def whole(changes: Sequence[Change]) -> tuple[int, int]:
    """Slots of all together, before and after: nothing is lost on the way."""
    return sum(one.before.slots for one in changes), sum(one.after.slots for one in changes)


__all__ = ["WAYS", "Change", "Row", "Sharing", "sharing", "whole"]
