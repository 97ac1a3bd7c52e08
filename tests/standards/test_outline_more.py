"""Outlines as people also write them: cells that hold them, points before and between sentences, signs, named numbers."""

from decimal import Decimal

import pytest

from taizhang.standards.sheets.outline_points import own_points

from .sheets_by_hand import book, outline, table_sheet, tree

HEAD = "市直机关文明单位测评标准\n"
AREA = "一、组织领导（5分）\n"


def shape(text: str) -> str:
    """Titles and points: "组织领导 5 > 学习 2 | 廉洁 3" without codes."""
    out = []
    for node in outline(HEAD + text).nodes:
        points = "" if node.points is None else f" {node.points}"
        out.append(f"{'' if node.is_leaf else '#'}{node.title}{points}")
    return "|".join(out)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("★ 组织好（5分）\n◆ 【2分】每季度学习一次。\n◆ 【3分】每年研究两次。", "#组织好 5|每季度学习一次 2|每年研究两次 3"),
        ("● 组织（5分）\n（2分）每季度学习一次。\n（3分）每年研究两次。", "#组织 5|每季度学习一次 2|每年研究两次 3"),
        ("■组织（5分）\n➤[2分] 每季度学习一次\n➤[3分] 每年研究两次", "#组织 5|每季度学习一次 2|每年研究两次 3"),
        ("▲组织（5分）\n- 2分｜每季度学习一次\n- 3分｜每年研究两次", "#组织 5|每季度学习一次 2|每年研究两次 3"),
        ("一、组织（5分）\n1. 2分｜每季度学习一次\n2. 3分｜每年研究两次", "#组织 5|每季度学习一次 2|每年研究两次 3"),
        ("一、组织（5分）\n1.（2分）每季度学习一次。\n2.（3分）每年研究两次。", "#组织 5|每季度学习一次 2|每年研究两次 3"),
        ("◇组织\n· 每季度学习一次（2分）\n· 每年研究两次（3分）\n◇环境\n· 整洁有序（4分）", "#组织|每季度学习一次 2|每年研究两次 3|#环境|整洁有序 4"),
        ("※ 一、组织（5分）\n→ 1.学习（2分）\n→ 2.研究（3分）", "#组织 5|学习 2|研究 3"),
        ("一、组织（5分）\n● 学习（2分）\n● 研究（3分）\n二、环境（4分）\n● 整洁（4分）\n", "#组织 5|学习 2|研究 3|#环境 4|整洁 4"),
        ("组织领导（5分）\n★每季度学习一次（2分）\n★每年研究两次（3分）\n思想道德（2分）\n★讲堂活动（1分）\n★志愿活动（1分）", "#组织领导 5|每季度学习一次 2|每年研究两次 3|#思想道德 2|讲堂活动 1|志愿活动 1"),
    ],
)  # fmt: skip
def test_signs_and_points_before_the_sentence(text: str, wanted: str):
    assert shape(text) == wanted


@pytest.mark.parametrize("sign", ["◆", "——", "● ", "- ", "※", "* ", ""])
@pytest.mark.parametrize("label", ["扣分", "计分", "评分", "赋分", "得分", "扣分情形"])
def test_a_scoring_line_is_never_an_item(sign: str, label: str):
    reading = outline(
        f"{HEAD}{AREA}1.学习（2分）\n{sign}{label}：每少一次扣1分。\n2.研究（3分）\n{sign}{label}：前三名得3分，其余得1分。"
    )
    assert [(leaf.title, leaf.points) for leaf in reading.leaves] == [("学习", 2), ("研究", 3)]
    assert reading.leaves[0].rule_text == "每少一次扣1分。"


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("——责任处室：宣教处", "lead", "宣教处"),
        ("● 牵头：宣教处", "lead", "宣教处"),
        ("-责任：宣教处", "lead", "宣教处"),
        ("◆主责：宣教处  协助：党办", "co", ("党办",)),
        ("·频次：每季度", "cadence", "quarter"),
        ("→ 方法：查阅资料", "methods", (("查阅资料", None),)),
    ],
)
def test_fields_behind_signs(line: str, field: str, value: object):
    reading = outline(f"{HEAD}{AREA}1.学习（2分）\n{line}\n2.研究（3分）")
    assert len(reading.leaves) == 2 and getattr(reading.leaves[0], field) == value


