"""申请: asking from the item's page, the page of one ask with its answer, and the list of a year."""

from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.campaigns.models import Year
from taizhang.campaigns.rules.states import YearState
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.sending import attachment
from taizhang.org.action import ACTIONS, permitted

from .. import actions
from ..forms import asks as forms
from ..models import Ask, Item, Slot
from ..queries import filters
from ..queries.ask_words import AskRow, ask_row, rows_in
from ..queries.asks import (
    asks_for,
    counted,
    deciders_of,
    leads,
    open_slots_of,
    past_of,
    suspended_since,
    whys,
)
from ..rules.asks import MEANS, AskState, Kind
from ..sheets.asks import write_asks
from .asked import year_of
from .items import units_of
from .lists import bare
from .show import crumbs, done, facts_of, find_item, item_url, keys, number, typed_in

PAGE = 50
SAYS = {
    Kind.EXTENSION: "申请延期", Kind.DISPUTE: "提出异议", Kind.WAIVE: "申请不适用", Kind.SUSPEND: "申请中止",
}  # fmt: skip
EXPLAINS = {
    Kind.EXTENSION: "批复以前期限不变。批准后按新期限算，不记迟报。",
    Kind.DISPUTE: "批复以前仍由本处室办理。同意后事项和没报的期次转到新的牵头处室，已报的材料、签批都保留。",
    Kind.WAIVE: "批复以前照常办理。同意后本事项不计入总数和得分，理由写进台账。",
    Kind.SUSPEND: "批复以前照常办理。同意后不计逾期；能办了请创建办恢复办理，期限可以顺延。",
}  # fmt: skip


def kind_of(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
def item_ask(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Ask for KIND at an item, or, an extension, for one of its periods."""
    asked, found, today = kind_of(kind), find_item(request, pk), clock.today()
    slots = open_slots_of(found.pk)
    open_to = whys(request.user, found, today, slots, past_of(pk), {slot.performer for slot in slots})
    if asked not in open_to:
        raise NotPermitted("只有牵头处室（延期也可以是报这一期的单位）的人员可以申请。有意见请在事项页留言。")
    if request.method == "GET" and open_to[asked]:
        messages.error(request, open_to[asked])
        return redirect(item_url(pk, number(request.GET.get("slot", ""))))
    targets = targets_of(request, found, slots) if asked == Kind.EXTENSION else []
    wanted = request.GET.get("slot", "")
    initial = {"slot": wanted if wanted in dict(targets) else targets[0][0] if targets else ""}
    form = forms.Ask(typed_in(request), kind=asked, targets=targets, units=units_of(found), initial=initial)
    refusal: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _ask(request, found, asked, targets, dict(form.cleaned_data))
        except NotPermitted:
            raise
        except Refused as why:
            refusal = why
        else:
            return done(request, f"已{SAYS[asked]}，等待批复。", pk)
    facts = facts_of(found)
    if len(targets) == 1:
        facts.append(targets[0][1])
    context = {
        "title": SAYS[asked], "item": found, "subject": found, "form": form, "button": "提交申请", "explain": EXPLAINS[asked],
        "tone": "info", "refusal": refusal, "facts": facts, "crumbs": crumbs(found, (SAYS[asked], "")), "back": item_url(pk),
    }  # fmt: skip
    status = refusal.status if refusal else 422 if form.is_bound and form.errors else 200
    return render(request, "ledger/verb.html", context, status=status)


def targets_of(request: HttpRequest, found: Item, slots: list[Slot]) -> list[tuple[str, str]]:
    """What an extension may be for: the whole item where one period is open, else one of the reader's periods."""
    today, lead = clock.today(), leads(request.user, found)
    mine = [
        slot
        for slot in slots
        if slot.due_on >= today and (lead or permitted(request.user, ACTIONS["ledger.ask_slot"], _at(slot, found)))
    ]  # fmt: skip
    single = [(str(slot.pk), f"{_whose(slot, found)}（期限 {slot.due_on}）") for slot in mine]
    if lead and slots and len({(slot.starts_on, slot.nth) for slot in slots}) == 1:
        last = max(slot.due_on for slot in slots)
        whole = ("", f"本事项（期限 {last}）" if len(slots) == 1 else f"全部单位（期限 {last}）")
        return [whole] if len(slots) == 1 else [whole, *single]
    return single


def _at(slot: Slot, found: Item) -> Slot:
    slot.item = found
    return slot


def _whose(slot: Slot, found: Item) -> str:
    return slot.label if slot.performer_id == found.lead_id else f"{slot.performer} {slot.label}"


def _ask(
    request: HttpRequest, found: Item, kind: Kind, targets: list[tuple[str, str]], typed: dict[str, Any]
) -> None:
    """Take the action: at the slot that was chosen (or the only one there is), else at the item."""
    chosen = typed.pop("slot", "") or (targets[0][0] if len(targets) == 1 else "")
    if kind == Kind.EXTENSION and chosen:
        slot = get_object_or_404(
            Slot.objects.filter(item=found).select_related("performer", "item__lead", "item__unit", "item__year"),
            pk=int(chosen),
        )  # fmt: skip
        # the form showed the item's version: what was typed about it must still hold
        actions.ask_slot(slot, by=request.user, once=keys(request)["once"], **typed)
        return
    if found.lead is None:
        raise Refused(f"{found.no}还没有牵头处室，不能申请。")
    actions.ask(found, by=request.user, kind=kind, **keys(request), **typed)


# ---- one ask


def find_ask(request: HttpRequest, pk: int) -> Ask:
    found: Ask = get_object_or_404(asks_for(request.user), pk=pk)
    return found


@require_safe
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find_ask(request, pk))


def show(
    request: HttpRequest, found: Ask, refusal: Refused | None = None, form: forms.Answer | None = None
) -> HttpResponse:
    """What was asked for and what came of it; for those who may answer, the form."""
    user, item = request.user, found.item
    person = getattr(user, "person", None)
    waits = found.state == AskState.OPEN
    deciders = deciders_of(found) if waits else None
    row = ask_row(found, deciders, person)
    answer = form or forms.Answer(
        kind=found.kind, units=units_of(item), initial={"due_on": found.wanted_on, "lead": found.wanted_lead_id}
    )  # fmt: skip
    context = {
        "ask": found, "row": row, "item": item, "item_url": item_url(item.pk, found.slot_id), "refusal": refusal, "note": deciders.note if deciders else "",
        "form": answer if waits and row.mine and permitted(user, ACTIONS["ledger.grant"], found) else None,
        "may_withdraw": waits and permitted(user, ACTIONS["ledger.withdraw_ask"], found),
        "means": MEANS[Kind(found.kind)], "today": clock.today(), "person": item.person, "light_due": item.due_on,
        "crumbs": crumbs(item, (f"{row.kind_label}申请", "")),
    }  # fmt: skip
    return render(request, "ledger/ask.html", context, status=refusal.status if refusal else 200)


@require_POST
def ask_grant(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, find_ask(request, pk), "grant")


@require_POST
def ask_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, find_ask(request, pk), "refuse")


