"""OFD (GB/T 33190): the text of its pages in the order of Document.xml, with that of their templates."""

import io
import warnings
import zipfile
from typing import Any

from ..archive import MAX_INFLATED, open_archive, read_part, sweep
from ..documents.words import child, children, name, parse
from .blocks import BROKEN, kept
from .told import Leaf, Told, Unreadable
from .word import within

MOST_PAGES = 5000
MOST_SCANS = 4
MAX_DEPTH = 12
LETTERS = 8
MOST_PIXELS = 50_000_000
SAME_LINE = 0.5  # of a letter's height

LONG = ("long", f"页数太多，只读了前 {MOST_PAGES} 页，后面的检索不到。")
EMBEDDED = ("embedded", "文件里带有附件，附件的内容没有读，检索不到。")
UNSEEN = "有 {} 页是扫描的图像，本机没有开图像识别，上面的文字没有读，检索不到。"
BAD = "有 {} 页已损坏或缺失，读不出文字。"


def read(asked: Any) -> Told:
    with kept():
        return _told(asked.path.read_bytes(), asked)


def _told(data: bytes, asked: Any) -> Told:
    with open_archive(data) as archive:
        sweep(archive)
        parts = Parts(archive)
        bodies = list(children(parts.tree("OFD.xml"), "DocBody"))
        pages: list[tuple[Document, str]] = []
        told = Told("ofd")
        for body in bodies:
            root = child(body, "DocRoot")
            if root is not None and root.text:
                document = Document(parts, within("", root.text.strip()))
                pages += [(document, page) for page in document.pages]
                if document.attachments:
                    told.warnings.append(EMBEDDED)
        if not pages:
            raise Unreadable("broken", BROKEN)
        told.pages = len(pages)
        if told.pages > MOST_PAGES:
            told.warnings.append(LONG)
        _leaves(told, pages[:MOST_PAGES], asked)
    return told


def _leaves(told: Told, pages: "list[tuple[Document, str]]", asked: Any) -> None:
    scans = unseen = bad = 0
    for no in range(asked.start, len(pages) + 1):
        document, path = pages[no - 1]
        try:
            text, pictures = document.page(path)
        except KeyError:
            bad += 1
            told.leaves.append(Leaf(no, ""))
            continue
        if sum(not one.isspace() for one in text) >= LETTERS or not pictures:
            told.leaves.append(Leaf(no, text))
        elif not asked.pictures:
            unseen += 1
            told.leaves.append(Leaf(no, text))
        elif scans == MOST_SCANS:
            told.go_on = no
            break
        else:
            scans += 1
            told.leaves.append(_seen(document.parts, pictures, no, text))
    if bad and bad == len(told.leaves) and asked.start == 1:
        raise Unreadable("broken", BROKEN)
    if unseen:
        told.warnings.append(("unseen", UNSEEN.format(unseen)))
    if bad:
        told.warnings.append(("damaged", BAD.format(bad)))


