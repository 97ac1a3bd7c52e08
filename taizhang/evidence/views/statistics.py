"""材料统计: what the library holds, counted; every number opens its files there."""

from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted
from taizhang.kit.sending import attachment
from taizhang.kit.tables import OutSheet, write_xlsx
from taizhang.kit.tables.book import Cell
from taizhang.org.permits import Permit
from taizhang.org.queries import may_anywhere

from .. import queries
from ..queries.statistics import MEASURES, Figure, Line, Measure, Statistics, asking
from .show import root

SUMS = sum(1 for one in MEASURES if one.sum)


def _counted(request: HttpRequest) -> Statistics:
    if not may_anywhere(request.user, Permit.EVIDENCE_VIEW):
        raise NotPermitted("你没有看材料的权限。如确需查看，请联系创建办。")
    return queries.statistics(request.user)


def amount(measure: Measure, figure: Figure) -> tuple[str, str]:
    """The number as people say it, and its noun: 18.3 万字, 42 分钟."""
    if measure.sum == "seconds":
        return f"{-(-figure.amount // 60)}", measure.noun
    if measure.sum == "letters" and figure.amount >= 10_000:
        return f"{figure.amount / 10_000:.1f}", "万字"
    return str(figure.amount), measure.noun


def _cell(measure: Measure, figure: Figure, url: str) -> SafeString:
    if not figure.files:
        return mark_safe('<span class="zero">0</span>')
    number, noun = amount(measure, figure)
    unit = "万" if noun == "万字" else ""
    hint = f' title="{figure.files} 件"' if measure.sum else ""
    return mark_safe(f'<a href="{url}"{hint}>{number}{unit}</a>')


def _rows(lines: list[Line], name: str, here: str) -> list[tuple[str, list[SafeString]]]:
    """A row of the table for each department or year: addresses escaped, made without a lookup per cell."""
    return [
        (
            line.name,
            [
                _cell(one, line.figures[one.key], (here + asking(one, **{name: line.key})).replace("&", "&amp;"))
                for one in MEASURES
            ],
        )
        for line in lines
    ]  # fmt: skip


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    found, here = _counted(request), root()
    counts: list[dict[str, Any]] = []
    for one in MEASURES:
        number, noun = amount(one, found.whole.figures[one.key])
        files = found.whole.figures[one.key].files
        counts.append(
            {
                "label": one.label, "n": number if files else 0, "unit": f"{noun}（{files} 件）" if one.sum else noun,
                "url": here + asking(one) if files else "", "title": one.said,
            }
        )  # fmt: skip
    context: dict[str, Any] = {
        # two strips: pieces, and what is in their files
        "strips": [counts[: len(counts) - SUMS], counts[len(counts) - SUMS :]],
        "heads": [(one.label, one.noun, one.said) for one in MEASURES],
        "units": _rows(found.units, "unit", here),
        "years": _rows(found.years, "year", here),
        "said": [(one.label, one.said) for one in MEASURES if one.said],
        "day": clock.today(),
        "empty": not found.whole.figures["all"].files,
        "root": here,
    }
    return render(request, "evidence/statistics.html", context)


def _plain(measure: Measure, figure: Figure) -> Cell:
    if measure.sum == "seconds":
        return (Decimal(figure.amount) / 60).quantize(Decimal("0.1"))
    return figure.amount


def _sheet(name: str, first: str, lines: list[Line]) -> OutSheet:
    header = [first, *(f"{one.label}（{one.noun}）" for one in MEASURES)]
    rows: list[list[Cell]] = [
        [line.name, *(_plain(one, line.figures[one.key]) for one in MEASURES)] for line in lines
    ]
    return OutSheet(name, header, rows, [20.0, *([11.0] * len(MEASURES))])


@require_safe
def statistics_export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook: by department, by year, and how each number is counted."""
    found = _counted(request)
    out = BytesIO()
    said: list[list[Cell]] = [[one.label, one.noun, one.said or "按类别计"] for one in MEASURES]
    write_xlsx(
        out,
        [
            _sheet("按处室", "处室", [*found.units, found.whole]),
            _sheet("按年度", "年度", [*found.years, found.whole]),
            OutSheet("口径", ["数字", "单位", "怎么算"], said, [14.0, 8.0, 70.0]),
        ],
    )
    return attachment(out.getvalue(), f"材料统计{clock.today()}.xlsx", plain="evidence.xlsx")
