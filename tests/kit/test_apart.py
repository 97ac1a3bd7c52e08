"""A child at work: one bad file ends it, and the next question is answered by a new one."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from taizhang.kit.apart import Apart, Ended


@pytest.fixture
def child() -> Iterator[Apart]:
    found = Apart("tests.kit.apart_work:work")
    yield found
    found.close(kill=True)


def test_it_answers_and_stays_warm(child: Apart) -> None:
    first = child.ask({"do": "echo", "say": "党建\n引领"}, 20)
    assert first["said"] == "党建\n引领"
    assert child.ask({"do": "echo", "say": ""}, 20)["by"] == first["by"]


@pytest.mark.parametrize(
    ("do", "why"),
    [("loop", "time"), ("sleep", "time"), ("memory", "memory"), ("crash", "crash"), ("fault", "crash")],
)
def test_what_ends_it_ends_nothing_else(child: Apart, do: str, why: str) -> None:
    before = child.ask({"do": "echo", "say": ""}, 20)["by"]
    with pytest.raises(Ended) as ended:
        child.ask({"do": do}, 1.5)
    assert ended.value.why == why
    after = child.ask({"do": "echo", "say": "又一件"}, 20)
    assert after["said"] == "又一件" and after["by"] != before
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


def test_it_ends_with_its_owner(child: Apart) -> None:
    number = child.ask({"do": "echo", "say": ""}, 20)["by"]
    child.close()
    time.sleep(0.1)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def runs(number: int) -> bool:
    """Whether it is there and no mere entry of something that has ended."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_a_crashed_child_had_started_ends_too(child: Apart, tmp_path: Path) -> None:
    with pytest.raises(Ended):
        child.ask({"do": "leave", "note": str(tmp_path / "number")}, 20)
    number = int((tmp_path / "number").read_text())
    for _ in range(50):
        if not runs(number):
            return
        time.sleep(0.1)
    os.kill(number, 9)
    pytest.fail("a converter was left at work")
