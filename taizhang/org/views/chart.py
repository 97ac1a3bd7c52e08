"""The four-level chart: a page and a file."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from taizhang.kit import clock
from taizhang.kit.htmx import page
from taizhang.kit.sending import attachment

from ..models import Unit
from ..queries.chart import LABELS, Chart, chart_on
from ..rules.adjusting import said
from ..rules.chart import Picture, draw
from .common import agency_of, day_of


def _drawn(agency: Unit, day: date) -> tuple[Chart, Picture]:
    groups, units = reverse("groups"), reverse("org") + "unit/"
    past = f"?on={day}" if day != clock.today() else ""
    chart = chart_on(agency, day, lambda pk: f"{groups}{pk}/{past}", lambda pk: f"{units}{pk}/")
    return chart, draw(chart.leaders, chart.leading, chart.offices, chart.groups, LABELS)


def _name(agency: Unit, day: date) -> str:
    return f"{agency}创建工作四级联动图（{said(day)}）"


@require_safe
def group_chart(request: HttpRequest) -> HttpResponse:
    agency = agency_of(request)
    day, wrong = day_of(request)
    chart, picture = _drawn(agency, day)
    levels = list(zip(LABELS, (chart.leaders, chart.leading, chart.offices, chart.groups), strict=False))
    context = {
        "agency": agency, "day": day, "today": clock.today(), "wrong": wrong, "chart": chart, "picture": picture,
        "name": _name(agency, day), "levels": levels, "file_url": f"{reverse('group_chart_svg')}?agency={agency.pk}&on={day}",
        "crumbs": [("工作组", f"{reverse('groups')}?agency={agency.pk}"), ("四级联动图", "")],
    }  # fmt: skip
    return page(request, "org/chart.html", context)


@require_safe
def group_chart_svg(request: HttpRequest) -> HttpResponse:
    agency = agency_of(request)
    day, _ = day_of(request)
    _, picture = _drawn(agency, day)
    name = _name(agency, day)
    drawn = render_to_string("org/chart.svg", {"picture": picture, "name": name, "file": True})
    return attachment(drawn.encode(), f"{name}.svg", "image/svg+xml")
