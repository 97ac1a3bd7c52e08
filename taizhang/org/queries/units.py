"""Units and people, within what a user reaches; the rows of the organisation pages."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from taizhang.kit import clock

from ..models import Absence, AbsenceKind, Membership, Person, Post, Secondment, Unit, User
from ..models.units import UnitKind
from ..permits import Permit, Role
from .holders import holders
from .posts import beneath, paths_where
from .roster import alive, on_day


def units_for(user: Any) -> QuerySet[Unit]:
    return Unit.objects.filter(beneath(paths_where(user, Permit.ORG_VIEW)))


def people_for(user: Any) -> QuerySet[Person]:
    return Person.objects.filter(beneath(paths_where(user, Permit.ORG_VIEW), "agency__path"))


def agencies_for(user: Any) -> list[Unit]:
    """Agencies that USER sees, the own one first."""
    own = getattr(getattr(user, "person", None), "agency_id", None)
    found = list(units_for(user).filter(kind=UnitKind.AGENCY, ends_on__isnull=True))
    return sorted(found, key=lambda unit: unit.pk != own)


@dataclass(frozen=True)
class UnitRow:
    """One line of the tree: depth counts from the agency, 0."""

    pk: int
    name: str
    kind: str
    depth: int
    people: int
    heads: str
    liaisons: str
    leader: str
    branch: str
    answers_to: str
    lent: int = 0  # people of the unit who are seconded elsewhere today
    guests: int = 0  # people of other units who are seconded here today


@dataclass(frozen=True)
class Tree:
    rows: list[UnitRow]
    people: int
    accounts: int


def tree(agency: Unit, today: date) -> Tree:
    """AGENCY with all live units beneath it, in order, each with its people and who answers for it."""
    held = holders(agency, today)
    counts = dict(
        Membership.objects.filter(
            on_day(today), unit__path__startswith=agency.path, person__left_on__isnull=True
        )
        .values_list("unit_id")
        .annotate(Count("person", distinct=True))
    )
    totals = Person.objects.filter(agency=agency, left_on__isnull=True).aggregate(
        people=Count("pk"), accounts=Count("user", filter=Q(user__is_active=True))
    )
    lent: dict[int, int] = defaultdict(int)
    guests: dict[int, int] = defaultdict(int)
    homes = Membership.objects.filter(on_day(today), person=OuterRef("person"), main=True)
    seconded = Secondment.objects.filter(on_day(today), person__agency=agency, person__left_on=None)
    for home, there, office in seconded.annotate(home=Subquery(homes.values("unit")[:1])).values_list(
        "home", "unit_id", "group__office_id"
    ):
        if home:
            lent[home] += 1
        if where := there or office:
            guests[where] += 1
    below: dict[int | None, list[tuple[Any, ...]]] = defaultdict(list)
    units = Unit.objects.filter(alive(today), path__startswith=agency.path).order_by("order", "pk")
    for row in units.values_list("pk", "name", "kind", "parent_id", "branch__name", "answers_to"):
        below[None if row[0] == agency.pk else row[3]].append(row)

    def names(table: dict[int, tuple[int, ...]], pk: int) -> str:
        return "、".join(held.name(one) for one in table.get(pk, ()))

    rows: list[UnitRow] = []

    def walk(parent: int | None, depth: int) -> None:
        for pk, name, kind, _, branch, answers_to in below.get(parent, ()):
            people = totals["people"] if depth == 0 else counts.get(pk, 0)
            rows.append(
                UnitRow(
                    pk,
                    name,
                    UnitKind(kind).label,
                    depth,
                    people,
                    names(held.heads_of, pk),
                    names(held.liaisons_of, pk),
                    names(held.leaders_of, pk),
                    branch or "",
                    answers_to,
                    lent[pk],
                    guests[pk],
                )  # fmt: skip
            )
            walk(pk, depth + 1)

    walk(None, 0)
    return Tree(rows, totals["people"], totals["accounts"])


@dataclass(frozen=True)
class PersonRow:
    """One line of the list of people."""

    pk: int
    staff_no: str
    name: str
    department: str
    title: str
    branch: str
    posts: str
    account: str
    presence: str
    left: bool


PEOPLE_ORDER = {
    "order": ("order", "staff_no"), "no": ("staff_no",), "name": ("name_key", "staff_no"),
    "department": ("department_order", "department", "order"), "branch": ("branch_order", "branch_name", "order"),
}  # fmt: skip
QUIET = (Role.MEMBER, Role.FILLER)  # roles that nearly everybody has


@dataclass(frozen=True)
class PeopleFilters:
    q: str = ""
    unit: int | None = None
    role: str = ""
    account: str = ""
    presence: str = ""
    gone: bool = False
    sort: str = "order"


def find_people(user: Any, agency: Unit, wanted: PeopleFilters, today: date) -> QuerySet[Any]:
    """People of AGENCY as USER may see them, as tuples for `person_rows`."""
    home = Membership.objects.filter(on_day(today), person=OuterRef("pk"), main=True)
    cell = Membership.objects.filter(on_day(today), person=OuterRef("pk"), unit__kind=UnitKind.BRANCH)
    found = (
        people_for(user)
        .filter(agency=agency, left_on__isnull=not wanted.gone)
        .annotate(
            department=Subquery(home.values("unit__name")[:1]),
            department_order=Subquery(home.values("unit__order")[:1]),
            branch_name=Subquery(cell.values("unit__name")[:1]),
            branch_order=Subquery(cell.values("unit__order")[:1]),
        )
    )
    if wanted.q:
        found = found.filter(
            Q(name__contains=wanted.q) | Q(staff_no__icontains=wanted.q) | Q(title__contains=wanted.q)
        )
    if wanted.unit:
        inside = Membership.objects.filter(on_day(today), person=OuterRef("pk"), unit=wanted.unit)
        found = found.filter(Exists(inside))
    if wanted.role:
        held = Post.objects.filter(
            on_day(today), person=OuterRef("pk"), role=wanted.role, unit__path__startswith=agency.path
        )
        found = found.filter(Exists(held))
    if wanted.account == "yes":
        found = found.filter(user__is_active=True)
    elif wanted.account == "no":
        found = found.filter(Q(user__isnull=True) | Q(user__is_active=False))
    if wanted.presence:
        gone = ~Q(presence="在岗") | Q(Exists(Absence.objects.filter(on_day(today), person=OuterRef("pk"))))
        found = found.filter(gone if wanted.presence == "away" else ~gone)
    key = wanted.sort.lstrip("-")
    order = PEOPLE_ORDER.get(key, PEOPLE_ORDER["order"])
    if wanted.sort.startswith("-"):
        order = tuple(f"-{name}" for name in order)
    return found.order_by(*order).values_list(
        "pk", "staff_no", "name", "department", "title", "branch_name", "user__username", "user__is_active",
        "presence", "left_on",
    )  # fmt: skip


def person_rows(found: list[tuple[Any, ...]], today: date) -> list[PersonRow]:
    """The tuples of one page with the posts in words: one query for all of them."""
    posts: dict[int, list[str]] = defaultdict(list)
    rows = (
        Post.objects.filter(on_day(today), person__in=[row[0] for row in found])
        .exclude(role__in=QUIET)
        .order_by("unit__order", "pk")
        .values_list("person_id", "role", "unit__name", "unit__kind")
    )
    for person, role, unit, kind in rows:
        place = "" if kind == UnitKind.AGENCY else unit
        said = f"{place}{Role(role).label}"
        if said not in posts[person]:
            posts[person].append(said)
    gone = Absence.objects.filter(on_day(today), person__in=[row[0] for row in found])
    away = {person: AbsenceKind(kind).label for person, kind in gone.values_list("person_id", "kind")}
    return [
        PersonRow(
            pk,
            no,
            name,
            department or "",
            title,
            branch or "",
            "、".join(posts.get(pk, ())),
            "" if username is None else username if active else f"{username}（停用）",
            away.get(pk, presence),
            left is not None,
        )  # fmt: skip
        for pk, no, name, department, title, branch, username, active, presence, left in found
    ]


@dataclass(frozen=True)
class DemoAccount:
    """A row of the demo's login page."""

    username: str
    name: str
    department: str
    roles: str