def _answer(request: HttpRequest, found: Ask, verb: str) -> HttpResponse:
    """Agree, or do not; refused, the page comes back with what was typed."""
    act = actions.grant if verb == "grant" else actions.refuse
    if not permitted(request.user, act.action, found):  # type: ignore[attr-defined]
        raise NotPermitted("你没有批复这件申请的权限。如确需办理，请联系创建办。")
    form = forms.Answer(request.POST, kind=found.kind, units=units_of(found.item))
    if verb == "refuse":  # the date or the lead of a form is no matter to who does not agree
        form.fields.pop("due_on", None)
        form.fields.pop("lead", None)
    if not form.is_valid():
        whole = forms.Answer(request.POST, kind=found.kind, units=units_of(found.item))
        return show(request, found, Refused(_first(whole)), whole)
    try:
        act(found, by=request.user, **keys(request), **form.cleaned_data)
    except NotPermitted:
        raise
    except Refused as refusal:
        whole = forms.Answer(request.POST, kind=found.kind, units=units_of(found.item))
        return show(request, find_ask(request, found.pk), refusal, whole)
    messages.success(
        request, f"已批复：{AskState.GRANTED.label if verb == 'grant' else AskState.REFUSED.label}。"
    )
    return redirect("ask", found.pk)


def _first(form: forms.Answer) -> str:
    return next((str(error) for errors in form.errors.values() for error in errors), "请检查填写的内容。")


@require_POST
def ask_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_ask(request, pk)
    try:
        actions.withdraw_ask(found, by=request.user, **keys(request))
    except NotPermitted:
        raise
    except Refused as refusal:
        return show(request, find_ask(request, pk), refusal)
    return done(request, f"已撤回{Kind(found.kind).label}申请。", found.item_id, found.slot_id)


