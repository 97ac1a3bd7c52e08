"""Table files in and out: what is read, what is refused and in which words."""

import contextlib
import io
import struct
import time
import tracemalloc
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from taizhang.kit.errors import Refused
from taizhang.kit.tables import OutSheet, a1, column_name, read_book, write_xlsx

from .containers import container


def workbook(rows: list[list[object]], **more: object) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repack(data: bytes, change: dict[str, bytes | None]) -> bytes:
    """The same archive with parts replaced, added, or (None) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, content in change.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def refusal(data: bytes, name: str = "标准.xlsx") -> str:
    with pytest.raises(Refused) as caught:
        read_book(data, name)
    return caught.value.message


def test_addresses():
    assert [a1(0, 0), a1(12, 4), a1(9, 26), column_name(701), column_name(702)] == [
        "A1",
        "E13",
        "AA10",
        "ZZ",
        "AAA",
    ]


def test_values_keep_their_kind():
    data = workbook([["文字", 3, 0.52, date(2025, 4, 1), True, " 前后 ", 0.1 + 0.2, None]])
    assert read_book(data, "a.xlsx").sheets[0].rows == [
        ["文字", 3, Decimal("0.52"), date(2025, 4, 1), "是", "前后", Decimal("0.3")]
    ]


def test_merges_hidden_sheets_and_hidden_rows_are_told():
    book = openpyxl.Workbook()
    page = book.active
    page["B3"] = "合并"
    page["C4"] = "角"
    page.merge_cells("B3:B4")
    page.row_dimensions[4].hidden = True
    page.column_dimensions["B"].hidden = True
    book.create_sheet("藏").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    first, second = read_book(out.getvalue(), "a.xlsx").sheets
    assert first.merges == [(2, 1, 3, 1)] and first.hidden_rows == {3} and not first.hidden
    assert first.hidden_columns == {1}
    assert first.rows[2][1] == "合并" and first.rows[0] == [None, None, None]
    assert second.hidden and second.rows == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_encodings_and_separators(encoding: str, mark: str):
    text = "\r\n".join(
        mark.join(row) for row in [["编号", "名称", "分值"], ["1", '"甲、乙"', "2"], ["2", "丙", "3"]]
    )
    sheet = read_book(text.encode(encoding), "标准.csv").sheets[0]
    assert sheet.name == "标准" and sheet.rows == [
        ["编号", "名称", "分值"],
        ["1", "甲、乙", "2"],
        ["2", "丙", "3"],
    ]


def test_csv_with_quoted_line_ends_and_sep_line():
    book = read_book('sep=;\n"甲\n乙";1\n丙;2\n'.encode(), "a.csv")
    assert book.sheets[0].rows == [["甲\n乙", "1"], ["丙", "2"]]


def test_mislabelled_files_are_read_as_what_they_are():
    csv_book = read_book("编号,名称\n1,甲\n".encode(), "标准.xlsx")
    assert csv_book.kind == "csv" and "按 csv 读取" in csv_book.notes[0]
    real = read_book(workbook([["编号", "名称"]]), "标准.csv")
    assert real.kind == "xlsx" and "按工作簿读取" in real.notes[0]


def test_empty_and_truncated_files():
    assert "空的" in refusal(b"")
    assert "没有文字" in refusal(b"  \n")
    data = workbook([["甲", 1]] * 50)
    for part in (10, len(data) // 3, len(data) // 2, len(data) - 30):
        assert "不完整" in refusal(data[:part])
    broken = bytearray(data)
    broken[120:160] = b"\x00" * 40
    with contextlib.suppress(Refused):
        read_book(bytes(broken), "a.xlsx")


def test_protected_and_foreign_files_are_refused_with_advice():
    assert "密码" in refusal(container({"EncryptionInfo": b"", "EncryptedPackage": b""}))
    assert "不完整" in refusal(container({"Workbook": b""})[:700], "标准.xls")
    assert "演示文稿" in refusal(container({"PowerPoint Document": b""}), "标准.ppt")
    assert "图片或压缩包" in refusal(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50)
    assert "XML" in refusal(b"<?xml version='1.0'?><others/>", "标准.xml")


def test_macro_workbook_is_refused():
    assert "宏" in refusal(repack(workbook([["甲"]]), {"xl/vbaProject.bin": b"x"}))
    assert "宏" in refusal(repack(workbook([["甲"]]), {"xl/macrosheets/sheet1.xml": b"<x/>"}))


def test_foreign_archives_are_refused():
    none = {"xl/workbook.xml": None}
    assert "没有表格或文档" in refusal(repack(workbook([["甲"]]), none))
    assert "演示文稿" in refusal(repack(workbook([["甲"]]), {**none, "ppt/presentation.xml": b"<x/>"}))
    assert "没有文档正文" in refusal(repack(workbook([["甲"]]), {**none, "word/document.xml": b"<x/>"}))


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "C:\\evil.xml", "xl\\..\\..\\evil.xml"])
def test_climbing_paths_are_refused(name: str):
    assert "路径" in refusal(repack(workbook([["甲"]]), {name: b"<x/>"}))


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]
)
def test_entity_bombs_are_refused_in_every_part(part: str):
    bomb = (
        b'<?xml version="1.0"?>'
        + b"<!-- pad -->" * 30_000
        + b'<!DOCTYPE l [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><l>&c;</l>'
    )
    assert "外部实体" in refusal(repack(workbook([["甲"]]), {part: bomb}))
    wide = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE l []><l/>'.encode("utf-16")
    assert "外部实体" in refusal(repack(workbook([["甲"]]), {part: wide}))


def test_zip_bomb_is_refused_quickly_and_in_little_memory():
    bomb = repack(workbook([["甲"]]), {"xl/sharedStrings.xml": b"<sst>" + b" " * 150_000_000})
    tracemalloc.start()
    began = time.perf_counter()
    assert "100 MB" in refusal(bomb)
    assert time.perf_counter() - began < 5 and tracemalloc.get_traced_memory()[1] < 80_000_000
    tracemalloc.stop()


def test_zip_bomb_that_lies_about_its_size_is_caught_while_inflating():
    bomb = bytearray(repack(workbook([["甲"]]), {"xl/sharedStrings.xml": b"<sst>" + b" " * 120_000_000}))
    size = struct.pack("<I", 120_000_005)
    for _ in range(bomb.count(size)):
        at = bomb.find(size)
        bomb[at : at + 4] = struct.pack("<I", 1000)
    assert refusal(bytes(bomb))


def test_archive_of_countless_entries_is_refused_before_it_is_listed():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for index in range(30_000):
            archive.writestr(f"xl/{index:06d}.xml", b"")
    assert "条目太多" in refusal(out.getvalue())


def many_rows(count: int, width: int = 12) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    page = book.add_worksheet("标准")
    for r in range(count):
        for c in range(width):
            page.write_string(r, c, f"行{r}列{c}")
    book.close()
    return out.getvalue()


def test_long_sheet_is_cut_with_a_note():
    book = read_book(many_rows(30_000, 4), "a.xlsx")
    assert len(book.sheets[0].rows) == 20_000 and book.sheets[0].cut_at == 20_000
    assert "30000 行" in book.notes[0]


def test_stray_cell_far_away_does_not_fill_memory():
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"
    book.active["XFD1048576"] = "远"
    other = book.create_sheet("正常")
    other.append(["编号", "名称"])
    out = io.BytesIO()
    book.save(out)
    read = read_book(out.getvalue(), "a.xlsx")
    assert [sheet.name for sheet in read.sheets] == ["正常"] and "没有读" in read.notes[0]


def test_formatted_but_empty_rows_do_not_count():
    book = openpyxl.Workbook()
    page = book.active
    page.append(["编号", "名称"])
    for r in range(2, 25_000):
        page.cell(r, 1).number_format = "0.00"
    out = io.BytesIO()
    book.save(out)
    assert read_book(out.getvalue(), "a.xlsx").sheets[0].rows == [["编号", "名称"]]


def test_too_many_columns():
    assert "列" in refusal((",".join(["甲"] * 300) + "\n" + ",".join(["乙"] * 300)).encode(), "a.csv")
    assert "300 列" in refusal(workbook([["甲"] * 300]))


def test_written_text_never_becomes_a_formula_or_link():
    nasty = [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        '=HYPERLINK("http://x")',
        "http://example.invalid",
        "＝1",
        "{=1}",
        "甲\n乙",
        "x" * 40_000,
    ]
    out = io.BytesIO()
    write_xlsx(
        out,
        [
            OutSheet(
                "表[1]/甲",
                ["文字", "数", "日"],
                [[text, Decimal("0.52"), date(2025, 4, 1)] for text in nasty],
                [40],
            ),
            OutSheet("表_1__甲", ["空"], [[None]]),
        ],
    )
    page = openpyxl.load_workbook(io.BytesIO(out.getvalue())).worksheets[0]
    for row, text in enumerate(nasty, start=2):
        cell = page.cell(row, 1)
        assert cell.data_type == "s" and cell.hyperlink is None and cell.value == text[:32_767]
    assert page["B2"].value == 0.52 and page["C2"].value == "2025-04-01"
    assert page.freeze_panes == "A2" and page["A1"].font.b and page.column_dimensions["A"].width > 39
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    names = [sheet.name for sheet in read_book(out.getvalue(), "a.xlsx").sheets]
    assert names == ["表_1__甲", "表_1__甲_2"]


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_are_refused_or_read_but_never_fall_over(seed: int):
    import random  # noqa: PLC0415 -- only here

    chance = random.Random(seed)
    data = bytearray(workbook([["编号", "名称", "分值"], [1, "甲", 2]]))
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        read_book(bytes(data), "a.xlsx")
    except Refused as refused:
        assert refused.message


def test_many_tables_that_are_too_much_together() -> None:
    """Each sheet alone is within bounds; laid out together they would take gigabytes."""
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    far = (
        '<Worksheet ss:Name="a"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row>'
        '<Row ss:Index="20000"><Cell ss:Index="256"><Data ss:Type="String">y</Data></Cell></Row></Table></Worksheet>'
    )
    book = f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{far * 50}</Workbook>'
    table = "<table><tr><td>x</td><td colspan=255>y</td></tr>" + "<tr><td>a" * 9000 + "</table>"
    page = f"<html><body>{table * 4}</body></html>"
    for data, called in ((book, "a.xls"), (page, "b.xls")):
        with pytest.raises(Refused, match="合起来太大"):
            read_book(data.encode(), called)
