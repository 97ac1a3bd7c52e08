"""Work for later. Actions name a job by its dotted path: jobs stand above actions and cannot be imported there."""

from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult


def enqueue(path: str, *args: Any) -> None:
    """Queue the job at PATH ("taizhang.evidence.jobs.thumbnail") with plain ARGS (ids)."""
    import_string(path).enqueue(*args)


def recover() -> int:
    """Put back what a killed worker was at; called when the only worker starts. Jobs are safe to run twice."""
    with transaction.atomic():
        left = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
        return left.update(  # not a record: the queue's own table
            status=TaskResultStatus.READY, started_at=None, worker_ids=[]
        )
