"""The checker finds what is wrong, whatever it is, and deletes nothing."""

import json
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from taizhang.config import cli, nightly
from taizhang.config.schedule import SCHEDULE
from taizhang.evidence import actions, jobs, queries
from taizhang.evidence.models import Blob, Evidence, Reading, Version, Volume
from taizhang.journal.models import Entry
from taizhang.kit import schedule
from taizhang.kit.files import store
from taizhang.ledger.models import Citation
from taizhang.org.queries import system_user
from taizhang.standards.models import Draft

from .samples import PDF, deposit, jpeg, put


@pytest.fixture
def pieces(people: Any) -> list[Evidence]:
    user, office = people.users["朱辉斌"], people.units["办公室"]
    made = [deposit(user, office, "a.pdf"), deposit(user, office, "b.jpg", jpeg())]
    actions.add_version(made[0], by=user, stored=put(PDF + b"second", "c.pdf"), original_name="c.pdf")
    made.append(actions.deposit_link(office, by=user, url="https://example.org/", title="x"))
    return made


def test_all_is_well(pieces: list[Evidence]) -> None:
    told: list[Any] = []
    found = queries.verify(progress=lambda *what: told.append(what))
    assert found.problems == [] and found.orphans == []
    assert {name: found.counts[name] for name in ("receipts", "versions", "blobs", "orphans")} == {
        "receipts": 3, "versions": 3, "blobs": 3, "orphans": 0,
    }  # fmt: skip
    assert found.counts["bytes"] == sum(Blob.objects.values_list("size", flat=True))
    assert told[0][:2] == (0, 3) and told[-1][:2] == (3, 3)


def test_damaged_and_lost_bytes(pieces: list[Evidence]) -> None:
    first, second = (store().path(piece.current.blob.sha256) for piece in pieces[:2])  # type: ignore[attr-defined]
    first.chmod(0o644)
    body = bytearray(first.read_bytes())
    body[3] ^= 1
    first.write_bytes(body)
    second.unlink()
    found = queries.verify()
    assert found.problems == [
        f"{pieces[1].number} 第 1 版：文件不在存储里",
        f"{pieces[0].number} 第 2 版：文件内容与存入时的 SHA-256 不符",
    ]
    assert found.counts["damaged"] == 2
    assert len(queries.verify(full=False).problems) == 1, "without reading all, a flipped bit is not seen"


def test_orphans_are_listed_and_stay(pieces: list[Evidence]) -> None:
    name = put(b"nobody's").sha256
    found = queries.verify()
    assert found.orphans == [name] and found.problems == [] and found.counts["orphans"] == 1
    assert store().exists(name)


def test_thumbnails_are_no_orphans(people: Any, pieces: list[Evidence]) -> None:
    jobs.thumbnail.call(pieces[1].current.pk)
    assert queries.verify().orphans == []


def test_rows_without_entry_or_file(pieces: list[Evidence]) -> None:
    Entry.objects.filter(action="evidence.deposit", subject_id=pieces[1].pk).delete()
    Evidence.objects.filter(pk=pieces[0].pk).update(current=None)
    Version.objects.filter(evidence=pieces[0]).delete()
    problems = queries.verify().problems
    assert f"{pieces[1].number}：操作日志里没有存入记录" in problems
    assert f"{pieces[1].number} 第 1 版：操作日志里没有存入记录" in problems
    assert f"{pieces[0].number}：没有文件" in problems


def test_a_receipt_without_its_row(pieces: list[Evidence]) -> None:
    """Somebody took the rows out of the database by hand: the journal remembers."""
    gone = pieces[1]
    Evidence.objects.filter(pk=gone.pk).update(current=None)
    Version.objects.filter(evidence=gone).delete()
    Evidence.objects.filter(pk=gone.pk).delete()
    problems = queries.verify().problems
    assert f"材料（系统号 {gone.pk}）：操作日志里有存入记录，库里没有这一条" in problems
    assert any(said.startswith("材料的一版（系统号") for said in problems)


