"""What the views of this app share."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from taizhang.kit import clock
from taizhang.kit.errors import Refused

from ..action import demand
from ..models import Person, Unit
from ..queries import agencies_for, people_for, units_for


def agency_of(request: HttpRequest) -> Unit:
    """The agency that a page is about: `?agency=` among those the person sees, or the first of them."""
    agencies = agencies_for(request.user)
    wanted = request.GET.get("agency", "")
    if wanted:
        found = next((unit for unit in agencies if str(unit.pk) == wanted), None)
    else:
        found = agencies[0] if agencies else None
    if found is None:
        raise Http404
    return found


def unit_or_404(request: HttpRequest, pk: int) -> Unit:
    units = units_for(request.user).select_related("agency", "parent", "branch", "leader")
    return get_object_or_404(units, pk=pk)


def person_or_404(request: HttpRequest, pk: int) -> Person:
    people = people_for(request.user).select_related("agency", "supervisor", "user")
    return get_object_or_404(people, pk=pk)


def need(request: HttpRequest, name: str, subject: Any) -> None:
    """The page belongs to those who may take the action NAME on SUBJECT; a forged post is noted."""
    demand(request.user, name, subject, noted=request.method == "POST")


def form_keys(request: HttpRequest) -> dict[str, Any]:
    """The hidden fields of a form that writes."""
    return {"by": request.user, "seen": request.POST.get("seen"), "once": request.POST.get("once", "")}


def attempt(request: HttpRequest, form: Any, act: Callable[[], Any]) -> tuple[Any, int]:
    """What ACT made of a posted form, else None; and the status to show the form with, what was typed still in it."""
    if request.method != "POST":
        return None, 200
    if not form.is_valid():
        return None, 400
    try:
        return act(), 200
    except Refused as refusal:
        return None, tell(form, refusal)


def tell(form: Any, refusal: Refused) -> int:
    """Put a refusal above the form, with what was typed still in it; returns the status."""
    form.add_error(None, refusal.message)
    return refusal.status


def day_of(request: HttpRequest, name: str = "on", else_: date | None = None) -> tuple[date, str]:
    """The day that `?on=2019-03-15` asks about, else ELSE_ or today; and what was typed if that is no day."""
    typed = request.GET.get(name, "").strip()
    try:
        return (date.fromisoformat(typed) if typed else else_ or clock.today()), ""
    except ValueError:
        return else_ or clock.today(), typed[:20]
