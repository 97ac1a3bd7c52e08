"""Each format with a real file: all its words are read, in the order they are printed, with its pages."""

import io
import struct
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from PIL import Image, ImageDraw

from taizhang.kit.documents import office
from taizhang.kit.texts import pdf as pdf_reader
from tests.kit.containers import container
from tests.kit.word import docx as package
from tests.kit.word import p

from . import made
from .made import BODY, ask, codes, text

with_libreoffice = pytest.mark.skipif(not office.libreoffice(), reason="LibreOffice is not installed")
LINES = ["关于成立领导小组的通知", BODY, "姓名\t职务\t分工", "罗玉珍\t科长\t组长", "附图："]


def lines(told: dict[str, Any]) -> list[str]:
    return text(told).split("\n")


# --- Word


def test_docx_in_printed_order_with_what_stands_around_it(tmp_path: Path) -> None:
    told = ask(tmp_path, "docx", made.word())
    assert lines(told) == ["某某局文件", *LINES, "框里的字", "特此通知。", "脚注里的话", "办公室印发"]
    assert (told["kind"], told["pages"], told["warnings"], told["go_on"]) == ("docx", 1, [], 0)


def test_docx_says_how_many_pages_its_program_counted(tmp_path: Path) -> None:
    said = b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Pages>7</Pages></Properties>'
    assert ask(tmp_path, "docx", made.add(made.word(), {"docProps/app.xml": said}))["pages"] == 7
    junk = said.replace(b"7", b"-3")
    assert ask(tmp_path, "docx", made.add(made.word(), {"docProps/app.xml": junk}))["pages"] == 1


def test_docx_is_parted_into_leaves_and_loses_nothing(tmp_path: Path) -> None:
    document = docx.Document()
    said = [f"第{at}段：{BODY}" for at in range(400)]
    for one in said:
        document.add_paragraph(one)
    out = io.BytesIO()
    document.save(out)
    told = ask(tmp_path, "docx", out.getvalue())
    assert lines(told) == said
    assert len(told["leaves"]) > 4 and all(len(leaf["text"]) <= 3000 for leaf in told["leaves"])
    assert [leaf["no"] for leaf in told["leaves"]] == list(range(1, len(told["leaves"]) + 1))


def test_docx_keeps_its_table_of_contents_and_diagrams(tmp_path: Path) -> None:
    contents = '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>'
    data = package(contents + p("一、总则 1") + "</w:sdtContent></w:sdt>" + p("正文"))
    drawn = '<d xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:r><a:t>组长</a:t></a:r></a:p></d>'
    told = ask(tmp_path, "docx", made.add(data, {"word/diagrams/data1.xml": drawn.encode()}))
    assert lines(told) == ["一、总则 1", "正文", "组长"]


@with_libreoffice
def test_doc_with_headers_and_tables(tmp_path: Path) -> None:
    told = ask(tmp_path, "doc", made.old(made.word(), "docx", "doc"))
    assert lines(told)[0] == "某某局文件" and lines(told)[-1] == "办公室印发"
    assert [line for line in lines(told) if line in LINES] == LINES and told["kind"] == "doc"


@with_libreoffice
def test_doc_without_any_converter_is_read_by_its_own_pieces(tmp_path: Path, monkeypatch: Any) -> None:
    data = made.old(made.word(), "docx", "doc")
    monkeypatch.setattr(office, "antiword", lambda: None)
    monkeypatch.setattr(office, "libreoffice", lambda: None)
    found = text(ask(tmp_path, "doc", data))
    assert all(part in found for line in LINES for part in line.split("\t"))


@with_libreoffice
def test_rtf(tmp_path: Path) -> None:
    told = ask(tmp_path, "rtf", made.old(made.word(), "docx", "rtf"))
    assert [line for line in lines(told) if line in LINES] == LINES and told["kind"] == "rtf"


# --- workbooks


def test_xlsx_by_rows_with_tabs(tmp_path: Path) -> None:
    told = ask(tmp_path, "xlsx", made.workbook())
    assert lines(told) == ["志愿者名册", "序号\t姓名\t得分", "1\t张建国\t9.5", "2\t多 行", "汇总", "合计\t2"]
    assert told["kind"] == "xlsx" and told["warnings"] == []


