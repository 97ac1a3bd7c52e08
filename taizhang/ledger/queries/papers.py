"""What stands on paper: 销号审批表, 汇总表, 销号单; and what waits for a signature that may be given on paper."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from taizhang.campaigns.models import Step, Year
from taizhang.campaigns.queries import holders
from taizhang.org.models import Unit
from taizhang.org.rules.holders import Holders

from ..models import Citation, Item, ItemUnit, Signature, Slot, Submission
from ..rules.signing import Matter, Stop, called, judges
from ..rules.states import SlotStatus, Status, Verdict
from .facts import chains_of, lead_said, matter_of, slot_submitters, submitters
from .item_page import sign_words
from .limited import ONE, as_column, untold
from .scope import items_for

#: rows of evidence that fit on the one page; the rest is counted
MOST_PIECES = 8
MOST_ITEMS = 200


@dataclass(frozen=True)
class Opinion:
    """One box of opinions: empty lines while it is still to be signed."""

    label: str
    opinion: str = ""
    name: str = ""
    at: str = ""
    tag: str = ""

    @property
    def signed(self) -> bool:
        return bool(self.name)


@dataclass(frozen=True)
class Piece:
    title: str
    says: str
    day: str


@dataclass
class Form:
    """One item as it stands on its paper."""

    item: Item
    helpers: str
    doing: str
    finished: str
    pieces: list[Piece] = field(default_factory=list)
    more: int = 0
    opinions: list[Opinion] = field(default_factory=list)
    code: str = ""
    waits_at: str = ""
    lead: str = ""  # by the name that it had when the item was struck off
    due_on: date | None = None  # of the last slot: the item's own is that of the next one to be done

    @property
    def points(self) -> str:
        points = self.item.points
        return f"{points:f}".rstrip("0").rstrip(".") + " 分" if points is not None else "—"

    @property
    def day(self) -> str:
        return f"{timezone.localtime(self.item.closed_at):%Y-%m-%d}" if self.item.closed_at else ""


@dataclass(frozen=True)
class Entry:
    """Something that waits at a step that may be signed on paper."""

    kind: str  # item or slot
    pk: int
    no: str
    title: str
    label: str
    lead: str
    since: str

    @property
    def key(self) -> str:
        """As a ticked box says it: item-41, slot-7."""
        return f"{self.kind}-{self.pk}"


@dataclass(frozen=True)
class Waits:
    """The entries that wait at one step for the same people."""

    label: str
    people: tuple[tuple[int, str], ...]
    entries: list[Entry]

    @property
    def names(self) -> str:
        return "、".join(name for _, name in self.people) or "无人担任"


def papers_of(user: Any, ids: Sequence[int], today: date) -> list[Form]:
    """The forms of the items IDS that USER sees, in the ledger's order; the same queries for one and for forty."""
    items = list(
        items_for(user).filter(pk__in=list(ids)[:MOST_ITEMS], year__isnull=False)
        .select_related("unit", "year__campaign", "lead", "person", "leader", "indicator").order_by("year", "order", "pk")
    )  # fmt: skip
    if not items:
        return []
    helpers: dict[int, list[str]] = defaultdict(list)
    for row in ItemUnit.objects.filter(item__in=items).select_related("unit"):
        helpers[row.item_id].append(str(row.unit))
    slots: dict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    last_day: dict[int, Any] = {}
    last_due: dict[int, date] = {}
    for item_id, status, label, late, submitted, due in Slot.objects.filter(item__in=items).values_list(
        "item", "status", "label", "late", "submitted_at", "due_on"
    ):
        slots[item_id].append((status, label, late))
        last_due[item_id] = max(due, last_due.get(item_id, due))
        if submitted and (item_id not in last_day or submitted > last_day[item_id]):
            last_day[item_id] = submitted
    said: dict[int, tuple[str, str]] = {}
    for item_id, label, conclusion in (
        Submission.objects.filter(slot__item__in=items)
        .order_by("at")
        .values_list("slot__item", "slot__label", "conclusion")
    ):
        if conclusion:
            said[item_id] = (label, conclusion)
    pieces: dict[int, dict[int, Piece]] = defaultdict(dict)
    prints: dict[int, list[str]] = defaultdict(list)
    for item_id, pk, title, doc_no, theme, day, number, sha, hidden in (
        Citation.objects.filter(slot__item__in=items)
        .annotate(untold=as_column(untold(user)))
        .order_by("slot__starts_on", "order", "pk")
        .values_list("slot__item", "evidence", "evidence__title", "evidence__doc_no", "evidence__theme",
                     "evidence__happened_on", "evidence__number", "version_pinned__blob__sha256", "untold")
    ):  # fmt: skip
        told = Piece(ONE, "", "") if hidden else Piece(title, doc_no or theme, f"{day:%m-%d}" if day else "")
        pieces[item_id].setdefault(pk, told)
        prints[item_id].append(f"{number}:{sha or ''}")
    signed: dict[int, list[Signature]] = defaultdict(list)
    for sign in (
        Signature.objects.filter(item__in=items, withdrawn_by=None)
        .select_related("person", "entered_by", "step", "acting_for", "slot").order_by("pk")
    ):  # fmt: skip
        signed[sign.item_id].append(sign)
    chains = {campaign: chains_of(campaign) for campaign in {_campaign(item) for item in items}}
    found, leads = [], lead_said(items)
    for item in items:
        own = list(pieces[item.pk].values())
        chain = chains[_campaign(item)]
        form = Form(
            item, "、".join(helpers[item.pk]), doing_words(slots[item.pk], said.get(item.pk)),
            f"{timezone.localtime(last_day[item.pk]):%Y-%m-%d}" if item.pk in last_day else "",
            own[:MOST_PIECES], max(0, len(own) - MOST_PIECES),
        )  # fmt: skip
        form.lead = leads[item.pk]
        form.due_on = last_due.get(item.pk, item.due_on)
        per_slot = chain.after(item.track_id, None, per_slot=True)
        per_item = chain.after(item.track_id, None, per_slot=False)
        form.opinions = [*(_slot_opinion(stop, signed[item.pk], slots[item.pk]) for stop in per_slot),
                         *(_item_opinion(stop, signed[item.pk], item) for stop in per_item)]  # fmt: skip
        stop = chain.stop(item.track_id, item.step_id)
        form.waits_at = stop.label if stop and item.status in (Status.REVIEW, Status.ACCEPTED) else ""
        form.code = check_code(item, prints[item.pk], signed[item.pk])
        found.append(form)
    return found


