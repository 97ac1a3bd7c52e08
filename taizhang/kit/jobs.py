"""Work for later. Actions name a job by its dotted path: jobs stand above actions and cannot be imported there."""

from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

LATER = -10  # of priorities from -100 to 100: what takes long lets the rest go first


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


def recover() -> int:
    """Put back what a killed worker was at; called when the only worker starts. Jobs are safe to run twice."""
    with transaction.atomic():
        left = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
        return left.update(  # not a record: the queue's own table
            status=TaskResultStatus.READY, started_at=None, worker_ids=[]
        )
