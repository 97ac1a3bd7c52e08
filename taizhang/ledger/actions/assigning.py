"""Who does it and by when: 交办, 签收, dates; and what is raised by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Min

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import holders, takes_part
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action, next_number
from taizhang.org.models import Person, Unit
from taizhang.org.permits import Permit
from taizhang.org.rules.holders import Holders

from ..models import Item, ItemUnit, Need, Remark, Slot
from ..queries.adopted import ended_by_edition
from ..rules.asks import Kind
from ..rules.signing import proposed_leader, proposed_person
from ..rules.states import FLOW, TO_HAND_IN, SlotStatus, Source, Status
from .common import WORKING, end_asks, person_of, year_of
from .guests import check_leader, check_person, check_term, check_unit, desk_of

MANAGE = (Permit.LEDGER_MANAGE, "unit")
#: the letters of numbers given to what is raised by hand: 批2020-003
LETTERS = {Source.INSTRUCTION: "批", Source.DECISION: "议", Source.HIGHER: "交"}


def _person(pk: int | None) -> Person | None:
    return Person.objects.filter(pk=pk).first() if pk else None


def _of(unit: Unit, person: Person | None) -> Person | None:
    """PERSON if of the same agency as UNIT: nobody of the host answers for what another agency's department does."""
    return person if person is not None and person.agency_id == unit.agency_id else None


def _proposed(item: Item, lead: Unit, people: Holders) -> Person | None:
    return _of(lead, _person(proposed_person(lead.pk, people)))


def take_lead(item: Item, lead: Unit | None, person: Person | None, leader: Person | None) -> Item:
    """Set who answers for ITEM; its open slots follow a lead that moved. A part of other verbs."""
    if lead is not None and lead.pk != item.lead_id:
        check_unit(item, lead)
    moved = lead is not None and lead.pk != item.lead_id
    crosses = moved and lead is not None and lead.agency_id != (item.lead or item.unit).agency_id
    if crosses and person is not None and person.pk == item.person_id:
        person = None  # only shown in the form, as who it was under the former lead
    if crosses and leader is not None and leader.pk == item.leader_id:
        leader = None
    if person is not None and person.pk != item.person_id:
        check_person(item, lead or item.lead, person)
    old = item.lead_id
    if lead is not None:
        people = holders(item.unit, clock.today())
        if moved and leader is None:
            leader = _person(proposed_leader(desk_of(item, lead).pk, people))
        elif leader is not None and leader.pk != item.leader_id:
            check_leader(item, lead, leader, people)
        if moved and person is None:
            person = _proposed(item, lead, people)
        # the leader follows a lead that moved, even to nobody: the former one does not answer for it
        item.change(lead=lead, leader=leader if moved or leader else item.leader)
    if person is not None or moved:
        item.change(person=person)
    if moved and item.per == "unit":
        for slot in item.slots.filter(status__in=TO_HAND_IN).filter(performer_id=old or item.unit_id):
            slot.change(performer=lead)
    if moved:
        end_asks(item, f"创建办已改由{lead}牵头，不用再批", (Kind.DISPUTE,))
        for helper in item.helpers.filter(unit=lead):
            helper.remove()
    return item


@action("ledger.set_lead", "定牵头和责任人", MANAGE)
def set_lead(
    item: Item, *, by: Any, lead: Unit | None, person: Person | None = None, leader: Person | None = None
) -> Item:
    """Accept or change who leads, before it is handed out or after; the item's state stays."""
    if item.status in (Status.CLOSED, Status.WAIVED):
        raise Refused(f"{item}{Status(item.status).label}，不能再改牵头。")
    return take_lead(item, lead, person, leader)


@action("ledger.assign", "交办", MANAGE)
def assign(
    item: Item, *, by: Any, lead: Unit | None = None, person: Person | None = None, co: Sequence[Unit] | None = None,
    leader: Person | None = None, due_on: date | None = None,
) -> Item:  # fmt: skip
    """Hand the item out to its lead. Handed out again, work that has begun goes on under the new lead."""
    begun = item.status in (Status.DOING, Status.RETURNED, Status.REVIEW) and item.step_id is None
    status = item.status if begun else FLOW.take("assign", item.status)
    take_lead(item, lead, person, leader)
    if item.lead_id is None:
        raise Refused(f"{item}还没有牵头处室，不能交办。请先选牵头处室。")
    if co is not None:
        _set_co(item, co)
    if due_on is not None:
        _move_due(item, due_on)
    return item.change(status=status, assigned_at=item.assigned_at or clock.now())


