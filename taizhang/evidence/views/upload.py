"""传材料: many files at once, or a link; then their receipts with captions to fill in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.files import store
from taizhang.org.models import Unit

from .. import actions, queries
from ..forms import Deposit, LineCaption, Link, files_of
from ..models import Evidence, EvidenceState, Kind, ReadingState
from ..rules.captions import missing_caption, missing_words
from ..rules.kinds import ALLOWED, DRAWABLE
from .checks import Line, lines_of
from .show import KIND_LABELS, picture_url, root

MOST_LINES = 200


@dataclass
class Outcome:
    """What came of one file: the piece made, or why not."""

    name: str
    made: Evidence | None = None
    refusal: Refused | None = None


def _units(request: HttpRequest) -> list[Unit]:
    units = queries.addable_units(request.user)
    if not units:
        raise NotPermitted("你没有存材料的权限。需要存材料，请让创建办在“组织人员”里设为责任人或联络员。")
    return units


def _page(request: HttpRequest, units: list[Unit], **given: Any) -> HttpResponse:
    refusals: list[Outcome] = given.get("refusals", [])
    context = {
        "form": given.get("form") or Deposit(units=units, auto_id="f_%s"),
        "link_form": given.get("link_form") or Link(units=units, auto_id="l_%s"),
        "linking": "link_form" in given,
        "units": units,
        "refusals": refusals,
        "accept": ",".join(f".{extension}" for extension in ALLOWED) + ",image/*",
        "since": given.get("since") or int(clock.now().timestamp()),
        "received": given.get("received", 0),
        "crumbs": [("材料库", root()), ("传材料", "")],
    }
    return render(request, "evidence/evidence_new.html", context, status=given.get("status", 200))


def _since(request: HttpRequest) -> int:
    text = request.POST.get("since") or request.GET.get("since") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 11 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_new(request: HttpRequest) -> HttpResponse:
    """The upload form; a script posts one file after another, without it all come in one post."""
    units = _units(request)
    if request.method != "POST":
        return _page(request, units)
    scripted = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    form = Deposit(request.POST, units=units, auto_id="f_%s")
    files = files_of(request.FILES)
    if not form.is_valid() or not files:
        words = (
            "还没有选择文件。"
            if form.is_valid()
            else "；".join(f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items())
        )
        if scripted:
            return JsonResponse({"message": words}, status=409)
        return _page(request, units, form=form, refusals=[Outcome("", refusal=Refused(words))], status=409,
                     since=_since(request))  # fmt: skip
    once = request.POST.get("once", "")[:56]
    outcomes = [
        _take(request, form.cleaned_data, file, f"{once}.{index}" if once else "")
        for index, file in enumerate(files)
    ]
    made = [each for each in outcomes if each.made]
    refused = [each for each in outcomes if each.refusal]
    if scripted:
        return (
            _told(outcomes[0]) if len(outcomes) == 1 else JsonResponse({"message": "一次一件。"}, status=400)
        )
    if refused:
        status = max(each.refusal.status for each in refused if each.refusal)
        return _page(
            request,
            units,
            form=form,
            refusals=refused,
            received=len(made),
            status=status,
            since=_since(request),
        )
    return redirect(f"{root()}received/?since={_since(request)}")


def _take(request: HttpRequest, data: dict[str, Any], file: "UploadedFile[Any]", once: str) -> Outcome:
    """Look, put, deposit; a refusal is on record either way."""
    data = dict(data)
    unit: Unit = data.pop("unit")
    name = file.name or ""
    try:
        try:
            taken = actions.take_in(file)
        except Refused as refusal:
            actions.refuse(unit, by=request.user, refusal=refusal)
        data["happened_on"] = data["happened_on"] or taken.taken_on
        made = actions.deposit(
            unit, by=request.user, once=once, stored=taken.stored, original_name=taken.name, kind=taken.kind,
            title=taken.title, **data,
        )  # fmt: skip
    except Refused as refusal:
        return Outcome(name, refusal=refusal)
    return Outcome(name, made=made)


def _told(outcome: Outcome) -> JsonResponse:
    """For the script: its own words to the person."""
    if outcome.refusal:
        answer: dict[str, Any] = {"message": outcome.refusal.message}
        if isinstance(outcome.refusal, actions.AlreadyHere):
            answer["url"] = f"{root()}{outcome.refusal.evidence.pk}/"
        return JsonResponse(answer, status=outcome.refusal.status)
    assert outcome.made
    return JsonResponse(
        {"message": f"已存好　回执 {outcome.made.number}", "url": f"{root()}{outcome.made.pk}/"}, status=201
    )


@require_POST
def evidence_link(request: HttpRequest) -> HttpResponse:
    units = _units(request)
    form = Link(request.POST, units=units, auto_id="l_%s")
    if not form.is_valid():
        return _page(request, units, link_form=form, status=409, since=_since(request))
    data = {name: value for name, value in form.cleaned_data.items() if name != "again"}
    try:
        actions.deposit_link(
            data.pop("unit"), by=request.user, once=request.POST.get("once", "")[:64], **data
        )
    except NotPermitted:
        raise
    except Refused as refusal:
        form.add_error("url" if "网址" in refusal.message else None, refusal.message)
        return _page(request, units, link_form=form, status=refusal.status, since=_since(request))
    return redirect(f"{root()}received/?since={_since(request)}")


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_received(request: HttpRequest) -> HttpResponse:
    """Receipts of what this person has just deposited, each with its caption to fill in or mend."""
    _units(request)
    since = datetime.fromtimestamp(_since(request), tz=UTC)
    person = getattr(request.user, "person", None)
    mine = {"by": person, "created_at__gte": since, "state": EvidenceState.LIVE}
    found = list(
        queries.evidence_for(request.user)
        .filter(**mine)
        .select_related("current__blob__reading", "unit", "agency")
        .order_by("id")[:MOST_LINES]
    )
    forms: dict[int, LineCaption] = {}
    faults: dict[int, str] = {}
    saved = 0
    if request.method == "POST":
        for piece in found:
            if f"e{piece.pk}-seen" not in request.POST:
                continue
            form = forms[piece.pk] = LineCaption(request.POST, prefix=f"e{piece.pk}")
            if not form.is_valid():
                faults[piece.pk] = "；".join(str(errors[0]) for errors in form.errors.values())
                continue
            data = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
            if all(getattr(piece, name) == value for name, value in data.items()):
                continue
            try:
                actions.caption(piece, by=request.user, seen=form.cleaned_data["seen"], **data)
                saved += 1
                forms.pop(piece.pk)
            except Refused as refusal:
                faults[piece.pk] = refusal.message
        adopted = _adopt(request, found, faults)
        if not faults:
            words = f"{saved} 件的说明已保存。" if saved else "" if adopted else "说明没有改动。"
            messages.success(
                request, words + (f"{adopted} 件已采用文件里写的，请对照红头页核对。" if adopted else "")
            )
            return redirect(f"{root()}received/?since={_since(request)}")
    noted = queries.noted(request.user, [piece.pk for piece in found])
    offered = queries.offered_for(found)
    camera = _from_camera(found)
    context = {
        "since": _since(request),
        "lines": [
            _line(piece, forms.get(piece.pk), faults.get(piece.pk, ""), camera=piece.pk in camera)
            | {"checks": _checks(noted.get(piece.pk, [])), "offered": offered[piece.pk]}
            for piece in found
        ],
        "offers": sum(1 for pk in offered if offered[pk]),
        "waiting": sum(1 for piece in found if _waits(piece)),
        "stopped": queries.with_stopped(request.user)
        .filter(**mine, pk__in=queries.stopped())
        .values_list("pk", "number"),
        "lacking": sum(1 for piece in found if _lack(piece)),
        "saved": saved,
        "faults": len(faults),
        "crumbs": [("材料库", root()), ("传材料", f"{root()}new/"), ("回执", "")],
    }
    return render(request, "evidence/evidence_received.html", context, status=409 if faults else 200)


def _adopt(request: HttpRequest, found: list[Evidence], faults: dict[int, str]) -> int:
    """Fill what is still empty from the file: of the piece whose button was pressed, or of all. How many were."""
    asked = request.POST.get("adopt", "")
    done = 0
    for piece in found:
        if asked not in ("all", str(piece.pk)) or piece.pk in faults:
            continue
        piece.refresh_from_db()
        if not queries.offered_for([piece])[piece.pk]:
            continue
        try:
            actions.adopt(piece, by=request.user)
            done += 1
        except Refused as refusal:
            faults[piece.pk] = refusal.message
    return done


def _waits(piece: Evidence) -> bool:
    reading = getattr(piece.current.blob, "reading", None) if piece.current else None
    return piece.current is not None and (reading is None or reading.state == ReadingState.WAITING)


#: said by the line itself: what is missing stands beneath the fields
SAID = frozenset({"caption", "number"})


def _checks(found: list[queries.Noted]) -> list[Line]:
    return lines_of([each for each in found if not each.by and each.warned.code not in SAID])


NAMES = ("title", "happened_on", "place", "people", "theme", "doc_no", "issuer")


def _lack(piece: Evidence) -> str:
    return missing_words(
        missing_caption(piece.kind, {name: getattr(piece, name) for name in (*NAMES, "url")})
    )


def _from_camera(found: list[Evidence]) -> set[int]:
    """The pieces (ids) whose date is the one that the camera noted, so that the page can say where it is from."""
    days, unread = {}, {}
    for piece in found:
        if piece.happened_on is None or piece.current is None or piece.current.blob.mime not in DRAWABLE:
            continue
        if _waits(piece):
            unread[piece.pk] = store().path(piece.current.blob.sha256)
        else:
            days[piece.pk] = piece.current.blob.reading.taken_on
    days |= actions.days_taken(unread)
    return {piece.pk for piece in found if piece.happened_on and days.get(piece.pk) == piece.happened_on}


def _line(piece: Evidence, form: LineCaption | None, fault: str, *, camera: bool) -> dict[str, Any]:
    blob = piece.current.blob if piece.current else None
    version = piece.current.no if piece.current else 0
    form = form or LineCaption(
        prefix=f"e{piece.pk}",
        initial={"seen": piece.version, **{name: getattr(piece, name) for name in NAMES}},
    )
    shown = (
        ("happened_on", "doc_no", "issuer")
        if piece.kind == Kind.DOCUMENT
        else ("happened_on", "place", "people", "theme")
    )
    return {
        "piece": piece,
        "url": f"{root()}{piece.pk}/",
        "name": piece.current.original_name if piece.current else piece.url,
        "thumb_name": piece.current.original_name if piece.current else "a.网页",
        "picture": picture_url(piece.pk, version) if blob and blob.thumbnail else "",
        "size": blob.size if blob else None,
        "kind": KIND_LABELS[piece.kind],
        "form": form,
        "fields": [form[name] for name in shown],
        "hidden": [form[name] for name in NAMES if name not in (*shown, "title")],
        "lack": _lack(piece),
        "fault": fault,
        "source": "取自照片" if camera else "",
    }
