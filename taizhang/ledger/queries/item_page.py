"""All that the page of one item shows, in a fixed number of queries however many slots it has."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from taizhang.campaigns.queries import calendar, holders
from taizhang.campaigns.rules.workdays import Workdays
from taizhang.org.queries import posts_of
from taizhang.standards.rules.cadence import LABELS as CADENCES

from ..models import Item, ItemUnit, Signature, Slot, Submission
from ..rules.lights import Light, item_light
from ..rules.needs_met import FIELD_WORDS, Asked, Missing, missing
from ..rules.signing import Stop, acted_name, names_at
from ..rules.states import SlotStatus, Source, Status, Verdict
from .cells import Cell, cells
from .facts import asked_of, chains_of, lead_said, matter_of
from .material_checks import Mark, marks_of
from .materials import Material, materials_of
from .scope import is_guest, items_for, slots_seen
from .standing import at_step

DEFAULT_NEAR_DAYS = 3


@dataclass(frozen=True)
class Link:
    """One step of a chain: who stands there today and what has come of it. `state`: ok on back skip or ""."""

    label: str
    person: str
    state: str
    word: str
    opinion: str = ""


@dataclass(frozen=True)
class Sign:
    """One signature in words."""

    label: str
    opinion: str
    name: str
    tag: str
    at: str
    verdict: str
    note: str = ""
    scan_id: int | None = None


@dataclass
class ItemPage:
    """What the template needs; everything in it is plain."""

    item: Item
    today: date
    light: Light
    helpers: list[str]
    slots: list[Cell]
    current: Cell | None
    shape: str  # none, one, strip, weeks, matrix
    asked: list[Asked]
    materials: list[Material] = field(default_factory=list)
    lacks: list[Missing] = field(default_factory=list)
    submission: Submission | None = None
    slot_chain: list[Link] = field(default_factory=list)
    item_chain: list[Link] = field(default_factory=list)
    signs: list[tuple[str, list[Sign]]] = field(default_factory=list)
    before: tuple[str, int] | None = None  # no, id
    after: tuple[str, int] | None = None
    signed: list[Signature] = field(default_factory=list)
    marks: dict[int, Mark] = field(default_factory=dict)  # piece → 提醒 of the library
    lead_said: str = ""  # of an item that is done by the name of that day

    @property
    def stopping(self) -> list[Missing]:
        """What stops a submission; the rest is only said."""
        return [one for one in self.lacks if one.must]

    @property
    def needs_met(self) -> int:
        return len(self.asked) - len({one.need_id for one in self.lacks if one.need_id})

    @property
    def passed(self) -> int:
        return sum(cell.status in (SlotStatus.ACCEPTED, SlotStatus.WAIVED) for cell in self.slots)

    @property
    def needs_text(self) -> str:
        return "；".join(need_words(need) for need in self.asked)

    @property
    def cadence_text(self) -> str:
        label = CADENCES.get(self.item.cadence, self.item.cadence)  # type: ignore[call-overload]
        times = f" {self.item.times} 次" if self.item.times > 1 else ""
        periods = len({(cell.starts_on, cell.nth) for cell in self.slots})
        performers = len({cell.performer_id for cell in self.slots})
        count = (
            f"，{performers} 个单位各 {periods} 期"
            if performers > 1
            else f"，共 {periods} 期"
            if periods
            else ""
        )
        return f"{label}{times}{count}"

    @property
    def closing_text(self) -> str:
        if not self.slots:
            return "有事发生时加一期；全年没有发生的，写明后报请销号"
        required = (
            f"各单位通过 {self.item.required} 期" if self.item.required else f"{len(self.slots)} 期全部通过"
        )
        return f"{required}后按环节签批，最后一环签批即销号"

    @property
    def source_label(self) -> str:
        return Source(self.item.source_kind).label


def need_words(need: Asked) -> str:
    """现场照片 2 张，须有时间、地点（带文号）."""
    unit = {"picture": "张", "link": "个"}.get(need.kind, "件")
    fields = "、".join(FIELD_WORDS[name] for name in need.fields if name in FIELD_WORDS)
    words = f"{need.name} {need.least} {unit}"
    if fields:
        words += f"，须写{fields}"
    if need.doc_no:
        words += "（带文号）"
    return words if need.must else f"{words}（可选）"


def item_page(user: Any, item: Item, slot: int | None, today: date) -> ItemPage:
    """Read everything. ITEM comes from `items_for` with its relations at hand (see `find`)."""
    workdays = calendar()
    near = item.year.near_days if item.year else DEFAULT_NEAR_DAYS
    rows = cells(slots_seen(user, item), today, near, workdays)
    if slot is None:
        slot = _to_judge(user, item, rows)
    current = choose(rows, slot, today, frozenset(post.unit_id for post in posts_of(user)))
    left = [cell for cell in rows if cell.open and not cell.before_system]
    first = min(left, key=lambda cell: cell.due_on, default=None)
    light = item_light(
        item.status, first.due_on if first else None, first.opens_on if first else None, today, near, workdays
    )
    shown = ItemPage(
        item, today, light, _helpers(user, item),
        rows, current, shape_of(item, rows), asked_of([item.pk]).get(item.pk, []),
    )  # fmt: skip
    shown.signed = list(
        Signature.objects.filter(Q(slot=current.pk if current else None) | Q(slot__isnull=True), item=item)
        .select_related("person", "entered_by", "step", "acting_for")
        .order_by("pk")
    )
    shown.lead_said = lead_said([item])[item.pk]
    if current:
        _fill_slot(user, shown, current)
        shown.marks = marks_of(user, item, current, shown.asked, shown.materials)
    _fill_chains(shown, current, today, workdays)
    shown.signs = _attempts(shown)
    shown.before, shown.after = _neighbours(user, item)
    return shown


def _helpers(user: Any, item: Item) -> list[str]:
    """Who helps, by name; to a guest the other side's departments are not named."""
    rows = ItemUnit.objects.filter(item=item).select_related("unit")
    if is_guest(user, item):
        rows = rows.exclude(unit__agency=item.unit_id)
    return [str(row.unit) for row in rows]


