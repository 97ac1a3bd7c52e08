"""标有密级: stopped before anything is stored where that is quick, and for everybody where it is found later."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from docx import Document

from taizhang.evidence import actions, jobs, queries
from taizhang.evidence.actions import peeking
from taizhang.evidence.models import Blob, Evidence, Page, Reading, ReadingState, Version
from taizhang.journal.models import Entry
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.files import store

from .samples import upload

MARKED = "机密★1年\n甲局文件\n甲办发〔2018〕5号\n关于某某事项的通知\n各处室：\n"
PLAIN = "甲局\n关于开展保密宣传教育的通知\n保守国家秘密是每个公民的义务。\n"


def docx(text: str) -> bytes:
    out = io.BytesIO()
    made = Document()
    for line in text.splitlines():
        made.add_paragraph(line)
    made.save(out)
    return out.getvalue()


def files() -> list[str]:
    return sorted(store().names())


def kept(world: Any, text: str = MARKED, name: str = "扫描件.txt", who: str = "朱辉斌") -> Evidence:
    """A piece whose mark nobody saw when it came: as a scan, that is read later."""
    data = text.encode()
    user = world.users[who]
    unit = user.person.memberships.get().unit
    made: Evidence = actions.deposit(
        unit, by=user, stored=store().put([data], limit=len(data)), original_name=name, title="一份扫描件"
    )
    return made


def client(world: Any, name: str) -> Client:
    made = Client()
    made.force_login(world.users[name], backend=settings.AUTHENTICATION_BACKENDS[-1])
    return made


def found_by_text(blob: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evidence_text_words WHERE rowid = %s", [blob])
        return int(cursor.fetchone()[0])


# before it is stored


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("通知.txt", MARKED.encode()),
        ("通知.txt", MARKED.encode("gb18030")),
        ("通知.docx", docx(MARKED)),
        ("通知.docx", docx("密级：秘密\n名册")),
    ],
)
def test_a_marked_file_is_not_stored(people: Any, name: str, data: bytes) -> None:
    before = files()
    with pytest.raises(Refused, match="非涉密系统严禁存入") as refused:
        actions.take_in(upload(name, data))
    assert "保密办" in refused.value.message and name in refused.value.message
    assert files() == before and not Evidence.objects.exists()


def test_the_upload_says_so_and_the_record_knows(people: Any) -> None:
    answer = client(people, "朱辉斌").post(
        "/evidence/new/",
        {
            "files": upload("通知.docx", docx(MARKED)),
            "unit": people.units["办公室"].pk,
            "secrecy": "internal",
        },
    )
    assert answer.status_code == 409 and "标有密级" in answer.content.decode()
    assert "标有密级" in Entry.objects.get(action="evidence.refuse").refused
    assert not Evidence.objects.exists()


def test_words_about_secrecy_are_taken(people: Any) -> None:
    assert actions.take_in(upload("宣传.docx", docx(PLAIN))).name == "宣传.docx"


def test_a_child_that_does_not_answer_holds_nobody_up(people: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(peeking, "SECONDS", 0.0)  # no time at all
    assert actions.take_in(upload("通知.txt", MARKED.encode())).name == "通知.txt"


# found by the reader


def test_the_reader_stops_it_for_everybody(people: Any) -> None:
    piece = kept(people)
    version = piece.current
    assert version is not None
    assert jobs.read.call(version.pk) == ReadingState.CLASSIFIED
    reading = Reading.objects.get()
    assert "第 1 页“机密★1年”" in reading.fault and reading.read_at is not None
    assert not Page.objects.exists() and not found_by_text(version.blob_id)
    for name in ("朱辉斌", "石玲佳", "卢欣燕", "市文明办"):
        browser = client(people, name)
        for way in (
            "download/",
            "download/1/",
            "download/1/?show=1",
            "thumb/",
            "thumb/1/",
            "pages/1.jpg",
            "text/",
        ):
            assert browser.get(f"/evidence/{piece.pk}/{way}").status_code == 404, (name, way)
        for verb in ("caption", "version", "adopt", "check", "read"):
            assert browser.post(f"/evidence/{piece.pk}/{verb}/", {}).status_code == 404, (name, verb)
        page = browser.get(f"/evidence/{piece.pk}/").content.decode()
        assert "任何人都不能打开" in page and "第 1 页“机密★1年”" in page and "保密办" in page
        assert piece.number not in browser.get("/evidence/").content.decode()
        assert piece.number not in browser.get("/evidence/?q=某某事项").content.decode()
        assert not queries.evidence_for(people.users[name]).exists()
    with pytest.raises(Refused, match="标有密级，已停用，不能引用"):
        actions.hold(piece)


def test_it_is_told_on_the_desk(people: Any) -> None:
    piece = kept(people)
    jobs.read.call(piece.current_id)
    for name in ("朱辉斌", "石玲佳"):  # who deposited it, and the office
        page = client(people, name).get("/").content.decode()
        assert "1 件材料标有密级，已停用" in page and piece.number in page, name
    for name in ("白毅志", "乙局石玲佳"):
        assert piece.number not in client(people, name).get("/").content.decode(), name
    receipts = client(people, "朱辉斌").get("/evidence/received/?since=1").content.decode()
    assert "标有密级，已停用" in receipts
    story = [
        entry.label for entry in Entry.objects.filter(subject_kind="evidence.evidence", subject_id=piece.pk)
    ]
    assert "发现密级标志，已停用" in story


def test_the_same_bytes_do_not_come_in_again(people: Any) -> None:
    piece = kept(people)
    jobs.read.call(piece.current_id)
    with pytest.raises(Refused, match="此前已发现标有密级"):
        kept(people, name="换个名字.txt")
    with pytest.raises(Refused, match="此前已发现标有密级"):
        kept(people, who="乙局朱辉斌")


def test_every_library_that_holds_the_bytes_is_stopped(people: Any) -> None:
    mine, theirs = kept(people), kept(people, who="乙局朱辉斌")
    jobs.read.call(mine.current_id)
    assert client(people, "乙局朱辉斌").get(f"/evidence/{theirs.pk}/download/").status_code == 404
    assert Entry.objects.filter(
        subject_id=theirs.pk, label="发现密级标志，已停用", chain=people.units["乙局"].pk
    ).exists()


def test_an_older_version_stops_the_piece(people: Any) -> None:
    piece = kept(people)
    first = piece.current_id
    data = PLAIN.encode()
    actions.add_version(
        piece, by=people.users["朱辉斌"], stored=store().put([data], limit=len(data)), original_name="新.txt"
    )
    jobs.read.call(first)
    assert client(people, "朱辉斌").get(f"/evidence/{piece.pk}/download/").status_code == 404


def test_it_can_be_taken_away(people: Any) -> None:
    piece = kept(people)
    jobs.read.call(piece.current_id)
    assert client(people, "朱辉斌").post(f"/evidence/{piece.pk}/remove/", {"seen": ""}).status_code == 302
    piece.refresh_from_db()
    assert piece.state == "binned"
    assert not queries.stopped_to_tell(people.users["石玲佳"])


# 误报解除


def test_a_wrong_alarm_is_lifted_by_the_office(people: Any) -> None:
    piece = kept(people)
    jobs.read.call(piece.current_id)
    office, path = client(people, "石玲佳"), f"/evidence/{piece.pk}/clear-alarm/"
    assert client(people, "朱辉斌").post(path, {"reason": "这是宣传展板"}).status_code == 403
    assert client(people, "乙局石玲佳").post(path, {"reason": "这是宣传展板"}).status_code == 404
    short = office.post(path, {"reason": "无"})
    assert short.status_code == 409 and 'value="无"' in short.content.decode()
    assert office.post(path, {"reason": "保密宣传展板的照片"}).status_code == 302
    assert jobs.read.call(piece.current_id) == ReadingState.READ
    blob = Version.objects.get(pk=piece.current_id).blob_id
    assert found_by_text(blob) == 1 and Reading.objects.get().doc_no == "甲办发〔2018〕5号"
    browser = client(people, "朱辉斌")
    assert browser.get(f"/evidence/{piece.pk}/download/").status_code == 200
    page = browser.get(f"/evidence/{piece.pk}/").content.decode()
    assert "误报解除" in page and "保密宣传展板的照片" in page
    # read anew by a later reader, it is not stopped again
    actions.read_again(piece, by=people.users["朱辉斌"])
    assert jobs.read.call(piece.current_id) == ReadingState.READ
    assert jobs.read.call(piece.current_id) == ReadingState.READ


def test_a_lifted_alarm_is_told_wherever_the_same_bytes_lie(people: Any) -> None:
    """Another agency's story says that it is lifted, and nothing of who lifted it and why."""
    piece, other = kept(people), kept(people, who="乙局朱辉斌")
    jobs.read.call(piece.current_id)
    assert client(people, "乙局朱辉斌").get(f"/evidence/{other.pk}/download/").status_code == 404
    actions.clear_alarm(piece, by=people.users["石玲佳"], reason="保密宣传展板的照片")
    page = client(people, "乙局朱辉斌").get(f"/evidence/{other.pk}/").content.decode()
    assert "同一文件的误报已解除" in page
    assert "保密宣传展板" not in page and "石玲佳" not in page
    entry = Entry.objects.get(action="evidence.note_cleared")
    assert (entry.subject_id, entry.chain) == (other.pk, people.units["乙局"].pk)


def test_lifting_asks_for_what_is_stopped(people: Any) -> None:
    piece = kept(people, PLAIN)
    jobs.read.call(piece.current_id)
    with pytest.raises(Refused, match="没有因密级标志停用"):
        actions.clear_alarm(piece, by=people.users["石玲佳"], reason="不是密级标志")
    with pytest.raises(NotPermitted):
        actions.clear_alarm(piece, by=people.users["黎林波"], reason="不是密级标志")
    stopped = kept(people)
    jobs.read.call(stopped.current_id)
    with pytest.raises(Refused, match="最多 200 个"):
        actions.clear_alarm(stopped, by=people.users["石玲佳"], reason="长" * 201)
    assert Blob.objects.count() == 2
