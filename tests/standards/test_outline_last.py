"""Outlines as a later batch of documents wrote them: bare departments in brackets, remarks under the name, veto chapters
whose heading is a sentence, words written apart, a requirement and its scoring in one sentence."""

import pytest

from taizhang.standards.rules.cadence import read_cadence
from taizhang.standards.rules.captions import list_in_sentence
from taizhang.standards.rules.departments import join_apart, lists_departments
from taizhang.standards.rules.labels import take_fields
from taizhang.standards.rules.leads import read_leads
from taizhang.standards.rules.scoring import LIKELY, SURE
from taizhang.standards.rules.titles import split_title

from .sheets_by_hand import book, outline, table_sheet

HEAD = "市直机关党建工作考核细则\n"


@pytest.mark.parametrize(
    "text",
    [
        "宣传科", "宣传科、各党支部", "组织科、工会", "督查室、各科室", "机关纪委、各党支部", "团委", "妇委会、工会", "各处室",
        "办公室，人事处", "创建办", "机关服务中心", "保 卫 处、办 公 室", "信息中心/网信办", "有关处室", "局属各单位、机关党委",
        "第一党支部", "稽查大队、法规股", "派出所", "党委办公室", "各支部", "政策研究室",
    ],
)  # fmt: skip
def test_bare_departments(text: str):
    assert lists_departments(text)


@pytest.mark.parametrize(
    "text",
    [
        "试行", "党员", "2024年修订", "活动室、图书室", "支部党员大会、支部委员会、党小组会", "党员干部", "含离退休党支部", "网站",
        "全部", "以人民为中心", "公共场所、厕所", "县级以上部门", "3个支部", "每处", "文明单位", "问题查处", "举办", "社会", "宣传科、党员",
        "办公室整洁", "见附件", "全国文明单位", "志愿服务队", "民主生活会", "4.8分", "",
    ],
)  # fmt: skip
def test_what_names_no_department(text: str):
    assert not lists_departments(text)


@pytest.mark.parametrize(
    ("line", "lead", "rest"),
    [
        ("每月学习（4.8分）。少1次扣0.2分。（宣传科、各党支部）", "宣传科、各党支部", "每月学习（4.8分）。少1次扣0.2分。"),
        ("每月学习（宣传科）（4.8分）", "宣传科", "每月学习（4.8分）"),
        ("每月学习（宣传科）。", "宣传科", "每月学习。"),
        ("每月学习（办公室牵头）（宣传科）", "办公室牵头", "每月学习（宣传科）"),
        ("每月学习（试行）", None, "每月学习（试行）"),
        ("有阵地（活动室、图书室）（2分）", None, "有阵地（活动室、图书室）（2分）"),
        ("由牵头处室（办公室）每月报送", None, "由牵头处室（办公室）每月报送"),
        ("（办公室）", None, "（办公室）"),
    ],
)  # fmt: skip
def test_only_the_last_bracket_of_a_line_is_who_answers(line: str, lead: str | None, rest: str):
    said = take_fields(line)
    assert said.fields.get("lead") == lead
    assert said.text == rest


SIGNED = f"""{HEAD}一、组织（9分）
1.每月学习1次（4分）。少1次扣0.2分。（宣传科、各党支部）
2.每年讲党课（2分）。
少讲一次扣1分。（组织科）
3.知晓率达到95%（3分）。不达标不得分。（工会）
"""


def test_departments_that_close_every_line_are_as_sure_as_a_column():
    leaves = outline(SIGNED).leaves
    assert [(leaf.lead, leaf.co) for leaf in leaves] == [
        ("宣传科", ("各党支部",)),
        ("组织科", ()),
        ("工会", ()),
    ]
    assert [leaf.certain["lead"] for leaf in leaves] == [LIKELY, SURE, SURE]
    assert [leaf.rule_text for leaf in leaves] == ["少1次扣0.2分。", "少讲一次扣1分。", "不达标不得分。"]
    assert [leaf.title for leaf in leaves] == ["每月学习1次", "每年讲党课", "知晓率达到95%"]


