"""接续台账: choose files, map columns, match rows and files, look at all of it, save; and take it back."""

import tempfile
import zipfile
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.campaigns.models import Year
from taizhang.kit import clock, files
from taizhang.kit.errors import NotPermitted, Refused, Stale
from taizhang.kit.tables import read_book
from taizhang.org.action import demand
from taizhang.org.permits import Permit
from taizhang.org.queries import may

from .. import actions
from ..actions.taking_back import HOURS
from ..forms.takeover import columns_said, file_said, row_said, words_said
from ..models import Item, Takeover, TakeoverState
from ..queries.taken_over import of_year, takeovers_for, undo_until
from ..rules.takeover import Choices
from ..sheets.takeover import open_files
from ..sheets.taking import Taken, read_takeover
from .asked import found_year
from .show import keys
from .takeover_show import STEPS, bar, columns_step, files_step, rows_step, save_step

MOST_FILES = 200  # chosen one by one in one go; more come in a zip


def found(request: HttpRequest, pk: int, name: str) -> Takeover:
    """The takeover PK or 404; 403 for who may see the ledger and not take the action NAME on it."""
    one: Takeover = get_object_or_404(takeovers_for(request.user), pk=pk)
    demand(request.user, name, one, noted=request.method == "POST")
    return one


def crumbs_of(year: Year, last: str) -> list[tuple[str, str]]:
    return [
        ("事项清单", f"{reverse('items')}?year={year.pk}"),
        ("接续台账", reverse("takeover_new", args=[year.pk])),
        (last, ""),
    ]


# ---- 选文件


