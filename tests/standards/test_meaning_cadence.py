"""Phrases that say how often something falls due, and by whom: written before the reader was."""

import pytest

from taizhang.standards.rules.cadence import Cadence, Cycle, read_cadence
from taizhang.standards.rules.leads import BRANCH, DEPARTMENT, UNIT, read_performer
from taizhang.standards.rules.scoring import GUESS, LIKELY, SURE

C = Cycle
#: a cell of the column 周期 / 频次 / 完成时限
COLUMN: list[tuple[str, Cycle | None, int, int | None]] = [
    ("每季度", C.QUARTER, 1, None), ("每季度不少于1次", C.QUARTER, 1, None), ("按季度", C.QUARTER, 1, None), ("季度", C.QUARTER, 1, None),
    ("一季一次", C.QUARTER, 1, None), ("每季末", C.QUARTER, 1, None), ("每季末月25日前", C.QUARTER, 1, None), ("每季度末", C.QUARTER, 1, None),
    ("1次/季", C.QUARTER, 1, None), ("每季一次", C.QUARTER, 1, None), ("逐季", C.QUARTER, 1, None), ("季报", C.QUARTER, 1, None), ("每三个月一次", C.QUARTER, 1, None),
    ("每月", C.MONTH, 1, None), ("每月10日前", C.MONTH, 1, None), ("月报", C.MONTH, 1, None), ("逐月", C.MONTH, 1, None), ("每月末", C.MONTH, 1, None),
    ("每月两次", C.MONTH, 2, None), ("每半月一次", C.MONTH, 2, None), ("月度", C.MONTH, 1, None), ("一月一次", C.MONTH, 1, None), ("2次/月", C.MONTH, 2, None),
    ("每月1次，全年不少于10次", C.MONTH, 1, 10), ("按月报送", C.MONTH, 1, None), ("每月5日", C.MONTH, 1, None),
    ("每两个月", C.TWO_MONTHS, 1, None), ("双月", C.TWO_MONTHS, 1, None), ("每2个月1次", C.TWO_MONTHS, 1, None), ("两月一次", C.TWO_MONTHS, 1, None), ("隔月", C.TWO_MONTHS, 1, None),
    ("半年", C.HALF_YEAR, 1, None), ("上下半年各一次", C.HALF_YEAR, 1, None), ("每半年一次", C.HALF_YEAR, 1, None), ("半年度", C.HALF_YEAR, 1, None),
    ("6月、12月", C.HALF_YEAR, 1, None), ("每年4月、10月", C.HALF_YEAR, 1, None), ("上半年、下半年各1次", C.HALF_YEAR, 1, None), ("每学期", C.HALF_YEAR, 1, None),
    ("6月底、12月底前", C.HALF_YEAR, 1, None), ("3月、6月、9月、12月", C.QUARTER, 1, None), ("1次/半年", C.HALF_YEAR, 1, None),
    ("每年至少2次", C.YEAR, 2, None), ("全年不少于4次", C.YEAR, 4, None), ("年内2次", C.YEAR, 2, None), ("一年两次", C.YEAR, 2, None), ("每年1次", C.YEAR, 1, None),
    ("年度", C.YEAR, 1, None), ("每年", C.YEAR, 1, None), ("一年一次", C.YEAR, 1, None), ("3次/年", C.YEAR, 3, None), ("年底前", C.YEAR, 1, None), ("12月底前", C.YEAR, 1, None),
    ("3月底前", C.YEAR, 1, None), ("年初", C.YEAR, 1, None), ("2025年3月", C.YEAR, 1, None), ("第一季度", C.YEAR, 1, None), ("每年一季度", C.YEAR, 1, None), ("七一前后", C.YEAR, 1, None),
    ("11月30日前", C.YEAR, 1, None), ("上半年", C.YEAR, 1, None), ("重大节日", C.YEAR, 1, None), ("常态化", C.YEAR, 1, None), ("长期坚持", C.YEAR, 1, None), ("全年", C.YEAR, 1, None),
    ("每周四", C.WEEK, 1, None), ("周例会", C.WEEK, 1, None), ("每周1次", C.WEEK, 1, None), ("每周", C.WEEK, 1, None), ("每周一次，全年不少于40次", C.WEEK, 1, 40), ("一周一次", C.WEEK, 1, None),
    ("届期内一次", C.CYCLE, 1, None), ("三年一次", C.CYCLE, 1, None), ("创建周期内", C.CYCLE, 1, None), ("一次性", C.CYCLE, 1, None), ("创建期间完成", C.CYCLE, 1, None), ("两年一次", C.CYCLE, 1, None),
    ("适时", C.EVENT, 1, None), ("根据工作需要", C.EVENT, 1, None), ("随时", C.EVENT, 1, None), ("不定期", C.EVENT, 1, None), ("按需开展", C.EVENT, 1, None), ("有变动时及时更新", C.EVENT, 1, None),
    ("—", None, 1, None), ("见要求", None, 1, None), ("", None, 1, None),
]  # fmt: skip
#: title or requirement, without a column
TEXT: list[tuple[str, Cycle | None, int]] = [
    ("党组每季度研究党建工作不少于1次", C.QUARTER, 1),
    ("理论学习中心组全年集中学习不少于12次", C.YEAR, 12),
    ("支部党员大会每季度召开一次，支委会每月召开一次", C.QUARTER, 1),
    ("每月开展主题党日活动", C.MONTH, 1),
    ("每年举办道德讲堂不少于2期", C.YEAR, 2),
    ("每月报送信息不少于2篇", C.MONTH, 2),
    ("主要负责同志每年讲党课不少于一次", C.YEAR, 1),
    ("每半年向党组汇报一次创建工作", C.HALF_YEAR, 1),
    ("上半年、下半年各开展1次文明科室评比", C.HALF_YEAR, 1),
    ("每年4月、10月各召开一次会议", C.HALF_YEAR, 1),
    ("坚持周例会制度", C.WEEK, 1),
    ("每周四下午组织集中学习", C.WEEK, 1),
    ("创建周期内组织一次全员轮训", C.CYCLE, 1),
    ("双月召开联席会议", C.TWO_MONTHS, 1),
    ("全年开展志愿服务活动8次以上", C.YEAR, 8),
    ("每人每年参加志愿服务不少于25小时", C.YEAR, 1),
    ("党员每年集中学习培训不少于32学时", C.YEAR, 1),
    ("每年慰问困难党员不少于10名", C.YEAR, 1),
    ("在春节、清明、端午等传统节日期间开展主题活动", C.YEAR, 1),
    ("一季度内制定年度工作计划", C.YEAR, 1),
    ("制定2025年度创建工作方案", None, 1),
    ("近三年无违法违纪案件", None, 1),
    ("三会一课制度健全", None, 1),
    ("24小时内完成上报", None, 1),
    ("建立健全各项规章制度", None, 1),
    ("办公区每天有人值班", None, 1),
    ("成立领导小组，主要负责人任组长", None, 1),
    ("按季度分析研判意识形态工作", C.QUARTER, 1),
    ("每届党总支按期换届", C.CYCLE, 1),
    ("每两个月更新一次宣传栏", C.TWO_MONTHS, 1),
    ("编发工作简报每月不少于一期", C.MONTH, 1),
    ("专题研究每年不少于两次", C.YEAR, 2),
]
#: scope column, lead, requirement → per, most certain
PER: list[tuple[str, str, str, str, str]] = [
    ("各支部", "", "", BRANCH, SURE), ("党支部", "机关党委", "", BRANCH, SURE), ("", "各支部", "", BRANCH, SURE), ("", "每个支部", "", BRANCH, SURE), ("", "各党支部", "", BRANCH, SURE),
    ("", "机关党委", "各党支部每季度召开一次党员大会", BRANCH, LIKELY), ("", "机关党委", "每个支部每月开展主题党日", BRANCH, LIKELY), ("", "机关党委", "指导各支部按期换届", UNIT, LIKELY),
    ("", "机关党委", "对各支部进行考核", UNIT, LIKELY), ("", "各处室", "", DEPARTMENT, SURE), ("", "各部门", "", DEPARTMENT, SURE), ("", "各单位", "", DEPARTMENT, SURE), ("", "每个科室", "", DEPARTMENT, SURE),
    ("", "所属单位", "", DEPARTMENT, LIKELY), ("", "业务处室", "", DEPARTMENT, SURE), ("", "办公室", "各处室每月报送信息1条", DEPARTMENT, LIKELY), ("", "办公室", "组织各处室开展自查", UNIT, LIKELY),
    ("", "机关党委", "全体党员参加志愿服务", UNIT, LIKELY), ("", "各活动组", "", UNIT, LIKELY), ("单位", "各支部", "", UNIT, SURE), ("处室", "", "", DEPARTMENT, SURE), ("", "各股室", "", DEPARTMENT, SURE),
    ("", "各处室、各支部", "", DEPARTMENT, LIKELY), ("", "办公室、各处室", "", UNIT, LIKELY), ("全体处室", "", "", DEPARTMENT, SURE), ("", "各基层党组织", "", BRANCH, SURE), ("", "机关各处（室）", "", DEPARTMENT, SURE),
]  # fmt: skip
RANK = {"": -1, GUESS: 0, LIKELY: 1, SURE: 2}


