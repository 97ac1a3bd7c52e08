"""核对提醒, 采用文件里的说明, and what bears a mark of secrecy."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from .. import actions, queries
from ..models import Evidence
from .show import root, uses_url


@dataclass(frozen=True)
class Line:
    """A warning as a page shows it; about: (address, receipt) of other pieces."""

    code: str
    text: str
    about: list[tuple[str, str]]
    done: str = ""  # who looked at it, and what was said


def lines_of(found: list[queries.Noted]) -> list[Line]:
    here = root()
    return [
        Line(
            each.warned.code, each.warned.text, [(f"{here}{pk}/", number) for pk, number in each.warned.about],
            f"{each.by} {timezone.localtime(each.at):%Y-%m-%d} 已核对{f'：{each.note}' if each.note else ''}" if each.at else "",
        )
        for each in found
    ]  # fmt: skip


def checks_of(user: Any, evidence: Evidence) -> dict[str, Any]:
    """For the page of one piece: its warnings, and how many nobody has looked at."""
    lines = lines_of(queries.noted(user, [evidence.pk]).get(evidence.pk, []))
    return {"lines": lines, "open": sum(not line.done for line in lines)}


@require_POST
def evidence_check(request: HttpRequest, pk: int) -> HttpResponse:
    """已核对, with a word why; back to the page the warning was shown on."""
    evidence = get_object_or_404(queries.evidence_for(request.user).select_related("unit", "agency"), pk=pk)
    actions.check(
        evidence, by=request.user, once=request.POST.get("once", "")[:64], code=request.POST.get("code", "")[:31],
        note=request.POST.get("note", ""),
    )  # fmt: skip
    messages.success(request, "已记为核对过，提醒不再计数。")
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = f"{root()}{pk}/#checks"
    return redirect(back)


@require_POST
def evidence_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = get_object_or_404(queries.evidence_for(request.user).select_related("unit", "agency"), pk=pk)
    actions.adopt(
        evidence, by=request.user, seen=request.POST.get("seen"), once=request.POST.get("once", "")[:64]
    )
    messages.success(request, "已采用文件里写的，请对照红头页核对一遍。")
    return redirect("evidence", pk=pk)


@require_POST
def evidence_clear_alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """误报解除: by the creation office, with a reason."""
    evidence = get_object_or_404(queries.with_stopped(request.user).select_related("unit", "agency"), pk=pk)
    reason = request.POST.get("reason", "")
    try:
        actions.clear_alarm(evidence, by=request.user, once=request.POST.get("once", "")[:64], reason=reason)
    except NotPermitted:
        raise
    except Refused as refusal:
        return show_stopped(request, evidence, refusal=refusal, reason=reason)
    messages.success(request, "已解除停用，文件正在重新读取。解除的人和理由已记入操作日志。")
    return redirect("evidence", pk=pk)


def show_stopped(
    request: HttpRequest, evidence: Evidence, *, refusal: Refused | None = None, reason: str = ""
) -> HttpResponse:
    """In place of the page of a piece that bears a mark of secrecy: what was found, since when, what to do."""
    context: dict[str, Any] = {
        "evidence": evidence,
        "found": queries.marks_of(evidence),
        "story": queries.story(evidence),
        "refusal": refusal,
        "reason": reason,
        "may_clear": may(request.user, Permit.LEDGER_MANAGE, evidence.agency),
        "may_remove": queries.may_edit(request.user, evidence) and not evidence.uses,
        "uses_url": uses_url(evidence.pk) if evidence.uses else "",
        "crumbs": [("材料库", root()), (evidence.number, "")],
    }
    status = refusal.status if refusal else 200
    return render(request, "evidence/evidence_stopped.html", context, status=status)
