"""What one person has to do in a year's ledger, grouped as the desk shows it; a fixed number of queries."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import calendar
from taizhang.campaigns.rules.workdays import Workdays
from taizhang.kit import look
from taizhang.ledger.models import Item, Signature, Slot
from taizhang.ledger.queries import Waiting, waiting_for
from taizhang.ledger.queries.facts import asked_of, chains_of, given_to
from taizhang.ledger.rules.lights import Light, slot_light
from taizhang.ledger.rules.needs_met import missing
from taizhang.ledger.rules.states import TO_HAND_IN, WORKING, SlotStatus, Status, Verdict
from taizhang.org.permits import GRANTS, Permit
from taizhang.org.queries import people_of, posts_of
from taizhang.org.queries.absences import names_of

#: rows of what is going on without hurry, and of any other group, before the list takes over
MOST_DOING, MOST = 12, 40

SLOT_COLUMNS = (
    "pk", "item_id", "item__no", "item__title", "item__cadence", "label", "performer__name", "performer__short_name",
    "item__person_id", "item__person__name", "status", "due_on", "opens_on", "late", "submitted_at", "returns", "performer_id",
    "item__lead_id",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One thing to do, with the one button that moves it on."""

    item_id: int
    slot_id: int | None
    lamp: str
    no: str
    title: str
    tag: str
    says: str
    lacks: bool  # what it says is that something is missing
    who: str
    due: str
    act: str
    hot: bool = False
    to: str = "item"  # item, upload, receive
    acting: str = ""  # whose it is: the absent person the reader stands in for


@dataclass(frozen=True)
class Group:
    """Rows of one kind. `total` counts those not shown too; `passable` are ids that may be passed together."""

    key: str
    label: str
    note: str
    rows: list[Row]
    total: int
    passable: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Desk:
    groups: list[Group]

    @property
    def total(self) -> int:
        """What waits for this person: all but what is going on without hurry."""
        return sum(group.total for group in self.groups if group.key != "doing")


@dataclass(frozen=True)
class _Own:
    """Units in whose name a person works: for all of the unit's people, or only for what nobody else has."""

    for_all: frozenset[int]
    for_self: frozenset[int]
    person_id: int | None
    #: the absent people whose work is the reader's today, and the units that come from their posts alone: by name
    absent: dict[int, str]
    lent: dict[int, str]

    @property
    def people(self) -> tuple[int, ...]:
        return ((self.person_id,) if self.person_id else ()) + tuple(self.absent)

    def acting(self, person: int | None, unit: int | None, lead: int | None) -> str:
        """For whom a slot of UNIT (an item of PERSON, led by LEAD) is done; nothing for what is one's own."""
        if person == self.person_id and unit == lead:
            return ""
        if person in self.absent and unit == lead:
            return self.absent[person]
        return self.lent.get(unit or 0, "")


def _own(user: Any) -> _Own:
    """From the posts alive today. Whoever manages the whole ledger is not behind with all of it."""
    whole: set[int] = set()
    single: set[int] = set()
    absent = names_of(set(people_of(user)[1:]))
    lent: dict[int, str] = {}
    for post in posts_of(user):
        grants = GRANTS[post.role]
        if Permit.LEDGER_SUBMIT not in grants or Permit.LEDGER_MANAGE in grants:
            continue
        (whole if grants & {Permit.LEDGER_REVIEW, Permit.LEDGER_BEHALF} else single).add(post.unit_id)
        if post.acting_for is None:
            lent[post.unit_id] = ""
        elif lent.get(post.unit_id) != "":  # own posts come first
            lent[post.unit_id] = absent.get(post.acting_for, "")
    person = getattr(user, "person", None)
    return _Own(frozenset(whole), frozenset(single), person.pk if person else None, absent, lent)


