"""Word documents (.docx) -> Document: what is printed, in its order, with everything set aside told in notes."""

import re
import zipfile
from typing import Any

from ..archive import SAVE_AS_DOCX, open_archive, part_names, read_part, sweep
from ..cells import Room
from ..errors import Refused
from .blocks import Document, Paragraph, Table
from .grid import read_table
from .numbering import Numbering, join
from .styles import Styles, outline_level, removed
from .text import Found, TextReader
from .words import child, name, number_of, parse, val

MAX_PART = 40_000_000  # bytes of one part inflated
MAX_DEPTH = 12  # tables in tables
Block = Paragraph | Table


def read_docx(data: bytes) -> Document:
    """The paragraphs and tables of a .docx. Refused in plain words: macros, passwords, damage, bombs."""
    with open_archive(data) as archive:
        names = part_names(archive)
        if any(one.endswith("vbaproject.bin") for one in names):
            raise Refused(f"文档带有宏，为安全起见不能导入，{SAVE_AS_DOCX}（另存时选“.docx”，不要选“.docm”）")
        if main_part(names) is None:
            raise Refused(f"文件里没有文档正文，可能已损坏，{SAVE_AS_DOCX}")
        sweep(archive)
        document, styles, numbering = (
            part(archive, names, kind) for kind in ("document", "styles", "numbering")
        )
    return Reader(styles, numbering).document(document)


def main_part(names: dict[str, str], kind: str = "document") -> str | None:
    """The name of the part that holds the text (or the styles, the numbering): some programs call it document2.xml."""
    pattern = re.compile(rf"word/{kind}\d*\.xml")
    return next((stored for name, stored in sorted(names.items()) if pattern.fullmatch(name)), None)


def part(archive: zipfile.ZipFile, names: dict[str, str], kind: str) -> Any:
    """The root element of a part, or None when there is no such part."""
    found = main_part(names, kind)
    return parse(read_part(archive, found, MAX_PART)) if found else None


class Reader:
    """Walks a document's body once, from top to bottom. CONTENTS: whether its table of contents is read too."""

    def __init__(self, styles: Any, numbering: Any, *, contents: bool = False) -> None:
        self.contents = contents
        self.found = Found()
        self.styles = Styles(styles)
        self.numbering = Numbering(numbering, self.styles.lists())
        self.text = TextReader(self.styles, self.found)
        self.carried = ""  # text of a paragraph whose own end was deleted
        self.paragraphs = 0
        self.tables = 0
        self.room = Room()

    def document(self, root: Any) -> Document:
        body = child(root, "body")
        if body is None:
            raise Refused(f"文件里没有文档正文，可能已损坏，{SAVE_AS_DOCX}")
        blocks: list[Block] = []
        for one in self.blocks(body, 0):
            if isinstance(one, Paragraph):
                self.paragraphs += 1
                one = Paragraph(one.text, one.level, f"第{self.paragraphs}段")
            else:
                self.tables += 1
                one = Table(one.rows, one.merges, f"第{self.tables}张表")
            blocks.append(one)
        return Document(blocks, "docx", notes_on(self.found))

    def blocks(self, parent: Any, depth: int) -> list[Block]:
        found: list[Block] = []
        for one in parent:
            kind = name(one)
            if kind == "p":
                found += self.paragraph(one, depth)
            elif kind == "tbl" and depth < MAX_DEPTH:
                found += self.table(one, depth)
            elif kind == "sdt":
                gallery = next(one.iter("{*}docPartGallery"), None)
                if val(gallery) == "Table of Contents" and not self.contents:
                    self.found.contents += 1
                elif (inner := child(one, "sdtContent")) is not None:
                    found += self.blocks(inner, depth)
            elif kind in ("customXml", "ins", "moveTo", "smartTag"):
                found += self.blocks(one, depth)
            elif kind in ("del", "moveFrom"):
                self.found.revisions += 1
            elif kind == "altChunk":
                self.found.embedded += 1
            elif kind == "AlternateContent" and len(one):
                found += self.blocks(one[0], depth)
        return found

    def table(self, table: Any, depth: int) -> list[Block]:
        def content(cell: Any) -> list[Block]:
            return self.blocks(cell, depth + 1)

        def deleted() -> None:
            self.found.revisions += 1

        return read_table(table, "", content, deleted, self.room)

    def paragraph(self, paragraph: Any, depth: int) -> list[Block]:
        """A paragraph as printed, then the text boxes anchored in it. Nothing when it is empty."""
        settings = child(paragraph, "pPr")
        text, boxes = self.text.read(paragraph)
        text, self.carried = self.carried + text, ""
        marks = child(settings, "rPr")
        if removed(marks):
            # the end of the paragraph is gone: what is left of it opens the next one
            self.found.revisions += 1
            inside = self.boxed(boxes, depth)
            self.carried = text
            return inside
        style = self.styles.of(val(child(settings, "pStyle")))
        if style.contents and not self.contents:
            self.found.contents += bool(text)
            return []
        outline = child(settings, "outlineLvl")
        level = style.level if outline is None else outline_level(outline)
        mark = self.mark(settings, style.list_id, style.list_level)
        # a number alone is text only in a table: 序号
        text = join(mark, text) if text or depth else ""
        return ([Paragraph(text, level)] if text else []) + self.boxed(boxes, depth)

    def mark(self, settings: Any, list_id: str, list_level: int | None) -> str:
        """The automatic number before a paragraph, by its own settings or else its style's."""
        own = child(settings, "numPr")
        at = list_level
        if own is not None:
            if (number := child(own, "numId")) is not None:
                if val(number) != list_id:
                    at = None
                list_id = val(number)
            if (level := child(own, "ilvl")) is not None:
                at = number_of(level, "val")
        if not list_id or list_id == "0":
            return ""
        if at is None:
            at = self.numbering.level_for_style(list_id, val(child(settings, "pStyle")))
        return self.numbering.mark(list_id, at)

    def boxed(self, boxes: list[Any], depth: int) -> list[Block]:
        if depth >= MAX_DEPTH:
            return []
        return [block for box in boxes for block in self.blocks(box, depth + 1)]


def notes_on(found: Found) -> list[str]:
    """What the reader of the file should know, in Chinese sentences."""
    notes = []
    if found.revisions:
        notes.append(f"文件里有 {found.revisions} 处修订，按接受修订后的内容读取")
    if found.boxes:
        notes.append(f"文件里有 {found.boxes} 个文本框，其中的文字按所在位置读作段落，请核对")
    if found.notes:
        notes.append(f"文件里有 {found.notes} 处脚注或尾注，没有读作指标")
    if found.comments:
        notes.append(f"文件里有 {found.comments} 条批注，没有读")
    if found.hidden:
        notes.append(f"文件里有 {found.hidden} 处隐藏文字，没有读")
    if found.pictures:
        notes.append(f"文件里有 {found.pictures} 张图片，图片里的文字没有读")
    if found.contents:
        notes.append("目录没有读，只读了正文")
    if found.embedded:
        notes.append(f"文件里嵌入了 {found.embedded} 个其他文件，没有读")
    return notes
