"""Who is away on a day or will be, and who stands in."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from ..models import Absence, Deputy, Person
from ..rules.away import Span
from ..rules.standins import stand_ins
from .roster import alive, on_day


def away_on(agency_id: int, day: date) -> frozenset[int]:
    """The people of an agency who are away on DAY; one query."""
    return frozenset(
        Absence.objects.filter(on_day(day), person__agency=agency_id).values_list("person_id", flat=True)
    )


def agencies_away(agencies: Collection[int], day: date) -> list[int]:
    """Those of AGENCIES where somebody is away on DAY; one query."""
    rows = Person.objects.filter(on_day(day, "absences__"), agency__in=agencies).order_by("agency")
    return list(rows.values_list("agency_id", flat=True).distinct())


def deputies_of(agency_id: int) -> dict[int, list[int]]:
    """Person → their stand-ins by rank, those who left the agency not among them; one query."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Deputy.objects.filter(person__agency=agency_id, stand_in__left_on=None).order_by("person", "rank")
    for person, stand_in in rows.values_list("person_id", "stand_in_id"):
        found[person].append(stand_in)
    return found


def stand_ins_on(agency_id: int, day: date) -> dict[int, int]:
    """Absent person → who stands in for them on DAY; two queries at most, one where nobody is away."""
    away = away_on(agency_id, day)
    return stand_ins(deputies_of(agency_id), away) if away else {}


def names_of(people: set[int]) -> dict[int, str]:
    """Person → name; one query, none for nobody."""
    return dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}


def spans_of(agency_id: int, since: date, but: int = 0) -> dict[int, list[Span]]:
    """Person → the days on which they are away from SINCE on, the absence BUT left out; one query."""
    found: dict[int, list[Span]] = defaultdict(list)
    rows = (
        Absence.objects.filter(alive(since), person__agency=agency_id).exclude(pk=but).order_by("starts_on")
    )
    for person, first, last in rows.values_list("person_id", "starts_on", "ends_on"):
        found[person].append(Span(first, last))
    return found
