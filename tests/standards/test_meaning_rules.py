"""Phrases of real assessment standards and the scoring rule each means: written before the reader was."""

from decimal import Decimal
from typing import Any

import pytest

from taizhang.standards.rules import scoring
from taizhang.standards.rules.scoring import GUESS, LIKELY, SURE, read_rule, to_json

#: text, points, how often a year (from the cadence), kind, parameters that must hold, the certainty at most claimed
PHRASES: list[tuple[str, str | None, int | None, str, dict[str, Any], str]] = [
    # deductions for what is missing
    ("每缺一次扣1分，扣完为止", "4", None, "deduct", {"each": "1"}, SURE),
    ("每缺一次扣1分，扣完为止", "4", 4, "count", {"target": 4, "deduct_each": "1"}, SURE),
    ("少一次扣0.5分", "2", None, "deduct", {"each": "0.5"}, SURE),
    ("少一次扣０．５分", "2", 4, "count", {"target": 4, "deduct_each": "0.5"}, SURE),
    ("每少一次扣一分", "4", 4, "count", {"target": 4, "deduct_each": "1"}, SURE),
    ("缺1次扣0.5分，扣完本项分值为止", "2", None, "deduct", {"each": "0.5"}, SURE),
    ("每少开展1次扣0.25分", "1", 4, "count", {"target": 4, "deduct_each": "0.25"}, SURE),
    ("全年不少于4次，每少1次扣0.5分", "2", None, "count", {"target": 4, "deduct_each": "0.5"}, SURE),
    ("每季度至少1次，缺1次扣0.5分", "2", None, "count", {"target": 4, "deduct_each": "0.5"}, SURE),
    ("年度目标12次，每少1次扣0.1分，扣完为止", "1.2", None, "count", {"target": 12, "deduct_each": "0.1"}, SURE),
    ("每月1次，少一次扣0.2分", "2.4", None, "count", {"target": 12, "deduct_each": "0.2"}, SURE),
    ("缺1项扣0.2分，扣完本项分值为止", "1", None, "deduct", {"each": "0.2"}, SURE),
    ("每缺一项扣0.5分", "3", None, "deduct", {"each": "0.5"}, SURE),
    ("缺少一项制度扣１分", "5", None, "deduct", {"each": "1"}, SURE),
    ("没有的扣2分", "4", None, "deduct", {"each": "2"}, LIKELY),
    ("没有的扣2分", "2", None, "yes_no", {}, LIKELY),
    ("未制定计划扣1分，未总结扣1分", "2", None, "deduct", {"each": "1"}, LIKELY),
    ("没有年度学习计划扣1分；没有及时开展政治学习扣1分；未按要求举办道德讲堂扣1分", "10", None, "deduct", {"each": "1"}, LIKELY),
    ("机关党组织未按期换届扣3分；未按要求配备党务干部扣2分", "15", None, "deduct", {"each": "2"}, LIKELY),
    # deductions for what is found
    ("每发现1处不符合扣0.5分，最多扣3分", "3", None, "deduct", {"each": "0.5"}, SURE),
    ("每发现1处不符合扣0.5分，最多扣3分", "5", None, "deduct", {"each": "0.5"}, LIKELY),
    ("发现一处不符合要求扣0.1分", "2", None, "deduct", {"each": "0.1"}, SURE),
    ("每发现一次，扣3分，扣完为止", "10", None, "deduct", {"each": "3"}, SURE),
    ("未参加活动的，每发现一次，扣3分，扣完为止", "10", None, "deduct", {"each": "3"}, SURE),
    ("有乱搭乱建现象扣2分；有不规范性墙体广告，扣2分", "6", None, "deduct", {"each": "2"}, LIKELY),
    ("人员落实不到位，各扣1分", "4", None, "deduct", {"each": "1"}, LIKELY),
    ("被通报批评的每次扣1分", "3", None, "deduct", {"each": "1"}, SURE),
    ("未按要求完成工作任务，每次扣0.1分；被通报批评的，每次扣0.5分", "5", None, "deduct", {"each": "0.1"}, LIKELY),
    ("受到诫勉的扣1分，受到轻处分的扣3分，受到重处分的扣5分", "10", None, "deduct", {"each": "1"}, LIKELY),
    ("每有1人未参加扣0.1分", "1", None, "deduct", {"each": "0.1"}, SURE),
    ("迟报1次扣0.2分，漏报1次扣0.5分", "2", None, "deduct", {"each": "0.2"}, LIKELY),
    ("每逾期1天扣0.1分", "1", None, "deduct", {"each": "0.1"}, SURE),
    ("材料不齐全的，每缺一份扣0.3分", "2", None, "deduct", {"each": "0.3"}, SURE),
    ("扣0.5分/处，扣完为止", "2", None, "deduct", {"each": "0.5"}, SURE),
    ("每处减0.5分", "2", None, "deduct", {"each": "0.5"}, SURE),
    ("酌情扣0.5—1分", "2", None, "deduct", {"each": "0.5"}, GUESS),
    ("视情扣1～2分", "3", None, "deduct", {"each": "1"}, GUESS),
    ("发现一起扣百分之五十", "2", None, "deduct", {"each": "1"}, LIKELY),
    ("未建立制度不得分，制度不完善每缺一项扣0.5分", "2", None, "deduct", {"each": "0.5", "forfeit": "未建立制度不得分"}, LIKELY),
    ("未开展的不得分，每少一次扣0.5分", "2", None, "deduct", {"each": "0.5", "forfeit": "未开展的不得分"}, LIKELY),
    ("无专人负责扣半分", "2", None, "deduct", {"each": "0.5"}, LIKELY),
    ("每少1人扣1分半", "6", None, "deduct", {"each": "1.5"}, SURE),
    ("台账不规范扣0.2分，缺失每项扣0.1分", "1", None, "deduct", {"each": "0.1"}, LIKELY),
    # all or nothing
    ("未开展不得分", "2", None, "yes_no", {}, SURE),
    ("未开展的不得分。", "2", None, "yes_no", {}, SURE),
    ("有得1分，无不得分", "1", None, "yes_no", {}, SURE),
    ("有，得1分；没有，不得分", "1", None, "yes_no", {}, SURE),
    ("是否成立领导小组，是得满分", "1", None, "yes_no", {}, LIKELY),
    ("是否建立学习制度，是得满分，否不得分", "1", None, "yes_no", {}, SURE),
    ("符合要求得分，否则不得分", "1", None, "yes_no", {}, SURE),
    ("符合要求得2分，否则得零分", "2", None, "yes_no", {}, SURE),
    ("按要求完成得满分，未完成得0分", "2", None, "yes_no", {}, SURE),
    ("达标得分，不达标不得分", "2", None, "yes_no", {}, SURE),
    ("一票否决", "2", None, "yes_no", {}, LIKELY),
    ("出现此类情况，实行一票否决", "2", None, "yes_no", {}, LIKELY),
    ("随机询问5人，3人以上答对为合格", "2", None, "yes_no", {}, LIKELY),
    ("有专人负责得2分", "2", None, "yes_no", {}, LIKELY),
    ("已成立得2分", "2", None, "yes_no", {}, LIKELY),
    ("按要求报送的得满分", "1", None, "yes_no", {}, LIKELY),
    ("未召开会议的，该项不得分", "3", None, "yes_no", {}, SURE),
    ("缺一项该项不得分", "3", None, "yes_no", {}, SURE),
    ("发现弄虚作假的，此项记0分", "3", None, "yes_no", {}, SURE),
    ("未完成扣5分", "5", None, "yes_no", {}, LIKELY),
    ("没有计划或总结的不得分", "2", None, "yes_no", {}, SURE),
    ("全部达到要求计2分，有一项未达到不计分", "2", None, "yes_no", {}, SURE),
    ("完成计3分，未完成不计分", "3", None, "yes_no", {}, SURE),
    # rates
    ("达到95%以上得满分，低于70%不得分", "2", None, "rate", {"target": "95", "floor": "70"}, SURE),
    ("达到95%以上得满分，低于70%不得分，其间按比例得分", "2", None, "rate", {"target": "95", "floor": "70", "linear": True}, SURE),
    ("达到百分之九十五以上得满分，不足百分之七十不得分", "2", None, "rate", {"target": "95", "floor": "70"}, SURE),
    ("志愿者注册率达到100%得满分，每下降1个百分点扣0.1分", "2", None, "rate", {"target": "100", "floor": "80", "linear": True}, SURE),
    ("参训率达到95%以上得满分，每降低5%扣0.5分", "2", None, "rate", {"target": "95", "floor": "75", "linear": True}, SURE),
    ("参与率≥90%，每低于1个百分点扣0.2分", "2", None, "rate", {"target": "90", "floor": "80", "linear": True}, SURE),
    ("每下降1个百分点扣0.1分", "1", None, "deduct", {"each": "0.1"}, LIKELY),
    ("注册率未达到100%不得分", "2", None, "rate", {"target": "100", "floor": "100"}, LIKELY),
    ("低于80%不得分", "2", None, "rate", {"target": "80", "floor": "80"}, LIKELY),
    ("知晓率达90%以上得满分", "2", None, "rate", {"target": "90"}, LIKELY),
    ("知晓率达90%", "2", None, "rate", {"target": "90"}, GUESS),
    ("按完成比例得分", "2", None, "rate", {"target": "100", "floor": "0", "linear": True}, LIKELY),
    ("按实际完成比例计分", "2", None, "rate", {"target": "100", "floor": "0", "linear": True}, LIKELY),
    ("得分=实际次数÷应有次数×分值", "2", None, "rate", {"target": "100", "floor": "0", "linear": True}, LIKELY),
    ("得分＝实际完成数/应完成数×本项分值", "2", None, "rate", {"target": "100", "floor": "0", "linear": True}, LIKELY),
    ("按参加人数占应参加人数的比例计分", "2", None, "rate", {"target": "100", "floor": "0", "linear": True}, LIKELY),
    ("群众满意度测评得分×10%", "10", None, "rate", {"target": "100", "floor": "0", "linear": True}, LIKELY),
    ("完成率100%得满分，未完成的按比例得分", "3", None, "rate", {"target": "100", "floor": "0", "linear": True}, SURE),
    ("参学率不低于90%，达不到的不得分", "2", None, "rate", {"target": "90", "floor": "90"}, LIKELY),
    ("覆盖率达到九成以上得满分，否则不得分", "2", None, "rate", {"target": "90", "floor": "90"}, SURE),
    # steps
    ("参与率≥80%得3分，60%—80%得2分，60%以下不得分", "3", None, "grade", {"levels": [["80%以上", "1"], ["60%以上", "0.6667"], ["其余", "0"]]}, LIKELY),
    ("90%以上得2分，80%至90%得1分，80%以下不得分", "2", None, "grade", {"levels": [["90%以上", "1"], ["80%以上", "0.5"], ["其余", "0"]]}, LIKELY),
    ("100%得4分，95%（含）以上得3分，90%（含）以上得2分，低于90%不得分", "4", None, "grade", {"levels": [["100%以上", "1"], ["95%以上", "0.75"], ["90%以上", "0.5"], ["其余", "0"]]}, LIKELY),
    ("A档2分 B档1.5分 C档1分 D档0分", "2", None, "grade", {"levels": [["A", "1"], ["B", "0.75"], ["C", "0.5"], ["D", "0"]]}, SURE),
    ("A：100%，B：66%，C：33%，G：0", "2", None, "grade", {"levels": [["A", "1"], ["B", "0.66"], ["C", "0.33"], ["G", "0"]]}, SURE),
    ("Ａ＝１００％，Ｂ＝６６％，Ｃ＝３３％", "2", None, "grade", {"levels": [["A", "1"], ["B", "0.66"], ["C", "0.33"]]}, SURE),
    ("很健全得2分，较健全1.5分，一般1分，不健全0分", "2", None, "grade", {"levels": [["很健全", "1"], ["较健全", "0.75"], ["一般", "0.5"], ["不健全", "0"]]}, SURE),
    ("完全符合得满分，基本符合得60%，不符合不得分", "2", None, "grade", {"levels": [["完全符合", "1"], ["基本符合", "0.6"], ["不符合", "0"]]}, SURE),
    ("优秀3分，良好2分，一般1分，差不得分", "3", None, "grade", {"levels": [["优秀", "1"], ["良好", "0.6667"], ["一般", "0.3333"], ["差", "0"]]}, SURE),
    ("优秀得5分、良好得4分、合格得3分、不合格不得分", "5", None, "grade", {"levels": [["优秀", "1"], ["良好", "0.8"], ["合格", "0.6"], ["不合格", "0"]]}, SURE),
    ("好得2分，较好得1.5分，一般得1分，差得0分", "2", None, "grade", {"levels": [["好", "1"], ["较好", "0.75"], ["一般", "0.5"], ["差", "0"]]}, SURE),
    ("规范得2分，比较规范得1分，不规范不得分", "2", None, "grade", {"levels": [["规范", "1"], ["比较规范", "0.5"], ["不规范", "0"]]}, SURE),
    ("完成的得满分，基本完成的得一半分，未完成的不得分", "2", None, "grade", {"levels": [["完成", "1"], ["基本完成", "0.5"], ["未完成", "0"]]}, SURE),
    ("4项全部达到为A，3项为B，其他为C", "2", None, "grade", {"levels": [["A", "1"], ["B", "0.66"], ["C", "0.33"]]}, SURE),
    ("符合4项标准为A，符合3项为B，符合2项及以下为C", "2", None, "grade", {"levels": [["A", "1"], ["B", "0.66"], ["C", "0.33"]]}, SURE),
    ("按A、B、C、D四档评定", "2", None, "grade", {"levels": [["A", "1"], ["B", "0.66"], ["C", "0.33"], ["D", "0"]]}, SURE),
    ("状态描述法，分A、B、C三级", "2", None, "grade", {"levels": [["A", "1"], ["B", "0.66"], ["C", "0.33"]]}, SURE),
    ("获国家级表彰得3分，省级得2分，市级得1分", "3", None, "grade", {}, LIKELY),
    ("4次以上得满分，3次得1.5分，2次得1分，少于2次不得分", "2", None, "grade", {}, LIKELY),
    ("开展4次得4分，3次得3分，2次得2分，1次得1分，未开展不得分", "4", None, "grade", {}, LIKELY),
    ("综合评定，酌情赋分", "2", None, "grade", {}, GUESS),
    ("根据工作情况酌情打分", "2", None, "grade", {}, GUESS),
    ("分优秀、良好、一般三个等次评分", "2", None, "grade", {}, LIKELY),
    # surveys
    ("问卷调查满意率90%以上为A，80%至90%为B，80%以下为C", "2", None, "survey", {"a": "90", "b": "80"}, SURE),
    ("满意率不低于90%为A档，80%至90%为B档，低于80%为C档", "2", None, "survey", {"a": "90", "b": "80"}, SURE),
    ("群众满意度≥95%为A，≥85%为B，其他为C", "2", None, "survey", {"a": "95", "b": "85"}, SURE),
    ("职工知晓率达到90%以上的得A，达到75%以上的得B，75%以下得C", "2", None, "survey", {"a": "90", "b": "75"}, SURE),
    ("注册率90%以上为A，80%至90%为B，其余为C", "2", None, "grade", {"levels": [["A", "1"], ["B", "0.66"], ["C", "0.33"]]}, SURE),
    # gains
    ("每开展1次得1分，最高4分", "4", None, "count", {"target": 4, "deduct_each": "1"}, LIKELY),
    ("每开展一次得0.5分，最高得2分", "2", None, "count", {"target": 4, "deduct_each": "0.5"}, LIKELY),
    ("每报送1篇得0.2分，满分2分", "2", None, "count", {"target": 10, "deduct_each": "0.2"}, LIKELY),
    ("每篇计0.5分，最多不超过3分", "3", None, "count", {"target": 6, "deduct_each": "0.5"}, LIKELY),
    ("每建立一个加1分，5分封顶", "5", None, "count", {"target": 5, "deduct_each": "1"}, LIKELY),
    ("一次得1分，累计不超过4分", "4", None, "count", {"target": 4, "deduct_each": "1"}, LIKELY),
    # several things that add up
    ("有方案得1分，有总结得1分", "2", None, "deduct", {"each": "1"}, GUESS),
    ("制定计划1分、召开会议2分、形成总结1分", "4", None, "deduct", {"each": "1"}, GUESS),
]  # fmt: skip
NOTHING_SAID = ["", "　", "见附件", "由市文明办组织实施", "详见操作手册", "材料审核", "—"]
RANK = {GUESS: 0, LIKELY: 1, SURE: 2}


