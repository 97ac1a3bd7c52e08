"""申请 as a workbook: every ask with its answer, and the counts by department."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from django.utils import timezone

from taizhang.campaigns.models import Year
from taizhang.kit.tables import OutSheet, write_xlsx

from ..queries.ask_words import AskRow
from ..rules.asks import AskState, Kind

HEADER = ["编号", "事项", "申请", "申请单位", "申请内容", "理由", "目前进展", "申请人", "申请时间", "状态", "批复人", "批复时间",
          "批复意见", "结果"]  # fmt: skip
WIDTHS = [9.0, 28, 8, 14, 28, 36, 36, 14, 17, 9, 14, 17, 30, 36]


def write_asks(
    target: BinaryIO, year: Year, rows: Sequence[AskRow], sums: Mapping[str, Mapping[str, int]]
) -> None:
    """ROWS as they were filtered; SUMS of the whole year: department → kind or state → how many."""

    def at(moment: object) -> str:
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""  # type: ignore[arg-type]

    lines = [
        [
            row.no, row.title, row.kind_label, row.unit, row.wish, row.reason, row.progress, row.by, at(row.at), row.state_label,
            row.decided_by or row.deciders and f"等 {row.deciders} 批复", at(row.decided_at), row.opinion, row.outcome,
        ]
        for row in rows
    ]  # fmt: skip
    counts = [
        [unit, numbers.get("n", 0), *(numbers.get(kind, 0) for kind in Kind), *(numbers.get(state, 0) for state in AskState)]
        for unit, numbers in sorted(sums.items())
    ]  # fmt: skip
    write_xlsx(
        target,
        [
            OutSheet("申请", HEADER, lines, WIDTHS),
            OutSheet(
                f"{year.year}年度各处室",
                ["处室", "申请次数", *(kind.label for kind in Kind), *(state.label for state in AskState)],
                counts,
                [18, 10, *(10 for _ in Kind), *(10 for _ in AskState)],
            ),
        ],
    )
