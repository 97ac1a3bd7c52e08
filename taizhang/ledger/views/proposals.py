"""材料可用在哪里: proposals for what is not yet cited, accepted with one click or turned down."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from taizhang.evidence.models import Evidence, EvidenceState
from taizhang.evidence.queries import evidence_for
from taizhang.kit import clock, look
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.org.permits import Permit
from taizhang.org.queries import may_anywhere

from .. import actions
from ..queries.proposals import Proposal, cited_pairs, proposals_for, slot_for, unplaced_for
from ..queries.scope import items_for
from .show import number

PER_PAGE, MOST, MOST_ONE = 15, 3, 12


def _lines(found: list[Proposal], piece: int, item_prefix: str) -> list[dict[str, Any]]:
    return [
        {
            "key": f"{piece}-{one.slot}" if one.may and not one.cited else "", "turn": f"{piece}-{one.item}", "no": one.no,
            "title": one.title, "standard": one.standard, "lead": one.lead, "period": one.period,
            "url": f"{item_prefix}{one.item}/" + (f"?slot={one.slot}" if one.slot else ""),
            "state": look.lamp("g", "已引用") if one.cited else "",
            "why": "" if one.may or one.cited else f"由{one.lead}引用" if one.slot else "这一期已不收材料" if one.begun else "还没有期次",
        }
        for one in found
    ]  # fmt: skip


def _context(request: HttpRequest, pieces: list[Evidence], most: int) -> dict[str, Any]:
    found = proposals_for(request.user, pieces, clock.today(), most)
    items, library = reverse("item", args=[0])[:-2], reverse("evidences")
    one = reverse("evidence_proposals", args=[987654321]).replace("987654321", "{}")
    shown = [
        (
            piece, f"{library}{piece.pk}/",
            look.thumb(
                piece.current.original_name if piece.current else "a.网页",
                f"{library}{piece.pk}/thumb/{piece.current.no}/" if piece.current and piece.current.blob.thumbnail else "",
                f"{library}{piece.pk}/",
            ),
            one.format(piece.pk), _lines(found.get(piece.pk, []), piece.pk, items),
        )
        for piece in pieces
    ]  # fmt: skip
    return {
        "shown": shown,
        "here": request.get_full_path(),
        "may_cite": may_anywhere(request.user, Permit.EVIDENCE_ADD),
    }


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """What no item uses yet: the own deposits, or all that the person sees."""
    if not may_anywhere(request.user, Permit.LEDGER_VIEW) or not may_anywhere(
        request.user, Permit.EVIDENCE_VIEW
    ):
        raise NotPermitted("你没有看材料和台账的权限。如确需查看，请联系创建办。")
    everyone = request.GET.get("all") == "1"
    rows = unplaced_for(request.user)
    if not everyone:
        rows = rows.filter(by=getattr(request.user, "person", None))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **_context(request, list(page.object_list), MOST), "page": page, "everyone": everyone,
        "crumbs": [("材料库", reverse("evidences")), ("待对应的材料", "")],
    }  # fmt: skip
    return render(request, "ledger/proposals.html", context)


@require_safe
def evidence_proposals(request: HttpRequest, pk: int) -> HttpResponse:
    """All that one piece can serve, of every running standard."""
    seen = evidence_for(request.user).filter(state=EvidenceState.LIVE).select_related("current__blob", "unit")
    piece = get_object_or_404(seen, pk=pk)
    context = {
        **_context(request, [piece], MOST_ONE), "one": piece,
        "crumbs": [("材料库", reverse("evidences")), (piece.number, reverse("evidence", args=[pk])), ("可用在哪里", "")],
    }  # fmt: skip
    return render(request, "ledger/proposals.html", context)


def _back(request: HttpRequest) -> HttpResponse:
    here = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(here, {request.get_host()})
    return redirect(here if safe else reverse("proposals"))


def _pairs(words: list[str]) -> list[tuple[int, int]]:
    """`12-305` of a button or box: a piece, and a slot or an item."""
    found = [(number(left), number(right)) for left, _, right in (word.partition("-") for word in words)]
    return [(left, right) for left, right in found if left is not None and right is not None]


@require_POST
def proposals_accept(request: HttpRequest) -> HttpResponse:
    """Cite what was ticked, or the one that was clicked; each by itself, and what was refused is told."""
    one = request.POST.get("one", "")
    wanted = _pairs([one] if one else request.POST.getlist("pick"))
    if not wanted:
        messages.warning(request, "还没有勾选。先勾选要引用的，或点某一条后面的“引用”。")
        return _back(request)
    pieces = {
        piece.pk: piece for piece in evidence_for(request.user).filter(pk__in=[left for left, _ in wanted])
    }
    there = cited_pairs(wanted)
    done, refused = 0, []
    for left, right in wanted[:200]:
        slot = slot_for(request.user, right)
        piece = pieces.get(left)
        if slot is None or piece is None:
            refused.append("有一条已经看不到了，请刷新再看。")
            continue
        if (left, right) in there:
            refused.append(f"《{piece.title}》已经引用在{slot.item}的{slot}，不用再引用。")
            continue
        try:
            actions.cite(slot, by=request.user, evidence=piece)
            done += 1
        except Refused as refusal:
            refused.append(f"{slot.item}：{refusal.message}")
    if done:
        messages.success(request, f"已引用 {done} 处，可在各事项页补完成情况后提交。")
    if refused:
        messages.error(request, f"{len(refused)} 处没有引用。" + " ".join(dict.fromkeys(refused)))
    return _back(request)


@require_POST
def proposals_decline(request: HttpRequest) -> HttpResponse:
    """The clicked item is not for this piece; it is not proposed again."""
    for left, right in _pairs([request.POST.get("turn", "")]):
        piece = get_object_or_404(evidence_for(request.user), pk=left)
        item = get_object_or_404(items_for(request.user).select_related("unit", "lead"), pk=right)
        actions.decline(item, by=request.user, evidence=piece)
        messages.success(request, f"《{piece.title}》不再建议用于 {item}。")
    return _back(request)
