"""A year is opened into a ledger; an item is raised by hand."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from taizhang.campaigns.models import Year
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.models import Person
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from .. import actions
from ..forms.items import tell_loads
from ..forms.lists import Places, Raise
from ..queries import filters
from ..queries.guests import leads_in
from ..queries.load import figures
from ..queries.opening import opened
from ..queries.preview import preview
from .asked import found_year, year_of
from .lists import bare
from .show import keys


def manage(request: HttpRequest, year: Year) -> None:
    if not may(request.user, Permit.LEDGER_MANAGE, year.campaign.unit):
        raise NotPermitted("你没有启用年度和立项的权限。如确需办理，请联系创建办。")


@require_http_methods(["GET", "POST"])
def year_open(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what would be made. POST: make it."""
    year = found_year(request, pk)
    manage(request, year)
    if year.state != YearState.PLANNED:
        return render(
            request, "ledger/year_open.html", {"year": year, "next": _next(year), "opened": opened(year)}
        )
    campaign = year.campaign
    years = [(one, f"{one} 年") for one in range(campaign.first_year, campaign.last_year + 1)]
    today = clock.today()
    first = preview(year, today)
    asked = request.POST if request.method == "POST" else request.GET
    form = Places(first.cycle, years, asked if any(name.startswith("place_") for name in asked) else None)
    places = form.places() if form.is_bound and form.is_valid() else {}
    refusal: Refused | None = None
    if request.method == "POST" and not form.errors:
        try:
            actions.open_year(year, by=request.user, places=places, **keys(request))
        except NotPermitted:
            raise
        except Refused as error:
            refusal = error
        else:
            made = opened(year)
            lacking = (
                f"其中 {len(made.without_lead)} 项没有牵头处室，请先定牵头。" if made.without_lead else ""
            )
            messages.success(
                request, f"已启用 {year.year} 年度台账：{made.items} 项，{made.slots} 期。{lacking}"
            )
            return redirect(
                reverse("items") + f"?year={year.pk}" + ("&lead=none" if made.without_lead else "")
            )
    shown = preview(year, today, places) if places else first
    context: dict[str, Any] = {
        "year": year, "shown": shown, "form": form, "refusal": refusal,
        "cycle": [(form[f"place_{pk}"], words) for pk, words, _ in shown.cycle],
        "leads": [(lead, [(month, number, 100 * number // (shown.most or 1)) for month, number in zip(shown.months, lead.months, strict=True)]) for lead in shown.leads],
    }  # fmt: skip
    return render(
        request,
        "ledger/year_open.html",
        context,
        status=refusal.status if refusal else 422 if form.errors else 200,
    )


def _next(year: Year) -> Year | None:
    return (
        Year.objects.filter(campaign=year.campaign_id, year__gt=year.year, state=YearState.PLANNED)
        .order_by("year")
        .first()
    )


@require_http_methods(["GET", "POST"])
def item_raise(request: HttpRequest) -> HttpResponse:
    """立项: what no standard asks for."""
    year = year_of(request, filters.read(request.GET.dict()))
    if year is None or year.state == YearState.PLANNED:
        return bare(request, year, "新立事项")
    if year.state == YearState.CLOSED:
        raise Http404
    manage(request, year)
    agency = year.campaign.unit
    units = leads_in(year, clock.today())
    people = Person.objects.filter(agency=agency, left_on=None)
    form = Raise(units, people, request.POST if request.method == "POST" else None)
    tell_loads(form, figures(agency, clock.today()))
    refusal: Refused | None = None
    if form.is_bound and form.is_valid():
        try:
            item = actions.raise_item(
                year, by=request.user, once=request.POST.get("once", "")[:64], **form.cleaned_data
            )
        except NotPermitted:
            raise
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"已立项 {item.no} {item.title}。现在可以交办。")
            return redirect("item", item.pk)
    context = {
        "year": year,
        "form": form,
        "refusal": refusal,
        "back": reverse("items") + f"?year={year.pk}&source=any",
    }
    return render(
        request,
        "ledger/raise.html",
        context,
        status=refusal.status if refusal else 422 if form.errors else 200,
    )
