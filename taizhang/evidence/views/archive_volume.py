"""One volume: its pieces, their numbers, the four checks, the seal."""

import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from taizhang.kit import jobs, look
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.htmx import page
from taizhang.kit.sending import SANDBOX, attachment
from taizhang.kit.tables import OutSheet, write_xlsx
from taizhang.org.action import open_to

from .. import actions
from ..models import Filed, Volume, VolumeState
from ..queries import archive as filing
from ..queries.archive_differs import differs
from ..rules import archive as rules
from ..rules.archive import COLUMNS, RETENTIONS
from ..rules.archive_checks import open_problems
from ..rules.names import clean_name, disposition
from ..sheets import archive_out, archive_package, archive_run
from .archive import allow, crumbs, find

PER_PAGE = 100
LONG = 20  # from here on a list is searched
JOB = "taizhang.evidence.jobs.archive"
NEAR = ("volume__agency", "evidence__unit", "file", "annex_of")
STEPS = ["编入材料", "编号", "四性检测", "封存"]


def show(request: HttpRequest, volume: Volume, refusal: Refused | None = None) -> HttpResponse:
    """The page of a volume. The same number of queries whatever it holds. A list of many may be narrowed by words of the
    title; a refused form comes back with the same list."""
    sealed = volume.state == VolumeState.SEALED
    everything = filing.listed(volume)
    mains = [row for row in everything if not row.annex_of_id]
    pieces = {one.key: one for one in rules.wholes(map(filing.piece_of, everything))}
    asked = request.POST if request.method == "POST" else request.GET
    words = asked.get("q", "").replace("\x00", "").strip()[:80]
    found = _with_words(mains, everything, words)
    shown = Paginator(found, PER_PAGE).get_page(asked.get("page"))
    chosen = set(request.POST.getlist("pk"))
    fonds = filing.fonds_of(volume.agency)
    digest = filing.digest_of(volume, everything, fonds)
    numbered = bool(mains) and all(row.no for row in mains)
    fresh = bool(volume.checks) and all(check.get("of") == digest for check in volume.checks)
    left = open_problems(volume.checks)
    running = volume.pk in jobs.queued(JOB)
    told = archive_run.told_of(volume.pk)
    now = 5 if sealed else 1 if not everything else 2 if not numbered else 3 if not fresh or left else 4
    later = volume.successors.order_by("id").first() if sealed else None
    context = {
        "one": volume, "rows": [_row(row, pieces, chosen) for row in _with_annexes(list(shown), everything)], "shown": shown, "count": len(mains), "q": words, "long": len(mains) > LONG, "sealed": sealed, "numbered": numbered, "fresh": fresh,
        "checks": [_check(check) for check in volume.checks], "left": len(left), "steps": STEPS, "now": now, "fonds": fonds, "later": later,
        "pages": sum(row.pages for row in everything), "boxes": len(rules.boxes(pieces.values())) if numbered else 0,
        "job": _job(volume, told, running), "fault": "" if running else told.fault, "refusal": refusal, "differs": differs(volume),
        "recheck": filing.last_recheck(volume) if sealed else None, "groups": _groups(volume), "retentions": list(RETENTIONS.items()),
        "typed": {name: request.POST.get(name, "") for name in ("retention", "code", "dated_on", "note")}, "terms": _terms(mains), "annexes": len(everything) - len(mains),
        "may": {step.name.partition(".")[2] for step in open_to(request.user, volume, ["evidence.arrange"])},
        "crumbs": crumbs((str(volume), "")), "state": look.st(volume.state, VolumeState(volume.state).label),
        "head": reverse("filing", args=[0])[:-2],
    }  # fmt: skip
    return page(request, "evidence/volume.html", context, status=refusal.status if refusal else 200)


def _with_words(mains: list[Filed], everything: list[Filed], said: str) -> list[Filed]:
    """Those of MAINS in whose title or number, or an annex's, ANY of the words stands: what is to be joined need not share one."""
    words = said.split()
    if not words:
        return mains
    there = {
        row.annex_of_id or row.pk
        for row in everything
        if any(word in row.title or word in row.doc_no or word in row.archive_no for word in words)
    }
    return [row for row in mains if row.pk in there]


