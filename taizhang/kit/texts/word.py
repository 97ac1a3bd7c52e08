"""Word and WPS documents: headers, body, notes and footers in their printed order."""

import re
import zipfile
from typing import Any

from lxml import etree

from ..archive import OLE, open_archive, part_names, read_part
from ..documents import doc, office, pieces
from ..documents.docx import MAX_PART, Reader, main_part, part
from ..documents.ole import Container
from ..documents.words import child, children, name, parse, val
from ..errors import Refused
from . import harmless
from .blocks import BROKEN, NO_PROGRAM, kept, lines
from .plain import leaves
from .told import Told, Unreadable

ENOUGH = 20  # letters: a document of fewer may be one that antiword could not read
MOST_LETTERS = 5_000_000


def read(asked: Any) -> Told:
    data = asked.path.read_bytes()
    with kept():
        found = harmless.opened(data)
        if data.startswith(OLE):
            kind, (text, pages) = "doc", (_old(data), 0)
        elif data.startswith(b"PK"):
            kind, (text, pages) = "docx", package_text(data)
        else:
            kind, (text, pages) = "rtf", (_converted(data, "rtf"), 0)
    warnings = found.warnings
    if len(text) > MOST_LETTERS:
        text = text[:MOST_LETTERS]
        warnings.append(("long", f"文字太长，只读了前 {MOST_LETTERS // 10_000} 万字，后面的检索不到。"))
    made = leaves(text)
    return Told(kind, made, pages or len(made), warnings=warnings)


def package_text(data: bytes) -> tuple[str, int]:
    """The text of a .docx, and how many pages its program counted (0: it does not say)."""
    with open_archive(data) as archive:
        names = part_names(archive)
        if main_part(names) is None:
            raise Unreadable("broken", BROKEN)
        root, styles, numbering = (part(archive, names, kind) for kind in ("document", "styles", "numbering"))
        reader = Reader(styles, numbering, contents=True)
        body = child(root, "body")
        if body is None:
            raise Unreadable("broken", BROKEN)
        above, below = _edges(archive, names, body)
        found = [line for edge in above for line in lines(reader.blocks(edge, 0))]
        found += lines(reader.blocks(body, 0))
        if reader.carried:
            found.append(reader.carried)
        found += _drawn(archive, names)
        for kind in ("footnotes", "endnotes"):
            notes = part(archive, names, kind)
            for one in children(notes, kind[:-1]) if notes is not None else ():
                if val(one, "", "type") in ("", "normal"):
                    found += lines(reader.blocks(one, 0))
        found += [line for edge in below for line in lines(reader.blocks(edge, 0))]
        return "\n".join(found), pages_said(archive, names)


def _edges(archive: zipfile.ZipFile, names: dict[str, str], body: Any) -> tuple[list[Any], list[Any]]:
    """Roots of what stands above and below the text: the first page's header first, each part once."""
    targets = relations(archive, names, "word/_rels/document.xml.rels")
    first: list[str] = []
    others: list[str] = []
    footers: list[str] = []
    for section in body.iter("{*}sectPr"):
        own = child(section, "titlePg") is not None
        for one in section:
            path = targets.get(val(one, "", "id"), "")
            if name(one) == "headerReference":
                leads = val(one, "default", "type") == ("first" if own else "default")
                (first if leads and not first else others).append(path)
            elif name(one) == "footerReference":
                footers.append(path)
    above = list(dict.fromkeys(first))
    below = [path for path in dict.fromkeys([*others, *footers]) if path not in above]
    return _roots(archive, names, above), _roots(archive, names, below)


def _roots(archive: zipfile.ZipFile, names: dict[str, str], paths: list[str]) -> list[Any]:
    return [parse(read_part(archive, names[path], MAX_PART)) for path in paths if path in names]


