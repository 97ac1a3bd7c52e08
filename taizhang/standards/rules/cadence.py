"""How often an indicator falls due: 每季度, 每年2次, 每届期, 事项触发; from its own column or from the requirement."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from .numbers import NUMBER, decimal_of
from .scoring_kinds import GUESS, LIKELY, SURE
from .wording import plain


class Cycle(StrEnum):
    """The period in which an indicator is due `times` times."""

    EVENT = "event"
    WEEK = "week"
    MONTH = "month"
    TWO_MONTHS = "two_months"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    CYCLE = "cycle"


LABELS = {
    Cycle.EVENT: "事项触发",
    Cycle.WEEK: "每周",
    Cycle.MONTH: "每月",
    Cycle.TWO_MONTHS: "每两月",
    Cycle.QUARTER: "每季度",
    Cycle.HALF_YEAR: "每半年",
    Cycle.YEAR: "每年",
    Cycle.CYCLE: "每届期",
}
PER_YEAR: dict[Cycle, int] = {
    Cycle.WEEK: 52,
    Cycle.MONTH: 12,
    Cycle.TWO_MONTHS: 6,
    Cycle.QUARTER: 4,
    Cycle.HALF_YEAR: 2,
    Cycle.YEAR: 1,
}


@dataclass(frozen=True)
class Cadence:
    """`times` in each `cycle`; `target` = how many of a year's are counted (40 of 52 weeks), None if all."""

    cycle: Cycle
    times: int = 1
    target: int | None = None

    @property
    def per_year(self) -> int | None:
        """How many fall due in a year; None for things that have no fixed number."""
        base = PER_YEAR.get(self.cycle)
        return base * self.times if base else None


class CadenceRead(NamedTuple):
    """What was understood, the words that say it, and how certain it is ("" when nothing was said)."""

    cadence: Cadence | None
    words: str
    certain: str


class Found(NamedTuple):
    """The best reading of running text. `counted`: a number stood beside it; `single`: no other cycle was named."""

    cadence: Cadence
    words: str
    counted: bool
    single: bool


