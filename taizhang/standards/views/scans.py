"""识别: a draft whose file is a scan, while its pages are recognised in the background."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from taizhang.kit import jobs
from taizhang.kit.documents.seen.ask import lacking
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.action import demand

from .. import actions, queries
from ..actions.drafts import SEE
from ..models import Draft
from .common import form_keys
from .source import source_of
from .steps import first_steps
from .wizard import address, crumbs_of

A_PAGE = 8  # seconds, as long as one takes on an ordinary machine; only to say roughly how long it will be


def _found(request: HttpRequest, pk: int) -> Draft:
    return get_object_or_404(
        queries.drafts_for(request.user).select_related("agency", "edition", "base__standard"), pk=pk
    )


@require_http_methods(["GET", "POST"])
def draft_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """How far recognising is; POST goes on where it stopped."""
    draft = _found(request, pk)
    if request.method == "POST":
        demand(request.user, "standards.see_again", draft, noted=True)
        try:
            if why := lacking(allowed=settings.READS_PICTURES):
                raise Refused(why)
            actions.see_again(draft, **form_keys(request))
        except NotPermitted:
            raise
        except Refused as refusal:
            return _show(request, draft, said=refusal.message, status=refusal.status)
        return redirect(f"{address(draft)}scan/")
    if draft.edition is not None or not draft.scans:
        return redirect(address(draft))
    if queries.unseen_pages(draft):
        return _show(request, draft)
    try:
        return redirect(f"{address(draft)}?step={_first_step(draft)}")
    except Refused as refusal:
        return _show(request, draft, said=refusal.message)


@require_safe
def draft_scan_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked by the page every few seconds; when it is over, or stopped, the page is to load anew."""
    draft = _found(request, pk)
    left = queries.unseen_pages(draft)
    if draft.edition_id or not left or draft.fault:
        url = f"{address(draft)}scan/"
        return (
            HttpResponse(headers={"HX-Redirect": url}) if request.headers.get("HX-Request") else redirect(url)
        )
    return render(request, "parts/progress.html", {"job": _job(draft, len(left))})


def _first_step(draft: Draft) -> str:
    """Where the clerk goes on, as after the upload of any file: where columns were guessed, there."""
    reading = source_of(draft).reading
    guessed = reading is None or any(one.kind == "column_guessed" for one in reading.warnings)
    return "columns" if guessed else "check"


def _job(draft: Draft, left: int) -> dict[str, Any]:
    """What the progress bar says."""
    total = len(draft.scans)
    minutes = -(-left * A_PAGE // 60)
    return {
        "name": "识别扫描件", "noun": "页", "state": "running", "done": total - left, "total": total, "doing": f"识别第 {total - left + 1} 页",
        "left": "大约还要一分钟" if minutes < 2 else f"大约还要 {minutes} 分钟", "poll_url": f"{address(draft)}scan/progress/",
    }  # fmt: skip


def _show(request: HttpRequest, draft: Draft, *, said: str = "", status: int = 200) -> HttpResponse:
    left = queries.unseen_pages(draft)
    running = bool(left) and not draft.fault and not said
    waiting = draft.pk in jobs.queued(SEE) if left else False
    context: dict[str, Any] = {
        "draft": draft, "here": address(draft), "bar": first_steps(), "crumbs": crumbs_of(draft), "left": len(left), "total": len(draft.scans),
        "said": said or draft.fault or ("" if waiting or not left else STOPPED), "running": running and waiting, "job": _job(draft, len(left)),
    }  # fmt: skip
    return render(request, "standards/draft_scan.html", context, status=status)


STOPPED = "识别停下了，没有做完。已识别的页都在，可以接着识别。"
