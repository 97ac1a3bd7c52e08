"""接任: one thing that a person holds passes to somebody else; the pages of moving and leaving choose who."""

from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused

from ..action import action
from ..models import Contact, Deputy, Duty, Person, Post, Unit
from ..permits import Permit, Role
from ..queries.roster import alive
from .absences import check_stand_in
from .groups import end_duty, give_duty
from .people import end_post, give_post
from .terms import finish
from .units import set_leader

EDIT = Permit.ORG_EDIT


def _check(taker: Person, giver: Person) -> None:
    if taker.pk == giver.pk:
        raise Refused(f"“{giver.name}”不能移交给本人，请选别的同事。")
    if taker.agency_id != giver.agency_id:
        raise Refused(f"“{taker.name}”不是“{giver.agency}”的人，不能接手。")
    if taker.left_on:
        raise Refused(f"“{taker.name}”已于 {taker.left_on} 离开，不能接手，请选别的同事。")


@action("org.take_post", "接任职责", (EDIT, "person.agency"))
def take_post(post: Post, *, by: Any, taker: Person) -> Post:
    """TAKER holds the post from today on, its former holder no more. The leader in charge follows."""
    _check(taker, post.person)
    unit, role, today = post.unit, Role(post.role), clock.today()
    if role == Role.LEADER and unit.leader_id == post.person_id:
        set_leader(unit, taker)
    there = Post.objects.filter(alive(today), person=taker, unit=unit, role=role, group__isnull=True)
    made = there.first() or give_post(taker, by=by, unit=unit, role=role)
    if Post.objects.filter(alive(today), pk=post.pk).exists():
        end_post(post, by=by)
    return made


@action("org.take_unit", "接任分管领导", (EDIT, "agency"))
def take_unit(unit: Unit, *, by: Any, taker: Person) -> Unit:
    """TAKER is the unit's leader in charge from today on, by its record and by a post."""
    if unit.leader is not None:
        _check(taker, unit.leader)
    set_leader(unit, taker)
    return unit


@action("org.take_duty", "接任组内职务", (EDIT, "group.unit"))
def take_duty(duty: Duty, *, by: Any, taker: Person) -> Duty:
    """TAKER serves in the group instead, with the same duty and task."""
    _check(taker, duty.person)
    there = Duty.objects.filter(alive(clock.today()), group=duty.group, person=taker, duty=duty.duty).first()
    made: Duty = there or give_duty(duty.group, by=by, person=taker, duty=duty.duty, task=duty.task)
    end_duty(duty, by=by)
    return made


@action("org.take_stand_in", "接任代理人", (EDIT, "person.agency"))
def take_stand_in(deputy: Deputy, *, by: Any, taker: Person) -> Person:
    """TAKER stands in for the person instead. Nobody stands in for themselves, nor twice for one."""
    person = deputy.person
    _check(taker, deputy.stand_in)
    twice = Deputy.objects.filter(person=person, stand_in=taker).exclude(pk=deputy.pk).exists()
    check_stand_in(person, taker, by, new=not twice)
    if twice:
        deputy.remove()
    else:
        deputy.change(stand_in=taker)
    return person


@action("org.take_contact", "接任联系点", (EDIT, "agency"))
def take_contact(contact: Contact, *, by: Any, taker: Person) -> Contact:
    """TAKER looks after the contact point from today on; the visits paid before stay with who paid them."""
    _check(taker, contact.leader)
    today = clock.today()
    if contact.starts_on >= today:
        return contact.change(leader=taker)
    made = Contact.make(
        agency=contact.agency, leader=taker, kind=contact.kind, unit=contact.unit, place=contact.place, task=contact.task,
        visits_wanted=contact.visits_wanted, starts_on=today, ends_on=contact.ends_on,
    )  # fmt: skip
    finish(contact, today)
    return made
