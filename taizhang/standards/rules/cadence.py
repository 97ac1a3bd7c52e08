"""How often an indicator falls due: 每季度, 每年2次, 每届期, 事项触发; from its own column or from the requirement."""

import re
from dataclasses import dataclass
from enum import StrEnum

from .numbers import NUMBER, decimal_of, fold


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


N = NUMBER
TIMES = rf"(?:[^，。；,;\d]{{0,16}}?(?:不少于|至少|不低于|≥|>=|各|集中|开展|召开|组织|报送|更新|举办|安排)?\s*)({N})\s*(?:次|期|场|篇|条|回|堂|个|遍|名|项|件|本|部)"
# in this order: the narrower word wins over the wider one that is part of it
WORDS: list[tuple[Cycle, str]] = [
    (Cycle.EVENT, r"事项触发|事件触发|即时|及时报送|随时|适时|按需|不定期|发生时|有事即报|触发"),
    (
        Cycle.CYCLE,
        r"(?:每|本|一个)?(?:届期|届内|创建周期|创建期|周期内)|每届|(?:每)?(?:三|3|两|2|五|5)年(?:一次|1次|内)|每(?:三|3|五|5)年|一次性",
    ),
    (Cycle.HALF_YEAR, r"(?:每)?半年(?:度)?|上下半年|上、下半年|上半年和下半年"),
    (Cycle.TWO_MONTHS, r"每(?:两|二|2)个?月|双月"),
    (Cycle.QUARTER, r"(?:每|按|分|逐|各|一)个?季度?|季度|每(?:三|3)个月|季报"),
    (Cycle.MONTH, r"(?:每|按|分|逐|各|当)个?月(?:度|份)?|月度|月报|一月一|月(?=\d|一|不少于|至少)"),
    (Cycle.WEEK, r"(?:每|按|逐)个?(?:周|星期)|周(?:例会|报)|一周一"),
    (Cycle.YEAR, r"(?:每|按|全|当|一|本|逐)年(?:度|内)?|年度|年(?=\d+次)|每年"),
]
IN_COLUMN = {
    "周": Cycle.WEEK,
    "月": Cycle.MONTH,
    "季": Cycle.QUARTER,
    "年": Cycle.YEAR,
    "日": Cycle.WEEK,
    "日常": Cycle.EVENT,
    "长期": Cycle.YEAR,
    "常年": Cycle.YEAR,
    "常态化": Cycle.YEAR,
    "经常": Cycle.EVENT,
}
EACH_OF = re.compile(rf"((?:\d{{1,2}}月(?:份)?、?)+)[^，。；,;]{{0,3}}各[^，。；,;]{{0,6}}?({N})次")
GOAL = re.compile(
    rf"(?:年度|全年|每年)(?:目标)?(?:任务)?[^，。；,;\d]{{0,4}}?({N})\s*(?:次|期|场|篇|件|条|周)"
)


def whole(text: str) -> int:
    value = decimal_of(text)
    return int(value) if value is not None and value >= 1 else 1


def read_cadence(column: str, requirement: str = "", rule_text: str = "") -> tuple[Cadence | None, str]:
    """Cadence and the words it was read from. The column wins over the requirement's words.

    (None, "") when neither says anything. A yearly target named in the rule (年度目标40次) is kept apart.
    """
    found = of_column(column) if column.strip() else None
    said = column.strip() if found else ""
    if not found:
        found, said = of_words(requirement)
    goal = re.search(
        rf"(?:年度|全年|每年)目标(?:任务)?(?:为|是)?\s*({N})\s*(?:次|期|场|篇|件|个|项|条)",
        squeeze(rule_text),
    ) or re.search(rf"目标\s*({N})\s*次", squeeze(column))
    if found and goal:
        found = Cadence(found.cycle, found.times, whole(goal.group(1)))
    return found, said


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))


def of_column(text: str) -> Cadence | None:
    """A cell of a 周期 or 频次 column: "每季度", "季度1次", "1次/月", "2次/年", "每年4月、10月"."""
    said = squeeze(text)
    if said in IN_COLUMN:
        return Cadence(IN_COLUMN[said])
    if m := re.fullmatch(rf"({N})\s*次?\s*/\s*(?:每)?(周|月|季度|季|半年|年|届)", said):
        cycle = {
            "周": Cycle.WEEK,
            "月": Cycle.MONTH,
            "季": Cycle.QUARTER,
            "季度": Cycle.QUARTER,
            "半年": Cycle.HALF_YEAR,
            "年": Cycle.YEAR,
            "届": Cycle.CYCLE,
        }
        return Cadence(cycle[m.group(2)], whole(m.group(1)))
    if m := re.fullmatch(rf"(?:一)?(周|月|季|年)(?:度)?(?:(?:不少于|至少)?({N})次|报|一.)?", said):
        return Cadence(IN_COLUMN[m.group(1)], whole(m.group(2)) if m.group(2) else 1)
    found, _ = of_words(said)
    return found


def of_words(text: str) -> tuple[Cadence | None, str]:
    """The first cadence named in running text, and the words that name it."""
    said = squeeze(text)
    if m := EACH_OF.search(said):
        months = len(re.findall(r"\d{1,2}月", m.group(1)))
        total = months * whole(m.group(2))
        return (Cadence(Cycle.HALF_YEAR) if total == 2 else Cadence(Cycle.YEAR, total)), m.group()
    best: tuple[int, int, Cycle, re.Match[str]] | None = None
    for order, (cycle, pattern) in enumerate(WORDS):
        for m in re.finditer(pattern, said):
            if idle(said, m, cycle):
                continue
            counted = bool(re.match(TIMES, said[m.end() :]))
            # a cadence with a number beats one without; then the earlier one; then the narrower word
            rank = (0 if counted else 1, m.start() * 10 + order)
            if best is None or rank < best[:2]:
                best = (*rank, cycle, m)
    if best is None:
        return None, ""
    _, _, cycle, m = best
    tail = re.match(TIMES, said[m.end() :])
    times = whole(tail.group(1)) if tail else 1
    words = said[m.start() : m.end() + (tail.end() if tail else 0)]
    return Cadence(cycle, times), words


def idle(said: str, m: re.Match[str], cycle: Cycle) -> bool:
    """Words that look like a cadence but date or name something: 年度计划, 每年3月底前 stays a cadence."""
    before, after = said[max(0, m.start() - 2) : m.start()], said[m.end() : m.end() + 3]
    if (
        cycle is Cycle.YEAR
        and m.group() in ("年度", "本年", "当年", "年度内")
        and not re.match(r"(?:内)?(?:不少于|至少|开展|召开|集中|目标)", after)
    ):
        return True
    if (
        cycle is Cycle.QUARTER
        and m.group() == "季度"
        and (before[-1:] in "一二三四1234" or after.startswith("内"))
    ):
        return True
    if cycle is Cycle.QUARTER and m.group()[0] in "一1" and re.match(r"[内前末底]", after):
        return True
    if cycle is Cycle.CYCLE and m.group().endswith("年内") and before.endswith("近"):
        return True
    return cycle is Cycle.MONTH and bool(re.search(r"[\d个]$", before))
