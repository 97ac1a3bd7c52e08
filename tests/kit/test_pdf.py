"""PDFs with a text layer: exact rows, paragraphs and refusals. How the samples were made: tests/fixtures/make_pdf.py."""

import random
import threading
from pathlib import Path

import pytest

from taizhang.kit.documents import Document, Paragraph, Table
from taizhang.kit.documents.pdf import read_pdf
from taizhang.kit.documents.pdf.text import Glyph, cell_text, line_of, split_lines
from taizhang.kit.errors import Refused
from tests.fixtures.bench_pdf import long_table
from tests.fixtures.make_pdf import CLOSED, LEFT, OUTLINE, PLAIN, RIGHT, RULES, TASKS, THREE, standard
from tests.fixtures.pdf_by_hand import Sheet, Written

FOLDER = Path(__file__).parent.parent / "fixtures" / "pdf"


def read(name: str) -> Document:
    return read_pdf((FOLDER / f"{name}.pdf").read_bytes())


def made(*sheets: Sheet, rotate: int = 0) -> Document:
    return read_pdf(Written(list(sheets), rotate).data())


def tables(document: Document) -> list[list[list[str]]]:
    return [
        [[str(cell or "") for cell in row] for row in block.rows]
        for block in document.blocks
        if isinstance(block, Table)
    ]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def groups(rows: list[list[str]]) -> list[tuple[int, int, int, int]]:
    """The merged ranges that the two group columns of `standard` must have."""
    found = []
    for col in (0, 1):
        starts = [at for at, row in enumerate(rows) if row[col]] + [len(rows)]
        found += [
            (one, col, two - 1, col)
            for one, two in zip(starts[1:], starts[2:], strict=False)
            if two - one > 1
        ]
    return sorted(found)


@pytest.mark.parametrize(
    ("name", "expected", "around"),
    [
        ("word-long-table", standard(), ["滨港市文明单位测评细则", "注：各项扣分以扣完为止。"]),
        ("word-landscape", standard(), []),
        ("workbook-printed", standard(), []),
        ("page-long-table", standard(TASKS[1:2], RULES[:1])[:13], ["滨港市文明单位测评细则"]),
    ],
)
def test_table_over_many_pages(name: str, expected: list[list[str]], around: list[str]) -> None:
    """Cut rows whole, headers once, groups merged over pages, page numbers and running titles gone."""
    document = read(name)
    assert tables(document) == [expected]
    assert texts(document) == around
    [table] = [block for block in document.blocks if isinstance(block, Table)]
    assert table.merges == groups(expected)
    assert table.places[0] == "第1页第1行"
    assert len(table.places) == len(expected)
    assert document.notes == [] and document.kind == "pdf"


def test_places_name_the_printed_rows() -> None:
    [table] = [block for block in read("closed-cuts").blocks if isinstance(block, Table)]
    assert table.places == ("第1页第1行", "第1页第2行", "第1页第3行", "第2页第3行", "第2页第4行")


def test_closed_cells_rotation_forms_and_watermark() -> None:
    document = read("closed-cuts")
    assert tables(document) == [CLOSED]
    assert texts(document) == []
    assert document.notes == ["第 1—2 页的水印文字没有读"]


def test_three_tables_on_a_page_with_headings_between() -> None:
    document = read("three-tables")
    assert tables(document) == [THREE[2], THREE[4], THREE[6]]
    assert texts(document) == [THREE[0][0], THREE[1][0], THREE[3][0], THREE[5][0]]
    kinds = [type(block).__name__ for block in document.blocks]
    assert kinds == ["Paragraph", "Paragraph", "Table", "Paragraph", "Table", "Paragraph", "Table"]
    second = document.blocks[4]
    assert isinstance(second, Table) and second.merges == [(0, 0, 1, 0), (0, 1, 0, 2)]


def test_outline_gives_one_paragraph_for_each_number() -> None:
    document = read("outline")
    assert texts(document) == OUTLINE
    assert document.blocks[0] == Paragraph(OUTLINE[0], 0, "第1页第1段")
    last = document.blocks[-1]
    assert isinstance(last, Paragraph) and last.place.startswith("第2页")


