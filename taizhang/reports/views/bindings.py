"""材料册 on the pages: the list, a new one with what it would hold, one with its progress and its file."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.campaigns.models import Year
from taizhang.campaigns.queries import CHOSEN, current
from taizhang.campaigns.rules.states import YearState
from taizhang.evidence.rules.names import clean_name, disposition
from taizhang.kit import clock, look
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.htmx import page
from taizhang.kit.sending import SANDBOX
from taizhang.ledger.models import Item
from taizhang.ledger.queries import items_for
from taizhang.org.action import open_to
from taizhang.org.permits import Permit
from taizhang.org.queries import may_anywhere

from .. import actions, jobs, queries
from ..forms import Ask
from ..models import Binding, BindingState, Form, Scope
from ..queries.wanted import Wanted

PER_PAGE = 30
LAMPS = {
    BindingState.WAITING: "n",
    BindingState.WORKING: "b",
    BindingState.READY: "g",
    BindingState.FAILED: "r",
}
KINDS = {"made.pdf": "application/pdf", "made.zip": "application/zip"}


def allow(request: HttpRequest) -> None:
    if not may_anywhere(request.user, Permit.BIND):
        raise NotPermitted("装订材料册由处室负责人、联络员和创建办办理。请把要装订的范围告诉他们。")


def years_of(request: HttpRequest) -> list[Year]:
    """The years of which the reader sees items, the newest first; one query."""
    seen = items_for(request.user).filter(year__isnull=False).values("year")
    rows = Year.objects.filter(pk__in=seen).exclude(state=YearState.PLANNED).select_related("campaign__unit")
    return list(rows.order_by("-year", "campaign"))


@require_safe
def bindings(request: HttpRequest) -> HttpResponse:
    allow(request)
    shown = Paginator(queries.bindings_for(request.user).order_by("-id"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    head = reverse("binding", args=[0])[:-2]
    rows = [
        {
            "label": one.label, "url": f"{head}{one.pk}/", "form": Form(one.form).label, "lamp": look.lamp(LAMPS[BindingState(one.state)], _state(one)),
            "missing": len(one.missing), "pages": one.pages, "size": one.size, "by": str(one.by or "系统"), "at": one.created_at,
            "file": f"{head}{one.pk}/file/" if one.state == BindingState.READY else "",
        }
        for one in shown
    ]  # fmt: skip
    context = {"rows": rows, "shown": shown, "days": jobs.KEEP_DAYS}
    return page(request, "reports/bindings.html", context)


def _state(one: Binding) -> str:
    if one.state == BindingState.WORKING and one.total:
        return f"正在装订 {min(one.done, one.total) * 100 // one.total}%"
    return BindingState(one.state).label


@require_http_methods(["GET", "POST"])
def binding_new(request: HttpRequest) -> HttpResponse:
    """First what it would hold, then the button. A link from an item or a year brings the scope along."""
    allow(request)
    years = years_of(request)
    year = _year(request, years)
    if year is None:
        return page(request, "reports/binding_new.html", {"crumbs": _crumbs("新装订"), "years": []})
    scopes = queries.scopes_of(request.user, year)
    data = request.POST if request.method == "POST" else _asked(request, year, scopes)
    form = Ask(
        data, years=[(one.pk, f"{one.campaign}　{one}") for one in years], whole=scopes.whole, areas=scopes.areas,
        units=scopes.units,
        initial={"year": year.pk, "form": Form.VOLUME, "scope": Scope.ALL if scopes.whole else Scope.UNIT, "per_page": 2,
                 **({"unit": str(scopes.units[0][0])} if scopes.units and not scopes.whole else {})},
    )  # fmt: skip
    refusal: Refused | None = None
    found: Wanted | None = None
    if form.is_bound and form.is_valid():
        try:
            found = _wanted(request, year, form.cleaned_data)
            if request.method == "POST":
                return _ask(request, found)
        except NotPermitted:
            raise
        except Refused as refused:
            refusal = refused
    context = {
        "crumbs": _crumbs("新装订"), "years": years, "form": form, "refusal": refusal, "found": found,
        "held": queries.preview(found) if found else None, "same": queries.same_again(request.user, found.digest) if found else None,
    }  # fmt: skip
    status = refusal.status if refusal else 422 if request.method == "POST" and form.errors else 200
    return page(request, "reports/binding_new.html", context, status=status)


def _year(request: HttpRequest, years: list[Year]) -> Year | None:
    """?year=, that of ?pk= (an item), the one that the frame shows, or the newest."""
    said = request.POST.get("year") or request.GET.get("year", "")
    if (item := _item(request)) is not None and not said:
        said = str(item.year_id)
    if not said and years:
        chosen = request.session.get(CHOSEN)
        now = current(request.user, clock.today(), chosen if isinstance(chosen, int) else None)
        said = str(now.year_id) if now else ""
    return next((one for one in years if str(one.pk) == said), years[0] if years else None)


def _item(request: HttpRequest) -> Item | None:
    """The item that a link names."""
    pk = request.GET.get("pk", "")
    if not pk.isdecimal() or len(pk) > 17:
        return None
    found: Item | None = items_for(request.user).filter(pk=int(pk), year__isnull=False).first()
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest, year: Year, scopes: Any) -> dict[str, Any] | None:
    """What the address asks to see the contents of; None when the form is only opened."""
    if (item := _item(request)) is not None:
        return {
            "year": year.pk,
            "form": request.GET.get("form", Form.VOLUME),
            "scope": Scope.ITEM,
            "item": item.no,
            "per_page": 2,
        }
    if "scope" not in request.GET:
        return None
    said = {"year": str(year.pk), "form": str(Form.VOLUME), "per_page": "2", **request.GET.dict()}
    # another year was chosen: its areas and departments are others
    if said.get("area") and said["area"] not in dict(scopes.areas):
        said["area"] = ""
    return said


def _wanted(request: HttpRequest, year: Year, said: dict[str, Any]) -> Wanted:
    scope = Scope(said["scope"])
    chosen = {Scope.AREA: said.get("area", ""), Scope.UNIT: said.get("unit", "")}.get(scope, "")
    if scope == Scope.ITEM:
        seen = items_for(request.user).filter(year=year)
        rows = list(seen.filter(no=said["item"])[:2]) or list(seen.filter(code=said["item"])[:2])
        if len(rows) != 1:
            raise Refused(
                f"{year.campaign} {year}里{'不止一个' if rows else '没有'}编号是“{said['item']}”的事项，请核对后再填。"
            )
        chosen = str(rows[0].pk)
    return queries.wanted(
        request.user, year, clock.today(), form=said["form"], scope=scope, chosen=chosen, per_page=said["per_page"] or 2
    )  # fmt: skip


def _ask(request: HttpRequest, found: Wanted) -> HttpResponse:
    verb = {Scope.UNIT: actions.bind_unit, Scope.ITEM: actions.bind_item}.get(found.scope, actions.bind)
    made = verb(found.subject, by=request.user, found=found, once=request.POST.get("once", "")[:64])
    if made.state == BindingState.READY:
        messages.info(request, "材料没有变化，这一册已经装订好，可以直接下载。")
    else:
        messages.success(request, "已开始装订。可以离开这一页，做完了在这里下载。")
    return redirect("binding", made.pk)


def find(request: HttpRequest, pk: int) -> Binding:
    return get_object_or_404(queries.bindings_for(request.user), pk=pk)


@require_safe
def binding(request: HttpRequest, pk: int) -> HttpResponse:
    allow(request)
    one = find(request, pk)
    lines: dict[str, list[str]] = {}
    for row in one.missing:
        lines.setdefault(row["item"], []).append(row["text"])
    made = actions.made_path(one).exists() if one.state == BindingState.READY else False
    context = {
        "one": one, "job": _job(one), "lines": list(lines.items()), "made": made, "crumbs": _crumbs(one.label), "form_label": Form(one.form).label,
        "steps": {step.name.partition(".")[2] for step in open_to(request.user, one, ["reports.discard", "reports.bind_again"])},
        "lamp": look.lamp(LAMPS[BindingState(one.state)], BindingState(one.state).label), "most": actions.MOST_MISSING,
    }  # fmt: skip
    return page(request, "reports/binding.html", context)


def _job(one: Binding) -> dict[str, Any]:
    going = one.state in (BindingState.WAITING, BindingState.WORKING)
    waits = "前面还有一册在装订，排队等候" if one.state == BindingState.WAITING else ""
    return {
        "name": "装订", "state": "running" if going else "done" if one.state == BindingState.READY else "failed", "done": min(one.done, one.total),
        "total": one.total if one.state == BindingState.WORKING else 0, "noun": "件材料", "doing": one.stage, "left": waits,
        "poll_url": reverse("binding_progress", args=[one.pk]),
    }  # fmt: skip


@require_safe
def binding_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked by the page every second; when it is over the page is to load anew."""
    allow(request)
    one = find(request, pk)
    if one.state not in (BindingState.WAITING, BindingState.WORKING):
        url = reverse("binding", args=[pk])
        return (
            HttpResponse(headers={"HX-Redirect": url}) if request.headers.get("HX-Request") else redirect(url)
        )
    return page(request, "parts/progress.html", {"job": _job(one)})


