"""Work for later. Actions name a job by its dotted path: jobs stand above actions and cannot be imported there."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

#: of priorities from -100 to 100: what takes long lets the rest go first. A job before whose page somebody sits and
#: waits is declared with FIRST, `@task(priority=FIRST)`, whoever queues it
LATER, FIRST = -10, 10


def enqueue(path: str, *args: Any, later: bool = False) -> None:
    """Queue the job at PATH ("taizhang.evidence.jobs.thumbnail") with plain ARGS (ids); LATER: behind all others."""
    job = import_string(path)
    (job.using(priority=LATER) if later else job).enqueue(*args)


def queued(path: str) -> set[Any]:
    """The first argument of every job at PATH that is waiting or running."""
    rows = DBTaskResult.objects.filter(
        task_path=path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    return {held["args"][0] for held in rows.values_list("args_kwargs", flat=True)}


def do_now(path: str, *args: Any) -> bool:
    """Do the job at PATH with ARGS here and now, whether it is queued or not; False where a worker is at it.

    Whoever is killed at it leaves no job behind: only for work that is found again by what lacks.
    """
    same = DBTaskResult.objects.filter(task_path=path, args_kwargs__args=list(args))
    same.filter(status=TaskResultStatus.READY).delete()  # not a record: the queue's own table
    if same.filter(status=TaskResultStatus.RUNNING).exists():
        return False
    import_string(path).func(*args)
    return True


def last_said(path: str, *args: Any) -> tuple[bool, Any]:
    """Of the last job at PATH with ARGS: whether it waits or runs, and what it answered (None: nothing, or it failed)."""
    rows = DBTaskResult.objects.filter(task_path=path, args_kwargs__args=list(args)).order_by("-enqueued_at")
    found = rows.values_list("status", "return_value").first()
    if found is None:
        return False, None
    return found[0] in (TaskResultStatus.READY, TaskResultStatus.RUNNING), found[1]


def is_open(path: str) -> bool:
    """Whether a job at PATH waits or runs."""
    return DBTaskResult.objects.filter(
        task_path=path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    ).exists()


def last_queued(path: str) -> datetime | None:
    """When a job at PATH was last queued; None: never."""
    last: datetime | None = DBTaskResult.objects.filter(task_path=path).aggregate(last=Max("enqueued_at"))[
        "last"
    ]
    return last


def recover() -> int:
    """Put back what a killed worker was at; called when the only worker starts. Jobs are safe to run twice."""
    with transaction.atomic():
        left = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
        return left.update(  # not a record: the queue's own table
            status=TaskResultStatus.READY, started_at=None, worker_ids=[]
        )
