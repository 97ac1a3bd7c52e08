"""The page of a demo site that lists what is worth seeing, each in one click."""

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from .setting import cases_file


def demo_cases(request: HttpRequest) -> HttpResponse:
    """The cases in the order in which they were played; demo sites only."""
    if not settings.DEMO or not cases_file().exists():
        raise Http404
    cases = [(text, reverse("item", args=[item])) for text, item in json.loads(cases_file().read_text())]
    return render(request, "config/demo_cases.html", {"cases": cases})


urlpatterns = [path("demo/", demo_cases, name="demo_cases")]
