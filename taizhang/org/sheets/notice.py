"""A notice as a Word document in the layout of official documents (GB/T 9704): a draft to be edited, numbered and sealed."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from ..rules.notice import Notice

TITLE, BODY, BLACK, KAI, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
TWO, THREE, FOUR = 22, 16, 14  # 2号, 3号, 4号 in points
PITCH = 28.95  # 22 lines in a type area of 225 mm


def write_notice(notice: Notice) -> bytes:
    """The bytes of a .docx: A4, 版心 156 × 225 mm, title 2号小标宋, body 3号仿宋."""
    made = Document()
    _chinese(made)
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    _page_number(section.footer.paragraphs[0])
    made.core_properties.title, made.core_properties.author = notice.title, notice.signed
    if notice.doc_no:
        _line(made, notice.doc_no, align=WD_ALIGN_PARAGRAPH.CENTER)
        _line(made, "")
    _line(made, notice.title, TITLE, TWO, align=WD_ALIGN_PARAGRAPH.CENTER, pitch=36)
    _line(made, "")
    _line(made, notice.to)
    for level, text in notice.body:
        _line(made, text, BLACK if level == 1 else BODY, indent=2)
    widest = max((len(duty) for duty, _ in notice.listed), default=0)
    for duty, names in notice.listed:
        _names(made, _spread(duty, min(widest, 3)), names)
    # 落款: the date four characters from the right, the office centred over it; never alone on a page
    last = [_line(made, notice.ending, indent=2), _line(made, "")]
    last.append(_line(made, notice.signed, align=WD_ALIGN_PARAGRAPH.RIGHT, right=_over(notice)))
    for paragraph in last:
        paragraph.paragraph_format.keep_with_next = True
    _line(made, notice.on, align=WD_ALIGN_PARAGRAPH.RIGHT, right=4)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _chinese(made: Any) -> None:
    """Chinese is set as Chinese: marks at the foot of the line, no words broken as English."""
    found = made.styles["Normal"].element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    found.append(language)


def _over(notice: Notice) -> float:
    """How far from the right (in characters) the office stands to be centred over the date; it never leaves the page."""
    date_wide = sum(1 if ord(one) > 0x2E80 else 0.5 for one in notice.on)
    return max(0, 4 + (date_wide - len(notice.signed)) / 2)


def _spread(duty: str, width: int) -> str:
    """组　长 as wide as 副组长: two characters are set apart; longer names stand as they are."""
    return f"{duty[0]}{'　' * (width - 2)}{duty[1]}" if len(duty) == 2 else duty


def _line(
    made: Any, text: str, font: str = BODY, size: int = THREE, *, align: Any = None, indent: float = 0,
    right: float = 0, pitch: float = PITCH,
) -> Any:  # fmt: skip
    paragraph = made.add_paragraph()
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)
    shape.space_before = shape.space_after = Pt(0)
    shape.first_line_indent, shape.right_indent = Pt(size * indent), Pt(size * right)
    if align is not None:
        shape.alignment = align
    _run(paragraph, text, font, size)
    return paragraph


def _names(made: Any, duty: str, names: tuple[str, ...]) -> None:
    """组　长：甲、乙, later lines under the first name."""
    head = f"{duty}："
    paragraph = _line(made, f"{head}{'、'.join(names)}")
    shape = paragraph.paragraph_format
    shape.left_indent = Pt(THREE * (2 + len(head)))
    shape.first_line_indent = Pt(-THREE * len(head))


def _run(paragraph: Any, text: str, font: str, size: int) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _page_number(paragraph: Any) -> None:
    """— 1 —, 4号."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, "— ", SONG, FOUR)
    run = _run(paragraph, "", SONG, FOUR)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._element.append(part)
    _run(paragraph, " —", SONG, FOUR)
