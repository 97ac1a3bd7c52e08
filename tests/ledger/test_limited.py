"""限定 beside an item: who fills, who signs and the office are told what is cited; others only that there is something."""

import io
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taizhang.evidence.models import Evidence, Secrecy
from taizhang.kit import clock
from taizhang.ledger.models import Citation, Item, Slot
from taizhang.ledger.queries.facts import missing_of
from taizhang.ledger.queries.limited import NAME, ONE
from taizhang.ledger.queries.material import material_for

from ..people import City
from .pages import browser, put, words
from .world import World, hand_out, world

CANARY = "金丝雀"
#: the filler, the liaison who enters on behalf, the head who signs first, the office, the leader of the activity group
TOLD = ("朱辉斌", "崔怡欣", "黎林波", "石玲佳", "李洋华")
#: of other departments, who see the item; an office above
UNTOLD = ("郑审批", "白毅志", "东县文明办")


@pytest.fixture
def w(people: City, settings: Any) -> World:
    settings.TODAY = "2020-06-10"
    made = world(people)
    hand_out(made)
    return made


def cited(w: World, at: int = 4) -> Citation:
    """A limited piece without a day, so that what lacks is said with its title too."""
    slot = w.slot("1.1.1", at)
    need = slot.item.needs.get(kind="other")
    put(
        w,
        slot,
        "朱辉斌",
        need,
        title=f"{CANARY}题名",
        place=f"{CANARY}地点",
        people=f"{CANARY}人物",
        secrecy="limited",
    )
    picture = slot.item.needs.get(kind="picture")
    type(picture).objects.filter(pk=picture.pk).update(fields=["time"])
    piece = put(w, slot, "朱辉斌", picture, title=f"{CANARY}照片", secrecy="limited")
    return Citation.objects.select_related("slot__item").get(evidence=piece)


def addresses(w: World, slot: Slot) -> list[str]:
    """Where what is cited for an item is told, or what it lacks because of it."""
    item, year = slot.item_id, w.year.pk
    return [
        f"/ledger/items/{item}/?slot={slot.pk}", f"/ledger/items/{item}/?slot={slot.pk}&all=1", f"/ledger/items/?open={item}",
        "/ledger/items/export/", "/ledger/items/print/", f"/ledger/papers/form/?items={item}", f"/ledger/papers/summary/?items={item}",
        f"/ledger/items/{item}/statement/", f"/ledger/years/{year}/statements/", "/", "/evidence/", "/evidence/statistics/",
        f"/ledger/slots/{slot.pk}/upload/", f"/ledger/slots/{slot.pk}/cite/", "/ledger/proposals/",
    ]  # fmt: skip


