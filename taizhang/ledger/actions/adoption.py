"""换版: a year's ledger takes over a revised edition of its standard, in one act that can be taken back."""

from collections.abc import Sequence
from typing import Any

from django.db.models import ProtectedError

from taizhang.campaigns.actions import take_edition
from taizhang.campaigns.models import Track, Year
from taizhang.campaigns.queries import holders
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import Refused, Stale
from taizhang.org.action import action
from taizhang.org.permits import Permit
from taizhang.org.record import Record, scope
from taizhang.org.rules.holders import Holders
from taizhang.standards.models import Edition

from ..models import AdoptedItem, Adoption, Ask, Batch, Item, ItemUnit, Need, Signature, Slot, Submission
from ..queries.adopted import built_on, revisits_of, stand_of
from ..queries.adoption import AdoptionPlan, Line, plan_adoption
from ..queries.editions import is_before
from ..queries.opening import copied
from ..rules.adoption import in_turn
from ..rules.signing import proposed_leader, proposed_person
from ..rules.states import FLOW, SlotStatus, Source, Status
from .batches import do_each, value_of
from .common import end_asks, follow_slots, person_of
from .items import reopen
from .opening import new_slot

YEAR = (Permit.LEDGER_MANAGE, "campaign.unit")


@action("ledger.adopt", "换用新版标准", YEAR)
def adopt(year: Year, *, by: Any, track: Track, edition: Edition, saw: str = "") -> Adoption:
    """The ledger of YEAR and its TRACK take over EDITION, as `plan_adoption` says. Nothing handed in is touched.

    SAW: the imprint of the plan that was looked at; refused as stale when it would be another one now.
    """
    # two years may adopt at the same moment: the track is theirs in common
    track.refresh_from_db(from_queryset=Track.objects.select_for_update())
    plan = plan_adoption(track, year, edition, clock.today())
    if saw and saw != plan.imprint:
        raise Stale("没有换版：你看过之后台账又有变动，换版的结果会不一样。请看过最新的再确认。")
    stood = stand_of([line.item.pk for line in plan.lines if line.item is not None])
    if not is_before(edition, track.edition):  # another year may have gone further already
        take_edition(track, edition)
    made = _Made()
    _end(plan)
    _go_on(plan, by, made)
    _begin(plan, made)
    touched = [line.item.pk for line in plan.lines if line.item is not None and line.changed]
    fresh = [item.pk for item in made.items]
    stand = stand_of([*touched, *fresh])
    adoption = Adoption.make(
        track=track, year=year, base=plan.base, edition=edition, by=person_of(by), at=clock.now(), counts=plan.counts,
        notes=[*scope().notes, *made.notes()],
    )  # fmt: skip
    fresh_items = iter(made.items)
    traces = [_trace(adoption, line, line.item or next(fresh_items)) for line in plan.lines]
    for one in traces:
        one.stood, one.stand = stood.get(one.item_id, []), stand.get(one.item_id, [])
    AdoptedItem.make_many(traces)
    return adoption


