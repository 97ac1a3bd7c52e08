"""Reads of standards, within what a user reaches."""

from django.db.models import Q

from taizhang.kit import clock
from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind

from .rules.matching import Matcher, Place


def propose_lead(agency: Unit) -> Matcher:
    """Whom the words of a standard mean in AGENCY; one query."""
    today = clock.today()
    rows = Unit.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), agency=agency).exclude(
        kind__in=[UnitKind.AGENCY, UnitKind.LEADERS]
    )
    return Matcher.of(
        [
            Place(pk, (name, short), kind, answers)
            for pk, name, short, kind, answers in rows.order_by("order", "id").values_list(
                "pk", "name", "short_name", "kind", "answers_to"
            )
        ]
    )
