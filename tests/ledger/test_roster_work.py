"""A roster moves people or lets them go: what is open in their name is told before and after, two clicks from its taker."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taizhang.kit import clock
from taizhang.ledger import actions
from taizhang.ledger.models import Item
from taizhang.ledger.queries.handover import holding_of, movers_of
from taizhang.org.models import Membership, Person
from taizhang.org.queries import alive

from ..people import City
from .pages import browser, words
from .world import TODAY, World, hand_out, world

OFFICE, MOVER, LEAVER = "石玲佳", "崔怡欣", "白毅志"


@pytest.fixture
def w(people: City, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = TODAY
    return made


def changed(client: Client) -> BytesIO:
    """The agency's own roster, with MOVER in 法规处 and without LEAVER."""
    answer = client.get(reverse("roster_export"))
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(BytesIO(body))
    sheet = book["花名册"]
    heads = {cell.value: cell.column for row in sheet.iter_rows(max_row=3) for cell in row if cell.value}
    for row in range(sheet.max_row, 1, -1):
        name = sheet.cell(row, heads["姓名"]).value
        if name == MOVER:
            sheet.cell(row, heads["处室"]).value = "法规处"
        elif name == LEAVER:
            sheet.delete_rows(row)
        elif name and not sheet.cell(row, heads["处室"]).value and sheet.cell(row, heads["工号"]).value:
            sheet.cell(row, heads["处室"]).value = "办公室"  # the city leaves some without
    for other in book.worksheets:  # who leaves is no liaison any more
        for row_ in other.iter_rows():
            for cell in row_:
                if cell.value == LEAVER:
                    cell.value = None
    out = BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "名单.xlsx"
    return out


def upload(client: Client) -> tuple[str, Any]:
    answer = client.post(reverse("roster_import"), {"upload": "1", "file": changed(client)})
    assert answer.status_code == 302, words(answer)
    return answer.url.rsplit("=", 1)[-1], client.get(answer.url)


def number(w: World, name: str) -> int:
    return Item.objects.filter(person=w.user(name).person).exclude(status__in=["closed", "waived"]).count()


def test_the_preview_says_what_hangs_on_whom(w: World) -> None:
    client = browser(w, OFFICE)
    _, shown = upload(client)
    text = words(shown)
    assert "有 2 人要离开或换处室，名下还有未办的工作，导入不会替他们移交" in text
    mover, leaver = w.user(MOVER).person, w.user(LEAVER).person
    assert f"{mover.staff_no} {MOVER} 办公室 → 法规处 负责未办 {number(w, MOVER)} 项" in text
    assert f"{leaver.staff_no} {LEAVER} 文件里没有，勾选才结束 负责未办 {number(w, LEAVER)} 项" in text
    html = shown.content.decode()
    for url in (f"/ledger/handover/{mover.pk}/?for=move", f"/ledger/handover/{leaver.pk}/?for=leave"):
        assert f'href="{url}"' in html and client.get(url).status_code == 200  # one click from the preview


def test_who_holds_nothing_is_not_named(w: World) -> None:
    client = browser(w, OFFICE)
    Item.objects.update(person=None, leader=None)
    _, shown = upload(client)
    assert "导入不会替他们移交" not in words(shown) and "确认导入" in words(shown)


def test_after_the_import_it_cannot_be_missed(w: World) -> None:
    client = browser(w, OFFICE)
    sha, _ = upload(client)
    leaver = w.user(LEAVER).person
    left, moved = number(w, LEAVER), number(w, MOVER)
    assert left and moved
    done = client.post(
        reverse("roster_import"), {"file": sha, "end": [leaver.staff_no], "once": "k"}, follow=True
    )
    text = words(done)
    assert "离开或换处室的有 2 人，名下的事项没有跟着移交" in text
    assert f"有 1 名已离开人员名下还有 {left} 项未办" in text
    assert f"近期换了处室的 1 人，名下还有原处室牵头的 {moved} 项" in text
    # first click: the list; second: the page on which it is handed over
    page = client.get(reverse("handovers"))
    assert f"{MOVER} 办公室 → 法规处 {TODAY} {moved} 项" in words(page)
    url = f"/ledger/load/move/?agency={w.people.units['甲局'].pk}&way=over&person={w.user(MOVER).person.pk}"
    assert (
        url.replace("&", "&amp;") in page.content.decode()
        and f"/ledger/handover/{leaver.pk}/" in page.content.decode()
    )
    assert client.get(url).status_code == 200
    items = Item.objects.filter(person=w.user(MOVER).person, lead=w.people.units["办公室"])
    moves = [(one.pk, one.version, w.user("朱辉斌").person.pk) for one in items]
    actions.hand_over(w.people.units["甲局"], by=w.user(OFFICE), label="移交", moves=moves)
    assert movers_of(w.people.units["甲局"], clock.today()) == []
    assert "近期换了处室的" not in words(client.get("/org/"))


def test_only_who_can_do_something_about_it_is_told(w: World) -> None:
    client = browser(w, OFFICE)
    sha, _ = upload(client)
    client.post(reverse("roster_import"), {"file": sha, "once": "k"})
    for name in ("黎林波", "乙局石玲佳"):
        for url in ("/org/", "/org/people/"):
            assert "近期换了处室的" not in words(browser(w, name).get(url))
    assert (
        browser(w, "乙局石玲佳").get(f"/ledger/handover/?agency={w.people.units['甲局'].pk}").status_code
        == 404
    )
    assert browser(w, "黎林波").get("/ledger/handover/").status_code == 403


def test_a_move_is_asked_about_for_some_days(w: World, settings: Any) -> None:
    client = browser(w, OFFICE)
    sha, _ = upload(client)
    client.post(reverse("roster_import"), {"file": sha, "once": "k"})
    agency = w.people.units["甲局"]
    assert [one.name for one in movers_of(agency, date(2020, 7, 8))] == [MOVER]
    assert movers_of(agency, date(2020, 7, 20)) == []
    assert movers_of(w.people.units["乙局"], date(2020, 6, 11)) == []
    # back again, it is nobody's move
    home = Membership.objects.get(alive(clock.today()), person=w.user(MOVER).person, main=True)
    Membership.objects.filter(pk=home.pk).update(unit=w.people.units["办公室"])
    assert movers_of(agency, date(2020, 6, 11)) == []


def test_counts_cost_the_same_for_one_and_for_all(w: World) -> None:
    agency = w.people.units["甲局"]
    everybody = list(Person.objects.filter(agency=agency).values_list("staff_no", flat=True))
    found = []
    for numbers in ([w.user(MOVER).person.staff_no], everybody):
        with CaptureQueriesContext(connection) as asked:
            rows = holding_of(agency, numbers, clock.today())
        found.append((len(asked), len(rows)))
    assert found[0] == (3, 1) and found[1][0] == 3 and found[1][1] > 3
    one = next(row for row in holding_of(agency, everybody, clock.today()) if row.name == MOVER)
    slots = Item.objects.filter(person=one.pk).values_list("slots", flat=True)
    assert one.items == number(w, MOVER) and 0 < one.slots <= slots.count()
    assert holding_of(agency, [w.user("乙局崔怡欣").person.staff_no + "x"], clock.today()) == []