N = NUMBER
#: what is counted as one time; the others (10名, 25小时, 3项) tell how much, not how often
ONCE = "次期场篇条回堂遍轮讲课"
TIMES = rf"(?:[^，。；,;\d]{{0,16}}?(?:不少于|至少|不低于|≥|各|集中|开展|召开|组织|报送|更新|举办|安排)?)({N})(次|期|场|篇|条|回|堂|遍|轮|讲(?!话|解|师|台)|课(?!时|题|程)|个|名|项|件|本|部)"
# in this order: the narrower word wins over the wider one that is part of it
WORDS: list[tuple[Cycle, str]] = [
    (
        Cycle.EVENT,
        r"事项触发|事件触发|即时|及时报送|随时|适时|按需|不定期|发生时|有事即报|触发|(?:根据|按照?|视)工作(?:需要|实际|情况)|[逢遇][^，。；]{0,6}节|(?:住院|去世|生病|婚丧|逝世|退休|入党|提拔|任职)[^，。；]{0,12}(?:必|及时|看望|走访|慰问|谈话)|逢[^，。；]{0,10}(?:婚|丧|病|生日|退休)|新[^，。；]{0,6}入职|(?:逢|遇|有)事(?:即|必|则)|随(?:到|发|有)随|一事一",
    ),
    (
        Cycle.CYCLE,
        r"(?:每|本|一个)?(?:届期|届内|任期内|创建周期|创建期|周期内)内?|每届|(?:每)?(?:三|3|两|2|二|四|4|五|5)年[\u4e00-\u9fff]{0,6}?(?:[一1]次|一届|一评|一轮|一换)|(?:三|3|两|2|五|5)年内|每(?:两|二|2|三|3|四|4|五|5)年|一次性(?!用|餐|纸|杯|解|通|[^，。；]{0,4}(?:告知|办结|补正))|创建期间|(?:每个?|一个)?考核周期",
    ),
    (
        Cycle.HALF_YEAR,
        r"春[、]?秋(?:两|二)?季|学期初[、和及]学期[末底]|年[中初][、和及与](?:年)?[末底终]|上半年(?:度)?[、和及与，]?下半年(?:度)?|上下半年|上、下半年|(?:每|按|逐|一)?个?半年(?:度)?|每(?:个)?学期",
    ),
    (
        Cycle.TWO_MONTHS,
        r"每(?:两|二|2)个?月|双月|隔月|每隔(?:一|1)个?月|(?:两|二|2)个?月(?:一次|1次|[^，。；\d]{1,4}一次)",
    ),
    (Cycle.QUARTER, r"(?:每|按|分|逐|各|一)个?季度?|季度|每(?:三|3)个月|季报|季(?=\d次|一次)"),
    (
        Cycle.MONTH,
        r"每?半(?:个)?月|每旬|(?:每|按|分|逐|各|当)个?月(?:度|份)?|月度|月报|每?(?:两|二|2)周[^，。；\d]{0,6}一次|每(?:两|二|2)周|双周(?!年)|(?<![\d个])一月一|(?<![两二\d个])月(?=\d次|一次|不少于|至少)",
    ),
    (
        Cycle.WEEK,
        r"(?:每|按|逐)个?(?:周|星期)(?!年)|周(?:例会|报)|一周一|周[一二三四五](?:至|到|-|、)周|星期[一二三四五](?:至|到|-)",
    ),
    (
        Cycle.YEAR,
        r"(?:每|按|全|当|一|本|逐)(?:学)?年(?:度|内)?|年度内?|年内|年[底终末初]|(?<![两二三四五每\d])年内?(?=\d+次|[一两二三四]次)",
    ),
]
WITHIN = {
    "半月": 2,
    "半个月": 2,
    "每旬": 3,
    "两周": 2,
    "二周": 2,
    "2周": 2,
    "双周": 2,
}  # cycles that we have not: so often in the month
IN_COLUMN = {
    "周": Cycle.WEEK,
    "月": Cycle.MONTH,
    "季": Cycle.QUARTER,
    "季度": Cycle.QUARTER,
    "半年": Cycle.HALF_YEAR,
    "年": Cycle.YEAR,
    "日": Cycle.WEEK,
    "每日": Cycle.WEEK,
    "每天": Cycle.WEEK,
    "届": Cycle.CYCLE,
    "双月": Cycle.TWO_MONTHS,
}
#: so long after something has happened: 接到通知后2小时内, 发生后24小时内; not 季后10日内, which names the period
SPAN = rf"{N}(?:个?(?:半)?小时|分钟|个?工作日|[日天周]|个?月|个星期)"
AFTER = re.compile(
    rf"(?<![每季月周年半])(?:之?后|之日起|以后|起)的?{SPAN}(?:之?内|以内)?|(?:接|收)到[^，。；]{{0,10}}{SPAN}(?:之?内|以内)|(?<![每季月周年半])(?:之?后|以后)(?:即|立即|及时|当[日天])"
)
AFTER_ALONE = re.compile(
    rf"{N}(?:个?小时|分钟|个工作日)(?:之?内|以内)|^{SPAN}(?:之?内|以内)|^当[日天](?!前)|^(?:次日|立即|第一时间)"
)
AFTER_PERIOD = re.compile(r"(周|月|季度?|半年|年)度?(?:末|底|终|终了|结束)?(?:之|以)?后(?=[\d一二三五十两])")
#: without a number of times: it is shown once a year, so that something falls due at all
ALWAYS = re.compile(r"日常|长期|常年|常态|经常|持续|全年|贯穿|坚持|全过程")
FEASTS = re.compile(
    r"(?:重[大要]|传统|法定)?节(?:假)?日|(?:春节|元宵|清明|五一|五四|七一|端午|中秋|国庆|重阳|元旦|三八)[^，。；]{0,8}?(?:前后|期间|前)|我们的节日"
)
FEAST = r"“?(?:春节|元宵节?|清明节?|五一|五四|七一|八一|端午节?|中秋节?|国庆节?|重阳节?|元旦|三八)”?(?:节|建党节|建军节)?"
FEASTS_IN_TEXT = re.compile(
    rf"(?:重[大要]|传统)节(?:假)?日(?:期间|前后|前)|{FEAST}(?:[、，和及]{FEAST})*(?:等?(?:节点|重[大要]节日|节假日|节日))?(?:期间|前后|前夕|前)|{FEAST}(?:[、，和及]{FEAST})+"
)
DEADLINE = re.compile(
    r"年(?:底|末|初|中|终)|[上下]半年|第?[一二三四1234]季度|\d{1,2}月\d{1,2}[日号]|(?:底|日|号|月)前|\d{4}年"
)
ON_CHANGE = re.compile(r"变动|变化|变更|调整时|更新|需要|发生|有.{0,6}时")
MONTH_NAMES = re.compile(r"(?<!\d)(\d{1,2})月(?!内|以内)")
EACH_OF = re.compile(rf"((?:\d{{1,2}}月(?:份)?[、和及]?)+)[^，。；,;]{{0,3}}各[^，。；,;]{{0,6}}?({N})次")
YEARLY = re.compile(
    rf"(?:全年|(?<!半)年度|每年|一年)(?:累计|共计?|总计|合计|目标|任务)*[^，。；\d]{{0,6}}?(?:不少于|至少|不低于|达到?|≥|为)?({N})[{ONCE}]"
)
GOAL = re.compile(rf"(?:年度|全年|每年)目标(?:任务)?(?:为|是)?({N})(?:次|期|场|篇|件|个|项|条)")
#: in a rule these count what went wrong, not what falls due
WRONGS = re.compile(r"被|通报|投诉|发生|发现|违|处分|查实|案|事故")
PERIOD = r"(半年|周|月|季度|季|年|届|双月)"


