"""合并: what a unit has goes to another, and the unit ends; what it had stays written down."""

from datetime import timedelta
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused

from ..action import action
from ..models import Contact, Cover, Group, Membership, Post, Secondment, Unit
from ..models.units import UnitKind
from ..permits import Permit
from ..queries.roster import alive
from .terms import finish, home_again
from .units import move


@action("org.merge", "并入", (Permit.ORG_EDIT, ""))
def merge(unit: Unit, *, by: Any, into: Unit) -> Unit:
    """From today on UNIT's people, posts, units, covers and contact points are INTO's; UNIT ended yesterday.

    The ledger has items that follow: there `ledger.merge_units` calls this, in one act with them.
    """
    today = clock.today()
    if unit.kind in (UnitKind.REGION, UnitKind.AGENCY):
        raise Refused("地区和机关不能在这里合并。")
    if unit.pk == into.pk:
        raise Refused(f"“{unit.name}”不能并入自己。")
    if unit.agency_id != into.agency_id or into.kind == UnitKind.AGENCY:
        raise Refused(f"“{into.name}”不是本机关的处室，不能并入。")
    if unit.kind != into.kind:
        raise Refused(
            f"“{unit.name}”是{UnitKind(unit.kind).label}，“{into.name}”是{UnitKind(into.kind).label}，不同类别的不能合并。"
        )
    for one in (unit, into):
        if one.ends_on and one.ends_on < today:
            raise Refused(f"“{one.name}”已于 {one.ends_on} 撤销，不能合并。")
    if into.path.startswith(unit.path):
        raise Refused(f"“{into.name}”在“{unit.name}”下面，不能把上级并入下级。")
    for below in Unit.objects.filter(parent=unit).exclude(pk=into.pk):
        if below.ends_on is None or below.ends_on >= today:
            move(below, into)
    _people(unit, into)
    _posts(unit, into)
    for cover in Cover.objects.filter(unit=unit):
        if Cover.objects.filter(group=cover.group_id, unit=into).exists():
            cover.remove()
        else:
            cover.change(unit=into)
    for contact in Contact.objects.filter(alive(today), unit=unit):
        if Contact.objects.filter(alive(today), unit=into, leader=contact.leader_id).exists():
            # the leader looks after both: one contact point goes on, the visits to the other stay with it
            contact.change(ends_on=max(contact.starts_on, today - timedelta(days=1)))
        else:
            contact.change(unit=into)
    for seconded in Secondment.objects.filter(alive(today), unit=unit):
        seconded.change(unit=into)
    home_again(into.agency or into, today)
    for group in Group.objects.filter(alive(today), office=unit):
        group.change(office=into)
    for served in Unit.objects.filter(alive(today), branch=unit):
        served.change(branch=into)
    if into.leader_id is None and unit.leader_id:
        into.change(leader=unit.leader)
    unit.change(merged_into=into, ends_on=today - timedelta(days=1))
    return into


def _people(unit: Unit, into: Unit) -> None:
    """Who belonged to UNIT belongs to INTO from today on, with the same duty."""
    today = clock.today()
    for row in Membership.objects.filter(alive(today), unit=unit):
        there = Membership.objects.filter(alive(today), person=row.person_id, unit=into).exists()
        duty, main, start, ends_on = row.duty, row.main, max(row.starts_on, today), row.ends_on
        finish(row, today)
        if not there:
            Membership.make(
                person_id=row.person_id, unit=into, duty=duty, main=main, starts_on=start, ends_on=ends_on
            )  # fmt: skip


def _posts(unit: Unit, into: Unit) -> None:
    today = clock.today()
    for row in Post.objects.filter(alive(today), unit=unit):
        there = Post.objects.filter(
            alive(today), person=row.person_id, unit=into, role=row.role, group=row.group_id
        )
        start, ends_on, has = max(row.starts_on, today), row.ends_on, there.exists()
        person, role, group = row.person_id, row.role, row.group_id
        finish(row, today)
        if not has:
            Post.make(
                person_id=person, unit=into, role=role, group_id=group, starts_on=start, ends_on=ends_on
            )