def test_xlsx_of_very_many_rows_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    row = "<row>" + '<c t="inlineStr"><is><t>张建国</t></is></c><c><v>1</v></c>' * 60 + "</row>"
    page = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{row * 9_000}</sheetData></worksheet>'
    data = made.add(made.workbook(), {"xl/worksheets/sheet1.xml": page.encode()})
    told = ask(tmp_path, "xlsx", data)
    assert codes(told)[:1] == ["long"] and "“志愿者名册”的行太多，只读了前 3334 行" in told["warnings"][0][1]
    assert text(told).startswith("志愿者名册\n张建国\t1\t") and text(told).count("\n") == 3334 + 2


@with_libreoffice
def test_xls_and_et(tmp_path: Path) -> None:
    data = made.old(made.workbook(), "xlsx", "xls")
    for name in ("名册.xls", "名册.et"):
        told = ask(tmp_path, "xls", data, name=name)
        assert (
            lines(told)[:3] == ["志愿者名册", "序号\t姓名\t得分", "1\t张建国\t9.5"] and told["kind"] == "xls"
        )


# --- slides


def test_pptx_by_slides_with_tables_groups_and_notes(tmp_path: Path) -> None:
    told = ask(tmp_path, "pptx", made.slides())
    assert [leaf["text"] for leaf in told["leaves"]] == [
        "创建文明单位工作汇报\n党建引领\n项目\t完成\n讲的时候要慢",
        "组合里的字",
    ]
    assert (told["kind"], told["pages"]) == ("pptx", 2)


def atom(kind: int, body: bytes, instance: int = 0, holds: bool = False) -> bytes:
    return struct.pack("<HHI", instance << 4 | (0xF if holds else 0), kind, len(body)) + body


def test_ppt_without_a_converter_by_its_own_records(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(office, "libreoffice", lambda: None)
    listed = b"".join(
        atom(0x3F3, b"\x00" * 20) + atom(0xFA0, title.encode("utf-16-le"))
        for title in ("创建工作汇报", "第二张")
    )
    shape = atom(0xF00D, atom(0xFA0, "框里\r的字".encode("utf-16-le")), holds=True)
    slide = atom(0x3EE, atom(0x40C, shape, holds=True), holds=True)
    note = atom(0x3F0, atom(0x40C, atom(0xF00D, atom(0xFA8, b"note"), holds=True), holds=True), holds=True)
    stream = atom(0x3E8, atom(0xFF0, listed, holds=True), holds=True) + slide + note
    told = ask(tmp_path, "ppt", container({"PowerPoint Document": stream}))
    assert [leaf["text"] for leaf in told["leaves"]] == ["创建工作汇报\n框里\n的字", "第二张\nnote"]


# --- PDF


def test_pdf_lines_of_a_paragraph_are_joined(tmp_path: Path) -> None:
    long = "".join(f"{at}为加强领导经研究决定成立工作小组" for at in range(60))
    data = made.pdf(
        f"= 关于成立领导小组的通知\n\n#par(first-line-indent: (amount: 2em, all: true))[{long}]\n\n二、短行\n\n短行之后",
        "第二页",
    )
    told = ask(tmp_path, "pdf", data)
    first = told["leaves"][0]["text"].split("\n")
    assert first[0] == "关于成立领导小组的通知" and first[2:] == ["二、短行", "短行之后"]
    assert first[1].replace(" ", "") == long
    assert told["leaves"][1]["text"] == "第二页" and told["pages"] == 2 and told["warnings"] == []


def scanned(words: str, pages: int) -> bytes:
    """A PDF of pictures of pages."""
    sheets = []
    for at in range(pages):
        sheet = Image.new("RGB", (620, 877), "white")
        ImageDraw.Draw(sheet).text((60, 60), f"{words} {at + 1}", fill="black")
        sheets.append(sheet)
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=75)
    return out.getvalue()


def test_pdf_of_scans_without_ocr_says_so(tmp_path: Path) -> None:
    told = ask(tmp_path, "pdf", scanned("page", 3))
    assert text(told) == "" and told["pages"] == 3 and codes(told) == ["unseen"]
    assert "有 3 页是扫描的图像" in told["warnings"][0][1]


