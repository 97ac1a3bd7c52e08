"""Working groups as they are or were on a day: members, what they answer for, names as then, who changed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet

from ..models import Adjustment, Cover, Duty, FormerName, Group, Post, Unit
from ..models.groups import GroupKind
from ..permits import Role
from ..rules.adjusting import CHIEF, Frame, Held, Member, Served, Single, singles
from .roster import alive, on_day
from .units import units_for


@dataclass(frozen=True)
class Row:
    """One duty in a group on a day."""

    pk: int
    person: int
    staff_no: str
    name: str
    title: str
    duty: str
    task: str
    starts_on: date
    ends_on: date | None
    roles: str


@dataclass(frozen=True)
class Covered:
    """What a group answers for on a day: departments (id, name as then) and Ⅰ级指标."""

    units: tuple[tuple[int, str], ...] = ()
    areas: tuple[str, ...] = ()

    @property
    def unit_ids(self) -> list[int]:
        return [pk for pk, _ in self.units]

    def __str__(self) -> str:
        return cover_words([name for _, name in self.units], list(self.areas))


def cover_words(names: list[str], areas: list[str]) -> str:
    """办公室、法规处；一级指标 1、3."""
    parts = ["、".join(names), f"一级指标 {'、'.join(areas)}" if areas else ""]
    return "；".join(part for part in parts if part) or "无"


def groups_for(user: Any) -> QuerySet[Group]:
    return Group.objects.filter(unit__in=units_for(user)).select_related("unit", "office")


def adjustments_for(user: Any) -> QuerySet[Adjustment]:
    found = Adjustment.objects.filter(group__unit__in=units_for(user))
    return found.select_related("group__unit", "group__office", "by")


def adjustments_of(group: Group) -> list[Adjustment]:
    """The newest first."""
    return list(Adjustment.objects.filter(group=group).select_related("by"))


def singles_of(group: Group, adjustments: list[Adjustment]) -> list[Single]:
    """Who came and went besides ADJUSTMENTS, the newest first; one query."""
    rows = Duty.objects.filter(group=group).order_by("order", "pk")
    served = rows.values_list("pk", "person__staff_no", "person__name", "duty", "starts_on", "ends_on")
    told = [(one.effective_on, one.changes) for one in adjustments]
    return singles((Served(*row) for row in served), told, Frame(group.starts_on, group.ends_on))


def members_on(group: Group, day: date, today: date | None = None) -> list[Row]:
    """Who is or was in GROUP on DAY, in its own order; with TODAY given and DAY not past, the posts too."""
    posts: dict[int, list[str]] = defaultdict(list)
    if today is not None and day >= today:
        rows = Post.objects.filter(on_day(day), group=group).order_by("pk").values_list("person_id", "role")
        for person, role in rows:
            posts[person].append(Role(role).label)
    duties = (
        Duty.objects.filter(on_day(day), group=group)
        .order_by("order", "pk")
        .values_list(
            "pk", "person_id", "person__staff_no", "person__name", "person__title", "duty", "task", "starts_on",
            "ends_on",
        )
    )  # fmt: skip
    return [Row(*row, "、".join(dict.fromkeys(posts.get(row[1], ())))) for row in duties]


def as_members(rows: list[Row]) -> list[Member]:
    return [Member(row.person, row.name, row.duty, row.task) for row in rows]


def coming(group: Group, today: date) -> list[Row]:
    """Duties that begin after TODAY."""
    found = (
        Duty.objects.filter(group=group, starts_on__gt=today)
        .order_by("starts_on", "order", "pk")
        .values_list(
            "pk", "person_id", "person__staff_no", "person__name", "person__title", "duty", "task", "starts_on",
            "ends_on",
        )
    )  # fmt: skip
    return [Row(*row, "") for row in found]


def held_from(group: Group, day: date) -> list[Held]:
    """The duties in GROUP that are not over on DAY, those still to begin among them."""
    rows = Duty.objects.filter(alive(day), group=group).order_by("order", "pk")
    return [
        Held(*row)
        for row in rows.values_list("pk", "person_id", "person__name", "duty", "task", "starts_on", "ends_on")
    ]


def frame_of(group: Group) -> Frame:
    """Between which days GROUP may be adjusted."""
    last = Adjustment.objects.filter(group=group).aggregate(last=Max("effective_on"))["last"]
    return Frame(group.starts_on, group.ends_on, last)


def led_elsewhere(group: Group, people: set[int], day: date) -> dict[int, list[str]]:
    """Person → other activity groups of the agency that they lead on DAY or after."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Duty.objects.filter(
        alive(day), alive(day, "group__"), group__unit=group.unit_id, group__kind=GroupKind.ACTIVITY,
        duty=CHIEF, person__in=people,
    ).exclude(group=group.pk)  # fmt: skip
    for person, name in rows.order_by("group__order").values_list("person_id", "group__name"):
        found[person].append(name)
    return found


