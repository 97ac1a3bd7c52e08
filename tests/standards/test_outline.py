"""Documents without tables: the nesting that the text shows, points in brackets, fields, chapters, what is no item."""

import time
from decimal import Decimal

import pytest

from taizhang.kit.errors import Refused
from taizhang.kit.tables import Book
from taizhang.standards.rules.tree import Choices
from taizhang.standards.sheets.read import read_from

from .sheets_by_hand import book, kinds, outline, table_sheet, text_sheet, tree

USUAL = """
市直机关文明单位测评标准
（2024年版，总分40分）
说明
1. 本标准适用于市直各部门。
2. 总分40分，90分以上为优秀。
一、组织领导（20分）
（一）班子建设（8分）
1.班子研究（4分）。党组每年专题研究创建工作不少于2次。【查阅资料】责任单位：办公室；配合单位：机关党委
2.领导责任（4分）
测评标准：主要领导亲自抓，分管领导具体抓。
评分办法：每缺一项扣1分，扣完为止。
测评方法：材料审核、实地考察
责任单位：机关党委
材料要求：文件、照片不少于2张
完成时限：每季度
（二）学习制度（12分）
①制定学习计划，每季度学习不少于1次（4分）；②建立学习档案（3分）；③开展学习交流（5分）。
二、思想道德（20分）
责任单位：机关党委
（一）道德讲堂（8分）
1.举办道德讲堂，每半年1次。（4分）
2.开展先进典型评选（4分）
（1）有方案
（2）有通报
（二）志愿服务（12分）
三、加分项（5分）
1.获得省级表彰的，加3分。
2.获得市级表彰的，加2分。
四、负面清单
1.发生重大安全事故的，一票否决。
2.领导班子成员严重违纪违法的，取消资格。
五、附则
本标准由市文明办负责解释。
联系人：张三
"""


def test_the_usual_outline():
    reading = outline(USUAL)
    assert tree(reading) == [
        "1 组织领导 20",
        "  1.1 班子建设 8",
        "    - 1.1.1 班子研究 4",
        "    - 1.1.2 领导责任 4",
        "  1.2 学习制度 12",
        "    - 1.2.1 制定学习计划，每季度学习不少于1次 4",
        "    - 1.2.2 建立学习档案 3",
        "    - 1.2.3 开展学习交流 5",
        "2 思想道德 20",
        "  2.1 道德讲堂 8",
        "    - 2.1.1 举办道德讲堂，每半年1次 4",
        "    - 2.1.2 开展先进典型评选 4",
        "  - 2.2 志愿服务 12",
    ]
    assert (reading.name, reading.stated_total, reading.total) == ("市直机关文明单位测评标准", 40, 40)
    assert [one.title for one in reading.bonuses] == ["获得省级表彰的，加3分", "获得市级表彰的，加2分"]
    assert [(one.code, one.veto) for one in reading.negatives] == [("1", True), ("2", True)]


def test_fields_of_an_item_and_of_its_group():
    reading = outline(USUAL)
    first, second, *_ = reading.leaves
    assert (first.lead, first.co, [name for name, _ in first.methods]) == (
        "办公室",
        ("机关党委",),
        ["查阅资料"],
    )
    assert first.requirement == "党组每年专题研究创建工作不少于2次。"
    assert (second.lead, second.cadence, second.rule_text) == (
        "机关党委",
        "quarter",
        "每缺一项扣1分，扣完为止。",
    )
    assert second.requirement == "主要领导亲自抓，分管领导具体抓。" and len(second.needs) == 2
    assert {node.lead for node in reading.leaves[5:]} == {"机关党委"}
    assert reading.leaves[6].requirement == "（1）有方案\n（2）有通报"


def test_places_are_told_as_people_find_them_and_keys_stay():
    reading = outline(USUAL)
    assert (reading.leaves[0].key, reading.leaves[0].where) == ("正文!A8", "正文 第8段")
    assert [node.key for node in reading.leaves[2:5]] == ["正文!A17", "正文!A17#2", "正文!A17#3"]
    assert outline(USUAL) == reading


