"""Editions in the making: the campaign's standard has a revised edition, and a second one is half checked."""

import io
import json
from datetime import date, time
from typing import Any

from docx import Document

from taizhang.campaigns.models import Track
from taizhang.campaigns.queries import calendar
from taizhang.kit import clock
from taizhang.kit.files import store
from taizhang.standards import actions
from taizhang.standards.models import Draft, Edition
from taizhang.standards.queries import head_of, reading_of
from taizhang.standards.rules.amend import with_accepted
from taizhang.standards.rules.exchange import from_json, to_json
from taizhang.standards.rules.numbers import show
from taizhang.standards.rules.tree import CONFIRM, Node, Reading
from taizhang.standards.sheets.read import read
from taizhang.standards.views.left import with_left

from .revision import Revised
from .setting import Stage

MOST = 10 * 2**20
NAME = "全国文明单位测评标准"


def revise(stage: Stage) -> Edition:
    """The next edition of what the campaign's year stands by, written by the office a few working days ago."""
    clerk = stage.users["YZ099"]
    base = Track.objects.select_related("edition__standard").get(campaign=stage.year.campaign_id).edition
    new = Revised(to_json(reading_of(base), head_of(base)))
    new.revise()
    new.whole |= {"name": NAME, "label": ""}
    data = json.dumps(new.whole, ensure_ascii=False).encode()
    with clock.on(calendar().add(stage.today, -5), time(10, 20)):
        draft: Draft = actions.write(
            stage.agency, by=clerk, name=NAME, sha256=store().put([data], limit=MOST).sha256, edition=base, how="revise",
        )  # fmt: skip
        ids = {key: said["old"][0] for key, said in draft.choices["pairs"].items()}
        pairs = {key: {"old": [ids[old] for old in olds]} for key, olds in new.from_.items()}
        pairs |= {f"gone:{ids[old]}": {} for old in new.gone}
        actions.mend(draft, by=clerk, choices={**draft.choices, "pairs": pairs})
    with clock.on(calendar().add(stage.today, -4), time(15, 40)):
        today = clock.today()
        edition: Edition = actions.save(
            draft, by=clerk, reading=from_json(new.whole)[0], name=NAME,
            label=f"{today.year}年修订版", valid_from=date(today.year, today.month, 1),
        )  # fmt: skip
    return edition


def half_checked(stage: Stage) -> Draft:
    """A revision of the union's standard that came as an outline in Word, on the clerk's desk since yesterday."""
    base = Edition.objects.filter(standard__sample=True, standard__name__contains="职工之家").latest("id")
    year = stage.today.year + 1
    name = f"模范职工之家创建标准（{year}年修订征求意见稿）.docx"
    data = outline(reading_of(base), year)
    stored = store().put([data], limit=MOST)
    clerk = stage.users["YZ099"]
    with clock.on(calendar().add(stage.today, -1), time(16, 50)):
        draft: Draft = actions.begin(
            stage.agency, by=clerk, source_name=name, sha256=stored.sha256, base=base
        )
    first = read(data, name).open(CONFIRM)[0]  # she has come as far as this
    with clock.on(calendar().add(stage.today, -1), time(17, 5)):
        actions.mend(draft, by=clerk, choices=with_left(draft, with_accepted(draft.choices, first.id)))
    return draft


#: old code → title, requirement as the new paper prints them; None: no longer in it
WORDS: dict[str, tuple[str, str] | None] = {
    "ZJ-1-04": ("女职工组织", "女职工委员会组织健全，每半年开展一次活动"),
    "ZJ-1-06": ("工会干部培训", "工会干部每年集中培训不少于2次"),
    "ZJ-2-03": ("机关事务公开", "涉及职工切身利益事项在内部公开栏和工作群公布，每季度更新"),
    "ZJ-2-06": None,
    "ZJ-3-04": ("爱心母婴室", "在办公区设置爱心母婴室，设施完好，专人维护并做好登记"),
    "ZJ-4-05": ("家庭家教家风建设", "开展家风宣传，推荐最美家庭"),
    "ZJ-4-07": ("职工子女托管", "利用寒暑假开办职工子女托管班"),
    "ZJ-5-03": None,
    "ZJ-6-04": ("固定资产管理", "工会固定资产有登记、有盘点，账物相符"),
}
UNPRINTED = "ZJ-3-08"  # its points were forgotten
ELSEWHERE = "ZJ-3-02"  # names a department that the agency has not
NUMBERS = "一二三四五六七八九十"


def outline(old: Reading, year: int) -> bytes:
    """The union's standard as a Word outline: revised, and with the slips that such papers have."""
    paper = Document()
    paper.add_heading(f"模范职工之家创建标准（{year}年修订征求意见稿）", 0)
    paper.add_paragraph(
        "为进一步加强机关工会建设，对现行创建标准作如下修订。总分100分，请于本月底前反馈意见。"
    )
    for at, area in enumerate(old.areas):
        paper.add_paragraph(f"{NUMBERS[at]}、{area.title}（{show(area.points)}分）")
        leaves = [leaf for leaf in old.leaves if leaf.parent == area.key and WORDS.get(leaf.code, ("", ""))]
        for n, leaf in enumerate(leaves, start=1):
            _print(paper, n, leaf)
    paper.add_paragraph("加分项目")
    paper.add_paragraph("1.获得市级以上模范职工之家称号的，加2分。")
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _print(paper: Any, n: int, leaf: Node) -> None:
    title, text = WORDS.get(leaf.code) or (leaf.title, leaf.requirement)
    points = "" if leaf.code == UNPRINTED else f"（{show(leaf.points)}分）"
    lead = "职工服务中心" if leaf.code == ELSEWHERE else leaf.lead
    paper.add_paragraph(f"{n}.{title}{points}")
    paper.add_paragraph(f"{text}。")
    paper.add_paragraph(
        f"评分标准：{leaf.rule_text}。测评方法：{'、'.join(name for name, _ in leaf.methods)}。"
    )
    if leaf.needs:
        paper.add_paragraph(f"报送材料：{'、'.join(one.name for one in leaf.needs)}")
    paper.add_paragraph(f"牵头单位：{lead}")