def demo_accounts() -> list[DemoAccount]:
    """Accounts whose name begins with demo, in demo mode only."""
    if not settings.DEMO:
        return []
    today = clock.today()
    home = Membership.objects.filter(on_day(today), person__user=OuterRef("pk"), main=True)
    users = (
        User.objects.filter(username__startswith="demo", is_active=True, person__isnull=False)
        .annotate(department=Subquery(home.values("unit__name")[:1]))
        .order_by("pk")
        .values_list("pk", "username", "person__name", "department", "person__agency__name")
    )
    found = list(users)
    roles: dict[int, list[str]] = defaultdict(list)
    posts = (
        Post.objects.filter(on_day(today), person__user__in=[row[0] for row in found])
        .exclude(role=Role.MEMBER)
        .order_by("pk")
        .values_list("person__user_id", "role")
    )
    rank = {role: number for number, role in enumerate(Role)}
    for pk, role in sorted(posts, key=lambda row: rank[Role(row[1])]):
        label = Role(role).label
        if label not in roles[pk] and not (role == Role.FILLER and roles[pk]):
            roles[pk].append(label)
    return [
        DemoAccount(username, name, department or agency, "、".join(roles.get(pk, ())) or Role.MEMBER.label)
        for pk, username, name, department, agency in found
    ]