def _with_annexes(mains: list[Filed], everything: list[Filed]) -> list[Filed]:
    """MAINS, each followed by its annexes."""
    there = {row.pk for row in mains}
    return [row for row in everything if (row.annex_of_id or row.pk) in there]


def _row(row: Filed, pieces: dict[int, rules.Piece], chosen: set[str]) -> dict[str, Any]:
    """PIECES: the whole 件 by their main rows. A main row shows the pages of its whole 件, an annex its own."""
    main = row.annex_of or row
    whole = pieces[main.pk]
    newer = row.file_id != row.evidence.current_id and row.file_id is not None
    return {
        "pk": row.pk, "no": row.archive_no if row.no else "", "annex": row.order if row.annex_of_id else 0, "title": row.title, "doc_no": row.doc_no, "issuer": row.issuer,
        "on": str(row.dated_on or ""), "retention": RETENTIONS[main.retention], "code": main.code, "pages": row.pages if row.annex_of_id else whole.pages, "note": row.note,
        "secrecy": row.secrecy, "unit": str(row.evidence.unit), "chosen": str(row.pk) in chosen, "newer": newer, "piece": row.evidence_id,
        "receipt": row.evidence.number, "order": row.order,
    }  # fmt: skip


def _terms(rows: list[Filed]) -> list[tuple[str, int]]:
    return [(words, sum(row.retention == term for row in rows)) for term, words in RETENTIONS.items()]


def _groups(volume: Volume) -> list[dict[str, Any]]:
    """Problems of one kind together: one reason may be given for all of them. In the order of the checks."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for check in volume.checks:
        for one in check["problems"]:
            group = found.setdefault(
                (check["name"], one["text"], one["todo"]),
                {"name": check["name"], "text": one["text"], "todo": one["todo"], "may": one["may_answer"], "keys": [], "pieces": [], "answer": one["answer"]},
            )  # fmt: skip
            group["keys"].append(one["key"])
            if one["title"]:
                group["pieces"].append((one["piece"], f"{one['archive_no']}　{one['title']}"))
    return [group | {"at": at, "count": len(group["keys"])} for at, group in enumerate(found.values())]


def _check(check: dict[str, Any]) -> dict[str, Any]:
    answered = sum(bool(one["answer"]) for one in check["problems"])
    left = len(check["problems"]) - answered
    words = f"{left} 个问题要处理" if left else f"通过，已说明 {answered} 处" if answered else "通过"
    return {
        "name": check["name"],
        "what": check["what"],
        "lamp": look.lamp("r" if left else "g", words),
        "notes": check["notes"],
    }


def _job(volume: Volume, told: archive_run.Told, running: bool) -> dict[str, Any] | None:
    if not running:
        return None
    return {
        "name": "检测和封存", "done": told.done, "total": told.total, "noun": "件", "doing": told.doing, "state": "running",
        "poll_url": reverse("volume_progress", args=[volume.pk]),
    }  # fmt: skip


@require_safe
def volume(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find(request, pk))


@require_safe
def volume_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked by the page every second; when it is over the page is to load anew."""
    one = find(request, pk)
    job = _job(one, archive_run.told_of(pk), pk in jobs.queued(JOB))
    if job is None:
        url = reverse("volume", args=[pk])
        return (
            HttpResponse(headers={"HX-Redirect": url}) if request.headers.get("HX-Request") else redirect(url)
        )
    return page(request, "parts/progress.html", {"job": job})


def act(request: HttpRequest, pk: int, verb: Any, said: str, **more: Any) -> HttpResponse:
    """One action on the volume; refused, its page is shown again with what was typed."""
    one = find(request, pk)
    try:
        verb(
            one,
            by=request.user,
            once=request.POST.get("once", "")[:64],
            seen=request.POST.get("seen") or None,
            **more,
        )
    except NotPermitted:
        raise
    except Refused as refusal:
        return show(request, find(request, pk), refusal)
    if said:
        messages.success(request, said)
    return redirect(back_to(request, pk))


