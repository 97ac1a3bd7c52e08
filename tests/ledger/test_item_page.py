"""The page of one item and its verbs, through real pages as the people who take them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.ledger import actions
from taizhang.ledger.models import Citation, Item, Need, Signature, Slot
from taizhang.ledger.rules.states import SlotStatus

from .pages import browser, carry, close, page, post, put, words
from .world import World, hand_out, world


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    """2020 opened and handed out on 6 January; the day is then the caller's."""
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-02-03"
    return made


def test_item_shows_head_strip_needs_chain_and_story(w: World) -> None:
    item = w.item("1.1.1")
    text = words(page(browser(w, "崔怡欣"), item))
    assert f"{item.no} 领导小组月度调度" in text
    for part in ("牵头 办公室", "1月期还不能提交", "会议现场照片 0/2，少 2 张", "会议记录 0/1", "12月", "报送", "牵头处室负责人审核",
                 "黎林波", "活动组复核", "创建办核验", "分管领导审批", "卢欣燕", "每月，共 12 期", "现已通过 0/12", "交办"):  # fmt: skip
        assert part in text, part


def test_item_shows_branches_as_a_matrix_and_weeks_by_quarter(w: World) -> None:
    user = browser(w, "石玲佳")
    branches = page(user, w.item("1.2.1")).content.decode()
    assert branches.count('class="mk') >= 24 and "第二党支部" in branches
    weeks = words(page(user, w.item("1.1.4")))
    assert "一季度" in weeks and "四季度" in weeks and "第1周" in weeks
    event = words(page(user, w.item("1.2.3")))
    assert "还没有期次" in event and "加一期" in event and "本年未发生" in event


@pytest.mark.parametrize("name,status", [("崔怡欣", 200), ("白毅志", 200), ("卢欣燕", 200), ("东县文明办", 200), ("市文明办", 200),
                                         ("乙局石玲佳", 404), ("丙局崔怡欣", 404), ("系统管理员", 404), ("审计员", 404), ("无职务", 404)])  # fmt: skip
def test_item_is_seen_by_its_agency_and_those_above(w: World, name: str, status: int) -> None:
    assert page(browser(w, name), w.item("1.1.1")).status_code == status


def test_item_costs_the_same_for_one_slot_and_for_many(w: World) -> None:
    """一次的事项和 2 个支部 × 12 个月, 每周 52 期: the same queries."""
    user = browser(w, "石玲佳")
    counts = {}
    for code in ("1.1.2", "1.1.1", "1.2.5", "1.2.1", "1.1.4"):
        item = w.item(code)
        page(user, item)
        with CaptureQueriesContext(connection) as seen:
            page(user, item)
        counts[code] = len(seen)
    assert max(counts.values()) <= 32, counts
    assert counts["1.1.2"] == counts["1.1.1"], counts  # what is missing asks the library once
    assert counts["1.2.5"] == counts["1.2.1"] == counts["1.1.4"], counts


def test_submit_names_what_is_missing_and_keeps_what_was_written(w: World) -> None:
    slot = w.slot("1.1.1")
    answer = post(browser(w, "崔怡欣"), f"/ledger/slots/{slot.pk}/submit/", conclusion="调度会开过了")
    assert answer.status_code == 409
    text = words(answer)
    assert "会议现场照片 0/2，少 2 张" in text and "会议记录 0/1，少 1 件" in text
    assert "调度会开过了" in answer.content.decode()


def ready(w: World, code: str = "1.1.1", nth: int = 0, performer: str = "", by: str = "崔怡欣") -> Slot:
    """A slot with all that is asked for."""
    slot = w.slot(code, nth, performer)
    for need in Need.objects.filter(item=slot.item):
        for _ in range(need.least):
            put(w, slot, by, need)
    return slot


