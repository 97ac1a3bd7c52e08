"""并件: pieces of a draft become one 件 and are parted again; what follows for numbers, checks, lists and the package."""

import hashlib
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taizhang.config.cli import main
from taizhang.evidence import actions
from taizhang.evidence.models import Evidence, Filed, Volume
from taizhang.evidence.queries import archive as filing
from taizhang.evidence.queries.archive_differs import differs
from taizhang.evidence.rules import archive as rules
from taizhang.evidence.rules.archive import Piece
from taizhang.evidence.rules.archive_checks import Seen, examined
from taizhang.evidence.sheets import archive_out, archive_package, archive_run
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.kit.files import store
from taizhang.kit.tables import OutSheet, read_book, write_xlsx

from ..ledger.world import hand_out, world
from ..reports.samples import locked, pdf, words_of
from .archive_world import Archive
from .test_archive import damage, problems

MAIN = Piece(
    1, 11, "材-2020-000001", "Y", "BGS", 0, "", "甲局", "关于命名的决定", date(2020, 6, 8), "", 2, ""
)
NUMBER = "Z109-WS·2020-D30-FGC-0001"


# ---- decided, without a database


def annex(key: int, place: int, of: int = 1, **more: Any) -> Piece:
    return replace(
        MAIN, key=key, evidence=key + 10, retention="D10", code="XXX", annex_of=of, annex=place, **more
    )


def test_an_annex_follows_its_main_piece_and_takes_no_number() -> None:
    later = replace(MAIN, key=2, evidence=12, dated_on=date(2020, 9, 1))
    found = rules.numbered([annex(9, 2), later, annex(8, 1), MAIN, annex(7, 1, of=2)])
    assert [(one.key, one.retention, one.code, one.no, one.annex) for one in found] == [
        (1, "Y", "BGS", 1, 0), (8, "Y", "BGS", 1, 1), (9, "Y", "BGS", 1, 2), (2, "Y", "BGS", 2, 0), (7, "Y", "BGS", 2, 1),
    ]  # fmt: skip
    assert rules.part_name(NUMBER, 0) == NUMBER and rules.part_name(NUMBER, 2) == f"{NUMBER}-附2"


def test_the_pages_of_all_parts_are_those_of_the_piece_and_it_is_not_parted_between_boxes() -> None:
    whole = rules.wholes([MAIN, annex(8, 1, pages=100), annex(9, 2, pages=60)])
    assert [(one.key, one.pages) for one in whole] == [(1, 162)]
    boxes = rules.boxes(whole)
    assert [(box.thick, box.pieces, box.pages) for box in boxes] == [(30, 1, 162)]
    other = replace(MAIN, key=2, evidence=12, pages=300, no=2)
    assert len(rules.boxes(rules.wholes([MAIN, annex(8, 1, pages=100), other]))) == 2


def test_checks_ask_an_annex_for_its_bytes_its_record_its_use_and_its_safety_only() -> None:
    bare = annex(8, 1, title="[ ]", issuer="", dated_on=None)
    fine = Seen(mime="application/pdf", shows=True)
    numbers = {1: NUMBER, 8: f"{NUMBER}-附1"}
    main = replace(MAIN, no=1)
    assert not any(one.problems for one in examined([main, bare], numbers, {1: fine, 8: fine}, 2020))
    bad = replace(
        fine,
        fault="文件不在",
        in_journal=False,
        state="unreadable",
        warnings=("macro",),
        mime="video/x-flv",
        shows=False,
    )
    told = examined([main, bare], numbers, {1: fine, 8: bad}, 2020)
    assert [[one.text[:4] for one in check.problems] for check in told] == [
        ["文件不在", "操作日志"],
        [],
        ["读不出来", "格式（v"],
        ["带有宏"],
    ]
    assert {one.archive_no for check in told for one in check.problems} == {f"{NUMBER}-附1"}
    assert examined([main, bare], numbers, {1: fine, 8: Seen()}, 2020)[1].problems[0].text == "没有文件"


# ---- through the door


@pytest.fixture
def a(people: Any, settings: Any, tmp_path: Path, db: None) -> Archive:
    settings.TODAY = "2020-12-20"
    settings.BOUND = tmp_path / "bound"
    made = Archive(people)
    made.fonds()
    return made


def filed(volume: Volume, evidence: Evidence) -> Filed:
    return Filed.objects.get(volume=volume, evidence=evidence)