def test_sub_points_without_points_can_be_split_by_hand():
    warning = next(one for one in outline(USUAL).warnings if one.kind == "could_split")
    assert warning.node == "正文!A22" and warning.severity == "info"
    assert (warning.suggestion or {})["split"] == [
        {"title": "有方案", "points": "2.00"},
        {"title": "有通报", "points": "2.00"},
    ]


def test_a_paragraph_can_be_kept_in_one_piece():
    reading = outline(USUAL, choices=Choices(nodes={"正文!A17": {"split": False}}))
    assert len(reading.leaves) == 6


def test_what_holds_no_points_is_said_to_be_left_out():
    warning = next(one for one in outline(USUAL).warnings if one.kind == "text_aside")
    assert "附则" in warning.text


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        (
            "1.组织（10分）\n（一）班子（4分）\n（二）机构（6分）\n2.道德（10分）\n（一）讲堂（4分）\n（二）志愿（6分）\n① 有队伍，2分\n② 有活动，4分",
            "1 组织 10|  - 1.1 班子 4|  - 1.2 机构 6|2 道德 10|  - 2.1 讲堂 4|  2.2 志愿 6|    - 2.2.1 有队伍 2|    - 2.2.2 有活动 4",
        ),
        (
            "一、组织（6分）\n1、班子（4分）\n2、机构（2分）\n二、道德（6分）\n（一）讲堂（2分）\n1、计划（1分）\n2、总结（1分）\n（二）志愿（4分）\n1、队伍（4分）",
            "1 组织 6|  - 1.1 班子 4|  - 1.2 机构 2|2 道德 6|  2.1 讲堂 2|    - 2.1.1 计划 1|    - 2.1.2 总结 1|  2.2 志愿 4|    - 2.2.1 队伍 4",
        ),
        (
            "Ⅰ.组织（7分）\nA.班子（7分）\n1.研究，满分3分\n2.带头，满分4分\nⅡ.环境（5分）\nA.整洁（5分）\n1.无烟，满分5分",
            "1 组织 7|  1.1 班子 7|    - 1.1.1 研究 3|    - 1.1.2 带头 4|2 环境 5|  2.1 整洁 5|    - 2.1.1 无烟 5",
        ),
        (
            "第一部分 组织（4分）\n测评内容1：班子（4分）\n测评标准（1）：研究（1分）\n测评标准（2）：带头（3分）\n第二部分 道德（2分）\n测评内容1：讲堂（2分）\n测评标准（1）：有计划（2分）",
            "1 组织 4|  1.1 班子 4|    - 1.1.1 研究 1|    - 1.1.2 带头 3|2 道德 2|  2.1 讲堂 2|    - 2.1.1 有计划 2",
        ),
        (
            "Ⅰ-1 组织 ４分\nⅡ-1 规划（２分）\nⅢ—1 有计划【１分】\nⅢ—2 有总结［１ 分］\nⅡ-2 队伍（２分）\nⅢ-3 有机构，计1分\nⅢ-4 有人员，分值：1分",
            "Ⅰ-1 组织 4|  Ⅱ-1 规划 2|    - Ⅲ-1 有计划 1|    - Ⅲ-2 有总结 1|  Ⅱ-2 队伍 2|    - Ⅲ-3 有机构 1|    - Ⅲ-4 有人员 1",
        ),
        (
            "1 组织\n1.1 班子\n1.1.1 研究\n分值：2分\n1.1.2 带头\n分值：3\n1.2 制度\n1.2.1 健全 2分\n2 道德\n2.1 讲堂\n2.1.1 每季度1次 3分",
            "1 组织|  1.1 班子|    - 1.1.1 研究 2|    - 1.1.2 带头 3|  1.2 制度|    - 1.2.1 健全 2|2 道德|  2.1 讲堂|    - 2.1.1 每季度1次 3",
        ),
        (
            "组织领导（10分）\n【1.1】班子研究（4分）\n【1.2】机构健全（6分）\n思想道德（7分）\n【2.1】讲堂（4分）\n【2.2】志愿（3分）\n环境（5分）\n整洁有序，无乱堆乱放。（3分）\n绿化美化到位。（2分）",
            "1 组织领导 10|  - 1.1 班子研究 4|  - 1.2 机构健全 6|2 思想道德 7|  - 2.1 讲堂 4|  - 2.2 志愿 3|3 环境 5|  - 3.1 整洁有序，无乱堆乱放 3|  - 3.2 绿化美化到位 2",
        ),
        (
            "组织领导\n1.班子（4分）\n2.机构（6分）\n思想道德\n1.讲堂（4分）\n2.志愿（3分）",
            "1 组织领导|  - 1.1 班子 4|  - 1.2 机构 6|2 思想道德|  - 2.1 讲堂 4|  - 2.2 志愿 3",
        ),
        (
            "一、组织（每项2分，共6分）\n1.机构健全\n2.人员到位\n3.经费落实\n二、环境（5分）1.整洁（2分）；2.绿化（3分）。",
            "1 组织 6|  - 1.1 机构健全 2|  - 1.2 人员到位 2|  - 1.3 经费落实 2|2 环境 5|  - 2.1 整洁 2|  - 2.2 绿化 3",
        ),
        (
            "一、组织（4分）\n1.班子（4分）\nA.好（4分）\nB.较好（3分）\nC.一般（1分）\n二、道德（3分）\n1.讲堂（3分）",
            "1 组织 4|  - 1.1 班子 4|2 道德 3|  - 2.1 讲堂 3",
        ),
    ],
)
def test_nesting_is_what_the_document_shows(text: str, shape: str):
    assert tree(outline(text)) == shape.split("|")


