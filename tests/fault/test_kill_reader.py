"""kill -9 of the worker in the middle of reading many files: nothing is lost, and none is read twice. R29."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from .server import ROOT, World, make_world

FILES = int(os.environ.get("TAIZHANG_FAULT_FILES", "80"))
ROUNDS = 4


def program(world: World, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fault.reading_world", *words], cwd=ROOT, text=True, capture_output=True,
        timeout=180, env=world.environment | {"TAIZHANG_OCR": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def told(world: World) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(program(world, "told").splitlines()[-1])
    return found


def worker(world: World) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "taizhang.config.worker"], cwd=ROOT, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=world.environment | {"TAIZHANG_OCR": "0"}, start_new_session=True,
    )  # fmt: skip


@pytest.mark.fault
def test_a_worker_killed_while_it_reads_loses_nothing_and_reads_none_twice(tmp_path: Path) -> None:
    world = make_world(tmp_path / "home")
    program(world, "deposit", str(FILES))
    dice, middle = random.Random(5), 0
    for _ in range(ROUNDS):
        process = worker(world)
        wait_for_child(process.pid)
        time.sleep(dice.uniform(0.1, 1.5))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        now = told(world)
        middle += 0 < now["read"] < FILES
        if now["read"] == FILES:
            break
    process = worker(world)
    until = time.monotonic() + 180
    while time.monotonic() < until and told(world)["open"]:
        time.sleep(1)
    process.terminate()
    process.wait(timeout=60)
    end = told(world)
    assert end["files"] == end["found"] == end["read"] == FILES, end
    assert end["notes"] == FILES and end["tries"] == 0, "none was read twice, none was given up"
    # every tenth is longer than a leaf
    assert end["pages"] == FILES + (FILES + 9) // 10 * 3, end
    assert end["open"] == 0 and end["problems"] == []
    assert middle, "no kill fell into the middle"


@pytest.mark.fault
def test_the_child_ends_with_a_worker_that_was_killed(tmp_path: Path) -> None:
    world = make_world(tmp_path / "home")
    program(world, "deposit", "5")
    process = worker(world)
    try:
        children = wait_for_child(process.pid)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    time.sleep(1)
    assert not [
        pid
        for pid in children
        if Path(f"/proc/{pid}/cmdline").exists() and b"kit.apart" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def wait_for_child(pid: int) -> list[int]:
    """The children of PID, once there are some: a worker starts one at its first file."""
    until = time.monotonic() + 60
    while not (children := children_of(pid)):
        assert time.monotonic() < until
        time.sleep(0.05)
    return children


def children_of(pid: int) -> list[int]:
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                stat = (place / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(stat[1]) == pid:
                found.append(int(place.name))
    return found
