"""Old and foreign files: each is read as what it is by content, or refused with what to do."""

import struct
from pathlib import Path

import pytest

from taizhang.kit.documents import Paragraph, Table, doc, office
from taizhang.kit.documents.doc import from_docbook
from taizhang.kit.errors import Refused
from taizhang.kit.tables import Sheet, read_book

from .containers import container, excel_5, record

SAMPLES = Path(__file__).resolve().parent.parent / "fixtures" / "office"
with_libreoffice = pytest.mark.skipif(not office.libreoffice(), reason="LibreOffice is not installed")
with_antiword = pytest.mark.skipif(not office.antiword(), reason="antiword is not installed")


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(Refused) as caught:
        read_book(data, name)
    return caught.value.message


def first(data: bytes, name: str) -> Sheet:
    return read_book(data, name).sheets[0]


# --- workbooks


def test_xls_with_merges_and_everything_hidden():
    book = read_book(sample("merged.xls"), "标准.xls")
    page, other = book.sheets
    assert book.kind == "xls" and not book.notes and page.name == "测评标准" and not page.hidden
    assert page.rows[1] == ["项目", "内容", "标准", "分值", "责任部门"]
    assert page.rows[2][3] == 2.5 and page.rows[3][0] is None
    assert page.merges == [(0, 0, 0, 4), (2, 0, 5, 0)]
    assert page.hidden_rows == {4} and page.hidden_columns == {2}
    assert other.name == "藏" and other.hidden


def test_xls_under_the_names_of_others():
    data = sample("merged.xls")
    assert read_book(data, "标准.et").notes == []
    assert "内容却是旧版工作簿" in read_book(data, "标准.xlsx").notes[0]
    assert "内容却是旧版工作簿" in read_book(data, "标准.doc").notes[0]


@pytest.mark.parametrize("wrapped", [True, False])
def test_excel_5_in_the_code_page_of_its_time(wrapped: bool):
    stream = excel_5([["项目", "分值"], ["组织领导", "2分"]])
    page = first(container({"Book": stream}) if wrapped else stream, "a.xls")
    assert page.name == "测评表" and page.rows == [["项目", "分值"], ["组织领导", "2分"]]


def test_xls_with_a_password_or_damage():
    locked = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + record(0x2F, b"\x01\x00" * 20)
    assert "密码" in refusal(container({"Workbook": locked}), "a.xls")
    whole = sample("merged.xls")
    assert "不完整" in refusal(whole[:400], "a.xls")
    assert "xlsx" in refusal(container({"Workbook": b"\x00" * 5000}), "a.xls")