@require_http_methods(["GET", "POST"])
def item_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with what was stopped; the dates may be put off by the days of the stop."""
    found = find_item(request, pk)
    if not permitted(request.user, ACTIONS["ledger.resume"], found):
        raise NotPermitted("你没有“恢复办理”的权限。如确需办理，请联系创建办。")
    since = suspended_since(found)
    days = (clock.today() - since).days if since else 0
    form = forms.Resume(typed_in(request), initial={"shift": days > 0})
    refusal: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.resume(found, by=request.user, **keys(request), **form.cleaned_data)
        except Refused as why:
            refusal = why
        else:
            told = f"，没报的期次已顺延 {days} 天" if form.cleaned_data["shift"] and days else ""
            return done(request, f"已恢复办理{told}。", pk)
    late = [slot for slot in open_slots_of(pk) if since and slot.due_on >= since]
    if days and late:
        form.fields[
            "shift"
        ].help_text = f"中止了 {days} 天；{len(late)} 期没报的期限各往后推 {days} 天，最晚到年度结束。"
    else:
        del form.fields["shift"]
    context = {
        "title": "恢复办理", "item": found, "subject": found, "form": form, "button": "恢复办理", "tone": "info", "refusal": refusal,
        "explain": f"自 {since} 起中止。原因：{found.reason}" if since else "", "facts": facts_of(found),
        "crumbs": crumbs(found, ("恢复办理", "")), "back": item_url(pk),
    }  # fmt: skip
    return render(request, "ledger/verb.html", context, status=refusal.status if refusal else 200)


# ---- the list of a year


def _asked_for(request: HttpRequest, rows: list[AskRow]) -> tuple[dict[str, str], list[AskRow]]:
    """The conditions of the address that mean something, and the rows that they let pass."""
    allowed = {
        "view": {"mine"}, "kind": {kind.value for kind in Kind}, "state": {state.value for state in AskState},
        "unit": {row.unit for row in rows},
    }  # fmt: skip
    asked = {
        name: value
        for name, values in allowed.items()
        if (value := request.GET.get(name, "")) in values and value
    }
    kept = [
        row
        for row in rows
        if ("view" not in asked or row.mine)
        and all(getattr(row, name) == asked[name] for name in ("kind", "state", "unit") if name in asked)
    ]
    return asked, kept


def _year(request: HttpRequest) -> Year | None:
    year = year_of(request, filters.read(request.GET.dict()))
    return None if year is None or year.state == YearState.PLANNED else year


@require_safe
def asks(request: HttpRequest) -> HttpResponse:
    """The asks of a year: what waits for the reader, or all of it, counted by department."""
    year = _year(request)
    if year is None:
        return bare(request, year_of(request, filters.read(request.GET.dict())), "申请")
    every = rows_in(request.user, year)
    asked, rows = _asked_for(request, every)
    sums = counted((row.unit, row.kind, row.state) for row in every)
    base = f"?year={year.pk}"

    def address(**more: str) -> str:
        return base + "".join(f"&{name}={quote(value)}" for name, value in more.items() if value)

    mine = sum(row.mine for row in every)
    context = {
        "year": year, "page": Paginator(rows, PAGE).get_page(request.GET.get("page")), "asked": asked, "total": len(every),
        "views": [(address(**(asked | {"view": ""})), "全部", len(every), "view" not in asked),
                  (address(**(asked | {"view": "mine"})), "待我批复", mine, "view" in asked)],
        "kinds": list(Kind.choices()), "states": list(AskState.choices()), "units": sorted(sums), "address": base,
        "item_prefix": reverse("item", args=[0])[:-2], "ask_prefix": reverse("ask", args=[0])[:-2],
        "sums": [
            (unit, address(unit=unit), [(numbers[kind], address(unit=unit, kind=kind.value)) for kind in Kind],
             numbers["n"], (numbers["granted"], address(unit=unit, state="granted")), (numbers["refused"], address(unit=unit, state="refused")),
             (numbers["open"], address(unit=unit, state="open")))
            for unit, numbers in sorted(sums.items(), key=lambda one: (-one[1]["n"], one[0]))
        ],
        "kind_labels": [kind.label for kind in Kind],
        "export_url": f"{reverse('asks_export')}{address(**asked)}", "filtered": bool(asked),
        "crumbs": [("事项清单", f"{reverse('items')}{base}"), ("申请", "")],
    }  # fmt: skip
    return render(request, "ledger/asks.html", context)


@require_safe
def asks_export(request: HttpRequest) -> HttpResponse:
    """The asks that the filter lets pass, and the counts by department, as a workbook."""
    year = _year(request)
    if year is None:
        return bare(request, year_of(request, filters.read(request.GET.dict())), "申请")
    every = rows_in(request.user, year)
    _, rows = _asked_for(request, every)
    target = BytesIO()
    write_asks(target, year, rows, counted((row.unit, row.kind, row.state) for row in every))
    name = f"{year.campaign}-{year.year}年度申请-{clock.today():%Y%m%d}.xlsx"
    return attachment(target.getvalue(), name, plain="asks.xlsx")
