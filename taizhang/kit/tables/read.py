"""Bytes of any office file -> Book. What a file is, its content says; its name is only compared."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from ..archive import OLE, SAVE_AS, ZIP, check_size, open_archive, part_names, read_part
from ..documents import office
from ..documents.blocks import Document
from ..documents.doc import INSTALL, read_by_libreoffice, read_doc
from ..documents.docx import main_part, read_docx
from ..documents.html import is_page, read_html
from ..documents.ole import Container
from ..documents.pdf import read_pdf
from ..documents.seen.picture import HEADS, read_picture
from ..errors import Refused
from .book import Book
from .delimited import read_delimited
from .from_document import as_book
from .xls import BARE, read_xls
from .xlsx import read_workbook
from .xml2003 import is_xml2003, read_xml2003

WHAT_WE_READ = "请导入 Excel 或 WPS 表格（.xlsx、.xls）、Word 文档（.docx、.doc）、PDF 或 csv 文件"
NO_TABLE = f"这是图片或压缩包，不是表格或文档，{WHAT_WE_READ}"
#: kind -> endings it goes by, and what to call it when the file is called otherwise
KINDS = {
    "xlsx": ((".xlsx", ".xltx", ".et"), "工作簿", "按工作簿读取"),
    "xls": ((".xls", ".xlt", ".et"), "旧版工作簿（.xls）", "按旧版工作簿读取"),
    "xml": ((".xml",), "网页格式的工作簿（XML）", "按工作簿读取"),
    "csv": ((".csv", ".txt", ".tsv"), "文本表格", "按 csv 读取"),
    "html": ((".html", ".htm", ".mht", ".mhtml"), "网页里的表格", "按网页读取"),
    "docx": ((".docx", ".dotx", ".wps"), "Word 文档（.docx）", "按 Word 文档读取"),
    "doc": ((".doc", ".dot", ".wps"), "旧版 Word 文档（.doc）", "按旧版 Word 文档读取"),
    "rtf": ((".rtf",), "写字板文档（.rtf）", "按文档读取"),
    "odt": ((".odt",), "开放文档（.odt）", "按文档读取"),
    "ods": ((".ods",), "开放表格（.ods）", "按表格读取"),
    "wps": ((".wps", ".wpt"), "WPS 文档", "按文档读取"),
    "pdf": ((".pdf",), "PDF 文件", "按 PDF 读取"),
    "picture": ((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"), "图片", "按图片识别"),
}  # fmt: skip
PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
)
WORD_XML = (
    b"http://schemas.microsoft.com/office/word/2003/wordml",
    b"http://schemas.microsoft.com/office/2006/xmlPackage",
)


def read_book(data: bytes, filename: str, seen: Mapping[int, dict[str, Any]] | None = None) -> Book:
    """Read a table or a document of any kind we know. FILENAME serves for messages and for names of last resort.

    SEEN, of a caller who can have pages recognised: the pages that are pictures (documents/seen) by their numbers;
    Unseen says which are still to be recognised. Without it a scan is refused.
    Refused, in plain words: empty, damaged, encrypted, macro-bearing, foreign formats, bombs.
    """
    check_size(data)
    path = PurePath(filename.replace("\\", "/"))
    kind, read = kind_of(data, path.suffix.lower(), seen)
    found = read(data, path.stem or "表")
    book = found if isinstance(found, Book) else as_book(found, path.stem or "表")
    endings, called, how = KINDS[kind]
    if path.suffix.lower() not in (*endings, ""):
        said = f"文件名的后缀是“{path.suffix.lower()}”，内容却是{called}，已{how}"
        book = replace(book, notes=[said, *book.notes])
    return book


Reader = Callable[[bytes, str], Book | Document]


def kind_of(data: bytes, ending: str, seen: Mapping[int, dict[str, Any]] | None = None) -> tuple[str, Reader]:
    """What the bytes are (a key of KINDS) and how they are read. ENDING decides only between old WPS formats."""
    if data.startswith(OLE):
        return kind_of_container(data, ending)
    if data[:4] in ZIP:
        return kind_of_archive(data)
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in data[:1024]:
        return "pdf", lambda data, stem: read_pdf(data, seen)
    if head.startswith(b"{\\rtf"):
        return "rtf", lambda data, stem: read_by_libreoffice(data, "rtf")
    if data[:2] in BARE and data[2:4] in (b"\x04\x00", b"\x06\x00", b"\x08\x00", b"\x10\x00"):
        return "xls", lambda data, stem: read_xls(data)
    if head.startswith(PICTURES) and b"\x00" in data[:4096]:
        if seen is not None and head.startswith(HEADS):
            known = seen
            return "picture", lambda data, stem: read_picture(data, known, NO_TABLE)
        raise Refused(NO_TABLE)
    if is_xml2003(data):
        return "xml", lambda data, stem: read_xml2003(data)
    if head.startswith(b"<?xml") and any(word in data[:8192] for word in WORD_XML):
        return "doc", lambda data, stem: read_by_libreoffice(data, "xml")
    if is_page(data):
        return "html", lambda data, stem: read_html(data)
    if head.startswith((b"<?xml", b"<!DOCTYPE")):
        raise Refused(f"这是其他格式的 XML 文件，不是表格或文档，{WHAT_WE_READ}")
    return "csv", read_delimited


def kind_of_container(data: bytes, ending: str) -> tuple[str, Reader]:
    """Old office files (OLE): Word, Excel, or something LibreOffice may know."""
    container = Container(data)
    match container.kind:
        case "locked":
            raise Refused("文件设有打开密码，无法读取。请用 Office 或 WPS 打开，取消密码后另存一份再导入")
        case "doc":
            return "doc", lambda data, stem: read_doc(data)
        case "xls":
            return "xls", lambda data, stem: read_xls(data)
        case "ppt":
            raise Refused(f"这是演示文稿，里面没有表格或文档，{WHAT_WE_READ}")
    if ending in (".et", ".xls", ".ett"):
        return "xls", lambda data, stem: read_foreign_table(data, "et", SAVE_AS)
    if ending in (".wps", ".wpt", ".doc"):
        return "wps", lambda data, stem: read_by_libreoffice(data, "wps")
    raise Refused(f"这种文件认不出来，{WHAT_WE_READ}")


def kind_of_archive(data: bytes) -> tuple[str, Reader]:
    """Zip archives: the newer office formats, or something handed in by mistake."""
    with open_archive(data) as archive:
        names = part_names(archive)
        if main_part(names):
            return "docx", lambda data, stem: read_docx(data)
        if "mimetype" in names and "content.xml" in names:
            kind = read_part(archive, names["mimetype"], 200).decode("ascii", "replace")
            if "opendocument.text" in kind:
                return "odt", lambda data, stem: read_by_libreoffice(data, "odt")
            if "opendocument.spreadsheet" in kind:
                return "ods", lambda data, stem: read_foreign_table(data, "ods", SAVE_AS)
    return "xlsx", lambda data, stem: read_workbook(data)


def read_foreign_table(data: bytes, ending: str, advice: str) -> Book:
    """A table only LibreOffice knows, turned into .xlsx and read as such."""
    called = "WPS 表格（.et）" if ending == "et" else "开放表格（.ods）"
    if not office.libreoffice():
        raise Refused(f"这是{called}，本机没有能读它的程序。{advice}，{INSTALL}")
    made = office.convert(data, ending, "xlsx")
    if made is None:
        raise Refused(f"{called}内部有错或不完整，读不下去，{advice}")
    return replace(read_workbook(made), kind=ending)