@pytest.mark.parametrize(
    ("line", "points", "title"),
    [
        ("①每月学习一次，2分。缺一次扣0.5分。", 2, "每月学习一次"),
        (
            "①学习不少于两次，2.4分。缺一次扣0.1分。（办公室主办，政工股协办）",
            Decimal("2.4"),
            "学习不少于两次",
        ),
        ("①满意率95%以上，4分。每低1个百分点扣0.4分。", 4, "满意率95%以上"),
        ("①每月学习一次 2分 缺一次扣0.5分", 2, "每月学习一次"),
        ("①每月学习一次，本项2分。未开展记0分。", 2, "每月学习一次"),
        ("①每月学习一次，占2分。每少一次扣1分。", 2, "每月学习一次"),
        ("①每月学习一次，满分2分。", 2, "每月学习一次"),
        ("①每月学习一次，计2分；", 2, "每月学习一次"),
        ("①每月学习一次，分值2分", 2, "每月学习一次"),
        ("①每月学习一次（占2分）", 2, "每月学习一次"),
        ("①每月学习一次 2 分", 2, "每月学习一次"),
        ("①每月学习一次。（2分）缺一次扣0.5分。", 2, "每月学习一次"),
    ],
)
def test_points_without_marks(line: str, points: Decimal, title: str):
    reading = outline(
        f"{HEAD}（1）班子建设，满分20分\n1、学习（共10分）\n{line}\n②每年研究两次，3分。\n2、廉洁（共10分）\n①谈话，10分。"
    )
    assert (reading.leaves[0].title, reading.leaves[0].points) == (title, points)
    assert [node.title for node in reading.nodes if not node.is_leaf] == ["班子建设", "学习", "廉洁"]


@pytest.mark.parametrize(
    "text",
    [
        "每少一次，扣0.5分。",
        "开展活动的，2分；未开展的，0分。",
        "经常开展活动，2分；偶尔开展，1分；没有开展，0分。",
        "未开展的记0分。",
        "每开展一次加1分。",
        "发现一处扣0.5分",
        "获得省级表彰得1分",
        "5分：前三名；3分：四至六名",
    ],
)
def test_figures_of_scoring_are_no_points(text: str):
    assert own_points(text, loose=True).value is None


@pytest.mark.parametrize(
    "mark",
    [
        "（3分，材料审核2分、实地考察1分）",
        "(3分：资料2分+现场1分)",
        "（3分；材料审核2分，网络核查1分）",
        "【3分，查阅资料2分、问卷调查1分】",
        "（共3分，其中材料审核2分、实地考察1分）",
        "（材料审核2分、实地考察1分）",
        "  3分（材料审核2分、实地1分）",
        "（3分，材料审核3分）",
    ],
)
def test_points_with_the_share_of_each_method(mark: str):
    reading = outline(
        f"{HEAD}模块一：政治引领（7分）\n任务1-1  理论学习{mark}\n任务要求：每季度1次。\n任务1-2 政治生日（4分）"
    )
    leaf = reading.leaves[0]
    assert (leaf.title, leaf.points, leaf.requirement) == ("理论学习", 3, "每季度1次。")
    assert sum(share or 0 for _, share in leaf.methods) == pytest.approx(Decimal(100), abs=Decimal("0.1"))
    assert [node.title for node in reading.nodes if not node.is_leaf] == ["政治引领"]


def test_a_bracket_with_grades_is_the_rule():
    leaf = outline(f"{HEAD}{AREA}1.学习（5分，优秀5分、良好3分、一般1分）\n2.研究（1分）").leaves[0]
    assert (leaf.title, leaf.points, leaf.methods) == ("学习", 5, ()) and "良好3分" in leaf.rule_text


@pytest.mark.parametrize(
    ("area", "leaf"),
    [
        ("模块一：", "任务1-1 "),
        ("板块一 ", "指标1："),
        ("专题一、", "第1项 "),
        ("【模块一】", "考核点1-1 "),
        ("第一单元 ", "任务1："),
        ("维度一：", "测评点1.1："),
        ("第一篇 ", "1."),
        ("行动一：", "（1）"),
        ("部分一：", "观测点1："),
    ],
)
def test_named_numbers(area: str, leaf: str):
    second, other = area.replace("一", "二"), leaf.replace("1-1", "2-1").replace("1.1", "2.1")
    more = (leaf[::-1].replace("1", "2", 1))[::-1]
    text = f"{area}政治引领（5分）\n{leaf}学习（2分）\n{more}研究（3分）\n{second}文化涵养（4分）\n{other}读书（4分）"
    assert shape(text) == "#政治引领 5|学习 2|研究 3|#文化涵养 4|读书 4"


def test_the_name_of_the_document_is_no_area():
    reading = outline("汀州市模范机关创建任务书\n模块一：政治引领（2分）\n任务1-1 学习（2分）")
    assert [node.title for node in reading.nodes] == ["政治引领", "学习"]


CELL = "（一）组织设置（5分）\n1.按期换届。（2分）超期不得分。（责任：组织室）\n2.配备干部。（3分）不足扣1分。\n（二）组织生活（2分）\n1.党小组会每月一次。（2分）"
OUTLINED = ["1 党建引领 7", "  1.1 组织设置 5", "    - 1.1.1 按期换届 2", "    - 1.1.2 配备干部 3", "  1.2 组织生活 2", "    - 1.2.1 党小组会每月一次 2"]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (["项目", "考核内容及标准"], ["一、党建引领\n（7分）", CELL]),
        (["项目", "考核内容及标准"], ["党建引领（7分）", CELL]),
        (["序号", "考核项目", "考核内容"], ["一", "党建引领（7分）", CELL]),
        (["考核项目", "分值", "考核内容"], ["党建引领", "7", CELL]),
        (["考核项目", "考核内容", "分值"], ["一、党建引领", CELL, "7分"]),
        (["考核项目", "考核内容", "责任单位"], ["一、党建引领（7分）", CELL, "工会"]),
        (["考核项目", "考核内容"], ["一、党建引领（7分）", CELL.replace("\n", "")]),
    ],
)
def test_an_outline_in_a_cell(head: list[str], row: list[str]):
    reading = book(table_sheet("考核表", head, row))
    assert tree(reading) == OUTLINED
    assert reading.leaves[0].lead == "组织室"
    assert reading.leaves[2].lead == ("工会" if "责任单位" in head else "")


