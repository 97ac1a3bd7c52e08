"""How well the reader reads the fixture standards: figures for each, from the expectations written beside them."""

import json
from pathlib import Path
from typing import Any

from taizhang.standards.rules.numbers import squeeze
from taizhang.standards.rules.tree import Node, Reading
from taizhang.standards.sheets import read

HERE = Path(__file__).parent.parent / "fixtures" / "standards"


def names() -> list[str]:
    return sorted(path.name.removesuffix(".expected.json") for path in HERE.glob("*.expected.json"))


def score_fixture(name: str) -> dict[str, Any]:
    """Counts for one fixture: items expected and found (by title), and of the found those right in each field."""
    wanted = json.loads((HERE / f"{name}.expected.json").read_text(encoding="utf-8"))
    data = (HERE / wanted["file"]).read_bytes()
    return score(wanted, read(data, wanted["file"]))


def score(wanted: dict[str, Any], reading: Reading) -> dict[str, Any]:
    left: dict[str, list[Node]] = {}
    for node in reading.leaves:
        left.setdefault(squeeze(node.title), []).append(node)
    by_key = {node.key: node for node in reading.nodes}
    found = points = leads = cos = codes = 0
    wrong: list[str] = []
    coded = sum(item["code"] is not None for item in wanted["items"])
    for item in wanted["items"]:
        nodes = left.get(squeeze(item["title"]))
        if not nodes:
            wrong.append(f"missing {item['title']}")
            continue
        node = nodes.pop(0)
        found += 1
        good = node.points is not None and str(node.points.normalize()) == str(
            type(node.points)(item["points"]).normalize()
        )
        points += good
        leads += node.lead == item["lead"]
        cos += list(node.co) == item["co"]
        codes += item["code"] is not None and node.code == item["code"]
        if (
            not good
            or node.lead != item["lead"]
            or list(node.co) != item["co"]
            or item["code"] not in (None, node.code)
        ):
            wrong.append(
                f"{item['title']}: {node.code} {node.points} {node.lead} {list(node.co)} (wanted {item['code']} {item['points']} {item['lead']} {item['co']})"
            )
    extra = [node.title for nodes in left.values() for node in nodes]
    wrong += [f"extra {title}" for title in extra]
    deep = {key for key, node in by_key.items() if not node.is_leaf and node.level == 2}
    return {
        "expected": len(wanted["items"]),
        "found": found,
        "extra": len(extra),
        "points": points,
        "leads": leads,
        "cos": cos,
        "codes": codes,
        "coded": coded,
        "areas": [node.title for node in reading.areas] == [area["title"] for area in wanted["areas"]],
        "sections": [node.title for node in reading.nodes if node.key in deep]
        == [section["title"] for section in wanted["sections"]],
        "total": str(reading.total) == str(type(reading.total)(wanted["total"]).quantize(reading.total)),
        "must": len(reading.open("must")),
        "confirm": len(reading.open("confirm")),
        "wrong": wrong,
    }


def main() -> None:
    print(
        "fixture                        items  found extra points leads  cos  codes  areas sections total must confirm"
    )
    for name in names():
        one = score_fixture(name)
        print(
            f"{name:30} {one['expected']:5} {one['found']:6} {one['extra']:5} {one['points']:6} {one['leads']:5} {one['cos']:4} "
            f"{one['codes']:3}/{one['coded']:<3} {one['areas']!s:5} {one['sections']!s:8} {one['total']!s:5} {one['must']:4} {one['confirm']:4}"
        )


if __name__ == "__main__":
    main()
