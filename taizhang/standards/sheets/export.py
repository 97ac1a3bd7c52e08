"""An edition as a workbook that Excel users can work on and that reads back to the same tree."""

from decimal import Decimal

from taizhang.kit.tables import Cell, OutSheet

from ..queries.tree import Row, Tree
from ..rules.numbers import show

HEADS = ["测评项目", "测评内容", "下级分组", "编号", "指标名称", "测评标准", "分值", "计分办法", "测评方法", "材料要求", "周期", "牵头处室", "配合处室", "必备"]  # fmt: skip
WIDTHS = [20.0, 20.0, 20.0, 10.0, 26.0, 50.0, 8.0, 36.0, 20.0, 40.0, 14.0, 16.0, 20.0, 8.0]
NO_DEEPER = 2  # the column of the third level of groups


def heading(row: Row) -> str:
    """A group with the points that the standard states for it: 组织领导（12分）."""
    name = row.title if row.title.startswith(row.code) else f"{row.code} {row.title}"
    return f"{name}（{show(row.stated)}分）" if row.stated is not None else name


def needs_words(row: Row) -> str:
    assert row.leaf is not None
    out = []
    for name, _, least, must, doc_no, caption in row.leaf.needs:
        extra = [
            f"不少于{least}份" if least > 1 else "",
            "须有文号" if doc_no and "文号" not in name else "",
            caption,
        ]
        said = "，".join(part for part in extra if part)
        out.append(name + (f"（{said}）" if said else "") + ("" if must else "（选报）"))
    return "；".join(out)


def tree_sheets(found: Tree) -> list[OutSheet]:
    """The tree with its groups repeated in each row, and the three lists where the edition has them."""
    above: list[str] = []
    lines: list[list[Cell]] = []
    for row in found.rows:
        del above[row.level - 1 :]
        if row.leaf is None:
            above.append(heading(row))
            continue
        groups: list[Cell] = [above[n] if n < len(above) else None for n in range(3)]
        leaf = row.leaf
        lines.append(
            [
                *groups, row.code, row.title, row.requirement or None, row.points, leaf.rule_text or leaf.rule or None,
                leaf.method_words or None, needs_words(row) or None, leaf.cadence or None, leaf.lead or None,
                leaf.co or None, "必备" if leaf.mandatory else None,
            ]
        )  # fmt: skip
    used = [
        n for n in range(len(HEADS)) if n not in (1, NO_DEEPER) or any(line[n] is not None for line in lines)
    ]
    sheets = [
        OutSheet(
            "测评标准",
            [HEADS[n] for n in used],
            [[line[n] for n in used] for line in lines],
            [WIDTHS[n] for n in used],
        )
    ]
    if found.bars:
        heads = ["编号", "情形", "具体表现", "级别", "处理", "观察期（月）", "核验部门", "对象"]
        rows: list[list[Cell]] = [
            [_number(text) if n == 5 else text or None for n, text in enumerate(line)] for line in found.bars
        ]
        sheets.append(OutSheet("负面清单", heads, rows, [8, 24, 50, 10, 36, 10, 20, 12]))
    if found.eligibilities:
        rows = [[text or None for text in line] for line in found.eligibilities]
        sheets.append(OutSheet("申报条件", ["编号", "条件", "要求", "判定方式"], rows, [8, 24, 60, 16]))
    if found.bonuses:
        rows = [[code, title, text or None, cap] for code, title, text, cap in found.bonuses]
        sheets.append(OutSheet("特色指标", ["编号", "指标", "加分办法", "上限"], rows, [8, 24, 60, 8]))
    return sheets


def _number(text: str) -> Decimal | None:
    digits = text.removesuffix(" 个月")
    return Decimal(digits) if digits.isdigit() else None
