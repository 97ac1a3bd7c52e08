"""接续台账 at its pages: the wizard step by step, what is wrong told where it is, as many questions at any size."""

import re
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.evidence.models import Evidence
from taizhang.ledger import jobs
from taizhang.ledger.models import Citation, Item, Takeover
from taizhang.org.models import User

from .pages import browser, words
from .world import TODAY, World, world

HEADS = ["序号", "指标编号", "工作任务", "责任单位", "责任人", "完成时限", "状态", "备注"]
ROWS = [
    ["1", "1.1.2", "年度实施方案", "创建办", "石玲佳", "2020-03-31", "已完成", "已印发"],
    ["2", "1.1.1", "领导小组月度调度", "办公室", "白毅志", "每月", "推进中", ""],
    ["3", "1.2.5", "年度总结", "法规处", "查无此人", "2020-11-30", "办结中", ""],
    ["4", "", "食堂油烟改造", "办公室", "白毅志", "2020-09-30", "进行中", "机关自己的事"],
]


def book(rows: list[list[str]] | None = None, heads: list[str] | None = None) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as made:
        sheet = made.add_worksheet("2020台账")
        sheet.write_row(0, 0, ["甲局2020年创建工作台账"])
        for n, row in enumerate([heads or HEADS, *(ROWS if rows is None else rows)], 1):
            sheet.write_row(n, 0, row)
    return target.getvalue()


def package(**files: str | bytes) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as made:
        for name, body in files.items():
            made.writestr(name, body)
    return target.getvalue()


FILES = {
    "材料/1.1.2 实施方案.txt": "方案",
    "材料/领导小组月度调度-5月纪要.txt": "纪要",
    "材料/看不懂.txt": "？",
}


@pytest.fixture
def w(people: Any, settings: Any) -> World:
    settings.TODAY = TODAY
    return world(people)


def upload(
    client: Any, w: World, data: bytes | None = None, name: str = "我局台账.xlsx", **files: bytes
) -> Any:
    sent: dict[str, Any] = {"file": SimpleUploadedFile(name, book() if data is None else data)}
    if files:
        sent["files"] = [SimpleUploadedFile(one.replace("__", "."), body) for one, body in files.items()]
    return client.post(f"/ledger/years/{w.year.pk}/takeover/", sent)


def begin(w: World, *, files: bool = True) -> tuple[Any, Takeover]:
    client = browser(w, "石玲佳")
    answer = upload(client, w, **({"材料__zip": package(**FILES)} if files else {}))
    made = Takeover.objects.latest("pk")
    assert answer.status_code == 302 and answer["Location"] == f"/ledger/takeovers/{made.pk}/?step=columns", (
        words(answer)
    )
    return client, made


def at(client: Any, takeover: Takeover, step: str, more: str = "") -> Any:
    return client.get(f"/ledger/takeovers/{takeover.pk}/?step={step}{more}")


def say(client: Any, takeover: Takeover, step: str, **posted: Any) -> Any:
    return client.post(f"/ledger/takeovers/{takeover.pk}/?step={step}", posted)


def work(takeover: Takeover) -> Takeover:
    """What the background does."""
    jobs.take_over.func(takeover.pk, User.objects.get(person__name="石玲佳").pk)
    takeover.refresh_from_db()
    return takeover


def save(client: Any, takeover: Takeover, **more: Any) -> Any:
    page = at(client, takeover, "save").content.decode()
    saw = re.search(r'name="saw" value="([^"]+)"', page)
    assert saw
    return client.post(f"/ledger/takeovers/{takeover.pk}/save/", {"saw": saw[1], "once": "k1", **more})


def test_the_way_is_offered(w: World) -> None:
    client = browser(w, "石玲佳")
    for url in ("/ledger/items/", "/ledger/items/import/", f"/campaigns/years/{w.year.pk}/"):
        assert f"/ledger/years/{w.year.pk}/takeover/" in client.get(url).content.decode(), url
    assert "已有台账？" in words(client.get("/ledger/items/"))