def everything(answer: Any) -> str:
    """What an answer holds, the parts of a table included."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            data = b"".join(package.read(name) for name in package.namelist())
    return str(data.decode("utf-8", "replace"))


@pytest.mark.parametrize("name", UNTOLD)
def test_who_only_sees_the_item_is_told_that_there_is_one(w: World, name: str) -> None:
    citation = cited(w)
    client = browser(w, name)
    opened = 0
    for url in addresses(w, citation.slot):
        answer = client.get(url)
        opened += answer.status_code == 200
        text = everything(answer)
        assert CANARY not in text, url
        assert f"/evidence/{citation.evidence_id}/" not in text and citation.evidence.number not in text, url
        assert f"/ledger/citations/{citation.pk}/" not in text, url
    assert opened >= 8
    shown = words(client.get(addresses(w, citation.slot)[0]))
    assert shown.count(ONE) >= 2 and f"{ONE}到" in shown
    assert f"《{NAME}》没有写时间" in shown or "没有写时间" in shown
    for tail in ("", "file/", "thumb/", "passages/", "caption/"):
        answer = client.get(f"/ledger/citations/{citation.pk}/{tail}")
        assert answer.status_code == 404 and CANARY not in everything(answer), tail
    answer = client.post(f"/ledger/citations/{citation.pk}/remove/")
    assert answer.status_code in (403, 404) and Citation.objects.filter(pk=citation.pk).exists()


@pytest.mark.parametrize("name", TOLD)
def test_who_fills_or_signs_is_told_what_it_is(w: World, name: str) -> None:
    citation = cited(w)
    client = browser(w, name)
    first, *_ = addresses(w, citation.slot)
    shown = words(client.get(first))
    assert f"{CANARY}题名" in shown and f"{CANARY}照片" in shown and ONE not in shown
    assert f"《{CANARY}题名》到" in shown
    assert f"{CANARY}题名" in words(client.get(f"/ledger/papers/form/?items={citation.slot.item_id}"))
    assert client.get(f"/ledger/citations/{citation.pk}/").status_code == 200


def test_who_fills_sees_by_the_citation_what_another_department_deposited(w: World) -> None:
    """And who signs for the performer; the library itself stays shut to them."""
    citation = cited(w)
    Evidence.objects.filter(pk=citation.evidence_id).update(unit=w.people.units["法规处"], by=None)
    for name in ("朱辉斌", "黎林波"):
        client = browser(w, name)
        assert client.get(f"/evidence/{citation.evidence_id}/").status_code == 404
        html = client.get(addresses(w, citation.slot)[0]).content.decode()
        assert f"{CANARY}照片" in html and f"/ledger/citations/{citation.pk}/" in html
        assert f"/evidence/{citation.evidence_id}/" not in html
        assert client.get(f"/ledger/citations/{citation.pk}/file/").status_code == 200
    assert CANARY in words(
        browser(w, "白毅志").get(addresses(w, citation.slot)[0])
    )  # its own people: the photograph
    far = words(browser(w, "郑审批").get(addresses(w, citation.slot)[0]))
    assert CANARY not in far


def test_words_of_what_is_lacking_name_no_limited_piece(w: World) -> None:
    slot = cited(w).slot
    pair = [(slot.pk, slot.item_id)]

    def lacks(user: Any) -> str:
        return "；".join(one.text for one in missing_of(pair, user)[slot.pk])

    assert f"《{CANARY}照片》没有写时间" in lacks(w.user("朱辉斌"))
    for user in (w.user("郑审批"), None):
        assert f"《{NAME}》没有写时间" in lacks(user) and CANARY not in lacks(user)


def test_a_volume_names_no_limited_piece_in_what_is_missing(w: World) -> None:
    slot = cited(w, 5).slot
    for name, told in (("郑审批", False), ("石玲佳", True)):
        held = material_for(w.user(name), w.year, clock.today(), item=slot.item_id)[0]
        assert any(f"《{f'{CANARY}照片' if told else NAME}》没有写时间" in one for one in held.lacks), (
            held.lacks
        )
        assert (CANARY in str(held)) is told, name


def test_an_item_without_lead_or_person_tells_no_more(w: World) -> None:
    """Empty units are nobody's: the condition must not turn into "unknown" and let everybody through."""
    citation = cited(w)
    Item.objects.filter(pk=citation.slot.item_id).update(lead=None, person=None)
    url = addresses(w, citation.slot)[0]
    assert CANARY not in words(browser(w, "郑审批").get(url))
    assert ONE in words(browser(w, "郑审批").get(url))
    assert f"{CANARY}照片" in words(browser(w, "朱辉斌").get(url))


def test_an_open_piece_is_shown_to_all(w: World) -> None:
    citation = cited(w)
    Evidence.objects.update(secrecy=Secrecy.INTERNAL)
    shown = words(browser(w, "郑审批").get(addresses(w, citation.slot)[0]))
    assert f"{CANARY}照片" in shown and ONE not in shown


def test_the_same_queries_for_one_and_for_many(w: World) -> None:
    slot = cited(w).slot
    client = browser(w, "郑审批")

    def count(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    urls = [f"/ledger/items/{slot.item_id}/?slot={slot.pk}", f"/ledger/papers/form/?items={slot.item_id}"]
    few = [count(url) for url in urls]
    for _ in range(6):
        put(w, slot, "朱辉斌", title=f"{CANARY}又一件", secrecy="limited")
    assert [count(url) for url in urls] == few
    assert words(client.get(urls[0])).count(ONE) >= 8


def test_who_fills_hands_in_and_is_told_what_is_missing(w: World) -> None:
    slot = cited(w).slot
    answer = browser(w, "朱辉斌").post(
        reverse("slot_submit", args=[slot.pk]), {"conclusion": "办了", "seen": slot.version}
    )
    assert answer.status_code == 409 and f"{CANARY}照片" in words(answer)