def test_xls_with_macros_is_read_and_said():
    stream = excel_5([["项目", "分值"], ["组织领导", "2分"]])
    book = read_book(container({"Book": stream}, ("_VBA_PROJECT_CUR",)), "a.xls")
    assert "宏没有运行" in book.notes[0] and book.sheets[0].rows[1] == ["组织领导", "2分"]


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_xls_is_refused_or_read_but_never_falls_over(seed: int):
    import random  # noqa: PLC0415 -- only here

    chance = random.Random(seed)
    data = bytearray(sample("merged.xls"))
    for _ in range(chance.randint(1, 40)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        read_book(bytes(data), "a.xls")
    except Refused as refused:
        assert refused.message


HTML = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type"
content="text/html; charset={charset}"><title>导出</title><style>td {{mso-number-format:"\\@"}}</style></head><body>
<h2>某市测评体系</h2><table border=1><tr><th>项目</th><th colspan=2>内容</th><th>分值</th></tr>
<tr><td rowspan="2">组织<br>领导</td><td>开会</td><td>研究&nbsp;</td><td>2</td></tr>
<tr><td colspan=2>发文&lt;一份&gt;</td><td>3</td></tr>
<tr style="display:none"><td>藏</td></tr></table></body></html>"""


@pytest.mark.parametrize("code", ["utf-8", "gb2312", "utf-16"])
def test_a_web_page_called_xls(code: str):
    book = read_book(HTML.format(charset=code).encode(code), "导出.xls")
    page = book.sheets[0]
    assert "内容却是网页里的表格" in book.notes[0] and "1 行没有显示" in book.notes[1]
    assert page.name == "某市测评体系"
    assert page.rows[1:] == [
        ["项目", "内容", None, "分值"], ["组织\n领导", "开会", "研究", "2"], [None, "发文<一份>", None, "3"],
    ]  # fmt: skip
    assert page.merges == [(0, 0, 0, 3), (1, 1, 1, 2), (2, 0, 3, 0), (3, 1, 3, 2)]


def test_a_web_archive_and_a_page_without_content():
    page = HTML.format(charset="utf-8").encode().hex()
    body = "".join(
        "=" + page[at : at + 2].upper() + ("=\r\n" if at % 60 == 58 else "") for at in range(0, len(page), 2)
    )
    archive = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"B\"\r\n\r\n--B\r\n"
        f"Content-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{body}\r\n--B--\r\n"
    ).encode()  # fmt: skip
    assert first(archive, "导出.doc").rows[2][1] == "开会"
    assert "里面没有表格" in refusal(
        b"<html><frameset><frame src='sheet001.htm'></frameset></html>", "导出.xls"
    )


def test_spans_that_would_fill_memory_are_refused():
    rows = "<tr>" + "<td rowspan=20000 colspan=256>甲</td>" * 3 + "</tr>"
    assert "合并的格太多" in refusal(f"<table>{rows * 5}</table>".encode(), "a.xls")


XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<Worksheet ss:Name="测评标准"><Table><Column ss:Index="2" ss:Hidden="1"/>
<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">测评表</Data></Cell></Row>
<Row ss:Index="3" ss:Hidden="1"><Cell ss:MergeDown="1"><Data ss:Type="String">组织领导</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="Number">2.50</Data></Cell></Row>
<Row><Cell ss:Index="3"><Data ss:Type="DateTime">2026-04-01T00:00:00.000</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="藏"><Table/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>
</Workbook>"""


def test_an_xml_spreadsheet_called_xls():
    book = read_book(XML.encode(), "标准.xls")
    page, other = book.sheets
    assert "内容却是网页格式的工作簿" in book.notes[0] and other.hidden
    assert page.rows[0] == ["测评表", None, None] and page.rows[1] == [None] * 3
    assert page.rows[2][0] == "组织领导" and float(page.rows[2][2]) == 2.5
    assert page.rows[3][2].isoformat() == "2026-04-01"
    assert (
        page.merges == [(0, 0, 0, 2), (2, 0, 3, 0)] and page.hidden_rows == {2} and page.hidden_columns == {1}
    )
    bomb = XML.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "b">]><Workbook', 1)
    assert "外部实体" in refusal(bomb.encode(), "标准.xls")


# --- documents


def word_head(flags: int = 0) -> bytes:
    return struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, flags)


def test_locked_and_foreign_containers():
    assert "密码" in refusal(container({"EncryptionInfo": b"", "EncryptedPackage": b""}), "a.docx")
    assert "密码" in refusal(container({"WordDocument": word_head(0x0100)}), "a.doc")
    assert "演示文稿" in refusal(container({"PowerPoint Document": b""}), "a.ppt")
    assert "认不出来" in refusal(container({"Other": b""}), "a.msg")


@with_libreoffice
@pytest.mark.parametrize("name", ["outline.doc", "outline.odt"])
def test_documents_by_libreoffice_keep_merges_and_numbers(name: str):
    book = read_book(sample(name), name)
    page, body = book.sheets
    assert book.kind == name.split(".")[1] and not book.notes
    assert page.name == "测评表" and page.rows[-1] == [None, "思想道德建设", "3", "机关党委"]
    assert (len(page.rows) - 2, 0, len(page.rows) - 1, 0) in page.merges
    assert body.kind == "text" and body.rows[0] == ["某市文明单位测评体系"] and body.levels[0] == 1
    texts = [row[0] for row in body.rows]
    assert "一、组织领导" in texts and "（一）领导重视" in texts and "二、思想道德" in texts


@with_libreoffice
def test_rtf_by_libreoffice():
    book = read_book(sample("outline.rtf"), "标准.doc")
    assert book.kind == "rtf" and "内容却是写字板文档" in book.notes[0]
    assert book.sheets[0].rows[-1] == [None, "思想道德建设", "3", "机关党委"]


@with_antiword
def test_a_doc_by_antiword_alone(monkeypatch):
    monkeypatch.setattr(office, "libreoffice", lambda: None)
    book = read_book(sample("outline.doc"), "标准.doc")
    assert book.kind == "doc" and "由简易程序读取" in book.notes[0]
    page = book.sheets[0]
    assert page.rows[-2:] == [
        ["组织领导", "领导重视", "2", "办公室"],
        [None, "思想道德建设", "3", "机关党委"],
    ]


