"""The snapshot of posts that signing decides by, in four queries; two more on a day when somebody is away."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q

from ..models import Cover, Post, Unit
from ..models.units import UnitKind
from ..permits import Role
from ..rules.holders import Holders, People
from .absences import agencies_away, names_of, stand_ins_on


def holders(agency: Unit, today: date, guests: Any = ()) -> Holders:
    """Posts of AGENCY and all beneath it that are alive on TODAY.

    GUESTS: departments of other agencies (ids, or a query for them) that work for this one. They answer with their
    own heads and liaisons, and stand under the creation office: from there on AGENCY's own people sign.
    """
    parents: dict[int, int | None] = {}
    names: dict[int, str] = {}
    leaders: dict[int, dict[int, None]] = defaultdict(dict)
    offices: list[int] = []
    strangers: dict[int, int | None] = {}
    inside = Q(path__startswith=agency.path)
    for pk, parent, kind, leader, leader_name, home, path in Unit.objects.filter(
        inside | Q(pk__in=guests)
    ).values_list("pk", "parent_id", "kind", "leader_id", "leader__name", "agency_id", "path"):
        if not path.startswith(agency.path):
            strangers[pk] = home
            continue
        parents[pk] = None if pk == agency.pk else parent
        if kind == UnitKind.OFFICE:
            offices.append(pk)
        if leader:
            leaders[pk][leader] = None
            names[leader] = leader_name
    parents.update(dict.fromkeys(strangers, min(offices, default=agency.pk)))
    by_role: dict[str, dict[int, dict[int, None]]] = defaultdict(lambda: defaultdict(dict))
    staff: dict[int, dict[int, None]] = defaultdict(dict)
    chiefs: dict[int, dict[int, None]] = defaultdict(dict)
    rows = (
        Post.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
            Q(unit__path__startswith=agency.path)
            | Q(unit__in=list(strangers), role__in=[Role.HEAD, Role.LIAISON]),
            starts_on__lte=today,
            role__in=[Role.HEAD, Role.LIAISON, Role.LEADER, Role.OFFICE, Role.GROUP_LEADER],
        )
        .order_by("person__order", "person_id", "pk")
        .values_list("person_id", "person__name", "unit_id", "role", "group_id", "group__office_id")
    )
    posted: dict[int, dict[int, None]] = defaultdict(dict)
    for person, name, unit, role, group, office in rows:
        names[person] = name
        if role == Role.OFFICE:
            # a post without a group serves every creation office of the agency
            for place in [office] if office else [] if group else offices:
                staff[place][person] = None
        elif role == Role.GROUP_LEADER:
            if group:
                chiefs[group][person] = None
        elif role == Role.LEADER:
            posted[unit][person] = None
        else:
            by_role[role][unit][person] = None
    leaders.update(posted)  # a post goes before what the unit's record says
    by_area: dict[str, dict[int, None]] = defaultdict(dict)
    by_unit: dict[int, dict[int, None]] = defaultdict(dict)
    for group, covered, area in Cover.objects.filter(group__in=list(chiefs)).values_list(
        "group_id", "unit_id", "area_code"
    ):
        if covered:
            by_unit[covered].update(chiefs[group])
        else:
            by_area[area].update(chiefs[group])
    acting = stand_ins_on(agency.pk, today)
    homes = {home for home in strangers.values() if home}
    for home in agencies_away(homes, today) if homes else ():
        acting = stand_ins_on(home, today) | acting
    names.update(names_of({person for pair in acting.items() for person in pair} - names.keys()))
    return Holders(
        agency.pk,
        names,
        parents,
        _tuples(by_role[Role.HEAD]),
        _tuples(by_role[Role.LIAISON]),
        _tuples(leaders),
        _tuples(staff),
        {area: tuple(people) for area, people in by_area.items()},
        _tuples(by_unit),
        acting,
    )


def _tuples(table: dict[int, dict[int, None]]) -> dict[int, People]:
    return {unit: tuple(people) for unit, people in table.items() if people}
