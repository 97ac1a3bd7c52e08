"""Web pages that are called .xls or .doc -> Document: many systems of agencies hand out tables this way."""

import email
import email.policy
import re
from typing import Any

from lxml import etree
from lxml import html as parser

from ..archive import check_elements
from ..cells import Room
from ..errors import Refused
from .blocks import Cell, Document, Merge, Paragraph, Table

MAX_CELLS = 2_000_000
MAX_ROWS = 20_000
MAX_SPAN_DOWN = 20_000
MAX_SPAN_ACROSS = 256
MAX_TEXT = 30_000_000  # characters
SKIPPED = {"script", "style", "head", "title", "noscript", "template", "object", "iframe", "xml"}
BREAKING = {"p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "ul", "ol", "blockquote", "section",
            "article", "center", "dt", "dd", "body", "pre", "hr", "header", "footer", "main"}  # fmt: skip
CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
NOT_SHOWN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|div|style)\b", re.IGNORECASE)
MIME = re.compile(rb"\A\s*(?:From:|MIME-Version:|Content-Type:\s*multipart/related)", re.IGNORECASE)


def is_page(data: bytes) -> bool:
    """Whether the bytes are a web page, as a file of its own or wrapped as .mht."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\x00", b"")
    return bool(MIME.match(head) and b"text/html" in data[:200_000].lower()) or (
        head[:1] == b"<" and bool(PAGE.search(head))
    )


def read_html(data: bytes) -> Document:
    """Headings, paragraphs and tables of a web page. Nothing it points at is fetched."""
    if MIME.match(data[:200]):
        data = unwrap(data)
    check_elements(data)
    text = as_text(data)
    # an encoding said inside would be believed against the text we already have
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)[:MAX_TEXT]
    try:
        root = parser.document_fromstring(text, parser=parser.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Refused(
            "网页格式的文件里没有内容，请用 Excel 或 WPS 打开后另存为“.xlsx 工作簿”再导入"
        ) from error
    reader = Reader()
    reader.walk(root)
    reader.end_line(0)
    if not reader.blocks:
        raise Refused(
            "这是网页格式的文件，里面没有表格和文字（表格可能在另一个文件里），"
            "请用 Excel 或 WPS 打开后另存为“.xlsx 工作簿”再导入"
        )
    notes = [f"有 {reader.hidden} 行没有显示（被隐藏），没有读"] if reader.hidden else []
    if reader.cut:
        notes.append(f"表格超过 {MAX_ROWS} 行，只读了前 {MAX_ROWS} 行")
    return Document(reader.blocks, "html", notes)


def unwrap(data: bytes) -> bytes:
    """The page in a web archive (.mht): its first part of HTML that holds a table, or its first at all."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    pages = []
    for one in message.walk():
        if one.get_content_type() == "text/html":
            body = one.get_payload(decode=True)
            if isinstance(body, bytes):
                pages.append(body)
    return next((page for page in pages if b"<table" in page.lower()), pages[0] if pages else b"")


