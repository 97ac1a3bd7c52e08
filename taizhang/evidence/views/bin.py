"""回收站: what was removed, for how long it can be had back, and having it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.permits import Permit
from taizhang.org.queries import may_anywhere

from .. import actions, queries
from ..models import EvidenceState
from ..rules.keeping import DAYS
from .show import root


def _page(request: HttpRequest, faults: list[str], status: int = 200) -> HttpResponse:
    rows = queries.binned_for(request.user, clock.today())
    context = {
        "rows": rows,
        "any_may": any(row.may for row in rows),
        "days": DAYS,
        "root": root(),
        "faults": faults,
        "chosen": set(request.POST.getlist("pk")),
        "crumbs": [("材料库", root()), ("回收站", "")],
    }
    return render(request, "evidence/bin.html", context, status=status)


@require_safe
def evidence_bin(request: HttpRequest) -> HttpResponse:
    """Anyone who may see some agency's evidence sees what was removed of it."""
    if not may_anywhere(request.user, Permit.EVIDENCE_VIEW):
        raise NotPermitted("你没有看材料的权限。如确需查看，请联系创建办。")
    return _page(request, [])


@require_POST
def evidence_bin_restore(request: HttpRequest) -> HttpResponse:
    """Have one or many back; what cannot be is told, the others are back."""
    if not may_anywhere(request.user, Permit.EVIDENCE_VIEW):
        raise NotPermitted("你没有恢复材料的权限。如确需办理，请联系创建办。")
    keys = request.POST.getlist("one") or request.POST.getlist("pk")
    pks = [int(pk) for pk in keys[:500] if pk.isascii() and pk.isdigit() and len(pk) < 16]
    pieces = list(
        queries.evidence_for(request.user)
        .filter(pk__in=pks, state__in=[EvidenceState.BINNED, EvidenceState.GONE])
        .select_related("unit", "agency")
    )
    if not pieces:
        return _page(request, ["还没有勾选要恢复的材料。"], 409)
    faults, back = [], 0
    for piece in pieces:
        try:
            actions.restore(piece, by=request.user, seen=request.POST.get(f"seen-{piece.pk}"))
            back += 1
        except Refused as refusal:
            if isinstance(refusal, NotPermitted) and len(pieces) == 1:
                raise
            faults.append(refusal.message)
    if back:
        messages.success(request, f"已恢复 {back} 件到材料库。")
    return _page(request, faults, 409) if faults else redirect("evidence_bin")