def test_headings_of_the_word_processor():
    text = "测评标准\n组织领导\n班子研究（4分）\n每半年研究1次。\n责任单位：办公室\n机构健全（6分）\n思想道德\n道德讲堂（10分）"
    reading = outline(text, [1, 2, 3, 0, 0, 3, 2, 3])
    assert tree(reading) == [
        "1 组织领导",
        "  - 1.1 班子研究 4",
        "  - 1.2 机构健全 6",
        "2 思想道德",
        "  - 2.1 道德讲堂 10",
    ]
    assert (reading.leaves[0].lead, reading.leaves[0].cadence) == ("办公室", "half_year")


NOTICE = """
关于印发《某市文明单位测评标准》的通知
各单位：
为深入开展文明单位创建，现将标准印发给你们。
一、指导思想
以新思想为指导。
二、测评办法
（一）材料审核（50分）占一半。
（二）实地考察占一半，90分以上为优秀，80—90分为良好。
附件：某市文明单位测评标准
目录
第一部分 基本指标…………1
第二部分 特色加分………5
某市文明单位测评标准
第一部分 基本指标（20分）
一、理想信念教育（12分）
牵头处室：机关党委
1、理论学习（6分）
[测评标准]
（1）中心组每季度学习不少于1次；
（2）有计划、有记录、有心得。
[评分办法]
A.全部做到，得6分；
B.缺1项，得4分；
C.缺2项，得2分。
[测评方法]材料审核，问卷调查
2、宣讲活动（6分）
测评标准：每半年开展1次宣讲活动。
扣分办法：少一次扣3分。
材料要求：
1.活动方案
2.照片不少于3张
责任单位：宣传处（牵头）、工会
二、文明风尚（8分）
1、文明餐桌（3分）
有宣传标识。
2、志愿服务（5分）
（1）注册率达到90%以上（2分）
（2）活动每月1次（3分）
责任单位：团委
第二部分 特色加分（5分）
1.经验被推广的加2分
2.受到表彰的加3分
第三部分 一票否决情形
（一）严重违纪违法。
（二）安全生产责任事故。
联系人：王五 电话：12345
"""


def test_a_standard_behind_a_notice():
    reading = outline(NOTICE)
    assert tree(reading) == [
        "1 理想信念教育 12",
        "  - 1.1 理论学习 6",
        "  - 1.2 宣讲活动 6",
        "2 文明风尚 8",
        "  - 2.1 文明餐桌 3",
        "  2.2 志愿服务 5",
        "    - 2.2.1 注册率达到90%以上 2",
        "    - 2.2.2 活动每月1次 3",
    ]
    study, talk, table, *volunteers = reading.leaves
    assert study.lead == "机关党委" and study.requirement.startswith("（1）中心组")
    assert study.rule_text.count("\n") == 2 and [name for name, _ in study.methods] == [
        "材料审核",
        "问卷调查",
    ]
    assert (talk.lead, talk.co) == ("宣传处", ("工会",)) and len(talk.needs) == 2
    assert table.lead == "" and [node.lead for node in volunteers] == ["团委", "团委"]
    assert reading.name == "某市文明单位测评标准" and reading.stated_total == 20
    assert (len(reading.bonuses), len(reading.negatives)) == (2, 2)