def test_columns_are_shown_and_may_be_changed(w: World) -> None:
    client, takeover = begin(w)
    page = at(client, takeover, "columns")
    assert {"工作任务", "状态", "责任单位"} <= set(words(page).split())
    html = page.content.decode()
    n = re.search(r'name="head-(\d+)" value="状态"', html)
    assert n
    answer = say(
        client,
        takeover,
        "columns",
        do="columns",
        **{f"head-{n[1]}": "状态", f"col-{n[1]}": "progress"},
    )
    assert answer.status_code == 302
    takeover.refresh_from_db()
    assert takeover.choices["columns"] == {"状态": "progress"}


def test_rows_say_where_they_go_and_what_is_in_doubt(w: World) -> None:
    client, takeover = begin(w)
    text = words(at(client, takeover, "rows"))
    for said in ("年度实施方案", "食堂油烟改造", "单独立项", "办结中", "查无此人"):
        assert said in text, said


def test_an_unknown_word_is_asked_once_and_remembered(w: World) -> None:
    client, takeover = begin(w)
    html = at(client, takeover, "rows").content.decode()
    asked = {unescape(said): n for n, said in re.findall(r'name="said-(\d+)" value="([^"]*)"', html)}
    n = asked["办结中"]
    answer = say(
        client,
        takeover,
        "rows",
        do="words",
        **{f"said-{n}": "办结中", f"field-{n}": "state", f"means-{n}": "doing"},
    )
    assert answer.status_code == 302
    text = at(client, takeover, "rows").content.decode()
    assert "办结中" not in re.findall(r'name="said-\d+" value="([^"]*)"', text)
    save(client, takeover)
    assert work(takeover).state == "applied", takeover.counts
    assert w.item("1.2.5").status == "doing"
    _, second = begin(w, files=False)
    assert 'value="办结中"' not in at(client, second, "rows").content.decode(), "said once for all files"


def row_key(client: Any, takeover: Takeover, title: str) -> tuple[str, str]:
    """The key of the row with TITLE, and its number."""
    html = at(client, takeover, "rows").content.decode()
    found = next(one for one in re.findall(r"(?s)<tr id=\"r\d+\".*?</tr>", html) if title in one)
    link = re.search(r'open=([^"#]+)#r(\d+)', found)
    assert link
    page = at(client, takeover, "rows", f"&open={link[1]}").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    return unescape(key[1]), link[2]


def test_one_row_is_mended_in_place(w: World) -> None:
    client, takeover = begin(w)
    key, n = row_key(client, takeover, "食堂油烟改造")
    url = f"/ledger/takeovers/{takeover.pk}/?step=rows&f=own&page=1"
    answer = client.post(
        url,
        {
            "do": "row",
            "key": key,
            "n": n,
            "kind": "match",
            "item": "Ⅲ-7",
            "state": "suspended",
            "due_on": "2020-10-01",
            "person": "白毅志",
        },
    )
    assert answer.status_code == 302 and answer["Location"].endswith(f"?step=rows&f=own&page=1#r{n}")
    takeover.refresh_from_db()
    item = w.item("1.2.3")
    assert takeover.choices["rows"][key] == {
        "item": item.pk, "state": "suspended", "due_on": "2020-10-01", "people": [w.user("白毅志").person.pk],
    }  # fmt: skip
    client.post(url, {"do": "row", "key": key, "n": n, "kind": "skip"})
    takeover.refresh_from_db()
    assert takeover.choices["rows"][key] == {"item": "skip"}
    client.post(url, {"do": "row", "key": key, "n": n, "kind": "auto"})
    takeover.refresh_from_db()
    assert key not in takeover.choices["rows"]


