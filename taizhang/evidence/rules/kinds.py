"""What a file is, by its first bytes; the name only has to agree.

Allowed are the kinds that assessment guides ask for (图片, 正式文件, 报告, 统计表, 音像) in the formats that
offices have: jpg, png, pdf, ofd, Word, WPS, Excel, slides, plain text, web pages, letters, sound and film. Whatever
Windows would run is refused, and so are archives: a reviewer must see each piece. An office file with macros is
kept and flagged when it is read; it is never opened live. A web page is only ever saved to disk.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import filetype

from taizhang.kit.errors import Refused

from .secrecy import secret_name


@dataclass(frozen=True)
class Type:
    """One format: MIME type, the extensions it may bear (the first is its own), the family it belongs to."""

    mime: str
    extensions: tuple[str, ...]
    family: str  # picture, media, document, table, text


_OOXML = "application/vnd.openxmlformats-officedocument"
TYPES = (
    Type("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), "picture"),
    Type("image/png", ("png",), "picture"),
    Type("image/gif", ("gif",), "picture"),
    Type("image/webp", ("webp",), "picture"),
    Type("image/bmp", ("bmp",), "picture"),
    Type("image/tiff", ("tif", "tiff"), "picture"),
    Type("image/heic", ("heic", "heif"), "picture"),
    Type("application/pdf", ("pdf",), "document"),
    Type("application/ofd", ("ofd",), "document"),
    Type("application/msword", ("doc", "wps"), "document"),
    Type(f"{_OOXML}.wordprocessingml.document", ("docx", "wps", "docm", "dotx", "dotm"), "document"),
    Type("application/rtf", ("rtf", "doc"), "document"),
    Type("application/vnd.ms-powerpoint", ("ppt", "dps"), "document"),
    Type(
        f"{_OOXML}.presentationml.presentation",
        ("pptx", "dps", "pptm", "ppsx", "ppsm", "potx", "potm"),
        "document",
    ),
    Type("application/vnd.ms-excel", ("xls", "et"), "table"),
    Type(f"{_OOXML}.spreadsheetml.sheet", ("xlsx", "et", "xlsm", "xltx", "xltm"), "table"),
    Type("text/csv", ("csv",), "table"),
    Type("text/plain", ("txt",), "document"),
    Type("text/html", ("html", "htm"), "document"),
    Type("multipart/related", ("mht", "mhtml"), "document"),
    Type("message/rfc822", ("eml",), "document"),
    Type("video/mp4", ("mp4", "m4v"), "media"),
    Type("video/quicktime", ("mov",), "media"),
    Type("video/3gpp", ("3gp",), "media"),
    Type("video/x-msvideo", ("avi",), "media"),
    Type("video/x-ms-wmv", ("wmv", "wma", "asf"), "media"),
    Type("video/x-matroska", ("mkv",), "media"),
    Type("video/webm", ("webm",), "media"),
    Type("video/x-flv", ("flv",), "media"),
    Type("video/mpeg", ("mpg", "mpeg"), "media"),
    Type("audio/mpeg", ("mp3",), "media"),
    Type("audio/mp4", ("m4a",), "media"),
    Type("audio/aac", ("aac",), "media"),
    Type("audio/x-wav", ("wav",), "media"),
    Type("audio/amr", ("amr",), "media"),
    Type("audio/ogg", ("ogg",), "media"),
)
BY_MIME = {each.mime: each for each in TYPES}
ALLOWED = sorted({extension for each in TYPES for extension in each.extensions})

#: what a browser may show in the page, under a sandbox; all else is only saved to disk
INLINE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"})
#: what can be made small for a list
DRAWABLE = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff", "image/heic"}
)
#: whose pages can be drawn from its own bytes; an office file is drawn from the PDF that shows how it prints
PAGED = DRAWABLE | {"application/pdf"}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: older Office and WPS files share one container; there the name tells which
_OLE_MIMES = {
    "doc": "application/msword", "wps": "application/msword", "xls": "application/vnd.ms-excel",
    "et": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint", "dps": "application/vnd.ms-powerpoint",
}  # fmt: skip
#: in a packed document, the member that tells which it is
_ZIP_MEMBERS = {
    "OFD.xml": "application/ofd", "word/document.xml": f"{_OOXML}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OOXML}.spreadsheetml.sheet", "ppt/presentation.xml": f"{_OOXML}.presentationml.presentation",
}  # fmt: skip
_ZIP_FOLDERS = {
    "word/": f"{_OOXML}.wordprocessingml.document", "xl/": f"{_OOXML}.spreadsheetml.sheet",
    "ppt/": f"{_OOXML}.presentationml.presentation",
}  # fmt: skip
_ZIP_EXTENSIONS = {
    extension: each.mime
    for each in TYPES
    if each.mime.startswith(_OOXML) or each.mime == "application/ofd"
    for extension in each.extensions
}
#: names under which the library that reads first bytes knows the same formats
_ALIASES = {
    "audio/m4a": "audio/mp4", "video/x-m4v": "video/mp4", "image/heif": "image/heic", "audio/wav": "audio/x-wav",
    "video/x-flv": "video/x-flv", "application/doc": "application/msword",
}  # fmt: skip

_PROGRAMS = frozenset((
    "exe", "dll", "com", "scr", "pif", "msi", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf",
    "hta", "lnk", "reg", "jar", "apk", "sh", "py", "php", "asp", "aspx", "jsp",
))  # fmt: skip
_ADD_INS = frozenset(("xlam", "ppam", "xll", "xla", "wll"))
_WEB = frozenset(("html", "htm", "xhtml", "shtml", "mht", "mhtml", "xml", "svg", "svgz"))
_PAGES = ("html", "htm")
#: heads with which a letter, or a web page saved as one file, begins
_LETTER = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:From |[A-Za-z][A-Za-z0-9-]{1,60}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*[A-Za-z][A-Za-z0-9-]{1,60}:)"
)
_ARCHIVES = frozenset(("zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "iso", "cab"))


def extension_of(name: str) -> str:
    """What stands behind the last dot, lower case; "" if nothing does."""
    stem, dot, last = name.rpartition(".")
    return last.strip().lower() if dot and stem else ""


def _text_of(head: bytes) -> str | None:
    """HEAD as text (UTF-8, UTF-16 with a mark, GB18030), or None; a letter may be cut at the end."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "ignore")
    if b"\x00" in head:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4):
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _is_web(text: str) -> bool:
    start = text.lstrip("\ufeff \t\r\n").lower()[:2000]
    return start.startswith(
        ("<!doctype", "<html", "<?xml", "<svg", "<script", "<head", "<body", "<iframe")
    ) or (start.startswith("<") and any(mark in start for mark in ("<script", "<svg", "<html", "onload=")))


