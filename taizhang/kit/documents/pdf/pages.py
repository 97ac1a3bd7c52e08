"""Runs as a program of its own: PDF on standard input -> one JSON line for each page on standard output.

pdfium is C++ and is not thread-safe; in a process of its own, with a bound on memory and time, a file made to crash
or to hang it does no harm to the server. This file is therefore started by its path and imports nothing of ours.

First line: {"pages": 12} or {"error": "password" | "damaged" | "empty" | "pages" | "page size" | "too much",
"number": …}; an error may also come later. Then for each page, with the origin at the upper left, y downwards, in
points, turned so that most of its text stands upright:
{"size": [width, height], "glyphs": [[char, x0, x1, baseline, size, turn]], "lines": [[x0, y0, x1, y1]],
 "picture": share of the page that pictures cover, "broken": glyphs without a character, "stamped": glyphs set aside
 as a watermark, "unseen": glyphs of invisible text}.
`turn` is 0 for upright text, else quarter turns of text that runs sideways on the page.
"""

import ctypes
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

try:
    import resource
except ImportError:  # not on Windows; the parent's clock still holds
    resource = None  # type: ignore[assignment]

MAX_PAGES = 600
MAX_SIDE = 6_000  # points: a sheet of two metres
MAX_GLYPHS = 1_500_000  # of the whole file: ten times a thick standard
MAX_SEGMENTS = 1_000_000  # of lines, of the whole file
MAX_DEPTH = 8  # forms within forms
MEMORY = 1_000_000_000  # bytes of address space
SECONDS = 40  # of the processor
THIN = 4.0  # points: a filled rectangle no thicker than this is a line
LARGE = 24.0  # points: lightly coloured text of at least this size is a watermark

UNKNOWN = "\ufffd"
SYMBOLS = {
    0xF0B7: "•",
    0xF0FC: "√",
    0xF052: "☑",
    0xF0FE: "☑",
    0xF0A8: "□",
    0xF06F: "□",
    0xF06E: "■",
    0xF020: " ",
}

Turn = Callable[[float, float], tuple[float, float]]
Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


class Stop(Exception):
    def __init__(self, error: str, number: int = 0) -> None:
        super().__init__(error)
        self.error, self.number = error, number


def main() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        for answer in pages(data):
            sys.stdout.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")) + "\n")
    except Stop as stop:
        sys.stdout.write(json.dumps({"error": stop.error, "number": stop.number}) + "\n")


def pages(data: bytes) -> Iterator[dict[str, Any]]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == pdfium.FPDF_ERR_SUCCESS:  # a sound file without pages
            raise Stop("empty") from error
        locked = code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise Stop("password" if locked else "damaged") from error
    count = len(document)
    if count > MAX_PAGES:
        raise Stop("pages", count)
    yield {"pages": count}
    glyphs = segments = 0
    for number in range(count):
        page = pdfium.FPDF_LoadPage(document.raw, number)
        if not page:
            raise Stop("damaged", number + 1)
        text = pdfium.FPDFText_LoadPage(page)
        if not text:
            raise Stop("damaged", number + 1)
        glyphs += pdfium.FPDFText_CountChars(text)
        if glyphs > MAX_GLYPHS:
            raise Stop("too much", number + 1)
        answer = one_page(page, text, number + 1, MAX_SEGMENTS - segments)
        segments += len(answer["lines"])
        yield answer
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)


