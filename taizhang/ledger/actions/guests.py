"""Departments of other agencies (参加单位) in a ledger: whom an item may go to, and until when they hand in."""

from taizhang.campaigns.queries import takes_part
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.models import Membership, Person, Post, Unit
from taizhang.org.queries import alive
from taizhang.org.rules.holders import Holders

from ..models import Item
from .common import year_of


def foreign(item: Item, unit: Unit) -> bool:
    """Whether UNIT is of another agency than the one whose ledger it is."""
    return unit.agency_id != item.unit_id


def check_unit(item: Item, unit: Unit, what: str = "牵头处室") -> None:
    """Refuse a unit of another agency that does not take part today. WHAT it was to be: 牵头处室, 配合处室."""
    if foreign(item, unit) and not takes_part(year_of(item).campaign_id, unit, clock.today()):
        raise Refused(
            f"{what}必须是本机关的处室或机构，或参加期内的参加单位。“{unit}”两者都不是；"
            "要请它参加，请先在创建设置里把它设为参加单位。"
        )


def check_person(item: Item, unit: Unit | None, person: Person) -> None:
    """Refuse somebody who does not belong to who leads the item (UNIT)."""
    if unit is None or not foreign(item, unit):
        if person.agency_id != item.unit_id:
            raise Refused("责任人必须是本机关的人员。")
    elif not works_in(person, unit):
        raise Refused(f"“{unit}”是参加单位，责任人由系统取它自己的联络员或负责人。请把责任人留空。")


def works_in(person: Person, unit: Unit) -> bool:
    """Whether PERSON belongs to UNIT or holds a post there."""
    today = clock.today()
    return any(
        rows.filter(alive(today), person=person, unit=unit).exists()
        for rows in (Membership.objects, Post.objects)
    )


def check_term(item: Item, unit: Unit | None) -> None:
    """Refuse what a department of another agency hands in before its term or after it."""
    if unit is None or not foreign(item, unit):
        return
    if not takes_part(year_of(item).campaign_id, unit, clock.today()):
        raise Refused(
            f"“{unit}”现在不在参加“{year_of(item).campaign}”的期限内，不能再办理，以前办的仍可查看。"
            f"如需继续，请联系{item.unit}的创建办。"
        )


def desk_of(item: Item, lead: Unit) -> Unit:
    """Whose leader in charge signs what LEAD leads: a department of another agency has none here, the office has."""
    return item.owner if foreign(item, lead) else lead


def check_leader(item: Item, lead: Unit, leader: Person, people: Holders) -> None:
    """Refuse a leader who could not sign: none of the host's posts reaches a department of another agency."""
    desk = item.owner
    able = people.leaders(desk.pk)
    if foreign(item, lead) and leader.pk not in able:
        names = "、".join(people.name(one) for one in able)
        raise Refused(
            f"“{lead}”是参加单位，它的事项由{desk}的分管领导审批{f'（{names}）' if names else ''}。请选这位领导或留空。"
        )
