"""The page of one item and every verb that can be done to it."""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taizhang.campaigns.queries import joined_on
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.models import Person, Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from .. import actions
from ..forms import items as forms
from ..models import Item
from ..queries.cells import slot_choices
from ..queries.guests import with_agency
from ..queries.load import figures
from ..queries.proofs_stated import stated_word
from ..rules.states import SlotStatus, Status
from .face import face
from .show import asked, chosen_slots, done, find_item, keys, number, typed_in

BODIES = (
    UnitKind.DEPARTMENT,
    UnitKind.PARTY_BODY,
    UnitKind.BRANCH,
    UnitKind.UNION,
    UnitKind.OFFICE,
    UnitKind.OTHER,
)


@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find_item(request, pk))


def show(request: HttpRequest, found: Item, refusal: Refused | None = None, **typed: Any) -> HttpResponse:
    """The item page; after a refusal with what was typed, and the refusal's own status."""
    return render(
        request,
        "ledger/item.html",
        face(request, found, refusal=refusal, **typed)
        | {"may_bind": may_bind(request, found), "stated": stated_word(found)},
        status=refusal.status if refusal else 200,
    )


def may_bind(request: HttpRequest, item: Item) -> bool:
    """Whether the page offers to bind this item's material: no query beyond the posts."""
    return item.year_id is not None and any(
        unit is not None and may(request.user, Permit.BIND, unit) for unit in (item.unit, item.lead)
    )


def _at_once(
    act: Callable[..., Any], words: str, part: str = ""
) -> Callable[[HttpRequest, int], HttpResponse]:
    """The view of a verb that wants no words: find, take ACT, say WORDS."""

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        found = find_item(request, pk)
        try:
            act(found, by=request.user, **keys(request))
        except Refused as refusal:
            return refused(request, found, refusal)
        return done(request, words, pk, part=part)

    return view


item_receive = _at_once(actions.receive, "已签收。")
item_restore = _at_once(actions.restore, "已恢复，重新计入台账。")
item_place = _at_once(actions.place, "已安排到本年。")
item_conclude = _at_once(actions.conclude, "已报请销号，等待逐级签批。", part="#review")


