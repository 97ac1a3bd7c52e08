"""The columns of offices' own ledgers: what each field is called on screen, and what a header's words mean."""

import re

from taizhang.standards.rules.columns import clean, word_meaning

FIELDS: dict[str, str] = {
    "serial": "序号",
    "code": "编号",
    "area": "测评项目（方面）",
    "section": "测评内容",
    "title": "事项",
    "requirement": "具体要求",
    "leader": "责任领导",
    "lead": "责任单位",
    "both": "责任单位及责任人",
    "helpers": "配合单位",
    "person": "责任人",
    "helper_people": "配合人",
    "due_on": "完成时限",
    "state": "状态",
    "progress": "工作进展",
    "closed_on": "销号时间",
    "remark": "备注",
    "": "不读",
}
"""Field → its name on screen, in the order in which a clerk chooses."""

TEXTS = ("area", "section", "title", "requirement")
DUTIES = ("lead", "both", "person", "leader", "helpers")
DOINGS = ("state", "progress", "due_on", "closed_on", "remark")

UNIT = r"(?:单位|处室|部门|科室|股室|处|科|室|主体|机构|组)"
PERSON = r"(?:人员|人|同志|姓名|者)"
#: a column of one month, quarter or half-year
PERIOD = re.compile(
    r"(?:(?:19|20)\d\d年?|第)?(?:(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?|[一二三四1-4]季度?|[qQ][1-4]|[上下]半年)(?:完成|进展|落实)?(?:情况)?"
)
#: the parts of a header that asks for several duties in one cell
ROLE = re.compile(
    rf"(?P<leader>(?:分管|责任|包抓|主管|牵头|挂点)?(?:局|厅|部|委)?领导(?!小组))|(?P<person>(?:具体|直接)?(?:责任|经办|承办|负责|办理)人)|(?P<lead>(?:责任|牵头|承办|主办|负责)?{UNIT})"
)
# first match wins: the narrow words stand before the wide ones
WORDS: list[tuple[str, str]] = [
    ("serial", r"^(?:序号|顺序号?|序|行号|no\.?|#)$"),
    ("", r"^(?:联系|办公|手机)?(?:电话|手机|方式|号码)(?:号码?)?$|联系方式$|得分|自评|扣分|加分|满分|分值|分数|权重|计分|评分|赋分|测评方[法式]|考核方[法式]|检查方[法式]|材料|佐证|资料|附件|印证|周期|频次|频率|年度$|^年$|层级|适用|督办[人编]|必备|发现时间|问题来源|交办(?:时间|日期)|立项|下达|来文|填报|填表|更新(?:时间|日期)|报送(?:时间|日期)|开始(?:时间|日期)|启动(?:时间|日期)|起始|剩余|是否(?:超期|逾期)|联络员|审核人|复核人|验收人|签字|签名|^[123456789]\d?月(?:份)?$"),
    ("closed_on", r"(?:销号|实际(?:完成|办结)|验收|归档|办结|结项)(?:时间|日期|日)$|^(?:实际|真正)完成|^完成日期$|^(?:办结|销号)日$"),
    ("due_on", r"(?:完成|整改|办理|办结|解决|落实|工作|任务|计划|要求|规定|拟|预计|应|最后|报送|责任)(?:完成)?(?:时限|期限|限期|时间节点|时间要求|时间点|截止(?:时间|日期|日)?)|^(?:计划|要求|拟|预计|应|规定|目标)?(?:完成|办结)(?:时间|时限)$|(?:计划|要求|拟|预计|应|规定|目标|最迟|最晚)(?:完成|办结|销号)日期$|起止(?:时间|日期|时限)?$|(?:截止|限定|到期)(?:时间|日期|日)?$|^(?:时限|期限|限期|时间节点|时间要求|时间|节点|整改时间|时间安排|进度安排|完成时间及要求|何时完成)(?:要求)?$|什么时候"),
    ("state", r"^(?:工作|任务|办理|完成|当前|目前|整改|进展|进度|落实|事项|销号|办结|现)?(?:状态|状况)$|^是否(?:已)?(?:完成|办结|销号|落实|整改)|^(?:完成|办结)与否$|^(?:销号|办结|完成)(?:情况|否|标识|标志)$|^(?:进度|灯|亮灯|颜色|标识)$|红绿灯|亮灯|销号情况|完成状态|状态标|^(?:完成|落实)$|(?:办理|完成|落实|办结|整改)?结果$|(?:进展|进度|状态)标[识志注]|(?:干|办|做|完成)(?:完|好|成)?(?:没有|没|了吗)"),
    ("helper_people", rf"(?:配合|协办|协同|协助|参与|参加){PERSON}|b角|B角|^(?:其他|其余)(?:责任|参与){PERSON}"),
    ("helpers", rf"(?:配合|协办|协同|协助|参与|参加|会办)(?:责任)?{UNIT}?$|^(?:配合|协办|协同)"),
    ("both", rf"(?:责任|牵头|承办|主责|主办){UNIT}?(?:及|和|与|、|/|\(|（)+(?:责任)?(?:{PERSON}|领导)|^责任分工$|^(?:任务)?分工$|^责任落实$|责任(?:人及|人和|人与|人、|人/){UNIT}"),
    ("leader", r"领导(?!小组|机构)|^(?:包抓|包保|挂点|联系|分管|主管|牵头)(?:人|负责人|局长|厅长|主任)?$|分管(?:局长|厅长|主任|副主任|负责人)|厅领导|局领导|班子成员|签批人"),
    ("person", rf"^(?:具体|第一|直接|主要|唯一|主办|处室|科室|单位|部门|工作|任务|整改|落实|牵头|承办|经办|直接)?(?:责任|承办|经办|办理|负责|落实|执行|联系|具体经办|整改责任|主办|牵头){PERSON}(?:(?:及|和|与|、|/)?(?:联系)?(?:电话|方式|手机))?$|^a角|A角|^姓名$|谁(?:来)?(?:负责|办|干)|^(?:责任|负责)人"),
    ("lead", rf"(?:责任|牵头|主责|主办|承办|负责|落实|实施|归口|整改|完成|申报|报送|第一)(?:责任)?{UNIT}|^{UNIT}(?:名称)?$|^(?:责任|牵头|承办|主办|归口)$|哪个(?:处|部门)"),
    ("progress", r"进展|进度|情况说明|(?:具体|详细)情况|开展(?:工作)?情况|工作情况|落实情况|推进情况|办理情况|完成情况|整改情况|执行情况|反馈情况|已?开展(?:的)?工作|已做工作|工作成效|成效|做法|(?:月|周|季度|上半年|下半年|年)?小结|工作落实|^情况$|干了什么|完成内容"),
    ("remark", r"备注|备考|^注$|^说明$|其他|附注|存在(?:的)?(?:问题|困难)|困难|下一步|原因|验收意见|批示|意见"),
    ("code", r"编号|编码|代码|代号|指标号|项号|条目号|^(?:指标)?号$|^code$|台账号"),
    ("area", r"^(?:问题)?类别$|^(?:领域|板块|专题|专项|条线|活动组|方面|模块)$"),
    ("requirement", r"措施|举措|目标(?!分)|工作要求|落实标准|怎么(?:办|干)"),
    ("title", r"问题(?:描述|内容|清单|表现|事项)?$|(?:重点|主要|具体|年度)?(?:工作|任务)(?:内容|事项|任务|名称|清单)?$|^(?:事项|事项名称|名称|标题|督办事项|承办事项|督查事项|干什么|指标)$"),
]  # fmt: skip
#: meanings of the standards' reader → ours
FROM_STANDARDS = {
    "area": "area", "section": "section", "subsection": "section", "title": "title", "requirement": "requirement",
    "code": "code", "serial": "serial", "lead": "lead", "co": "helpers", "note": "remark",
}  # fmt: skip


