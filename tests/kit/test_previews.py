"""Pages drawn on demand: kept, bounded, drawn once for many who ask; a child that rests."""

import os
import threading
from pathlib import Path

import pytest

from taizhang.kit.previews import NotDrawn, Previews

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