def test_two_columns_are_read_one_after_the_other() -> None:
    assert texts(read("two-columns")) == ["文明单位创建工作要点", LEFT, RIGHT]


def test_table_without_lines() -> None:
    document = read("no-lines")
    assert tables(document) == [PLAIN]
    assert texts(document) == ["文明单位测评项目", "注：满分为60分。"]


@pytest.mark.parametrize("upright", [[], [110, 310, 410]])
def test_table_with_level_lines_or_without_outer_ones(upright: list[int]) -> None:
    sheet = Sheet(595, 400)
    for at in range(len(PLAIN) + 1):
        sheet.marks.append(f"1 w 50 {320 - 24 * at} m 540 {320 - 24 * at} l S")
    for x in upright:
        sheet.marks.append(f"1 w {x} 320 m {x} {320 - 24 * len(PLAIN)} l S")
    for at, row in enumerate(PLAIN):
        for x, text in zip((60, 120, 320, 420), row, strict=True):
            sheet.text(x, 97 + 24 * at, 12, text)
    assert tables(made(sheet)) == [PLAIN]


def test_frame_around_the_page_is_no_table() -> None:
    sheet = Sheet(595, 842)
    sheet.marks.append("1 w 20 20 555 802 re S")
    sheet.text(200, 60, 18, "文明单位测评表")
    sheet.table(50, 80, [50, 250, 60, 120], CLOSED)
    sheet.text(50, 300, 12, "注：本表由创建办填写。")
    document = made(sheet)
    assert tables(document) == [CLOSED]
    assert texts(document) == ["文明单位测评表", "注：本表由创建办填写。"]


def test_upright_text_in_a_cell() -> None:
    """Set in columns from the right to the left, and sideways."""
    sheet = Sheet(595, 300)
    sheet.table(40, 40, [60, 60, 300], [["", "", "内容" * 60]])
    for column, words in enumerate(["思想道德", "建设"]):
        for at, char in enumerate(words):
            sheet.text(72 - 16 * column, 60 + 11 * at, 10, char)
    sheet.marks.append(f"BT /F 10 Tf 0 1 -1 0 120 210 Tm <{'组织领导'.encode('utf-16-be').hex()}> Tj ET")
    assert tables(made(sheet)) == [[["思想道德建设", "组织领导", "内容" * 60]]]


def test_two_forms_on_following_pages_stay_two_tables() -> None:
    one, two = Sheet(595, 300), Sheet(595, 300)
    one.table(40, 40, [50, 250, 60, 120], CLOSED)
    two.table(40, 40, [100, 300, 80], THREE[6])
    assert tables(made(one, two)) == [CLOSED, THREE[6]]


def test_complete_row_on_the_next_page_is_not_joined() -> None:
    one, two = Sheet(595, 300), Sheet(595, 300)
    one.table(40, 40, [50, 250, 60, 120], CLOSED[:3])
    two.table(40, 40, [50, 250, 60, 120], CLOSED[3:])
    assert tables(made(one, two)) == [CLOSED]


def test_sideways_table_is_turned() -> None:
    """A landscape table printed along the upright page, without the page saying that it lies."""
    data = Written([Sheet(595, 300)], rotate=90)
    data.sheets[0].table(40, 40, [50, 250, 60, 120], CLOSED)
    plain = data.data().replace(b"/Rotate 90", b"/Rotate 0 ")
    assert tables(read_pdf(plain)) == [CLOSED]


def test_running_title_that_is_the_only_title_is_kept_once() -> None:
    _, data = long_table(20)
    document = read_pdf(data)
    assert texts(document) == ["滨港市文明单位测评细则"]


