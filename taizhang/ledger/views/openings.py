"""报送窗口: the periods of a year with their days; set one, set the rest, close one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from taizhang.campaigns.models import Year
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock, look
from taizhang.kit.errors import NotPermitted, Refused

from .. import actions
from ..forms.openings import Rest, Window
from ..queries.openings import PeriodRow, periods_of, rest_of_year
from .asked import found_year
from .show import keys
from .years import manage


@require_safe
def year_openings(request: HttpRequest, pk: int) -> HttpResponse:
    year = found_year(request, pk)
    manage(request, year)
    return _show(request, year)


def _show(
    request: HttpRequest, year: Year, *, window: Window | None = None, rest: Rest | None = None,
    refusal: Refused | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    rows = periods_of(year)
    today = clock.today()
    opened = request.POST.get("key") or request.GET.get("open", "")
    chosen = next((row for row in rows if row.key == opened), None)
    if chosen and window is None:
        window = Window(
            initial={"opens_on": chosen.opens_on, "shuts_on": chosen.due_on, "takes_late": chosen.takes_late and "1"}
        )  # fmt: skip
    campaign = reverse("campaign", args=[year.campaign_id])
    context = {
        "year": year, "chosen": chosen, "window": window, "rest": rest or Rest(initial={"takes_late": "1"}),
        "rows": [_line(row, today) for row in rows], "open": year.state == YearState.OPEN, "refusal": refusal,
        "crumbs": [(str(year.campaign), campaign), (f"{year.year} 年度报送窗口", "")],
    }  # fmt: skip
    return render(request, "ledger/openings.html", context, status=refusal.status if refusal else status)


def _line(row: PeriodRow, today: Any) -> tuple[Any, ...]:
    """What the row shows: lamp made, numbers as they are."""
    return (
        row, look.lamp(*row.state(today)), look.tag("已设", "w") if row.is_set else "",
        "仍收，标迟报" if row.takes_late else "不再收", row.left and row.takes_late and row.opens_on <= today,
    )  # fmt: skip


def _tried(
    request: HttpRequest, year: Year, act: Callable[[], Any], words: str, **shown: Any
) -> HttpResponse:
    try:
        act()
    except NotPermitted:
        raise
    except Refused as refusal:
        return _show(request, year, refusal=refusal, **shown)
    messages.success(request, words)
    return redirect("year_openings", year.pk)


@require_POST
def opening_set(request: HttpRequest, pk: int) -> HttpResponse:
    year = found_year(request, pk)
    manage(request, year)
    form = Window(request.POST)
    if not form.is_valid():
        return _show(request, year, window=form, status=400)
    spans = {request.POST.get("key", ""): form.span()}
    return _tried(
        request, year, lambda: actions.set_openings(year, by=request.user, spans=spans, **keys(request)),
        "报送窗口已设好，没有报的期次已按新的日子改过。", window=form,
    )  # fmt: skip


@require_POST
def openings_rest(request: HttpRequest, pk: int) -> HttpResponse:
    """The same window for every period of a cadence that is still to come."""
    year = found_year(request, pk)
    manage(request, year)
    form = Rest(request.POST)
    if not form.is_valid():
        return _show(request, year, rest=form, status=400)
    data = form.cleaned_data
    spans = rest_of_year(
        year, data["cadence"], data["after"], data["days"], bool(data["takes_late"]), clock.today()
    )
    if not spans:
        return _show(
            request, year, rest=form, refusal=Refused("这一周期没有还要报的期次，不用设。请换一个周期。")
        )
    return _tried(
        request, year, lambda: actions.set_openings(year, by=request.user, spans=spans, **keys(request)),
        f"已设好 {len(spans)} 期的报送窗口。", rest=form,
    )  # fmt: skip


@require_POST
def opening_shut(request: HttpRequest, pk: int) -> HttpResponse:
    year = found_year(request, pk)
    manage(request, year)
    key = request.POST.get("key", "")
    return _tried(
        request, year, lambda: actions.shut_opening(year, by=request.user, key=key, **keys(request)),
        "窗口已关闭，没有报的记为期满未报。关错了，改截止日就能再报。",
    )  # fmt: skip
