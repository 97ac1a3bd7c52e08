"""The first lines of a standard written by hand: areas and their contents, as a Reading to go on from."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from taizhang.kit.errors import Refused

from .exchange import whole
from .numbering import number
from .numbers import chinese_number, points_in
from .tree import Node, Reading

MOST = 200


@dataclass(frozen=True)
class Area:
    """An area, or (`inner`) a group within the area before it."""

    title: str
    points: Decimal | None
    inner: bool = False


def areas_of(text: str) -> list[Area]:
    """One line, one area; a line that begins with a blank lies within the area above. Refused when there is none."""
    found: list[Area] = []
    for n, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        points, rest = points_in(line.strip(), loose=True)
        inner = line[0] in " \t\u3000"
        if not rest.strip():
            raise Refused(f"第 {n} 行只有分值，没有名称。请写成“组织领导（20分）”的样子。")
        if inner and not found:
            raise Refused("第一行前面空了格，它上面没有方面可归。请顶格写。")
        found.append(Area(rest.strip()[:200], points, inner))
    if not found:
        raise Refused("请至少写一个方面，一行一个。")
    if len(found) > MOST:
        raise Refused(f"一次最多写 {MOST} 行，以后可以再加。")
    return found


def begin(name: str, areas: list[Area]) -> Reading:
    """A standard of AREAS without leaves, numbered."""
    nodes: list[Node] = []
    above = ""
    for n, area in enumerate(areas, start=1):
        key = f"n{n}"
        if not area.inner:
            above = key
        parent = above if area.inner else None
        nodes.append(
            Node(
                key,
                parent,
                0,
                "",
                "",
                area.title,
                "",
                area.points,
                area.points is not None,
                where=f"第 {n} 行",
            )
        )
    numbered, _ = number(nodes, {}, set())
    stated = [area.points for area in areas if not area.inner]
    total = sum((one for one in stated if one is not None), Decimal(0)) if all(stated) else None
    return whole(name, total, numbered, {"negatives": [], "eligibility": [], "bonuses": []})


YEAR = re.compile(r"(?:19|20)\d\d")
NTH = re.compile(r"第\s*(\d+|[一二三四五六七八九十百]+)\s*版")


def next_label(label: str, taken: Collection[str]) -> str:
    """What the edition after LABEL is called: 2021年版 → 2022年版, 第一版 → 第2版; one that is not TAKEN."""
    if year := YEAR.search(label):
        start = int(year.group())
        names = (
            f"{label[: year.start()]}{n}{label[year.end() :]}" for n in range(start + 1, start + 1 + MOST)
        )
    else:
        nth = NTH.search(label)
        said = nth.group(1) if nth else ""
        start = int(said) if said.isdigit() else chinese_number(said) or len(taken)
        names = (f"第{n}版" for n in range(start + 1, start + 1 + MOST))
    return next((name for name in names if name not in taken), "")
