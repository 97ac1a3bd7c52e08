"""The coverage check of a campaign year: ten queries at most, however many people and items there are."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, Subquery

from taizhang.campaigns.models import Track, Year
from taizhang.campaigns.queries import holders
from taizhang.org.models import Absence, Contact, Cover, Duty, Membership, Person, Post, Secondment, Unit
from taizhang.org.models.groups import GroupKind
from taizhang.org.models.units import UnitKind
from taizhang.org.queries import alive, on_day

from ..models import Item
from ..rules.coverage import PLAIN, Coverage, Place, Somebody, Stage, Thing, coverage
from ..rules.states import Status

#: kinds of unit that an activity group must name, the second where people work in it
DEPARTMENTS = (UnitKind.DEPARTMENT, UnitKind.PARTY_BODY)
SETTLED = (Status.CLOSED, Status.SUSPENDED)


def coverage_of(year: Year, today: date) -> Coverage:
    """What of YEAR (with its campaign and agency) nobody answers for on TODAY."""
    agency = year.campaign.unit
    things = _things(year, today)
    answering = {one for thing in things if thing.open for one in (thing.person, thing.leader) if one}
    people = _people(agency, today, answering)
    homes = {one.home_id for one in people if not one.left}
    return coverage(_places(agency, today, homes), people, things, _stages(year), holders(agency, today))


def _things(year: Year, today: date) -> list[Thing]:
    """Items that are asked for this year."""
    rows = (
        Item.objects.filter(year=year)
        .exclude(status=Status.WAIVED)
        .order_by("order", "id")
        .values_list(
            "pk", "code", "no", "title", "track", "lead", "lead__name", "lead__ends_on", "area_code", "person", "leader",
            "status",
        )
    )  # fmt: skip
    return [
        Thing(
            pk, code or no, title, track, lead, name or "", ended is not None and ended < today, area, person, leader,
            status not in SETTLED,
        )
        for pk, code, no, title, track, lead, name, ended, area, person, leader, status in rows
    ]  # fmt: skip


def _people(agency: Unit, today: date, answering: set[int]) -> list[Somebody]:
    """Everybody of AGENCY, and of those who left whoever still answers for something."""
    me = OuterRef("pk")
    homes = Membership.objects.filter(on_day(today), person=me, main=True)
    rows = (
        Person.objects.filter(Q(left_on__isnull=True) | Q(pk__in=answering), agency=agency)
        .annotate(
            home=Subquery(homes.values("unit")[:1]),
            home_name=Subquery(homes.values("unit__name")[:1]),
            serves=Exists(Duty.objects.filter(on_day(today), on_day(today, "group__"), person=me)),
            posted=Exists(Post.objects.filter(on_day(today), person=me).exclude(role__in=PLAIN)),
            committee=Exists(Membership.objects.filter(on_day(today), person=me, main=False).exclude(duty="")),
            contact=Exists(Contact.objects.filter(on_day(today), leader=me)),
            seconded=Exists(Secondment.objects.filter(on_day(today), person=me)),
            away=Exists(Absence.objects.filter(on_day(today), person=me)),
        )
        .order_by("order", "staff_no")
        .values_list(
            "pk", "name", "staff_no", "home", "home_name", "left_on", "away", "serves", "posted", "committee", "contact",
            "seconded",
        )
    )  # fmt: skip
    return [
        Somebody(pk, name, no, home, home_name or "", left is not None, away, any(busy))
        for pk, name, no, home, home_name, left, away, *busy in rows
    ]


def _places(agency: Unit, today: date, homes: "set[int | None]") -> list[Place]:
    covers = Cover.objects.filter(
        on_day(today, "group__"), group__kind=GroupKind.ACTIVITY, unit=OuterRef("pk")
    )
    rows = (
        Unit.objects.filter(alive(today), path__startswith=agency.path)
        .annotate(named=Exists(covers))
        .order_by("order", "pk")
        .values_list("pk", "parent_id", "name", "code", "kind", "named")
    )
    return [
        Place(
            pk, None if pk == agency.pk else parent, name, code,
            kind == UnitKind.DEPARTMENT or (kind in DEPARTMENTS and pk in homes), named,
        )
        for pk, parent, name, code, kind, named in rows
    ]  # fmt: skip


def _stages(year: Year) -> list[Stage]:
    """The steps of the campaign's chains; a track without any stands there with none."""
    rows = (
        Track.objects.filter(campaign=year.campaign_id)
        .order_by("order", "id", "steps__order")
        .values_list("pk", "standard__name", "owner_id", "steps__pk", "steps__who", "steps__label")
    )
    return [
        Stage(track, name, step, who or "", label or "", owner)
        for track, name, owner, step, who, label in rows
    ]
