"""The steps of a draft through the door: the grid's cells, the meanings, the shape, the memory of forms; two windows."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taizhang.kit import files
from taizhang.standards import actions
from taizhang.standards.models import Draft, Edition, Form
from tests.people import City

from .test_wizard import Walk, client, draft, text
from .uploads import as_, book, upload
from .world import workbook

__all__ = ["client", "draft"]


def post_cells(client: Client, draft: Draft, *cells: list[Any]) -> Any:
    return client.post(f"/standards/drafts/{draft.pk}/grid/", {"cells": json.dumps(cells)})


# ---- 表格编辑


def test_cells_are_kept_at_once_and_wrong_ones_come_back_with_words(client: Client, draft: Draft) -> None:
    walk = Walk(client, draft)
    rows = client.get(f"{walk.base}grid/?rows=1").json()
    assert [one[0] for one in rows["columns"]][:5] == ["code", "title", "points", "lead", "co"]
    assert len(rows["rows"]) == 15 and rows["rows"][2][:3] == ["标准!D2", 3, 1] and "办公室" in rows["units"]
    answer = post_cells(
        client, draft, ["标准!D2", "points", "０．７", "0.52"], ["标准!D2", "lead", "法规处", "办公室"], ["标准!D3", "points", "三分", "0.3"],
        ["标准!Z9", "title", "x", ""], ["标准!A2", "title", "组织与领导", "组织领导"], ["标准!D3", "cadence", "每月", "没有写"],
    )  # fmt: skip
    said = answer.json()
    assert answer.status_code == 200 and said["total"] == "4.43" and len(said["saved"]) == 4, said
    assert ["标准!D2", "points", "0.7"] in said["saved"]
    assert [one[:2] for one in said["refused"]] == [["标准!D3", "points"], ["标准!Z9", "title"]]
    assert "写成数字" in said["refused"][0][2]
    nodes = walk.choices()["nodes"]
    assert nodes["标准!D2"] == {"points": "0.7", "lead": "法规处"} and nodes["标准!D3"] == {
        "cadence": "month"
    }


def test_two_windows_meet_only_in_the_same_cell(client: Client, draft: Draft) -> None:
    post_cells(client, draft, ["标准!D2", "title", "甲窗口写的", "专题研究"])
    said = post_cells(
        client, draft, ["标准!D2", "title", "乙窗口写的", "专题研究"], ["标准!D3", "points", "0.4", "0.3"]
    ).json()
    assert said["saved"] == [["标准!D3", "points", "0.4"]] and "刚被改成“甲窗口写的”" in said["refused"][0][2]
    said = post_cells(client, draft, ["标准!D2", "title", "乙窗口写的", None]).json()
    assert (
        said["refused"] == [] and Walk(client, draft).choices()["nodes"]["标准!D2"]["title"] == "乙窗口写的"
    )


@pytest.mark.parametrize("cells", ["", "x", "[1]", "[[1,2,3,4,5]]", "{}x", "null"])
def test_what_is_no_list_of_cells_is_refused(client: Client, draft: Draft, cells: str) -> None:
    answer = client.post(f"/standards/drafts/{draft.pk}/grid/", {"cells": cells})
    assert answer.status_code == 409 and Walk(client, draft).choices() == {}


def test_the_grid_without_a_script_is_a_form_that_keeps_what_is_typed(client: Client, draft: Draft) -> None:
    walk = Walk(client, draft)
    said = text(client.get(f"{walk.base}grid/"))
    assert 'name="c|标准!D2|points" value="0.52"' in said and 'name="c|标准!A2|lead"' not in said
    answer = walk.post("grid", **{"c|标准!D2|points": "很多", "c|标准!D2|title": "新名称"})
    assert (
        answer.status_code == 409
        and "新名称" in text(answer)
        and "很多" in text(answer)
        and "写成数字" in text(answer)
    )
    assert walk.choices() == {}
    answer = walk.post("grid", **{"c|标准!D2|points": "0.6", "c|标准!D2|title": "新名称", "page": "1"})
    assert answer.status_code == 302 and walk.choices()["nodes"]["标准!D2"] == {
        "points": "0.6",
        "title": "新名称",
    }
    answer = walk.post("grid", seen="1", **{"c|标准!D2|title": "另一个窗口的"})
    assert answer.status_code == 409 and "刚被他人修改过" in text(answer) and "另一个窗口的" in text(answer)


def test_a_saved_draft_takes_no_more_cells(client: Client, draft: Draft) -> None:
    walk = Walk(client, draft)
    walk.post("warnings", all="1")
    walk.post("save", name="名", label="版", owner_kind="creation")
    assert post_cells(client, draft, ["标准!D2", "title", "x", None]).status_code == 409
    assert client.get(f"{walk.base}grid/").status_code == 302


# ---- 拆、并、移、增


def test_an_item_is_split_only_with_points_and_its_sum_is_compared(client: Client, draft: Draft) -> None:
    walk = Walk(client, draft)
    assert "拆成几项" in walk.page("step=check&node=标准!D8") and "与相邻的项合并" in walk.page(
        "step=check&node=标准!D8"
    )
    pieces = {"part-0-title": "例会", "part-0-points": "0.2", "part-1-title": "通报", "part-1-points": ""}
    answer = walk.post("node", node="标准!D2", act="split", **pieces)
    assert answer.status_code == 409 and "第 2 小项没有分值" in text(answer) and "例会" in text(answer)
    answer = walk.post("node", node="标准!D2", act="split", **pieces | {"part-1-points": "0.2"})
    assert (
        answer.status_code == 409
        and "合计 0.4 分，原来是 0.52 分，少 0.12 分" in text(answer)
        and walk.choices() == {}
    )
    answer = walk.post("node", node="标准!D2", act="split", **pieces | {"part-1-points": "0.32"})
    assert answer.status_code == 302 and "<b>11</b> 项" in walk.page()
    assert "取消拆分" in walk.page("step=check&node=标准!D2/1")
    walk.post("node", node="标准!D2/2", act="unsplit")
    assert walk.choices()["nodes"] == {}
    answer = walk.post("node", node="标准!D2", act="split", anyway="1", **pieces | {"part-1-points": "0.2"})
    assert answer.status_code == 302


def test_neighbours_are_joined_and_come_apart_again(client: Client, draft: Draft) -> None:
    walk = Walk(client, draft)
    answer = walk.post("node", node="标准!D2", act="join", **{"with": ["标准!D4"]})
    assert answer.status_code == 409 and "隔着别的项" in text(answer)
    assert walk.post("node", node="标准!D2", act="join").status_code == 409
    walk.post("node", node="标准!D3", act="join", **{"with": ["标准!D2"]})
    assert walk.choices()["nodes"] == {"标准!D2": {"join": ["标准!D3"]}} and "<b>9</b> 项" in walk.page()
    walk.post("node", node="标准!D2", act="join", **{"with": ["标准!D4"]})
    assert walk.choices()["nodes"]["标准!D2"] == {"join": ["标准!D3", "标准!D4"]}
    walk.post("node", node="标准!D2", act="unjoin")
    assert "<b>10</b> 项" in walk.page()


def test_moves_groups_and_circles(client: Client, draft: Draft) -> None:
    walk = Walk(client, draft)
    walk.post("node", node="标准!D3", act="up")
    assert walk.choices()["rows"]["标准!B2"][:2] == ["标准!D3", "标准!D2"]
    assert walk.post("node", node="标准!D3", act="up").status_code == 409
    walk.post("node", node="标准!D3", act="down")
    walk.post("node", node="标准!D2", act="move", under="=", beside="after:标准!D5")
    assert walk.choices()["rows"]["标准!B2"][-1] == "标准!D2"
    answer = walk.post("node", node="标准!A2", act="move", under="标准!B2", beside="last")
    assert answer.status_code == 409 and "重新选" in text(answer)
    answer = walk.post("node", act="add_area", **{"newgroup-title": "", "newgroup-points": ""})
    assert answer.status_code == 409
    walk.post("node", act="add_area", **{"newgroup-title": "新方面", "newgroup-points": "3"})
    walk.post("node", node="+1", act="add_group", **{"newgroup-title": "新组"})
    assert "新方面" in walk.page() and "新组" in walk.page("step=check&node=%2B2")
    walk.post("node", node="标准!B6", act="move", under="+2", beside="first")
    assert walk.choices()["nodes"]["标准!B6"] == {"move_under": "+2"}
    walk.post("node", node="+1", act="delete")
    assert "已删除 1 项" in walk.page()  # what came from the file lies beneath it, so it can be had back
    walk.post("node", node="+1", act="restore")
    assert "新方面" in walk.page()


# ---- 核对含义


def test_meanings_are_confirmed_one_by_one_and_in_bulk(client: Client, draft: Draft) -> None:
    walk = Walk(client, draft)
    said = walk.page("step=meaning")
    assert "读成的意思" in said and "确认全部确定的" in said
    answer = walk.post("meaning", agree="标准!D2|lead", f="lead")
    assert answer.status_code == 302 and "f=lead" in answer.url
    assert walk.choices()["nodes"]["标准!D2"] == {"agreed": ["lead"]}
    assert "已改 1" not in walk.page()
    answer = walk.post("meaning", set="标准!D2|points", **{"to-标准!D2|points": "两分"})
    assert answer.status_code == 409 and "写成数字" in text(answer) and 'value="两分"' in text(answer)
    walk.post("meaning", set="标准!D3|points", **{"to-标准!D3|points": "0.35"})
    assert walk.choices()["nodes"]["标准!D3"] == {"points": "0.35"}
    walk.post("meaning", unagree="标准!D2|lead")
    assert walk.choices()["nodes"] == {"标准!D3": {"points": "0.35"}}
    walk.post("meaning", all_sure="1")
    assert walk.post("meaning", all_sure="1").status_code == 409
    assert (
        walk.post("meaning", agree="nothing|lead").status_code == 409
        and walk.post("meaning").status_code == 409
    )
    assert "points" in walk.choices()["nodes"]["标准!D2"]["agreed"]
    walk.post("warnings", all="1")
    assert "照现在读的存，不影响保存" in walk.page("step=save") or "都已核对" in walk.page("step=save")
    assert "要改" not in text(client.get("/standards/")).split("正在导入")[1].split("</table>")[0]


# ---- 记住读法

ODD = [["大类", "小类", "说明文字", "数", "归谁"]] + [
    [f"方面{n // 4 + 1}" if n % 4 == 0 else None, f"组{n // 2 + 1}" if n % 2 == 0 else None, f"做好第{n}件事", n + 1, "办公室"]
    for n in range(8)
]  # fmt: skip
SAID = {"col-0": "area", "col-1": "section", "col-2": "title", "col-3": "points", "col-4": "lead"}


def test_a_form_is_read_the_next_time_as_it_was_said(people: City) -> None:
    office = as_(people, "石玲佳")
    sha256 = files.store().put([book(ODD)], limit=10**8).sha256
    first = actions.begin(
        people.units["甲局"], by=people.users["石玲佳"], source_name="2018年表.xlsx", sha256=sha256
    )
    walk = Walk(office, first)
    walk.post("columns", sheet="测评标准", role="indicators", header_first="1", **SAID)
    assert walk.post("save", name="怪表", label="2018年版", owner_kind="creation").status_code == 302
    kept = Form.objects.get()
    assert kept.agency == people.units["甲局"] and kept.choices["columns"]["归谁"] == "lead"
    assert kept.choices["header_rows"] == 1

    turned = [[row[4], row[3], *row[:3]] for row in ODD]
    answer = upload(
        office, book([["2020年版", None, None, None, None], *turned], "另一个表名"), "2020年表.xlsx"
    )
    assert answer.status_code in (302, 409)
    if answer.status_code == 409:  # nothing was made out of it by itself: opened by hand
        sha = next(iter(office.session["standard_import"]))
        assert office.post("/standards/import/", {"open": sha}).status_code == 302
    new = Draft.objects.latest("pk")
    assert new.choices["sheets"]["另一个表名"]["columns"] == {
        "0": "lead",
        "1": "points",
        "2": "area",
        "3": "section",
        "4": "title",
    }
    said = text(office.get(f"/standards/drafts/{new.pk}/?step=check"))
    assert "年那份《2018年表.xlsx》的读法" in said and "<b>8</b> 项" in said
    walk = Walk(office, new)
    walk.post("afresh")
    assert walk.choices()["sheets"] == {} and "2018年表" not in walk.page("step=columns")
    assert walk.post("afresh").status_code == 409
    # another agency has not heard of it
    theirs = as_(people, "乙局石玲佳")
    upload(theirs, book(ODD), "乙局表.xlsx")
    if (sha := (theirs.session.get("standard_import") or {})) and not Draft.objects.filter(
        agency=people.units["乙局"]
    ).exists():
        theirs.post("/standards/import/", {"open": next(iter(sha))})
    assert "form" not in Draft.objects.get(agency=people.units["乙局"]).choices


def test_the_role_of_a_sheet_is_set_from_the_list_and_headers_for_the_whole_file(
    client: Client, draft: Draft
) -> None:
    walk = Walk(client, draft)
    said = walk.page("step=columns")
    assert "文件里的表" in said and "全文件同名的列都这样读" in said
    walk.post("columns", sheet="标准", **{"col-6": "lead"})
    walk.post("columns", sheet="标准", act="role", role="notes")
    assert walk.choices()["sheets"]["标准"] == {"columns": {"6": "lead"}, "role": "notes"}
    walk.post("columns", sheet="标准", act="role", role="")
    assert walk.choices()["sheets"]["标准"] == {"columns": {"6": "lead"}}
    walk.post("columns", sheet="标准", **{"col-6": "co", "all-6": "on"})
    assert walk.choices()["headers"] == {"牵头处室": "co"}
    assert 'name="was-all-6"' in walk.page("step=columns")
    walk.post("columns", sheet="标准", **{"col-6": "lead", "was-all-6": "1"})
    assert walk.choices()["headers"] == {}


# ---- who, and how many questions


def test_the_new_routes_are_the_offices_own(draft: Draft, people: City) -> None:
    base = f"/standards/drafts/{draft.pk}/"
    for name in ("朱辉斌", "黎林波", "乙局石玲佳", "东县文明办", "系统管理员"):
        one = as_(people, name)
        for part in ("grid", "meaning", "afresh"):
            assert one.post(f"{base}{part}/").status_code == 404, (name, part)
        assert one.get(f"{base}grid/").status_code == one.get(f"{base}grid/?rows=1").status_code == 404
    office = as_(people, "石玲佳")
    assert office.get(f"{base}meaning/").status_code == office.get(f"{base}afresh/").status_code == 405
    assert not Edition.objects.exists()


def test_the_steps_ask_as_many_questions_at_any_size(people: City) -> None:
    office, counts = as_(people, "石玲佳"), []
    for leaves in (20, 300):
        rows = [
            [f"方面{n // 10 + 1}" if n % 10 == 0 else None, f"第{n}项：每季度开展一次", 1, "办公室"]
            for n in range(leaves)
        ]
        sha256 = (
            files.store()
            .put([workbook(rows, ["测评项目", "测评标准", "分值", "牵头处室"])], limit=10**8)
            .sha256
        )
        one = actions.begin(
            people.units["甲局"], by=people.users["石玲佳"], source_name=f"{leaves}.xlsx", sha256=sha256
        )
        base = f"/standards/drafts/{one.pk}/"
        found = []
        for path in (f"{base}grid/", f"{base}grid/?rows=1", f"{base}?step=meaning", f"{base}?step=columns"):
            office.get(path)
            with CaptureQueriesContext(connection) as asked:
                page = office.get(path)
            found.append(len(asked))
            assert page.status_code == 200 and len(page.content) < 130_000, (path, len(page.content))
        with CaptureQueriesContext(connection) as asked:
            assert post_cells(office, one, ["标准!B2", "points", "2", "1"]).json()["refused"] == []
        found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1] and max(counts[0][:4]) <= 14 and counts[0][4] <= 24, counts
