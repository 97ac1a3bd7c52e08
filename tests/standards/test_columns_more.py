"""Heads of published tables that the reader had not seen: which column holds the points, which one the rule."""

from decimal import Decimal

import pytest

from taizhang.kit.tables import Book, Cell, Sheet
from taizhang.standards.rules.captions import caption, ends_notice, form_of, names_list
from taizhang.standards.rules.columns import word_meaning
from taizhang.standards.rules.legend import read_shares
from taizhang.standards.rules.tree import Reading
from taizhang.standards.sheets.read import read_from

ITEMS = [
    ("组织领导", "成立领导小组", "未成立0分"),
    ("组织领导", "每季度召开一次会议", "缺1次扣1分"),
    ("环境卫生", "办公场所整洁", "发现一处扣0.5分"),
    ("环境卫生", "垃圾分类准确率95%以上", "每低1%扣0.2分"),
    ("志愿服务", "志愿者注册率80%以上", "80%以上得满分，60%以下不得分"),
    ("志愿服务", "开展读书、演讲活动", "两项活动各2分"),
]
POINTS = [20, 15, 15, 20, 10, 20]


def sheet(
    heads: list[list[Cell]], *columns: list[Cell], above: list[str] | None = None, name: str = "Sheet1"
) -> Sheet:
    """A table: heads, then the items with area, requirement, rule and further COLUMNS; ABOVE: lines before the heads."""
    width = max(len(row) for row in heads)
    rows: list[list[Cell]] = [[line, *[None] * (width - 1)] for line in above or []] + heads
    rows += [[*item, *[column[n] for column in columns]] for n, item in enumerate(ITEMS)]
    return Sheet(name, False, rows, merges=[])


def reading(*sheets: Sheet) -> Reading:
    return read_from(Book(list(sheets), "xlsx"), "标准.xlsx")


def points(found: Reading) -> list[Decimal | None]:
    return [node.points for node in found.nodes if node.is_leaf]


def kinds(found: Reading) -> list[str]:
    return [node.rule.kind if node.rule else "" for node in found.nodes if node.is_leaf]


WANTED = [Decimal(value) for value in POINTS]
OTHERS: list[Cell] = [18, 15, 14, 19, 10, 17]


@pytest.mark.parametrize(
    "head",
    [
        "应得分",
        "基准分",
        "标准分",
        "满分",
        "赋分",
        "配分",
        "分数",
        "总分值",
        "规定分",
        "目标分",
        "权重分",
        "最高分",
        "额定分",
        "项目分",
        "应得分值",
        "满分值",
        "考核分值",
    ],
)
def test_the_points_column_beside_a_column_of_results(head: str) -> None:
    for results in ("实得分", "得分", "自评分", "复核得分", "核定分", "考核得分", "上年得分"):
        heads: list[list[Cell]] = [["测评项目", "测评内容", "评分标准", head, results]]
        assert points(reading(sheet(heads, list(POINTS), OTHERS))) == WANTED, results
        heads = [["测评项目", "测评内容", "评分标准", results, head]]
        assert points(reading(sheet(heads, OTHERS, list(POINTS)))) == WANTED, results


@pytest.mark.parametrize("above", ["得分情况", "评分", "得分", "分值"])
def test_under_a_head_over_several_columns_each_lower_head_decides(above: str) -> None:
    heads: list[list[Cell]] = [
        ["测评项目", "测评内容", "评分标准", above, None, None],
        [None, None, None, "基准分", "自评分", "复核分"],
    ]
    found = reading(sheet(heads, list(POINTS), OTHERS, OTHERS))
    assert points(found) == WANTED
    merged = sheet(heads, list(POINTS), OTHERS, OTHERS)
    merged.merges.extend([(0, 3, 0, 5), (0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2)])
    assert points(reading(merged)) == WANTED


def test_without_any_head_for_points_the_column_that_adds_up_is_it() -> None:
    heads: list[list[Cell]] = [["测评项目", "测评内容", "评分标准", "考核得分", "自评得分"]]
    assert points(reading(sheet(heads, list(POINTS), OTHERS))) == WANTED
    stated = sheet(heads, OTHERS, [Decimal(value) / 2 for value in POINTS], above=["创建考核表（满分50分）"])
    assert points(reading(stated)) == [value / 2 for value in WANTED]


@pytest.mark.parametrize(
    "head",
    [
        "得分点",
        "评分点",
        "采分点",
        "评价办法",
        "评价标准",
        "评定标准",
        "考核细则",
        "扣分标准",
        "扣分项",
        "计分说明",
        "评价要点",
        "打分标准",
        "分档标准",
        "考核办法",
        "评分要素",
        "扣分（得分）办法",
    ],
)
def test_the_rule_column_under_any_of_its_heads(head: str) -> None:
    found = reading(sheet([["测评项目", "测评内容", head, "分值"]], list(POINTS)))
    assert kinds(found) == ["yes_no", "count", "deduct", "rate", "rate", "deduct"]
    assert [node.requirement or node.title for node in found.nodes if node.is_leaf][0] == "成立领导小组"


