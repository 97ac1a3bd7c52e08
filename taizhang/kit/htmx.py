"""A page and its parts live in one template; an htmx request gets the part only."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(
    request: HttpRequest, template: str, context: dict[str, Any], part: str = "", status: int = 200
) -> HttpResponse:
    """Render TEMPLATE, or its partial PART when htmx asked; without JavaScript a POST answers with the page."""
    if part and getattr(request, "htmx", False):
        template = f"{template}#{part}"
    return render(request, template, context, status=status)
