"""What evidence an indicator asks for: the text of 材料要求 -> single needs."""

import re
from dataclasses import dataclass, replace

from .numbers import NUMBER, decimal_of, fold

KINDS = {
    "document": "正式文件",
    "picture": "图片",
    "media": "音像",
    "report": "报告",
    "table": "统计表",
    "link": "链接",
    "other": "材料",
}
FIELDS = {
    "时间": "time",
    "地点": "place",
    "人物": "people",
    "参加人": "people",
    "参加范围": "people",
    "主题": "theme",
    "主办": "host",
}


@dataclass(frozen=True)
class Need:
    """One kind of proof. `least` pieces; `must` unless worded as a choice; `fields` of the caption asked for."""

    name: str
    kind: str = "other"
    least: int = 1
    must: bool = True
    fields: tuple[str, ...] = ()
    doc_no: bool = False


OPEN, CLOSE = "(（[【〔《“<", ")）]】〕》”>"
# first hit wins; the last words of a name say more than the first
KIND_WORDS: list[tuple[str, str]] = [
    ("document", r"正式文件|带文号|红头|发文|印发件|文件$"),
    ("link", r"链接|网址|网页$|URL"),
    ("media", r"视频|音像|音频|录音|录像|影像(?!资料目录)|微视频|短片|光盘"),
    ("picture", r"照片|图片|截图|影像资料$|实景图|宣传栏$|图文"),
    (
        "table",
        r"统计|台账|登记|签到[册簿]|清单|名册|名单|花名册|一览表|汇总表?$|目录|明细|分工表|进度表|表格?$|表\b|考勤|架构图|成绩",
    ),
    ("report", r"报告|总结|说明|小结|情况$|汇报|自评|调研|综述|分析$|简报"),
    (
        "document",
        r"通知|方案|意见|通报|办法|制度|规定|规划|计划|批复|决定|预案|文件|公告|函$|规则|章程|细则|要点|责任书|责任状",
    ),
]
PIECE = "张份篇个幅条件段次期部套册本"
AT_LEAST = re.compile(rf"(?:不少于|至少|不低于|不得少于|≥|>=)\s*({NUMBER})\s*[{PIECE}]")
RANGE = re.compile(rf"({NUMBER})\s*[{PIECE}]?\s*(?:-|~|至|到)\s*{NUMBER}\s*[{PIECE}]")
#: a count at the end, or behind what is counted: 照片3张, 简报4期以上
AT_END = re.compile(
    rf"[各共]?\s*({NUMBER})\s*[张份篇幅段期部套册本](?:以上|左右|及以上)?$|链接\s*({NUMBER})\s*条$"
)
IN_FRONT = re.compile(rf"^({NUMBER})\s*[张份幅篇段](?:以上)?(?=(?:[\u4e00-\u9fff]{{0,4}}(?:照片|图片))|$)")
EACH_ONE = re.compile(rf"各\s*(?:不少于|至少)?\s*({NUMBER})\s*[{PIECE}](?:以上)?$")
MARKS_INSIDE = re.compile(
    r"(?:(?<=\s)|(?<=[。；;，,、]))(?=(?:\d{1,2}[.．、)）](?!\d)|[(（]\d{1,2}[)）]))|(?=[①-⑳])"
)
ASKING = re.compile(
    r"^(?:需要?|须|应|请|要)?(?:提供|提交|报送|上传|附|出具)(?:以下|有关|相关)?(?:材料|资料)?[:：]?\s*(?=[\u4e00-\u9fff]{2})"
)
NONE_ASKED = re.compile(r"(?:无需|不需|无须|不用|免予)(?:要|再)?(?:报送|提供|提交|上传)(?:材料|资料)?[。]?$")
OPTIONAL = re.compile(r"选报|可选|如有|若有|视情|可附|选交|必要时|有条件的|可不|可一并|有则|酌情")


def split_list(text: str) -> list[str]:
    """Cut at ；;、 and line ends, never inside brackets. With ； present, 、 is part of a name."""
    if len(MARKS_INSIDE.findall(text)) > 1:
        text = MARKS_INSIDE.sub("\n", text).strip()
    marks = "；;\n" if re.search(r"[；;\n]", outside(text)) else "、，,"
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        if char in OPEN:
            depth += 1
        elif char in CLOSE:
            depth = max(0, depth - 1)
        elif char in marks and not depth:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    clean = (
        re.sub(r"^(?:\d{1,2}[.．、)）](?!\d)|[①-⑳]|[(（]\d{1,2}[)）])\s*", "", part.strip()).strip(
            "。 ；;、，,"
        )
        for part in parts
    )
    return [part for part in clean if part]


