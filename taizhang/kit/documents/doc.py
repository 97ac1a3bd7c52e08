"""Old Word documents (.doc), .wps and .rtf -> Document: by LibreOffice, which keeps merges, or else by antiword."""

import re
from dataclasses import replace
from typing import Any

from ..archive import SAVE_AS_DOCX
from ..errors import Refused
from . import office
from .blocks import Cell, Document, Merge, Paragraph, Table
from .docx import read_docx
from .numbering import join, printed
from .ole import Container
from .words import child, children, name, parse, val

#: `taizhang doctor` names the programs
INSTALL = "或请系统管理员在服务器上安装文档转换程序（“检查运行环境”里写着装什么）"
NAMES = {"doc": "旧版 Word 文档（.doc）", "wps": "WPS 文档（.wps）", "rtf": "写字板文档（.rtf）", "xml": "网页格式的 Word 文档",
         "odt": "开放文档（.odt）"}  # fmt: skip
MACROS = "文档带有宏，宏没有运行，只读了文档里的文字和表格"
CHECK = "竖向合并的格只在第一行有字，自动编号和修订可能不全，请核对；另存为 .docx 再导入更准"
SIMPLE = f"旧版文档由简易程序读取：{CHECK}"
LOST = f"这份旧版文档里的表格没有认全，改由简易程序读取：{CHECK}"
NUMERATION = {"upperalpha": "upperLetter", "loweralpha": "lowerLetter", "upperroman": "upperRoman",
              "lowerroman": "lowerRoman"}  # fmt: skip


def read_doc(data: bytes) -> Document:
    """A .doc (or a .wps, which is the same inside). Nothing in it is run. Refused: passwords, damage, no program."""
    notes = [MACROS] if Container(data).has_macros else []
    made = office.convert(data, "doc", "docx") if office.libreoffice() else None
    found = read_docx(made) if made else None
    text = office.antiword_text(data)
    plain = from_docbook(text) if text else None
    if plain and (found is None or cells_in(found) * 4 < cells_in(plain) * 3):
        # LibreOffice takes some tables that follow one another apart; antiword keeps their cells
        found = plain
        notes.append(LOST if made else SIMPLE)
    if found is None:
        if office.libreoffice() or office.antiword():
            raise Refused(f"{NAMES['doc']}内部有错或不完整，读不下去，{SAVE_AS_DOCX}")
        raise Refused(without("doc"))
    return replace(found, kind="doc", notes=notes + found.notes)


def cells_in(document: Document) -> int:
    """How many cells of its tables hold something."""
    return sum(
        cell is not None
        for block in document.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
    )


def read_by_libreoffice(data: bytes, ending: str) -> Document:
    """Anything LibreOffice can turn into .docx; ENDING is what the content is, not what the file is called."""
    if not office.libreoffice():
        raise Refused(without(ending))
    made = office.convert(data, ending, "docx")
    if made is None:
        raise Refused(f"{NAMES.get(ending, '文档')}内部有错或不完整，读不下去，{SAVE_AS_DOCX}")
    return replace(read_docx(made), kind=ending)


def without(ending: str) -> str:
    return f"这是{NAMES.get(ending, '文档')}，本机没有能读它的程序。{SAVE_AS_DOCX}，{INSTALL}"


def from_docbook(text: str) -> Document:
    """What antiword prints (DocBook) -> Document. Its tables are whole, merged cells come empty."""
    clean = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
    blocks: list[Paragraph | Table] = []
    walk(parse(clean.encode()), blocks, 0, "")
    blocks = with_marked_tables(blocks)
    count = {"p": 0, "t": 0}
    placed: list[Paragraph | Table] = []
    for block in blocks:
        key = "p" if isinstance(block, Paragraph) else "t"
        count[key] += 1
        label = f"第{count[key]}段" if key == "p" else f"第{count[key]}张表"
        placed.append(replace(block, place=label))
    return Document(placed, "doc")


def with_marked_tables(blocks: list[Paragraph | Table]) -> list[Paragraph | Table]:
    """Wide tables come from antiword as lines in which " |" ends each cell and one more ends the row."""
    found: list[Paragraph | Table] = []
    lines: list[Paragraph] = []

    def settle() -> None:
        table, rest = marked_table("\n".join(line.text for line in lines)) if lines else (None, "")
        found.extend([table] if table else lines)
        found.extend(Paragraph(line.strip()) for line in rest.split("\n") if line.strip())
        lines.clear()

    for block in blocks:
        if isinstance(block, Paragraph) and (
            "|" in block.text or (lines and not lines[-1].text.rstrip().endswith("|"))
        ):
            lines.append(block)
        else:
            settle()
            found.append(block)
    settle()
    return found


def marked_table(text: str) -> tuple[Table | None, str]:
    """The cells between the marks as rows of one length, and what follows the last; None when no length fits."""
    cells = [cell.strip() for cell in text.split("|")]
    rest = cells.pop()
    for width in range(2, 40):
        step = width + 1
        ends = cells[width::step]
        if len(cells) % step or len(ends) < 2 or any(ends):
            continue
        rows: list[list[Cell]] = [
            [cell or None for cell in cells[at : at + width]] for at in range(0, len(cells), step)
        ]
        return Table(rows), rest
    return None, ""


def walk(element: Any, blocks: list[Paragraph | Table], level: int, mark: str) -> None:
    for one in element:
        kind = name(one)
        if kind in ("informaltable", "table"):
            if table := table_of(one):
                blocks.append(table)
        elif kind == "title":
            add(blocks, flat(one), level, "")
        elif kind in ("para", "simpara"):
            add(blocks, own_text(one), 0, mark)
            mark = ""
            walk(one, blocks, level, "")
        elif kind in ("orderedlist", "itemizedlist"):
            form = NUMERATION.get(val(one, "", "numeration"), "decimal") if kind == "orderedlist" else "none"
            for at, item in enumerate(children(one, "listitem"), start=1):
                walk(item, blocks, level, f"{number}." if (number := printed(at, form)) else "")
        elif kind in ("chapter", "appendix") or re.fullmatch(r"sect\d", kind):
            walk(one, blocks, 1 if not kind.startswith("sect") else int(kind[4]) + 1, "")
        elif kind not in ("bookinfo", "footnote", "emphasis", "superscript", "subscript", "filename"):
            walk(one, blocks, level, "")


def add(blocks: list[Paragraph | Table], text: str, level: int, mark: str) -> None:
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Paragraph(join(mark, line.strip()), level))
            mark = ""


def own_text(element: Any) -> str:
    """The words of a paragraph without those of the tables and lists in it."""
    out = [element.text or ""]
    for one in element:
        if name(one) not in ("informaltable", "table", "orderedlist", "itemizedlist", "footnote", "para"):
            out.append(own_text(one))
        out.append(one.tail or "")
    return "".join(out).strip()


def flat(element: Any) -> str:
    return "".join(element.itertext()).strip()


def table_of(element: Any) -> Table | None:
    rows: list[list[Cell]] = []
    for row in element.iter("row"):
        rows.append(
            [
                "\n".join(filter(None, map(str.strip, flat(cell).split("\n")))) or None
                for cell in children(row, "entry")
            ]
        )
    width = max((len(row) for row in rows), default=0)
    merges: list[Merge] = []
    for r, row in enumerate(rows):
        # a row of a single cell is a line over the full width
        if len(row) == 1 and width > 1:
            merges.append((r, 0, r, width - 1))
        row.extend([None] * (width - len(row)))
    return Table(rows, merges) if rows and child(element, "tgroup") is not None else None
