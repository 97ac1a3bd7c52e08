"""A page that is only a picture -> what pages.py says of a page with text. Run in a process of its own (kit.apart).

The picture is turned upright and set straight, its rules are found, text is found and parted at the rules, and each
part is read. The places are in points from the upper left of the page as it then stands.
"""

from statistics import median_high
from typing import Any

from PIL import Image, ImageOps

from ...texts import scans
from ...texts.told import Unreadable
from ..pdf.grid import find_grids
from .picture import FORMATS
from .pieces import Piece, is_in, missed, pieces_of, stacks
from .rules import Box, ink, ruled
from .straight import straightened

MOST_PIXELS = 60_000_000  # of a picture file
POINTS = 72  # an inch
A4 = 842.0  # points: the longer side
DRAWN = 2339  # pixels: an A4 page at 200 dots an inch
ODD = 500, 1_300  # points: a longer side outside of this is no size of paper
MOST_PIECES = 1_500  # of one page: more is no text
SIDE = 2_000  # pixels of the longer side, in which text is looked for
LONGEST = 16  # lines: so many are asked which way up they stand
LOST = 0.3  # of 1: what is less sure is no text, in the cell of a table either
GAP = 6  # pixels between letters that are laid side by side to be read


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """{"path", "no"} -> {"page": …} of glyphs.raw_page, or {"unreadable": [code, words]}."""
    try:
        return {"page": seen(picture(asked["path"], asked["no"]))}
    except Unreadable as error:
        return {"unreadable": [error.code, error.text]}


def picture(path: str, no: int) -> tuple[Any, float]:
    """Page NO of the PDF or the picture at PATH in grey, and how many of its pixels are a point."""
    import numpy  # noqa: PLC0415 -- slow import

    try:
        with open(path, "rb") as handle:
            is_pdf = b"%PDF-" in handle.read(1024)
        gray = numpy.asarray(_page(path, no) if is_pdf else _frame(path, no))
    except Unreadable:
        raise
    except Exception as error:  # of many kinds: whatever a broken picture makes its library say
        raise Unreadable("broken", "图像已损坏") from error
    # the sheet is taken for A4 or A3, whatever size the file says: of pixels a photograph has as many as it likes
    return gray, max(gray.shape) / A4 if max(gray.shape) < 1.2 * DRAWN else scans.DOTS / POINTS


def _page(path: str, no: int) -> Any:
    import pypdfium2  # noqa: PLC0415 -- slow import

    page = pypdfium2.PdfDocument(path)[no - 1]
    longest = max(page.get_size())
    scale = scans.DOTS / POINTS if ODD[0] < longest < ODD[1] else DRAWN / longest
    return page.render(scale=scale, grayscale=True).to_pil().convert("L")


def _frame(path: str, no: int) -> Any:
    with Image.open(path, formats=FORMATS) as image:
        if no > 1:
            image.seek(no - 1)
        if image.width * image.height > MOST_PIXELS:
            raise Unreadable("broken", "图像太大")
        image.draft("L", (DRAWN, DRAWN))
        gray = ImageOps.exif_transpose(image.convert("L"))
    scale = DRAWN / max(gray.size)
    if scale < 0.95 or scale > 1.3:
        gray = gray.resize((round(gray.width * scale), round(gray.height * scale)), Image.Resampling.LANCZOS)
    return gray


