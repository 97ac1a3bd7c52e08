"""Putting material in: upload, cite, caption, remove; what a browser may send and what is refused."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from taizhang.evidence.models import Evidence
from taizhang.ledger import actions
from taizhang.ledger.models import Citation, Need, Slot

from .pages import browser, page, post, put, words
from .world import World, hand_out, world


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    settings.TODAY = "2020-01-06"
    made = world(people)
    hand_out(made)
    settings.TODAY = "2020-02-03"
    return made


def picture(name: str = "现场.png", shade: int = 1) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), (shade, 9, 9)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def paper(name: str = "记录.txt", text: str = "会议记录") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), "text/plain")


def test_slot_upload_puts_many_files_to_the_needs_they_serve(w: World) -> None:
    slot, user = w.slot("1.1.1"), browser(w, "崔怡欣")
    url = f"/ledger/slots/{slot.pk}/upload/"
    assert "会议现场照片 0/2" in words(user.get(url))
    answer = user.post(
        url,
        {
            "files": [picture(shade=1), picture("二.png", 2), paper()],
            "place": "三楼会议室",
            "happened_on": "2020-01-20",
        },
    )
    assert answer.status_code == 200
    text = words(answer)
    assert text.count("已存好") == 3 and "回执 材-2020-" in text and "提交 1月期" in text
    kinds = sorted(
        Citation.objects.filter(slot=slot).values_list("need__name", "evidence__kind", "evidence__place")
    )
    assert [(kind, place) for _, kind, place in kinds if kind == "picture"] == [("picture", "三楼会议室")] * 2
    assert all(name for name, _, _ in kinds)
    assert set(Evidence.objects.values_list("uses", flat=True)) == {1}


def test_open_drop_submit_is_three_steps_on_the_item_page(w: World) -> None:
    slot, user = w.slot("1.1.1"), browser(w, "崔怡欣")
    shown = page(user, slot.item, slot).content.decode()
    assert "data-upload" in shown and 'name="files"' in shown and 'capture="environment"' in shown
    answer = user.post(
        f"/ledger/slots/{slot.pk}/upload/",
        {"files": [picture(shade=3), picture("二.png", 4), paper()], "back": "item"},
    )
    assert answer.status_code == 302 and f"slot={slot.pk}" in answer["Location"]
    assert post(user, f"/ledger/slots/{slot.pk}/submit/", conclusion="").status_code == 302


def test_slot_upload_one_by_one_from_the_script(w: World) -> None:
    slot, user = w.slot("1.1.1"), browser(w, "崔怡欣")
    url, head = f"/ledger/slots/{slot.pk}/upload/", {"X-Requested-With": "XMLHttpRequest"}
    for _ in range(2):  # the answer was lost, the script sends the same file with the same key again
        answer = user.post(url, {"files": [picture()], "once": "k1"}, headers=head)
        assert answer.status_code == 200 and "回执" in answer.json()["message"]
    assert Citation.objects.filter(slot=slot).count() == 1 == Evidence.objects.count()
    answer = user.post(url, {"files": [SimpleUploadedFile("空.txt", b"")], "once": "k2"}, headers=head)
    assert answer.status_code == 422 and "0 字节" in answer.json()["message"]


@pytest.mark.parametrize(
    "file,said",
    [
        (SimpleUploadedFile("空.pdf", b""), "0 字节"),
        (SimpleUploadedFile("病毒.exe", b"MZ\x90\x00"), "程序文件"),
        (SimpleUploadedFile("照片.jpg", b"<html><script>alert(1)</script>"), "网页"),
    ],
)
def test_slot_upload_refuses_bad_files_one_by_one(w: World, file: SimpleUploadedFile, said: str) -> None:
    slot, user = w.slot("1.1.1"), browser(w, "崔怡欣")
    answer = user.post(f"/ledger/slots/{slot.pk}/upload/", {"files": [file, paper()]})
    assert answer.status_code == 422
    text = words(answer)
    assert said in text and "没有保存" in text and "已存好" in text  # the good one is kept
    assert Evidence.objects.count() == 1


def test_slot_upload_with_nothing_or_a_bad_day(w: World) -> None:
    slot, user = w.slot("1.1.1"), browser(w, "崔怡欣")
    url = f"/ledger/slots/{slot.pk}/upload/"
    assert "没有选文件" in words(user.post(url, {"place": "三楼"}))
    bad = user.post(url, {"files": [paper()], "happened_on": "2020-02-30", "place": "三楼"})
    assert bad.status_code == 422 and "没有这一天" in words(bad) and "三楼" in bad.content.decode()
    assert not Evidence.objects.exists()
    late = user.post(url, {"files": [paper()], "happened_on": "2031-01-01"})
    assert late.status_code == 422 and "还没有到" in words(late)


def test_slot_upload_of_what_the_library_has_cites_it(w: World) -> None:
    first, second, user = w.slot("1.1.1", 0), w.slot("1.1.1", 1), browser(w, "崔怡欣")
    for slot in (first, second):
        answer = user.post(f"/ledger/slots/{slot.pk}/upload/", {"files": [paper()]})
        assert answer.status_code == 200, words(answer)
    assert Evidence.objects.get().uses == 2


@pytest.mark.parametrize(
    "name,status",
    [
        ("崔怡欣", 200),
        ("石玲佳", 200),
        ("白毅志", 403),
        ("卢欣燕", 403),
        ("市文明办", 403),
        ("乙局崔怡欣", 404),
    ],
)
def test_slot_upload_and_cite_by_person(w: World, name: str, status: int) -> None:
    slot = w.slot("1.1.1")
    for verb in ("upload", "cite"):
        assert browser(w, name).get(f"/ledger/slots/{slot.pk}/{verb}/").status_code == status


def test_slot_cite_finds_in_the_own_library_only(w: World) -> None:
    slot, user = w.slot("1.1.1"), browser(w, "崔怡欣")
    piece = put(w, w.slot("1.1.1", 3), "崔怡欣", title="一季度调度会记录")
    url = f"/ledger/slots/{slot.pk}/cite/"
    assert "一季度调度会记录" in words(user.get(f"{url}?q=调度会"))
    assert "没有找到材料" in words(user.get(f"{url}?q=没有的词"))
    need = Need.objects.get(item=slot.item, name="会议记录")
    answer = post(user, url, evidence=piece.pk, **{f"need_{piece.pk}": need.pk})
    assert answer.status_code == 302
    assert Citation.objects.get(slot=slot).need == need
    again = post(user, url, evidence=piece.pk, **{f"need_{piece.pk}": need.pk})
    assert again.status_code == 409 and "已经引用" in words(again)
    assert post(user, url).status_code == 409  # nothing ticked


def test_slot_cite_of_another_agencys_evidence_is_404(w: World) -> None:
    slot = w.slot("1.1.1")
    theirs = Evidence(
        unit=w.people.units["乙局办公室"],
        agency=w.people.units["乙局"],
        number="材-x",
        kind="other",
        title="别人的",
    )
    theirs.save()
    assert post(browser(w, "崔怡欣"), f"/ledger/slots/{slot.pk}/cite/", evidence=theirs.pk).status_code == 404
    assert "别人的" not in words(browser(w, "崔怡欣").get(f"/ledger/slots/{slot.pk}/cite/"))


def test_citation_remove_is_for_who_fills_the_slot(w: World) -> None:
    slot = w.slot("1.1.1")
    put(w, slot, "崔怡欣")
    url = f"/ledger/citations/{Citation.objects.get().pk}/remove/"
    assert post(browser(w, "乙局崔怡欣"), url).status_code == 404
    assert post(browser(w, "白毅志"), url).status_code == 403
    assert post(browser(w, "崔怡欣"), url).status_code == 302
    assert not Citation.objects.exists() and Evidence.objects.get().uses == 0
    assert post(browser(w, "崔怡欣"), url).status_code == 404
    assert post(browser(w, "崔怡欣"), url, slot=slot.pk).status_code == 302  # the second click, from the page


def test_citation_remove_after_submit_is_refused(w: World) -> None:
    slot = w.slot("1.2.5")
    put(w, slot, "白毅志")
    citation = Citation.objects.get()
    actions.submit(slot, by=w.user("白毅志"), conclusion="好")
    answer = post(browser(w, "白毅志"), f"/ledger/citations/{citation.pk}/remove/")
    assert answer.status_code == 409 and "先撤回" in words(answer)


def test_citation_caption_fills_the_document_number(w: World) -> None:
    slot, clerk = w.slot("1.1.2"), browser(w, "石玲佳")
    need = Need.objects.get(item=slot.item)
    put(w, slot, "石玲佳", need, doc_no="")
    text = words(page(clerk, slot.item, slot))
    assert "实施方案没有文号" in text and "无文号" in text and "给实施方案填文号" in text
    url = f"/ledger/citations/{Citation.objects.get().pk}/caption/"
    assert browser(w, "乙局石玲佳").get(url).status_code == 404
    assert post(clerk, url, doc_no="甲创〔2020〕1号", happened_on="2020-02-31").status_code == 422
    assert post(clerk, url, doc_no="甲创〔2020〕1号", place="三楼会议室").status_code == 302
    assert "甲创〔2020〕1号" in words(page(clerk, slot.item, slot)) and "还不能提交" not in words(
        page(clerk, slot.item, slot)
    )


def test_evidence_uses_tells_where_and_how_many_elsewhere(w: World) -> None:
    slot = w.slot("1.1.1")
    piece = put(w, slot, "崔怡欣")
    url = f"/ledger/evidence/{piece.pk}/uses/"
    assert "领导小组月度调度" in words(browser(w, "白毅志").get(url))
    assert browser(w, "乙局石玲佳").get(url).status_code == 404


def test_slot_due_waive_restore_are_the_offices(w: World) -> None:
    slot, clerk = w.slot("1.1.1"), browser(w, "石玲佳")
    for verb in ("due", "waive"):
        assert browser(w, "崔怡欣").get(f"/ledger/slots/{slot.pk}/{verb}/").status_code == 403
        assert browser(w, "乙局石玲佳").get(f"/ledger/slots/{slot.pk}/{verb}/").status_code == 404
    early = post(clerk, f"/ledger/slots/{slot.pk}/due/", due_on="2019-01-01")
    assert early.status_code == 409 and "2019-01-01" in early.content.decode()
    assert post(clerk, f"/ledger/slots/{slot.pk}/due/", due_on="2020-03-01").status_code == 302
    assert post(clerk, f"/ledger/slots/{slot.pk}/waive/", reason="当月未开会").status_code == 302
    assert "当月未开会" in words(page(clerk, slot.item, slot)) or "不适用" in words(
        page(clerk, slot.item, slot)
    )
    assert post(clerk, f"/ledger/slots/{slot.pk}/restore/").status_code == 302
    slot.refresh_from_db()
    assert slot.status == "open"


def test_slot_pages_cost_the_same_for_few_and_many_materials(w: World) -> None:
    slot, user = w.slot("1.1.1"), browser(w, "崔怡欣")
    counts: dict[str, list[int]] = {}
    for some in (1, 12):
        for at in range(some):
            put(w, slot, "崔怡欣", title=f"第{some}批{at}")
        for url in (
            f"/ledger/items/{slot.item_id}/?slot={slot.pk}",
            f"/ledger/slots/{slot.pk}/upload/",
            f"/ledger/slots/{slot.pk}/cite/",
        ):
            user.get(url)
            with CaptureQueriesContext(connection) as seen:
                user.get(url)
            counts.setdefault(url, []).append(len(seen))
    assert all(few == many for few, many in counts.values()), counts
    assert Slot.objects.count() > 100


def test_upload_offers_what_was_said_of_the_last_piece(w: World) -> None:
    slot, user = w.slot("1.1.1"), browser(w, "崔怡欣")
    Need.objects.filter(item=slot.item, kind="picture").update(fields=["time", "place"])
    put(w, slot, "崔怡欣", place="机关三楼会议室", happened_on=date(2020, 1, 20))
    for url in (f"/ledger/items/{slot.item_id}/?slot={slot.pk}", f"/ledger/slots/{slot.pk}/upload/"):
        html = user.get(url).content.decode()
        assert 'value="机关三楼会议室"' in html and "取自上一件" in html and 'value="2020-01-20"' in html, url
