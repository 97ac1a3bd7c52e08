"""Two standards of one campaign may both have an area 1: counts and lists keep them apart."""

from typing import Any

import pytest

from taizhang.campaigns.models import Track
from taizhang.campaigns.queries import proposal
from taizhang.desk.queries.rail import rail_of
from taizhang.kit import clock
from taizhang.ledger.models import Item
from taizhang.ledger.queries.overview import overview_of
from tests.ledger.world import World, hand_out, standard, world
from tests.people import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(people: City, settings: Any) -> World:
    settings.TODAY = "2020-02-03"
    made = world(people)
    hand_out(made)
    return made


def test_areas_of_two_standards_are_not_one(w: World) -> None:
    other = standard("另一标准")
    plan = proposal(w.people.units["甲局"], [other], 2018, 2020, w.year.assessed_on)
    track = Track(
        campaign=w.campaign, standard=other.standard, edition=other, owner=plan.tracks[0].owner, order=2
    )
    track.save()  # fixtures stand outside the door
    first = Item.objects.filter(year=w.year).order_by("order").first()
    assert first is not None and first.area_code == "1"
    moved = list(Item.objects.filter(year=w.year).order_by("order")[:3])
    Item.objects.filter(pk__in=[one.pk for one in moved]).update(track=track)
    here = Item.objects.filter(year=w.year).count()
    rail = rail_of(w.user("石玲佳"), w.year, clock.today())
    assert sorted(area.total for area in rail.areas) == sorted([3, here - 3])
    lines = overview_of(w.user("石玲佳"), w.year, "lead", clock.today(), "/x").areas
    assert sorted(line[-1].total for line in lines) == sorted([3, here - 3])
    assert len({line[1] for line in lines}) == 2
