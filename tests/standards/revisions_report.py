"""How well `taizhang standard diff A B --json` tells what became of every indicator of a fixture standard."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent.parent / "fixtures" / "documents" / "revisions"
KINDS = ("same", "changed", "moved", "split", "joined", "new", "gone")
Pair = tuple[str | None, str | None]


def names(folder: Path = HERE) -> list[str]:
    return sorted(path.name.removesuffix(".expected.json") for path in folder.glob("*.expected.json"))


def diff(old: Path, new: Path) -> list[dict[str, Any]]:
    """The pairs as the command line tells them; RuntimeError with its line if it refuses."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", "taizhang.config.cli", "standard", "diff", str(old), str(new), "--json"],
            cwd=ROOT, capture_output=True, text=True, timeout=180, check=False,
            env={**os.environ, "TAIZHANG_HOME": os.environ.get("TAIZHANG_HOME", home), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-600:])
    return list(json.loads(done.stdout)["pairs"])


def score_revision(name: str, folder: Path = HERE) -> dict[str, Any]:
    """Of the expected pairs, how many of each kind were told just so; and what was called sure but is wrong.

    `sure_wrong`: sure pairs of leaves that do not belong together at all; `sure_kind`: sure, the right leaves, but
    another kind than expected.
    """
    wanted = json.loads((folder / f"{name}.expected.json").read_text(encoding="utf-8"))
    begun = time.perf_counter()
    try:
        got, failed = diff(folder / wanted["old"], folder / wanted["new"]), ""
    except RuntimeError as wrong:
        got, failed = [], str(wrong)
    want: dict[Pair, str] = {(one["old"], one["new"]): one["kind"] for one in wanted["pairs"]}
    have: dict[Pair, dict[str, Any]] = {(one["old"], one["new"]): one for one in got}
    right: Counter[str] = Counter(
        kind for pair, kind in want.items() if pair in have and have[pair]["kind"] == kind
    )
    linked = sum(pair in have for pair in want)
    lines = [f"FAILED: {failed}"] if failed else []
    for pair, kind in want.items():
        if pair not in have:
            lines.append(f"missing {pair[0]} → {pair[1]} {kind}")
        elif have[pair]["kind"] != kind:
            lines.append(
                f"kind of {pair[0]} → {pair[1]}: wanted {kind} got {have[pair]['kind']} sure={have[pair]['sure']}"
            )
    astray = [one for pair, one in have.items() if pair not in want]
    lines += [f"not so {one['old']} → {one['new']} {one['kind']} sure={one['sure']}" for one in astray]
    return {
        "expected": Counter(want.values()),
        "right": right,
        "linked": linked,
        "all": len(want),
        "sure_wrong": sum(bool(one["sure"]) for one in astray),
        "sure_kind": sum(bool(have[pair]["sure"]) and have[pair]["kind"] != kind for pair, kind in want.items() if pair in have),
        "doubtful": sum(not one["sure"] for one in got),
        "seconds": time.perf_counter() - begun,
        "wrong": lines,
    }  # fmt: skip


def line(name: str, one: dict[str, Any]) -> str:
    kinds = " ".join(f"{one['right'][kind]:>4}/{one['expected'][kind]:<3}" for kind in KINDS)
    return f"{name:10} {kinds} {sum(one['right'].values()):>4}/{one['all']:<4} {one['linked']:>6} {one['sure_wrong']:>10} {one['sure_kind']:>9} {one['doubtful']:>8} {one['seconds']:>7.2f}"


HEAD = (
    f"{'revision':10} "
    + " ".join(f"{kind:>8}" for kind in KINDS)
    + "  right/all linked sure-wrong sure-kind doubtful seconds"
)


def summed(scores: dict[str, dict[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {"expected": Counter(), "right": Counter(), "seconds": 0.0, "wrong": []}
    made |= dict.fromkeys(("linked", "all", "sure_wrong", "sure_kind", "doubtful"), 0)
    for one in scores.values():
        for key in made:
            if key != "wrong":
                made[key] += one[key]
    return made


def print_revisions(folder: Path = HERE) -> dict[str, dict[str, Any]]:
    scores = {name: score_revision(name, folder) for name in names(folder)}
    print(HEAD)
    for name, one in scores.items():
        print(line(name, one))
    print(line("ALL", summed(scores)))
    return scores
