"""A home kept a second time, and back: what is foreign, damaged, cut off or in the way is refused, and nothing is lost."""

import json
import os
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import new, sha256
from pathlib import Path
from typing import Any

import pytest

from taizhang.kit import backup, copying, restoring
from taizhang.kit.errors import Busy, Refused
from taizhang.kit.files import Disk

NOW = datetime(2026, 6, 10, 2, 0)
FILES = [b"first file", b"second file " * 10_000, os.urandom(2_000_000)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home", FILES)


def make_home(home: Path, files: list[bytes]) -> Path:
    home.mkdir()
    (home / "secret.key").write_text(f"key of {home.name}")
    with closing(sqlite3.connect(home / "taizhang.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE receipts (name TEXT)")
        for data in files:
            name = Disk(home).put([data], limit=10**9).sha256
            database.execute("INSERT INTO receipts VALUES (?)", [name])
        database.commit()
    return home


def names(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "taizhang.sqlite3")) as database:
        return [row[0] for row in database.execute("SELECT name FROM receipts")]


def site(home: Path) -> backup.Site:
    return backup.Site(home, home / "taizhang.sqlite3", frozenset(names(home)))


def back_up(home: Path, folder: Path, days: int = 0, **how: Any) -> backup.Made:
    return backup.backup(site(home), folder, NOW + timedelta(days=days), **how)


def restore(folder: Path, home: Path, wanted: str = "") -> Path:
    staged = restoring.stage(restoring.look(folder, wanted), home)
    restoring.settle(staged)
    return home


def whole(home: Path, receipts: list[str]) -> None:
    assert names(home) == receipts
    for name in receipts:
        data = Disk(home).path(name).read_bytes()
        assert sha256(data).hexdigest() == name


# --- there and back -------------------------------------------------------------------------------------------


def test_there_and_back(home: Path, tmp_path: Path) -> None:
    made = back_up(home, tmp_path / "b")
    assert (made.files, made.new_files, made.problems) == (3, 3, []) and made.new_bytes == sum(
        map(len, FILES)
    )
    place = tmp_path / "b" / "generations" / made.generation
    manifest = json.loads((place / "manifest.json").read_bytes())
    for data in FILES:
        said = manifest["files"][sha256(data).hexdigest()]
        assert said == {"size": len(data), "sm3": new("sm3", data).hexdigest()}
    assert manifest["database"] == backup.digests_of(place / "taizhang.sqlite3")
    assert (
        "SM3" in (place / "备份报告.txt").read_text()
        and (place / "secret.key").stat().st_mode & 0o777 == 0o600
    )
    again = restore(tmp_path / "b", tmp_path / "new")
    whole(again, names(home))
    assert (again / "secret.key").read_text() == "key of home" and not (again / "restoring").exists()
    assert backup.last(home)["generation"] == made.generation


def test_only_what_is_new_is_copied(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "b")
    same = back_up(home, tmp_path / "b", 1)
    assert (same.new_files, same.new_bytes, same.new_database_bytes) == (0, 0, 0) and same.files == 3
    Disk(home).put([b"one more"], limit=100)
    more = back_up(home, tmp_path / "b", 2)
    assert (more.new_files, more.new_bytes, more.files) == (1, 8, 4)
    whole(restore(tmp_path / "b", tmp_path / "new", same.generation), names(home))


def test_the_last_generations_are_kept(home: Path, tmp_path: Path) -> None:
    """Bytes go with the last generation that names them, and not before."""
    gone = Disk(home).put([b"cleared on the second day"], limit=100).sha256
    for day in range(5):
        made = back_up(home, tmp_path / "b", day, keep=3)
        if day == 1:
            Disk(home).erase(gone, hours=0)
        assert Disk(tmp_path / "b").exists(gone) is (day < 4), day
    assert len(backup.generations(tmp_path / "b")) == 3 and made.dropped == ["20260611-020000"]
    whole(restore(tmp_path / "b", tmp_path / "new"), names(home))


def test_nothing_is_dropped_where_a_manifest_cannot_be_read(home: Path, tmp_path: Path) -> None:
    gone = Disk(home).put([b"cleared"], limit=100).sha256
    for day in range(3):
        back_up(home, tmp_path / "b", day)
    Disk(home).erase(gone, hours=0)
    (tmp_path / "b" / "generations" / backup.generations(tmp_path / "b")[-1] / "manifest.json").write_text(
        "{"
    )
    back_up(home, tmp_path / "b", 3, keep=2)
    assert Disk(tmp_path / "b").exists(gone), "one of those kept cannot say what it needs"
    back_up(home, tmp_path / "b", 4, keep=2)
    assert not Disk(tmp_path / "b").exists(gone), "now all can"


def test_linked(home: Path, tmp_path: Path) -> None:
    made = back_up(home, tmp_path / "b", link=True)
    name = names(home)[0]
    assert os.path.samefile(Disk(home).path(name), Disk(tmp_path / "b").path(name)) and made.files == 3
    whole(restore(tmp_path / "b", tmp_path / "new"), names(home))


def test_while_a_writer_goes_on(home: Path, tmp_path: Path) -> None:
    """The copy is of one moment; what was there before it began is in it."""
    stop, counts = threading.Event(), [0]

    def write() -> None:
        with closing(sqlite3.connect(home / "taizhang.sqlite3", timeout=20)) as database:
            while not stop.is_set():
                stored = Disk(home).put([os.urandom(5000)], limit=10**6)
                database.execute("INSERT INTO receipts VALUES (?)", [stored.sha256])
                database.commit()
                counts[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for round_ in range(3):
            before = names(home)
            made = back_up(home, tmp_path / "b", round_)
            assert made.problems == []
            again = restore(tmp_path / "b", tmp_path / f"new{round_}")
            there = names(again)
            assert there[: len(before)] == before
            whole(again, there)
    finally:
        stop.set()
        writer.join()
    assert counts[0] > 10


# --- broken off -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0, 1, 2, "manifest", "rename"])
def test_killed_in_the_middle(home: Path, tmp_path: Path, at: int | str, monkeypatch: Any) -> None:
    class Killed(BaseException):
        pass

    former = back_up(home, tmp_path / "b")
    for nth in range(3):
        Disk(home).put([b"new %d" % nth], limit=100)
    calls = [0]
    real_replace, real_rename, real_write = os.replace, os.rename, backup._write

    def replace(source: Any, target: Any) -> None:
        if "/blobs/" in str(target):
            if calls[0] == at:
                raise Killed
            calls[0] += 1
        real_replace(source, target)

    def rename(source: Any, target: Any) -> None:
        if at == "rename":
            raise Killed
        real_rename(source, target)

    def write(path: Path, *rest: Any, **more: Any) -> None:
        if at == "manifest" and path.name == "manifest.json":
            raise Killed
        real_write(path, *rest, **more)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(copying, "AT_ONCE", 1)
        patch.setattr(os, "replace", replace)
        patch.setattr(os, "rename", rename)
        patch.setattr(backup, "_write", write)
        back_up(home, tmp_path / "b", 1)
    assert backup.generations(tmp_path / "b") == [former.generation], "what is not whole is not there"
    whole(restore(tmp_path / "b", tmp_path / "from-former"), names(home))
    made = back_up(home, tmp_path / "b", 2)
    assert made.files == 6 and made.new_files == (3 - at if isinstance(at, int) else 0), (
        "it goes on where it stopped"
    )
    assert not list((tmp_path / "b" / "incoming").iterdir()) and not list(
        (tmp_path / "b").glob("generations/.part-*")
    )
    whole(restore(tmp_path / "b", tmp_path / "new"), names(home))


def test_the_disk_takes_no_more(home: Path, tmp_path: Path, monkeypatch: Any) -> None:
    back_up(home, tmp_path / "b")
    Disk(home).put([b"more"], limit=100)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fchmod", lambda *args: full(0))
        with pytest.raises(Busy, match="以前的备份没有动"):
            back_up(home, tmp_path / "b", 1)
    assert len(backup.generations(tmp_path / "b")) == 1
    assert back_up(home, tmp_path / "b", 2).files == 4
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))  # type: ignore[attr-defined]
    with pytest.raises(Busy, match="只剩 0 MB"):
        back_up(home, tmp_path / "b", 3)


