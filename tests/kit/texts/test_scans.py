"""Text from pictures of pages: what the library reads, in which order, and how lines become paragraphs."""

import difflib
import json
import subprocess
import sys

import pytest
from PIL import Image

from taizhang.kit import apart
from taizhang.kit.texts import layout, scans
from taizhang.kit.texts.layout import Spot

from .drawn import BODY, TITLE, banner, page, scanned

Letters = list[list[float | str]]


def likeness(said: str, truth: str) -> float:
    return difflib.SequenceMatcher(None, "".join(said.split()), truth, autojunk=False).ratio()


def spots(*lines: tuple[float, float, float, str], height: float = 20) -> list[Spot]:
    """(x0, y0, x1, text) of lines that are HEIGHT high."""
    return [Spot(x0, y0, x1, y0 + height, text, at) for at, (x0, y0, x1, text) in enumerate(lines)]


# ---- with the library: each costs seconds


def test_a_page_is_read_in_paragraphs() -> None:
    text, lines = scans.read_page(page())
    assert likeness(text, TITLE + "".join(BODY)) >= 0.97
    assert [len(paragraph) > 40 for paragraph in text.split("\n")] == [False, True, True, True, True]
    assert lines[0][4] == TITLE and all(0 <= part <= 1 for line in lines for part in line[:4])  # type: ignore[operator]
    title, second, third = lines[:3]
    assert title[1] < second[1] < third[1] and third[2] - third[0] == pytest.approx(156 / 210, abs=0.02)  # type: ignore[operator]


def test_a_scan_askew_and_grainy_lying_on_its_side() -> None:
    truth, image = TITLE + "".join(BODY), scanned(page(150))
    text, _ = scans.read_page(image)
    assert likeness(text, truth) >= 0.9
    text, lines = scans.read_page(image.rotate(90, expand=True))
    assert likeness(text, truth) >= 0.9 and text.startswith(TITLE[:4])
    assert lines[0][3] - lines[0][1] > lines[0][2] - lines[0][0]  # type: ignore[operator]  # it stands where it stands in the picture


def test_a_banner_in_a_photograph() -> None:
    text, lines = scans.read_page(banner())
    assert text == "道德讲堂第三期开讲仪式" and len(lines) == 1
    assert lines[0][1] < 0.2 < lines[0][3]  # type: ignore[operator]


def test_the_warm_child_reads_a_page_within_its_memory_and_says_nothing_aside(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("scan")
    page(100).save(folder / "a.png")
    code = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({apart.MEMORY}, {apart.MEMORY}))\n"
        "from PIL import Image\n"
        "from taizhang.kit.texts import scans, work\n"
        "assert not {'rapidocr', 'onnxruntime', 'cv2', 'numpy', 'av', 'pypdfium2'} & set(sys.modules)\n"
        f"text, _ = scans.read_page(Image.open({str(folder / 'a.png')!r}))\n"
        "rest = int(next(l for l in open('/proc/self/status') if l[:6] == 'VmRSS:').split()[1])\n"
        "import json; print(json.dumps([text, rest]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    text, rest = json.loads(done.stdout)
    assert likeness(text, TITLE + "".join(BODY)) >= 0.97
    assert rest < 400_000  # kB, warm and idle


def test_a_strip_is_cut_between_its_lines() -> None:
    part = page(100).crop((0, 100, 827, 700))
    tall = Image.new("RGB", (827, 2400), "white")
    for at in range(4):
        tall.paste(part, (0, 600 * at))
    assert scans.is_long(tall) and not scans.is_cut(tall)
    for top in (0, 700):
        cut = scans._blank_row(tall, top, top + 900)
        assert tall.crop((0, cut - 2, 600, cut + 2)).convert("L").getextrema() == (255, 255)
    assert scans._blank_row(tall, 1600, 2400) == 2400


# ---- arithmetic


def test_what_is_no_text_is_dropped() -> None:
    assert scans.keeps("— 3 —", 0.9) and scans.keeps("机密★", 0.7) and scans.keeps("创建", 0.9)
    assert not scans.keeps("——", 0.99)  # no letter
    assert not scans.keeps("一", 0.7)  # a railing
    assert not scans.keeps("文明单位", 0.5)


