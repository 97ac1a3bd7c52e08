"""联系点和包联: which leader looks after what, and the visits paid there."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused

from ..action import action
from ..models import Contact, Person, Unit, Visit
from ..models.contacts import ContactKind
from ..models.units import UnitKind
from ..permits import Permit
from ..queries.roster import alive
from ..rules.contacts import MOST, ContactFact, check_visit
from .terms import finish

EDIT = Permit.ORG_EDIT


def _fits(
    agency: Unit, leader: Person, kind: str, unit: Unit | None, place: str, wanted: int, but: int = 0
) -> None:
    today = clock.today()
    if (unit is None) == (not place):
        raise Refused("联系点请选本机关的一个单位，或者写一个外面的地方，两样只填一样。")
    if leader.agency_id != agency.pk:
        raise Refused(f"“{leader}”不是本机关的人。")
    if leader.left_on:
        raise Refused(f"“{leader}”已于 {leader.left_on} 离开，不能再联系别的单位。")
    if unit and unit.agency_id != agency.pk:
        raise Refused(f"“{unit}”不是本机关的单位。外单位请写在“外面的地方”里。")
    if unit and unit.ends_on and unit.ends_on < today:
        raise Refused(f"“{unit}”已经撤销，不能再作联系点。")
    branch = unit is not None and unit.kind == UnitKind.BRANCH
    if (
        unit
        and (kind == ContactKind.BRANCH) != branch
        and kind in (ContactKind.BRANCH, ContactKind.DEPARTMENT)
    ):
        raise Refused(
            f"“{unit}”{'是' if branch else '不是'}党支部，类别请改选{'党支部联系点' if branch else '别的一类'}。"
        )
    if not 0 <= wanted <= MOST:
        raise Refused(f"每年走访次数写 0 到 {MOST} 之间的整数。")
    there = Contact.objects.filter(alive(today), agency=agency, leader=leader, unit=unit, place=place)
    if there.exclude(pk=but).exists():
        raise Refused(f"“{leader}”已经联系“{unit or place}”，不用再增加。")


@action("org.add_contact", "增加联系点", (EDIT, ""))
def add_contact(
    agency: Unit, *, by: Any, leader: Person, kind: str, unit: Unit | None = None, place: str = "", task: str = "",
    visits_wanted: int = 0, starts_on: date | None = None,
) -> Contact:  # fmt: skip
    """LEADER looks after a UNIT of the agency, or a PLACE outside it, from STARTS_ON (today)."""
    _fits(agency, leader, kind, unit, place.strip(), visits_wanted)
    return Contact.make(
        agency=agency, leader=leader, kind=kind, unit=unit, place=place.strip(), task=task.strip(),
        visits_wanted=visits_wanted, starts_on=starts_on or clock.today(),
    )  # fmt: skip


@action("org.change_contact", "修改联系点", (EDIT, "agency"))
def change_contact(
    contact: Contact, *, by: Any, leader: Person, kind: str, unit: Unit | None = None, place: str = "", task: str = "",
    visits_wanted: int = 0, starts_on: date | None = None,
) -> Contact:  # fmt: skip
    """Put right what was written; visits that were noted must stay within the term."""
    if contact.ends_on and contact.ends_on < clock.today():
        raise Refused(f"这个联系点已于 {contact.ends_on} 结束，不能再改。")
    _fits(contact.agency, leader, kind, unit, place.strip(), visits_wanted, but=contact.pk)
    start = starts_on or contact.starts_on
    # the place of a contact point outside may have been misspelt; another leader or unit is another contact point
    other = leader.pk != contact.leader_id or (unit and contact.unit_id and unit.pk != contact.unit_id)
    if other and contact.visits.exists():
        raise Refused(
            "这个联系点已经登记过走访，不能改成别的领导或别的单位，否则走访就记到了别人名下。请先“结束联系”，再增加新的联系点。"
        )
    first = contact.visits.order_by("on").first()
    if first and first.on < start:
        raise Refused(f"{first.on} 已经登记过走访，开始日期不能晚于这一天。")
    if contact.ends_on and start > contact.ends_on:
        raise Refused(f"开始日期 {start} 晚于结束日期 {contact.ends_on}。")
    return contact.change(
        leader=leader, kind=kind, unit=unit, place=place.strip(), task=task.strip(), visits_wanted=visits_wanted,
        starts_on=start,
    )  # fmt: skip


@action("org.end_contact", "结束联系", (EDIT, "agency"))
def end_contact(contact: Contact, *, by: Any) -> Unit:
    """Over from today on; visits stay. One that began today and was never visited never was."""
    today = clock.today()
    agency = contact.agency
    if contact.ends_on and contact.ends_on < today:
        raise Refused(f"这个联系点已于 {contact.ends_on} 结束。")
    if contact.visits.filter(on__gte=today).exists() or (
        contact.starts_on >= today and contact.visits.exists()
    ):
        contact.change(ends_on=max(today, contact.starts_on))
    else:
        finish(contact, today)
    return agency


def _told(contact: Contact, on: date, who: str, found: str) -> None:
    check_visit(on, contact.starts_on, contact.ends_on, clock.today())
    if not who.strip():
        raise Refused("请写走访人。")
    if not found.strip():
        raise Refused("请写了解的情况。")


@action("org.note_visit", "登记走访", (EDIT, "agency"), (None, "leader.user"))
def note_visit(contact: Contact, *, by: Any, on: date, who: str, found: str, done: str = "") -> Contact:
    """Somebody went there: by the office, or by the leader."""
    _told(contact, on, who, found)
    Visit.make(contact=contact, on=on, who=who.strip(), found=found.strip(), done=done.strip())
    return contact


@action("org.change_visit", "修改走访", (EDIT, "contact.agency"), (None, "contact.leader.user"))
def change_visit(visit: Visit, *, by: Any, on: date, who: str, found: str, done: str = "") -> Visit:
    """Put right what was written of a visit."""
    _told(visit.contact, on, who, found)
    return visit.change(on=on, who=who.strip(), found=found.strip(), done=done.strip())


@action("org.import_contacts", "导入联系点", (EDIT, ""))
def import_contacts(agency: Unit, *, by: Any, facts: Sequence[ContactFact]) -> Unit:
    """Many at once, compared once more with what is there: what is the same stays, what differs is changed."""
    today = clock.today()
    now = {
        (row.leader_id, row.unit_id, row.place): row
        for row in Contact.objects.filter(alive(today), agency=agency)
    }
    people = {row.pk: row for row in Person.objects.filter(agency=agency, left_on=None)}
    units = {row.pk: row for row in Unit.objects.filter(alive(today), agency=agency)}
    made: list[Contact] = []
    for fact in facts:
        leader, unit = people.get(fact.leader), units.get(fact.unit) if fact.unit else None
        if leader is None or (fact.unit and unit is None):
            raise Refused("核对之后人员或单位又有变动，没有导入。请把表再上传一次。")
        if row := now.get(fact.key):
            row.change(kind=fact.kind, task=fact.task, visits_wanted=fact.wanted)
        else:
            made.append(
                Contact(
                    agency=agency, leader=leader, kind=fact.kind, unit=unit, place=fact.place, task=fact.task,
                    visits_wanted=fact.wanted, starts_on=today,
                )
            )  # fmt: skip
            now[fact.key] = made[-1]
    if made:
        Contact.make_many(made)
    return agency