def test_one_at_a_time(home: Path, tmp_path: Path) -> None:
    backup.open_folder(site(home), tmp_path / "b")
    for lock in (tmp_path / "b" / "backup.lock", home / "keeping.lock"):
        with backup.alone(lock) as mine:
            assert mine
            with pytest.raises(Busy, match="另一次备份或清除正在进行"):
                back_up(home, tmp_path / "b")
    assert back_up(home, tmp_path / "b").files == 3


# --- damage ---------------------------------------------------------------------------------------------------


def flip(path: Path) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_damage_in_the_site_is_told_and_never_overwrites(home: Path, tmp_path: Path) -> None:
    damaged, lost, fresh = names(home)[0], names(home)[1], Disk(home).put([b"fresh"], limit=100).sha256
    back_up(home, tmp_path / "b")
    flip(Disk(home).path(damaged))
    Disk(home).path(lost).unlink()
    flip(Disk(home).path(fresh))
    Disk(tmp_path / "b").path(fresh).unlink()
    made = back_up(home, tmp_path / "b", 1)
    said = "\n".join(made.problems)
    assert f"{fresh}：内容与指纹不符" in said and f"{lost}：库里要用，存储里没有" in said
    assert not Disk(tmp_path / "b").exists(fresh), "wrong bytes are not kept"
    assert Disk(tmp_path / "b").digest(damaged) == damaged and Disk(tmp_path / "b").digest(lost) == lost
    made = back_up(home, tmp_path / "b", 2, check=True)
    assert f"{damaged}：" not in "\n".join(made.problems), (
        "the good one that was kept is not read from the source again"
    )


