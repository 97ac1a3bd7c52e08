"""密级标志: marks are found, words about secrecy are not."""

import pytest

from taizhang.evidence.rules.secrecy import secret_marks, secret_name

from .secret_lines import LATER_PAGES, MARKS, PLAIN, PLAIN_PAGES


def page(text):
    return text.replace("/", "\n")


@pytest.mark.parametrize("text", MARKS)
def test_a_mark_is_found(text):
    found = secret_marks([page(text)])
    assert found, text
    assert found[0].page == 1
    assert found[0].level in ("秘密", "机密", "绝密")


@pytest.mark.parametrize("text", [*PLAIN, *PLAIN_PAGES])
def test_words_about_secrecy_are_no_mark(text):
    assert secret_marks([page(text)]) == []


@pytest.mark.parametrize("text", LATER_PAGES)
def test_a_mark_on_a_later_page_is_found(text):
    assert [mark.page for mark in secret_marks([page(each) for each in text.split("#")])] == [2]


def test_the_sets_are_large_enough():
    assert len(MARKS) >= 30 and len(PLAIN) + len(PLAIN_PAGES) >= 30


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("机密★1年 关于某事的通知.docx", "机密"),
        ("【秘密】名册.xlsx", "秘密"),
        ("绝密-方案.pdf", "绝密"),
        ("(机密)会议记录.txt", "机密"),
        ("关于某事的通知（秘密★5年）.pdf", "秘密"),
        ("秘密花园读书会.jpg", ""),
        ("保守国家秘密宣传.pdf", ""),
        ("机密性检查表.xlsx", ""),
        ("保密承诺书.docx", ""),
        ("秘密级文件管理制度.docx", ""),
    ],
)
def test_a_name_that_bears_a_mark(name, level):
    assert secret_name(name) == level


def test_the_words_say_the_page_and_the_line():
    mark = secret_marks(["第一页", "前言\n机密★1年\n正文"])[0]
    assert (mark.level, mark.page, mark.line) == ("机密", 2, "机密★1年")