@pytest.mark.parametrize(
    "typed, told", [
        ({"kind": "match", "item": "不存在的事"}, "本年度没有“不存在的事”这个事项"), ({"kind": "match", "item": ""}, "没有写对到哪个事项"),
        ({"kind": "match", "item": "度"}, "对得上"), ({"person": "张三丰"}, "本机关没有“张三丰”这个人"), ({"due_on": "下月"}, "“下月”不是日期"),
        ({"state": "zzz"}, "没有这种状态"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told_and_kept(w: World, typed: dict[str, str], told: str) -> None:
    client, takeover = begin(w)
    key, n = row_key(client, takeover, "食堂油烟改造")
    url = f"/ledger/takeovers/{takeover.pk}/?step=rows&open={key}"
    answer = client.post(url, {"do": "row", "key": key, "n": n, **typed})
    assert answer.status_code == 409 and told in words(answer)
    for value in typed.values():
        assert value in answer.content.decode() or value == "zzz"
    takeover.refresh_from_db()
    assert key not in takeover.choices["rows"]


def test_a_file_is_put_right_or_left_out(w: World) -> None:
    client, takeover = begin(w)
    text = words(at(client, takeover, "files"))
    assert "看不懂.txt" in text and "没有对上，不存" in text
    url = f"/ledger/takeovers/{takeover.pk}/?step=files"
    client.post(url, {"do": "file", "name": "材料/看不懂.txt", "kind": "match", "item": "Ⅲ-2 年度实施方案"})
    client.post(url, {"do": "file", "name": "材料/1.1.2 实施方案.txt", "kind": "skip"})
    takeover.refresh_from_db()
    assert takeover.choices["files"] == {
        "材料/看不懂.txt": w.item("1.1.2").pk,
        "材料/1.1.2 实施方案.txt": "skip",
    }


def test_saved_in_the_background_then_shown_then_taken_back(w: World) -> None:
    client, takeover = begin(w)
    at_save = words(at(client, takeover, "save"))
    assert "保存，接续" in at_save and "单独立项" in at_save
    assert save(client, takeover).status_code == 302
    waiting = client.get(f"/ledger/takeovers/{takeover.pk}/")
    assert "正在保存" in words(waiting)
    assert (
        client.get(f"/ledger/takeovers/{takeover.pk}/progress/", headers={"HX-Request": "true"}).status_code
        == 200
    )
    assert say(client, takeover, "rows", do="row").status_code == 200, "while it runs nothing is changed"
    assert work(takeover).state == "applied", takeover.counts
    done = client.get(f"/ledger/takeovers/{takeover.pk}/progress/", headers={"HX-Request": "true"})
    assert done["HX-Redirect"] == f"/ledger/takeovers/{takeover.pk}/"
    text = words(client.get(f"/ledger/takeovers/{takeover.pk}/"))
    assert "已接续" in text and "撤回接续" in text and "食堂油烟改造" in text
    assert w.item("1.1.2").status == "closed" and Citation.objects.count() == 2
    assert Item.objects.filter(source_kind="kept").count() == 1
    answer = client.post(f"/ledger/takeovers/{takeover.pk}/undo/", {"once": "u1"}, follow=True)
    assert "台账与接续前一样" in words(answer) and w.item("1.1.2").status == "pending"
    assert not Item.objects.filter(source_kind="kept").exists()


def test_a_file_that_cannot_be_kept_stops_all_and_is_named(w: World) -> None:
    client = browser(w, "石玲佳")
    upload(client, w, 材料__zip=package(**FILES, **{"材料/1.1.2 照片.jpg": b"\xff\xd8\xff\xe0 broken"}))
    takeover = Takeover.objects.latest("pk")
    save(client, takeover)
    assert work(takeover).state == "draft"
    page = at(client, takeover, "save")
    assert "什么都没有保存" in words(page) and "材料/1.1.2 照片.jpg" in words(page)
    assert not Evidence.objects.exists() and w.item("1.1.2").status == "pending"


def test_stale_when_the_ledger_moved_after_it_was_looked_at(w: World) -> None:
    client, takeover = begin(w)
    answer = client.post(f"/ledger/takeovers/{takeover.pk}/save/", {"saw": "0" * 32})
    assert answer.status_code == 409 and "你看过之后台账又有变动" in words(answer)
    takeover.refresh_from_db()
    assert not takeover.counts


def test_undo_refused_is_told_with_names(w: World) -> None:
    client, takeover = begin(w)
    save(client, takeover)
    work(takeover)
    client.post(f"/ledger/items/{w.item('1.1.2').pk}/remark/", {"text": "看到了"})
    answer = client.post(f"/ledger/takeovers/{takeover.pk}/undo/", {})
    assert answer.status_code == 409 and "年度实施方案：有留言" in words(answer)


def test_dropped(w: World) -> None:
    client, takeover = begin(w)
    answer = client.post(f"/ledger/takeovers/{takeover.pk}/drop/", {}, follow=True)
    assert "台账没有动" in words(answer)
    assert client.get(f"/ledger/takeovers/{takeover.pk}/").status_code == 404


@pytest.mark.parametrize(
    "name, data, told", [
        ("a.xlsx", b"", "空的"), ("a.xlsx", b"PK\x03\x04 broken", "损坏"), ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "Excel"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_ledger_is_refused_at_the_door(w: World, name: str, data: bytes, told: str) -> None:
    answer = upload(browser(w, "石玲佳"), w, data, name)
    assert answer.status_code in (409, 422) and told in words(answer), words(answer)[:600]
    assert not Takeover.objects.exists()


def test_no_file_at_all(w: World) -> None:
    answer = browser(w, "石玲佳").post(f"/ledger/years/{w.year.pk}/takeover/", {})
    assert answer.status_code == 409 and "还没有选台账文件" in words(answer)


def test_a_table_without_heads_says_what_to_do(w: World) -> None:
    client = browser(w, "石玲佳")
    upload(client, w, book([["乱", "写"]], ["甲", "乙"]))
    text = words(at(client, Takeover.objects.latest("pk"), "save"))
    assert "表头" in text, "no row was read: every step leads to the columns"


def test_several_files_chosen_one_by_one_are_bound(w: World) -> None:
    client = browser(w, "石玲佳")
    upload(client, w, 实施方案__txt="方案".encode(), 纪要__txt="纪要".encode())
    takeover = Takeover.objects.latest("pk")
    assert takeover.files_name == "2 个文件"
    assert "实施方案.txt" in words(at(client, takeover, "files"))


def test_as_many_questions_at_two_sizes(w: World) -> None:
    client = browser(w, "石玲佳")

    def asked(count: int) -> list[int]:
        many = [
            [str(n), "", f"自己的第{n}件事", "办公室", "白毅志", "2020-09-30", "进行中", ""]
            for n in range(count)
        ]
        files = {f"材料/自己的第{n}件事.txt": f"{n}" for n in range(count)}
        upload(client, w, book(ROWS + many), 材料__zip=package(**files))
        takeover = Takeover.objects.latest("pk")
        found = []
        for step in ("columns", "rows", "files", "save"):
            with CaptureQueriesContext(connection) as queries:
                assert at(client, takeover, step).status_code == 200
            found.append(len(queries))
        return found

    assert asked(2) == asked(60)


def test_what_is_raised_stands_afterwards_as_it_was_shown(w: World) -> None:
    """A matter of their own that is done: shown as struck off, and struck off; a date out of the year is told before."""
    client = browser(w, "石玲佳")
    rows = [
        ["1", "", "食堂油烟改造", "办公室", "白毅志", "2020-03-31", "已完成", ""],
        ["2", "", "机关大院停车位划线", "办公室", "白毅志", "2030-09-30", "进行中", ""],
    ]
    upload(client, w, book(rows))
    made = Takeover.objects.latest("pk")
    page = client.get(f"/ledger/takeovers/{made.pk}/?step=save")
    text = words(page)
    assert "办结销号 1 " in text and "这一项由事情触发" not in text
    assert "期限 2030-09-30 不在本年度之内，先按测评日" in text
    saw = re.search(r'name="saw" value="([^"]+)"', page.content.decode())
    assert saw
    client.post(f"/ledger/takeovers/{made.pk}/save/", {"saw": saw[1], "once": "k"})
    jobs.save(Takeover.objects.select_related("year__campaign__unit").get(pk=made.pk), w.user("石玲佳"))
    done, parked = Item.objects.filter(source_kind="kept").order_by("no")
    assert (done.status, parked.status, parked.due_on) == ("closed", "doing", w.year.assessed_on)