def _set_co(item: Item, units: Sequence[Unit]) -> None:
    wanted = [unit for unit in dict.fromkeys(units) if unit.pk != item.lead_id]
    here = set(item.helpers.values_list("unit", flat=True))
    for unit in wanted:
        if unit.pk not in here:  # one whose term is over may stay as what it was
            check_unit(item, unit, "配合处室")
    for helper in item.helpers.exclude(unit__in=wanted):
        helper.remove()
    have = {helper.unit_id: helper for helper in item.helpers.all()}
    for order, unit in enumerate(wanted):
        if unit.pk in have:
            have[unit.pk].change(order=order)
        else:
            ItemUnit.make(item=item, unit=unit, order=order)


@action("ledger.set_co", "定配合处室", MANAGE)
def set_co(item: Item, *, by: Any, co: Sequence[Unit]) -> Item:
    """Which units help."""
    _set_co(item, co)
    return item.change()


@action("ledger.set_priority", "设为重点", MANAGE)
def set_priority(item: Item, *, by: Any, priority: bool) -> Item:
    """Mark as a matter of weight, or take the mark away."""
    return item.change(priority=priority)


@action("ledger.receive", "签收", (Permit.LEDGER_SUBMIT, "lead"), (Permit.LEDGER_BEHALF, "unit"))
def receive(item: Item, *, by: Any) -> Item:
    """The lead department takes note that the item is its own."""
    check_term(item, item.lead)
    return item.change(status=FLOW.take("receive", item.status), received_at=clock.now())


def _move_due(item: Item, due_on: date) -> None:
    year = year_of(item)
    if not year.starts_on <= due_on <= date(year.year + 1, 12, 31):
        raise Refused(f"期限 {due_on} 不在{year}之内，请重新填写。")
    slots = list(item.slots.filter(status__in=TO_HAND_IN).order_by("due_on"))
    if len({(slot.starts_on, slot.nth) for slot in slots}) > 1:
        raise Refused(f"{item}有多期，每期按自己的周期定期限。请在事项页上改某一期的期限。")
    for slot in slots:
        slot.change(due_on=due_on, due_fixed=True)
    item.change(due_on=due_on, due_fixed=True)
    end_asks(item, f"创建办已把期限改为 {due_on}，不用再批", (Kind.EXTENSION,))


@action("ledger.set_due", "改期限", MANAGE)
def set_due(item: Item, *, by: Any, due_on: date) -> Item:
    """Move the date of what happens once; what recurs is moved slot by slot."""
    if item.status in (Status.CLOSED, Status.WAIVED):
        raise Refused(f"{item}{Status(item.status).label}，不能再改期限。")
    _move_due(item, due_on)
    return item


@action("ledger.set_slot_due", "改某期期限", (Permit.LEDGER_MANAGE, "item.unit"))
def set_slot_due(slot: Slot, *, by: Any, due_on: date) -> Slot:
    """Move the date of one slot by hand."""
    if slot.status not in (*TO_HAND_IN, SlotStatus.SUBMITTED):
        raise Refused(f"{slot}{SlotStatus(slot.status).label}，不能再改期限。")
    if due_on < slot.opens_on:
        raise Refused(f"期限不能早于本期开始的 {slot.opens_on}。")
    slot.change(due_on=due_on, due_fixed=True)
    least = slot.item.slots.filter(status__in=TO_HAND_IN).aggregate(due=Min("due_on"))["due"]
    slot.item.change(due_on=least or due_on)
    end_asks(slot.item, f"创建办已把期限改为 {due_on}，不用再批", (Kind.EXTENSION,), slot)
    return slot


