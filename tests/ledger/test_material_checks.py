"""提醒 beside what is cited; and what bears a mark of secrecy is neither cited nor handed in."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taizhang.evidence.models import Evidence, Reading, ReadingState, Version
from taizhang.kit.errors import Refused
from taizhang.ledger import actions
from taizhang.ledger.models import Citation

from ..people import City
from .pages import browser, page, put, words
from .world import World, hand_out, world

FILLER = "朱辉斌"


@pytest.fixture
def w(people: City) -> World:
    made = world(people)
    hand_out(made)
    return made


def stop(piece: Evidence) -> None:
    """As if the reader had found a mark in it."""
    blob = Version.objects.get(pk=piece.current_id).blob_id
    Reading.objects.filter(blob=blob).update(state=ReadingState.CLASSIFIED, fault="第 1 页“机密★1年”")


def read(piece: Evidence, **facts: Any) -> None:
    blob = Version.objects.get(pk=piece.current_id).blob_id
    Reading.objects.filter(blob=blob).update(state=ReadingState.READ, **facts)


def test_a_piece_of_another_year_is_marked_beside_it(w: World) -> None:
    slot = w.slot("1.1.1", 4)
    piece = put(w, slot, FILLER, title="去年的照片", happened_on=date(2019, 5, 8))
    at = browser(w, FILLER)
    for answer in (page(at, slot.item, slot), at.get(reverse("slot_upload", args=[slot.pk]))):
        assert "不在本年度" in answer.content.decode()
    uses = reverse("evidence_uses", args=[piece.pk])
    shown = at.get(uses).content.decode()
    assert "2019-05-08" in shown and "不在" in shown and "2020 年" in shown
    answer = at.post(
        reverse("evidence_check", args=[piece.pk]),
        {"code": f"year:{slot.pk}", "note": "跨年活动", "back": uses},
    )
    assert answer["Location"] == uses
    assert "已核对：跨年活动" in at.get(uses).content.decode()
    assert "不在本年度" not in page(at, slot.item, slot).content.decode()


def test_a_report_longer_than_the_need_allows(w: World) -> None:
    slot = w.slot("1.1.1", 4)
    need = slot.item.needs.get(kind="other")
    piece = put(w, slot, FILLER, need=need, title="会议情况报告", happened_on=date(2020, 5, 8))
    Evidence.objects.filter(pk=piece.pk).update(kind="report")
    read(piece, letters=700, pages=1)
    assert "超过 500 字" in words(page(browser(w, FILLER), slot.item, slot))
    need.name = "会议情况报告（1000字以内）"
    need.save()
    assert "超过 500 字" not in words(page(browser(w, FILLER), slot.item, slot))


def test_what_is_stopped_is_not_handed_in(w: World) -> None:
    slot = w.slot("1.1.3")
    piece = put(w, slot, FILLER, title="一份扫描件")
    stop(piece)
    user = w.user(FILLER)
    with pytest.raises(Refused, match="《一份扫描件》标有密级，已停用，请移除，换一件"):
        actions.submit(slot, by=user, conclusion="做了")
    at = browser(w, FILLER)
    shown = page(at, slot.item, slot)
    assert shown.status_code == 200 and "标有密级" in words(shown) and "请移除，换一件" in words(shown)
    assert at.get(reverse("slot_upload", args=[slot.pk])).status_code == 200
    citation = Citation.objects.get(slot=slot)
    actions.uncite(citation, by=user)
    actions.submit(slot, by=user, conclusion="做了")


def test_what_is_stopped_is_not_cited(w: World) -> None:
    slot = w.slot("1.1.3")
    piece = put(w, slot, FILLER)
    actions.uncite(Citation.objects.get(slot=slot), by=w.user(FILLER))
    stop(piece)
    with pytest.raises(Refused, match="标有密级，已停用，不能引用"):
        actions.cite(slot, by=w.user(FILLER), evidence=piece)
    assert piece.title not in browser(w, FILLER).get(reverse("slot_cite", args=[slot.pk])).content.decode()


def test_a_citation_of_another_agency_does_not_open_it(w: World) -> None:
    slot = w.slot("1.1.3")
    piece = put(w, slot, FILLER)
    citation = Citation.objects.get(slot=slot)
    at = browser(w, FILLER)
    names = ("citation", "citation_file", "citation_thumb")
    assert at.get(reverse("citation_file", args=[citation.pk])).status_code == 200
    stop(piece)
    for name in names:
        assert at.get(reverse(name, args=[citation.pk])).status_code == 404, name


def test_the_page_asks_as_much_for_many_pieces_as_for_one(w: World) -> None:
    slot = w.slot("1.1.1", 4)
    at = browser(w, FILLER)

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert page(at, slot.item, slot).status_code == 200
        return len(seen)

    put(w, slot, FILLER)
    put(w, slot, FILLER)
    Evidence.objects.update(kind="picture")
    for at_piece, reading in enumerate(Reading.objects.all()):
        Reading.objects.filter(pk=reading.pk).update(
            state=ReadingState.READ, likeness=f"{at_piece:016x}", ocr=True
        )
    count()
    few = count()
    for _ in range(7):
        put(w, slot, FILLER)
    Evidence.objects.update(kind="picture")
    Reading.objects.update(state=ReadingState.READ, likeness="00000000000000ff", ocr=True)
    assert count() == few
