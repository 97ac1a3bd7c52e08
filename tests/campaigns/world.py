"""Standards and a started campaign for these tests; made by hand or through the door, as noted."""

from datetime import date
from decimal import Decimal
from typing import Any

from taizhang.campaigns import actions, queries
from taizhang.campaigns.models import Campaign
from taizhang.standards.models import Edition, Indicator, OwnerKind, Standard, Strand
from tests.people import City

STARTED = date(2018, 1, 1)


def standard(name: str, agency: Any = None, kind: str = OwnerKind.CREATION, areas: int = 2) -> Edition:
    """An edition in force with some areas of one leaf each; saved by hand, outside the door."""
    made = Standard(name=name, agency=agency, owner_kind=kind, sample=agency is None)
    made.save()
    edition = Edition(standard=made, label="2018年版", stated_total=Decimal(100))
    edition.save()
    for area in range(1, areas + 1):
        parent = _node(edition, None, f"{area}", f"方面{area}", area * 10)
        _node(edition, parent, f"{area}.1", f"指标{area}", area * 10 + 1)
    return edition


def _node(edition: Edition, parent: Indicator | None, code: str, title: str, order: int) -> Indicator:
    strand = Strand(standard=edition.standard)
    strand.save()
    node = Indicator(
        edition=edition, strand=strand, parent=parent, level=2 if parent else 1, order=order, code=code,
        title=title, is_leaf=parent is not None, points=Decimal(1) if parent else None,
    )  # fmt: skip
    node.save()
    return node


def started(city: City, edition: Edition, name: str = "创建全国文明单位 2018—2020", **more: Any) -> Campaign:
    """A campaign of 甲局 as proposed, through the door."""
    unit = more.pop("unit", city.units["甲局"])
    plan = queries.proposal(unit, [edition], 2018, 2020)
    wanted: dict[str, Any] = {
        "name": name, "first_year": 2018, "last_year": 2020, "started_on": STARTED, "tracks": plan.tracks,
        "years": plan.years,
    }  # fmt: skip
    by = more.pop("by", city.users["石玲佳"])
    made: Campaign = actions.start(unit, by=by, **{**wanted, **more})
    return made
