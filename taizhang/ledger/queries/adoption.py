"""换版的计划: what taking over a revised edition would do to a year's ledger. Looked at first, then carried out as it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from taizhang.campaigns.models import Stage, Track, Year
from taizhang.campaigns.queries import calendar
from taizhang.campaigns.rules.states import YearState
from taizhang.org.models import Unit
from taizhang.standards.models import Edition, MatchKind
from taizhang.standards.rules.cadence import Cycle

from ..models import Item
from ..rules import adoption as rules
from ..rules.adoption import NeedPlan, Standing
from ..rules.exchange import Exchange, Held, exchange
from ..rules.guests import due_for
from ..rules.plan import ONE_OFF, Grace, Wanted, plan_slots
from ..rules.schedule import Span, Thing, back_schedule
from ..rules.states import SETTLED, WORKING, Status
from ..rules.succession import Passage, succeed
from .adoption_facts import Handed, orders_of, read_ledger
from .editions import check_adoptable, ties_between
from .guest_slots import terms_of
from .opening import Leaf, Proposal, copied, leaves_of, proposals
from .openings import openings_of

_NONE = Exchange((), (), ())


@dataclass
class Line:
    """What becomes of one item (`item`), or the new item of one leaf (`item` None). Ended items have no `leaf`."""

    kind: MatchKind
    leaf: Leaf | None
    item: Item | None
    other: Item | None = None  # split from, or joined into
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    weight: frozenset[str] = frozenset()
    needs: NeedPlan = NeedPlan()
    slots: Exchange = _NONE
    due: dict[int, tuple[date, bool]] = field(
        default_factory=dict
    )  # index in slots.made → due, fixed by hand
    status: Status | None = None  # the state it gets, if another
    reason: str | None = None
    revisit: str = ""  # why it must be looked at again
    note: str = ""
    proposal: Proposal | None = None
    lead_id: int | None = None
    handed: Handed = Handed()
    settles: bool = False  # nothing is left to hand in: it goes on to its steps

    @property
    def changed(self) -> bool:
        """Whether more than its place and number is different."""
        regrouped = self.kind in (MatchKind.SPLIT, MatchKind.JOINED)
        return bool(
            regrouped
            or self.weight
            or self.needs.any
            or self.slots.gone
            or self.slots.made
            or self.status
            or self.revisit
        )

    @property
    def only_points(self) -> bool:
        return self.weight == {"points"} and not self.needs.any


@dataclass
class AdoptionPlan:
    """The whole plan. `lines` in the order of the new edition, then what ends; `names`: unit id → name."""

    track: Track
    year: Year
    base: Edition
    edition: Edition
    today: date
    lines: list[Line]
    names: dict[int, str]
    before: Decimal = Decimal(0)  # the points of all leaves, old and new
    after: Decimal = Decimal(0)
    orders: dict[int, int] = field(default_factory=dict)  # leaf id → order among the year's items

    def of(self, *kinds: str) -> list[Line]:
        return [line for line in self.lines if line.kind in kinds]

    @property
    def fresh(self) -> list[Line]:
        return [line for line in self.lines if line.item is None]

    @property
    def ended(self) -> list[Line]:
        return [line for line in self.lines if line.leaf is None]

    @property
    def revisits(self) -> list[Line]:
        return [line for line in self.lines if line.revisit]

    @property
    def exchanged(self) -> list[Line]:
        return [line for line in self.lines if line.item and (line.slots.gone or line.slots.made)]

    @property
    def without_lead(self) -> list[Line]:
        return [line for line in self.fresh if line.lead_id is None]

    @property
    def counts(self) -> dict[str, int]:
        """As kept with the adoption. Pieces of a split and items joined away count in their kinds."""
        found = Counter(str(line.kind) for line in self.lines)
        return {
            **{kind.value: found[kind] for kind in MatchKind},
            "rewritten": sum(bool(line.weight or line.needs.any) for line in self.lines if line.item and line.leaf),
            "revisit": len(self.revisits), "without_lead": len(self.without_lead),
            "slots_gone": sum(len(line.slots.gone) for line in self.lines),
            "slots_made": sum(len(line.slots.made) for line in self.lines),
            "slots_new": sum(len(line.slots.made) for line in self.fresh),
            "made": len(self.fresh), "ended": len(self.ended),
        }  # fmt: skip

    @property
    def imprint(self) -> str:
        """Changes when the plan does: whoever confirms has seen this one and no other."""
        essence = [
            (
                line.kind.value, line.item.pk if line.item else 0, line.leaf.id if line.leaf else 0, line.revisit, line.status,
                [slot.id for slot in line.slots.gone], [(slot.performer, str(slot.starts_on), slot.nth) for slot in line.slots.made],
                line.needs.said, line.lead_id,
            )
            for line in self.lines
        ]  # fmt: skip
        return sha256(repr((self.edition.pk, essence)).encode()).hexdigest()[:24]


def plan_adoption(track: Track, year: Year, edition: Edition, today: date) -> AdoptionPlan:
    """What adopting EDITION for YEAR would do TODAY; a fixed number of queries, whatever the size of the ledger.

    Of a year that is not opened yet nothing but the track changes. Refused as the action would refuse.
    """
    base = check_adoptable(track, year, edition)
    ties = ties_between(base, edition)
    names = {
        pk: short or name
        for pk, name, short in Unit.objects.filter(agency=year.campaign.unit_id).values_list("pk", "name", "short_name")
    }  # fmt: skip
    old, new = leaves_of(track, base.pk), leaves_of(track, edition.pk)
    plan = AdoptionPlan(
        track, year, base, edition, today, [], names,
        sum((leaf.points or Decimal(0) for leaf in old), Decimal(0)), sum((leaf.points or Decimal(0) for leaf in new), Decimal(0)),
    )  # fmt: skip
    items = {
        item.indicator_id: item
        for item in Item.objects.filter(track=track, year=year).order_by("order", "id")
        if item.indicator_id is not None
    }
    if year.state == YearState.PLANNED or not items:
        return plan
    # what the office put in place of an old leaf's item is not there: its new leaf is made anew
    old = [leaf for leaf in old if leaf.id in items]
    passages = succeed(
        ties, [leaf.id for leaf in old], [leaf.id for leaf in new],
        {leaf.id: items[leaf.id].strand_id or leaf.strand_id for leaf in old}, {leaf.id: leaf.strand_id for leaf in new},
    )  # fmt: skip
    _Draft(plan, items, {leaf.id: leaf for leaf in old}, {leaf.id: leaf for leaf in new}).lay(passages)
    return plan


class _Draft:
    """The plan in the making: what is read once, and one line after the other."""

    def __init__(
        self, plan: AdoptionPlan, items: dict[int, Item], old: dict[int, Leaf], new: dict[int, Leaf]
    ) -> None:
        self.plan, self.items, self.old, self.new = plan, items, old, new
        year = plan.year
        self.terms = terms_of(year, plan.today)
        guests = tuple(dict.fromkeys(term.unit for term in self.terms))
        self.proposals = proposals(
            year.campaign.unit, {plan.track.pk: plan.track.owner_id}, list(new.values()), guests
        )
        self.graces = {one.cadence: Grace(one.grace_days, one.shut_days) for one in year.windows.all()}
        self.openings = openings_of(year)
        self.held, self.needs, self.handed = read_ledger(year, plan.track)
        plan.orders = orders_of(year, plan.track, items.values(), list(new))

    def lay(self, passages: Sequence[Passage]) -> None:
        lines: dict[int, Line] = {}  # old leaf id → its line
        taken = {item.no for item in self.items.values()}
        for one in passages:
            line = (
                self._ends(one, taken) if one.new is None else self._new(one) if one.old is None else self._goes_on(one)
            )  # fmt: skip
            if one.old is not None:
                lines[one.old] = line
            self.plan.lines.append(line)
        for one in passages:  # a closed item that carries on what was not closed must be looked at
            if (
                one.kind == MatchKind.JOINED
                and one.old is not None
                and one.new is None
                and one.other is not None
            ):
                _joined(lines[one.old], lines[one.other])
        self._schedule()

    def _goes_on(self, one: Passage) -> Line:
        assert one.old is not None and one.new is not None
        item, leaf = self.items[one.old], self.new[one.new]
        wanted = copied(leaf) | {"order": self.plan.orders[leaf.id]}
        line = Line(MatchKind(one.kind), leaf, item, proposal=self.proposals[leaf.id], lead_id=item.lead_id)
        line.fields = rules.differing({name: getattr(item, name) for name in wanted}, wanted)
        line.handed = self.handed.get(item.pk, Handed())
        line.weight = rules.weighty(line.fields)
        line.needs = rules.merge_needs(
            self.needs.get(item.pk, []), self.old[one.old].needs, leaf.needs, self.plan.base.label
        )
        if line.kind in (MatchKind.SAME, MatchKind.MOVED) and (line.weight or line.needs.any):
            line.kind = MatchKind.CHANGED
        held = self.held.get(item.pk, [])
        stands = Standing(
            item.status,
            item.step_id is not None,
            item.cadence,
            item.reason,
            any(slot.touched for slot in held),
        )
        line.revisit = rules.to_look_at(stands, line.weight, line.needs.any)
        if stands.by_hand:
            line.note = "已定为不适用，保持不变"
        place = rules.place_of(
            stands, wanted["cadence"], self.plan.year.year, self.plan.year.campaign.last_year
        )
        if place == "elsewhere":
            line.status, line.reason = (
                Status.WAIVED,
                rules.elsewhere_reason(self.plan.year.campaign.last_year),
            )
            line.slots = exchange(held, [], self.plan.today, same_periods=False)
            line.note = line.reason
        elif place == "here":
            line.status, line.reason = Status.PENDING, ""
            line.slots = exchange(
                held, self._wanted(leaf, item.lead_id, held), self.plan.today, same_periods=False
            )
            line.note = "原为届期内一次，新版每年都要"
        elif not (stands.settled or stands.elsewhere) and {"cadence", "times", "per"} & line.fields.keys():
            line.slots = exchange(
                held, self._wanted(leaf, item.lead_id, held), self.plan.today,
                same_periods="cadence" not in line.fields, events=item.cadence == Cycle.EVENT,
            )  # fmt: skip
            if held and not line.slots.made and leaf.cadence != Cycle.EVENT:
                line.note = "已报的期次盖住了余下的日子，本年不再加期"
            states = [slot.status for slot in line.slots.kept]
            line.settles = bool(
                item.status in WORKING and line.slots.gone and states and not line.slots.made and SETTLED.issuperset(states)
            )  # fmt: skip
        return line

    def _new(self, one: Passage) -> Line:
        assert one.new is not None
        leaf = self.new[one.new]
        other = self.items[one.other] if one.other is not None else None
        words = self.proposals[leaf.id]
        line = Line(MatchKind(one.kind), leaf, None, other, proposal=words)
        line.lead_id = words.lead_id or (other.lead_id if other else None)
        year = self.plan.year
        if leaf.cadence == Cycle.CYCLE and year.campaign.last_year != year.year:
            line.status, line.reason = Status.WAIVED, rules.elsewhere_reason(year.campaign.last_year)
            line.note = line.reason
        else:
            line.slots = exchange([], self._wanted(leaf, line.lead_id), self.plan.today, same_periods=False)
        return line

    def _ends(self, one: Passage, taken: set[str]) -> Line:
        assert one.old is not None
        item = self.items[one.old]
        other = self.items[one.other] if one.other is not None else None
        line = Line(MatchKind(one.kind), None, item, other, lead_id=item.lead_id)
        line.handed = self.handed.get(item.pk, Handed())
        line.status = Status.WAIVED
        line.reason = (
            rules.joined_reason(item.title if other is None else _title(self.plan.lines, other))
            if one.kind == MatchKind.JOINED
            else rules.gone_reason(str(self.plan.edition.standard), self.plan.edition.label)
        )
        number = rules.old_number(item.no, taken)
        taken.add(number)
        line.fields = {"no": (item.no, number)}
        if item.status == Status.WAIVED:
            line.note = "原已不适用"
        elif item.status == Status.CLOSED:
            line.note = f"已销号（{item.close_no}）" if item.close_no else "已销号"
        return line

    def _wanted(self, leaf: Leaf, lead_id: int | None, held: Sequence[Held] = ()) -> list[Wanted]:
        """The year's slots as opening lays them; none counts as 系统启用前: what is over is not asked for.

        Departments of other agencies that were given slots (HELD) have them again, within their terms.
        """
        year, words, today = self.plan.year, self.proposals[leaf.id], self.plan.today
        guests = {term.unit for term in self.terms}
        units = [lead_id or year.campaign.unit_id]
        if leaf.per != "unit":
            given = [one.performer for one in held if one.performer in guests]
            units = list(dict.fromkeys([*words.performers, *words.guests, *given]))
        spans = (year.starts_on, year.ends_on, year.assessed_on)
        found = []
        for one in plan_slots(
            leaf.cadence or Cycle.EVENT, leaf.times, units, *spans, today, self.graces, self.openings
        ):
            due = one.due_on
            if leaf.per != "unit" and one.performer in guests:
                mine = due_for(self.terms, one.performer, one.ends_on, due, today)
                if mine is None:
                    continue
                due = mine
            found.append(replace(one, due_on=due))
        return found

    def _schedule(self) -> None:
        """Dates of what happens once, backwards from the assessment, from the day of the adoption on."""
        year = self.plan.year
        once: dict[tuple[int, int], Thing] = {}
        for at, line in enumerate(self.plan.lines):
            for slot in line.slots.made:
                if slot.one_off and line.leaf:
                    key = (at, slot.nth)
                    once.setdefault(
                        key, Thing(len(once), line.lead_id, line.leaf.title, slot.nth, line.leaf.times)
                    )
        stages = Stage.objects.filter(year=year).order_by("order").values_list("starts_on", "ends_on")
        found = back_schedule(
            list(once.values()), [Span(*span) for span in stages], year.assessed_on,
            max(year.starts_on, self.plan.today), calendar(),
        )  # fmt: skip
        for at, line in enumerate(self.plan.lines):
            by_hand = {slot.nth: slot.due_on for slot in line.slots.gone if slot.due_fixed}
            for index, slot in enumerate(line.slots.made):
                if not slot.one_off:
                    line.due[index] = (slot.due_on, False)
                elif slot.nth in by_hand and line.item is not None and line.item.cadence in ONE_OFF:
                    line.due[index] = (by_hand[slot.nth], True)
                else:
                    line.due[index] = (found[once[at, slot.nth].key], False)


def _title(lines: list[Line], item: Item) -> str:
    """The title under which ITEM carries on."""
    return next((line.leaf.title for line in lines if line.item is item and line.leaf), item.title)


def _joined(away: Line, carrier: Line) -> None:
    assert away.item is not None and carrier.item is not None
    over = (Status.CLOSED, Status.WAIVED)
    stands = Standing(carrier.item.status, carrier.item.step_id is not None, carrier.item.cadence)
    if stands.settled and away.item.status not in over:
        words = f"并入的 {away.item.no} 当时还没有销号"
        carrier.revisit = f"{carrier.revisit}；{words}" if carrier.revisit else words
