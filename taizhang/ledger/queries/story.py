"""经过: what happened to an item and its slots, in words, newest first: from the journal, signatures and remarks."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from taizhang.journal.models import Entry
from taizhang.kit import clock
from taizhang.org.models import Person, Unit

from ..models import AdoptedItem, Ask, Citation, Item, Need, Remark, Signature, Slot, Statement, Submission
from ..rules.adoption import SHOWN
from ..rules.asks import AskState, Kind
from ..rules.signing import acted_name
from ..rules.states import Conformity, SlotStatus, Status, Verdict
from .adoption_words import change_words
from .ask_words import outcome_words, person_words, wish_words
from .limited import ONE, as_column, untold

#: what of a change is worth a word, and how it is called; the rest is bookkeeping
FIELDS = {
    "due_on": "期限", "lead_id": "牵头处室", "person_id": "责任人", "leader_id": "分管领导", "reason": "原因", "title": "事项",
    "close_no": "销号单号", "priority": "重点", "conformity": "结论",
}  # fmt: skip
PEOPLE, UNITS = frozenset({"person_id", "leader_id"}), frozenset({"lead_id"})


@dataclass(frozen=True)
class Line:
    """One line of the story. `at` is a moment; `quote` is somebody's own words."""

    moment: datetime
    at: str
    text: str
    quote: str = ""


@dataclass(frozen=True)
class Story:
    """The newest lines, and how many there are in all."""

    lines: list[Line]
    total: int


def story_of(
    user: Any, item: Item, most: int | None, adopted: Sequence[AdoptedItem] = (), asks: Sequence[Ask] = (),
    seen: Collection[int] | None = None, talk: bool = True,
) -> Story:  # fmt: skip
    """The newest MOST lines (None: all). The same number of queries whatever happened.

    ADOPTED: what adoptions did to the item (`queries.adopted.adopted_of`);
    ASKS: what was asked for at it (`queries.asks.asks_of`). SEEN: the slots (ids) whose story a guest is told, None
    for all of them; TALK: whether remarks are told too.
    """
    slots = Slot.objects.filter(item=item)
    if seen is not None:
        slots = slots.filter(pk__in=seen)
    entries, signatures, remarks = _entries(item, slots), _signatures(item), _remarks(item)
    if seen is not None:
        signatures = signatures.filter(Q(slot=None) | Q(slot__in=seen))
    if not talk:
        remarks = remarks.none()
    exchanged = [line for one in adopted for line in adopted_lines(one)]
    exchanged += [line for one in asks for line in ask_lines(one)]
    total = entries.count() + signatures.count() + remarks.count() + len(exchanged)
    cut = slice(None, most)
    lines = [
        *exchanged,
        *_said(remarks[cut]),
        *_signed(signatures[cut], item.lead_id),
        *_journalled(user, list(entries[cut]), item, named=seen is None),
    ]
    lines.sort(key=lambda line: line.moment, reverse=True)
    return Story(lines[cut], total)


def _entries(item: Item, slots: QuerySet[Slot]) -> QuerySet[Entry]:
    """Entries about the item and what hangs on it; signatures and remarks speak for themselves."""
    about = Q(subject_kind="ledger.item", subject_id=item.pk)
    for model, rows in (
        (Slot, slots),
        (Submission, Submission.objects.filter(slot__in=slots)),
        (Citation, Citation.objects.filter(slot__in=slots)),
        (Need, Need.objects.filter(item=item)),
        (Statement, Statement.objects.filter(item=item)),
    ):
        about |= Q(subject_kind=model._meta.label_lower, subject_id__in=rows.order_by().values("pk"))
    return Entry.objects.filter(about, refused="").order_by("-id")


def _signatures(item: Item) -> QuerySet[Signature]:
    return (
        Signature.objects.filter(item=item)
        .select_related("person", "entered_by", "step", "slot__performer", "acting_for")
        .order_by("-pk")
    )


def whose(slot: Slot, lead: int | None) -> str:
    """一季度; of a unit other than the lead with its name: 第三党支部 3月."""
    return slot.label if slot.performer_id == lead else f"{slot.performer} {slot.label}"


