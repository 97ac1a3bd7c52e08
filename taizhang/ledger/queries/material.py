"""What a bound volume of a year holds: each item in the ledger's order with the pieces that its slots cite, and what
is missing. The same number of queries for one item and for all of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from taizhang.campaigns.models import Year
from taizhang.evidence.models import EvidenceState, Reading, ReadingState, Version
from taizhang.evidence.queries import evidence_for
from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import paths_where

from ..models import Citation, Item, ItemUnit, Passage, Slot, Statement
from ..rules.needs_met import Asked, Given, missing
from ..rules.states import TO_HAND_IN, Conformity, SlotStatus, Status
from .facts import asked_of
from .limited import NAME, as_column, untold
from .proofs import fitting, versions_of
from .rows import area_key
from .scope import items_for, slots_for

#: not part of what is shown to anybody
OUT = (Status.WAIVED,)


@dataclass(frozen=True)
class Proof:
    """A piece of evidence as it is bound: the version that was handed in, else the current one (None: a link)."""

    evidence: int
    number: str  # receipt
    kind: str
    title: str
    url: str
    happened_on: date | None
    place: str
    people: str
    theme: str
    doc_no: str
    issuer: str
    version: int | None
    name: str  # as the file was called
    sha256: str
    size: int
    mime: str
    state: str  # of the reading; "" before there is one
    fault: str
    pages: int
    seconds: int | None
    poster: str
    face: str
    need: str
    period: str
    passages: tuple[tuple[int, tuple[tuple[float, float, float, float], ...]], ...] = ()
    through: int = 0  # between two agencies: the citation by which alone the other side sees it
    drawn: bool = False  # a small copy of it lies in the store


@dataclass(frozen=True)
class Held:
    """An item with its material. `lacks`: what is missing, in words, the needs of each slot that has begun."""

    item: int
    no: str
    code: str
    order: int
    title: str
    requirement: str
    area_key: str
    area_code: str
    area: str
    section: str
    standard: str
    track: int
    points: str
    lead: str
    person: str
    helpers: str
    status: str
    conformity: str  # "" while nothing has been concluded
    reason: str
    stated_by: str
    proofs: tuple[Proof, ...] = ()
    lacks: tuple[str, ...] = ()
    hidden: int = 0  # pieces that the reader may not see (限定, 标有密级)


@dataclass
class _Of:
    """What was found of one item on the way."""

    proofs: dict[tuple[int, int], Proof] = field(default_factory=dict)
    passages: dict[tuple[int, int], list[tuple[int, Any]]] = field(default_factory=lambda: defaultdict(list))
    given: dict[int, list[Given]] = field(default_factory=lambda: defaultdict(list))
    hidden: set[int] = field(default_factory=set)


def material_for(
    user: Any, year: Year, today: date, *, area: str = "", unit: Unit | None = None, item: int | None = None
) -> list[Held]:
    """The items of YEAR that USER sees, or those of one area (its key), one department or one item, with their material.

    Of a department: what it leads, whole; of what it only performs, its own slots. A department of another agency
    sees its own slots only.
    """
    rows = _items(user, year, area, unit, item)
    slots = _slots(user, rows, unit)
    needs = asked_of(row.pk for row in rows)
    found: dict[int, _Of] = defaultdict(_Of)
    _cite(user, year.campaign.unit_id, slots, found)
    helpers: dict[int, list[str]] = defaultdict(list)
    for row in ItemUnit.objects.filter(item__in=rows).select_related("unit"):
        helpers[row.item_id].append(str(row.unit))
    statements = {one.item_id: one for one in Statement.objects.filter(item__in=rows).select_related("by")}
    lacks = _lacks(slots, needs, found, today)
    paths = paths_where(user, Permit.LEDGER_VIEW)
    guest = _is_guest(user, year)
    whole = {
        row.pk
        for row in rows
        if not guest or (row.lead and any(row.lead.path.startswith(path) for path in paths))
    }
    return [
        _held(
            row, found[row.pk], helpers[row.pk] if not guest else [],
            statements.get(row.pk) if row.pk in whole else None, lacks[row.pk],
        )
        for row in rows
    ]  # fmt: skip


def areas_of(user: Any, year: Year) -> list[tuple[str, str, str]]:
    """The areas of the items of YEAR that USER sees, in order: key, code, name. One query."""
    rows = items_for(user).filter(year=year).exclude(area_code="").order_by("order", "id")
    found: dict[str, tuple[str, str, str]] = {}
    for track, code, name in rows.values_list("track_id", "area_code", "area"):
        found.setdefault(area_key(track, code), (area_key(track, code), code, name))
    return list(found.values())


def leads_of(user: Any, year: Year) -> list[tuple[int, str]]:
    """The units that lead items of YEAR which USER sees: id and name. One query."""
    rows = items_for(user).filter(year=year, lead__isnull=False).order_by("lead__order", "lead")
    found = rows.values_list("lead", "lead__short_name", "lead__name").distinct()
    return [(pk, short or name) for pk, short, name in found]


def _is_guest(user: Any, year: Year) -> bool:
    paths = paths_where(user, Permit.LEDGER_VIEW)
    home = year.campaign.unit.path
    return not any(home.startswith(path) or path.startswith(home) for path in paths)


def _items(user: Any, year: Year, area: str, unit: Unit | None, item: int | None) -> list[Item]:
    rows: QuerySet[Item] = items_for(user).filter(year=year).exclude(status__in=OUT)
    if area:
        track, _, code = area.partition(".")
        rows = rows.filter(area_code=code)
        rows = (
            rows.filter(track=int(track)) if track.isdecimal() and track != "0" else rows.filter(track=None)
        )
    if unit is not None:
        performed = Slot.objects.filter(item=OuterRef("pk"), performer__path__startswith=unit.path)
        rows = rows.filter(Q(lead__path__startswith=unit.path) | Exists(performed))
    if item is not None:
        rows = rows.filter(pk=item)
    return list(
        rows.select_related("lead", "person", "track__standard", "unit").order_by("order", "id").distinct()
    )


def _slots(user: Any, rows: list[Item], unit: Unit | None) -> list[Slot]:
    """In the order of their periods; of items that UNIT does not lead, only its own."""
    led = {row.pk for row in rows if unit and row.lead and row.lead.path.startswith(unit.path)}
    seen = slots_for(user).filter(item__in=rows).exclude(status=SlotStatus.WAIVED).select_related("performer")
    return [
        slot
        for slot in seen.order_by("starts_on", "nth", "performer__order", "performer").distinct()
        if unit is None or slot.item_id in led or slot.performer.path.startswith(unit.path)
    ]


def _cite(user: Any, host: int, slots: list[Slot], found: dict[int, _Of]) -> None:
    """Fill FOUND with the pieces of SLOTS: by period, then by need; each version of a piece once for an item."""
    order = {slot.pk: at for at, slot in enumerate(slots)}
    of = {slot.pk: slot for slot in slots}
    visible = evidence_for(user).filter(pk=OuterRef("evidence"))
    rows = list(
        Citation.objects.filter(slot__in=slots)
        .annotate(seen=Exists(visible), untold=as_column(untold(user)))
        .select_related("need", "evidence", "evidence__current__blob", "version_pinned__blob")
    )
    rows.sort(key=lambda row: (order[row.slot_id], row.need.order if row.need else 9999, row.order, row.pk))
    readings = _readings(version.blob_id for row in rows if (version := _version(row)))
    passages: dict[int, list[Passage]] = defaultdict(list)
    marked = list(Passage.objects.filter(citation__in=[row.pk for row in rows]).order_by("page", "id"))
    shown = {row.pk: (row.evidence_id, version.pk) for row in rows if (version := _version(row))}
    # what was marked on another version of the file would underline other words
    for passage in fitting(marked, versions_of(row.evidence_id for row in rows), shown):
        passages[passage.citation_id].append(passage)
    for row in rows:
        slot = of[row.slot_id]
        here = found[slot.item_id]
        piece, version = row.evidence, _version(row)
        here.given[slot.pk].append(
            Given(row.need_id, piece.kind, NAME if row.untold else piece.title, bool(piece.happened_on), bool(piece.place), bool(piece.people),
                  bool(piece.theme), bool(piece.doc_no))
        )  # fmt: skip
        reading = readings.get(version.blob_id) if version else None
        stopped = reading is not None and reading.state == ReadingState.CLASSIFIED
        crosses = slot.performer.agency_id != host and not row.untold
        if not (row.seen or crosses) or stopped or piece.state != EvidenceState.LIVE:
            here.hidden.add(piece.pk)
            continue
        key = (piece.pk, version.pk if version else 0)
        here.proofs.setdefault(key, _proof(row, slot, version, reading, row.pk if crosses else 0))
        for passage in passages[row.pk]:
            boxes = tuple(tuple(float(part) for part in box[:4]) for box in passage.boxes)
            if (passage.page, boxes) not in here.passages[key]:
                here.passages[key].append((passage.page, boxes))


def _version(row: Citation) -> Version | None:
    return row.version_pinned or row.evidence.current


def _readings(blobs: Iterable[int]) -> dict[int, Reading]:
    return {one.blob_id: one for one in Reading.objects.filter(blob__in=set(blobs))}


def _proof(
    row: Citation, slot: Slot, version: Version | None, reading: Reading | None, through: int
) -> Proof:
    piece = row.evidence
    blob = version.blob if version else None
    return Proof(
        piece.pk, piece.number, piece.kind, piece.title, piece.url, piece.happened_on, piece.place, piece.people, piece.theme,
        piece.doc_no or (reading.doc_no if reading else ""), piece.issuer or (reading.issuer if reading else ""),
        version.pk if version else None, version.original_name if version else "", blob.sha256 if blob else "",
        blob.size if blob else 0, blob.mime if blob else "", reading.state if reading else "", reading.fault if reading else "",
        reading.pages if reading else 0, reading.seconds if reading else None, reading.poster if reading else "",
        reading.face if reading else "", row.need.name if row.need else "", slot.label, (), through,
        drawn=bool(blob and blob.thumbnail),
    )  # fmt: skip


def _lacks(
    slots: list[Slot], needs: dict[int, list[Asked]], found: dict[int, _Of], today: date
) -> dict[int, list[str]]:
    """What is missing of each item, in words: of every slot that has begun; not handed in, and needs not met."""
    lacks: dict[int, list[str]] = defaultdict(list)
    for slot in slots:
        if slot.before_system or slot.starts_on > today:
            continue
        where = f"{slot.label}（{slot.performer}）"
        if slot.status == SlotStatus.LOST:
            lacks[slot.item_id].append(f"{where}：逾期未报")
        elif slot.status in TO_HAND_IN:
            word = "退回后未重报" if slot.status == SlotStatus.RETURNED else "未报"
            lacks[slot.item_id].append(f"{where}：{word}，期限 {slot.due_on}")
        short = missing(needs.get(slot.item_id, []), found[slot.item_id].given[slot.pk])
        lacks[slot.item_id] += [f"{where}：{one.text}" for one in short]
    return lacks


def _held(row: Item, of: _Of, helpers: list[str], statement: Statement | None, lacks: list[str]) -> Held:
    points = f"{row.points:f}".rstrip("0").rstrip(".") if row.points is not None else ""
    proofs = tuple(
        Proof(**{**proof.__dict__, "passages": tuple(of.passages.get(key, ()))})
        for key, proof in of.proofs.items()
    )
    return Held(
        row.pk, row.no, row.code, row.order, row.title, row.requirement, area_key(row.track_id, row.area_code), row.area_code, row.area,
        row.section, str(row.track.standard) if row.track else "", row.track_id or 0, points, str(row.lead or ""), str(row.person or ""),
        "、".join(helpers), Status(row.status).label, Conformity(statement.conformity).label if statement else "",
        statement.reason if statement else "", str(statement.by or "") if statement else "", proofs, tuple(lacks), len(of.hidden),
    )  # fmt: skip
