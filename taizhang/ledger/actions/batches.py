"""批量操作: one act on many rows, which can be taken back whole on the same day."""

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import apps
from django.db import IntegrityError
from django.db.models import Field, ProtectedError
from django.utils import timezone

from taizhang.campaigns.models import Year
from taizhang.evidence import actions as library
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.record import Record, scope

from ..models import Batch, Item, Signature, Slot
from ..rules.states import TO_HAND_IN, SlotStatus
from . import assigning, items, slots
from .common import person_of

#: verb → what the batch is called, on what rows it works, and the single act
VERBS: dict[str, tuple[str, type[Item] | type[Slot], Callable[..., Any]]] = {
    "assign": ("交办", Item, assigning.assign),
    "set_lead": ("定牵头和责任人", Item, assigning.set_lead),
    "set_co": ("定配合处室", Item, assigning.set_co),
    "set_due": ("改期限", Item, assigning.set_due),
    "set_priority": ("设为重点", Item, assigning.set_priority),
    "receive": ("签收", Item, assigning.receive),
    "sign": ("签批", Item, items.sign),
    "waive": ("不适用", Item, items.waive),
    "suspend": ("中止", Item, items.suspend),
    "resume": ("恢复办理", Item, items.resume),
    "accept": ("审核通过", Slot, slots.accept),
    "waive_slot": ("本期不适用", Slot, slots.waive_slot),
    "set_slot_due": ("改某期期限", Slot, assigning.set_slot_due),
}
#: what a bulk act on a year wants, whichever single act it then takes: the single acts ask for their own permits
ANY = (Permit.LEDGER_VIEW, "campaign.unit")


def keep(unit: Unit, by: Any, label: str, count: int, problems: Sequence[str] = ()) -> Batch:
    """Keep what the running act has changed so far, so that it can be taken back. Inside another action."""
    notes = list(scope().notes)
    return Batch.make(
        unit=unit,
        label=label,
        count=count,
        by=person_of(by),
        at=clock.now(),
        notes=notes,
        problems=list(problems),
    )


@action("ledger.bulk", "批量办理", ANY)
def bulk(
    year: Year, *, by: Any, verb: str, ids: Sequence[int], params: dict[str, Any] | None = None
) -> Batch:
    """Do one VERB (a key of VERBS) to many items or slots of YEAR. What cannot be done is named, the rest is done.

    PARAMS are the single act's own; refused whole only if nothing could be done.
    """
    if verb not in VERBS:
        raise Refused("没有这种批量操作。")
    label, model, act = VERBS[verb]
    rows: Any = Item.objects.filter(year=year, pk__in=ids).select_related(
        "unit", "lead", "year__campaign__unit", "track"
    )
    if model is Slot:
        rows = Slot.objects.filter(item__year=year, pk__in=ids).select_related(
            "item__unit", "item__lead", "performer"
        )
    return do_each(year, by, label, [(row, params or {}) for row in rows], act)


@action("ledger.bulk_rows", "批量修改", (Permit.LEDGER_MANAGE, "campaign.unit"))
def bulk_rows(year: Year, *, by: Any, label: str, rows: Sequence[tuple[str, int, dict[str, Any]]]) -> Batch:
    """Many single acts of different kinds as one: (verb, id, params) each, as a table that was edited says."""
    plan: list[tuple[Callable[..., Any], Any, dict[str, Any]]] = []
    found_items = {
        item.pk: item
        for item in Item.objects.filter(year=year).select_related("unit", "lead", "year__campaign__unit")
    }
    for verb, pk, params in rows:
        if verb not in VERBS or pk not in found_items:
            raise Refused("表里有不属于这个年度台账的事项，没有保存。")
        plan.append((VERBS[verb][2], found_items[pk], params))
    problems: list[str] = []
    for act, item, params in plan:
        try:
            act(item, by=by, **params)
        except Refused as refusal:
            problems.append(f"{item}：{refusal.message}")
    if problems:
        raise Refused(f"有 {len(problems)} 处不能保存，整表没有保存：{problems[0]}", problems=problems)
    return keep(year.campaign.unit, by, label, len({pk for _, pk, _ in rows}))


