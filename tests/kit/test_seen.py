"""Pages that are only pictures: rules and pieces on drawn pages, letters laid out, doubts; and the real reader on bad pages."""

import io
import json
from pathlib import Path
from typing import Any

import cv2
import numpy
import pytest
from PIL import Image, ImageDraw

from taizhang.kit import libraries
from taizhang.kit.documents.blocks import Document, Table, Unseen
from taizhang.kit.documents.pdf import read_pdf
from taizhang.kit.documents.seen import ask, glyphs, picture, pieces, rules, straight
from taizhang.kit.errors import Refused
from taizhang.kit.tables import read_book

PDFS = Path(__file__).parent.parent / "fixtures" / "pdf"
reads_pictures = pytest.mark.skipif(not libraries.ocr(), reason="no reader of pictures is installed")


def told(rows: list[list[str]], wide: float = 120, high: float = 30, *, unsure: str = "") -> dict[str, Any]:
    """A recognised page: a ruled table of ROWS, the cell UNSURE read without certainty."""
    left, top = 60.0, 100.0
    right, bottom = left + wide * len(rows[0]), top + high * len(rows)
    lines = [[left, top + r * high, right, top + r * high] for r in range(len(rows) + 1)]
    lines += [[left + c * wide, top, left + c * wide, bottom] for c in range(len(rows[0]) + 1)]
    texts = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            x, y = left + c * wide + 5, top + r * high + 9
            size = sum(glyphs.weight(char) for char in text) * 10.5
            sure = 0.6 if text == unsure else 0.99
            texts.append(
                {"text": text, "sure": sure, "least": sure, "cell": 1, "boxes": [[x, y, x + size, y + 10]]}
            )
    return {"size": [595.0, 842.0], "lines": lines, "texts": texts}


def scan_of(images: list[Image.Image]) -> bytes:
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=200, quality=60)
    return out.getvalue()


def paper(wide: int = 827, high: int = 1170, grain: float = 6) -> Image.Image:
    """An empty sheet as a scanner gives it back."""
    noise = numpy.random.default_rng(1).normal(225, grain, (high, wide))
    return Image.fromarray(numpy.clip(noise, 0, 255).astype(numpy.uint8))


def table_of(document: Document) -> Table:
    """The last one: the page with text has one of its own."""
    return [block for block in document.blocks if isinstance(block, Table)][-1]


# ---- without a reader


def test_a_scan_says_which_pages_are_to_be_recognised() -> None:
    data = (PDFS / "partly-scanned.pdf").read_bytes()
    with pytest.raises(Unseen) as caught:
        read_pdf(data, {})
    assert (caught.value.pages, caught.value.count) == ([2], 2)
    assert "第 2 页是扫描图片，没有文字，没有读" in read_pdf(data).notes[0]


def test_the_page_with_text_keeps_it_and_the_other_is_read_as_recognised() -> None:
    data = (PDFS / "partly-scanned.pdf").read_bytes()
    rows = [["序号", "测评内容", "分值"], ["1", "志愿服务活动", "5"], ["2", "道德讲堂", "3"]]
    found = read_pdf(data, {2: told(rows)})
    assert found.notes == ["第 2 页是扫描后识别出来的文字，可能有错字，请对照原件核对"]
    assert table_of(found).rows == rows and table_of(found).places[1] == "第2页第2行"
    assert found.blocks[0] == read_pdf(data).blocks[0], "the first page is as it was"


def test_what_was_not_certain_is_told_with_its_page_and_cell_and_not_seen_in_the_text() -> None:
    data = (PDFS / "partly-scanned.pdf").read_bytes()
    rows = [["序号", "测评内容", "分值"], ["1", "志愿服务活动", "5"]]
    found = read_pdf(data, {2: told(rows, unsure="志愿服务活动")})
    assert found.doubts == (("第2页第2行", "志愿服务活动"),)
    assert table_of(found).rows == rows
    assert read_book(data, "扫描.pdf", {2: told(rows, unsure="5")}).doubts == (("第2页第2行", "5"),)


