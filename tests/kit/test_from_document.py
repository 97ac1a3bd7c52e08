"""How a document becomes sheets: runs of tables of one form, lines between them, body text."""

from taizhang.kit.documents import Document, Paragraph, Table
from taizhang.kit.tables.book import Book, Cell, Merge
from taizhang.kit.tables.from_document import as_book

HEAD: list[Cell] = ["测评项目", "测评内容", "分值"]


def grid(*rows: list[Cell], merges: list[Merge] | None = None) -> Table:
    return Table([list(row) for row in rows], merges or [], "表")


def book(*blocks: Paragraph | Table | str) -> Book:
    return as_book(
        Document([Paragraph(one) if isinstance(one, str) else one for one in blocks], "docx"), "文件"
    )


def shape(found: Book) -> dict[str, list[list[Cell]]]:
    return {sheet.name: [[cell for cell in row if cell] for row in sheet.rows] for sheet in found.sheets}


def test_a_table_broken_over_pages_is_one_sheet():
    found = book(
        "某市文明单位测评体系",
        grid(HEAD, ["组织领导", "开会", "2"]),
        grid(HEAD, [None, "发文", "3"]),
        "（续表）",
        grid([None, "经费", "1"]),
    )
    assert shape(found) == {
        "某市文明单位测评体系": [
            ["某市文明单位测评体系"], HEAD, ["组织领导", "开会", "2"], ["发文", "3"], ["经费", "1"],
        ]
    }  # fmt: skip
    assert found.sheets[0].merges == [(0, 0, 0, 2)]


def test_lines_between_two_pieces_stand_as_banners():
    found = book(
        grid(HEAD, ["甲", "开会", "2"]),
        Paragraph("二、思想道德建设（30分）", 2, "第4段"),
        grid(["乙", "学习", "3"]),
    )
    (sheet,) = found.sheets
    assert sheet.name == "表1" and sheet.rows[2] == ["二、思想道德建设（30分）", None, None]
    assert (2, 0, 2, 2) in sheet.merges and sheet.places[2] == "第4段" and sheet.places[3] == "表第1行"


def test_another_header_or_another_attachment_is_another_sheet():
    found = book(
        "附件1 测评细则",
        grid(HEAD, ["甲", "开会", "2"]),
        "附件2",
        "负面清单",
        grid(["序号", "情形", "处理"], ["1", "受到处分", "取消资格"]),
        "附件3：加分项目",
        grid(["序号", "情形", "处理"], ["1", "受到表彰", "加1分"]),
    )
    assert [sheet.name for sheet in found.sheets] == ["测评细则", "负面清单", "加分项目"]
    assert found.sheets[1].rows[0][0] == "附件2"


def test_a_header_of_two_rows_is_dropped_whole_where_it_is_repeated():
    top: list[Cell] = ["项目", "分值", None]
    low: list[Cell] = [None, "满分", "自评"]
    merges: list[Merge] = [(0, 0, 1, 0), (0, 1, 0, 2)]
    found = book(
        grid(top, low, ["甲", "2", None], merges=merges), grid(top, low, ["乙", "3", None], merges=merges)
    )
    assert [row[0] for row in found.sheets[0].rows] == ["项目", None, "甲", "乙"]
    assert found.sheets[0].merges == merges


def test_a_framed_line_does_not_break_a_run():
    found = book(grid(HEAD, ["甲", "开会", "2"]), grid(["单位盖章"]), grid(HEAD, ["乙", "发文", "3"]))
    assert len(found.sheets) == 1 and found.sheets[0].rows[2][0] == "单位盖章"


def test_body_text_is_a_sheet_with_levels_and_places():
    found = book(
        Paragraph("一、组织领导", 1, "第1段"),
        Paragraph("（一）成立机构。（2分）" * 60, 0, "第2段"),
        "附件",
        "测评表",
        grid(HEAD, ["甲", "开会", "2"]),
        "注：逐条落实",
    )
    table, body = found.sheets
    assert table.name == "测评表" and table.rows[-1][0] == "注：逐条落实"
    assert body.name == "正文" and body.kind == "text" and body.levels == (1, 0, 0, 0, 0)
    assert body.places[:2] == ("第1段", "第2段")


def test_a_document_of_words_only_is_one_text_sheet():
    (sheet,) = book("一、组织领导", "（一）成立机构").sheets
    assert sheet.kind == "text" and sheet.rows == [["一、组织领导"], ["（一）成立机构"]]


def test_names_are_unique_and_short():
    found = book(
        "清单", grid(["甲", "乙"], ["1", "2"]), "清单", grid(["丙", "丁"], ["1", "2"]), "长" * 40,
        grid(["戊", "己"], ["1", "2"]),
    )  # fmt: skip
    assert [sheet.name for sheet in found.sheets] == ["清单", "清单（2）", "表3"]


def test_a_heading_of_the_first_piece_is_no_name_for_the_whole():
    found = book(
        "某市考评细则",
        "一、组织领导（10分）",
        grid(HEAD, ["甲", "开会", "2"]),
        "二、思想道德（20分）",
        grid(HEAD, ["乙", "学习", "3"]),
        "三、负面清单（一票否决）",
        grid(["序号", "情形"], ["1", "处分"]),
    )
    assert [sheet.name for sheet in found.sheets] == ["表1", "负面清单（一票否决）"]
    assert [row[0] for row in found.sheets[0].rows] == [
        "某市考评细则", "一、组织领导（10分）", "测评项目", "甲", "二、思想道德（20分）", "乙",
    ]  # fmt: skip