def find(user: Any, pk: int) -> Any:
    """The item with what its page needs beside it; the caller turns nothing into 404."""
    return items_for(user).filter(pk=pk).select_related(
        "unit", "year__campaign", "track__owner", "indicator__edition", "lead", "lead__agency", "person", "leader",
        "step", "previous__year", "statement",
    )  # fmt: skip


def _to_judge(user: Any, item: Item, rows: list[Cell]) -> int | None:
    """The slot that waits for USER's own review, the oldest first; the way of slots is the same for all of an item."""
    person = getattr(user, "person", None)
    waiting = sorted((cell.due_on, cell.pk) for cell in rows if cell.status == SlotStatus.SUBMITTED)
    if person is None or not waiting:
        return None
    pk = waiting[0][1]
    here = at_step(item, Slot.objects.get(pk=pk))
    return pk if here and person.pk in [one for one, _ in here.people] else None


def choose(
    rows: list[Cell], wanted: int | None, today: date, units: frozenset[int] = frozenset()
) -> Cell | None:
    """The slot on show: the one asked for, else what came back, what is due first, what waits, the last.

    UNITS are the reader's own: who fills for one of the performers sees that one's slots.
    """
    for cell in rows:
        if cell.pk == wanted:
            return cell
    rows = [cell for cell in rows if cell.performer_id in units] or rows
    returned = [cell for cell in rows if cell.status == SlotStatus.RETURNED]
    begun = [cell for cell in rows if cell.open and cell.opens_on <= today and not cell.before_system]
    waiting = [cell for cell in rows if cell.status == SlotStatus.SUBMITTED]
    for some in (returned, begun, waiting):
        if some:
            return min(some, key=lambda cell: cell.due_on)
    coming = [cell for cell in rows if cell.open and not cell.before_system]
    return coming[0] if coming else rows[-1] if rows else None


def shape_of(item: Item, rows: list[Cell]) -> str:
    """How the slots are laid out: one, a strip, many in quarters, or performers × periods."""
    if not rows:
        return "none"
    if len({cell.performer_id for cell in rows}) > 1:
        return "matrix"
    if len(rows) == 1:
        return "one"
    return "strip" if len(rows) <= 12 else "weeks"


def _fill_slot(user: Any, shown: ItemPage, current: Cell) -> None:
    """The materials of the slot on show, what it lacks, and what was last handed in for it."""
    shown.materials, given = materials_of(user, current.pk, shown.asked)
    shown.lacks = missing(shown.asked, given)
    shown.submission = (
        Submission.objects.filter(slot=current.pk)
        .select_related("by", "on_behalf_of", "acting_for")
        .order_by("-attempt")
        .first()
    )


def names(all_of_them: list[str]) -> str:
    """Who stands at a step, in a line that stays one: three by name, of more the first and how many."""
    return "、".join(all_of_them) if len(all_of_them) <= 3 else f"{all_of_them[0]} 等 {len(all_of_them)} 人"


def _fill_chains(shown: ItemPage, current: Cell | None, today: date, workdays: Workdays) -> None:
    """The steps with who stands there today: one look at the posts, one at the names."""
    item = shown.item
    if item.year is None:
        return
    people = holders(item.unit, today)
    chains = chains_of(item.year.campaign_id)
    matter = matter_of(item, chains)
    per_slot = chains.after(item.track_id, None, per_slot=True)
    per_item = chains.after(item.track_id, None, per_slot=False)
    who = {stop.id: names(names_at(stop.who, matter, people)) for stop in (*per_slot, *per_item)}
    if current:
        first = _handed_in(shown, current)
        shown.slot_chain = [first, *(
            _link(stop, who, shown.signed, current.pk, current.attempt, current.step_id, current.status == SlotStatus.SUBMITTED,
                  timezone.localdate(current.submitted_at) if current.submitted_at else None, today, workdays)
            for stop in per_slot
        )]  # fmt: skip
    shown.item_chain = [
        _link(
            stop,
            who,
            shown.signed,
            None,
            item.attempt,
            item.step_id,
            item.status == Status.REVIEW,
            None,
            today,
            workdays,
        )
        for stop in per_item
    ]


