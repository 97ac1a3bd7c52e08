"""Pages of a PDF that somebody else made: whether they can be read, and each as a picture to draw on a sheet of A4."""

import contextlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pikepdf

from .writer import Copier, Ref, Writer, number

A4 = (595.276, 841.89)  # points
NEAR = 12.0  # points: a sheet that differs by less is A4 and is not scaled
MOST_PAGES = 5000
LOCKED, BROKEN, EMPTY, LONG = "locked", "broken", "empty", "long"
INHERITED = 50  # steps up the tree of pages


class Fault(Exception):
    """The file cannot be taken apart. `code`: locked, broken, empty, long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def opened(path: Path) -> Iterator[pikepdf.Pdf]:
    """The file, read from disk piece by piece and not held in memory."""
    try:
        pdf = pikepdf.open(path, access_mode=pikepdf.AccessMode.stream, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Fault(LOCKED) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, OSError):
        raise Fault(BROKEN) from None
    with pdf:
        yield pdf


def count(path: Path) -> int:
    """How many pages the PDF at PATH has; each of them was looked up and has a size. Fault otherwise."""
    with opened(path) as pdf:
        try:
            pages = len(pdf.pages)
            if pages > MOST_PAGES:
                raise Fault(LONG)
            for page in pdf.pages:
                box_of(page.obj)
        except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, AttributeError, KeyError):
            raise Fault(BROKEN) from None
        if not pages:
            raise Fault(EMPTY)
        return pages


def settled(pdf: pikepdf.Pdf) -> None:
    """What lies on the pages (a seal, a filled-in field) becomes part of them: nothing else of it is copied."""
    if any("/Annots" in page.obj for page in pdf.pages):
        with contextlib.suppress(pikepdf.PdfError, RuntimeError, ValueError, TypeError):
            if "/AcroForm" in pdf.Root:
                pdf.generate_appearance_streams()
            pdf.flatten_annotations("all")


def inherited(page: Any, key: str) -> Any:
    """What the page, or one of the nodes above it, says under KEY."""
    node = page
    for _ in range(INHERITED):
        if (found := node.get(key)) is not None:
            return found
        node = node.get("/Parent")
        if not isinstance(node, pikepdf.Dictionary):
            break
    return None


def _box(found: Any) -> tuple[float, float, float, float] | None:
    try:
        x0, y0, x1, y1 = (float(value) for value in found)
    except (TypeError, ValueError):
        return None
    box = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    return box if 1 < box[2] - box[0] < 20_000 and 1 < box[3] - box[1] < 20_000 else None


def box_of(page: Any) -> tuple[float, float, float, float]:
    """What shows of the page: its crop within its sheet; A4 where neither makes sense."""
    sheet = _box(inherited(page, "/MediaBox")) or (0.0, 0.0, *A4)
    crop = _box(inherited(page, "/CropBox"))
    if crop is None:
        return sheet
    cut = max(sheet[0], crop[0]), max(sheet[1], crop[1]), min(sheet[2], crop[2]), min(sheet[3], crop[3])
    return _box(cut) or sheet


def upright(box: tuple[float, float, float, float], turn: int) -> tuple[tuple[float, ...], float, float]:
    """The matrix that brings BOX, turned clockwise by TURN degrees, upright with its lower left corner at 0, 0;
    the width and height that it then has."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    if turn == 90:
        return (0, -1, 1, 0, -y0, x1), height, width
    if turn == 180:
        return (-1, 0, 0, -1, x1, y1), width, height
    if turn == 270:
        return (0, 1, -1, 0, y1, -x0), height, width
    return (1, 0, 0, 1, -x0, -y0), width, height


def placed(width: float, height: float) -> tuple[float, float, float, float, float]:
    """The sheet of A4, upright or lying, for a page of WIDTH and HEIGHT: its own width and height, the scale of the
    page on it, and where the page's lower left corner stands."""
    sheet = A4 if width <= height else (A4[1], A4[0])
    near = abs(width - sheet[0]) <= NEAR and abs(height - sheet[1]) <= NEAR
    scale = 1.0 if near else min(1.0, sheet[0] / width, sheet[1] / height)
    return *sheet, scale, (sheet[0] - width * scale) / 2, (sheet[1] - height * scale) / 2


class Shown:
    """A page of a source as an object to draw: `ref`, the upright width and height in points."""

    def __init__(self, ref: Ref, width: float, height: float) -> None:
        self.ref, self.width, self.height = ref, width, height


def as_form(page: Any, copier: Copier, writer: Writer) -> Shown:
    """Copy PAGE (a pikepdf.Page's object) as a form: its drawing keeps to itself whatever it does to the state."""
    box = box_of(page)
    turn = int(inherited(page, "/Rotate") or 0) % 360
    unit = float(page.get("/UserUnit") or 1)
    matrix, width, height = upright(box, turn)
    if unit != 1 and 0 < unit < 100:
        matrix, width, height = tuple(value * unit for value in matrix), width * unit, height * unit
    resources = inherited(page, "/Resources")
    group = page.get("/Group")
    entries = (
        "/Type /XObject /Subtype /Form /FormType 1 "
        f"/BBox [{' '.join(map(number, box))}] /Matrix [{' '.join(number(float(value)) for value in matrix)}] "
        f"/Resources {copier.value(resources) if isinstance(resources, pikepdf.Dictionary) else '<< >>'}"
    )
    if isinstance(group, pikepdf.Dictionary):
        entries += f" /Group {copier.value(group)}"
    contents = page.get("/Contents")
    if isinstance(contents, pikepdf.Stream):
        data = contents.read_raw_bytes()
        for key in ("/Filter", "/DecodeParms"):
            if key in contents:
                entries += f" {key} {copier.value(contents[key])}"
    else:
        parts = list(contents) if isinstance(contents, pikepdf.Array) else []
        data = zlib.compress(
            b"\n".join(part.read_bytes() for part in parts if isinstance(part, pikepdf.Stream)), 6
        )
        entries += " /Filter /FlateDecode"
    ref = writer.stream(entries, [data], len(data))
    copier.settle()
    return Shown(ref, width, height)
