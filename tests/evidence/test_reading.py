"""Files are read in the background; what they say is kept by pages and can be found."""

from typing import Any

from django.db import connection
from django_tasks_db.models import DBTaskResult

from taizhang.evidence import actions, jobs, queries
from taizhang.evidence.models import Evidence, Page, Reading, ReadingState
from taizhang.evidence.rules import words
from taizhang.org.queries import system_user

from .samples import deposit


def found(table: str, term: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid FROM {table} WHERE words MATCH %s", [words.match(words.terms(term)[0])])
        return [row[0] for row in cursor.fetchall()]


def put(people: Any, name: str, body: bytes) -> Evidence:
    return deposit(people.users["朱辉斌"], people.units["办公室"], name, body)


def test_a_deposited_file_waits_to_be_read_and_is_read(people: Any) -> None:
    piece = put(people, "领导小组.txt", "为加强領導，成立工作小组。\n第二行".encode("gb18030"))
    blob = piece.current.blob
    assert Reading.objects.get(blob=blob).state == ReadingState.WAITING
    assert queries.progress(people.users["朱辉斌"]).waiting == 1
    assert DBTaskResult.objects.get().args_kwargs["args"] == [piece.current.pk]
    assert jobs.read.call(piece.current.pk) == ReadingState.READ
    reading = Reading.objects.get(blob=blob)
    assert (reading.state, reading.pages, reading.letters, reading.fault) == (ReadingState.READ, 1, 16, "")
    assert "为加强領導" in Page.objects.get(blob=blob).text
    assert found("evidence_text_words", "加强领导") == [blob.pk]
    assert found("evidence_caption_words", "领导小组") == [piece.pk]
    assert found("evidence_caption_words", "工作小组") == []
    assert queries.progress(people.users["朱辉斌"]).read == 1


def test_reading_twice_changes_nothing(people: Any) -> None:
    piece = put(people, "a.txt", "文明单位".encode())
    jobs.read.call(piece.current.pk)
    first = Reading.objects.get().version
    jobs.read.call(piece.current.pk)
    assert Reading.objects.get().version == first
    assert found("evidence_text_words", "文明单位") == [piece.current.blob_id]


def test_a_caption_that_is_mended_is_found_by_its_new_words_only(people: Any) -> None:
    piece = put(people, "旧名.txt", b"text")
    actions.caption(piece, by=people.users["朱辉斌"], title="新的名称", place="示人大街")
    assert found("evidence_caption_words", "新的名称") == [piece.pk]
    assert found("evidence_caption_words", "示人大街") == [piece.pk]
    piece = actions.caption(piece, by=people.users["朱辉斌"], title="又改了")
    assert found("evidence_caption_words", "新的名称") == []


def test_what_was_here_before_the_reader_is_read_when_the_worker_starts(people: Any) -> None:
    piece = put(people, "a.txt", "文明".encode())
    assert jobs.read_what_waits() == 0  # it is queued already
    DBTaskResult.objects.all().delete()
    assert jobs.read_what_waits() == 1
    jobs.read.call(piece.current.pk)
    DBTaskResult.objects.all().delete()
    assert jobs.read_what_waits() == 0


def test_a_reading_that_a_killed_worker_left_goes_on_where_it_stopped(people: Any) -> None:
    piece = put(people, "a.txt", ("一行文字\n" * 1500).encode())
    actions.keep_pages(
        piece.current, by=system_user(), leaves=[{"no": 1, "text": "第一页已经读过", "lines": []}]
    )
    assert queries.next_page(piece.current.blob_id) == 2
