"""Working groups: the list, one group, on any day; its history; single duties."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.htmx import page

from .. import actions
from ..forms import DutyForm
from ..models import Adjustment, Duty, Group, Rhythm
from ..models.groups import GroupKind
from ..permits import Permit
from ..queries import may, units_for
from ..queries.groups import (
    Covered,
    adjustments_of,
    as_members,
    coming,
    covers_on,
    groups_for,
    members_on,
    names_then,
    singles_of,
    teams_on,
)
from ..rules.adjusting import compare
from .common import agency_of, day_of, form_keys, need, tell

CHIEFS = ("组长", "主任", "负责人")
LATEST = 3


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    agency, today = agency_of(request), clock.today()
    day, wrong = day_of(request)
    url = reverse("groups")
    past = f"?on={day}" if day != today else ""
    rows = [
        (
            f"{url}{team.pk}/{past}", team.name, GroupKind(team.kind).label,
            "、".join(name for duty, names in team.duties if duty in CHIEFS for name in names), team.people,
            "、".join(name for _, name in team.covered.units), "、".join(team.covered.areas),
        )
        for team in teams_on(agency, day)
    ]  # fmt: skip
    context = {
        "agency": agency, "rows": rows, "day": day, "today": today, "wrong": wrong,
        "rhythms": list(Rhythm.objects.filter(unit=agency)) if day == today else [],
        "edit": may(request.user, Permit.ORG_EDIT, agency),
    }  # fmt: skip
    return page(request, "org/groups.html", context)


def _group_or_404(request: HttpRequest, pk: int) -> Group:
    return get_object_or_404(groups_for(request.user), pk=pk)


@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    return _group_page(request, _group_or_404(request, pk))


def _group_page(request: HttpRequest, found: Group, form: Any = None, status: int = 200) -> HttpResponse:
    today = clock.today()
    day, wrong = day_of(request)
    open_ = not (found.ends_on and found.ends_on < today)
    now = day == today
    done = history(found, today)
    context = {
        "group": found, "kind": GroupKind(found.kind), "day": day, "today": today, "now": now, "wrong": wrong,
        "rows": members_on(found, day, today), "coming": coming(found, today) if now else [],
        "covered": covers_on(found.unit, day).get(found.pk, Covered()),
        "office_name": names_then(found.unit_id, day).get(found.office_id or 0, str(found.office or "")),
        "adjustments": done[:LATEST], "more": len(done) - LATEST,
        "form": form or DutyForm(found.unit, found.kind),
        "edit": open_ and now and may(request.user, Permit.ORG_EDIT, found.unit),
        "person_url": reverse("people"), "unit_url": reverse("org") + "unit/", "open": open_,
        "unborn": day < found.starts_on, "duty_url": reverse("org") + "duties/", "adjustment_url": reverse("org") + "adjustments/",
        "crumbs": [("工作组", reverse("groups")), (found.name, "")],
    }  # fmt: skip
    return page(request, "org/group.html", context, status=status)


@dataclass(frozen=True)
class Told:
    """What changed on a day in words: (kind, sentence) for each change. `planned`: it has not taken effect.

    `row` is None where people came and went one by one, without an adjustment.
    """

    row: Adjustment | None
    on: date
    planned: bool
    lines: tuple[tuple[str, str], ...]


def adjustment_words(one: Adjustment, today: date) -> Told:
    lines = []
    for change in one.changes:
        if change["kind"] == "cover":
            lines.append(("范围", f"由“{change['was']}”改为“{change['now']}”"))
            continue
        task = f"（{change['task']}）" if change["task"] else ""
        if change["kind"] == "come":
            lines.append(("进", f"{change['name']} 任{change['duty']}{task}"))
        elif change["kind"] == "go":
            lines.append(("出", f"{change['name']} 不再任{change['duty']}"))
        elif change["was"] == change["duty"]:
            lines.append(("改", f"{change['name']} 职责分工改为“{change['task'] or '无'}”"))
        else:
            lines.append(("改", f"{change['name']} 由{change['was']}改任{change['duty']}{task}"))
    return Told(one, one.effective_on, one.effective_on > today, tuple(lines))


def history(group: Group, today: date) -> list[Told]:
    """All that changed in GROUP, the newest first: adjustments, and people who came and went one by one. Two queries."""
    done = adjustments_of(group)
    told = [adjustment_words(one, today) for one in done]
    days: dict[date, list[tuple[str, str]]] = {}
    for one in singles_of(group, done):
        come = one.kind == "come"
        line = ("进" if come else "出", f"{one.name} {'任' if come else '不再任'}{one.duty}")
        days.setdefault(one.on, []).append(line)
    told += [Told(None, day, day > today, tuple(lines)) for day, lines in days.items()]
    return sorted(told, key=lambda one: one.on, reverse=True)


@require_safe
def group_history(request: HttpRequest, pk: int) -> HttpResponse:
    """All adjustments, and the group on two days side by side."""
    found = _group_or_404(request, pk)
    today = clock.today()
    last, wrong_last = day_of(request, "last")
    first, wrong_first = day_of(request, "first", last.replace(month=1, day=1))
    if first > last:
        first, last = last, first
    before, after = members_on(found, first), members_on(found, last)
    adjustments = history(found, today)
    context = {
        "group": found, "first": first, "last": last, "wrong": wrong_first or wrong_last,
        "found": compare(as_members(before), as_members(after)), "n_before": len({row.person for row in before}),
        "n_after": len({row.person for row in after}), "adjustments": adjustments, "today": today,
        "edit": may(request.user, Permit.ORG_EDIT, found.unit), "adjustment_url": reverse("org") + "adjustments/",
        "crumbs": [("工作组", reverse("groups")), (found.name, reverse("group", args=[found.pk])), ("历次调整", "")],
    }  # fmt: skip
    return page(request, "org/group_history.html", context)


@require_POST
def duty_give(request: HttpRequest, pk: int) -> HttpResponse:
    found = _group_or_404(request, pk)
    need(request, "org.give_duty", found)
    form = DutyForm(found.unit, found.kind, request.POST)
    if not form.is_valid():
        return _group_page(request, found, form, 400)
    try:
        made = actions.give_duty(found, **form.cleaned_data, **form_keys(request))
    except Refused as refusal:
        return _group_page(request, found, form, tell(form, refusal))
    messages.success(request, f"“{made.person.name}”已任{made.duty}。")
    return redirect("group", found.pk)


@require_POST
def duty_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = Duty.objects.select_related("group__unit", "group__office", "person")
    duty = get_object_or_404(found, pk=pk, group__unit__in=units_for(request.user))
    words, group_pk = f"{duty.person.name} {duty.duty}", duty.group_id
    actions.end_duty(duty, **form_keys(request))
    messages.success(request, f"已结束：{words}，相应职责同时收回。")
    return redirect("group", group_pk)


@require_POST
def group_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = _group_or_404(request, pk)
    name = found.name
    actions.end_group(found, **form_keys(request))
    messages.success(request, f"“{name}”已撤销，组内职务和职责同时结束。")
    return redirect("groups")