def test_pdf_of_scans_goes_on_after_four_pages_and_text_pages_cost_nothing(
    tmp_path: Path, monkeypatch: Any
) -> None:
    seen: list[tuple[int, int]] = []

    def read_page(image: Image.Image) -> tuple[str, list[list[float | str]]]:
        seen.append(image.size)
        return "图上的字", [[0.1, 0.1, 0.9, 0.2, "图上的字"]]

    monkeypatch.setattr("taizhang.kit.texts.scans.read_page", read_page)
    out = io.BytesIO()
    with pikepdf.new() as joined:
        for part in (
            made.pdf("有文字层的一页，不必看图。"),
            scanned("page", 6),
            made.pdf("最后一页也有文字层。"),
        ):
            with pikepdf.open(io.BytesIO(part)) as one:
                joined.pages.extend(one.pages)
        joined.save(out)
    first = ask(tmp_path, "pdf", out.getvalue(), pictures=True)
    assert [leaf["no"] for leaf in first["leaves"]] == [1, 2, 3, 4, 5] and first["go_on"] == 6
    assert [leaf["ocr"] for leaf in first["leaves"]] == [False, True, True, True, True]
    assert first["leaves"][1]["lines"] == [[0.1, 0.1, 0.9, 0.2, "图上的字"]]
    rest = ask(tmp_path, "pdf", out.getvalue(), pictures=True, start=6)
    assert [leaf["no"] for leaf in rest["leaves"]] == [6, 7, 8] and rest["go_on"] == 0
    assert rest["leaves"][-1]["text"] == "最后一页也有文字层。" and rest["pages"] == 8
    # 8.27 inches at 200 dots
    assert seen[0] == (1654, 2339) and len(seen) == 6


@pytest.mark.parametrize(
    ("layer", "rubbish"),
    [
        ("\ue001\ue002\ue003" * 10, True),
        ("ÖÐ¹úÈËÃñ" * 5, True),
        ("\x01\x02\x03\x04\x05\x06\x07\x08\x0e", True),
        (BODY, False),
        ("Émile Zola, naïve: 25 °C ± 1 × 2", False),
        ("", False),
    ],
)
def test_a_text_layer_of_rubbish_is_no_text(layer: str, rubbish: bool) -> None:
    assert pdf_reader.is_rubbish(layer) is rubbish


def test_pdf_with_the_mark_of_a_scanning_program_is_a_scan(tmp_path: Path) -> None:
    data = made.pdf("由 扫描全能王 扫描创建")
    with pikepdf.open(io.BytesIO(scanned("page", 1))) as below, pikepdf.open(io.BytesIO(data)) as mark:
        below.pages[0].add_overlay(mark.pages[0])
        out = io.BytesIO()
        below.save(out)
    assert codes(ask(tmp_path, "pdf", out.getvalue())) == ["unseen"]


# --- OFD


def test_ofd_in_the_order_of_its_document_with_templates(tmp_path: Path) -> None:
    pages = [
        made.said("为加强领导，", 60) + made.said("成立工作小组。", 60, 60) + made.said("标题在上", 40),
        made.said("第二页", 40),
    ]
    told = ask(tmp_path, "ofd", made.ofd(pages, template=made.said("某某局文件", 10)))
    assert [leaf["text"] for leaf in told["leaves"]] == [
        "某某局文件\n标题在上\n为加强领导， 成立工作小组。",
        "某某局文件\n第二页",
    ]
    assert (told["kind"], told["pages"]) == ("ofd", 2)


def test_ofd_letters_that_stand_alone_make_lines(tmp_path: Path) -> None:
    spread = "".join(made.said(letter, 50, 20 + 5 * at) for at, letter in enumerate("文明单位创建工作"))
    assert text(ask(tmp_path, "ofd", made.ofd([spread]))) == "文明单位创建工作"


