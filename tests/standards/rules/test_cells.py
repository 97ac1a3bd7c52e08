"""Cells of the grid: what they show, typed back, changes nothing; what does not fit is refused in words."""

from decimal import Decimal

import pytest

from taizhang.standards.rules.cadence import Cycle
from taizhang.standards.rules.cells import BY_NAME, EVERY, Wrong, changes, rows, shown
from taizhang.standards.rules.forms import imprint, laid_in, learnt
from taizhang.standards.rules.needs import Need
from taizhang.standards.rules.scoring import Count, YesNo
from taizhang.standards.rules.tree import Node

LEAF = Node(
    "测评!D2", "测评!A2", 2, "1.1", "", "专题研究", "要求", Decimal("0.50"), True, True, rule=YesNo(),
    methods=(("材料审核", Decimal(60)), ("实地考察", None)), needs=(Need("纪要", "document", 2, True, (), True), Need("照片")),
    cadence=Cycle.QUARTER, times=2, lead="办公室", co=("人事处", "法规处"),
)  # fmt: skip
GROUP = Node("测评!A2", None, 1, "1", "", "组织领导", points=Decimal(3))


def test_what_a_cell_shows_typed_back_changes_nothing() -> None:
    for node in (LEAF, GROUP):
        for column in EVERY:
            if node.is_leaf or column.groups:
                assert changes(node, column.name, shown(node, column)) == {}, column.name
    assert shown(LEAF, BY_NAME["needs"]) == "纪要（不少于2份，带文号）；照片"
    assert rows([GROUP, LEAF])[1][:5] == ["测评!D2", 2, 1, "1.1", "专题研究"]
    assert shown(LEAF, BY_NAME["rule"]) == "达标得满分，不达标不得分"


@pytest.mark.parametrize(
    ("name", "text", "change"),
    [
        ("points", "０．７５ 分", {"points": "0.75"}), ("points", "", {"points": None}), ("cadence", "每月", {"cadence": "month"}),
        ("cadence", "每月 ", {"cadence": "month"}), ("cadence", "", {"cadence": ""}), ("per", "各支", {"per": "branch"}),
        ("rule", "没有写", {"rule": None}), ("times", "３", {"times": 3}), ("co", "人事处，财务处 、人事处", {"co": ["人事处", "财务处"]}),
        ("methods", "问卷调查 40%、暗访", {"methods": [["问卷调查", "40"], ["暗访", None]]}), ("mandatory", "必备", {"mandatory": True}),
        ("title", " 党组\n研究 ", {"title": "党组 研究"}), ("lead", "法规处", {"lead": "法规处"}),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_a_correction(name: str, text: str, change: dict[str, object]) -> None:
    assert changes(LEAF, name, text) == change


def test_needs_and_rules_of_usual_form() -> None:
    made = changes(LEAF, "needs", "会议记录；现场照片（不少于3张）")["needs"]
    assert [(one["name"], one["least"]) for one in made] == [("会议记录", 1), ("现场照片", 3)]
    assert changes(LEAF, "rule", "分档赋分")["rule"]["kind"] == "grade"
    counted = Node("x", None, 1, "1", "", "x", is_leaf=True, rule=Count(4, Decimal("0.1")))
    assert changes(counted, "rule", "次数赋分") == {}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("points", "三分之一", "写成数字"), ("points", "-1", "负数"), ("points", "99999", "太大"), ("points", "0.12345", "3 位小数"),
        ("points", "NaN", "负数"), ("cadence", "天天", "要从这些里选"), ("cadence", "每", "要从这些里选"), ("rule", "扣分制", "还要写数字"),
        ("times", "0", "1 到 400"), ("times", "x", "1 到 400"), ("title", "", "不能空着"), ("code", "甲" * 41, "最多 40"),
        ("methods", "材料 130%", "100%"), ("where", "x", "不能填"), ("per", "", "要从这些里选"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_words(name: str, text: str, words: str) -> None:
    with pytest.raises(Wrong, match=words):
        changes(LEAF, name, text)


def test_a_group_has_three_cells() -> None:
    assert changes(GROUP, "points", "4") == {"points": "4"}
    with pytest.raises(Wrong, match="分组只有"):
        changes(GROUP, "lead", "办公室")


# ---- forms known again

HEAD = [["一级", "二级", "责任单位", "满分"]]
ROWS = [["甲局2018年标准", "", "", ""], *HEAD, ["组织领导", "专题研究", "办公室", "2"]]


def test_a_form_is_known_by_its_header_texts_in_any_order() -> None:
    turned = [[" 满 分", "责任单位", "一级", "二级"]]
    assert (
        imprint(HEAD) == imprint(turned) != imprint([["一级", "二级", "责任单位", "分值"]])
        and imprint([["甲", "乙"]]) == ""
    )
    said = learnt(
        {"columns": {"2": "lead", "3": "points", "9": "x"}, "role": "indicators", "header_rows": [1]},
        HEAD,
        "indicators",
    )
    assert said == {"columns": {"责任单位": "lead", "满分": "points"}, "role": "indicators", "header_rows": 1}
    mark = imprint(HEAD)
    assert laid_in(ROWS, {mark: said}) == (
        mark, {"columns": {"2": "lead", "3": "points"}, "role": "indicators", "header_rows": [1]},
    )  # fmt: skip
    assert laid_in([["标题"], ["另一行"], *turned], {mark: said}) == (
        mark, {"columns": {"0": "points", "1": "lead"}, "role": "indicators", "header_rows": [2]},
    )  # fmt: skip
    assert (
        laid_in(ROWS, {"0" * 64: said}) is None
        and laid_in([], {mark: said}) is None
        and laid_in(ROWS, {mark: {}}) is None
    )


def test_columns_of_one_name_are_told_apart() -> None:
    header = [["责任", "责任", "分值"], ["单位", "单位", ""]]
    said = learnt({"columns": {"1": "co"}}, header, "indicators")
    assert said == {"columns": {"责任 / 单位#2": "co"}}
    found = laid_in([*header, ["x", "y", "1"]], {imprint(header): said})
    assert found and found[1] == {"columns": {"1": "co"}}
