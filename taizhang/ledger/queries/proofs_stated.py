"""材料提交表: what one item's form shows, and which items of a year have no conclusion yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from taizhang.campaigns.models import Year
from taizhang.standards.rules.needs import KINDS

from ..models import Citation, Item, Need, Passage, Statement
from ..rules import proofs_stated as rules
from ..rules.numbering import bases, piece_number
from ..rules.states import Conformity, SlotStatus, Status
from .material import Held, material_for
from .scope import items_for, slots_seen


@dataclass(frozen=True)
class Piece:
    """A line of the form's list."""

    number: str
    evidence: int
    title: str
    says: str
    day: str
    pages: str
    passages: int


@dataclass(frozen=True)
class StatementPage:
    """All that the form of one item shows. PROPOSAL: what the material as it lies supports; None while nothing is due."""

    held: Held
    number: str
    pieces: list[Piece]
    pages: int
    passages: int
    statement: Statement | None
    proposal: rules.Proposal | None
    doubt: str

    @property
    def label(self) -> str:
        return Conformity(self.statement.conformity).label if self.statement else ""


def statement_page(user: Any, item: Item, year: Year, today: date) -> StatementPage | None:
    """None for an item that is no part of what is shown (不适用). A fixed number of queries."""
    found = material_for(user, year, today, item=item.pk)
    if not found:
        return None
    held = found[0]
    number = numbers_of(user, year)[item.pk]
    pieces = [
        Piece(
            piece_number(number, nth), proof.evidence, proof.title, proof.doc_no or proof.need or KINDS.get(proof.kind, "材料"),
            f"{proof.happened_on or ''}", str(proof.pages or 1) if proof.kind not in ("media", "link") else "", len(proof.passages),
        )
        for nth, proof in enumerate(held.proofs, 1)
    ]  # fmt: skip
    shown = [
        rules.Shown(piece.number, piece.title, proof.need or KINDS.get(proof.kind, "材料"))
        for piece, proof in zip(pieces, held.proofs, strict=True)
    ]
    statement = Statement.objects.filter(item=item).select_related("by").first()
    passages = sum(piece.passages for piece in pieces)
    proposal = rules.propose(shown, held.lacks, stand_of(user, item, today), passages, held.hidden)
    doubt = rules.doubt(statement.conformity, held.lacks, len(pieces)) if statement else ""
    pages = sum(int(piece.pages or 0) for piece in pieces)
    return StatementPage(held, number, pieces, pages, passages, statement, proposal, doubt)


def stand_of(user: Any, item: Item, today: date) -> rules.Stand:
    """Two queries."""
    rows = slots_seen(user, item).exclude(status=SlotStatus.WAIVED).exclude(before_system=True)
    states = list(rows.filter(starts_on__lte=today).values_list("status", flat=True))
    return rules.Stand(
        len(states), states.count(SlotStatus.ACCEPTED), states.count(SlotStatus.SUBMITTED),
        Need.objects.filter(item=item, must=True).count(),
    )  # fmt: skip


def numbers_of(user: Any, year: Year) -> dict[int, str]:
    """Item → its number in the volume of the whole year, as far as USER sees the year; one query."""
    rows = list(
        items_for(user)
        .filter(year=year)
        .exclude(status=Status.WAIVED)
        .order_by("order", "id")
        .values_list("pk", "code", "no", "track")
    )
    found = bases((code, no, track or 0) for _, code, no, track in rows)
    return {row[0]: number for row, number in zip(rows, found, strict=True)}


@dataclass(frozen=True)
class StatedRow:
    """An item in the list of a year's forms."""

    pk: int
    number: str
    no: str
    title: str
    area: str
    lead: str
    person: str
    status: str
    pieces: int
    passages: int
    conformity: str  # "" while there is none
    label: str
    reason: str
    by: str


def stated_rows(user: Any, year: Year) -> list[StatedRow]:
    """The items of YEAR that USER sees and that a form is printed of, in the ledger's order; four queries."""
    items = list(
        items_for(user)
        .filter(year=year)
        .exclude(status=Status.WAIVED)
        .select_related("lead", "person")
        .order_by("order", "id")
        .distinct()
    )
    of = {one.item_id: one for one in Statement.objects.filter(item__in=items).select_related("by")}
    pieces = _counts(Citation.objects.filter(slot__item__in=items), "slot__item", "evidence")
    passages = _counts(Passage.objects.filter(citation__slot__item__in=items), "citation__slot__item", "pk")
    numbers = bases((one.code, one.no, one.track_id or 0) for one in items)
    return [_row(one, number, of.get(one.pk), pieces, passages) for one, number in zip(items, numbers, strict=True)]  # fmt: skip


def _counts(rows: Any, item: str, what: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(item).annotate(n=Count(what, distinct=True)))


def _row(
    one: Item, number: str, stated: Statement | None, pieces: dict[int, int], passages: dict[int, int]
) -> StatedRow:
    return StatedRow(
        one.pk, number, one.no, one.title, f"{one.area_code} {one.area}".strip(), str(one.lead or ""), str(one.person or ""),
        Status(one.status).label, pieces.get(one.pk, 0), passages.get(one.pk, 0), stated.conformity if stated else "",
        Conformity(stated.conformity).label if stated else "", stated.reason if stated else "",
        str(stated.by or "系统") if stated else "",
    )  # fmt: skip


def stated_counts(rows: Sequence[StatedRow]) -> dict[str, int]:
    """ "none" and each conclusion → how many items."""
    found = {"none": 0, **{str(one): 0 for one in Conformity}}
    for row in rows:
        found[row.conformity or "none"] += 1
    return found


def unstated_number(user: Any, year: Year) -> int:
    """How many items of YEAR that USER sees have no conclusion; one query."""
    rows = items_for(user).filter(year=year, statement__isnull=True)
    return rows.exclude(status=Status.WAIVED).distinct().count()


def stated_word(item: Item) -> tuple[str, str]:
    """The conclusion of ITEM (from `item_page.find`) and why; ("", "") while there is none. No query."""
    found: Statement | None = getattr(item, "statement", None)
    return (Conformity(found.conformity).label, found.reason) if found else ("", "")
