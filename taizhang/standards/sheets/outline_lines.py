"""The paragraphs of a document as marked lines: what stands in front of each, its points, its fields."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from taizhang.kit.tables import Sheet

from ..rules.captions import list_in_sentence
from ..rules.codes import Ordinal, split_code
from ..rules.columns import BONUS_WORDS, ELIGIBLE_WORDS, NEGATIVE_WORDS
from ..rules.labels import label_line, take_fields
from ..rules.marks import unbullet, unmark
from ..rules.numbers import NUMBER, decimal_of, fold, points_in, squeeze, whole_number
from ..rules.titles import parts_of
from .lines import TOTAL
from .outline_points import own_points

CONTENTS = re.compile(r"(?:[.．·…。]{3,}|-{4,}|\t|\s{3,})\s*-?\s*\d{1,3}\s*-?\s*$")
NOUN = r"(?:测评|考核|考评|评价|评估|检查|创建|评分)?(?P<noun>项目|内容|指标|标准|要点|任务|类别|方面|模块|单元|板块|专题|大项|小项|条目|[考测观]\w?点|维度|篇章|篇|章|部分|类|专项|行动|工程|目标|领域|环节|主题|事项|清单)"
NAMED = re.compile(
    rf"^[【\[]?{NOUN}\s*[(]?\s*(?P<n>[一二三四五六七八九十]{{1,3}}|\d{{1,3}}(?:[-.]\d{{1,3}}){{0,3}}|[①-⑳ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ])\s*[)]?\s*(?:[】\]]\s*[:：、.．]?\s*|[:：、.．|-]\s*|\s+)(?P<rest>\S.*)$",
    re.DOTALL,
)
CALLED = re.compile(
    r"^[【\[]?(?:测评|考核|考评|评价|评估)(?P<noun>项目|类别|内容|指标|要点)[】\]]?\s*[:：]\s*(?P<rest>\S.*)$"
)
SIDE = {"negative": NEGATIVE_WORDS, "eligibility": ELIGIBLE_WORDS, "bonus": BONUS_WORDS}
NAME_OF_ALL = re.compile(
    r"(?:标准|体系|细则|办法|方案|测评表|评分表|考核表|指标|手册|通知|意见|规定)(?:[(（【].*[)）】])?$"
)
#: so a document may be called too, but also an area: only above everything else, and without points
NAME_AT_TOP = re.compile(
    r"(?:(?:考评|考核|测评|评价|检查|验收|打分|评分|评比|评选|创建)(?:表|内容|项目|指标)|任务书|责任书|口袋书|任务清单|任务单|清单|手册|汇编|指南|指引|规程|规范|要点|一览表|评分表|考核表|规则|条例|计划)(?:[(（【].*[)）】])?$"
)
CLOSING = re.compile(
    r"^(?:附则|附件[一二三四五六七八九十\d]*[:：]|联系人|联系电话|联系方式|抄送|印发|主送|电话[:：]|[一二三四五六七八九十\d、.（）()]{0,5}本(?:标准|办法|细则|体系)(?:自|由)|\d{4}年\d{1,2}月\d{1,2}日$|[二〇一三四五六七八九十]{4}年)"
)
WHOLE = re.compile(r"总分|满分|百分制|总计")
PREFACE = re.compile(
    r"^(?:附则|总则|说明|使用说明|有关说明|适用范围|附件|名词解释|指导思想|工作要求|组织实施|结果运用|总体要求|工作目标|目标任务|基本原则|实施步骤|工作步骤|有关要求|几点要求)$"
)
#: which writing of a standard it is, in a line under its name: （2024年修订）, （试行）, 征求意见稿
REMARK = re.compile(
    r"^(?P<open>[（(〔【\[])?(?:\d{4}(?:年度?|-)?(?:\d{1,2}月(?:\d{1,2}日)?)?[^（）()，。；]{0,16}(?:修订|修正|修改|印发|发布|公布|通过|施行|执行|试行|实施|版|年度?|稿|日|月)|(?:暂行|试行|草案|初稿|定稿|样表|样本|参考|内部资料)|[^（）()，。；\d]{0,8}(?:修订|修正|试行|征求意见|审议|送审|讨论|报批|上会|修改|试用|评审)(?:版|稿|本)?)(?(open)[)）〕】\]])$"
)
EACH = re.compile(r"[（(]\s*(?:每|各)[^（()）]{1,14}[)）]")
LONE = re.compile(
    r"^[(]?[一二三四五六七八九十]{1,3}[)、.][^。；;]{2,40}[)）]\s*(?P<part>(?:1[.、](?!\d)|[(]1[)]|①).+)$",
    re.DOTALL,
)
KINDS = "ABCDEFGHIJ甲乙丙丁戊己庚辛壬癸"
#: 【A类】服务环境, 甲类：服务, 甲、服务
KIND = re.compile(
    rf"^(?:【(?P<n>[{KINDS}一二三四五六七八九十])[类组]?】\s*[:：]?|(?P<m>[{KINDS}])[类组][、:：\s]\s*|(?P<k>[{KINDS[10:]}])、\s*)"
)
#: points with their label inside a line, not in a bracket
LABELLED = re.compile(
    rf"(?P<mark>[。；;\s])\s*(?:本项|标准|指标)?(?:分值|标准分|满分|分数)\s*[:：]\s*(?P<n>{NUMBER})\s*分?\s*(?=[。；;，,\s]|$)"
)
MAX_HEADING = 60


@dataclass
class Line:
    """One paragraph, or a numbered part of one. `style` tells lines of one kind from others; "" is body text."""

    row: int
    text: str
    ordinal: Ordinal | None = None
    style: str = ""
    number: int | None = None
    level: int = 0
    points: Decimal | None = None
    rest: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    label: str | None = None
    side: str = ""
    #: the sign that stood in front: ◆, ★, -
    sign: str = ""
    #: the points are told without brackets or a word
    bare: bool = False
    #: who answers stands bare in the last bracket
    signed: bool = False


@dataclass
class Text:
    """All lines of a document, and what was set aside as title, total or ending."""

    lines: list[Line] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    totals: dict[int, tuple[str, Decimal | None]] = field(default_factory=dict)


def read_text(sheet: Sheet, whole: Collection[str] = ()) -> Text:
    """The lines of a sheet of paragraphs, in order; tables of contents, totals and layout words left out.

    WHOLE: keys of paragraphs that a clerk wants in one piece.
    """
    found = Text()
    for row, text, level in joined(sheet):
        said = unmark(text)
        flat = squeeze(said)
        if not flat or (CONTENTS.search(fold(text)) and not re.search(r"分\s*[)）】]?\s*\d*$", text)):
            continue
        if TOTAL.match(flat) and len(flat) <= 18:
            figure = re.search(r"(\d+(?:\.\d+)?)", fold(flat))
            found.totals[row] = (flat, Decimal(figure.group(1)) if figure else None)
            continue
        if CLOSING.match(flat) and not level:
            continue
        for piece in [said] if f"{sheet.name}!A{row + 1}" in whole else pieces_of(said):
            found.lines.append(mark(row, piece, level))
            level = 0
    return found


def joined(sheet: Sheet) -> list[tuple[int, str, int]]:
    """(row, text, level) of every paragraph; a line that a page cut in two is put together again."""
    out: list[tuple[int, str, int]] = []
    by_line = any("行" in place for place in sheet.places)
    for row, cells in enumerate(sheet.rows):
        text = " ".join(str(cell) for cell in cells if cell is not None)
        level = sheet.levels[row] if row < len(sheet.levels) else 0
        for part in re.split(r"[\n\x0b]", text):
            part = part.strip()
            if not part:
                continue
            if by_line and out and not level and runs_on(out[-1][1], part):
                out[-1] = (out[-1][0], out[-1][1] + part, out[-1][2])
            else:
                out.append((row, part, level))
    return out


def runs_on(above: str, text: str) -> bool:
    """TEXT only goes on with the line above: that is long and has no end, and TEXT has no beginning."""
    return (
        len(above) >= 25
        and above[-1] not in "。；;：:！？!?）)】]"
        and split_code(text)[0] is None
        and NAMED.match(fold(text)) is None
        and label_line(text) is None
    )


def pieces_of(text: str) -> list[str]:
    """A paragraph, cut before its numbered parts if each of them has points of its own."""
    ordinal, rest = split_code(text)
    offset = len(text) - len(rest) if ordinal is not None and text.endswith(rest) else 0
    ways = [
        *parts_of(text),
        *([offset + at for at in starts] for starts in parts_of(text[offset:], inner=True)),
    ]
    for cuts in ways:
        parts = [text[a:b] for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]
        if all(own_points(take_fields(part).text, loose=True).value is not None for part in parts):
            head = text[: cuts[0]].strip()
            below = [one for part in parts for one in pieces_of(part.strip().rstrip("；;"))]
            return [*([head] if head else []), *below]
    return lone_piece(text)


def lone_piece(text: str) -> list[str]:
    """（二）志愿（2分）1.每月一次。（2分）: a heading with its only part in one paragraph."""
    found = LONE.match(fold(text))
    if found is None:
        return [text]
    head, part = text[: found.start("part")].strip(), text[found.start("part") :].strip()
    value = own_points(split_code(head)[1], loose=True).value
    same = value is not None and own_points(take_fields(part).text, loose=True).value == value
    return [head, part] if same else [text]


def mark(row: int, text: str, level: int) -> Line:
    """A line with all that can be told from itself alone."""
    if REMARK.match(squeeze(text)) and split_code(text)[0] is None:
        return Line(row, text, rest=text)
    sign, said = unbullet(text)
    line = Line(row, text, level=level, sign=sign)
    body = numbered(line, said)
    label = label_line(body)
    if line.style.startswith("named"):
        label = None
    elif not line.style and (found := CALLED.match(fold(said))):
        value = own_points(said[found.start("rest") :], loose=True).value
        if value is not None or level:
            line.style, body, label = f"called {found.group('noun')}", said[found.start("rest") :], None
    if label is not None and not (level and line.ordinal is not None):
        return labelled(line, *label)
    told_apart, body = labelled_points(body)
    taken = take_fields(body)
    line.fields, line.signed = taken.fields, taken.signed
    short = len(taken.text) <= MAX_HEADING and not re.search(r"[。；;]", taken.text.rstrip("。；; "))
    told = own_points(taken.text, loose=line.ordinal is not None or short or bool(sign))
    line.points, line.bare = told.value, told.bare
    if told_apart is not None and line.points is None:
        line.points = told_apart
    for name, words in (("methods", told.methods), ("rule", told.rule)):
        if words:
            line.fields.setdefault(name, words)
    line.rest = EACH.sub("", told.rest).strip()
    if not line.style:
        unmarked(line, short)
    line.side = side_of(line)
    return line


def labelled_points(body: str) -> tuple[Decimal | None, str]:
    """ "要求：每年召开；分值：3分；责任单位：…": the points named inside a line, and the line without them."""
    found = LABELLED.search(fold(body))
    if found is None:
        return None, body
    return decimal_of(found.group("n")), f"{body[: found.start()]}{found.group('mark')}{body[found.end() :]}"


def numbered(line: Line, said: str) -> str:
    """What follows the number in front of a line; the number goes to LINE."""
    if found := NAMED.match(fold(said)):
        parts = tuple(re.split(r"[-.]", found.group("n")))
        number = whole_number(parts[-1])
        line.ordinal = Ordinal(
            found.group("n"), "dotted" if len(parts) > 1 else "part", number, parts[1:] and parts
        )
        line.style, line.number = f"named {found.group('noun')}{len(parts)}", number
        return said[found.start("rest") :]
    if (kind := KIND.match(fold(said))) and len(said) > kind.end():
        name = kind.group("n") or kind.group("m") or kind.group("k")
        place = KINDS.find(name) % 10 + 1 if name in KINDS else whole_number(name)
        line.ordinal, line.style, line.number = Ordinal(name, "part", place), "part kind", place
        return said[kind.end() :]
    line.ordinal, body = split_code(said)
    if line.ordinal is not None:
        line.style, line.number = style_of(line.ordinal)
    return body


def labelled(line: Line, name: str, text: str) -> Line:
    """A line that is a field of what stands above it."""
    taken = take_fields(text)
    line.label, line.rest, line.fields = name, taken.text, taken.fields
    if name == "points":
        line.points = points_in(f"分值：{line.rest}" if "分" in line.rest else f"分值：{line.rest}分")[0]
    return line


def unmarked(line: Line, short: bool) -> None:
    """A line without a number: a heading by its outline level, an item by its points, a chapter by its words."""
    if line.level and len(line.rest) <= MAX_HEADING:
        line.style = f"heading {line.level}"
    elif line.points is not None and line.rest:
        line.style = f"bullet {line.sign}" if line.sign else "plain"
    elif short and side_of(line):
        line.style = "side"


def side_of(line: Line) -> str:
    """Which of the three lists a heading opens: 负面清单, 申报条件, 加分项. Sentences open none."""
    if line.points is None and (role := list_in_sentence(line.rest)):
        return role
    title = re.sub(r"(?<=.{2})[(（【\[].*[)）】\]][:：]?$", "", squeeze(line.rest)).rstrip("：:")
    if not line.style and line.points is None and len(title) > 12:
        return ""
    if not 2 <= len(title) <= 20 or re.search(r"[，。；,;]", title):
        return ""
    title = re.sub(r"^附[件录]?\d*[:：]?", "", title)
    for role, words in SIDE.items():
        if (m := re.search(words, title)) and len(m.group()) >= 0.3 * len(title):
            if role == "bonus" and "扣分" in title:
                continue
            return role
    return ""


DARK = set("❶❷❸❹❺❻❼❽❾❿➊➋➌➍➎➏➐➑➒➓")


def style_of(ordinal: Ordinal) -> tuple[str, int | None]:
    """(kind of numbering, the number in its row)."""
    if ordinal.style == "letter":
        return "letter", ord(ordinal.text[0]) - 64
    if ordinal.simple:
        if ordinal.style == "part":
            kind = re.sub(r"[一二三四五六七八九十百\d]+", "", ordinal.text)
            return f"part {kind}", ordinal.number
        if ordinal.text in DARK:
            return "circled dark", ordinal.number
        return ordinal.style, ordinal.number
    last = whole_number(re.sub(r"^\D+", "", ordinal.parts[-1])) if ordinal.parts else None
    if ordinal.style == "roman_dash":
        return f"roman_dash {ordinal.depth}", last
    return f"{ordinal.style} {len(ordinal.parts)}", last
