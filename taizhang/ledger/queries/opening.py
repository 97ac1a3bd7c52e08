"""What opening a year needs: the leaves of its standards, last year's ledger, and whom the words mean."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from taizhang.campaigns.models import Track, Year
from taizhang.campaigns.queries import joined_on
from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.standards.models import Edition, Indicator, Method, Requirement
from taizhang.standards.queries import propose_lead
from taizhang.standards.rules.cadence import Cycle

from ..models import Item, ItemUnit, Need, Slot
from ..rules.adoption import OLD_NEED, Wish, carried


@dataclass(frozen=True)
class Leaf:
    """A leaf of a track's edition, with the names of what stands above it."""

    id: int
    track_id: int
    strand_id: int
    standard: str
    area_code: str
    area: str
    section: str
    label: str
    code: str
    title: str
    requirement: str
    points: Decimal | None
    rule_text: str
    methods: str
    cadence: str
    times: int
    required: int | None
    per: str
    lead_text: str
    co_text: str
    needs: tuple[Wish, ...]


@dataclass(frozen=True)
class Before:
    """The same strand's item of the year before."""

    item_id: int
    lead_id: int | None
    person_id: int | None
    leader_id: int | None
    priority: bool
    co_ids: tuple[int, ...] = ()
    needs: tuple[Wish, ...] = ()
    was: tuple[Wish, ...] = ()  # what its own leaf asked for
    indicator_id: int | None = None
    moved: bool = False  # another department has it now: the people are that one's

    def needs_for(self, leaf: Leaf) -> tuple[Wish, ...]:
        """What the office asked for last year; of a leaf of another edition, brought to what that one asks for."""
        if self.indicator_id == leaf.id:
            return self.needs
        return tuple(carried(self.needs, self.was, leaf.needs))


