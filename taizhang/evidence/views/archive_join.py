"""并件 and 拆开: which of the ticked pieces is the main one is asked on a page of its own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.htmx import page

from .. import actions
from ..models import Filed, Volume
from ..rules.archive import RETENTIONS
from .archive import crumbs, find
from .archive_volume import act, back_to, chosen_of, show

MOST_TICKED = 100


@require_POST
def volume_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Ticked on the volume's page: ask which is the main one (the first, if nothing is said) and in which order the others
    follow. With the answer: join them. What may not be joined is told on the volume's page, with the ticks."""
    volume = find(request, pk)
    rows = chosen_of(request)
    try:
        if len(rows) > MOST_TICKED:
            raise Refused(f"一次最多勾选 {MOST_TICKED} 件来并，现在勾了 {len(rows)} 件。")
        mains = actions.joinable(volume, rows)
    except Refused as refusal:
        return show(request, volume, refusal)
    if "main" not in request.POST:
        return _ask(request, volume, mains)
    ordered = sorted(mains, key=lambda row: _place(request, row))
    main = request.POST["main"]
    try:
        actions.join_pieces(
            volume, by=request.user, rows=[row.pk for row in ordered], main=int(main) if main.isascii() and main.isdigit() and len(main) < 16 else 0,
            once=request.POST.get("once", "")[:64], seen=request.POST.get("seen") or None,
        )  # fmt: skip
    except NotPermitted:
        raise
    except Refused as refusal:
        return _ask(request, find(request, pk), mains, refusal)
    messages.success(request, f"已把 {len(mains)} 件并成一件。请再编号。")
    return redirect(back_to(request, pk))


def _place(request: HttpRequest, row: Filed) -> int:
    """The order as typed; what is no number comes last, as it stood."""
    said = request.POST.get(f"place-{row.pk}", "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 9999


def _ask(
    request: HttpRequest, volume: Volume, mains: list[Filed], refusal: Refused | None = None
) -> HttpResponse:
    own: dict[int, list[Any]] = {row.pk: [] for row in mains}
    for annex in Filed.objects.filter(annex_of__in=list(own)).order_by("order", "id"):
        own[annex.annex_of_id or 0].append(annex)
    chosen = request.POST.get("main") or str(mains[0].pk)
    rows = [
        {
            "pk": row.pk, "title": row.title, "doc_no": row.doc_no, "issuer": row.issuer, "on": str(row.dated_on or ""), "pages": row.pages,
            "retention": RETENTIONS[row.retention], "main": str(row.pk) == chosen, "place": request.POST.get(f"place-{row.pk}", str(at)),
            "annexes": own[row.pk],
        }
        for at, row in enumerate(mains, 1)
    ]  # fmt: skip
    context = {
        "one": volume, "rows": rows, "refusal": refusal, "page": request.POST.get("page", ""), "q": request.POST.get("q", ""),
        "pages": sum(row.pages for row in mains) + sum(annex.pages for annexes in own.values() for annex in annexes),
        "crumbs": crumbs((str(volume), reverse("volume", args=[volume.pk])), ("并成一件", "")),
    }  # fmt: skip
    return page(request, "evidence/volume_join.html", context, status=refusal.status if refusal else 200)


@require_POST
def volume_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Annexes become 件 of their own again; of a main row all its annexes."""
    return act(request, pk, actions.part_pieces, "已拆开，各自成件。请再编号。", rows=chosen_of(request))
