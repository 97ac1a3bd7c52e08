"""What is cited for a slot, each piece with what the needs say of it; and what else might be cited."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from taizhang.evidence.models import Evidence, EvidenceState, Kind
from taizhang.evidence.queries import evidence_for, found_by, stopped
from taizhang.standards.rules.needs import KINDS

from ..models import Citation, Slot
from ..rules.needs_met import FIELD_WORDS, PICTURE, Asked, Given, propose_need
from ..rules.proofs import WHOLE
from .limited import NAME, ONE, afar, as_column, untold
from .scope import items_for

MOST_FOUND = 50


@dataclass(frozen=True)
class Material:
    """One citation of the slot on show."""

    pk: int
    evidence_id: int
    title: str
    kind: str
    facts: str
    number: str
    file_name: str
    picture: bool
    need_id: int | None
    need: str
    lamp: str
    check: str
    note: str
    pinned: int | None  # version that was handed in
    newest: int | None
    uses: int
    can_caption: str  # "填文号", "补说明" or ""
    stopped: bool = False  # bears a mark of secrecy: its title only, nothing of it opens
    passages: int = 0  # sentences marked on it
    markable: bool = False  # it has sentences that could be marked
    crossing: bool = False  # seen by this citation only: between agencies, or by who judges what is 限定
    untold: bool = False  # 限定, and the reader is not told what it is


@dataclass(frozen=True)
class Found:
    """A piece of the library that may be cited for a slot. `need` is the one it most likely serves."""

    pk: int
    title: str
    kind_label: str
    facts: str
    day: str
    unit: str
    here: bool
    need: int | None


@dataclass(frozen=True)
class Use:
    """One citation of a piece of evidence, in an item that the reader may see."""

    item_id: int
    slot_id: int
    no: str
    title: str
    slot: str
    need: str
    lead: str
    status: str
    by: str
    at: Any


def materials_of(user: Any, slot: int, asked: list[Asked]) -> tuple[list[Material], list[Given]]:
    """The materials of SLOT as USER is told of them, in the order of the needs, and the same as the rules take them;
    one query."""
    names = {need.id: need for need in asked}
    rows: list[tuple[Citation, Given]] = []
    for citation in (
        Citation.objects.filter(slot=slot)
        .annotate(
            stopped=ExpressionWrapper(Q(evidence__in=stopped()), BooleanField()),
            marked=Count("passages"),
            untold=as_column(untold(user)),
            afar=as_column(afar(user)),
        )
        .select_related("evidence__current__blob", "version_pinned", "slot__performer", "slot__item")
        .order_by("need__order", "order", "pk")
    ):
        piece = citation.evidence
        one = Given(
            citation.need_id, piece.kind, NAME if citation.untold else piece.title, bool(piece.happened_on), bool(piece.place),
            bool(piece.people), bool(piece.theme), bool(piece.doc_no), citation.stopped,
        )  # fmt: skip
        rows.append((citation, one))
    given = [one for _, one in rows]
    return [
        _material(citation, one, names.get(citation.need_id or 0), given) for citation, one in rows
    ], given


def _material(citation: Citation, one: Given, need: Asked | None, given: list[Given]) -> Material:
    piece = citation.evidence
    facts = [
        f"{piece.happened_on}" if piece.happened_on else "", piece.place, piece.people,
        f"主题：{piece.theme}" if piece.theme else "", piece.doc_no, f"回执 {piece.number}",
    ]  # fmt: skip
    lamp, check, note, caption = "g", "符合", "", ""
    if one.stopped:
        lamp, check, note = "r", "标有密级", "已停用，请移除，换一件"
    elif need is None:
        lamp, check, note = "n", "未对应要求", "可移除后按要求重新引用"
    else:
        lacks = [FIELD_WORDS[name] for name in need.fields if name in FIELD_WORDS and not getattr(one, name)]
        fitting = [other for other in given if need.kind != PICTURE or other.kind == PICTURE]
        count = sum(other.need_id == need.id for other in fitting)
        if one not in fitting:
            lamp, check, note = "r", "不是图片", f"不算{need.name}，请换照片，或把类别改为图片"
        elif need.doc_no and not one.doc_no:
            lamp, check, note, caption = "r", "无文号", "这项要求须有文号", "填文号"
        elif lacks:
            lamp, check, note, caption = "r", f"没有写{'、'.join(lacks)}", "补上说明即可", "补说明"
        elif count < need.least:
            lamp, check = "y", f"{count}/{need.least} {'张' if need.kind == 'picture' else '件'}"
    current = piece.current
    if citation.untold:  # type: ignore[attr-defined]
        return Material(
            citation.pk, piece.pk, ONE, KINDS.get(piece.kind, "材料"), "", "", "", False, citation.need_id, need.name if need else "",
            lamp, check, note, None, None, 0, "", one.stopped, untold=True,
        )  # fmt: skip
    return Material(
        citation.pk, piece.pk, piece.title, KINDS.get(piece.kind, "材料"), "　".join(filter(None, facts)), piece.number,
        current.original_name if current else "", bool(current and current.blob.thumbnail) and not one.stopped, citation.need_id,
        need.name if need else "", lamp, check, note,
        citation.version_pinned.no if citation.version_pinned else None, current.no if current else None, piece.uses,
        caption, one.stopped, citation.marked, not one.stopped and piece.kind not in WHOLE and current is not None,  # type: ignore[attr-defined]
        citation.slot.performer.agency_id != citation.slot.item.unit_id or citation.afar,  # type: ignore[attr-defined]
    )  # fmt: skip


def last_caption(slot: int) -> dict[str, Any]:
    """What was last said of pieces cited for SLOT, each field by itself: the next one mostly shows the same meeting."""
    names = ("happened_on", "place", "people", "theme")
    rows = (
        Citation.objects.filter(slot=slot)
        .order_by("-pk")
        .values_list(*(f"evidence__{name}" for name in names))[:20]
    )
    found: dict[str, Any] = {}
    for row in rows:
        for name, value in zip(names, row, strict=True):
            if value:
                found.setdefault(name, value)
    return found


def library_for(user: Any) -> QuerySet[Evidence]:
    """What may be cited at all: live pieces that USER sees."""
    return evidence_for(user).filter(state=EvidenceState.LIVE)


def citable(
    user: Any, slot: Slot, asked: list[Asked], words: Iterable[str], kind: str
) -> tuple[list[Found], bool]:
    """The newest pieces of the slot's agency that have all WORDS in caption or text, and whether there are more; two
    queries."""
    rows = library_for(user).filter(agency__in={slot.item.unit_id, slot.performer.agency_id})
    if said := " ".join(words):
        rows = found_by(rows, said)
    if kind:
        rows = rows.filter(kind=kind)
    listed = list(rows.select_related("unit").order_by("-id")[: MOST_FOUND + 1])
    _, given = materials_of(user, slot.pk, asked)
    here = set(Citation.objects.filter(slot=slot).values_list("evidence", flat=True))
    found = [
        Found(
            one.pk, one.title, Kind(one.kind).label, "　".join(filter(None, [one.number, one.place, one.theme, one.doc_no])),
            f"{one.happened_on}" if one.happened_on else "", str(one.unit), one.pk in here,
            propose_need(asked, given, one.kind),
        )
        for one in listed[:MOST_FOUND]
    ]  # fmt: skip
    return found, len(listed) > MOST_FOUND


def same_time(user: Any, slot: Slot) -> int:
    """How many pieces of the performer's happened in the slot's period and are not cited here yet."""
    cited = Citation.objects.filter(slot=slot).values("evidence")
    return (
        library_for(user)
        .filter(unit=slot.performer_id, happened_on__gte=slot.starts_on, happened_on__lte=slot.ends_on)
        .exclude(pk__in=cited)
        .count()
    )


def uses_of(user: Any, evidence: Evidence) -> tuple[list[Use], int]:
    """Where EVIDENCE is cited as far as USER sees the items, and how many citations lie elsewhere."""
    rows = Citation.objects.filter(evidence=evidence)
    seen = rows.filter(slot__item__in=items_for(user))
    found = [
        Use(
            row.slot.item_id, row.slot_id, row.slot.item.no, row.slot.item.title, row.slot.label,
            row.need.name if row.need else "", str(row.slot.item.lead or ""), row.slot.status, str(row.by or "系统"), row.at,
        )
        for row in seen.select_related("slot__item__lead", "need", "by").order_by("slot__item__order", "slot__starts_on")
    ]  # fmt: skip
    return found, rows.count() - len(found)
