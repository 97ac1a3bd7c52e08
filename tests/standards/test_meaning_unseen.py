"""Wordings of published rules written down before the reader had seen them: what each must be understood as."""

from decimal import Decimal

import pytest

from taizhang.standards.rules.cadence import read_cadence
from taizhang.standards.rules.leads import read_performer
from taizhang.standards.rules.scoring import Count, read_rule

Row = tuple[str, str, int | None, str, tuple[str, ...], int | None]
#: rule, points, times a year by its cadence, requirement, kinds that are right, target of a count
RULES: list[Row] = [
    ("未上传0分", "2", 1, "上传盖章文件1份", ("yes_no",), None),
    ("未举办0分", "3", 1, "举办宣讲1场，上传视频或图片", ("yes_no",), None),
    ("没有评选的，0分", "3", None, "两年一届评选单位道德模范", ("yes_no",), None),
    ("欠薪即零分", "3", None, "按月足额支付农民工工资", ("yes_no",), None),
    ("未报告0分。", "3", 1, "每年向上级报告情况不少于1次", ("yes_no",), None),
    ("按期完成得3分，否则零分", "3", None, "按期完成年度任务", ("yes_no",), None),
    ("逾期不报的记零分", "2", None, "每年12月底前报送总结", ("yes_no",), None),
    ("没做到，一分不给", "2", None, "公开承诺", ("yes_no",), None),
    ("有则满分，无则零分", "2", None, "设立学雷锋志愿服务站", ("yes_no",), None),
    ("查有实据的，本项清零", "5", None, "无违规收费", ("yes_no",), None),
    ("无台账，0分", "2", None, "建立台账", ("yes_no",), None),
    ("未开展，不得分", "2", None, "开展主题活动", ("yes_no",), None),
    ("做到得2分，做不到0分", "2", None, "公示办事流程", ("yes_no",), None),
    ("报到率每低1%扣0.2分", "6", None, "在职党员进社区报到率100%", ("rate",), None),
    (
        "报到率每低1%扣0.2分，参与率每低1%扣0.2分。",
        "6",
        None,
        "在职党员进社区报到率、参与率均为100%",
        ("rate",),
        None,
    ),
    ("每低1个百分点扣0.5分", "4", None, "按期办结率达到98%", ("rate",), None),
    ("每少1个百分点扣0.5分，扣完为止", "4", None, "参训率不低于90%", ("rate",), None),
    ("每降低2个百分点扣1分", "5", None, "回访满意率95%以上", ("rate", "survey"), None),
    ("每差一个百分点扣0.1分", "3", None, "完成率100%", ("rate",), None),
    ("达不到的，每下降5%扣1分", "4", None, "志愿者注册率达到在职职工的80%", ("rate",), None),
    ("未达标的按每低1%扣0.3分", "3", None, "垃圾分类准确率95%以上", ("rate",), None),
    (
        "以第三方问卷为准，每低1个百分点扣1分。",
        "4",
        None,
        "服务对象满意率不低于98%",
        ("survey", "rate"),
        None,
    ),
    (
        "委托第三方调查，满意度低于90%的，每低1个百分点扣0.2分",
        "5",
        None,
        "群众满意度",
        ("survey", "rate"),
        None,
    ),
    ("问卷知晓率95%以上满分，每低1个百分点扣0.1分", "5", None, "创建知晓率", ("survey", "rate"), None),
    ("按测评得票率折算得分", "5", None, "职工测评", ("rate", "survey"), None),
    ("缺1讲扣1分", "4", 4, "举办“道德讲堂”，全年4讲", ("count",), 4),
    ("缺1讲扣1分", "4", None, "举办“道德讲堂”，全年4讲", ("count",), 4),
    ("每少1期扣0.5分", "2", None, "编发简报全年不少于4期", ("count",), 4),
    ("每少一篇扣0.5分", "3", None, "全年上报信息6篇以上", ("count",), 6),
    ("少1课扣1分", "3", None, "每年讲党课3课", ("count",), 3),
    ("每少一件扣1分", "4", None, "全年办理民生实事4件", ("count",), 4),
    ("每缺1户扣0.5分", "5", None, "全年走访困难群众10户", ("count",), 10),
    ("少发1条扣0.2分", "2", None, "全年发布信息10条", ("count",), 10),
    ("少1个扣1分", "3", None, "每年培树先进典型3个", ("count",), 3),
    ("每季度不少于1次，缺1次扣0.5分", "2", 4, "中心组学习", ("count",), 4),
    ("一次不落得满分，每缺一次扣0.5分", "2", 4, "每季度研讨1次", ("count",), 4),
    ("全年应开展12次，每少开展1次扣0.25分", "3", None, "主题党日", ("count",), 12),
    ("未按月开展的，缺一个月扣0.2分", "2.4", 12, "每月开展主题党日", ("count",), 12),
    ("两次活动，每次2分", "4", 2, "每年开展两次志愿服务", ("count",), 2),
    ("两项活动各2分", "4", None, "开展读书、演讲活动", ("deduct", "yes_no", "count", "grade"), None),
    ("每举办1场得1分，最高4分", "4", None, "举办文体活动", ("count",), 4),
    ("每季度1次得0.5分", "2", 4, "每季度开展警示教育", ("count",), 4),
    ("A.制度健全，落实到位 B.制度健全，落实一般 C.制度不健全 G.没有制度", "3", None, "", ("grade",), None),
    ("优秀得3分，良好得2分，一般得1分，差0分", "3", None, "环境整洁", ("grade",), None),
    ("好：3分；较好：2分；一般：1分", "3", None, "", ("grade",), None),
    ("完全达到得100%，基本达到得60%，未达到0分", "5", None, "", ("grade",), None),
    ("齐全规范5分，较齐全3分，不齐全1分", "5", None, "", ("grade",), None),
    ("第一名得5分，第二名得4分，第三名得3分，其他得2分", "5", None, "", ("grade",), None),
    ("前三名得满分，四至六名得一半分，其余不得分", "5", None, "", ("grade",), None),
    ("参与率90%以上得3分，80%以上得2分，80%以下0分", "3", None, "", ("grade", "rate"), None),
    ("发现一处脏乱扣0.5分，扣完为止", "4", None, "环境整洁", ("deduct",), None),
    ("发现1例倒扣1分", "3", None, "上班时间不玩游戏", ("deduct",), None),
    ("查实一起扣2分", "5", None, "无有效投诉", ("deduct",), None),
    ("缺一项材料减0.5分", "3", None, "档案齐全", ("deduct",), None),
    ("被通报1次扣1分，被曝光1次扣2分", "4", None, "", ("deduct",), None),
    ("未及时响应一次扣1分", "3", None, "突发事件应急志愿服务", ("deduct",), None),
    ("每迟报1天扣0.1分", "2", None, "按时报送", ("deduct",), None),
    ("1人不合格扣0.5分", "2", None, "全员考试", ("deduct",), None),
    ("有1名党员未参加扣0.2分", "2", None, "全体参加", ("deduct",), None),
    ("脱岗发现一次扣0.5分，两次以上0分", "2", None, "值班不脱岗", ("deduct",), None),
    ("按实际覆盖率计分", "3", None, "体检覆盖率", ("rate",), None),
    ("得分=覆盖率×分值", "3", None, "体检覆盖率", ("rate",), None),
    ("实际完成数/计划数×分值", "5", None, "", ("rate", "count"), None),
    ("达到80%得满分，未达到的按比例扣分", "4", None, "注册率80%以上", ("rate",), None),
    ("参与率不足80%的0分", "3", None, "志愿服务参与率", ("rate",), None),
    ("低于90%零分", "3", None, "满意度90%以上", ("rate", "survey"), None),
    ("满意率90%以上为A，80%以上为B，其余为C", "3", None, "", ("survey",), None),
    ("很满意和满意合计占90%以上得4分，每降1个百分点减0.2分", "4", None, "", ("rate", "survey"), None),
]