def test_check_mends_the_backup(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "b")
    name = names(home)[2]
    flip(Disk(tmp_path / "b").path(name))
    assert back_up(home, tmp_path / "b", 1).new_files == 0, "not looked at without being asked"
    assert back_up(home, tmp_path / "b", 2, check=True).new_files == 1
    whole(restore(tmp_path / "b", tmp_path / "new"), names(home))


def test_a_damaged_database_is_not_kept(home: Path, tmp_path: Path) -> None:
    former = back_up(home, tmp_path / "b")
    with closing(sqlite3.connect(home / "taizhang.sqlite3")) as database:
        database.execute("CREATE INDEX i ON receipts (name)")
        for nth in range(2000):
            database.execute("INSERT INTO receipts VALUES (?)", [f"{nth:064}"])
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray((home / "taizhang.sqlite3").read_bytes())
    data[4096 * 6 : 4096 * 6 + 2000] = b"\xff" * 2000
    (home / "taizhang.sqlite3").write_bytes(data)
    with pytest.raises((Refused, sqlite3.DatabaseError)):
        backup.backup(backup.Site(home, home / "taizhang.sqlite3"), tmp_path / "b", NOW + timedelta(days=1))
    assert backup.generations(tmp_path / "b") == [former.generation]


# --- folders that will not do ------------------------------------------------------------------------------------


def test_where_a_backup_may_not_go(home: Path, tmp_path: Path) -> None:
    for folder in (home, home / "backup", tmp_path):
        with pytest.raises(Refused, match="相互包含"):
            back_up(home, folder)
    (tmp_path / "link").symlink_to(home)
    with pytest.raises(Refused, match="相互包含"):
        back_up(home, tmp_path / "link" / "backup")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "照片.jpg").write_bytes(b"x")
    with pytest.raises(Refused, match="不是空的（有 照片.jpg 等）"):
        back_up(home, tmp_path / "full")
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(Refused, match="不是文件夹"):
        back_up(home, tmp_path / "file")
    other = make_home(tmp_path / "other", [b"x"])
    back_up(other, tmp_path / "theirs")
    with pytest.raises(Refused, match="另一个台账系统的备份"):
        back_up(home, tmp_path / "theirs")
    assert (
        sorted(os.listdir(tmp_path / "full")) == ["照片.jpg"]
        and len(backup.generations(tmp_path / "theirs")) == 1
    )


def test_never_over_what_is_there(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "b")
    before = names(home)
    with pytest.raises(Refused, match="不是空的"):
        restore(tmp_path / "b", home)
    whole(home, before)
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "sub").mkdir()
    (tmp_path / "some" / "sub" / "file").write_text("mine")
    with pytest.raises(Refused, match="有 sub"):
        restore(tmp_path / "b", tmp_path / "some")
    assert (tmp_path / "some" / "sub" / "file").read_text() == "mine" and os.listdir(tmp_path / "some") == [
        "sub"
    ]
    with pytest.raises(Refused, match="相互包含"):
        restore(tmp_path / "b", tmp_path / "b" / "inside")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "sessions").mkdir()
    whole(restore(tmp_path / "b", tmp_path / "empty"), before)


