"""Words that name a field in running text: "责任单位：办公室；配合单位：机关党委", "【查阅资料】", "（办公室牵头）"."""

import re
from dataclasses import dataclass, field

from .columns import is_method
from .departments import lists_departments
from .numbers import fold, squeeze

WORK = r"(?:测评|考核|考评|评价|评估|检查|创建|评审|验收|工作|具体|指标|任务|达标|基本|目标)"
WORDS: list[tuple[str, str]] = [
    (
        "rule",
        rf"{WORK}?(?:评分|计分|记分|打分|赋分|扣分|得分|量化)(?:标准|办法|细则|规则|方法|说明|方式|依据|要点|准则)|评分|计分|记分|赋分|打分|扣分|减分|扣减|(?:扣分|扣减|减分)(?:情形|项|点|事项)",
    ),
    (
        "methods",
        r"(?:测评|考核|考评|检查|评价|评估|审核|核查|验收|考察|查看|数据采集|采集|评审|督查)(?:方法|方式|途径|形式|渠道|手段)|数据来源|方法|方式",
    ),
    (
        "co",
        r"(?:配合|协办|协同|协助|参与|参加|会办)(?:责任)?(?:处室|单位|部门|科室|股室)?",
    ),
    (
        "lead",
        r"(?:主要|第一)?(?:责任|牵头|主责|主办|承办|负责|落实|归口|实施)(?:处室|单位|部门|科室|股室|主体)?(?:及分工)?",
    ),
    (
        "needs",
        r"(?:(?:需|应|须|要求)?(?:报送|佐证|所需|提供|印证|申报|支撑|证明|备查|查看|审核|提交|上传|归档))?的?(?:材料|资料)(?:要求|清单|目录|名称|报送说明|说明|内容)?|报送(?:内容|要求)|台账(?:要求|资料)|佐证",
    ),
    (
        "cadence",
        r"(?:测评|报送|完成|工作|开展|考核|填报|更新)?(?:周期|频次|频率|频度|时限)(?:频次|要求)?|(?:完成|报送|上报|办结)(?:时间|期限)|时间(?:要求|节点|安排)",
    ),
    ("points", r"(?:本项|该项|标准|指标)?(?:分值|标准分|满分|权重|基本分|基础分|分数)"),
    ("scope", r"适用(?:对象|范围|层级)|实施层面|覆盖范围"),
    ("mandatory", r"指标(?:属性|性质|类型|类别)|是否必备|属性|必备"),
    ("ignore", r"(?:自评|考核|考评|实际|核定|上年|去年)?得分|自评分|实得分|扣分原因|评分人|考评分"),
    ("note", r"备注|附注|注|说明|备考"),
    (
        "requirement",
        rf"{WORK}?(?:标准|要求|细则|要点|内涵|释义|描述|内容及要求|内容和要求|内容与要求|标准及要求|标准和要求)|(?:测评|考核|考评|检查)?内容",
    ),
]
LABEL = "|".join(f"(?P<{name}>{words})" for name, words in WORDS)
REMARK = r"(?:[(（][^)）:：]{1,8}[)）])?"
AT_START = re.compile(
    rf"^[【\[(（〔]?\s*(?:{LABEL})\s*{REMARK}\s*(?:[】\])）〕]\s*[:：]?|[:：])\s*(?P<text>.*)$", re.DOTALL
)
ALONE = re.compile(rf"^[【\[(（〔]?(?:{LABEL})[】\])）〕]?[:：]?$")
INSIDE = re.compile(
    rf"(?P<open>(?:^|(?<=[。；;，,\s】\])）〕]))\s*[【\[〔]\s*|(?:^|(?<=[\S]))[(（]|(?:^|(?<=[。；;，,\s】\])）〕]))\s*)(?:{LABEL})\s*{REMARK}\s*(?P<shut>[】\]〕]\s*[:：]?|[:：])"
)
BRACKET = re.compile(r"[【\[(（〔]([^【】\[\]()（）〔〕]{2,40})[】\])）〕]")
SHARED_OUT = re.compile(
    r"^[^，,；;。：:]{2,30}(?:牵头|负责|主办|承办|落实)(?:[，,；;、][^。：:]{2,30}(?:配合|协办|参与|协助))?$"
)
#: the last bracket of a line; points may still stand behind it
SIGNED = re.compile(r"[(]([^()]{2,60})[)](?=\s*(?:[(][^()]{0,8}\d[^()]{0,3}[)])?[。；]?\s*$)")
#: words that stand in ordinary sentences too: inside a line they need 。；or a bracket before them
WEAK = {"requirement", "note", "points", "ignore", "mandatory"}


