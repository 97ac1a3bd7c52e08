"""The way of a clerk through an import: file → columns → nodes and doubts → saved; stale pages; wrong input."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taizhang.journal.models import Entry
from taizhang.kit import files
from taizhang.standards import actions
from taizhang.standards.models import Bar, Draft, Edition, Indicator, Requirement
from tests.people import City

from .world import workbook

UPSIDE = ["说法", "测评内容", "编号", "测评标准", "分值", "测评方法", "牵头处室"]


@pytest.fixture
def client(people: City) -> Client:
    made = Client()
    made.force_login(people.users["石玲佳"], backend="taizhang.org.backends.PersonBackend")
    return made


@pytest.fixture
def draft(people: City) -> Draft:
    sha256 = files.store().put([workbook()], limit=10**8).sha256
    made: Draft = actions.begin(
        people.units["甲局"], by=people.users["石玲佳"], source_name="标准.xlsx", sha256=sha256
    )
    return made


def text(answer: Any) -> str:
    return str(answer.content.decode())


class Walk:
    """A clerk at one draft: posts with the version last seen, as the page's hidden fields do."""

    def __init__(self, client: Client, draft: Draft) -> None:
        self.client, self.draft, self.base = client, draft, f"/standards/drafts/{draft.pk}/"

    def page(self, query: str = "step=check") -> str:
        return text(self.client.get(f"{self.base}?{query}"))

    def post(self, part: str, **fields: Any) -> Any:
        self.draft.refresh_from_db()
        return self.client.post(f"{self.base}{part}/", {"seen": self.draft.version, **fields})

    def form(self, node: str) -> dict[str, str]:
        """The fields of the node's form as the page shows them."""
        found = re.search(
            r'<form method="post" action="[^"]*node/"[^>]*data-draft.*?</form>',
            self.page(f"step=check&node={node}"),
            re.S,
        )
        assert found, node
        fields: dict[str, str] = {}
        for tag in re.findall(r"<input[^>]*>", found.group()):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and not ("checkbox" in tag and " checked" not in tag):
                fields[name.group(1)] = value.group(1) if value else "on" if "checkbox" in tag else ""
        for name_, body in re.findall(r'<select[^>]*name="([^"]*)".*?>(.*?)</select>', found.group(), re.S):
            chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
            fields[name_] = chosen.group(1) if chosen else ""
        for name_, body in re.findall(
            r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', found.group(), re.S
        ):
            fields[name_] = body.strip()
        return {
            key: value for key, value in fields.items() if key not in ("csrfmiddlewaretoken", "once", "seen")
        }

    def choices(self) -> Any:
        self.draft.refresh_from_db()
        return self.draft.choices


