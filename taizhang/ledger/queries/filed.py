"""What the ledger's items cite, as the pages of the archive ask it: the library lies beneath and is handed this."""

from typing import Any

from taizhang.campaigns.models import Year
from taizhang.evidence.queries.archive import Source

from ..models import Citation
from .scope import slots_for


def sources_for(user: Any) -> list[Source]:
    """The campaign years that cite something USER sees, the newest first; a year's pieces as a subquery. One query."""
    cited = Citation.objects.filter(slot__in=slots_for(user))
    years = Year.objects.filter(pk__in=cited.values("slot__item__year")).select_related("campaign__unit")
    return [
        Source(
            f"year:{year.pk}", f"{year.campaign} {year} 事项引用的材料", year.year, year.campaign.unit.agency_id or year.campaign.unit_id,
            cited_in(user, year),
        )
        for year in years.order_by("-year", "campaign")
    ]  # fmt: skip


def cited_in(user: Any, year: Year) -> Any:
    """Ids of what the items of YEAR cite, as a subquery."""
    return Citation.objects.filter(slot__in=slots_for(user), slot__item__year=year).values("evidence")
