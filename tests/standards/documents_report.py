"""How well the reader reads the fixture documents and matches the fixture revisions.

`python -m tests.standards.documents_report [--measure] [--late | --unseen | --third]` prints the tables; with --measure each file is read in
a process of its own and its seconds and memory are told.
"""

import json
import resource
import subprocess
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from taizhang.standards.rules.numbers import squeeze
from taizhang.standards.sheets import read
from taizhang.standards.sheets.report import as_json

from . import revisions_report

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent.parent / "fixtures" / "documents"
FIELDS = ("title", "points", "leads", "cos", "cadence", "times", "rule", "per")
STOPS = "。，；：:（(〔【"


def names(folder: Path = HERE) -> list[str]:
    return sorted(path.name.removesuffix(".expected.json") for path in folder.glob("*.expected.json"))


def _bare(text: str) -> str:
    return squeeze(text).rstrip("。；;，：: ")


def _same_title(wanted: dict[str, Any], title: str) -> bool:
    """The printed title; of a sentence without one, any beginning of it that ends where a reader may stop."""
    want, got = _bare(wanted["title"]), _bare(title)
    if want == got:
        return True
    if wanted["text"]:
        return False
    return len(got) >= 4 and want.startswith(got.rstrip("…"))


def _title_and_more(wanted: dict[str, Any], title: str) -> bool:
    """The printed title with what follows it in the same cell: the leaf is found, its title is not cut well."""
    want, got = _bare(wanted["title"]), _bare(title)
    return got.startswith(want) and got[len(want) : len(want) + 1] in tuple(STOPS)


