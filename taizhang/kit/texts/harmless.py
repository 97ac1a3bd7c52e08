"""What in an office file would act: macros, remote templates, links, objects. Told to the clerk, never opened live.

`office` also gives back bytes that a converter may have: package files with every address to elsewhere made blank
and without macros. The deposited file itself is never changed.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field

from ..archive import MAX_INFLATED, OLE, is_xml, open_archive, read_part, sweep
from ..documents.ole import Container
from .blocks import LOCKED
from .told import Unreadable

MAX_PART = 60_000_000  # bytes of one part that is copied

MACRO = ("macro", "文件带有宏。宏没有运行过，也不会运行；请核对文件来历，最好另存为不带宏的格式后换新版本。")
TEMPLATE = (
    "remote_template",
    "文件会从别处取模板（远程模板），打开时可能引来有害内容。系统没有去取；请另存后换新版本。",
)
EMBEDDED = ("embedded", "文件里嵌有其他文件（OLE 对象），里面的内容没有读，检索不到。")
DDE = ("dde", "文件里有自动执行的域（DDE），没有执行。请核对文件来历，去掉后换新版本。")
LINKS = ("links", "文件引用了别处的数据（外部链接），没有去取，看到的是存盘时的内容。")
TRACKED = ("tracked", "文件里留有修订痕迹，正式材料应先接受或拒绝全部修订。")
COMMENTS = ("tracked", "文件里留有批注，正式材料应先删去批注。")

#: relationships that point elsewhere and do no harm until somebody clicks
CLICKED = ("/hyperlink",)
RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.DOTALL)
OUTSIDE = re.compile(rb"""\bTargetMode\s*=\s*["']External["']""", re.IGNORECASE)
TYPE = re.compile(rb"""\bType\s*=\s*["']([^"']*)["']""")
TARGET = re.compile(rb"""(\bTarget\s*=\s*)("[^"]*"|'[^']*')""")
MACRO_PARTS = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|vbaprojectsignature\w*\.bin)$|/macrosheets/|/activex/"
)
FIELD = re.compile(rb"\bDDE(?:AUTO)?\b")


@dataclass
class Found:
    """DATA to hand to a converter; WARNINGS as (code, words); LOCKED: a password is needed to see anything."""

    data: bytes
    warnings: list[tuple[str, str]] = field(default_factory=list)
    locked: bool = False

    def warn(self, *warnings: tuple[str, str]) -> None:
        self.warnings += [one for one in warnings if one not in self.warnings]


def office(data: bytes) -> Found:
    """What acts in an office file of either kind. Refused: damage, bombs, document types in its XML."""
    if data.startswith(OLE):
        return _container(data)
    return _package(data) if data.startswith(b"PK") else Found(data)


def opened(data: bytes) -> Found:
    """As `office`; Unreadable where a password is needed."""
    found = office(data)
    if found.locked:
        raise Unreadable("locked", LOCKED)
    return found


def _container(data: bytes) -> Found:
    container = Container(data)
    found = Found(data, locked=container.kind == "locked" or _locked_book(container))
    if container.has_macros:
        found.warn(MACRO)
    if any(one.startswith("objectpool/") or "\x01ole10native" in one for one in container.names):
        found.warn(EMBEDDED)
    if container.kind == "doc" and re.search(
        rb"D\x00?D\x00?E\x00?(A\x00?U\x00?T\x00?O\x00?)?\s", _fields(container)
    ):
        found.warn(DDE)
    return found


def _locked_book(container: Container) -> bool:
    """Whether the workbook's stream says FILEPASS ([MS-XLS] 2.4.117) or the slides are encrypted."""
    if container.has("EncryptedSummary"):
        return True
    head = container.read("Workbook")[:4096] or container.read("Book")[:4096]
    at = 0
    while at + 4 <= len(head):
        kind, size = (
            int.from_bytes(head[at : at + 2], "little"),
            int.from_bytes(head[at + 2 : at + 4], "little"),
        )
        if kind == 0x002F:
            return True
        if kind in (0x000A, 0x0085):  # the end of the part that holds settings; the first sheet
            return False
        at += 4 + size
    return False


def _fields(container: Container) -> bytes:
    """Where the codes of fields stand: between the marks 0x13 and 0x14 of the text."""
    text = container.read("WordDocument")[:20_000_000]
    return b" ".join(re.findall(rb"\x13\x00?([^\x14]{1,200}?)\x14", text))


def _package(data: bytes) -> Found:
    found = Found(data)
    with open_archive(data) as archive:
        names = {one.lower().replace("\\", "/") for one in archive.namelist()}
        acting = {one for one in archive.namelist() if MACRO_PARTS.search(one.lower().replace("\\", "/"))}
        if acting:
            found.warn(MACRO)
        if any("/embeddings/" in one and not one.endswith((".xlsx", ".xls")) for one in names):
            found.warn(EMBEDDED)  # the table behind a chart is drawn, and no file of its own
        if any("/externallinks/" in one for one in names):
            found.warn(LINKS)
        if any(re.search(r"/(comments\d*|threadedcomments?/[^/]+)\.xml$", one) for one in names):
            found.warn(COMMENTS)

        def look(part: str, piece: bytes) -> None:
            if part.lower().endswith(".rels"):
                return
            if (
                b"instrText" in piece
                and any(FIELD.search(code) for code in re.findall(rb"<w:instrText[^>]*>([^<]*)", piece))
                or FIELD.search(b" ".join(re.findall(rb"""<w:fldSimple[^>]*w:instr=["']([^"']*)""", piece)))
            ):
                found.warn(DDE)
            if b"ddeLink" in piece:
                found.warn(DDE)
            if b"WEBSERVICE(" in piece:
                found.warn(LINKS)
            if part.lower().startswith("word/") and re.search(rb"<w:(?:ins|del|moveFrom|moveTo) ", piece):
                found.warn(TRACKED)

        sweep(archive, look)
        rewritten: dict[str, bytes] = {}
        for name in archive.namelist():
            if name.lower().endswith(".rels"):
                before = read_part(archive, name, MAX_INFLATED)
                after = _blank(before, found)
                if after != before:
                    rewritten[name] = after
        if acting or rewritten:
            found.data = _copy(archive, acting, rewritten)
    return found


def _blank(part: bytes, found: Found) -> bytes:
    """A part of relationships in which none leads out of the file, except where a reader would click."""

    def one(match: re.Match[bytes]) -> bytes:
        text = match.group()
        if not OUTSIDE.search(text):
            return text
        kind = TYPE.search(text)
        words = kind.group(1).decode("utf-8", "replace") if kind else ""
        if words.endswith(CLICKED):
            return text
        found.warn(TEMPLATE if words.endswith(("/attachedTemplate", "/frame", "/subDocument")) else LINKS)
        return TARGET.sub(rb'\1"about:blank"', text)

    return RELATIONSHIP.sub(one, part)


def _copy(archive: zipfile.ZipFile, without: set[str], instead: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    budget = 4 * MAX_INFLATED
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in dict.fromkeys(archive.namelist()):
            if name in without or name.endswith("/"):
                continue
            content = instead[name] if name in instead else read_part(archive, name, MAX_PART)
            budget -= len(content)
            if budget < 0:
                break
            made.writestr(
                zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED if is_xml(name) else zipfile.ZIP_STORED
            )
    return out.getvalue()
