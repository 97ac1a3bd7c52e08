"""Before Django: a request body is whole, or it is refused; none is read that could not be kept.

Django's parser takes a body that stops early for a file that ends there. A file that broke off must never get
a receipt, so the stream is watched: as many bytes as were declared, and the closing boundary at their end.
"""

import shutil
from collections.abc import Callable, Iterable
from email.message import Message
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParserError

from .files import Disk

#: bodies smaller than this are kept in memory and need no room on disk
SMALL = 2**20


def most_bytes() -> int:
    """The most that one post may declare: four of the largest files."""
    return 4 * int(settings.UPLOAD_MAX_BYTES)


OPEN_FILES, FULL = "taizhang.open_files", "taizhang.disk_full"
NO_ROOM = "服务器存放材料的磁盘快满了，暂时不能上传。请告诉系统管理员；浏览、签批不受影响。"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Watched:
    """A body of LEFT bytes that ends in ENDING (multipart), or simply ends."""

    def __init__(self, stream: Any, left: int, ending: bytes) -> None:
        self.stream, self.left, self.ending = stream, left, ending
        self.tail = b""
        self.broken = False

    def read(self, size: int = -1) -> bytes:
        if not self.left:
            return b""
        want = self.left if size is None or size < 0 else min(size, self.left)
        return self._seen(self.stream.read(want), want)

    def readline(self, size: int = -1) -> bytes:
        if not self.left:
            return b""
        want = self.left if size is None or size < 0 else min(size, self.left)
        return self._seen(self.stream.readline(want), want)

    def _seen(self, data: bytes, want: int) -> bytes:
        if want and not data:
            self.broken = True
            raise MultiPartParserError(f"the body broke off, {self.left} bytes are missing")
        self.left -= len(data)
        if self.ending:
            self.tail = (self.tail + data[-256:])[-256:]
            if not self.left and not self.tail.rstrip(b"\r\n").endswith(self.ending):
                self.broken = True
                raise MultiPartParserError("the body does not end where it says")
        return data


class Incoming(TemporaryFileUploadHandler):
    """Large files on their way in. They are closed, and so deleted, as soon as the body turns out broken."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.environ = META

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.environ.setdefault(OPEN_FILES, []).append(self.file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            self.file.write(raw_data)
        except OSError as error:
            self.environ[FULL] = True
            raise MultiPartParserError("the disk took no more") from error


class WholeBody:
    """WSGI middleware around the application."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            return _refuse(
                start_response, "411 Length Required", "上传没有说明大小，没有保存。请换用普通浏览器再传。"
            )
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
            if length < 0:
                raise ValueError
        except ValueError:
            return _refuse(start_response, "400 Bad Request", "上传的大小写错了，没有保存。请重传。")
        if length > most_bytes():
            words = f"一次上传的文件加起来超过 {most_bytes() // 2**20} MB，没有保存。请分几次传。"
            return _refuse(start_response, "413 Content Too Large", words)
        if length > SMALL and not self.room(length):
            return _refuse(start_response, "503 Service Unavailable", NO_ROOM, ("Retry-After", "300"))
        if not length:
            return self.application(environ, start_response)
        body = Watched(environ["wsgi.input"], length, _ending(environ.get("CONTENT_TYPE", "")))
        environ["wsgi.input"] = body
        begun: list[Any] = []
        answer = self.application(environ, lambda *start: begun.append(start))
        if not body.broken and not environ.get(FULL):
            start_response(*begun[-1])
            return answer
        # whatever the application made of it, a broken body is told in these words
        if hasattr(answer, "close"):
            answer.close()
        for file in environ.get(OPEN_FILES, []):
            file.close()
        if environ.get(FULL):
            return _refuse(start_response, "503 Service Unavailable", NO_ROOM, ("Retry-After", "300"))
        return _refuse(start_response, "400 Bad Request", "上传中断，没有收全，没有保存。请重传。")

    def room(self, length: int) -> bool:
        """Twice the body: once as the parser's temporary file, once as the blob."""
        return shutil.disk_usage(Path(settings.BLOBS)).free > Disk.RESERVE + 2 * length


def _ending(content_type: str) -> bytes:
    """What a multipart body must end in; nothing for other bodies."""
    if not content_type.lower().startswith("multipart/form-data"):
        return b""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary("")
    return b"--" + boundary.encode("latin-1", "replace") + b"--" if boundary else b""


def _refuse(
    start_response: Callable[..., Any], status: str, words: str, *headers: tuple[str, str]
) -> Iterable[bytes]:
    """A plain page: the templates' context needs a whole request."""
    page = (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>没有上传</title><h1>没有上传</h1><p>{escape(words)}</p>'
    ).encode()
    start_response(
        status,
        [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page))), ("Connection", "close"),
         ("X-Content-Type-Options", "nosniff"), *headers],
    )  # fmt: skip
    return [page]