def test_an_item_without_points_among_others_is_missed():
    reading = outline("一、组织（4分）\n1.班子（2分）\n2.机构\n3.人员（1分）\n二、环境（2分）\n1.整洁（2分）")
    warning = next(one for one in reading.warnings if one.kind == "points_missing")
    assert (warning.where, warning.suggestion) == ("正文 第3段", {"points": "1"})


def test_sentences_on_points_are_the_rule():
    reading = outline(
        "一、组织（4分）\n1.班子会每季度研究1次（2分）。少一次扣0.5分。\n2.机构健全，人员到位（2分）。"
    )
    first, second = reading.leaves
    assert (first.title, first.rule_text, first.requirement) == ("班子会每季度研究1次", "少一次扣0.5分。", "")
    assert second.rule_text == "" and second.title == "机构健全，人员到位"


def test_lists_told_in_one_paragraph():
    text = "申报条件：1.独立建制；2.成立满一年。\n一、组织（4分）\n1.班子（4分）\n2.机构（1分）"
    reading = outline(text)
    assert [one.title for one in reading.eligibility] == ["独立建制", "成立满一年"] and reading.total == 5


# --- text and tables, choices, refusals


HEAD = ["测评项目", "测评内容", "测评标准", "分值", "责任处室"]
ROWS = [["甲项", f"内容{n}", f"内容{n}的要求写在这里，比较长", 2, "办公室"] for n in range(6)]


def test_headings_repeated_in_the_text_are_no_standard_of_their_own():
    around = text_sheet("一、甲项（12分）\n二、测评组成\n（一）材料审核（6分）\n（二）实地考察（6分）")
    reading = book(table_sheet("表1", HEAD, *ROWS), around)
    assert len(reading.leaves) == 6 and reading.total == 12


def test_items_that_only_the_text_holds_are_read_too():
    around = text_sheet("一、乙项（6分）\n1.讲堂（1分）\n2.志愿（2分）\n3.环境（3分）")
    reading = book(table_sheet("表1", HEAD, *ROWS), around)
    assert len(reading.leaves) == 9 and reading.total == 18


def test_lines_in_the_first_column_of_a_sheet():
    lines = [
        [line]
        for line in ["一、组织（4分）", "1.班子（2分）", "2.机构（2分）", "二、环境（2分）", "1.整洁（2分）"]
    ]
    assert book(table_sheet("Sheet1", *lines)).total == 6


def test_text_without_points_is_refused_unless_a_clerk_says_so():
    text = "一、组织领导\n1.班子健全\n2.机构健全\n二、环境\n1.整洁"
    with pytest.raises(Refused):
        outline(text)
    chosen = outline(text, choices=Choices(sheets={"正文": {"role": "indicators"}}))
    assert [node.title for node in chosen.leaves] == ["班子健全", "机构健全", "整洁"]
    assert "points_missing" in kinds(chosen)


def test_a_long_outline_is_read_fast():
    lines = ["某市文明单位测评标准", "一、指导思想", "二、测评内容（300分）"]
    for area in "一二三四五六七八九十":
        lines.append(f"（{area}）项目{area}（30分）")
        for section in range(1, 6):
            lines.append(f"{section}.内容{section}（6分）")
            for leaf in range(1, 7):
                lines.append(
                    f"（{leaf}）开展第{leaf}类活动，每季度不少于1次（1分）。【材料审核】责任单位：办公室"
                )
                lines.append("评分标准：每缺一次扣0.5分，扣完为止。")
    sheet = text_sheet("\n".join(lines))
    began = time.process_time()
    reading = read_from(Book([sheet], "docx"), "标准.docx")
    assert time.process_time() - began < 2
    assert (len(reading.areas), len(reading.leaves), reading.stated_total) == (10, 300, Decimal(300))
