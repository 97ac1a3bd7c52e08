"""A child process that does one kind of work for a stranger's file, with limits of time and memory, and stays warm.

Whatever a file does to the library that reads it (an endless loop, half the memory, a crash), only the child ends:
`ask` says so, and the next question starts a new one. Questions and answers are JSON objects, one a line.
"""

import contextlib
import ctypes
import importlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

MEMORY = 3 * 2**30  # bytes of address space: the OCR library alone reserves one
WRITES = 600 * 2**20  # bytes of one file that the child may write
MANY = 300  # questions; then a fresh child, for libraries leak
ANSWER = 200 * 2**20  # bytes
INSIDE = "TAIZHANG_APART"  # set in the surroundings of a child and of what it starts


class Ended(Exception):
    """The child ended without an answer: too long, too much memory, or it crashed. `why`: time, memory, crash."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Apart:
    """The child that answers with FUNCTION ("package.module:name"), which takes and returns a dict of plain values."""

    def __init__(
        self, function: str, memory: int = MEMORY, writes: int = WRITES, surroundings: Mapping[str, str] | None = None
    ) -> None:  # fmt: skip
        self.function, self.memory, self.writes = function, memory, writes
        self.surroundings = dict(surroundings or {})  # variables of its environment besides our own
        self.process: subprocess.Popen[bytes] | None = None
        self.asked = 0

    def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer to QUESTION; Ended when there is none within SECONDS by the clock."""
        if self.process is None or self.process.poll() is not None or self.asked >= MANY:
            self._start()
        process = self.process
        assert process is not None and process.stdin is not None and process.stdout is not None
        self.asked += 1
        line = json.dumps({"seconds": seconds, **question}).encode() + b"\n"
        try:
            process.stdin.write(line)
            process.stdin.flush()
            return self._answer(process, time.monotonic() + seconds)
        except BaseException as error:  # also a worker that is being stopped must not leave a child at work
            why = "time" if isinstance(error, TimeoutError) else "crash"
            code = self.close(kill=True)
            if isinstance(error, TimeoutError | OSError | ValueError):
                raise Ended("memory" if code == 3 else "time" if code == -signal.SIGXCPU else why) from None
            raise

    def _answer(self, process: "subprocess.Popen[bytes]", until: float) -> dict[str, Any]:
        out = process.stdout
        assert out is not None
        held = bytearray()
        while not held.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                raise TimeoutError
            piece = os.read(out.fileno(), 1 << 20)
            if not piece or len(held) + len(piece) > ANSWER:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=2)
                raise OSError("no answer")
            held += piece
        found: dict[str, Any] = json.loads(held)
        return found

    def _start(self) -> None:
        self.close()
        self.asked = 0
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "taizhang.kit.apart",
                self.function,
                str(self.memory),
                str(os.getpid()),
                str(self.writes),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={
                **os.environ,
                **self.surroundings,
                INSIDE: "1",
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            },
            start_new_session=True,
        )

    def close(self, *, kill: bool = False) -> int | None:
        """End the child, if there is one; its exit code."""
        process, self.process = self.process, None
        if process is None:
            return None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            # what it started (a converter) goes with it, and also when the child itself has ended already
            os.killpg(process.pid, signal.SIGTERM if not kill and process.poll() is None else signal.SIGKILL)
        code = process.wait()
        for end in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                assert end is not None
                end.close()
        return code


def _limit(memory: int, parent: int, writes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (writes, writes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # ends when its parent does, however that ended (Linux)
    if os.getppid() != parent:  # it ended before that was said
        os._exit(0)


def main(function: str, memory: str, parent: str, writes: str = str(WRITES)) -> None:
    """Answer questions until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not garble the answers
    _limit(int(memory), int(parent), int(writes))
    module, name = function.split(":")
    work = getattr(importlib.import_module(module), name)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    for line in sys.stdin.buffer:
        question = json.loads(line)
        used = resource.getrusage(resource.RUSAGE_SELF)
        # two cores may work at once: twice the time by the clock
        resource.setrlimit(
            resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + 2 * question["seconds"]) + 2, hard)
        )
        try:
            answer = json.dumps(work(question), ensure_ascii=False).encode("utf-8", "surrogatepass")
        except MemoryError:
            os._exit(3)
        answers.write(answer.replace(b"\n", b" ") + b"\n")
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:5])
