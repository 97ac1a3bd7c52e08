"""Every route: who may, who may not (403), another agency (404); what the pages show; counts of queries."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.kit import files
from taizhang.standards import actions, queries
from taizhang.standards.models import Draft, Edition, Standard
from taizhang.standards.rules.tree import Choices
from taizhang.standards.sheets.read import read
from tests.people import City

from .world import BAD, edition, workbook


@pytest.fixture
def draft(people: City) -> Draft:
    data = workbook()
    sha256 = files.store().put([data], limit=10**8).sha256
    made: Draft = actions.begin(
        people.units["甲局"], by=people.users["石玲佳"], source_name="标准.xlsx", sha256=sha256
    )
    return made


def text(answer: Any) -> str:
    return str(answer.content.decode())


def upload(client: Client, name: str, data: bytes, **more: str) -> Any:
    return client.post("/standards/import/", {"file": SimpleUploadedFile(name, data), **more})


# ---- who may see and do what


def test_standard_is_seen_within_reach_only(people: City, as_: Any) -> None:
    made = edition(people.units["甲局"])
    for path in (f"/standards/{made.standard_id}/", f"/standards/{made.standard_id}/export/"):
        for name in ("朱辉斌", "石玲佳", "东县文明办", "市文明办"):
            assert as_(name).get(path).status_code == 200, name
        for name in ("乙局石玲佳", "系统管理员", "审计员"):
            assert as_(name).get(path).status_code == 404, name
        assert Client().get(path).status_code == 302
        assert as_("石玲佳").post(path).status_code == 405
    assert as_("朱辉斌").get(f"/standards/{made.standard_id}/?edition=9999").status_code == 404


def test_import_belongs_to_the_office(people: City, as_: Any) -> None:
    assert as_("石玲佳").get("/standards/import/").status_code == 200
    for name in ("朱辉斌", "黎林波", "系统管理员", "东县文明办"):
        assert as_(name).get("/standards/import/").status_code == 403, name
        assert upload(as_(name), "标准.xlsx", workbook()).status_code == 403, name
    other = people.units["乙局"].pk
    assert as_("石玲佳").get(f"/standards/import/?agency={other}").status_code == 403
    assert upload(as_("石玲佳"), "标准.xlsx", workbook(), agency=str(other)).status_code == 403
    assert not Draft.objects.exists()


def test_draft_is_the_offices_own(draft: Draft, as_: Any) -> None:
    base = f"/standards/drafts/{draft.pk}/"
    for name in ("石玲佳", "马华斌"):
        for step in ("columns", "check", "save", "nothing"):
            assert as_(name).get(f"{base}?step={step}").status_code == 200
    for name in ("朱辉斌", "黎林波", "乙局石玲佳", "东县文明办", "系统管理员"):
        assert as_(name).get(base).status_code == 404, name
        for part in ("columns", "node", "warnings", "save", "drop"):
            assert as_(name).post(f"{base}{part}/").status_code == 404, (name, part)
    for part in ("columns", "node", "warnings", "save", "drop"):
        assert as_("石玲佳").get(f"{base}{part}/").status_code == 405
    assert Draft.objects.filter(pk=draft.pk).exists()


# ---- the list and one standard


def test_standards_shows_own_samples_and_imports(people: City, draft: Draft, as_: Any) -> None:
    said = text(as_("朱辉斌").get("/standards/"))
    assert "还没有标准" in said and "导入标准" not in said and "正在导入" not in said
    said = text(as_("石玲佳").get("/standards/"))
    assert "还没有导入自己的标准" in said and "接着核对" in said and "标准.xlsx" in said
    call_command("samples")
    edition(people.units["甲局"], 20, "甲局标准")
    said = text(as_("石玲佳").get("/standards/"))
    for words in ("甲局标准", "示例", ">259<", ">45<", ">40<", "20 / 20 分"):
        assert words in said, words
    assert "甲局标准" not in text(as_("乙局石玲佳").get("/standards/"))
    assert "正在导入" not in text(as_("乙局石玲佳").get("/standards/"))


def test_standard_shows_the_tree_its_lists_and_its_editions(people: City, as_: Any) -> None:
    call_command("samples")
    sample = Standard.objects.get(name__startswith="全国文明单位")
    client = as_("朱辉斌")
    said = text(client.get(f"/standards/{sample.pk}/"))
    for words in (
        "指标 259", "负面清单 22", "申报条件 10", "特色加分 8", "8 个方面", "37 组", "党组专题研究创建工作",
        "全年 4 次，每少 1 次扣 0.13 分", "材料审核、听取汇报", "不少于 2 件", "配合：机关党委", "每季度",
    ):  # fmt: skip
        assert words in said, words
    assert said.count("<details") == said.count("</details>") and said.count('class="leaf"') == 259
    assert text(client.get(f"/standards/{sample.pk}/?open=all")).count(" open>") >= 45
    assert "一票否决" in text(client.get(f"/standards/{sample.pk}/?tab=bars"))
    for tab in ("eligibility", "bonus", "nonsense"):
        assert client.get(f"/standards/{sample.pk}/?tab={tab}").status_code == 200
    old, new = edition(people.units["甲局"], 12), edition(people.units["甲局"], 15, label="第2版")
    said = text(client.get(f"/standards/{new.standard_id}/"))
    assert "第2版（现行）" in said and "15 项" in said
    said = text(client.get(f"/standards/{new.standard_id}/?edition={old.pk}"))
    assert "已被新版替换" in said and "12 项" in said
    assert "没有负面清单" in text(client.get(f"/standards/{new.standard_id}/?tab=bars"))


def test_standard_says_when_sums_differ_from_what_is_stated(people: City, as_: Any) -> None:
    choices = {"nodes": {"标准!D8": {"points": "0.3"}}, "stated_total": "100"}
    from_choices = read(workbook(), "标准.xlsx", Choices.from_json(choices))
    made = actions.import_edition(
        people.units["甲局"], by=people.users["石玲佳"], reading=from_choices, name="差分标准", label="第1版"
    )
    said = text(as_("朱辉斌").get(f"/standards/{made.standard_id}/"))
    assert "合计与标称不等" in said and "标称 100" in said and "与标称不等" in said


def test_export_reads_back_to_the_same_tree(people: City, as_: Any) -> None:
    call_command("samples")
    for found in Edition.objects.all():
        answer = as_("朱辉斌").get(f"/standards/{found.standard_id}/export/")
        assert "filename*=UTF-8''" in answer["Content-Disposition"]
        again = read(BytesIO(answer.content).getvalue(), "再导入.xlsx")
        tree = queries.tree(found)
        leaves = [row for row in tree.rows if row.leaf]
        assert [(leaf.code, leaf.title, leaf.points, leaf.lead) for leaf in again.leaves] == [
            (row.code, row.title, row.points, row.leaf.lead) for row in leaves if row.leaf
        ]
        assert (len(again.areas), len(again.sections), again.total) == (tree.areas, tree.sections, tree.total)
        assert (len(again.negatives), len(again.eligibility), len(again.bonuses)) == (
            len(tree.bars), len(tree.eligibilities), len(tree.bonuses),
        )  # fmt: skip
        assert [len(leaf.needs) for leaf in again.leaves] == [
            len(row.leaf.needs) for row in leaves if row.leaf
        ]


# ---- bad files


@pytest.mark.parametrize("name", BAD)
def test_import_refuses_in_words_with_the_form_again(people: City, as_: Any, name: str) -> None:
    data, word = BAD[name]
    answer = upload(as_("石玲佳"), name, data)
    assert answer.status_code == 409
    said = text(answer)
    assert word in said and 'name="file"' in said and "你填的都还在" in said
    assert not Draft.objects.exists()


def test_import_without_a_file_an_empty_or_a_huge_one(as_: Any, people: City, settings: Any) -> None:
    client = as_("石玲佳")
    answer = client.post("/standards/import/", {})
    assert answer.status_code == 409 and "请选一个文件" in text(answer)
    assert "空的" in text(upload(client, "空.xlsx", b""))
    settings.IMPORT_MAX_BYTES = 100
    answer = upload(client, "大.xlsx", workbook())
    assert answer.status_code == 409 and "超过 20 MB" in text(answer)


def test_a_file_without_indicators_can_be_opened_all_the_same(people: City, as_: Any) -> None:
    client = as_("石玲佳")
    rows = "\n".join(["栏一,栏二,栏三"] + [f"做好第{n}件事,甲,{n + 1}" for n in range(4)])
    answer = upload(client, "怪表.csv", rows.encode())
    assert answer.status_code == 409 and "自己指定" in text(answer)
    sha256 = next(iter(client.session["standard_import"]))
    assert as_("马华斌").post("/standards/import/", {"open": sha256}).status_code == 409
    answer = client.post("/standards/import/", {"open": sha256})
    assert answer.status_code == 302 and "step=columns" in answer.url
    said = text(client.get(answer.url))
    assert "还没有读到指标" in said and "没有找到测评指标表" in said
    one = Draft.objects.get()
    client.post(
        f"/standards/drafts/{one.pk}/columns/",
        {
            "sheet": "怪表",
            "role": "indicators",
            "header_first": "1",
            "col-0": "title",
            "col-1": "lead",
            "col-2": "points",
            "seen": 1,
        },
    )
    said = text(client.get(f"/standards/drafts/{one.pk}/?step=check"))
    assert "<b>4</b> 项" in said and "做好第3件事" in said


# ---- queries


def count(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_pages_ask_the_same_number_of_questions_at_any_size(people: City, as_: Any) -> None:
    client, office = as_("朱辉斌"), as_("石玲佳")
    small = edition(people.units["甲局"], 20, "小标准")
    before = count(client, "/standards/")
    large = edition(people.units["甲局"], 300, "大标准")
    assert count(client, "/standards/") == before <= 12
    for path in (
        "/standards/{}/",
        "/standards/{}/?open=all",
        "/standards/{}/export/",
        "/standards/{}/?tab=bars",
    ):
        few, many = (count(client, path.format(one.standard_id)) for one in (small, large))
        assert few == many <= 16, path
    drafts = []
    for leaves in (20, 300):
        rows = [
            [f"方面{n // 10 + 1}" if n % 10 == 0 else None, f"第{n}项：每季度开展一次", 1, "法规二科"]
            for n in range(leaves)
        ]
        data = workbook(rows, ["测评项目", "测评标准", "分值", "牵头处室"])
        sha256 = files.store().put([data], limit=10**8).sha256
        drafts.append(
            actions.begin(
                people.units["甲局"], by=people.users["石玲佳"], source_name=f"{leaves}.xlsx", sha256=sha256
            )
        )
    for step in ("step=check", "step=columns", "step=save", "step=check&at=标准!B9&node=标准!B9"):
        few, many = (count(office, f"/standards/drafts/{one.pk}/?{step}") for one in drafts)
        assert few == many <= 14, step
    page = office.get(f"/standards/drafts/{drafts[1].pk}/?step=check")
    assert len(page.content) < 200_000