@require_POST
def item_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree at the step where the item waits; at the last one it is struck off."""
    found = find_item(request, pk)
    form = forms.Opinion(request.POST)
    if not form.is_valid():
        return show(request, found, Refused(first_error(form)), opinion=form)
    try:
        actions.sign(found, by=request.user, opinion=form.cleaned_data["opinion"], **keys(request))
    except Refused as refusal:
        return refused(request, found, refusal, opinion=form)
    found.refresh_from_db()
    closed = found.status == Status.CLOSED
    return done(
        request,
        f"已销号，销号单 {found.close_no}。" if closed else "已签批，转到下一环节。",
        pk,
        part="#review",
    )


@require_POST
def item_remark(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_item(request, pk)
    form = forms.Remark(request.POST)
    if not form.is_valid():
        return show(request, found, Refused(first_error(form)), remark=request.POST.get("text", ""))
    try:
        actions.remark(
            found, by=request.user, text=form.cleaned_data["text"], once=request.POST.get("once", "")[:64]
        )
    except Refused as refusal:
        return refused(request, found, refusal, remark=form.cleaned_data["text"])
    return done(request, "已留言。", pk, part="#story")


@require_http_methods(["GET", "POST"])
def item_due(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_item(request, pk)
    form = forms.Due(typed_in(request), initial={"due_on": found.due_on})
    return asked(
        request,
        found,
        actions.set_due,
        form,
        "改期限",
        "改期限",
        "期限已改。",
        explain="改了以后由人定，重排工期时不再变动。",
    )


@require_http_methods(["GET", "POST"])
def item_suspend(request: HttpRequest, pk: int) -> HttpResponse:
    return asked(
        request, find_item(request, pk), actions.suspend, forms.Reason(typed_in(request)), "中止", "中止办理", "已中止。",
        explain="中止期间不计逾期；恢复后接着办。", tone="warn",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def item_waive(request: HttpRequest, pk: int) -> HttpResponse:
    return asked(
        request, find_item(request, pk), actions.waive, forms.Reason(typed_in(request)), "本事项不适用", "设为不适用", "已设为不适用。",
        explain="不适用的事项不计入总数和得分，原因会写进台账，可以恢复。", tone="warn",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def item_nothing(request: HttpRequest, pk: int) -> HttpResponse:
    return asked(
        request, find_item(request, pk), actions.nothing_happened, forms.Note(typed_in(request)), "本年未发生", "写明未发生",
        "已写明，请提交审核。", explain="这份说明和其他期次一样提交、审核、销号。",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def item_slot_add(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_item(request, pk)
    form = forms.SlotAdd(typed_in(request), units=units_of(found))
    return asked(request, found, actions.add_slot, form, "加一期", "加一期", "已加一期。")


@require_http_methods(["GET", "POST"])
def item_lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Another lead or person; the state stays as it is."""
    found = find_item(request, pk)
    form = forms.Lead(
        typed_in(request),
        units=units_of(found),
        people=people_of(found),
        initial={"lead": found.lead_id, "person": found.person_id},
    )
    forms.tell_loads(form, figures(found.unit, clock.today()))
    return asked(
        request, found, actions.set_lead, form, "换牵头、责任人", "换牵头、责任人", "已换牵头、责任人。",
        explain="还没报的期次随新的牵头处室走；已报的记录不变。",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def item_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """交办. Whoever is told that somebody was faster sees both versions side by side (409)."""
    found = find_item(request, pk)
    now = assign_words(found)
    initial = {
        "lead": found.lead_id, "person": found.person_id, "leader": found.leader_id, "due_on": found.due_on,
        "co": list(found.co_units.values_list("pk", flat=True)),
    }  # fmt: skip
    form = forms.Assign(typed_in(request), units=units_of(found), people=people_of(found), initial=initial)
    forms.tell_loads(form, figures(found.unit, clock.today()))
    if found.slots.count() > 1:
        del form.fields["due_on"]  # each slot has the date of its own period
    was = {name: request.POST.get(f"was_{name}", value)[:300] for name, (_, value) in now.items()}
    rows: list[dict[str, Any]] = []
    behind = request.method == "POST" and number(request.POST.get("seen", "")) != found.version
    if behind and form.is_valid():
        rows = compared(form, now, was)
    return asked(
        request, found, actions.assign, form, "交办" if found.status == Status.PENDING else "重新交办", "交办", "已交办。",
        typed=assigned, rows=rows, was=[(name, value) for name, (_, value) in now.items()],
    )  # fmt: skip


def assigned(form: forms.Assign) -> dict[str, Any]:
    """What the action takes; a date that was only shown is not one that was set by hand."""
    typed = dict(form.cleaned_data)
    typed["co"] = list(typed["co"])
    if "due_on" not in form.changed_data:
        typed.pop("due_on", None)
    return typed


def assign_words(found: Item) -> dict[str, tuple[str, str]]:
    """What 交办 sets, as it stands now, in words: name → (label, value)."""
    return {
        "lead": ("牵头处室", str(found.lead or "")), "person": ("责任人", str(found.person or "")),
        "co": ("配合处室", "、".join(str(unit) for unit in found.co_units.order_by("order"))),
        "leader": ("分管领导", str(found.leader or "")), "due_on": ("期限", str(found.due_on or "")),
    }  # fmt: skip


def compared(
    form: forms.Assign, now: dict[str, tuple[str, str]], was: dict[str, str]
) -> list[dict[str, Any]]:
    """The rows of the comparison: what it was when the form was opened, what it became, what was typed."""
    typed = form.cleaned_data
    rows = []
    for name, (label, theirs) in now.items():
        if name not in typed:
            continue
        mine = "、".join(str(unit) for unit in typed["co"]) if name == "co" else str(typed[name] or "")
        if mine == theirs == was[name]:
            continue
        note = (
            ""
            if mine == theirs
            else "下面的表里是你填的，照它保存"
            if theirs == was[name]
            else "对方也改了这一栏，请核对下面的表再保存"
        )
        rows.append(
            {
                "label": label,
                "name": name,
                "was": was[name],
                "theirs": theirs,
                "mine": mine,
                "both": False,
                "note": note,
            }
        )
    return rows


@require_http_methods(["GET", "POST"])
def item_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """At an item step: why, and which slots go back."""
    found = find_item(request, pk)
    choices = slot_choices(found, [SlotStatus.ACCEPTED])
    form = forms.ReturnItem(
        typed_in(request),
        slots=choices,
        initial={"slots": [pk for pk, _ in choices] if len(choices) == 1 else []},
    )
    return asked(
        request, found, actions.send_back_item, form, "退回事项", "退回", "已退回。", typed=lambda form: with_slots(found, form),
        template="ledger/return.html",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def item_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_item(request, pk)
    choices = slot_choices(found, [SlotStatus.ACCEPTED])
    form = forms.Reopen(
        typed_in(request),
        slots=choices,
        initial={"slots": [pk for pk, _ in choices] if len(choices) == 1 else []},
    )
    return asked(
        request, found, actions.reopen, form, "重新挂号", "重新挂号", "已重新挂号，原来的签批都保留。",
        typed=lambda form: with_slots(found, form), template="ledger/return.html",
    )  # fmt: skip


def with_slots(found: Item, form: Any) -> dict[str, Any]:
    return {"opinion": form.cleaned_data["opinion"], "slots": chosen_slots(found, form.cleaned_data["slots"])}


def refused(request: HttpRequest, found: Item, refusal: Refused, **typed: Any) -> HttpResponse:
    """What is not permitted is the middleware's page; any other refusal is said on the item's own."""
    if isinstance(refusal, NotPermitted):
        raise refusal
    return show(request, find_item(request, found.pk), refusal, **typed)


def units_of(found: Item) -> Any:
    """The bodies that may lead or help, departments before the ten branches."""
    if hasattr(
        found, "list_url"
    ):  # a guest's page names no department of the host's but the one that manages
        return Unit.objects.filter(pk=found.owner.pk)
    last = Case(When(agency=found.unit, then=Case(When(kind=UnitKind.BRANCH, then=1), default=0)), default=2)
    own = Q(agency=found.unit, kind__in=BODIES, ends_on=None)
    guests = joined_on(found.year.campaign_id, clock.today()) if found.year else Unit.objects.none()
    units = Unit.objects.filter(own | Q(pk__in=guests.values("pk")))
    return with_agency(units, found.unit_id).order_by(last, "order", "pk")


def people_of(found: Item) -> Any:
    return Person.objects.filter(agency=found.unit, left_on=None).order_by("order", "staff_no")


def first_error(form: Any) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)