def back_to(request: HttpRequest, pk: int) -> str:
    """The volume's page, on the sheet from which the form came."""
    sheet, words = request.POST.get("page", ""), request.POST.get("q", "").strip()[:80]
    said = {"q": words} if words else {}
    if sheet.isascii() and sheet.isdigit() and sheet != "1":
        said["page"] = sheet
    return reverse("volume", args=[pk]) + (f"?{urlencode(said)}" if said else "")


def chosen_of(request: HttpRequest) -> list[int]:
    return [
        int(text)
        for text in request.POST.getlist("pk")[:2000]
        if text.isascii() and text.isdigit() and len(text) < 16
    ]


@require_POST
def volume_arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Term, code, date and note of many; or their newest versions."""
    rows = chosen_of(request)
    renew = request.POST.get("do") == "renew"
    try:
        day = None if renew else filing.on_day(request.POST.get("dated_on", ""))
    except Refused as refusal:
        return show(request, find(request, pk), refusal)
    fields = (
        {} if renew else {name: request.POST.get(name, "")[:400] for name in ("retention", "code", "note")}
    )
    said = f"已取 {len(rows)} 件的最新版本。" if renew else f"已改 {len(rows)} 件。"
    return act(request, pk, actions.arrange, said, rows=rows, dated_on=day, renew=renew, **fields)


@require_POST
def volume_take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """A main row goes with its annexes: how much that is, is said."""
    rows = chosen_of(request)
    pieces, annexes = filing.taken_along(find(request, pk), rows)
    words = "、".join([*([f"{pieces} 件"] if pieces else []), *([f"附件 {annexes} 份"] if annexes else [])])
    return act(request, pk, actions.take_out, f"已取出{words}，材料还在材料库里。", rows=rows)


@require_POST
def volume_number(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, actions.number_pieces, "已编号。请做四性检测。")


@require_POST
def volume_check(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, actions.ask_check, "已开始检测。可以离开这一页，结果会显示在这里。")


@require_POST
def volume_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One reason for all problems of a kind."""
    one = find(request, pk)
    answers: dict[str, str] = {}
    for group in _groups(one):
        if (said := request.POST.get(f"answer-{group['at']}")) is not None:
            answers |= dict.fromkeys(group["keys"], said)
    return act(request, pk, actions.answer_check, "已保存理由。", answers=answers)


@require_POST
def volume_seal(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, actions.ask_seal, "已开始封存：再检测一遍，再做归档包。可以离开这一页。")


@require_POST
def volume_recheck(request: HttpRequest, pk: int) -> HttpResponse:
    return act(request, pk, actions.ask_recheck, "已开始复检。可以离开这一页，结果会显示在这里。")


@require_POST
def volume_succeed(request: HttpRequest, pk: int) -> HttpResponse:
    one = find(request, pk)
    try:
        made = actions.succeed(one, by=request.user, once=request.POST.get("once", "")[:64])
    except NotPermitted:
        raise
    except Refused as refusal:
        return show(request, find(request, pk), refusal)
    messages.success(request, "已立修订册，件和档号照原册抄入。改好后检测、封存，即接替原册。")
    return redirect("volume", made.pk)


@require_POST
def volume_discard(request: HttpRequest, pk: int) -> HttpResponse:
    one = find(request, pk)
    try:
        actions.discard_volume(one, by=request.user, seen=request.POST.get("seen") or None)
    except NotPermitted:
        raise
    except Refused as refusal:
        return show(request, find(request, pk), refusal)
    messages.success(request, f"已撤销“{one.title}”。材料还在材料库里。")
    return redirect("volumes")


