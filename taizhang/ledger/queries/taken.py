"""From the plain parameters of a table's changes to the records that the acts want; for the page and the command line."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import guests_on
from taizhang.kit import clock
from taizhang.kit.errors import Stale
from taizhang.org.models import Person, Unit

from .sheet import versions_of

Plain = tuple[str, int, dict[str, Any]]
"""Verb, item id, parameters as numbers and text."""


def acts_of(
    year: Year, changes: Iterable[Plain], versions: Mapping[int, int]
) -> list[tuple[str, int, dict[str, Any]]]:
    """CHANGES as `actions.bulk_rows` takes them. Refused when an item has moved since it was compared (VERSIONS)."""
    rows = list(changes)
    now = versions_of(year, versions)
    moved = [pk for pk, version in versions.items() if now.get(pk) != version]
    if moved:
        raise Stale(
            f"没有导入：核对之后又有人改过其中 {len(moved)} 项。请把表再上传一次，看过最新的差别再导入。"
        )
    agency = year.campaign.unit_id
    units = Unit.objects.filter(Q(agency=agency) | Q(pk__in=guests_on(agency, clock.today()))).in_bulk(
        {pk for _, _, params in rows for pk in [params.get("lead"), *params.get("co", [])] if pk}
    )
    people = Person.objects.filter(agency=agency).in_bulk(
        {pk for _, _, params in rows for pk in (params.get("person"), params.get("leader")) if pk}
    )
    return [(verb, item, _records(params, units, people)) for verb, item, params in rows]


def _records(
    params: Mapping[str, Any], units: Mapping[int, Unit], people: Mapping[int, Person]
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in params.items():
        if name == "lead":
            made[name] = units.get(value)
        elif name in ("person", "leader"):
            made[name] = people.get(value)
        elif name == "co":
            made[name] = [units[pk] for pk in value if pk in units]
        elif name == "due_on":
            made[name] = date.fromisoformat(value)
        else:
            made[name] = value
    return made