def shown(volume: Volume) -> list[str]:
    """Titles in the volume's order, annexes with a mark."""
    return [("附" if row.annex_of_id else "") + row.title for row in filing.listed(volume)]


def join(a: Archive, volume: Volume, main: Evidence, *others: Evidence) -> Volume:
    rows = [filed(volume, one).pk for one in (main, *others)]
    made: Volume = actions.join_pieces(volume, by=a.clerk, rows=rows, main=rows[0])
    return made


@pytest.fixture
def plan(a: Archive) -> Evidence:
    return a.piece("2020年创建工作方案.pdf", unit="法规处", happened_on=date(2020, 3, 2))


@pytest.fixture
def table(a: Archive) -> Evidence:
    """Of another department and another term, and without a date: none of it matters once it is an annex."""
    return a.piece("任务分解表.pdf", pdf(5, words="table"), kind="table", happened_on=None)


@pytest.fixture
def signed(a: Archive) -> Evidence:
    return a.piece("签到.txt", "张三 李四".encode(), unit="创建办")


def test_rows_become_one_piece_with_the_main_ones_class_and_are_parted_with_their_own(
    a: Archive, plan: Evidence, table: Evidence, signed: Evidence
) -> None:
    decision = a.piece()
    volume = a.volume([decision, plan, table, signed])
    actions.number_pieces(volume, by=a.clerk)
    own = {one: (filed(volume, one).retention, filed(volume, one).code) for one in (table, signed)}
    join(a, volume, plan, signed, table)
    assert filed(volume, plan).no == 0 and filed(volume, decision).no == 1, (
        "the joined one is numbered anew, no other"
    )
    assert [row.title for row in filing.listed(volume) if row.annex_of_id] == [
        "签到",
        "任务分解表",
    ], "as given"
    with pytest.raises(Refused, match="请先点“编号”"):
        actions.ask_check(volume, by=a.clerk)
    actions.number_pieces(volume, by=a.clerk)
    assert shown(volume) == ["关于表彰先进的决定", "2020年创建工作方案", "附签到", "附任务分解表"]
    found = {row.evidence_id: row for row in filing.listed(volume)}
    assert [filing.name_of(found[one.pk]) for one in (plan, signed, table)] == [
        NUMBER,
        f"{NUMBER}-附1",
        f"{NUMBER}-附2",
    ]
    assert [filing.piece_of(found[one.pk]).place for one in (plan, signed, table)] == [("D30", "FGC")] * 3
    actions.arrange(volume, by=a.clerk, rows=[filed(volume, plan).pk], retention="Y", code="CJB")
    assert {filing.piece_of(row).place for row in filing.listed(volume)} == {("Y", "BGS"), ("Y", "CJB")}
    assert filing.with_counts(Volume.objects.all()).get().pieces == 2  # type: ignore[attr-defined]
    actions.part_pieces(volume, by=a.clerk, rows=[filed(volume, signed).pk])
    assert filed(volume, table).order == 1, "counted from 1 again"
    actions.part_pieces(volume, by=a.clerk, rows=[filed(volume, plan).pk])
    assert not Filed.objects.filter(annex_of__isnull=False).exists()
    assert {one: (filed(volume, one).retention, filed(volume, one).code) for one in (table, signed)} == own
    actions.number_pieces(volume, by=a.clerk)
    assert all(row.no for row in filing.listed(volume)) and len(shown(volume)) == 4
    assert set(Evidence.objects.values_list("uses", flat=True)) == {1}


def test_annexes_of_what_is_joined_come_along_behind_it(
    a: Archive, plan: Evidence, table: Evidence, signed: Evidence
) -> None:
    decision, late = a.piece(), a.piece("补充说明.pdf")
    volume = a.volume([decision, plan, table, signed, late])
    join(a, volume, plan, table)
    join(a, volume, decision, signed)
    join(a, volume, plan, late)
    assert [title for title in shown(volume) if title.startswith("附")] == [
        "附任务分解表",
        "附补充说明",
        "附签到",
    ]
    join(a, volume, decision, plan)
    assert shown(volume) == ["关于表彰先进的决定", "附签到", "附2020年创建工作方案", "附任务分解表", "附补充说明"]  # fmt: skip
    assert {row.annex_of_id for row in filing.listed(volume)} == {None, filed(volume, decision).pk}
    assert [row.order for row in filing.listed(volume)][1:] == [1, 2, 3, 4]