@require_safe
def binding_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file, to be saved under the binding's name."""
    allow(request)
    one = find(request, pk)
    path = actions.made_path(one)
    if one.state != BindingState.READY:
        raise Refused("这一册还没有装订好，不能下载。请等装订完成。")
    if not path.exists() or path.stat().st_size != one.size:
        raise Refused("这一册的文件已不在磁盘上。请清理它，再装订一次。")
    answer = FileResponse(open(path, "rb"), content_type=KINDS[path.name])  # noqa: SIM115 -- closed by the answer
    answer["Content-Length"] = str(one.size)
    answer["Content-Disposition"] = disposition(clean_name(f"{one.label}{path.suffix}"))
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def binding_again(request: HttpRequest, pk: int) -> HttpResponse:
    allow(request)
    one = find(request, pk)
    actions.bind_again(one, by=request.user, once=request.POST.get("once", "")[:64])
    messages.success(request, "已重新开始装订。")
    return redirect("binding", pk)


@require_POST
def binding_discard(request: HttpRequest, pk: int) -> HttpResponse:
    allow(request)
    one = find(request, pk)
    jobs.clear(one, request.user)
    messages.success(request, f"已清理“{one.label}”。材料没有动，需要时可以再装订。")
    return redirect("bindings")


def _crumbs(*words: str) -> list[tuple[str, str]]:
    return [("材料册", reverse("bindings")), *((word, "") for word in words)]
