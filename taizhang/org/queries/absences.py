"""Who is away on a day, and who stands in."""

from collections import defaultdict
from datetime import date

from ..models import Absence, Deputy, Person
from ..rules.standins import stand_ins
from .roster import on_day


def away_on(agency_id: int, day: date) -> frozenset[int]:
    """The people of an agency who are away on DAY; one query."""
    return frozenset(
        Absence.objects.filter(on_day(day), person__agency=agency_id).values_list("person_id", flat=True)
    )


def stand_ins_on(agency_id: int, day: date) -> dict[int, int]:
    """Absent person → who stands in for them on DAY; two queries at most, one where nobody is away."""
    away = away_on(agency_id, day)
    if not away:
        return {}
    deputies: dict[int, list[int]] = defaultdict(list)
    rows = Deputy.objects.filter(person__agency=agency_id, stand_in__left_on=None).order_by("person", "rank")
    for person, stand_in in rows.values_list("person_id", "stand_in_id"):
        deputies[person].append(stand_in)
    return stand_ins(deputies, away)


def names_of(people: set[int]) -> dict[int, str]:
    """Person → name; one query, none for nobody."""
    return dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
