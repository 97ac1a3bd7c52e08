"""People: add, change, move, leave; posts given and ended by hand."""

from datetime import date
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused

from ..action import action
from ..models import Deputy, Membership, Person, Post, Unit
from ..models.units import UnitKind
from ..permits import KEEPERS, Permit, Role
from ..queries.posts import may
from ..queries.roster import alive
from ..rules.facts import SECRETARY
from ..rules.words import name_key
from .absences import check_stand_in, oneself
from .roster import let_go
from .terms import finish, home_again

EDIT = Permit.ORG_EDIT


@action("org.add_person", "增加人员", (EDIT, ""))
def add_person(
    agency: Unit, *, by: Any, staff_no: str, name: str, department: Unit, branch: Unit | None = None,
    branch_duty: str = "", stand_in: Person | None = None, **fields: Any,
) -> Person:  # fmt: skip
    """Somebody new, with the posts that everybody has: sees the agency, fills in for the department."""
    _free_number(agency, staff_no)
    order = Person.objects.filter(agency=agency).count() + 1
    person = Person.make(
        agency=agency, staff_no=staff_no, name=name, name_key=name_key(name), order=order, **fields
    )  # fmt: skip
    today = clock.today()
    Post.make(person=person, unit=agency, role=Role.MEMBER, starts_on=today)
    _settle(person, department, branch, branch_duty, today)
    _stand_in(person, stand_in, by)
    return person


@action("org.change_person", "修改人员", (EDIT, "agency"))
def change_person(
    person: Person, *, by: Any, department: Unit | None = None, branch: Unit | None = None,
    branch_duty: str = "", stand_in: Person | None = None, **fields: Any,
) -> Person:  # fmt: skip
    """Change what is kept of a person; another department or branch moves the posts that go with it."""
    if "staff_no" in fields and fields["staff_no"] != person.staff_no:
        _free_number(person.agency, fields["staff_no"])
    if "name" in fields:
        fields["name_key"] = name_key(fields["name"])
    if fields.get("supervisor") and fields["supervisor"].pk == person.pk:
        raise Refused("分管领导不能是本人。")
    person.change(**fields)
    _settle(person, department, branch, branch_duty, clock.today())
    _stand_in(person, stand_in, by)
    return person


def _free_number(agency: Unit, staff_no: str) -> None:
    there = Person.objects.filter(agency=agency, staff_no=staff_no).first()
    if there:
        gone = "（已离开）" if there.left_on else ""
        raise Refused(f"工号 {staff_no} 已经是“{there.name}”{gone}的，一个工号只能有一人。")


def _settle(person: Person, department: Unit | None, branch: Unit | None, duty: str, today: date) -> None:
    """Memberships as given, and the FILLER and HEAD posts that follow from them."""
    for unit in (department, branch):
        if unit and unit.agency_id != person.agency_id:
            raise Refused(f"“{unit.name}”不是本机关的单位。")
    rows = Membership.objects.filter(alive(today), person=person).select_related("unit")
    for row in rows:
        target = department if row.main else branch
        same = target is not None and row.unit_id == target.pk
        if same and (row.main or row.duty == duty):
            continue
        finish(row, today)
        for post in Post.objects.filter(
            alive(today), person=person, unit=row.unit, group__isnull=True,
            role__in=[Role.FILLER, Role.LIAISON] if row.main and same else [Role.FILLER, Role.LIAISON, Role.HEAD],
        ):  # fmt: skip
            finish(post, today)
    there = set(Membership.objects.filter(alive(today), person=person).values_list("unit_id", "main"))
    if department and (department.pk, True) not in there:
        Membership.make(person=person, unit=department, main=True, starts_on=today)
        if department.kind != UnitKind.LEADERS:
            _post(person, department, Role.FILLER, today)
        home_again(person.agency, today)
    if branch and (branch.pk, False) not in there:
        Membership.make(person=person, unit=branch, duty=duty, starts_on=today)
        if duty:
            _post(person, branch, Role.HEAD if duty == SECRETARY else Role.FILLER, today)


def _post(person: Person, unit: Unit, role: Role, today: date) -> None:
    there = Post.objects.filter(alive(today), person=person, unit=unit, role=role, group__isnull=True)
    if not there.exists():
        Post.make(person=person, unit=unit, role=role, starts_on=today)


