"""工作量: what is open for each person and department, by week; a fixed number of queries whatever the size."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, F, Q, QuerySet, When

from taizhang.campaigns.rules.states import YearState
from taizhang.org.models import Absence, Membership, Person, Post, Secondment, Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.permits import Role
from taizhang.org.queries import alive, on_day

from ..models import Item, Slot
from ..rules.load import Load, Piece, column, room_of, total
from ..rules.states import TO_HAND_IN, SlotStatus, Status

#: what is nobody's work any more, or not for now
_IDLE = (Status.CLOSED, Status.WAIVED, Status.SUSPENDED)
_FIXED = (Status.REVIEW, Status.ACCEPTED)


#: departments first, the branches last
LAST = Case(When(kind=UnitKind.BRANCH, then=1), default=0)


def open_items(agency: Unit) -> QuerySet[Item]:
    """The items of AGENCY's open years that somebody still has to work on or sign."""
    return Item.objects.filter(unit=agency, year__state=YearState.OPEN).exclude(status__in=_IDLE)


def open_slots(agency: Unit) -> QuerySet[Slot]:
    """Their slots that are still to be handed in."""
    return Slot.objects.filter(item__in=open_items(agency), status__in=TO_HAND_IN, before_system=False)


@dataclass
class Works:
    """The open work of an agency: a piece per item, and per unit the slots it performs for items others lead."""

    pieces: list[Piece]
    helping: dict[int, list[int]] = field(default_factory=dict)  # unit → columns

    def of_people(self) -> dict[int, Load]:
        found: dict[int, list[Piece]] = defaultdict(list)
        for piece in self.pieces:
            if piece.person is not None:
                found[piece.person].append(piece)
        return {person: total(pieces) for person, pieces in found.items()}

    def of_units(self) -> dict[int, Load]:
        """What each unit leads, and the slots it performs."""
        found: dict[int, list[Piece]] = defaultdict(list)
        for piece in self.pieces:
            if piece.unit is not None:
                found[piece.unit].append(piece)
        made = {unit: total(pieces) for unit, pieces in found.items()}
        for unit, columns in self.helping.items():
            slots = total([Piece(0, unit, None, tuple(columns))])
            made[unit] = made.get(unit, Load()) + Load(0, slots.columns)
        return made


def works_of(agency: Unit, today: date) -> Works:
    """Three queries."""
    own: dict[int, list[int]] = defaultdict(list)
    helping: dict[int, list[int]] = defaultdict(list)
    for item, performer, lead, due_on in open_slots(agency).values_list(
        "item_id", "performer_id", "item__lead_id", "due_on"
    ):
        at = column(due_on, today)
        if performer == lead or lead is None:
            own[item].append(at)
        else:
            helping[performer].append(at)
    waits = set(
        Slot.objects.filter(
            item__in=open_items(agency), performer=F("item__lead"), status=SlotStatus.SUBMITTED
        ).values_list("item_id", flat=True)
    )
    pieces = [
        Piece(pk, lead, person, tuple(own.get(pk, ())), pk in waits or status in _FIXED)
        for pk, lead, person, status in open_items(agency).order_by("order", "pk").values_list(
            "pk", "lead_id", "person_id", "status"
        )
    ]  # fmt: skip
    return Works(pieces, helping)


def said(load: Load) -> str:
    """在办 12 项，本周 3 期，逾期 1 期: what stands behind a name where somebody is chosen."""
    late = f"，逾期 {load.late} 期" if load.late else ""
    return f"在办 {load.items} 项，本周 {load.this_week} 期{late}"


def figures(agency: Unit, today: date) -> dict[int, str]:
    """Person → their load in words; three queries. Somebody without open work is not in it."""
    return {person: said(load) for person, load in works_of(agency, today).of_people().items()}


@dataclass(frozen=True)
class Standing:
    """Where a person is today. `seconded`: (unit or None, share); `told`: 抽调创建办 50%，出差."""

    homes: tuple[int, ...] = ()
    seconded: tuple[tuple[int | None, int], ...] = ()
    away: bool = False
    told: str = ""