def _campaign(item: Item) -> int:
    assert item.year is not None  # asked for in the query
    return item.year.campaign_id


def doing_words(slots: list[tuple[str, str, bool]], said: tuple[str, str] | None) -> str:
    """全年 12 期，通过 11 期，不适用 1 期。 and the last conclusion that was written."""
    words = ""
    if len(slots) > 1:
        passed = sum(status == SlotStatus.ACCEPTED for status, _, _ in slots)
        waived = sum(status == SlotStatus.WAIVED for status, _, _ in slots)
        late = sum(tardy for _, _, tardy in slots)
        words = f"全年共 {len(slots)} 期，已通过 {passed} 期"
        words += f"，不适用 {waived} 期" if waived else ""
        words += f"，其中迟报 {late} 期。" if late else "。"
    if said:
        label, text = said
        words += f"{label}期：{text}" if len(slots) > 1 else text
    return words


def _slot_opinion(stop: Stop, signed: list[Signature], slots: list[tuple[str, str, bool]]) -> Opinion:
    """The verdicts of a step per slot, in one box: of one slot as it is, of many who signed how often."""
    mine = [
        sign for sign in signed if sign.step_id == stop.id and sign.slot_id and sign.verdict != Verdict.RETURN
    ]
    if not mine:
        return Opinion(stop.label)
    last = mine[-1]
    if last.person is None:
        return Opinion(stop.label, last.opinion, "（跳过）")
    words = sign_words(last)
    if len(slots) <= 1:
        return Opinion(stop.label, words.opinion, words.name, words.at, words.tag)
    accepted = len({sign.slot_id for sign in mine})
    return Opinion(stop.label, f"各期逐一审核，{accepted} 期同意。", words.name, words.at, words.tag)


