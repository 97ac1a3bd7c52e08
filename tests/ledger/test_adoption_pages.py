"""The pages of 换版: preview, confirmation, result, taking back, 需复核, the item's page, the list, the workbook."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.kit.tables import read_book
from taizhang.ledger import actions
from taizhang.ledger.models import Adoption, Item

from ..people import City
from .editions import Next, revise
from .factory import TODAY, ledger
from .pages import browser, carry, close, page, words
from .test_adoption import HARD, adopt, base, trace, track
from .test_adoption import w as w
from .test_adoption_size import next_of
from .world import World


@pytest.fixture
def said(w: World) -> Next:
    close(w, "1.2.5")
    return Next(
        changed={"1.2.5": {"requirement": "总结须含数据附表"}, "1.2.2": {"cadence": "month"}, "1.1.2": {"points": 3}},
        gone={"1.2.3"}, new=[{"code": "1.9", "label": "Ⅲ-11", "title": "新设指标", "lead_text": "外星处"}],
    )  # fmt: skip


def plan_url(w: World) -> str:
    return f"/ledger/years/{w.year.pk}/adopt/"


def test_the_plan_is_looked_at_and_then_carried_out(w: World, said: Next) -> None:
    client = browser(w, "石玲佳")
    assert "没有可以换用的新版" in words(client.get(plan_url(w)))
    edition = revise(base(w), said)
    for address in (f"/campaigns/{w.campaign.pk}/", f"/campaigns/years/{w.year.pk}/"):
        answer = client.get(address)
        assert (
            "标准有新版：《小标准》2019版" in words(answer)
            and f"{plan_url(w)}?track=" in answer.content.decode()
        )
    answer = client.get(plan_url(w))
    text = words(answer)
    assert "2018 换为 2019版" in text and "总分 15 → 16" in text
    assert "需复核 1 项" in text and "已销号，要求有改动" in text
    assert "取消或并入 1 项" in text and "新增 1 项" in text and "没有牵头" in text
    assert "二季度、三季度、四季度，6 期" in text and "5月至12月，16 期" in text
    assert "分值 1.5 改为 3" in text and "确认换版，自 2019-05-20 起用2019版" in text
    html = answer.content.decode()
    form = html[html.index('name="saw"') - 900 :]
    hidden = {
        name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("track", "edition", "saw", "once")
    }  # fmt: skip
    answer = client.post(plan_url(w), hidden)
    made = Adoption.objects.get()
    assert answer["Location"] == f"/ledger/adoptions/{made.pk}/"
    text = words(client.get(answer["Location"]))
    assert "改动了" in text and "撤回换版" in text and "新设指标" in text and "需复核 1" in text
    again = client.post(plan_url(w), hidden | {"once": "other"})
    assert (
        again["Location"] == f"/ledger/adoptions/{made.pk}/"
    )  # a second window or click: nothing is done twice
    assert "没有再换一次" in words(client.get(again["Location"]))
    assert "没有可以换用的新版" in words(client.get(plan_url(w))) and "看那次换版" in words(
        client.get(plan_url(w))
    )
    assert edition.adoptions.count() == 1


def test_a_plan_that_is_not_the_one_seen_is_shown_again(w: World, said: Next) -> None:
    edition = revise(base(w), said)
    answer = browser(w, "石玲佳").post(
        plan_url(w), {"track": track(w).pk, "edition": edition.pk, "saw": "0" * 24, "once": "a"}
    )
    assert answer.status_code == 409 and "又有变动" in words(answer) and "确认换版" in words(answer)
    assert not Adoption.objects.exists()


def test_taken_back_on_its_page(w: World, said: Next) -> None:
    made = adopt(w, said)
    client = browser(w, "石玲佳")
    address = f"/ledger/adoptions/{made.pk}/"
    hidden = carry(client.get(address).content.decode())
    assert client.post(f"{address}undo/", hidden).status_code == 302
    assert "已于" in words(client.get(address)) and "（已撤回）" in words(client.get(address))
    assert browser(w, "朱辉斌").get(address).status_code == 200, (
        "everybody of the agency may read what was done"
    )
    assert "撤回换版" not in words(browser(w, "朱辉斌").get(address))


def test_taking_back_names_what_was_built(w: World, said: Next) -> None:
    made = adopt(w, said)
    actions.set_lead(w.item("1.9"), by=w.user("石玲佳"), lead=w.people.units["法规处"])
    answer = browser(w, "石玲佳").post(f"/ledger/adoptions/{made.pk}/undo/", {"once": "u"})
    assert answer.status_code == 409 and "新设指标：事项本身、期次有变动" in words(answer)


def test_looked_at_again_on_the_list_and_on_the_page(w: World, said: Next) -> None:
    made = adopt(w, said)
    one, client = trace(made, "1.2.5"), browser(w, "石玲佳")
    text = words(client.get("/ledger/revisits/", {"year": w.year.pk}))
    assert "换版复核 1 项" in text and "原：（空） 现：总结须含数据附表" in text
    assert "需复核" in words(client.get("/", follow=True))
    shown = words(page(client, one.item))
    assert "需复核： 已销号，要求有改动" in shown and "换用《小标准》2019版：要求有改动" in shown
    assert "复核无误" not in words(page(browser(w, "白毅志"), one.item))
    address = f"/ledger/revisits/ok/?year={w.year.pk}"
    answer = client.post(address, {"words": "好", "once": "e"})
    assert answer.status_code == 409 and "没有勾选事项" in words(answer)
    assert client.post(address, {"pk": one.pk, "words": "附表已附", "once": "r"}).status_code == 302
    assert "没有要复核的" in words(client.get("/ledger/revisits/", {"year": w.year.pk}))
    assert "换版复核" in words(page(client, one.item)) and "附表已附" in words(page(client, one.item))


def test_reopened_from_the_list(w: World, said: Next) -> None:
    one = trace(adopt(w, said), "1.2.5")
    client = browser(w, "石玲佳")
    answer = client.post(
        f"/ledger/revisits/reopen/?year={w.year.pk}", {"pk": one.pk, "words": "补附表", "once": "r"}
    )
    assert answer.status_code == 302 and w.item("1.2.5").status == "returned"


def test_found_right_on_the_items_own_page(w: World, said: Next) -> None:
    one = trace(adopt(w, said), "1.2.5")
    client = browser(w, "石玲佳")
    answer = client.post(f"/ledger/revisits/{one.pk}/ok/", {"words": "", "once": "a"})
    assert answer.status_code == 409 and "请写复核意见" in words(answer)
    assert client.post(f"/ledger/revisits/{one.pk}/ok/", {"words": "无误", "once": "b"}).status_code == 302
    one.refresh_from_db()
    assert not one.revisit


def test_where_a_piece_came_from_and_where_one_went(w: World) -> None:
    adopt(w, HARD)
    client = browser(w, "石玲佳")
    assert "拆出，原事项的材料可引用" in words(page(client, w.item("1.1.2-1")))
    away = Item.objects.get(year=w.year, title="无人认领的事")
    text = words(page(client, away))
    assert "已并入“" in text and "恢复适用" not in text
    assert "已并入本事项" in words(page(client, w.item("1.2.5")))


def test_the_list_is_filtered_by_what_was_changed(w: World, said: Next) -> None:
    client = browser(w, "石玲佳")
    assert "换版有改动" not in words(client.get("/ledger/items/", {"year": w.year.pk}))
    adopt(w, said)
    for key, titles in (("revisit", {"年度总结"}), ("new", {"新设指标"}), ("ended", {"领导小组调整"}),
                        ("changed", {"年度总结", "业务规范化", "年度实施方案"})):  # fmt: skip
        text = words(client.get("/ledger/items/", {"year": w.year.pk, "edition": key}))
        assert {
            one
            for one in {"年度总结", "新设指标", "领导小组调整", "业务规范化", "年度实施方案", "主题党日"}
            if one in text
        } == titles


def test_the_plan_as_a_workbook(w: World, said: Next) -> None:
    revise(base(w), said)
    answer = browser(w, "石玲佳").get(f"{plan_url(w)}export/")
    book = read_book(answer.content, "a.xlsx")
    sums, rows = book.sheets
    assert ["需复核", "1"] in [[str(cell) for cell in row[:2]] for row in sums.rows]
    text = "".join(str(cell) for row in rows.rows for cell in row)
    assert "新设指标" in text and "总结须含数据附表" in text and len(rows.rows) == 12


def test_who_may(w: World, said: Next) -> None:
    edition = revise(base(w), said)
    fields = {"track": track(w).pk, "edition": edition.pk, "once": "x"}
    for name, status in (("李洋华", 403), ("朱辉斌", 403), ("审计员", 404), ("乙局石玲佳", 404)):
        client = browser(w, name)
        assert client.get(plan_url(w)).status_code == status
        assert client.post(plan_url(w), fields).status_code == status
        assert client.get(f"{plan_url(w)}export/").status_code == status
    made = adopt(w, edition=edition)
    one = trace(made, "1.2.5")
    for name, status in (("李洋华", 403), ("乙局石玲佳", 404)):
        client = browser(w, name)
        assert client.post(f"/ledger/adoptions/{made.pk}/undo/", {"once": "y"}).status_code == status
        assert client.post(f"/ledger/revisits/{one.pk}/ok/", {"words": "好"}).status_code == status
        for verb in ("ok", "reopen"):
            address = f"/ledger/revisits/{verb}/?year={w.year.pk}"
            assert client.post(address, {"pk": one.pk, "words": "好"}).status_code == status
    assert browser(w, "乙局石玲佳").get(f"/ledger/adoptions/{made.pk}/").status_code == 404
    one.refresh_from_db()
    assert one.revisit and Adoption.objects.get().undone_at is None


def test_pages_cost_the_same_at_two_sizes(people: City, settings: Any) -> None:
    settings.TODAY = TODAY.isoformat()
    seen: list[list[int]] = []
    for agency, items in (("甲局", 45), ("乙局", 120)):
        made = ledger(people, agency, items=items, people=10, evidence=20)
        clerk = people.users["石玲佳" if agency == "甲局" else "乙局石玲佳"]
        client = browser(World(people, made.campaign, made.year), str(clerk.person.name))
        edition = next_of(made)
        numbers = [
            _cost(client, f"/ledger/years/{made.year.pk}/adopt/"),
            _cost(client, f"/campaigns/{made.campaign.pk}/"),
        ]
        done = actions.adopt(made.year, by=clerk, track=made.track, edition=edition)
        year = f"?year={made.year.pk}"
        for address in (
            f"/ledger/adoptions/{done.pk}/",
            f"/ledger/revisits/{year}",
            f"/ledger/items/{year}&edition=changed",
        ):
            numbers.append(_cost(client, address))
        seen.append(numbers)
    assert seen[0] == seen[1]


def _cost(client: Any, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_year_that_is_not_opened_yet(w: World) -> None:
    edition = revise(base(w), Next())
    client, year = browser(w, "石玲佳"), w.campaign.years.get(year=2020)
    address = f"/ledger/years/{year.pk}/adopt/"
    answer = client.get(address)
    assert "启用台账时按2019版生成" in words(answer) and "确认换版" in words(answer)
    assert client.post(address, {"edition": edition.pk, "once": "u"}).status_code == 409, (
        "nothing was looked at"
    )
    saw = answer.content.decode().split('name="saw" value="')[1].split('"')[0]
    assert client.post(address, {"edition": edition.pk, "once": "p", "saw": saw}).status_code == 302
    assert "只换了创建线的版本" in words(client.get(f"/ledger/adoptions/{Adoption.objects.get().pk}/"))
    assert client.get(f"/ledger/years/{year.pk}/open/").status_code == 200


def test_an_edition_can_be_chosen(w: World) -> None:
    middle = revise(base(w), Next())
    last = revise(middle, Next(label="2020版", new=[{"code": "1.9", "label": "Ⅲ-11"}]))
    client = browser(w, "石玲佳")
    assert f"自 2019-05-20 起用{last.label}" in words(client.get(plan_url(w)))
    text = words(client.get(plan_url(w), {"edition": middle.pk}))
    assert "起用2019版" in text and "还可以换用： 《小标准》2020版" in text
    assert "没有可以换用的新版" in words(client.get(plan_url(w), {"edition": "999"}))


def test_what_was_typed_and_ticked_stays_when_it_cannot_be_done(w: World, said: Next) -> None:
    one, client = trace(adopt(w, said), "1.2.5"), browser(w, "石玲佳")
    address = f"/ledger/revisits/ok/?year={w.year.pk}"
    answer = client.post(address, {"words": "已补数据附表", "once": "a"})
    assert answer.status_code == 409
    assert "没有勾选事项" in words(answer) and 'value="已补数据附表"' in answer.content.decode()
    answer = client.post(address, {"words": "", "pk": one.pk, "once": "b"})
    html = answer.content.decode()
    assert answer.status_code == 409 and f'value="{one.pk}" checked' in html
    one.refresh_from_db()
    assert one.revisit
