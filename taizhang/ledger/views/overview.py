"""创建总览: the year at one glance; every number opens the rows it counts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from ..queries import filters
from ..queries.coverage import coverage_of
from ..queries.filters import Filter
from ..queries.overview import MODES, curve, overview_of
from ..queries.proofs_stated import unstated_number
from ..rules.states import Status
from .asked import year_of
from .lists import bare

LATE_SHOWN = 12


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Areas × departments, counts, stages, what is late, planned and real."""
    year = year_of(request, filters.read(request.GET.dict()))
    if year is None or year.state == YearState.PLANNED:
        return bare(request, year, "创建总览")
    mode = request.GET.get("by", "")
    mode = mode if mode in MODES else ""
    today = clock.today()
    address = reverse("items")
    found = overview_of(request.user, year, mode, today, address)
    rows, base = found.rows, Filter(year=str(year.pk))

    def count(
        label: str, number: object, lamp: str = "", *, hot: bool = False, title: str = "", **asked: str
    ) -> dict[str, object]:
        return {
            "label": label,
            "n": number,
            "lamp": lamp,
            "hot": hot,
            "title": title,
            "url": address + base.address(**asked),
        }

    passed, slots = sum(row.accepted for row in rows), sum(row.total for row in rows)
    before = sum(row.before for row in rows)
    done = sum(row.status == Status.CLOSED for row in rows)
    counts = [
        count("事项", len(rows)),
        count("已销号", done, "f", view="closed"),
        count("待审核", sum(row.status == Status.REVIEW for row in rows), "b", view="review"),
        count("临近", sum(row.light == "y" for row in rows), "y", view="near"),
        count("逾期", len(found.late), "r", hot=True, view="late"),
        count("期次通过", f"{passed}/{slots}"),
    ]
    if before:
        counts.append(
            count("系统启用前", sum(row.before > 0 for row in rows), title=f"共 {before} 期", before="1")
        )
    if may(request.user, Permit.LEDGER_MANAGE, year.campaign.unit):
        bare_count = coverage_of(year, today).count
        counts.append(
            {
                "label": "未覆盖", "n": bare_count, "hot": True, "unit": "处", "url": reverse("coverage", args=[year.pk]),
                "title": "没有编组的处室、没有责任的人员、没有牵头的事项、没有人签的环节",
            }
        )  # fmt: skip
    chart = curve(found, today)
    plan, real = (one["data"] for one in chart["series"])
    planned = plan[chart["x"].index(chart["today"])] if chart["today"] else None
    conclusion = f"到今日已销号 {done} 项" + (f"，计划 {planned} 项" if planned is not None else "")
    context = {
        "year": year,
        "found": found,
        "counts": counts,
        "modes": [
            (f"?year={year.pk}" + (f"&by={key}" if key else ""), word, key == mode)
            for key, word in MODES.items()
        ],
        "late": found.late[:LATE_SHOWN],
        "late_url": address + base.address(view="late"),
        "late_leads": len({row.lead_id for row in found.late}),
        "today": today,
        "stage": next((stage for stage in found.stages if stage.now), None),
        "chart": chart,
        "chart_name": conclusion,
        "chart_rows": [(day, plan[at], real[at]) for at, day in enumerate(chart["x"])],
        "chart_heads": ["截至", "计划", "实际"],
        "export_url": reverse("items_export") + base.address(),
        "unstated": unstated_number(request.user, year),
        "unstated_url": f"{reverse('statements', args=[year.pk])}?show=none",
    }
    return render(request, "ledger/overview.html", context)
