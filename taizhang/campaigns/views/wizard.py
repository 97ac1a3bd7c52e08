"""创建活动向导: five pages, one draft, one act at the end."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.htmx import page
from taizhang.org.queries.holders import holders

from .. import actions, forms, queries, sheets
from ..models import Campaign
from ..queries.signing import areas_of, chain_view
from ..rules.windows import cadence_label
from .draft import LAST, STEPS, Draft


@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest, step: int = 1) -> HttpResponse:
    """One page of the wizard. A post keeps what was typed before anything else, so that nothing is lost."""
    agencies = list(queries.agencies_to_edit(request.user))
    if not agencies:
        raise NotPermitted("你没有“创建活动立项”的权限。如确需办理，请联系创建办或系统管理员。")
    draft = Draft(request.session, agencies, clock.today())
    if request.method == "POST" and request.POST.get("act") == "drop":
        draft.drop()
        return redirect("campaign_new")
    if not 1 <= step <= LAST:
        return redirect("campaign_new")
    if request.method == "POST" and step < LAST:
        draft.keep(step, request.POST)
    for earlier in range(1, step):
        if not draft.ready(earlier):
            messages.warning(request, f"第 {earlier} 步“{STEPS[earlier - 1]}”还没有填好，请先填完。")
            return redirect("campaign_new_step", earlier)
    if request.method == "POST":
        return _posted(request, draft, step)
    return _show(request, draft, step)


def _posted(request: HttpRequest, draft: Draft, step: int) -> HttpResponse:
    act = request.POST.get("act", "next")
    if act == "back":
        return redirect("campaign_new_step", max(1, step - 1))
    if act in ACTS:
        return ACTS[act](request, draft, step)
    if step == LAST:
        return _start(request, draft)
    if not draft.is_valid(step):
        return _show(request, draft, step, 409)
    problems = draft.problems(step)
    if problems:
        return _show(request, draft, step, 409, problems)
    if step == 2 and (fresh := draft.fresh_years()):
        draft.rename()
        words = "、".join(str(year) for year in fresh)
        messages.warning(request, f"已按新的届期列出 {words} 年度，请核对后再下一步。")
        return redirect("campaign_new_step", 2)
    return redirect("campaign_new_step", step + 1)


def _lay_stages(request: HttpRequest, draft: Draft, step: int) -> HttpResponse:
    """按测评日重排阶段: the stages are proposed anew from the dates as typed."""
    draft.forget(step, tuple(f"y{row.year}s" for row in draft.years))
    return redirect("campaign_new_step", step)


def _lay_again(request: HttpRequest, draft: Draft, step: int) -> HttpResponse:
    """更新: the page again, with what follows from what was typed (another agency, other years, who signs)."""
    if not draft.is_valid(step):
        return _show(request, draft, step, 409)
    if step == 2:
        draft.rename()
    return redirect("campaign_new_step", step)


def _import(request: HttpRequest, draft: Draft, step: int) -> HttpResponse:
    """导入节假日表 from within the wizard: it is the site's table, and saved at once."""
    form = forms.HolidayForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, draft, step, 409, [str(form.errors["file"][0])])
    upload = form.cleaned_data["file"]
    try:
        rows = sheets.read_holidays(upload.read(), upload.name)
        actions.import_holidays(draft.agency, by=request.user, once=request.POST.get("once", ""), rows=rows)
    except Refused as refusal:
        return _show(request, draft, step, refusal.status, [refusal.message, *refusal.problems])
    messages.success(request, f"已导入 {len(rows)} 天，全站通用。")
    return redirect("campaign_new_step", step)


ACTS: dict[str, Callable[[HttpRequest, Draft, int], HttpResponse]] = {
    "stages": _lay_stages,
    "again": _lay_again,
    "import": _import,
}


def _start(request: HttpRequest, draft: Draft) -> HttpResponse:
    try:
        campaign = actions.start(
            draft.agency, by=request.user, once=request.POST.get("once", ""), **draft.whole()
        )
    except NotPermitted:
        raise
    except Refused as refusal:
        return _show(request, draft, LAST, refusal.status, [refusal.message, *refusal.problems])
    draft.drop()
    messages.success(request, f"已创建“{campaign}”。下一步：启用首个年度，生成台账。")
    return redirect(_open_first(campaign))


def _open_first(campaign: Campaign) -> str:
    """The page that opens the first year; it belongs to the ledger, a floor above, so it is known by name only."""
    first = campaign.years.order_by("year").values_list("pk", flat=True)[0]
    try:
        return reverse("year_open", args=[first])
    except NoReverseMatch:
        return reverse("campaign", args=[campaign.pk])


def _show(
    request: HttpRequest, draft: Draft, step: int, status: int = 200, problems: list[str] | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "draft": draft, "steps": STEPS, "now": step, "problems": problems or [],
        "crumbs": [("创建活动", reverse("campaigns")), ("新建", "")],
    }  # fmt: skip
    if step == 3:
        context["chains"] = _chains(draft)
    elif step == 4:
        context["windows"] = [(cadence_label(cadence), form) for cadence, form in draft.windows]
        context["unknown"] = _unknown(draft)
    elif step == LAST:
        whole = draft.whole()
        context |= {"whole": whole, "chains": _chains(draft), "unknown": _unknown(draft)}
        context["windows"] = [
            (cadence_label(window.cadence), window.grace_days, window.shut_days)
            for window in whole["years"][0].windows
        ]
    return page(request, f"campaigns/new/step{step}.html", context, status=status)


def _unknown(draft: Draft) -> list[int]:
    first, last = draft.cycle.cleaned_data["first_year"], draft.cycle.cleaned_data["last_year"]
    return queries.calendar().unknown(range(first, last + 1))


def _chains(draft: Draft) -> list[dict[str, Any]]:
    """Each track's rows with who stands at each step today, and what nobody can sign."""
    leads = queries.leads_of(draft.agency, draft.today)
    snapshot = holders(draft.agency, draft.today)
    areas = areas_of([chain.track.edition.pk for chain in draft.chains])
    found = []
    for chain in draft.chains:
        views, gaps = chain_view(
            chain.steps(), chain.track.owner, leads, areas[chain.track.edition.pk], snapshot
        )
        found.append({"track": chain.track, "rows": chain.rows, "steps": views, "gaps": gaps})
    return found
