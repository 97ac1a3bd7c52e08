"""The library's filters by area and item: what the ledger cites, as far as the reader sees it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.ledger.models import Item
from taizhang.ledger.queries.cited import cited_for

from .pages import browser, put
from .world import World, hand_out, world


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    """Two items of different areas, each with a piece cited; a third piece cited nowhere."""
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-02-03"
    return made


def titles(w: World, name: str, query: str) -> set[str]:
    return {row.title for row in browser(w, name).get(f"/evidence/?{query}").context["found"].rows}


def test_by_area_by_item_and_by_one_item(w: World) -> None:
    Item.objects.filter(code="1.1.2").update(area_code="9", area="其他方面")
    first, other = w.slot("1.1.1"), w.slot("1.1.2")
    put(w, first, "朱辉斌", title="独一份")
    put(w, other, "石玲佳", title="另一件")
    areas = {words: key for key, words, _ in cited_for(w.user("石玲佳"), {}).areas}
    assert len(areas) > 1
    key = next(key for key in areas.values() if key == f"{first.item.track_id}.{first.item.area_code}")
    assert titles(w, "石玲佳", f"area={key}") == {"独一份"}
    assert (
        titles(w, "石玲佳", f"item={other.item.no}")
        == titles(w, "石玲佳", f"of={other.item_id}")
        == {"另一件"}
    )
    assert titles(w, "石玲佳", "item=1.1.1") == {"独一份"}
    assert titles(w, "石玲佳", f"area={key}&item={other.item.no}") == set()
    assert (
        titles(w, "石玲佳", f"area={key}&q=独一份") == {"独一份"}
        and titles(w, "石玲佳", f"area={key}&q=另一件") == set()
    )
    page = browser(w, "石玲佳").get(f"/evidence/?of={other.item_id}").content.decode()
    assert f"用于 {other.item.no}" in page


@pytest.mark.parametrize(
    "query",
    ["area=x", "area=9999.1", "area=0.", "of=x", "of=999999", "of=" + "9" * 40, "item=", "area=" + "1" * 500],
)
def test_what_is_unknown_is_not_asked_for(w: World, query: str) -> None:
    put(w, w.slot("1.1.1"), "朱辉斌", title="独一份")
    assert titles(w, "石玲佳", query) == {"独一份"}


def test_an_item_that_does_not_exist_finds_nothing_and_says_how_to_go_on(w: World) -> None:
    put(w, w.slot("1.1.1"), "朱辉斌", title="独一份")
    answer = browser(w, "石玲佳").get("/evidence/?item=9.9.9")
    assert answer.context["found"].total == 0 and "没有找到材料" in answer.content.decode()
    assert browser(w, "石玲佳").get("/evidence/?item=%00%27%22").status_code == 200


def test_of_another_agency_nothing_is_named(w: World) -> None:
    slot = w.slot("1.1.1")
    put(w, slot, "朱辉斌", title="独一份")
    for query in (f"of={slot.item_id}", "item=1.1.1", f"area={slot.item.track_id}.{slot.item.area_code}"):
        page = browser(w, "乙局石玲佳").get(f"/evidence/?{query}").content.decode()
        assert "独一份" not in page and slot.item.title not in page and slot.item.area not in page, query


def test_the_number_of_queries_is_the_same(w: World) -> None:
    user = browser(w, "石玲佳")
    put(w, w.slot("1.1.1"), "朱辉斌", title="独一份")

    def count() -> int:
        with CaptureQueriesContext(connection) as said:
            user.get(f"/evidence/?q=材料&item=1.1.1&of={w.slot('1.1.1').item_id}")
        return len(said)

    before = count()
    for _ in range(15):
        put(w, w.slot("1.1.1"), "朱辉斌")
    assert count() == before