def desk_of(user: Any, year: Year, today: date) -> Desk:
    """The groups that hold anything, the most urgent first."""
    own, workdays = _own(user), calendar()
    waits = waiting_for(user, year)
    rows = list(_mine(year, own, today))
    judged = list(
        Slot.objects.filter(pk__in=waits.slots[:MOST]).order_by("submitted_at").values_list(*SLOT_COLUMNS)
    )
    returned = [row for row in rows if row[10] == SlotStatus.RETURNED]
    lights = {row[0]: _light(row, today, year, workdays) for row in rows}
    late = [row for row in rows if row[10] == SlotStatus.OPEN and lights[row[0]].kind == "r"]
    near = [row for row in rows if row[10] == SlotStatus.OPEN and lights[row[0]].kind == "y"]
    doing = [row for row in rows if row[10] == SlotStatus.OPEN and lights[row[0]].kind not in "ry"]
    shown = [*returned[:MOST], *late[:MOST], *near[:MOST], *doing[:MOST_DOING], *judged]
    facts = _facts(user, shown)
    why = _returned_by([row[0] for row in returned[:MOST]])
    groups = [
        Group("returned", "退回给我", "补正后再交", [_open(row, lights, facts, own, why, today) for row in returned[:MOST]], len(returned)),
        Group("late", "逾期", "", [_open(row, lights, facts, own, why, today) for row in late[:MOST]], len(late)),
        Group("near", "临近", f"{year.near_days} 个工作日内到期", [_open(row, lights, facts, own, why, today) for row in near[:MOST]], len(near)),
        _review(judged, waits, facts, today, workdays),
        _signing(year, waits, today, workdays),
        _to_receive(year, own, today),
        Group("doing", "办理中", "按期限先后", [_open(row, lights, facts, own, why, today) for row in doing[:MOST_DOING]], len(doing)),
    ]  # fmt: skip
    return Desk([group for group in groups if group.total])


def _mine(year: Year, own: _Own, today: date) -> Any:
    """Slots that have opened and are still to be handed in by me or by those I fill in for."""
    mine = Q(performer__in=own.for_all)
    mine |= Q(performer__in=own.for_self) & (Q(item__person=None) | ~Q(performer=F("item__lead")))
    if own.people:
        mine |= Q(item__person__in=own.people, performer=F("item__lead"))
    return (
        Slot.objects.filter(
            mine, item__year=year, item__status__in=WORKING, status__in=TO_HAND_IN,
            before_system=False, opens_on__lte=today,
        ).order_by("due_on", "item__order", "pk").values_list(*SLOT_COLUMNS)
    )  # fmt: skip


def _light(row: Any, today: date, year: Year, workdays: Workdays) -> Light:
    return slot_light(row[10], row[11], row[12], today, year.near_days, workdays, late=row[13])


def _facts(user: Any, rows: list[Any]) -> dict[int, tuple[int, list[str]]]:
    """Slot id → pieces cited, what is missing and must not be; two queries."""
    asked, given = asked_of({row[1] for row in rows}), given_to([row[0] for row in rows], user)
    return {
        row[0]: (
            len(given.get(row[0], [])),
            [one.text for one in missing(asked.get(row[1], []), given.get(row[0], [])) if one.must],
        )
        for row in rows
    }


def _returned_by(slots: list[int]) -> dict[int, tuple[str, str]]:
    """Slot id → who returned it last, and why."""
    rows = Signature.objects.filter(slot__in=slots, verdict=Verdict.RETURN, withdrawn_by=None).order_by("pk")
    return {
        slot: (name or "", opinion)
        for slot, name, opinion in rows.values_list("slot", "person__name", "opinion")
    }


def _who(row: Any, own: _Own) -> str:
    if row[8] == own.person_id and row[16] == row[17]:
        return "本人"
    unit = row[7] or row[6]
    return f"{unit} {row[9]}" if row[9] and row[16] == row[17] else unit


def _short(lack: str) -> str:
    """会议现场照片 1/2，少 1 张 → 会议现场照片 1/2; the name itself may have commas."""
    return re.sub(r"，少 \d+ \S+$", "", lack)


def _day(due: date | None, today: date) -> str:
    """06-10; of another year with the year."""
    return "" if due is None else f"{due:%m-%d}" if due.year == today.year else f"{due}"


def _tag(row: Any) -> str:
    return "" if row[4] in ("year", "cycle") and row[5] in ("全年", "届期", "一次") else row[5]


def _open(
    row: Any,
    lights: dict[int, Light],
    facts: dict[int, tuple[int, list[str]]],
    own: _Own,
    why: dict[int, tuple[str, str]],
    today: date,
) -> Row:
    """A slot still to be handed in."""
    pk, light, (count, lacks) = row[0], lights[row[0]], facts[row[0]]
    who = _who(row, own)
    says = (
        f"还缺：{_short(lacks[0])}{f' 等{len(lacks)}处' if len(lacks) > 1 else ''}"
        if lacks
        else f"材料 {count} 件，可提交"
        if count
        else "可提交"
    )
    act, to = ("传材料", "upload") if lacks else ("去提交", "item")
    if row[10] == SlotStatus.RETURNED:
        by, opinion = why.get(pk, ("", ""))
        says, who, act, to = opinion or says, f"{by} 退回" if by else who, "补正再交", "item"
    hot = row[10] == SlotStatus.RETURNED or light.kind == "r"
    lamp = look.lamp("r" if light.kind == "r" else light.kind, light.text)
    return Row(
        row[1],
        pk,
        lamp,
        row[2],
        row[3],
        _tag(row),
        says,
        bool(lacks),
        who,
        _day(row[11], today),
        act,
        hot,
        to,
        own.acting(row[8], row[16], row[17]),
    )


