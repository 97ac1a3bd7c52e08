"""A standard goes out as JSON or Excel and comes back without loss; what was spoilt on the way is refused with its place."""

import io
import json
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.kit.errors import Refused
from taizhang.kit.tables import read_book, write_xlsx
from taizhang.standards import queries
from taizhang.standards.models import Edition
from taizhang.standards.rules import exchange, scoring
from taizhang.standards.rules.cadence import Cycle
from taizhang.standards.rules.exchange import Head
from taizhang.standards.rules.needs import FIELDS, KINDS, Need
from taizhang.standards.rules.tree import Entry, Node, Reading
from taizhang.standards.sheets.exchange import VALUES, from_book, is_own, to_sheets

HEAD = Head("2020年版", "creation", date(2020, 1, 1))


def through_json(reading: Reading, head: Head) -> tuple[Reading, Head]:
    return exchange.from_json(json.loads(json.dumps(exchange.to_json(reading, head), ensure_ascii=False)))


def through_xlsx(reading: Reading, head: Head) -> tuple[Reading, Head]:
    book = read_book(bytes_of(reading, head), "导出.xlsx")
    assert is_own(book)
    return from_book(book, "导出.xlsx")


def bytes_of(reading: Reading, head: Head = HEAD) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, to_sheets(reading, head))
    return out.getvalue()


@pytest.mark.django_db
def test_the_samples_come_back_the_same_both_ways() -> None:
    call_command("samples")
    editions = list(Edition.objects.all())
    assert len(editions) == 3
    for edition in editions:
        reading, head = queries.reading_of(edition), queries.head_of(edition)
        whole = exchange.to_json(reading, head)
        assert len(whole["nodes"]) == edition.indicators.count()
        for way in (through_json, through_xlsx):
            again, said = way(reading, head)
            assert exchange.to_json(again, said) == whole
            assert not again.warnings


TEXT = st.text("一二三（）｜\\n=；、\nabc“”%/ ", max_size=14).map(str.strip)
NAME = TEXT.filter(bool)
FIGURE = st.decimals(0, 99, places=3)
RULES: dict[str, st.SearchStrategy[scoring.Rule]] = {
    "grade": st.lists(st.tuples(NAME, st.decimals(0, 1, places=2)), min_size=1, max_size=4).map(
        lambda levels: scoring.Grade(tuple(levels))
    ),
    "yes_no": st.just(scoring.YesNo()),
    "count": st.builds(scoring.Count, st.integers(1, 60), FIGURE),
    "rate": st.builds(scoring.Rate, FIGURE, FIGURE, st.booleans()),
    "deduct": st.builds(scoring.Deduct, FIGURE, TEXT, TEXT),
    "survey": st.builds(scoring.Survey, FIGURE, FIGURE),
}
NEEDS = st.builds(
    Need, NAME, st.sampled_from(list(KINDS)), st.integers(1, 30), st.booleans(),
    st.lists(st.sampled_from(sorted(set(FIELDS.values()))), unique=True).map(tuple), st.booleans(),
)  # fmt: skip
LEAF = st.builds(
    Node, key=st.just(""), parent=st.none(), level=st.just(1), code=NAME, label=TEXT, title=NAME, requirement=TEXT,
    points=st.none() | FIGURE, is_leaf=st.just(True), rule=st.none() | st.one_of(*RULES.values()), rule_text=TEXT,
    methods=st.lists(st.tuples(NAME, st.none() | FIGURE), max_size=3).map(tuple), needs=st.lists(NEEDS, max_size=3).map(tuple),
    cadence=st.none() | st.sampled_from(list(Cycle)), times=st.integers(1, 9), target=st.none() | st.integers(1, 60),
    cadence_text=TEXT, per=st.sampled_from(["unit", "department", "branch"]), lead=TEXT,
    co=st.lists(NAME, max_size=3).map(tuple), mandatory=st.booleans(), where=NAME,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(LEAF, min_size=1, max_size=5), st.lists(TEXT, max_size=3))
def test_whatever_a_standard_holds_comes_back(leaves: list[Node], words: list[str]) -> None:
    group = Node("g", None, 1, "甲", "", "组", "说明", Decimal("12.50"), where="x")
    nodes = [group, *(replace(leaf, key=f"k{n}", parent="g", code=f"甲{n}") for n, leaf in enumerate(leaves))]
    entries = [
        Entry(f"e{n}", f"N{n}", word, word, Decimal(n), n == 1, {"处理": word})
        for n, word in enumerate(words)
    ]
    reading = exchange.whole(
        "标准", Decimal(100), nodes, {"negatives": entries, "eligibility": [], "bonuses": []}
    )
    whole = exchange.to_json(reading, HEAD)
    for way in (through_json, through_xlsx):
        assert exchange.to_json(*way(reading, HEAD)) == whole


def test_every_parameter_of_a_rule_has_a_name_on_the_sheet() -> None:
    names = {item.name for kind in scoring.KINDS.values() for item in fields(kind)} - {"levels"}
    assert names == set(VALUES)