#: 得分：… with words on how points are earned is a rule; without, a place for the assessor's figure
EARNED = re.compile(r"[得扣加计]\s*[\d.一二三四五半满]+\s*分|得?满分|不得分")


@dataclass
class Said:
    """A line taken apart: what is left of it, and the fields it names (meaning → text)."""

    text: str
    fields: dict[str, str] = field(default_factory=dict)
    #: who answers stands bare in the last bracket: （宣传科、各党支部）
    signed: bool = False

    def add(self, name: str, text: str) -> None:
        text = text.strip().strip("；;，,")
        if text:
            self.fields[name] = f"{self.fields[name]}；{text}" if name in self.fields else text


def label_line(text: str) -> tuple[str, str] | None:
    """(meaning, text behind it) of a line that begins with a label: 评分标准：…, 【责任单位】办公室; "" if alone."""
    said = fold(text)
    if found := ALONE.match(squeeze(text)):
        return name_of(found), ""
    if found := AT_START.match(said):
        if name_of(found) == "ignore" and EARNED.search(said[found.start("text") :]):
            return "rule", text[found.start("text") :].strip()
        if said[:1] in "([【〔" and not re.match(r"[^\])】〕]*[\])】〕]", said[: found.start("text")]):
            return None
        return name_of(found), text[found.start("text") :].strip()
    return None


def name_of(found: re.Match[str]) -> str:
    return next(name for name, _ in WORDS if found.group(name))


def take_fields(text: str) -> Said:
    """Cut the labelled parts out of a line; what stands before the first of them stays its text."""
    folded = fold(text)
    marks = [m for m in INSIDE.finditer(folded) if is_mark(folded, m)]
    said = Said(text[: marks[0].start()] if marks else text)
    for m, after in zip(marks, [*marks[1:], None], strict=False):
        body = text[m.end() : after.start() if after else len(text)]
        body, rest = cut_at_close(body)
        if rest.strip(" 。；;，,"):
            said.text = f"{said.text.rstrip()}{rest}"
        said.add(name_of(m), body)
    said.text = BRACKET.sub(lambda m: bracket(m, said), closed(said.text)).strip()
    take_signed(said)
    return said


def take_signed(said: Said) -> None:
    """The bare list of departments that closes a line goes to who answers, if no words name another."""
    found = None if "lead" in said.fields else SIGNED.search(fold(said.text))
    if found is None or not said.text[: found.start()].strip():
        return
    inside = said.text[found.start(1) : found.end(1)]
    if lists_departments(inside):
        said.add("lead", inside)
        said.signed = True
        said.text = f"{said.text[: found.start()]}{said.text[found.end(1) + 1 :]}".strip()


def closed(text: str) -> str:
    """A bracket whose tail went to a field is shut again: （9.6分，责任科室：… -> （9.6分）."""
    if fold(text).count("(") <= fold(text).count(")"):
        return text
    return f"{text.rstrip(' ，,；;、')}）"


def is_mark(folded: str, m: re.Match[str]) -> bool:
    """A label inside a line; weak words count only at the beginning of a clause or in a bracket of their own."""
    name = name_of(m)
    if name == "points":
        return False  # read as points, wherever they stand
    before = folded[: m.start()].rstrip()
    return not (name in WEAK and before and before[-1] not in "。；;】])\n" and not m.group("open").strip())


def cut_at_close(body: str) -> tuple[str, str]:
    """What stands inside the bracket opened before BODY, and what follows it."""
    depth = 0
    for index, char in enumerate(body):
        if char in "(（":
            depth += 1
        elif char in ")）":
            if depth == 0:
                return body[:index], body[index + 1 :]
            depth -= 1
    return body, ""


def bracket(m: re.Match[str], said: Said) -> str:
    """A bracket that names methods or who answers goes to its field; any other stays."""
    inside = m.group(1).strip()
    parts = [part for part in re.split(r"[、，,/+＋和\s]", inside) if part]
    if parts and all(is_method(part) for part in parts):
        said.add("methods", "、".join(parts))
        return ""
    if SHARED_OUT.match(inside) and not re.search(r"\d", inside):
        said.add("lead", inside)
        return ""
    return m.group(0)