def _waited(since: datetime | None, today: date, workdays: Workdays) -> str:
    days = workdays.between(timezone.localdate(since), today) if since else 0
    return look.lamp("b", f"已等 {days} 天" if days > 0 else "今天送到")


def _review(
    judged: list[Any],
    waits: Waiting,
    facts: dict[int, tuple[int, list[str]]],
    today: date,
    workdays: Workdays,
) -> Group:
    """Slots at a step where this person stands; those with everything at hand may be passed together."""
    rows = []
    for row in judged:
        count, lacks = facts[row[0]]
        says = f"材料 {count} 件，{'；'.join(map(_short, lacks)) or '要求已满足'}"
        unit = row[7] or row[6]
        who = f"{unit} {row[9]}" if row[9] and row[16] == row[17] else unit
        sent = f"{timezone.localtime(row[14]):%m-%d} 交" if row[14] else ""
        rows.append(
            Row(
                row[1],
                row[0],
                _waited(row[14], today, workdays),
                row[2],
                row[3],
                _tag(row),
                says,
                bool(lacks),
                who,
                sent,
                "审核",
                acting=waits.acting_slots.get(row[0], ""),
            )
        )
    return Group(
        "review",
        "待我审核",
        "按提交先后",
        rows,
        len(waits.slots),
        [row[0] for row in judged if not facts[row[0]][1]],
    )


def _signing(year: Year, waits: Waiting, today: date, workdays: Workdays) -> Group:
    """Items at a step per item: once for the year, the last one strikes off."""
    chains = chains_of(year.campaign_id)
    found = list(
        Item.objects.filter(pk__in=waits.items[:MOST]).order_by("changed_at").values_list(
            "pk", "no", "title", "lead__name", "lead__short_name", "person__name", "track", "step", "changed_at", "due_on"
        )
    )  # fmt: skip
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for item, status, number in (
        Slot.objects.filter(item__in=waits.items[:MOST])
        .order_by()
        .values_list("item", "status")
        .annotate(n=Count("pk"))
    ):
        counts[item][status] = number
    rows = []
    for pk, no, title, name, short, person, track, step, changed, due in found:
        stop = chains.stop(track, step)
        told = counts[pk]
        waived = told.get(SlotStatus.WAIVED, 0)
        says = f"期次 {told.get(SlotStatus.ACCEPTED, 0)}/{sum(told.values()) - waived} 通过" + (
            f"，不适用 {waived}" if waived else ""
        )
        act = "核验销号" if stop and stop.last else "签批"
        who = " ".join(filter(None, [short or name or "", person or ""]))
        if stop:
            says = f"{stop.label}；{says}"
        rows.append(
            Row(pk, None, _waited(changed, today, workdays), no, title, "", says, False, who,
                _day(due, today), act, acting=waits.acting_items.get(pk, ""))
        )  # fmt: skip
    return Group("sign", "待我签批", "全年一次", rows, len(waits.items), [row.item_id for row in rows])


def _to_receive(year: Year, own: _Own, today: date) -> Group:
    """Items handed out to me or to those I fill in for, not yet taken note of."""
    mine = Q(lead__in=own.for_all) | Q(lead__in=own.for_self, person=None)
    if own.people:
        mine |= Q(person__in=own.people)
    rows = [
        Row(pk, None, look.lamp("n", "待签收"), no, title, "", f"{timezone.localtime(at):%m-%d} 交办" if at else "已交办", False,
            "本人" if person == own.person_id else " ".join(filter(None, [short or unit or "", name or ""])),
            _day(due, today), "签收", False, "receive", own.acting(person, lead, lead))
        for pk, no, title, at, person, name, unit, short, due, lead in Item.objects.filter(mine, year=year, status=Status.ASSIGNED)
        .order_by("due_on", "order").values_list(
            "pk", "no", "title", "assigned_at", "person", "person__name", "lead__name", "lead__short_name", "due_on", "lead")
    ]  # fmt: skip
    return Group("receive", "待签收", "", rows[:MOST], len(rows))


def passable(user: Any, year: Year, kind: str, ids: list[int]) -> list[int]:
    """Those of IDS that may be passed together now: they wait for USER, and slots have all that is asked for."""
    waits = waiting_for(user, year)
    if kind == "items":
        return [pk for pk in waits.items if pk in set(ids)]
    rows = list(Slot.objects.filter(pk__in=set(waits.slots) & set(ids)).values_list("pk", "item_id"))
    facts = _facts(user, rows)
    return [pk for pk, _ in rows if not facts[pk][1]]
