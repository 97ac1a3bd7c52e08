"""参加单位: what a guest department has to do for another agency; what the host still waits for; evidence by its citation."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from taizhang.campaigns.models import Year
from taizhang.campaigns.rules.states import YearState
from taizhang.evidence.models import Kind, Version
from taizhang.evidence.queries import stopped
from taizhang.evidence.rules import kinds, names
from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.files import store
from taizhang.kit.sending import SANDBOX, send_file
from taizhang.org.models import Unit

from .. import actions
from ..models import Citation
from ..queries.guest_slots import left_over, offers_of
from ..queries.guests import guest_years, guests_at_work
from ..queries.limited import untold
from ..queries.scope import slots_for
from .asked import found_year
from .show import crumbs, item_url, keys, number
from .years import manage


@require_safe
def joined_items(request: HttpRequest) -> HttpResponse:
    """What one's own departments have to do in other agencies' campaigns, and what they did."""
    years = guest_years(request.user, clock.today())
    context = {
        "years": years, "item_prefix": reverse("item", args=[0])[:-2], "crumbs": [("参加外单位创建", "")],
        "upload": reverse("slot_upload", args=[0])[: -len("0/upload/")],
    }  # fmt: skip
    return render(request, "ledger/joined_items.html", context)


@require_safe
def year_joined(request: HttpRequest, pk: int) -> HttpResponse:
    """The items of a year that lie with departments of other agencies, those whose term ended first; and what every
    department does and they have not got."""
    year = found_year(request, pk)
    manage(request, year)
    return _show(request, year)


def _show(request: HttpRequest, year: Year, refusal: Refused | None = None) -> HttpResponse:
    today = clock.today()
    rows = guests_at_work(year, today)
    campaign = reverse("campaign", args=[year.campaign_id])
    chosen = request.POST.getlist("pk") if refusal else None
    offers = offers_of(year, today) if year.state == YearState.OPEN else []
    context = {
        "year": year, "rows": rows, "over": [row for row in rows if row.over], "item_prefix": reverse("item", args=[0])[:-2],
        "offers": [(one, one.sure if chosen is None else one.key in chosen) for one in offers], "left": left_over(year, today),
        "refusal": refusal, "crumbs": [(str(year.campaign), campaign), (f"{year.year} 年度参加单位的事项", "")],
    }  # fmt: skip
    return render(request, "ledger/year_joined.html", context, status=refusal.status if refusal else 200)


@require_POST
def joined_give(request: HttpRequest, pk: int) -> HttpResponse:
    """The chosen items of what every department does: their periods to come, for the departments that take part."""
    year = found_year(request, pk)
    pairs = [tuple(number(part) or 0 for part in word.split("-", 1)) for word in request.POST.getlist("pk")]
    chosen = [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]
    try:
        batch = actions.give_guests(year, by=request.user, chosen=chosen, **keys(request))
    except NotPermitted:
        raise
    except Refused as refusal:
        return _show(request, year, refusal)
    messages.success(
        request, f"已给参加单位安排 {batch.count} 项的期次。安排错了，今天之内可以在“批量操作”里整批撤销。"
    )
    return redirect("year_joined", year.pk)


@require_POST
def joined_release(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """What a department whose term is over did not hand in is not asked for any more."""
    year = found_year(request, pk)
    manage(request, year)
    guest = get_object_or_404(Unit, pk__in=[one.unit for one in left_over(year, clock.today())], pk=unit)
    try:
        actions.release_guest(year, by=request.user, unit=guest, **keys(request))
    except NotPermitted:
        raise
    except Refused as refusal:
        return _show(request, year, refusal)
    messages.success(request, f"“{guest}”没有报的期次不再要求，已经报的不动。")
    return redirect("year_joined", year.pk)


def _found(request: HttpRequest, pk: int) -> Citation:
    rows = Citation.objects.filter(slot__in=slots_for(request.user)).select_related(
        "evidence__unit", "evidence__agency", "evidence__current__blob", "version_pinned__blob", "need",
        "slot__performer", "slot__item__unit", "slot__item__lead", "slot__item__year__campaign",
    )  # fmt: skip
    return get_object_or_404(
        rows.exclude(evidence__in=stopped()).exclude(untold(request.user)), pk=pk
    )  # 标有密级: nobody opens it


def _version(citation: Citation) -> Version:
    """What was handed in, or before that what is there now; 404 for a link, which has no bytes."""
    found = citation.version_pinned or citation.evidence.current
    if found is None:
        raise Http404
    return found


@require_safe
def citation(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece of evidence as far as it was cited: what it says of itself, and its bytes. Nothing else of its library."""
    found = _found(request, pk)
    piece, slot = found.evidence, found.slot
    version = found.version_pinned or piece.current
    context: dict[str, Any] = {
        "citation": found, "piece": piece, "version": version, "kind_label": Kind(piece.kind).label,
        "link": piece.url if piece.kind == Kind.LINK else "",
        "file_url": reverse("citation_file", args=[pk]) if version else "",
        "inline": bool(version and version.blob.mime in kinds.INLINE),
        "picture": reverse("citation_thumb", args=[pk]) if version and version.blob.thumbnail else "",
        "crumbs": crumbs(slot.item, (piece.title, "")), "back": item_url(slot.item_id, slot.pk, "#materials"),
    }  # fmt: skip
    return render(request, "ledger/citation.html", context)


@require_safe
def citation_file(request: HttpRequest, pk: int) -> FileResponse:
    """The bytes that were cited; `?show=1` shows pictures and PDF in the browser."""
    version = _version(_found(request, pk))
    blob = version.blob
    inline = request.GET.get("show") == "1" and blob.mime in kinds.INLINE
    disposition = names.disposition(version.original_name, inline=inline)
    return send_file(blob.sha256, blob.size, blob.mime, version.original_name, disposition, inline=inline)


@require_safe
def citation_thumb(request: HttpRequest, pk: int) -> HttpResponse:
    """The small picture of what was cited."""
    blob = _version(_found(request, pk)).blob
    if not blob.thumbnail or not store().exists(blob.thumbnail):
        raise Http404
    with store().open(blob.thumbnail) as handle:
        answer = HttpResponse(handle.read(), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=300"
    answer["Content-Security-Policy"] = SANDBOX
    return answer