def one_page(page: Any, text: Any, number: int, budget: int) -> dict[str, Any]:
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    left, right, bottom, top = box.left, box.right, box.bottom, box.top
    if not (0 < right - left <= MAX_SIDE and 0 < top - bottom <= MAX_SIDE):
        raise Stop("page size", number)
    found, broken, unseen = characters(text, clips(page))
    turns = [quarter(*one[7]) for one in found]
    ways = Counter(way for way in turns if way is not None)
    rotation: int = ways.most_common(1)[0][0] if ways else pdfium.FPDFPage_GetRotation(page) % 4
    turn: Turn = (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )[rotation]
    width, height = right - left, top - bottom
    if rotation % 2:
        width, height = height, width
    glyphs, stamped = [], 0
    for way, (char, x0, y0, x1, y1, ox, oy, _, size, light) in zip(turns, found, strict=True):
        if way is None or light:
            stamped += 1
            continue
        (ax, ay), (bx, by), (cx, cy) = turn(x0, y0), turn(x1, y1), turn(ox, oy)
        ax, bx, ay, by = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        if bx < 0 or ax > width or by < 0 or ay > height:
            continue
        sideways = (way - rotation) % 4
        if sideways == 0:
            line = [char, ax, bx, cy, size, 0]
        else:  # along its own way: as if the page were turned until it stands upright
            start, end, base = {
                1: (height - by, height - ay, cx),
                2: (width - bx, width - ax, height - cy),
                3: (ay, by, width - cx),
            }[sideways]
            line = [char, start, end, base, size, sideways]
        glyphs.append([round(value, 2) if isinstance(value, float) else value for value in line])
    lines: list[list[float]] = []
    picture = 0.0
    for kind, x0, y0, x1, y1 in drawn(page, budget):
        (ax, ay), (bx, by) = turn(x0, y0), turn(x1, y1)
        ax, bx, ay, by = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        if kind == "picture" and bx - ax > THIN and by - ay > THIN:
            picture += (min(bx, width) - max(ax, 0)) * (min(by, height) - max(ay, 0)) / (width * height)
        elif bx - ax <= THIN or by - ay <= THIN:
            lines.append([round(ax, 2), round(ay, 2), round(bx, 2), round(by, 2)])
    return {
        "size": [round(width, 2), round(height, 2)], "glyphs": glyphs, "lines": lines, "picture": round(picture, 2),
        "broken": broken, "stamped": stamped, "unseen": unseen,
    }  # fmt: skip


def quarter(a: float, b: float) -> int | None:
    """Direction of writing (user space, y upwards) -> quarter turns; None when it runs aslant."""
    if a == b == 0:
        return 0
    turns = math.atan2(b, a) / (math.pi / 2)
    return round(turns) % 4 if abs(turns - round(turns)) < 0.06 else None


def characters(text: Any, clipped: dict[int, Box]) -> tuple[list[tuple[Any, ...]], int, int]:
    """(char, box, origin, direction, size, looks like a watermark) of each; how many broken, how many unseen."""
    left, right, bottom, top, ox, oy = (ctypes.c_double() for _ in range(6))
    rect, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    found: list[tuple[Any, ...]] = []
    hidden: list[tuple[Any, ...]] = []
    broken = unseen = 0
    high = 0
    for at in range(pdfium.FPDFText_CountChars(text)):
        code = pdfium.FPDFText_GetUnicode(text, at)
        if pdfium.FPDFText_IsGenerated(text, at) == 1:
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code, high = (0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD), 0
        char = meant(code, pdfium.FPDFText_HasUnicodeMapError(text, at) == 1)
        broken += char == UNKNOWN
        if not char:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, at, rect):
            continue
        x0, y0, x1, y1 = rect.left, rect.bottom, rect.right, rect.top
        if x1 <= x0 or y1 <= y0:
            pdfium.FPDFText_GetCharBox(text, at, left, right, bottom, top)
            x0, y0, x1, y1 = left.value, bottom.value, right.value, top.value
        pdfium.FPDFText_GetCharOrigin(text, at, ox, oy)
        pdfium.FPDFText_GetMatrix(text, at, matrix)
        size = pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d) or y1 - y0
        light = False
        if size >= LARGE:
            pdfium.FPDFText_GetFillColor(text, at, red, green, blue, alpha)
            light = min(red.value, green.value, blue.value) >= 150 or alpha.value <= 128
        owner = pdfium.FPDFText_GetTextObject(text, at)
        if (clip := clipped.get(address(owner))) and not in_box((x0 + x1) / 2, (y0 + y1) / 2, clip):
            place = hidden
        else:
            place = found
        mode = pdfium.FPDFTextObj_GetTextRenderMode(owner)
        unseen += mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        place.append((char, x0, y0, x1, y1, ox.value, oy.value, (matrix.a, matrix.b), size, light))
    if len(hidden) > len(found):  # not a clip as we understand it
        found += hidden
    return found, broken, unseen


def meant(code: int, unmapped: bool) -> str:
    """The character of a code as pdfium gives it: "" for none, UNKNOWN where the file does not say which it is."""
    if code in (9, 10, 13, 0xAD, 0x200B, 0xFEFF):
        return ""
    if 0xF000 <= code < 0xF100:  # the signs of symbol fonts, mostly bullets
        return SYMBOLS.get(code, "●")
    if unmapped or code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or 0xE000 <= code < 0xF900:
        return UNKNOWN
    if code == 2:  # pdfium's own sign for a hyphen at a line's end
        return "-"
    return chr(code) if code >= 32 else UNKNOWN