def as_text(data: bytes) -> str:
    """The page's text: byte order mark, then what it says of itself, then UTF-8, then GB18030."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    said = CHARSET.search(data[:4096])
    names = ["utf-8-sig", "gb18030"]
    if said:
        name = said.group(1).decode("ascii", "replace").lower()
        names.insert(0, "gb18030" if name.startswith("gb") else name)
    for name in names:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("gb18030", "replace")


def level_of(tag: str) -> int:
    return int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else 0


class Reader:
    """Gathers lines of text and tables in their order."""

    def __init__(self) -> None:
        self.blocks: list[Paragraph | Table] = []
        self.line: list[str] = []
        self.hidden = 0
        self.cut = False
        self.paragraphs = 0
        self.tables = 0
        self.room = Room()

    def end_line(self, level: int) -> None:
        for text in tidy("".join(self.line)).split("\n"):
            if text:
                self.paragraphs += 1
                self.blocks.append(Paragraph(text, level, f"第{self.paragraphs}段"))
        self.line = []

    def walk(self, element: Any, level: int = 0, depth: int = 0) -> None:
        tag = element.tag
        if (
            not isinstance(tag, str)
            or tag in SKIPPED
            or NOT_SHOWN.search(element.get("style", ""))
            or depth > 200
        ):
            return
        if tag == "table" and not holds_tables(element):
            self.end_line(level)
            self.table(element)
            return
        if tag == "br":
            self.line.append("\n")
        breaks = tag in BREAKING or tag in ("td", "th")
        if breaks:
            self.end_line(level)
        level = level_of(tag) or level
        self.line.append(element.text or "")
        for one in element:
            self.walk(one, level, depth + 1)
            self.line.append(one.tail or "")
        if breaks:
            self.end_line(level)

    def table(self, element: Any) -> None:
        rows: list[list[Cell]] = []
        merges: list[Merge] = []
        taken: set[tuple[int, int]] = set()  # cells that a span from above or from the left covers
        width = 0
        for line in element.iter("tr"):
            if NOT_SHOWN.search(line.get("style", "")):
                self.hidden += 1
                continue
            r, c, cells = len(rows), 0, {}
            for one in line:
                if one.tag not in ("td", "th"):
                    continue
                while (r, c) in taken:
                    c += 1
                down = span(one, "rowspan", MAX_SPAN_DOWN)
                across = min(span(one, "colspan", MAX_SPAN_ACROSS), MAX_SPAN_ACROSS - c)
                if across < 1:
                    break
                cells[c] = cell_text(one)
                if down > 1 or across > 1:
                    merges.append((r, c, r + down - 1, c + across - 1))
                    if len(taken) + down * across > MAX_CELLS:
                        raise Refused("表格里合并的格太多，不是正常的表，不能导入")
                    taken.update((r + y, c + x) for y in range(down) for x in range(across))
                c += across
            width = max(width, c)
            if len(rows) == MAX_ROWS:
                self.cut = True
                break
            rows.append([cells.get(at) for at in range(max(cells, default=-1) + 1)])
        self.room.take(len(rows), width)
        for row in rows:
            row.extend([None] * (width - len(row)))
        if any(cell is not None for row in rows for cell in row):
            self.tables += 1
            last = len(rows) - 1
            kept = [(r1, c1, min(r2, last), min(c2, width - 1)) for r1, c1, r2, c2 in merges]
            merges = sorted(one for one in kept if one[0] != one[2] or one[1] != one[3])
            self.blocks.append(Table(rows, merges, f"第{self.tables}张表"))


def holds_tables(table: Any) -> bool:
    """Whether a table only lays out others."""
    return next(table.iterdescendants("table"), None) is not None


def span(cell: Any, name: str, most: int) -> int:
    found = re.match(r"\s*(\d{1,6})", cell.get(name, ""))
    return max(1, min(int(found.group(1)), most)) if found else 1


def cell_text(element: Any) -> str | None:
    out: list[str] = []

    def take(one: Any) -> None:
        if not isinstance(one.tag, str) or one.tag in SKIPPED or NOT_SHOWN.search(one.get("style", "")):
            return
        if one.tag == "br" or one.tag in BREAKING:
            out.append("\n")
        out.append(one.text or "")
        for inner in one:
            take(inner)
            # line ends of the source are blanks on the page
            out.append(re.sub(r"[\r\n]+", " ", inner.tail or ""))
        if one.tag in BREAKING:
            out.append("\n")

    out.append(re.sub(r"[\r\n]+", " ", element.text or ""))
    for one in element:
        take(one)
        out.append(re.sub(r"[\r\n]+", " ", one.tail or ""))
    return tidy("".join(out)) or None


def tidy(text: str) -> str:
    """One blank for many, no empty lines. Between Chinese characters a line end of the source is nothing."""
    text = text.replace("\xa0", " ").replace("\u200b", "").replace("\ufeff", "")
    lines = (re.sub(r"[ \t\r]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
