"""What a column means, from the words of its header and from the shape of what stands below.

Position and file name never count. Words come from published systems of several provinces (see the domain
findings); shapes settle what words leave open: 考评项目 is an area in one standard and an item in another.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from .numbers import squeeze

MEANINGS: dict[str, str] = {
    "area": "测评项目（Ⅰ级）",
    "section": "测评内容（Ⅱ级）",
    "subsection": "下级分组（Ⅲ级）",
    "code": "编号",
    "serial": "序号（不读）",
    "title": "指标名称",
    "requirement": "测评标准（要求）",
    "points": "分值",
    "group_points": "上级分值",
    "rule": "计分办法",
    "methods": "测评方法",
    "tick": "测评方法（打√）",
    "needs": "材料要求",
    "cadence": "周期频次",
    "lead": "牵头处室",
    "co": "配合处室",
    "scope": "适用层级",
    "mandatory": "必备/一般",
    "level": "指标级别",
    "grade": "档次分（A、B、C、D）",
    "note": "备注",
    "ignore": "不读",
}
"""Meaning -> its name on screen, for the list a clerk chooses from."""

TREE = ("area", "section", "subsection", "title", "requirement")
METHODS = [
    "材料审核", "资料审核", "网上申报", "网上审核", "实地考察", "实地检查", "现场检查", "现场查看", "问卷调查", "网络核查", "网络调查", "网络检查", "整体观察", "个别访谈",
    "听取汇报", "征求部门意见", "征求意见", "部门意见", "部门评价", "应知应会测试", "知识测试", "查阅资料", "暗访", "明查", "随机抽查", "入户调查", "民意调查", "座谈", "群众评议",
    "材料", "实地", "问卷", "网络", "访谈", "资料", "测试", "查阅", "现场", "抽查", "台账", "查资料", "看现场", "听汇报", "线上审核", "满意度测评", "民主测评", "平台核查", "系统核查",
]  # fmt: skip

SCORING = "计分|评分|扣分|赋分|得分|打分|记分|加分|减分|给分|采分|奖分|考核评分|量化"
ORDINAL = r"(?:[一二三四1234ⅠⅡⅢⅣ]|I{1,3}|IV)"
# first match wins: the narrow words stand before the wide ones
WORDS: list[tuple[str, str]] = [
    ("points", r"^(?:应得|应计|可得|基准|标准|满|赋|配|规定|目标|权重|最高|额定|基本|基础|设定|设置|原始|单项|指标|考核|考评|测评|评价|评分|量化|参考)?(?:分值|分数值)(?:设置|设定|标准|权重)?$|^(?:应得|应计|可得|基准|标准|满|赋|配|规定|目标|权重|最高|额定|基本|基础|设定|设置|标|定)得?分数?$|^目标值分$"),
    ("rule", rf"(?:{SCORING})(?:办法|标准|规则|方法|细则|要点|要素|说明|方式|依据|原则|准则|点|项目?|条件|情形|要求|内容|描述|档次|等级|指引|口径|参考|因素)$|^分值说明$|(?:状态|等级|档次|等次|分档|分级|星级)(?:描述|说明|标准|划分|情况|要求|界定|评定)|^(?:评价|评定|评判|评级)(?:细则|等级|档次|尺度)|^(?:如何|怎样)(?:扣分|计分|得分|评分)"),
    ("ignore", r"得分|自评|实得|考核分|打分|评分人|审核结果|检查结果|扣分$|^加分$|^减分$|[评初复终]审分$|抽查分$|(?:组|专家|评委|领导|群众|上级|人)评分?$|^(?:扣|加|减|奖)分(?:值|数|合计|小计)$|测评分$|上年|去年|扣分(?:原因|情况|理由)|完成情况|实际得分|核定|复核|复查|终评|审定|初评|复评|考评分$|存在问题|签名|得分率|占比$|项数|指标数|小计"),
    ("serial", r"^(?:(?:指标|项目)?序号|顺序|序|NO\.?|行号|次序)$"),
    ("code", r"编号|编码|代码|代号|指标号|项号|条目号|^(?:指标)?号$|^code$"),
    ("mandatory", r"必备|必达|是否(?:必|核心|约束|否决)|指标(?:属性|性质|类型|类别)$|约束性|否决项|^属性$|^性质$|核心指标|基本/提升"),
    ("co", r"配合|协办|协同|协助|参与(?:处室|部门|单位)|会办"),
    ("lead", r"牵头|责任(?:处室|单位|部门|科室|主体|人|领导|股室|分工)|负责(?:处室|单位|部门|科室|人)|主责|主办|承办|落实(?:单位|部门|处室)|实施(?:部门|单位)|归口|^(?:部门|处室|科室|单位)$|责任$"),
    ("scope", r"适用|层级(?!指标)|适用(?:对象|范围)|^对象$|覆盖范围|执行层面|实施层面"),
    ("level", r"^(?:指标)?(?:级别|级次|层次)$"),
    ("group_points", rf"(?:{ORDINAL}级(?:指标)?|项目|类别|大项|大类|内容|方面|小项)(?:分值|总分|权重|满分|分数|分)|^总分值?$"),
    ("points", r"分值|标准分|满分|权重|基本分|基础分|分数|^分$|赋分$|^配分|应得分|^分数|考核分值|标准分值|^比重|设定分"),
    ("needs", r"材料|佐证|资料(?!审核)|印证|报送(?:内容|要求)|支撑|台账(?:要求|资料|内容)|证明|依据材料|档案(?:要求|内容)|所需"),
    ("cadence", r"周期|频次|频率|频度|时间(?:要求|节点|安排)|时限|完成(?:时间|时限)|报送时间|次数要求"),
    ("rule", r"(?:计分|评分|扣分|赋分|得分|打分|记分|考核评分|量化)(?:办法|标准|规则|方法|细则|要点|说明|方式|依据|原则|准则)|评分$|如何(?:扣分|计分)|分值说明|加减分"),
    ("methods", r"(?:测评|考核|考评|检查|评价|审核|评估|采集|数据采集|验收|核查|评审|评定|督查|核验|核实|查验|认定|抽查|印证|检验)(?:方法|方式|途径|形式|渠道|手段)|^(?:方法|方式)$|数据来源|信息来源|验证方式|考察方式|取数|采集方式"),
    ("area", r"^(?:测评|考核|考评|评价|评估)?(?:类别|大类|大项|方面|维度|板块|模块|类型|领域|篇目|部分|一级目录)$|^(?:一|1|Ⅰ|I)级(?:测评|考核|考评)?(?:指标|项目|目录|标题|名称)?(?:名称)?$|Ⅰ-|考核(?:类别|大项)"),
    ("section", r"^(?:二|2|Ⅱ|II)级(?:测评|考核|考评)?(?:指标|项目|目录|内容|标题|名称)?(?:名称)?$|^(?:子项|分项|分类|小类|子类|中项|二级)$"),
    ("subsection", r"^(?:三|3|Ⅲ|III)级(?:测评|考核|考评)?(?:指标|项目|内容|标题|名称)?(?:名称)?$"),
    ("title", r"^(?:四|4|Ⅳ|IV)级(?:测评|考核|考评)?(?:指标|项目|内容)?$|指标名称|^(?:测评|考核|考评|评价|评估|具体|细化|观测|检查|创建|任务)?(?:指标|要点|观测点|测评点|考核点|事项|任务|任务名称|工作任务|工作事项|名称|小项|条目)$|三级指标"),
    ("requirement", r"(?:测评|考核|考评|评价|检查|具体|工作|创建|指标|标准|达标|目标|建设|任务|基本|评估|验收|内容和)(?:标准|要求|细则|内容|描述|说明|内涵|任务|目标|内容及要求|内容与要求|解释|要点)|^(?:标准|要求|细则|内容|释义)$|标准要求|要求(?:及|和|与)标准"),
    ("area", r"(?:测评|考核|考评|评价|评估|创建|检查|工作)?(?:项目)$|^指标体系$"),
    ("note", r"备注|^注$|^说明$|其他|注释"),
    ("area", r"(?:类别|板块|维度|模块|领域|方面|大类|大项|篇章)$"),
    ("requirement", r"(?:标准|要求|细则|内容|描述|内涵|释义|解释|做法)$"),
    ("title", r"(?:要点|指标|事项|任务|名称)$"),
]  # fmt: skip

NEGATIVE_WORDS = r"负面清单|一票否决|否决(?:项|情形|事项|指标|条件)|负面(?:情形|事项|指标)|禁止(?:性|事项)|撤销(?:情形|条件)|扣分清单|不得申报(?:的)?情形|限制申报"
ELIGIBLE_WORDS = (
    r"申报(?:条件|资格)|基本条件|前置条件|准入条件|参评(?:条件|资格)|资格条件|创建条件|先决条件|必备条件"
)
BONUS_WORDS = r"特色指标|加分(?:项|指标|办法|清单|内容|标准|事项)|附加(?:分|项|指标)|奖励(?:分|加分|项)|特色(?:加分|创新)?(?:项目|工作)?[(（]?加|加分$"


@dataclass(frozen=True)
class Guess:
    """The meaning of one column; `detail` is the method's name for a tick column."""

    meaning: str
    detail: str = ""
    sure: bool = True


