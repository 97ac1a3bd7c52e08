"""Working groups: their import, and single duties. A duty brings posts while it lasts."""

from datetime import date
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused

from ..action import action
from ..models import Adjustment, Cover, Duty, Group, Person, Post, Rhythm, Unit
from ..models.units import UnitKind
from ..permits import Permit, Role
from ..queries.groups import Covered
from ..queries.roster import alive, groups_now, leaders_now, on_day, people_by_no, posts_now, unit_rows
from ..rules.facts import GroupFact, Groups, PostFact
from ..rules.plan import GroupsPlan, plan_groups
from .adjusting import cover_change, said_of, set_covers, settle_posts
from .terms import finish
from .units import plant

EDIT = Permit.ORG_EDIT


@action("org.import_groups", "导入工作组", (EDIT, ""))
def import_groups(agency: Unit, *, by: Any, plan: GroupsPlan, on: date | None = None) -> Unit:
    """Take PLAN, compared once more with what is there now. Terms begin today, or on ON if there is no group yet."""
    today = clock.today()
    now = groups_now(agency, today)
    start = on if on and not now.groups else today
    leaders = leaders_now(agency, today)
    fresh = plan_groups(
        now, plan.wanted, posts_now(agency, today), named=set(now.groups) - plan.end, leaders=leaders,
        end=frozenset(plan.end),
    )  # fmt: skip
    units = unit_rows(agency, today)
    units[""] = agency
    people = people_by_no(agency)
    groups = {group.name: group for group in Group.objects.filter(alive(today), unit=agency)}
    for name, fact in fresh.wanted.groups.items():
        if fact.office and fact.office not in units:
            units[fact.office] = plant(
                agency, name=fact.office, kind=UnitKind.OFFICE, answers_to=fact.office, order=99
            )  # fmt: skip
        office = units[fact.office] if fact.office else None
        if name not in groups:
            groups[name] = Group.make(
                unit=agency, kind=fact.kind, name=name, office=office, order=fact.order, starts_on=start
            )  # fmt: skip
        else:
            groups[name].change(kind=fact.kind, office=office, order=fact.order)
        before = now.groups.get(name, GroupFact(fact.kind))
        words = _duties(groups[name], before, fact, people, today, start)
        words += _covers(groups[name], before, fact, units)
        if name in now.groups and words:  # the history of a group that was there knows of it
            Adjustment.make(
                group=groups[name], effective_on=today, reason="整表导入工作组", changes=words,
                by=getattr(by, "person", None), at=clock.now(),
            )  # fmt: skip
    _posts(agency, fresh.posts_end, fresh.posts_add, units, groups, people, today, start)
    _rhythms(agency, now, fresh.wanted)
    for name in fresh.end:
        _close(groups[name], today)
    return agency


def _duties(
    group: Group, before: GroupFact, fact: GroupFact, people: dict[str, Person], today: date, start: date
) -> list[dict[str, Any]]:  # fmt: skip
    was, will = dict(before.duties), dict(fact.duties)
    again: list[dict[str, Any]] = []
    if was != will:
        for row in Duty.objects.filter(on_day(today), group=group).select_related("person"):
            key = (row.person.staff_no, row.duty)
            if key not in will:
                finish(row, today)
            elif row.task != will[key][0] and row.starts_on < today:
                # another task from today on: a past day still shows the one of that day
                again.append(_renewed(row, *will[key], today))
            else:
                row.change(task=will[key][0], order=will[key][1])
    new = [
        Duty(group=group, person=people[no], duty=duty, task=task, order=order, starts_on=start)
        for (no, duty), (task, order) in will.items()
        if (no, duty) not in was
    ]
    if new:
        Duty.make_many(new)
    gone = [(no, duty, task) for (no, duty), (task, _) in was.items() if (no, duty) not in will]
    return (
        [{"kind": "go", **said_of(people[no], duty, task)} for no, duty, task in gone]
        + [{"kind": "come", **said_of(row.person, row.duty, row.task), "was": ""} for row in new]
        + again
    )


def _renewed(row: Duty, task: str, order: int, today: date) -> dict[str, Any]:
    """The same duty with another TASK from TODAY on, as long as ROW would have lasted."""
    old, last = row.task, row.ends_on
    finish(row, today)
    Duty.make(
        group=row.group, person=row.person, duty=row.duty, task=task, order=order, starts_on=today, ends_on=last
    )  # fmt: skip
    return {"kind": "change", **said_of(row.person, row.duty, task), "was": row.duty, "was_task": old}


