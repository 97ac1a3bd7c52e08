"""Figures of keeping: reading every byte again beside a bare loop over the same files; what a second backup writes; the
way back beside a plain copy. Part of `make bench`; every ratio is of one run.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = [4_000] * 400 + [300_000] * 400 + [3_000_000] * 100 + [20_000_000] * 10  # 0.6 GB, as offices upload
MAKE = """
import os, sys, taizhang, django
django.setup()
from django.utils import timezone
from taizhang.evidence.models import Blob
from taizhang.kit.files import store
for size in map(int, sys.argv[1].split(",")):
    stored = store().put([os.urandom(size)], limit=10**9)
    Blob(sha256=stored.sha256, sm3=stored.sm3, size=size, mime="application/pdf", stored_at=timezone.now()).save()
"""
WALK = """
import hashlib, json, os, sys, time, taizhang, django
django.setup()
from pathlib import Path
from taizhang.evidence import actions, queries
paths = sorted((Path(os.environ["TAIZHANG_HOME"]) / "blobs").glob("*/*/*"))

def bare():
    for path in paths:
        digest = hashlib.sha256()
        with open(path, "rb", buffering=0) as handle:
            while piece := handle.read(2**20):
                digest.update(piece)
        digest.hexdigest()

def ours():
    global walked
    walked = queries.walk(keep=actions.mark_checked)

# by turns, so that both meet the same machine
found = {"bare": [], "ours": []}
for _ in range(5):
    for name, do in (("bare", bare), ("ours", ours)):
        began, cpu = time.perf_counter(), time.process_time()
        do()
        found[name].append((time.perf_counter() - began, time.process_time() - cpu))
best = {name: [min(one[at] for one in times) for at in (0, 1)] for name, times in found.items()}
print(json.dumps({**best, "bytes": walked.bytes, "files": walked.checked, "bad": len(walked.bad)}))
"""


def run(home: Path, *words: str) -> str:
    environment = {
        **os.environ,
        "TAIZHANG_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "taizhang.config.settings",
    }
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def cli(home: Path, *words: str) -> str:
    return run(home, "-m", "taizhang.config.cli", *words)


def figures(folder: Path, say: Callable[[str, str, str], None]) -> None:
    """Everything in FOLDER; SAY prints a line (name, value, bound)."""
    home, backups = folder / "keeping", folder / "backups"
    cli(home, "prepare")
    run(home, "-c", MAKE, ",".join(map(str, SIZES)))
    told = json.loads(run(home, "-c", WALK))
    megabytes = told["bytes"] / 1e6
    (wall, cpu), (bare_wall, bare_cpu) = told["ours"], told["bare"]
    say(
        f"verify: {told['files']} files, {megabytes:.0f} MB, against a bare SHA-256 loop (wall; CPU)",
        f"{bare_wall / wall:.0%}; {bare_cpu / cpu:.0%} ({megabytes / wall:.0f} MB/s)",
        "≥ 90 %",
    )
    first = json.loads(cli(home, "backup", str(backups), "--json"))
    say(
        "backup: first run",
        f"{first['seconds']:.1f} s, {(first['new_bytes'] + first['new_database_bytes']) / 1e6:.0f} MB written",
        "",
    )
    second = json.loads(cli(home, "backup", str(backups), "--json"))
    say(
        "backup: second run, nothing new",
        f"{second['seconds']:.1f} s, {second['new_bytes']} bytes of files",
        "0 bytes of files",
    )
    changed = [2_000_000] * 10
    run(home, "-c", MAKE, ",".join(map(str, changed)))
    third = json.loads(cli(home, "backup", str(backups), "--json"))
    say(
        "backup: 20 MB new", f"{third['new_bytes'] / sum(changed):.2f} × the new bytes, and {third['new_database_bytes'] / 1e6:.1f} MB database",
        "≤ 2 ×",
    )  # fmt: skip
    began = time.perf_counter()
    subprocess.run(["cp", "-a", str(backups / "blobs"), str(folder / "copy")], check=True)
    subprocess.run(["sync", "-f", str(folder / "copy")], check=True)
    copied = time.perf_counter() - began
    back = json.loads(
        cli(folder / "nowhere", "restore", str(backups), "--to", str(folder / "back"), "--json")
    )
    say(
        "restore, every byte looked at, against cp -a and sync",
        f"{copied / back['seconds']:.0%} ({back['seconds']:.1f} s)",
        "≥ 60 %",
    )
    for one in (home, backups, folder / "copy", folder / "back"):
        shutil.rmtree(one, ignore_errors=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="taizhang-bench-") as made:
        figures(Path(made), lambda name, value, bound: print(f"| {name} | {value} | {bound} |", flush=True))
