"""Small Word packages written by hand, so that each test shows the very markup it is about."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)


def docx(body: str, numbering: str = "", styles: str = "", **parts: bytes) -> bytes:
    """A .docx with BODY inside w:body; NUMBERING and STYLES are the insides of those parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f"<w:document {SPACES}><w:body>{body}<w:sectPr/></w:body></w:document>"
        )
        if numbering:
            archive.writestr("word/numbering.xml", f"<w:numbering {SPACES}>{numbering}</w:numbering>")
        if styles:
            archive.writestr("word/styles.xml", f"<w:styles {SPACES}>{styles}</w:styles>")
        for name, content in parts.items():
            archive.writestr("word/" + name.replace("__", "."), content)
    return out.getvalue()


def run(text: str, settings: str = "") -> str:
    return (
        f'<w:r>{f"<w:rPr>{settings}</w:rPr>" if settings else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'
    )


def p(inside: str = "", settings: str = "") -> str:
    """A paragraph; plain text becomes one run."""
    content = inside if inside.startswith("<") or not inside else run(inside)
    return f"<w:p>{f'<w:pPr>{settings}</w:pPr>' if settings else ''}{content}</w:p>"


def listed(text: str, list_id: int, level: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def level(at: int, form: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


def cell(inside: str = "", span: int = 1, down: str = "") -> str:
    """A cell; DOWN is "restart" or "continue" for an upright merge."""
    settings = (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "") + (
        f'<w:vMerge w:val="{down}"/>' if down == "restart" else "<w:vMerge/>" if down else ""
    )
    content = inside if inside.startswith("<") else p(inside)
    return f"<w:tc>{f'<w:tcPr>{settings}</w:tcPr>' if settings else ''}{content}</w:tc>"


def row(*cells: str, settings: str = "") -> str:
    inside = "".join(one if one.startswith("<w:tc>") else cell(one) for one in cells)
    return f"<w:tr>{f'<w:trPr>{settings}</w:trPr>' if settings else ''}{inside}</w:tr>"


def table(*rows: str, widths: tuple[int, ...] = ()) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
