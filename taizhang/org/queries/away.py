"""Absences as pages show them: the list of an agency, one's own, and those one stands in for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from taizhang.kit import clock

from ..models import Absence, AbsenceKind, Membership, Person, Unit
from ..permits import GRANTS, Permit
from ..rules.away import Covered, Span, covered, gaps
from .absences import deputies_of, names_of, spans_of
from .posts import beneath, paths_where, posts_of
from .roster import alive, on_day

#: how long an absence that is over stays on the list
LOOK_BACK = 30


@dataclass(frozen=True)
class AwayRow:
    """One absence as a list shows it. `state`: now, coming or over."""

    pk: int
    version: int
    person_id: int
    name: str
    department: str
    kind: str
    reason: str
    first: date
    last: date | None
    state: str
    #: who stands in when: (days, name or "" for nobody); the days are empty where one answer holds for all
    cover: tuple[tuple[str, str], ...]
    gap: bool
    may_edit: bool
    own: bool


def absences_for(user: Any) -> QuerySet[Absence]:
    """The absences of the people whom USER sees, and USER's own."""
    seen = beneath(paths_where(user, Permit.ORG_VIEW), "person__agency__path")
    return Absence.objects.filter(seen | Q(person=_person_id(user) or 0)).select_related(
        "person__agency", "person__user"
    )


def in_care_of(user: Any) -> Q:
    """A condition on people: USER may note their absences, because an own post reaches their department or agency."""
    own = (post for post in posts_of(user) if post.acting_for is None)
    paths = sorted({post.path for post in own if Permit.ABSENCE_NOTE in GRANTS[post.role]})
    homes = Membership.objects.filter(beneath(paths, "unit__path"), alive(clock.today()), main=True)
    return beneath(paths, "agency__path") | Q(pk__in=homes.values("person"))


def notable(user: Any, agency: Unit) -> QuerySet[Person]:
    """The people of AGENCY whose absence USER may note: those in care, and USER."""
    mine = Q(pk=_person_id(user) or 0)
    return Person.objects.filter(in_care_of(user) | mine, agency=agency, left_on=None)


def away_rows(agency: Unit, today: date, reader: Any, only: int | None = None) -> list[AwayRow]:
    """Absences of AGENCY now, coming and lately over (of the person ONLY, if given); a fixed number of queries.

    The words of a reason are for the person and for those who may note the absence: an illness is nobody else's.
    """
    since = today - timedelta(days=LOOK_BACK)
    home = Membership.objects.filter(alive(today), person=OuterRef("person"), main=True)
    rows = Absence.objects.filter(alive(since), person__agency=agency, person__left_on=None)
    if only is not None:
        rows = rows.filter(person=only)
    found = list(
        rows.annotate(department=Subquery(home.values("unit__name")[:1]))
        .order_by("starts_on", "person__order", "pk")
        .values_list("pk", "version", "person_id", "person__name", "department", "kind", "reason", "starts_on", "ends_on")
    )  # fmt: skip
    if not found:
        return []
    deputies, away = deputies_of(agency.pk), spans_of(agency.pk, since)
    days = {
        row[0]: covered(row[2], _from(Span(row[7], row[8]), today), deputies, away)
        for row in found
        if row[8] is None or row[8] >= today
    }
    names = names_of({one.stand_in for rows_ in days.values() for one in rows_ if one.stand_in is not None})
    editable = set(
        Person.objects.filter(in_care_of(reader), pk__in={row[2] for row in found}).values_list(
            "pk", flat=True
        )
    )
    me = _person_id(reader)
    return [
        AwayRow(
            pk, version, person, name, department or "", AbsenceKind(kind).label,
            reason if person in editable or person == me else "", first, last,
            "over" if last is not None and last < today else "coming" if first > today else "now",
            cover_words(days.get(pk, []), names), bool(gaps(days.get(pk, []))), person in editable or person == me,
            person == me,
        )
        for pk, version, person, name, department, kind, reason, first, last in found
    ]  # fmt: skip


def _person_id(user: Any) -> int | None:
    person = getattr(user, "person", None)
    return person.pk if person else None


def _from(span: Span, today: date) -> Span:
    """What of SPAN still lies ahead: who stood in last week is not asked any more."""
    return Span(max(span.first, today), span.last)


def cover_words(days: Iterable[Covered], names: dict[int, str]) -> tuple[tuple[str, str], ...]:
    """(days, name); the days are left out where one answer holds for all of them."""
    parts = [(str(one.span), names.get(one.stand_in, "") if one.stand_in else "") for one in days]
    return (("", parts[0][1]),) if len(parts) == 1 else tuple(parts)


def gaps_of(absence: Absence, today: date) -> list[Span]:
    """The days from TODAY on for which nobody stands in for the absent person; two queries."""
    agency = absence.person.agency_id
    span = _from(Span(absence.starts_on, absence.ends_on), today)
    return gaps(covered(absence.person_id, span, deputies_of(agency), spans_of(agency, span.first)))


@dataclass(frozen=True)
class Acting:
    """Somebody who is away today, as the one who stands in reads it."""

    person_id: int
    name: str
    kind: str
    last: date | None

    def __str__(self) -> str:
        """甲（出差，至 6 月 3 日）."""
        until = f"至 {self.last.month} 月 {self.last.day} 日" if self.last else "回来日期未定"
        return f"{self.name}（{self.kind}，{until}）"


def acting(people: Iterable[int], today: date) -> list[Acting]:
    """The absent among PEOPLE in the order given; one query, none for nobody."""
    wanted = list(people)
    if not wanted:
        return []
    rows = Absence.objects.filter(on_day(today), person__in=wanted).values_list(
        "person_id", "person__name", "kind", "ends_on"
    )
    found = {row[0]: Acting(row[0], row[1], AbsenceKind(row[2]).label, row[3]) for row in rows}
    return [found[person] for person in wanted if person in found]


@dataclass(frozen=True)
class Own:
    """The reader's own absence, now or next, as their desk says it."""

    absence: Absence
    now: bool
    cover: tuple[tuple[str, str], ...]
    gap: bool

    @property
    def kind(self) -> str:
        return AbsenceKind(self.absence.kind).label

    @property
    def days(self) -> str:
        return str(Span(self.absence.starts_on, self.absence.ends_on))


#: an absence that begins within so many days is said on the desk
SOON = 5


def own_absence(person: Person, today: date) -> Own | None:
    """PERSON's absence that holds today, else one that begins within days; one query, three more if there is one."""
    found = (
        Absence.objects.filter(alive(today), person=person, starts_on__lte=today + timedelta(days=SOON))
        .order_by("starts_on")
        .first()
    )
    if found is None:
        return None
    span = _from(Span(found.starts_on, found.ends_on), today)
    days = covered(person.pk, span, deputies_of(person.agency_id), spans_of(person.agency_id, span.first))
    names = names_of({one.stand_in for one in days if one.stand_in is not None})
    return Own(found, found.starts_on <= today, cover_words(days, names), bool(gaps(days)))