def test_a_refusal_is_told_though_something_else_lies_there_by_then(
    home: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    back_up(home, tmp_path / "b")
    new = tmp_path / "new"

    def full(path: Path) -> Any:  # somebody puts a file there while it is restored
        (new / "mine.txt").write_text("mine")
        return shutil._ntuple_diskusage(10, 10, 0)  # type: ignore[attr-defined]

    monkeypatch.setattr(shutil, "disk_usage", full)
    with pytest.raises(Refused, match="磁盘只剩 0 MB"):
        restore(tmp_path / "b", new)
    assert os.listdir(new) == ["mine.txt"] and (new / "mine.txt").read_text() == "mine"


def test_a_killed_restore_is_begun_again(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "b")
    staged = restoring.stage(restoring.look(tmp_path / "b"), tmp_path / "new")
    os.rename(staged.stage / "secret.key", tmp_path / "new" / "secret.key")  # killed while it was moved
    os.rename(staged.stage / "blobs", tmp_path / "new" / "blobs")
    whole(restore(tmp_path / "b", tmp_path / "new"), names(home))


# --- foreign and damaged backups -----------------------------------------------------------------------------------


def seal(place: Path, manifest: dict[str, Any]) -> None:
    """As somebody would who knows the format."""
    text = json.dumps(manifest).encode()
    (place / "manifest.json").write_bytes(text)
    (place / "manifest.digests").write_text(f"{sha256(text).hexdigest()} {new('sm3', text).hexdigest()}\n")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("nothing", "没有 .* 这个文件夹"), ("no mark", "不是台账的备份"), ("mark of another make", "读不懂"), ("empty", "还没有做完的备份"),
        ("no manifest", "没有清单"), ("manifest edited", "清单被改过或已损坏"), ("../ in a name", "清单不合规"), ("absolute name", "清单不合规"),
        ("negative size", "清单不合规"), ("a list", "清单不合规"), ("other generation", "清单不合规"), ("blob missing", "文件不在存储里"),
        ("blob cut short", "文件大小不对"), ("blob flipped", "内容与指纹不符"), ("blob is a link", "不是普通文件"),
        ("database cut short", "数据库与清单不符"), ("database flipped", "数据库与清单不符"), ("database broken and sealed", "数据库有损坏"),
        ("no database", "没有数据库或密钥"), ("no key", "没有数据库或密钥"), ("unknown generation", "里没有“20200101-000000”这一代"),
    ],
)  # fmt: skip
def test_foreign_and_damaged_backups(home: Path, tmp_path: Path, how: str, said: str) -> None:
    folder = tmp_path / "b"
    made = back_up(home, folder)
    place = folder / "generations" / made.generation
    manifest = json.loads((place / "manifest.json").read_bytes())
    name = names(home)[2]
    blob = Disk(folder).path(name)
    wanted = ""
    if how == "nothing":
        shutil.rmtree(folder)
    elif how == "no mark":
        (folder / backup.MARK).unlink()
    elif how == "mark of another make":
        (folder / backup.MARK).write_text("[1]")
    elif how == "empty":
        shutil.rmtree(place)
    elif how == "no manifest":
        (place / "manifest.json").unlink()
    elif how == "manifest edited":
        flip(place / "manifest.json")
    elif how in ("../ in a name", "absolute name"):
        bad = "../../../../etc/cron.d/x" if how.startswith("..") else "/etc/cron.d/x"
        seal(place, manifest | {"files": {bad: {"size": 1, "sm3": "0" * 64}}})
    elif how == "negative size":
        seal(place, manifest | {"files": {name: {"size": -1, "sm3": "0" * 64}}})
    elif how == "a list":
        seal(place, [])  # type: ignore[arg-type]
    elif how == "other generation":
        seal(place, manifest | {"generation": "20200101-000000"})
    elif how == "blob missing":
        blob.unlink()
    elif how == "blob cut short":
        blob.chmod(0o644)
        os.truncate(blob, 1000)
    elif how == "blob flipped":
        flip(blob)
    elif how == "blob is a link":
        blob.unlink()
        blob.symlink_to(Disk(home).path(name))
    elif how == "database cut short":
        os.truncate(place / "taizhang.sqlite3", 5000)
    elif how == "database flipped":
        flip(place / "taizhang.sqlite3")
    elif how == "database broken and sealed":
        (place / "taizhang.sqlite3").write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
        seal(place, manifest | {"database": backup.digests_of(place / "taizhang.sqlite3")})
    elif how == "no database":
        (place / "taizhang.sqlite3").unlink()
    elif how == "no key":
        (place / "secret.key").unlink()
    else:
        wanted = "20200101-000000"
    with pytest.raises(Refused, match=said) as refused:
        restore(folder, tmp_path / "new", wanted)
    assert "\n" not in refused.value.message
    assert not (tmp_path / "new").exists(), "nothing half-restored"
    (tmp_path / "there").mkdir()
    with pytest.raises(Refused):
        restore(folder, tmp_path / "there", wanted)
    assert os.listdir(tmp_path / "there") == []
