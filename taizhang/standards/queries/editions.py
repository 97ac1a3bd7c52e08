"""Editions beside each other: what an agency may revise, how one became the other, what each has changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from taizhang.org.models import Unit

from ..models import Draft, Edition, EditionState, Match, Standard
from ..rules.editions import KINDS, Pair, match, pairs_of_links
from ..rules.tree import Node, Reading
from .whole import reading_of


@dataclass(frozen=True)
class Comparison:
    """Two editions as trees and the pairs of their leaves. `stored`: as saved, not worked out just now."""

    old: list[Node]
    new: list[Node]
    pairs: list[Pair]
    stored: bool


def revisions_for(agency_id: int) -> list[Edition]:
    """Every edition that revises another and that the agency may use, in the order of their making; one query.

    A sample's revision is an edition of the agency's own standard (decision 0011); other agencies' are not seen.
    """
    own = Q(standard__agency=None) | Q(standard__agency=agency_id)
    return list(
        Edition.objects.filter(own, base__isnull=False)
        .exclude(state=EditionState.DRAFT)
        .select_related("standard")
        .order_by("id")
    )


def following(base_id: int, revisions: Iterable[Edition]) -> list[Edition]:
    """Those of REVISIONS (in the order of their making) that revise the base, directly or over others; newest first."""
    known, found = {base_id}, []
    for one in revisions:
        if one.base_id in known:
            known.add(one.pk)
            found.append(one)
    return found[::-1]


def bases_for(agency: Unit) -> QuerySet[Edition]:
    """The editions in force that AGENCY may revise: its own first, then the samples."""
    mine = Q(standard__agency=agency) | Q(standard__agency=None)
    return (
        Edition.objects.filter(mine, state=EditionState.IN_FORCE)
        .select_related("standard")
        .order_by("standard__sample", "standard_id", "-pk")
    )


def likely_base(agency: Unit, name: str) -> Edition | None:
    """The edition in force of AGENCY's own standard called NAME: what a file of that name most likely revises."""
    return bases_for(agency).filter(standard__agency=agency, standard__name=name).first()


def newest(standard: Standard) -> Edition | None:
    """The edition in force, else the last one."""
    editions = standard.editions.order_by("-pk")
    return editions.filter(state=EditionState.IN_FORCE).first() or editions.first()


def draft_comparison(draft: Draft, reading: Reading) -> Comparison:
    """The draft, as read, beside its base with what the clerk has said so far; six queries."""
    assert draft.base is not None
    old = reading_of(draft.base).nodes
    return Comparison(old, reading.nodes, match(old, reading.nodes, draft.choices.get("pairs") or {}), False)


def doubtful_count(draft: Draft, reading: Reading) -> int:
    """How many pairs of the draft and its base wait for a word; none without a base."""
    return sum(not one.sure for one in draft_comparison(draft, reading).pairs) if draft.base_id else 0


def comparison(old: Edition, new: Edition) -> Comparison:
    """How OLD became NEW: by the saved matches, through the editions between them; without such a way by the words."""
    before, after = reading_of(old).nodes, reading_of(new).nodes
    way = _way(old, new)
    if way is None:
        return Comparison(before, after, match(before, after), False)
    if len(way) == 1:
        return Comparison(before, after, matches_of(new), True)
    links: dict[tuple[str, str], tuple[bool, float]] = {
        (node.key, node.key): (True, 1.0) for node in before if node.is_leaf
    }
    for step in way:
        onward: dict[str, list[Pair]] = {}
        for one in matches_of(step):
            if one.old is not None and one.new is not None:
                onward.setdefault(one.old, []).append(one)
        links = {
            (first, one.new): (sure and one.sure, min(score, one.score))
            for (first, last), (sure, score) in links.items() for one in onward.get(last, ()) if one.new is not None
        }  # fmt: skip
    found = [(was, now, sure, score) for (was, now), (sure, score) in links.items()]
    return Comparison(before, after, pairs_of_links(before, after, found), True)


def _way(old: Edition, new: Edition) -> list[Edition] | None:
    """The editions from the one after OLD up to NEW, each revising the one before; None when there is no such way."""
    way: list[Edition] = []
    now: Edition | None = new
    while now is not None and now.pk != old.pk:
        way.insert(0, now)
        now = now.base
    return way if now is not None and way else None


def matches_of(edition: Edition) -> list[Pair]:
    """The saved pairs of EDITION and its base, by the keys of `reading_of`; one query."""
    rows = Match.objects.filter(edition=edition).order_by("pk")
    return [
        Pair(str(old) if old else None, str(new) if new else None, kind, sure or by_hand, main, 1.0, by_hand)
        for old, new, kind, sure, main, by_hand in rows.values_list(
            "old_id", "new_id", "kind", "sure", "main", "by_hand"
        )
    ]


def changes_of(editions: Iterable[Edition]) -> dict[int, list[tuple[str, int]]]:
    """Edition id → how many leaves of each kind its matches count (of a split the old leaf, of a join the new one)."""
    found: dict[int, dict[str, int]] = {}
    for edition, kind, olds, news in (
        Match.objects.filter(edition__in=list(editions))
        .values("edition_id", "kind")
        .annotate(olds=Count("old_id", distinct=True), news=Count("new_id", distinct=True))
        .order_by()
        .values_list("edition_id", "kind", "olds", "news")
    ):
        found.setdefault(edition, {})[kind] = olds if kind in ("split", "gone") else news
    return {pk: [(kind, counts[kind]) for kind in KINDS if counts.get(kind)] for pk, counts in found.items()}


def comparable(standard: Standard, visible: QuerySet[Edition]) -> list[Edition]:
    """The editions that one of STANDARD may stand beside: its own and the samples' that they revise; newest first."""
    own = Q(standard=standard) | Q(revisions__standard=standard)
    return list(visible.filter(own).distinct().select_related("standard", "base").order_by("-pk"))
