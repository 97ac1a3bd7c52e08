"""The way back from a folder of backups to a home. Nothing that lies there is believed before it was looked at: names
are hashes, paths are made from them here, every byte is hashed while it is copied.

Made in a folder beside (`restoring/` in the new home) and moved when it is whole, the database last: a restore that
is refused leaves nothing, one that is killed is begun again.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .backup import (
    DATABASE,
    DIGESTS,
    FORMAT,
    GENERATION,
    KEY,
    MANIFEST,
    MARK,
    digests_of,
    fault_of_database,
    generations,
    read_mark,
)
from .copying import Copier, sync_folder
from .errors import Refused
from .files import HEX, Disk

STAGE = "restoring"


@dataclass(frozen=True)
class Generation:
    """One whole backup as its manifest tells it, looked at."""

    folder: Path
    name: str
    made_at: str
    database: dict[str, Any]
    files: dict[str, dict[str, Any]]
    problems: list[str]

    @property
    def place(self) -> Path:
        return self.folder / "generations" / self.name


@dataclass(frozen=True)
class Staged:
    """A home that is whole and not yet in its place."""

    home: Path
    stage: Path
    generation: Generation
    bytes: int
    seconds: float
    made_home: bool


def look(folder: Path, wanted: str = "") -> Generation:
    """The newest generation of FOLDER, or the one WANTED; Refused unless all that its manifest says can be true."""
    if not folder.is_dir():
        raise Refused(f"没有 {folder} 这个文件夹。")
    if not (folder / MARK).is_file():
        raise Refused(f"{folder} 不是台账的备份（没有 {MARK}）。")
    read_mark(folder / MARK)
    there = generations(folder)
    if wanted and wanted not in there:
        raise Refused(f"{folder} 里没有“{wanted}”这一代备份。现有：{'、'.join(there) or '没有'}。")
    if not there:
        raise Refused(f"{folder} 里还没有做完的备份。")
    name = wanted or there[-1]
    place = folder / "generations" / name
    try:
        text = (place / MANIFEST).read_bytes()
        digests = (place / DIGESTS).read_text().split()
    except (OSError, UnicodeDecodeError):
        raise Refused(f"备份 {name} 不完整：没有清单。请用另一代备份。") from None
    if digests != [hashlib.sha256(text).hexdigest(), hashlib.new("sm3", text).hexdigest()]:
        raise Refused(f"备份 {name} 的清单被改过或已损坏，没有恢复。请用另一代备份。")
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not _sensible(said) or said["generation"] != name:
        raise Refused(f"备份 {name} 的清单不合规，没有恢复。")
    return Generation(folder, name, said["made_at"], said["database"], said["files"], said["problems"])


def _sensible(said: Any) -> bool:
    """Whether a manifest has the shape of ours: names are hashes and nothing else, sizes are numbers."""
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        return False
    if not GENERATION.fullmatch(str(said.get("generation"))) or not isinstance(said.get("made_at"), str):
        return False
    database, files, problems = said.get("database"), said.get("files"), said.get("problems")
    if not isinstance(database, dict) or not _is_file(database) or not _is_hash(database.get("sha256")):
        return False
    if not isinstance(files, dict) or not all(
        _is_hash(name) and _is_file(one) for name, one in files.items()
    ):
        return False
    return isinstance(problems, list) and all(isinstance(one, str) for one in problems)


def _is_hash(said: Any) -> bool:
    return isinstance(said, str) and len(said) == 64 and HEX.issuperset(said)


def _is_file(said: Any) -> bool:
    return (
        isinstance(said, dict) and isinstance(said.get("size"), int) and not isinstance(said["size"], bool)
        and said["size"] >= 0 and _is_hash(said.get("sm3"))
    )  # fmt: skip


def stage(generation: Generation, home: Path) -> Staged:
    """Bring a generation into `HOME/restoring`, every byte looked at; Refused, and nothing left, where one is wrong."""
    began = time.monotonic()
    home = home.absolute()
    _empty(home, generation.folder)
    made_home = not home.exists()
    place = home / STAGE
    try:
        place.mkdir(parents=True)
        (place / "incoming").mkdir()
        size = _bring(generation, place)
    except OSError as error:
        _undo(home, made_home)
        raise Refused(
            f"恢复没有成功（{error.strerror or error}），什么都没有留下。请检查磁盘后再来一次。"
        ) from error
    except BaseException:
        _undo(home, made_home)
        raise
    return Staged(home, place, generation, size, round(time.monotonic() - began, 1), made_home)


def _empty(home: Path, folder: Path) -> None:
    """Refuse a home where anything lies, but what a killed restore has left, which is cleared away."""
    if home.exists() and not home.is_dir():
        raise Refused(f"{home} 不是文件夹，不能恢复到那里。")
    if home.resolve().is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(home.resolve()):
        raise Refused(f"{home} 与备份文件夹相互包含，不能恢复到那里。")
    if not home.exists():
        return
    if (home / STAGE).is_dir() and not (home / DATABASE).exists():
        for name in (STAGE, "blobs", "incoming", "sessions", "static"):
            shutil.rmtree(home / name, ignore_errors=True)
        for name in os.listdir(home):
            if name == KEY or name.startswith(f"{DATABASE}"):
                (home / name).unlink()
    for name in sorted(os.listdir(home)):
        one = home / name
        if name != "lost+found" and (not one.is_dir() or one.is_symlink() or any(one.iterdir())):
            raise Refused(
                f"{home} 不是空的（有 {name}），没有恢复：恢复只写进空文件夹，不盖掉正在用的数据。请用 --to 另写一个文件夹。"
            )


def _undo(home: Path, made_home: bool) -> None:
    """Leave nothing half-restored."""
    shutil.rmtree(home / STAGE, ignore_errors=True)
    if made_home:
        with suppress(
            OSError
        ):  # somebody has put something there meanwhile: why it was refused is what must be told
            home.rmdir()


def _bring(generation: Generation, place: Path) -> int:
    source = Disk(generation.folder)
    name = generation.name
    needed = generation.database["size"] + sum(one["size"] for one in generation.files.values())
    free = shutil.disk_usage(place).free
    if free < needed + 64 * 2**20:
        raise Refused(f"磁盘只剩 {free // 2**20} MB，恢复要 {needed // 2**20} MB，没有恢复。")
    # the quick look first: what is missing or cut short is told before anything is copied
    for one, said in generation.files.items():
        if fault := source.fault(one, said["size"], full=False):
            raise Refused(f"备份 {name} 里的文件 {one[:12]}… {fault}，没有恢复。请用另一代备份。")
    database = place / DATABASE
    try:
        shutil.copyfile(generation.place / DATABASE, database, follow_symlinks=False)
        key = (generation.place / KEY).read_bytes()
    except FileNotFoundError:
        raise Refused(f"备份 {name} 不完整：没有数据库或密钥。请用另一代备份。") from None
    if database.is_symlink() or digests_of(database, sync=True) != generation.database:
        raise Refused(f"备份 {name} 的数据库与清单不符（被截断、改过或已损坏），没有恢复。请用另一代备份。")
    with closing(sqlite3.connect(database)) as opened:
        if fault := fault_of_database(opened):
            raise Refused(f"备份 {name} 的数据库有损坏（{fault}），没有恢复。请用另一代备份。")
    with open(os.open(place / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())
    copier = Copier(source, place)
    (place / "blobs").mkdir()
    brought, problems = copier.all(
        sorted(generation.files), {one: said["sm3"] for one, said in generation.files.items()}
    )
    if problems or brought.keys() != generation.files.keys():
        raise Refused(f"备份 {name} 里的文件 {problems[0][:12]}… 内容与指纹不符，没有恢复。请用另一代备份。")
    sync_folder(place)
    return sum(one["size"] for one in generation.files.values())


def settle(staged: Staged) -> None:
    """Move what was staged into its place, the database last: from then on the home lives."""
    names = sorted(os.listdir(staged.stage), key=lambda name: (name.startswith(DATABASE), name == DATABASE))
    for name in names:
        target = staged.home / name
        if target.is_dir() and not target.is_symlink():
            target.rmdir()  # empty, or it would have been refused
        os.rename(staged.stage / name, target)
    staged.stage.rmdir()
    sync_folder(staged.home)
    sync_folder(staged.home.parent)


def undo(staged: Staged) -> None:
    """Take away what was staged: the home is as empty as before."""
    _undo(staged.home, staged.made_home)
