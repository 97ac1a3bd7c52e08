"""Bytes out: a kept file as an answer in which nothing of it may run, load or post; and a file made just now."""

from urllib.parse import quote

from django.http import FileResponse, HttpResponse

from .errors import Busy
from .files import store

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: nothing in a file may run, load or post, even when a browser is talked into showing it
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
#: a sandboxed page may not start the browser's own PDF viewer, which runs nothing of the file in this site
PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def send_file(
    sha256: str, size: int, mime: str, name: str, disposition: str, *, inline: bool
) -> FileResponse:
    """The bytes under NAME (for the words of a refusal) and DISPOSITION (the header); text is never shown as text.

    Busy where the bytes on disk are not what they should be: wrong bytes are never sent.
    """
    # a whole read costs a millisecond per two megabytes
    if fault := store().fault(sha256, size, full=True):
        raise Busy(f"“{name}”没有发出：{fault}。请告诉系统管理员运行校验，从备份恢复。")
    shown = ("text/", "message/", "multipart/")  # kinds that some browsers open whatever the answer says
    kind = mime if inline or not mime.startswith(shown) else "application/octet-stream"
    answer = FileResponse(store().open(sha256), content_type=kind)
    answer["Content-Length"] = str(size)
    answer["Content-Disposition"] = disposition
    answer["Content-Security-Policy"] = PDF if inline and mime == "application/pdf" else SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def later(words: str, seconds: int) -> HttpResponse:
    """What the address of a picture answers that cannot be drawn just now. A page that shows it asks again (again.js),
    a browser that was sent to it does so by itself."""
    headers = {"Retry-After": str(seconds), "Refresh": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8", headers=headers)


def attachment(data: bytes, name: str, mime: str = XLSX, plain: str = "") -> HttpResponse:
    """A file made for the reader, to keep under a Chinese NAME; PLAIN for browsers that cannot read that."""
    answer = HttpResponse(data, content_type=mime)
    first = f'filename="{plain}"; ' if plain else ""
    answer["Content-Disposition"] = f"attachment; {first}filename*=UTF-8''{quote(name)}"
    return answer
