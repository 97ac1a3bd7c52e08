"""A site kept a second time: the database by SQLite's own backup, the bytes by copying what is not there yet.

A folder of backups holds `blobs/` (shared by all generations, each file under its SHA-256), `generations/DATE/`
(database, key, manifest, report) and a mark that says whose it is. A generation is made beside and renamed when it
is whole: a backup that is killed is not there, harms no former one, and goes on next time where it stopped.
Nothing is believed on the way back: see `restoring`.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Collection
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from .alone import alone
from .copying import Copier, sync_folder
from .errors import Busy, Refused
from .files import PIECE, Disk

FORMAT = 1
MARK = "taizhang-backup.json"
DATABASE, KEY = "taizhang.sqlite3", "secret.key"
MANIFEST, DIGESTS, REPORT = "manifest.json", "manifest.digests", "备份报告.txt"
GENERATION = re.compile(r"\d{8}-\d{6}(-\d{1,3})?")
KEPT = 14  # generations
#: what else lies in a folder of backups and may be there
LAST = "backup.json"  # in the home: what the last backup was


@dataclass(frozen=True)
class Site:
    """What is backed up. `expected`: names of bytes that some row needs; `sm3`: those known already, by name."""

    home: Path
    database: Path
    expected: frozenset[str] = frozenset()
    sm3: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)  # versions and settings, for the manifest


@dataclass(frozen=True)
class Made:
    """What a backup came to. Bytes are of what this run wrote and of all that the generation holds."""

    folder: str
    generation: str
    files: int
    new_files: int
    bytes: int
    new_bytes: int
    database_bytes: int
    new_database_bytes: int
    dropped: list[str]
    problems: list[str]
    seconds: float


def backup(
    site: Site, folder: Path, now: datetime, *, keep: int = KEPT, check: bool = False, link: bool = False
) -> Made:
    """Add a generation to FOLDER, which is made if need be. CHECK reads what lies there already too, and mends it; LINK
    shares the bytes with the store where both are on one disk (quicker, but no help against a damaged disk).

    Refused where FOLDER is another's; Busy where another backup runs or there is no room.
    """
    began = time.monotonic()
    folder = folder.absolute()
    open_folder(site, folder)
    with alone(folder / "backup.lock") as mine, alone(site.home / "keeping.lock") as still:
        if not mine or not still:
            raise Busy("另一次备份或清除正在进行，请等它结束后再备份。")
        return _backup(site, folder, now, began, keep, check, link)


def open_folder(site: Site, folder: Path) -> None:
    """Make FOLDER a folder of this site's backups, or refuse."""
    real, home = folder.resolve(), site.home.resolve()
    if real == home or real.is_relative_to(home) or home.is_relative_to(real):
        raise Refused(
            f"{folder} 与数据文件夹 {site.home} 相互包含，不能用来备份。请另选一个文件夹，最好在另一块硬盘上。"
        )
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} 不是文件夹，不能用来备份。")
    mark = folder / MARK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if mark.exists():
            if read_mark(mark)["site"] != site_of(site.home):
                raise Refused(f"{folder} 里是另一个台账系统的备份，没有备份。请另选一个文件夹。")
        elif unknown := sorted(set(os.listdir(folder)) - {"lost+found", "backup.lock"}):
            raise Refused(
                f"{folder} 不是空的（有 {unknown[0]} 等），也不是台账的备份，没有备份。请另选一个空文件夹。"
            )
        else:
            _write(mark, json.dumps({"format": FORMAT, "site": site_of(site.home)}).encode())
        for name in ("blobs", "generations", "incoming"):
            (folder / name).mkdir(exist_ok=True)
    except OSError as error:
        raise Refused(f"写不了备份文件夹 {folder}：{error.strerror}。") from error


def read_mark(mark: Path) -> dict[str, Any]:
    try:
        said = json.loads(mark.read_bytes()[:10_000])
    except (ValueError, OSError):
        said = None
    if not isinstance(said, dict) or said.get("format") != FORMAT or not isinstance(said.get("site"), str):
        raise Refused(f"{mark} 读不懂：不是台账的备份，或由更新的版本所做。")
    return said


def site_of(home: Path) -> str:
    """By which a site is known again: a print of its key."""
    try:
        key = (home / KEY).read_bytes()
    except FileNotFoundError:
        raise Refused(f"{home} 里没有 {KEY}，不是台账的数据文件夹。") from None
    return hashlib.sha256(b"taizhang site " + key).hexdigest()[:32]


