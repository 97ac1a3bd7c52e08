"""A year's settings, its end, and the calendar."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.htmx import page
from taizhang.org.permits import Permit
from taizhang.org.queries import may_anywhere

from .. import actions, forms, queries, sheets
from ..actions.years import plan_of
from ..models import Year
from ..queries import overview
from ..rules.states import YearState
from ..rules.windows import cadence_label
from ..rules.workdays import BUILT_IN
from .campaigns import allow, found_url, newer_lines, take


@require_http_methods(["GET", "POST"])
def year_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Theme, dates, stages and days of grace, as one whole."""
    year = get_object_or_404(queries.years_for(request.user), pk=pk)
    allow(request, year.campaign.unit)
    plan = plan_of(year)
    data = request.POST if request.method == "POST" else None
    # one row more than there are stages, so that one can be added
    row = forms.year_row(plan, data, rows=len(plan.stages) + 1)
    windows = forms.window_forms(plan.windows, data)
    lights = forms.LightForm(data, initial={"near_days": plan.near_days, "fix_days": plan.fix_days})
    problems: list[str] = []
    if data is not None and all(
        [row.is_valid(), lights.is_valid(), *(form.is_valid() for _, form in windows)]
    ):
        typed = row.plan(plan)
        problems = take(
            actions.change_year, year, request, theme=typed.theme, starts_on=typed.starts_on, ends_on=typed.ends_on,
            assessed_on=typed.assessed_on, stages=typed.stages, windows=forms.windows_of(windows), **lights.cleaned_data,
        )  # fmt: skip
        if not problems:
            messages.success(request, f"已保存 {year} 的设置。{_after(year)}")
            return redirect("campaign", year.campaign_id)
    context = {
        "year": year, "row": row, "lights": lights, "problems": problems,
        "windows": [(cadence_label(cadence), form) for cadence, form in windows],
        "newer": [] if year.state == YearState.CLOSED else newer_lines(year.campaign, True, year),
        "closed": year.state == YearState.CLOSED, "open": year.state == YearState.OPEN,
        "crumbs": [
            ("创建活动", reverse("campaigns")), (str(year.campaign), found_url(year.campaign)), (str(year), ""),
        ],
    }  # fmt: skip
    return page(request, "campaigns/year.html", context, status=409 if data is not None else 200)


def _after(year: Year) -> str:
    return "已排好的期限没有变动，需要时请在台账里调整。" if year.state == YearState.OPEN else ""


@require_POST
def year_close(request: HttpRequest, pk: int) -> HttpResponse:
    year = get_object_or_404(queries.years_for(request.user), pk=pk)
    actions.close_year(
        year, by=request.user, seen=request.POST.get("seen"), once=request.POST.get("once", "")
    )
    messages.success(request, f"{year} 已结束。没有销号的事项仍可查看。")
    return redirect("campaign", year.campaign_id)


@require_POST
def year_resume(request: HttpRequest, pk: int) -> HttpResponse:
    year = get_object_or_404(queries.years_for(request.user), pk=pk)
    actions.resume_year(
        year, by=request.user, seen=request.POST.get("seen"), once=request.POST.get("once", "")
    )
    messages.success(request, f"{year} 已恢复为进行中。")
    return redirect("campaign", year.campaign_id)


@require_safe
def holidays(request: HttpRequest) -> HttpResponse:
    return _holidays_page(request, [])


@require_POST
def holidays_import(request: HttpRequest) -> HttpResponse:
    """A table for the whole site: all of it or nothing."""
    agency = queries.agencies_to_edit(request.user).first()
    if agency is None:
        raise NotPermitted("你没有“导入节假日表”的权限。如确需办理，请联系创建办或系统管理员。")
    form = forms.HolidayForm(request.POST, request.FILES)
    if not form.is_valid():
        return _holidays_page(request, [str(form.errors["file"][0])])
    upload = form.cleaned_data["file"]
    try:
        rows = sheets.read_holidays(upload.read(), upload.name)
        actions.import_holidays(agency, by=request.user, once=request.POST.get("once", ""), rows=rows)
    except NotPermitted:
        raise
    except Refused as refusal:
        return _holidays_page(request, [refusal.message, *refusal.problems])
    messages.success(request, f"已导入 {len(rows)} 天。已排好的期限没有变动，以后排期按新表计算。")
    return redirect("holidays")


@require_safe
def holidays_export(request: HttpRequest) -> HttpResponse:
    """The same table as can be imported; without rows, a pattern to fill."""
    _may_see(request)
    answer = HttpResponse(
        sheets.holidays_xlsx(queries.holiday_rows()),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer["Content-Disposition"] = content_disposition_header(True, "节假日表.xlsx") or ""
    return answer


def _may_see(request: HttpRequest) -> None:
    if not may_anywhere(request.user, Permit.CAMPAIGN_VIEW):
        raise NotPermitted("你没有“看创建活动”的权限。如确需办理，请联系创建办或系统管理员。")


def _holidays_page(request: HttpRequest, problems: list[str]) -> HttpResponse:
    _may_see(request)
    rows = queries.holiday_rows()
    years = overview.used_years(request.user)
    context: dict[str, Any] = {
        "rows": [(day, "一二三四五六日"[day.weekday()], works, name) for day, works, name in rows],
        "problems": problems, "first": BUILT_IN[0], "last": BUILT_IN[-1],
        "own": sorted({day.year for day, _, _ in rows}), "unknown": queries.calendar().unknown(years),
        "may_import": queries.agencies_to_edit(request.user).exists(), "today": clock.today(),
        "crumbs": [("创建活动", reverse("campaigns")), ("节假日", "")],
    }  # fmt: skip
    return page(request, "campaigns/holidays.html", context, status=409 if problems else 200)