@require_safe
def volume_catalogue(request: HttpRequest, pk: int) -> HttpResponse:
    """归档文件目录 for Excel, of a draft too: one line for each 件."""
    one = find(request, pk)
    everything = filing.listed(one)
    numbers = {row.pk: row.archive_no if row.no else "" for row in everything}
    rows = [
        [
            at, numbers[piece.key], piece.doc_no, piece.issuer, piece.title, rules.day8(piece.dated_on), piece.secrecy,
            piece.pages or None, piece.note,
        ]
        for at, piece in enumerate(rules.wholes(map(filing.piece_of, everything)), 1)
    ]  # fmt: skip
    book = BytesIO()
    draft = "" if one.state == VolumeState.SEALED else "（草稿）"
    write_xlsx(book, [OutSheet(f"归档文件目录{draft}", list(COLUMNS), rows, archive_package.WIDTHS)])  # type: ignore[arg-type]
    return attachment(book.getvalue(), f"{one.title}归档文件目录{draft}.xlsx")


@require_safe
def volume_package(request: HttpRequest, pk: int) -> FileResponse:
    """The package of a sealed volume as one zip, put together for this answer."""
    one = find(request, pk)
    if one.state != VolumeState.SEALED:
        raise Refused(f"“{one}”还没有封存，没有归档包可下载。请先检测、封存。")
    root = Path(settings.BOUND)
    root.mkdir(parents=True, exist_ok=True)
    out = tempfile.TemporaryFile(dir=root)  # noqa: SIM115 -- closed by the answer
    with (
        tempfile.TemporaryDirectory(dir=root) as folder,
        zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as pack,
    ):
        archive_out.give_out(one, Path(folder))
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(str(path.relative_to(folder)), (1980, 1, 1, 0, 0, 0))
                info.create_system, info.external_attr, info.file_size = 3, 0o644 << 16, path.stat().st_size
                with open(path, "rb") as source, pack.open(info, "w") as target:
                    while piece := source.read(2**20):
                        target.write(piece)
    size = out.tell()
    out.seek(0)
    answer = FileResponse(out, content_type="application/zip")
    answer["Content-Length"] = str(size)
    answer["Content-Disposition"] = disposition(clean_name(f"{one.title}.zip"))
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "POST"])
def filing_piece(request: HttpRequest, pk: int) -> HttpResponse:
    """One 件: all that the catalogue says of it."""
    allow(request)
    seen = filing.volumes_for(request.user)
    row = get_object_or_404(
        Filed.objects.filter(volume__in=seen).select_related(*NEAR),
        pk=pk,
    )
    names = ("title", "doc_no", "issuer", "secrecy", "note")
    typed = {name: request.POST.get(name, getattr(row, name)) for name in names}
    typed |= {
        "retention": request.POST.get("retention", row.retention),
        "code": request.POST.get("code", row.code),
    }
    typed["dated_on"] = request.POST.get("dated_on", str(row.dated_on or ""))
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            actions.describe(
                row, by=request.user, retention=typed["retention"], code=typed["code"][:20], dated_on=filing.on_day(typed["dated_on"]),
                seen=request.POST.get("seen") or None, once=request.POST.get("once", "")[:64], **{name: typed[name] for name in names},
            )  # fmt: skip
            messages.success(request, f"已保存“{row.title}”。")
            return redirect("volume", row.volume_id)
        except NotPermitted:
            raise
        except Refused as refused:
            refusal = refused
            row = Filed.objects.select_related(*NEAR).get(pk=pk)
    main = row.annex_of or row
    annexes = list(row.annexes.order_by("order", "id"))
    context = {
        "row": row, "main": row.annex_of, "number": filing.name_of(row) if main.no else "", "annexes": annexes,
        "head": reverse("filing", args=[0])[:-2], "typed": typed, "refusal": refusal, "retentions": list(RETENTIONS.items()), "sealed": row.volume.state == VolumeState.SEALED,
        "term": RETENTIONS[main.retention], "code": main.code, "pages": row.pages + sum(one.pages for one in annexes),
        "proposed": RETENTIONS[rules.retention_of(row.evidence.kind, row.title.strip("[]"))], "own": rules.own_title(row.title),
        "crumbs": crumbs((str(row.volume), reverse("volume", args=[row.volume_id])), (row.title, "")),
    }  # fmt: skip
    return page(request, "evidence/filing.html", context, status=refusal.status if refusal else 200)
