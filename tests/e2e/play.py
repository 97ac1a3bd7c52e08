"""Run in the site's management shell: what would be the same hundred clicks over and over, through the real actions."""

import json
from datetime import date, timedelta

from taizhang.evidence import actions as library
from taizhang.evidence.models import Blob, Evidence, Version
from taizhang.kit import clock
from taizhang.kit.files import store
from taizhang.ledger import actions
from taizhang.ledger.models import Citation, Item, ItemUnit, Need, Signature, Slot, Submission
from taizhang.ledger.queries import at_step
from taizhang.ledger.rules.states import SlotStatus, Status
from taizhang.org import actions as org
from taizhang.org.models import Membership, Person, User
from taizhang.org.queries import holders, system_user


def account(person_id: int) -> User:
    """The account of a person, made if there is none."""
    person = Person.objects.get(pk=person_id)
    if person.user_id is None:
        org.make_account(person, by=system_user())
        person.refresh_from_db()
    return User.objects.get(pk=person.user_id)


def branches_year(title: str, year: int, leave: tuple[tuple[str, str], ...]) -> None:
    """Every branch's secretary hands in every month on its last day, the head accepts on the next; LEAVE stays open.

    Prints the item's id, and the ids of the slots left, by branch.
    """
    item = Item.objects.select_related("unit", "year__campaign", "lead").get(title=title, year__year=year)
    people = holders(item.unit, date(year, 6, 1))
    need = item.needs.get()
    left = {}
    slots = Slot.objects.filter(item=item).select_related(
        "item__unit", "item__year__campaign", "item__lead", "item__track", "performer"
    )
    for slot in slots.order_by("due_on", "performer__order"):
        if (slot.performer.name, slot.label) in leave:
            left[slot.performer.name] = slot.pk
            continue
        day = min(slot.ends_on, date(year, 12, 26))
        secretary = account(people.heads(slot.performer_id)[0])
        words = f"{slot.performer}{slot.label}{title}记录"
        with clock.on(day):
            piece = library.deposit(
                slot.performer, by=secretary, stored=store().put([words.encode()], limit=10_000), original_name=f"{words}.txt", kind=need.kind,
                title=words, happened_on=day, place="党员活动室", people="支部委员", theme=title,
            )  # fmt: skip
            actions.cite(slot, by=secretary, evidence=piece, need=need)
            actions.submit(slot, by=secretary, conclusion="按期召开，记录附后。")
        slot.refresh_from_db()
        if (
            slot.status == SlotStatus.SUBMITTED
        ):  # else the only one who could judge had submitted it, and the step was skipped
            here = at_step(item, slot)
            assert here is not None
            with clock.on(day + timedelta(days=1)):
                actions.accept(slot, by=account(here.people[0][0]))
    print(json.dumps({"item": item.pk, "left": left}, ensure_ascii=False))


def standing(item_id: int) -> None:
    """Prints who may sign the item now, by staff number and whether they have an account, and whether it is the last step."""
    item = Item.objects.get(pk=item_id)
    here = at_step(item)
    people = Person.objects.filter(pk__in=[pk for pk, _ in here.people]) if here else Person.objects.none()
    signers = {person.staff_no: person.user_id is not None for person in people.order_by("staff_no")}
    print(json.dumps({"status": item.status, "last": bool(here and here.step.last), "signers": signers}))


# ---- the standard's walk


def wanted_slot(title: str, year: int, period: str, performer: str) -> Slot:
    slots = Slot.objects.filter(item__title=title, item__year__year=year).order_by(
        "due_on", "performer__order"
    )
    if period:
        slots = slots.filter(label=period)
    if performer:
        slots = slots.filter(performer__name=performer)
    found = slots.select_related(
        "item__unit", "item__year__campaign", "item__lead", "item__track", "performer"
    ).first()
    assert found is not None, (title, year, period, performer)
    return found


def report(year: int, month: int, *rows: tuple[str, str, str, str]) -> None:
    """Each of ROWS (title, period, performer, upto): one piece for every need and a submission in the middle of MONTH;
    upto "passed": accepted at every step of its slot; upto "closed": and signed until it is struck off.

    Prints the ids of the slots, by title, period and performer.
    """
    told = {}
    for title, period, performer, upto in rows:
        slot = wanted_slot(title, year, period, performer)
        item, day = slot.item, date(year, month, 15)
        people = holders(item.unit, day)
        liaisons = people.liaisons_of.get(slot.performer_id) or people.heads(slot.performer_id)
        person = account(liaisons[-1])
        with clock.on(day):
            for need in item.needs.all():
                for n in range(need.least):
                    words = f"{slot.performer}{slot.label}{title}{need.name}{n + 1}"
                    piece = library.deposit(
                        slot.performer, by=person, stored=store().put([words.encode()], limit=10_000), original_name=f"{words}.txt",
                        kind=need.kind, title=words, happened_on=day, place="三楼会议室", people="有关人员", theme=title, doc_no="云政〔2019〕1号",
                    )  # fmt: skip
                    actions.cite(slot, by=person, evidence=piece, need=need)
            actions.submit(slot, by=person, conclusion=f"{title}按要求完成，材料附后。")
        slot.refresh_from_db()
        while upto and slot.status == SlotStatus.SUBMITTED:
            here = at_step(item, slot)
            assert here is not None, (title, "no step")
            with clock.on(day + timedelta(days=1)):
                actions.accept(slot, by=account(here.people[0][0]))
            slot.refresh_from_db()
        if upto == "closed":
            strike_off(item.pk, day + timedelta(days=2))
        told[f"{title} {slot.label} {slot.performer}"] = slot.pk
    print(json.dumps(told, ensure_ascii=False))


