"""kill -9 in the middle of binding: the next command goes on with what was made, and the bytes are the same."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def run(home: Path, *words: str, wait: bool = True) -> "subprocess.Popen[str]":
    started = subprocess.Popen(
        [sys.executable, "-m", *words], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"TAIZHANG_HOME": str(home)}, start_new_session=True,
    )  # fmt: skip
    if wait:
        _, told = started.communicate(timeout=300)
        assert started.returncode == 0, told
    return started


def parts(home: Path) -> dict[str, float]:
    """The parts that are made, with the moment of each."""
    return {path.name: path.stat().st_mtime for path in (home / "bound").glob("*/parts/*.json")}


@pytest.mark.parametrize("form", ["volume", "album"])
def test_a_killed_binding_goes_on(tmp_path: Path, form: str) -> None:
    home, whole = tmp_path / "home", tmp_path / "whole"
    home.mkdir()
    run(home, "tests.fault.bound_world")
    shutil.copytree(home, whole)
    command = ("taizhang.config.cli", "bind", "创建全国文明单位", "--year", "2020", "--form", form)
    run(whole, *command, str(tmp_path / "whole.pdf"))
    broken = run(home, *command, str(tmp_path / "out.pdf"), wait=False)
    until = time.monotonic() + 120
    while len(parts(home)) < 3 and broken.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    os.killpg(broken.pid, signal.SIGKILL)
    broken.communicate()
    assert not (tmp_path / "out.pdf").exists(), "it was killed in the middle"
    before = parts(home)
    assert 3 <= len(before) < 10
    run(home, *command, str(tmp_path / "out.pdf"))
    assert [path.name for path in (home / "bound").iterdir() if path.is_dir()] == ["1"], (
        "the same one went on"
    )
    digests = {
        hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("out.pdf", "whole.pdf")
    }
    assert len(digests) == 1