def test_a_doc_without_any_program(monkeypatch):
    monkeypatch.setattr(office, "libreoffice", lambda: None)
    monkeypatch.setattr(office, "antiword", lambda: None)
    said = refusal(sample("outline.doc"), "标准.doc")
    assert "另存为“.docx 文档”" in said and "安装文档转换程序" in said
    assert "安装文档转换程序" in refusal(sample("outline.rtf"), "标准.rtf")
    assert "安装文档转换程序" in refusal(container({"Kingsoft": b""}), "旧.wps")
    assert "安装文档转换程序" in refusal(container({"Kingsoft": b""}), "旧.et")


def test_a_doc_under_another_name_and_wps():
    if not (office.libreoffice() or office.antiword()):
        pytest.skip("neither LibreOffice nor antiword is installed")
    assert not any("后缀" in note for note in read_book(sample("outline.doc"), "标准.wps").notes)
    assert "内容却是旧版 Word 文档" in read_book(sample("outline.doc"), "标准.docx").notes[0]


def test_a_doc_with_macros_is_read_and_said(monkeypatch):
    monkeypatch.setattr(office, "libreoffice", lambda: None)
    monkeypatch.setattr(
        office, "antiword_text", lambda data: "<book><chapter><para>正文</para></chapter></book>"
    )
    data = container({"WordDocument": word_head()}, ("Macros",))
    assert "宏没有运行" in read_book(data, "a.doc").notes[0]


def test_a_broken_doc_is_refused_plainly():
    if not (office.libreoffice() or office.antiword()):
        pytest.skip("neither LibreOffice nor antiword is installed")
    assert "另存为“.docx 文档”" in refusal(container({"WordDocument": word_head()}), "a.doc")


def test_docbook_lists_and_lines():
    found = from_docbook(
        "<book><chapter><title>标题</title><orderedlist numeration='arabic'><listitem><para>甲</para></listitem>"
        "<listitem><para>乙</para></listitem></orderedlist><para>文<informaltable><tgroup cols='2'><tbody><row>"
        "<entry>合</entry></row><row><entry>项目</entry><entry>分\n值</entry></row></tbody></tgroup></informaltable>"
        "</para></chapter></book>"
    )
    *paragraphs, grid = found.blocks
    assert [one.text for one in paragraphs] == ["标题", "1.甲", "2.乙", "文"] and paragraphs[0].level == 1
    assert (
        isinstance(grid, Table)
        and grid.rows == [["合", None], ["项目", "分\n值"]]
        and grid.merges == [(0, 0, 0, 1)]
    )


def test_a_program_that_takes_too_long_is_ended(tmp_path):
    assert office.run(["sleep", "30"], str(tmp_path), 1) == ""
    assert doc.without("doc").startswith("这是旧版 Word 文档")


def test_what_failed_is_not_tried_again_at_every_step(tmp_path, monkeypatch):
    """The wizard reads the file at each of its steps; a conversion that hangs costs a minute each time."""
    tries, program = tmp_path / "tries", tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\necho x >> {tries}\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(office, "libreoffice", lambda: str(program))
    monkeypatch.setattr(office, "FAILED", {})
    assert office.convert(b"broken", "doc", "docx") is None
    assert office.convert(b"broken", "doc", "docx") is None
    assert len(tries.read_text().split()) == 1
    monkeypatch.setattr(office, "FAILED", dict.fromkeys(office.FAILED, -10_000.0))  # long ago
    assert office.convert(b"broken", "doc", "docx") is None
    assert len(tries.read_text().split()) == 2


def test_wide_tables_of_antiword_are_put_together_again():
    found = from_docbook(
        "<book><chapter><para>某表</para><para>项目 |分值 |备注 | |甲 |2\n分 | | |乙一</para>"
        "<para>乙二 |3 |有 | |完</para><para>末</para></chapter></book>"
    ).blocks
    assert [one.text for one in found if isinstance(one, Paragraph)] == ["某表", "完", "末"]
    assert isinstance(found[1], Table)
    assert found[1].rows == [["项目", "分值", "备注"], ["甲", "2\n分", None], ["乙一\n乙二", "3", "有"]]
