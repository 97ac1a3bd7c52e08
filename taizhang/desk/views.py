"""工作台: what is due, late, returned or waiting for me, with the one button that moves it on."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import CHOSEN, current
from taizhang.campaigns.rules.states import YearState
from taizhang.evidence.queries import stopped_to_tell
from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.ledger import actions as ledger
from taizhang.ledger.queries import guest_number, years_for
from taizhang.org.permits import Permit
from taizhang.org.queries import may, may_anywhere
from taizhang.org.queries.away import own_absence

from . import queries

WEEKDAYS = "一二三四五六日"
AREA_TITLES = {number: f"{word}个方面" for number, word in enumerate("零一二三四五六七八九十")}
#: kind of thing → the verb that passes many of them
PASS = {"slots": ("accept", "期"), "items": ("sign", "项")}


def year_of(request: HttpRequest) -> Year | None:
    """The year that the frame shows, with its campaign and agency."""
    chosen = request.session.get(CHOSEN)
    now = current(request.user, clock.today(), chosen if isinstance(chosen, int) else None)
    return (
        years_for(request.user).select_related("campaign__unit").filter(pk=now.year_id).first()
        if now
        else None
    )


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    year, today = year_of(request), clock.today()
    context: dict[str, Any] = {
        "today": f"{today} 星期{WEEKDAYS[today.weekday()]}",
        "year": year,
        "guest": guest_number(request.user),
        "stopped": stopped_to_tell(request.user),
    }
    if year is None or year.state == YearState.PLANNED:
        start = queries.start_of(request.user)
        reaches = (
            years_for(request.user)
            .select_related("campaign__unit")
            .order_by("campaign__unit__path", "-year")[:50]
        )
        context |= {
            "start": start, "years": [] if year else reaches, "may_evidence": may_anywhere(request.user, Permit.EVIDENCE_ADD),
            "may_see": may_anywhere(request.user, Permit.LEDGER_VIEW), "may_open": bool(year and may(request.user, Permit.LEDGER_MANAGE, year.campaign.unit)),
        }  # fmt: skip
        return render(request, "desk/start.html", context)
    made, rail = queries.desk_of(request.user, year, today), queries.rail_of(request.user, year, today)
    ledger_url = f"{reverse('items')}?year={year.pk}"
    found = {group.key: group for group in made.groups}
    person = getattr(request.user, "person", None)
    context["away"] = own_absence(person, today) if person else None
    asks = queries.asks_on_desk(request.user, year, today)
    context |= {
        "groups": made.groups, "rail": rail, "ledger_url": ledger_url,
        "counts": [
            {"label": label, "n": found[key].total if key in found else 0, "url": f"#g-{key}" if key in found else ledger_url, "hot": hot}
            for key, label, hot in (
                ("returned", "退回给我", True), ("late", "逾期", True), ("near", "临近", False), ("review", "待我审核", False),
                ("sign", "待我签批", False), ("receive", "待签收", False), ("doing", "办理中", False),
            )
        ] + ([{"label": "待批申请", "n": asks.waiting, "url": f"{reverse('asks')}?year={year.pk}&view=mine"}] if asks.waiting else []),
        "answers": asks.answers, "ask_prefix": reverse("ask", args=[0])[:-2],
        "pairs": [rail.states[at : at + 2] for at in range(0, len(rail.states), 2)], "area_url": f"{ledger_url}&status=closed&area=",
        "area_title": AREA_TITLES.get(len(rail.areas), f"{len(rail.areas)} 个方面"),
        "item_prefix": reverse("item", args=[0])[:-2], "slot_prefix": reverse("slot_upload", args=[0])[: -len("0/upload/")],
        "may_evidence": may_anywhere(request.user, Permit.EVIDENCE_ADD), "share": f"{rail.closed / rail.total:.1%}" if rail.total else "0%",
    }  # fmt: skip
    return render(request, "desk/desk.html", context)


@require_POST
def desk_pass(request: HttpRequest, kind: str) -> HttpResponse:
    """整页通过: those of the page that wait for me and have all that is asked for, in one act that can be taken back."""
    year = get_object_or_404(
        years_for(request.user).select_related("campaign__unit"), pk=int_of(request.POST.get("year", ""))
    )
    verb, unit = PASS[kind]
    ids = queries.passable(request.user, year, kind, [int_of(text) for text in request.POST.getlist("ids")])
    if not ids:
        raise Refused("没有可以整页通过的：可能已经有人办过，或者材料不齐，请逐项看。")
    batch = ledger.bulk(year, by=request.user, once=request.POST.get("once", "")[:64], verb=verb, ids=ids)
    messages.success(request, f"已通过 {batch.count} {unit}。当天可以在“批量操作”里整批撤销。")
    for problem in batch.problems:
        messages.warning(request, f"没有通过：{problem}")
    return redirect("desk")


def int_of(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