def strike_off(item_id: int, day: date) -> None:
    """Sign ITEM as those who stand at its steps, until it is closed."""
    while (item := Item.objects.get(pk=item_id)).status != Status.CLOSED:
        with clock.on(day):
            here = at_step(item)
            assert here is not None and here.people, (item, item.status, here)
            actions.sign(item, by=account(here.people[0][0]), opinion="同意。")


def close(title: str, year: int, day: str) -> None:
    """Sign until the item is struck off. Prints its id."""
    item = Item.objects.get(title=title, year__year=year)
    strike_off(item.pk, date.fromisoformat(day))
    print(json.dumps(item.pk))


HANDED = (Submission, Citation, Signature, Evidence, Version, Blob)


def ledger_rows(*, whole: bool) -> None:
    """Prints every row of what was handed in, by table and id; WHOLE: and of the items, slots and needs, without the
    versions of rows, which count the changes made to them."""
    tables = [*HANDED, *((Item, Slot, Need, ItemUnit) if whole else ())]
    passing = {"version", "changed_at"} if whole else set()
    told = {
        table.__name__: {
            row["id"]: {name: str(value) for name, value in row.items() if name not in passing}
            for row in table._default_manager.values()
        }
        for table in tables
    }
    print(json.dumps(told, ensure_ascii=False))


def items_of(year: int) -> None:
    """Prints the items of YEAR by title: number, state, reason, requirement, edition, and its slots by performer, period
    and state."""
    told = {}
    for item in Item.objects.filter(year__year=year).select_related("indicator__edition", "lead"):
        slots = [
            [
                str(slot.performer),
                slot.label,
                slot.status,
                slot.starts_on.isoformat(),
                slot.submissions.count(),
            ]
            for slot in item.slots.select_related("performer").order_by("starts_on", "performer__order")
        ]
        told[item.title] = {
            "pk": item.pk, "no": item.no, "status": item.status, "reason": item.reason, "requirement": item.requirement,
            "points": str(item.points), "lead": str(item.lead or ""), "edition": item.indicator.edition.label if item.indicator else "", "slots": slots,
        }  # fmt: skip
    print(json.dumps(told, ensure_ascii=False))


def burden(department: str, number: int) -> None:
    """Give NUMBER open items to somebody of DEPARTMENT who has none; prints them, and a colleague to take them over."""
    free = [
        row.person
        for row in Membership.objects.filter(
            unit__name=department, main=True, ends_on=None, person__left_on=None
        )
        .select_related("person")
        .order_by("person__order")
        if row.person.user_id is None and not Item.objects.filter(person=row.person).exists()
    ]
    giver, taker = free[0], free[1]
    rows = list(
        Item.objects.filter(
            lead__name=department, year__state="open", status__in=["assigned", "received", "doing"]
        )
        .select_related("unit")
        .order_by("order")[:number]
    )
    for row in rows:
        actions.hand_on(row, by=system_user(), person=giver)
    print(json.dumps({"person": giver.pk, "taker": taker.pk, "titles": [row.title for row in rows]}))


def for_asking(today: str, leader: str, department: str, led: str) -> None:
    """Items to ask about: of DEPARTMENT one for a dispute and one that is late, and a period of LED (whose leader is
    the account LEADER) that is not due yet. Prints their ids, numbers and titles."""
    day = date.fromisoformat(today)
    open_ones = Item.objects.filter(
        year__state="open", per="unit", status__in=["assigned", "received", "doing"], step=None
    ).order_by("order")
    left = Slot.objects.filter(status="open", before_system=False).order_by("due_on")
    told = {}
    for item in open_ones.filter(lead__name=department).select_related("unit", "year__campaign__unit"):
        dues = list(left.filter(item=item).values_list("due_on", flat=True))
        if "dispute" not in told:
            if dues and min(dues) > day:
                told["dispute"] = item
        elif len(dues) == 1:
            actions.set_due(item, by=system_user(), due_on=day - timedelta(days=1))
            told["late"] = item
            break
    boss = User.objects.get(username=leader).person
    wanted = left.filter(
        item__in=open_ones.filter(lead__name=led, leader=boss),
        due_on__gt=day,
        due_on__lt=day + timedelta(days=120),
    )
    slot = wanted.select_related("item").first()
    assert slot is not None
    told["extension"] = slot.item
    print(json.dumps({
        **{name: {"id": item.pk, "no": item.no, "title": item.title} for name, item in told.items()},
        "slot": slot.pk, "due_on": slot.due_on.isoformat(), "label": slot.label,
    }))  # fmt: skip
