"""A disk that is nearly full: uploads are refused before they are read, everything else goes on, nothing is half-kept.

R5 of the fault list, without a disk of its own: the reserve is set so high that there is no room.
"""

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .server import Server, World, make_world, multipart, read_all, upload
from .test_broken_off import state


class NoRoom(World):
    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"TAIZHANG_RESERVE_MB": str(2**40)}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = make_world(tmp_path_factory.mktemp("full"))
    server = Server(NoRoom(made.home, made.session, made.unit))
    server.start().ready()
    yield server
    server.kill()


def test_the_answer_comes_before_the_body(server: Server) -> None:
    """50 MB are announced and none of them is sent: the answer is there all the same, in Chinese."""
    before = state(server.world.home)
    _, boundary = multipart(server.world.unit, "会议.txt", b"")
    began = time.monotonic()
    with server.connect(timeout=20) as link:
        link.sendall(server.request(b"", boundary, 50 * 2**20))
        status, answer = read_all(link)
    assert status == 503 and "磁盘快满了" in answer.decode() and "浏览、签批不受影响" in answer.decode()
    assert time.monotonic() - began < 15
    assert state(server.world.home) == before


def test_a_whole_upload_is_refused_too(server: Server) -> None:
    """Large ones by what they announce, small ones by the store; both with words, and nothing is left."""
    before = state(server.world.home)
    for size in (2_000, 900_000, 5_000_000):
        body, boundary = multipart(server.world.unit, "会议.txt", b"evidence of work\n" * (size // 17))
        with server.connect(timeout=20) as link:
            with contextlib.suppress(
                BrokenPipeError, ConnectionResetError
            ):  # refused before all of it was sent
                link.sendall(server.request(body, boundary))
            status, answer = read_all(link)
        assert status in (503, 0), (size, status, answer[:200])
        words = answer.decode()
        assert not status or "磁盘快满了" in (
            json.loads(words)["message"] if words.startswith("{") else words
        ), size
    assert state(server.world.home) == before


def test_reading_goes_on(server: Server) -> None:
    with server.connect(timeout=20) as link:
        cookie = f"sessionid={server.world.session}"
        link.sendall(
            f"GET /evidence/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
        )
        status, _ = read_all(link)
    assert status == 200


def test_it_recovers_without_help(server: Server) -> None:
    """With room again (another process, the same home) the same upload is kept."""
    again = Server(World(server.world.home, server.world.session, server.world.unit))
    again.start().ready()
    try:
        status, told = upload(again, "会议.txt", b"minutes " * 100)
        assert status == 201, told
    finally:
        again.kill()


def sent(server: Server, name: str, data: bytes) -> int:
    """The status of an upload; 0 where the line was closed before all of it was sent."""
    try:
        return upload(server, name, data)[0]
    except OSError:
        return 0


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="needs a file system of its own")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """A tmpfs of 64 MB, filled to the brim: no receipt, no half file, and it works again when there is room."""
    place = tmp_path / "small"
    place.mkdir()
    if os.system(f"mount -t tmpfs -o size=64m tmpfs {place} 2>/dev/null"):
        pytest.skip("mounting is not allowed here")
    try:
        made = make_world(place / "home")

        class Tight(World):
            @property
            def environment(self) -> dict[str, str]:
                return super().environment | {"TAIZHANG_RESERVE_MB": "0"}

        server = Server(Tight(made.home, made.session, made.unit))
        server.start().ready()
        try:
            assert upload(server, "a.txt", b"before " * 100)[0] == 201
            before = state(made.home)
            free = shutil.disk_usage(place).free
            with open(place / "filler", "wb") as out:
                out.write(b"\0" * (free - 3_000_000))
            assert sent(server, "b.txt", os.urandom(2_000_000).hex().encode()) in (0, 503)
            with open(place / "filler", "ab") as out, contextlib.suppress(OSError):
                while out.write(b"\0" * 65536):
                    out.flush()
            assert sent(server, "c.txt", b"c" * 100_000) != 201
            assert state(made.home) == before
            (place / "filler").unlink()
            status, told = upload(server, "d.txt", b"after " * 100)
            assert status == 201, (told, (made.home / "server.log").read_text()[-3000:])
        finally:
            server.kill()
    finally:
        os.system(f"umount -l {place}")  # the log is still open here