def _backup(
    site: Site, folder: Path, now: datetime, began: float, keep: int, check: bool, link: bool
) -> Made:
    for left in (folder / "incoming").iterdir():  # of a killed backup
        left.unlink()
    for left in (folder / "generations").glob(".part-*"):
        shutil.rmtree(left)
    former = generations(folder)
    name = now.strftime("%Y%m%d-%H%M%S")
    name = next(one for one in (name, *(f"{name}-{nth}" for nth in range(2, 1000))) if one not in former)
    part = folder / "generations" / f".part-{name}"
    part.mkdir()
    _room(folder, site.database.stat().st_size * 2)
    database = copy_database(site.database, part / DATABASE)
    before = manifest_of(folder, former[-1]) if former else {}
    new_database = database["size"]
    if before.get("database") == database:  # nothing has happened since
        (part / DATABASE).unlink()
        os.link(folder / "generations" / former[-1] / DATABASE, part / DATABASE)
        new_database = 0
    _write(part / KEY, (site.home / KEY).read_bytes(), mode=0o600)
    # after the database: every name in it is of bytes that were there before it was copied
    sm3 = {name: said["sm3"] for name, said in before.get("files", {}).items()} | site.sm3
    copier = Copier(Disk(site.home), folder, link=link, check=check)
    files, problems = copier.all(sorted(Disk(site.home).names()), sm3)
    problems += [
        f"{one}：库里要用，存储里没有"
        for one in sorted(site.expected - files.keys())
        if one not in copier.bad
    ]
    manifest = {
        "format": FORMAT, "site": site_of(site.home), "generation": name, "made_at": now.isoformat(), **site.facts,
        "database": database, "files": files, "problems": problems,
    }  # fmt: skip
    text = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    _write(part / MANIFEST, text)
    _write(
        part / DIGESTS,
        f"{hashlib.sha256(text).hexdigest()} {hashlib.new('sm3', text).hexdigest()}\n".encode(),
    )
    total = sum(one["size"] for one in files.values())
    made = Made(
        str(folder), name, len(files), copier.new, total, copier.written, database["size"], new_database,
        [*former, name][: -max(1, keep)], problems, round(time.monotonic() - began, 1),
    )  # fmt: skip
    _write(part / REPORT, report(made, manifest).encode())
    sync_folder(part)
    os.rename(part, folder / "generations" / name)
    sync_folder(folder / "generations")
    _drop(folder, made.dropped)
    _write(site.home / LAST, json.dumps(asdict(made) | {"at": now.isoformat()}, ensure_ascii=False).encode())
    return made


def generations(folder: Path) -> list[str]:
    """The whole generations in FOLDER, oldest first."""
    try:
        return sorted(
            one.name for one in (folder / "generations").iterdir() if GENERATION.fullmatch(one.name)
        )
    except OSError:
        return []


def manifest_of(folder: Path, name: str) -> dict[str, Any]:
    """The manifest of a generation as it stands there; {} where it cannot be read."""
    try:
        said = json.loads((folder / "generations" / name / MANIFEST).read_bytes())
    except (ValueError, OSError):
        return {}
    return said if isinstance(said, dict) else {}


def _drop(folder: Path, names: Collection[str]) -> None:
    """Let old generations go, and the bytes that none of the others names; nothing while one cannot be read."""
    for name in names:
        gone = folder / "generations" / f".part-{name}"
        os.rename(folder / "generations" / name, gone)  # killed from here on, the next backup ends it
        shutil.rmtree(gone)
    needed: set[str] = set()
    for name in generations(folder) if names else ():
        kept = manifest_of(folder, name)
        if "files" not in kept:
            return
        needed.update(kept["files"])
    if needed:
        there = Disk(folder)
        for name in list(there.names()):
            if name not in needed:
                there.path(name).unlink()


def copy_database(source: Path, target: Path) -> dict[str, Any]:
    """Copy a database that others write to, as it is at one moment, and look whether the copy is sound; its size and
    digests. One step: readers of a WAL database hold up no writer, and no writer makes it begin again."""
    with closing(sqlite3.connect(source, timeout=30)) as live, closing(sqlite3.connect(target)) as copy:
        live.execute("PRAGMA query_only=ON")
        live.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
        fault = fault_of_database(copy)
    if fault:
        raise Refused(f"数据库有损坏（{fault}），没有备份；以前的备份没有动。请停止使用，从以前的备份恢复。")
    return digests_of(target, sync=True)


def fault_of_database(opened: sqlite3.Connection) -> str:
    """What SQLite itself finds wrong, or nothing."""
    try:
        rows = opened.execute("PRAGMA integrity_check(3)").fetchall()
    except sqlite3.DatabaseError as error:
        return str(error)
    said = "；".join(str(row[0]) for row in rows)
    return "" if said == "ok" else said[:200]


def digests_of(path: Path, *, sync: bool = False) -> dict[str, Any]:
    """Size, SHA-256 and SM3 of a file."""
    sha256, sm3, size = hashlib.sha256(), hashlib.new("sm3"), 0
    with open(path, "rb") as handle:
        if sync:
            os.fsync(handle.fileno())
        while piece := handle.read(PIECE):
            sha256.update(piece)
            sm3.update(piece)
            size += len(piece)
    return {"size": size, "sha256": sha256.hexdigest(), "sm3": sm3.hexdigest()}


def _room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + 64 * 2**20:
        raise Busy(
            f"备份文件夹所在的磁盘只剩 {free // 2**20} MB，不够。以前的备份没有动；请清理或换一块硬盘。"
        )


def _write(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Whole or not at all, and synced."""
    part = path.with_name(f".{path.name}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, path)
    sync_folder(path.parent)


def last(home: Path) -> dict[str, Any]:
    """What the last backup of a home was (fields of Made, and `at`); {} before there is one."""
    try:
        said = json.loads((home / LAST).read_bytes())
    except (ValueError, OSError):
        return {}
    return said if isinstance(said, dict) else {}


def report(made: Made, manifest: dict[str, Any]) -> str:
    """One page for who keeps the disks."""
    lines = [
        "台账备份报告", f"时间：{manifest['made_at']}", f"这一代：{made.generation}",
        f"数据库：{made.database_bytes} 字节，SHA-256 {manifest['database']['sha256']}，SM3 {manifest['database']['sm3']}",
        f"材料文件：{made.files} 个，{made.bytes} 字节；这次新存 {made.new_files} 个，{made.new_bytes} 字节",
        f"用时：{made.seconds} 秒", *(f"到期删去的旧代：{one}" for one in made.dropped),
        *(f"问题：{one}" for one in made.problems), "每个文件的 SHA-256 和 SM3 见 manifest.json。",
        "没有备份的：登录状态、已装订的材料册（可以重新装订）。密钥 secret.key 在内，请妥善保管这个文件夹。", "",
    ]  # fmt: skip
    return "\n".join(lines)
