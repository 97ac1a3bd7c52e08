"""`taizhang ledger takeover` and what it asks the database: shown in time, nothing saved; saved whole with --by."""

import json
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.campaigns.models import Year
from taizhang.journal.models import Entry
from taizhang.kit.errors import Refused
from taizhang.ledger import cli
from taizhang.ledger.models import Item, Takeover, TakeoverWord
from taizhang.ledger.queries.takeover import facts_of, known_words
from taizhang.org.models import FormerName, Person, Unit

from ...people import City
from ..factory import TODAY, Ledger, ledger
from .shapes import put, workbook
from .test_files import archive


def run(
    made: Ledger, capsys: Any, file: Path, files: Path | None = None, *, dry: bool = True, by: str = ""
) -> dict[str, Any]:
    args = Namespace(
        campaign=made.campaign.name, file=file, files=files, year=2020, by=by, dry_run=dry, json=True
    )
    assert cli.ledger_takeover(args) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def sheet_of(made: Ledger, path: Path, rows: int = 0) -> Path:
    """A ledger of MADE's own items as an office would keep it in the middle of the year."""

    def write(book: Any, day: Any) -> None:
        sheet = book.add_worksheet("台账")
        for c, head in enumerate(["指标编号", "事项", "责任单位", "责任人", "完成时限", "状态"]):
            sheet.write(0, c, head)
        for n, item in enumerate(made.items[: rows or len(made.items)]):
            person = Person.objects.get(pk=item.person_id) if item.person_id else None
            for c, value in enumerate(
                [
                    item.code,
                    item.title,
                    str(item.lead or "办公室"),
                    person and person.name,
                    "9月底",
                    ["已完成", "进行中", "未启动", "办结中"][n % 4],
                ]
            ):
                put(sheet, 1 + n, c, value, day)

    path.write_bytes(workbook(write))
    return path


@pytest.fixture
def small(people: City, settings: Any) -> Ledger:
    settings.TODAY = TODAY.isoformat()
    return ledger(people, items=30, people=20, evidence=10)


def test_a_dry_run_shows_rows_and_files_and_writes_nothing(
    small: Ledger, capsys: Any, tmp_path: Path
) -> None:
    item = small.items[0]
    file = sheet_of(small, tmp_path / "台账.xlsx")
    beside = tmp_path / "材料.zip"
    beside.write_bytes(
        archive({f"{item.code}.1 不是.pdf": b"x", f"{item.no} 方案.pdf": b"x", "../坏.pdf": b"x"})
    )
    before = Entry.objects.count(), Item.objects.count()
    told = run(small, capsys, file, beside)
    assert (Entry.objects.count(), Item.objects.count()) == before and not Takeover.objects.exists()
    assert len(told["rows"]) == 30
    first = told["rows"][0]
    assert set(first) == {"row", "item", "state", "people", "due_on", "doubts"}
    assert (first["row"], first["item"], first["state"], first["due_on"]) == (
        2,
        item.code,
        "accepted",
        "2020-09-30",
    )
    assert first["people"] == [Person.objects.get(pk=item.person_id).staff_no]
    assert told["rows"][3]["state"] is None and "办结中" in told["rows"][3]["doubts"][0]
    by_name = {one["name"]: one for one in told["files"]}
    assert by_name[f"{item.no} 方案.pdf"]["item"] == item.code and set(by_name["../坏.pdf"]) == {
        "name",
        "item",
        "doubts",
    }
    assert by_name["../坏.pdf"]["item"] is None and "压缩包之外" in by_name["../坏.pdf"]["doubts"][0]


def test_what_cannot_be_read_is_refused(small: Ledger, capsys: Any, tmp_path: Path) -> None:
    file = tmp_path / "空.xlsx"
    file.write_bytes(b"")
    with pytest.raises(Refused, match="空"):
        run(small, capsys, file)
    file.write_text("姓名,电话\n张三,138\n", encoding="utf-8")
    with pytest.raises(Refused, match="没有找到台账"):
        run(small, capsys, file)
    good = sheet_of(small, tmp_path / "台账.xlsx", 3)
    with pytest.raises(Refused, match="找不到材料"):
        run(small, capsys, good, tmp_path / "没有")
    with pytest.raises(Refused, match="--by"):
        run(small, capsys, good, dry=False)
    with pytest.raises(Refused, match="没有叫"):
        run(small, capsys, good, dry=False, by="没有这个人")
    assert not Takeover.objects.exists()


def test_it_is_saved_as_the_person_of_by(small: Ledger, people: City, capsys: Any, tmp_path: Path) -> None:
    file = sheet_of(small, tmp_path / "台账.xlsx", 4)
    folder = tmp_path / "材料"
    folder.mkdir()
    (folder / f"{small.items[1].no} 方案.pdf").write_bytes(b"%PDF-1.4\n%%EOF")
    told = run(small, capsys, file, folder, dry=False, by=people.users["石玲佳"].username)
    made = Takeover.objects.get()
    assert made.state == "applied" and made.by == people.users["石玲佳"].person
    assert len(told["rows"]) == 4 and made.counts["files"] == 1


def test_facts_take_the_same_number_of_queries_whatever_the_size(people: City, settings: Any) -> None:
    settings.TODAY = TODAY.isoformat()
    made = ledger(people, items=20, people=10, evidence=5)
    other = ledger(people, "乙局", items=120, people=80, evidence=20)
    counts = []
    for one in (made, other):
        year = Year.objects.select_related("campaign__unit").get(pk=one.year.pk)
        with CaptureQueriesContext(connection) as seen:
            facts = facts_of(year)
        counts.append(len(seen))
        assert len(facts.items) == len(one.items) and all(
            item.slots or item.cadence == "event" for item in facts.items if item.lead_id
        )
        assert {unit.id for unit in facts.units} <= set(
            Unit.objects.filter(agency=one.agency).values_list("pk", flat=True)
        )
        assert {person.id for person in facts.people} == set(
            Person.objects.filter(agency=one.agency).values_list("pk", flat=True)
        )
    assert counts == [10, 10]


def test_former_names_and_remembered_words_are_known(small: Ledger) -> None:
    unit = small.departments[0]
    FormerName(unit=unit, name="老名字处", short_name="老处", until=TODAY).save()
    TakeoverWord(agency=small.agency, field="state", said="办结中", means="doing").save()
    facts = facts_of(small.year)
    assert next(one for one in facts.units if one.id == unit.pk).former == ("老名字处", "老处")
    assert known_words(small.agency) == {"state": {"办结中": "doing"}}


def test_the_whole_size_is_read_and_matched(people: City, capsys: Any, tmp_path: Path, settings: Any) -> None:
    settings.TODAY = TODAY.isoformat()
    made = ledger(people, evidence=10)
    file = sheet_of(made, tmp_path / "台账.xlsx")
    beside = tmp_path / "材料.zip"
    beside.write_bytes(archive({f"材料/{made.items[n % 259].code} {n}.pdf": b"x" for n in range(600)}))
    began = time.process_time()
    told = run(made, capsys, file, beside)
    spent = time.process_time() - began
    assert len(told["rows"]) == 259 and len(told["files"]) == 600
    assert sum(row["item"] == item.code for row, item in zip(told["rows"], made.items, strict=True)) == 259
    print(f"259 rows and 600 files shown in {spent:.2f} s of CPU")