def outside(text: str) -> str:
    """TEXT without what stands in brackets."""
    out, depth = [], 0
    for char in text:
        if char in OPEN:
            depth += 1
        elif char in CLOSE:
            depth = max(0, depth - 1)
        elif not depth:
            out.append(char)
    return "".join(out)


def read_needs(text: str) -> list[Need]:
    """Needs in the order of the text; empty for empty text, "无", "—". "各1份" counts for all before it."""
    if not text or fold(text).strip() in ("无", "-", "/", "不需要", "--") or NONE_ASKED.search(fold(text)):
        return []
    found: list[Need] = []
    own: list[bool] = []
    for part in [piece for one in split_list(text) for piece in joined(one)]:
        if each := EACH_ONE.search(fold(part)):
            least = count_of(each.group(1))
            found.append(replace(read_need(part[: each.start()].strip() or part), least=least))
            own.append(True)
            for index in range(len(found) - 2, -1, -1):
                if own[index]:
                    break
                found[index], own[index] = replace(found[index], least=least), True
            continue
        found.append(read_need(part))
        own.append(found[-1].least > 1)
    return found


def joined(part: str) -> list[str]:
    """签到表和现场照片 → both, if they are of different kinds; 方案和总结 stays one."""
    pieces = re.split(r"和", outside(part)) if outside(part) == part else [part]
    kinds = {kind_of(fold(piece)) for piece in pieces}
    apart = len(pieces) == 2 and len(kinds) == 2 and "picture" in kinds and min(map(len, pieces)) > 1
    return [piece.strip() for piece in pieces] if apart else [part]


def read_need(text: str) -> Need:
    """One kind of proof. A count at the end or in brackets is taken out of the name."""
    folded = fold(text)
    inside = re.findall(r"[(\[【〔](.*?)[)\]】〕]", folded)
    brackets, bare = " ".join(inside), outside(folded).strip()
    least = 1
    for source in (brackets, bare):
        found = (
            AT_LEAST.search(source)
            or RANGE.search(source)
            or AT_END.search(source)
            or IN_FRONT.search(source)
        )
        if found:
            least = count_of(next(filter(None, found.groups())))
            break
    fields = tuple(dict.fromkeys(name for word, name in FIELDS.items() if word in brackets))
    doc_no = bool(re.search(r"带文号|正式文件|红头|有文号|正式发文|文号", folded))
    must = not OPTIONAL.search(folded)
    return Need(tidy_name(text.strip()), kind_of(folded), least, must, fields, doc_no)


def tidy_name(name: str) -> str:
    """Without how many, without 需提供 in front and 等 behind; never empty."""
    short = ASKING.sub("", name)
    if m := re.match(r"^(.{2,}?)[(（](?:(?:不少于|至少|≥)[^)）]*|[^)）]{0,3}张)[)）]$", short):
        short = m.group(1).strip()
    folded = fold(short)
    if m := re.search(
        rf"(?:不少于|至少|各)?\s*(?:{NUMBER}(?:-|~|至|到))?{NUMBER}\s*[张份篇幅期部套册本](?:以上)?$", folded
    ):
        short = short[: m.start()].strip() if m.start() >= 2 else short
    if m := re.match(rf"^(?:不少于|至少){NUMBER}\s*[张份篇幅期部套册本](?=.{{2}})", fold(short)):
        short = short[m.end() :]
    return re.sub(r"(?<=.{2})等$", "", short).strip("，,、：: ") or name


def count_of(text: str) -> int:
    value = decimal_of(text)
    return int(value) if value and value >= 1 else 1


def kind_of(text: str) -> str:
    if re.match(r"^[^或]*(?:照片|图片)(?:资料)?或", outside(text)):
        return "picture"  # 照片或视频: the first named is asked for
    for source in (text, outside(text)):
        if re.search(r"正式文件|带文号|红头", source):
            return "document"
    bare = re.sub(rf"(?:不少于|至少)?{NUMBER}(?:张|份|篇|幅)(?:以上)?", "", outside(text)) or text
    for source in (bare, text):
        for kind, pattern in KIND_WORDS:
            if re.search(pattern, source.rstrip("()（）")):
                return kind
    return "other"