def test_uses_are_recounted_over_whatever_points_here(pieces: list[Evidence]) -> None:
    Evidence.objects.filter(pk=pieces[0].pk).update(uses=2)
    assert queries.verify().problems == [f"{pieces[0].number}：记为引用 2 次，实际 0 次"]
    assert any(
        relation.related_model is Citation for relation in Evidence._meta.get_fields(include_hidden=True)
    ), "a citation is counted without being named here"


# --- what is damaged, named; a while at a time -----------------------------------------------------------------


def flip(piece: Evidence) -> None:
    path = store().path(piece.current.blob.sha256)  # type: ignore[union-attr]
    path.chmod(0o644)
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.write_bytes(body)


def test_damage_names_unit_file_and_items(people: Any, pieces: list[Evidence]) -> None:
    flip(pieces[1])
    found = queries.verify(items=lambda pks: {pk: [f"Ⅲ-{pk}"] for pk in pks})
    assert [fault.told for fault in found.faults] == [
        {"receipt": pieces[1].number, "version": 1, "unit": "办公室", "items": [f"Ⅲ-{pieces[1].pk}"], "name": "b.jpg",
         "problem": "文件内容与存入时的 SHA-256 不符", "evidence": pieces[1].pk},
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["shorter", "longer", "folder", "link", "unreadable folder gone"])
def test_replaced(pieces: list[Evidence], how: str, tmp_path: Any) -> None:
    path = store().path(pieces[1].current.blob.sha256)  # type: ignore[union-attr]
    data = path.read_bytes()
    path.unlink()
    if how == "shorter":
        path.write_bytes(data[:-1])
    elif how == "longer":
        path.write_bytes(data + b"x")
    elif how == "folder":
        path.mkdir()
    elif how == "link":  # to the very same bytes: never followed all the same
        (tmp_path / "elsewhere").write_bytes(data)
        path.symlink_to(tmp_path / "elsewhere")
    else:
        path.parent.rmdir()
    (fault,) = queries.verify().faults
    words = {
        "shorter": "文件大小不对",
        "longer": "文件大小不对",
        "folder": "换成了别的东西",
        "link": "换成了别的东西",
    }
    assert words.get(how, "文件不在存储里") in fault.problem and fault.receipt == pieces[1].number


def test_it_goes_on_where_it_stopped(pieces: list[Evidence]) -> None:
    """Longest unread first; what was found whole is noted, and not read twice in a round."""
    order: list[int] = []

    def keep(pks: Any, at: Any) -> None:
        order.extend(pks)
        actions.mark_checked(pks, at)

    begun = timezone.now()
    first = queries.walk(seconds=0, keep=keep)
    assert (first.checked, first.total, first.left, first.finished) == (1, 3, 2, False)
    second = queries.walk(seconds=0, only=queries.unread_since(begun), keep=keep)
    assert (second.checked, second.total, second.left) == (1, 2, 1)
    third = queries.walk(only=queries.unread_since(begun), keep=keep)
    assert (third.checked, third.left, third.finished) == (1, 0, True)
    assert sorted(order) == sorted(Blob.objects.values_list("pk", flat=True)) and len(set(order)) == 3
    assert queries.unread_since(begun) == set()
    # the next round begins with what was read longest ago
    again = queries.walk(seconds=0, keep=keep)
    assert again.left == 2 and order[3] == order[0]


def test_what_is_damaged_is_told_every_time(pieces: list[Evidence]) -> None:
    flip(pieces[1])
    begun = timezone.now()
    for _ in range(3):
        walked = queries.walk(only=queries.unread_since(begun), keep=actions.mark_checked)
        assert len(walked.bad) == 1
    assert Blob.objects.filter(checked_at=None).count() == 1, "not noted as read: it stays the first"


