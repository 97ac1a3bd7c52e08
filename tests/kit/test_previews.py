"""Pages drawn on demand: kept, bounded, drawn once for many who ask; a child that rests."""

import os
import threading
import time
from pathlib import Path

import pytest

from taizhang.kit.previews import NotDrawn, Previews, TooMany

WORK = "tests.kit.previews_work:answer"


@pytest.fixture
def made(tmp_path: Path) -> Previews:
    (tmp_path / "file").write_bytes(b"file")
    return Previews(tmp_path / "previews", WORK, most=3000)


def page(made: Previews, no: int, name: str = "file", sha: str = "a" * 64) -> bytes:
    return made.page(sha, made.folder.parent / name, "x/y", no)


def test_a_page_is_drawn_once_and_kept(made: Previews) -> None:
    assert page(made, 1) == b"page 1 of file" + b"." * 486
    made.rest()
    assert made.child.process is None
    assert page(made, 1).startswith(b"page 1")  # from the folder: no child is started
    assert made.child.process is None
    assert (
        page(made, 1, sha="b" * 64).startswith(b"page 1") and made.child.process is not None
    )  # other bytes, drawn
    made.rest()


def test_what_cannot_be_drawn_is_told_and_costs_its_time_once(made: Previews) -> None:
    with pytest.raises(NotDrawn, match="没有第 9 页"):
        page(made, 9)
    asked = made.child.asked
    with pytest.raises(NotDrawn, match="没有第 9 页"):
        page(made, 9)
    assert made.child.asked == asked
    with pytest.raises(NotDrawn, match="没有页面可看"):
        page(made, 8)
    made.rest()


def test_a_child_that_crashes_once_is_started_anew(made: Previews) -> None:
    # the first child ends while it draws page 7; the second finds its mark and draws
    assert page(made, 7).startswith(b"page 7")
    with pytest.raises(NotDrawn, match="太复杂"):
        page(made, 6)  # ends every time
    made.rest()


def test_the_folder_is_bounded_and_what_is_looked_at_stays(made: Previews) -> None:
    for no in range(10, 16):
        page(made, no)
    kept = sorted(made.folder.glob("*/*.jpg"))
    assert len(kept) == 6 and made.sweep() == 0  # 3000 bytes: just full
    for at, path in enumerate(kept):
        os.utime(path, (1000 + at, 1000 + at))
    page(made, 16)
    page(made, 10)  # one of the old ones is looked at again, and counts as new
    looked = (
        made.folder
        / Previews.name("a" * 64, "x/y", 10, 1000)[:2]
        / f"{Previews.name('a' * 64, 'x/y', 10, 1000)}.jpg"
    )
    assert made.sweep() == 3
    left = set(made.folder.glob("*/*.jpg"))
    assert len(left) == 4 and looked in left
    made.rest()


def test_many_who_ask_at_once_share_one_child(made: Previews) -> None:
    made.turns = threading.BoundedSemaphore(12)
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda no=no: found.append(page(made, no % 3 + 1))) for no in range(12)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 12 and made.child.asked == 3
    made.rest()


def test_who_comes_while_as_many_wait_as_may_is_told_at_once(tmp_path: Path) -> None:
    """Of four threads two may wait: the third is free again at once, and what is kept is shown all the same."""
    (tmp_path / "file").write_bytes(b"file")
    made = Previews(tmp_path / "previews", WORK, at_once=2)
    assert page(made, 1)
    slow: list[bytes | NotDrawn] = []

    def ask(no: int) -> None:
        try:
            slow.append(page(made, no))
        except NotDrawn as fault:
            slow.append(fault)

    made.lock.acquire()  # the child is at work for somebody
    waiting = [threading.Thread(target=ask, args=(no,)) for no in (2, 3)]
    for each in waiting:
        each.start()
    until = time.monotonic() + 10
    while made.turns._value and time.monotonic() < until:
        time.sleep(0.01)
    with pytest.raises(TooMany, match="人太多，几秒后会自动再试"):
        page(made, 4)  # stands by for the moment that most pages take
    began = time.monotonic()
    for _ in range(5):
        with pytest.raises(TooMany):
            page(made, 4)
    assert page(made, 1).startswith(b"page 1")
    assert time.monotonic() - began < 1 and slow == []
    made.lock.release()
    for each in waiting:
        each.join()
    assert sorted(one[:6] for one in slow if isinstance(one, bytes)) == [b"page 2", b"page 3"]
    assert page(made, 4).startswith(b"page 4")  # to be turned away is no fault that is remembered
    for no in (9, 9, 9):  # nor do faults take a turn with them
        with pytest.raises(NotDrawn, match="没有第 9 页"):
            page(made, no)
    assert page(made, 5)
    made.rest()