#: two more batches, written before each was tried
MORE: list[Row] = [
    ("没建的零分", "2", None, "建有心理咨询室", ("yes_no",), None),
    ("缺失即0分", "2", None, "有公示栏", ("yes_no",), None),
    ("未完成此项不计", "2", None, "完成注册", ("yes_no",), None),
    ("建立得2分，否则不得分", "2", None, "建立制度", ("yes_no",), None),
    ("有1项不符即不得分", "3", None, "三公开", ("yes_no", "deduct"), None),
    ("发生一起，该项分全部扣除", "5", None, "无安全事故", ("yes_no", "deduct"), None),
    ("未落实扣3分", "3", None, "落实首问负责制", ("yes_no",), None),
    ("未制定的扣2分", "2", None, "制定规划", ("yes_no",), None),
    ("未纳入预算扣完该项分", "2", None, "经费纳入预算", ("yes_no",), None),
    ("获得得5分，未获得不得分", "5", None, "获评先进", ("yes_no",), None),
    ("满意率每降一个百分点扣0.3分", "6", None, "满意率90%", ("rate", "survey"), None),
    ("95%为基数，每下降1%扣0.5分", "5", None, "办结率", ("rate",), None),
    ("以90%为满分，每低1个百分点扣0.1分", "3", None, "知晓率", ("rate", "survey"), None),
    ("覆盖率100%得4分，每低10%扣1分", "4", None, "", ("rate",), None),
    ("按出勤率计算得分", "3", None, "出勤率", ("rate",), None),
    ("按完成比例得分", "3", None, "任务完成", ("rate",), None),
    ("未达100%按比例扣减", "3", None, "持证上岗率100%", ("rate",), None),
    ("低于80%不得分，80%—95%之间按比例计分", "3", None, "参训率95%", ("rate",), None),
    ("每缺一期扣1分", "4", None, "每季度出刊一期", ("count",), 4),
    ("每缺一期扣1分", "4", 4, "每季度出刊一期", ("count",), 4),
    ("少一场扣1分", "3", None, "全年举办专题讲座3场", ("count",), 3),
    ("每少1人次扣0.5分", "2", None, "全年选派讲解员4人次", ("count", "deduct"), None),
    ("少于12次的，每少1次扣0.2分", "2.4", None, "主题党日", ("count",), 12),
    ("缺一次扣一分", "2", 2, "半年一次", ("count",), 2),
    ("每月1次，每次0.2分", "2.4", 12, "每月开展活动", ("count",), 12),
    ("漏报1次扣0.5分", "2", 4, "每季度报送", ("count",), 4),
    ("未按季度开展的每次扣0.5分", "2", 4, "每季度开展", ("count", "deduct"), None),
    ("1次不到位扣0.5分", "2", None, "迎检到位", ("deduct",), None),
    ("有一处乱贴乱画扣0.2分", "2", None, "墙面整洁", ("deduct",), None),
    (
        "每项1分，缺项不得分",
        "3",
        None,
        "有方案、有总结、有照片",
        ("deduct", "count", "yes_no", "grade"),
        None,
    ),
    ("每出现1人违纪扣3分", "6", None, "无违纪", ("deduct",), None),
    ("酌情扣1—3分", "3", None, "台账规范", ("deduct", "grade"), None),
    ("迟到早退1人次扣0.1分", "1", None, "遵守纪律", ("deduct",), None),
    ("扣分不超过2分，每处0.5分", "2", None, "无卫生死角", ("deduct", "count"), None),
    ("优：5分；良：4分；中：3分；差：0分", "5", None, "", ("grade",), None),
    ("A级4分，B级3分，C级2分，D级0分", "4", None, "", ("grade",), None),
    ("一等5分、二等3分、三等1分", "5", None, "", ("grade",), None),
    ("国家级5分，省级4分，市级3分，县级1分", "5", None, "获奖", ("grade",), None),
    ("全面落实3分，部分落实1—2分，未落实0分", "3", None, "", ("grade",), None),
    ("完成得满分，部分完成得一半分，未完成0分", "4", None, "", ("grade",), None),
    ("分优秀、良好、合格、不合格四档，分别得4、3、2、0分", "4", None, "", ("grade",), None),
    ("排名前10%得5分，前30%得3分，其他1分", "5", None, "", ("grade", "rate"), None),
    ("由测评组根据现场情况打分", "5", None, "", ("grade",), None),
    ("A：完全落实；B：基本落实；C：未落实", "3", None, "", ("grade",), None),
    ("A、制度健全；B、制度不够健全；C、没有制度", "3", None, "", ("grade",), None),
    ("满意率≥95%为A，≥85%为B，<85%为C", "4", None, "", ("survey",), None),
    ("A≥90%；B≥80%；C<80%", "4", None, "群众满意度", ("survey", "grade", "rate"), None),
    ("问卷平均得分×权重", "5", None, "问卷", ("rate", "survey"), None),
    ("没有制度0分，制度不健全扣1分", "2", None, "", ("deduct", "yes_no", "grade"), None),
    ("缺1户扣0.5分", "4", None, "每年结对帮扶8户", ("count",), 8),
    ("每少1讲扣1分，扣完为止", "4", None, "全年开讲4讲", ("count",), 4),
    ("少1场次扣0.5分", "2", 4, "每季度1场", ("count",), 4),
    ("1次未开扣0.5分", "2", 4, "每季度1次", ("count",), 4),
    ("有一个季度没开展扣0.5分", "2", 4, "每季度1次", ("count",), 4),
    ("缺少一个月扣0.1分", "1.2", 12, "每月更新", ("count",), 12),
    ("少于1次/月的，每少1次扣0.1分", "1.2", 12, "每月1次", ("count",), 12),
    ("未按要求召开的每次扣0.5分", "2", 4, "每季度召开", ("deduct", "count"), None),
    ("达到目标得满分，每少1个百分点扣0.2分", "4", None, "注册率≥80%", ("rate",), None),
    ("以100%为基准，每降2%扣0.1分", "2", None, "", ("rate",), None),
    ("不足90%的，每低1%扣0.1分；低于60%不得分", "3", None, "", ("rate",), None),
    ("每低于标准1个百分点扣0.1分", "3", None, "参与率95%", ("rate",), None),
    ("低1个百分点扣0.5分", "3", None, "按时办结率100%", ("rate", "deduct"), None),
    ("根据问卷调查结果，满意率每低1%扣0.1分", "4", None, "满意率90%", ("rate", "survey"), None),
    ("满意度=（满意数+基本满意数）/总数×100%，得分=满意度×4", "4", None, "", ("rate", "survey"), None),
    (
        "90分以上得满分，80—89分得3分，70—79分得2分，70分以下不得分",
        "4",
        None,
        "知识测试平均分",
        ("grade",),
        None,
    ),
    ("达10篇以上得4分，8篇以上得3分，5篇以上得2分", "4", None, "信息报送", ("grade", "count"), None),
    ("4次以上4分，3次3分，2次2分，1次1分", "4", None, "", ("grade", "count"), None),
    ("未评为文明处室的，不得分", "2", None, "", ("yes_no",), None),
    ("有即得分", "2", None, "有志愿服务队", ("yes_no",), None),
    ("符合要求计2分", "2", None, "", ("yes_no",), None),
    ("达标满分，不达标0分", "2", None, "", ("yes_no",), None),
    ("是得2分，否得0分", "2", None, "", ("yes_no",), None),
    ("做到的满分，做不到的零分", "2", None, "", ("yes_no",), None),
    ("每项0.5分", "2", None, "有制度、有队伍、有阵地、有记录", ("count", "deduct", "grade"), None),
    ("制度、台账各1分", "2", None, "", ("deduct", "yes_no", "grade"), None),
    ("制度1分，台账1分", "2", None, "", ("deduct", "yes_no", "grade"), None),
    ("每有一例扣1分，情节严重的不得分", "5", None, "", ("deduct",), None),
    ("发现未佩戴工作牌1人扣0.2分", "2", None, "", ("deduct",), None),
    ("每有1人次不文明行为扣0.1分", "2", None, "", ("deduct",), None),
    ("投诉1件查实扣1分", "4", None, "", ("deduct",), None),
    ("超时1件扣0.5分", "4", None, "", ("deduct",), None),
    ("缺项酌情扣分", "4", None, "", ("grade", "deduct"), None),
    ("按优、良、中、差赋分", "4", None, "", ("grade",), None),
    ("好、较好、一般、差分别得3、2、1、0分", "3", None, "", ("grade",), None),
    ("A档100%，B档60%，C档30%", "3", None, "", ("grade",), None),
    ("符合3条为A，符合2条为B，符合1条为C", "3", None, "", ("grade",), None),
    ("得分率95%以上为A，85%以上为B，其他为C", "3", None, "测评", ("survey", "grade"), None),
    ("一票否决", "3", None, "", ("yes_no",), None),
]