def test_ofd_scan(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("taizhang.kit.texts.scans.read_page", lambda image: (f"{image.width} 点宽", []))
    picture = io.BytesIO()
    Image.new("RGB", (321, 400)).save(picture, "PNG")
    resources = f'<ofd:Res {made.OFD_SPACE} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="9" Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>'
    data = made.ofd(
        ['<ofd:ImageObject ID="3" Boundary="0 0 210 297" ResourceID="9"/>'] * 5,
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        more={"Doc_0/DocumentRes.xml": resources.encode(), "Doc_0/Res/a.png": picture.getvalue()},
    )
    told = ask(tmp_path, "ofd", data, pictures=True)
    assert [leaf["text"] for leaf in told["leaves"]] == ["321 点宽"] * 4 and told["go_on"] == 5
    assert codes(ask(tmp_path, "ofd", data)) == ["unseen"]


def test_ofd_whose_page_is_missing_keeps_the_others(tmp_path: Path) -> None:
    data = made.ofd([made.said("还在的一页", 20), made.said("x", 20)])
    data = made.zipped(
        {
            name: made.part(data, name)
            for name in ("OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml")
        }
    )
    told = ask(tmp_path, "ofd", data)
    assert text(told) == "还在的一页" and codes(told) == ["damaged"] and told["pages"] == 2


# --- pages of the web, letters, text


@pytest.mark.parametrize("code", ["utf-8", "gb18030"])
def test_html(tmp_path: Path, code: str) -> None:
    page = "<html><head><title>某某网</title></head><body><h1>简报</h1><p>第一段<br>另一行</p><table><tr><td>甲<td>乙</table></body></html>"
    told = ask(tmp_path, "html", page.encode(code))
    assert lines(told) == ["某某网", "简报", "第一段", "另一行", "甲\t乙"] and told["warnings"] == []


def test_html_with_scripts_is_told_and_their_words_are_not_read(tmp_path: Path) -> None:
    told = ask(tmp_path, "html", "<p onclick='x()'>字</p><script>alert('不读')</script>".encode())
    assert text(told) == "字" and codes(told) == ["script"]
    assert text(ask(tmp_path, "html", b"<html><body></body></html>")) == ""


def test_mht(tmp_path: Path) -> None:
    data = (
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=E7=AE=80=E6=8A=A5</p>\r\n--x--\r\n"
    )
    assert text(ask(tmp_path, "mht", data)) == "简报"


def letter(body: bytes, subject: str = "=?gb2312?B?udjT2rGoy82yxMHP?=") -> bytes:
    return (
        (
            f"From: =?utf-8?B?572X546J54+N?= <luo@example.cn>\r\nTo: office@example.cn\r\nSubject: {subject}\r\n"
            "Date: Mon, 08 Jun 2020 09:30:00 +0800\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
            "--x\r\nContent-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        ).encode()
        + body
        + (
            b"\r\n--x\r\nContent-Type: application/pdf\r\n"
            b"Content-Disposition: attachment; filename*=utf-8''%E5%90%8D%E5%86%8C.pdf\r\n\r\n%PDF\r\n--x--\r\n"
        )
    )


def test_eml(tmp_path: Path) -> None:
    told = ask(tmp_path, "eml", letter("现将材料报上，镕请查收。".encode("gb18030")))
    assert lines(told) == [
        "主题：关于报送材料", "发件人：罗玉珍 <luo@example.cn>", "收件人：office@example.cn",
        "日期：Mon, 08 Jun 2020 09:30:00 +0800", "现将材料报上，镕请查收。", "附件：名册.pdf",
    ]  # fmt: skip
    assert codes(told) == ["embedded"] and "1 个附件" in told["warnings"][0][1]


def test_eml_in_an_eml_and_only_html(tmp_path: Path) -> None:
    inner = "Subject: inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>里面的信</p>"
    data = f"Subject: outer\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--y--"
    assert lines(ask(tmp_path, "eml", data.encode())) == ["主题：outer", "主题：inner", "里面的信"]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_every_encoding(tmp_path: Path, code: str) -> None:
    said = f"{BODY}镕喆𠮷"
    assert text(ask(tmp_path, "txt", said.encode(code))) == said
    assert text(ask(tmp_path, "csv", f"序号,{said}".encode(code))) == f"序号,{said}"
