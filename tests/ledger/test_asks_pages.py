"""Asking through the pages: the menu of an item, the form, the ask itself, the list of a year, the desk."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.campaigns.models import AskRule, Track
from taizhang.kit.tables import read_book
from taizhang.ledger import actions
from taizhang.ledger.models import Ask, Item, Slot
from taizhang.ledger.rules.asks import AskState, Kind
from taizhang.ledger.rules.states import Status

from .pages import browser, carry, close, page, post, put, words
from .world import World, hand_out, world

ONCE = "1.2.5"


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-02-03"
    actions.set_due(made.item(ONCE), by=made.user("石玲佳"), due_on=date(2020, 5, 29))
    return made


def address(item: Item, kind: str) -> str:
    return f"/ledger/items/{item.pk}/ask/{kind}/"


def asked(w: World, kind: str = "extension", by: str = "白毅志", **typed: Any) -> Ask:
    """Ask through the form as it was opened."""
    item, client = w.item(ONCE), browser(w, by)
    url = address(item, kind)
    hidden = carry(client.get(url).content.decode())
    wish = {
        "extension": {"wanted_on": "2020-06-15", "progress": "已起草"},
        "dispute": {"wanted_lead": w.people.units["审批处"].pk},
    }
    answer = post(client, url, reason="等上级文件", **{**wish.get(kind, {}), **typed}, **hidden)
    assert answer.status_code == 302, words(answer)
    return Ask.objects.latest("pk")


def test_item_offers_what_may_be_asked_and_says_why_not(w: World, settings: Any) -> None:
    item = w.item(ONCE)
    html = page(browser(w, "白毅志"), item).content.decode()
    assert all(address(item, kind) in html for kind in ("extension", "dispute", "waive", "suspend"))
    assert "/ask/" not in page(browser(w, "崔怡欣"), item).content.decode(), "not of the lead"
    assert "/ask/" not in page(browser(w, "石玲佳"), item).content.decode(), "the office acts itself"
    settings.TODAY = "2020-06-01"
    late = page(browser(w, "白毅志"), item)
    assert address(item, "extension") not in late.content.decode() and "期限 2020-05-29 已过" in words(late)
    got = browser(w, "白毅志").get(address(item, "extension"), follow=True)
    assert "期限 2020-05-29 已过" in words(got) and got.redirect_chain[-1][0].startswith(
        f"/ledger/items/{item.pk}/"
    )


def test_item_ask_who_may(w: World) -> None:
    item = w.item(ONCE)
    for kind in Kind:
        url = address(item, kind.value)
        assert browser(w, "崔怡欣").get(url).status_code == 403
        assert post(browser(w, "崔怡欣"), url, reason="x").status_code == 403
        assert browser(w, "乙局石玲佳").get(url).status_code == 404
        assert browser(w, "白毅志").get(url).status_code == 200
    assert browser(w, "白毅志").get(address(item, "holiday")).status_code == 404
    nobody = w.item("1.2.6")  # nobody leads it
    assert browser(w, "白毅志").get(address(nobody, "dispute")).status_code == 403


def test_item_ask_keeps_what_was_typed_when_it_is_refused(w: World) -> None:
    item, filler = w.item(ONCE), browser(w, "白毅志")
    url = address(item, "extension")
    assert "请写理由" in words(post(filler, url, wanted_on="2020-06-15"))
    late = post(filler, url, wanted_on="2020-12-25", reason="等上级文件", progress="已起草")
    assert late.status_code == 409 and "最晚到 2020-11-30" in words(late)
    assert "等上级文件" in late.content.decode() and "2020-12-25" in late.content.decode()
    assert post(filler, url, wanted_on="2020-02-30", reason="x", progress="y").status_code == 422
    assert (
        post(
            filler, address(item, "dispute"), reason="x", wanted_lead=w.people.units["乙局办公室"].pk
        ).status_code
        == 422
    )
    hidden = carry(filler.get(url).content.decode())
    actions.set_priority(item, by=w.user("石玲佳"), priority=True)
    stale = post(filler, url, wanted_on="2020-06-15", reason="x", progress="y", **hidden)
    assert stale.status_code == 409 and "刚被他人修改" in words(stale)
    assert not Ask.objects.exists()


def test_item_ask_once_and_only_one_of_a_kind(w: World) -> None:
    item, filler = w.item(ONCE), browser(w, "白毅志")
    url = address(item, "extension")
    hidden = carry(filler.get(url).content.decode())
    typed = {"wanted_on": "2020-06-15", "reason": "等", "progress": "已起草", **hidden}
    assert post(filler, url, **typed).status_code == post(filler, url, **typed).status_code == 302
    assert Ask.objects.count() == 1
    again = post(filler, url, wanted_on="2020-06-15", reason="等", progress="已起草")
    assert again.status_code == 409 and "已有一件延期申请等待批复" in words(again)


def test_an_extension_of_many_periods_asks_which(w: World) -> None:
    item, filler = w.item("1.1.1"), browser(w, "朱辉斌")
    slot = w.slot("1.1.1", 4)
    form = filler.get(address(item, "extension") + f"?slot={slot.pk}").content.decode()
    assert f'value="{slot.pk}" selected' in form and "12月（期限" in form
    answer = post(
        filler, address(item, "extension"), slot=slot.pk, wanted_on="2020-06-20", reason="等", progress="一"
    )
    assert answer.status_code == 302, words(answer)
    made = Ask.objects.get()
    assert made.slot == slot
    wrong = post(
        filler,
        address(item, "extension"),
        slot=w.slot(ONCE).pk,
        wanted_on="2020-06-20",
        reason="等",
        progress="一",
    )
    assert wrong.status_code == 422 and "现在不能申请延期" in words(wrong)
    branch = browser(w, "李洋华").get(address(w.item("1.2.1"), "extension")).content.decode()
    assert "第二党支部 3月" in branch and "第一党支部 3月" not in branch
    assert browser(w, "李洋华").get(address(w.item("1.2.1"), "dispute")).status_code == 403


def test_ask_is_answered_by_who_stands_there(w: World) -> None:
    made = asked(w)
    url, item = f"/ledger/asks/{made.pk}/", w.item(ONCE)
    assert "延期申请待批复" in words(page(browser(w, "白毅志"), item)) and "由 卢欣燕 批复" in words(
        page(browser(w, "白毅志"), item)
    )
    for name, status in (("崔怡欣", 200), ("白毅志", 200), ("乙局石玲佳", 404), ("系统管理员", 404)):
        got = browser(w, name).get(url)
        assert got.status_code == status
        if status == 200:
            assert 'name="opinion"' not in got.content.decode(), name
    assert post(browser(w, "崔怡欣"), url + "grant/", due_on="2020-06-15").status_code == 403
    assert post(browser(w, "白毅志"), url + "refuse/", opinion="x").status_code == 403
    assert post(browser(w, "乙局石玲佳"), url + "grant/").status_code == 404
    office = post(browser(w, "石玲佳"), url + "grant/", due_on="2020-06-15")
    assert office.status_code == 409 and "由分管领导批复（卢欣燕）" in words(office)
    leader = browser(w, "卢欣燕")
    opened = leader.get(url).content.decode()
    assert 'value="2020-06-15"' in opened and "等上级文件" in opened
    no_reason = post(leader, url + "refuse/", **carry(opened))
    assert no_reason.status_code == 409 and "写明理由" in words(no_reason)
    bad = post(leader, url + "grant/", due_on="2020-12-25", opinion="可以", **carry(opened))
    assert bad.status_code == 409 and "最晚到" in words(bad) and "可以" in bad.content.decode()
    good = leader.post(
        url + "grant/", {"due_on": "2020-06-10", "opinion": "抓紧", **carry(opened)}, follow=True
    )
    text = words(good)
    assert (
        "期限 2020-05-29 改为 2020-06-10（申请的是 2020-06-15）" in text
        and "抓紧" in text
        and "已批复" in text
    )
    twice = post(leader, url + "grant/", due_on="2020-06-10")
    assert twice.status_code == 409 and 'name="opinion"' not in twice.content.decode()


def test_a_dispute_moves_the_item_and_the_new_lead_finds_it(w: World) -> None:
    made = asked(w, "dispute")
    assert "待批申请" in words(browser(w, "石玲佳").get("/"))
    answer = post(
        browser(w, "石玲佳"),
        f"/ledger/asks/{made.pk}/grant/",
        lead=w.people.units["审批处"].pk,
        opinion="同意",
    )
    assert answer.status_code == 302
    item = w.item(ONCE)
    assert item.lead == w.people.units["审批处"] and item.status == Status.ASSIGNED
    assert "待签收" in words(browser(w, "郑审批").get("/")) and item.title in words(
        browser(w, "郑审批").get("/")
    )
    assert "石玲佳 同意异议申请，牵头处室 法规处 改为 审批处；同意" in words(browser(w, "白毅志").get("/")), (
        "the asker's desk tells"
    )
    story = words(page(browser(w, "郑审批"), item))
    assert "白毅志 申请异议：由法规处改由审批处牵头" in story and "石玲佳 同意异议" in story


def test_ask_withdraw_and_refuse(w: World) -> None:
    made = asked(w)
    url = f"/ledger/asks/{made.pk}/withdraw/"
    assert post(browser(w, "崔怡欣"), url).status_code == 403
    assert browser(w, "白毅志").get(url).status_code == 405
    assert post(browser(w, "白毅志"), url, seen=made.version + 1).status_code == 409
    assert post(browser(w, "白毅志"), url).status_code == 302
    assert post(browser(w, "白毅志"), url).status_code == 409
    other = asked(w)
    assert post(browser(w, "卢欣燕"), f"/ledger/asks/{other.pk}/refuse/", opinion="按期").status_code == 302
    other.refresh_from_db()
    assert other.state == AskState.REFUSED
    desk = words(browser(w, "白毅志").get("/"))
    assert "卢欣燕 不同意延期申请，按期。" in desk


def test_ask_on_a_closed_item(w: World) -> None:
    close(w, ONCE)
    item = w.item(ONCE)
    for kind in Kind:
        got = browser(w, "白毅志").get(address(item, kind.value), follow=True)
        assert "已于 2020-02-03 销号，不能再申请" in words(got)
        wanted = {"wanted_lead": w.people.units["审批处"].pk, "wanted_on": "2020-06-15", "progress": "x"}
        assert post(browser(w, "白毅志"), address(item, kind.value), reason="x", **wanted).status_code in (
            403,
            409,
        )
    assert not Ask.objects.exists()


def test_item_resume_offers_the_days_of_the_stop(w: World, settings: Any) -> None:
    item, clerk = w.item(ONCE), browser(w, "石玲佳")
    actions.suspend(item, by=w.user("石玲佳"), reason="等机构改革")
    settings.TODAY = "2020-02-13"
    url = f"/ledger/items/{item.pk}/resume/"
    opened = clerk.get(url)
    assert "中止了 10 天；1 期没报的期限各往后推 10 天" in words(opened)
    assert browser(w, "白毅志").get(url).status_code == 403
    answer = clerk.post(url, {"shift": "on", **carry(opened.content.decode())}, follow=True)
    assert "没报的期次已顺延 10 天" in words(answer)
    assert w.item(ONCE).due_on == w.slot(ONCE).due_on == date(2020, 6, 8)
    assert post(clerk, url).status_code == 409


def test_asks_list_filters_counts_and_sheet(w: World) -> None:
    first, second = asked(w), asked(w, "dispute")
    actions.refuse(second, by=w.user("石玲佳"), opinion="就是你处")
    clerk, leader = browser(w, "石玲佳"), browser(w, "卢欣燕")
    everything = words(clerk.get("/ledger/asks/"))
    assert "全部 2" in everything and "待我批复 0" in everything and "法规处" in everything
    mine = leader.get("/ledger/asks/?view=mine")
    assert "待我批复 1" in words(mine) and f"/ledger/asks/{first.pk}/" in mine.content.decode()
    assert f"/ledger/asks/{second.pk}/" not in mine.content.decode()
    for query, there, gone in (
        ("kind=dispute", second, first),
        ("state=open", first, second),
        ("state=refused&unit=法规处", second, first),
    ):
        got = clerk.get(f"/ledger/asks/?{query}").content.decode()
        assert f"/ledger/asks/{there.pk}/" in got and f"/ledger/asks/{gone.pk}/" not in got, query
    assert "没有符合条件的申请" in words(clerk.get("/ledger/asks/?kind=waive"))
    sheet = clerk.get("/ledger/asks/export/?kind=dispute")
    book = read_book(b"".join(sheet.streaming_content) if sheet.streaming else sheet.content, "a.xlsx")
    rows = [[str(cell) for cell in row] for row in book.sheets[0].rows]
    assert len(rows) == 2 and "就是你处" in rows[1] and "由法规处改由审批处牵头" in rows[1]
    counts = [[str(cell) for cell in row] for row in book.sheets[1].rows]
    assert counts[0][:6] == ["处室", "申请次数", "延期", "异议", "不适用", "中止"]
    assert counts[1][:4] == ["法规处", "2", "1", "1"] and counts[1][6:] == ["1", "0", "1", "0"]
    assert clerk.get(f"/ledger/asks/?year={w.year.pk}").status_code == 200
    assert browser(w, "乙局石玲佳").get(f"/ledger/asks/?year={w.year.pk}").status_code == 404


def many(w: World, count: int) -> None:
    """COUNT asks of many items, half of them answered; rows stand outside the door, as fixtures do."""
    items = list(Item.objects.filter(year=w.year, lead__isnull=False).exclude(code=ONCE))
    who = w.user("白毅志").person
    for at in range(count):
        Ask(
            item=items[at % len(items)], kind=Kind.EXTENSION if at < len(items) else Kind.WAIVE,
            state=AskState.OPEN if at < len(items) else AskState.REFUSED, reason=f"理由{at}", by=who, at=w.item(ONCE).created_at,
            before={"unit_name": f"处室{at % 5}", "due_on": "2020-05-01"}, wanted_on=date(2020, 6, 1) + timedelta(at),
        ).save()  # fmt: skip


@pytest.mark.parametrize("url", ["/ledger/asks/", "/ledger/asks/export/", "/"])
def test_pages_cost_the_same_for_one_ask_and_for_many(w: World, url: str) -> None:
    made = asked(w)
    client = browser(w, "卢欣燕")

    def queries() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    one = queries()
    many(w, 30)
    assert Ask.objects.count() == 31 and made.pk
    assert queries() == one


def test_item_and_ask_page_cost_the_same_for_one_ask_and_for_many(w: World) -> None:
    made = asked(w)
    client = browser(w, "石玲佳")
    urls = (f"/ledger/items/{made.item_id}/", f"/ledger/asks/{made.pk}/")

    def queries(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    one = [queries(url) for url in urls]
    asked(w, "dispute")
    asked(w, "waive")
    many(w, 30)
    assert [queries(url) for url in urls] == one


def test_returning_says_when_it_is_the_last_time(w: World) -> None:
    Track.objects.filter(campaign=w.campaign).update(returns_allowed=1)
    slot = w.slot(ONCE)
    put(w, slot, "白毅志")
    actions.submit(slot, by=w.user("白毅志"), conclusion="一")
    head = browser(w, "李洋华")
    url = f"/ledger/slots/{slot.pk}/send-back/"
    assert "这是最后一次可以退回" in words(head.get(url))
    assert post(head, url, opinion="缺附件").status_code == 302
    slot.refresh_from_db()
    actions.submit(slot, by=w.user("白毅志"), conclusion="二")
    assert "到了本创建线的上限" in words(head.get(url))
    again = post(head, url, opinion="还缺附件")
    assert again.status_code == 409 and "还缺附件" in again.content.decode()
    assert Slot.objects.get(pk=slot.pk).returns == 1


# ---- the setting


def setting(client: Client, track: Track, **typed: Any) -> Any:
    form = {"a_extension-who": "leader", "a_extension-times": "", "a_dispute-who": "office", "a_dispute-times": "",
            "a_waive-who": "office", "a_waive-times": "", "a_suspend-who": "leader", "a_suspend-times": "", "returns_allowed": ""}  # fmt: skip
    return client.post(f"/campaigns/tracks/{track.pk}/asks/", {**form, **typed})


def test_track_asks_are_set_beside_the_chain(w: World) -> None:
    track, clerk = Track.objects.get(campaign=w.campaign), browser(w, "石玲佳")
    shown = clerk.get(f"/campaigns/tracks/{track.pk}/")
    text = words(shown)
    assert "申请与退回" in text and "今天谁来批" in text and "卢欣燕" in text
    answer = setting(
        clerk, track, **{"a_extension-who": "lead_head", "a_extension-times": "2", "returns_allowed": "3"}
    )
    assert answer.status_code == 302
    track.refresh_from_db()
    rule = AskRule.objects.get(track=track, kind="extension")
    assert (rule.who, rule.times, track.returns_allowed) == ("lead_head", 2, 3)
    assert AskRule.objects.count() == 4
    assert setting(clerk, track).status_code == 302 and AskRule.objects.count() == 4
    bad = setting(clerk, track, **{"a_dispute-times": "0", "returns_allowed": "许多"})
    assert bad.status_code == 409 and "不能小于 1" in words(bad) and "许多" in bad.content.decode()
    assert setting(clerk, track, **{"a_dispute-who": "boss"}).status_code == 409
    assert setting(browser(w, "朱辉斌"), track).status_code == 403
    assert setting(browser(w, "乙局石玲佳"), track).status_code == 404
    stale = setting(clerk, track, seen="1")
    assert stale.status_code == 409 and "刚被他人修改" in words(stale)
