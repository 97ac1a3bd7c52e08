"""Pages of a piece as pictures, drawn when they are asked for; how far reading is, and a file read once more."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from taizhang.kit.errors import NotPermitted
from taizhang.kit.files import store
from taizhang.kit.previews import AGAIN, WIDTH, NotDrawn, Previews, TooMany
from taizhang.kit.sending import SANDBOX, later
from taizhang.org.permits import Permit
from taizhang.org.queries import may_anywhere

from .. import actions, queries
from ..models import EvidenceState, Version
from ..queries.drawn import page_picture

A_DAY = 86400


@require_safe
def evidence_page(request: HttpRequest, pk: int, no: int, v: int | None = None) -> HttpResponse:
    """Page NO of the current version, or of version V, as a JPEG; 404 for what has no such page."""
    # of a cleared piece nothing is shown, even where another piece still has the same bytes
    there = queries.evidence_for(request.user).exclude(state=EvidenceState.GONE)
    evidence = get_object_or_404(there, pk=pk)
    found = Version.objects.select_related("blob").filter(evidence=evidence)
    which: dict[str, Any] = {"pk": evidence.current_id} if v is None else {"no": v}
    shown = queries.shown(get_object_or_404(found, **which).blob)
    if not shown.mime or not store().exists(shown.sha256):
        raise Http404
    etag = f'"{Previews.name(shown.sha256, shown.mime, no, WIDTH)}"'
    answer: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponseNotModified()
    else:
        try:
            data = page_picture(shown, no)
        except TooMany as busy:
            return later(str(busy), AGAIN)
        except NotDrawn as fault:
            raise Http404(str(fault)) from None
        answer = HttpResponse(data, content_type="image/jpeg")
    answer["ETag"] = etag
    answer["Cache-Control"] = f"private, max-age={A_DAY if v else 300}"
    answer["Content-Security-Policy"] = SANDBOX
    return answer


@require_safe
def evidence_reading(request: HttpRequest) -> HttpResponse:
    """How far reading is, as the library's page shows it; asked for again while something waits."""
    if not may_anywhere(request.user, Permit.EVIDENCE_VIEW):
        raise NotPermitted("你没有看材料的权限。如确需查看，请联系创建办。")
    return render(request, "evidence/reading.html", {"reading": queries.progress(request.user)})


@require_POST
def evidence_read_again(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = get_object_or_404(queries.evidence_for(request.user), pk=pk)
    actions.read_again(
        evidence, by=request.user, seen=request.POST.get("seen"), once=request.POST.get("once", "")[:64]
    )
    messages.success(request, "已排队重新读取，读好后本页会显示。")
    return redirect("evidence", pk=evidence.pk)