def test_the_way_of_a_slot_submit_return_resubmit_accept(w: World) -> None:
    slot = ready(w)
    filler, head = browser(w, "崔怡欣"), browser(w, "黎林波")
    shown = page(filler, slot.item, slot).content.decode()
    assert "提交 1月期" in shown and 'id="submit-form"' in shown
    answer = post(
        filler, f"/ledger/slots/{slot.pk}/submit/", conclusion="第一次", **carry(shown, "submit-form")
    )
    assert answer.status_code == 302
    assert "审核通过 1月期" in words(page(head, slot.item, slot))
    back = f"/ledger/slots/{slot.pk}/send-back/"
    refused = post(head, back, opinion="  ")
    assert refused.status_code == 422 and "请写退回原因" in words(refused)
    assert post(head, back, opinion="照片看不出单位名称").status_code == 302
    text = words(page(filler, slot.item, slot))
    assert "退回" in text and "照片看不出单位名称" in text and "退回 1 次" in text
    assert post(filler, f"/ledger/slots/{slot.pk}/submit/", conclusion="第二次").status_code == 302
    assert post(head, f"/ledger/slots/{slot.pk}/accept/", opinion="同意上报").status_code == 302
    slot.refresh_from_db()
    assert slot.status == SlotStatus.ACCEPTED
    text = words(page(filler, slot.item, slot))
    assert "1月期 第 2 次" in text and "1月期 第 1 次" in text and "同意上报" in text


def test_who_must_judge_sees_that_slot_first_and_a_branch_its_own(w: World) -> None:
    slot = ready(w)
    actions.submit(slot, by=w.user("崔怡欣"), conclusion="好")
    head = page(browser(w, "黎林波"), slot.item).content.decode()
    assert f"/ledger/slots/{slot.pk}/accept/" in head
    branches = w.item("1.2.1")
    own = Slot.objects.filter(item=branches).order_by("-performer", "starts_on").first()
    assert own is not None
    given = w.user("白毅志").person.posts.create(unit=own.performer, role="filler", starts_on="2020-01-01")
    assert f"/ledger/slots/{own.pk}/" in page(browser(w, "白毅志"), branches).content.decode(), given


def test_submit_once_for_a_double_click(w: World) -> None:
    slot = ready(w)
    user = browser(w, "崔怡欣")
    for _ in range(2):
        assert (
            post(user, f"/ledger/slots/{slot.pk}/submit/", once="key-1", conclusion="一次").status_code == 302
        )
    assert slot.submissions.count() == 1


def test_submit_from_a_stale_tab_is_refused_and_loses_nothing(w: World) -> None:
    slot = ready(w)
    actions.set_slot_due(slot, by=w.user("石玲佳"), due_on=slot.due_on)
    Slot.objects.filter(pk=slot.pk).update(version=slot.version + 3)
    answer = post(
        browser(w, "崔怡欣"), f"/ledger/slots/{slot.pk}/submit/", seen=slot.version, conclusion="旧页面上写的"
    )
    assert answer.status_code == 409
    assert "刚被他人修改" in words(answer) and "旧页面上写的" in answer.content.decode()


def test_nobody_judges_their_own(w: World) -> None:
    slot = ready(w, by="黎林波")
    head = browser(w, "黎林波")
    assert post(head, f"/ledger/slots/{slot.pk}/submit/", conclusion="自己报").status_code == 302
    slot.refresh_from_db()
    assert (
        slot.status == SlotStatus.ACCEPTED
    )  # the only head of the office handed it in: the step is skipped, and says so
    assert "跳过" in words(page(head, slot.item, slot))
    answer = post(head, f"/ledger/slots/{slot.pk}/accept/")
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "name,status",
    [
        ("郑审批", 403),
        ("卢欣燕", 409),
        ("李洋华", 409),
        ("白毅志", 403),
        ("乙局黎林波", 404),
        ("崔怡欣", 403),
    ],
)
def test_slot_accept_is_for_who_stands_there(w: World, name: str, status: int) -> None:
    slot = ready(w)
    actions.submit(slot, by=w.user("崔怡欣"), conclusion="好")
    assert post(browser(w, name), f"/ledger/slots/{slot.pk}/accept/").status_code == status


def test_submit_on_behalf_says_so(w: World) -> None:
    slot = ready(w, by="石玲佳")
    clerk = browser(w, "石玲佳")
    shown = page(clerk, slot.item, slot).content.decode()
    assert "代谁报" in shown
    other = w.user("朱辉斌").person
    answer = post(clerk, f"/ledger/slots/{slot.pk}/submit/", conclusion="代报", on_behalf_of=other.pk)
    assert answer.status_code == 302
    assert "代报" in words(page(clerk, slot.item, slot)) and "石玲佳 代 朱辉斌" in words(
        page(clerk, slot.item, slot)
    )


