"""The units of an agency, as the words of a standard may mean them."""

from django.db.models import Q, QuerySet

from taizhang.kit import clock
from taizhang.org.models import Group, Unit
from taizhang.org.models.units import UnitKind

from ..rules.matching import Matcher, Place


def _live(agency: Unit) -> QuerySet[Unit]:
    today = clock.today()
    rows = Unit.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), agency=agency)
    return rows.exclude(kind__in=[UnitKind.AGENCY, UnitKind.LEADERS]).order_by("order", "id")


def propose_lead(agency: Unit) -> Matcher:
    """Whom the words of a standard mean in AGENCY; two queries. A group means the standing office it staffs."""
    today = clock.today()
    live = Group.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), unit=agency, office__isnull=False)
    return Matcher.of(
        [
            Place(pk, (name, short), kind, answers)
            for pk, name, short, kind, answers in _live(agency).values_list(
                "pk", "name", "short_name", "kind", "answers_to"
            )
        ],
        {name: office for name, office in live.values_list("name", "office_id") if office is not None},
    )


def place_names(matcher: Matcher) -> dict[int, str]:
    """Unit id → the name to show, in the order of the agency; costs no query."""
    return {place.id: place.names[0] for place in matcher.places}
