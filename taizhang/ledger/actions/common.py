"""What several verbs share: the item follows its slots, and steps pass by themselves. No action of its own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import holders
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import next_number
from taizhang.org.models import Person

from ..models import AdoptedItem, Ask, Item, Signature, Slot
from ..queries.facts import chains_of, matter_of, submitters
from ..rules.asks import ASK_FLOW, AskState, Kind
from ..rules.plan import Fill, enough
from ..rules.signing import Passed, Stop, judges, walk
from ..rules.states import FLOW, SETTLED, SlotStatus, Status, Verdict, step_after

WORKING = frozenset({Status.ASSIGNED, Status.RECEIVED, Status.DOING, Status.RETURNED, Status.REVIEW})


def person_of(user: Any) -> Person | None:
    """The person behind an account; None for the command line of this machine."""
    found: Person | None = getattr(user, "person", None)
    return found


def year_of(item: Item) -> Year:
    if item.year is None:
        raise Refused("这一事项不在年度台账里，不能这样办理。")
    return item.year


def put_signature(
    item: Item, by: Any, verdict: Verdict, *, step: int | None, slot: Slot | None = None, opinion: str = "",
    person: Person | int | None = None, signed_on: date | None = None, **more: Any,
) -> Signature:  # fmt: skip
    """Write one verdict down. `person` is who judged (None: the step was skipped)."""
    return Signature.make(
        item=item, slot=slot, step_id=step, attempt=slot.attempt if slot else item.attempt, verdict=verdict,
        opinion=opinion, person_id=person.pk if isinstance(person, Person) else person, entered_by=person_of(by),
        signed_on=signed_on or clock.today(), at=clock.now(), **more,
    )  # fmt: skip


def note_passed(item: Item, by: Any, passed: list[Passed], slot: Slot | None = None, **more: Any) -> None:
    """Write down the steps that passed by themselves."""
    for one in passed:
        verdict = Verdict.SKIP if one.person is None else Verdict.ACCEPT
        put_signature(
            item, by, verdict, step=one.step_id, slot=slot, opinion=one.note, person=one.person,
            acting_for_id=one.acting_for, **more,
        )  # fmt: skip


@dataclass(frozen=True)
class Judge:
    """Who judges, and the absent person they stand in for (代), if any."""

    person: Person
    acting_for: int | None


def judge(item: Item, stop: Stop, person: Person, barred: frozenset[int], doing: str) -> Judge:
    """PERSON as the one who may judge at STOP today, or a refusal. BARRED handed in what is judged; DOING: 签批."""
    if person.pk in barred:
        raise Refused(f"不能{doing}自己提交（或由人代自己提交）的事项。请由其他审核人办理。")
    people = holders(item.unit, clock.today())
    matter = matter_of(item, chains_of(year_of(item).campaign_id))
    able = judges(stop.who, matter, people, barred)
    if person.pk in able:
        return Judge(person, able[person.pk])
    absent = [one for one, stand_in in people.stand_ins.items() if stand_in == person.pk and one in barred]
    if absent:
        raise Refused(
            f"{people.name(absent[0])}提交的事项，不能由代理人{person}{doing}。请由其他审核人办理。"
        )
    raise Refused(f"现在是“{stop.label}”环节，你不是这一环节的{doing}人。")


def follow_slots(item: Item, by: Any, signer: int | None = None) -> Item:
    """Bring ITEM to where its slots say it is; when all are settled it moves to the steps per item by itself.

    SIGNER is who accepted the only slot of an item that happens once: he does not sign again at the next step.
    """
    item.refresh_from_db()
    _end_extensions(item)
    statuses = list(item.slots.values_list("status", flat=True))
    step = step_after(statuses)
    begun = item.slots.filter(attempt__gt=0).exists()
    if step == "work" and not begun and item.status in (Status.ASSIGNED, Status.RECEIVED):
        return item  # a slot was waived before anybody did anything: the item still waits to be received
    if step != "settle":
        return item.change(status=FLOW.take(step, item.status), step=None)
    if not enough(
        [Fill(performer, status) for performer, status in item.slots.values_list("performer", "status")],
        item.required,
    ):
        return item.change(status=FLOW.take("work", item.status), step=None)
    item.change(status=FLOW.take("settle", item.status), step=None)
    return move_on(item, by, after=None, signer=signer if len(statuses) == 1 else None)


def move_on(item: Item, by: Any, *, after: int | None, signer: int | None, **paper: Any) -> Item:
    """From the step per item AFTER (None: from the first) to where ITEM then waits, or to its end."""
    chains = chains_of(year_of(item).campaign_id)
    stops = chains.after(item.track_id, after, per_slot=False)
    if after is None and not stops:
        raise Refused("这条创建线没有按事项的审核环节，不能销号。请创建办先在创建设置里补上。")
    barred = submitters([item.pk]).get(item.pk, frozenset())
    passed, stop = walk(stops, matter_of(item, chains), holders(item.unit, clock.today()), barred, signer)
    note_passed(item, by, passed, **paper)
    if stop is None:
        return strike_off(item)
    if stop.last:
        status = Status.ACCEPTED if item.status == Status.ACCEPTED else FLOW.take("pass", item.status)
        return item.change(status=status, step_id=stop.id)
    return item.change(status=Status.REVIEW, step_id=stop.id)


def strike_off(item: Item, at: datetime | None = None) -> Item:
    """销号: the item leaves the ledger's open rows with a number of its own; AT, when it was not done just now."""
    status = item.status if item.status == Status.ACCEPTED else FLOW.take("pass", item.status)
    end_asks(item, "事项已销号，不用再批")
    year = year_of(item).year
    # a number given once stays with the item when a bulk act was taken back and is done again: no gaps, no twins
    number = item.close_no or f"销{year}-{next_number(item.unit, 'close', year):03}"
    return item.change(
        status=FLOW.take("close", status), step=None, closed_at=at or clock.now(), close_no=number
    )