def names_then(agency_id: int, day: date) -> dict[int, str]:
    """Unit → what it was called on DAY, for the units of an agency that were called otherwise; one query."""
    rows = FormerName.objects.filter(unit__agency=agency_id, until__gte=day).order_by("-until", "-pk")
    return dict(rows.values_list("unit_id", "name"))  # the first name that ended on or after DAY comes last


def covers_on(agency: Unit, day: date) -> dict[int, Covered]:
    """Group → what it answered for on DAY: what holds now, less what later adjustments changed. Four queries."""
    units: dict[int, list[int]] = defaultdict(list)
    areas: dict[int, list[str]] = defaultdict(list)
    for group, unit, area in (
        Cover.objects.filter(group__unit=agency)
        .order_by("pk")
        .values_list("group_id", "unit_id", "area_code")
    ):
        if unit:
            units[group].append(unit)
        else:
            areas[group].append(area)
    later = Adjustment.objects.filter(group__unit=agency, effective_on__gt=day).order_by(
        "-effective_on", "-pk"
    )
    for group, changes in later.values_list("group_id", "changes"):
        for change in changes:
            if change["kind"] == "cover":
                units[group], areas[group] = list(change["units_was"]), list(change["areas_was"])
    wanted = {pk for pks in units.values() for pk in pks}
    names = dict(Unit.objects.filter(pk__in=wanted).values_list("pk", "name"))
    names |= {pk: name for pk, name in names_then(agency.pk, day).items() if pk in wanted}
    return {
        group: Covered(
            tuple((pk, names[pk]) for pk in units.get(group, ()) if pk in names), tuple(areas.get(group, ()))
        )
        for group in units.keys() | areas.keys()
    }


@dataclass(frozen=True)
class Team:
    """A group on a day, as the chart and the list show it. `chiefs` are (duty, names) in the group's order."""

    pk: int
    name: str
    kind: str
    duties: tuple[tuple[str, tuple[str, ...]], ...]
    people: int
    covered: Covered


def teams_on(agency: Unit, day: date) -> list[Team]:
    """The groups of AGENCY that exist on DAY. Six queries."""
    duties: dict[int, dict[str, list[str]]] = defaultdict(dict)
    people: dict[int, set[int]] = defaultdict(set)
    for group, duty, person, name in (
        Duty.objects.filter(on_day(day), group__unit=agency)
        .order_by("order", "pk")
        .values_list("group_id", "duty", "person_id", "person__name")
    ):
        duties[group].setdefault(duty, []).append(name)
        people[group].add(person)
    covers = covers_on(agency, day)
    return [
        Team(
            pk, name, kind, tuple((duty, tuple(names)) for duty, names in duties[pk].items()), len(people[pk]),
            covers.get(pk, Covered()),
        )
        for pk, name, kind in Group.objects.filter(on_day(day), unit=agency)
        .order_by("order", "pk")
        .values_list("pk", "name", "kind")
    ]  # fmt: skip