@dataclass(frozen=True)
class Proposal:
    """Whom the standard's words mean: the lead, those who help, and who performs a collective leaf. `guests`: the
    departments of other agencies that perform it too, each for its term."""

    lead_id: int | None
    co_ids: tuple[int, ...]
    performers: list[int]
    certainty: str
    guests: tuple[int, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A ledger in numbers: items, slots, the numbers of items without a lead, warnings in words."""

    items: int
    slots: int
    without_lead: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def wish_of(row: Requirement | Need) -> Wish:
    return Wish(row.key, row.name, row.kind, row.least, row.must, tuple(row.fields), row.doc_no)


def copied(leaf: Leaf) -> dict[str, Any]:
    """The fields of an item that hold the words of its leaf: they stay as they are when the standard moves on."""
    return {
        "area_code": leaf.area_code, "area": leaf.area, "section": leaf.section, "no": leaf.label or leaf.code,
        "code": leaf.code, "title": leaf.title, "requirement": leaf.requirement, "points": leaf.points,
        "rule_text": leaf.rule_text, "methods": leaf.methods, "cadence": leaf.cadence or str(Cycle.EVENT),
        "times": leaf.times, "per": leaf.per, "required": leaf.required, "source_text": leaf.standard,
        "lead_text": leaf.lead_text,
    }  # fmt: skip


def leaves_of(track: Track, edition_id: int | None = None) -> list[Leaf]:
    """The leaves of TRACK's edition (or of another one) in reading order; four queries."""
    edition = edition_id or track.edition_id
    rows = list(Indicator.objects.filter(edition=edition).order_by("order"))
    above = {row.pk: row for row in rows}
    methods: dict[int, list[str]] = defaultdict(list)
    for indicator, name in Method.objects.filter(indicator__edition=edition).values_list("indicator", "name"):
        methods[indicator].append(name)
    needs: dict[int, list[Wish]] = defaultdict(list)
    for asked in Requirement.objects.filter(indicator__edition=edition).order_by("order"):
        needs[asked.indicator_id].append(wish_of(asked))
    # what a sample was revised to is an edition of the agency's own standard
    standard = Edition.objects.values_list("standard__name", flat=True).get(pk=edition)
    found: list[Leaf] = []
    for row in rows:
        if not row.is_leaf:
            continue
        chain: list[Indicator] = []
        node = above.get(row.parent_id) if row.parent_id else None
        while node is not None:
            chain.append(node)
            node = above.get(node.parent_id) if node.parent_id else None
        area = chain[-1] if chain else None
        section = chain[0] if len(chain) > 1 else None
        found.append(
            Leaf(
                row.pk, track.pk, row.strand_id, standard, area.code if area else "", area.title if area else "",
                section.title if section else "", row.label, row.code, row.title, row.requirement, row.points,
                row.rule_text, "、".join(methods[row.pk]), row.cadence, row.times, row.target, row.per, row.lead_text,
                row.co_text, tuple(needs[row.pk]),
            )
        )  # fmt: skip
    return found


def before_of(year: Year, today: date) -> dict[int, Before]:
    """Strand id → its item of the nearest earlier year of the campaign that has a ledger; seven queries.

    A department that was merged since is the one it went into; who was ended, has left or takes part no more is
    nobody, so that the words of the standard say who it is.
    """
    earlier = (
        Year.objects.filter(campaign=year.campaign_id, year__lt=year.year)
        .exclude(opened_on=None)
        .order_by("-year")
        .first()
    )
    if earlier is None:
        return {}
    helpers: dict[int, list[int]] = defaultdict(list)
    for item, unit in (
        ItemUnit.objects.filter(item__year=earlier).order_by("order").values_list("item", "unit")
    ):
        helpers[item].append(unit)
    now = _successors(year, today)
    gone = {
        pk for pk, left_on in Item.objects.filter(year=earlier).values_list("person", "person__left_on") if left_on
    } | {
        pk for pk, left_on in Item.objects.filter(year=earlier).values_list("leader", "leader__left_on") if left_on
    }  # fmt: skip
    needs: dict[int, list[Wish]] = defaultdict(list)
    for row in Need.objects.filter(item__year=earlier).exclude(key=OLD_NEED).order_by("order", "id"):
        needs[row.item_id].append(wish_of(row))
    was: dict[int, list[Wish]] = defaultdict(list)
    for asked in Requirement.objects.filter(indicator__items__year=earlier).order_by("order"):
        was[asked.indicator_id].append(wish_of(asked))
    return {
        strand: Before(
            pk,
            now.get(lead),
            None if person in gone else person,
            None if leader in gone else leader,
            priority,
            tuple(dict.fromkeys(one for unit in helpers[pk] if (one := now.get(unit)))),
            tuple(needs[pk]),
            tuple(was[leaf]),
            leaf,
            moved=now.get(lead) != lead,
        )  # fmt: skip
        for pk, strand, lead, person, leader, priority, leaf in Item.objects.filter(
            year=earlier, strand__isnull=False
        ).values_list("pk", "strand", "lead", "person", "leader", "priority", "indicator")
    }


def _successors(year: Year, today: date) -> dict[int | None, int | None]:
    """Unit id → who answers for it now: itself, or the one it was merged into; missing where there is nobody."""
    day = max(today, year.starts_on)
    rows = {
        pk: (ends_on is None or ends_on >= day, into)
        for pk, ends_on, into in Unit.objects.filter(agency=year.campaign.unit_id).values_list(
            "pk", "ends_on", "merged_into"
        )
    }
    found: dict[int | None, int | None] = {
        pk: pk for pk in joined_on(year.campaign_id, day).values_list("pk", flat=True)
    }
    for first in rows:
        at: int | None = first
        seen: set[int] = set()
        while at in rows and at not in seen and not rows[at][0]:
            seen.add(at)
            at = rows[at][1]
        if at in rows and rows[at][0]:
            found[first] = at
    return found


def proposals(
    agency: Unit, owners: Mapping[int, int], leaves: Sequence[Leaf], guests: Sequence[int] = ()
) -> dict[int, Proposal]:
    """Leaf id → whom its words mean.

    A collective has no head of its own: branches are led by the party body they hang under (机关党委), departments
    by the office that owns the track. GUESTS (departments of other agencies that take part) perform what all
    departments do; whether 业务处室 means one of them too, the office says (`queries.guest_slots`).
    """
    matcher = propose_lead(agency)
    party = (
        Unit.objects.filter(agency=agency, kind=UnitKind.PARTY_BODY, ends_on=None)
        .order_by("order")
        .values_list("pk", flat=True)
        .first()
    )
    found: dict[int, Proposal] = {}
    for leaf in leaves:
        match = matcher.match(leaf.lead_text)
        per = leaf.per if leaf.per != "unit" else match.per
        lead = match.unit_id
        performers = list(match.performers)
        if per == "branch":
            lead, performers = lead or party, performers or list(matcher.branches)
        elif per == "department":
            lead, performers = lead or owners[leaf.track_id], performers or list(matcher.departments)
        everybody = leaf.per == "department" and set(performers) >= set(matcher.departments)
        helpers = [matcher.match(word) for word in leaf.co_text.replace("，", "、").split("、") if word]
        found[leaf.id] = Proposal(
            lead,
            tuple(dict.fromkeys(one.unit_id for one in helpers if one.unit_id)),
            performers,
            match.certainty,
            tuple(guests) if everybody else (),
        )
    return found


def opened(year: Year) -> Opened:
    """The ledger of YEAR in numbers, after it was opened."""
    items = Item.objects.filter(year=year)
    missing = list(items.filter(lead=None).order_by("order").values_list("no", flat=True))
    return Opened(items.count(), Slot.objects.filter(item__year=year).count(), missing)