def test_from_file_to_edition(client: Client, people: City) -> None:
    data = workbook(head=UPSIDE)
    answer = client.post(
        "/standards/import/", {"file": SimpleUploadedFile("创建标准.xlsx", data), "once": "one"}
    )
    assert answer.status_code == 302
    again = client.post(
        "/standards/import/", {"file": SimpleUploadedFile("创建标准.xlsx", data), "once": "one"}
    )
    assert again.url == answer.url and Draft.objects.count() == 1  # a double click
    walk = Walk(client, Draft.objects.get())

    # the column that no header names gets its meaning
    said = walk.page("step=columns")
    assert 'name="col-0"' in said and "这张表是" in said and "自动：测评方法" in said
    answer = walk.post("columns", sheet="标准", act="next", **{"col-0": "area"})
    assert answer.status_code == 302 and walk.choices()["sheets"] == {"标准": {"columns": {"0": "area"}}}
    said = walk.page()
    assert "<b>2</b> 项" not in said and "2 个方面" in said and "3 组" in said and "要核对的地方" in said

    # the gap at E8: its place stands on the page, and leads to both sides
    assert "标准!E8" in said and "分值是空的" in said and "还有 1 处不改不能保存" in said
    both = walk.page("step=check&at=标准!E8&node=标准!D8")
    assert 'id="x-E8"' in both and 'class="ec at"' in both and "改一项" in both
    assert "还不能保存" in walk.page("step=save") and "标准为" not in walk.page("step=save")

    # mend a node by hand
    fields = walk.form("标准!D8")
    assert (fields["title"], fields["lead"], fields["points"]) == ("制度体系", "创建办", "")
    answer = walk.post("node", **fields | {
        "points": "1.1", "lead": "办公室", "co": "法规处、创建办", "cadence": "quarter", "times": "2", "methods": "材料审核 60%、实地考察 40%",
        "rule_kind": "count", "count_target": "8", "count_deduct_each": "0.1", "need-0-name": "制度汇编", "need-0-kind": "document",
        "need-0-least": "2", "need-0-must": "on", "need-0-doc_no": "on",
    })  # fmt: skip
    assert answer.status_code == 302, text(answer)
    change = walk.choices()["nodes"]["标准!D8"]
    assert set(change) == {"points", "lead", "co", "cadence", "times", "methods", "rule", "needs"}

    # the department that nobody has: one click; the split cell, the tick, sums: accepted
    said = walk.page()
    assert "“法规二科”不在本单位的处室、支部里，名称接近“法规处”" in said and "改为法规处" in said
    walk.post("warnings", choose="法规二科→法规处")
    assert "法规二科”不在" not in walk.page()
    ids = re.findall(r'name="accept" value="([^"]*)"', walk.page())
    assert any(one.startswith("sum_differs@") for one in ids) and any(one.startswith("split@") for one in ids)
    walk.post("warnings", accept=ids[0])
    assert f'name="undo" value="{ids[0]}"' in walk.page()
    walk.post("warnings", all="1")
    assert "请确认 0" in walk.page() and not re.findall(r'name="accept"', walk.page())

    # saved
    said = walk.page("step=save")
    assert "都已核对" in said and "保存为标准，10 项" in said
    answer = walk.post(
        "save",
        name="甲局创建标准",
        label="2026年版",
        owner_kind="creation",
        valid_from="2026-03-01",
        stated_total="100",
    )
    assert answer.status_code == 302, text(answer)
    edition = Edition.objects.get()
    assert (str(edition), str(edition.valid_from), edition.stated_total) == (
        "甲局创建标准 2026年版",
        "2026-03-01",
        Decimal(100),
    )
    assert edition.standard.agency == people.units["甲局"] and edition.source_name == "创建标准.xlsx"
    leaves = Indicator.objects.filter(edition=edition, is_leaf=True)
    assert (leaves.count(), Indicator.objects.filter(edition=edition, is_leaf=False).count()) == (10, 5)
    mended = leaves.get(code="1.2.3")
    assert (mended.points, mended.lead_text, mended.co_text, mended.cadence, mended.times) == (
        Decimal("1.1"), "办公室", "法规处、创建办", "quarter", 2,
    )  # fmt: skip
    assert mended.rule == {"kind": "count", "target": 8, "deduct_each": "0.1"}
    assert list(mended.methods.values_list("name", "share")) == [
        ("材料审核", Decimal(60)),
        ("实地考察", Decimal(40)),
    ]
    assert list(
        Requirement.objects.filter(indicator=mended).values_list("name", "kind", "least", "must", "doc_no")
    ) == [("制度汇编", "document", 2, True, True)]
    assert leaves.get(code="1.1.4").lead_text == "法规处" and leaves.get(code="1.1.3").points == Decimal(
        "0.48"
    )
    assert leaves.get(code="2.1.2").per == "branch" and Bar.objects.get().title == "发生重大责任事故"
    assert client.get(answer.url).status_code == 200
    assert client.get(walk.base).url == answer.url  # the draft is closed and leads to what it became
    assert "正在导入" not in text(client.get("/standards/"))


def test_columns_of_a_sheet_can_be_wrong_and_set_right_again(client: Client, draft: Draft) -> None:
    walk = Walk(client, draft)
    for wrong in (
        {"header_first": "x"},
        {"header_first": "0"},
        {"header_first": "999999"},
        {"header_first": "5", "header_last": "2"},
    ):
        answer = walk.post("columns", sheet="标准", **wrong, **{"col-4": "note"})
        assert answer.status_code == 409 and "表头" in text(answer)
        assert '<option value="note" selected>' in text(answer)  # what was chosen is still there
    assert walk.post("columns", sheet="没有这张", role="ignored").status_code == 409
    assert walk.choices() == {}
    answer = walk.post("columns", sheet="标准", role="ignored")
    assert answer.status_code == 302 and "还没有读到指标" in walk.page()
    assert "没有找到测评指标表" in walk.page("step=save")  # every step leads back to the columns
    assert walk.post("warnings", all="1").status_code == 409
    assert walk.post("save", name="名", label="版", owner_kind="creation").status_code == 409
    walk.post("columns", sheet="标准", act="auto")
    assert walk.choices()["sheets"] == {} and "10</b> 项" in walk.page()