def whole(text: str) -> int:
    value = decimal_of(text)
    return int(value) if value is not None and value >= 1 else 1


def read_cadence(column: str, requirement: str = "", rule_text: str = "") -> CadenceRead:
    """Cadence, the words it was read from and how sure that is.

    The column wins over title and requirement, these over the rule's words; (None, "", "") when none says anything.
    A yearly target named in the rule (年度目标40次) is kept apart.
    """
    found = of_column(column) if column.strip() else None
    if found:
        found = found._replace(words=column.strip())
    else:
        found = of_requirement(requirement) or of_rule(rule_text)
    if not found:
        return CadenceRead(None, "", "")
    goal = GOAL.search(plain(rule_text)) or re.search(rf"目标({N})次", plain(column))
    if goal and found.cadence:
        cadence = Cadence(found.cadence.cycle, found.cadence.times, whole(goal.group(1)))
        found = found._replace(cadence=cadence)
    return found


def of_column(text: str) -> CadenceRead | None:
    """A cell of a 周期 or 频次 column: "每季度", "季度1次", "1次/月", "2次/年", "每年4月、10月", "12月底前"."""
    said = plain(text)
    if said in IN_COLUMN:
        return CadenceRead(Cadence(IN_COLUMN[said]), said, SURE)
    if said == "一季度":
        return CadenceRead(Cadence(Cycle.YEAR), said, LIKELY)  # beside 二季度 … in a plan of the year
    if AFTER.search(said) or AFTER_ALONE.search(said):
        return CadenceRead(Cadence(Cycle.EVENT), said, LIKELY)
    if m := AFTER_PERIOD.search(said):
        return CadenceRead(Cadence(IN_COLUMN[m.group(1)]), said, LIKELY)
    if m := re.fullmatch(rf"({N})[{ONCE}]?/(?:每)?{PERIOD}", said):
        return CadenceRead(Cadence(IN_COLUMN[m.group(2)], whole(m.group(1))), said, SURE)
    if m := re.fullmatch(rf"(?:一)?{PERIOD}(?:度)?(?:(?:不少于|至少)?({N})次|报|末|底|一.)?", said):
        return CadenceRead(Cadence(IN_COLUMN[m.group(1)], whole(m.group(2)) if m.group(2) else 1), said, SURE)
    found = best_of(said)
    if found and (found.counted or found.cadence.cycle is not Cycle.YEAR):
        sure = found.single and found.cadence.cycle is not Cycle.EVENT or "触发" in said
        return CadenceRead(found.cadence, said, SURE if sure else LIKELY)
    if months := of_months(said):
        return CadenceRead(months, said, LIKELY)
    if found:
        return CadenceRead(found.cadence, said, SURE if len(said) <= 4 and said != "全年" else LIKELY)
    if DEADLINE.search(said):
        return CadenceRead(Cadence(Cycle.YEAR), said, LIKELY)
    if FEASTS.search(said) or ALWAYS.search(said):
        return CadenceRead(Cadence(Cycle.YEAR), said, GUESS)
    if ON_CHANGE.search(said):
        return CadenceRead(Cadence(Cycle.EVENT), said, GUESS)
    return None