def clips(page: Any) -> dict[int, Box]:
    """Address of a text object -> left, bottom, right, top of what of it is shown.

    A spreadsheet's merged cell that goes on over a page is drawn whole on either page, the rest clipped away. Text
    inside forms is not looked at: its clip has the coordinates of the form.
    """
    found: dict[int, Box] = {}
    x, y = ctypes.c_float(), ctypes.c_float()
    for at in range(pdfium.FPDFPage_CountObjects(page)):
        thing = pdfium.FPDFPage_GetObject(page, at)
        if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        clip = pdfium.FPDFPageObj_GetClipPath(thing)
        left, bottom, right, top = -math.inf, -math.inf, math.inf, math.inf
        for path in range(max(0, min(pdfium.FPDFClipPath_CountPaths(clip), 50))):
            xs, ys = [], []
            for one in range(max(0, min(pdfium.FPDFClipPath_CountPathSegments(clip, path), 1000))):
                pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, one), x, y)
                xs.append(x.value)
                ys.append(y.value)
            if xs:
                left, right = max(left, min(xs)), min(right, max(xs))
                bottom, top = max(bottom, min(ys)), min(top, max(ys))
        if left > -math.inf:
            found[address(thing)] = left, bottom, right, top
    return found


def address(thing: Any) -> int:
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def in_box(x: float, y: float, box: Box) -> bool:
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def drawn(page: Any, budget: int) -> Iterator[tuple[str, float, float, float, float]]:
    """("line" | "picture", x0, y0, x1, y1) in user space of everything drawn, in forms too."""
    left = [budget]
    for at in range(pdfium.FPDFPage_CountObjects(page)):
        yield from one_object(pdfium.FPDFPage_GetObject(page, at), IDENTITY, 0, left)


def one_object(
    thing: Any, outer: Matrix, depth: int, left: list[int]
) -> Iterator[tuple[str, float, float, float, float]]:
    kind = pdfium.FPDFPageObj_GetType(thing)
    if kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_IMAGE):
        return
    own = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, own)
    matrix = times((own.a, own.b, own.c, own.d, own.e, own.f), outer)
    if kind == pdfium.FPDF_PAGEOBJ_FORM:
        if depth < MAX_DEPTH:
            for at in range(pdfium.FPDFFormObj_CountObjects(thing)):
                yield from one_object(pdfium.FPDFFormObj_GetObject(thing, at), matrix, depth + 1, left)
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        corners = [put(matrix, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        yield "picture", min(xs), min(ys), max(xs), max(ys)
    else:
        yield from path_lines(thing, matrix, left)


def path_lines(
    path: Any, matrix: Matrix, left: list[int]
) -> Iterator[tuple[str, float, float, float, float]]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    drawn_line = stroke.value and seen(path, pdfium.FPDFPageObj_GetStrokeColor)
    filled = fill.value and seen(path, pdfium.FPDFPageObj_GetFillColor)
    if not drawn_line and not filled:
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    subpath: list[tuple[float, float]] = []
    straight = True
    count = pdfium.FPDFPath_CountSegments(path)
    left[0] -= count
    if left[0] < 0:
        raise Stop("too much")
    for at in range(count + 1):
        segment = pdfium.FPDFPath_GetPathSegment(path, at) if at < count else None
        kind = pdfium.FPDFPathSegment_GetType(segment) if segment else pdfium.FPDF_SEGMENT_MOVETO
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(subpath) > 1 and filled and (not drawn_line or len(subpath) > 2):
                xs, ys = [one for one, _ in subpath], [two for _, two in subpath]
                if min(max(xs) - min(xs), max(ys) - min(ys)) <= THIN:
                    yield "line", min(xs), min(ys), max(xs), max(ys)
            subpath, straight = [], True
            if segment is None:
                return
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = put(matrix, x.value, y.value)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            straight = False
        elif drawn_line and kind == pdfium.FPDF_SEGMENT_LINETO and subpath and straight:
            yield from stroke_line(subpath[-1], point)
        subpath.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment) and drawn_line and straight:
            yield from stroke_line(point, subpath[0])


def stroke_line(
    one: tuple[float, float], two: tuple[float, float]
) -> Iterator[tuple[str, float, float, float, float]]:
    if (abs(one[0] - two[0]) <= 1) != (abs(one[1] - two[1]) <= 1):
        yield "line", *one, *two


def seen(path: Any, color: Callable[..., int]) -> bool:
    """Not white and not transparent."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not color(path, red, green, blue, alpha):
        return True
    return alpha.value > 10 and min(red.value, green.value, blue.value) < 250


def times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def put(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


if __name__ == "__main__":
    main()
