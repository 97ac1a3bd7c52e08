"""An agency as the facts of a roster: what an import compares with, and what an export writes."""

from datetime import date
from typing import Any

from django.db.models import Q

from ..models import Cover, Deputy, Duty, Group, Membership, Person, Post, Rhythm, Unit
from ..models.units import UnitKind
from ..permits import Role
from ..rules.facts import GroupFact, Groups, PersonFact, PostFact, RhythmFact, Roster, UnitFact

HEADED = (UnitKind.DEPARTMENT, UnitKind.PARTY_BODY)


def alive(today: date, prefix: str = "") -> Q:
    """A condition: the term has not ended before TODAY."""
    return Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": today})


def on_day(day: date, prefix: str = "") -> Q:
    """A condition: the term holds on DAY, neither over nor still to begin."""
    return alive(day, prefix) & Q(**{f"{prefix}starts_on__lte": day})


def unit_rows(agency: Unit, today: date) -> dict[str, Unit]:
    """Live units beneath AGENCY by name."""
    return {
        unit.name: unit
        for unit in Unit.objects.filter(alive(today), agency=agency).exclude(pk=agency.pk).order_by("-pk")
    }


def roster_now(agency: Unit, today: date) -> tuple[Roster, set[PostFact]]:
    """Units and people of AGENCY, and all its live posts, as facts."""
    names = {agency.pk: ""}
    rows = list(
        Unit.objects.filter(alive(today), agency=agency)
        .exclude(pk=agency.pk)
        .order_by("order", "pk")
        .values_list(
            "pk", "name", "kind", "parent_id", "answers_to", "branch_id", "leader__staff_no", "term_from",
            "term_until", "order",
        )
    )  # fmt: skip
    names.update((row[0], row[1]) for row in rows)
    posts = posts_now(agency, today)
    heads: dict[tuple[str, Role], set[str]] = {}
    for no, unit_name, role, group in posts:
        if not group and role in (Role.HEAD, Role.LIAISON):
            heads.setdefault((unit_name, role), set()).add(no)
    units = {}
    for _, name, kind, parent, answers_to, branch, leader, term_from, term_until, order in rows:
        led = kind in HEADED
        units[name] = UnitFact(
            kind, names.get(parent, ""), answers_to, names.get(branch, ""), (leader or "") if led else "",
            frozenset(heads.get((name, Role.HEAD), ()) if led else ()),
            frozenset(heads.get((name, Role.LIAISON), ()) if led else ()),
            term_from, term_until, order,
        )  # fmt: skip
    return Roster(units, _people(agency, today, names)), posts


def _people(agency: Unit, today: date, names: dict[int, str]) -> dict[str, PersonFact]:
    home: dict[int, str] = {}
    branch: dict[int, tuple[str, str]] = {}
    for person, unit, duty, main in Membership.objects.filter(
        on_day(today), person__agency=agency
    ).values_list("person_id", "unit_id", "duty", "main"):
        if main:
            home[person] = names.get(unit, "")
        else:
            branch[person] = (names.get(unit, ""), duty)
    stand_in = dict(
        Deputy.objects.filter(person__agency=agency, rank=1).values_list("person_id", "stand_in__staff_no")
    )
    found = {}
    columns = (
        "pk", "staff_no", "name", "gender", "year_of_birth", "title", "rank", "is_party_member", "volunteer_no",
        "phone", "supervisor__staff_no", "joined_year", "presence", "order",
    )  # fmt: skip
    people = Person.objects.filter(agency=agency, left_on__isnull=True).order_by("order", "staff_no")
    for (
        pk,
        no,
        name,
        gender,
        born,
        title,
        rank,
        party,
        volunteer,
        phone,
        over,
        joined,
        presence,
        order,
    ) in people.values_list(*columns):
        cell, duty = branch.get(pk, ("", ""))
        found[no] = PersonFact(
            name, gender, born, home.get(pk, ""), title, rank, party, cell, duty, volunteer, phone,
            stand_in.get(pk, ""), over or "", joined, presence, order,
        )  # fmt: skip
    return found


def posts_now(agency: Unit, today: date) -> set[PostFact]:
    """All posts that hold TODAY on AGENCY and beneath it, of its own people; those still to begin do not count."""
    rows = Post.objects.filter(
        on_day(today), person__agency=agency, unit__path__startswith=agency.path
    ).values_list("person__staff_no", "unit_id", "unit__name", "role", "group__name")
    return {
        (no, "" if unit == agency.pk else name, Role(role), group or "")
        for no, unit, name, role, group in rows
    }


def leaders_now(agency: Unit, today: date) -> set[str]:
    """Staff numbers of the leadership (局领导)."""
    return set(
        Membership.objects.filter(
            on_day(today), person__agency=agency, main=True, unit__kind=UnitKind.LEADERS
        ).values_list("person__staff_no", flat=True)
    )


def groups_now(agency: Unit, today: date) -> Groups:
    """Live groups of AGENCY with their duties and what they cover, and the rhythm of meetings."""
    duties: dict[int, dict[tuple[str, str], tuple[str, int]]] = {}
    for group, no, duty, task, order in (
        Duty.objects.filter(on_day(today), group__unit=agency)
        .order_by("order", "pk")
        .values_list("group_id", "person__staff_no", "duty", "task", "order")
    ):
        duties.setdefault(group, {})[(no, duty)] = (task, order)
    units: dict[int, list[str]] = {}
    areas: dict[int, list[str]] = {}
    for group, name, area in (
        Cover.objects.filter(group__unit=agency)
        .order_by("pk")
        .values_list("group_id", "unit__name", "area_code")
    ):
        (areas if area else units).setdefault(group, []).append(area or name)
    groups = {
        name: GroupFact(
            kind, office or "", order, tuple(duties.get(pk, {}).items()), tuple(units.get(pk, ())),
            tuple(areas.get(pk, ())),
        )
        for pk, name, kind, office, order in Group.objects.filter(alive(today), unit=agency)
        .order_by("order", "pk")
        .values_list("pk", "name", "kind", "office__name", "order")
    }  # fmt: skip
    rhythms = [
        RhythmFact(*row)
        for row in Rhythm.objects.filter(unit=agency)
        .order_by("order", "pk")
        .values_list("level", "body", "meeting", "cadence", "task", "record")
    ]
    return Groups(groups, rhythms)


def people_by_no(agency: Unit) -> dict[str, Any]:
    """Every person of AGENCY, those who left too, by staff number."""
    return {person.staff_no: person for person in Person.objects.filter(agency=agency)}
