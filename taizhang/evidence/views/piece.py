"""One piece of evidence: its caption, its versions, where it is used, what happened to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused

from .. import actions, queries
from ..forms import NewVersion, WholeCaption, asked_from
from ..models import Evidence, EvidenceState, Kind, Secrecy
from ..rules.captions import missing_caption, missing_words
from ..rules.keeping import DAYS, days_left
from ..rules.kinds import DRAWABLE
from .checks import checks_of, show_stopped
from .facts import facts
from .show import KIND_LABELS, picture_url, root, shown_inline, uses_url
from .text import found_in, text_url


def _found(request: HttpRequest, pk: int, *, stopped: bool = False) -> Evidence:
    """STOPPED: also what bears a mark of secrecy, to say so or to take it away."""
    seen = queries.with_stopped(request.user) if stopped else queries.evidence_for(request.user)
    return get_object_or_404(seen.select_related("unit", "agency", "current__blob", "by"), pk=pk)


@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk, stopped=True)
    if queries.is_stopped(pk):
        return show_stopped(request, found)
    return _show(request, found)


def _show(
    request: HttpRequest,
    evidence: Evidence,
    *,
    form: WholeCaption | None = None,
    version_form: NewVersion | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    versions = queries.versions_of(evidence)
    current = versions[0] if versions else None
    fields = {
        name: getattr(evidence, name)
        for name in ("happened_on", "place", "people", "theme", "doc_no", "issuer", "url")
    }
    context: dict[str, Any] = {
        "evidence": evidence,
        "form": form or WholeCaption(evidence=evidence),
        "version_form": version_form or NewVersion(),
        "refusal": refusal,
        "versions": [(each, shown_inline(each.mime)) for each in versions],
        "current": current,
        "inline": current is not None and shown_inline(current.mime),
        "drawn": current is not None and current.mime in DRAWABLE and not shown_inline(current.mime),
        "picture": picture_url(evidence.pk, current.no) if current and current.thumbnail else "",
        "facts": facts(evidence, current) if current else None,
        "checks": checks_of(request.user, evidence),
        "offered": queries.offered_for([evidence])[evidence.pk],
        "story": queries.story(evidence),
        "found": found_in(evidence, asked_from(request.GET)),
        "text_url": text_url(evidence.pk),
        "kind_label": KIND_LABELS[evidence.kind],
        "secrecy_label": Secrecy(evidence.secrecy).label,
        "lack": missing_words(missing_caption(evidence.kind, fields)),
        "uses_url": uses_url(evidence.pk) if evidence.uses else "",
        "may_edit": queries.may_edit(request.user, evidence),
        "binned": evidence.state != EvidenceState.LIVE,
        "gone": evidence.state == EvidenceState.GONE,
        "left": days_left(localdate(evidence.binned_at or evidence.changed_at), clock.today()),
        "most_reason": actions.LONGEST_REASON,
        "reason": request.POST.get("reason", "")[:500],
        "is_link": evidence.kind == Kind.LINK,
        "root": root(),
        "crumbs": [("材料库", root()), (evidence.number, "")],
        "editing": form is not None,
    }
    return render(request, "evidence/evidence.html", context, status=refusal.status if refusal else 200)


def _back(evidence: Evidence) -> HttpResponseRedirect:
    return redirect("evidence", pk=evidence.pk)


@require_POST
def evidence_caption(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = _found(request, pk)
    queries.editable(request.user, evidence)  # a stranger is told so before the form is judged
    form = WholeCaption(request.POST, evidence=evidence)
    if not form.is_valid():
        return _show(request, evidence, form=form, refusal=Refused("没有保存，请看标红的地方。"))
    try:
        actions.caption(evidence, by=request.user, seen=request.POST.get("seen"), **form.cleaned_data)
    except NotPermitted:
        raise
    except Refused as refusal:
        return _show(request, _found(request, pk), form=form, refusal=refusal)
    messages.success(request, "说明已保存。")
    return _back(evidence)


@require_POST
def evidence_version(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = _found(request, pk)
    queries.editable(request.user, evidence)  # before the bytes are kept
    form = NewVersion(request.POST, request.FILES)
    if not form.is_valid():
        words = "".join(str(error) for errors in form.errors.values() for error in errors)
        return _show(request, evidence, version_form=form, refusal=Refused(words))
    try:
        taken = actions.take_in(form.cleaned_data["file"])
        actions.add_version(
            evidence, by=request.user, seen=request.POST.get("seen"), once=request.POST.get("once", "")[:64],
            stored=taken.stored, original_name=taken.name,
        )  # fmt: skip
    except NotPermitted:
        raise
    except Refused as refusal:
        return _show(request, _found(request, pk), version_form=form, refusal=refusal)
    messages.success(request, "新版本已存好。已签批的事项仍指着签批时的那一版。")
    return _back(evidence)


@require_POST
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = _found(request, pk, stopped=True)
    try:
        actions.remove(
            evidence, by=request.user, seen=request.POST.get("seen"), reason=request.POST.get("reason", "")
        )
    except NotPermitted:
        raise
    except Refused as refusal:
        if queries.is_stopped(pk):
            return show_stopped(request, evidence, refusal=refusal)
        return _show(request, _found(request, pk), refusal=refusal)
    messages.success(request, f"“{evidence.title}”已移出材料库，{DAYS} 天内可在“回收站”里恢复。")
    return redirect("evidences")


@require_POST
def evidence_restore(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = _found(request, pk)
    actions.restore(evidence, by=request.user, seen=request.POST.get("seen"))
    messages.success(request, "已恢复到材料库。")
    return _back(evidence)
