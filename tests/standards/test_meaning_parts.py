"""Phrases that name who answers, what proof is asked for and how it is checked: written before the reader was."""

from decimal import Decimal

import pytest

from taizhang.standards.rules.leads import read_leads
from taizhang.standards.rules.methods import read_methods
from taizhang.standards.rules.needs import read_needs
from taizhang.standards.rules.scoring import GUESS, LIKELY, SURE

RANK = {"": -1, GUESS: 0, LIKELY: 1, SURE: 2}
#: lead column, co column → lead, co, most certain
LEADS: list[tuple[str, str, str, list[str], str]] = [
    ("办公室（创建办）", "", "办公室（创建办）", [], SURE),
    ("牵头单位：办公室，配合单位：各处室", "", "办公室", ["各处室"], SURE),
    ("牵头单位:办公室;配合单位:各处室", "", "办公室", ["各处室"], SURE),
    ("机关党委、各处室", "", "机关党委", ["各处室"], LIKELY),
    ("责任单位：办公室/人事处", "", "办公室", ["人事处"], LIKELY),
    ("办公室牵头，宣传处、机关党委配合", "", "办公室", ["宣传处", "机关党委"], SURE),
    ("办公室牵头、宣传处配合", "", "办公室", ["宣传处"], SURE),
    ("由办公室牵头，宣传处配合", "", "办公室", ["宣传处"], SURE),
    ("★办公室、人事处", "", "办公室", ["人事处"], SURE),
    ("人事处、★办公室", "", "办公室", ["人事处"], SURE),
    ("主办：法规处　协办：财务处、审计处", "", "法规处", ["财务处", "审计处"], SURE),
    ("主办：法规处\n协办：财务处", "", "法规处", ["财务处"], SURE),
    ("办公室（牵头）、人事处", "", "办公室", ["人事处"], SURE),
    ("人事处、办公室（牵头）", "", "办公室", ["人事处"], SURE),
    ("办公室【牵头】；机关党委", "", "办公室", ["机关党委"], SURE),
    ("办公室等", "", "办公室", [], LIKELY),
    ("办公室、人事处等", "", "办公室", ["人事处"], LIKELY),
    ("（一）办公室（二）人事处", "", "办公室", ["人事处"], LIKELY),
    ("1.办公室 2.人事处", "", "办公室", ["人事处"], LIKELY),
    ("办公室\n人事处", "", "办公室", ["人事处"], LIKELY),
    ("机关党委", "各处室", "机关党委", ["各处室"], SURE),
    ("机关党委", "配合单位：人事处、工会", "机关党委", ["人事处", "工会"], SURE),
    ("各支部", "", "各支部", [], SURE),
    ("机关党委、机关纪委、机关工会", "", "机关党委", ["机关纪委", "机关工会"], LIKELY),
    ("牵头处室：宣传处；责任处室：各处室", "", "宣传处", ["各处室"], SURE),
    ("责任部门：宣传处", "", "宣传处", [], SURE),
    ("宣传处（配合：人事处、财务处）", "", "宣传处", ["人事处", "财务处"], SURE),
    ("宣传处（人事处、财务处配合）", "", "宣传处", ["人事处", "财务处"], SURE),
    ("宣传处，各处室", "", "宣传处", ["各处室"], LIKELY),
    ("宣传处及各处室", "", "宣传处", ["各处室"], LIKELY),
    ("办公室和机关党委", "", "办公室", ["机关党委"], LIKELY),
    ("办公室会同财务处", "", "办公室", ["财务处"], SURE),
    ("—", "", "", [], ""),
    ("无", "—", "", [], ""),
    ("办公室　人事处", "", "办公室", ["人事处"], LIKELY),
    ("牵头：办公室 配合：人事处", "", "办公室", ["人事处"], SURE),
    ("责任单位：机关党委（牵头）、办公室（配合）", "", "机关党委", ["办公室"], SURE),
    ("第一责任单位：办公室", "", "办公室", [], SURE),
    ("办公室（主办），宣传处（协办）", "", "办公室", ["宣传处"], SURE),
    ("责任领导：张三；责任处室：办公室", "", "办公室", [], SURE),
]
#: cell → (kind, least, must) of each need in order
NEEDS: list[tuple[str, list[tuple[str, int, bool]]]] = [
    ("照片不少于2张", [("picture", 2, True)]),
    ("图片2—3张", [("picture", 2, True)]),
    ("现场照片2至4张", [("picture", 2, True)]),
    ("照片2张以上", [("picture", 2, True)]),
    ("至少3张照片", [("picture", 3, True)]),
    ("不少于三张活动照片", [("picture", 3, True)]),
    ("正式文件（含红头、文号）", [("document", 1, True)]),
    ("签到表、会议记录、现场照片各1份", [("table", 1, True), ("other", 1, True), ("picture", 1, True)]),
    ("签到表、会议记录、现场照片各2份", [("table", 2, True), ("other", 2, True), ("picture", 2, True)]),
    ("500字以内说明报告", [("report", 1, True)]),
    ("说明报告（500字以内）；图片2张", [("report", 1, True), ("picture", 2, True)]),
    ("活动简报4期", [("report", 4, True)]),
    ("简报不少于2期", [("report", 2, True)]),
    ("视频资料1份（3分钟以内）", [("media", 1, True)]),
    ("网页截图或链接", [("link", 1, True)]),
    ("台账、制度、方案", [("table", 1, True), ("document", 1, True), ("document", 1, True)]),
    ("工作方案1份，活动照片2张，总结1份", [("document", 1, True), ("picture", 2, True), ("report", 1, True)]),
    ("会议纪要2份", [("other", 2, True)]),
    ("必要时提供合同复印件", [("other", 1, False)]),
    ("照片；如有视频可一并提供", [("picture", 1, True), ("media", 1, False)]),
    ("通知、方案、照片等", [("document", 1, True), ("document", 1, True), ("picture", 1, True)]),
    ("党费收缴台账；收据（可选）", [("table", 1, True), ("other", 1, False)]),
    (
        "①文件；②照片（不少于2张）；③新闻报道链接",
        [("document", 1, True), ("picture", 2, True), ("link", 1, True)],
    ),
    (
        "1.实施方案 2.活动照片3张 3.工作总结",
        [("document", 1, True), ("picture", 3, True), ("report", 1, True)],
    ),
    ("提供文件、会议记录", [("document", 1, True), ("other", 1, True)]),
    ("需提供：领导小组成立文件", [("document", 1, True)]),
    ("签到表和现场照片", [("table", 1, True), ("picture", 1, True)]),
    ("图文资料（图片不少于2张）", [("picture", 2, True)]),
    ("新闻报道3篇", [("other", 3, True)]),
    ("每次活动照片2张", [("picture", 2, True)]),
    ("无", []),
    ("／", []),
    ("照片或视频", [("picture", 1, True)]),
    ("不少于200字的文字说明", [("report", 1, True)]),
    ("音视频资料", [("media", 1, True)]),
    ("志愿服务记录表、花名册", [("table", 1, True), ("table", 1, True)]),
    ("职工书屋实景照片（2张）", [("picture", 2, True)]),
    ("道德讲堂每期照片不少于5张", [("picture", 5, True)]),
]
#: cell, points → names with shares in percent, certainty
METHODS: list[tuple[str, str | None, list[tuple[str, str | None]], str]] = [
    ("材料审核60%+实地考察40%", "5", [("材料审核", "60"), ("实地考察", "40")], SURE),
    ("材料审核（3分）、实地考察（2分）", "5", [("材料审核", "60"), ("实地考察", "40")], SURE),
    ("材料审核3分，实地考察2分", "5", [("材料审核", "60"), ("实地考察", "40")], SURE),
    ("①材料审核②实地考察", None, [("材料审核", None), ("实地考察", None)], SURE),
    ("1.材料审核 2.问卷调查", None, [("材料审核", None), ("问卷调查", None)], SURE),
    ("查阅资料/听取汇报/个别访谈", None, [("查阅资料", None), ("听取汇报", None), ("个别访谈", None)], SURE),
    ("材料审核、网络查看", None, [("材料审核", None), ("网络查看", None)], SURE),
    ("网上审核", None, [("网上审核", None)], SURE),
    ("问卷", None, [("问卷", None)], SURE),
    ("材料审核(60%)、实地考察(40%)", None, [("材料审核", "60"), ("实地考察", "40")], SURE),
    ("材料审核：60%；实地考察：40%", None, [("材料审核", "60"), ("实地考察", "40")], SURE),
    ("材料审核占60%，实地考察占40%", None, [("材料审核", "60"), ("实地考察", "40")], SURE),
    ("材料审核＋实地考察", None, [("材料审核", None), ("实地考察", None)], SURE),
    ("材料审核 实地考察", None, [("材料审核", None), ("实地考察", None)], SURE),
    ("材料审核与实地考察相结合", None, [("材料审核", None), ("实地考察", None)], SURE),
    ("查看台账", None, [("查看台账", None)], SURE),
    ("查看有关文件和会议记录", None, [("查看有关文件和会议记录", None)], LIKELY),
    ("看资料、看现场", None, [("看资料", None), ("看现场", None)], LIKELY),
    ("由市文明办赋分", None, [("由市文明办赋分", None)], GUESS),
    (
        "查阅资料，实地查看，随机抽查",
        None,
        [("查阅资料", None), ("实地查看", None), ("随机抽查", None)],
        SURE,
    ),
    ("材料审核（百分之六十）、实地考察（百分之四十）", None, [("材料审核", "60"), ("实地考察", "40")], SURE),
    ("", None, [], ""),
]