def _remarks(item: Item) -> QuerySet[Remark]:
    return Remark.objects.filter(item=item).select_related("by").order_by("-pk")


def _said(remarks: Iterable[Remark]) -> list[Line]:
    return [Line(one.at, when(one.at), f"{one.by} 留言", one.text) for one in remarks]


def _signed(signatures: Iterable[Signature], lead: int | None) -> list[Line]:
    lines = []
    for one in signatures:
        where = f" {whose(one.slot, lead)}" if one.slot else ""
        step = f"（{one.step}）" if one.step else ""
        if one.verdict == Verdict.SKIP:
            text = f"{one.step}{where} 跳过"
        else:
            verdict = {Verdict.ACCEPT: "同意", Verdict.RETURN: "退回", Verdict.REOPEN: "重新挂号"}[
                Verdict(one.verdict)
            ]
            text = f"{acted_name(one.person or '系统', one.acting_for)} {verdict}{where}{step}"
        if one.on_paper:
            text += f"，纸质签批 {one.signed_on}，{one.entered_by} 登记"
        if one.withdrawn_by_id:
            text += "，当日已整批撤销"
        lines.append(Line(one.at, when(one.at), text, one.opinion))
    return lines


def _journalled(user: Any, entries: list[Entry], item: Item, *, named: bool) -> list[Line]:
    """Entries in words; ids of people and units become names in two queries.

    Not NAMED: to a guest it is not told whose the item was before it was the guest's.
    """
    slots = _ids(entries, "ledger.slot")
    submissions = _ids(entries, "ledger.submission")
    citations = _ids(entries, "ledger.citation")
    labels: dict[tuple[str, int], str] = {
        ("ledger.slot", slot.pk): whose(slot, item.lead_id)
        for slot in Slot.objects.filter(pk__in=slots).select_related("performer")
    }
    handed_in = Submission.objects.filter(pk__in=submissions).select_related(
        "slot__performer", "by", "on_behalf_of", "acting_for"
    )
    acted = {one.pk: str(one.acting_for) for one in handed_in if one.acting_for_id}
    for one in handed_in:
        behalf = (
            f"（代 {one.on_behalf_of} 报）"
            if one.on_behalf_of_id and one.on_behalf_of_id != one.by_id
            else ""
        )
        labels["ledger.submission", one.pk] = f"{whose(one.slot, item.lead_id)}{behalf}，报送号 {one.number}"
    told = Citation.objects.filter(pk__in=citations).annotate(untold=as_column(untold(user)))
    for cited in told.select_related("slot__performer", "evidence"):
        piece, where = cited.evidence, f"到 {whose(cited.slot, item.lead_id)}"
        words = f"{ONE}{where}" if cited.untold else f"《{piece.title}》{where}，回执 {piece.number}"
        labels["ledger.citation", cited.pk] = words
    names = _names(entries)
    lines = []
    for entry in entries:
        about = labels.get((entry.subject_kind, entry.subject_id or 0), "")
        changed = _changes(entry, names, named)
        # a submission knows for whom; a colleague of one department needs no post of the absent person to hand in
        whose_place = entry.acting_for
        if entry.subject_kind == "ledger.submission":
            whose_place = acted.get(entry.subject_id or 0, whose_place)
        text = " ".join(filter(None, [acted_name(entry.actor_name, whose_place), entry.label, about]))
        moment = datetime.fromisoformat(entry.at)
        lines.append(Line(moment, when(moment), f"{text}{f'：{changed}' if changed else ''}"))
    return lines


