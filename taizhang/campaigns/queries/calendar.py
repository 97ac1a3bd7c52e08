"""The site's calendar of working days."""

from datetime import date, datetime

from django.db.models import Count, Max

from ..models import Holiday
from ..rules.workdays import Workdays

_kept: tuple[tuple[int, datetime | None], Workdays] | None = None


def calendar() -> Workdays:
    """Working days with what the site adds. One small query; laid out anew only when the rows have changed."""
    global _kept
    state = Holiday.objects.aggregate(rows=Count("pk"), last=Max("changed_at"))
    mark = (state["rows"], state["last"])
    if _kept is None or _kept[0] != mark:
        _kept = (mark, Workdays(dict(Holiday.objects.values_list("day", "works"))))
    return _kept[1]


def holiday_rows() -> list[tuple[date, bool, str]]:
    """What the site has added: day, whether it is worked, name; in order of days."""
    return list(Holiday.objects.order_by("day").values_list("day", "works", "name"))
