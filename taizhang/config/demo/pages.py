"""The page of a demo site that lists what is worth seeing, each in one click."""

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from .setting import AGENCY, cases_file

#: pages for those who hold a permit on the agency; the others are open to all its people
FOR: dict[str, Permit] = {
    "year_adopt": Permit.LEDGER_MANAGE, "draft": Permit.STANDARD_EDIT, "year_openings": Permit.LEDGER_MANAGE, "binding": Permit.BIND,
    "volume": Permit.ARCHIVE,
}  # fmt: skip


def demo_cases(request: HttpRequest) -> HttpResponse:
    """The cases in the order in which they were played; demo sites only."""
    if not settings.DEMO or not cases_file().exists():
        raise Http404
    told = json.loads(cases_file().read_text())
    agency = Unit.objects.filter(name=AGENCY, kind="agency").first()
    able = {name: agency is not None and may(request.user, permit, agency) for name, permit in FOR.items()}
    cases: list[tuple[str, Any]] = [
        (text, reverse(name, args=[pk]) if able.get(name, True) else "") for text, name, pk in told
    ]
    return render(request, "config/demo_cases.html", {"cases": cases})


urlpatterns = [path("demo/", demo_cases, name="demo_cases")]
