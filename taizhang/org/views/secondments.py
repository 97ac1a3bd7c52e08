"""抽调: begin, change, end. What then happens to the work at home is chosen on the ledger's page of handing over."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from taizhang.kit import clock
from taizhang.kit.htmx import page

from .. import actions
from ..forms import SecondmentForm
from ..models import Secondment
from ..queries import people_for
from .common import attempt, form_keys, need, person_or_404


@require_http_methods(["GET", "POST"])
def person_second(request: HttpRequest, pk: int) -> HttpResponse:
    found = person_or_404(request, pk)
    need(request, "org.second", found)
    form = SecondmentForm(
        found.agency, request.POST or None, initial={"share": 100, "starts_on": clock.today().isoformat()}
    )
    made, status = attempt(
        request, form, lambda: actions.second(found, **form.cleaned_data, **form_keys(request))
    )
    if made is not None:
        words = f"已抽调“{found.name}”到“{made.unit or made.group}”，原处室保留。下面可以把名下的事项交出去。"
        if made.group_id:
            words += f"还要在“{made.group}”里给他定组内职务，职责才会跟上。"
        messages.success(request, words)
        return redirect(f"{reverse('handover', args=[found.pk])}?for=second")
    back = reverse("person", args=[found.pk])
    context = {
        "form": form, "unit": found, "title": f"抽调 {found.name}", "save": "抽调", "back": back, "wide": True,
        "crumbs": [("人员", reverse("people")), (found.name, back), ("抽调", "")],
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


def _found(request: HttpRequest, pk: int) -> Secondment:
    rows = Secondment.objects.select_related("person__agency", "unit", "group")
    return get_object_or_404(rows, pk=pk, person__in=people_for(request.user))


@require_http_methods(["GET", "POST"])
def secondment_change(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    need(request, "org.change_secondment", found)
    names = ("share", "starts_on", "ends_on", "reason")
    start = {name: getattr(found, name) for name in names}
    form = SecondmentForm(found.person.agency, request.POST or None, initial=start, placed=True)
    made, status = attempt(
        request, form, lambda: actions.change_secondment(found, **form.cleaned_data, **form_keys(request))
    )
    if made is not None:
        messages.success(request, "抽调已改。")
        return redirect("person", found.person_id)
    back = reverse("person", args=[found.person_id])
    context = {
        "form": form, "unit": found, "title": f"改抽调：{found.person.name} 到 {found.unit or found.group}", "save": "保存修改",
        "back": back, "wide": True, "crumbs": [("人员", reverse("people")), (found.person.name, back), ("改抽调", "")],
    }  # fmt: skip
    return page(request, "org/form.html", context, status=status)


@require_POST
def secondment_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    person_pk, words = found.person_id, f"{found.person.name} 到 {found.unit or found.group}"
    actions.end_secondment(found, **form_keys(request))
    messages.success(request, f"已结束抽调：{words}，今天起回原处室。")
    return redirect("person", person_pk)