@pytest.mark.parametrize(("text", "points", "target", "kind", "parts", "most"), PHRASES)
def test_phrases(
    text: str, points: str | None, target: int | None, kind: str, parts: dict[str, Any], most: str
) -> None:
    rule, certain = read_rule(text, Decimal(points) if points else None, target)
    assert rule is not None
    said = to_json(rule)
    assert said["kind"] == kind
    assert {name: said[name] for name in parts} == parts
    assert RANK[certain] <= RANK[most]
    assert scoring.from_json(said) == rule


@pytest.mark.parametrize("text", NOTHING_SAID)
def test_nothing_is_made_of_nothing(text: str) -> None:
    assert read_rule(text, Decimal(2))[0] is None


def test_a_target_in_the_requirement_makes_a_rate_of_a_deduction_by_the_percent() -> None:
    rule, certain = read_rule("每降低1个百分点扣0.1分", Decimal(1), None, "志愿者注册率达到100%")
    assert to_json(rule) == {"kind": "rate", "target": "100", "floor": "90", "linear": True}  # type: ignore[arg-type]
    assert certain == LIKELY


def test_sure_is_said_of_what_is_plain() -> None:
    plain = [one for one in PHRASES if one[5] == SURE]
    sure = [
        read_rule(text, Decimal(points or "0") or None, target)[1] == SURE
        for text, points, target, *_ in plain
    ]
    assert sum(sure) >= 0.8 * len(plain)
