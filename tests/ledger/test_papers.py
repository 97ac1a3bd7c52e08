"""销号审批表, 汇总表, 销号单, 纸质签批登记: what is printed, and what comes back from paper."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.ledger import actions
from taizhang.ledger.models import Batch, Item, Signature, Slot
from taizhang.ledger.rules.states import Status

from .pages import browser, close, page, post, put, words
from .world import World, hand_out, world


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-02-03"
    return made


def code(text: str) -> str:
    found = re.search(r"校验码 ([0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4})", text)
    assert found, text
    return found[1]


def test_closing_form_is_blank_where_it_is_to_be_signed(w: World) -> None:
    slot = close(w, "1.2.5", upto=1)
    clerk = browser(w, "石玲佳")
    text = words(clerk.get(f"/ledger/papers/form/?items={slot.item_id}"))
    for part in (
        "创建事项销号审批表",
        "年度总结",
        "法规处",
        "牵头处室负责人审核 意见",
        "李洋华",
        "分管领导审批 意见",
        "签名：",
        "（销号时给）",
        "校验码",
    ):
        assert part in text, part
    assert (
        text.count("签名：") == 2 and "一次签批" in text
    )  # 创建办, 分管领导 are still to sign; 李洋华 leads the group too


def test_closing_form_code_changes_with_a_signature_and_not_with_a_visit(w: World) -> None:
    slot = close(w, "1.2.5", upto=1)
    clerk = browser(w, "石玲佳")
    url = f"/ledger/papers/form/?items={slot.item_id}"
    first = code(words(clerk.get(url)))
    assert code(words(clerk.get(url))) == first
    close(w, "1.2.5", upto=1)
    assert code(words(clerk.get(url))) != first


@pytest.mark.parametrize(
    "name,status", [("石玲佳", 200), ("白毅志", 200), ("乙局石玲佳", 404), ("审计员", 404)]
)
def test_papers_by_person(w: World, name: str, status: int) -> None:
    slot = close(w, "1.2.5")
    user = browser(w, name)
    for url in (f"form/?items={slot.item_id}", f"summary/?items={slot.item_id}", f"slip/{slot.item_id}/"):
        assert user.get(f"/ledger/papers/{url}").status_code == status, url


def test_papers_of_nothing_or_with_a_foreign_item_are_404(w: World) -> None:
    slot, clerk = w.slot("1.2.5"), browser(w, "石玲佳")
    for asked in ("", "?items=", "?items=abc", f"?items={slot.item_id},999999"):
        assert clerk.get(f"/ledger/papers/form/{asked}").status_code == 404


def test_closing_slip_has_its_number_only_when_closed(w: World) -> None:
    slot = close(w, "1.2.5", upto=1)
    clerk = browser(w, "石玲佳")
    early = clerk.get(f"/ledger/papers/slip/{slot.item_id}/")
    assert early.status_code == 409 and "还没有销号" in words(early)
    close(w, "1.2.5")
    item = Item.objects.get(pk=slot.item_id)
    assert f"编号：{item.close_no}" in words(clerk.get(f"/ledger/papers/slip/{item.pk}/"))


def test_papers_cost_the_same_for_one_item_and_for_all(w: World) -> None:
    clerk = browser(w, "石玲佳")
    close(w, "1.2.5", upto=1)
    ids = list(Item.objects.filter(year=w.year).values_list("pk", flat=True))
    for sheet in ("form", "summary"):
        counts = []
        for some in (ids[:1], ids):
            url = f"/ledger/papers/{sheet}/?items={','.join(map(str, some))}"
            clerk.get(url)
            with CaptureQueriesContext(connection) as seen:
                assert clerk.get(url).status_code == 200
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 20, counts


def test_paper_new_records_many_in_one_act_with_a_scan(w: World) -> None:
    slot = close(w, "1.2.5", upto=1)
    clerk = browser(w, "石玲佳")
    text = words(clerk.get("/ledger/papers/new/"))
    assert "纸质签批登记" in text and "年度总结" in text
    step = Item.objects.get(pk=slot.item_id).step
    assert step is not None
    signer = w.user("马华斌").person if step.who == "office" else w.user("李洋华").person
    scan = SimpleUploadedFile("扫描.txt", "签好的审批表".encode(), "text/plain")
    typed = {
        "signer": signer.pk,
        "signed_on": "2020-02-02",
        "opinion": "同意",
        "pk": f"item-{slot.item_id}",
        "once": "p1",
    }
    answer = clerk.post("/ledger/papers/new/", {**typed, "scan": scan})
    assert answer.status_code == 302, words(answer)
    sign = Signature.objects.get(item=slot.item_id, on_paper=True, step=step)
    assert (
        str(sign.signed_on) == "2020-02-02"
        and sign.scan is not None
        and sign.entered_by == w.user("石玲佳").person
    )
    text = words(page(clerk, slot.item))
    assert "纸质签批" in text and "石玲佳 登记" in text and "扫描件" in text
    assert clerk.post("/ledger/papers/new/", typed).status_code == 302  # the double click
    assert Batch.objects.filter(label="登记纸质签批").count() == 1


def test_paper_new_refuses_a_future_day_and_nobody_and_keeps_the_ticks(w: World) -> None:
    slot = close(w, "1.2.5", upto=1)
    clerk = browser(w, "石玲佳")
    wrong = clerk.post(
        "/ledger/papers/new/", {"signer": "", "signed_on": "2020-02-02", "pk": f"item-{slot.item_id}"}
    )
    assert wrong.status_code == 409 and "请选签批人" in words(wrong)
    signer = re.search(r'name="signer".*?<option value="(\d+)"', wrong.content.decode(), re.S)
    assert signer
    late = clerk.post(
        "/ledger/papers/new/",
        {"signer": signer[1], "signed_on": "2020-03-01", "pk": f"item-{slot.item_id}", "opinion": "同意"},
    )
    assert late.status_code == 409 and "今天之后" in words(late)
    html = late.content.decode()
    assert f'value="item-{slot.item_id}" checked' in html and "同意" in html
    none = clerk.post("/ledger/papers/new/", {"signer": signer[1], "signed_on": "2020-02-02"})
    assert none.status_code == 409 and "请选这张纸上签了哪些事项" in words(none)
    assert not Signature.objects.filter(on_paper=True).exists()


@pytest.mark.parametrize("name,status", [("石玲佳", 200), ("白毅志", 403), ("卢欣燕", 403), ("审计员", 404)])
def test_paper_new_is_the_offices(w: World, name: str, status: int) -> None:
    assert browser(w, name).get("/ledger/papers/new/").status_code == status


def test_paper_new_of_another_agencys_year_is_404(w: World) -> None:
    assert browser(w, "乙局石玲佳").get(f"/ledger/papers/new/?year={w.year.pk}").status_code == 404


def test_paper_of_the_last_step_closes_and_prints(w: World) -> None:
    """活动组, 创建办 on screen; the leader, who has no account to open, on paper."""
    slot = close(w, "1.2.5", upto=1)
    item = Item.objects.get(pk=slot.item_id)
    while item.status != Status.ACCEPTED:
        close(w, "1.2.5", upto=1)
        item.refresh_from_db()
        assert item.status in (Status.REVIEW, Status.ACCEPTED)
    leader = w.user("卢欣燕").person
    typed = {"signer": leader.pk, "signed_on": "2020-02-03", "pk": f"item-{item.pk}"}
    answer = post(browser(w, "石玲佳"), "/ledger/papers/new/", **typed)
    assert answer.status_code == 302, words(answer)
    item.refresh_from_db()
    assert item.status == Status.CLOSED
    assert "纸质签批" in words(browser(w, "石玲佳").get(f"/ledger/papers/slip/{item.pk}/"))


def test_a_paper_that_cannot_be_recorded_whole_records_nothing(w: World) -> None:
    slot = close(w, "1.2.5", upto=1)
    other = w.slot("1.1.3")
    put(w, other, "崔怡欣")
    actions.submit(other, by=w.user("崔怡欣"), conclusion="好")
    signer = re.search(
        r'name="signer".*?<option value="(\d+)"',
        browser(w, "石玲佳").get("/ledger/papers/new/").content.decode(),
        re.S,
    )
    assert signer
    answer = post(
        browser(w, "石玲佳"),
        "/ledger/papers/new/",
        signer=signer[1],
        signed_on="2020-02-03",
        pk=[f"item-{slot.item_id}", f"slot-{other.pk}"],
    )
    assert answer.status_code == 409 and "一项也没有登记" in words(answer)
    assert not Signature.objects.filter(on_paper=True).exists()
    assert Slot.objects.get(pk=other.pk).status == "submitted"
