"""Who stands where: what waits for a person, and which buttons a person gets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import holders
from taizhang.kit import clock
from taizhang.org.action import ACTIONS, permitted
from taizhang.org.models import Person
from taizhang.org.permits import Permit
from taizhang.org.queries import acting_as, may, people_of

from ..models import Item, Slot
from ..rules.signing import Matter, Stop, called, judges, names_at
from ..rules.states import FLOW, SLOT_FLOW, TO_HAND_IN, WORKING, SlotStatus, Status
from .adopted import ended_by_edition
from .facts import chains_of, matter_of, slot_submitters, submitters


@dataclass(frozen=True)
class Waiting:
    """What waits for one person: ids of slots and of items, the longest waiting first; and for whom they stand in."""

    slots: list[int]
    items: list[int]
    acting_slots: dict[int, str] = field(default_factory=dict)  # slot → the absent person
    acting_items: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Button:
    """One step on screen. Not enabled, it says why."""

    name: str  # of the action: ledger.submit
    label: str
    enabled: bool = True
    why: str = ""
    acting: str = ""  # the absent person for whom it is done

    @property
    def whose(self) -> str:
        """（代甲）: said on the button, before it is pressed."""
        return f"（代{self.acting}）" if self.acting else ""


@dataclass(frozen=True)
class Buttons:
    """The steps open to one person on an item and on each of its slots (by id)."""

    item: list[Button]
    slots: dict[int, list[Button]]

    def may_now(self, name: str) -> bool:
        return any(button.name == name and button.enabled for button in self.item)


@dataclass(frozen=True)
class At:
    """Where something waits: the step's label and the names of who stands there and may judge it."""

    step: Stop
    people: list[tuple[int, str]]
    acting: dict[int, str] = field(default_factory=dict)  # who stands in → for whom


def waiting_for(user: Any, year: Year) -> Waiting:
    """What USER may judge now in the ledger of YEAR; a fixed number of queries."""
    person = getattr(user, "person", None)
    return waiting_on(person.pk, year)[0] if person else Waiting([], [])


def waiting_on(person: int, year: Year) -> tuple[Waiting, Waiting]:
    """What PERSON may judge now in the ledger of YEAR; and what of it nobody else may."""
    chains = chains_of(year.campaign_id)
    people = holders(year.campaign.unit, clock.today())
    slots = [
        (pk, track, step, Matter(lead, area, leader, chains.owners.get(track)))
        for pk, track, step, lead, area, leader in Slot.objects.filter(
            item__year=year, item__status__in=WORKING, status=SlotStatus.SUBMITTED, step__isnull=False
        ).order_by("submitted_at").values_list("pk", "item__track", "step", "item__lead", "item__area_code", "item__leader")
    ]  # fmt: skip
    items = [
        (pk, track, step, Matter(lead, area, leader, chains.owners.get(track)))
        for pk, track, step, lead, area, leader in Item.objects.filter(
            year=year, status__in=[Status.REVIEW, Status.ACCEPTED], step__isnull=False
        ).order_by("changed_at").values_list("pk", "track", "step", "lead", "area_code", "leader")
    ]  # fmt: skip

    def mine(
        rows: Sequence[tuple[int, int | None, int | None, Matter]], barred: dict[int, frozenset[int]]
    ) -> tuple[list[int], list[int], dict[int, str]]:
        found, alone, acting = [], [], {}
        for pk, track, step, matter in rows:
            stop = chains.stop(track, step)
            able = judges(stop.who, matter, people, barred.get(pk, frozenset())) if stop else {}
            if person in able:
                found.append(pk)
                if (other := able[person]) is not None:
                    acting[pk] = people.name(other)
                if not {one for one, other in able.items() if one != person and other != person}:
                    alone.append(pk)
        return found, alone, acting

    of_slots = mine(slots, slot_submitters([row[0] for row in slots]))
    of_items = mine(items, submitters([row[0] for row in items]))
    return Waiting(of_slots[0], of_items[0], of_slots[2], of_items[2]), Waiting(of_slots[1], of_items[1])


def at_step(item: Item, slot: Slot | None = None) -> At | None:
    """Where ITEM (or its SLOT) waits today, and for whom."""
    step = slot.step_id if slot else item.step_id
    if item.year is None or step is None:
        return None
    chains = chains_of(item.year.campaign_id)
    stop = chains.stop(item.track_id, step)
    if stop is None:
        return None
    people = holders(item.unit, clock.today())
    barred = (
        slot_submitters([slot.pk]).get(slot.pk, frozenset())
        if slot
        else submitters([item.pk]).get(item.pk, frozenset())
    )
    able = judges(stop.who, matter_of(item, chains), people, barred)
    acting = {person: people.name(other) for person, other in able.items() if other is not None}
    return At(stop, sorted((person, called(person, other, people)) for person, other in able.items()), acting)


def chain_people(item: Item) -> list[tuple[Stop, bool, list[str]]]:
    """The whole chain of ITEM: (step, whether per slot, names of who stands there today)."""
    if item.year is None:
        return []
    chains = chains_of(item.year.campaign_id)
    people = holders(item.unit, clock.today())
    matter = matter_of(item, chains)
    return [
        (stop, per_slot, names_at(stop.who, matter, people))
        for per_slot, stops in ((True, chains.slot_stops), (False, chains.item_stops))
        for stop in stops.get(item.track_id, ())
    ]


