"""证明段落: the pages of a cited piece with the sentences that prove, to be marked and looked at."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from taizhang.evidence.models import Blob, ReadingState, Version
from taizhang.evidence.queries import Shown, reading_of, shown
from taizhang.evidence.queries.drawn import PDF, page_lines, page_picture
from taizhang.kit import jobs
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.files import store
from taizhang.kit.previews import AGAIN, WIDTH, NotDrawn, Previews, TooMany
from taizhang.kit.sending import SANDBOX, later
from taizhang.org.action import ACTIONS, permitted

from .. import actions
from ..models import Citation
from ..queries.proofs import (
    MOST_PRINTED,
    Mark,
    cited_piece,
    found_on,
    found_printed,
    marks_on,
    shown_version,
    whole,
)
from ..rules.proofs import Sentence, same, sentences
from ..rules.states import TO_HAND_IN, SlotStatus
from .show import crumbs, facts_of, item_url, number

SMALL = 160  # pixels: a page in the strip
NEAR = 4  # pages before and after the one on show that stand in the strip
MOST_MARKED = 12  # marked pages in the strip
FINE = 10_000  # steps of the drawing over a page


def find(request: HttpRequest, pk: int) -> Citation:
    found = cited_piece(request.user, pk)
    if found is None:
        raise Http404
    return found


@require_safe
def citation_page(request: HttpRequest, pk: int, no: int) -> HttpResponse:
    """Page NO of what was cited, a JPEG; `?w=160` a small one."""
    version = shown_version(find(request, pk))
    face = shown(version.blob) if version else Shown("", "")
    if not face.mime or not store().exists(face.sha256):
        raise Http404
    width = SMALL if request.GET.get("w") == str(SMALL) else WIDTH
    etag = f'"{Previews.name(face.sha256, face.mime, no, width)}"'
    answer: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponseNotModified()
    else:
        try:
            answer = HttpResponse(page_picture(face, no, width), content_type="image/jpeg")
        except TooMany as busy:
            return later(str(busy), AGAIN)
        except NotDrawn as fault:
            raise Http404(str(fault)) from None
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, max-age=300"
    answer["Content-Security-Policy"] = SANDBOX
    return answer


@dataclass(frozen=True)
class Row:
    """A sentence of the page on show: its place in the list, whether it is marked, its boxes in steps of the drawing."""

    at: int
    text: str
    on: bool
    boxes: list[tuple[int, int, int, int]]


@dataclass(frozen=True)
class OnPage:
    """What can be told of one page: its sentences, how many pages there are, or why there is nothing."""

    found: list[Sentence]
    pages: int
    fault: str = ""
    busy: bool = False  # it may be told in some seconds


def _page(version: Version, face: Shown, no: int) -> OnPage:
    """The sentences of page NO of what is shown of VERSION."""
    blob: Blob = version.blob
    known = reading_of(blob.pk)
    pages = known.pages if known and face.sha256 == blob.sha256 else 0
    if face.mime != PDF and no > max(pages, 1):
        return OnPage([], max(pages, 1), f"没有第 {no} 页，共 {max(pages, 1)} 页。")
    try:
        lines, told = page_lines(blob, face, no)
    except NotDrawn as fault:
        return OnPage([], pages, str(fault), isinstance(fault, TooMany))
    return OnPage(sentences(lines), told or pages or 1)


@require_safe
def passages(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find(request, pk), number(request.GET.get("page", "")))


def show(
    request: HttpRequest, citation: Citation, wanted: int | None, refusal: Refused | None = None, ticked: list[str] | None = None
) -> HttpResponse:  # fmt: skip
    """One page with its sentences; WANTED none: the first with a mark. TICKED: what was ticked when it was REFUSED."""
    slot, piece = citation.slot, citation.evidence
    version, why = shown_version(citation), whole(citation)
    marks = marks_on(citation)
    face = shown(version.blob) if version and not why else Shown("", "")
    no = wanted or next((mark.page for mark in marks if not mark.old), face.head if face.mime else 1)
    told = _page(version, face, no) if version and face.mime else OnPage([], 0)
    open_slot = slot.status in TO_HAND_IN
    may = permitted(request.user, ACTIONS["ledger.mark_passages"], citation)
    context: dict[str, Any] = {
        "citation": citation, "piece": piece, "item": slot.item, "version": version, "why": why, "marks": marks, "no": no,
        "pages": told.pages, "fault": told.fault, "refusal": refusal, "can_mark": may and open_slot and not why,
        "closed": _closed(citation, open_slot, may) if not why else "", "facts": facts_of(slot.item, slot),
        "crumbs": crumbs(slot.item, ("证明段落", "")), "back": item_url(slot.item_id, slot.pk, "#materials"),
        "pages_url": reverse("citation_page", args=[citation.pk, 0])[:-5], "old": sum(mark.old for mark in marks),
        "fine": FINE, "small": SMALL,
    }  # fmt: skip
    if face.mime:
        here = [mark for mark in marks if mark.page == no]
        context |= {
            "rows": _rows(told.found, here, ticked), "loose": _loose(told.found, here), "had": ",".join(str(mark.pk) for mark in here),
            "strip": _strip(marks, no, told.pages), "by_page": _by_page(marks), "scan": face.mime != PDF,
            "last": told.pages,
        }  # fmt: skip
        try:
            context |= _found(request, version, face, told.pages)
        except TooMany as busy:
            told = OnPage([], told.pages, str(busy), busy=True)
            context |= {"q": "", "fault": told.fault}
    elif version and not why:
        context |= _to_lay_out(version)
    answer = render(request, "ledger/passages.html", context, status=refusal.status if refusal else 200)
    if told.busy and not refusal:
        answer["Refresh"] = str(AGAIN)  # nothing is typed there yet
    return answer


def _closed(citation: Citation, open_slot: bool, may: bool) -> str:
    """Why nothing can be marked now, in words."""
    if not open_slot:
        return f"{citation.slot}的材料{SlotStatus(citation.slot.status).label}，证明段落只能看，不能再改。"
    return "" if may else "只有报送这一期的处室和代报的人能标，你可以看。"


def _rows(found: list[Sentence], here: list[Mark], ticked: list[str] | None) -> list[Row]:
    rows = []
    for at, one in enumerate(found):
        on = (
            str(at) in ticked
            if ticked is not None
            else any(same(mark.boxes, one.boxes) for mark in here if not mark.old)
        )
        rows.append(Row(at, one.text, on, _steps(one.boxes)))
    return rows


def _loose(found: list[Sentence], here: list[Mark]) -> list[list[tuple[int, int, int, int]]]:
    """Marks on this page that fit no sentence as the page is parted now: they are shown, and stay until it is saved."""
    return [
        _steps(mark.boxes)
        for mark in here
        if not mark.old and not any(same(mark.boxes, one.boxes) for one in found)
    ]


def _steps(boxes: Any) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height in steps of the drawing."""
    return [
        (round(x0 * FINE), round(y0 * FINE), round((x1 - x0) * FINE), round((y1 - y0) * FINE))
        for x0, y0, x1, y1 in boxes
    ]


