"""A roster taken over whole: units, people, memberships, deputies and the posts that follow from them."""

from datetime import date
from typing import Any

from taizhang.kit import clock

from ..action import action
from ..models import Absence, Deputy, Duty, Membership, Person, Post, Secondment, Unit
from ..permits import Permit
from ..queries.roster import alive, people_by_no, posts_now, roster_now, unit_rows
from ..rules.facts import PersonFact, PostFact, Roster
from ..rules.plan import RosterPlan, plan_roster
from ..rules.words import name_key
from .sessions import close_sessions
from .terms import finish, home_again
from .units import move, plant

#: fields that a person's fact and row share by name
SAME = (
    "name", "gender", "year_of_birth", "title", "rank", "is_party_member", "volunteer_no", "phone",
    "joined_year", "presence", "order",
)  # fmt: skip


@action("org.import_roster", "导入花名册", (Permit.ORG_EDIT, ""))
def import_roster(agency: Unit, *, by: Any, plan: RosterPlan, on: date | None = None) -> Unit:
    """Take PLAN: compared once more with what is there now, so nothing is done twice.

    Terms begin today, or on ON when the agency has nobody yet. People in `plan.end` leave today.
    """
    today = clock.today()
    now, existing = roster_now(agency, today)
    start = on if on and not now.people else today
    fresh = plan_roster(
        now, plan.wanted, existing, named=set(now.people) - plan.end, end=frozenset(plan.end)
    )  # fmt: skip
    wanted = fresh.wanted
    units = _units(agency, now, wanted, today)
    people = _people(agency, now, wanted)
    for name, fact in wanted.units.items():
        before = now.units.get(name)
        if before is None or (before.branch, before.leader) != (fact.branch, fact.leader):
            branch = units.get(fact.branch) if fact.branch else None
            units[name].change(branch=branch, leader=people.get(fact.leader))
    _deputies(agency, wanted, people)
    _memberships(agency, now, wanted, units, people, today, start)
    home_again(agency, today)
    for no in fresh.end:
        let_go(people[no], today)
    _posts(agency, fresh.posts_end, fresh.posts_add, units, people, today, start)
    return agency


def _units(agency: Unit, now: Roster, wanted: Roster, today: date) -> dict[str, Unit]:
    rows = unit_rows(agency, today)
    rows[""] = agency
    # a unit comes after the one above it; two levels are all a roster knows
    for name, fact in sorted(wanted.units.items(), key=lambda pair: (bool(pair[1].parent), pair[1].order)):
        plain = {
            "answers_to": fact.answers_to, "order": fact.order, "term_from": fact.term_from,
            "term_until": fact.term_until,
        }  # fmt: skip
        above = rows[fact.parent]
        if name not in rows:
            rows[name] = plant(above, name=name, kind=fact.kind, **plain)
        elif now.units.get(name) != fact:
            unit = rows[name].change(kind=fact.kind, **plain)
            if unit.parent_id != above.pk and now.units[name].parent != fact.parent:
                move(unit, above)
    return rows


def _row(fact: PersonFact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in SAME} | {"name_key": name_key(fact.name)}


def _people(agency: Unit, now: Roster, wanted: Roster) -> dict[str, Person]:
    rows: dict[str, Person] = people_by_no(agency)
    waiting = {no: fact for no, fact in wanted.people.items() if no not in rows}
    while waiting:
        # those whose leader in charge is there already; a ring of leaders is untied by the last step
        ready = {no: fact for no, fact in waiting.items() if fact.supervisor not in waiting} or waiting
        made = Person.make_many(
            [
                Person(agency=agency, staff_no=no, supervisor=rows.get(fact.supervisor), **_row(fact))
                for no, fact in ready.items()
            ]
        )
        rows.update((person.staff_no, person) for person in made)
        waiting = {no: fact for no, fact in waiting.items() if no not in ready}
    for no, fact in wanted.people.items():
        before = now.people.get(no)
        if before != fact:
            rows[no].change(supervisor=rows.get(fact.supervisor), left_on=None, **_row(fact))
    return rows


def _deputies(agency: Unit, wanted: Roster, people: dict[str, Person]) -> None:
    rows: dict[int, Deputy] = {}
    further: dict[tuple[int, int], Deputy] = {}
    for row in Deputy.objects.filter(person__agency=agency):
        if row.rank == 1:
            rows[row.person_id] = row
        else:
            further[row.person_id, row.stand_in_id] = row
    new, twice = [], []
    for no, fact in wanted.people.items():
        person, stand_in = people[no], people.get(fact.stand_in)
        known = rows.get(person.pk)
        if stand_in and (person.pk, stand_in.pk) in further:
            twice.append(further[person.pk, stand_in.pk])
        if known is None:
            if stand_in:
                new.append(Deputy(person=person, stand_in=stand_in))
        elif stand_in is None:
            known.remove()
        elif known.stand_in_id != stand_in.pk:
            known.change(stand_in=stand_in)
    if new:
        Deputy.make_many(new)
    Deputy.remove_many(twice)  # a further stand-in who became the B


def _memberships(
    agency: Unit, now: Roster, wanted: Roster, units: dict[str, Unit], people: dict[str, Person], today: date,
    start: date,
) -> None:  # fmt: skip
    before, after = now.memberships(), wanted.memberships()
    if over := before - after:
        rows = Membership.objects.filter(alive(today), person__agency=agency).select_related("person", "unit")
        for row in rows:
            if (row.person.staff_no, row.unit.name, row.duty, row.main) in over:
                finish(row, today)
    if after - before:
        Membership.make_many(
            [
                Membership(person=people[no], unit=units[unit], duty=duty, main=main, starts_on=start)
                for no, unit, duty, main in sorted(after - before)
            ]
        )


def _posts(
    agency: Unit, over: frozenset[PostFact], new: frozenset[PostFact], units: dict[str, Unit],
    people: dict[str, Person], today: date, start: date,
) -> None:  # fmt: skip
    if over:
        rows = Post.objects.filter(alive(today), person__agency=agency).select_related(
            "person", "unit", "group"
        )
        for row in rows:
            name = "" if row.unit_id == agency.pk else row.unit.name
            if (row.person.staff_no, name, row.role, row.group.name if row.group else "") in over:
                finish(row, today)
    there = posts_now(agency, today)
    made = [
        Post(person=people[no], unit=units[unit], role=role, starts_on=start)
        for no, unit, role, group in sorted(new)
        if (no, unit, role, group) not in there
    ]
    if made:
        Post.make_many(made)


def let_go(person: Person, today: date) -> None:
    """Somebody leaves the agency today: everything they hold ends, the account closes. Inside an action only."""
    for model in (Membership, Post, Duty, Secondment, Absence):
        for row in model.objects.filter(alive(today), person=person):
            finish(row, today)
    for deputy in Deputy.objects.filter(person=person) | Deputy.objects.filter(stand_in=person):
        deputy.remove()
    for unit in Unit.objects.filter(leader=person):
        unit.change(leader=None)
    if person.user and person.user.is_active:
        person.user.change(is_active=False)
        close_sessions(person.user)
    person.change(left_on=today)
