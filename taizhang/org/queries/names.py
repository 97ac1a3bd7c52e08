"""Units by the names of a day: a past day is shown in its own words."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from ..models import FormerName, Unit
from ..rules.names import Former, name_of


def name_on(unit: Unit, day: date) -> str:
    """The full name of UNIT on DAY, its last day under a name included; one query."""
    return name_of(unit.name, FormerName.objects.filter(unit=unit).values_list("until", "name"), day)


def names_on(agency: Unit, day: date) -> dict[int, str]:
    """Unit id → full name on DAY, of AGENCY and all beneath it, units that have ended too; two queries."""
    former: dict[int, list[Former]] = defaultdict(list)
    rows = FormerName.objects.filter(unit__path__startswith=agency.path, until__gte=day)
    for pk, until, name in rows.values_list("unit_id", "until", "name"):
        former[pk].append((until, name))
    units = Unit.objects.filter(path__startswith=agency.path).values_list("pk", "name")
    return {pk: name_of(name, former.get(pk, ()), day) for pk, name in units}


def called_then(pairs: Iterable[tuple[Unit | None, date | None]]) -> dict[tuple[int, date], str]:
    """(Unit id, day) → what lists and papers of that day call it: the short name, or the name.

    One query for any number; pairs without a unit or a day are left out.
    """
    asked = {(unit.pk, day): unit for unit, day in pairs if unit is not None and day is not None}
    former: dict[int, list[Former]] = defaultdict(list)
    if asked:
        rows = FormerName.objects.filter(unit__in={pk for pk, _ in asked})
        for pk, until, name, short in rows.values_list("unit_id", "until", "name", "short_name"):
            former[pk].append((until, short or name))
    return {(pk, day): name_of(str(unit), former.get(pk, ()), day) for (pk, day), unit in asked.items()}