def small() -> Reading:
    nodes = [
        Node("a", None, 1, "1", "", "组织领导", points=Decimal(3), where="a"),
        Node(
            "b", "a", 2, "1.1", "", "专题研究", "每季度一次", Decimal(2), is_leaf=True, where="b", cadence=Cycle.QUARTER,
            rule=scoring.Deduct(Decimal(1), "每缺一次"), needs=(Need("纪要", "document", 1),), lead="办公室",
        ),
        Node("c", "a", 2, "1.2", "", "机构", "", Decimal(1), is_leaf=True, where="c"),
    ]  # fmt: skip
    return exchange.whole("小标准", Decimal(3), nodes, {"negatives": [], "eligibility": [], "bonuses": []})


def edited(**cells: Any) -> bytes:
    """The small standard's workbook with cells of its first sheet changed: B3="x"."""
    book = openpyxl.load_workbook(io.BytesIO(bytes_of(small())))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_people_change_in_excel_is_taken() -> None:
    data = edited(
        G3=2.5, E3="专题研究创建", R3="机关党委", A5=2, B5="指标", C5="1.3", E5="新写的一项", G5=0.5
    )
    reading, _ = from_book(read_book(data, "改.xlsx"), "改.xlsx")
    assert [(node.title, node.points, node.lead) for node in reading.leaves] == [
        ("专题研究创建", Decimal("2.5"), "机关党委"),
        ("机构", Decimal(1), ""),
        ("新写的一项", Decimal("0.5"), ""),
    ]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"A3": 5}, ["第 3 行的“层级”", "“5”", "1 和 2 之间"]),
        ({"A3": "二"}, ["第 3 行的“层级”", "整数"]),
        ({"B3": "别的"}, ["第 3 行", "“类别”要写"]),
        ({"G3": "很多"}, ["第 3 行"]),
        ({"G3": -1}, ["第 3 行", "不小于 0"]),
        ({"H3": "随便"}, ["计分规则", "分档赋分"]),
        ({"I3": "每次扣"}, ["规则参数", "名称=值"]),
        ({"M3": "偶尔"}, ["周期", "每季度"]),
        ({"Q3": "各人"}, ["适用", "各支部"]),
        ({"L3": "纪要｜天书"}, ["材料类型", "正式文件"]),
        ({"N3": "两"}, ["整数"]),
        ({"E1": "题目"}, ["少了“名称”这一列"]),
    ],
)
def test_what_was_spoilt_in_excel_is_named_with_its_row(cells: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        from_book(read_book(edited(**cells), "坏.xlsx"), "坏.xlsx")
    for word in words:
        assert word in refused.value.message, refused.value.message


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"format": "x"}, "不是从台账系统导出"),
        ({"version": 9}, "格式版本是“9”"),
        ({"nodes": "x"}, "“nodes”要是一个列表"),
        ({"nodes": [{"key": "a", "title": "甲", "is_leaf": True, "parent": "zz"}]}, "上级“zz”不在它前面"),
        ({"nodes": [{"key": "a", "title": "甲", "is_leaf": True, "colour": 1}]}, "没有“colour”"),
        ({"nodes": [{"key": "a", "title": "甲", "is_leaf": True, "rule": {"kind": "magic"}}]}, "计分规则"),
        ({"nodes": [{"key": "a", "title": "甲", "is_leaf": True, "cadence": "sometimes"}]}, "周期"),
        ({"nodes": [{"key": "a", "title": "甲"}, {"key": "a", "title": "乙"}]}, "与前面重复"),
        ({"valid_from": "明天"}, "启用日期"),
        ({"negatives": [{"name": "x"}]}, "负面清单第 1 条"),
    ],
)
def test_json_that_does_not_fit_is_refused_in_words(change: dict[str, Any], word: str) -> None:
    with pytest.raises(Refused, match=word):
        exchange.from_json({**exchange.to_json(small(), HEAD), **change})


def test_two_indicators_of_one_code_must_be_settled() -> None:
    data = edited(C4="1.1")
    reading, _ = from_book(read_book(data, "重.xlsx"), "重.xlsx")
    assert [(one.kind, one.severity) for one in reading.warnings] == [("code_twice", "must")]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"points": "1e90000000"}, {"methods": [["查", "1e90000000"]]}, {"times": 10**12}, {"target": "x"}, {"lead": 5},
        {"needs": [{"name": "证", "kind": "zzz"}]}, {"needs": [{"name": 5}]}, {"needs": [{"name": "证", "least": 0}]},
    ],
)  # fmt: skip
def test_figures_nobody_can_hold_are_refused(spoilt: dict[str, Any]) -> None:
    whole = {"format": exchange.FORMAT, "version": exchange.VERSION, "nodes": [
        {"key": "+1", "parent": None, "title": "组织", "is_leaf": False},
        {"key": "+1/2", "parent": "+1", "title": "制度", "is_leaf": True, "points": "1"},
    ]}  # fmt: skip
    nodes = exchange.from_json(whole)[0].nodes
    assert [(one.key, one.parent) for one in nodes] == [("n1", None), ("n2", "n1")], (
        "keys of a draft are its own"
    )
    whole["nodes"][1] |= spoilt  # type: ignore[index,operator]
    with pytest.raises(Refused, match="第 2 个指标"):
        exchange.from_json(whole)