@require_http_methods(["GET", "POST"])
def takeover_new(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: which file; what was taken over before. POST: its bytes are kept, and the wizard begins."""
    year = found_year(request, pk)
    demand(request.user, "ledger.begin_takeover", year, noted=request.method == "POST")
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            made = _begin(request, year)
            return redirect(f"{reverse('takeover', args=[made.pk])}?step=columns")
        except NotPermitted:
            raise
        except Refused as error:
            refusal = error
    rows = [(one, undo_until(one, HOURS)) for one in of_year(year)]
    context = {
        "year": year, "refusal": refusal, "bar": bar(None, "file"), "rows": rows, "chosen": _chosen(request),
        "most": settings.IMPORT_MAX_BYTES // 2**20, "most_zip": settings.UPLOAD_MAX_BYTES // 2**20, "most_files": MOST_FILES,
        "usable": year.state == "open", "crumbs": crumbs_of(year, "选文件")[:1] + [("接续台账", "")],
    }  # fmt: skip
    return render(request, "ledger/takeover_new.html", context, status=refusal.status if refusal else 200)


def _chosen(request: HttpRequest) -> str:
    upload = request.FILES.get("file")
    return (upload.name or "")[:200] if upload else ""


def _begin(request: HttpRequest, year: Year) -> Takeover:
    actions.check_open(year)
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("还没有选台账文件。请选一份 Excel、金山表格或 csv。")
    if (upload.size or 0) > settings.IMPORT_MAX_BYTES:
        raise Refused(f"台账文件超过 {settings.IMPORT_MAX_BYTES // 2**20} MB，没有读。请只留台账的表再传。")
    name, data = (upload.name or "台账")[:200], upload.read()
    read_book(data, name)  # what cannot be opened is refused here, before anything is kept
    files_name, files_sha256 = _evidence(request)
    stored = files.store().put([data], limit=settings.IMPORT_MAX_BYTES)
    made: Takeover = actions.begin_takeover(
        year, by=request.user, once=keys(request)["once"], source_name=name, sha256=stored.sha256, files_name=files_name,
        files_sha256=files_sha256,
    )  # fmt: skip
    return made


def _evidence(request: HttpRequest) -> tuple[str, str]:
    """The zip as it came, or the files chosen one by one bound into one: its name and SHA-256; ("", "") for none."""
    chosen = request.FILES.getlist("files")
    if not chosen:
        return "", ""
    limit = settings.UPLOAD_MAX_BYTES
    if len(chosen) == 1 and (chosen[0].name or "").lower().endswith(".zip"):
        return _kept_zip((chosen[0].name or "")[:200], chosen[0].chunks(), limit)
    if any((one.name or "").lower().endswith(".zip") for one in chosen):
        raise Refused("压缩包请单独选一个，不要和散的文件一起选。")
    if len(chosen) > MOST_FILES:
        raise Refused(f"一次最多选 {MOST_FILES} 个文件。请把整个文件夹打成一个压缩包再传。")
    with tempfile.TemporaryFile() as held:
        _bind(held, chosen)
        held.seek(0)
        return _kept_zip(f"{len(chosen)} 个文件", files.read_pieces(held), limit)  # type: ignore[arg-type]


def _kept_zip(name: str, pieces: Any, limit: int) -> tuple[str, str]:
    stored = files.store().put(pieces, limit=limit)
    path = files.store().path(stored.sha256)  # type: ignore[attr-defined]
    open_files(path, name)  # a bomb, or no zip at all, is refused here
    return name, stored.sha256


def _bind(held: Any, chosen: "list[UploadedFile[Any]]") -> None:
    names: set[str] = set()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED, allowZip64=True) as package:
        for n, one in enumerate(chosen):
            name = one.name or f"未命名{n}"
            name = name if name not in names else f"{n}-{name}"
            names.add(name)
            with package.open(name, "w") as member:
                for piece in one.chunks():
                    member.write(piece)


# ---- the steps


@require_http_methods(["GET", "POST"])
def takeover(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft at one of its steps; what has been saved shows what came of it. POST: one correction."""
    one = found(request, pk, "ledger.mend_takeover")
    if one.state != TakeoverState.DRAFT:
        return _result(request, one)
    if one.counts.get("running"):
        return _waiting(request, one)
    step = request.GET.get("step", "columns")
    step = step if step in STEPS else "columns"
    refusal: Refused | None = None
    try:
        taken = read_takeover(one, clock.today())
    except Refused as error:
        return _show(request, one, "columns", {}, error)
    if request.method == "POST":
        try:
            return _mend(request, one, taken, step)
        except NotPermitted:
            raise
        except Refused as error:
            refusal = error
    if step == "columns" or not taken.plan.rows:
        return _show(request, one, "columns", columns_step(taken), refusal, taken)
    if step == "save":
        failed = (
            Refused(one.counts["failed"], problems=one.counts.get("problems"))
            if one.counts.get("failed")
            else None
        )
        past = request.GET.get("past") == "1"
        return _show(request, one, step, save_step(one, taken, past), refusal or failed, taken)
    made = rows_step(request, one, taken) if step == "rows" else files_step(request, one, taken)
    return _show(request, one, step, made, refusal, taken)


def _show(
    request: HttpRequest, one: Takeover, step: str, made: dict[str, Any], refusal: Refused | None, taken: Taken | None = None
) -> HttpResponse:  # fmt: skip
    names = list(STEPS)
    after = names[names.index(step) + 1] if step != "save" else ""
    context = {
        "found": one, "year": one.year, "step": step, "bar": bar(one, step), "refusal": refusal,
        "crumbs": crumbs_of(one.year, one.source_name), "here": reverse("takeover", args=[one.pk]), "next": after,
        "next_label": STEPS.get(after, ""), "taken": taken, "typed": request.POST if refusal and request.method == "POST" else {},
        **made,
    }  # fmt: skip
    # what failed in the background is told, not answered
    status = refusal.status if refusal and (request.method == "POST" or taken is None) else 200
    return render(request, f"ledger/takeover_{step}.html", context, status=status)


def _mend(request: HttpRequest, one: Takeover, taken: Taken, step: str) -> HttpResponse:
    """One correction, by the name in `do`; back to the place where it was made."""
    said = Choices.from_json(one.choices)
    posted = request.POST.dict()
    verbs: dict[str, Callable[[], dict[str, Any]]] = {
        "columns": lambda: {"columns": columns_said(posted), "sheets": request.POST.getlist("sheet")},
        "words": lambda: {"words": _laid(said.words, words_said(posted, taken.facts))},
        "row": lambda: {"rows": _with(said.rows, posted.get("key", ""), row_said(posted, taken.facts))},
        "file": lambda: {"files": _with(said.files, posted.get("name", ""), file_said(posted, taken.facts))},
    }
    do = posted.get("do", "")
    if do == "evidence":
        name, sha256 = _evidence(request)
        if not sha256:
            raise Refused("还没有选材料。请选一个压缩包，或一次选多个文件。")
        actions.mend_takeover(one, by=request.user, files_name=name, files_sha256=sha256, **keys(request))
    elif do in verbs:
        choices = said.to_json() | verbs[do]()
        actions.mend_takeover(one, by=request.user, choices=choices, **keys(request))
    else:
        raise Refused("没有这种修改，请刷新页面。")
    if do == "columns":
        messages.success(request, "列已按你说的重新读。")
    back = {name: value for name in ("f", "page") if (value := request.GET.get(name))}
    query = "".join(f"&{name}={value}" for name, value in back.items() if value.isascii() and value.isalnum())
    mark = f"#r{posted['n']}" if do == "row" and posted.get("n", "").isdigit() else ""
    return redirect(f"{reverse('takeover', args=[one.pk])}?step={step}{query}{mark}")


def _with(table: dict[str, Any], key: str, said: Any) -> dict[str, Any]:
    rest = {name: value for name, value in table.items() if name != key}
    return rest | {key: said} if said else rest


def _laid(old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {field: old.get(field, {}) | new.get(field, {}) for field in {*old, *new}}


# ---- saving, and what came of it


@require_POST
def takeover_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what was looked at: the work is done in the background, the page tells how far it is."""
    one = found(request, pk, "ledger.start_takeover")
    try:
        if one.state == TakeoverState.DRAFT and not one.counts.get("running"):
            past = request.POST.get("past") == "1"
            taken = read_takeover(one, clock.today())
            if request.POST.get("saw") != taken.imprint:
                raise Stale("没有保存：你看过之后台账又有变动，接续的结果会不一样。请看过最新的再保存。")
            actions.start_takeover(one, by=request.user, past=past, **keys(request))
    except NotPermitted:
        raise
    except Refused as error:
        request.GET = request.GET.copy()
        try:
            taken = read_takeover(one, clock.today())
        except Refused as unreadable:
            return _show(request, one, "columns", {}, unreadable)
        return _show(
            request, one, "save", save_step(one, taken, request.POST.get("past") == "1"), error, taken
        )
    return redirect("takeover", one.pk)


def _job(one: Takeover) -> dict[str, Any]:
    counts = one.counts
    total = counts.get("total", 0)
    doing = "把各行写进台账" if total and counts.get("done") == total else ""
    return {
        "name": "接续台账", "state": "running", "done": counts.get("done", 0), "total": total, "noun": "份材料", "doing": doing,
        "poll_url": reverse("takeover_progress", args=[one.pk]),
    }  # fmt: skip


def _waiting(request: HttpRequest, one: Takeover) -> HttpResponse:
    context = {
        "found": one, "year": one.year, "bar": bar(one, "save"), "job": _job(one), "crumbs": crumbs_of(one.year, one.source_name),
    }  # fmt: skip
    return render(request, "ledger/takeover_waiting.html", context)


@require_safe
def takeover_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the saving is, asked by the page every second; when it is over the page is to load anew."""
    one = found(request, pk, "ledger.mend_takeover")
    running = one.state == TakeoverState.DRAFT and one.counts.get("running")
    if not running:
        url = reverse("takeover", args=[pk]) + ("?step=save" if one.state == TakeoverState.DRAFT else "")
        return (
            HttpResponse(headers={"HX-Redirect": url}) if request.headers.get("HX-Request") else redirect(url)
        )
    return render(request, "parts/progress.html", {"job": _job(one)})


def _result(request: HttpRequest, one: Takeover) -> HttpResponse:
    """What was taken over, with the way to it, and the button that takes it back."""
    counts, year = one.counts, one.year
    ledger = f"{reverse('items')}?year={year.pk}"
    until = undo_until(one, HOURS)
    numbers = [
        {"label": "匹配", "n": counts.get("matched", 0), "url": ledger},
        {"label": "单独立项", "n": counts.get("raised", 0), "url": f"{ledger}&source=kept"},
        {"label": "办结销号", "n": counts.get("closed", 0), "url": f"{ledger}&status=closed&source=any"},
        {"label": "材料", "n": counts.get("files", 0), "url": reverse("evidences")},
    ]  # fmt: skip
    raised = Item.objects.filter(pk__in=counts.get("raised_items", [])).select_related("lead")
    context = {
        "found": one, "year": year, "numbers": numbers, "until": until, "ledger": ledger, "words": counts.get("words", []),
        "raised": [(reverse("item", args=[item.pk]), item.no, item.title, str(item.lead or "没有牵头")) for item in raised],
        "manages": may(request.user, Permit.LEDGER_MANAGE, year.campaign.unit), "undone": one.state == TakeoverState.UNDONE,
        "counts_said": counts, "binned": counts.get("binned", 0), "kept": counts.get("kept", 0), "crumbs": crumbs_of(year, one.source_name), "hours": HOURS,
        "refusal": getattr(request, "_refusal", None),
    }  # fmt: skip
    status = context["refusal"].status if context["refusal"] else 200
    return render(request, "ledger/takeover_done.html", context, status=status)


@require_POST
def takeover_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回接续."""
    one = found(request, pk, "ledger.undo_takeover")
    try:
        actions.undo_takeover(one, by=request.user, **keys(request))
    except NotPermitted:
        raise
    except Refused as error:
        kept: Any = request
        kept._refusal = error
        one = found(request, pk, "ledger.undo_takeover")
        return _result(request, one) if one.state != TakeoverState.DRAFT else redirect("takeover", pk)
    messages.success(request, f"已撤回，{one.year}的台账与接续前一样。")
    return redirect("takeover", pk)


@require_POST
def takeover_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    one = found(request, pk, "ledger.drop_takeover")
    actions.drop_takeover(one, by=request.user, **keys(request))
    messages.success(request, f"已放弃《{one.source_name}》，台账没有动。")
    return redirect("takeover_new", one.year_id)