SIMPLE = str.maketrans(
    "測評項內標準責單門處類別權計辦編號週頻備註檢據證級務觀點審實網絡問報範圍適層協細則價協維領導賦滿質時間說數總節點圍標類",
    "测评项内标准责单门处类别权计办编号周频备注检据证级务观点审实网络问报范围适层协细则价协维领导赋满质时间说数总节点围标类",
)


def clean(text: str) -> str:
    """A header's text for comparing: folded, no blanks, no trailing unit or remark in brackets."""
    said = squeeze(text[:500]).translate(SIMPLE)
    said = re.sub(r"[(（\[【][^)）\]】]*[)）\]】]", "", said) or said
    return said.strip("*★▲:：-·.")


def word_meaning(text: str) -> str | None:
    """The meaning that a header's words give, or None. Long texts are no headers."""
    said = clean(text)
    if not said or len(said) > 16 or re.search(r"[。；;！？]", said):
        return None
    for meaning, pattern in WORDS:
        if re.search(pattern, said):
            return meaning
    return None


def is_method(text: str) -> bool:
    said = clean(text)
    return 1 < len(said) <= 8 and (
        said in METHODS
        or bool(
            re.search(
                r"^(?:材料|资料|实地|现场|问卷|网络|网上|线上|个别|征求|部门|知识|民意|随机|听取)(?:审核|考察|检查|查看|调查|核查|访谈|意见|评价|测试|抽查|汇报|暗访|申报)$",
                said,
            )
        )
    )