class _Made:
    """What was made in bulk, whose ids the record notes only as numbers."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.rows: list[Record] = []

    def keep(self, rows: Sequence[Record]) -> None:
        self.rows += rows

    def notes(self) -> list[dict[str, Any]]:
        kinds: dict[str, list[int]] = {}
        for row in [*self.items, *self.rows]:
            kinds.setdefault(row._meta.label_lower, []).append(row.pk)
        return [{"kind": kind, "ids": ids} for kind, ids in kinds.items()]


def _end(plan: AdoptionPlan) -> None:
    """Leaves that are gone or were joined away: out of the counts, with everything that was handed in."""
    for line in plan.ended:
        assert line.item is not None
        line.item.change(
            status=FLOW.take("cancel", line.item.status),
            reason=line.reason,
            step=None,
            no=line.fields["no"][1],
        )
        end_asks(line.item, "换用新版标准，这一项已取消或并入，不用再批")


def _go_on(plan: AdoptionPlan, by: Any, made: _Made) -> None:
    """The items that live on: words, needs, slots; never their signatures, submissions, evidence."""
    going = [(line.item, line) for line in plan.lines if line.item is not None and line.leaf is not None]
    items = {item.pk: item for item, _ in going}
    for pk, number in in_turn({item.pk: line.fields["no"] for item, line in going if "no" in line.fields}):
        items[pk].change(no=number)
    for item, line in going:
        assert line.leaf is not None
        values = {name: new for name, (_, new) in line.fields.items() if name != "no"}
        if line.status is not None:
            values |= {"status": line.status, "reason": line.reason or ""}
            if line.status == Status.WAIVED:
                values["step"] = None
        dues = [due for due, _ in line.due.values()]
        if dues and not item.due_fixed:
            values["due_on"] = min(dues)
        item.change(indicator_id=line.leaf.id, strand_id=line.leaf.strand_id, **values)
        if line.status == Status.WAIVED:
            end_asks(item, "换用新版标准，这一项本年不适用，不用再批")
    _change_needs(plan, made)
    gone = [slot.id for line in plan.lines for slot in line.slots.gone]
    Slot.remove_many(list(Slot.objects.filter(pk__in=gone)))
    made.keep(Slot.make_many([slot for item, line in going for slot in _slots(item, line)]))
    for item, line in going:
        if line.settles:
            follow_slots(item, by)


def _change_needs(plan: AdoptionPlan, made: _Made) -> None:
    going = [line for line in plan.lines if line.item is not None and line.needs.any]
    wanted = {pk: fields for line in going for pk, fields in line.needs.changed}
    for need in Need.objects.filter(pk__in=wanted):
        need.change(**wanted[need.pk])
    dropped = [pk for line in going for pk in line.needs.dropped]
    Need.remove_many(list(Need.objects.filter(pk__in=dropped)))
    made.keep(Need.make_many([
        Need(
            item=line.item, key=one.key, order=order, name=one.name, kind=one.kind, least=one.least, must=one.must,
            fields=list(one.fields), doc_no=one.doc_no,
        )
        for line in going for order, one in line.needs.added
    ]))  # fmt: skip


def _begin(plan: AdoptionPlan, made: _Made) -> None:
    """New leaves, and the pieces of a split that do not carry the old item on."""
    people = holders(plan.year.campaign.unit, clock.today())
    lines = plan.fresh
    made.items = Item.make_many([_item(plan, line, people) for line in lines])
    pairs = list(zip(made.items, lines, strict=True))
    made.keep(ItemUnit.make_many([
        ItemUnit(item=item, unit_id=unit, order=order)
        for item, line in pairs if line.proposal
        for order, unit in enumerate(line.proposal.co_ids) if unit != item.lead_id
    ]))  # fmt: skip
    made.keep(Need.make_many([
        Need(
            item=item, key=one.key, order=order, name=one.name, kind=one.kind, least=one.least, must=one.must,
            fields=list(one.fields), doc_no=one.doc_no,
        )
        for item, line in pairs if line.leaf
        for order, one in enumerate(line.leaf.needs)
    ]))  # fmt: skip
    made.keep(Slot.make_many([slot for item, line in pairs for slot in _slots(item, line)]))


def _item(plan: AdoptionPlan, line: Line, people: Holders) -> Item:
    leaf = line.leaf
    assert leaf is not None
    return Item(
        unit=plan.year.campaign.unit, year=plan.year, track=plan.track, indicator_id=leaf.id, strand_id=leaf.strand_id,
        order=plan.orders[leaf.id], source_kind=Source.INDICATOR, lead_id=line.lead_id,
        person_id=proposed_person(line.lead_id, people), leader_id=proposed_leader(line.lead_id, people),
        due_on=min((due for due, _ in line.due.values()), default=None), status=line.status or Status.PENDING,
        reason=line.reason or "", **copied(leaf),
    )  # fmt: skip


def _slots(item: Item, line: Line) -> list[Slot]:
    rows = []
    for at, wanted in enumerate(line.slots.made):
        due, fixed = line.due[at]
        slot = new_slot(item, wanted, due)
        slot.due_fixed = fixed
        rows.append(slot)
    return rows


def _trace(adoption: Adoption, line: Line, item: Item) -> AdoptedItem:
    """What was done to ITEM, for its page and for the list of what must be looked at."""
    fields = line.fields if line.leaf is not None else {}
    before = {name: _plain(old) for name, (old, _) in fields.items()}
    after = {name: _plain(new) for name, (_, new) in fields.items()}
    if line.needs.any:
        before["needs"], after["needs"] = "", "；".join(line.needs.said)
    if line.revisit:
        after["why"] = line.revisit
    return AdoptedItem(
        adoption=adoption, item=item, kind=line.kind, other=line.other, before=before, after=after,
        slots_replaced=len(line.slots.gone), revisit=bool(line.revisit),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


# ---- taken back


@action("ledger.undo_adoption", "撤回换版", (Permit.LEDGER_MANAGE, "year.campaign.unit"))
def undo_adoption(adoption: Adoption, *, by: Any) -> Adoption:
    """Everything as it was before, while nothing was built on it; on any later day too.

    What only moved to another place or number may have been worked on since: its work stays. Refused naming what
    was built otherwise.
    """
    if adoption.undone_at is not None:
        raise Refused("这次换版已经撤回过了。")
    if adoption.year.state == YearState.CLOSED:
        raise Refused(f"{adoption.year}已经结束，不能撤回换版。确需撤回，请先恢复年度。")
    later = Adoption.objects.filter(track=adoption.track_id, undone_at=None, pk__gt=adoption.pk).first()
    if later is not None:
        raise Refused(f"没有撤回：之后又换过一次版（{later}）。请先撤回那一次。")
    others = Item.objects.filter(track=adoption.track_id, indicator__edition=adoption.edition_id).exclude(
        year=adoption.year_id
    )
    if (one := others.select_related("year").first()) is not None:
        raise Refused(f"没有撤回：{one.year}的台账已经按{adoption.edition.label}启用，撤回会使两边不一致。")
    notes: list[dict[str, Any]] = adoption.notes
    made = {note["kind"]: note["ids"] for note in notes if "ids" in note}
    _check_built(adoption, set(made.get("ledger.item", [])))
    try:
        _take_away(adoption, made)
    except ProtectedError as error:
        raise Refused("没有撤回：新增的事项上已经有别的记录。请逐项处理。") from error
    _restore(notes)
    _tell_earlier(adoption)
    return adoption.change(undone_at=clock.now())


def _check_built(adoption: Adoption, fresh: set[int]) -> None:
    rows = [one for one in adoption.items.select_related("item") if one.stand]
    now = stand_of([one.item_id for one in rows])
    problems = [
        f"{one.item}：{'、'.join(words)}有变动"
        for one in rows
        if (words := built_on(one.stand, now.get(one.item_id), new=one.item_id in fresh))
    ]
    if problems:
        raise Refused(
            f"没有撤回：换版以后已经在 {len(problems)} 项上办理过，先是{problems[0]}。", problems=problems
        )


def _tell_earlier(adoption: Adoption) -> None:
    """Taking back leaves traces in versions: where nothing was built between an earlier adoption and this one,
    the earlier one is told how its items stand now, so that it can be taken back too."""
    rows = {one.item_id: one for one in adoption.items.all()}
    earlier = AdoptedItem.objects.filter(
        item__in=rows, adoption__undone_at=None, adoption__pk__lt=adoption.pk
    ).exclude(stand=[])
    found = [one for one in earlier if one.stand == rows[one.item_id].stood]
    now = stand_of([one.item_id for one in found])
    for one in found:
        one.change(stand=now[one.item_id])


def _take_away(adoption: Adoption, made: dict[str, list[int]]) -> None:
    """What the adoption made, the last first."""
    AdoptedItem.remove_many(list(adoption.items.filter(item__in=made.get("ledger.item", []))))
    for note in adoption.notes:
        if note.get("made") is True and note["kind"] == "ledger.signature":  # steps passed by themselves
            Signature.remove_many(list(Signature.objects.filter(pk=note["id"])))
    for model in (Slot, Need, ItemUnit, Item):
        model.remove_many(list(model._default_manager.filter(pk__in=made.get(model._meta.label_lower, []))))


def _restore(notes: list[dict[str, Any]]) -> None:
    """What was changed, in the opposite order, and the rows that were removed, with their own ids."""
    kinds: dict[str, type[Record]] = {
        one._meta.label_lower: one for one in (Item, Slot, Need, ItemUnit, Submission, Track, Ask)
    }
    rows: dict[str, dict[int, Record]] = {}
    for kind, model in kinds.items():
        ids = {note["id"] for note in notes if note.get("kind") == kind and "fields" in note}
        rows[kind] = dict(model._default_manager.in_bulk(ids))
    lost: dict[str, list[Record]] = {}
    for note in reversed(notes):
        kind = note.get("kind", "")
        if kind not in kinds:
            continue
        if "fields" in note:
            row = rows[kind][note["id"]]
            row.change(**{name: value_of(row, name, old) for name, (old, _) in note["fields"].items()})
        elif "removed" in note:
            blank = kinds[kind]()
            held = {name: value_of(blank, name, value) for name, value in note["removed"].items()}
            lost.setdefault(kind, []).append(kinds[kind](**held))
    for kind, found in lost.items():
        kinds[kind].make_many(found[::-1])


# ---- looked at again


@action("ledger.revisit", "复核无误", (Permit.LEDGER_MANAGE, "item.unit"))
def revisit(adopted: AdoptedItem, *, by: Any, note: str) -> AdoptedItem:
    """What was done under the old edition also answers to the new one, and why."""
    if not adopted.revisit or adopted.adoption.undone_at is not None:
        raise Refused(f"{adopted.item}已经复核过了，请刷新页面。")
    if not note.strip():
        raise Refused("请写复核意见，例如：已有材料符合新版要求。")
    return adopted.change(
        revisit=False, checked_by=person_of(by), checked_at=clock.now(), check_note=note.strip()[:300]
    )


@action("ledger.revisit_many", "批量复核无误", YEAR)
def revisit_many(year: Year, *, by: Any, ids: Sequence[int], note: str) -> Batch:
    """复核无误 for many at once (ids of what is to be looked at); it can be taken back on the same day."""
    rows = [(one, {"note": note}) for one in revisits_of(year).filter(pk__in=ids)]
    return do_each(year, by, "复核无误", rows, revisit)


@action("ledger.reopen_many", "批量重新挂号", YEAR)
def reopen_many(year: Year, *, by: Any, ids: Sequence[int], opinion: str) -> Batch:
    """Items that do not answer to the new edition come back, each with the last period that was accepted."""
    rows = [(one.item, {"opinion": opinion}) for one in revisits_of(year).filter(pk__in=ids)]
    return do_each(year, by, "重新挂号", rows, _reopen_last)


def _reopen_last(item: Item, *, by: Any, opinion: str) -> Signature:
    if item.status != Status.CLOSED:
        raise Refused(f"{item}还没有销号，不用重新挂号：请签批人在这一环节退回。")
    accepted = list(item.slots.filter(status=SlotStatus.ACCEPTED).order_by("starts_on", "nth"))
    last = accepted[-1] if accepted else None
    chosen = [one for one in accepted if last and (one.starts_on, one.nth) == (last.starts_on, last.nth)]
    signature: Signature = reopen(item, by=by, opinion=opinion, slots=chosen)
    return signature