def test_a_head_for_requirements_stays_one_where_it_is_the_only_text() -> None:
    heads: list[list[Cell]] = [["测评项目", "评价标准", "分值"]]
    rows: list[list[Cell]] = [
        [area, f"{text}，{rule}", value] for (area, text, rule), value in zip(ITEMS, POINTS, strict=True)
    ]
    found = reading(Sheet("Sheet1", False, heads + rows, merges=[]))
    assert points(found) == WANTED
    assert kinds(found)[1] == "count"


def test_states_by_letter_take_their_worth_from_the_note() -> None:
    for note, second in (
        ("注：A为100%，B为66%，C为33%，G为0。", "0.66"),
        ("注：A、B、C、G分别按分值的100%、80%、60%、0计分。", "0.8"),
        ("", "0.66"),
    ):
        rows: list[list[Cell]] = [["测评项目", "测评内容", "状态描述", "分值"]]
        text = "A.责任明确、考核到位\nB.责任明确\nC.有分解\nG.无责任分解"
        rows += [[area, said, text, value] for (area, said, _), value in zip(ITEMS, POINTS, strict=True)]
        above: list[list[Cell]] = [["文明机关测评标准", None, None, None], [note or None, None, None, None]]
        rule = next(
            node.rule
            for node in reading(Sheet("Sheet1", False, above + rows, merges=[])).nodes
            if node.is_leaf
        )
        assert rule is not None and rule.kind == "grade"
        assert dict(rule.levels)["B"] == Decimal(second) and dict(rule.levels)["G"] == 0


def test_areas_named_by_sheets_and_captions_lose_the_number_of_their_table() -> None:
    heads: list[list[Cell]] = [["序号", "指标", "创建标准", "标准分", "评价办法", "自评分"]]
    sheets = []
    for n, area in enumerate(("组织推动", "节约行动", "宣传教育"), start=1):
        rows: list[list[Cell]] = [[f"表{n}  {area}（标准分100分）", *[None] * 5], *heads]
        rows += [
            [i, f"{area}{text[:6]}", f"{area}{text}", value, rule, None]
            for i, ((_, text, rule), value) in enumerate(zip(ITEMS, POINTS, strict=True), start=1)
        ]
        sheets.append(Sheet(f"{n}.{area}", False, rows, merges=[(0, 0, 0, 5)]))
    found = reading(*sheets)
    assert [(node.title, node.points) for node in found.nodes if node.level == 1] == [
        ("组织推动", 100), ("节约行动", 100), ("宣传教育", 100),
    ]  # fmt: skip


def test_a_list_below_the_table_is_no_part_of_the_tree() -> None:
    table = sheet([["测评项目", "测评内容", "评分标准", "分值"]], list(POINTS))
    lines = [
        "附件2",
        "文明单位负面清单",
        "有下列情形之一的，不得申报：",
        "1.领导班子成员受到处分的。",
        "2.发生安全生产责任事故的。",
    ]
    first = len(table.rows)
    table.rows.extend([line, None, None, None] for line in lines)
    table.merges.extend((first + n, 0, first + n, 3) for n in range(len(lines)))
    found = reading(table)
    assert points(found) == WANTED
    assert [(one.title, one.veto) for one in found.negatives] == [
        ("领导班子成员受到处分的", True),
        ("发生安全生产责任事故的", True),
    ]


def test_the_words_above_tables() -> None:
    assert [caption(text) for text in ("表1  组织推动", "附件2：环境（续）", "表彰奖励", "附表一 实地考察", "表3")] == [
        "组织推动", "环境", "表彰奖励", "实地考察", "表3",
    ]  # fmt: skip
    assert form_of("第一季度任务单（13分）") == form_of("第三季度任务单（ 10.5分）")
    for text in (
        "附件1",
        "2024年2月26日",
        "（联系人：党办 周宁，电话：0000—1234567）",
        "安平市市场服务局精神文明建设委员会",
    ):
        assert ends_notice(text), text
    assert not ends_notice("领导班子成员受到党内严重警告以上处分的")
    assert names_list("文明单位负面清单") and not names_list("未建立负面清单的单位")


def test_shares_told_in_a_note() -> None:
    usual = {"A": Decimal(1), "B": Decimal("0.66"), "C": Decimal("0.33"), "G": Decimal(0)}
    for note in (
        "A为100%，B为66%，C为33%，G为0。",
        "A、B、C、G分别按100%、66%、33%、0计分",
        "A=1.0，B=0.66，C=0.33，G=0",
    ):
        assert read_shares([note]) == usual


def test_results_are_not_points() -> None:
    for head in [
        "实得分",
        "得分",
        "自评分",
        "自评得分",
        "复核分",
        "复核得分",
        "核定分",
        "考核得分",
        "扣分",
        "加分",
        "上年得分",
        "扣分原因",
        "得分情况",
    ]:
        assert word_meaning(head) == "ignore", head
