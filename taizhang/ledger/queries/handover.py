"""工作交接: everything that a person holds and somebody must take over; a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from taizhang.campaigns.models import Year
from taizhang.campaigns.rules.states import YearState
from taizhang.org.models import Contact, Deputy, Duty, Membership, Person, Post, Secondment, Unit
from taizhang.org.models.contacts import ContactKind
from taizhang.org.models.units import UnitKind
from taizhang.org.permits import Role
from taizhang.org.queries import alive, on_day

from ..models import Ask, Item
from ..rules.asks import AskState, Kind
from ..rules.handover import ASKED, Held, Purpose, may_stay, stays_unless_said
from ..rules.load import Load
from ..rules.states import Status
from .load import Works, open_slots, rooms, standings, works_of
from .standing import waiting_on

#: what is handed over: closed and not applicable is done; what is suspended will go on some day
_DONE = (Status.CLOSED, Status.WAIVED)
_ROLES = (Role.HEAD, Role.LIAISON, Role.LEADER, Role.OFFICE)


@dataclass(frozen=True)
class Line:
    """One thing. `key`: item-12; `stays`: what is proposed is that it stays; `leading`: leaders are to choose from."""

    key: str
    held: Held
    title: str
    detail: str
    to: tuple[str, int] = ("", 0)  # the page it stands on: the name of its address and the id
    warn: str = ""
    may_stay: bool = False
    stays: bool = False
    leading: bool = False
    unit: int | None = None


@dataclass
class Handover:
    """`infos`: what cannot be handed over here but should be known: (words, item or 0)."""

    person: Person
    purpose: Purpose
    homes: list[Unit]
    lines: list[Line]
    infos: list[tuple[str, int]]
    load: Load


def handover_of(person: Person, purpose: Purpose, today: date, works: Works | None = None) -> Handover:
    """What PERSON holds, as a page of PURPOSE asks about it. WORKS, if they were read already."""
    works = works or works_of(person.agency, today)
    homes = [
        row.unit
        for row in Membership.objects.filter(on_day(today), person=person, main=True).select_related("unit")
    ]
    home = {unit.pk for unit in homes}
    share = max(
        Secondment.objects.filter(alive(today), person=person).values_list("share", flat=True), default=0
    )
    lines: list[Line] = []

    def put(held: Held, pk: int, title: str, detail: str, of_home: bool, **more: object) -> None:
        if held not in ASKED[purpose]:
            return
        stay = may_stay(purpose, held, of_home=of_home)
        stays = stay and stays_unless_said(purpose, held, of_home=of_home, share=share)
        lines.append(
            Line(f"{held.value}-{pk}", held, title, detail, may_stay=stay, stays=stays, **more)  # type: ignore[arg-type]
        )

    slots = {piece.item: piece for piece in works.pieces}
    open_ = Item.objects.filter(unit=person.agency).exclude(status__in=_DONE)
    open_ = open_.exclude(year__state=YearState.CLOSED).select_related("lead", "year").order_by("order", "pk")
    abroad = Item.objects.filter(person=person).exclude(unit=person.agency).exclude(status__in=_DONE).count()
    for item in open_.filter(Q(person=person) | Q(leader=person)):
        status = Status(item.status).label
        periods = len(slots[item.pk].columns) if item.pk in slots else 0
        detail = f"{item.lead or '没有牵头处室'}，{status}" + (f"，待报 {periods} 期" if periods else "")
        late = slots[item.pk].columns.count(0) if item.pk in slots else 0
        for held, mine in ((Held.ITEM, item.person_id), (Held.LEADER, item.leader_id)):
            if mine == person.pk:
                put(
                    held, item.pk, str(item), detail, item.lead_id in home, to=("item", item.pk),
                    warn=f"逾期 {late} 期" if late and held == Held.ITEM else "", leading=held == Held.LEADER,
                    unit=item.lead_id,
                )  # fmt: skip
    others = _others(person, today)
    posted = set()
    posts = Post.objects.filter(alive(today), person=person, group=None, role__in=_ROLES).select_related(
        "unit"
    )
    for post in posts.order_by("unit__order", "pk"):
        role = Role(post.role)
        if role == Role.LEADER:
            posted.add(post.unit_id)
        only = (post.unit_id, post.role) not in others
        warn = f"交出后“{post.unit}”没有{role.label}" if only else ""
        if only and role in (Role.HEAD, Role.LEADER):
            warn += "，它的审核环节没有人签"
        put(
            Held.POST, post.pk, f"{post.unit} {role.label}", f"{post.starts_on} 起", post.unit_id in home, warn=warn,
            to=("unit", post.unit_id), leading=role == Role.LEADER, unit=post.unit_id,
        )  # fmt: skip
    for unit in Unit.objects.filter(alive(today), leader=person).exclude(pk__in=posted):
        put(Held.UNIT, unit.pk, str(unit), "分管领导", False, to=("unit", unit.pk), leading=True)
    for duty in Duty.objects.filter(alive(today), person=person).select_related("group"):
        put(
            Held.DUTY, duty.pk, f"{duty.group} {duty.duty}", duty.task, False, to=("group", duty.group_id)
        )  # fmt: skip
    named = Deputy.objects.filter(stand_in=person, person__left_on=None).select_related("person")
    for deputy in named.order_by("person__order", "rank"):
        put(
            Held.DEPUTY, deputy.pk, f"{deputy.person} 的AB角", "不在岗时由本人代办" if deputy.rank == 1 else f"第 {deputy.rank} 位",
            False, to=("person", deputy.person_id),
        )  # fmt: skip
    for contact in Contact.objects.filter(alive(today), leader=person).select_related("unit"):
        put(
            Held.CONTACT, contact.pk, str(contact.unit or contact.place), ContactKind(contact.kind).label, False, leading=True
        )  # fmt: skip
    order = {held: at for at, held in enumerate(Held)}
    lines.sort(key=lambda line: order[line.held])
    infos = _infos(person)
    if abroad:
        infos.append((f"在别的机关的台账里还有 {abroad} 项由本人负责，请那个机关的创建办改责任人。", 0))
    load = works.of_people().get(person.pk, Load())
    return Handover(person, purpose, homes, lines, infos, load)


def _others(person: Person, today: date) -> set[tuple[int, str]]:
    """(unit, role) that somebody else of the agency holds as well."""
    rows = Post.objects.filter(on_day(today), unit__agency=person.agency_id, role__in=_ROLES)
    return set(rows.exclude(person=person).values_list("unit_id", "role"))


def _infos(person: Person) -> list[tuple[str, int]]:
    """What waits for the person's signature, and what they asked for and is not decided."""
    infos = []
    years = Year.objects.filter(campaign__unit=person.agency, state=YearState.OPEN).select_related(
        "campaign__unit"
    )
    for year in years:
        every, alone = waiting_on(person.pk, year)
        if number := len(every.slots) + len(every.items):
            only = len(alone.slots) + len(alone.items)
            words = f"{year.year} 年度有 {number} 处等本人审核签批"
            words += (
                f"，其中 {only} 处只有本人能签：交出“负责人”等职责后由接任的人签。"
                if only
                else "，同一环节另有人可签。"
            )
            infos.append((words, 0))
    asks = Ask.objects.filter(by=person, state=AskState.OPEN).select_related("item")
    for ask in asks:
        infos.append(
            (f"提出的{Kind(ask.kind).label}申请还没有批复：{ask.item}。批复后由接手这一事项的人看到。", ask.item_id)
        )  # fmt: skip
    return infos


