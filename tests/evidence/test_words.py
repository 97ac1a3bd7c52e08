"""Search finds exactly what a scan of the folded text would find."""

import sqlite3

from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.evidence.rules import words

LETTERS = "党建引领创办5号a省,。 導領(lǐng)\n　B"
texts = st.text(alphabet=LETTERS, max_size=60)


@settings(max_examples=400, deadline=None)
@given(st.lists(texts, min_size=1, max_size=12), st.text(alphabet=LETTERS, min_size=1, max_size=6))
def test_the_index_answers_as_a_scan_of_the_folded_text(texts: list[str], asked: str) -> None:
    index = sqlite3.connect(":memory:")
    index.execute("create virtual table t using fts5(words, tokenize='ascii')")
    folded = [words.fold(text).text for text in texts]
    for number, text in enumerate(folded):
        index.execute("insert into t(rowid, words) values (?, ?)", (number, words.tokens(text)))
    for term in words.terms(asked):
        found = {row[0] for row in index.execute("select rowid from t where t match ?", (words.match(term),))}
        assert found == {number for number, text in enumerate(folded) if words.fits(term, text)}, term
    index.close()


def test_what_is_the_same_to_a_reader_is_folded_to_the_same() -> None:
    same = {
        "領(lǐng)導(dǎo)": "领导",
        "領導（lǐng）Ａ": "领导a",
        "ａ１２，。  Ｂ": "a12 b",
        "鲁政办发〔2019〕5号": "鲁政办发 2019 5号",
        "报　告": "报告",
        "目  录\n第 1 页": "目录第1页",
        "创建，\n文明": "创建 文明",
        "civil unit\n2020": "civil unit 2020",
        "领导(小组)": "领导 小组",
    }
    assert {text: words.fold(text).text for text in same} == same


def test_places_lead_back_to_the_original() -> None:
    original = "各处室：領(lǐng)導(dǎo)小组"
    folded = words.fold(original)
    at = folded.text.index("领导小")
    assert original[folded.places[at] : folded.places[at + 2] + 1] == "領(lǐng)導(dǎo)小"


def test_a_question_is_cut_into_terms() -> None:
    assert words.terms("党建  “创建 文明单位” 5号") == ("党建", "创建文明单位", "5号")
    assert words.terms('" * NEAR( col: %_') == ("near", "col")
    assert words.terms("，。") == ()


def test_the_hit_is_shown_in_its_sentence() -> None:
    text = "第一句没有。为加强領導，成立工作小组，由处长任组长。第三句。"
    shown = words.snippet(text, ("领导", "组长"))
    assert "".join(part for part, _ in shown) == "为加强領導，成立工作小组，由处长任组长。"
    assert [part for part, hit in shown if hit] == ["領導", "组长"]
    assert words.snippet(text, ("没有的",)) == []
    long = words.snippet("字" * 300 + "领导" + "文" * 300, ("领导",))
    assert long[0] == ("…", False) and long[-1] == ("…", False)
    assert len("".join(part for part, _ in long)) < 120