def meaning_of(lines: tuple[str, ...]) -> Guess | None:
    """The meaning of a column from its header lines, top to bottom; the lower line is the narrower.

    Under 测评方法 the lower lines are names of methods; under 责任单位 they tell 牵头 from 配合.
    """
    lines = tuple(line for line in lines if line)
    if not lines:
        return None
    own, above = lines[-1], lines[:-1]
    parents = [word_meaning(line) for line in above]
    # the whole-width title of a block, or the same text twice, says nothing new
    if (
        clean(own) in METHODS
        and len(clean(own)) >= 4
        and (parents or clean(own) not in ("查阅资料", "听取汇报"))
    ):
        return Guess("tick", clean_method(own))
    if is_method(own) and (
        ("methods" in parents)
        or not word_meaning(own)
        or any(re.search(r"方法|方式|途径", clean(line)) for line in above)
    ):
        return Guess("tick", clean_method(own))
    if "methods" in parents and word_meaning(own) not in ("methods", "points", "ignore"):
        return Guess("tick", clean_method(own))
    said = clean(own)
    if "lead" in parents or "co" in parents:
        if re.search(r"牵头|主责|主办|责任", said):
            return Guess("lead")
        if re.search(r"配合|协|参与|参加", said):
            return Guess("co")
    found = word_meaning(own)
    if found is None and said in ("一级", "Ⅰ级", "1级"):
        found = "area"
    if found is None and said in ("二级", "Ⅱ级", "2级"):
        found = "section"
    if found is None and said in ("三级", "Ⅲ级", "3级"):
        found = "subsection"
    if found in (None, "requirement", "title", "area") and said in ("名称", "项目", "标准", "内容"):
        # "一级指标 | 编号 名称": the line above names the level
        for parent in reversed(parents):
            if parent in ("area", "section", "subsection", "title"):
                return Guess(parent)
    if found == "points" or found == "ignore":
        for parent in reversed(parents):
            if parent in ("area", "section") and found == "points":
                return Guess("group_points")
    if found:
        return Guess(found)
    for parent in reversed(parents):
        if parent:
            return Guess(parent, sure=parent == "cadence" and bool(re.search(r"[季月年度]", own)))
    return None


def clean_method(text: str) -> str:
    """ "材料\\n审核（50%）" -> "材料审核"."""
    return re.sub(r"[(（].*?[)）]", "", squeeze(text)).strip(":：")


@dataclass(frozen=True)
class Shape:
    """What stands in a column below the header: counted over the rows that hold items."""

    filled: int  # cells with something, a merged range counted once
    rows: int  # rows of items
    numbers: int  # cells that are numbers or "2分"
    codes: int  # cells like 1.1.1, A-02, Ⅲ-12
    ticks: int  # cells like √ ● ★
    distinct: int
    runs: int  # how often the value changes downward, blanks passed over
    length: float  # mean length of the texts
    words: frozenset[str] = frozenset()  # the commonest short values
    counting: bool = False  # 1, 2, 3 …: serial numbers
    total: Decimal = Decimal(0)  # sum of the figures
    most: Decimal = Decimal(0)  # the largest figure


