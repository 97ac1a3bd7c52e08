"""Working groups: the list, one group, duties."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.htmx import page

from .. import actions
from ..forms import DutyForm
from ..models import Cover, Duty, Group, Rhythm
from ..models.groups import GroupKind
from ..permits import Permit, Role
from ..queries import may, units_for
from ..queries.roster import alive
from .common import agency_of, form_keys, need, tell

CHIEFS = ("组长", "主任", "负责人")


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    agency, today = agency_of(request), clock.today()
    found = (
        Group.objects.filter(alive(today), unit=agency)
        .annotate(count=Count("duties__person", filter=alive(today, "duties__"), distinct=True))
        .order_by("order", "pk")
    )
    chiefs: dict[int, list[str]] = {}
    for group, name in (
        Duty.objects.filter(alive(today), group__unit=agency, duty__in=CHIEFS)
        .order_by("order")
        .values_list("group_id", "person__name")
    ):
        chiefs.setdefault(group, []).append(name)
    covers: dict[int, list[str]] = {}
    areas: dict[int, list[str]] = {}
    for group, unit, area in (
        Cover.objects.filter(group__unit=agency)
        .order_by("pk")
        .values_list("group_id", "unit__name", "area_code")
    ):
        (areas if area else covers).setdefault(group, []).append(area or unit)
    rows = [
        (
            group.pk, group.name, GroupKind(group.kind).label, "、".join(chiefs.get(group.pk, ())), group.count,
            "、".join(covers.get(group.pk, ())), "、".join(areas.get(group.pk, ())),
        )
        for group in found
    ]  # fmt: skip
    context = {
        "agency": agency, "rows": rows, "url": reverse("groups"),
        "rhythms": list(Rhythm.objects.filter(unit=agency)), "edit": may(request.user, Permit.ORG_EDIT, agency),
    }  # fmt: skip
    return page(request, "org/groups.html", context)


def _group_or_404(request: HttpRequest, pk: int) -> Group:
    return get_object_or_404(
        Group.objects.select_related("unit", "office"), pk=pk, unit__in=units_for(request.user)
    )


@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    return _group_page(request, _group_or_404(request, pk))


def _group_page(request: HttpRequest, found: Group, form: Any = None, status: int = 200) -> HttpResponse:
    today = clock.today()
    duties = (
        Duty.objects.filter(alive(today), group=found)
        .order_by("order", "pk")
        .values_list(
            "pk",
            "duty",
            "task",
            "starts_on",
            "person_id",
            "person__staff_no",
            "person__name",
            "person__title",
        )
    )
    posts: dict[int, list[str]] = {}
    for person, role in found.posts.filter(alive(today)).order_by("pk").values_list("person_id", "role"):
        posts.setdefault(person, []).append(Role(role).label)
    open_ = not (found.ends_on and found.ends_on < today)
    context = {
        "group": found, "kind": GroupKind(found.kind),
        "rows": [(*row, "、".join(dict.fromkeys(posts.get(row[4], ())))) for row in duties],
        "covers": list(Cover.objects.filter(Q(group=found)).select_related("unit").order_by("pk")),
        "form": form or DutyForm(found.unit, found.kind), "edit": open_ and may(request.user, Permit.ORG_EDIT, found.unit),
        "person_url": reverse("people"), "unit_url": reverse("org") + "unit/", "open": open_,
        "duty_url": reverse("org") + "duties/",
        "crumbs": [("工作组", reverse("groups")), (found.name, "")],
    }  # fmt: skip
    return page(request, "org/group.html", context, status=status)


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
