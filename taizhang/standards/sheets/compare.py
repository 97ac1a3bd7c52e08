"""Two editions beside each other as a workbook: the sums of each kind, and every pair."""

from collections.abc import Sequence

from taizhang.kit.tables import Cell, OutSheet

from ..models import MatchKind
from ..rules.editions import Line, Sums, changes
from ..rules.tree import Node

HEADS = ["变化", "位置", "旧编号", "旧指标", "旧要求", "旧分值", "新编号", "新指标", "新要求", "新分值", "改了什么", "确认"]  # fmt: skip
WIDTHS = [8.0, 30.0, 10.0, 26.0, 46.0, 8.0, 10.0, 26.0, 46.0, 8.0, 50.0, 10.0]
SUM_HEADS = ["变化", "旧版项数", "旧版分值", "新版项数", "新版分值"]


def compare_sheets(lines: Sequence[Line], sums: Sequence[Sums]) -> list[OutSheet]:
    rows: list[list[Cell]] = []
    for line in lines:
        state = "待确认" if not line.pair.sure else "人工确认" if line.pair.by_hand else "自动"
        rows.append(
            [MatchKind(line.pair.kind).label, line.heading or None, *_side(line.old), *_side(line.new), _what(line) or None, state]
        )  # fmt: skip
    counts: list[list[Cell]] = [
        [MatchKind(one.kind).label, one.old, one.old_points, one.new, one.new_points] for one in sums
    ]
    return [
        OutSheet("新旧对照", HEADS, rows, WIDTHS),
        OutSheet("汇总", SUM_HEADS, counts, [12, 12, 12, 12, 12]),
    ]


def _side(node: Node | None) -> list[Cell]:
    return [None] * 4 if node is None else [node.code, node.title, node.requirement or None, node.points]


def _what(line: Line) -> str:
    if line.old is None or line.new is None:
        return ""
    return "；".join(
        label if field in ("title", "requirement") else f"{label}：{was or '无'} → {now or '无'}"
        for field, label, was, now in changes(line.old, line.new)
    )