DEPARTMENTS = re.compile(
    r"(处|室|办|科|部|局|委|中心|工会|支部|团委|妇委会|机关党委|纪委|股|组|队)(?:、|，|,|;|；|$|[(（])"
)
CADENCES = re.compile(r"^(每|按)?(周|月|季度?|半年|年|届期|两月|双月|年度|季度)|\d次/|事项触发|不定期|次/")


def shape_meaning(shape: Shape, taken: set[str]) -> Guess | None:
    """What a column without a telling header most likely holds; None when nothing speaks."""
    filled = max(1, shape.filled)
    if shape.filled == 0:
        return None
    if shape.codes >= 0.8 * filled and "code" not in taken and shape.distinct >= 0.9 * filled:
        return Guess("code", sure=False)
    if shape.numbers >= 0.8 * filled:
        if shape.counting:
            return None if taken & {"serial", "code"} else Guess("serial", sure=False)
        plausible = shape.total <= 2000 and shape.most <= 200 and shape.filled >= 0.3 * shape.rows
        return Guess("points", sure=False) if "points" not in taken and plausible else None
    if shape.ticks >= 0.9 * filled:
        return None
    texts = sorted(shape.words)
    share = 1 / max(1, len(texts))
    if (
        texts
        and shape.length <= 20
        and "lead" not in taken
        and sum(bool(DEPARTMENTS.search(text)) for text in texts) * share >= 0.8
    ):
        return Guess("lead", sure=False)
    if texts and shape.length <= 16 and shape.distinct <= max(4, 0.6 * filled):
        if "cadence" not in taken and sum(bool(CADENCES.search(text)) for text in texts) * share >= 0.7:
            return Guess("cadence", sure=False)
        if "mandatory" not in taken and set(texts) <= {
            "必备",
            "一般",
            "必达",
            "基本",
            "提升",
            "约束性",
            "预期性",
        }:
            return Guess("mandatory", sure=False)
        if "methods" not in taken and all(
            is_method(part) for text in texts for part in re.split(r"[、,，+/]", text)
        ):
            return Guess("methods", sure=False)
    if (
        RULES.search(" ".join(texts))
        and "rule" not in taken
        and sum(bool(RULES.search(text)) for text in texts) * share >= 0.6
    ):
        return Guess("rule", sure=False)
    return None


RULES = re.compile(
    r"[扣减]\s*[\d.一二两三半]+\s*分|满分|不(?:得|计|给|记)分|扣完|(?<![\d.])[0零]分|[得计记给加各次]\s*[\d.]+\s*分|[上下]\s*[\d.]+\s*分|(?:^|[\s；;。])A[.、．:：].*[\s；;。]B[.、．:：]",
    re.DOTALL,
)
#: heads that stand over requirements as well as over rules: what is below decides
EITHER = re.compile(
    r"^(?:评价|评定|考核|考评|测评|评估|评审|评比|验收|奖惩|检查|具体)(?:标准|办法|细则|要点|说明|规则|尺度)$|^(?:标准|办法|细则|说明|考核|考评|要点|解释)$"
)


def tells_rules(text: str, shape: Shape) -> bool:
    """A head such as 评价标准, 考核细则 over cells that mostly say how points are won and lost."""
    words = sorted(shape.words)
    return bool(EITHER.search(clean(text))) and sum(bool(RULES.search(one)) for one in words) >= 0.6 * max(
        1, len(words)
    )


def text_meanings(shapes: dict[int, Shape], taken: dict[str, float]) -> dict[int, Guess]:
    """Meanings of text columns left over: the fullest are title (short) and requirement (long), the others groups.

    TAKEN: meaning -> mean length of the column that already has it.
    """
    found: dict[int, Guess] = {}
    full = [c for c, shape in shapes.items() if shape.runs >= 0.9 * shape.rows and shape.length >= 2]
    full.sort(key=lambda c: -shapes[c].length)
    for c in full[:2]:
        length = shapes[c].length
        if (
            "requirement" not in taken
            and (length >= 8 or "title" in taken)
            and length >= taken.get("title", 0)
        ):
            found[c], taken["requirement"] = Guess("requirement", sure=False), length
        elif "title" not in taken and length <= max(30, taken.get("requirement", 0)):
            found[c], taken["title"] = Guess("title", sure=False), length
    groups = [
        c
        for c, shape in shapes.items()
        if c not in found and 0.03 * shape.rows <= shape.runs < 0.8 * shape.rows and 2 <= shape.length <= 40
    ]
    for c in sorted(groups, key=lambda c: shapes[c].runs):
        meaning = next((one for one in ("area", "section", "subsection") if one not in taken), None)
        if meaning and shapes[c].filled >= 2:
            found[c], taken[meaning] = Guess(meaning, sure=False), shapes[c].length
    return found
