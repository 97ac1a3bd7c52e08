"""撤回接续: within a day everything is as it was before, while nobody has worked on what was taken over."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import ProtectedError, Q

from taizhang.evidence import actions as library
from taizhang.evidence.models import Evidence, EvidenceState
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.record import Record

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
from .batches import value_of
from .takeover import OWN

HOURS = 24
#: what is made by a takeover and goes with it, what hangs on others first
MADE: tuple[type[Record], ...] = (Citation, Remark, ItemUnit, Signature, Submission, Need, Slot, Item)
#: the way from each to its item
WAYS: dict[type[Record], str] = {
    Citation: "slot__item", Remark: "item", ItemUnit: "item", Signature: "item", Submission: "slot__item", Need: "item",
    Slot: "item", Ask: "item",
}  # fmt: skip
WORDS = {
    "ledger.citation": "引用了材料", "ledger.remark": "有留言", "ledger.itemunit": "改过配合处室", "ledger.signature": "签批过",
    "ledger.submission": "报送过", "ledger.need": "改过材料要求", "ledger.slot": "加过期次", "ledger.ask": "有申请",
}  # fmt: skip


@action("ledger.undo_takeover", "撤回接续", OWN)
def undo_takeover(takeover: Takeover, *, by: Any) -> Takeover:
    """Items, slots and people as before; what was raised goes. The files stay in the library's bin when nothing else
    uses them, else in the library; numbers of 销号单 once given stay with their items."""
    if takeover.state != TakeoverState.APPLIED or takeover.applied_at is None:
        raise Refused("这份台账没有保存，或已经撤回，不用再撤。")
    if clock.now() - takeover.applied_at > timedelta(hours=HOURS):
        raise Refused(f"保存已经超过 {HOURS} 小时，不能整份撤回。请在事项上逐项改。")
    later = Takeover.objects.filter(
        Q(applied_at__gt=takeover.applied_at) | Q(applied_at=takeover.applied_at, pk__gt=takeover.pk),
        year=takeover.year_id, state=TakeoverState.APPLIED,
    )  # fmt: skip
    touched = set(takeover.counts.get("items", []))
    if any(touched & set(one.counts.get("items", [])) for one in later):
        raise Refused("之后又接续过一份台账，动了同样的事项。请先撤回那一份。")
    changed = _changed(takeover)
    made = _made(takeover)
    rows = _rows(changed, made)
    _check_built(takeover, rows, made)
    citations = list(
        Citation.objects.filter(pk__in=made.get("ledger.citation", [])).select_related("evidence")
    )
    for one in citations:
        library.release(one.evidence)
    fresh = {(kind, pk) for kind, ids in made.items() for pk in ids}
    try:
        for model in MADE:
            found = list(model._default_manager.filter(pk__in=made.get(model._meta.label_lower, [])))
            model.remove_many(found)
    except ProtectedError as error:
        raise Refused("没有撤回：单独立项的事项上已经有别的记录。请逐项处理。") from error
    ItemUnit.make_many(_helped(takeover))
    for key, row in rows.items():
        if key not in fresh:
            # a number once given stays with its item, so that none is missing or given twice
            row.change(
                **{
                    name: value_of(row, name, old)
                    for name, old in changed[key][0].items()
                    if name != "close_no"
                }
            )
    _tell_earlier(takeover, rows)
    kept = _bin(made.get("evidence.evidence", []), by)
    counts = {**takeover.counts, "binned": len(made.get("evidence.evidence", [])) - kept, "kept": kept}
    return takeover.change(state=TakeoverState.UNDONE, undone_at=clock.now(), counts=counts)


Key = tuple[str, int]


def _tell_earlier(takeover: Takeover, rows: dict[Key, Record]) -> None:
    """Taking back leaves traces in versions: an earlier takeover on which nothing else was built since is told how its
    rows stand now, so that it can be taken back too."""
    first: dict[Key, int] = {}
    for note in takeover.notes:
        if "fields" in note and note["kind"].startswith("ledger."):
            first.setdefault((note["kind"], note["id"]), note["version"] - 1)
    earlier = Takeover.objects.filter(year=takeover.year_id, state=TakeoverState.APPLIED).exclude(
        pk=takeover.pk
    )
    for one in earlier:
        expected = _expected(one)
        made = {(kind, pk) for kind, ids in _made(one).items() for pk in ids}
        mine = [key for key in first if key in expected or key in made]
        stands = {
            _name(key): rows[key].version
            for key in mine
            if key in rows and expected.get(key, 1) == first[key]
        }
        if stands:
            one.change(counts={**one.counts, "stands": one.counts.get("stands", {}) | stands})


def _name(key: Key) -> str:
    return f"{key[0]}:{key[1]}"


def _expected(takeover: Takeover) -> dict[Key, int]:
    """The version each row has while nobody has changed it since; rows that are not here were made, and have 1."""
    found = {key: version for key, (_, version) in _changed(takeover).items()}
    for name, version in takeover.counts.get("stands", {}).items():
        kind, _, pk = name.rpartition(":")
        found[kind, int(pk)] = version
    return found


def _changed(takeover: Takeover) -> dict[Key, tuple[dict[str, Any], int]]:
    """(table, id) → the fields as they were first, and the version after the last change."""
    found: dict[Key, tuple[dict[str, Any], int]] = {}
    for note in takeover.notes:
        if "fields" not in note or not note["kind"].startswith("ledger."):
            continue
        key = (note["kind"], note["id"])
        old = found[key][0] if key in found else {}
        for name, (before, _) in note["fields"].items():
            old.setdefault(name, before)
        found[key] = (old, note["version"])
    return found


def _made(takeover: Takeover) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for note in takeover.notes:
        if "ids" in note:
            found.setdefault(note["kind"], []).extend(note["ids"])
        elif note.get("made") is True:
            found.setdefault(note["kind"], []).append(note["id"])
    return found


def _helped(takeover: Takeover) -> list[ItemUnit]:
    """The helping units that went because they became the lead, with their own ids."""
    blank = ItemUnit()
    return [
        ItemUnit(**{name: value_of(blank, name, value) for name, value in note["removed"].items()})
        for note in takeover.notes
        if "removed" in note and note["kind"] == ItemUnit._meta.label_lower
    ]


def _rows(changed: dict[Key, Any], made: dict[str, list[int]]) -> dict[Key, Record]:
    """The rows that must stand as the takeover left them."""
    wanted: dict[str, set[int]] = {}
    for kind, pk in changed:
        wanted.setdefault(kind, set()).add(pk)
    for kind in ("ledger.item", "ledger.slot"):
        wanted.setdefault(kind, set()).update(made.get(kind, []))
    return {
        (kind, pk): row
        for kind, ids in wanted.items()
        for pk, row in apps.get_model(kind)._base_manager.in_bulk(ids).items()
    }


def _check_built(takeover: Takeover, rows: dict[Key, Record], made: dict[str, list[int]]) -> None:
    """Refuse, naming what was worked on since."""
    expected = _expected(takeover)
    problems: dict[str, list[str]] = {}
    for (kind, pk), row in rows.items():
        if row.version != expected.get((kind, pk), 1):
            item = row if isinstance(row, Item) else getattr(row, "item", row)
            problems.setdefault(str(item), []).append("又办理过")
    for item, word in _since(takeover, made):
        problems.setdefault(item, []).append(word)
    if problems:
        lines = [f"{item}：{'、'.join(dict.fromkeys(words))}" for item, words in problems.items()]
        raise Refused(
            f"没有撤回：保存以后已经在 {len(lines)} 项上办理过，先是{lines[0]}。请在这些事项上逐项改。",
            problems=lines,
        )


def _since(takeover: Takeover, made: dict[str, list[int]]) -> Iterator[tuple[str, str]]:
    """(item, what) of the rows that others left at the items since."""
    marks: dict[str, int] = takeover.counts.get("marks", {})
    touched = takeover.counts.get("items", [])
    for model, way in WAYS.items():
        kind = model._meta.label_lower
        rows = model._default_manager.filter(**{f"{way}__in": touched}, pk__gt=marks.get(kind, 0))
        rows = rows.exclude(pk__in=made.get(kind, []))
        if model is Ask:
            rows = rows.filter(created_at__gt=takeover.applied_at)
        found = rows.values_list(f"{way}__no", f"{way}__title").distinct()
        yield from ((f"{no} {title}", WORDS[kind]) for no, title in found)


def _bin(ids: list[int], by: Any) -> int:
    """Take what was deposited out of the library where nothing uses it; how many stay."""
    kept = 0
    for piece in Evidence.objects.filter(pk__in=ids).select_related("unit", "agency"):
        if piece.uses or piece.state != EvidenceState.LIVE:
            kept += 1
            continue
        library.remove(piece, by=by)
    return kept
