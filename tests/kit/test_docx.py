"""Word documents: what is printed is read, what is set aside is said, what is unsafe is refused."""

import io
import zipfile

import docx as python_docx
import pytest

from taizhang.kit.documents import Paragraph, Table
from taizhang.kit.documents.docx import read_docx
from taizhang.kit.errors import Refused
from taizhang.kit.tables import read_book

from .word import cell, docx, level, listed, p, row, run, table


def lines(data: bytes) -> list[str]:
    return [block.text for block in read_docx(data).blocks if isinstance(block, Paragraph)]


def tables(data: bytes) -> list[Table]:
    return [block for block in read_docx(data).blocks if isinstance(block, Table)]


def refusal(data: bytes, name: str = "标准.docx") -> str:
    with pytest.raises(Refused) as caught:
        read_book(data, name)
    return caught.value.message


def abstract(number: int, *levels: str, more: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{more}{"".join(levels)}</w:abstractNum>'


def num(number: int, shared: int, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{shared}"/>{more}</w:num>'


# --- numbers written out


def test_an_outline_of_four_levels_is_numbered_as_printed():
    numbering = abstract(
        0,
        level(0, "chineseCountingThousand", "%1、"),
        level(1, "chineseCountingThousand", "（%2）"),
        level(2, "decimal", "%3."),
        level(3, "decimalEnclosedCircle", "%4"),
    ) + num(1, 0)
    body = "".join(
        listed(text, 1, at)
        for text, at in [("组织领导", 0), ("领导重视", 1), ("专题研究", 2), ("有记录", 3), ("有照片", 3),
                         ("经费保障", 2), ("队伍建设", 1), ("有专人", 2), ("思想道德", 0), ("理论学习", 1)]
    )  # fmt: skip
    assert lines(docx(body, numbering)) == [
        "一、组织领导", "（一）领导重视", "1.专题研究", "①有记录", "②有照片", "2.经费保障", "（二）队伍建设", "1.有专人",
        "二、思想道德", "（一）理论学习",
    ]  # fmt: skip


def test_numbers_made_of_several_levels_and_legal_numbers():
    numbering = abstract(
        0,
        level(0, "upperRoman", "Ⅰ-%1"),
        level(1, "decimal", "%1.%2"),
        level(2, "decimal", "%1.%2.%3", "<w:isLgl/>"),
    ) + num(1, 0)
    body = listed("甲", 1) + listed("乙", 1, 1) + listed("丙", 1, 2) + listed("丁", 1, 2)
    assert lines(docx(body, numbering)) == ["Ⅰ-I 甲", "I.1 乙", "1.1.1 丙", "1.1.2 丁"]


def test_lists_of_one_definition_go_on_unless_they_are_told_to_start_afresh():
    over = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{}"/></w:lvlOverride>'
    numbering = (
        abstract(0, level(0, "decimal", "%1、"))
        + num(1, 0)
        + num(2, 0)
        + num(3, 0, over.format(1))
        + num(4, 0, over.format(7))
    )
    body = "".join(listed("项", which) for which in (1, 1, 2, 3, 3, 4, 4))
    assert [line[:-2] for line in lines(docx(body, numbering))] == ["1", "2", "3", "1", "2", "7", "8"]


def test_a_level_that_is_never_restarted_counts_through():
    numbering = abstract(
        0, level(0, "decimal", "%1."), level(1, "decimal", "（%2）", '<w:lvlRestart w:val="0"/>')
    ) + num(1, 0)
    body = listed("甲", 1) + listed("乙", 1, 1) + listed("丙", 1) + listed("丁", 1, 1)
    assert lines(docx(body, numbering)) == ["1.甲", "（1）乙", "2.丙", "（2）丁"]


def test_a_style_numbers_its_paragraphs_and_gives_their_level():
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="标题 2"/><w:pPr><w:numPr><w:ilvl w:val="1"/>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="我的标题"/><w:basedOn w:val="H2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Out"><w:name w:val="外"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    )
    numbering = abstract(
        0,
        level(0, "chineseCounting", "第%1章", '<w:pStyle w:val="H1"/>'),
        level(1, "chineseCounting", "%2、"),
    ) + num(1, 0)
    body = "".join(p(text, f'<w:pStyle w:val="{style}"/>') for text, style in
                   [("总则", "H1"), ("目的", "H2"), ("范围", "Mine"), ("细节", "Out")]) + p("正文")  # fmt: skip
    body += p("不编号", '<w:pStyle w:val="H2"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    found = read_docx(docx(body, numbering, styles)).blocks
    assert [(one.text, one.level) for one in found if isinstance(one, Paragraph)] == [
        ("第一章总则", 1), ("一、目的", 2), ("二、范围", 2), ("细节", 3), ("正文", 0), ("不编号", 2),
    ]  # fmt: skip


def test_serial_numbers_in_a_table_are_automatic_too():
    numbering = abstract(0, level(0, "decimal", "%1")) + num(1, 0)
    body = table(
        row("序号", "内容"), row(cell(listed("", 1)), "开会"), row(cell(listed("", 1)), "发文")
    ) + listed("", 1)
    found = read_docx(docx(body, numbering)).blocks
    assert len(found) == 1 and isinstance(found[0], Table)
    assert found[0].rows == [["序号", "内容"], ["1", "开会"], ["2", "发文"]]


# --- tables


def test_merges_across_and_down():
    body = table(
        row(cell("测评表", span=4)),
        row("项目", cell("内容", span=2), "分值"),
        row(cell("组织领导", down="restart"), cell("建立机构", span=2), "2"),
        row(cell("", down="continue"), "开会", "研究", "3"),
        row(cell("", down="continue"), cell("发文", span=2), "1"),
        widths=(1000, 1000, 1000, 1000),
    )
    (found,) = tables(docx(body))
    assert found.rows == [
        ["测评表", None, None, None], ["项目", "内容", None, "分值"], ["组织领导", "建立机构", None, "2"],
        [None, "开会", "研究", "3"], [None, "发文", None, "1"],
    ]  # fmt: skip
    assert found.merges == [(0, 0, 0, 3), (1, 1, 1, 2), (2, 0, 4, 0), (2, 1, 2, 2), (4, 1, 4, 2)]


def test_edges_a_millimetre_apart_are_one_column():
    body = table(
        row(cell("项目"), cell("内容", span=2), cell("分值", span=2)),
        row(cell("组织领导", span=2), cell("开会", span=2), cell("2")),
        widths=(1000, 60, 2000, 55, 900),
    )
    (found,) = tables(docx(body))
    assert found.rows == [["项目", "内容", "分值"], ["组织领导", "开会", "2"]] and not found.merges


def test_several_paragraphs_in_a_cell_are_lines_and_nested_tables_too():
    inner = table(row("甲", "1"), row("乙", "2"))
    body = table(row(cell(p("①有文件") + p() + p("②有分工")), cell(p("见下") + inner + p())))
    (found,) = tables(docx(body))
    assert found.rows == [["①有文件\n②有分工", "见下\n甲 1\n乙 2"]]


def test_a_frame_around_a_table_is_no_table():
    body = table(row(cell(p("附件1") + table(row("项目", "分值"), row("开会", "2")) + p())))
    found = read_docx(docx(body)).blocks
    assert [type(one) for one in found] == [Paragraph, Table]


def test_rows_that_begin_late_keep_their_columns():
    body = table(
        row("一", "二", "三"), row("乙", "丙", settings='<w:gridBefore w:val="1"/>'), widths=(900, 900, 900)
    )
    assert tables(docx(body))[0].rows[1] == [None, "乙", "丙"]


# --- what is set aside, and said


def test_tracked_changes_are_read_as_accepted():
    mark = 'w:id="1" w:author="甲" w:date="2026-01-01T00:00:00Z"'
    body = p(
        run("每年")
        + f"<w:del {mark}><w:r><w:delText>一</w:delText></w:r></w:del><w:ins {mark}>{run('两')}</w:ins>"
        + run("次")
    )
    body += f"<w:p><w:pPr><w:rPr><w:del {mark}/></w:rPr></w:pPr>{run('前半')}</w:p>" + p("后半")
    body += f"<w:moveFrom {mark}>{p('原处')}</w:moveFrom>"
    body += table(row("甲"), row("已删", settings=f"<w:del {mark}/>"), row("乙"))
    found = read_docx(docx(body))
    assert [block.text for block in found.blocks if isinstance(block, Paragraph)] == ["每年两次", "前半后半"]
    assert tables(docx(body))[0].rows == [["甲"], ["乙"]]
    assert "处修订，按接受修订后的内容读取" in found.notes[0]


def test_text_boxes_are_read_once_and_said():
    box = f"<w:txbxContent>{p('框里的话')}</w:txbxContent>"
    drawn = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    data = docx(p(run("前") + f"<w:r>{drawn}</w:r>" + run("后")))
    assert lines(data) == ["前后", "框里的话"]
    assert "1 个文本框" in read_docx(data).notes[0]


def test_notes_comments_hidden_words_and_pictures_are_left_out_and_said():
    body = p(
        run("正文")
        + '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r>'
        + run("藏", "<w:vanish/>")
        + run("不藏", '<w:vanish w:val="0"/>')
        + '<w:r><w:drawing><a:blip/></w:drawing></w:r>'
    )  # fmt: skip
    found = read_docx(docx(body))
    assert lines(docx(body)) == ["正文不藏"]
    said = "；".join(found.notes)
    for words in ("1 处脚注或尾注，没有读作指标", "1 条批注", "1 处隐藏文字", "1 张图片"):
        assert words in said


def test_fields_keep_their_result_only():
    body = p(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x \\h</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("第三条")}<w:r><w:fldChar w:fldCharType="end"/></w:r>{run("规定")}'
    )
    ticked = p(
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData>'
        f'</w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>{run("必备")}'
    )
    assert lines(docx(body + ticked)) == ["第三条规定", "☑必备"]


def test_signs_tabs_breaks_and_soft_hyphens():
    body = p(
        '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>'
        "<w:r><w:t>一、</w:t><w:tab/><w:t>领导</w:t><w:softHyphen/><w:t>重\u00ad视</w:t><w:br/><w:t>下行</w:t>"
        '<w:br w:type="page"/></w:r>'
    )
    assert lines(docx(body)) == ["√☑一、 领导重视\n下行"]


def test_content_controls_are_read_but_not_their_prompts():
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('控件里的段')}</w:sdtContent></w:sdt>"
        + p(f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处输入')}</w:sdtContent></w:sdt>")
        + '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        + f"<w:sdtContent>{p('一、组织领导 1')}</w:sdtContent></w:sdt>"
    )  # fmt: skip
    assert lines(docx(body)) == ["控件里的段"]
    assert "目录没有读" in read_docx(docx(body)).notes[0]


