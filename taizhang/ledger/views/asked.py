"""Which year's ledger a page is about: the one in the address, or the one that the frame shows."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import CHOSEN, Current, current
from taizhang.kit import clock

from ..queries.filters import Filter
from ..queries.scope import years_for


def year_of(request: HttpRequest, asked: Filter) -> Year | None:
    """The year with its campaign and agency; None where there is no campaign yet; 404 for another agency's."""
    years = years_for(request.user).select_related("campaign__unit")
    if asked.year:
        return get_object_or_404(years, pk=int(asked.year))
    # where the frame keeps it too, so that it is read once per request
    kept: Any = request
    if not hasattr(kept, "_shown_year"):
        kept._shown_year = current(request.user, clock.today(), request.session.get(CHOSEN))
    now: Current | None = kept._shown_year
    return years.filter(pk=now.year_id).first() if now else None


def found_year(request: HttpRequest, pk: int) -> Year:
    """The year PK, or 404."""
    return get_object_or_404(years_for(request.user).select_related("campaign__unit"), pk=pk)