def _is_drawing(text: str) -> bool:
    """Whether it is a vector picture, which may carry scripts, whatever its name."""
    start = text.lstrip("\ufeff \t\r\n").lower()[:2000]
    return start.startswith("<svg") or (
        start.startswith(("<?xml", "<!doctype svg", "<!--")) and "<svg" in start and "<html" not in start
    )


def _by_bytes(head: bytes, extension: str, members: Iterable[str]) -> str | None:
    """The MIME type that the first bytes (and a package's members) show, or None for what is not known."""
    if head.startswith(_OLE):
        return _OLE_MIMES.get(extension, "application/x-ole")
    if head.startswith(b"PK\x03\x04"):
        for member in members:
            if member in _ZIP_MEMBERS:
                return _ZIP_MEMBERS[member]
        if "[Content_Types].xml" in members:
            for folder, mime in _ZIP_FOLDERS.items():
                if any(member.startswith(folder) for member in members):
                    return mime
        if not members and extension in _ZIP_EXTENSIONS:  # the package itself was not at hand
            return _ZIP_EXTENSIONS[extension]
        return "application/zip"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"{\\rtf"):
        return "application/rtf"
    if head[4:8] == b"ftyp" and head[8:12] in (b"3gp4", b"3gp5", b"3gp6", b"3g2a"):
        return "video/3gpp"
    found = filetype.guess(head)
    if found is not None:
        mime = str(found.mime)
        return _ALIASES.get(mime, mime)
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if extension in ("eml", "mht", "mhtml") and _LETTER.match(head):
        return "message/rfc822" if extension == "eml" else "multipart/related"
    text = _text_of(head)
    if text is None:
        return None
    if _is_drawing(text):
        return "image/svg+xml"
    if _is_web(text) or extension in _PAGES:
        return "text/html"
    return "text/csv" if extension == "csv" else "text/plain"


def _climbs(member: str) -> bool:
    steps = member.replace("\\", "/").split("/")
    return ".." in steps or steps[0] == "" or bool(re.match(r"[A-Za-z]:", member)) or "\x00" in member


