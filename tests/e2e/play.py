"""Run in the site's management shell: what would be the same hundred clicks over and over, through the real actions."""

import json
from datetime import date, timedelta

from taizhang.evidence import actions as library
from taizhang.kit import clock
from taizhang.kit.files import store
from taizhang.ledger import actions
from taizhang.ledger.models import Item, Slot
from taizhang.ledger.queries import at_step
from taizhang.ledger.rules.states import SlotStatus
from taizhang.org import actions as org
from taizhang.org.models import Person, User
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
