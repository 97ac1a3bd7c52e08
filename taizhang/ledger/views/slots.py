"""What is done to one slot: put material in, cite it, hand it in, judge it."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from taizhang.campaigns.queries import ask_plans
from taizhang.evidence import actions as library
from taizhang.evidence.models import Kind
from taizhang.evidence.queries import editable
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.look import size as size_words
from taizhang.org.action import ACTIONS, permitted

from .. import actions
from ..forms import items as forms
from ..models import Citation, Need, Slot
from ..queries.facts import asked_of
from ..queries.item_page import ItemPage, item_page
from ..queries.limited import untold
from ..queries.materials import citable, last_caption, library_for
from ..queries.scope import slots_for
from ..rules.asks import returned_enough
from ..rules.states import SlotStatus
from .face import lack_rows, material_rows, prefix, submit_form
from .items import first_error, show
from .show import asked, crumbs, done, find_item, find_slot, item_url, keys, number, typed_in


@require_POST
def slot_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in; refused, the item page says what is missing and keeps what was written."""
    slot = find_slot(request, pk)
    form = submit_form(request.user, slot, request.POST)
    if not form.is_valid():
        return again(request, slot, Refused(first_error(form)), submit=form)
    try:
        submission = actions.submit(slot, by=request.user, **form.cleaned_data, **keys(request))
    except Refused as refusal:
        return again(request, slot, refusal, submit=form)
    words = f"已提交 {slot.label}，报送号 {submission.number}。"
    if submission.on_behalf_of:
        words += f"这是代 {submission.on_behalf_of} 报的。"
    return done(request, words, slot.item_id, slot.pk)


@require_POST
def slot_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    slot = find_slot(request, pk)
    try:
        actions.withdraw(slot, by=request.user, **keys(request))
    except Refused as refusal:
        return again(request, slot, refusal)
    return done(request, f"已撤回 {slot.label}，可以改了再交。", slot.item_id, slot.pk)


@require_POST
def slot_restore(request: HttpRequest, pk: int) -> HttpResponse:
    slot = find_slot(request, pk)
    try:
        actions.restore_slot(slot, by=request.user, **keys(request))
    except Refused as refusal:
        return again(request, slot, refusal)
    return done(request, f"已恢复 {slot.label}。", slot.item_id, slot.pk)


@require_POST
def slot_accept(request: HttpRequest, pk: int) -> HttpResponse:
    slot = find_slot(request, pk)
    form = forms.Opinion(request.POST)
    if not form.is_valid():
        return again(request, slot, Refused(first_error(form)), opinion=form)
    try:
        actions.accept(slot, by=request.user, opinion=form.cleaned_data["opinion"], **keys(request))
    except Refused as refusal:
        return again(request, slot, refusal, opinion=form)
    slot.refresh_from_db()
    words = "已通过" if slot.status == SlotStatus.ACCEPTED else "已审核，转到下一环节"
    return done(request, f"{words}：{slot.item.no} {slot.label}。", slot.item_id, slot.pk)


@require_http_methods(["GET", "POST"])
def slot_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    slot = find_slot(request, pk)
    lacks = [
        one.text for one in item_page(request.user, find_item(request, slot.item_id), pk, clock.today()).lacks
    ]
    return asked(
        request, slot, actions.send_back, forms.Return(typed_in(request)), f"退回 {slot.label}", "退回", f"已退回 {slot.label}。",
        template="ledger/return.html", lacks=lacks, limit=_limit(slot),
    )  # fmt: skip


def _limit(slot: Slot) -> str:
    """How often this period may still be returned, where the track sets a limit and it is near."""
    allowed = (
        ask_plans(slot.item.year.campaign_id).returns_allowed(slot.item.track_id) if slot.item.year else None
    )
    why = returned_enough(slot.label, slot.returns, allowed)
    if why or allowed is None or slot.returns + 1 < allowed:
        return why
    return (
        f"本期已退回 {slot.returns} 次，每期最多退回 {allowed} 次：这是最后一次可以退回，请把要改的一次写全。"
    )