def _by_page(marks: list[Mark]) -> list[tuple[int, list[Mark]]]:
    found: dict[int, list[Mark]] = {}
    for mark in marks:
        found.setdefault(mark.page, []).append(mark)
    return list(found.items())


def _strip(marks: list[Mark], no: int, pages: int) -> list[tuple[int, int, bool]]:
    """Pages in the strip: number, how many marks, whether it is on show. Those with marks first."""
    counts: dict[int, int] = {}
    for mark in marks:
        if not mark.old:
            counts[mark.page] = counts.get(mark.page, 0) + 1
    marked = list(counts)[:MOST_MARKED]
    near = [page for page in range(max(1, no - NEAR), min(pages, no + NEAR) + 1) if page not in marked]
    return [(page, counts.get(page, 0), page == no) for page in [*marked, *near]]


def _found(request: HttpRequest, version: Version | None, face: Shown, pages: int) -> dict[str, Any]:
    """What was looked for, and on which pages it stands."""
    asked = request.GET.get("q", "").strip()[:60].replace("\x00", "")
    if not asked or version is None:
        return {"q": ""}
    own = face.sha256 == version.blob.sha256
    hits, count = found_on(version.blob_id, asked) if own else found_printed(version.blob, face, pages, asked)
    tail = urlencode({"q": asked})
    return {
        "q": asked, "count": count, "cut": 0 if own or pages <= MOST_PRINTED else MOST_PRINTED,
        "hits": [(hit.page, f"?page={hit.page}&{tail}", hit.parts) for hit in hits],
    }  # fmt: skip


