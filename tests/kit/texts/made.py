"""Files of every kind with Chinese in them, made on the spot, and the reading of them in this process."""

import io
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import typst
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from taizhang.kit.documents import office
from taizhang.kit.texts.work import answer

OOXML = "application/vnd.openxmlformats-officedocument"
MIMES = {
    "txt": "text/plain", "csv": "text/csv", "pdf": "application/pdf", "ofd": "application/ofd",
    "docx": f"{OOXML}.wordprocessingml.document", "xlsx": f"{OOXML}.spreadsheetml.sheet",
    "pptx": f"{OOXML}.presentationml.presentation", "doc": "application/msword", "rtf": "application/rtf",
    "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint", "html": "text/html",
    "mht": "multipart/related", "eml": "message/rfc822",
}  # fmt: skip
BODY = "为进一步加强对文明单位创建工作的领导，经研究，决定成立创建工作领导小组。"


def ask(folder: Path, kind: str, data: bytes, **more: Any) -> dict[str, Any]:
    """The answer for DATA as a file of KIND, as the child gives it."""
    path = folder / "asked"
    path.write_bytes(data)
    return answer(
        {
            "path": str(path),
            "name": f"通知.{kind}",
            "mime": MIMES[kind],
            "folder": str(folder),
            "pictures": False,
        }
        | more
    )


def text(told: dict[str, Any]) -> str:
    assert "unreadable" not in told, told
    return "".join(leaf["text"] for leaf in told["leaves"])


def codes(told: dict[str, Any]) -> list[str]:
    return [code for code, _ in told["warnings"]]


@cache
def word() -> bytes:
    """A .docx with a header, a footer, a table, a text box and a footnote."""
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "某某局文件"
    made.sections[0].footer.paragraphs[0].text = "办公室印发"
    made.add_heading("关于成立领导小组的通知", 1)
    made.add_paragraph(BODY)
    table = made.add_table(rows=2, cols=3)
    for at, said in enumerate(["姓名", "职务", "分工", "罗玉珍", "科长", "组长"]):
        table.cell(at // 3, at % 3).text = said
    boxed = made.add_paragraph("附图：")
    box = OxmlElement("w:txbxContent")
    inside = made.add_paragraph("框里的字")._p
    inside.getparent().remove(inside)
    box.append(inside)
    shape, line = OxmlElement("w:pict"), OxmlElement("w:r")
    shape.append(box)
    line.append(shape)
    boxed._p.append(line)
    made.add_paragraph("特此通知。")
    out = io.BytesIO()
    made.save(out)
    note = f'<w:footnotes xmlns:w="{qn("w:p")[1:].split("}")[0]}"><w:footnote w:id="1"><w:p><w:r><w:t>脚注里的话</w:t></w:r></w:p></w:footnote></w:footnotes>'
    return add(out.getvalue(), {"word/footnotes.xml": note.encode()})


def workbook(rows: list[list[Any]] | None = None) -> bytes:
    made = openpyxl.Workbook()
    page = made.active
    page.title = "志愿者名册"
    for row in rows or [["序号", "姓名", "得分"], [1, "张建国", 9.5], [2, "多\n行", None]]:
        page.append(row)
    made.create_sheet("汇总").append(["合计", 2])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@cache
def slides() -> bytes:
    """Two slides: a title, a box and a table with notes; a group."""
    made = pptx.Presentation()
    one = made.slides.add_slide(made.slide_layouts[5])
    one.shapes.title.text = "创建文明单位工作汇报"
    one.shapes.add_textbox(0, 0, 999999, 99999).text_frame.text = "党建引领"
    table = one.shapes.add_table(1, 2, 0, 0, 999999, 99999).table
    table.cell(0, 0).text, table.cell(0, 1).text = "项目", "完成"
    one.notes_slide.notes_text_frame.text = "讲的时候要慢"
    two = made.slides.add_slide(made.slide_layouts[6])
    group = two.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 999999, 99999).text_frame.text = "组合里的字"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def pdf(*pages: str) -> bytes:
    """A PDF with a text layer, one page for each of PAGES (typst markup)."""
    head = '#set page(paper: "a4")\n#set text(font: "Noto Serif CJK SC", lang: "zh")\n'
    made = typst.compile((head + "\n#pagebreak()\n".join(pages)).encode())
    assert isinstance(made, bytes)
    return made


OFD_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(
    pages: list[str], template: str = "", more: dict[str, bytes] | None = None, common: str = ""
) -> bytes:
    """An OFD; each of PAGES is the inside of a layer. Their parts lie in the package in the opposite order."""
    listed = "".join(
        f'<ofd:Page ID="{at + 10}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages))
    )
    known = '<ofd:TemplatePage ID="5" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    parts: dict[str, bytes] = {}
    for at in reversed(range(len(pages))):
        used = '<ofd:Template TemplateID="5" ZOrder="Background"/>' if template else ""
        parts[f"Doc_0/Pages/Page_{at}/Content.xml"] = (
            f'<ofd:Page {OFD_SPACE}>{used}<ofd:Content><ofd:Layer ID="1">{pages[at]}</ofd:Layer></ofd:Content></ofd:Page>'
        ).encode()
    if template:
        parts["Doc_0/Tpls/Tpl_0/Content.xml"] = (
            f'<ofd:Page {OFD_SPACE}><ofd:Content><ofd:Layer ID="1">{template}</ofd:Layer></ofd:Content></ofd:Page>'
        ).encode()
    parts["Doc_0/Document.xml"] = (
        f"<ofd:Document {OFD_SPACE}><ofd:CommonData>{known}{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    ).encode()
    parts["OFD.xml"] = (
        f'<ofd:OFD {OFD_SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>'
    ).encode()
    return zipped(parts | (more or {}))


def said(words: str, top: float, left: float = 20.0) -> str:
    """A text object of an OFD page, in millimetres."""
    return (
        f'<ofd:TextObject ID="2" Boundary="{left} {top} 160 6" Font="1" Size="5">'
        f'<ofd:TextCode X="0" Y="4" DeltaX="g {len(words)} 5">{words}</ofd:TextCode></ofd:TextObject>'
    )


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def add(package: bytes, parts: dict[str, bytes]) -> bytes:
    """PACKAGE with PARTS put in, or in the place of those that bear their names."""
    with zipfile.ZipFile(io.BytesIO(package)) as held:
        there = {name: held.read(name) for name in held.namelist()}
    return zipped(there | parts)


def part(package: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as held:
        return held.read(name)


@cache
def old(data: bytes, ending: str, target: str) -> bytes:
    """DATA as an old office file, by LibreOffice."""
    filters = {
        "doc": "doc:MS Word 97",
        "xls": "xls:MS Excel 97",
        "ppt": "ppt:MS PowerPoint 97",
        "rtf": "rtf:Rich Text Format",
    }
    made = office.apart(str(office.libreoffice()), data, ending, target, filters[target])
    assert made
    return made