def test_what_may_not_be_joined_or_parted_is_refused_in_words(
    a: Archive, plan: Evidence, table: Evidence, signed: Evidence
) -> None:
    volume, strange = a.volume([plan, table, signed]), a.piece("别册.pdf")
    other = a.volume([strange])
    row = {one: filed(volume, one).pk for one in (plan, table, signed)}
    for rows, main_row, words in (
        ([], 0, "还没有勾选"), ([row[plan]], row[plan], "只勾选了一件“2020年创建工作方案”"), ([row[plan]] * 3, row[plan], "只勾选了一件"),
        ([row[plan], row[table]], row[signed], "没有选哪一件是主件"), ([row[plan], filed(other, strange).pk], row[plan], "已不在本册里"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            actions.join_pieces(volume, by=a.clerk, rows=rows, main=main_row)
    with pytest.raises(Refused, match="不用拆开"):
        actions.part_pieces(volume, by=a.clerk, rows=[row[plan]])
    join(a, volume, plan, table)
    with pytest.raises(Refused, match="“任务分解表”已是“2020年创建工作方案”的附件"):
        actions.join_pieces(volume, by=a.clerk, rows=[row[table], row[signed]], main=row[signed])
    with pytest.raises(Refused, match="没有选哪一件是主件.*附件不能当主件"):
        actions.join_pieces(volume, by=a.clerk, rows=[row[plan], row[table], row[signed]], main=row[table])
    with pytest.raises(Refused, match="只勾选了一件"):
        actions.join_pieces(volume, by=a.clerk, rows=[row[plan], row[table]], main=row[plan])
    for user in ("黎林波", "乙局石玲佳"):
        for verb, more in ((actions.join_pieces, {"main": row[plan]}), (actions.part_pieces, {})):
            with pytest.raises(NotPermitted):
                verb(volume, by=a.people.users[user], rows=[row[plan], row[signed]], **more)
    with pytest.raises(Stale):
        actions.join_pieces(
            volume, by=a.clerk, rows=[row[plan], row[signed]], main=row[plan], seen=volume.version + 7
        )
    assert Filed.objects.filter(annex_of__isnull=False).count() == 1


def test_a_hundred_annexes_are_too_many(a: Archive, plan: Evidence) -> None:
    volume = a.volume([plan, *(a.link() for _ in range(100))])
    rows = [row.pk for row in filing.listed(volume)]
    with pytest.raises(Refused, match="最多 99 份附件，这里有 100 份"):
        actions.join_pieces(volume, by=a.clerk, rows=rows, main=rows[0])
    actions.join_pieces(volume, by=a.clerk, rows=rows[:100], main=rows[0])
    with pytest.raises(Refused, match="最多 99 份附件，这里有 100 份"):
        actions.join_pieces(volume, by=a.clerk, rows=[rows[0], rows[100]], main=rows[0])


def test_a_sealed_volume_is_neither_joined_nor_parted(a: Archive, plan: Evidence, table: Evidence) -> None:
    volume = a.volume([plan, table, a.piece()])
    join(a, volume, plan, table)
    sealed = a.sealed(volume)
    rows = [row.pk for row in filing.listed(sealed)]
    with pytest.raises(Refused, match="已经封存，不能再改"):
        actions.join_pieces(sealed, by=a.clerk, rows=rows, main=rows[0])
    with pytest.raises(Refused, match="已经封存，不能再改"):
        actions.part_pieces(sealed, by=a.clerk, rows=rows)


def test_an_annex_is_described_by_its_main_row(a: Archive, plan: Evidence, table: Evidence) -> None:
    volume = a.volume([plan, table])
    join(a, volume, plan, table)
    row, head = filed(volume, table), filed(volume, plan)
    said = {"title": "改", "doc_no": "", "issuer": "", "secrecy": "", "note": ""}
    with pytest.raises(Refused, match="“任务分解表”是“2020年创建工作方案”的附件.*先拆开"):
        actions.describe(row, by=a.clerk, retention="Y", code="BGS", dated_on=None, **said)
    with pytest.raises(Refused, match="是“2020年创建工作方案”的附件"):
        actions.arrange(volume, by=a.clerk, rows=[row.pk], note="改")
    actions.arrange(volume, by=a.clerk, rows=[row.pk, head.pk], retention="Y", note="一起勾选")
    assert (filed(volume, plan).note, filed(volume, table).note) == ("一起勾选", "")
    assert filing.piece_of(filing.listed(volume)[1]).retention == "Y"


def test_the_newest_version_of_an_annex_is_filed_when_asked(
    a: Archive, plan: Evidence, table: Evidence
) -> None:
    volume = a.volume([plan, table])
    join(a, volume, plan, table)
    data = pdf(3, words="anew")
    actions.add_version(
        table, by=a.clerk, stored=store().put([data], limit=len(data) + 1), original_name="新.pdf"
    )
    actions.arrange(
        volume, by=a.clerk, rows=[filed(volume, plan).pk, filed(volume, table).pk], renew=True, retention="Y"
    )
    assert (
        filed(volume, table).file.no == 2 and filed(volume, table).retention == "D30"  # type: ignore[union-attr]
    ), "the file alone"


def test_a_main_row_takes_its_annexes_out_and_an_annex_leaves_alone(
    a: Archive, plan: Evidence, table: Evidence, signed: Evidence
) -> None:
    volume = a.volume([plan, table, signed])
    join(a, volume, plan, table, signed)
    actions.take_out(volume, by=a.clerk, rows=[filed(volume, table).pk])
    assert filed(volume, signed).order == 1 and Evidence.objects.get(pk=table.pk).uses == 0
    assert filing.taken_along(volume, [filed(volume, plan).pk]) == (1, 1)
    actions.take_out(volume, by=a.clerk, rows=[filed(volume, plan).pk])
    assert not Filed.objects.exists() and set(Evidence.objects.values_list("uses", flat=True)) == {0}
    actions.file_in(volume, by=a.clerk, pieces=[plan.pk, table.pk])
    join(a, volume, plan, table)
    actions.discard_volume(volume, by=a.clerk)
    assert not Volume.objects.exists() and set(Evidence.objects.values_list("uses", flat=True)) == {0}


def test_the_digest_knows_the_joining_and_the_order_and_a_check_is_asked_anew(
    a: Archive, plan: Evidence, table: Evidence, signed: Evidence
) -> None:
    volume = a.volume([plan, table, signed])

    def digest() -> str:
        return filing.digest_of(volume, filing.listed(volume), filing.fonds_of(a.agency))

    told = [digest()]
    for others in ((table, signed), (signed, table)):
        join(a, volume, plan, *others)
        told.append(digest())
        actions.part_pieces(volume, by=a.clerk, rows=[filed(volume, plan).pk])
    join(a, volume, table, signed, plan)
    told.append(digest())
    assert len(set(told)) == 4
    actions.part_pieces(volume, by=a.clerk, rows=[filed(volume, table).pk])
    actions.take_out(volume, by=a.clerk, rows=[filed(volume, table).pk])  # it has no date
    checked = a.checked(volume)
    assert not [one for texts in problems(checked).values() for one in texts]
    join(a, checked, plan, signed)
    with pytest.raises(Refused, match="检测后内容有改动"):
        actions.ask_seal(checked, by=a.clerk)


def test_the_four_checks_look_at_the_bytes_of_an_annex(a: Archive, plan: Evidence, table: Evidence) -> None:
    volume = a.volume([plan, table])
    join(a, volume, plan, table)
    assert problems(a.checked(volume))["完整性"] == [], "an annex without a date is no fault"
    damage(table)
    checked = a.checked(volume)
    told = [one for check in checked.checks for one in check["problems"]]
    assert [(one["archive_no"], one["title"]) for one in told] == [(f"{NUMBER}-附1", "任务分解表")]
    with pytest.raises(Refused, match="SHA-256"):
        actions.ask_seal(checked, by=a.clerk)


def test_a_later_volume_keeps_what_was_joined_and_tells_what_is_joined_or_parted(
    a: Archive, plan: Evidence, table: Evidence, signed: Evidence
) -> None:
    decision, rule = a.piece(), a.piece("请销假制度.pdf")
    volume = a.volume([decision, plan, table, signed, rule])
    join(a, volume, plan, table)
    first = a.sealed(volume)
    second = actions.succeed(first, by=a.clerk)
    assert shown(second) == shown(first)
    assert {row.annex_of.volume_id for row in filing.listed(second) if row.annex_of} == {second.pk}
    told = differs(second)
    assert told and not (told.added or told.gone or told.changed)
    join(a, second, plan, signed)
    told = differs(second)
    assert told and not (told.added or told.gone)
    assert [one.split("　")[1] for one in told.changed] == [
        "2020年创建工作方案：件号、附件",
        "签到：并入“2020年创建工作方案”",
    ]
    before = filed(first, signed).no
    assert before
    actions.number_pieces(second, by=a.clerk)
    assert filed(second, plan).archive_no == NUMBER, "keeps its number"
    actions.part_pieces(second, by=a.clerk, rows=[filed(second, plan).pk])
    actions.number_pieces(second, by=a.clerk)
    assert filed(second, signed).no == before, "and so does what is parted again"
    assert filed(second, table).no > 0
    told = differs(second)
    assert told and [one.split("　")[1] for one in told.changed] == [
        "任务分解表：从“2020年创建工作方案”拆出",
        "2020年创建工作方案：附件",
    ]
    actions.take_out(second, by=a.clerk, rows=[filed(second, decision).pk])
    told = differs(second)
    assert told and len(told.gone) == 1


# ---- the package


@pytest.fixture
def packed(a: Archive, plan: Evidence, table: Evidence, signed: Evidence, tmp_path: Path) -> Path:
    """A sealed volume of two 件, the first of them with a PDF, a workbook and a link as annexes; given out."""
    book = io.BytesIO()
    write_xlsx(book, [OutSheet("表", ["甲", "乙"], [["1", "2"]], [10, 10])])
    sheet = a.piece("名单.xlsx", book.getvalue(), kind="table")
    link = a.link()
    volume = a.volume([plan, table, sheet, link, a.piece()])
    join(a, volume, plan, table, sheet, link)
    draft = a.checked(volume)
    answers = {one["key"]: "网页已截图存档" for check in draft.checks for one in check["problems"]}
    actions.answer_check(draft, by=a.clerk, answers=answers)
    folder = tmp_path / "out"
    folder.mkdir()
    archive_out.give_out(a.sealed(volume), folder)
    return folder


def test_the_package_holds_annexes_beside_the_main_one_under_its_number(packed: Path) -> None:
    place = packed / "30年" / NUMBER
    assert sorted(path.name.removeprefix(NUMBER) for path in place.iterdir()) == [
        "-附1.pdf", "-附2.xlsx", "-附2（页面副本）.pdf", "-附3（页面副本）.pdf", ".pdf", "（元数据）.xml", "（归档章）.pdf",
    ]  # fmt: skip
    manifest = json.loads((packed / "清单.json").read_bytes())
    assert manifest["pieces"] == 2
    assert [(one["piece"], one["annex"], one["title"], len(one["files"])) for one in manifest["annexes"]] == [
        (NUMBER, 1, "任务分解表", 1), (NUMBER, 2, "名单", 2), (NUMBER, 3, "网上报道", 1),
    ]  # fmt: skip
    told = {one["path"]: one["sha256"] for one in manifest["files"]}
    there = {
        str(path.relative_to(packed)): path
        for path in packed.rglob("*")
        if path.is_file() and not path.name.startswith("清单")
    }
    assert told == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()}, (
        "whole"
    )
    assert "和主件算一件" in (packed / "说明.txt").read_text(encoding="utf-8")


def test_the_stamp_stands_on_the_main_one_only_and_counts_all_pages(packed: Path) -> None:
    place = packed / "30年" / NUMBER
    stamped = words_of(place / f"{NUMBER}（归档章）.pdf")[0]
    total = ElementTree.parse(place / f"{NUMBER}（元数据）.xml").getroot().findtext("形式特征/件内页数", "")
    assert total == "4" and total in stamped and "FGC" in stamped and "0001" in stamped
    for copy in ("附2", "附3"):
        words = words_of(place / f"{NUMBER}-{copy}（页面副本）.pdf")[0]
        assert "全宗号" not in words and "机构" not in words, copy
    assert "example.cn" in words.replace("\u200b", "")


def test_the_catalogue_has_one_line_and_the_metadata_name_the_parts(packed: Path) -> None:
    rows = read_book((packed / "归档文件目录.xlsx").read_bytes(), "目录.xlsx").sheets[0].rows
    assert [row[4] for row in rows[1:]] == ["关于表彰先进的决定", "2020年创建工作方案"]
    found = ElementTree.parse(packed / "30年" / NUMBER / f"{NUMBER}（元数据）.xml").getroot()
    assert str(rows[2][7]) == found.findtext("形式特征/件内页数")
    text = "".join(words_of(packed / "归档文件目录.pdf"))
    assert NUMBER in text and "任务分解表" not in text and "附1" not in text
    parts = found.findall("组成部分/附件")
    assert [(one.get("序号"), one.findtext("题名")) for one in parts] == [
        ("1", "任务分解表"),
        ("2", "名单"),
        ("3", "网上报道"),
    ]
    assert parts[0].findtext("文件/包内名称") == f"{NUMBER}-附1.pdf" and len(parts[1].findall("文件")) == 2
    assert "https://example.cn" in parts[2].findtext("网址", "")
    assert "2 件（含附件 3 份）" in words_of(packed / "封面.pdf")[0].replace("\n", "")
    assert not list(packed.rglob("附*.xml")), "one for the whole"


def test_a_locked_annex_is_kept_and_told(a: Archive, plan: Evidence, tmp_path: Path) -> None:
    """A PDF lasts as it is: no copy is tried, and the checks ask for another."""
    volume = a.volume([plan, a.piece("加密.pdf", locked())])
    join(a, volume, plan, Evidence.objects.get(title="加密"))
    actions.number_pieces(volume, by=a.clerk)
    lot = archive_run.lot_of(archive_run.find(volume.pk))
    one, two = (archive_package.build(lot, tmp_path / at, lambda *told: None).files for at in ("one", "two"))
    assert one == two, "the same bytes"
    assert f"30年/{NUMBER}/{NUMBER}-附1.pdf" in one and not any("页面副本" in name for name in one)


def test_the_command_gives_out_a_draft_with_annexes_and_seals_it(
    people: Any, settings: Any, tmp_path: Path, capsys: Any, db: None
) -> None:
    settings.TODAY = "2020-01-06"
    settings.BOUND = tmp_path / "bound"
    w = world(people)
    hand_out(w)
    settings.TODAY = "2020-12-20"
    a = Archive(people)
    a.fonds()
    names = ("1月会议纪要.pdf", "1月工作总结.pdf", "签到表.pdf")
    pieces = [a.piece(name, happened_on=date(2020, 1, 20)) for name in names]
    volume = a.volume(pieces)
    join(a, volume, pieces[0], pieces[2])
    for words, folder in (((), "draft"), (("--seal",), "sealed")):
        assert main(["archive", str(w.campaign.pk), str(tmp_path / folder), "--json", *words]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["pieces"] == 2 and all(one["passed"] for one in told["checks"])
        there = [path.name for path in (tmp_path / folder).rglob("*附1.pdf")]
        assert len(there) == 1 and there[0].startswith("Z109-WS·2020-D30-BGS-000")


# ---- the pages


def test_the_way_of_joining_on_the_pages(
    a: Archive, as_: Any, plan: Evidence, table: Evidence, signed: Evidence
) -> None:
    volume = a.volume([a.piece(), plan, table, signed])
    actions.number_pieces(volume, by=a.clerk)
    clerk = as_("石玲佳")
    url, join_url = reverse("volume", args=[volume.pk]), reverse("volume_join", args=[volume.pk])
    ids = {one: filed(volume, one).pk for one in (plan, table, signed)}
    got = clerk.post(join_url, {"pk": [ids[plan]]})
    assert got.status_code == 409 and "只勾选了一件" in got.content.decode()
    assert f'value="{ids[plan]}" aria-label="选中 2020年创建工作方案" checked' in got.content.decode()
    got = clerk.post(join_url, {"pk": list(ids.values())})
    text = got.content.decode()
    assert got.status_code == 200 and text.count('type="radio"') == 3 and text.count(" checked") == 1
    assert not Filed.objects.filter(annex_of__isnull=False).exists() and filed(volume, plan).no, (
        "only asked so far"
    )
    sent = {
        "pk": list(ids.values()),
        "main": ids[plan],
        f"place-{ids[signed]}": "1",
        f"place-{ids[table]}": "2",
    }
    got = clerk.post(join_url, sent | {"main": ids[plan] + 999})
    assert got.status_code == 409 and "没有选哪一件是主件" in got.content.decode() and 'value="2"' in text
    got = clerk.post(join_url, sent | {"seen": volume.version + 9})
    assert got.status_code == 409 and "刚被他人修改过" in got.content.decode()
    got = clerk.post(join_url, sent)
    assert got.status_code == 302
    page = clerk.get(url).content.decode()
    assert page.count('class="annex"') == 2 and "2 件（含附件 2 份）" in page and "拆开</button>" in page
    assert page.index("2020年创建工作方案") < page.index("签到</a>") < page.index("任务分解表</a>")
    clerk.post(reverse("volume_number", args=[volume.pk]))
    sheet = read_book(clerk.get(reverse("volume_catalogue", args=[volume.pk])).content, "目录.xlsx").sheets[0]
    assert [(row[1], row[4], row[7]) for row in sheet.rows[2:]] == [(NUMBER, "2020年创建工作方案", 4)]
    piece = reverse("filing", args=[ids[table]])
    page = clerk.get(piece).content.decode()
    assert f"{NUMBER}-附2" in page and "随主件" in page and 'name="retention"' not in page
    got = clerk.post(piece, {"title": "改", "retention": "Y", "code": "BGS", "dated_on": ""})
    assert got.status_code == 409 and "先拆开" in got.content.decode()
    page = clerk.get(reverse("filing", args=[ids[plan]])).content.decode()
    assert "这一件有附件 2 份" in page and "4 页" in page
    got = clerk.post(reverse("volume_part", args=[volume.pk]), {"pk": [ids[table]]})
    assert got.status_code == 302 and filed(volume, table).annex_of_id is None
    got = clerk.post(
        reverse("volume_take_out", args=[volume.pk]), {"pk": [ids[plan], ids[signed]]}, follow=True
    )
    assert "已取出1 件、附件 1 份，材料还在材料库里" in got.content.decode()
    got = clerk.post(reverse("volume_part", args=[volume.pk]), {"pk": [ids[table]]})
    assert got.status_code == 409 and "不用拆开" in got.content.decode()


def test_pieces_far_apart_are_found_by_any_of_the_words_and_joined(
    a: Archive, as_: Any, plan: Evidence, table: Evidence
) -> None:
    """Two on different sheets of a long list are ticked together; a refusal and the way back keep the list."""
    volume = a.volume([plan, *(a.link() for _ in range(120)), table])
    actions.number_pieces(volume, by=a.clerk)
    clerk = as_("石玲佳")
    url = reverse("volume", args=[volume.pk])
    ids = [filed(volume, one).pk for one in (plan, table)]
    page = clerk.get(f"{url}?q=创建工作 分解").content.decode()
    assert [f'value="{pk}"' in page for pk in ids] == [True, True]
    assert page.count('name="pk"') == 2 and "122 件</span>" in page and "2 件有其中的字" in page
    assert "没有这样的件" in clerk.get(f"{url}?q=没有这些字").content.decode()
    got = clerk.post(reverse("volume_join", args=[volume.pk]), {"pk": ids[:1], "q": "创建工作 分解"})
    assert got.status_code == 409 and got.content.decode().count('name="pk"') == 2
    sent = {"pk": ids, "main": ids[0], "q": "创建工作 分解"}
    got = clerk.post(reverse("volume_join", args=[volume.pk]), sent)
    assert "121 件（含附件 1 份）" in clerk.get(got["Location"]).content.decode()
    page = clerk.get(f"{url}?q=分解").content.decode()
    assert page.count('name="pk"') == 2, "an annex is found with its main row"


def test_the_number_of_queries_does_not_grow_with_annexes(a: Archive, as_: Any, plan: Evidence) -> None:
    clerk = as_("石玲佳")
    volume = a.volume([plan, *(a.link() for _ in range(81))])
    rows = [row.pk for row in filing.listed(volume)]
    counts = []
    for upto in (2, 80):
        actions.join_pieces(volume, by=a.clerk, rows=rows[:upto], main=rows[0])
        actions.number_pieces(volume, by=a.clerk)
        told = []
        for name, pk in (
            ("volumes", None), ("volume", volume.pk), ("volume_catalogue", volume.pk), ("filing", rows[0]), ("filing", rows[1]),
        ):  # fmt: skip
            with CaptureQueriesContext(connection) as seen:
                assert clerk.get(reverse(name, args=[pk] if pk else [])).status_code == 200
            told.append(len(seen))
        with CaptureQueriesContext(connection) as seen:
            assert (
                clerk.post(reverse("volume_join", args=[volume.pk]), {"pk": [rows[0], rows[-1]]}).status_code
                == 200
            )
        counts.append([*told, len(seen)])
    assert counts[0] == counts[1], counts
