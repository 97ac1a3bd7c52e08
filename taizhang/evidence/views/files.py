"""Bytes out: a file under its own name, and its small picture."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from taizhang.kit.errors import Busy
from taizhang.kit.files import store

from .. import queries
from ..models import Version
from ..rules import kinds, names

#: nothing in a file may run, load or post, even when a browser is talked into showing it
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
#: a sandboxed page may not start the browser's own PDF viewer, which runs nothing of the file in this site
PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
A_YEAR = 365 * 86400


def _version(request: HttpRequest, pk: int, no: int | None) -> Version:
    """Version NO of evidence PK, or its current one; 404 for what the person may not see."""
    evidence = get_object_or_404(queries.evidence_for(request.user), pk=pk)
    if no is None and evidence.current_id is None:
        raise Http404
    found = Version.objects.select_related("blob").filter(evidence=evidence)
    return get_object_or_404(found, **({"pk": evidence.current_id} if no is None else {"no": no}))


@require_safe
def evidence_download(request: HttpRequest, pk: int, no: int | None = None) -> FileResponse:
    """The file, to be saved under its own name; `?show=1` shows pictures and PDF in the browser."""
    version = _version(request, pk, no)
    blob = version.blob
    # wrong bytes are never sent: a whole read costs a millisecond per two megabytes
    if fault := store().fault(blob.sha256, blob.size, full=True):
        raise Busy(f"“{version.original_name}”没有发出：{fault}。请告诉系统管理员运行校验，从备份恢复。")
    inline = request.GET.get("show") == "1" and blob.mime in kinds.INLINE
    answer = FileResponse(
        store().open(blob.sha256), content_type=blob.mime if inline else _harmless(blob.mime)
    )
    answer["Content-Length"] = str(blob.size)
    answer["Content-Disposition"] = names.disposition(version.original_name, inline=inline)
    answer["Content-Security-Policy"] = PDF if inline and blob.mime == "application/pdf" else SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _harmless(mime: str) -> str:
    return "application/octet-stream" if mime.startswith("text/") else mime


@require_safe
def evidence_thumb(request: HttpRequest, pk: int, no: int | None = None) -> Any:
    """The small JPEG; 404 while there is none. With a version in the address it may be kept for a year."""
    blob = _version(request, pk, no).blob
    if not blob.thumbnail or not store().exists(blob.thumbnail):
        raise Http404
    answer: HttpResponse
    etag = f'"{blob.thumbnail[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponseNotModified()
    else:
        with store().open(blob.thumbnail) as handle:
            answer = HttpResponse(handle.read(), content_type="image/jpeg")
    answer["ETag"] = etag
    answer["Cache-Control"] = f"private, max-age={A_YEAR}, immutable" if no else "private, max-age=300"
    answer["Content-Security-Policy"] = SANDBOX
    return answer
