"""The worker's sign of life, for `taizhang doctor`; and what a worker that was killed left behind."""

import threading
import time
from pathlib import Path

from django.conf import settings

from taizhang.kit import jobs

EVERY = 15  # seconds


def beat_file() -> Path:
    return Path(settings.HOME) / "worker.beat"


def start() -> None:
    """Give back what a killed worker held, then beat in the background."""
    jobs.recover()

    def beat() -> None:
        while True:
            beat_file().touch()
            time.sleep(EVERY)

    threading.Thread(target=beat, daemon=True).start()


def age() -> float | None:
    """Seconds since the last beat; None if there was none."""
    try:
        return time.time() - beat_file().stat().st_mtime
    except FileNotFoundError:
        return None
