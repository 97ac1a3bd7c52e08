"""The put protocol: a receipt means that the bytes are on disk."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from taizhang.kit.errors import Busy, Refused
from taizhang.kit.files import Disk, read_pieces

BODY = b"evidence" * 1000


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


def files(disk: Disk) -> list[Path]:
    return [path for path in disk.root.rglob("*") if path.is_file()]


def test_put_keeps_the_bytes(disk: Disk) -> None:
    stored = disk.put([BODY[:100], BODY[100:]], limit=10**6, expected=len(BODY))
    assert stored.sha256 == hashlib.sha256(BODY).hexdigest()
    assert stored.sm3 == hashlib.new("sm3", BODY).hexdigest()
    assert (stored.size, stored.head) == (len(BODY), BODY[:8192])
    with disk.open(stored.sha256) as handle:
        assert b"".join(read_pieces(handle)) == BODY
    path = disk.path(stored.sha256)
    assert path.stat().st_mode & 0o777 == 0o444 and path.stat().st_nlink == 1
    assert list(disk.names()) == [stored.sha256] and disk.exists(stored.sha256)
    assert disk.digest(stored.sha256) == stored.sha256
    assert files(disk) == [path], "nothing is left in incoming/"


def test_put_twice_keeps_one(disk: Disk) -> None:
    first, second = (disk.put([BODY], limit=10**6) for _ in range(2))
    assert first == second and len(files(disk)) == 1


@pytest.mark.parametrize(
    ("pieces", "limit", "expected", "words"),
    [
        ([], 10, None, "空的"),
        ([b""], 10, None, "空的"),
        ([b"x" * 11], 10, None, "超过"),
        ([b"x" * 6, b"x" * 5], 10, None, "超过"),
        ([b"x" * 9], 10, 10, "应有 10 字节，只收到 9 字节"),
        ([b"x" * 10], 100, 9, "应有 9 字节"),
    ],
)
def test_put_refuses_and_leaves_nothing(
    disk: Disk, pieces: list[bytes], limit: int, expected: int | None, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        disk.put(pieces, limit=limit, expected=expected)
    assert files(disk) == []


def test_put_exactly_the_limit(disk: Disk) -> None:
    assert disk.put([b"x" * 10], limit=10, expected=10).size == 10


def test_a_source_that_breaks_off_leaves_nothing(disk: Disk) -> None:
    def broken() -> Iterator[bytes]:
        yield BODY
        raise ConnectionResetError("gone")

    with pytest.raises(Busy, match="没有保存"):
        disk.put(broken(), limit=10**6)

    def worse() -> Iterator[bytes]:
        yield BODY
        raise RuntimeError("bug")

    with pytest.raises(RuntimeError):
        disk.put(worse(), limit=10**6)
    assert files(disk) == []


def test_put_refuses_before_the_disk_is_full(disk: Disk, monkeypatch: Any) -> None:
    monkeypatch.setattr(Disk, "RESERVE", shutil.disk_usage(disk.root).total)
    read = []

    def pieces() -> Iterator[bytes]:
        read.append(1)
        yield BODY

    with pytest.raises(Busy, match="磁盘快满"):
        disk.put(pieces(), limit=10**6)
    assert not read and files(disk) == []


@pytest.mark.parametrize("call", ["fsync", "link", "open"])
def test_an_error_of_the_disk_is_told_and_never_tried_again(disk: Disk, monkeypatch: Any, call: str) -> None:
    calls = []

    def fails(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if call == "open":
            patch.setattr("builtins.open", fails)
        else:
            patch.setattr(os, call, fails)
        with pytest.raises(Busy, match="磁盘出错"):
            disk.put([BODY], limit=10**6)
    assert len(calls) == 1 and files(disk) == []
    assert disk.put([BODY], limit=10**6).size == len(BODY), "it goes on without a restart"


@pytest.mark.parametrize("damage", [b"", BODY + b"x", BODY[:-1] + b"X"])
def test_the_same_bytes_over_damaged_ones_get_no_receipt(disk: Disk, damage: bytes) -> None:
    path = disk.path(disk.put([BODY], limit=10**6).sha256)
    path.chmod(0o644)
    path.write_bytes(damage)
    with pytest.raises(Busy, match="已损坏"):
        disk.put([BODY], limit=10**6)
    assert path.read_bytes() == damage, "nothing is mended or deleted by itself"
    assert files(disk) == [path]


def test_fault_finds_what_is_wrong(disk: Disk, tmp_path: Path) -> None:
    stored = disk.put([BODY], limit=10**6)
    path, name, size = disk.path(stored.sha256), stored.sha256, stored.size
    assert disk.fault(name, size, full=True) == ""
    path.chmod(0o644)
    flipped = bytearray(BODY)
    flipped[500] ^= 1
    path.write_bytes(flipped)
    assert disk.fault(name, size, full=False) == "" and "SHA-256 不符" in disk.fault(name, size, full=True)
    path.write_bytes(BODY[:-1])
    assert "应为 8000 字节，实为 7999 字节" in disk.fault(name, size, full=False)
    path.unlink()
    assert "不在" in disk.fault(name, size, full=False) and not disk.exists(name)
    other = tmp_path / "other"
    other.write_bytes(BODY)
    path.symlink_to(other)
    assert "不是普通文件" in disk.fault(name, size, full=True)
    with pytest.raises(OSError):
        disk.open(name)


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "g" * 64, "/" * 64, "a" * 63 + "\n"]
)
def test_only_a_digest_is_a_path(disk: Disk, name: str) -> None:
    with pytest.raises(ValueError):
        disk.path(name)


def test_sweep_takes_only_what_is_stale(disk: Disk) -> None:
    stored = disk.put([BODY], limit=10**6)
    old, new, folder = (disk.incoming / name for name in ("old", "new", "folder"))
    old.write_bytes(b"x")
    new.write_bytes(b"x")
    folder.mkdir()
    yesterday = time.time() - 25 * 3600
    for each in (old, folder):
        os.utime(each, (yesterday, yesterday))
    os.utime(disk.path(stored.sha256), (yesterday, yesterday))
    assert disk.stale() == ["old"]
    assert disk.sweep() == ["old"] and disk.stale() == []
    assert new.exists() and folder.exists() and disk.exists(stored.sha256)
    assert Disk(disk.root / "nowhere").stale() == []


PUT = """
import sys
from pathlib import Path
import django
from django.conf import settings
settings.configure()
from taizhang.kit.files import Disk
Disk(Path(sys.argv[1])).put([b"evidence" * 1000], limit=10**6)
print("receipt", flush=True)
"""


def _strace(*options: str, root: Path) -> subprocess.CompletedProcess[str]:
    command = ["strace", "-f", *options, sys.executable, "-c", PUT, str(root)]
    quiet = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=quiet)


def _can_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode == 0


traced = pytest.mark.skipif(not _can_trace(), reason="strace is not here, or may not trace")


@traced
def test_bytes_are_synced_before_the_receipt(tmp_path: Path) -> None:
    log = tmp_path / "log"
    root = tmp_path / "home"
    root.mkdir()
    done = _strace("-y", "-o", str(log), "-e", "trace=fsync,link,linkat,write,fchmod", root=root)
    assert done.stdout == "receipt\n", done.stderr
    lines = [
        line.split(" ", 1)[1].strip()
        for line in log.read_text().splitlines()
        if str(root) in line or "receipt" in line
    ]
    what = [(line.split("(")[0], "incoming" in line.split(",")[0], "blobs" in line) for line in lines]
    assert what == [
        ("write", True, False), ("fchmod", True, False), ("fsync", True, False),
        (what[3][0], what[3][1], True),  # link into blobs/
        ("fsync", False, True), ("fsync", False, True), ("fsync", False, True), ("fsync", False, False),
        ("write", False, False),  # the receipt
    ]  # fmt: skip
    assert what[3][0] in ("link", "linkat")


#: every call that put makes, and how often on a new disk (mkdir is tried from below)
CALLS = {"fsync": 5, "link": 1, "fchmod": 1, "mkdir": 6, "write": 1}


@traced
@pytest.mark.fault
@pytest.mark.parametrize("fault", ["signal=SIGKILL", "error=EIO", "error=ENOSPC"])
def test_a_fault_at_every_call(tmp_path: Path, fault: str) -> None:
    """R2 and R3 of the fault list: no receipt without its bytes, whatever call the fault hits."""
    sha256, hits = hashlib.sha256(BODY).hexdigest(), 0
    for call, times in CALLS.items():
        for nth in range(1, times + 1):
            root = tmp_path / f"{call[:4]}{nth}"
            root.mkdir()
            inject = f"inject={call}:{fault}:when={nth}"
            done = _strace("-o", "/dev/null", "-e", f"trace={call}", "-e", inject, root=root)
            disk = Disk(root)
            if "receipt" in done.stdout:
                assert disk.fault(sha256, len(BODY), full=True) == ""
                continue
            hits += 1
            # a name in blobs/ is never there without its bytes
            assert [disk.fault(name, len(BODY), full=True) for name in disk.names()] in ([], [""])
            if "SIGKILL" not in fault:
                assert "kit.errors.Busy" in done.stderr, done.stderr
                assert not (root / "incoming").exists() or not list((root / "incoming").iterdir())
    print(f"\n{fault}: {hits} faults hit, receipts without bytes 0")
    assert hits >= 10, "the faults must hit"
