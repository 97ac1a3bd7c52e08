"""移交: open work passes from one person to others; with it a person moves, is seconded, or leaves.

Nobody's work is lost on the way: each thing that a person holds must be given to somebody, or be said to stay.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused, Stale
from taizhang.org import actions as org
from taizhang.org.action import action
from taizhang.org.models import Contact, Deputy, Duty, Membership, Person, Post, Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import on_day

from ..models import Batch, Item
from ..queries.handover import handover_of
from ..rules.handover import Purpose
from ..rules.states import Status
from .batches import keep

#: item, the version that was shown, who takes it over
Move = tuple[int, int, int]
EDIT = (Permit.ORG_EDIT, "agency")


@action("ledger.hand_on", "移交", (Permit.LEDGER_MANAGE, "unit"))
def hand_on(item: Item, *, by: Any, person: Person | None = None, leader: Person | None = None) -> Item:
    """Another PERSON answers for the item, another LEADER is in charge of it; lead, state and slots stay.

    What was handed in stays with who handed it in; who reviews does not change with the person.
    """
    if item.status in (Status.CLOSED, Status.WAIVED):
        raise Refused(f"{item}{Status(item.status).label}，不用移交。")
    for one in (person, leader):
        if one is not None and (one.agency_id != item.unit_id or one.left_on):
            raise Refused(f"“{one.name}”不是本机关的在职人员，不能接手“{item}”。")
    fields = {"person": person, "leader": leader}
    return item.change(**{name: one for name, one in fields.items() if one is not None})


@action("ledger.hand_over", "成批移交", (Permit.LEDGER_MANAGE, ""))
def hand_over(agency: Unit, *, by: Any, label: str, moves: Sequence[Move]) -> Batch:
    """Hand on many items as they were shown, all or none; LABEL 移交, 分摊 or 均衡. Taken back the same day."""
    if not moves:
        raise Refused("没有要移交的事项。")
    items = {
        item.pk: item
        for item in Item.objects.filter(unit=agency, pk__in=[move[0] for move in moves]).select_related(
            "unit"
        )
    }
    people = Person.objects.in_bulk({move[2] for move in moves})
    changed = [item for item, version, _ in moves if item not in items or items[item].version != version]
    if changed:
        raise Stale(f"没有移交：看过之后有 {len(changed)} 项又被人办过。请看下面重新算过的安排，再按一次。")
    for pk, _, taker in moves:
        if taker not in people:
            raise Refused("接手的人已经不在名单里，请重新选择。")
        hand_on(items[pk], by=by, person=people[taker])
    return keep(agency, by, label, len(moves))


@action("ledger.hand_all", "移交名下事项", EDIT)
def hand_all(person: Person, *, by: Any, purpose: Purpose, takers: Mapping[str, int | None]) -> Person:
    """Hand over what is PERSON's without any move: a secondment began, or the person has left already."""
    _hand(person, by, purpose, takers)
    return person


@action("ledger.transfer", "移交并调动", EDIT)
def transfer(
    person: Person, *, by: Any, department: Unit, takers: Mapping[str, int | None], open_ok: bool = False
) -> Person:
    """PERSON moves to DEPARTMENT; what is to stay behind is handed over in the same act."""
    home = Membership.objects.filter(on_day(clock.today()), person=person, main=True).first()
    if home is not None and home.unit_id == department.pk:
        raise Refused(f"“{person.name}”已经在“{department}”，不用调动。")
    _hand(person, by, Purpose.MOVE, takers, open_ok=open_ok)
    branch = Membership.objects.filter(on_day(clock.today()), person=person, main=False).first()
    stand_in = Deputy.objects.filter(person=person, rank=1).first()
    org.change_person(
        person, by=by, department=department, branch=branch.unit if branch else None,
        branch_duty=branch.duty if branch else "", stand_in=stand_in.stand_in if stand_in else None,
    )  # fmt: skip
    return person


@action("ledger.see_off", "移交并办理离开", EDIT)
def see_off(person: Person, *, by: Any, takers: Mapping[str, int | None], open_ok: bool = False) -> Person:
    """PERSON leaves today. OPEN_OK: what has no taker is known, and stays for the check of coverage to name."""
    _hand(person, by, Purpose.LEAVE, takers, open_ok=open_ok)
    org.leave(person, by=by)
    return person


def _hand(
    person: Person, by: Any, purpose: Purpose, takers: Mapping[str, int | None], *, open_ok: bool = True
) -> None:
    """Give each thing of PERSON to its taker; TAKERS: key of a line → person, None: it stays or has nobody."""
    found = handover_of(person, purpose, clock.today())
    missing = [line for line in found.lines if line.key not in takers]
    if missing:
        raise Refused(
            f"没有办：还有 {len(missing)} 处没有选谁接手，第一处是“{missing[0].title}”。请在页面上逐项选定。",
            problems=[line.title for line in missing[:12]],
        )
    left = [line for line in found.lines if takers[line.key] is None and not line.may_stay]
    if left and not open_ok:
        raise Refused(
            f"没有办：有 {len(left)} 处没有人接手。请选接手人；确实暂时没有人接的，勾选“暂无人接，列入覆盖检查”。",
            problems=[line.title for line in left[:12]],
        )
    people = Person.objects.in_bulk({pk for pk in takers.values() if pk is not None})
    for line in found.lines:
        pk = takers[line.key]
        if pk is None:
            continue
        if pk not in people:
            raise Refused(f"“{line.title}”选的接手人已经不在名单里，请重新选择。")
        _give(line.key, people[pk], person, by)


def _give(key: str, taker: Person, giver: Person, by: Any) -> None:
    kind, _, number = key.partition("-")
    pk = int(number)
    if taker.pk == giver.pk:
        raise Refused(f"“{giver.name}”不能移交给本人，请选别的同事。")
    if kind == "item":
        hand_on(Item.objects.select_related("unit").get(pk=pk), by=by, person=taker)
    elif kind == "leader":
        hand_on(Item.objects.select_related("unit").get(pk=pk), by=by, leader=taker)
    elif kind == "unit":
        org.take_unit(Unit.objects.select_related("agency").get(pk=pk), by=by, taker=taker)
    elif kind == "post":
        org.take_post(Post.objects.select_related("person__agency", "unit").get(pk=pk), by=by, taker=taker)
    elif kind == "duty":
        org.take_duty(Duty.objects.select_related("person", "group__unit").get(pk=pk), by=by, taker=taker)
    elif kind == "deputy":
        rows = Deputy.objects.select_related("person__agency", "stand_in")
        org.take_stand_in(rows.get(pk=pk), by=by, taker=taker)
    else:
        org.take_contact(Contact.objects.select_related("agency", "leader").get(pk=pk), by=by, taker=taker)
