"""归档 through the door: the fonds, a draft, its pieces, numbers, checks, the seal, and what comes after."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from taizhang.evidence import actions, queries
from taizhang.evidence.models import Blob, Evidence, Filed, Fonds, Reading, ReadingState, Volume, VolumeState
from taizhang.evidence.queries import archive as filing
from taizhang.evidence.queries.archive_differs import differs
from taizhang.evidence.rules.archive_checks import open_problems
from taizhang.evidence.sheets import archive_run
from taizhang.journal.models import Entry
from taizhang.kit import jobs
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.files import store

from ..reports.samples import locked, pdf
from .archive_world import Archive, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def a(people: Any, settings: Any, tmp_path: Path) -> Archive:
    settings.TODAY = "2020-12-20"
    settings.BOUND = tmp_path / "bound"
    made = Archive(people)
    made.fonds()
    return made


def problems(volume: Volume) -> dict[str, list[str]]:
    return {check["name"]: [one["text"] for one in check["problems"]] for check in volume.checks}


def damage(evidence: Evidence) -> None:
    """Other bytes of the same length under the same name."""
    path = store().path(evidence.current.blob.sha256)  # type: ignore[union-attr]
    os.chmod(path, 0o644)
    path.write_bytes(b"x" * path.stat().st_size)


def test_the_fonds_number_and_the_codes_are_kept_and_looked_at(a: Archive) -> None:
    fonds = Fonds.objects.get(agency=a.agency)
    assert fonds.code == "Z109" and fonds.codes[str(a.people.units["办公室"].pk)] == "BGS"
    for bad in ("Z10", "Z1090", "全宗号码", ""):
        with pytest.raises(Refused, match="四位字母或数字"):
            actions.set_fonds(a.agency, by=a.clerk, code=bad)
    office, law = a.people.units["办公室"].pk, a.people.units["法规处"].pk
    with pytest.raises(Refused, match="BGS 用了两次：“办公室”和“法规处”"):
        actions.set_fonds(a.agency, by=a.clerk, code="Z109", codes={office: "BGS", law: "bgs"})
    with pytest.raises(Refused, match="三个字母"):
        actions.set_fonds(a.agency, by=a.clerk, code="Z109", codes={office: "B1"})
    with pytest.raises(Refused, match="不在本机关"):
        actions.set_fonds(a.agency, by=a.clerk, code="Z109", codes={a.people.units["乙局办公室"].pk: "BGS"})
    with pytest.raises(NotPermitted):
        actions.set_fonds(a.agency, by=a.people.users["黎林波"], code="Z110")
    with pytest.raises(NotPermitted):
        actions.set_fonds(a.agency, by=a.people.users["乙局石玲佳"], code="Z110")


def test_a_draft_is_drawn_with_what_is_proposed(a: Archive) -> None:
    volume = a.volume()
    found = {row.title: row for row in rows(volume)}
    assert found["关于表彰先进的决定"].retention == "Y" and found["关于表彰先进的决定"].code == "BGS"
    assert found["[植树活动]"].retention == "D10" and found["[植树活动]"].pages == 1
    assert found["2020年创建工作方案"].retention == "D30" and found["2020年创建工作方案"].code == "FGC"
    assert all(row.issuer == "甲局" and row.no == 0 for row in found.values())
    assert [one.uses for one in Evidence.objects.all()] == [1, 1, 1]
    assert queries.counted() == dict.fromkeys(Evidence.objects.values_list("pk", flat=True), 1)
    with pytest.raises(Refused, match="归档册"):
        actions.remove(Evidence.objects.first(), by=a.clerk)


def test_a_piece_is_filed_once_and_only_what_lies_in_the_library(a: Archive) -> None:
    first = a.volume()
    piece = first.filed.first().evidence  # type: ignore[union-attr]
    with pytest.raises(Refused, match="一件材料只归档一次"):
        a.volume([piece])
    binned = a.piece("移出.pdf")
    actions.remove(binned, by=a.clerk)
    with pytest.raises(Refused, match="不在库里"):
        actions.file_in(first, by=a.clerk, pieces=[binned.pk])
    stopped = a.piece("停用.pdf")
    Reading.objects.filter(blob=stopped.current.blob).update(state=ReadingState.CLASSIFIED)  # type: ignore[union-attr]
    with pytest.raises(Refused, match="密级"):
        actions.file_in(first, by=a.clerk, pieces=[stopped.pk])
    with pytest.raises(Refused, match="还没有勾选"):
        actions.file_in(first, by=a.clerk, pieces=[])
    with pytest.raises(Refused, match="四位年度"):
        actions.open_volume(a.agency, by=a.clerk, year=20)
    with pytest.raises(Refused, match="以机关为单位"):
        actions.open_volume(a.people.units["办公室"], by=a.clerk, year=2020)
    assert Volume.objects.count() == 1


def test_numbers_are_given_when_the_office_says_so_and_follow_the_class(a: Archive) -> None:
    more = a.piece("关于命名的决定.pdf", happened_on=date(2020, 2, 1))
    volume = a.volume([*a.three(), more])
    assert all(row.archive_no.startswith("待编") for row in rows(volume))
    actions.number_pieces(volume, by=a.clerk)
    assert [row.archive_no for row in rows(volume)] == [
        "Z109-WS·2020-Y-BGS-0001", "Z109-WS·2020-Y-BGS-0002", "Z109-WS·2020-D30-FGC-0001", "Z109-WS·2020-D10-BGS-0001",
    ]  # fmt: skip
    assert rows(volume)[0].title == "关于命名的决定", "the older one comes first"
    actions.arrange(volume, by=a.clerk, rows=[rows(volume)[0].pk], retention="D30")
    assert [row.no for row in rows(volume)] == [0, 2, 1, 1], "its number belonged to the class it left"
    actions.number_pieces(volume, by=a.clerk)
    assert {row.archive_no for row in rows(volume)} >= {
        "Z109-WS·2020-Y-BGS-0001",
        "Z109-WS·2020-D30-BGS-0001",
    }


def test_without_a_fonds_number_or_a_code_nothing_is_numbered(a: Archive) -> None:
    volume = a.volume([a.piece(unit="审批处")])
    with pytest.raises(Refused, match="1 个处室没有机构代码：审批处"):
        actions.number_pieces(volume, by=a.clerk)
    Fonds.objects.all().delete()
    with pytest.raises(Refused, match="还没有填全宗号"):
        actions.number_pieces(volume, by=a.clerk)
    with pytest.raises(Refused, match="没有可编的号"):
        a.fonds()
        actions.number_pieces(a.volume([]), by=a.clerk)


def test_many_or_one_are_described(a: Archive) -> None:
    volume = a.volume()
    ids = [row.pk for row in rows(volume)]
    actions.arrange(
        volume, by=a.clerk, rows=ids, retention="Y", code="cjb", dated_on=date(2020, 7, 1), note="统一改"
    )
    assert {(row.retention, row.code, row.dated_on, row.note) for row in rows(volume)} == {
        ("Y", "CJB", date(2020, 7, 1), "统一改")
    }
    row = rows(volume)[0]
    said = {"title": "长" * 200, "doc_no": "甲发〔2020〕1号", "issuer": "甲局党组", "secrecy": "", "note": ""}
    actions.describe(row, by=a.clerk, retention="D10", code="BGS", dated_on=None, **said)
    row.refresh_from_db()
    assert (row.title, row.dated_on, row.issuer) == ("长" * 200, None, "甲局党组")
    for wrong, words in (
        ({"title": "字" * 301}, "301 个字"),
        ({"title": "[ ]"}, "题名没有填"),
        ({"note": "\x00"}, "控制字符"),
    ):
        with pytest.raises(Refused, match=words):
            actions.describe(row, by=a.clerk, retention="D10", code="BGS", dated_on=None, **{**said, **wrong})
    with pytest.raises(Refused, match="没有这一种保管期限"):
        actions.describe(row, by=a.clerk, retention="D99", code="BGS", dated_on=None, **said)
    with pytest.raises(Refused, match="三个字母"):
        actions.arrange(volume, by=a.clerk, rows=ids, code="12")
    with pytest.raises(Refused, match="还没有填要改成什么"):
        actions.arrange(volume, by=a.clerk, rows=ids)
    with pytest.raises(Refused, match="还没有勾选"):
        actions.arrange(volume, by=a.clerk, rows=[], retention="Y")
    with pytest.raises(Refused, match="认不出"):
        filing.on_day("去年")
    assert filing.on_day("20200610") == filing.on_day("2020-06-10") == date(2020, 6, 10)


def test_what_is_taken_out_is_free_again(a: Archive) -> None:
    volume = a.volume()
    row = rows(volume)[0]
    actions.take_out(volume, by=a.clerk, rows=[row.pk])
    assert Evidence.objects.get(pk=row.evidence_id).uses == 0
    actions.file_in(volume, by=a.clerk, pieces=[row.evidence_id])
    actions.discard_volume(volume, by=a.clerk)
    assert not Volume.objects.exists() and not Filed.objects.exists()
    assert set(Evidence.objects.values_list("uses", flat=True)) == {0}


def test_the_newest_version_is_filed_when_asked(a: Archive) -> None:
    volume = a.volume()
    row = rows(volume)[0]
    data = pdf(3, words="anew")
    actions.add_version(
        row.evidence, by=a.clerk, stored=store().put([data], limit=len(data) + 1), original_name="新.pdf"
    )
    assert rows(volume)[0].file.no == 1, "pinned"  # type: ignore[union-attr]
    actions.arrange(volume, by=a.clerk, rows=[row.pk], renew=True)
    assert rows(volume)[0].file.no == 2  # type: ignore[union-attr]


def test_checks_find_a_damaged_file_and_nothing_lets_it_be_sealed(a: Archive) -> None:
    volume = a.volume()
    damage(rows(volume)[0].evidence)
    done = a.checked(volume)
    assert problems(done)["真实性"] == ["文件内容与存入时的 SHA-256 不符"]
    key = open_problems(done.checks)[0]["key"]
    with pytest.raises(Refused, match="必须处理，不能用理由代替"):
        actions.answer_check(done, by=a.clerk, answers={key: "知道了"})
    with pytest.raises(Refused, match="还有 1 个问题没有处理"):
        actions.ask_seal(done, by=a.clerk)


def test_checks_find_a_locked_file_a_piece_without_a_date_and_a_link(a: Archive) -> None:
    """The reader itself looks at the locked one, in its child."""
    bad = a.piece("加密.pdf", locked(), read=False)
    undated = a.piece("无日期.pdf", happened_on=None)
    volume = a.volume([bad, undated, a.link()])
    actions.number_pieces(volume, by=a.clerk)
    from taizhang.evidence.jobs import read  # noqa: PLC0415 -- slow import

    done = archive_run.check(archive_run.find(volume.pk), read.func, lambda *told: None)
    told = problems(done)
    assert "设有打开密码，打不开" in told["可用性"] and "设有打开密码（加密）" in told["安全性"]
    assert told["完整性"] == ["没有日期"]
    assert any("网址" in text for text in told["可用性"])
    may = {one["text"]: one["may_answer"] for one in open_problems(done.checks)}
    assert may["没有日期"] and not may["设有打开密码，打不开"]


def test_reasons_are_kept_by_the_next_check_and_a_change_asks_for_one(
    a: Archive, django_capture_on_commit_callbacks: Any
) -> None:
    volume = a.checked(a.volume([a.piece("无日期.pdf", happened_on=None)]))
    with pytest.raises(Refused, match="没有日期"):
        actions.ask_seal(volume, by=a.clerk)
    key = open_problems(volume.checks)[0]["key"]
    with pytest.raises(Refused, match="最多 200 个"):
        actions.answer_check(volume, by=a.clerk, answers={key: "长" * 201})
    with pytest.raises(Refused, match="已不在检测结果里"):
        actions.answer_check(volume, by=a.clerk, answers={"别的": "理由"})
    actions.answer_check(volume, by=a.clerk, answers={key: "原件未注日期，考证不出"})
    with django_capture_on_commit_callbacks(execute=True):
        actions.ask_seal(volume, by=a.clerk)
    assert jobs.queued(archive_run.archive_seal.JOB) == {volume.pk}
    with pytest.raises(Refused, match="正在检测或封存"):
        actions.ask_seal(volume, by=a.clerk)
    actions.arrange(volume, by=a.clerk, rows=[rows(volume)[0].pk], note="改")
    with pytest.raises(Refused, match="检测后内容有改动"):
        actions.ask_seal(volume, by=a.clerk)
    again = a.checked(volume)
    assert again.checks[1]["problems"][0]["answer"] == "原件未注日期，考证不出" and again.checks[1]["passed"]


def test_a_check_wants_numbers(a: Archive) -> None:
    with pytest.raises(Refused, match="请先点“编号”"):
        actions.ask_check(a.volume(), by=a.clerk)
    with pytest.raises(Refused, match="还没有检测"):
        actions.answer_check(Volume.objects.get(), by=a.clerk, answers={})
    with pytest.raises(Refused, match="还没有封存"):
        actions.ask_recheck(Volume.objects.get(), by=a.clerk)
    with pytest.raises(Refused, match="不用修订"):
        actions.succeed(Volume.objects.get(), by=a.clerk)


def test_a_deposit_that_the_record_does_not_know_or_knows_otherwise_is_told(a: Archive) -> None:
    unknown, other = a.piece(), a.piece("换过的.pdf")
    volume = a.volume([unknown, other, a.piece("没事.pdf")])
    Entry.objects.filter(action="evidence.deposit", subject_id=unknown.pk).delete()
    entry = Entry.objects.get(action="evidence.deposit", subject_id=other.pk)
    changes = [
        note | ({"label": "0" * 12} if note["kind"] == "evidence.blob" else {}) for note in entry.changes
    ]
    Entry.objects.filter(pk=entry.pk).update(changes=changes)
    told = a.checked(volume).checks[0]["problems"]
    assert sorted(one["title"] for one in told if "存入这一版" in one["text"]) == [
        "关于表彰先进的决定",
        "换过的",
    ]
    assert any("日志链" in one["text"] for one in told)


def test_a_changed_record_is_told(a: Archive) -> None:
    volume = a.volume()
    Entry.objects.filter(chain=a.agency.pk, seq=2).update(label="改过")
    assert any("日志链" in text for text in problems(a.checked(volume))["真实性"])


def test_sealed_nothing_changes(a: Archive) -> None:
    volume = a.sealed()
    assert volume.state == VolumeState.SEALED and volume.sealed_by == a.clerk.person
    assert store().exists(volume.manifest)
    assert Blob.objects.filter(sha256=volume.manifest).exists(), "the walk over all bytes looks at it"
    row = rows(volume)[0]
    for verb, more in (
        (actions.arrange, {"rows": [row.pk], "retention": "D10"}), (actions.take_out, {"rows": [row.pk]}),
        (actions.file_in, {"pieces": [a.piece("晚到.pdf").pk]}), (actions.number_pieces, {}), (actions.discard_volume, {}),
        (actions.ask_check, {}), (actions.ask_seal, {}), (actions.answer_check, {"answers": {}}),
    ):  # fmt: skip
        with pytest.raises(Refused, match="已经封存，不能再改"):
            verb(volume, by=a.clerk, **more)
    row.volume = volume
    with pytest.raises(Refused, match="已经封存"):
        actions.describe(
            row,
            by=a.clerk,
            retention="Y",
            code="BGS",
            dated_on=None,
            title="改",
            doc_no="",
            issuer="",
            secrecy="",
            note="",
        )
    with pytest.raises(Refused, match="不能改"):
        actions.set_fonds(a.agency, by=a.clerk, code="Z110")
    with pytest.raises(Refused, match="归档册"):
        actions.remove(row.evidence, by=a.clerk)
    assert archive_run.carry_out(volume.pk, "seal", 0, lambda version: None) == "done before"


def test_a_later_volume_takes_its_place(a: Archive) -> None:
    first = a.sealed()
    late = a.piece("关于授予称号的决定.pdf", happened_on=date(2020, 1, 2))
    second = actions.succeed(first, by=a.clerk)
    with pytest.raises(Refused, match="已有修订册"):
        actions.succeed(first, by=a.clerk)
    assert [row.archive_no for row in rows(second)] == [row.archive_no for row in rows(first)]
    gone = next(row for row in rows(second) if row.retention == "D10")
    actions.take_out(second, by=a.clerk, rows=[gone.pk])
    actions.file_in(second, by=a.clerk, pieces=[late.pk])
    plan = next(row for row in rows(second) if row.retention == "D30")
    actions.describe(
        plan,
        by=a.clerk,
        retention="D30",
        code="FGC",
        dated_on=plan.dated_on,
        title="改过的方案",
        doc_no="",
        issuer="甲局",
        secrecy="",
        note="",
    )
    sealed = a.sealed(second)
    numbers = {row.evidence_id: row.archive_no for row in rows(sealed)}
    assert numbers[late.pk] == "Z109-WS·2020-Y-BGS-0002", "older, and yet behind what was numbered"
    assert numbers[plan.evidence_id] == "Z109-WS·2020-D30-FGC-0001"
    told = differs(sealed)
    assert told and len(told.added) == 1 and len(told.gone) == 1 and told.changed[0].endswith("题名")
    assert filing.newest_sealed(a.agency, 2020) == sealed


def test_another_volume_of_the_year_goes_on_counting(a: Archive) -> None:
    a.sealed()
    other = a.volume([a.piece("关于授予称号的决定.pdf")])
    actions.number_pieces(other, by=a.clerk)
    assert rows(other)[0].archive_no == "Z109-WS·2020-Y-BGS-0002"


def test_the_background_job_tells_what_stopped_it(a: Archive) -> None:
    volume = a.volume()
    actions.number_pieces(volume, by=a.clerk)
    assert archive_run.carry_out(volume.pk, "seal", a.clerk.person.pk, lambda version: None) == "seal"
    volume.refresh_from_db()
    assert volume.state == VolumeState.SEALED
    other = a.volume([a.piece("坏了.pdf")])
    actions.number_pieces(other, by=a.clerk)
    damage(rows(other)[0].evidence)
    assert archive_run.carry_out(other.pk, "seal", a.clerk.person.pk, lambda version: None) == "refused"
    assert "SHA-256" in archive_run.told_of(other.pk).fault


def test_a_sealed_package_is_looked_at_again(a: Archive) -> None:
    volume = a.sealed()
    assert archive_run.carry_out(volume.pk, "again", 0, lambda version: None) == "again"
    told = filing.last_recheck(volume)
    assert told and told.problems == () and told.files > 10
    damage(rows(volume)[0].evidence)
    assert "SHA-256" in archive_run.again(volume, lambda *told: None)[0]
    told = filing.last_recheck(volume)
    assert told and len(told.problems) == 1
