"""选文件: the first step of an import. Bytes are kept, nothing else is, before the file could be read."""

import hashlib
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from taizhang.kit import files
from taizhang.kit.documents.seen.ask import MOST_PAGES, lacking, too_many
from taizhang.kit.errors import NotPermitted, Refused
from taizhang.kit.tables import Book, Unseen
from taizhang.org.action import demand
from taizhang.org.models import Unit

from .. import actions, queries
from ..forms import UploadForm
from ..forms.wizard import MOST
from ..models import Draft, Edition
from ..sheets.known import recalled
from ..sheets.pages import MAX_LINES
from ..sheets.read import open_book, read
from .common import form_keys, root
from .left import with_left
from .source import book_of
from .steps import first_steps


def agency_of(request: HttpRequest) -> Unit:
    """Into which agency the file goes: the one chosen among those USER may import for, else the first."""
    agencies = queries.agencies_to_edit(request.user)
    wanted = request.POST.get("agency") or request.GET.get("agency") or ""
    found = next((unit for unit in agencies if str(unit.pk) == wanted), None)
    if found:
        return found
    if agencies and not wanted:
        return agencies[0]
    own = getattr(getattr(request.user, "person", None), "agency", None)
    if own is not None:
        demand(request.user, "standards.begin", own, noted=request.method == "POST")
    raise NotPermitted("你没有“导入测评标准”的权限。如确需办理，请联系创建办或系统管理员。")


def base_of(request: HttpRequest, agency: Unit) -> Edition | None:
    """The edition that the file is said to revise; 404 for one that AGENCY may not revise."""
    wanted = request.POST.get("base") or request.GET.get("base") or ""
    if not wanted:
        return None
    if not wanted.isdecimal():
        raise Http404
    return get_object_or_404(queries.bases_for(agency), pk=int(wanted))


@require_http_methods(["GET", "POST"])
def standard_import(request: HttpRequest) -> HttpResponse:
    agency = agency_of(request)
    if request.method == "GET":
        return _show(request, agency, UploadForm())
    if "open" in request.POST:
        return _open(request, agency)
    base = base_of(request, agency)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        tried = request.FILES.get("file")
        return _show(request, agency, form, chosen=tried.name or "" if tried else "", status=409)
    upload = form.cleaned_data["file"]
    name, data = upload.name[:200], upload.read()
    book = None
    try:
        book, scans = _opened(data, name)
        if book is None:
            stored = files.store().put([data], limit=settings.IMPORT_MAX_BYTES)
            keys = form_keys(request)
            scan = actions.begin(
                agency, source_name=name, sha256=stored.sha256, base=base, scans=scans, **keys
            )
            return redirect(f"{root()}drafts/{scan.pk}/scan/")
        reading = read(data, name, book=book)
        stored = files.store().put([data], limit=settings.IMPORT_MAX_BYTES)
        draft = actions.begin(
            agency, source_name=name, sha256=stored.sha256, base=base, scans=scans, **form_keys(request)
        )
        if not draft.choices and (known := recalled(agency, book)):
            actions.mend(draft, by=request.user, choices=with_left(draft, known))
    except NotPermitted:
        raise
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show(
            request,
            agency,
            form,
            offer=_offer(request, data, name, book) if book else "",
            chosen=name,
            status=refusal.status,
        )
    doubtful = any(warning.kind == "column_guessed" for warning in reading.warnings)
    return redirect(f"{root()}drafts/{draft.pk}/?step={'columns' if doubtful else 'check'}")


def _opened(data: bytes, name: str) -> tuple[Book | None, list[int]]:
    """The file, and the pages of it that are pictures; no book while these are still to be recognised.

    Refused where they cannot be; a file that has text besides is then read without them, as it says itself.
    """
    seen = queries.seen_pages(hashlib.sha256(data).hexdigest())
    try:
        return open_book(data, name, seen), sorted(seen)
    except Unseen as unseen:
        why = lacking(allowed=settings.READS_PICTURES)
        if not why and len(unseen.pages) <= MOST_PAGES:
            return None, sorted({*seen, *unseen.pages})
        if len(unseen.pages) < unseen.count:
            return open_book(data, name), []
        raise Refused(f"{unseen.message}。{why}" if why else too_many(len(unseen.pages))) from None


def _offer(request: HttpRequest, data: bytes, name: str, book: Book) -> str:
    """A file that opens but shows no indicators may still be opened, to say what its columns mean: its SHA-256."""
    if not any(3 <= len(sheet.rows) <= MAX_LINES and len(sheet.rows[0]) > 1 for sheet in book.sheets):
        return ""
    try:
        sha256 = files.store().put([data], limit=settings.IMPORT_MAX_BYTES).sha256
    except Refused:
        return ""
    request.session["standard_import"] = {sha256: name}
    return sha256


def _open(request: HttpRequest, agency: Unit) -> HttpResponse:
    sha256 = request.POST["open"]
    name = request.session.get("standard_import", {}).get(sha256)
    if name is None:
        form = UploadForm()
        return _show(
            request, agency, form, said="刚才的文件已不在了，请再选一次。什么都还没有保存。", status=409
        )
    draft: Draft = actions.begin(
        agency, source_name=name, sha256=sha256, base=base_of(request, agency), **form_keys(request)
    )
    if not draft.choices and (known := recalled(agency, book_of(sha256, name)[0])):
        actions.mend(draft, by=request.user, choices=with_left(draft, known))
    return redirect(f"{root()}drafts/{draft.pk}/?step=columns")


def _show(
    request: HttpRequest,
    agency: Unit,
    form: UploadForm,
    *,
    offer: str = "",
    said: str = "",
    chosen: str = "",
    status: int = 200,
) -> HttpResponse:
    base = base_of(request, agency)
    context: dict[str, Any] = {
        "bases": list(queries.bases_for(agency)), "base": base,
        "form": form, "agency": agency, "agencies": queries.agencies_to_edit(request.user), "bar": first_steps(), "offer": offer,
        "said": said, "chosen": chosen[:200], "most": str(MOST), "most_scans": MOST_PAGES, "why_no_scans": lacking(allowed=settings.READS_PICTURES), "crumbs": [("测评标准", root()), ("导入", "")],
    }  # fmt: skip
    return render(request, "standards/standard_import.html", context, status=status)