def test_a_lone_first_point_in_a_cell_is_the_item_of_its_section():
    head = ["一级指标", "二级指标", "指标描述", "分值"]
    many = ["1.平安校园", "1.1安全管理", "1.每月演练一次（2分）；2.每季排查（3分）。", "5"]
    one = ["2.群众评价", "2.1满意", "1.满意率达90%以上（4分）。", "4"]
    reading = book(table_sheet("测评表", head, many, one))
    assert [leaf.title for leaf in reading.leaves] == ["每月演练一次", "每季排查", "满意率达90%以上"]
    assert [node.title for node in reading.nodes if not node.is_leaf][-1] == "满意"


def test_one_sentence_below_a_section_among_sections_with_several():
    text = "（一）学习（5分）\n每季度学习一次。（2分）\n每年研究两次。（3分）\n（二）志愿（4分）\n每月开展一次志愿服务。（4分）"
    assert shape(text) == "#学习 5|每季度学习一次 2|每年研究两次 3|#志愿 4|每月开展一次志愿服务 4"


def test_headings_counted_twice_become_groups_again():
    head = ["序号", "内容", "分值"]
    rows = [["一", "组织领导", "5"], ["1", "每季学习", "2"], ["2", "每年研究", "3"], ["二", "环境", "4"], ["1", "整洁", "1"], ["2", "绿化", "3"]]  # fmt: skip
    reading = book(table_sheet("测评表", ["测评标准（总分9分）", "", ""], head, *rows))
    assert reading.total == 9 and [leaf.title for leaf in reading.leaves] == [
        "每季学习",
        "每年研究",
        "整洁",
        "绿化",
    ]


def test_an_unmarked_figure_is_not_sure():
    reading = outline(
        f"{HEAD}一、组织（5分）\n①每月学习一次，2分。缺一次扣1分。\n②每年研究，3分。\n二、环境\n①整洁有序，2分。脏一处扣1分。\n②绿化（1分）"
    )
    assert [leaf.certain.get("points") for leaf in reading.leaves[:3]] == ["likely", "likely", "guess"]


def test_a_title_of_one_sign_is_never_sure():
    reading = outline(f"{HEAD}{AREA}1.※（2分）\n2.研究（3分）")
    leaf = reading.leaves[0]
    assert leaf.certain["points"] == "guess"
    assert any(one.kind == "title_missing" and one.node == leaf.key for one in reading.warnings)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("壹、组织（2分）\n（壹）班子（2分）\n1）学习（2分）\n贰、环境（1分）\n（壹）卫生（1分）\n1）整洁（1分）", "#组织 2|#班子 2|学习 2|#环境 1|#卫生 1|整洁 1"),
        ("【A类】服务环境（6分）\nA1 窗口（2分）\nA2 标识（4分）\n【B类】服务质量（4分）\nB1 首问（4分）", "#服务环境 6|窗口 2|标识 4|#服务质量 4|首问 4"),
        ("甲、服务（6分）\n1.窗口（6分）\n乙、质量（4分）\n1.首问（4分）", "#服务 6|窗口 6|#质量 4|首问 4"),
        ("一、节能（本部分10分）\n1.用电（本项4分）：下降2%。\n2.用水（本项6分）：下降1%。", "#节能 10|用电 4|用水 6"),
        ("一、组织（共2项，7分）\n1.开会（3分）\n2.例会（4分）", "#组织 7|开会 3|例会 4"),
        ("一、组织 · 7分\n1.开会 · 3分\n2.例会 · 4分", "#组织 7|开会 3|例会 4"),
        ("第一条 组织（8分）\n（一）领导重视。每半年听取汇报，得3分；未听取不得分。\n（二）机构健全。有领导小组，得5分。", "#组织 8|领导重视 3|机构健全 5"),
        ("一、组织（7分）\n1.开会。要求：每年召开；分值：3分；责任单位：办公室。\n2.例会。要求：每季召开；分值：4分；责任单位：办公室。", "#组织 7|开会 3|例会 4"),
        ("一、业务 10分\n1、无差错 10分，每差错一次扣1分。", "#业务 10|无差错 10"),
        ("一、组织（7分）\n3分  每年召开动员会\n4分  每季召开例会", "#组织 7|每年召开动员会 3|每季召开例会 4"),
        ("一、组织（3分）\n1.开会：每年召开。（满分3分；查阅资料）", "#组织 3|开会 3"),
        ("一、学习 5分\n1、学习笔记 5分 检查方法：查笔记", "#学习 5|学习笔记 5"),
    ],
)  # fmt: skip
def test_further_forms(text: str, wanted: str):
    assert shape(text) == wanted
