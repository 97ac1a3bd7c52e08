"""What a deduction counts as missing, and of how many: 每少1次, where the requirement asks for 4."""

import re
from decimal import Decimal

from .cadence import Cycle, of_words
from .numbers import NUMBER, decimal_of

UNITS = "次|期|场|篇|条|回|堂|讲|课|轮|项|种|个|件|名|户|份|人|对|幅|块"
WANTED = re.compile(
    rf"(?:不少于|至少|不低于|不得少于|少于|≥|应开展|应召开|应组织|达到?)({NUMBER})({UNITS})"
    rf"|({NUMBER})({UNITS})(?:及?以上|左右|$|[，。；、])|(?:全年|每年|年度|年内)[^，。；\d]{{0,10}}?({NUMBER})({UNITS})"
)
TIMED = "场次|人次|次|期|场|季度|季|月|周|篇|节课|讲|课时|课|堂|条|回|遍|轮|天|半年|年"
#: what is missing is one of the times: 每缺一次, 少检查1次, 一个季度未开展, 季度内未研讨的每次
MISSING = [
    re.compile(
        rf"^(?:每个?(?:半年|月|季度?|年|周))?[^，。；、每\d]{{0,8}}?每?(?:少|缺|漏|未|没有?)[^，。；、\d迟错]{{0,6}}?({NUMBER})个?(?:{TIMED})$"
    ),
    re.compile(
        rf"^[^，。；、]{{0,4}}?(?:每|有)?({NUMBER})个?(?:{TIMED})内?(?:未|没有?|缺|漏|不)[^，。；、\d]{{0,8}}$"
    ),
    re.compile(
        rf"^每?(?:少|缺|漏)(?:发布|报送|上报|完成|开展|举办|组织|推荐|评选|选树|更新|刊发|编发)({NUMBER})(?:个|项|件|名)$"
    ),
    re.compile(r"^(?:每|当)?(?:月|季度?|周|半年)内?(?:未|没有?)[^，。；、\d]{1,8}?的?，?每次()$"),
    re.compile(r"^(?:未|没有?)[^，。；、\d]{1,8}?的?，?每个?(?:月|季度?|周|半年)()$"),
]
#: what is missing is one of so many things that the requirement asks for: 少1项, where it says 不少于2项
MISSING_THING = re.compile(
    rf"^[^，。；、\d]{{0,4}}?每?(?:少|缺)[^，。；、\d]{{0,4}}?({NUMBER})(项|种|个|件|场|名|户|份|人|对|幅|块)$"
)


def wanted_of(unit: str, said: str, target: int | None, around: str) -> tuple[int, Decimal, bool] | None:
    """What is missing in UNIT, of how many: (how many, how many each deduction is for, whether SAID itself tells)."""
    for pattern in MISSING:
        if missing := pattern.match(unit):
            steps = _number(missing.group(1)) or Decimal(1)
            own = times_in(said.replace(unit, "", 1)) or of_period(unit)
            wanted = (own if own and own > 1 else target or own) or times_in(around)
            return (wanted, steps, bool(own)) if wanted else None
    if thing := MISSING_THING.match(unit):
        wanted = asked(said.replace(unit, "", 1), thing.group(2)) or asked(around, thing.group(2))
        return (wanted, _number(thing.group(1)) or Decimal(1), False) if wanted and wanted > 1 else None
    return None


def of_period(unit: str) -> int | None:
    """每季度缺一次 → 4."""
    period = re.match(r"每个?(?:半年|月|季度?|周)", unit)
    cadence = of_words(period.group())[0] if period else None
    return cadence.per_year if cadence else None


def asked(text: str, units: str) -> int | None:
    """不少于2项 → 2, of one of UNITS."""
    for m in WANTED.finditer(text):
        if (m.group(2) or m.group(4) or m.group(6)) in units:
            return int(_number(m.group(1) or m.group(3) or m.group(5))) or None
    return None


def times_in(said: str) -> int | None:
    """How often a year the text itself asks for: 每季度至少1次 → 4, 不少于4次 → 4."""
    cadence, words = of_words(said)
    if cadence and cadence.per_year and re.search(r"\d|[一二两三四五六七八九十]", words):
        return cadence.per_year
    if cadence and cadence.cycle is not Cycle.YEAR and cadence.per_year:
        return cadence.per_year
    return asked(said, "次期场篇条回堂讲课轮")


def _number(text: str) -> Decimal:
    return decimal_of(text) or Decimal(0)
