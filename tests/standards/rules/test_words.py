"""Words into values: numbers, points, codes, rules, cadences, needs, leads, columns."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.standards.rules import cadence, codes, columns, leads, legend, needs, numbers, scoring, titles

D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2分", "2"),
        ("２．５分", "2.5"),
        ("三分", "3"),
        ("两分半", "2.5"),
        ("0.48分", "0.48"),
        ("满分2分", "2"),
        ("0.38（各半）", "0.38"),
        ("5%", "5"),
        ("一点五分", "1.5"),
        ("（8分）", "8"),
        (12, "12"),
        ("十二", "12"),
        ("1.5 分", "1.5"),
    ],
)
def test_points_of_a_cell(text: object, value: str):
    assert numbers.points_of(text) == D(value)


@pytest.mark.parametrize("text", ["—", "", None, "见附件", "扣1分", "3-5分", "A档", True])
def test_no_points_in_a_cell(text: object):
    assert numbers.points_of(text) is None


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("1 组织领导与创建机制（12分）", "12", "1 组织领导与创建机制"),
        ("一、组织领导(共２０分)", "20", "一、组织领导"),
        ("成立领导小组（2分）；制定方案（三分）", "5", "成立领导小组；制定方案"),
        ("思想建设[权重20%]", "20", "思想建设"),
        ("学习不少于2次。满分4分", "4", "学习不少于2次。"),
    ],
)
def test_points_inside_a_text(text: str, value: str, rest: str):
    assert numbers.points_in(text) == (D(value), rest)


@pytest.mark.parametrize(
    "text",
    [
        "每少1次扣0.13分",
        "成立领导小组，得2分",
        "测试成绩80分以上",
        "满意率（90%）",
        "公共安全（2018-2020）",
        "缺一项扣（1分）以上的除外，扣1分",
    ],
)
def test_deductions_and_thresholds_are_no_points(text: str):
    assert numbers.points_in(text)[0] is None or "（1分）" in text


@given(st.integers(1, 9999))
def test_chinese_numbers_come_back(value: int):
    digits, units = "零一二三四五六七八九", ["", "十", "百", "千"]
    text, zero = "", False
    for place, char in enumerate(str(value)):
        unit = units[len(str(value)) - place - 1]
        if char == "0":
            zero = True
        else:
            text += ("零" if zero else "") + digits[int(char)] + unit
            zero = False
    assert numbers.chinese_number(text) == value


@given(st.text(max_size=60))
def test_readers_never_fall_over(text: str):
    numbers.points_of(text)
    numbers.points_in(text, loose=True)
    codes.split_code(text)
    codes.read_code(text)
    scoring.read_rule(text, D(2), 4)
    cadence.read_cadence(text, text, text)
    needs.read_needs(text)
    leads.read_leads(text, text)
    columns.meaning_of((text, text))
    titles.split_title(text, long=30)
    titles.cut(text)
    legend.read_legend([text])


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("1.1.1党组专题研究", "1.1.1", "党组专题研究"),
        ("Ⅲ-12 一把手带头", "Ⅲ-12", "一把手带头"),
        ("DJ-1-01 第一议题", "DJ-1-01", "第一议题"),
        ("（一）领导重视", "(一)", "领导重视"),
        ("①党建一体推进", "①", "党建一体推进"),
        ("一、组织领导", "一", "组织领导"),
        ("第三部分 服务", "第三部分", "服务"),
        ("12．开展活动", "12", "开展活动"),
        ("1 组织领导", "1", "组织领导"),
        ("A1领导班子", "A1", "领导班子"),
    ],
)
def test_code_in_front_of_a_title(text: str, code: str, rest: str):
    found, left = codes.split_code(text)
    assert found is not None and (found.text, left) == (code, rest)


@pytest.mark.parametrize(
    "text",
    [
        "3个以上兴趣小组",
        "2.5分以上",
        "24小时值班",
        "2025年工作",
        "一次性办结",
        "三会一课",
        "一把手带头",
        "百姓宣讲",
        "AB角制度",
        "5A级景区",
        "80%以上",
    ],
)
def test_no_code_in_front(text: str):
    assert codes.split_code(text) == (None, text)


@pytest.mark.parametrize(
    ("text", "points", "target", "wanted"),
    [
        ("每缺一次扣1分，扣完为止", 3, 4, scoring.Count(4, D(1))),
        ("每缺一次扣1分，扣完为止", 3, None, scoring.Deduct(D(1), "每缺一次")),
        ("年度目标40次，每少1次扣0.01分，扣完为止", "0.4", 52, scoring.Count(40, D("0.01"))),
        ("年度目标1次，未完成扣0.25分，扣完为止", "0.25", None, scoring.Count(1, D("0.25"))),
        ("达到95%以上得满分，低于70%不得分", 2, None, scoring.Rate(D(95), D(70), False)),
        (
            "达标率不低于95%得满分；70%至95%之间按线性比例得分；低于70%不得分",
            1,
            None,
            scoring.Rate(D(95), D(70), True),
        ),
        ("满意率不低于90%为A档，80%至90%为B档，低于80%为C档", 1, None, scoring.Survey(D(90), D(80))),
        (
            "A档得满分，B档得66%，C档得33%",
            1,
            None,
            scoring.Grade((("A", D(1)), ("B", D("0.66")), ("C", D("0.33")))),
        ),
        (
            "A得2分，B得1.5分，C得1分，D不得分",
            2,
            None,
            scoring.Grade((("A", D(1)), ("B", D("0.75")), ("C", D("0.5")), ("D", D(0)))),
        ),
        ("达到要求得满分，未达到不得分", 1, None, scoring.YesNo()),
        ("未制定不得分，缺一级扣0.5分", 2, None, scoring.Deduct(D("0.5"), "缺一级", "未制定不得分")),
        ("每发现一处扣0.07分，扣完为止", 1, None, scoring.Deduct(D("0.07"), "每发现一处")),
        ("未开展扣2分", 2, None, scoring.YesNo()),
    ],
)
def test_rules(text: str, points: object, target: int | None, wanted: scoring.Rule):
    rule, _ = scoring.read_rule(text, D(str(points)), target)
    assert rule == wanted
    assert scoring.from_json(json.loads(json.dumps(scoring.to_json(wanted)))) == wanted


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "magic"},
        {"kind": "count", "target": 0, "deduct_each": "1"},
        {"kind": "deduct", "each": "-1"},
        {"kind": "rate", "target": "x", "floor": "1"},
        {"kind": "yes_no", "colour": "1"},
        {"kind": "grade", "levels": [["A", "7"]]},
        {"kind": "count", "target": 2, "deduct_each": "NaN"},
    ],
)
def test_rules_from_json_are_checked(data: dict[str, object]):
    with pytest.raises(ValueError):
        scoring.from_json(data)


C = cadence.Cycle


@pytest.mark.parametrize(
    ("column", "words", "rule", "cycle", "times", "target"),
    [
        ("每季度", "", "", C.QUARTER, 1, None),
        ("每年2次", "", "", C.YEAR, 2, None),
        ("每季度2次", "", "", C.QUARTER, 2, None),
        ("每届期", "", "", C.CYCLE, 1, None),
        ("事项触发", "每年一次", "", C.EVENT, 1, None),
        ("每两月", "", "", C.TWO_MONTHS, 1, None),
        ("每周", "", "年度目标40次，每少1次扣0.01分", C.WEEK, 1, 40),
        ("2次/年", "", "", C.YEAR, 2, None),
        ("月报", "", "", C.MONTH, 1, None),
        ("半年", "", "", C.HALF_YEAR, 1, None),
        ("", "理论学习中心组集体学习研讨每季度不少于1次", "", C.QUARTER, 1, None),
        ("", "党组每年专题研究意识形态工作不少于2次", "", C.YEAR, 2, None),
        ("", "党建工作领导小组每年4月、10月各召开一次会议", "", C.HALF_YEAR, 1, None),
        ("", "重要节假日前发出廉洁提醒，全年不少于4次", "", C.YEAR, 4, None),
        ("", "每月固定1天开展主题党日", "", C.MONTH, 1, None),
        ("", "职工代表每届培训不少于1次", "", C.CYCLE, 1, None),
        ("", "实行党员积分管理并按季公示", "", C.QUARTER, 1, None),
    ],
)
def test_cadences(column: str, words: str, rule: str, cycle: C, times: int, target: int | None):
    assert cadence.read_cadence(column, words, rule)[0] == cadence.Cadence(cycle, times, target)


@pytest.mark.parametrize("words", ["落实主体责任", "3个月内完成整改", "一季度内印发方案", "近三年内无违纪"])
def test_no_cadence(words: str):
    assert cadence.read_cadence("", words)[0] is None


def test_needs():
    found = needs.read_needs(
        "工作意见（正式文件，带文号）；会场照片（不少于2张）；活动照片（注明时间、地点、人物）；网站链接；宣传视频；统计表；自评报告；结业证明"
    )
    assert [(need.kind, need.least) for need in found] == [
        ("document", 1),
        ("picture", 2),
        ("picture", 1),
        ("link", 1),
        ("media", 1),
        ("table", 1),
        ("report", 1),
        ("other", 1),
    ]
    assert found[0].doc_no and found[1].name == "会场照片" and found[2].fields == ("time", "place", "people")
    assert [need.name for need in needs.read_needs("责任清单（正式文件）、考核结果")] == [
        "责任清单（正式文件）",
        "考核结果",
    ]
    assert (
        needs.read_needs("三张清单")[0].least == 1
        and needs.read_needs("照片3张")[0].least == 3
        and needs.read_needs("无") == []
    )


@pytest.mark.parametrize(
    ("text", "co_text", "lead", "co"),
    [
        ("办公室（创建办）", "", "办公室（创建办）", []),
        ("牵头：宣传处；配合：人事处、财务处", "", "宣传处", ["人事处", "财务处"]),
        ("办公室、人事处", "", "办公室", ["人事处"]),
        ("人事科、机关工会（牵头）", "", "机关工会", ["人事科"]),
        ("办公室牵头，人事处、财务处配合", "", "办公室", ["人事处", "财务处"]),
        ("办公室 人事处", "", "办公室", ["人事处"]),
        ("宣传处", "各处室、机关党委", "宣传处", ["各处室", "机关党委"]),
        ("", "各处室", "", ["各处室"]),
        ("无", "", "", []),
        ("牵头单位：法规处", "—", "法规处", []),
        ("办公室/人事处", "人事处", "办公室", ["人事处"]),
    ],
)
def test_leads(text: str, co_text: str, lead: str, co: list[str]):
    assert leads.read_leads(text, co_text)[:2] == (lead, co)


@pytest.mark.parametrize(
    ("scope", "lead", "per"),
    [
        ("单位", "各支部", "unit"),
        ("党支部", "", "branch"),
        ("", "各支部", "branch"),
        ("", "各处室", "department"),
        ("", "业务处室", "department"),
        ("", "办公室", "unit"),
        ("各处室", "办公室", "department"),
    ],
)
def test_performers(scope: str, lead: str, per: str):
    assert leads.read_performer(scope, lead)[0] == per


@pytest.mark.parametrize(
    ("lines", "meaning"),
    [
        (("测评项目",), "area"), (("Ⅰ级指标",), "area"), (("二级指标",), "section"), (("考评要求",), "requirement"), (("检查细则",), "requirement"), (("标准分",), "points"), (("权 重",), "points"),
        (("扣分标准",), "rule"), (("评分细则",), "rule"), (("考核方式",), "methods"), (("佐证材料",), "needs"), (("报送材料",), "needs"), (("周期",), "cadence"), (("责任处室",), "lead"), (("责任单位", "牵头"), "lead"),
        (("责任单位", "配合"), "co"), (("配合处室",), "co"), (("适用层级",), "scope"), (("必备/一般",), "mandatory"), (("序号",), "serial"), (("指标代码",), "code"), (("备注",), "note"), (("得分",), "ignore"), (("自评分",), "ignore"),
        (("测评方法", "材料审核"), "tick"), (("分值", "实得分"), "ignore"), (("一级指标", "名称"), "area"), (("一级指标", "分值"), "group_points"),
    ],
)  # fmt: skip
def test_header_words(lines: tuple[str, ...], meaning: str):
    guess = columns.meaning_of(lines)
    assert guess is not None and guess.meaning == meaning and guess.meaning in columns.MEANINGS


def test_titles_and_parts():
    assert titles.split_title("一把手带头：每年不少于2次", long=30) == ("一把手带头", "每年不少于2次")
    assert titles.split_title("短名称", long=30) == ("短名称", "")
    assert titles.split_title("【廉政】开展警示教育，有记录", long=30) == ("廉政", "开展警示教育，有记录")
    long = "建立健全各项工作制度，做到有计划、有部署、有检查、有总结，资料齐全完整规范"
    assert titles.split_title(long, long=30) == ("建立健全各项工作制度", long)
    assert [numbers.points_in(part, loose=True) for part in titles.cut("1.甲（2分）；2.乙（3分）")] == [
        (D(2), "1.甲"),
        (D(3), "2.乙"),
    ]
    assert [numbers.points_in(part, loose=True)[0] for part in titles.cut("1.甲（2分）；2.乙")] == [
        D(2),
        None,
    ]


def test_legend():
    found = legend.read_legend(["注：A为材料审核，B为实地考察；★为必备指标", "√表示采用该方法"])
    assert found["A"] == "材料审核" and found["B"] == "实地考察" and legend.marks_mandatory(found["★"])


def test_grades_by_name_and_by_equation():
    named, _ = scoring.read_rule("优秀得6分，良好得4分，其他不得分", D(6))
    assert isinstance(named, scoring.Grade) and named.levels == (
        ("优秀", D(1)),
        ("良好", D("0.6667")),
        ("其他", D(0)),
    )
    equal, _ = scoring.read_rule("A=100%，B=80%，C=60%，D=0", D(10))
    assert isinstance(equal, scoring.Grade) and equal.levels[:3] == (
        ("A", D(1)),
        ("B", D("0.8")),
        ("C", D("0.6")),
    )
