"""How files print: a PDF, the same for the same input, with Chinese letters of the right kind."""

import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pikepdf
import pypdfium2
import pytest
from docx.oxml.ns import qn

from taizhang.kit.apart import Apart
from taizhang.kit.documents import office
from taizhang.kit.texts import face
from tests.kit.containers import container

from . import made
from .made import BODY, MIMES

with_libreoffice = pytest.mark.skipif(not office.libreoffice(), reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def child() -> Iterator[Apart]:
    found = Apart("taizhang.kit.texts.face:answer")
    yield found
    found.close(kill=True)


def ask(child: Apart, folder: Path, kind: str, data: bytes) -> dict[str, Any]:
    path = folder / "asked"
    path.write_bytes(data)
    return child.ask(
        {"path": str(path), "name": f"情况报告.{kind}", "mime": MIMES[kind], "folder": str(folder)},
        face.SECONDS,
    )


def printed(told: dict[str, Any]) -> bytes:
    assert "face" in told, told
    return Path(told["face"]).read_bytes()


def words(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


@with_libreoffice
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_office_files_print_the_same_each_time(child: Apart, tmp_path: Path, kind: str) -> None:
    data = made.word() if kind == "docx" else made.workbook()
    first = printed(ask(child, tmp_path, kind, data))
    assert (BODY if kind == "docx" else "张建国") in words(first)
    time.sleep(1.1)
    other = Apart("taizhang.kit.texts.face:answer")
    try:
        assert printed(ask(other, tmp_path, kind, data)) == first
    finally:
        other.close(kill=True)
    with pikepdf.open(io.BytesIO(first)) as opened:
        assert "/CreationDate" not in opened.docinfo and "/Metadata" not in opened.Root
        assert "/OpenAction" not in opened.Root


@with_libreoffice
@pytest.mark.parametrize("kind", ["doc", "rtf", "xls"])
def test_old_files_print(child: Apart, tmp_path: Path, kind: str) -> None:
    data = made.old(made.workbook(), "xlsx", "xls") if kind == "xls" else made.old(made.word(), "docx", kind)
    assert ("张建国" if kind == "xls" else BODY) in words(printed(ask(child, tmp_path, kind, data)))


@with_libreoffice
def test_fonts_of_official_documents_are_replaced_by_their_own_kind(child: Apart, tmp_path: Path) -> None:
    """A font that is not there would else be any other, without a word."""
    document = docx.Document()
    for font in ("仿宋_GB2312", "方正小标宋简体", "宋体", "黑体"):
        run = document.add_paragraph().add_run(BODY)
        run.font.name = font
        run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    out = io.BytesIO()
    document.save(out)
    with pikepdf.open(io.BytesIO(printed(ask(child, tmp_path, "docx", out.getvalue())))) as opened:
        found = {
            str(one.BaseFont)
            for one in opened.objects
            if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one
        }
    serif = {one for one in found if "Song" in one or "Serif" in one or "Fang" in one}
    assert (
        serif and any("Bold" in one for one in found) and any("Sans" in one or "Hei" in one for one in found)
    )
    assert not any("WenQuanYi" in one and "Hei" in one for one in serif)


@with_libreoffice
def test_a_document_that_reaches_out_prints_without_reaching(child: Apart, tmp_path: Path) -> None:
    from .test_bad import FAR, MACRO, rels  # noqa: PLC0415 -- slow import

    data = made.add(made.word(), MACRO | {"word/_rels/settings.xml.rels": rels(("attachedTemplate", FAR))})
    assert BODY in words(printed(ask(child, tmp_path, "docx", data)))


def test_slides_print_at_least_their_words(child: Apart, tmp_path: Path) -> None:
    found = printed(ask(child, tmp_path, "pptx", made.slides()))
    assert "党建引领" in words(found) and len(pypdfium2.PdfDocument(found)) == 2


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("txt", "第一行 #set $x$ *不是标记*\n\n\t第二段".encode("gb18030"), "第一行#set$x$*不是标记*第二段"),
        ("csv", "序号,姓名\n1,\"张建国，\"\"副\"\"科长\"\n".encode("gb18030"), "序号姓名1张建国，\"副\"科长"),
        ("html", "<h1>简报</h1><script>x</script><p>正文".encode(), "简报正文"),
        ("eml", "Subject: x\r\nFrom: y\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n正文".encode(), "发件人：y正文"),
        ("ofd", made.ofd([made.said("第一页", 9), made.said("第二页", 9)]), "第一页"),
        ("txt", b"", "情况报告"),
    ],
)  # fmt: skip
def test_text_is_set_cleanly(child: Apart, tmp_path: Path, kind: str, data: bytes, said: str) -> None:
    found = printed(ask(child, tmp_path, kind, data))
    assert words(found).startswith("情况报告") and said in words(found)
    assert len(pypdfium2.PdfDocument(found)) == (2 if kind == "ofd" else 1)
    assert printed(ask(child, tmp_path, kind, data)) == found


def test_a_text_without_end_is_cut_and_says_so(child: Apart, tmp_path: Path) -> None:
    found = printed(ask(child, tmp_path, "txt", (("党建引领。" * 100 + "\n") * 1000).encode()))
    assert "以下文字太长" in words(found)[-300:]


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("docx", b"PK\x03\x04rubbish", "broken"),
        ("docx", container({"EncryptedPackage": b"x"}), "locked"),
        ("pdf", b"%PDF-1.4", "other"),
        ("ofd", made.zipped({"OFD.xml": b"<x/>"}), "broken"),
        ("doc", container({"WordDocument": b"\xec\xa5"}), "broken"),
    ],
)
def test_what_has_no_face_is_told_in_words(
    child: Apart, tmp_path: Path, kind: str, data: bytes, code: str
) -> None:
    told = ask(child, tmp_path, kind, data)
    if kind == "doc" and "face" in told:  # LibreOffice prints an empty page of it
        return
    found, said = told["unreadable"]
    assert found == code and said.endswith("。")


def test_formulas_that_ask_far_away_print_what_was_saved(child: Apart, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(['=WEBSERVICE("http://127.0.0.1:9/x")', "合计"])
    out = io.BytesIO()
    book.save(out)
    if office.libreoffice():
        assert "合计" in words(printed(ask(child, tmp_path, "xlsx", out.getvalue())))
    assert zipfile.is_zipfile(io.BytesIO(out.getvalue()))
