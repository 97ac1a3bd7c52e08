"""Bytes out: a file under its own name, and its small picture."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from taizhang.kit.files import store
from taizhang.kit.sending import SANDBOX, send_file

from .. import queries
from ..models import EvidenceState, Version
from ..rules import kinds, names

A_YEAR = 365 * 86400


def _version(request: HttpRequest, pk: int, no: int | None) -> Version:
    """Version NO of evidence PK, or its current one; 404 for what the person may not see."""
    evidence = get_object_or_404(queries.evidence_for(request.user), pk=pk)
    if no is None and evidence.current_id is None:
        raise Http404
    if evidence.state == EvidenceState.GONE:  # even where another piece still has the same bytes
        raise Http404
    found = Version.objects.select_related("blob").filter(evidence=evidence)
    return get_object_or_404(found, **({"pk": evidence.current_id} if no is None else {"no": no}))


@require_safe
def evidence_download(request: HttpRequest, pk: int, no: int | None = None) -> FileResponse:
    """The file, to be saved under its own name; `?show=1` shows pictures and PDF in the browser."""
    version = _version(request, pk, no)
    blob = version.blob
    inline = request.GET.get("show") == "1" and blob.mime in kinds.INLINE
    disposition = names.disposition(version.original_name, inline=inline)
    return send_file(blob.sha256, blob.size, blob.mime, version.original_name, disposition, inline=inline)


@require_safe
def evidence_thumb(request: HttpRequest, pk: int, no: int | None = None) -> HttpResponse:
    """The small JPEG; 404 while there is none. With a version in the address it may be kept for a year."""
    return _jpeg(request, _version(request, pk, no).blob.thumbnail, pinned=no is not None)


@require_safe
def evidence_poster(request: HttpRequest, pk: int, no: int) -> HttpResponse:
    """A frame of the film; 404 while there is none."""
    reading = queries.reading_of(_version(request, pk, no).blob_id)
    return _jpeg(request, reading.poster if reading else "", pinned=True)


def _jpeg(request: HttpRequest, sha256: str, *, pinned: bool) -> HttpResponse:
    """A small picture made here; of a PINNED version it may be kept for a year."""
    if not sha256 or not store().exists(sha256):
        raise Http404
    answer: HttpResponse
    etag = f'"{sha256[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponseNotModified()
    else:
        with store().open(sha256) as handle:
            answer = HttpResponse(handle.read(), content_type="image/jpeg")
    answer["ETag"] = etag
    answer["Cache-Control"] = f"private, max-age={A_YEAR}, immutable" if pinned else "private, max-age=300"
    answer["Content-Security-Policy"] = SANDBOX
    return answer
