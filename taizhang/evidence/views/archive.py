"""归档: the volumes of an agency, its fonds number, and drawing a new volume from the library."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from taizhang.kit import clock, look
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.kit.htmx import page
from taizhang.org.models import Unit
from taizhang.org.permits import Permit
from taizhang.org.queries import may_anywhere

from .. import actions
from ..models import Kind, Volume, VolumeState
from ..queries import archive as filing
from ..queries.archive import Source
from ..rules import archive as rules
from ..rules.archive import RETENTIONS

PER_PAGE = 30
CANDIDATES = 200
KINDS = [(kind.value, kind.label) for kind in Kind]
Sources = Callable[[Any], list[Source]]


def allow(request: HttpRequest) -> None:
    if not may_anywhere(request.user, Permit.ARCHIVE):
        raise NotPermitted("归档由创建办办理。如需查阅归档材料，请联系创建办。")


def find(request: HttpRequest, pk: int) -> Volume:
    allow(request)
    return get_object_or_404(filing.volumes_for(request.user), pk=pk)


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("材料库", reverse("evidences")), ("归档", reverse("volumes")), *more]


def agency_of(request: HttpRequest) -> tuple[Unit | None, list[Unit]]:
    """The agency that the address names, else the first for which the reader files."""
    found = filing.archiving_agencies(request.user)
    said = request.POST.get("agency") or request.GET.get("agency", "")
    if said:
        chosen = next((one for one in found if str(one.pk) == said), None)
        if chosen is None:
            raise Http404
        return chosen, found
    return (found[0] if found else None), found


@require_safe
def volumes(request: HttpRequest) -> HttpResponse:
    """The volumes, the newest year first; and whether the agency has its number."""
    allow(request)
    agency, agencies = agency_of(request)
    fonds = filing.fonds_of(agency) if agency else None
    shown = Paginator(filing.with_counts(filing.volumes_for(request.user)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    head = reverse("volume", args=[0])[:-2]
    rows = [
        {
            "title": one.title, "url": f"{head}{one.pk}/", "year": one.year, "pieces": getattr(one, "pieces", 0), "agency": str(one.agency),
            "state": look.st(one.state, VolumeState(one.state).label), "at": one.sealed_at or one.created_at,
            "by": str(one.sealed_by or ""), "sealed": one.state == VolumeState.SEALED,
            "succeeds": str(one.succeeds) if one.succeeds else "",
        }
        for one in shown
    ]  # fmt: skip
    units = len(fonds.codes) if fonds else 0
    context = {
        "rows": rows,
        "shown": shown,
        "fonds": fonds,
        "units": units,
        "agency": agency,
        "agencies": agencies,
        "crumbs": crumbs()[:2],
    }
    return page(request, "evidence/volumes.html", context)


@require_http_methods(["GET", "POST"])
def fonds(request: HttpRequest) -> HttpResponse:
    """全宗号 and the departments' codes; codes that are not given yet are proposed from the names."""
    allow(request)
    agency, _ = agency_of(request)
    if agency is None:
        raise NotPermitted("归档由创建办办理。如需查阅归档材料，请联系创建办。")
    there = filing.fonds_of(agency)
    units = filing.filing_units(agency)
    said = {unit.pk: request.POST.get(f"code-{unit.pk}", "") for unit in units}
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            if there is not None and request.POST.get("seen") not in ("", None, str(there.version)):
                raise Stale("没有保存：这一内容刚被他人修改过。你填的都还在，请看过最新内容再提交。")
            actions.set_fonds(
                agency, by=request.user, code=request.POST.get("code", "")[:20], archive=request.POST.get("archive", "")[:400],
                codes={pk: text[:20] for pk, text in said.items()}, once=request.POST.get("once", "")[:64],
            )  # fmt: skip
            messages.success(request, "已保存全宗号和机构代码。")
            return redirect("volumes")
        except NotPermitted:
            raise
        except Refused as refused:
            refusal = refused
    held = {int(pk): code for pk, code in there.codes.items() if code} if there else {}
    typed = request.method == "POST"
    codes = said if typed else rules.proposed_codes({unit.pk: str(unit) for unit in units}, held)
    rows = [
        (unit.pk, str(unit), code := codes.get(unit.pk, ""), bool(code) and not typed and unit.pk not in held)
        for unit in units
    ]
    context = {
        "agency": agency, "fonds": there, "rows": rows, "refusal": refusal, "crumbs": crumbs(("全宗和机构代码", "")),
        "code": request.POST.get("code", there.code if there else ""), "archive": request.POST.get("archive", there.archive if there else ""),
        "sample": rules.archive_no(there.code if there else "Z109", clock.today().year, "Y", "BGS", 1),
        "proposed": any(row[3] for row in rows),
    }  # fmt: skip
    return page(request, "evidence/fonds.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "POST"])
def volume_new(request: HttpRequest, sources_of: Sources) -> HttpResponse:
    """First what it would hold, then the button: a campaign year's cited pieces, or the library's by year."""
    allow(request)
    agency, agencies = agency_of(request)
    sources = [one for one in sources_of(request.user) if agency and one.agency == agency.pk]
    asked = request.POST if request.method == "POST" else request.GET
    source = next((one for one in sources if one.key == asked.get("source")), None)
    year = _year(asked.get("year", "")) or (source.year if source else clock.today().year)
    kind = asked.get("kind", "") if asked.get("kind") in dict(KINDS) else ""
    if request.method == "GET" and "source" not in request.GET and sources:
        source, year = sources[0], sources[0].year
    refusal: Refused | None = None
    if request.method == "POST" and agency:
        try:
            found = _drawn(request, agency, source, year, kind)
            made = actions.open_volume(
                agency, by=request.user, year=year, title=request.POST.get("title", "")[:400], source=source.key if source else "",
                pieces=list(found.values_list("pk", flat=True)), once=request.POST.get("once", "")[:64],
            )  # fmt: skip
            messages.success(request, f"已立归档册“{made}”。请核对每件的保管期限和日期，再编号。")
            return redirect("volume", made.pk)
        except NotPermitted:
            raise
        except Refused as refused:
            refusal = refused
    pieces, total = [], 0
    if agency:
        found = _drawn(request, agency, source, year, kind)
        total = found.count()
        pieces = [_candidate(one) for one in found[:CANDIDATES]]
    context = {
        "agency": agency, "agencies": agencies, "sources": sources, "source": source.key if source else "", "year": year, "kind": kind, "kinds": KINDS,
        "pieces": pieces, "total": total, "most": CANDIDATES, "refusal": refusal, "crumbs": crumbs(("新立归档册", "")),
        "title": request.POST.get("title", "") or (f"{agency.name}{year}年度归档文件" if agency else ""), "head": reverse("evidences"),
    }  # fmt: skip
    return page(request, "evidence/volume_new.html", context, status=refusal.status if refusal else 200)


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _drawn(request: HttpRequest, agency: Unit, source: Source | None, year: int, kind: str) -> Any:
    """What the choice would file. A campaign year's pieces come with it whatever their own date is: the checks tell."""
    ids = source.evidence if source else None
    return filing.fileable(request.user, agency, year=None if source else year, ids=ids, kind=kind)


def _candidate(one: Any) -> tuple[int, str, str, str, str]:
    retention = RETENTIONS[rules.retention_of(one.kind, one.title)]
    return (
        one.pk,
        one.title,
        f"{Kind(one.kind).label}　{one.unit}　回执 {one.number}",
        str(one.happened_on or ""),
        retention,
    )


@require_http_methods(["GET", "POST"])
def volume_add(request: HttpRequest, pk: int, sources_of: Sources) -> HttpResponse:
    """More pieces for a draft, ticked on a list."""
    volume = find(request, pk)
    sources = [one for one in sources_of(request.user) if one.agency == volume.agency_id]
    asked = request.GET
    source = next((one for one in sources if one.key == asked.get("source")), None)
    year = _year(asked.get("year", "")) or (None if asked.get("year") == "0" else volume.year)
    refusal: Refused | None = None
    if request.method == "POST":
        pks = [
            int(text)
            for text in request.POST.getlist("pk")[:2000]
            if text.isascii() and text.isdigit() and len(text) < 16
        ]
        try:
            actions.file_in(volume, by=request.user, pieces=pks, once=request.POST.get("once", "")[:64])
            messages.success(request, f"已编入 {len(pks)} 件。新编入的还没有档号，请再编号。")
            return redirect("volume", pk)
        except NotPermitted:
            raise
        except Refused as refused:
            refusal = refused
    found = filing.fileable(
        request.user,
        volume.agency,
        year=None if source else year,
        ids=source.evidence if source else None,
        volume=volume,
    )
    words = asked.get("q", "").replace("\x00", "").strip()[:80]
    if words:
        found = found.filter(title__contains=words)
    context = {
        "volume": volume, "sources": sources, "source": source.key if source else "", "year": year, "q": words, "total": found.count(),
        "pieces": [_candidate(one) for one in found[:CANDIDATES]], "most": CANDIDATES, "refusal": refusal,
        "chosen": set(request.POST.getlist("pk")), "head": reverse("evidences"),
        "crumbs": crumbs((str(volume), reverse("volume", args=[pk])), ("编入材料", "")),
    }  # fmt: skip
    return render(request, "evidence/volume_add.html", context, status=refusal.status if refusal else 200)