@dataclass(frozen=True)
class Takers:
    """Who may take over: everybody of the agency by id in order with words, and short lists for the lines."""

    everybody: dict[int, str]
    leaders: tuple[int, ...]
    colleagues: dict[int, tuple[int, ...]]  # unit → its people
    proposed: int | None


def takers_for(found: Handover, today: date, works: Works) -> Takers:
    """Who may take over what FOUND lists: proposed is the AB角, else who of the department has least for their room."""
    person = found.person
    standing = standings(person.agency, today)
    loads = works.of_people()
    people = Person.objects.filter(agency=person.agency, left_on=None).exclude(pk=person.pk)
    everybody = {}
    for pk, name, no in people.order_by("order", "staff_no").values_list("pk", "name", "staff_no"):
        told = standing[pk].told if pk in standing else ""
        load = loads.get(pk, Load())
        everybody[pk] = f"{name}（{no}）在办 {load.items} 项{f'，{told}' if told else ''}"
    colleagues: dict[int, list[int]] = defaultdict(list)
    for pk, one in standing.items():
        if pk in everybody:
            for unit in one.homes:
                colleagues[unit].append(pk)
    leaders = [
        pk
        for pk in Membership.objects.filter(on_day(today), person__agency=person.agency, unit__kind=UnitKind.LEADERS)
        .values_list("person_id", flat=True)
        if pk in everybody
    ]  # fmt: skip
    leaders += Post.objects.filter(on_day(today), role=Role.LEADER, person__agency=person.agency).values_list(
        "person_id", flat=True
    )
    stand_ins = Deputy.objects.filter(person=person).order_by("rank").values_list("stand_in_id", flat=True)
    proposed = next((pk for pk in stand_ins if pk in everybody), None)
    if proposed is None:
        near: dict[int, int] = {}
        for place in found.homes:
            near |= {pk: room for pk, room in rooms(standing, place.pk).items() if room and pk in everybody}
        proposed = min(near, key=lambda pk: (loads.get(pk, Load()).slots / near[pk], pk), default=None)
    return Takers(
        everybody, tuple(dict.fromkeys(pk for pk in leaders if pk in everybody)),
        {unit: tuple(pks) for unit, pks in colleagues.items()}, proposed,
    )  # fmt: skip