def adopted_lines(one: AdoptedItem) -> list[Line]:
    """换版 in words: which edition, what of the item changed, old → new; and who looked at it again."""
    made = one.adoption
    who = f"{made.by or '系统'} 换用《{made.edition.standard}》{made.edition.label}"
    said = [
        change_words(name, one.before.get(name), one.after[name])
        for name in SHOWN
        if name in one.after and name != "lead_text"
    ]
    if "needs" in one.after:
        said.append(f"材料要求 {one.after['needs']}")
    if one.slots_replaced:
        said.append(f"换下 {one.slots_replaced} 个空期次")
    if one.other is not None:
        said.insert(0, f"由“{one.other}”拆出" if one.kind == "split" else f"并入“{one.other}”")
    undone = "（已撤回）" if made.undone_at else ""
    lines = [Line(made.at, when(made.at), f"{who}{undone}{'：' if said else ''}{'；'.join(said)}")]
    if one.checked_at is not None:
        who = f"{one.checked_by or '系统'} 换版复核"
        lines.append(Line(one.checked_at, when(one.checked_at), who, one.check_note))
    return lines


def ask_lines(one: Ask) -> list[Line]:
    """Who asked for what and why; who answered what, or how it was settled otherwise."""
    label = Kind(one.kind).label
    why = f"{one.reason}（进展：{one.progress}）" if one.progress else one.reason
    who = person_words(one.by, one.acting_for)
    lines = [Line(one.at, when(one.at), f"{who} 申请{label}：{wish_words(one)}", why)]
    if one.decided_at is None:
        return lines
    judge = person_words(one.decided_by, one.decided_for)
    if one.state == AskState.WITHDRAWN:
        text = f"{judge} 撤回{label}申请" if judge else f"{label}申请自动了结"
    else:
        told = outcome_words(one)
        text = f"{judge} {AskState(one.state).label}{label}{f'：{told}' if told else ''}"
    lines.append(Line(one.decided_at, when(one.decided_at), text, one.opinion))
    return lines


def _ids(entries: list[Entry], kind: str) -> set[int]:
    return {
        entry.subject_id for entry in entries if entry.subject_kind == kind and entry.subject_id is not None
    }


def _names(entries: list[Entry]) -> dict[tuple[str, str], str]:
    people: set[Any] = set()
    units: set[Any] = set()
    for column, value in _values(entries):
        (people if column in PEOPLE else units).add(value)
    found = {
        ("p", str(pk)): name for pk, name in Person.objects.filter(pk__in=people).values_list("pk", "name")
    }
    for pk, name, short in Unit.objects.filter(pk__in=units).values_list("pk", "name", "short_name"):
        found["u", str(pk)] = short or name
    return found


def _values(entries: list[Entry]) -> Iterable[tuple[str, Any]]:
    for entry in entries:
        for note in entry.changes:
            for column, pair in note.get("fields", {}).items():
                if column in PEOPLE or column in UNITS:
                    yield from ((column, value) for value in pair if value is not None)


def _changes(entry: Entry, names: dict[tuple[str, str], str], named: bool) -> str:
    """期限 2020-05-29 改为 2020-06-05；责任人 张三 改为 李四."""
    said = []
    for note in entry.changes:
        if note.get("kind") != entry.subject_kind or note.get("id") != entry.subject_id:
            continue
        if entry.subject_kind == "ledger.statement" and note.get("made"):
            said.append(f"结论 {note['label'].partition('：')[0]}")
        for column, (old, new) in note.get("fields", {}).items():
            if column == "status":
                states = SlotStatus if entry.subject_kind == "ledger.slot" else Status
                labels = dict(states.choices())
                said.append(f"{labels.get(old, old)} 转 {labels.get(new, new)}")
            elif column in FIELDS and (named or column not in PEOPLE | UNITS):
                old, new = (_word(column, value, names) for value in (old, new))
                said.append(
                    f"{FIELDS[column]} {old} 改为 {new}" if old else f"{FIELDS[column]} {new or '清空'}"
                )
    return "；".join(dict.fromkeys(said))


def _word(column: str, value: Any, names: dict[tuple[str, str], str]) -> str:
    if value in (None, ""):
        return ""
    if column == "conformity":
        return Conformity(value).label
    if column in PEOPLE:
        return names.get(("p", str(value)), "")
    if column in UNITS:
        return names.get(("u", str(value)), "")
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def when(moment: datetime) -> str:
    """06-09 08:00 in this year, the whole date in others."""
    local = timezone.localtime(moment)
    return f"{local:%m-%d %H:%M}" if local.year == clock.today().year else f"{local:%Y-%m-%d}"