def _covers(group: Group, before: GroupFact, fact: GroupFact, units: dict[str, Unit]) -> list[dict[str, Any]]:
    if (before.units, before.areas) == (fact.units, fact.areas):
        return []
    rows = list(Cover.objects.filter(group=group).order_by("pk").select_related("unit"))
    now = Covered(
        tuple((row.unit_id, str(row.unit)) for row in rows if row.unit_id),
        tuple(row.area_code for row in rows if row.area_code),
    )
    will = Covered(tuple((units[name].pk, name) for name in fact.units), fact.areas)
    set_covers(group, will)
    return [cover_change(now, will)]


def _posts(
    agency: Unit, over: frozenset[PostFact], new: frozenset[PostFact], units: dict[str, Unit],
    groups: dict[str, Group], people: dict[str, Person], today: date, start: date,
) -> None:  # fmt: skip
    if over:
        rows = Post.objects.filter(on_day(today), person__agency=agency, group__isnull=False)
        for row in rows.select_related("person", "unit", "group"):
            name = "" if row.unit_id == agency.pk else row.unit.name
            if row.group and (row.person.staff_no, name, row.role, row.group.name) in over:
                finish(row, today)
    if new:
        Post.make_many(
            [
                Post(person=people[no], unit=units[unit], role=role, group=groups[group], starts_on=start)
                for no, unit, role, group in sorted(new)
            ]
        )
    for no, unit, role, _ in sorted(new):
        if role == Role.LEADER:
            units[unit].change(leader=people[no])


def _rhythms(agency: Unit, now: Groups, wanted: Groups) -> None:
    if now.rhythms == wanted.rhythms:
        return
    rows = list(Rhythm.objects.filter(unit=agency).order_by("order", "pk"))
    for order, fact in enumerate(wanted.rhythms, start=1):
        fields = {
            "level": fact.level, "body": fact.body, "meeting": fact.meeting, "cadence": fact.cadence,
            "task": fact.task, "record": fact.record, "order": order,
        }  # fmt: skip
        if rows:
            rows.pop(0).change(**fields)
        else:
            Rhythm.make(unit=agency, **fields)
    for row in rows:
        row.remove()


def _close(group: Group, today: date) -> None:
    """Everything of the group ends today; what was planned for later is not to be."""
    Adjustment.remove_many(list(Adjustment.objects.filter(group=group, effective_on__gt=today)))
    for row in Duty.objects.filter(alive(today), group=group):
        finish(row, today)
    for post in Post.objects.filter(alive(today), group=group):
        finish(post, today)
    if group.starts_on >= today:
        for cover in Cover.objects.filter(group=group):
            cover.remove()
    finish(group, today)


@action("org.give_duty", "增加组内职务", (EDIT, "unit"))
def give_duty(group: Group, *, by: Any, person: Person, duty: str, task: str = "") -> Duty:
    """PERSON serves in GROUP from today on, with the posts that the duty brings."""
    today = clock.today()
    if person.left_on:
        raise Refused(f"“{person.name}”已离开本机关，不能担任组内职务。")
    if group.ends_on and group.ends_on < today:
        raise Refused(f"“{group.name}”已经撤销，不能再加人。")
    if Duty.objects.filter(alive(today), group=group, person=person, duty=duty).exists():
        raise Refused(f"“{person.name}”已经是“{group.name}”的{duty}。")
    order = Duty.objects.filter(group=group).count() + 1
    made = Duty.make(group=group, person=person, duty=duty, task=task, order=order, starts_on=today)
    settle_posts(group, {person.pk}, today)
    return made


@action("org.end_duty", "结束组内职务", (EDIT, "group.unit"))
def end_duty(duty: Duty, *, by: Any) -> Group:
    """The duty ends today, with the posts that no other duty of the person in the group brings."""
    today = clock.today()
    group, person = duty.group, duty.person
    if duty.ends_on and duty.ends_on < today:
        raise Refused(f"“{person.name}”的{duty.duty}已于 {duty.ends_on} 结束，不用再办。")
    finish(duty, today)
    settle_posts(group, {person.pk}, today)
    return group


@action("org.end_group", "撤销工作组", (EDIT, "unit"))
def end_group(group: Group, *, by: Any) -> Unit:
    """The group ends today, with its duties and posts."""
    agency, today = group.unit, clock.today()
    if group.ends_on and group.ends_on < today:
        raise Refused(f"“{group.name}”已于 {group.ends_on} 撤销，不用再办。")
    _close(group, today)
    return agency
