"""Warnings about pieces at hand, and who has looked at them already: a constant number of queries for any number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from taizhang.org.models import FormerName, Unit

from ..models import Checked, Evidence, EvidenceState, ReadingState, Version
from ..rules import checks, words
from ..rules.checks import Around, Piece, Read, Twin, Use, Warned
from ..rules.likeness import near_ones
from .scope import evidence_for
from .search import among

LEAST_NAME = 2  # letters of an agency's short name
LEAST_DEPARTMENT = 4  # 办公室 stands in every text and names nobody
MOST_SETS = 400  # of names in one statement: SQLite takes 500 parts
MOST_TWINS = 200  # near photographs that are held against one, the oldest: a series may have thousands
NO_OCR = frozenset({"ocr_off", "no_ocr"})

FACTS = (
    "pk", "agency_id", "unit_id", "kind", "title", "happened_on", "place", "people", "theme", "doc_no", "issuer", "url",
    "current__blob_id", *(f"current__blob__reading__{name}" for name in (
        "state", "pages", "letters", "taken_on", "doc_no", "dated_on", "head_page", "fault", "warnings", "likeness")),
)  # fmt: skip


@dataclass(frozen=True)
class Noted:
    """A warning, and who has said that it is in order (`by` is "" while nobody has)."""

    warned: Warned
    by: str = ""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class _Row:
    """One piece with what is known of its file."""

    pk: int
    agency: int
    unit: int
    piece: Piece
    blob: int | None
    state: str
    read: tuple[Any, ...]
    likeness: str


def noted(
    user: Any, pks: Iterable[int], uses: Mapping[int, Sequence[Use]] | None = None
) -> dict[int, list[Noted]]:
    """Piece's id → its warnings, those nobody has looked at first. USES: where each is cited, as far as that matters."""
    seen = evidence_for(user)
    rows = _rows(seen.filter(pk__in=list(pks)))
    names = _names(rows)
    named = _named(rows, names)
    same, near = _same(seen, rows), _near(seen, rows)
    looked = {
        (piece, code): (by or "系统", at, note)
        for piece, code, by, at, note in Checked.objects.filter(
            evidence__in=[row.pk for row in rows]
        ).values_list("evidence_id", "code", "by__name", "at", "note")
    }
    found: dict[int, list[Noted]] = {}
    for row in rows:
        around = Around(
            names[row.agency, row.unit], tuple(same.get(row.pk, ())), tuple(near.get(row.pk, ())),
            tuple((uses or {}).get(row.pk, ())),
        )  # fmt: skip
        made = [
            Noted(each, *looked.get((row.pk, each.code), ("", None, "")))
            for each in checks.warnings(row.piece, _read(row, named), around)
        ]
        found[row.pk] = sorted(made, key=lambda each: bool(each.by))
    return found


def unchecked(user: Any) -> list[int]:
    """Ids of the live pieces on whose page stands a warning that nobody has looked at."""
    seen = evidence_for(user)
    rows = _rows(seen.filter(state=EvidenceState.LIVE))
    names = _names(rows)
    named = _named(rows, names)
    looked = set(Checked.objects.values_list("evidence_id", "code"))
    near = _near(seen, rows)
    holders: dict[tuple[int | None, int], set[int]] = defaultdict(
        set
    )  # of one agency: another's copy is no warning here
    versions = Version.objects.filter(evidence__in=seen.filter(state=EvidenceState.LIVE).values("pk"))
    for agency, blob, pk in versions.values_list("evidence__agency_id", "blob_id", "evidence_id"):
        holders[agency, blob].add(pk)
    found = []
    for row in rows:
        same = (Twin(0, "", ""),) if row.blob and holders[row.agency, row.blob] - {row.pk} else ()
        around = Around(names[row.agency, row.unit], same, tuple(near.get(row.pk, ())))
        made = checks.warnings(row.piece, _read(row, named), around)
        if any((row.pk, each.code) not in looked for each in made):
            found.append(row.pk)
    return found


def _rows(found: Any) -> list[_Row]:
    rows = []
    for values in found.order_by("pk").values_list(*FACTS):
        pk, agency, unit, *said, blob, state = values[:14]
        rows.append(_Row(pk, agency, unit, Piece(*said), blob, state or "", values[14:-1], values[-1] or ""))
    return rows


def _read(row: _Row, named: set[int]) -> Read | None:
    """None for a link, and until the reader has looked."""
    if row.blob is None or row.state in ("", ReadingState.WAITING):
        return None
    pages, letters, taken_on, doc_no, dated_on, head_page, fault, told = row.read
    said = tuple((each["code"], each["text"]) for each in told or ())
    unread = row.state != ReadingState.READ or any(code in NO_OCR for code, _ in said)
    return Read(
        row.state, pages, letters, taken_on, doc_no, dated_on, head_page, fault, said,
        None if unread else row.pk in named,
    )  # fmt: skip


