"""换版计划 as a workbook: the numbers, and every item with its old and its new words beside each other."""

from typing import BinaryIO

from taizhang.kit.tables import OutSheet, write_xlsx
from taizhang.standards.models import MatchKind

from ..queries.adoption import AdoptionPlan
from ..queries.adoption_words import number, rows_of_plan

HEADER = ["变化", "原编号", "新编号", "原事项", "新事项", "原要求", "新要求", "原分值", "新分值", "牵头处室", "现状态", "改了什么",
          "换下的期次", "换上的期次", "保留期数", "已报送、材料、签批", "需复核", "说明"]  # fmt: skip
WIDTHS = [7.0, 9, 9, 26, 26, 40, 40, 8, 8, 14, 9, 36, 20, 20, 8, 20, 24, 26]


def write_plan(target: BinaryIO, plan: AdoptionPlan) -> None:
    """The plan as it was looked at; nothing of it comes back."""
    counts = plan.counts
    sums: list[tuple[str, object]] = [
        ("创建活动", str(plan.year.campaign)), ("年度", str(plan.year)), ("原版本", str(plan.base)), ("新版本", str(plan.edition)),
        ("计划日期", plan.today.isoformat()), *((kind.label, counts[kind.value]) for kind in MatchKind),
        ("需复核", counts["revisit"]), ("新事项没有牵头", counts["without_lead"]), ("换下的空期次", counts["slots_gone"]),
        ("换上的期次", counts["slots_made"] - counts["slots_new"]), ("总分（原）", number(plan.before)), ("总分（新）", number(plan.after)),
    ]  # fmt: skip
    rows = [
        [
            row.label, row.old_no, row.no, row.old_title, row.title, row.old_requirement, row.requirement, row.old_points, row.points,
            row.lead, row.status, "；".join(row.changes), row.gone, row.made, row.kept, row.handed, row.revisit, row.note,
        ]
        for row in rows_of_plan(plan)
    ]  # fmt: skip
    write_xlsx(
        target,
        [
            OutSheet("汇总", ["项目", "内容"], [[name, str(value)] for name, value in sums], [18, 40]),
            OutSheet("逐项", HEADER, rows, WIDTHS),
        ],
    )
