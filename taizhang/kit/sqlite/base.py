"""SQLite with a fair queue of writers.

SQLite's own waiting polls and is unfair: under load one writer may wait for seconds while others pass it.
The kernel's `flock` queues. It is taken where a transaction starts, whoever opens it (a page, the job worker,
a command), and given back at commit or rollback. Each connection has a file descriptor of its own, so that
two threads of one process queue too.
"""

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    _queue: int | None = None
    _queued = False

    def _start_transaction_under_autocommit(self) -> None:
        self._enter()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> Any:
        result = super()._commit()  # type: ignore[misc]  # a failed commit is rolled back by Django, which leaves the queue
        self._leave()
        return result

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._leave()
            if self._queue is not None:
                os.close(self._queue)
                self._queue = None

    def _enter(self) -> None:
        if self._queued or self.is_in_memory_db():
            return
        if self._queue is None:
            # beside the database, never the database itself: closing a second descriptor of it drops SQLite's locks
            path = f"{self.settings_dict['NAME']}.queue"
            self._queue = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        self._queued = True

    def _leave(self) -> None:
        if self._queued and self._queue is not None:
            fcntl.flock(self._queue, fcntl.LOCK_UN)
            self._queued = False
