"""覆盖检查: what of the year nobody answers for, each line with the way to where it is mended."""

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from taizhang.campaigns.models import Year
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted
from taizhang.kit.sending import attachment
from taizhang.kit.tables import write_xlsx
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from ..queries.coverage import coverage_of
from ..rules.coverage import LEFT, Bare
from ..sheets.coverage import LISTS, cells, coverage_sheets
from .asked import found_year
from .lists import bare

#: list → the words of the link to where it is mended
MEND = {"departments": "编入活动组", "people": "看人员", "indicators": "定牵头", "steps": "改审核环节"}
GOOD = {
    "departments": "每个处室都在活动组里",
    "people": "人人有责任",
    "indicators": "项项有牵头",
    "steps": "每个环节都有人签",
}


def _year(request: HttpRequest, pk: int) -> Year:
    year = found_year(request, pk)
    if not may(request.user, Permit.LEDGER_MANAGE, year.campaign.unit):
        raise NotPermitted("覆盖检查由创建办使用。如需了解，请联系创建办。")
    return year


def _addresses(year: Year) -> dict[str, str]:
    """List → address of the page that mends one line, with 0 for its id: reversed once, not once a line."""
    return {
        "departments": reverse("groups") + f"?agency={year.campaign.unit_id}",
        "people": reverse("person", args=[0]),
        "left": reverse("handover", args=[0]),
        "indicators": reverse("item_lead", args=[0]),
        "steps": reverse("track_edit", args=[0]),
    }


def _address(kind: str, one: Bare, addresses: dict[str, str]) -> str:
    if kind == "departments":
        return addresses[kind]
    pk = one.parent if kind == "steps" else one.id
    return addresses["left" if one.kind == LEFT else kind].replace("/0/", f"/{pk}/")


@require_safe
def coverage(request: HttpRequest, pk: int) -> HttpResponse:
    year = _year(request, pk)
    if year.state == YearState.PLANNED:
        return bare(request, year, "覆盖检查")
    today = clock.today()
    found = coverage_of(year, today)
    addresses = _addresses(year)
    lists: list[dict[str, Any]] = []
    counts: list[dict[str, Any]] = []
    for kind, (noun, unit, title, heads) in LISTS.items():
        rows: list[Bare] = getattr(found, kind)
        total = found.totals[kind]
        # those who left are named, and are not among the people counted
        missing = sum(one.kind != LEFT for one in rows)
        share = f"{(total - missing) / total:.1%}" if total else "—"
        counts.append(
            {"label": f"{noun}覆盖", "n": f"{total - missing}/{total}", "url": f"#{kind}", "title": share, "hot": False}
        )  # fmt: skip
        lists.append(
            {
                "kind": kind, "title": title, "heads": heads, "good": GOOD[kind], "unit": unit, "share": share, "of": total,
                "covered": total - missing, "mend": MEND[kind],
                "rows": [(cells(kind, one), _address(kind, one, addresses), one.kind == LEFT) for one in rows],
            }
        )  # fmt: skip
    context = {
        "year": year, "today": today, "lists": lists, "counts": counts, "count": found.count,
        "export": reverse("coverage_export", args=[year.pk]),
        "crumbs": [("创建总览", reverse("overview") + f"?year={year.pk}"), ("覆盖检查", "")],
    }  # fmt: skip
    return render(request, "ledger/coverage.html", context)


@require_safe
def coverage_export(request: HttpRequest, pk: int) -> HttpResponse:
    year = _year(request, pk)
    today = clock.today()
    target = BytesIO()
    write_xlsx(target, coverage_sheets(coverage_of(year, today)))
    name = f"{year.campaign}-{year.year}年度覆盖检查-{today:%Y%m%d}.xlsx"
    return attachment(target.getvalue(), name, plain="coverage.xlsx")