class Parts:
    """The parts of the package by their paths, whatever their case."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {one.lower().replace("\\", "/").lstrip("/"): one for one in archive.namelist()}

    def data(self, path: str) -> bytes:
        """KeyError when it is missing."""
        return read_part(self.archive, self.names[path.lower()], MAX_INFLATED)

    def tree(self, path: str) -> Any:
        return parse(self.data(path))


class Document:
    """One document of the package: paths of its PAGES in order; templates and pictures by their ids."""

    def __init__(self, parts: Parts, path: str) -> None:
        self.parts = parts
        self.folder = path.rpartition("/")[0]
        root = parts.tree(path)
        common = child(root, "CommonData")
        self.templates = {
            one.get("ID", ""): within(self.folder, one.get("BaseLoc", ""))
            for one in (children(common, "TemplatePage") if common is not None else ())
        }
        listed = child(root, "Pages")
        self.pages = [
            within(self.folder, one.get("BaseLoc", ""))
            for one in (children(listed, "Page") if listed is not None else ())
        ]
        self.attachments = child(root, "Attachments") is not None
        self.resources = [
            within(self.folder, (one.text or "").strip())
            for one in (common if common is not None else ())
            if name(one) in ("PublicRes", "DocumentRes")
        ]
        self.held: dict[str, str] | None = None

    def page(self, path: str) -> tuple[str, list[str]]:
        """The text of a page, what its templates bear around it, and the paths of its pictures, largest first."""
        root = self.parts.tree(path)
        trees = [
            self.parts.tree(found)
            for one in children(root, "Template")
            if (found := self.templates.get(one.get("TemplateID", ""))) and found in self.parts.names
        ]
        spots: list[tuple[float, float, float, str]] = []
        pictures: list[tuple[float, str]] = []
        for tree in (*trees, root):
            content = child(tree, "Content")
            if content is not None:
                _gather(content, spots, pictures, 0)
        # TemplatePage and Page name their own resources too
        own = [
            within(path.rpartition("/")[0], (one.text or "").strip())
            for tree in (*trees, root)
            for one in children(tree, "PageRes")
        ]
        files = self._files(own) if pictures else {}
        paths = [files[key] for _, key in sorted(pictures, reverse=True) if key in files]
        return _lines(spots), paths

    def _files(self, own: list[str]) -> dict[str, str]:
        """Ids of pictures → paths of their files."""
        if self.held is None:
            self.held = {}
            for path in self.resources:
                self.held |= self._media(path)
        return self.held | {key: value for path in own for key, value in self._media(path).items()}

    def _media(self, path: str) -> dict[str, str]:
        if path not in self.parts.names:
            return {}
        root = self.parts.tree(path)
        base = within(path.rpartition("/")[0], root.get("BaseLoc", ""))
        found = {}
        for one in root.iter("{*}MultiMedia"):
            file = child(one, "MediaFile")
            if file is not None and file.text:
                inside = within(base, file.text.strip())
                # some programs write the folder into the file's name as well
                found[one.get("ID", "")] = (
                    inside if inside in self.parts.names else within(self.folder, file.text.strip())
                )
        return found


def _numbers(text: str) -> list[float]:
    found = []
    for word in text.split():
        try:
            found.append(float(word))
        except ValueError:
            found.append(0.0)
    return found


def _gather(
    parent: Any, spots: list[tuple[float, float, float, str]], pictures: list[tuple[float, str]], depth: int
) -> None:
    """Every piece of text as (y, x, height, text) in millimetres; every picture as (area, id)."""
    for one in parent:
        kind = name(one)
        if kind in ("TextObject", "ImageObject"):
            left, top, width, height = (*_numbers(one.get("Boundary", "")), 0.0, 0.0, 0.0, 0.0)[:4]
            if kind == "ImageObject":
                pictures.append((width * height, one.get("ResourceID", "")))
                continue
            size = (_numbers(one.get("Size", "")) or [height or 4.0])[0]
            scale = (
                (*_numbers(one.get("CTM", "")), 1.0, 0.0, 0.0, 1.0, 0.0, 0.0)[:6]
                if one.get("CTM")
                else (1, 0, 0, 1, 0, 0)
            )
            x = y = 0.0
            for code in children(one, "TextCode"):
                x = (_numbers(code.get("X", "")) or [x])[0]
                y = (_numbers(code.get("Y", "")) or [y])[0]
                at_x, at_y = scale[0] * x + scale[2] * y + scale[4], scale[1] * x + scale[3] * y + scale[5]
                if text := (code.text or "").replace("\n", " "):
                    spots.append((top + at_y, left + at_x, size * abs(scale[3] or 1), text))
        elif kind in ("Layer", "PageBlock", "Content", "CompositeObject") and depth < MAX_DEPTH:
            _gather(one, spots, pictures, depth + 1)


def _lines(spots: list[tuple[float, float, float, str]]) -> str:
    """Pieces of text as lines from top to bottom, each from left to right; pieces far apart with a blank between."""
    rows: list[list[tuple[float, float, float, str]]] = []
    for spot in sorted(spots, key=lambda one: one[0]):
        if rows and spot[0] - rows[-1][0][0] <= SAME_LINE * max(min(spot[2], rows[-1][0][2]), 1.0):
            rows[-1].append(spot)
        else:
            rows.append([spot])
    out = []
    for row in rows:
        text, end = "", None
        for _, x, height, piece in sorted(row, key=lambda one: one[1]):
            if end is not None and x - end > 0.8 * height and not text.endswith(" "):
                text += " "
            text += piece
            end = x + sum(height if ord(one) > 0x2E7F else height / 2 for one in piece)
        out.append(text.strip())
    return "\n".join(line for line in out if line)


def _seen(parts: Parts, pictures: list[str], no: int, text: str) -> Leaf:
    """A scanned page, read from its largest picture."""
    from PIL import Image  # noqa: PLC0415 -- slow import

    from . import scans  # noqa: PLC0415 -- slow import

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        for path in pictures:
            try:
                with Image.open(io.BytesIO(parts.data(path))) as image:
                    if image.width * image.height > MOST_PIXELS:
                        continue
                    image.load()
                    said, lines = scans.read_page(image.convert("RGB"))
            except (KeyError, OSError, ValueError, SyntaxError, Image.DecompressionBombError,
                    Image.DecompressionBombWarning):  # fmt: skip
                continue
            return Leaf(no, "\n".join(filter(None, (said, text))), lines, ocr=True)
    return Leaf(no, text)