def seen(drawn: tuple[Any, float]) -> dict[str, Any]:
    """A picture -> {"size", "lines", "texts"}; see glyphs.raw_page."""
    gray, scale = drawn
    quads, crops = found(gray)
    if not quads:
        return {"size": [gray.shape[1] / scale, gray.shape[0] / scale], "lines": [], "texts": []}
    gray, quads = upright_page(gray, quads, crops)
    gray, lines = straightened(gray, quads)
    letter = median_high(box[3] - box[1] for box in lines)
    level, upright = ruled(gray, lines, letter)
    inked = ink(gray)
    mask = inked.copy()
    for rule in (*level, *upright):
        left, top, right, bottom = (max(0, round(edge)) for edge in rule)
        mask[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = 0
    rules = _middles([[edge / scale for edge in rule] for rule in (*level, *upright)], len(level))
    cells = [
        (grid.xs[box.left] * scale, grid.ys[box.top] * scale, grid.xs[box.right + 1] * scale, grid.ys[box.bottom + 1] * scale)
        for grid in find_grids(rules) for box in grid.boxes
    ]  # fmt: skip
    under = stacks(cells, letter, mask)
    beside = [
        one
        for one in pieces_of(lines, level, upright, mask, inked)
        if not is_in(one, [by.cut for by in under])
    ]
    pieces = [*under, *beside]
    pieces = [*pieces, *missed(cells, pieces, letter, mask)][:MOST_PIECES]
    texts = []
    for piece, (text, sure, least) in zip(pieces, read(gray, pieces), strict=True):
        if not text or (sure < LOST if is_in(piece, cells) else not scans.keeps(text, sure)):
            continue
        boxes = piece.stacked or (piece.box,)
        places = [[round(float(edge) / scale, 1) for edge in box] for box in boxes]
        in_cell = int(is_in(piece, cells))
        texts.append(
            {"text": text, "sure": round(sure, 3), "least": round(least, 3), "cell": in_cell, "boxes": places}
        )
    return {
        "size": [round(gray.shape[1] / scale, 1), round(gray.shape[0] / scale, 1)],
        "lines": [[round(edge, 1) for edge in rule] for rule in rules],
        "texts": texts,
    }


def _middles(rules: list[list[float]], level: int) -> list[list[float]]:
    """Rules without thickness; the first LEVEL of them lie."""
    flat = [[x0, (y0 + y1) / 2, x1, (y0 + y1) / 2] for x0, y0, x1, y1 in rules[:level]]
    return flat + [[(x0 + x1) / 2, y0, (x0 + x1) / 2, y1] for x0, y0, x1, y1 in rules[level:]]


def found(gray: Any) -> tuple[list[scans.Quad], list[Any]]:
    """The corners of each line of text, and each line cut out."""
    import cv2  # noqa: PLC0415 -- slow import

    small = min(1.0, SIDE / max(gray.shape))
    image = cv2.resize(gray, None, fx=small, fy=small, interpolation=cv2.INTER_AREA) if small < 1 else gray
    try:
        crops, told = scans.engine().detect_and_crop(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), {})
    except Exception as error:
        if type(error).__name__ != "RapidOCRError":  # so the library says that there is no text
            raise
        return [], []
    return [[(float(x) / small, float(y) / small) for x, y in box] for box in told.boxes], crops


def upright_page(gray: Any, quads: list[scans.Quad], crops: list[Any]) -> tuple[Any, list[scans.Quad]]:
    """The page turned so that its text stands upright."""
    import numpy  # noqa: PLC0415 -- slow import

    height, width = gray.shape
    order = sorted(range(len(quads)), key=lambda at: -max(_sides(quads[at])))[:LONGEST]
    # letters set one under the other stand upright too: a page lies on its side when its long lines do
    lies = sum(_sides(quads[at])[1] > 1.5 * _sides(quads[at])[0] for at in order) > len(order) / 2
    # a line that stands is cut out turned to the left, as the page will be
    wide = [crops[at] for at in order if crops[at].shape[1] > 2 * crops[at].shape[0]]
    heads = 0
    if wide:
        _, told = scans.engine().cls_and_rotate(wide)
        heads = 2 * sum(label == "180" for label, _ in told.cls_res) > len(wide)
    turned = lies + 2 * heads
    if not turned:
        return gray, quads
    page = numpy.ascontiguousarray(numpy.rot90(gray, turned))
    return page, [scans.turn(quad, turned, width, height) for quad in quads]


def _sides(quad: scans.Quad) -> tuple[float, float]:
    """How wide and how high it is."""
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    return max(xs) - min(xs), max(ys) - min(ys)


def read(gray: Any, pieces: list[Piece]) -> list[tuple[str, float, float]]:
    """What stands in each piece; how sure that is, of 1, on the average of its letters and of the worst of them."""
    import cv2  # noqa: PLC0415 -- slow import

    if not pieces:
        return []
    crops = []
    for piece in pieces:
        crop = _side_by_side(gray, piece.stacked) if piece.stacked else _cut(gray, piece.cut)
        crops.append(cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR))
    reader = scans.engine()
    reader.return_word_box = True  # it tells each letter's certainty then
    try:
        told = reader.recognize_txt(crops)
    finally:
        reader.return_word_box = False
    return [
        (text.strip(), float(sure), float(min(words.confs, default=0.0)))
        for text, sure, words in zip(told.txts, told.scores, told.word_results, strict=True)
    ]


def _cut(gray: Any, box: Box) -> Any:
    left, top, right, bottom = (max(0, round(edge)) for edge in box)
    return gray[top : max(bottom, top + 4), left : max(right, left + 4)]


def _side_by_side(gray: Any, boxes: tuple[Box, ...]) -> Any:
    """Letters that stand one under the other as a line."""
    import numpy  # noqa: PLC0415 -- slow import

    paper = int(numpy.median(gray[:: max(1, len(gray) // 50)]))
    size = round(max(max(box[2] - box[0], box[3] - box[1]) for box in boxes)) + GAP
    line = numpy.full((size + GAP, size * len(boxes) + GAP), paper, dtype=gray.dtype)
    for at, box in enumerate(boxes):
        letter = _cut(gray, (box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2))[:size, :size]
        high, wide = letter.shape
        top, left = (size + GAP - high) // 2, at * size + GAP + (size - wide) // 2
        line[top : top + high, left : left + wide] = letter[:, : line.shape[1] - left]
    return line