def right(row: Row) -> bool:
    text, points, target, around, kinds, wanted = row
    rule, _ = read_rule(text, Decimal(points), target, around)
    if rule is None or rule.kind not in kinds:
        return False
    return wanted is None or (isinstance(rule, Count) and rule.target == wanted)


@pytest.mark.parametrize("row", [*RULES, *MORE], ids=[row[0] for row in [*RULES, *MORE]])
def test_a_wording_is_the_rule_it_means(
    row: Row,
) -> None:
    text, points, target, around, _, _ = row
    assert right(row), read_rule(text, Decimal(points), target, around)


#: column, requirement, cycle, times
CADENCES: list[tuple[str, str, str | None, int]] = [
    ("接到通知后2小时内", "突发事件应急志愿服务", "event", 1),
    ("活动结束后3个工作日内", "上传活动资料", "event", 1),
    ("发生后24小时内", "上报", "event", 1),
    ("", "突发事件发生后24小时内上报", "event", 1),
    ("收到投诉之日起5个工作日内", "办结", "event", 1),
    ("事发1小时内", "报告", "event", 1),
    ("会后一周内", "印发纪要", "event", 1),
    ("3日内", "反馈", "event", 1),
    ("当天", "处理", "event", 1),
    ("遇事即报", "", "event", 1),
    ("3月15日前", "印发年度计划", "year", 1),
    ("次年1月底前", "报送总结", "year", 1),
    ("12月31日", "", "year", 1),
    ("每季度末", "", "quarter", 1),
    ("每月25日前", "报送信息", "month", 1),
    ("季后10日内", "报送报表", "quarter", 1),
    ("每月底", "", "month", 1),
    ("6月底、12月底", "", "half_year", 1),
    ("全年4讲", "", "year", 4),
    ("", "举办“道德讲堂”，全年4讲", "year", 4),
    ("", "每年讲党课2课", "year", 2),
    ("", "每季度走访1户", "quarter", 1),
    ("", "每逢重大节日慰问困难职工", "event", 1),
    ("", "每学期两次家访", "half_year", 2),
    ("每学期初", "", "half_year", 1),
    ("每周五", "", "week", 1),
    ("周一至周五", "", "week", 1),
    ("逐月", "", "month", 1),
    ("按季", "", "quarter", 1),
    ("年中、年末各一次", "", "half_year", 1),
]