def _to_lay_out(version: Version) -> dict[str, Any]:
    """An office file has no pages before it is printed: whether that is being done, or why it cannot be."""
    known = reading_of(version.blob_id)
    if known and known.state == ReadingState.UNREADABLE:
        return {"unreadable": known.fault}
    working, said = jobs.last_said(actions.LAY_OUT, version.pk)
    return {
        "working": working,
        "unreadable": said if said and not working else "",
        "can_lay_out": not working,
    }


@require_POST
def passages_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what is ticked on one page."""
    citation = find(request, pk)
    no, ticked = number(request.POST.get("page", "")) or 1, request.POST.getlist("s")
    try:
        actions.mark_passages(
            citation, by=request.user, page=no, chosen=_chosen(citation, no, ticked),
            version=number(request.POST.get("version", "")), before=_ids(request.POST.get("had", "")), once=request.POST.get("once", "")[:64],
        )  # fmt: skip
    except NotPermitted:
        raise
    except Refused as refusal:
        return show(request, citation, no, refusal, ticked)
    count = citation.passages.filter(page=no).count()
    messages.success(
        request, f"第 {no} 页已标 {count} 处证明段落。" if count else f"第 {no} 页的标注已全部去掉。"
    )
    return redirect(f"{reverse('passages', args=[pk])}?page={no}")


def _chosen(citation: Citation, no: int, ticked: list[str]) -> list[Sentence]:
    """The sentences that were ticked, as the server itself finds them on the page."""
    version = shown_version(citation)
    face = shown(version.blob) if version and not whole(citation) else Shown("", "")
    if version is None or not face.mime:
        return []
    told = _page(version, face, no)
    if told.fault:
        raise Refused(told.fault)
    wanted = {number(one) for one in ticked}
    if not wanted <= set(range(len(told.found))):
        raise Refused("勾的句子在这一页上找不到了。请重新打开这一页再标。")
    return [one for at, one in enumerate(told.found) if at in wanted]


def _ids(text: str) -> set[int]:
    return {pk for pk in map(number, text.split(",")) if pk}


@require_POST
def passage_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one mark away."""
    citation = find(request, pk)
    no = number(request.POST.get("page", "")) or 1
    try:
        actions.drop_passage(
            citation,
            by=request.user,
            passage=number(request.POST.get("passage", "")) or 0,
            once=request.POST.get("once", "")[:64],
        )
    except NotPermitted:
        raise
    except Refused as refusal:
        return show(request, citation, no, refusal)
    messages.success(request, "已去掉一处证明段落。")
    return redirect(f"{reverse('passages', args=[pk])}?page={no}")


@require_POST
def passages_lay_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Have an office file printed to pages in the background."""
    citation = find(request, pk)
    try:
        actions.lay_out(citation, by=request.user, once=request.POST.get("once", "")[:64])
    except NotPermitted:
        raise
    except Refused as refusal:
        return show(request, citation, None, refusal)
    messages.success(request, "正在后台把文件排成页面，一般不到一分钟。排好后刷新本页就能标。")
    return redirect("passages", pk)