def open_slots(item: Item) -> list[Slot]:
    """The slots that are not settled."""
    done = [SlotStatus.ACCEPTED, SlotStatus.WAIVED, SlotStatus.LOST]
    return list(item.slots.exclude(status__in=done))


def settle_revisits(item: Item, by: Any, words: str) -> None:
    """ITEM goes back to be done again: nothing is left to look at for the new edition's sake."""
    for one in AdoptedItem.objects.filter(item=item, revisit=True, adoption__undone_at=None):
        one.change(revisit=False, checked_by=person_of(by), checked_at=clock.now(), check_note=words[:300])


def end_asks(item: Item, words: str, kinds: Collection[str] = tuple(Kind), slot: Slot | None = None) -> None:
    """What waits for an answer at ITEM is settled by something else: taken back with WORDS, by nobody.

    With a SLOT not what was asked for other slots.
    """
    rows = Ask.objects.filter(item=item, state=AskState.OPEN, kind__in=kinds)
    if slot is not None:
        rows = rows.filter(Q(slot=slot) | Q(slot=None))
    for one in rows:
        one.change(state=ASK_FLOW.take("withdraw", one.state), decided_at=clock.now(), opinion=words)


def _end_extensions(item: Item) -> None:
    """A later date is of no use to what has been settled meanwhile."""
    for one in Ask.objects.filter(item=item, state=AskState.OPEN, kind=Kind.EXTENSION).select_related("slot"):
        statuses = (
            [one.slot.status]
            if one.slot
            else list(item.slots.filter(before_system=False).values_list("status", flat=True))
        )
        if set(statuses) <= SETTLED:
            one.change(
                state=ASK_FLOW.take("withdraw", one.state),
                decided_at=clock.now(),
                opinion="已经办结，不用再延期",
            )


#: what of the open asks has no sense any more once an item is set aside
_MOOT = {"suspend": (Kind.EXTENSION, Kind.SUSPEND), "waive": tuple(Kind)}


def set_aside(item: Item, step: str, reason: str) -> Item:
    """中止 or 不适用 (STEP: suspend, waive), with its reason. A part of other verbs."""
    item.change(status=FLOW.take(step, item.status), reason=reason.strip()[:300], step=None)
    end_asks(item, f"事项已{'中止' if step == 'suspend' else '设为不适用'}，不用再批", _MOOT[step])
    return item
