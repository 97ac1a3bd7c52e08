"""The ledger out to Excel and back: a round trip loses nothing, changes are shown first, bad cells are named."""

import argparse
import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taizhang.kit.errors import Refused
from taizhang.kit.tables import read_book
from taizhang.ledger import cli
from taizhang.ledger.models import Batch, Item
from taizhang.ledger.queries.sheet import sheet_rows, staff_of
from taizhang.ledger.rules.states import Status
from taizhang.ledger.sheets import compare, read_sheet
from taizhang.ledger.sheets.columns import COLUMNS, KEPT, LEDGER

from ..people import City
from .factory import TODAY, Ledger, ledger

AT = {column.key: at for at, column in enumerate(COLUMNS, 1)}
EVIL = '=HYPERLINK("http://evil","x")'


@pytest.fixture
def small(people: City, settings: Any) -> Ledger:
    settings.TODAY = TODAY.isoformat()
    return ledger(people, items=30, people=20, evidence=30)


def as_(people: City, name: str = "石玲佳") -> Client:
    client = Client()
    client.force_login(people.users[name])
    return client


def exported(client: Client, address: str = "") -> openpyxl.Workbook:
    answer = client.get(f"/ledger/items/export/{address}")
    assert answer.status_code == 200 and "spreadsheetml" in answer["Content-Type"]
    assert "%E5%8F%B0%E8%B4%A6" in answer["Content-Disposition"]
    return openpyxl.load_workbook(BytesIO(answer.content))