def test_notes_come_in_batches(pieces: list[Evidence]) -> None:
    calls: list[int] = []
    queries.walk(keep=lambda pks, at: calls.append(len(pks)))
    assert calls == [3]
    queries.walk(full=False, keep=lambda pks, at: calls.append(len(pks)))
    assert calls == [3], "what was only looked for was not read"


def test_small_pictures_and_manifests_too(pieces: list[Evidence]) -> None:
    small = jobs.thumbnail.call(pieces[1].current.pk)  # type: ignore[union-attr]
    store().path(small).unlink()
    Volume(agency=pieces[0].agency, year=2020, title="2020 年度", manifest="0" * 64).save()
    problems = queries.verify().problems
    assert problems == [
        f"{pieces[1].number} 第 1 版：缩略图：文件不在存储里",
        "归档册“2020 年度”：清单：文件不在存储里",
    ]


def test_the_index_of_words(pieces: list[Evidence]) -> None:
    Reading.objects.filter(blob=pieces[0].current.blob).update(state="read")  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM evidence_caption_words WHERE rowid = %s", [pieces[2].pk])
    assert queries.verify().problems == [
        "检索索引里缺 1 份正文，会查不到",
        "检索索引里缺 1 件材料的说明，会查不到",
    ]


def test_files_of_other_apps_are_nobodys_orphans(people: Any, pieces: list[Evidence]) -> None:
    name = put(b"a standard's file").sha256
    assert queries.verify().orphans == [name]
    Draft(agency=people.units["甲局"], by=people.users["石玲佳"], source_name="x", source_sha256=name).save()
    assert queries.verify().orphans == []


# --- on the command line ---------------------------------------------------------------------------------------


