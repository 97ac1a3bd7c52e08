"""Writing and changing by hand: rows of the grid, rules in words, the wizard of a draft without a file."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.kit.errors import Refused
from taizhang.standards.models import Draft, Edition
from taizhang.standards.rules.cells import BY_NAME, Wrong, changes, shown
from taizhang.standards.rules.outset import next_label
from taizhang.standards.rules.rearrange import arrange
from taizhang.standards.rules.rule_text import EXAMPLES, USUAL, rule_of
from taizhang.standards.rules.said import rule_words
from taizhang.standards.rules.scoring import Deduct, Grade, Rate
from taizhang.standards.rules.tree import Json, Node
from tests.people import City

from .uploads import as_, said_in
from .world import workbook

LEAF = Node("n2", "n1", 2, "1.1", "", "专题研究", "要求", Decimal(2), True, True)
AREAS = "组织领导（3分）\n活动（2分）"


# ---- rules


@pytest.mark.parametrize(
    "rule",
    [*USUAL, Grade((("优", Decimal(1)), ("良", Decimal("0.8")))), Rate(Decimal(95), Decimal(95)), Rate(Decimal(95), Decimal(0)),
     Rate(Decimal(90), Decimal(60), False), Deduct(Decimal("0.5"), "缺一次会议", "发生事故不得分")],
)  # fmt: skip
def test_a_rule_in_our_own_words_is_read_back(rule: Any) -> None:
    assert rule_of(rule_words(rule), LEAF) == rule
    made = changes(LEAF, "rule", rule_words(rule))["rule"]
    assert made["kind"] == rule.kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("每缺一次会议扣0.5分，扣完为止", "每缺一次会议扣 0.5 分，扣完为止"),
        ("A档得满分，B档得66%，C档得33%，D档不得分", "分档：A 得 100%，B 得 66%，C 得 33%，D 得 0%"),
        (
            "达到９５％得满分，低于70%不得分，其间按比例得分",
            "达到 95% 得满分，低于 70% 不得分，其间按比例得分",
        ),
        ("达标赋分", "达标得满分，不达标不得分"),
    ],
)
def test_a_rule_in_the_words_of_a_standard_is_shown_back(text: str, words: str) -> None:
    assert rule_words(rule_of(text, LEAF)) == words


@pytest.mark.parametrize("text", ["随便写写", "扣分制", "满意率赋分", "分档：A 得 300%"])
def test_what_is_no_rule_is_refused_with_a_way_to_write_it(text: str) -> None:
    with pytest.raises(Wrong, match="照这样写|还要写数字"):
        changes(LEAF, "rule", text)
    assert set(EXAMPLES) == {"grade", "yes_no", "count", "rate", "deduct", "survey"}


def test_long_texts_keep_their_lines() -> None:
    assert changes(LEAF, "requirement", "一\r\n二 ") == {"requirement": "一\n二"}
    assert shown(LEAF, BY_NAME["requirement"]) == "要求" and changes(LEAF, "rule_text", "原文") == {
        "rule_text": "原文"
    }


@pytest.mark.parametrize(
    ("label", "taken", "found"),
    [
        ("2021年版", ["2021年版"], "2022年版"), ("2021年版", ["2021年版", "2022年版"], "2023年版"), ("第1版", ["第1版"], "第2版"),
        ("第三版", ["第一版", "第二版", "第三版"], "第4版"), ("修订稿", ["试行稿", "修订稿"], "第3版"), ("（2020年）试行", [], "（2021年）试行"),
    ],
)  # fmt: skip
def test_the_next_label(label: str, taken: list[str], found: str) -> None:
    assert next_label(label, taken) == found


TREE = [Node("n1", None, 1, "1", "", "组织领导"), LEAF, Node("n3", "n1", 2, "1.9", "", "机构", "", Decimal(1), True, True)]  # fmt: skip


def add(under: str, after: str, *rows: Json, leaf: bool = True) -> Json:
    return {"do": "add", "under": under, "after": after, "leaf": leaf, "rows": list(rows)}


def test_new_rows_get_the_next_free_code_and_their_place() -> None:
    made = arrange(
        {}, TREE, [add("n1", "n2", {"key": "+a", "cells": {"title": "新项", "points": "1"}}, {"key": "+b"})]
    )
    assert made.added == ["+a", "+b"] and made.refused == []
    assert made.choices["nodes"]["+a"] == {"add_under": "n1", "title": "新项", "points": "1", "code": "1.10"}
    assert made.choices["nodes"]["+b"]["code"] == "1.11"
    assert made.choices["rows"] == {"n1": ["n2", "+a", "+b", "n3"]}
    again = arrange(made.choices, TREE, [add("n1", "n2", {"key": "+a"}, {"key": "+b"})])
    assert again.added == [] and again.choices["nodes"] == made.choices["nodes"]


def test_a_copy_takes_everything_over_but_the_code() -> None:
    made = arrange({}, TREE, [add("n1", "n2", {"key": "+a", "like": "n2"})])
    change = made.choices["nodes"]["+a"]
    assert (change["title"], change["requirement"], change["points"], change["code"]) == (
        "专题研究",
        "要求",
        "2",
        "1.10",
    )


def test_groups_first_codes_and_a_group_that_is_gone() -> None:
    made = arrange(
        {},
        TREE,
        [
            add("", "n1", {"key": "+g"}, leaf=False),
            add("+g", "", {"key": "+a"}),
            add("zz", "", {"key": "+z"}),
        ],
    )
    assert made.choices["nodes"]["+g"] == {"add_under": "", "title": "", "group": True, "code": "2"}
    assert made.choices["nodes"]["+a"]["code"] == "2.1"
    assert made.refused[0][0] == "+z" and "已不在" in made.refused[0][2]


def test_rows_are_taken_out_put_back_and_moved() -> None:
    made = arrange(
        {}, TREE, [{"do": "delete", "keys": ["n2", "nirgends"]}, {"do": "move", "key": "n3", "after": ""}]
    )
    assert made.choices["nodes"] == {"n2": {"delete": True}} and made.choices["rows"] == {"n1": ["n3", "n2"]}
    back = arrange(made.choices, TREE, [{"do": "restore", "keys": ["n2"]}])
    assert back.choices["nodes"] == {}


@pytest.mark.parametrize(
    "act",
    [{}, {"do": "x"}, {"do": "add"}, [], "x", add("n1", "", {"key": "n9"}), add("n1", "", {"key": "+a/1"}), {"do": "move", "key": "n2"}],
)  # fmt: skip
def test_an_act_that_is_none_is_refused(act: Any) -> None:
    with pytest.raises(Refused, match="不完整"):
        arrange({}, TREE, [act])


# ---- pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(people: City) -> Client:
    return as_(people, "石玲佳")


def begun(office: Client, areas: str = AREAS) -> Draft:
    answer = office.post("/standards/write/", {"name": "试行标准", "owner_kind": "party", "areas": areas})
    draft = Draft.objects.latest("pk")
    assert answer.status_code == 302 and answer["Location"] == f"/standards/drafts/{draft.pk}/grid/"
    return draft


def sent(office: Client, draft: Draft, acts: list[Json], cells: list[Any] | None = None) -> Any:
    data = {"cells": json.dumps(cells or []), "acts": json.dumps(acts)}
    return office.post(f"/standards/drafts/{draft.pk}/grid/", data)


def keys(office: Client, draft: Draft) -> list[str]:
    return [row[0] for row in office.get(f"/standards/drafts/{draft.pk}/grid/?rows=1").json()["rows"]]


def filled(office: Client) -> Draft:
    """Two areas with two items and one."""
    draft = begun(office)
    rows = [
        {"key": f"+{n}", "cells": {"title": name, "points": points}}
        for n, name, points in ((1, "专题研究", "2"), (2, "机构", "1"))
    ]
    said = sent(
        office,
        draft,
        [add("n1", "", *rows), add("n2", "", {"key": "+3", "cells": {"title": "主题党日", "points": "2"}})],
    ).json()
    assert said["refused"] == [] and said["leaves"] == 3 and said["total"] == "5", said
    return draft


def saved(office: Client, draft: Draft, **said: str) -> Edition:
    draft.refresh_from_db()
    data = {"seen": draft.version, "name": "试行标准", "label": "2021年版", "owner_kind": "party", **said}
    answer = office.post(f"/standards/drafts/{draft.pk}/save/", data)
    assert answer.status_code == 302, said_in(answer)
    draft.refresh_from_db()
    assert draft.edition is not None
    return draft.edition


def begin(office: Client, edition: Edition, how: str) -> Draft:
    answer = office.post(f"/standards/editions/{edition.pk}/begin/", {"how": how})
    draft = Draft.objects.latest("pk")
    assert answer["Location"] == f"/standards/drafts/{draft.pk}/grid/"
    return draft


def test_rows_are_sent_kept_once_and_answered_with_their_codes(office: Client) -> None:
    draft = begun(office)
    act = add("n1", "", {"key": "+a1", "cells": {"title": "专题研究", "points": "两分"}})
    said = sent(office, draft, [act], [["+a1", "lead", "办公室", None]]).json()
    assert said["order"] == ["n1", "+a1", "n2"] and said["fresh"]["+a1"]["code"] == "1.1"
    assert said["refused"][0][:2] == ["+a1", "points"] and said["saved"] == [["+a1", "lead", "办公室"]]
    again = sent(office, draft, [act]).json()  # the answer was lost on the way
    assert again["order"] == ["n1", "+a1", "n2"]
    said = sent(
        office, draft, [add("n1", "+a1", {"key": "+b2"}), {"do": "move", "key": "+b2", "after": ""}]
    ).json()
    assert said["order"] == ["n1", "+b2", "+a1", "n2"] and said["fresh"]["+b2"]["code"] == "1.2"
    sent(office, draft, [{"do": "delete", "keys": ["n1"]}])
    assert keys(office, draft) == ["n2"]
    sent(office, draft, [{"do": "restore", "keys": ["n1"]}])
    assert keys(office, draft) == ["n1", "+b2", "+a1", "n2"]


def test_two_windows_add_to_one_group(office: Client) -> None:
    draft = begun(office)
    sent(office, draft, [add("n1", "", {"key": "+a"})])
    sent(office, draft, [add("n1", "", {"key": "+b"})])
    assert keys(office, draft) == ["n1", "+b", "+a", "n2"]
    assert sent(office, draft, [{"do": "move", "key": "+weg", "after": ""}]).json()["refused"][0][0] == "+weg"


@pytest.mark.parametrize("acts", ["x", "{}", "[1]", "null", '[{"do":"add"}]'])
def test_acts_that_are_none_are_refused(office: Client, acts: str) -> None:
    draft = begun(office)
    answer = office.post(f"/standards/drafts/{draft.pk}/grid/", {"cells": "[]", "acts": acts})
    assert answer.status_code == 409 and keys(office, draft) == ["n1", "n2"]


def test_an_imported_draft_takes_new_rows_too(office: Client, people: City) -> None:
    office.post("/standards/import/", {"file": SimpleUploadedFile("标准.xlsx", workbook())})
    draft = Draft.objects.latest("pk")
    said = sent(
        office,
        draft,
        [add("标准!B2", "标准!D2", {"key": "+a", "cells": {"title": "新的一项", "points": "0.1"}})],
    ).json()
    at = said["order"].index("+a")
    assert said["order"][at - 1] == "标准!D2" and said["fresh"]["+a"]["code"] == "1.1.5"


def test_the_form_without_a_script_adds_and_takes_out(office: Client) -> None:
    draft = begun(office)
    base = f"/standards/drafts/{draft.pk}/grid/"
    page = said_in(office.get(base))
    assert "加一项" in page and "加同级组" in page and "计分办法原文" in page and "少几列" in page
    answer = office.post(base, {"c|n1|title": "组织与领导", "item": "n1", "more": "1"})
    assert answer.status_code == 302 and answer["Location"].endswith("?more=1&page=1#r-+1")
    assert keys(office, draft) == ["n1", "+1", "n2"]
    office.post(
        base, {"c|+1|title": "专题研究", "c|+1|requirement": "一\r\n二", "c|+1|rule": "扣分制", "item": "+1"}
    )
    assert keys(office, draft) == ["n1", "+1", "n2"], "refused: nothing is done, the page comes back"
    office.post(base, {"c|+1|title": "专题研究", "c|+1|rule": "每缺一次扣0.5分，扣完为止", "item": "+1"})
    assert keys(office, draft) == ["n1", "+1", "+2", "n2"]
    office.post(base, {"cut": "+2"})
    office.post(base, {"beside": ""})
    assert keys(office, draft) == ["n1", "+1", "n2", "+3"]
    draft.refresh_from_db()
    assert (
        draft.choices["nodes"]["n1"] == {"title": "组织与领导"}
        and draft.choices["nodes"]["+3"]["code"] == "3"
    )
    assert office.post(base, {"cut": "weg"}).status_code == 409


def test_refused_cells_come_back_as_typed(office: Client) -> None:
    draft = filled(office)
    answer = office.post(
        f"/standards/drafts/{draft.pk}/grid/", {"c|+1|rule": "凭印象打分吧", "c|+1|title": "改过的"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409 and "凭印象打分吧" in page and "改过的" in page and "认不出" in page


def test_the_wizard_of_what_is_written_has_no_file(office: Client) -> None:
    draft = filled(office)
    base = f"/standards/drafts/{draft.pk}/"
    assert office.get(base)["Location"] == f"{base}grid/"
    for path in (
        f"{base}grid/",
        f"{base}?step=check",
        f"{base}?step=columns",
        f"{base}?step=meaning",
        f"{base}?step=save",
    ):
        page = said_in(office.get(path))
        for word in (
            ".json",
            "文件：",
            "选文件",
            "对列",
            "原表",
            "放弃导入",
            "导入测评标准",
            "字节",
            "核对含义",
        ):
            assert word not in page, (path, word)
        assert "1 编写" in page and "2 核对" in page and "3 保存" in page
        assert "放弃" in page and "不会存成标准" in page
    page = said_in(office.get(f"{base}?step=save"))
    assert "试行标准" in page
    listed = said_in(office.get("/standards/"))
    assert "编写 试行标准" in listed and "接着写" in listed and "接着核对" not in listed
    office.post(f"{base}drop/")
    assert "已放弃编写“试行标准”" in said_in(office.get("/standards/"))


def test_what_was_said_at_first_stands_on_the_last_page(office: Client) -> None:
    draft = filled(office)
    page = office.get(f"/standards/drafts/{draft.pk}/?step=save").content.decode()
    assert '<option value="party" selected>' in page
    edition = saved(office, draft)
    assert edition.source_name == "系统内编写" and edition.standard.owner_kind == "party"
    draft = begin(office, edition, "revise")
    page = office.get(f"/standards/drafts/{draft.pk}/?step=save").content.decode()
    assert (
        'value="2022年版"' in page and "沿用这套标准的名称" in page and "修订自《试行标准》2021年版" in page
    )
    said = said_in(office.get(f"/standards/drafts/{draft.pk}/grid/"))
    assert "1 修订 2 核对 3 新旧对照 4 保存" in said and "《试行标准》2021年版照原样不动" in said
    draft = begin(office, edition, "correct")
    page = office.get(f"/standards/drafts/{draft.pk}/?step=save").content.decode()
    assert 'value="2021年版"' in page and "更正会直接改“2021年版”这一版本身" in page


def test_a_revision_is_compared_exported_and_read_back(office: Client) -> None:
    first = saved(office, filled(office))
    draft = begin(office, first, "revise")
    n = {
        row[4]: row[0]
        for row in office.get(f"/standards/drafts/{draft.pk}/grid/?rows=1&more=0").json()["rows"]
    }
    cells = [
        [n["专题研究"], "points", "1.5", "2"],
        [n["机构"], "title", "工作机构", "机构"],
        [n["主题党日"], "cadence", "每季度", None],
    ]
    assert sent(office, draft, [], cells).json()["refused"] == []
    page = said_in(office.get(f"/standards/drafts/{draft.pk}/compare/"))
    assert "有改动" in page and "文件：" not in page
    second = saved(office, draft, label="2022年版", stated_total="4.5")
    assert sorted(second.matches.values_list("kind", flat=True)) == ["changed"] * 3
    wanted = office.get(f"/standards/{second.standard_id}/export/?as=json").content
    for asked, name in (("&as=json", "出.json"), ("", "出.xlsx")):
        data = office.get(f"/standards/{second.standard_id}/export/?edition={second.pk}{asked}").content
        office.post("/standards/import/", {"file": SimpleUploadedFile(name, data)})
        back = saved(
            office, Draft.objects.latest("pk"), name=f"另一套 {name}", label="2022年版", stated_total="4.5"
        )
        found = json.loads(office.get(f"/standards/{back.standard_id}/export/?as=json").content)
        assert {**found, "name": ""} == {**json.loads(wanted), "name": ""}


def test_written_drafts_ask_as_many_questions_at_any_size(office: Client) -> None:
    counts = []
    for items in (10, 300):
        draft = begun(office)
        for n in range(0, items, 100):
            rows = [
                {"key": f"+{n + m}", "cells": {"title": f"第{n + m}项", "points": "1"}}
                for m in range(min(100, items))
            ]
            sent(office, draft, [add("n1", "?", *rows)])
        found = []
        base = f"/standards/drafts/{draft.pk}/"
        for path in (f"{base}grid/", f"{base}grid/?rows=1", f"{base}?step=check", f"{base}?step=save"):
            office.get(path)
            with CaptureQueriesContext(connection) as asked:
                page = office.get(path)
            found.append(len(asked))
            assert page.status_code == 200 and len(page.content) < 140_000, (path, len(page.content))
        with CaptureQueriesContext(connection) as asked:
            assert sent(office, draft, [add("n1", "", {"key": "+x"})]).status_code == 200
        found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1] and max(counts[0]) <= 24, counts


def test_only_the_office_writes_and_no_other_agency(people: City, office: Client) -> None:
    draft = begun(office)
    for name in ("朱辉斌", "滕素贞"):
        if name in people.users:
            one = as_(people, name)
            assert one.get(f"/standards/drafts/{draft.pk}/grid/").status_code == 404
            assert sent(one, draft, [add("n1", "", {"key": "+a"})]).status_code == 404