@pytest.mark.parametrize(("text", "cycle", "times", "target"), COLUMN)
def test_columns(text: str, cycle: Cycle | None, times: int, target: int | None) -> None:
    found = read_cadence(text)
    assert found.cadence == (Cadence(cycle, times, target) if cycle else None)
    assert bool(found.certain) == bool(cycle)


@pytest.mark.parametrize(("text", "cycle", "times"), TEXT)
def test_running_text(text: str, cycle: Cycle | None, times: int) -> None:
    found = read_cadence("", text)
    assert found.cadence == (Cadence(cycle, times) if cycle else None)


@pytest.mark.parametrize(("scope", "lead", "text", "per", "most"), PER)
def test_performers(scope: str, lead: str, text: str, per: str, most: str) -> None:
    found, certain = read_performer(scope, lead, text)
    assert found == per and RANK[certain] <= RANK[most]


def test_the_column_wins_then_the_requirement_then_the_rule() -> None:
    assert read_cadence("每季度", "每月一次", "每年少一次扣1分").cadence == Cadence(C.QUARTER)
    assert read_cadence("", "每月一次", "每年少一次扣1分").cadence == Cadence(C.MONTH)
    by_rule = read_cadence("", "开展主题党日", "每季度少1次扣1分")
    assert by_rule.cadence == Cadence(C.QUARTER) and by_rule.certain == LIKELY
    assert read_cadence("", "无违纪", "一年内被通报一次扣1分").cadence is None


def test_vague_words_are_a_guess() -> None:
    assert [read_cadence(text).certain for text in ("每季度", "常态化", "重大节日", "适时")] == [
        SURE,
        GUESS,
        GUESS,
        LIKELY,
    ]
