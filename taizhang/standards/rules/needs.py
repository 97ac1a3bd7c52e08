"""What evidence an indicator asks for: the text of 材料要求 -> single needs."""

import re
from dataclasses import dataclass

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
    ("media", r"视频|音像|录音|录像|影像(?!资料目录)|微视频|短片|光盘"),
    ("picture", r"照片|图片|截图|影像资料$|实景图|宣传栏$|图文"),
    (
        "table",
        r"统计|台账|登记|清单|名册|名单|花名册|一览表|汇总表?$|目录|明细|分工表|进度表|表格?$|表\b|考勤|架构图|成绩",
    ),
    ("report", r"报告|总结|说明|小结|情况$|汇报|自评|调研|综述|分析$"),
    (
        "document",
        r"通知|方案|意见|通报|办法|制度|规定|规划|计划|批复|决定|预案|文件|公告|函$|规则|章程|细则|要点|责任书|责任状",
    ),
]
LEAST = re.compile(
    rf"(?:不少于|至少|不低于|≥|>=|各)?\s*({NUMBER})\s*(?:张|份|篇|个|幅|条|件|段|次|期|部)(?:以上)?"
)


def split_list(text: str) -> list[str]:
    """Cut at ；;、 and line ends, never inside brackets. With ； present, 、 is part of a name."""
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
    """Needs in the order of the text; empty for empty text, "无", "—"."""
    if not text or fold(text).strip() in ("无", "-", "/", "不需要"):
        return []
    return [read_need(part) for part in split_list(text)]


def read_need(text: str) -> Need:
    folded = fold(text)
    brackets = " ".join(re.findall(r"[(\[【〔](.*?)[)\]】〕]", folded))
    least = 1
    for source in (brackets, outside(folded)):
        if found := re.search(
            rf"(?:不少于|至少|不低于|≥|>=)\s*({NUMBER})\s*(?:张|份|篇|个|幅|条|件|段|次|期|部)|(?<=[片图像频报])\s*({NUMBER})\s*(?:张|份|幅|篇|段)|^({NUMBER})\s*(?:张|份|幅|篇|段)(?:以上)?$",
            source,
        ):
            value = decimal_of(next(group for group in found.groups() if group))
            least = int(value) if value and value >= 1 else 1
            break
    fields = tuple(dict.fromkeys(name for word, name in FIELDS.items() if word in brackets))
    doc_no = bool(re.search(r"带文号|正式文件|红头|有文号|正式发文|文号", folded))
    name = text.strip()
    if m := re.match(r"^(.{2,}?)[(（](?:不少于|至少|≥)[^)）]*[)）]$", name):
        name = m.group(1).strip()
    must = not re.search(r"选报|可选|如有|视情|可附|选交", folded)
    return Need(name, kind_of(folded), least, must, fields, doc_no)


def kind_of(text: str) -> str:
    for source in (text, outside(text)):
        if re.search(r"正式文件|带文号|红头", source):
            return "document"
    bare = re.sub(rf"(?:不少于|至少)?{NUMBER}(?:张|份|篇|幅)(?:以上)?", "", outside(text)) or text
    for source in (bare, text):
        for kind, pattern in KIND_WORDS:
            if re.search(pattern, source.rstrip("()（）")):
                return kind
    return "other"
