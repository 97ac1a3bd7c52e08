"""The tree of units, one unit, the table of permits."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import Refused
from taizhang.kit.htmx import page

from .. import actions
from ..forms import RenameForm, UnitForm
from ..models import Cover, FormerName, Group, Membership, Post, Unit
from ..models.units import UnitKind
from ..permits import GRANTS, Permit, Role
from ..queries import agencies_for, may, units_for
from ..queries.roster import alive, on_day
from ..queries.units import tree
from .common import agency_of, attempt, form_keys, need, unit_or_404


@require_safe
def org(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    agencies = agencies_for(request.user)
    if not agencies:
        return page(request, "org/org.html", {"none": True})
    if len(agencies) > 1 and "agency" not in request.GET and getattr(request.user, "person", None):
        person = request.user.person  # type: ignore[union-attr]
        if person.agency_id not in {unit.pk for unit in agencies}:
            counts = dict(
                Unit.objects.filter(pk__in=[unit.pk for unit in agencies])
                .annotate(count=Count("people", filter=Q(people__left_on__isnull=True)))
                .values_list("pk", "count")
            )
            rows = [
                (unit.pk, unit.name, unit.parent_name, counts[unit.pk]) for unit in _with_parents(agencies)
            ]
            return page(request, "org/agencies.html", {"rows": rows, "url": reverse("org")})
    agency = agency_of(request)
    found = tree(agency, today)
    kinds = [row.kind for row in found.rows]
    words = request.GET.get("q", "").strip()
    rows = [row for row in found.rows if not words or words in row.name or words in row.answers_to]
    people = reverse("people")
    more = f"agency={agency.pk}"
    counts_bar = [
        {"label": "人员", "n": found.people, "url": f"{people}?{more}"},
        {"label": "处室", "n": kinds.count("处室") + _manned_bodies(found.rows)},
        {"label": "党支部", "n": kinds.count("党支部")},
        {"label": "工作组", "n": Group.objects.filter(alive(today), unit=agency).count(),
         "url": f"{reverse('groups')}?{more}"},
        {"label": "已开通账号", "n": found.accounts, "url": f"{people}?{more}&account=yes"},
    ]  # fmt: skip
    context = {
        "agency": agency, "agencies": agencies if len(agencies) > 1 else [], "rows": rows, "counts": counts_bar,
        "q": words, "unit_url": reverse("org") + "unit/", "edit": may(request.user, Permit.ORG_EDIT, agency),
        "empty": found.people == 0,
    }  # fmt: skip
    return page(request, "org/org.html", context)


def _manned_bodies(rows: list[Any]) -> int:
    """机关党委 is a 处室 too where people work in it."""
    return sum(row.kind == "机关党委" and row.people > 0 for row in rows)


def _with_parents(agencies: list[Unit]) -> list[Any]:
    names = dict(Unit.objects.filter(pk__in=[unit.parent_id for unit in agencies]).values_list("pk", "name"))
    for unit in agencies:
        unit.parent_name = names.get(unit.parent_id, "")  # type: ignore[attr-defined]
    return agencies


@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    found = unit_or_404(request, pk)
    today = clock.today()
    people = (
        Membership.objects.filter(on_day(today), unit=found, person__left_on__isnull=True)
        .order_by("person__order")
        .values_list(
            "person_id", "person__staff_no", "person__name", "person__title", "duty", "person__presence"
        )
    )
    posts = (
        Post.objects.filter(on_day(today), unit=found)
        .exclude(role=Role.MEMBER)
        .select_related("person", "group")
        .order_by("pk")
    )
    order = {role: number for number, role in enumerate(Role)}
    held = sorted(posts, key=lambda post: order[Role(post.role)])
    below = Unit.objects.filter(alive(today), parent=found).annotate(
        count=Count("memberships", filter=on_day(today, "memberships__"))
    )
    covers = Cover.objects.filter(alive(today, "group__"), unit=found).select_related("group")
    served = Unit.objects.filter(alive(today), branch=found) if found.kind == UnitKind.BRANCH else []
    context = {
        "unit": found, "kind": UnitKind(found.kind), "people": list(people), "posts": held, "below": list(below),
        "former": list(found.former_names.order_by("-until")), "merged_from": list(found.merged_from.order_by("pk")),
        "covers": list(covers), "served": list(served), "person_url": reverse("people"),
        "unit_url": reverse("org") + "unit/", "crumbs": _crumbs(found),
        "edit": found.agency_id is not None and may(request.user, Permit.ORG_EDIT, found)
        and not (found.ends_on and found.ends_on < today),
        "may_end": found.kind not in (UnitKind.REGION, UnitKind.AGENCY),
    }  # fmt: skip
    return page(request, "org/unit.html", context)


def _crumbs(found: Unit, last: str = "") -> list[tuple[str, str]]:
    """From the agency down to the unit."""
    url = reverse("org")
    way = [("组织机构", url)]
    ids = [int(part) for part in found.path.strip("/").split("/")]
    names = dict(Unit.objects.filter(pk__in=ids).exclude(kind=UnitKind.REGION).values_list("pk", "name"))
    way += [(names[pk], f"{url}unit/{pk}/" if pk != found.pk or last else "") for pk in ids if pk in names]
    return [*way, (last, "")] if last else way


@require_http_methods(["GET", "POST"])
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = unit_or_404(request, pk)
    need(request, "org.change_unit", found)
    if found.agency is None:
        raise Refused("地区的名称请用命令行修改。")
    start = {name: getattr(found, name) for name in ("name", "short_name", "answers_to", "branch", "leader")}
    form = UnitForm(found.agency, request.POST or None, initial=start, new=False)
    made, status = attempt(
        request, form, lambda: actions.change_unit(found, **form.cleaned_data, **form_keys(request))
    )
    if made is not None:
        messages.success(request, f"“{form.cleaned_data['name']}”已保存。")
        return redirect("unit", found.pk)
    context = {
        "form": form, "unit": found, "crumbs": _crumbs(found, "修改"), "title": f"修改 {found.name}",
        "save": "保存修改", "back": reverse("unit", args=[found.pk]),
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def unit_add(request: HttpRequest, pk: int) -> HttpResponse:
    parent = unit_or_404(request, pk)
    need(request, "org.add_unit", parent)
    if parent.agency is None:
        raise Refused("处室只能设在机关之内。请先选一个机关。")
    form = UnitForm(parent.agency, request.POST or None)
    made, status = attempt(
        request, form, lambda: actions.add_unit(parent, **form.cleaned_data, **form_keys(request))
    )
    if made is not None:
        messages.success(request, f"已增设“{made.name}”。")
        return redirect("unit", made.pk)
    context = {
        "form": form, "unit": parent, "crumbs": _crumbs(parent, "增设单位"), "title": f"在“{parent}”下增设单位",
        "save": "增设", "back": reverse("unit", args=[parent.pk]),
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def unit_rename(request: HttpRequest, pk: int) -> HttpResponse:
    """更名 from a day on; a slip of the pen is mended by 修改 instead."""
    found = unit_or_404(request, pk)
    need(request, "org.rename_unit", found)
    start = {"starts_on": clock.today().isoformat(), "short_name": found.short_name}
    form = RenameForm(request.POST or None, initial=start)
    was = found.name
    made, status = attempt(
        request, form, lambda: actions.rename_unit(found, **form.cleaned_data, **form_keys(request))
    )
    if made is not None:
        messages.success(
            request, f"“{was}”从 {form.cleaned_data['starts_on']} 起更名为“{form.cleaned_data['name']}”。"
        )
        return redirect("unit", found.pk)
    context = {
        "form": form, "unit": found, "crumbs": _crumbs(found, "更名"), "title": f"{found.name} 更名", "save": "更名",
        "seen": True, "back": reverse("unit", args=[found.pk]),
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


@require_POST
def rename_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    former = get_object_or_404(
        FormerName.objects.select_related("unit__agency"), pk=pk, unit__in=units_for(request.user)
    )
    unit = actions.withdraw_rename(former, **form_keys(request))
    messages.success(request, f"已撤回更名，现名“{unit.name}”。")
    return redirect("unit", unit.pk)


@require_safe
def permits(request: HttpRequest) -> HttpResponse:
    rows = [(permit.label, [permit in GRANTS[role] for role in Role]) for permit in Permit]
    return page(request, "org/permits.html", {"roles": [role.label for role in Role], "rows": rows})