def of_months(said: str) -> Cadence | None:
    """4月、10月 → once in each half; four months, one in each quarter → each quarter; others so many times a year."""
    months = sorted({int(month) for month in MONTH_NAMES.findall(said) if 1 <= int(month) <= 12})
    if not months or re.search(r"\d{1,2}月?-\d{1,2}月", said):
        return Cadence(Cycle.YEAR) if months else None
    halves = {month > 6 for month in months}
    quarters = {(month - 1) // 3 for month in months}
    if len(months) == 2 and len(halves) == 2:
        return Cadence(Cycle.HALF_YEAR)
    if len(months) == 4 and len(quarters) == 4:
        return Cadence(Cycle.QUARTER)
    return Cadence(Cycle.MONTH) if len(months) == 12 else Cadence(Cycle.YEAR, len(months))


def of_requirement(text: str) -> CadenceRead | None:
    """Title and requirement: the first counted cadence, else the first named; feast days only as a guess."""
    found = best_of(plain(text))
    if found:
        loose = not found.single or re.fullmatch(r"年[度内底终末初]内?", found.words)
        certain = (SURE if found.single else LIKELY) if found.counted else (GUESS if loose else LIKELY)
        return CadenceRead(found.cadence, found.words, certain)
    if after := AFTER.search(plain(text)):
        return CadenceRead(Cadence(Cycle.EVENT), after.group(), GUESS)
    if feast := FEASTS_IN_TEXT.search(plain(text)):
        return CadenceRead(Cadence(Cycle.YEAR), feast.group(), GUESS)
    return None


def of_rule(text: str) -> CadenceRead | None:
    """每季度少1次扣1分 says how often; 一年内被通报一次扣1分 does not."""
    kept = "，".join(part for part in re.split(r"[，。；]", plain(text)) if not WRONGS.search(part))
    found = best_of(kept)
    if (
        found is None
        or (not found.counted and found.cadence.cycle is Cycle.YEAR)
        or found.cadence.cycle is Cycle.EVENT
    ):
        return None
    # 每季度少1次扣: the number tells what is missing
    missing = re.search(rf"(?:每)?(?:少|缺|漏|未)[^，。；]{{0,4}}?{N}[{ONCE}]$", found.words)
    cadence = Cadence(found.cadence.cycle) if missing else found.cadence
    if missing and cadence.cycle is Cycle.YEAR:
        return None
    return CadenceRead(cadence, found.words, LIKELY if found.single else GUESS)


def of_words(text: str) -> tuple[Cadence | None, str]:
    """The first cadence named in running text, and the words that name it."""
    found = best_of(plain(text))
    return (found.cadence, found.words) if found else (None, "")


def best_of(said: str) -> Found | None:
    """The cadence that SAID (in plain writing) names first; one with a number beats one without."""
    if m := EACH_OF.search(said):
        each = whole(m.group(2))
        months = of_months(m.group(1)) or Cadence(Cycle.YEAR)
        return Found(Cadence(months.cycle, months.times * each), m.group(), True, True)
    found: list[tuple[bool, int, int, Cycle, re.Match[str], re.Match[str] | None]] = []
    for order, (cycle, pattern) in enumerate(WORDS):
        for m in re.finditer(pattern, said):
            if not idle(said, m, cycle):
                tail = re.match(TIMES, said[m.end() :])
                bare = tail is None and not re.search(r"[一1](?:次|届)$", m.group())
                found.append((bare, m.start(), order, cycle, m, tail))
    if not found:
        return None
    uncounted, _, _, cycle, m, tail = min(found, key=lambda one: (one[0], one[1] * 10 + one[2]))
    whole_year = yearly(said)
    if cycle is Cycle.YEAR and not uncounted:
        # 全年不少于4次，每季度1次: the narrower period says when, the year how many
        narrow = [one for one in found if PER_YEAR.get(one[3], 0) > 1 and one[5] is not None]
        for one in narrow:
            narrower = of_match(one[3], one[4], one[5])
            if (narrower.per_year or 0) >= (whole_year or 0):
                _, _, _, cycle, m, tail = one
                break
    cadence = of_match(cycle, m, tail)
    if cycle is not Cycle.YEAR and whole_year and cadence.per_year and whole_year < cadence.per_year:
        cadence = Cadence(cadence.cycle, cadence.times, whole_year)
    others = {one[3] for one in found if one[3] is not cycle and one[3] is not Cycle.YEAR}
    words = said[m.start() : m.end() + (tail.end() if tail else 0)]
    return Found(cadence, words, not uncounted, not others)


def of_match(cycle: Cycle, m: re.Match[str], tail: re.Match[str] | None) -> Cadence:
    times = whole(tail.group(1)) if tail and tail.group(2) in ONCE else 1
    return Cadence(cycle, times * next((count for word, count in WITHIN.items() if word in m.group()), 1))


def yearly(said: str) -> int | None:
    """全年不少于10次 → 10."""
    found = YEARLY.search(said)
    return whole(found.group(1)) if found else None


def idle(said: str, m: re.Match[str], cycle: Cycle) -> bool:
    """Words that look like a cadence but date or name something: 年度计划, 一季度内, 近三年."""
    before, after = said[max(0, m.start() - 2) : m.start()], said[m.end() : m.end() + 3]
    word = m.group()
    counted = bool(re.match(TIMES, said[m.end() :]))
    if cycle is Cycle.YEAR:
        if re.search(r"[\d近上前往同去历本该二两三四五几数]$", before) and word[0] == "年":
            return True  # 2025年度, 近年, 上年度
        if word in ("本年", "当年", "本年度", "当年度"):
            return not re.match(r"(?:内)?(?:不少于|至少|开展|召开|集中|目标)", after)
        return before.endswith(("近", "上", "前")) or (word in ("一年内", "当年内") and not counted)
    if cycle is Cycle.QUARTER:
        if word[0] == "季" and (before[-1:] in "一二三四1234第" and before or after.startswith("内")):
            return True
        dated = word[0] in "一1" and (
            re.match(r"[内前末底]", after) or not re.match(r"[一1]次|[一1不至召开]", after)
        )
        return before.endswith(("第", "每年")) or (dated and not counted)
    if cycle is Cycle.HALF_YEAR:
        return before.endswith(("上", "下")) and "下半年" not in word
    if cycle is Cycle.CYCLE:
        return (
            word.endswith("年内") and (before.endswith("近") or not counted) or before.endswith(("近", "满"))
        )
    return cycle is Cycle.MONTH and bool(re.search(r"[\d个]$", before)) and word[0] not in "每按逐"
