"""Numbers and names of what is bound; no database."""

import pytest

from taizhang.ledger.rules.numbering import area_number, base_of, bases, circled, piece_number, roman
from taizhang.reports.rules.bodies import Body, body_of, seconds_said
from taizhang.reports.rules.naming import MOST_FILE, Names, file_name, folder_name


@pytest.mark.parametrize(
    ("code", "no", "nth", "said"),
    [
        ("2.1.1", "Ⅲ-12", 1, "Ⅱ-1-1)-①"),
        ("Ⅱ-1-1)", "", 2, "Ⅱ-1-1)-②"),
        ("Ⅱ-1-(3)", "", 1, "Ⅱ-1-3)-①"),
        ("3.2", "", 21, "Ⅲ-2)-㉑"),
        ("12.10.3.1", "", 51, "Ⅻ-10-3-1)-(51)"),
        ("", "Ⅲ-12", 1, "Ⅲ-12-①"),
        ("", "批-2020-3", 20, "批-2020-3-⑳"),
        ("", "", 1, "件-①"),
    ],
)
def test_a_piece_is_numbered_by_the_code_of_its_item(code: str, no: str, nth: int, said: str) -> None:
    assert piece_number(base_of(code, no), nth) == said


def test_roman_and_circled_go_on_where_the_signs_end() -> None:
    assert [roman(n) for n in (1, 4, 10, 11, 12, 13, 20, 29, 39, 40, 0)] == [
        "Ⅰ", "Ⅳ", "Ⅹ", "Ⅺ", "Ⅻ", "ⅩⅢ", "ⅩⅩ", "ⅩⅩⅨ", "ⅩⅩⅩⅨ", "40", "0",
    ]  # fmt: skip
    assert [circled(n) for n in (1, 20, 21, 35, 36, 50, 51)] == ["①", "⑳", "㉑", "㉟", "㊱", "㊿", "(51)"]
    assert [area_number(code) for code in ("2", "Ⅰ-3", "", "方面")] == ["Ⅱ", "Ⅰ-3", "", "方面"]


def test_no_two_items_of_a_volume_have_one_number() -> None:
    """Two standards may both have 1.1.1; two items raised by hand may have no code at all."""
    found = bases(
        [("1.1.1", "Ⅲ-1", 7), ("1.1.1", "Ⅲ-1", 9), ("", "批-1", 0), ("", "批-1", 0), ("", "批-1", 0)]
    )
    assert found == ["Ⅰ-1-1)", "乙·Ⅰ-1-1)", "批-1", "丙·批-1", "批-1（2）"]
    assert len(set(found)) == 5


@pytest.mark.parametrize(
    ("number", "title", "original", "name"),
    [
        ("Ⅰ-1-1)-①", "会议记录", "会议记录.docx", "Ⅰ-1-1-①_会议记录.docx"),
        ("Ⅰ-1-1)-①", "会议记录.DOCX", "a.docx", "Ⅰ-1-1-①_会议记录.docx"),
        ("Ⅰ-1-1)-①", "关于“创建”的通知：第1/2稿?", "x.pdf", "Ⅰ-1-1-①_关于“创建”的通知：第1／2稿？.pdf"),
        ("Ⅰ-1-1)-①", "../../etc/passwd", "x", "Ⅰ-1-1-①_..／..／etc／passwd"),
        ("Ⅰ-1-1)-①", "照片\u202egpj.exe", "a.jpg", "Ⅰ-1-1-①_照片gpj.exe.jpg"),
        ("Ⅰ-1-1)-①", "末尾的点. . .", "a.pdf", "Ⅰ-1-1-①_末尾的点.pdf"),
    ],
)
def test_a_file_in_the_folder_has_a_name_that_windows_takes(
    number: str, title: str, original: str, name: str
) -> None:
    assert file_name(number, title, original) == name


def test_long_and_reserved_and_equal_names() -> None:
    long = file_name("Ⅰ-1-1)-①", "长" * 200, "长.pdf")
    assert len(long) == MOST_FILE + 4
    assert long.endswith(".pdf")
    assert folder_name("01", "CON") == "01 CON"
    assert folder_name("", "NUL") == "_NUL"
    names = Names()
    assert [names.take("A", "a.pdf"), names.take("a", "A.PDF"), names.take("A", "a.pdf"), names.take("A", "b")] == [
        "A/a.pdf", "a/A（2）.PDF", "A/a（3）.pdf", "A/b",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "mime", "url", "body"),
    [
        ("document", "application/pdf", "", Body.PDF),
        ("picture", "image/png", "", Body.PICTURE),
        ("document", "image/jpeg", "", Body.SCAN),
        ("picture", "image/heic", "", Body.PICTURE),
        ("report", "application/msword", "", Body.FACE),
        ("report", "application/ofd", "", Body.FACE),
        ("table", "text/csv", "", Body.FACE),
        ("media", "video/mp4", "", Body.MEDIA),
        ("link", "", "https://a.cn", Body.LINK),
        ("other", "", "", Body.NONE),
        ("other", "application/zip", "", Body.NONE),
    ],
)
def test_how_a_file_goes_in(kind: str, mime: str, url: str, body: Body) -> None:
    assert body_of(kind, mime, url) == body


def test_a_length_in_words() -> None:
    assert [seconds_said(n) for n in (None, 0, 9, 65, 3600, 3725)] == [
        "",
        "",
        "9 秒",
        "1 分 5 秒",
        "1 小时",
        "1 小时 2 分 5 秒",
    ]