#: the steps of an item and of a slot that are buttons, with the step of the flow that allows them
ITEM_STEPS = (
    ("ledger.assign", "assign"), ("ledger.receive", "receive"), ("ledger.suspend", "suspend"), ("ledger.resume", "resume"),
    ("ledger.waive", "waive"), ("ledger.restore", "restore"), ("ledger.reopen", "reopen"),
)  # fmt: skip
SLOT_STEPS = (
    ("ledger.submit", "submit"),
    ("ledger.withdraw", "withdraw"),
    ("ledger.waive_slot", "waive"),
    ("ledger.restore_slot", "restore"),
)


def buttons(user: Any, item: Item, slots: Sequence[Slot]) -> Buttons:
    """What USER may do now with ITEM and its SLOTS (which must carry their performer)."""
    person = getattr(user, "person", None)
    here = at_step(item)
    ended = (
        item.status == Status.WAIVED and item.indicator_id is not None and ended_by_edition(item) is not None
    )
    found = [
        Button(name, ACTIONS[name].label)
        for name, step in ITEM_STEPS
        if FLOW.allows(step, item.status) and permitted(user, ACTIONS[name], item)
        if not (ended and step == "restore")
    ]
    found += _judge(user, item, here, person, "ledger.sign", "ledger.send_back_item") if item.step_id else []
    for name in ("ledger.set_lead", "ledger.set_due"):
        if item.status not in (Status.CLOSED, Status.WAIVED) and permitted(user, ACTIONS[name], item):
            found.append(Button(name, ACTIONS[name].label))
    underway = item.status not in (Status.CLOSED, Status.WAIVED, Status.SUSPENDED) and not item.step_id
    if item.required and underway and permitted(user, ACTIONS["ledger.conclude"], item):
        done = sum(slot.status == SlotStatus.ACCEPTED for slot in slots)
        performers = len({slot.performer_id for slot in slots}) or 1
        short = item.required * performers - done
        why = f"全年须通过 {item.required} 期，现已通过 {done} 期" if short > 0 else ""
        found.append(Button("ledger.conclude", "报请销号", short <= 0, why))
    if item.cadence == "event" and underway and permitted(user, ACTIONS["ledger.add_slot"], item):
        found.append(Button("ledger.add_slot", "加一期"))
        if not slots:
            found.append(Button("ledger.nothing_happened", "本年未发生"))
    if (
        item.cadence == "cycle"
        and not ended
        and item.status == Status.WAIVED
        and permitted(user, ACTIONS["ledger.place"], item)
    ):
        found.append(Button("ledger.place", "安排到本年"))
    if permitted(user, ACTIONS["ledger.add_need"], item) and item.status != Status.CLOSED:
        found.append(Button("ledger.add_need", "改材料要求"))
    return Buttons(found, {slot.pk: _slot_buttons(user, item, slot, person) for slot in slots})


def _judge(user: Any, item: Item, here: At | None, person: Any, sign: str, back: str) -> list[Button]:
    if here is None or not permitted(user, ACTIONS[sign], item):
        return []
    able = {one for one, _ in here.people}
    if person is not None and person.pk in able:
        label = "核验销号" if here.step.last else here.step.label
        acting = here.acting.get(person.pk, "")
        return [Button(sign, label, acting=acting), Button(back, "退回", acting=acting)]
    return []


def _slot_buttons(user: Any, item: Item, slot: Slot, person: Any) -> list[Button]:
    slot.item = item
    working = item.status in (Status.ASSIGNED, Status.RECEIVED, Status.DOING, Status.RETURNED, Status.REVIEW)
    found = []
    for name, step in SLOT_STEPS:
        if not SLOT_FLOW.allows(step, slot.status) or not permitted(user, ACTIONS[name], slot):
            continue
        if name == "ledger.submit" and not working:
            word = Status(item.status).label
            found.append(
                Button(
                    name, "提交审核", False, "还没有交办" if item.status == Status.PENDING else f"事项{word}"
                )
            )
        elif working or name in ("ledger.waive_slot", "ledger.restore_slot"):
            acting = acting_name(user, slot) if name == "ledger.submit" else ""
            found.append(Button(name, ACTIONS[name].label, acting=acting))
    if (
        slot.status == SlotStatus.SUBMITTED
        and slot.step_id
        and permitted(user, ACTIONS["ledger.accept"], slot)
    ):
        here = at_step(item, slot)
        if here and person is not None and person.pk in {one for one, _ in here.people}:
            acting = here.acting.get(person.pk, "")
            found += [
                Button("ledger.accept", "审核通过", acting=acting), Button("ledger.send_back", "退回", acting=acting)
            ]  # fmt: skip
    if slot.status in TO_HAND_IN and permitted(user, ACTIONS["ledger.set_slot_due"], slot):
        found.append(Button("ledger.set_slot_due", "改本期期限"))
    return found


def acting_at(user: Any, slot: Slot) -> int | None:
    """The absent person (id) in whose place USER works at SLOT: who is responsible for the item, else whose post it takes."""
    item = slot.item
    if slot.performer_id == item.lead_id and item.person_id in people_of(user)[1:]:
        return item.person_id
    return acting_as(user, Permit.LEDGER_SUBMIT, slot.performer)


def acting_name(user: Any, slot: Slot) -> str:
    """The name of `acting_at`; asks the database only where somebody is stood in for."""
    absent = acting_at(user, slot) if may(user, Permit.LEDGER_SUBMIT, slot.performer) else None
    return str(Person.objects.get(pk=absent)) if absent else ""


def fills(user: Any, slots: Iterable[Slot]) -> set[int]:
    """Those of SLOTS (ids) that USER fills in the name of the performer, not on behalf."""
    return {slot.pk for slot in slots if may(user, Permit.LEDGER_SUBMIT, slot.performer)}