def test_pages_that_show_no_text_are_named_and_a_file_of_none_is_refused() -> None:
    data = (PDFS / "scan.pdf").read_bytes()
    rows = [["序号", "测评内容", "分值"], ["1", "志愿服务活动要经常", "5"], ["2", "道德讲堂按季举办", "3"]]
    found = read_pdf(data, {1: told(rows), 2: {"fault": "图像已损坏"}, 3: {"fault": "识别了太久"}})
    assert found.notes[1] == "第 2—3 页是扫描图片，没有认出文字，请看原件里有没有要读的内容"
    blank: dict[str, Any] = {"size": [595.0, 842.0], "lines": [], "texts": []}
    with pytest.raises(Refused, match="一页也没有认出文字.*请重新扫描"):
        read_pdf(data, dict.fromkeys((1, 2, 3), blank))


def test_letters_are_spread_over_their_line() -> None:
    line = {
        "text": "每季度1次，",
        "sure": 1.0,
        "least": 1.0,
        "cell": 1,
        "boxes": [[100.0, 50.0, 153.0, 60.0]],
    }
    found = glyphs.spread(line, 10.5)
    assert "".join(one[0] for one in found) == "每季度1次，"
    assert [round(one[1]) for one in found] == [100, 110, 121, 132, 137, 148]
    assert found[-1][2] > 153, "a comma takes a letter's room and has ink in half of it"


def test_letters_one_under_the_other_stand_beneath_each_other() -> None:
    boxes = [[60.0, top, 70.0, top + 10] for top in (100.0, 116.0, 132.0)]
    found = glyphs.spread({"text": "办公室", "sure": 1.0, "least": 1.0, "cell": 1, "boxes": boxes}, 10.5)
    assert [one[0] for one in found] == ["办", "公", "室"]
    assert found[0][3] < found[1][3] - 10 < found[2][3] - 20


def test_sizes_of_one_page_are_settled() -> None:
    assert glyphs.settled([10.4, 18.0, 10.9, 10.5, 18.4]) == [10.5, 18.2, 10.5, 10.5, 18.2]


@pytest.mark.parametrize(
    ("sure", "least", "text", "cell", "doubted"),
    [
        (0.99, 0.9, "志愿服务", 1, False),
        (0.99, 0.4, "志愿服务", 1, True),
        (0.8, 0.6, "志愿服务", 0, True),
        (0.7, 0.7, "5", 1, True),
        (0.8, 0.8, "5", 1, False),
        (0.6, 0.6, "-1-", 0, False),
    ],
)
def test_what_is_doubted(sure: float, least: float, text: str, cell: int, doubted: bool) -> None:
    assert glyphs.is_doubted({"text": text, "sure": sure, "least": least, "cell": cell}) is doubted


def drawn() -> tuple[Any, list[rules.Box]]:
    """A table of 2 × 3 cells, a row of strokes like letters in one of them, a long dash outside."""
    image = Image.new("L", (900, 700), 240)
    draw = ImageDraw.Draw(image)
    for y in (100, 200, 300):
        draw.line((100, y, 700, y), fill=40, width=2)
    for x in (100, 300, 500, 700):
        draw.line((x, 100, x, 300), fill=40, width=2)
    for x in range(120, 280, 8):  # letters: strokes that stand close together
        draw.line((x, 130, x, 165), fill=40, width=3)
    draw.line((100, 500, 500, 500), fill=40, width=2)
    texts = [(118.0, 126.0, 282.0, 169.0)]
    return numpy.asarray(image), texts


def test_rules_of_a_table_are_found_and_strokes_of_letters_are_none() -> None:
    gray, texts = drawn()
    level, upright = rules.ruled(gray, texts, 40)
    assert sorted(round((one[1] + one[3]) / 20) * 10 for one in level) == [
        100,
        200,
        300,
    ], "the dash runs into nothing"
    assert sorted(round((one[0] + one[2]) / 20) * 10 for one in upright) == [100, 300, 500, 700]


def test_a_page_photographed_from_aside_is_pulled_straight() -> None:
    gray, _ = drawn()
    assert straight.frame(gray) == [], "what lies straight is left alone"
    aside = [(90.0, 110.0), (690.0, 90.0), (720.0, 320.0), (70.0, 290.0)]
    matrix = cv2.getPerspectiveTransform(
        numpy.array([(100, 100), (700, 100), (700, 300), (100, 300)], "float32"),
        numpy.array(aside, "float32"),
    )
    photo = cv2.warpPerspective(gray, matrix, (900, 700), borderValue=240)
    found = straight.frame(photo)
    assert [(round(x / 10), round(y / 10)) for x, y in found] == [(9, 11), (69, 9), (72, 32), (7, 29)]
    page, _ = straight.straightened(photo, [])
    level, upright = rules.ruled(page, [], 40)
    assert len(level) == 3 and len(upright) == 4
    assert all(one[3] - one[1] < 8 for one in level) and all(one[2] - one[0] < 8 for one in upright)


