"""Which running items new evidence can serve: by the items' words, its own, and what was accepted before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, QuerySet

from taizhang.campaigns.rules.states import YearState
from taizhang.evidence.models import Evidence, EvidenceState, Page
from taizhang.evidence.queries import evidence_for
from taizhang.org.permits import Permit
from taizhang.org.queries import paths_where
from taizhang.standards.rules.ranking import Given, Ranking, Wanted

from ..models import Citation, Declined, Item, Need, Slot
from ..rules.proposals import Room, room_for
from ..rules.states import WORKING, Status
from .scope import items_for, slots_for

MOST_LETTERS = 6000  # of a text: what stands far behind tells nothing more
PAGES = 4
LEARNT = 12  # titles of what was accepted for the same requirement before


@dataclass(frozen=True)
class Proposal:
    """An item that a piece may serve. SLOT None: its period takes nothing in. MAY: the person fills it."""

    item: int
    no: str
    title: str
    standard: str
    lead: str
    score: float
    slot: int | None
    period: str
    cited: bool
    may: bool
    begun: bool  # it has periods at all: what only an event calls for may have none yet


# the words of the items of one agency's open years; made anew when one of them, or what is cited for them, changed
_kept: dict[int, tuple[tuple[Any, ...], list[Ranking]]] = {}


def _running(agency: int | None = None) -> QuerySet[Item]:
    found = Item.objects.filter(year__state=YearState.OPEN, status__in=[*WORKING, Status.PENDING])
    return found.filter(unit=agency) if agency else found


def _rankings(agency: int) -> list[Ranking]:
    """One for each standard of the agency's open years, for what is rare in one is common in another."""
    items = _running(agency)
    stamp = (
        *items.aggregate(Max("changed_at"), Count("pk")).values(),
        *Citation.objects.filter(slot__item__unit=agency).aggregate(Max("pk"), Count("pk")).values(),
    )
    if agency in _kept and _kept[agency][0] == stamp:
        return _kept[agency][1]
    rows = list(items.values_list("pk", "track", "strand", "title", "requirement", "area", "section"))
    needs: dict[int, list[str]] = defaultdict(list)
    for item, name in Need.objects.filter(item__in=items).values_list("item", "name"):
        needs[item].append(name)
    learnt = _learnt(agency)
    parts: dict[int | None, list[Wanted]] = defaultdict(list)
    for pk, track, strand, title, requirement, area, section in rows:
        parts[track].append(
            Wanted(
                pk, title, requirement, tuple(needs[pk]), f"{area} {section}",
                tuple(learnt.get(("strand", strand) if strand else ("item", pk), ())),
            )
        )  # fmt: skip
    made = [Ranking(part) for part in parts.values()]
    if len(_kept) > 20:
        _kept.clear()
    _kept[agency] = (stamp, made)
    return made


def _learnt(agency: int) -> dict[tuple[str, int], list[str]]:
    """Titles of what is cited for the same requirement in any year, the newest first."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    rows = Citation.objects.filter(slot__item__unit=agency).order_by("-pk")
    for item, strand, title in rows.values_list("slot__item", "slot__item__strand", "evidence__title"):
        titles = found["strand", strand] if strand else found["item", item]
        if len(titles) < LEARNT and title not in titles:
            titles.append(title)
    return found


def proposals_for(
    user: Any, pieces: Iterable[Evidence], today: date, most: int = 5
) -> dict[int, list[Proposal]]:
    """Piece id → the MOST likely items of every running standard that USER sees, best first. A fixed number of queries.

    What was turned down is left out; what is cited already says so.
    """
    pieces = list(pieces)
    texts = _texts([one.current.blob_id for one in pieces if one.current])
    ranked: dict[int, list[tuple[int, float]]] = {}
    for agency in dict.fromkeys(one.agency_id for one in pieces):
        rankings = _rankings(agency)
        for one in pieces:
            if one.agency_id != agency:
                continue
            given = _given(one, texts.get(one.current.blob_id, "") if one.current else "")
            best = [each for ranking in rankings for each in ranking.best(given, 3 * most)]
            ranked[one.pk] = sorted(((each.key, each.score) for each in best), key=lambda pair: -pair[1])
    return _worded(user, {one.pk: one.happened_on for one in pieces}, ranked, today, most)


def _given(one: Evidence, text: str) -> Given:
    name = one.current.original_name.rpartition(".")[0] if one.current else ""
    caption = " ".join(filter(None, (one.theme, "" if name == one.title else name)))
    return Given(one.title, text[:MOST_LETTERS], caption)


def _texts(blobs: Sequence[int]) -> dict[int, str]:
    """The beginning of each blob's text; one query."""
    found: dict[int, str] = defaultdict(str)
    rows = Page.objects.filter(blob__in=blobs, no__lte=PAGES).order_by("blob", "no")
    for blob, text in rows.values_list("blob_id", "text"):
        found[blob] += text[:MOST_LETTERS] + "\n"
    return found


