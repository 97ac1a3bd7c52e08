"""What formal documents say of themselves, on two written sets, and that strange text is no trouble."""

import random
import time

import pytest

from taizhang.evidence.rules.letterhead import Letterhead, letterhead

from . import letters, letters_more, letters_third

FIELDS = ("doc_no", "issuer", "title", "date", "head_page")
ALL = [*letters.LETTERS, *letters_more.LETTERS, *letters_third.LETTERS]


@pytest.mark.parametrize("letter", ALL, ids=[letter.name for letter in ALL])
def test_a_document_says_what_it_is(letter):
    found = letterhead(letter.pages)
    assert {name: getattr(found, name) for name in FIELDS} == {name: getattr(letter, name) for name in FIELDS}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("晨政办发[2020]5号", "晨政办发〔2020〕5号"),
        ("晨政办发（2020）05号", "晨政办发〔2020〕5号"),
        ("晨政办发【2O20】I5号", "晨政办发〔2020〕15号"),
        ("晨 政 办 发 〔 2020 〕 5 号", "晨政办发〔2020〕5号"),
        ("晨政办发〔2020〕第5号", "晨政办发〔2020〕5号"),
        ("晨政办发C2020J5号", "晨政办发〔2020〕5号"),
        ("晨政办发［２０２０］５号", "晨政办发〔2020〕5号"),
        ("晨政办发〔2020〕5號", "晨政办发〔2020〕5号"),
        ("晨政办发20205号", ""),
        ("晨政办发〔1820〕5号", ""),
    ],
)
def test_a_number_is_read_in_any_brackets(written, read):
    page = f"晨江市人民政府办公室文件\n{written}\n关于开展卫生日活动的通知\n各科室：\n"
    assert letterhead([page]).doc_no == read


def test_a_number_in_the_text_is_never_its_own():
    """Whatever number stands behind the title of a document without one, the field stays empty."""
    for letter in ALL:
        if letter.doc_no or not letter.title:
            continue
        pages = [*letter.pages]
        pages[-1] += "\n根据《通知》（示文明办〔2017〕99号）要求，现作说明。\n"
        assert letterhead(pages).doc_no == "", letter.name


def test_what_is_taken_away_is_not_guessed():
    """A red-head document without its number line has no number; without its signature no date of its own."""
    for letter in letters.LETTERS:
        if letter.head_page != 1 or "号" not in letter.doc_no or "文件" not in letter.text.splitlines()[1]:
            continue
        lines = letter.pages[0].splitlines()
        without = [line for at, line in enumerate(lines) if at > 5 or "号" not in line]
        found = letterhead(["\n".join(without)])
        assert found.doc_no == "", letter.name
        assert found.issuer in ("", letter.issuer), letter.name


def test_any_text_is_read_without_harm():
    assert letterhead([]) == Letterhead()
    assert letterhead(["", "\n\n"]) == Letterhead()
    pieces = [
        "晨江市",
        "人民政府",
        "文件",
        "〔2020〕5号",
        "\n",
        "关于",
        "的通知",
        "：",
        "二〇二〇年",
        "13月45日",
        "《",
        "令",
        "第",
        "期",
    ]
    chance = random.Random(5)
    for _ in range(300):
        letterhead(["".join(chance.choice(pieces) for _ in range(60))])
    begun = time.process_time()
    letterhead([("会" * 300 + "\n") * 3000, "中" * 200_000, "（〔" * 50_000] * 10)
    assert time.process_time() - begun < 3