def test_lines_become_paragraphs() -> None:
    text, order = layout.text_of(
        spots(
            (300, 0, 700, "标题在中间"),
            (140, 60, 900, "第一段开头，写满一行"),
            (100, 90, 900, "第二行也写满"),
            (100, 120, 400, "到这里结束。"),
            (140, 150, 900, "第二段另起，写满一行"),
            (100, 180, 500, "完。"),
        )
    )
    assert text.split("\n") == [
        "标题在中间",
        "第一段开头，写满一行第二行也写满到这里结束。",
        "第二段另起，写满一行完。",
    ]
    assert order == [0, 1, 2, 3, 4, 5]


def test_pieces_of_one_row_stand_side_by_side() -> None:
    text, order = layout.text_of(
        spots(
            (500, 2, 700, "地点"), (100, 0, 300, "时间"), (500, 40, 700, "会议室"), (100, 41, 300, "6月8日")
        )
    )
    assert text == "时间 地点\n6月8日 会议室" and order == [1, 0, 3, 2]


def test_two_columns_are_read_one_after_the_other_and_a_table_is_not() -> None:
    left = [(100, 100 + 30 * row, 480, f"左{row}") for row in range(5)]
    right = [(520, 100 + 30 * row, 900, f"右{row}") for row in range(5)]
    text, _ = layout.text_of(
        spots((100, 20, 900, "横跨两栏的大标题"), *left, *right, (100, 300, 900, "末行横跨两栏"))
    )
    assert text.replace("\n", "") == "横跨两栏的大标题左0左1左2左3左4右0右1右2右3右4末行横跨两栏"
    cells = [
        (x, 100 + 30 * row, x + 60, f"{name}{row}")
        for row in range(6)
        for x, name in ((100, "甲"), (600, "乙"))
    ]
    text, _ = layout.text_of(spots(*cells))
    assert text.split("\n")[:2] == ["甲0 乙0", "甲1 乙1"]


def test_a_page_set_askew_is_put_straight() -> None:
    # two lines that fall by 30 over 1000: the right end of the first is lower than the left end of the second
    first, second = [(0, 0), (1000, 30), (1000, 50), (0, 20)], [(0, 26), (400, 38), (400, 58), (0, 46)]
    angle = layout.slant([first, second])
    assert angle == pytest.approx(0.03, abs=0.001)
    boxes = [layout.straight(quad, angle) for quad in (first, second)]
    assert boxes[0][3] < boxes[1][3] and boxes[1][1] - boxes[0][1] == pytest.approx(26, abs=1)
    assert layout.slant([[(0, 0), (5, 5), (4, 6), (-1, 1)]]) == 0.0


@pytest.mark.parametrize(("one", "other", "joined"), [
    ("创建", "工作", "创建工作"), ("Civil", "Unit", "Civil Unit"), ("organi-", "sation", "organisation"), ("共", "12", "共12"),
    ("", "x", "x"),
])  # fmt: skip
def test_joining(one: str, other: str, joined: str) -> None:
    assert layout.join(one, other) == joined


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_turning_keeps_the_upper_left_corner_first(quarters: int) -> None:
    width, height = 200.0, 100.0
    quad = [(10.0, 20.0), (50.0, 20.0), (50.0, 30.0), (10.0, 30.0)]
    turned = scans.turn(quad, quarters, width, height)
    assert turned[0] == (min(x for x, _ in turned), min(y for _, y in turned))
    assert turned[2] == (max(x for x, _ in turned), max(y for _, y in turned))


def test_a_full_stop_alone_in_its_line() -> None:
    text, _ = layout.text_of(spots((100, 0, 900, "写满了一整行的文字，不予登记"), (101, 30, 112, "O")))
    assert text == "写满了一整行的文字，不予登记。"
    text, _ = layout.text_of(spots((100, 0, 900, "写满了一整行的文字，不予登记"), (400, 30, 412, "O")))
    assert text.split("\n")[1] == "O"


def test_nothing_on_the_page() -> None:
    assert layout.text_of([]) == ("", [])