def _worded(
    user: Any, happened: dict[int, date | None], ranked: dict[int, list[tuple[int, float]]], today: date, most: int
) -> dict[int, list[Proposal]]:  # fmt: skip
    keys = {key for pairs in ranked.values() for key, _ in pairs}
    rows = items_for(user).filter(pk__in=keys).values_list(
        "pk", "no", "title", "track__standard__name", "lead__short_name", "lead__name"
    )  # fmt: skip
    items = {
        pk: (no, title, standard or "本单位立项", short or name or "未定")
        for pk, no, title, standard, short, name in rows
    }
    declined = set(Declined.objects.filter(evidence__in=happened).values_list("evidence", "item"))
    cited = set(Citation.objects.filter(evidence__in=happened).values_list("evidence", "slot__item"))
    rooms, fills = _rooms(user, items)
    found: dict[int, list[Proposal]] = {}
    for piece, pairs in ranked.items():
        made = found[piece] = []
        for key, score in pairs:
            if key not in items or (piece, key) in declined or len(made) >= most:
                continue
            mine = [room for room in rooms[key] if room.slot in fills]
            room = room_for(mine or rooms[key], happened[piece], today)
            made.append(
                Proposal(
                    key, *items[key], score, room.slot if room else None, room.label if room else "",
                    (piece, key) in cited, room is not None and room.slot in fills, bool(rooms[key]),
                )
            )  # fmt: skip
    return found


def _rooms(user: Any, items: Iterable[int]) -> tuple[dict[int, list[Room]], set[int]]:
    """The periods of ITEMS that USER sees, and which of them the user may fill; one query."""
    own, behalf = paths_where(user, Permit.LEDGER_SUBMIT), paths_where(user, Permit.LEDGER_BEHALF)
    rooms: dict[int, list[Room]] = defaultdict(list)
    fills: set[int] = set()
    rows = (
        slots_for(user).filter(item__in=list(items), before_system=False).exclude(item__status=Status.PENDING)
    )
    for item, performer, host, pk, label, starts_on, ends_on, due_on, status in rows.values_list(
        "item_id", "performer__path", "item__unit__path", "pk", "label", "starts_on", "ends_on", "due_on", "status"
    ):  # fmt: skip
        rooms[item].append(Room(pk, label, starts_on, ends_on, due_on, status))
        if any(performer.startswith(path) for path in own) or any(host.startswith(path) for path in behalf):
            fills.add(pk)
    return rooms, fills


def unplaced_for(user: Any) -> QuerySet[Evidence]:
    """Evidence that no item uses yet and that USER sees, the newest first."""
    found = evidence_for(user).filter(state=EvidenceState.LIVE, uses=0)
    return found.select_related("current__blob", "unit").order_by("-pk")


def slot_for(user: Any, pk: int) -> Slot | None:
    """A slot that the user sees, as citing wants it."""
    return slots_for(user).filter(pk=pk).select_related("performer", "item__unit", "item__lead").first()


def cited_pairs(wanted: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of pairs of a piece and a slot those that are cited already."""
    rows = Citation.objects.filter(
        evidence__in=[piece for piece, _ in wanted], slot__in=[slot for _, slot in wanted]
    )
    return set(rows.values_list("evidence", "slot"))