def relations(archive: zipfile.ZipFile, names: dict[str, str], path: str) -> dict[str, str]:
    """Ids of a part's relationships → paths in the package, lower case, of those that do not lead out of it."""
    if path not in names:
        return {}
    folder = path.partition("/_rels/")[0]
    found = {}
    for one in parse(read_part(archive, names[path], MAX_PART)):
        if not isinstance(one.tag, str) or one.get("TargetMode", "").lower() == "external":
            continue
        found[one.get("Id", "")] = within(folder, one.get("Target", ""))
    return found


def within(folder: str, target: str) -> str:
    """TARGET as a path from the package's root, lower case; "" for what climbs out of it."""
    steps = [] if target.startswith("/") else [step for step in folder.split("/") if step]
    for step in target.replace("\\", "/").split("/"):
        if step == "..":
            if not steps:
                return ""
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps).lower()


def _drawn(archive: zipfile.ZipFile, names: dict[str, str]) -> list[str]:
    """Words in diagrams and charts, which lie in parts of their own."""
    found: list[str] = []
    for path, stored in sorted(names.items()):
        if re.fullmatch(r"word/(?:diagrams/data|charts/chart)\d*\.xml", path):
            root = parse(read_part(archive, stored, MAX_PART))
            found += drawing_lines(root)
    return found


def drawing_lines(root: Any) -> list[str]:
    """The paragraphs of a drawing (a:p), one line each."""
    found = []
    for paragraph in root.iter("{*}p"):
        text = "".join(one.text or "" for one in paragraph.iter("{*}t")).strip()
        if text:
            found.append(text)
    return found


def pages_said(archive: zipfile.ZipFile, names: dict[str, str]) -> int:
    """The number of pages or slides in docProps/app.xml; 0 where it says none."""
    path = names.get("docprops/app.xml")
    if path is None:
        return 0
    try:
        root = parse(read_part(archive, path, 1_000_000))
    except Refused:
        return 0
    said = (child(root, "Pages") is not None and child(root, "Pages").text) or ""
    return min(int(said), 100_000) if said.strip().isdigit() else 0


def _old(data: bytes) -> str:
    """A .doc, or a .wps, which is the same inside: by antiword, which takes milliseconds, or else LibreOffice.

    Neither is asked for more than the body and its tables: headers, notes and boxes come from the file's own stories.
    """
    told = pieces.stories(Container(data))
    said = office.antiword_text(data)
    text = _docbook(said) if said else ""
    if len(_letters(text)) < 0.9 * len(_letters(told.get("body", ""))):
        text = told["body"]  # antiword gives up silently in the middle of some files
    if len(_letters(text)) < ENOUGH and office.libreoffice() is not None:
        try:
            return _converted(data, "doc")
        except Unreadable:
            if not text:
                raise
    if not text:
        raise Unreadable("program", NO_PROGRAM)
    held = _letters(text)
    above = [line for line in _own_lines(told, "headers") if _letters(line) not in held]
    below = [
        line
        for story in ("boxes", "footnotes", "endnotes", "header boxes", "footers")
        for line in _own_lines(told, story)
        if _letters(line) not in held
    ]
    return "\n".join([*above, text, *below])


def _own_lines(told: dict[str, str], story: str) -> list[str]:
    return list(dict.fromkeys(told.get(story, "").split("\n"))) if told.get(story) else []


def _letters(text: str) -> str:
    return "".join(text.split())


def _docbook(said: str) -> str:
    found = lines(doc.from_docbook(said).blocks)
    clean = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", said)
    root = etree.fromstring(
        clean.encode(), etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    )
    found += ["".join(note.itertext()).strip() for note in root.iter("footnote")]
    return "\n".join(found)


def _converted(data: bytes, ending: str) -> str:
    if office.libreoffice() is None:
        raise Unreadable("program", NO_PROGRAM)
    made = office.convert(data, ending, "docx")
    if made is None:
        raise Unreadable("broken", BROKEN)
    return package_text(made)[0]