def test_a_node_is_moved_deleted_restored_and_added(client: Client, draft: Draft) -> None:
    walk = Walk(client, draft)
    walk.post("node", node="标准!D2", act="move", under="标准!B9", beside="last")
    assert walk.choices()["nodes"]["标准!D2"] == {"move_under": "标准!B9"}
    walk.post("node", node="标准!D3", act="delete")
    said = walk.page()
    assert "已删除 1 项" in said and "机构设置" in said and "<b>9</b> 项" in said
    walk.post("node", node="标准!D3", act="restore")
    assert "<b>10</b> 项" in walk.page()
    answer = walk.post("node", node="标准!B2", act="add", **{"new-title": "漏掉的一项", "new-points": "abc"})
    assert answer.status_code == 409 and 'value="漏掉的一项"' in text(answer) and "要写成数字" in text(answer)
    answer = walk.post("node", node="标准!B2", act="add", **{"new-title": "漏掉的一项", "new-points": "0.4"})
    assert answer.status_code == 302 and "node=%2B1" in answer.url
    fields = walk.form("%2B1")
    assert (fields["title"], fields["points"], fields["code"]) == ("漏掉的一项", "0.4", "1.1.5")
    walk.post("node", **fields | {"lead": "办公室"})
    assert walk.choices()["nodes"]["+1"]["lead"] == "办公室"
    walk.post("node", node="+1", act="reset")
    assert walk.choices()["nodes"]["+1"]["title"] == "漏掉的一项"
    walk.post("node", node="+1", act="delete")
    assert "+1" not in walk.choices()["nodes"]
    walk.post("node", node="标准!D2", act="reset")
    assert walk.choices()["nodes"] == {}
    walk.post("node", node="标准!B2", act="save", title="领导的责任", code="Ⅱ-1", points="1.3", move="=")
    assert walk.choices()["nodes"]["标准!B2"] == {"title": "领导的责任", "points": "1.3"}
    assert walk.post("node", node="标准!Z99", act="save").status_code == 409
    answer = walk.post("node", **walk.form("标准!D2") | {"then": "next"})
    assert answer.url.endswith("node=%E6%A0%87%E5%87%86%21D5#x-D5")  # the tick in F5 is the next doubt


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "请写名称"), ({"points": "三分"}, "要写成数字"), ({"points": "-1"}, "不能是负数"), ({"points": "123456"}, "太大"),
        ({"code": "甲" * 41}, "最多 40 个字"), ({"times": "0"}, "最少是 1"), ({"methods": "材料 120%"}, "不能超过 100%"),
        ({"rule_kind": "count"}, "要写全年次数"), ({"rule_kind": "grade", "grade_levels": "好、坏"}, "都要有百分数"),
        ({"rule_kind": "grade", "grade_levels": "A 150%"}, "参数不对"),
        ({"need-0-name": "照片", "need-0-least": "几"}, "1 到 999"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_told_and_all_that_was_typed_is_kept(
    client: Client, draft: Draft, wrong: dict[str, str], words: str
) -> None:
    walk = Walk(client, draft)
    answer = walk.post("node", **walk.form("标准!D2") | {"requirement": "改过的要求"} | wrong)
    said = text(answer)
    assert answer.status_code == 409 and words in said and "改过的要求" in said
    assert all(value in said for value in wrong.values()) and walk.choices() == {}


def test_a_stale_page_keeps_what_was_typed(client: Client, draft: Draft, people: City) -> None:
    walk = Walk(client, draft)
    fields = walk.form("标准!D2") | {"title": "我改的名称", "need-0-name": "我加的材料", "seen": "1"}
    actions.mend(draft, by=people.users["马华斌"], choices={"accepted": ["split@标准!D9"]})
    answer = walk.post("node", **fields)
    said = text(answer)
    assert (
        answer.status_code == 409
        and "刚被他人修改过" in said
        and "我改的名称" in said
        and "我加的材料" in said
    )
    answer = walk.post("save", name="我起的名", label="版", owner_kind="creation", seen="1")
    assert answer.status_code == 409
    assert walk.choices() == {"accepted": ["split@标准!D9"]}
    for part in ("warnings", "drop"):
        assert walk.post(part, all="1", seen="1").status_code == 409
    assert Entry.objects.filter(action="standards.mend").exclude(refused="").count() == 2


def test_saving_refuses_in_words_and_keeps_the_name(client: Client, draft: Draft) -> None:
    walk = Walk(client, draft)
    said = text(walk.post("save", name="我起的名", label="版", owner_kind="creation"))
    assert "还不能保存" in said and not Edition.objects.exists()
    walk.post("warnings", all="1")
    answer = walk.post(
        "save", name="我起的名", label="", owner_kind="creation", valid_from="2026-02-30", stated_total="百"
    )
    said = text(answer)
    assert answer.status_code == 409 and "我起的名" in said
    for words in ("请写版本", "启用日期写成", "标称总分要写成数字"):
        assert words in said
    assert walk.post("save", name="我起的名", label="版", owner_kind="creation").status_code == 302
    other = actions.begin(draft.agency, by=draft.by, source_name="标准.xlsx", sha256=draft.source_sha256)
    walk = Walk(client, other)
    walk.post("warnings", all="1")
    answer = walk.post("save", name="我起的名", label="版", owner_kind="creation")
    assert answer.status_code == 409 and "请换一个名称" in text(answer) and "我起的名" in text(answer)


def test_a_doubt_can_be_reopened_and_a_name_written_by_hand(client: Client, draft: Draft) -> None:
    walk = Walk(client, draft)
    walk.post("warnings", apply="points_missing@标准!D8")
    assert walk.choices()["nodes"]["标准!D8"] == {"points": "1.15"}
    walk.post("warnings", apply="split@标准!D9")
    assert walk.choices()["nodes"]["标准!D9"] == {"split": False} and "<b>9</b> 项" in walk.page()
    number = re.search(r'name="rename" value="(\d+)"', walk.page())
    assert number
    assert walk.post("warnings", rename=number.group(1), **{f"to-{number.group(1)}": ""}).status_code == 409
    walk.post("warnings", rename=number.group(1), **{f"to-{number.group(1)}": "审批处"})
    assert walk.choices()["nodes"]["标准!D5"] == {"lead": "审批处"}
    walk.post("warnings", accept="sum_differs@标准!A2")
    assert "sum_differs@标准!A2" in walk.choices()["accepted"]
    walk.post("warnings", undo="sum_differs@标准!A2")
    assert walk.choices()["accepted"] == []
    assert walk.post("warnings", apply="nothing@here").status_code == 409
    for odd in ({}, {"choose": "无此词→法规处"}, {"choose": "x"}, {"rename": "99"}, {"enter": "1"}):
        assert walk.post("warnings", **odd).status_code == 409
    walk.post("node", node="标准!D5", act="reset")
    walk.post("warnings", enter="1", **{f"to-{number.group(1)}": "法规处"})
    assert walk.choices()["nodes"]["标准!D5"] == {"lead": "法规处"}


def test_a_draft_outlives_the_session_and_can_be_dropped(client: Client, draft: Draft, people: City) -> None:
    walk = Walk(client, draft)
    walk.post("warnings", all="1")
    client.logout()
    assert client.get(walk.base).status_code == 302
    client.force_login(people.users["石玲佳"], backend="taizhang.org.backends.PersonBackend")
    assert "请确认 0" in walk.page()
    answer = walk.post("drop")
    assert (
        answer.url == "/standards/"
        and not Draft.objects.exists()
        and client.get(walk.base).status_code == 404
    )


def test_htmx_gets_the_part_and_going_back_the_page(client: Client, draft: Draft) -> None:
    url = f"/standards/drafts/{draft.pk}/?step=check&node=标准!D2"
    part = text(client.get(url, headers={"HX-Request": "true", "HX-Target": "work"}))
    assert part.lstrip().startswith('<div id="work"') and "<html" not in part
    back = text(
        client.get(
            url, headers={"HX-Request": "true", "HX-Target": "work", "HX-History-Restore-Request": "true"}
        )
    )
    assert "<html" in back