def _stand_in(person: Person, stand_in: Person | None, by: Any) -> None:
    """The B of the AB角; further stand-ins, set on their own page, stay in their order."""
    rows = list(Deputy.objects.filter(person=person).order_by("rank"))
    first = rows[0] if rows and rows[0].rank == 1 else None
    if (first.stand_in_id if first else None) != (stand_in.pk if stand_in else None):
        oneself(person, by, EDIT, person.agency)
    if stand_in is None:
        if first:
            first.remove()
        return
    check_stand_in(person, stand_in, by, new=all(row.stand_in_id != stand_in.pk for row in rows))
    if first:
        first.change(stand_in=stand_in)
    else:
        Deputy.make(person=person, stand_in=stand_in)
    Deputy.remove_many([row for row in rows if row.rank > 1 and row.stand_in_id == stand_in.pk])


@action("org.leave", "办理离开", (EDIT, "agency"))
def leave(person: Person, *, by: Any) -> Person:
    """The person leaves today: memberships, posts, duties end, the account closes."""
    if person.left_on:
        raise Refused(f"“{person.name}”已于 {person.left_on} 离开。")
    if person.user_id and person.user_id == by.pk:
        raise Refused("不能给自己办理离开，请由别的同事办理。")
    let_go(person, clock.today())
    return person


@action("org.give_post", "授予职责", (EDIT, "agency"), (Permit.ACCOUNT_MANAGE, "agency"))
def give_post(
    person: Person, *, by: Any, unit: Unit, role: Role, starts_on: date | None = None, ends_on: date | None = None
) -> Post:  # fmt: skip
    """PERSON answers for UNIT as ROLE, from STARTS_ON (today) to ENDS_ON (until further notice)."""
    today = clock.today()
    start = starts_on or today
    _may_give(by, person, role)
    if person.left_on:
        raise Refused(f"“{person.name}”已离开本机关，不能授予职责。")
    if unit.agency_id != person.agency_id:
        raise Refused(f"“{unit.name}”不是“{person.name}”所在机关的单位。")
    if role in (Role.OFFICE, Role.MEMBER, Role.SYSTEM_ADMIN, Role.AUDITOR) and unit.kind != UnitKind.AGENCY:
        raise Refused(f"“{role.label}”是对全机关的职责，请选机关本身。")
    if role == Role.GROUP_LEADER:
        raise Refused("活动组组长由工作组的“组长”职务带来，请到工作组里增加。")
    if role == Role.OVERSEER:
        raise Refused("上级创建办的职责设在地区上，请用命令行办理。")
    if ends_on and ends_on < start:
        raise Refused(f"结束日期 {ends_on} 早于开始日期 {start}。")
    if Post.objects.filter(alive(today), person=person, unit=unit, role=role, group__isnull=True).exists():
        raise Refused(f"“{person.name}”已经是“{unit}”的{role.label}。")
    return Post.make(person=person, unit=unit, role=role, starts_on=start, ends_on=ends_on)


@action("org.end_post", "收回职责", (EDIT, "person.agency"), (Permit.ACCOUNT_MANAGE, "person.agency"))
def end_post(post: Post, *, by: Any) -> Person:
    """The post no longer holds from now on."""
    person = post.person
    _may_give(by, person, Role(post.role))
    if post.group_id:
        raise Refused(f"这一职责随“{post.group}”的组内职务而来，请到该组里结束职务。")
    if post.role == Role.LEADER and post.unit.leader_id == post.person_id:
        post.unit.change(leader=None)
    finish(post, clock.today())
    return person


def _may_give(by: Any, person: Person, role: Role) -> None:
    """Mutual restraint (三员分立): who keeps accounts gives no business role, the office gives no keeper's role."""
    permit = Permit.ACCOUNT_MANAGE if role in KEEPERS else Permit.ORG_EDIT
    if not may(by, permit, person.agency):
        who = "系统管理员" if role in KEEPERS else "创建办"
        raise Refused(f"“{role.label}”只能由{who}授予和收回。")
    if person.user_id and person.user_id == by.pk:
        raise Refused("不能给自己授予或收回职责，请由别的同事办理。")