def test_three_hundred_rows() -> None:
    expected, data = long_table()
    assert tables(read_pdf(data)) == [expected]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("scan", "这是扫描件，共 3 页，没有文字层"),
        ("locked", "设有打开密码"),
        ("no-meaning", "文字层是坏的：160 个字"),
    ],
)
def test_refused(name: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(name)
    assert said in refusal.value.message
    assert "Word、Excel" in refusal.value.message


def test_fonts_without_their_table_of_characters_are_refused() -> None:
    data = (FOLDER / "word-landscape.pdf").read_bytes()
    with pytest.raises(Refused, match="文字层是坏的"):
        read_pdf(data.replace(b"/ToUnicode", b"/NoUnicode"))


def test_a_few_unknown_characters_are_said() -> None:
    sheet = Sheet(595, 300)
    sheet.text(50, 50, 12, "年度考核结果运用充分，奖惩分明，群众满意\ue123高")
    document = made(sheet)
    assert texts(document) == ["年度考核结果运用充分，奖惩分明，群众满意\ufffd高"]
    assert document.notes == ["第 1 页有 1 个字查不到对应的汉字，请对照原件核对"]


def test_text_clipped_away_is_not_read() -> None:
    """A spreadsheet draws a merged cell whole on both pages and clips it."""
    sheet = Sheet(595, 300)
    sheet.table(40, 40, [50, 250, 60, 120], CLOSED)
    sheet.marks.append(f"q 40 100 480 160 re W n {sheet.words(60, 270, 10, '志愿服务')} Q")
    assert texts(made(sheet)) == []


def test_partly_scanned_says_which_pages() -> None:
    document = read("partly-scanned")
    assert tables(document) == [CLOSED]
    assert document.notes == ["第 2 页是扫描图片，没有文字，没有读"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "不完整或已损坏"),
        (b"%PDF-1.7\nnothing more", "不完整或已损坏"),
        (Written([Sheet(595, 842)]).data(), "共 1 页，里面没有文字"),
        (Written([]).data(), "一页也没有"),
        (Written([Sheet(595, 842)] * 601).data(), "有 601 页，超过 600 页"),
        (Written([Sheet(9000, 842)]).data(), "页面尺寸不正常（第 1 页）"),
    ],
)
def test_refused_by_hand(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match="PDF 文件") as refusal:
        read_pdf(data)
    assert said in refusal.value.message


def test_bomb_of_lines_is_refused() -> None:
    sheet = Sheet(595, 842, marks=["0 0 m " + "500 0 l 0 500 l " * 600_000 + "S"])
    with pytest.raises(Refused, match="内容太多"):
        made(sheet)


def test_form_that_holds_itself_ends() -> None:
    sheet = Sheet(595, 300)
    sheet.table(40, 40, [50, 250, 60, 120], CLOSED)
    sheet.forms.append("/X0 Do")
    sheet.marks.append("/X0 Do")
    assert tables(made(sheet)) == [CLOSED]


def test_damaged_files_are_refused_or_read() -> None:
    chance = random.Random(7)
    whole = (FOLDER / "word-long-table.pdf").read_bytes()
    for _ in range(6):
        data = bytearray(whole[: chance.randrange(len(whole))] if chance.random() < 0.3 else whole)
        for _ in range(40):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            assert read_pdf(bytes(data)).kind == "pdf"
        except Refused as refusal:
            assert refusal.message.startswith(("PDF 文件", "这是扫描件"))


def test_two_threads_at_once() -> None:
    found: list[list[list[list[str]]]] = []
    threads = [threading.Thread(target=lambda: found.append(tables(read("closed-cuts")))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[CLOSED]] * 3


def glyphs(words: str, x: float = 0.0, base: float = 10.0, step: float = 10.0) -> list[Glyph]:
    return [Glyph(char, x + step * at, x + step * at + 10, base, 10) for at, char in enumerate(words)]


def test_wrapped_lines_are_joined_and_paragraphs_kept() -> None:
    lines = split_lines(
        [
            *glyphs("每季度开展志愿服务活动"),
            *glyphs("，有记录。", base=24),
            *glyphs("（1）有照片", base=38),
            *glyphs("另有", base=52),
        ]
    )
    assert cell_text(lines, 0, 112) == "每季度开展志愿服务活动，有记录。\n（1）有照片\n另有"


def test_bold_by_double_printing_and_stretched_lines() -> None:
    twice = sorted([*glyphs("领导重视"), *glyphs("领导重视", x=0.4)], key=lambda one: one.x0)
    assert line_of(twice).text == "领导重视"
    assert line_of(glyphs("领导重视情况", step=14)).text == "领导重视情况"
    assert line_of([*glyphs("一、组织"), *glyphs("领导", x=60)]).text == "一、组织 领导"