def sniff(head: bytes, name: str, members: Iterable[str] = ()) -> Type:
    """What the file NAME with the first bytes HEAD is (MEMBERS: the names inside, for a package).

    Refused in words: programs, vector pictures, archives, packages with paths that climb, what is unknown, and
    what says one thing in its name and another in its bytes (a web page called .jpg).
    """
    extension = extension_of(name)
    members = tuple(members)
    if extension in _PROGRAMS or head.startswith((b"MZ", b"\x7fELF")):
        raise Refused(f"“{name}”是程序文件，不能作材料。")
    if extension in _ADD_INS:
        raise Refused(f"“{name}”是加载宏（程序），不能作材料。")
    if any(_climbs(member) for member in members):
        raise Refused(f"“{name}”内部有不正常的路径，可能被改动过，不能存入。请用原软件另存后再传。")
    mime = _by_bytes(head, extension, members)
    if mime == "image/svg+xml" or (
        extension in ("svg", "svgz") and mime in (None, "text/plain", "text/html")
    ):
        raise Refused(f"“{name}”是可带脚本的矢量图，不能存入。请另存为 png 或 jpg 再传。")
    if (mime == "text/html" and extension not in ("", *_PAGES)) or (
        extension in _WEB and extension not in _PAGES and mime == "text/plain"
    ):
        told = "" if extension in _WEB else f"名字写的是 .{extension}，内容却"
        raise Refused(
            f"“{name}”{told}是网页，不能存入。请改用“贴链接”，或在浏览器里把网页另存为 html、打印成 PDF 再传。"
        )
    if mime == "application/x-ole" and extension in _ZIP_EXTENSIONS:
        raise Refused(f"“{name}”设了打开密码，别人看不了。请去掉密码再传。")
    if mime in ("application/zip", "application/x-rar-compressed", "application/x-7z-compressed", "application/gzip",
                "application/x-tar", "application/vnd.rar", "application/x-bzip2", "application/x-xz"):  # fmt: skip
        if extension in _ZIP_EXTENSIONS:
            raise Refused(
                f"“{name}”打不开：内容不是 {extension} 文件，可能已损坏。请用原软件打开看看，另存后再传。"
            )
        if extension in _ARCHIVES or not extension:
            raise Refused(f"“{name}”是压缩包，审核的人看不到里面。请解压后逐件上传（可一次选多件）。")
    kind = BY_MIME.get(mime or "")
    if kind is None:
        if extension in ALLOWED:
            raise Refused(f"“{name}”的内容不是 .{extension} 文件，可能已损坏或改过扩展名。请检查原文件。")
        raise Refused(
            f"“{name}”的格式不能存入。可以传：图片 jpg、png；文件 pdf、ofd、docx、wps、xlsx、pptx；网页 html、邮件 eml；音视频 mp4、mp3。"
        )
    if extension and extension not in kind.extensions:
        other = next((each for each in TYPES if extension in each.extensions), None)
        # pictures and films are often saved under a sister's name (webp as jpg): harmless, the bytes decide
        if other is None or other.family != kind.family or kind.family not in ("picture", "media"):
            raise Refused(
                f"“{name}”的名字写的是 .{extension}，内容却是 {kind.extensions[0]} 文件。请改对扩展名再传。"
            )
    return kind


#: words of a title that tell what a document is, checked before the format
_TITLE_WORDS = (
    ("table", ("统计", "名册", "名单", "登记表", "汇总表", "签到", "一览表", "台账", "清单")),
    ("report", ("报告", "总结", "小结", "汇报", "情况说明", "综述", "自查")),
    (
        "document",
        ("通知", "意见", "方案", "通报", "办法", "决定", "制度", "批复", "规划", "计划", "要点", "函"),
    ),
)


def refuse_secret(*texts: str) -> None:
    """Refuse what says of itself that it is classified: this system must not hold it."""
    for text in texts:
        if level := secret_name(text):
            raise Refused(f"“{text[:60]}”标有密级“{level}”，非涉密系统严禁存入，没有保存。")


def proposed_kind(mime: str, title: str) -> str:
    """The evidence kind to propose: picture, media, table, report or document."""
    family = BY_MIME[mime].family if mime in BY_MIME else "other"
    if family in ("picture", "media"):
        return family
    for kind, words in _TITLE_WORDS:
        if any(word in title for word in words):
            return kind
    return family