@pytest.mark.parametrize(("text", "co_text", "lead", "co", "most"), LEADS)
def test_leads(text: str, co_text: str, lead: str, co: list[str], most: str) -> None:
    found = read_leads(text, co_text)
    assert (found.lead, found.co) == (lead, co)
    assert RANK[found.certain] <= RANK[most] and bool(found.certain) == bool(lead)


@pytest.mark.parametrize(("text", "wanted"), NEEDS)
def test_needs(text: str, wanted: list[tuple[str, int, bool]]) -> None:
    assert [(need.kind, need.least, need.must) for need in read_needs(text)] == wanted


@pytest.mark.parametrize(("text", "points", "wanted", "most"), METHODS)
def test_methods(text: str, points: str | None, wanted: list[tuple[str, str | None]], most: str) -> None:
    found, certain = read_methods(text, Decimal(points) if points else None)
    assert [(name, None if share is None else str(share)) for name, share in found] == wanted
    assert RANK[certain] <= RANK[most]


def test_names_of_needs_lose_their_numbers() -> None:
    names = [need.name for need in read_needs("工作方案1份；活动照片（不少于2张）；需提供：工作总结")]
    assert names == ["工作方案", "活动照片", "工作总结"]
    assert read_needs("正式文件（含红头、文号）")[0].doc_no
    assert read_needs("照片（注明时间、地点、人物）2张")[0].fields == ("time", "place", "people")
