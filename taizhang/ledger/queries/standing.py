"""Who stands where: what waits for a person, and which buttons a person gets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from taizhang.campaigns.models import Year
from taizhang.kit import clock
from taizhang.org.action import ACTIONS, permitted
from taizhang.org.permits import Permit
from taizhang.org.queries import holders, may

from ..models import Item, Slot
from ..rules.signing import Matter, Stop, called, judges, signers
from ..rules.states import FLOW, SLOT_FLOW, WORKING, SlotStatus, Status
from .adopted import ended_by_edition
from .facts import chains_of, matter_of, slot_submitters, submitters


@dataclass(frozen=True)
class Waiting:
    """What waits for one person: ids of slots and of items, the longest waiting first."""

    slots: list[int]
    items: list[int]


@dataclass(frozen=True)
class Button:
    """One step on screen. Not enabled, it says why."""

    name: str  # of the action: ledger.submit
    label: str
    enabled: bool = True
    why: str = ""


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


def waiting_for(user: Any, year: Year) -> Waiting:
    """What USER may judge now in the ledger of YEAR; a fixed number of queries."""
    person = getattr(user, "person", None)
    if person is None:
        return Waiting([], [])
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
    ) -> list[int]:
        found = []
        for pk, track, step, matter in rows:
            stop = chains.stop(track, step)
            if stop and person.pk in judges(stop.who, matter, people, barred.get(pk, frozenset())):
                found.append(pk)
        return found

    return Waiting(
        mine(slots, slot_submitters([row[0] for row in slots])),
        mine(items, submitters([row[0] for row in items])),
    )


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
    return At(stop, sorted((person, called(person, other, people)) for person, other in able.items()))


def chain_people(item: Item) -> list[tuple[Stop, bool, list[str]]]:
    """The whole chain of ITEM: (step, whether per slot, names of who stands there today)."""
    if item.year is None:
        return []
    chains = chains_of(item.year.campaign_id)
    people = holders(item.unit, clock.today())
    matter = matter_of(item, chains)
    return [
        (stop, per_slot, [people.name(person) for person in sorted(signers(stop.who, matter, people))])
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
        return [Button(sign, label), Button(back, "退回")]
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
            found.append(Button(name, ACTIONS[name].label))
    if (
        slot.status == SlotStatus.SUBMITTED
        and slot.step_id
        and permitted(user, ACTIONS["ledger.accept"], slot)
    ):
        here = at_step(item, slot)
        if here and person is not None and person.pk in {one for one, _ in here.people}:
            found += [Button("ledger.accept", "审核通过"), Button("ledger.send_back", "退回")]
    if slot.status in (SlotStatus.OPEN, SlotStatus.RETURNED) and permitted(
        user, ACTIONS["ledger.set_slot_due"], slot
    ):
        found.append(Button("ledger.set_slot_due", "改本期期限"))
    return found


def fills(user: Any, slots: Iterable[Slot]) -> set[int]:
    """Those of SLOTS (ids) that USER fills in the name of the performer, not on behalf."""
    return {slot.pk for slot in slots if may(user, Permit.LEDGER_SUBMIT, slot.performer)}