@action("ledger.raise_item", "立项", (Permit.LEDGER_MANAGE, "campaign.unit"))
def raise_item(
    year: Year, *, by: Any, title: str, requirement: str = "", source_kind: str, source_text: str = "",
    source_url: str = "", lead: Unit, person: Person | None = None, due_on: date,
    needs: Sequence[dict[str, Any]] = (), priority: bool = False,
) -> Item:  # fmt: skip
    """Raise an item that no standard asks for: a leader's instruction, a decision, a task from above.

    NEEDS: {"name", "kind", "least"} each. It has one slot, and passes the chain of the campaign's first track.
    """
    if source_kind not in LETTERS:
        raise Refused("请选来源：领导批示、会议决定或上级交办。")
    if not title.strip():
        raise Refused("请写事项名称。")
    if due_on < clock.today():
        raise Refused(f"期限 {due_on} 已经过去，请重新填写。")
    agency = year.campaign.unit
    if lead.agency_id != agency.pk and not takes_part(year.campaign_id, lead, clock.today()):
        raise Refused("牵头处室必须是本机关的处室或机构，或参加期内的参加单位。")
    people = holders(agency, clock.today())
    letter = LETTERS[Source(source_kind)]
    number = f"{letter}{year.year}-{next_number(agency, f'raise-{letter}', year.year):03}"
    item = Item.make(
        unit=agency, year=year, no=number, title=title.strip(), requirement=requirement, cadence="year",
        source_kind=source_kind, source_text=source_text, source_url=source_url, lead=lead,
        person=person or _of(lead, _person(proposed_person(lead.pk, people))), leader_id=proposed_leader(lead.pk, people),
        due_on=due_on, due_fixed=True, priority=priority, order=100_000, area="专项事项", status=Status.PENDING,
    )  # fmt: skip
    for order, need in enumerate(needs):
        Need.make(
            item=item,
            order=order,
            name=need["name"],
            kind=need.get("kind", "other"),
            least=need.get("least", 1),
        )
    today = clock.today()
    Slot.make(
        item=item, performer=lead, label="一次", starts_on=today, ends_on=max(today, due_on), opens_on=today, due_on=due_on,
        due_fixed=True,
    )  # fmt: skip
    return item


@action("ledger.add_slot", "加一期", MANAGE, (Permit.LEDGER_SUBMIT, "lead"))
def add_slot(
    item: Item, *, by: Any, label: str, starts_on: date, due_on: date, performer: Unit | None = None
) -> Slot:
    """Something happened that the item asks for: a slot of its own."""
    if item.cadence != "event":
        raise Refused("只有“事项触发”的事项可以加期。")
    if item.status not in WORKING and item.status != Status.PENDING:
        raise Refused(f"{item}{Status(item.status).label}，不能加期。")
    if due_on < starts_on:
        raise Refused("期限不能早于发生的日期。")
    unit = performer or item.lead
    if unit is None:
        raise Refused("还没有牵头处室，不能加期。")
    check_unit(item, unit, "报送的单位")
    nth = item.slots.filter(performer=unit, starts_on=starts_on).count() + 1
    return Slot.make(
        item=item, performer=unit, nth=nth, label=label.strip() or f"{starts_on:%m-%d}", starts_on=starts_on,
        ends_on=max(starts_on, due_on), opens_on=starts_on, due_on=due_on, due_fixed=True,
    )  # fmt: skip


@action("ledger.nothing_happened", "本年未发生", MANAGE, (Permit.LEDGER_SUBMIT, "lead"))
def nothing_happened(item: Item, *, by: Any, note: str) -> Slot:
    """The statement that nothing happened in the year, as a slot that is judged like any other."""
    if item.cadence != "event" or item.slots.exists():
        raise Refused("只有还没有期次的“事项触发”事项可以报“本年未发生”。")
    if not note.strip():
        raise Refused("请写明本年未发生的情况说明。")
    year = year_of(item)
    check_term(item, item.lead)
    return Slot.make(
        item=item, performer=item.lead or item.unit, label="本年未发生", starts_on=year.starts_on, ends_on=year.ends_on,
        opens_on=year.starts_on, due_on=year.assessed_on, reason=note.strip(),
    )  # fmt: skip


@action("ledger.place", "安排年度", MANAGE)
def place(item: Item, *, by: Any) -> Item:
    """Bring what is due once in the cycle into this year."""
    if item.cadence != "cycle" or item.status != Status.WAIVED:
        raise Refused("只有安排在其他年度的届期事项可以移到本年。")
    if (ended := ended_by_edition(item)) is not None:
        raise Refused(f"{ended.adoption.edition}里已经没有这一项（{item.reason}），不能移到本年。")
    year = year_of(item)
    item.change(status=FLOW.take("restore", item.status), reason="", due_on=year.assessed_on)
    if not item.slots.exists():
        Slot.make(
            item=item, performer=item.lead or item.unit, label="届期", starts_on=year.starts_on, ends_on=year.ends_on,
            opens_on=year.starts_on, due_on=year.assessed_on,
        )  # fmt: skip
    return item


@action("ledger.remark", "留言", (Permit.LEDGER_VIEW, "unit"), (Permit.LEDGER_SUBMIT, "lead"))
def remark(item: Item, *, by: Any, text: str) -> Remark:
    """Leave a word at the item."""
    if not text.strip():
        raise Refused("请写留言内容。")
    person = person_of(by)
    if person is None:
        raise Refused("只有人员账号可以留言。")
    return Remark.make(item=item, by=person, text=text.strip()[:500], at=clock.now())