@action("ledger.before_system", "系统启用前的期次处理", (Permit.LEDGER_MANAGE, "campaign.unit"))
def before_system(
    year: Year, *, by: Any, reason: str = "", conclusion: str = "", ids: Sequence[int] = ()
) -> Batch:
    """The slots whose periods ended before the system was started, of the items IDS or all.

    With a CONCLUSION they are filled (补录), with a REASON they are waived.
    """
    rows = Slot.objects.filter(item__year=year, before_system=True, status__in=TO_HAND_IN).select_related(
        "item__unit"
    )
    if ids:
        rows = rows.filter(item__in=ids)
    if conclusion:
        filled = [(row, {"conclusion": conclusion}) for row in rows]
        return do_each(year, by, "系统启用前补录", filled, slots.fill_slot)
    return do_each(
        year, by, "系统启用前的期次不计", [(row, {"reason": reason}) for row in rows], slots.waive_slot
    )


def do_each(
    year: Year, by: Any, label: str, rows: list[tuple[Any, dict[str, Any]]], act: Callable[..., Any]
) -> Batch:
    if not rows:
        raise Refused("没有选中可以办理的事项。")
    problems: list[str] = []
    done = 0
    for row, params in rows:
        try:
            act(row, by=by, **params)
            done += 1
        except Refused as refusal:
            problems.append(refusal.message)
    if not done:
        raise Refused(f"一项也没有办成：{problems[0]}", problems=problems)
    return keep(year.campaign.unit, by, label, done, problems)


@action("ledger.take_back", "整批撤销", (Permit.LEDGER_VIEW, "unit"))
def take_back(batch: Batch, *, by: Any) -> Batch:
    """Undo a whole bulk act on the day it was done, by who did it; refused if any row has moved on since."""
    if batch.undone_at is not None:
        raise Refused("这次批量操作已经撤销过了。")
    if timezone.localdate(batch.at) != clock.today():
        raise Refused("批量操作只能在当天整批撤销。")
    person = person_of(by)
    if batch.by_id != (person.pk if person else None):
        raise Refused("只能撤销自己做的批量操作。")
    first: dict[tuple[str, int], dict[str, Any]] = {}
    last: dict[tuple[str, int], int] = {}
    made: list[tuple[str, int]] = []
    for note in batch.notes:
        if note["kind"] == "evidence.evidence":  # how often a scan is used: given back with its signature
            continue
        if note.get("made") is True:
            made.append((note["kind"], note["id"]))
        elif "fields" in note:
            key = (note["kind"], note["id"])
            old = first.setdefault(key, {})
            for name, (before, _) in note["fields"].items():
                old.setdefault(name, before)
            last[key] = note["version"]
        else:
            raise Refused("这次批量操作里有不能撤销的内容。")
    fresh = set(made)
    moved: list[str] = []
    rows: list[tuple[Record, dict[str, Any]]] = []
    for (kind, pk), old in first.items():
        model = apps.get_model(kind)
        if (kind, pk) in fresh:
            continue
        row = model._base_manager.get(pk=pk)
        if row.version != last[kind, pk]:
            moved.append(str(row))
        rows.append((row, old))
    if moved:
        raise Refused(
            f"没有撤销：之后又有人办理了 {'、'.join(moved[:5])}{'等' if len(moved) > 5 else ''}。",
            problems=moved,
        )
    for kind, pk in made:
        row = apps.get_model(kind)._base_manager.get(pk=pk)
        if isinstance(row, Signature):
            row.change(withdrawn_by=batch)
            if row.scan is not None:
                library.release(row.scan)
        elif kind in ("ledger.itemunit", "ledger.submission"):
            row.remove()
        elif isinstance(row, Slot):  # given to a department that takes part
            _remove_slot(row)
        else:
            raise Refused("这次批量操作里有不能撤销的内容。")
    for row, old in rows:
        # a 销号单 number once given stays with its item, so that no number is missing or given twice
        kept = {name: value_of(row, name, value) for name, value in old.items() if name != "close_no"}
        name = str(row)
        try:
            row.change(**kept)
        except (
            IntegrityError
        ) as error:  # an ask that the act had ended, while the same was asked for again since
            raise Refused(f"没有撤销：{name} 之后又重新提出过。请逐项处理。") from error
    return batch.change(undone_at=clock.now())


def _remove_slot(slot: Slot) -> None:
    """A slot that the batch made, if nobody has begun with it."""
    words = f"没有撤销：{slot.performer} {slot.label}已经有人办理。"
    if slot.attempt or slot.status != SlotStatus.OPEN:
        raise Refused(words)
    try:
        slot.remove()
    except ProtectedError as error:  # something was cited for it, or asked for
        raise Refused(words) from error


def value_of(row: Record, name: str, noted: Any) -> Any:
    """What a note holds (JSON) as the field's own type again."""
    column = row._meta.get_field(name)
    return column.to_python(noted) if isinstance(column, Field) else noted
