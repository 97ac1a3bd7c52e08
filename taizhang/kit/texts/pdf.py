"""PDF: the text layer where there is one; a page that is only a picture is read from its picture (OCR).

Pages are answered in their order. A run of text pages costs milliseconds; after some scanned pages the answer ends
and says where to go on, so that no answer takes longer than its limit and a killed worker loses little.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from . import acting
from .blocks import BROKEN, LOCKED
from .told import Leaf, Told, Unreadable

MOST_PAGES = 5000
MOST_SCANS = 4  # pages read from pictures in one answer: seconds each
MOST_BAD = 50  # damaged pages in a row; then the rest is taken for damaged too
LETTERS = 8  # a page of fewer with a picture on it is a scan with a printed number
STAMP = 60  # a page of fewer that a picture covers is a scan with the mark of the program that made it
MOST_PIXELS = 20_000_000
MOST_LETTERS = 200_000  # of one page
#: private, unassigned and control characters; and what Chinese looks like in a font that claims to be Latin
NO_LETTERS = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f\U000f0000-\U0010ffff]")
MISREAD = re.compile("[\xa1\xa2\xa4-\xa6\xa8\xaa\xac\xaf\xb4-\xb6\xb8\xba\xbf-\xd6\xd8-\xf6\xf8-\xff]")
SIGNS = re.compile("[\x00-\x1f\ufffe\uffff\xad\u200b\ufeff]")
ENDS = "。！？：；.!?:;…”』」）)"

LONG = ("long", f"页数太多，只读了前 {MOST_PAGES} 页，后面的检索不到。")
UNSEEN = "有 {} 页是扫描的图像，本机没有开图像识别，上面的文字没有读，检索不到。"
BAD = "有 {} 页已损坏，读不出文字。"


def read(asked: Any) -> Told:
    import pypdfium2  # noqa: PLC0415 -- slow import

    try:
        document = pypdfium2.PdfDocument(asked.path)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise Unreadable("locked", LOCKED) if locked else Unreadable("broken", BROKEN) from error
    try:
        return _told(document, asked, pypdfium2)
    finally:
        document.close()


def _told(document: Any, asked: Any, pdfium: Any) -> Told:
    count = len(document)
    if count < 1:
        raise Unreadable("broken", BROKEN)
    last = min(count, MOST_PAGES)
    told = Told("pdf", pages=count, warnings=acting.pdf(asked.path))
    if count > MOST_PAGES:
        told.warnings.append(LONG)
    scans = unseen = bad = in_a_row = 0
    for no in range(asked.start, last + 1):
        try:
            page = document[no - 1]
            text, scanned = _text(page, pdfium)
        except pdfium.PdfiumError:
            bad, in_a_row = bad + 1, in_a_row + 1
            told.leaves.append(Leaf(no, ""))
            if in_a_row >= MOST_BAD:
                break
            continue
        in_a_row = 0
        if not scanned or not asked.pictures:
            unseen += scanned
            told.leaves.append(Leaf(no, text))
        elif scans == MOST_SCANS:
            told.go_on = no
            page.close()
            break
        else:
            scans += 1
            told.leaves.append(_seen(page, no))
        page.close()
    if bad and bad == len(told.leaves) and asked.start == 1:
        raise Unreadable("broken", BROKEN)
    if unseen:
        told.warnings.append(("unseen", UNSEEN.format(unseen)))
    if bad:
        told.warnings.append(("damaged", BAD.format(bad)))
    return told


def _text(page: Any, pdfium: Any) -> tuple[str, bool]:
    """The text of a page in paragraphs, and whether the page is a picture that has to be looked at."""
    layer = page.get_textpage()
    try:
        count = min(layer.count_chars(), MOST_LETTERS)
        raw = layer.get_text_range(0, count) if count > 0 else ""
        text = _paragraphs(_lines(raw, layer, pdfium), page.get_width())
    finally:
        layer.close()
    if is_rubbish(raw):
        return "", True
    letters = len("".join(text.split()))
    if letters >= STAMP:
        return text, False
    return text, _is_picture(page, pdfium, 0.3 if letters < LETTERS else 0.6)


def _is_picture(page: Any, pdfium: Any, part: float) -> bool:
    """Whether pictures cover that PART of the page, or lines are drawn as for letters."""
    width, height = page.get_size()
    if not width or not height:
        return False
    paths, area = 0, 0.0
    for at, one in enumerate(page.get_objects(max_depth=3)):
        if one.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = one.get_bounds()
            # what reaches over the page's edge counts as far as it is seen
            area += max(0, min(right, width) - max(left, 0)) * max(0, min(top, height) - max(bottom, 0))
        elif one.type == pdfium.raw.FPDF_PAGEOBJ_PATH:
            paths += 1
        if area > part * width * height or paths > 300:  # letters drawn as lines
            return True
        if at > 5000:
            break
    return False


def _seen(page: Any, no: int) -> Leaf:
    from . import scans  # noqa: PLC0415 -- slow import

    width, height = page.get_size()
    scale = scans.DOTS / 72
    if width * height * scale * scale > MOST_PIXELS:  # a page of 200 inches
        scale = (MOST_PIXELS / (width * height)) ** 0.5
    text, lines = scans.read_page(page.render(scale=scale).to_pil())
    return Leaf(no, text, lines, ocr=True)


def is_rubbish(text: str) -> bool:
    """Whether a text layer shows other letters than the page: fonts without a table of their letters."""
    letters = "".join(text.split())
    if len(letters) < LETTERS:
        return False
    bad, latin = len(NO_LETTERS.findall(letters)), len(MISREAD.findall(letters))
    return bad > 0.3 * len(letters) or latin > 0.5 * len(letters)


@dataclass(frozen=True)
class Line:
    """One line of a page; LEFT, RIGHT and SIZE in points."""

    text: str
    left: float
    right: float
    size: float


def _lines(raw: str, layer: Any, pdfium: Any) -> list[Line]:
    """The lines of a page with the places of their first and last letters."""
    found: list[Line] = []
    at = 0
    for piece in raw.split("\r\n"):
        text = piece.strip()
        if text:
            first = at + len(piece) - len(piece.lstrip())
            try:
                left, bottom, _, top = layer.get_charbox(first)
                _, low, right, high = layer.get_charbox(first + len(text) - 1)
            except (pdfium.PdfiumError, IndexError, ValueError):
                left = bottom = top = right = low = high = 0.0
            found.append(Line(text, left, right, max(top - bottom, high - low)))
        at += len(piece) + 2
    return found


def _paragraphs(lines: list[Line], width: float) -> str:
    """A line that reaches the right edge goes on in the next if that begins at the left edge with like letters."""
    if not lines:
        return ""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    out: list[str] = []
    before: Line | None = None
    for line in lines:
        text = clean(line.text)
        goes_on = (
            before is not None
            and right > 0.6 * width
            and before.right >= right - 2.2 * max(before.size, 6)
            and line.left <= left + 0.9 * max(line.size, 6)
            and out[-1][-1:] not in ENDS
        )
        if not text:
            continue
        if goes_on and out:
            out[-1] += (" " if _latin(out[-1][-1]) and _latin(text[0]) else "") + text
        else:
            out.append(text)
        before = line
    return "\n".join(out)


def clean(text: str) -> str:
    """TEXT without signs that only the layout needed."""
    return unicodedata.normalize("NFC", SIGNS.sub("", text)).replace("\xa0", " ").strip()


def _latin(letter: str) -> bool:
    return letter.isascii() and not letter.isspace()