@dataclass(frozen=True)
class Leaver:
    """Somebody who has left, with what is still in their name."""

    pk: int
    name: str
    left_on: date
    items: int
    led: int


def leavers_of(agencies: list[int]) -> list[Leaver]:
    """Who has left AGENCIES with open items in their name, or in charge of some; two queries."""
    items: dict[int, int] = defaultdict(int)
    led: dict[int, int] = defaultdict(int)
    open_ = (
        Item.objects.filter(unit__in=agencies)
        .filter(Q(person__left_on__isnull=False) | Q(leader__left_on__isnull=False))
        .exclude(status__in=_DONE)
        .exclude(year__state=YearState.CLOSED)
    )
    for person, gone, leader, leader_gone in open_.values_list(
        "person_id", "person__left_on", "leader_id", "leader__left_on"
    ):
        if gone:
            items[person] += 1
        if leader_gone:
            led[leader] += 1
    people = Person.objects.filter(pk__in={*items, *led}).order_by("-left_on", "order")
    return [
        Leaver(pk, name, left_on, items[pk], led[pk])
        for pk, name, left_on in people.values_list("pk", "name", "left_on")
        if left_on is not None
    ]


@dataclass(frozen=True)
class Holding:
    """What is open in the name of somebody whom a roster is about to move or let go: items they answer for, items they
    are in charge of, periods still to hand in."""

    pk: int
    no: str
    name: str
    items: int
    led: int
    slots: int


def holding_of(agency: Unit, numbers: Collection[str], today: date) -> list[Holding]:
    """Those of AGENCY with these staff NUMBERS who hold something, in the order of the roster; three queries."""
    people = list(
        Person.objects.filter(agency=agency, staff_no__in=list(numbers), left_on=None)
        .order_by("order", "staff_no")
        .values_list("pk", "staff_no", "name")
    )
    if not people:
        return []
    items, led = _counted(agency, [pk for pk, _, _ in people])
    slots: dict[int, int] = defaultdict(int)
    for person in open_slots(agency).filter(
        item__person__in=items, performer=F("item__lead")
    ).values_list("item__person", flat=True):  # fmt: skip
        slots[person] += 1
    return [
        Holding(pk, no, name, items[pk], led[pk], slots[pk])
        for pk, no, name in people
        if items[pk] or led[pk]
    ]


def _counted(agency: Unit, people: Collection[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Person → how many open items they answer for, and are in charge of; one query."""
    items: dict[int, int] = defaultdict(int)
    led: dict[int, int] = defaultdict(int)
    rows = Item.objects.filter(Q(person__in=people) | Q(leader__in=people), unit=agency)
    for person, leader in (
        rows.exclude(status__in=_DONE).exclude(year__state=YearState.CLOSED).values_list("person", "leader")
    ):
        for found, one in ((items, person), (led, leader)):
            if one in people:
                found[one] += 1
    return items, led


#: days after a move during which what was left behind is asked about
MOVED_WITHIN = 30


@dataclass(frozen=True)
class Mover:
    """Somebody who went to another department, with what is still in their name at the old one."""

    pk: int
    name: str
    unit: int
    old: str
    now: str
    moved_on: date
    items: int


def movers_of(agency: Unit, today: date) -> list[Mover]:
    """Who moved in the last days (MOVED_WITHIN) and still answers for open items of the old department; three queries."""
    ended = list(
        Membership.objects.filter(
            person__agency=agency, person__left_on=None, main=True, ends_on__lt=today,
            ends_on__gte=today - timedelta(days=MOVED_WITHIN),
        )
        .order_by("-ends_on", "person__order")
        .values_list("person", "person__name", "unit", "unit__name", "ends_on")
    )  # fmt: skip
    if not ended:
        return []
    counted: dict[tuple[int, int], int] = defaultdict(int)
    open_ = Item.objects.filter(unit=agency, person__in=[row[0] for row in ended]).exclude(status__in=_DONE)
    for person, lead in open_.exclude(year__state=YearState.CLOSED).values_list("person", "lead"):
        if person is not None and lead is not None:
            counted[person, lead] += 1
    homes: dict[int, dict[int, str]] = defaultdict(dict)
    for person, unit, name in Membership.objects.filter(
        on_day(today), person__in=[row[0] for row in ended], main=True
    ).values_list("person", "unit", "unit__name"):
        homes[person][unit] = name
    return [
        Mover(person, name, unit, old, "、".join(homes[person].values()), ends_on + timedelta(days=1), number)
        for person, name, unit, old, ends_on in ended
        if ends_on and (number := counted[person, unit]) and homes[person] and unit not in homes[person]
    ]
