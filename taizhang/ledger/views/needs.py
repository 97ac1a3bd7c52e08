"""材料要求: what evidence an item asks for, as the office sets it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.action import ACTIONS, permitted
from taizhang.standards.rules.needs import KINDS

from .. import actions
from ..forms.items import NeedForm
from ..models import Item, Need
from ..queries.scope import items_for
from ..rules.needs_met import FIELD_WORDS
from .face import prefix
from .show import crumbs, find_item, item_url, keys, typed_in


def find_need(request: HttpRequest, pk: int) -> Need:
    found = Need.objects.filter(pk=pk, item__in=items_for(request.user)).select_related("item__unit").first()
    if found is None:
        raise Http404
    return found


@require_GET
def needs(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find_item(request, pk), NeedForm())


@require_http_methods(["GET", "POST"])
def need_add(request: HttpRequest, pk: int) -> HttpResponse:
    item = find_item(request, pk)
    form = NeedForm(typed_in(request))
    refusal: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_need(item, by=request.user, once=request.POST.get("once", "")[:64], **form.cleaned())
        except NotPermitted:
            raise
        except Refused as found:
            refusal = found
        else:
            return redirect(reverse("needs", args=[pk]))
    return show(request, item, form, refusal=refusal)


@require_http_methods(["GET", "POST"])
def need_change(request: HttpRequest, pk: int) -> HttpResponse:
    need = find_need(request, pk)
    initial = {
        "name": need.name, "kind": need.kind, "least": need.least, "must": need.must, "doc_no": need.doc_no, "fields_asked": need.fields,
    }  # fmt: skip
    form = NeedForm(typed_in(request), initial=initial)
    refusal: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_need(need, by=request.user, **keys(request), **form.cleaned())
        except NotPermitted:
            raise
        except Refused as found:
            refusal = found
        else:
            return redirect(reverse("needs", args=[need.item_id]))
    return show(request, find_item(request, need.item_id), form, need=need, refusal=refusal)


@require_POST
def need_drop(request: HttpRequest, pk: int) -> HttpResponse:
    need = find_need(request, pk)
    try:
        actions.drop_need(need, by=request.user, once=request.POST.get("once", "")[:64])
    except NotPermitted:
        raise
    except Refused as refusal:
        return show(request, find_item(request, need.item_id), NeedForm(), refusal=refusal)
    return redirect(reverse("needs", args=[need.item_id]))


def show(
    request: HttpRequest,
    item: Item,
    form: NeedForm,
    *,
    need: Need | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    if not permitted(request.user, ACTIONS["ledger.add_need"], item):
        raise NotPermitted("材料要求由创建办改。需要调整的，请在事项页留言。")
    change, drop = prefix("need_change"), prefix("need_drop")
    rows: list[dict[str, Any]] = [
        {
            "name": one.name, "kind_label": KINDS.get(one.kind, "材料"), "least": one.least, "must": one.must, "doc_no": one.doc_no,
            "fields_text": "、".join(FIELD_WORDS[name] for name in one.fields if name in FIELD_WORDS) or "—",
            "change_url": change(one.pk), "drop_url": drop(one.pk),
        }
        for one in Need.objects.filter(item=item).order_by("order", "pk")
    ]  # fmt: skip
    context = {
        "item": item, "needs": rows, "form": form, "subject": need, "refusal": refusal, "crumbs": crumbs(item, ("材料要求", "")),
        "form_title": f"修改“{need.name}”" if need else "加一项要求", "button": "存好" if need else "加上",
        "form_url": reverse("need_change", args=[need.pk]) if need else reverse("need_add", args=[item.pk]),
        "back": reverse("needs", args=[item.pk]) if need else item_url(item.pk),
    }  # fmt: skip
    return render(
        request,
        "ledger/needs.html",
        context,
        status=refusal.status if refusal else 422 if form.errors else 200,
    )
