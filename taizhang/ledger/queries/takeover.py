"""What reading a foreign ledger needs to know of the year: a fixed number of queries."""

from collections import defaultdict

from taizhang.campaigns.models import Year
from taizhang.org.models import FormerName, Group, Membership, Person, Post, Unit
from taizhang.org.models.units import UnitKind

from ..models import Item, ItemUnit, Need, Slot, TakeoverWord
from ..rules.takeover.facts import Facts, ItemFact, PersonFact, SlotFact, UnitFact


def facts_of(year: Year) -> Facts:
    """Items, slots, units and people of YEAR's agency; ten queries whatever the size.

    The campaign of YEAR should be loaded with it. Units that ended and people who left are in it, marked as such:
    an old ledger names them.
    """
    agency = year.campaign.unit_id
    return Facts(
        year.year, year.starts_on, year.ends_on, agency, _items(year), _units(agency), _people(agency, year),
        {name: office for name, office in Group.objects.filter(unit=agency, ends_on=None, office__isnull=False).values_list("name", "office") if office},
    )  # fmt: skip


def _items(year: Year) -> tuple[ItemFact, ...]:
    helpers: dict[int, list[int]] = defaultdict(list)
    for item, unit in (
        ItemUnit.objects.filter(item__year=year).order_by("order", "id").values_list("item", "unit")
    ):
        helpers[item].append(unit)
    needs: dict[int, list[str]] = defaultdict(list)
    for item, name in (
        Need.objects.filter(item__year=year).order_by("order", "id").values_list("item", "name")
    ):
        needs[item].append(name)
    slots: dict[int, list[SlotFact]] = defaultdict(list)
    fields = ("item", "pk", "performer", "nth", "label", "starts_on", "ends_on", "status")
    for item, *rest in (
        Slot.objects.filter(item__year=year).order_by("starts_on", "nth", "performer").values_list(*fields)
    ):
        slots[item].append(SlotFact(*rest))
    columns = (
        "pk", "no", "code", "title", "requirement", "area_code", "area", "section", "lead", "lead_text", "person", "leader",
        "status", "due_on", "cadence", "per", "order", "version", "track__standard__name", "points",
    )  # fmt: skip
    rows = list(Item.objects.filter(year=year).order_by("order", "id").values_list(*columns))
    several = len({row[-2] for row in rows if row[-2]}) > 1
    return tuple(
        ItemFact(
            pk, no, code, title, requirement, area_code, area, section, lead, lead_text, person, leader, tuple(helpers[pk]),
            status, due_on, cadence, per, order, version, tuple(needs[pk]), tuple(slots[pk]), track or "" if several else "", str(points or ""),
        )
        for pk, no, code, title, requirement, area_code, area, section, lead, lead_text, person, leader, status, due_on,
            cadence, per, order, version, track, points in rows
    )  # fmt: skip


def _units(agency: int) -> tuple[UnitFact, ...]:
    former: dict[int, list[str]] = defaultdict(list)
    for unit, name, short in FormerName.objects.filter(unit__agency=agency).values_list(
        "unit", "name", "short_name"
    ):
        former[unit] += [one for one in (name, short) if one]
    found = Unit.objects.filter(agency=agency).exclude(kind__in=[UnitKind.AGENCY, UnitKind.LEADERS])
    return tuple(
        UnitFact(
            pk,
            tuple(one for one in (name, short) if one),
            kind,
            answers_to,
            tuple(former[pk]),
            merged,
            ends is not None,
        )
        for pk, name, short, kind, answers_to, merged, ends in found.order_by("order", "id").values_list(
            "pk", "name", "short_name", "kind", "answers_to", "merged_into", "ends_on"
        )
    )


def _people(agency: int, year: Year) -> tuple[PersonFact, ...]:
    """Everybody of the agency with the departments they are in now, the main one first."""
    homes: dict[int, list[int]] = defaultdict(list)
    rows = Membership.objects.filter(person__agency=agency, ends_on=None).exclude(unit__kind=UnitKind.BRANCH)
    for person, unit in rows.order_by("-main", "id").values_list("person", "unit"):
        homes[person].append(unit)
    posts: dict[int, list[int]] = defaultdict(list)
    held = Post.objects.filter(unit__agency=agency, ends_on=None).exclude(unit__kind=UnitKind.BRANCH)
    for person, unit in held.order_by("id").values_list("person", "unit").distinct():
        posts[person].append(unit)
    return tuple(
        PersonFact(
            pk,
            number,
            name,
            tuple(homes[pk]),
            phone,
            title,
            left is not None,
            user is not None,
            tuple(posts[pk]),
        )
        for pk, number, name, phone, title, left, user in Person.objects.filter(agency=agency)
        .order_by("order", "staff_no")
        .values_list("pk", "staff_no", "name", "phone", "title", "left_on", "user")
    )


def known_words(agency: Unit) -> dict[str, dict[str, str]]:
    """Field (column, state, unit, person, date) → what the agency's files say → what it means; one query."""
    found: dict[str, dict[str, str]] = {}
    for field, said, means in TakeoverWord.objects.filter(agency=agency).values_list(
        "field", "said", "means"
    ):
        found.setdefault(field, {})[said] = means
    return found