def standings(agency: Unit, today: date) -> dict[int, Standing]:
    """Every person of AGENCY with a department, a post there, a secondment or an absence; four queries."""
    homes: dict[int, dict[int, None]] = defaultdict(dict)
    members = Membership.objects.filter(on_day(today), person__agency=agency, person__left_on=None, main=True)
    for person, unit in members.values_list("person_id", "unit_id"):
        homes[person][unit] = None
    posts = Post.objects.filter(
        on_day(today), person__agency=agency, person__left_on=None, group=None,
        role__in=[Role.FILLER, Role.LIAISON, Role.HEAD],
    ).exclude(unit__kind=UnitKind.BRANCH)  # fmt: skip
    for person, unit in posts.values_list("person_id", "unit_id"):
        homes[person].setdefault(unit)
    seconded: dict[int, list[tuple[int | None, int]]] = defaultdict(list)
    told: dict[int, list[str]] = defaultdict(list)
    rows = Secondment.objects.filter(on_day(today), person__agency=agency, person__left_on=None)
    for row in rows.select_related("unit", "group"):
        where = row.unit_id or (row.group.office_id if row.group else None)
        seconded[row.person_id].append((where, row.share))
        told[row.person_id].append(f"抽调{row.unit or row.group} {row.share}%")
    away = {}
    for gone in Absence.objects.filter(on_day(today), person__agency=agency):
        away[gone.person_id] = gone.get_kind_display()
        told[gone.person_id].append(
            f"{away[gone.person_id]}{f'至 {gone.ends_on:%m-%d}' if gone.ends_on else ''}"
        )
    return {
        person: Standing(
            tuple(homes.get(person, ())), tuple(seconded.get(person, ())), person in away, "，".join(told.get(person, ()))
        )
        for person in {*homes, *seconded, *away}
    }  # fmt: skip


def rooms(standing: dict[int, Standing], unit: int) -> dict[int, int]:
    """Person → room (0 to 100) for UNIT: who belongs there or is seconded there."""
    return {
        person: room_of(unit in one.homes, one.seconded, unit, one.away)
        for person, one in standing.items()
        if unit in one.homes or any(where == unit for where, _ in one.seconded)
    }


@dataclass(frozen=True)
class Line:
    """One line of the table of weeks; `level`: 0 the agency, 1 a department, 2 a person, 3 what nobody answers for,
    4 who of a department has nothing (their names as the note)."""

    level: int
    pk: int
    name: str
    load: Load
    note: str = ""


@dataclass(frozen=True)
class Workload:
    lines: list[Line]
    most: int  # slots in one cell of a person, for the shades