def test_departments_that_close_one_line_alone_are_likely():
    text = SIGNED.replace("（宣传科、各党支部）", "").replace("（工会）", "")
    assert [(leaf.lead, leaf.certain.get("lead")) for leaf in outline(text).leaves] == [
        ("", None), ("组织科", LIKELY), ("", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "remark",
    [
        "（2024年修订）", "（试行）", "（征求意见稿）", "（2024年3月印发）", "（审议稿）", "2024年修订", "（送审稿）", "（讨论稿）",
        "（2023年12月15日局党组会议审议通过）", "［试行］".replace("［", "[").replace("］", "]"), "（2025年版）", "（2025年度）", "（ 试 行 ）",
    ],
)  # fmt: skip
@pytest.mark.parametrize("level", [0, 1])
def test_a_remark_under_the_name_is_no_area(remark: str, level: int):
    text = f"{HEAD}{remark}\n一、组织（2分）\n1.学习（2分）\n二、环境（3分）\n1.整洁（3分）"
    reading = outline(text, [0, level, 0, 0, 0, 0])
    assert [(node.code, node.title) for node in reading.nodes if not node.is_leaf] == [
        ("1", "组织"),
        ("2", "环境"),
    ]
    assert [leaf.code for leaf in reading.leaves] == ["1.1", "2.1"]


LISTED = """一、组织（5分）
（一）每季度学习一次（2分）
（二）每年研究两次（3分）
{heading}
（一）发生严重违纪违法案件的；
（二）发生重大安全生产责任事故的；
（三）发生重大群体性上访事件的。
{more}"""


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("有下列情形之一的，实行一票否决", "negatives"),
        ("有下列情形之一的，一票否决", "negatives"),
        ("有下列情形之一的，实行“一票否决”：", "negatives"),
        ("出现以下情况之一者，取消评选资格：", "negatives"),
        ("凡有下列行为之一的单位，撤销文明单位称号。", "negatives"),
        ("存在下列情形的，不得评为先进党组织", "negatives"),
        ("有下列情形之一的，不得申报", "eligibility"),
        ("申报文明单位应当具备下列条件", "eligibility"),
        ("符合以下条件的，可以申报：", "eligibility"),
    ],
)
@pytest.mark.parametrize("number", ["二、", "", "二、奖惩措施\n"])
def test_a_heading_that_is_a_sentence_opens_a_list(heading: str, role: str, number: str):
    more = "三、结果运用\n考评结果作为依据。" if number else ""
    reading = outline(HEAD + LISTED.format(heading=number + heading, more=more))
    assert [leaf.title for leaf in reading.leaves] == ["每季度学习一次", "每年研究两次"]
    entries = getattr(reading, role)
    assert [one.title for one in entries] == [
        "发生严重违纪违法案件的", "发生重大安全生产责任事故的", "发生重大群体性上访事件的",
    ]  # fmt: skip
    assert not (reading.negatives if role == "eligibility" else reading.eligibility)


def test_a_list_within_an_item_is_no_chapter():
    text = f"{HEAD}一、组织（5分）\n1.学习（2分）\n有下列情形之一的，取消评优资格：\n（1）缺课的；\n（2）迟到的。\n2.研究（3分）\n二、环境（4分）\n1.整洁（4分）"
    assert [(leaf.title, leaf.points) for leaf in outline(text).leaves] == [
        ("学习", 2),
        ("研究", 3),
        ("整洁", 4),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "一票否决事项齐全，每年研究两次",
        "按照下列要求开展活动",
        "学习以下内容",
        "取消评优资格的单位每年整改",
        "完成下列任务得2分",
    ],
)
def test_other_sentences_open_no_list(text: str):
    assert list_in_sentence(text) == ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("保 卫 处", "保卫处"), ("办 公 室、人 事 处", "办公室、人事处"), ("组　织　领　导（20分）", "组织领导（20分）"),
        ("办  公  室", "办公室"), ("保 卫 处  办 公 室", "保卫处  办公室"), ("一、组 织 领 导", "一、组织领导"), ("工 会", "工会"),
        ("一 党 建", "一 党建"), ("办公室 人事处", "办公室 人事处"), ("办公室 保 卫 处", "办公室 保卫处"), ("年  月  日", "年  月  日"),
        ("优 良 中 差", "优 良 中 差"), ("一 组织领导", "一 组织领导"), ("A 级", "A 级"), ("是 否", "是 否"),
    ],
)  # fmt: skip
def test_words_written_apart(text: str, wanted: str):
    assert join_apart(text) == wanted


