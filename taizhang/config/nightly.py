"""The jobs of the table in `schedule.py`, and what they share with the command line."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_tasks import task

from taizhang.evidence import actions, queries
from taizhang.kit import jobs
from taizhang.ledger.queries.citing import items_citing
from taizhang.org.queries import system_user

#: seconds of reading in a night, and in one go: between two goes other jobs have their turn
A_NIGHT, AT_A_TIME = 900, 20
CHECK_FILES = "taizhang.config.nightly.check_files"


@task()
def empty_bin() -> str:
    """Clear what has lain in the bin for thirty days."""
    done = actions.empty_bin(by=system_user())
    return f"{done.pieces} {done.files}"


@task()
def check_files(
    left: float = A_NIGHT, checked: int = 0, size: int = 0, spent: float = 0, begun: str = ""
) -> str:
    """Read the bytes of the store again, some seconds at a time, and put on record what was found."""
    since = parse_datetime(begun) if begun else queries.round_begun()
    only = queries.unread_since(since) if since else None
    begin = since or timezone.now()
    walked = queries.walk(seconds=min(left, AT_A_TIME), only=only, keep=actions.mark_checked)
    checked, size, spent = checked + walked.checked, size + walked.bytes, spent + walked.seconds
    left -= walked.seconds
    if not walked.finished and left > 0:
        jobs.enqueue(CHECK_FILES, left, checked, size, spent, begin.isoformat(), later=True)
        return "more"
    # rows, citations, index: cheap beside the bytes, and once a night
    rest = queries.verify(full=False, items=items_citing)
    known = {(fault.receipt, fault.version) for fault in rest.faults}
    damaged = queries.with_items(queries.faults_of(walked.bad), items_citing)
    faults = [fault for fault in damaged if (fault.receipt, fault.version) not in known] + rest.faults
    note_check(
        faults,
        checked=checked,
        size=size,
        left=walked.left,
        seconds=spent,
        begun=begin,
        orphans=len(rest.orphans),
    )
    return "finished" if walked.finished else "ended"


def note_check(
    faults: Collection[queries.Fault], *, checked: int, size: int, left: int, seconds: float, begun: datetime, orphans: int,
    why: str = "",
) -> None:  # fmt: skip
    """Put a check on record, with the first of its faults."""
    system = system_user()
    result: dict[str, Any] = {
        "checked": checked, "bytes": size, "left": left, "seconds": round(seconds, 1), "finished": left == 0,
        "begun": begun.isoformat(), "orphans": orphans, "count": len(faults), "why": why,
        "problems": [fault.told for fault in faults][: queries.MOST_NOTED],
    }  # fmt: skip
    actions.note_check(system, by=system, result=result)
