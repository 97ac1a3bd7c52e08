"""接续台账, saved: rows become leads, people, dates, states; files become evidence. One transaction, or nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from taizhang.campaigns.queries import holders
from taizhang.kit import clock
from taizhang.kit.errors import Refused, Stale
from taizhang.org.action import action, next_number
from taizhang.org.models import Person, Unit
from taizhang.org.record import Record, scope
from taizhang.org.rules.holders import Holders

from ..models import (
    Ask,
    Citation,
    Item,
    ItemUnit,
    Need,
    Remark,
    Signature,
    Slot,
    Submission,
    Takeover,
    TakeoverState,
)
from ..queries.facts import chains_of
from ..rules.asks import AskState, Kind
from ..rules.landing import DONE, Landing, beyond, distinguishes, land
from ..rules.signing import proposed_leader, proposed_person
from ..rules.states import FLOW, SLOT_FLOW, TO_HAND_IN, Source, Status, Verdict
from ..rules.takeover import ItemFact, Plan, Row, SlotFact
from .common import end_asks, move_on, person_of, set_aside, strike_off
from .takeover import OWN, check_open, remember_words
from .taking_files import Filing, TakenFile

TITLE, REMARK, CONCLUSION = 200, 500, 1000


@action("ledger.take_over", "接续台账", OWN)
def take_over(
    takeover: Takeover, *, by: Any, plan: Plan, versions: Mapping[int, int], files: Sequence[TakenFile] = (),
    past: bool = False,
) -> Takeover:  # fmt: skip
    """Save what PLAN says about the ledger of the takeover's year, and FILES as evidence of its items.

    VERSIONS: of the items when the plan was read; refused as stale when one has moved since. PAST: see rules.landing.
    """
    check_open(takeover.year)
    if takeover.state != TakeoverState.DRAFT:
        raise Refused("这份台账已经保存过了，没有再存一次。")
    person = person_of(by)
    if person is None:
        raise Refused("接续台账要由创建办人员在页面上保存。")
    work = _Work(takeover, by, person, past, distinguishes(plan.rows))
    rows = [row for row in plan.rows if row.kind != "skip" and not row.stops]
    work.load([row.item for row in rows if row.item] + [one.item for one in files if one.item], versions)
    for row in rows:
        if row.kind == "match" and row.item in work.items:
            work.take(work.items[row.item], row)
        elif row.kind == "own":
            work.take(work.raise_own(row), row)
    for one in files:
        work.file(one)
    work.write()
    remember_words(takeover)
    counts = {
        "rows": len(plan.rows), "matched": sum(row.kind == "match" for row in rows), "raised": len(work.raised),
        "skipped": len(plan.rows) - len(rows), "closed": work.closed, "settled": work.settled, "files": len(files),
        "cited": len(work.filing.citations), "only_kept": work.filing.only_kept, "items": sorted(work.touched),
        "raised_items": [item.pk for item in work.raised], "words": [*work.words, *work.filing.words][:500], "marks": work.marks(),
    }  # fmt: skip
    notes = [note for note in [*scope().notes, *work.notes()] if note["kind"] not in _LEFT]
    return takeover.change(state=TakeoverState.APPLIED, applied_at=clock.now(), counts=counts, notes=notes)


#: what taking back leaves: words stay remembered, bytes stay in the store
_LEFT = frozenset({"ledger.takeoverword", "ledger.takeover", "evidence.blob", "evidence.version"})


class _Work:
    """What is read once and written at the end, so that 259 rows and 600 files take few questions to the database."""

    def __init__(self, takeover: Takeover, by: Any, person: Person, past: bool, waits: bool) -> None:
        self.takeover, self.by, self.person, self.past, self.waits = takeover, by, person, past, waits
        self.year = takeover.year
        self.agency = self.year.campaign.unit
        self.today = clock.today()
        self.chains = chains_of(self.year.campaign_id)
        self.holders: Holders = holders(self.agency, self.today)
        self.units = {unit.pk: unit for unit in Unit.objects.filter(agency=self.agency)}
        self.people = set(Person.objects.filter(agency=self.agency).values_list("pk", flat=True))
        self.items: dict[int, Item] = {}
        self.own: dict[str, Item] = {}
        self.raised: list[Item] = []
        self.slots: dict[int, list[Slot]] = defaultdict(list)
        self.helpers: dict[int, set[int]] = defaultdict(set)
        self.touched: set[int] = set()
        self.asking: set[int] = set()  # items at which something waits for an answer
        self.submissions: list[Submission] = []
        self.signatures: list[Signature] = []
        self.remarks: list[Remark] = []
        self.new_helpers: list[ItemUnit] = []
        self.words: list[str] = []
        self.closed = self.settled = 0
        self.filing = Filing(by, person, self.agency, self.units, self.today)

    def load(self, ids: Sequence[int], versions: Mapping[int, int]) -> None:
        wanted = set(ids)
        rows = Item.objects.filter(year=self.year, pk__in=wanted).select_related(
            "unit", "year__campaign", "lead"
        )
        self.items = {item.pk: item for item in rows.select_for_update(of=("self",))}
        if wanted - self.items.keys():
            raise Refused("有的事项已经不在这一年的台账里，没有保存。请回到“对行”再核对一遍。")
        moved = [
            str(item) for pk, item in self.items.items() if versions.get(pk, item.version) != item.version
        ]
        if moved:
            raise Stale(
                f"没有保存：你核对之后又有人办理过 {'、'.join(moved[:3])}{'等' if len(moved) > 3 else ''}。请看过最新的再保存。",
                problems=moved,
            )
        slots = Slot.objects.filter(item__in=wanted).order_by("starts_on", "nth", "performer_id")
        for slot in slots:
            slot.item = self.items[slot.item_id]
            self.slots[slot.item_id].append(slot)
        for item, unit in ItemUnit.objects.filter(item__in=wanted).values_list("item", "unit"):
            self.helpers[item].add(unit)
        self.asking = set(
            Ask.objects.filter(item__in=wanted, state=AskState.OPEN).values_list("item", flat=True)
        )
        all_slots = [slot.pk for found in self.slots.values() for slot in found]
        self.filing.load(sorted(wanted), all_slots)

    # ---- rows

    def raise_own(self, row: Row) -> Item:
        """The row as an item of its own (原有台账), with the one slot of what happens once."""
        year = self.year
        lead = self._unit(row.lead)
        problem = beyond(row, year.starts_on, _last_on(year))
        due = row.due_on if row.due_on and not problem else year.assessed_on
        if problem:
            self.words.append(f"{row.sheet} 第 {row.row} 行：{problem} {due}")
        number = next_number(self.agency, "raise-原", year.year)
        people = [pk for pk in row.people if pk in self.people]
        item = Item.make(
            unit=self.agency, year=year, no=f"原-{year.year}-{number:03}", title=row.title[:TITLE], requirement=row.requirement,
            cadence="year", source_kind=Source.KEPT, lead=lead, due_on=due, due_fixed=True, order=100_000 + number,
            source_text=f"原台账《{self.takeover.source_name}》{row.sheet} 第 {row.row} 行"[:300],
            area=(row.area or "原有台账")[:200], section=row.section[:200], status=Status.PENDING,
            person_id=people[0] if people else proposed_person(row.lead, self.holders),
            leader_id=row.leader if row.leader in self.people else proposed_leader(row.lead, self.holders),
        )  # fmt: skip
        slot = Slot.make(
            item=item, performer=lead or self.agency, label="一次", starts_on=year.starts_on, ends_on=max(year.ends_on, due),
            opens_on=year.starts_on, due_on=due, due_fixed=True,
        )  # fmt: skip
        self.slots[item.pk].append(slot)
        self.raised.append(item)
        self.own[row.key] = self.items[item.pk] = item
        return item

    def take(self, item: Item, row: Row) -> None:
        self.touched.add(item.pk)
        landing = land(
            row,
            self._fact(item),
            self.year.starts_on,
            _last_on(self.year),
            self.today,
            past=self.past,
            waits=self.waits,
        )
        self.words += [f"{row.sheet} 第 {row.row} 行：{text}" for text in landing.words]
        if row.first and item.status not in (Status.CLOSED, Status.WAIVED):
            self._lead(item, row)
        self._help(item, row)
        if landing.due_on:
            for slot in self._open(item):
                slot.change(due_on=landing.due_on, due_fixed=True)
            item.change(due_on=landing.due_on, due_fixed=True)
            self._answered(item, f"接续原台账，期限已改为 {landing.due_on}，不用再批", Kind.EXTENSION)
        self._settle(item, row, landing)
        self._move(item, row, landing)
        self._say(item, row, landing)

    def _lead(self, item: Item, row: Row) -> None:
        """Who answers for it, as the file says; what the file does not say stays or follows a lead that moved."""
        lead = self._unit(row.lead)
        old = item.lead_id
        fields: dict[str, Any] = {}
        moved = lead is not None and lead.pk != old
        if moved and lead is not None:
            fields |= {
                "lead": lead, "leader_id": proposed_leader(lead.pk, self.holders),
                "person_id": proposed_person(lead.pk, self.holders),
            }  # fmt: skip
        people = [pk for pk in row.people if pk in self.people]
        if people:
            fields["person_id"] = people[0]
        if row.leader in self.people:
            fields["leader_id"] = row.leader
        if fields:
            item.change(**fields)
        if moved and item.per == "unit":
            for slot in self._open(item):
                if slot.performer_id == (old or item.unit_id):
                    slot.change(performer=lead)
        if moved and lead is not None:
            self._answered(item, f"接续原台账，已改由{lead}牵头，不用再批", Kind.DISPUTE)
            if lead.pk in self.helpers[item.pk]:
                self.helpers[item.pk].discard(lead.pk)
                for helper in item.helpers.filter(unit=lead):
                    helper.remove()

    def _answered(self, item: Item, words: str, kind: Kind) -> None:
        """What was asked for and not decided is settled by what the file says."""
        if item.pk in self.asking:
            end_asks(item, words, (kind,))

    def _help(self, item: Item, row: Row) -> None:
        mentioned = [*row.helpers, *([row.lead] if not row.first and row.lead else [])]
        for unit in mentioned:
            if unit in self.units and unit != item.lead_id and unit not in self.helpers[item.pk]:
                order = len(self.helpers[item.pk])
                self.helpers[item.pk].add(unit)
                self.new_helpers.append(ItemUnit(item=item, unit_id=unit, order=order))

    def _settle(self, item: Item, row: Row, landing: Landing) -> None:
        """Periods done outside the system: accepted, with a word on where from; nobody reviews them again."""
        gone = set(landing.settled)
        chosen = [slot for slot in self.slots[item.pk] if slot.pk in gone]
        at = _moment(row.closed_on, self.today)
        for slot in chosen:
            slot.change(
                status=SLOT_FLOW.take("fill", slot.status),
                attempt=slot.attempt + 1,
                step=None,
                submitted_at=at,
                accepted_at=at,
            )
            last = slot is chosen[-1]
            text = f"接续原台账：{row.progress}" if last and row.progress else "接续原台账：系统启用前已办"
            self.submissions.append(Submission(
                slot=slot, attempt=slot.attempt, number="接续", conclusion=text[:CONCLUSION], at=at,
            ))  # by nobody: whoever takes over handed nothing in, and may sign what waits  # fmt: skip
            self.signatures.append(self._signed(item, row, slot))
        self.settled += len(chosen)

    def _signed(self, item: Item, row: Row, slot: Slot | None = None) -> Signature:
        day = f"办结于 {row.closed_on}" if row.closed_on else "已办结"
        return Signature(
            item=item, slot=slot, attempt=slot.attempt if slot else item.attempt, verdict=Verdict.SKIP,
            opinion=f"接续原台账：{day}，不再逐级审核", entered_by=self.person, signed_on=self.today, at=clock.now(),
        )  # fmt: skip

    def _move(self, item: Item, row: Row, landing: Landing) -> None:
        status = landing.status
        if status is None or status == item.status:
            return
        now = clock.now()
        if status in (Status.WAIVED, Status.SUSPENDED):
            step = "waive" if status == Status.WAIVED else "suspend"
            reason = row.remark or row.progress or f"原台账写的是“{Status(status).label}”"
            set_aside(item, step, reason)
            return
        state = FLOW.take("assign", item.status) if item.status == Status.PENDING else item.status
        fields: dict[str, Any] = {"assigned_at": item.assigned_at or now}
        if status != Status.ASSIGNED:
            fields["received_at"] = item.received_at or now
            state = FLOW.take("receive", state) if state == Status.ASSIGNED else state
        if status == Status.DOING:
            state = FLOW.take("work", state)
        if status in DONE:
            state = FLOW.take("work", state)
            state = FLOW.take("settle", state)
        item.change(status=state, **fields)
        if status == Status.ACCEPTED and self.chains.after(item.track_id, None, per_slot=False):
            move_on(item, self.by, after=None, signer=None)
        elif status in DONE:
            self.signatures.append(self._signed(item, row))
            strike_off(item, _moment(row.closed_on, self.today))
            self.closed += 1

    def _say(self, item: Item, row: Row, landing: Landing) -> None:
        """Progress and remarks in the file's own words, under the name of who takes over."""
        kept = bool(landing.settled) and len(row.progress) <= CONCLUSION - 10
        texts = [("原台账进展", "" if kept else row.progress)]
        if landing.status not in (Status.WAIVED, Status.SUSPENDED) or not row.remark:
            texts.append(("原台账备注", row.remark))
        for label, text in texts:
            for at in range(0, len(text), REMARK - 10):
                self.remarks.append(Remark(
                    item=item, by=self.person, text=f"{label}：{text[at : at + REMARK - 10]}", at=clock.now()
                ))  # fmt: skip

    def file(self, one: TakenFile) -> None:
        item = self.items.get(one.item) if one.item else self.own.get(one.row)
        filled = frozenset(row.slot.pk for row in self.submissions)
        if found := self.filing.put(one, item, self.slots[item.pk] if item else [], filled):
            self.touched.add(found.pk)

    # ---- the end

    def write(self) -> None:
        Submission.make_many(self.submissions)
        Signature.make_many(self.signatures)
        Remark.make_many(self.remarks)
        ItemUnit.make_many(self.new_helpers)
        Citation.make_many(self.filing.citations)

    def notes(self) -> list[dict[str, Any]]:
        """The ids of what was made in bulk, which the record notes only as numbers."""
        made: Sequence[Sequence[Record]] = (
            self.filing.citations, self.remarks, self.new_helpers, self.submissions, self.signatures,
        )  # fmt: skip
        return [{"kind": rows[0]._meta.label_lower, "ids": [row.pk for row in rows]} for rows in made if rows]

    def marks(self) -> dict[str, int]:
        """The last id of each table that work leaves rows in: what comes after was done since."""
        tables: Sequence[type[Record]] = (Citation, Remark, ItemUnit, Submission, Signature, Need, Slot)
        last = {
            one: one._default_manager.order_by("-pk").values_list("pk", flat=True).first() for one in tables
        }
        return {one._meta.label_lower: pk or 0 for one, pk in last.items()}

    def _unit(self, pk: int | None) -> Unit | None:
        return self.units.get(pk) if pk else None

    def _open(self, item: Item) -> list[Slot]:
        return [one for one in self.slots[item.pk] if one.status in TO_HAND_IN]

    def _fact(self, item: Item) -> ItemFact:
        slots = tuple(
            SlotFact(one.pk, one.performer_id, one.nth, one.label, one.starts_on, one.ends_on, one.status)
            for one in self.slots[item.pk]
        )
        fact = ItemFact(
            item.pk,
            item.no,
            item.code,
            item.title,
            lead_id=item.lead_id,
            status=item.status,
            due_on=item.due_on,
        )
        return replace(fact, cadence=item.cadence, per=item.per, slots=slots)


def _last_on(year: Any) -> date:
    """The last day on which an item of YEAR may be due."""
    return date(year.year + 1, 12, 31)


def _moment(day: date | None, today: date) -> datetime:
    """Noon of DAY where the file tells one that is not to come, else now."""
    if day is None or day > today:
        return clock.now()
    return timezone.make_aware(datetime.combine(day, time(12)))