@pytest.mark.parametrize(("column", "requirement", "cycle", "times"), CADENCES)
def test_a_period_is_the_cadence_it_means(
    column: str, requirement: str, cycle: str | None, times: int
) -> None:
    found = read_cadence(column, requirement).cadence
    assert (found.cycle.value if found else None, found.times if found else 1) == (cycle, times), found


#: scope column, lead, title and requirement, who delivers
PERFORMERS = [
    ("", "机关党委", "各党支部书记讲党课每年1次", "branch"),
    ("", "机关党委", "各支部委员每季度谈心谈话1次", "branch"),
    ("", "机关党委", "各基层党组织每月开展主题党日", "branch"),
    ("", "机关党委", "所属党支部每季度召开党员大会", "branch"),
    ("", "办公室", "机关各部门每月开展卫生评比", "department"),
    ("", "办公室", "各窗口每周点评一次", "department"),
    ("", "办公室", "各科室长每季度讲评一次", "department"),
    ("", "工会", "工青妇每年联合举办职工运动会", "unit"),
    ("各党支部", "", "", "branch"),
    ("各窗口", "", "", "department"),
    ("机关各部门", "", "", "department"),
    ("全体处室", "", "", "department"),
    ("", "机关党委", "指导各支部开展主题党日", "unit"),
    ("", "办公室", "向各处室通报情况", "unit"),
]


@pytest.mark.parametrize(("scope", "lead", "text", "per"), PERFORMERS)
def test_who_is_named_as_acting_delivers(scope: str, lead: str, text: str, per: str) -> None:
    assert read_performer(scope, lead, text)[0] == per