def saved(book: openpyxl.Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def upload(client: Client, data: bytes, name: str = "台账.xlsx") -> Any:
    return client.post("/ledger/items/import/", {"file": SimpleUploadedFile(name, data)})


def plan_of(page: str) -> str:
    return page.split('name="plan" value="')[1].split('"')[0]


def line_of(book: openpyxl.Workbook, pk: int) -> int:
    page = book[LEDGER]
    return next(row for row in range(2, page.max_row + 1) if page.cell(row, 1).value == pk)


def one_off(small: Ledger) -> Item:
    return next(
        item
        for item in Item.objects.filter(year=small.year)
        if item.cadence == "year" and item.status in ("doing", "received", "assigned")
    )


# ---- out


def test_the_workbook_has_every_row_its_marks_and_what_was_exported(people: City, small: Ledger) -> None:
    book = exported(as_(people))
    page = book[LEDGER]
    assert [cell.value for cell in page[1]] == [column.label for column in COLUMNS]
    assert page.max_row == len(small.items) + 1
    assert book[KEPT].sheet_state == "hidden"
    assert {page.cell(row, 1).value for row in range(2, page.max_row + 1)} == {
        item.pk for item in small.items
    }
    kinds = [one.type for one in page.data_validations.dataValidation]
    assert kinds == ["list", "list"]
    assert page.freeze_panes is not None and page.auto_filter.ref


def test_the_filter_goes_along(people: City, small: Ledger) -> None:
    closed = Item.objects.filter(year=small.year, status=Status.CLOSED).count()
    assert exported(as_(people), "?view=closed")[LEDGER].max_row == closed + 1


def test_formulas_stay_text(people: City, small: Ledger) -> None:
    Item.objects.filter(pk=small.items[0].pk).update(title=EVIL, requirement="+1+1", reason="@SUM(A1)")
    book = exported(as_(people))
    line = line_of(book, small.items[0].pk)
    for key, text in (("title", EVIL), ("requirement", "+1+1"), ("reason", "@SUM(A1)")):
        cell = book[LEDGER].cell(line, AT[key])
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_who_may_see_may_export_and_who_may_not_gets_404(people: City, small: Ledger) -> None:
    assert as_(people, "朱辉斌").get("/ledger/items/export/").status_code == 200
    assert as_(people, "乙局石玲佳").get(f"/ledger/items/export/?year={small.year.pk}").status_code == 404


# ---- round trip


def test_a_round_trip_loses_nothing(people: City, small: Ledger) -> None:
    data = saved(exported(as_(people)))
    user = people.users["石玲佳"]
    found = compare(
        read_sheet(read_book(data, "台账.xlsx")),
        small.year,
        sheet_rows(user, small.year, TODAY),
        staff_of(small.agency),
    )
    assert (found.changes, found.problems, found.notes, found.same) == ([], [], [], len(small.items))
    page = upload(as_(people), data).content.decode()
    assert "表和台账一样" in page and 'name="plan"' not in page


def test_changes_are_shown_then_saved_as_one_act_that_can_be_taken_back(people: City, small: Ledger) -> None:
    client = as_(people)
    book = exported(client)
    page = book[LEDGER]
    item = one_off(small)
    old = (item.lead_id, item.person_id, item.leader_id, item.due_on, item.priority)
    line = line_of(book, item.pk)
    page.cell(line, AT["lead"]).value = "法规处"
    page.cell(line, AT["person_no"]).value = people.users["白毅志"].person.staff_no
    page.cell(line, AT["person"]).value = "白毅志"
    page.cell(line, AT["leader"]).value = "马华斌"
    page.cell(line, AT["co"]).value = "办公室，宣传处"
    page.cell(line, AT["due_on"]).value = date(2020, 9, 25)
    page.cell(line, AT["priority"]).value = "" if item.priority else "是"
    answer = upload(client, saved(book))
    text = answer.content.decode()
    assert "会改 1 项" in text and "法规处" in text and "2020-09-25" in text and "马华斌" in text
    assert Item.objects.get(pk=item.pk).lead_id == old[0]
    done = client.post("/ledger/items/import/", {"plan": plan_of(text), "once": "x1"})
    assert done.status_code == 302
    item.refresh_from_db()
    assert str(item.lead) == "法规处" and str(item.person) == "白毅志" and str(item.leader) == "马华斌"
    assert item.due_on == date(2020, 9, 25) and [str(helper.unit) for helper in item.helpers.all()] == [
        "办公室",
        "宣传处",
    ]
    # once more out: nothing differs
    assert "表和台账一样" in upload(client, saved(exported(client))).content.decode()
    batch = Batch.objects.get()
    assert batch.count == 1
    assert client.post(f"/ledger/batches/{batch.pk}/undo/").status_code == 302
    item.refresh_from_db()
    assert (item.lead_id, item.person_id, item.leader_id, item.due_on, item.priority) == old


def test_what_others_changed_since_is_kept_and_the_same_cell_is_a_conflict(
    people: City, small: Ledger
) -> None:
    client = as_(people)
    book = exported(client)
    open_ = Item.objects.filter(year=small.year, lead__isnull=False).exclude(status__in=["closed", "waived"])
    first, second = open_[:2]
    law, press = people.units["法规处"], people.units["宣传处"]
    # somebody else moves both; the table changes only the second
    Item.objects.filter(pk__in=[first.pk, second.pk]).update(lead=press)
    book[LEDGER].cell(line_of(book, second.pk), AT["lead"]).value = (
        "法规处" if second.lead_id != law.pk else "审批处"
    )
    text = upload(client, saved(book)).content.decode()
    assert "在导出以后被改成了“宣传处”" in text and 'name="plan"' not in text
    assert f"{LEDGER}!L{line_of(book, second.pk)}" in text
    assert first.no not in text.split("要改的地方")[1].split("</section>")[0].replace(second.no, "")
    assert Item.objects.get(pk=first.pk).lead_id == press.pk


def test_a_change_between_preview_and_confirmation_is_refused(people: City, small: Ledger) -> None:
    client = as_(people)
    book = exported(client)
    item = one_off(small)
    book[LEDGER].cell(line_of(book, item.pk), AT["due_on"]).value = date(2020, 9, 25)
    plan = plan_of(upload(client, saved(book)).content.decode())
    Item.objects.filter(pk=item.pk).update(version=item.version + 1)
    answer = client.post("/ledger/items/import/", {"plan": plan})
    assert answer.status_code == 409 and "又有人改过其中 1 项" in answer.content.decode()
    assert not Batch.objects.exists()


def test_the_plan_cannot_be_forged_or_taken_by_another(people: City, small: Ledger) -> None:
    client = as_(people)
    book = exported(client)
    book[LEDGER].cell(line_of(book, one_off(small).pk), AT["due_on"]).value = date(2020, 9, 25)
    plan = plan_of(upload(client, saved(book)).content.decode())
    assert client.post("/ledger/items/import/", {"plan": plan + "x"}).status_code == 409
    assert as_(people, "马华斌").post("/ledger/items/import/", {"plan": plan}).status_code == 409
    assert as_(people, "朱辉斌").post("/ledger/items/import/", {"plan": plan}).status_code == 403
    assert not Batch.objects.exists()


# ---- bad input


def bad(people: City, book: openpyxl.Workbook) -> str:
    answer = upload(as_(people), saved(book))
    text = answer.content.decode()
    assert 'name="plan"' not in text
    assert not Batch.objects.exists()
    return str(text)


BAD_CELLS: list[tuple[str, Any, str]] = [
    ("lead", "外星处", "本机关没有“外星处”"),
    ("lead", "", "牵头处室不能清空"),
    ("person_no", "X999", "没有工号 X999"),
    ("person", "无此人", "没有“无此人”"),
    ("co", "办公室、外星处", "本机关没有“外星处”"),
    ("due_on", "2020年2月30日", "不是日期"),
    ("due_on", "2020-02-30", "不是日期"),
    ("due_on", "尽快", "不是日期"),
    ("due_on", "", "期限不能清空"),
    ("priority", "也许", "重点写“是”或留空"),
    ("id", 99999999, "不是本年度台账的事项"),
    ("id", "abc", "不是本年度台账的事项"),
    ("no", "Ⅲ-999", "请核对这一行是不是串行了"),
]


def test_each_bad_cell_is_named_with_what_to_do(people: City, small: Ledger) -> None:
    data = saved(exported(as_(people)))
    for key, value, words in BAD_CELLS:
        book = openpyxl.load_workbook(BytesIO(data))
        line = line_of(book, one_off(small).pk)
        book[LEDGER].cell(line, AT[key]).value = value
        text = bad(people, book)
        place = f"{LEDGER}!{openpyxl.utils.get_column_letter(AT[key])}{line}"
        assert words in text and place in text, (key, value)


def test_all_problems_at_once(people: City, small: Ledger) -> None:
    book = exported(as_(people))
    page = book[LEDGER]
    lines = [
        line_of(book, item.pk)
        for item in Item.objects.filter(year=small.year).exclude(status__in=["closed", "waived"])[:3]
    ]
    for line in lines:
        page.cell(line, AT["lead"]).value = "外星处"
    page.append([None] * 3 + ["多出来的一行"])
    page.append([page.cell(lines[0], column).value for column in range(1, len(COLUMNS) + 1)])
    text = bad(people, book)
    assert "有 5 处不对" in text and "没有系统号" in text and "已经有了" in text


def test_several_periods_cannot_be_moved_as_one(people: City, small: Ledger) -> None:
    book = exported(as_(people))
    item = next(
        one
        for one in Item.objects.filter(year=small.year)
        if one.cadence == "month" and one.status == "doing"
    )
    book[LEDGER].cell(line_of(book, item.pk), AT["due_on"]).value = date(2020, 9, 9)
    assert "有多期" in bad(people, book)


def test_a_person_of_one_name_with_another_is_asked_for_by_number(people: City, small: Ledger) -> None:
    for person in small.people[:2]:
        person.name = "同名人"
        person.save()
    book = exported(as_(people))
    book[LEDGER].cell(line_of(book, one_off(small).pk), AT["person"]).value = "同名人"
    assert "叫“同名人”的有 2 人" in bad(people, book)


def test_a_missing_column_leaves_its_content_alone_and_no_key_column_is_refused(
    people: City, small: Ledger
) -> None:
    book = exported(as_(people))
    book[LEDGER].delete_cols(AT["co"])
    text = upload(as_(people), saved(book)).content.decode()
    assert "没有配合处室列" in text and "表和台账一样" in text
    book = exported(as_(people))
    book[LEDGER].delete_cols(1, 2)
    answer = upload(as_(people), saved(book))
    assert answer.status_code == 409 and "没有“系统号”列" in answer.content.decode()


def test_another_years_table_is_refused(people: City, small: Ledger) -> None:
    book = exported(as_(people))
    book[KEPT].cell(1, 2).value = str(small.year.pk + 1000)
    answer = upload(as_(people), saved(book))
    assert answer.status_code == 409 and "不能导入" in answer.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_is_read_and_says_that_it_has_no_draft(people: City, small: Ledger, encoding: str) -> None:
    item = one_off(small)
    data = f"编号,牵头处室,期限\n{item.no},{item.lead},2020-09-25\n".encode(encoding)
    text = upload(as_(people), data, "台账.csv").content.decode()
    assert (
        "会改 1 项" in text
        and "没有导出时的底稿" in text
        and f"另有 {len(small.items) - 1} 项不在表里" in text
    )


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.xlsx"),
        (b"PK\x03\x04 broken", "a.xlsx"),
        (b"%PDF-1.4", "a.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls"),
        ("甲,乙\n1,2\n".encode(), "a.csv"),
    ],
)
def test_what_is_no_ledger_is_refused_in_words(people: City, small: Ledger, data: bytes, name: str) -> None:
    answer = upload(as_(people), data, name)
    assert answer.status_code in (409, 422)
    assert "导入改动" in answer.content.decode() and not Batch.objects.exists()


# ---- command line


def run(*words: str) -> int:
    top = argparse.ArgumentParser()
    sub = top.add_subparsers()
    cli.register(lambda name, words: sub.add_parser(name).add_subparsers())
    args = top.parse_args(["ledger", *words])
    return int(args.run(args))


def test_the_command_line_does_the_same(people: City, small: Ledger, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "台账.xlsx"
    assert run("export", "甲局创建文明单位", str(file), "--year", "2020", "--json") == 0
    assert json.loads(capsys.readouterr().out)["items"] == len(small.items)
    book = openpyxl.load_workbook(file)
    item = one_off(small)
    book[LEDGER].cell(line_of(book, item.pk), AT["due_on"]).value = date(2020, 9, 25)
    book.save(file)
    assert run("import", str(small.campaign.pk), str(file), "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["changed"], said["same"]) == (1, len(small.items) - 1)
    assert Item.objects.get(pk=item.pk).due_on == date(2020, 9, 25)


@pytest.mark.parametrize(
    "words", [("export", "没有", "x.xlsx"), ("export", "甲局创建文明单位", "x.xlsx", "--year", "1999")]
)
def test_the_command_line_refuses_in_words(people: City, small: Ledger, words: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="没有"):
        run(*words)