def _item_opinion(stop: Stop, signed: list[Signature], item: Item) -> Opinion:
    for sign in reversed(signed):
        if (
            sign.step_id == stop.id
            and sign.slot_id is None
            and sign.attempt == item.attempt
            and sign.verdict != Verdict.RETURN
        ):
            if sign.person is None:
                return Opinion(stop.label, sign.opinion, "（跳过）")
            words = sign_words(sign)
            return Opinion(stop.label, words.opinion, words.name, words.at, words.tag)
    return Opinion(stop.label)


def check_code(item: Item, prints: list[str], signed: list[Signature]) -> str:
    """Twelve digits over what stands on the paper: 7C1E-09A4-5B32. Another wording or signature gives another code."""
    facts = [
        item.unit_id, item.no, item.title, item.requirement, str(item.points), item.lead_id, item.person_id, item.close_no,
        sorted(prints),
        [(one.step_id, one.slot_id, one.person_id, one.verdict, one.opinion, str(one.signed_on), one.on_paper,
          *([one.acting_for_id] if one.acting_for_id else [])) for one in signed],
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(facts, ensure_ascii=False, default=str).encode()).hexdigest().upper()
    return "-".join(digest[at : at + 4] for at in (0, 4, 8))


Able = frozenset[tuple[int, int | None]]


def _able(stop: Stop, matter: Matter, people: Holders, barred: frozenset[int]) -> Able:
    return frozenset(judges(stop.who, matter, people, barred).items())


def paper_waits(year: Year, today: date) -> list[Waits]:
    """What waits in YEAR at steps that may be signed on paper, by who should sign; a fixed number of queries."""
    agency: Unit = year.campaign.unit
    chains, people = chains_of(year.campaign_id), holders(agency, today)
    papered = set(
        Step.objects.filter(track__campaign=year.campaign_id, may_be_paper=True).values_list("pk", flat=True)
    )
    items = list(
        Item.objects.filter(year=year, status__in=[Status.REVIEW, Status.ACCEPTED], step__in=papered)
        .select_related("lead").order_by("order", "pk")
    )  # fmt: skip
    slots = list(
        Slot.objects.filter(item__year=year, status=SlotStatus.SUBMITTED, step__in=papered)
        .select_related("item__lead", "performer").order_by("item__order", "starts_on")
    )  # fmt: skip
    barred, slot_barred = (
        submitters([item.pk for item in items]),
        slot_submitters([slot.pk for slot in slots]),
    )
    groups: dict[tuple[str, Able], list[Entry]] = defaultdict(list)
    for item in items:
        stop = chains.stop(item.track_id, item.step_id)
        if stop:
            able = _able(stop, matter_of(item, chains), people, barred.get(item.pk, frozenset()))
            since = f"{timezone.localtime(item.changed_at):%m-%d}"
            groups[stop.label, able].append(
                Entry("item", item.pk, item.no, item.title, "", str(item.lead or ""), since)
            )
    for slot in slots:
        stop = chains.stop(slot.item.track_id, slot.step_id)
        if stop:
            able = _able(stop, matter_of(slot.item, chains), people, slot_barred.get(slot.pk, frozenset()))
            since = f"{timezone.localtime(slot.submitted_at):%m-%d}" if slot.submitted_at else ""
            label = slot.label if slot.performer_id == slot.item.lead_id else f"{slot.performer} {slot.label}"
            groups[stop.label, able].append(
                Entry("slot", slot.pk, slot.item.no, slot.item.title, label, str(slot.item.lead or ""), since)
            )
    return [
        Waits(
            label, tuple(sorted((person, called(person, other, people)) for person, other in able)), entries
        )
        for (label, able), entries in groups.items()
    ]