def header_key(lines: tuple[str, ...]) -> str:
    """The key of a column in Choices.columns: its header lines, without white space, joined by " / "."""
    return " / ".join(dict.fromkeys("".join(line.split()) for line in lines if line.strip()))[:120]


def roles_of(head: str) -> list[str]:
    """lead, leader and person in the order in which HEAD, 科室/分管领导/责任人, asks for them; [] when it asks once."""
    if re.search(r"配合|协办|协同", head):
        return []
    found = [match.lastgroup or "" for match in ROLE.finditer(head.split(" / ")[-1].split("（", 1)[-1])]
    if len(set(found)) < 2:
        found = [match.lastgroup or "" for match in ROLE.finditer(head)]
    return found if len(set(found)) == len(found) > 1 else []


def field_of(lines: tuple[str, ...]) -> tuple[str, str] | None:
    """(field, certainty) from a header's lines, top to bottom: the lowest that says something; None = says nothing.

    责任分工 over 牵头 and 配合, 完成情况 over 状态 and 进展: the lower line is the narrower.
    """
    lines = tuple(line for line in lines if line.strip())
    for at in range(len(lines) - 1, -1, -1):
        said = clean(lines[at]).lower() if len(lines[at]) < 60 else ""
        above = "".join(clean(line) for line in lines[:at])
        if not said or len(said) > 18:
            continue
        if said in ("单位", "处室", "部门", "科室") and re.search(r"配合|协办|协同", above):
            return "helpers", "sure"
        if said in ("牵头", "主办", "责任"):
            return "lead", "sure"
        if re.fullmatch(r"人|姓名|人员", said) and re.search(r"责任|承办|负责", above):
            return "person", "sure"
        # a remark in brackets is gone: 责任单位（责任人） keeps it
        if re.search(r"[(（](?:具体)?(?:责任|负责)?人[)）]", lines[at]) and re.search(UNIT, said):
            return "both", "sure"
        if "leader" in roles_of(lines[at]):
            return "both", "sure"
        for field, pattern in WORDS:
            if re.search(pattern, said):
                return field, "sure"
        if meaning := word_meaning(lines[at]):
            return FROM_STANDARDS.get(meaning, ""), "likely"
    return None
