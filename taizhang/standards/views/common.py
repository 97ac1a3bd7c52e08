"""What the views of this app share."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@cache
def root() -> str:
    """The address of the list; everything of this app lies beneath it."""
    return reverse("standards")


def form_keys(request: HttpRequest) -> dict[str, Any]:
    """The hidden fields of a form that writes."""
    return {"by": request.user, "seen": request.POST.get("seen"), "once": request.POST.get("once", "")}


def part_of(request: HttpRequest, name: str) -> str:
    """The part of the page that htmx asked for. Going back in the browser wants the whole page again."""
    htmx = getattr(request, "htmx", None)
    return name if htmx and htmx.target == name and not htmx.history_restore_request else ""