def test_names_written_apart_are_whole_names():
    assert read_leads("保 卫 处")[:2] == ("保卫处", [])
    assert read_leads("办 公 室、保 卫 处")[:2] == ("办公室", ["保卫处"])
    assert read_leads("办公室 保 卫 处")[:2] == ("办公室", ["保卫处"])
    reading = book(
        table_sheet(
            "表1",
            ["序号", "项目", "考核内容", "分值", "计分标准", "责任部门"],
            [1, "组 织 领 导", "每季度研究一次", 4, "缺1次扣1分", "保 卫 处"],
            [2, "组 织 领 导", "资料齐全", 2, "缺1项扣1分", "办 公 室"],
            [3, "环 境", "办公区整洁", 3, "不整洁扣1分", "办 公 室"],
        )
    )
    assert [(leaf.lead, leaf.co) for leaf in reading.leaves] == [
        ("保卫处", ()),
        ("办公室", ()),
        ("办公室", ()),
    ]
    assert [node.title for node in reading.nodes if not node.is_leaf] == ["组织领导", "环境"]


@pytest.mark.parametrize(
    ("text", "title", "rule"),
    [
        ("每季度举办1期道德讲堂，少1期扣1分。", "每季度举办1期道德讲堂", "少1期扣1分。"),
        ("志愿服务活动每月不少于1次，缺1次扣0.3分。", "志愿服务活动每月不少于1次", "缺1次扣0.3分。"),
        ("每年至少两次专题研究创建工作。每少一次扣1分。", "每年至少两次专题研究创建工作", "每少一次扣1分。"),
        ("有规划、有计划、有总结；缺一项扣1分。", "有规划、有计划、有总结", "缺一项扣1分。"),
        ("创建经费列入年度预算；未列入的不得分。", "创建经费列入年度预算", "未列入的不得分。"),
        ("每年开展文明处室评选，未开展不得分。", "每年开展文明处室评选", "未开展不得分。"),
        ("主题活动全年不少于5次。少1次扣0.5分。", "主题活动全年不少于5次", "少1次扣0.5分。"),
        ("办公区整洁，无乱堆乱放，发现一处扣0.5分。", "办公区整洁，无乱堆乱放", "发现一处扣0.5分。"),
        ("贯彻上级部署，不打折扣，被通报的，每次扣2分", "贯彻上级部署，不打折扣", "被通报的，每次扣2分"),
        ("制度健全、公开上墙，未上墙，扣1分", "制度健全、公开上墙", "未上墙，扣1分"),
        ("每月学习不少于2次，有计划有记录", "每月学习不少于2次，有计划有记录", ""),
        ("未开展的扣2分", "未开展的扣2分", ""),
    ],
)
def test_a_title_ends_before_the_scoring(text: str, title: str, rule: str):
    assert split_title(text, long=30) == (title, rule)


def test_a_title_of_an_outline_ends_before_the_scoring():
    reading = outline(
        f"{HEAD}一、组织（7分）\n1.每季度举办1期道德讲堂，少1期扣1分（4分）\n2.经费列入预算；未列入的不得分。（3分）"
    )
    assert [leaf.title for leaf in reading.leaves] == ["每季度举办1期道德讲堂", "经费列入预算"]
    assert [leaf.rule and leaf.rule.kind for leaf in reading.leaves] == ["count", "yes_no"]


def test_feasts_listed_fall_due_in_the_year():
    for text in (
        "关心老党员，七一、春节前走访慰问",
        "元旦、春节、国庆等节假日前开展廉洁提醒",
        "“八一”、春节走访部队",
    ):
        found = read_cadence("", text)
        assert found.cadence and found.cadence.cycle == "year" and found.certain == "guess"
    assert read_cadence("", "参加国庆晚会").cadence is None


def test_a_deduction_for_each_period_left_out_is_a_count():
    leaf = outline(
        f"{HEAD}一、组织（4分）\n1.结对帮扶共建村，每季度走访不少于一次（4分）。\n评分标准：未走访的每季度扣1分。"
    ).leaves[0]
    assert leaf.rule and leaf.rule.kind == "count"
