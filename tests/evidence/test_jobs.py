"""Thumbnails in the background; what a killed worker was at is done again."""

from typing import Any

import pytest
from django.core.management import call_command
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from PIL import Image

from taizhang.evidence import jobs
from taizhang.evidence.models import Blob
from taizhang.journal.models import Entry
from taizhang.kit import jobs as later
from taizhang.kit.files import store

from .samples import deposit, jpeg, png


@pytest.fixture
def picture(people: Any) -> Any:
    return deposit(
        people.users["朱辉斌"], people.units["办公室"], "a.jpg", jpeg(1200, 800, taken="2020:06:10 09:30:11")
    )


def test_a_deposited_picture_is_queued(picture: Any) -> None:
    queued = DBTaskResult.objects.get(task_path="taizhang.evidence.jobs.thumbnail")
    assert queued.args_kwargs["args"] == [picture.current.pk]


def test_other_files_are_only_read(people: Any) -> None:
    deposit(people.users["朱辉斌"], people.units["办公室"], "a.pdf")
    assert DBTaskResult.objects.get().task_path == "taizhang.evidence.jobs.read"


# the rows that migrations made (the system's own user) must be there again for the tests that come after
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_worker_makes_it(picture: Any) -> None:
    call_command("db_worker", batch=True, interval=0, verbosity=0)
    done = DBTaskResult.objects.values_list("status", flat=True)
    assert list(done) == [TaskResultStatus.SUCCESSFUL] * 2  # drawn small, and read
    blob = Blob.objects.get()
    assert (blob.width, blob.height) == (1200, 800)
    with store().open(blob.thumbnail) as handle:
        assert max(Image.open(handle).size) == 360


def test_running_it_twice_changes_nothing(picture: Any) -> None:
    first = jobs.thumbnail.call(picture.current.pk)
    entries = Entry.objects.count()
    assert jobs.thumbnail.call(picture.current.pk) == first
    assert Entry.objects.count() == entries and Blob.objects.count() == 1


def test_an_entry_in_the_agency_s_chain(people: Any, picture: Any) -> None:
    jobs.thumbnail.call(picture.current.pk)
    entry = Entry.objects.get(action="evidence.set_thumbnail")
    assert entry.chain == people.units["甲局"].pk and entry.actor_name == "系统"


def test_what_cannot_be_drawn_is_left(people: Any) -> None:
    piece = deposit(people.users["朱辉斌"], people.units["办公室"], "a.png", png())
    path = store().path(piece.current.blob.sha256)  # type: ignore[attr-defined]
    path.chmod(0o644)
    path.write_bytes(b"\x89PNG\r\n\x1a\nrubbish")
    assert jobs.thumbnail.call(piece.current.pk) == ""
    assert Blob.objects.get().thumbnail == ""


def test_recover_puts_back_what_a_killed_worker_was_at(picture: Any) -> None:
    queued = DBTaskResult.objects.get(task_path="taizhang.evidence.jobs.thumbnail")
    queued.claim("killed")
    assert later.recover() == 1
    queued.refresh_from_db()
    assert queued.status == TaskResultStatus.READY and queued.started_at is None
    assert later.recover() == 0


def test_what_somebody_waits_for_comes_first_and_what_takes_long_last(people: Any) -> None:
    later.enqueue(jobs.READ, 1, later=True)
    later.enqueue(jobs.READ, 2)
    later.enqueue("taizhang.evidence.jobs.archive", 3, "check", 0)
    waiting = DBTaskResult.objects.ready().values_list("args_kwargs", flat=True)
    assert [one["args"][0] for one in waiting] == [3, 2, 1]


def test_a_queued_job_may_be_done_at_once_and_is_not_done_twice(picture: Any) -> None:
    version = picture.current.pk
    assert later.queued(jobs.READ) == {version}
    assert later.do_now(jobs.READ, version) and later.queued(jobs.READ) == set()
    later.enqueue(jobs.READ, version)
    DBTaskResult.objects.filter(task_path=jobs.READ).update(status=TaskResultStatus.RUNNING)
    assert not later.do_now(jobs.READ, version), "a worker is at it"
