"""read_pdf: bytes of a PDF file -> Document, or a plain refusal."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import Refused
from ..blocks import Document, Paragraph, Table, Unseen
from ..seen.doubts import taken_out
from ..seen.glyphs import raw_page
from .flow import blocks_of
from .furniture import strip
from .layout import Page, lay_out
from .sides import put_back

SECONDS = 60  # of the wall: a child that takes longer is ended
ONE_AT_A_TIME = threading.Lock()  # a large file costs a lot of memory; a second one waits
OTHER = "用原来的 Word、Excel 文件导入"
SCAN = "请用原来的 Word、Excel 文件，或先用扫描软件做文字识别、另存后再导入"
FEW = 20  # glyphs: a page with fewer holds no text to speak of
COVER = 0.5  # share of a page: a picture this large is the page itself


def read_pdf(data: bytes, seen: Mapping[int, dict[str, Any]] | None = None) -> Document:
    """The paragraphs and tables of a PDF with a text layer, in reading order. SEEN: recognised pages (seen/work.py) by
    their numbers, for those that are only pictures; Unseen says which are still to be recognised.

    Tables that go on over pages are one Table, rows cut by a page's end are whole, page headers, footers, page
    numbers and watermarks are left out. Refused: scans without text, broken text layers, encrypted, damaged, empty or
    enormous files.
    """
    with ONE_AT_A_TIME:
        pages = [lay_out(raw, number) for number, raw in enumerate(extract(data), start=1)]
    recognised: list[int] = []
    if seen is not None:
        recognised = [page.number for page in pages if is_scan(page)]
        if missing := [number for number in recognised if number not in seen]:
            raise Unseen(scan_words(len(pages)), missing, len(pages))
        for number in recognised:
            pages[number - 1] = lay_out(raw_page(seen[number]), number)
    return document_of(pages, "pdf", judge(pages, recognised))


def document_of(pages: list[Page], kind: str, notes: list[str]) -> Document:
    """Pages laid out -> the document they are."""
    put_back(pages)
    running = strip(pages)
    blocks, doubts = taken_out(blocks_of(pages))
    # a title that is only printed as the running title of every page is still the title
    first = next(iter(blocks), None)
    if running and (first is None or isinstance(first, Table)):
        blocks.insert(0, Paragraph(running, 0, "第1页"))
    return Document(blocks, kind, notes, doubts)


def extract(data: bytes) -> Iterator[dict[str, Any]]:
    """What each page holds, from a process of its own (see pages.py)."""
    child = subprocess.Popen(
        [sys.executable, "-P", str(Path(__file__).with_name("pages.py"))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert child.stdin and child.stdout
    timer = threading.Timer(SECONDS, child.kill)
    timer.start()
    expected, told = -1, 0
    try:
        try:
            child.stdin.write(data)
            child.stdin.close()
        except BrokenPipeError:
            pass
        for line in child.stdout:
            answer = json.loads(line)
            if "error" in answer:
                raise refusal(answer["error"], answer["number"])
            if expected < 0:
                expected = answer["pages"]
                continue
            told += 1
            yield answer
    except ValueError as error:  # a line cut short: the child was ended while it spoke
        raise refusal("hung" if expected > 0 else "damaged", told + 1) from error
    finally:
        timer.cancel()
        child.kill()
        child.stdout.close()
        child.wait()
    if told != expected:
        raise refusal("hung" if expected > 0 else "damaged", told + 1)


def refusal(error: str, number: int) -> Refused:
    at = f"（第 {number} 页）" if number else ""
    return Refused(
        {
            "password": "PDF 文件设有打开密码，无法读取。请取消密码后另存再导入，或" + OTHER,
            "damaged": f"PDF 文件不完整或已损坏{at}，可能没有传完。请重新取得文件，或" + OTHER,
            "empty": "PDF 文件里一页也没有，请检查后重新选择",
            "pages": f"PDF 文件有 {number} 页，超过 600 页，不是一份标准。请只留下标准所在的页后再导入",
            "page size": f"PDF 文件的页面尺寸不正常{at}，不能读取。请按 A4 或 A3 重新另存为 PDF，或" + OTHER,
            "too much": f"PDF 文件的内容太多{at}，不是正常的标准文件，不能读取。请只留下标准所在的页后再导入",
            "hung": f"PDF 文件读到第 {number} 页时读不下去，文件可能已损坏或内容异常。请重新另存为 PDF，或"
            + OTHER,
        }[error]
    )


def is_scan(page: Page) -> bool:
    """Whether a page is a picture without text to speak of."""
    return page.glyphs < FEW and page.picture >= COVER


def scan_words(count: int) -> str:
    return f"这是扫描件，共 {count} 页，没有文字层，读不出文字。{SCAN}"


def judge(pages: list[Page], recognised: Sequence[int] = ()) -> list[str]:
    """Refuse what has no readable text; say in notes what was special about some pages. RECOGNISED: the numbers of
    those whose text comes from a picture."""
    scans = [page.number for page in pages if is_scan(page) and page.number not in recognised]
    glyphs, broken = sum(page.glyphs for page in pages), sum(page.broken for page in pages)

    if recognised and glyphs < FEW:
        raise Refused(
            f"这是扫描件，共 {len(pages)} 页，一页也没有认出文字：可能是空白页、照片，或者太模糊。请重新扫描（200 到 300 点，"
            "黑白或灰度），或用原来的 Word、Excel 文件"
        )
    if not recognised and glyphs < FEW * len(pages) and broken <= glyphs:
        if any(page.picture for page in pages):
            raise Unseen(scan_words(len(pages)), [page.number for page in pages], len(pages))
        if not glyphs:
            raise Refused(f"PDF 文件共 {len(pages)} 页，里面没有文字，请检查后重新选择")
    if broken > 0.3 * max(1, glyphs):
        raise Refused(
            f"PDF 文件的文字层是坏的：{broken} 个字查不到对应的汉字（字体没有带编码），复制出来也是乱码。{SCAN}"
        )
    notes = []
    told = [page.number for page in pages if page.number in recognised and page.glyphs]
    if told:
        notes.append(f"第 {listed(told)} 页是扫描后识别出来的文字，可能有错字，请对照原件核对")
    if dark := [number for number in recognised if number not in told]:
        notes.append(f"第 {listed(dark)} 页是扫描图片，没有认出文字，请看原件里有没有要读的内容")
    if scans:
        notes.append(f"第 {listed(scans)} 页是扫描图片，没有文字，没有读")
    unseen = [
        page.number for page in pages if page.unseen > 0.5 * max(1, page.glyphs) and page.picture >= COVER
    ]
    if unseen:
        notes.append(f"第 {listed(unseen)} 页是扫描后识别出来的文字，可能有错字，请对照原件核对")
    if broken:
        where = [page.number for page in pages if page.broken]
        notes.append(f"第 {listed(where)} 页有 {broken} 个字查不到对应的汉字，请对照原件核对")
    if stamped := [page.number for page in pages if page.stamped]:
        notes.append(f"第 {listed(stamped)} 页的水印文字没有读")
    return notes


def listed(numbers: list[int]) -> str:
    """[1, 2, 3, 7] -> "1—3、7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(str(one) if one == two else f"{one}—{two}" for one, two in runs)