def test_withdraw_and_submit_after_close(w: World) -> None:
    slot = ready(w)
    user = browser(w, "崔怡欣")
    actions.submit(slot, by=w.user("崔怡欣"), conclusion="好")
    assert post(user, f"/ledger/slots/{slot.pk}/withdraw/").status_code == 302
    slot.refresh_from_db()
    assert slot.status == SlotStatus.OPEN
    closed = close(w, "1.2.5")
    answer = post(user, f"/ledger/slots/{closed.pk}/submit/", conclusion="迟来的")
    assert answer.status_code in (403, 409)
    answer = post(browser(w, "白毅志"), f"/ledger/slots/{closed.pk}/submit/", conclusion="迟来的")
    assert answer.status_code == 409 and "迟来的" not in words(page(user, closed.item))


def test_remark_and_canaries_are_shown_as_text(w: World) -> None:
    item, user = w.item("1.1.1"), browser(w, "白毅志")
    canary = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    assert post(user, f"/ledger/items/{item.pk}/remark/", text=canary).status_code == 302
    Item.objects.filter(pk=item.pk).update(
        title=canary, requirement=canary, reason=canary, rule_text=canary, area=canary
    )
    Need.objects.filter(item=item).update(name=canary)
    slot = w.slot("1.1.1")
    put(w, slot, "崔怡欣", title=canary, theme=canary)
    urls = [
        f"/ledger/items/{item.pk}/?slot={slot.pk}",
        f"/ledger/slots/{slot.pk}/upload/",
        f"/ledger/slots/{slot.pk}/cite/?q={canary}",
    ]
    for url in urls:
        shown = browser(w, "崔怡欣").get(url).content.decode()
        assert "<script>alert" not in shown and "<img src=x" not in shown, url
    for url in (
        f"/ledger/items/{item.pk}/needs/",
        f"/ledger/papers/form/?items={item.pk}",
        f"/ledger/papers/summary/?items={item.pk}",
    ):
        shown = browser(w, "石玲佳").get(url).content.decode()
        assert "<script>alert" not in shown and "<img src=x" not in shown, url
    assert post(user, f"/ledger/items/{item.pk}/remark/", text=" ").status_code == 409


def test_story_is_told_newest_first_and_whole_on_demand(w: World) -> None:
    item, clerk = w.item("1.1.1"), browser(w, "石玲佳")
    for at in range(9):
        actions.remark(item, by=w.user("石玲佳"), text=f"第{at}句")
    text = words(page(clerk, item))
    assert "第8句" in text and "第0句" not in text and "全部" in text
    whole = words(clerk.get(f"/ledger/items/{item.pk}/?all=1"))
    assert "第0句" in whole and whole.index("第8句") < whole.index("第0句") and "石玲佳 交办" in whole


def test_get_changes_nothing(w: World) -> None:
    """Verbs that act at once take no GET; unknown numbers are 404."""
    slot = w.slot("1.1.1")
    user: Client = browser(w, "崔怡欣")
    for url in (
        f"/ledger/slots/{slot.pk}/submit/",
        f"/ledger/items/{slot.item_id}/sign/",
        f"/ledger/items/{slot.item_id}/receive/",
    ):
        assert user.get(url).status_code == 405
    assert user.get("/ledger/items/999999/").status_code == 404
    assert user.get(f"/ledger/items/{slot.item_id}/?slot=abc").status_code == 200
    assert Signature.objects.count() == 0 and Citation.objects.count() == 0


@pytest.mark.parametrize("name", ["石玲佳", "崔怡欣", "李洋华", "卢欣燕", "白毅志", "马华斌"])
def test_every_item_opens_for_everybody_in_every_state(w: World, name: str) -> None:
    """Also an item without a lead, one of another year's cycle, one that waits, came back, is closed."""
    close(w, "1.2.5")
    slot = ready(w)
    actions.submit(slot, by=w.user("崔怡欣"), conclusion="好")
    Item.objects.filter(year=w.year, code="1.1.3").update(status="suspended", reason="等")
    Item.objects.filter(year=w.year, code="1.2.2").update(status="waived", reason="无")
    user = browser(w, name)
    for item in Item.objects.filter(year=w.year):
        assert page(user, item).status_code == 200, item
