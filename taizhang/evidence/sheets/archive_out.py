"""A package given out: a sealed one byte for byte from the store, a draft as it was just made; and a sealed one looked at again."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

from taizhang.kit.errors import Refused
from taizhang.kit.files import store

from ..models import Volume
from .archive_package import MANIFEST, SEAL_SUMS, Lot, Package, Tell, manifest_of, sums_of


def sealed_manifest(volume: Volume) -> dict[str, Any]:
    """The manifest of a sealed volume; Refused where it is damaged or lost."""
    try:
        if store().digest(volume.manifest) != volume.manifest:
            raise Refused(f"“{volume}”的清单与封存时不同（SHA-256 对不上）。请告诉系统管理员从备份恢复。")
        with store().open(volume.manifest) as handle:
            told: dict[str, Any] = json.loads(handle.read())
    except FileNotFoundError:
        raise Refused(f"“{volume}”的清单不在存储里。请告诉系统管理员从备份恢复。") from None
    return told


def recheck(volume: Volume, tell: Tell) -> tuple[list[str], int]:
    """Every byte of a sealed package against its manifest: what is wrong, in words, and how many files were looked at."""
    try:
        told = sealed_manifest(volume)
    except Refused as refusal:
        return [refusal.message], 0
    problems = []
    pack = told["pack"]
    if fault := store().fault(pack["sha256"], pack["size"], full=True):
        problems.append(f"目录、元数据和归档章副本：{fault}")
    originals = [one for one in told["files"] if one["original"]]
    for at, one in enumerate(originals):
        if at % 20 == 0:
            tell(at, len(originals), "复检")
        if fault := store().fault(one["sha256"], one["size"], full=True):
            problems.append(f"{one['path']}：{fault}")
    if not problems:
        problems = _inside(pack["sha256"], {one["path"]: one for one in told["files"] if not one["original"]})
    return problems, len(told["files"]) + 1


def _inside(sha256: str, files: dict[str, dict[str, Any]]) -> list[str]:
    problems = []
    with zipfile.ZipFile(store().path(sha256)) as archive:
        names = set(archive.namelist())
        problems += [f"{name}：清单里有，包里没有" for name in sorted(files.keys() - names)]
        problems += [f"{name}：包里有，清单里没有" for name in sorted(names - files.keys())]
        for name in sorted(names & files.keys()):
            digest = hashlib.sha256()
            with archive.open(name) as handle:
                while piece := handle.read(2**20):
                    digest.update(piece)
            if digest.hexdigest() != files[name]["sha256"]:
                problems.append(f"{name}：与清单的 SHA-256 不符")
    return problems


def give_out(volume: Volume, out: Path) -> dict[str, Any]:
    """Write the package of a sealed volume into the folder OUT, byte for byte as it was sealed. The manifest."""
    told = sealed_manifest(volume)
    with store().open(volume.manifest) as handle:
        manifest = handle.read()
    made = told["pack"]
    if fault := store().fault(made["sha256"], made["size"], full=True):
        raise Refused(f"“{volume}”的归档包不完整：{fault}。请告诉系统管理员从备份恢复。")
    for one in told["files"]:
        if one["original"] and (fault := store().fault(one["sha256"], one["size"], full=True)):
            raise Refused(f"“{volume}”的归档包不完整：{one['path']}，{fault}。请告诉系统管理员从备份恢复。")
    with zipfile.ZipFile(store().path(made["sha256"])) as archive:
        for one in told["files"]:
            target = placed(out, one["path"])
            with (
                store().open(one["sha256"]) if one["original"] else archive.open(one["path"]) as source,
                open(target, "xb") as sink,
            ):
                shutil.copyfileobj(source, sink, 2**20)
    _finish(out, manifest)
    return told


def give_out_draft(lot: Lot, package: Package, out: Path) -> dict[str, Any]:
    """Write a draft into OUT, marked as one."""
    for name in package.files:
        target = placed(out, name)
        if name in package.originals:
            with store().open(package.originals[name]) as source, open(target, "xb") as sink:
                shutil.copyfileobj(source, sink, 2**20)
        else:
            shutil.copyfile(package.made[name], target)
    manifest = manifest_of(lot, package, None)
    _finish(out, manifest)
    (out / "草稿.txt").write_text("这是草稿，没有封存，档号和内容以封存为准。\r\n", encoding="utf-8")
    told: dict[str, Any] = json.loads(manifest)
    return told


def placed(out: Path, name: str) -> Path:
    target = out / name
    if not target.resolve().is_relative_to(out.resolve()):
        raise Refused(f"清单里的文件名“{name[:60]}”不对，没有写出。")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _finish(out: Path, manifest: bytes) -> None:
    (out / MANIFEST).write_bytes(manifest)
    (out / SEAL_SUMS).write_bytes(sums_of(manifest))
