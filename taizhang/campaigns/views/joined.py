"""参加单位: which departments of other agencies take part in a campaign."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from taizhang.kit import clock
from taizhang.kit.htmx import page

from .. import actions, forms, queries
from .campaigns import allow, found_url, take


@require_http_methods(["GET", "POST"])
def join_new(request: HttpRequest, pk: int) -> HttpResponse:
    """First the agency, then its department and the term: of other agencies only these names are shown."""
    found = get_object_or_404(queries.campaigns_for(request.user), pk=pk)
    allow(request, found.unit)
    today = clock.today()
    agencies = queries.agencies_to_join(found, today)
    said = request.POST.get("agency") or request.GET.get("agency", "")
    agency = next((one for one, _ in agencies if str(one) == said), None)
    form: Any = None
    problems: list[str] = []
    if agency is not None:
        units = queries.bodies_to_join(found, agency, today)
        data = request.POST if request.method == "POST" else None
        form = forms.JoinForm(units, data, initial={"starts_on": today})
        if data is not None and form.is_valid():
            problems = take(actions.join, found, request, **form.cleaned_data)
            if not problems:
                unit = form.cleaned_data["unit"]
                messages.success(
                    request,
                    f"“{unit}”已是参加单位，现在可以在事项上选它牵头或配合；各处室都要办的事项，请到“参加单位的事项”给它安排期次。",
                )
                return redirect(f"{found_url(found)}#joined")
    elif request.method == "POST":
        problems = ["还没有选单位，请先选单位，再选它的处室。"]
    context = {
        "campaign": found, "agencies": agencies, "agency": agency, "form": form, "problems": problems,
        "agency_name": dict(agencies).get(agency or 0, ""),
        "crumbs": [("创建活动", reverse("campaigns")), (str(found), found_url(found)), ("增加参加单位", "")],
    }  # fmt: skip
    return page(request, "campaigns/join_new.html", context, status=409 if request.method == "POST" else 200)


@require_POST
def join_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The term ends: with the day that was typed, or today."""
    found = get_object_or_404(queries.joined_for(request.user), pk=pk)
    form = forms.EndJoinForm(request.POST)
    campaign, unit = found.campaign, found.unit
    problems = [error for errors in form.errors.values() for error in errors]
    if form.is_valid():
        ends_on = form.cleaned_data["ends_on"] or clock.today()
        problems = take(actions.end_join, found, request, ends_on=ends_on)
        if not problems:
            messages.success(
                request, f"“{unit}”参加到 {ends_on} 为止。没有办结的事项列在“参加单位的事项”里。"
            )
    for problem in problems:
        messages.error(request, problem)
    return redirect(f"{found_url(campaign)}#joined")
