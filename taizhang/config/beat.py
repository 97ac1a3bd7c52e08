"""The worker's sign of life, for `taizhang doctor`; what a worker that was killed left behind; what recurs."""

import logging
import threading
import time
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from taizhang.evidence.actions import index_what_lacks
from taizhang.evidence.jobs import read_what_waits
from taizhang.kit import jobs
from taizhang.kit.schedule import queue_due
from taizhang.reports.jobs import bind_what_waits

from .schedule import SCHEDULE

EVERY = 15  # seconds
LOOKS_EVERY = 60  # seconds between two looks at the table of what recurs
FIRST_LOOK = 30  # a worker that has just started does first what people wait for

log = logging.getLogger(__name__)


def beat_file() -> Path:
    return Path(settings.HOME) / "worker.beat"


def start() -> None:
    """Give back what a killed worker held, take up what is not indexed or read yet, then beat in the background."""
    jobs.recover()
    index_what_lacks()
    read_what_waits()
    bind_what_waits()

    def beat() -> None:
        next_look = time.monotonic() + FIRST_LOOK
        while True:
            beat_file().touch()
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + LOOKS_EVERY
                look()
            time.sleep(EVERY)

    threading.Thread(target=beat, daemon=True).start()


def look() -> None:
    """Queue what is due. Whatever goes wrong is tried again at the next look: the beat must not stop for it."""
    try:
        queue_due(SCHEDULE, timezone.localtime())
    except DatabaseError:
        log.exception("the table of what recurs could not be looked at")
    finally:
        connection.close()


def age() -> float | None:
    """Seconds since the last beat; None if there was none."""
    try:
        return time.time() - beat_file().stat().st_mtime
    except FileNotFoundError:
        return None