def test_a_line_that_crosses_a_rule_is_parted_at_it() -> None:
    upright = [(299.0, 100.0, 302.0, 300.0)]
    assert pieces.parted((120, 130, 480, 160), [], upright) == [
        (120, 130, 297, 160),
        (304, 130, 480, 160),
    ]
    # near its end the rule is only cut off, and a rule elsewhere does nothing
    assert pieces.parted((295, 130, 480, 160), [], upright) == [(304, 130, 480, 160)]
    assert pieces.parted((120, 330, 480, 360), [], upright) == [(120, 330, 480, 360)]


def test_a_single_figure_that_was_overlooked_is_seen_by_its_ink() -> None:
    mask = numpy.zeros((400, 400), dtype=numpy.uint8)
    mask[140:165, 190:202] = 255
    cells = [(100.0, 100.0, 300.0, 200.0), (100.0, 200.0, 300.0, 300.0)]
    (found,) = pieces.missed(cells, [], 40, mask)
    assert found.box == (190, 140, 202, 165)
    held = pieces.Piece((185, 135, 207, 170), (190, 140, 202, 165))
    assert pieces.missed(cells, [held], 40, mask) == []


def test_picture_files_are_pages_too() -> None:
    out = io.BytesIO()
    paper(60, 80).save(out, "TIFF", save_all=True, append_images=[paper(60, 80)])
    with pytest.raises(Unseen) as caught:
        read_book(out.getvalue(), "标准.tif", {})
    assert caught.value.pages == [1, 2]
    with pytest.raises(Refused, match="这是图片或压缩包") as refused:
        read_book(out.getvalue(), "标准.tif")
    assert not isinstance(refused.value, Unseen)
    with pytest.raises(Refused, match="图片文件不完整或已损坏"):
        picture.frames(b"\xff\xd8\xff\xe0\x00\x10 rubbish")
    with pytest.raises(Refused, match="这是图片或压缩包"):
        read_book(b"Rar!\x1a\x07\x00" + b"\x00" * 100, "标准.jpg", {})


def test_a_page_that_ends_the_child_is_given_up_after_two_tries(tmp_path: Path) -> None:
    with ask.Eyes("tests.kit.apart_work:crash", seconds=20) as eyes:
        assert eyes.page(tmp_path, 1) == {"fault": "图像已损坏"}
        assert eyes.child.asked == 1, "the second try had a child of its own"


def test_why_nothing_is_recognised() -> None:
    assert "TAIZHANG_OCR=1" in ask.lacking(allowed=False)
    assert bool(ask.lacking(allowed=True)) is not bool(libraries.ocr())


# ---- with the reader


@reads_pictures
def test_pages_without_text_are_read_as_empty_and_broken_ones_are_faults(tmp_path: Path) -> None:
    """A blank scan, the photo of a tree, a broken picture in a sound PDF, a page that is not there."""
    leaves = numpy.random.default_rng(3).normal(90, 60, (900, 700, 3))
    tree = Image.fromarray(numpy.clip(leaves, 0, 255).astype(numpy.uint8)).resize((1400, 1800))
    sound = scan_of([paper()])
    at = sound.index(b"\xff\xd8\xff") + 20
    files = {
        "blank.pdf": sound,
        "broken.pdf": sound[:at] + b"\x00" * 4000 + sound[at + 4000 :],
        "cut.jpg": b"",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    tree.save(tmp_path / "tree.jpg")
    half = (tmp_path / "tree.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(half[: len(half) // 3])
    with ask.Eyes() as eyes:
        assert eyes.page(tmp_path / "blank.pdf", 1)["texts"] == []
        assert len(eyes.page(tmp_path / "tree.jpg", 1)["texts"]) <= 3
        assert eyes.page(tmp_path / "broken.pdf", 1).get("texts", []) == []
        assert eyes.page(tmp_path / "cut.jpg", 1) == {"fault": "图像已损坏"}
        assert eyes.page(tmp_path / "blank.pdf", 2) == {"fault": "图像已损坏"}
        assert eyes.page(tmp_path / "gone.pdf", 1) == {"fault": "图像已损坏"}
        json.dumps(eyes.page(tmp_path / "blank.pdf", 1))