def told(capsys: Any, *words: str) -> tuple[int, dict[str, Any]]:
    code = cli.main(["verify", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_verify_on_the_command_line(pieces: list[Evidence], capsys: Any) -> None:
    code, said = told(capsys, "--all")
    assert code == 0 and said["ok"] and said["finished"]
    assert {name: said[name] for name in ("checked", "total", "left", "orphans", "problems")} == {
        "checked": 3, "total": 3, "left": 0, "orphans": 0, "problems": [],
    }  # fmt: skip
    assert said["bytes"] == sum(Blob.objects.values_list("size", flat=True))
    flip(pieces[1])
    assert told(capsys)[0] == 0, "without --all a flipped bit is not seen"
    code, said = told(capsys, "--all")
    assert code == 1 and not said["ok"]
    (problem,) = said["problems"]
    assert (problem["receipt"], problem["unit"], problem["name"], problem["items"]) == (
        pieces[1].number,
        "办公室",
        "b.jpg",
        [],
    )
    assert store().exists(pieces[1].current.blob.sha256), "never deleted"  # type: ignore[union-attr]
    assert cli.main(["verify", "--all"]) == 1
    out, err = capsys.readouterr()
    assert "办公室" in out and "b.jpg" in out and err.startswith("校验发现 1 个问题：")


def test_minutes_go_on_in_rounds(pieces: list[Evidence], capsys: Any) -> None:
    seen = []
    for _ in range(4):
        code, said = told(capsys, "--all", "--minutes", "0")
        assert code == 0
        seen.append((said["checked"], said["left"], said["finished"]))
    assert seen == [(1, 2, False), (1, 1, False), (1, 0, True), (1, 2, False)], (
        "a new round after the last file"
    )
    assert cli.main(["verify", "--minutes", "-1"]) == 2 and "--minutes" in capsys.readouterr().err
    assert told(capsys, "--all")[1]["checked"] == 3, "without minutes everything is read now"


def test_the_edited_journal_is_told(pieces: list[Evidence], capsys: Any) -> None:
    Entry.objects.filter(action="evidence.deposit").update(actor_name="别人")
    code, said = told(capsys)
    assert code == 1 and any("内容被改过" in one["problem"] for one in said["problems"])


# --- at night, and the page ------------------------------------------------------------------------------------


def test_the_nightly_check_is_put_on_record(as_: Any, pieces: list[Evidence]) -> None:
    assert "还没有做过校验" in as_("石玲佳").get("/evidence/verify/").content.decode()
    assert nightly.check_files.call() == "finished"
    page = as_("石玲佳").get("/evidence/verify/").content.decode()
    assert "没有发现问题" in page and "3 个文件" in page and "全部读完" in page
    flip(pieces[1])
    assert nightly.check_files.call() == "finished"
    page = as_("石玲佳").get("/evidence/verify/").content.decode()
    for words in ("发现 1 个问题", "b.jpg", pieces[1].number, "SHA-256 不符", "办公室", "还没有备份过"):
        assert words in page, words
    keeper = as_("系统管理员").get("/evidence/verify/").content.decode()
    assert pieces[1].number in keeper and "b.jpg" not in keeper, (
        "the keeper learns the receipt, not the material"
    )
    other = as_("乙局石玲佳").get("/evidence/verify/").content.decode()
    assert pieces[1].number not in other
    assert as_("朱辉斌").get("/evidence/verify/").status_code == 403


def test_a_night_is_cut_into_slices(pieces: list[Evidence], monkeypatch: Any) -> None:
    """Other jobs have their turn in between, and the counts of all slices come out as one night's."""
    monkeypatch.setattr(nightly, "AT_A_TIME", 0)
    args: tuple[Any, ...] = ()
    for _ in range(2):
        assert nightly.check_files.call(*args) == "more"
        (row,) = DBTaskResult.objects.filter(task_path=nightly.CHECK_FILES)
        args = tuple(row.args_kwargs["args"])
        row.delete()
    assert nightly.check_files.call(*args) == "finished"
    run = queries.last_check(system_user()).runs[0]
    assert (run.checked, run.left, run.finished) == (3, 0, True)
    assert nightly.check_files.call(0.0) == "ended", "no time left: told as unfinished"
    assert queries.round_begun() is not None


def test_the_page_asks_the_same_number_of_questions(as_: Any, people: Any, pieces: list[Evidence]) -> None:
    client = as_("石玲佳")
    flip(pieces[0])
    nightly.check_files.call()
    with CaptureQueriesContext(connection) as few:
        client.get("/evidence/verify/")
    for nth in range(5):
        flip(deposit(people.users["朱辉斌"], people.units["办公室"], f"n{nth}.pdf"))
    nightly.check_files.call()
    with CaptureQueriesContext(connection) as many:
        client.get("/evidence/verify/")
    assert len(few) == len(many) <= 14


# --- what recurs -----------------------------------------------------------------------------------------------


def test_what_is_due() -> None:
    one = schedule.Recurring(clock_time(2, 30), "x", "x")
    night = datetime(2020, 6, 10, 2, 30)
    assert schedule.is_due(one, night, None)
    assert not schedule.is_due(one, night - timedelta(seconds=1), night - timedelta(days=1))
    assert schedule.is_due(one, night, night - timedelta(days=1))
    assert not schedule.is_due(one, night + timedelta(hours=23), night), "once a day"
    assert schedule.is_due(one, night + timedelta(days=9), night), "missed: at the next start, once"
    assert not schedule.is_due(one, night + timedelta(days=9, minutes=1), night + timedelta(days=9))


def test_never_two_at_once(db: Any) -> None:
    now = timezone.localtime()
    queued = schedule.queue_due(SCHEDULE, now)
    assert [one.path for one in queued] == [one.path for one in SCHEDULE]
    assert schedule.queue_due(SCHEDULE, now + timedelta(days=3)) == [], "the last one has not ended"
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert schedule.queue_due(SCHEDULE, now) == [], "it ran today"
    assert len(schedule.queue_due(SCHEDULE, now + timedelta(days=3))) == len(SCHEDULE)


def test_the_jobs_of_the_table_are_there() -> None:
    for one in SCHEDULE:
        assert hasattr(import_string(one.path), "enqueue"), one.path
    assert nightly.empty_bin.module_path in [one.path for one in SCHEDULE]