# --- refusals


def test_macros_passwords_and_damage():
    assert "宏" in refusal(docx(p("甲"), vbaProject__bin=b"x"))
    assert "不要选“.docm”" in refusal(docx(p("甲"), vbaProject__bin=b"x"))
    whole = docx(p("甲") * 500)
    for part in (40, len(whole) // 2, len(whole) - 30):
        assert "不完整" in refusal(whole[:part])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document")
    assert "内部有错" in refusal(out.getvalue())


def test_entities_and_bombs():
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b">]><l>&a;</l>'
    assert "外部实体" in refusal(docx(p("甲"), comments__xml=bomb))
    assert "100 MB" in refusal(docx(p("甲"), footnotes__xml=b"<x>" + b" " * 120_000_000))
    assert "太大" in refusal(docx(p("甲"), numbering__xml=b"<x>" + b" " * 50_000_000))


def test_an_empty_document_gives_an_empty_sheet():
    book = read_book(docx(""), "空.docx")
    assert [sheet.rows for sheet in book.sheets] == [[]]


def test_what_the_usual_library_writes_is_read(tmp_path):
    file = python_docx.Document()
    file.add_heading("某市文明单位测评体系", 1)
    grid = file.add_table(3, 3)
    for r, texts in enumerate([("项目", "内容", "分值"), ("组织领导", "开会", "2"), ("", "发文", "3")]):
        for c, text in enumerate(texts):
            grid.cell(r, c).text = text
    merged = grid.cell(1, 0).merge(grid.cell(2, 0))
    merged.text = "组织领导"
    file.add_paragraph("附则", style="List Number")
    path = tmp_path / "a.docx"
    file.save(path)
    book = read_book(path.read_bytes(), "a.docx")
    assert book.kind == "docx" and book.sheets[0].name == "某市文明单位测评体系"
    assert (2, 0, 3, 0) in book.sheets[0].merges and book.sheets[0].places[2] == "第1张表第2行"