def _handed_in(shown: ItemPage, current: Cell) -> Link:
    submission = shown.submission
    if current.status == SlotStatus.WAIVED:
        return Link("报送", "", "skip", "不适用")
    if current.open:
        # of a branch, or a department that takes part, the lead's person hands nothing in
        own = current.performer_id == shown.item.lead_id
        name = str(shown.item.person or current.performer) if own else current.performer
        if current.status == SlotStatus.RETURNED:
            return Link("报送", name, "on", "退回，等补正再交")
        return Link("报送", name, "on", "等材料补齐" if shown.stopping else "材料已齐，可以提交")
    if submission is None:
        return Link("报送", "", "ok" if current.status == SlotStatus.ACCEPTED else "", current.state_label)
    return Link(
        "报送",
        name_of(submission),
        "ok",
        f"{timezone.localtime(submission.at):%m-%d} 报送{'（迟报）' if current.late else ''}",
    )


def name_of(submission: Submission) -> str:
    """张三；李四（代张三） as a stand-in；李四 代 张三 on behalf."""
    by = acted_name(submission.by or "系统", submission.acting_for)
    return f"{by} 代 {submission.on_behalf_of}" if submission.on_behalf_of else by


def _link(
    stop: Stop, who: dict[int, str], signed: list[Signature], slot: int | None, attempt: int, step: int | None,
    waits: bool, since: date | None, today: date, workdays: Workdays,
) -> Link:  # fmt: skip
    for sign in signed:
        if (sign.slot_id, sign.step_id, sign.attempt, sign.withdrawn_by_id) == (slot, stop.id, attempt, None):
            day = f"{sign.signed_on:%m-%d}"
            paper = "（纸质）" if sign.on_paper else ""
            if sign.verdict == Verdict.SKIP:
                return Link(stop.label, "", "skip", "跳过", sign.opinion)
            if sign.verdict == Verdict.RETURN:
                return Link(
                    stop.label,
                    acted_name(sign.person, sign.acting_for),
                    "back",
                    f"{day} 退回{paper}",
                    sign.opinion,
                )
            return Link(
                stop.label, acted_name(sign.person, sign.acting_for), "ok", f"{day} 同意{paper}", sign.opinion
            )
    if waits and step == stop.id:
        days = workdays.between(since, today) if since else 0
        return Link(
            stop.label, who[stop.id] or "无人担任", "on", f"等签批{f'，已等 {days} 天' if days > 0 else ''}"
        )
    return Link(stop.label, who[stop.id] or "无人担任", "", "未到")


def _attempts(shown: ItemPage) -> list[tuple[str, list[Sign]]]:
    """The signatures of this and earlier rounds, the newest round first, slot and item apart."""
    groups: dict[tuple[bool, int], list[Sign]] = {}
    for sign in shown.signed:
        groups.setdefault((sign.slot_id is None, sign.attempt), []).append(sign_words(sign))
    label = shown.current.period if shown.current else ""
    return [
        (f"{'本事项' if whole else label} 第 {attempt} 次", rows)
        for (whole, attempt), rows in sorted(groups.items(), reverse=True)
    ]


def sign_words(sign: Signature) -> Sign:
    step = str(sign.step) if sign.step else Verdict(sign.verdict).label
    opinion = sign.opinion or Verdict(sign.verdict).label
    tags = []
    if sign.verdict == Verdict.RETURN:
        tags.append("退回")
    if sign.on_paper:
        tags.append("纸质签批")
    if sign.withdrawn_by_id:
        tags.append("已撤销")
    note = f"{sign.entered_by} 登记" if sign.on_paper and sign.entered_by else ""
    at = f"{sign.signed_on}" if sign.on_paper else f"{timezone.localtime(sign.at):%Y-%m-%d %H:%M}"
    name = acted_name(sign.person or "—", sign.acting_for)
    return Sign(step, opinion, name, "、".join(tags), at, sign.verdict, note, sign.scan_id)


def _neighbours(user: Any, item: Item) -> tuple[tuple[str, int] | None, tuple[str, int] | None]:
    """The items before and after this one in its ledger, as (no, id)."""
    others = items_for(user).filter(year=item.year_id)
    before = (
        others.filter(Q(order__lt=item.order) | Q(order=item.order, pk__lt=item.pk))
        .order_by("-order", "-pk").values_list("no", "pk").first()
    )  # fmt: skip
    after = (
        others.filter(Q(order__gt=item.order) | Q(order=item.order, pk__gt=item.pk))
        .order_by("order", "pk").values_list("no", "pk").first()
    )  # fmt: skip
    return before, after