def pair(
    wanted: list[dict[str, Any]], got: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Every expected leaf with what was read for it, each read leaf used once; then those with the same code."""
    left = list(got)
    pairs: list[tuple[dict[str, Any], dict[str, Any] | None]] = []
    for one in wanted:
        hit = next((leaf for leaf in left if _same_title(one, leaf["title"])), None)
        hit = hit or next((leaf for leaf in left if _title_and_more(one, leaf["title"])), None)
        if hit is not None:
            left = [leaf for leaf in left if leaf is not hit]
        pairs.append((one, hit))
    return pairs


def judge(wanted: dict[str, Any], got: dict[str, Any]) -> dict[str, bool]:
    points = got["points"]
    rule = got["rule"]["kind"] if got.get("rule") else None
    return {
        "title": _same_title(wanted, got["title"]),
        "points": wanted.get("blank", False)
        if points is None
        else Decimal(points) == Decimal(wanted["points"]),
        "leads": (got["lead"] or "") == wanted["lead"],
        "cos": list(got["co"]) == wanted["co"],
        "cadence": got["cadence"] in wanted["cadence"],
        "times": got["cadence"] not in wanted["cadence"] or got["times"] in wanted["times"],
        "rule": rule in wanted["rule"],
        "per": got["per"] in wanted["per"],
    }


KEYS = {"leads": "lead", "cos": "co"}


def score(wanted: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """Counts of what is right, and one line for each leaf that is not."""
    right: Counter[str] = Counter()
    wrong: list[str] = []
    blank = [one for one in wanted["items"] if one["title"] in wanted.get("blank", [])]
    for one in blank:  # its points are not printed: left open, or worked out from the sum, both are right
        one["blank"] = True
    totals = [
        Decimal(wanted["total"]),
        sum((-Decimal(one["points"]) for one in blank), Decimal(wanted["total"])),
    ]
    pairs = pair(wanted["items"], said["items"])
    used = {id(got) for _, got in pairs if got is not None}
    for one, got in pairs:
        if got is None:
            wrong.append(f"MISSING {one['title']} ({one['points']})")
            continue
        right["found"] += 1
        marks = judge(one, got)
        right.update(name for name, good in marks.items() if good)
        bad = []
        for name, good in marks.items():
            if not good:
                key = KEYS.get(name, name)
                value = (got[key] or {}).get("kind") if key == "rule" else got[key]
                bad.append(f"{key}: wanted {one[key]!r} got {value!r}")
        if not (one["area"] == got["area"] and one["section"] == got["section"]):
            bad.append(f"place: wanted {one['area']}/{one['section']} got {got['area']}/{got['section']}")
        else:
            right["place"] += 1
        if one["code"] and got["code"] != one["code"]:
            bad.append(f"code: wanted {one['code']} got {got['code']}")
        if bad:
            shown = (
                f" «{one['text'] or one['title']}» «{got['rule_text']}»"
                if not (marks["cadence"] and marks["rule"])
                else ""
            )
            wrong.append(f"{one['title'][:24]} — {'; '.join(bad)}{shown}")
    extra = [leaf for leaf in said["items"] if id(leaf) not in used]
    wrong += [f"EXTRA {leaf['title']} ({leaf['points']}) at {leaf['where']}" for leaf in extra]
    if Decimal(said["total"]) not in totals:
        wrong.append(f"TOTAL wanted {wanted['total']} got {said['total']}")
    for key in ("negatives", "eligibility", "bonuses"):
        if said[key] != wanted[key]:
            wrong.append(f"{key.upper()} wanted {wanted[key]} got {said[key]}")
    return {
        "expected": len(wanted["items"]),
        "extra": len(extra),
        **{name: right[name] for name in ("found", *FIELDS, "place")},
        "total": Decimal(said["total"]) in totals,
        "lists": all(said[key] == wanted[key] for key in ("negatives", "eligibility", "bonuses")),
        "wrong": wrong,
    }


def tell(path: Path) -> dict[str, Any]:
    """The file as `standard read --json` tells it, and how long the lists beside the tree are."""
    reading = read(path.read_bytes(), path.name)
    lists = {"negatives": reading.negatives, "eligibility": reading.eligibility, "bonuses": reading.bonuses}
    return {**as_json(reading), **{name: len(entries) for name, entries in lists.items()}}


def score_document(name: str, folder: Path = HERE, measure: bool = False) -> dict[str, Any]:
    """Figures for one document; a reader's refusal counts as nothing found and is told."""
    wanted = json.loads((folder / f"{name}.expected.json").read_text(encoding="utf-8"))
    cost: dict[str, Any] = {"seconds": None, "mb": None}
    begun = time.perf_counter()
    try:
        if measure:
            said, cost = _in_child(folder / wanted["file"])
        else:
            said = tell(folder / wanted["file"])
            cost["seconds"] = time.perf_counter() - begun
        return {**score(wanted, said), **cost}
    except Exception as wrong:  # whatever the reader does wrong is told, not raised
        nothing = {"items": [], "total": "0", "negatives": 0, "eligibility": 0, "bonuses": 0}
        made = score(wanted, nothing)
        return {**made, **cost, "wrong": [f"NOT READ: {type(wrong).__name__}: {str(wrong)[-600:]}"]}


def _in_child(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.standards.documents_report", "--child", str(path)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    said = json.loads(done.stdout)
    return said["said"], said["cost"]


def child(path: str) -> None:
    begun = time.perf_counter()
    said = tell(Path(path))
    seconds = time.perf_counter() - begun
    # not RUSAGE_SELF: that begins with what the process held from which this one was started
    own = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    converter = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # of old files: it counts as well
    peak = max(int(own.split()[1]), converter) / 1024
    print(json.dumps({"said": said, "cost": {"seconds": seconds, "mb": peak}}, ensure_ascii=False))


def summed(scores: dict[str, dict[str, Any]]) -> dict[str, Any]:
    total: Counter[str] = Counter()
    for one in scores.values():
        total.update({key: one[key] for key in ("expected", "found", "extra", *FIELDS, "place")})
    return {**total, "total": sum(one["total"] for one in scores.values()), "lists": sum(one["lists"] for one in scores.values()),
            "seconds": None, "mb": None, "wrong": []}  # fmt: skip


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f}" if whole else "    -"


def line(name: str, one: dict[str, Any]) -> str:
    """Leaves found of all expected; every other figure of the leaves expected too, so that a missing leaf counts."""
    figures = " ".join(f"{percent(one[key], one['expected']):>7}" for key in ("found", *FIELDS, "place"))
    seconds = "" if one["seconds"] is None else f"{one['seconds']:.2f}"
    memory = "" if one["mb"] is None else f"{one['mb']:.0f}"
    return f"{name:28} {one['expected']:6} {one['extra']:5} {figures} {one['total']!s:>5} {one['lists']!s:>5} {seconds:>7} {memory:>5}"


HEAD = (
    f"{'document':28} leaves extra "
    + " ".join(f"{key:>7}" for key in ("found", *FIELDS, "place"))
    + " total lists seconds    MB"
)


def print_documents(folder: Path = HERE, measure: bool = False) -> dict[str, dict[str, Any]]:
    scores = {name: score_document(name, folder, measure) for name in names(folder)}
    print(HEAD)
    for name, one in scores.items():
        print(line(name, one))
    short = {name: one for name, one in scores.items() if one["expected"] < 200}
    print(line(f"ALL but {len(scores) - len(short)} long ones", summed(short)))
    print(line("ALL", summed(scores)))
    return scores


def print_wrong(scores: dict[str, dict[str, Any]]) -> None:
    for name, one in scores.items():
        if one["wrong"]:
            print(f"\n== {name}")
            for text in one["wrong"]:
                print(f"   {text}")


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2])
        return
    side = next((name for name in ("late", "unseen", "third") if f"--{name}" in sys.argv), None)
    folder = HERE / side if side else HERE
    scores = print_documents(folder, "--measure" in sys.argv)
    print()
    revisions = {} if side in ("late", "third") else revisions_report.print_revisions(folder / "revisions")
    print_wrong({**scores, **{f"revision {name}": one for name, one in revisions.items()}})


if __name__ == "__main__":
    main()