def _names(rows: list[_Row]) -> dict[tuple[int, int], tuple[str, ...]]:
    """(Agency, department) → what they are called and were called, longest first; two queries."""
    agencies = {row.agency for row in rows}
    every = agencies | {row.unit for row in rows}
    called: dict[int, set[str]] = defaultdict(set)
    for model, column in ((Unit, "pk"), (FormerName, "unit_id")):
        asked: Any = {"pk__in" if model is Unit else "unit__in": every}
        for pk, name, short in model._base_manager.filter(**asked).values_list(column, "name", "short_name"):
            least = LEAST_NAME if pk in agencies else LEAST_DEPARTMENT
            called[pk].update(each for each in (name, short) if len(each) >= least)
    made: dict[tuple[int, int], tuple[str, ...]] = {}
    for row in rows:
        if (row.agency, row.unit) not in made:
            both = called[row.agency] | called[row.unit]
            made[row.agency, row.unit] = tuple(sorted(both, key=lambda name: (-len(name), name)))
    return made


def _named(rows: list[_Row], names: Mapping[tuple[int, int], tuple[str, ...]]) -> set[int]:
    """Ids of the pieces whose text holds a name of their unit: one question to the index for all sets of names."""
    sets: dict[str, set[tuple[int, int]]] = defaultdict(set)
    wanted = [
        row for row in rows if row.blob and row.piece.kind in checks.NAMED and row.state == ReadingState.READ
    ]
    for row in wanted:
        phrases = [
            words.match(term) for name in names[row.agency, row.unit] for term in words.terms(f'"{name}"')
        ]
        if phrases:
            sets[" OR ".join(phrases)].add((row.agency, row.unit))
    if not sets:
        return set()
    asked = list(sets)[:MOST_SETS]
    few = [row.blob for row in wanted if row.blob] if len(wanted) <= 500 else []
    among = f" AND rowid IN ({','.join(map(str, few))})" if few else ""  # numbers of ours, nothing typed
    part = f"SELECT %s, rowid FROM evidence_text_words WHERE words MATCH %s{among}"
    values = [value for at, phrases in enumerate(asked) for value in (at, phrases)]
    hits: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([part] * len(asked)), values)
        for at, blob in cursor.fetchall():
            hits[at].add(blob)
    found = set()
    holding = {pair: hits[at] for at, phrases in enumerate(asked) for pair in sets[phrases]}
    for row in wanted:
        if row.blob in holding.get((row.agency, row.unit), ()):
            found.add(row.pk)
    return found


def _same(seen: Any, rows: list[_Row]) -> dict[int, list[Twin]]:
    """Other pieces with a version of the same bytes; one query."""
    whose = defaultdict(list)
    for row in rows:
        if row.blob:
            whose[row.blob].append(row)
    found: dict[int, list[Twin]] = defaultdict(list)
    live = seen.filter(state=EvidenceState.LIVE).values("pk")
    others = Version.objects.filter(blob__in=list(whose), evidence__in=live).order_by("evidence", "-no").values_list(
        "blob_id", "pk", "no", "evidence_id", "evidence__number", "evidence__title", "evidence__agency_id", "evidence__current_id",
    )  # fmt: skip
    for blob, pk, no, piece, number, title, agency, current in others:
        for row in whose[blob]:
            if row.pk != piece and row.agency == agency:
                found[row.pk].append(Twin(piece, number, title, version=0 if pk == current else no))
    return found


def _near(seen: Any, rows: list[_Row]) -> dict[int, list[Twin]]:
    """Cited pieces of the same agency that show nearly the same photograph; two queries, none without a photograph."""
    shown = [row for row in rows if row.likeness]
    if not shown:
        return {}
    cited = seen.filter(agency__in={row.agency for row in shown}, state=EvidenceState.LIVE, uses__gt=0)
    known: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for likeness, *who in (
        cited.filter(current__blob__reading__likeness__gt="")
        .order_by("pk")
        .values_list("current__blob__reading__likeness", "pk", "agency_id", "current__blob_id")
    ):
        known[likeness].append((who[0], who[1], who[2]))
    near = near_ones((row.likeness for row in shown), known)
    pairs: dict[int, list[int]] = {}
    for row in shown:
        others = (who for likeness in near[row.likeness] for who in known[likeness])
        pairs[row.pk] = sorted(
            pk for pk, agency, blob in others if pk != row.pk and agency == row.agency and blob != row.blob
        )[:MOST_TWINS]
    every = sorted({pk for found in pairs.values() for pk in found})
    columns = ("pk", "number", "title", "happened_on", "place", "theme", "uses")
    twins = {
        values[0]: Twin(*values)
        for values in Evidence.objects.filter(among(every)).order_by("pk").values_list(*columns)
    }
    return {pk: [twins[other] for other in found] for pk, found in pairs.items() if found}