def workload(agency: Unit, today: date, *, only: int | None = None, people: bool = True) -> Workload:
    """The table of weeks of AGENCY: departments in order, their people, what of a department is nobody's.

    A person's line is all that is in their name, under their department; a department's line is what it leads and the
    slots it performs. ONLY one department; without PEOPLE, the departments alone. Ten queries.
    """
    works = works_of(agency, today)
    of_units, of_people = works.of_units(), works.of_people()
    standing = standings(agency, today)
    names = dict(
        Person.objects.filter(agency=agency)
        .filter(Q(left_on=None) | Q(pk__in=list(of_people)))
        .order_by("order", "staff_no")
        .values_list("pk", "name")
    )
    gone = set(
        Person.objects.filter(agency=agency, left_on__isnull=False, pk__in=list(of_people)).values_list(
            "pk", flat=True
        )
    )
    units = [
        (pk, short or name)
        for pk, name, short in Unit.objects.filter(alive(today), agency=agency)
        .exclude(kind__in=[UnitKind.AGENCY, UnitKind.REGION])
        .order_by(LAST, "order", "pk")
        .values_list("pk", "name", "short_name")
    ]
    below: dict[int | None, list[int]] = defaultdict(list)
    for person in names:
        homes = standing[person].homes if person in standing else ()
        below[homes[0] if homes else None].append(person)
    nobodys: dict[int | None, list[Piece]] = defaultdict(list)
    for piece in works.pieces:
        if piece.person is None:
            nobodys[piece.unit].append(piece)
    lines: list[Line] = []

    def put(unit: int | None, name: str, load: Load) -> None:
        if only is not None and unit != only:
            return
        lines.append(Line(1, unit or 0, name, load))
        if not people:
            return
        idle = []
        for person in below[unit]:
            note = "已离开" if person in gone else standing[person].told if person in standing else ""
            if person in of_people or (note and unit is not None):
                lines.append(Line(2, person, names[person], of_people.get(person, Load()), note))
            elif unit is not None:
                idle.append(names[person])
        if nobodys[unit]:
            lines.append(Line(3, unit or 0, "没有责任人", total(nobodys[unit])))
        if idle:
            lines.append(Line(4, unit or 0, f"名下没有在办事项的 {len(idle)} 人", Load(), "、".join(idle)))

    for pk, name in units:
        if pk in of_units or below[pk]:
            put(pk, name, of_units.get(pk, Load()))
    if only is None:
        for name, load in _others(agency, of_units, [pk for pk, _ in units]):
            lines.append(Line(1, 0, name, load))
    loose = [piece for piece in works.pieces if piece.unit is None]
    if loose or any(person in of_people for person in below[None]):
        put(None, "没有处室", total(loose))
    if only is None:
        whole = total(works.pieces)
        for columns in works.helping.values():
            whole += Load(0, total([Piece(0, None, None, tuple(columns))]).columns)
        lines.insert(0, Line(0, agency.pk, "全机关", whole))
    most = max((max(line.load.columns[1:-1]) for line in lines if line.level == 2), default=0)
    return Workload(lines, most)


def _others(agency: Unit, of_units: dict[int, Load], listed: Iterable[int]) -> list[tuple[str, Load]]:
    """Who has work and is no department of AGENCY's: departments of others that take part, and what was ended. One
    query, none where there is nobody."""
    rest = of_units.keys() - set(listed)
    if not rest:
        return []
    return [
        (f"{home}{name}（参加单位）" if at != agency.pk else f"{name}（已撤销）", of_units[pk])
        for pk, name, at, home in Unit.objects.filter(pk__in=rest)
        .exclude(pk=agency.pk)
        .order_by("agency", "order", "pk")
        .values_list("pk", "name", "agency", "agency__name")
    ] + ([(f"{agency}本级", of_units[agency.pk])] if agency.pk in rest else [])


def of_whom(agency: Unit, *, person: int | None, unit: int | None) -> tuple[Q, Q]:
    """Conditions on items and slots: those of a person's line, of a department's, or (neither) of all."""
    if person is not None:
        return Q(person=person), Q(item__person=person) & (Q(performer=F("item__lead")) | Q(item__lead=None))
    if unit is not None:
        return Q(lead=unit), Q(performer=unit)
    return Q(), Q()


@dataclass(frozen=True)
class SlotLine:
    """A slot still to be handed in."""

    item: int
    slot: int
    no: str
    title: str
    label: str
    performer: str
    who: str
    due_on: date
    late: bool


def slot_lines(
    agency: Unit, today: date, *, person: int | None, unit: int | None, at: int | None
) -> list[SlotLine]:
    """The slots behind a number of the table: of a person or unit, in the column AT (None: all). One query."""
    _, mine = of_whom(agency, person=person, unit=unit)
    rows = (
        open_slots(agency)
        .filter(mine)
        .order_by("due_on", "item__order", "pk")
        .values_list(
            "item_id",
            "pk",
            "item__no",
            "item__title",
            "label",
            "performer__name",
            "item__person__name",
            "due_on",
        )
    )
    return [
        SlotLine(item, slot, no, title, label, performer, who or "", due_on, due_on < today)
        for item, slot, no, title, label, performer, who, due_on in rows
        if at is None or column(due_on, today) == at
    ]