@require_http_methods(["GET", "POST"])
def slot_waive(request: HttpRequest, pk: int) -> HttpResponse:
    slot = find_slot(request, pk)
    return asked(
        request, slot, actions.waive_slot, forms.Reason(typed_in(request)), f"{slot.label}不适用", "设为不适用", f"{slot.label}已设为不适用。",
        explain="不适用的期次算作已办结，原因会写进台账。", tone="warn",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def slot_due(request: HttpRequest, pk: int) -> HttpResponse:
    slot = find_slot(request, pk)
    form = forms.Due(typed_in(request), initial={"due_on": slot.due_on})
    return asked(request, slot, actions.set_slot_due, form, f"改 {slot.label}的期限", "改期限", "期限已改。")


@require_http_methods(["GET", "POST"])
def slot_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Many files at once, or one by one from the script: each is put, deposited and cited on its own."""
    slot = find_slot(request, pk)
    if not permitted(request.user, ACTIONS["ledger.cite"], slot):
        raise NotPermitted("你没有给这一期传材料的权限。请联系牵头处室或创建办。")
    known = last_caption(slot.pk)
    form = forms.Upload(typed_in(request), initial={**known, "need": request.GET.get("need", "")})
    results: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        files = [file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)]
        if not files:
            form.add_error(None, "没有选文件。请选择或拍照后再存。")
        fields = form.said()
        need = Need.objects.filter(item=slot.item_id, pk=fields.pop("need", 0) or 0).first()
        once = request.POST.get("once", "")[:36]
        results = [
            take_in(request, slot, file, need, fields, once and f"{once}-{at}")
            for at, file in enumerate(files)
        ]
        stored = sum(one["ok"] for one in results)
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            words = "；".join(one["words"] for one in results) or "没有收到文件，请再传一次"
            return JsonResponse({"message": words}, status=200 if results and stored == len(results) else 422)
        if results and request.POST.get("back") == "item":
            said = messages.success if stored == len(results) else messages.error
            said(request, upload_words(results))
            return redirect(item_url(slot.item_id, slot.pk, "#materials"))
        if stored:
            form = forms.Upload(initial={**fields, "need": ""})
    bad = bool(form.errors) or any(not one["ok"] for one in results)
    return render(
        request,
        "ledger/slot_upload.html",
        upload_context(request, slot, form, results, known),
        status=422 if bad else 200,
    )


def take_in(
    request: HttpRequest,
    slot: Slot,
    file: "UploadedFile[Any]",
    need: Need | None,
    fields: dict[str, Any],
    once: str,
) -> dict[str, Any]:
    """One file: its bytes first, then the row, then the citation. What is already in the library is cited as it is."""
    row: dict[str, Any] = {"name": file.name, "ok": False, "words": "", "url": "", "picture": ""}
    try:
        got = library.take_in(file)
        said = {**({"happened_on": got.taken_on} if got.taken_on else {}), **fields}
        try:
            piece = library.deposit(
                slot.performer,
                by=request.user,
                once=once,
                stored=got.stored,
                original_name=got.name,
                kind=got.kind,
                title=got.title,
                **said,
            )
        except library.AlreadyHere as twin:
            piece, row["words"] = twin.evidence, "库里已有同一文件，直接引用，"
        actions.cite(slot, by=request.user, once=once and f"{once}-c", evidence=piece, need=need)
    except NotPermitted:
        raise
    except Refused as refusal:
        return {**row, "words": refusal.message}
    url = reverse("evidence", args=[piece.pk])
    return {
        **row,
        "ok": True,
        "words": f"{row['words']}回执 {piece.number}　{size_words(file.size)}",
        "url": url,
    }


def upload_words(results: list[dict[str, Any]]) -> str:
    stored = sum(one["ok"] for one in results)
    wrong = "；".join(one["words"] for one in results if not one["ok"])
    return f"存好 {stored} 件。" + (f"{len(results) - stored} 件没有保存：{wrong}" if wrong else "")


def upload_context(
    request: HttpRequest, slot: Slot, form: forms.Upload, results: list[dict[str, Any]], known: dict[str, Any]
) -> dict[str, Any]:
    item = find_item(request, slot.item_id)
    shown = item_page(request.user, item, slot.pk, clock.today())
    many = shown.shape != "one"
    people = next((one.person for one in shown.slot_chain[1:] if one.state == ""), "")
    may_submit = permitted(request.user, ACTIONS["ledger.submit"], slot) and slot.status in (
        SlotStatus.OPEN,
        SlotStatus.RETURNED,
    )
    title = f"传材料：{slot.label}" if many else "传材料"
    return {
        "title": title, "item": item, "cur": shown.current, "many": many, "shown": shown, "form": form, "results": results,
        "needs": need_rows(shown), "materials": material_rows(shown), "ready": may_submit and not shown.stopping and shown.materials,
        "submit_form": submit_form(request.user, slot), "submit_url": reverse("slot_submit", args=[slot.pk]),
        "upload_url": reverse("slot_upload", args=[slot.pk]), "item_url": item_url(item.pk, slot.pk),
        "src": dict.fromkeys(known, "取自上一件") if request.method == "GET" else {},
        "fixes": [row for row in lack_rows(shown, "") if row["icon"] == "pen"],
        "crumbs": crumbs(item, (title, "")), "next_person": people if people != "无人担任" else "",
    }  # fmt: skip


def need_rows(shown: ItemPage) -> list[dict[str, str]]:
    """会议现场照片 1/2: each need with what there is for it."""
    rows = []
    for need in shown.asked:
        have = sum(one.need_id == need.id and not one.stopped for one in shown.materials)
        lacks = [
            one.text for one in shown.lacks if one.need_id == need.id and one.kind not in ("count", "stopped")
        ]
        lamp = "g" if have >= need.least and not lacks else "y" if have else "n"
        rows.append(
            {
                "lamp": lamp,
                "text": f"{need.name} {have}/{need.least}",
                "note": "；".join(lacks) or ("" if need.must else "可选"),
            }
        )
    return rows


@require_http_methods(["GET", "POST"])
def slot_cite(request: HttpRequest, pk: int) -> HttpResponse:
    """Look in the library, tick, cite."""
    slot = find_slot(request, pk)
    if not permitted(request.user, ACTIONS["ledger.cite"], slot):
        raise NotPermitted("你没有给这一期引用材料的权限。请联系牵头处室或创建办。")
    refusal: Refused | None = None
    if request.method == "POST":
        refusal = cite_chosen(request, slot)
        if refusal is None:
            return redirect(item_url(slot.item_id, slot.pk, "#materials"))
    q, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    asked_for = asked_of([slot.item_id]).get(slot.item_id, [])
    found, more = citable(
        request.user, slot, asked_for, q.split()[:8], kind if kind in dict(Kind.choices()) else ""
    )
    ticked = set(request.POST.getlist("evidence"))
    see = prefix("evidence")
    item = slot.item
    context = {
        "title": f"从材料库引用：{slot.label}", "item": item, "crumbs": crumbs(item, ("从材料库引用", "")), "q": q, "kind": kind,
        "kinds": Kind.choices(), "asked": asked_for, "more": more, "refusal": refusal,
        "found": [{**one.__dict__, "url": see(one.pk), "ticked": str(one.pk) in ticked} for one in found],
        "item_url": item_url(item.pk, slot.pk), "upload_url": reverse("slot_upload", args=[slot.pk]),
    }  # fmt: skip
    return render(request, "ledger/slot_cite.html", context, status=refusal.status if refusal else 200)


def cite_chosen(request: HttpRequest, slot: Slot) -> Refused | None:
    """Cite what was ticked, each piece by itself; the first refusal is told, what was cited before it stays."""
    ids = [pk for pk in map(number, request.POST.getlist("evidence")) if pk]
    pieces = list(library_for(request.user).filter(pk__in=ids))
    if len(pieces) < len(set(ids)):
        raise Http404
    if not pieces:
        return Refused("没有勾选材料。")
    needs = {need.pk: need for need in Need.objects.filter(item=slot.item_id)}
    for piece in pieces:
        need = needs.get(number(request.POST.get(f"need_{piece.pk}", "")) or 0)
        once = request.POST.get("once", "")[:36]
        try:
            actions.cite(
                slot,
                by=request.user,
                evidence=piece,
                need=need,
                propose=False,
                once=f"{once}-{piece.pk}" if once else "",
            )
        except Refused as refusal:
            if isinstance(refusal, NotPermitted):
                raise
            return refusal
    messages.success(request, f"已引用 {len(pieces)} 件材料。")
    return None


def find_citation(request: HttpRequest, pk: int) -> Citation:
    found = (
        Citation.objects.filter(~untold(request.user), pk=pk, slot__in=slots_for(request.user))
        .select_related("slot__item__unit", "slot__item__lead", "slot__performer", "evidence__unit", "need").first()
    )  # fmt: skip
    if found is None:
        raise Http404
    return found


@require_POST
def citation_remove(request: HttpRequest, pk: int) -> HttpResponse:
    here = number(request.POST.get("slot", ""))
    if here and not Citation.objects.filter(pk=pk).exists():  # the second click of a double one
        slot = find_slot(request, here)
        return done(request, "这份材料已经移除，还在材料库里。", slot.item_id, slot.pk, "#materials")
    citation = find_citation(request, pk)
    slot = citation.slot
    try:
        actions.uncite(citation, by=request.user, once=request.POST.get("once", "")[:64])
    except Refused as refusal:
        return again(request, slot, refusal)
    return done(
        request, f"已移除《{citation.evidence.title}》，材料还在库里。", slot.item_id, slot.pk, "#materials"
    )


@require_http_methods(["GET", "POST"])
def citation_caption(request: HttpRequest, pk: int) -> HttpResponse:
    """填文号、补说明: what the evidence is, without leaving the item."""
    citation = find_citation(request, pk)
    piece, slot = citation.evidence, citation.slot
    names = ("happened_on", "place", "people", "theme", "doc_no")
    form = forms.Caption(typed_in(request), initial={name: getattr(piece, name) for name in names})
    editable(request.user, piece)
    refusal: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            library.caption(piece, by=request.user, **form.cleaned_data, **keys(request))
        except NotPermitted:
            raise
        except Refused as found:
            refusal = found
        else:
            return done(request, f"《{piece.title}》的说明已改。", slot.item_id, slot.pk, "#materials")
    item = slot.item
    context = {
        "title": "材料说明", "item": item, "form": form, "subject": piece, "button": "存好说明", "refusal": refusal, "tone": "info",
        "explain": "这份材料在别处被引用的，说明也一起改。" if piece.uses > 1 else "",
        "facts": [piece.title, f"回执 {piece.number}", f"用于：{citation.need or '未对应要求'}"],
        "crumbs": crumbs(item, ("材料说明", "")), "back": item_url(item.pk, slot.pk, "#materials"),
    }  # fmt: skip
    return render(
        request,
        "ledger/verb.html",
        context,
        status=refusal.status if refusal else 422 if form.errors else 200,
    )


def again(request: HttpRequest, slot: Slot, refusal: Refused, **typed: Any) -> HttpResponse:
    """The item page at this slot, with what was refused and what was typed."""
    if isinstance(refusal, NotPermitted):
        raise refusal
    return show(request, find_item(request, slot.item_id), refusal, wanted=slot.pk, **typed)
