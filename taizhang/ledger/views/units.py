"""合并和撤销单位: shown before it is done, since the ledger's open work goes with the unit."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.org.action import demand
from taizhang.org.models import Unit
from taizhang.org.queries import agencies_for, units_for

from .. import actions
from ..forms.units import Merge
from ..queries.merging import hanging


def _agency(request: HttpRequest) -> tuple[Unit, Unit | None]:
    """The agency of the unit in the address, or the first that the person sees; and that unit."""
    asked = request.GET.get("unit", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 16:
        unit = get_object_or_404(units_for(request.user).select_related("agency"), pk=int(asked))
        if unit.agency is None:
            raise Http404
        return unit.agency, unit
    agencies = agencies_for(request.user)
    if not agencies:
        raise Http404
    return agencies[0], None


@require_http_methods(["GET", "POST"])
def units_merge(request: HttpRequest) -> HttpResponse:
    """GET: what to merge. POST: what would move; POST with `sure`: do it."""
    agency, first = _agency(request)
    demand(request.user, "ledger.merge_units", agency, noted=request.method == "POST")
    today = clock.today()
    start = {"unit": [first.pk]} if first else {}
    form = Merge(agency, request.POST or None, initial=start, kind=first.kind if first else "")
    context: dict[str, Any] = {
        "agency": agency, "form": form, "today": today,
        "crumbs": [("组织机构", reverse("org")), ("合并单位", "")],
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            status = 200
            typed = form.cleaned_data
            into = typed["into"]
            units = [unit for unit in typed["unit"] if into is None or unit.pk != into.pk]
            context |= {"rows": [hanging(unit, today) for unit in units], "into": into, "name": typed["name"]}
            if "sure" in request.POST:
                try:
                    made = actions.merge_units(
                        agency, by=request.user, units=units, into=into, name=typed["name"],
                        once=request.POST.get("once", "")[:64],
                    )  # fmt: skip
                except Refused as refusal:
                    form.add_error(None, refusal.message)
                    status = refusal.status
                else:
                    messages.success(
                        request, f"已合并：{'、'.join(unit.name for unit in units)} 并入“{made.name}”。"
                    )
                    return redirect("unit", made.pk)
    return render(request, "ledger/units_merge.html", context, status=status)


@require_POST
def unit_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(units_for(request.user).select_related("agency", "parent"), pk=pk)
    actions.end_unit(
        found, by=request.user, seen=request.POST.get("seen"), once=request.POST.get("once", "")[:64]
    )
    messages.success(request, f"“{found.name}”已撤销，职责同时收回。")
    return redirect("org")
