"""How the points of an indicator are earned: six kinds of rule, and how they are read from words.

Sources: 状态描述法 A/B/C = 100/66/33 % of the points, count ÷ expected, deduction "扣完为止", rate between a floor
and a target, survey in steps (docs: domain findings, "Scoring mechanics seen").
"""

import re
from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from .numbers import NUMBER, decimal_of, fold

Json = dict[str, Any]
SURE, LIKELY, GUESS = "sure", "likely", "guess"


@dataclass(frozen=True)
class Grade:
    """Steps with a share of the points each, best first: (("A", 1), ("B", 0.66), ("C", 0.33), ("D", 0))."""

    kind: ClassVar[str] = "grade"
    levels: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class YesNo:
    """All or nothing."""

    kind: ClassVar[str] = "yes_no"


@dataclass(frozen=True)
class Count:
    """`target` times a year; each missing one costs `deduct_each` points."""

    kind: ClassVar[str] = "count"
    target: int
    deduct_each: Decimal


@dataclass(frozen=True)
class Rate:
    """Percentages: all points from `target` up, none below `floor`; between them in proportion if `linear`."""

    kind: ClassVar[str] = "rate"
    target: Decimal
    floor: Decimal
    linear: bool = True


@dataclass(frozen=True)
class Deduct:
    """Each `unit` (每发现一处…) costs `each` points, down to none. `all_or_nothing`: what forfeits everything."""

    kind: ClassVar[str] = "deduct"
    each: Decimal
    unit: str = ""
    forfeit: str = ""


@dataclass(frozen=True)
class Survey:
    """Satisfied share in percent: from `a` grade A, from `b` grade B, below it grade C."""

    kind: ClassVar[str] = "survey"
    a: Decimal
    b: Decimal


Rule = Grade | YesNo | Count | Rate | Deduct | Survey
KINDS: dict[str, type[Any]] = {rule.kind: rule for rule in (Grade, YesNo, Count, Rate, Deduct, Survey)}
LABELS = {
    "grade": "分档赋分",
    "yes_no": "达标赋分",
    "count": "次数赋分",
    "rate": "达标率赋分",
    "deduct": "扣分制",
    "survey": "满意率赋分",
}
USUAL_LEVELS = (("A", Decimal(1)), ("B", Decimal("0.66")), ("C", Decimal("0.33")), ("D", Decimal(0)))


def to_json(rule: Rule) -> Json:
    """Plain values only; decimals as text."""
    out: Json = {"kind": rule.kind}
    for name, value in asdict(rule).items():
        if name == "levels":
            value = [[level, str(share)] for level, share in value]
        out[name] = str(value) if isinstance(value, Decimal) else value
    return out


def from_json(data: Json) -> Rule:
    """The rule again. ValueError when a kind, a field or a number is not one of ours."""
    try:
        kind = KINDS[data["kind"]]
        names = {item.name: item for item in fields(kind)}
        if unknown := set(data) - set(names) - {"kind"}:
            raise ValueError(f"unknown fields {sorted(unknown)}")
        values: Json = {}
        for name, value in data.items():
            if name == "kind":
                continue
            if name == "levels":
                value = tuple((str(level), Decimal(str(share))) for level, share in value)
                if not value or any(not 0 <= share <= 1 for _, share in value):
                    raise ValueError("levels must be shares from 0 to 1")
            elif names[name].type is Decimal:
                value = Decimal(str(value))
                if not value.is_finite() or value < 0:
                    raise ValueError(f"{name} must not be negative")
            elif names[name].type is int and (not isinstance(value, int) or value < 1):
                raise ValueError(f"{name} must be a whole number from 1")
            values[name] = value
        rule: Rule = kind(**values)
    except (KeyError, TypeError, InvalidOperation) as error:
        raise ValueError(f"not a scoring rule: {error}") from error
    return rule


PERCENT = r"(\d+(?:\.\d+)?)\s*(?:%|个百分点)"
TARGET = re.compile(rf"(?:年度|全年|每年)?目标(?:任务)?(?:为|是)?\s*({NUMBER})\s*(?:次|期|场|篇|件|个|项|条)")
EACH = re.compile(
    rf"((?:抽查)?[^，。；,;]*?(?:每|缺|少|漏|未|没|无|不|逾期|发现|发生|出现|超过|低于|一(?:次|项|处|人|件|个|起|天))[^，。；,;]*?)(?:的)?(?:扣减|扣除|扣)\s*({NUMBER})\s*分"
)
MISSING_TIMES = re.compile(
    r"^(?:每)?(?:缺少|少开|少办|缺|少)(?:开展|召开|学习|组织)?(?:一|1)?(次|期|场|季|季度|月|周|篇|节课|堂|个月)$"
)
FULL = re.compile(
    rf"(?:不低于|达到|达|不少于|≥|>=|高于|超过|在)?\s*{PERCENT}\s*(?:及以上|以上|及其以上|\(含\)以上|者|的)*[,，]?\s*(?:的|者)?[,，]?(?:计|得|记|为)?(?:满分|全分|优)"
)
FLOOR = re.compile(
    rf"(?:低于|不足|小于|未达到?|达不到|<|少于|不到)\s*{PERCENT}[^，。；,;]{{0,6}}?(?:不得分|不计分|得0分|得零分|计0分|0分)"
)
LOWER = re.compile(
    rf"每(?:降低|减少|下降|低|少|差)\s*({NUMBER})\s*(?:%|个百分点)[^，。；,;]{{0,4}}?扣\s*({NUMBER})\s*分"
)
LEVEL = re.compile(
    rf"([A-GＡ-Ｇ]|优秀?|良好?|一般|中等?|合格|较好|较差|差|不合格|好|其他|其余)\s*(?:档|级|等次|等)?(?:的|者)?[:：=]?(?:得|计|按|为)?(?:满分|全分)?(?:的)?(?:{PERCENT}|(满分|全分)|(?:不得分|不计分)|({NUMBER})\s*分)"
)
NOTHING = re.compile(r"(不得分|不计分|得0分|得零分|0分|扣完|扣全分|不给分)")
FULL_MARK = re.compile(r"(得满分|计满分|得全分|得\s*\d+(?:\.\d+)?\s*分|满分)")


def number(text: str) -> Decimal:
    return decimal_of(text) or Decimal(0)


def read_rule(text: str, points: Decimal | None = None, target: int | None = None) -> tuple[Rule | None, str]:
    """The rule that TEXT describes, and how sure that is (sure, likely, guess).

    POINTS are those of the indicator; TARGET is how often a year it falls due, from its cadence: with it
    "每缺一次扣1分" is a Count, without it a Deduct. (None, "guess") when nothing can be made of the text.
    """
    said = re.sub(r"\s+", "", fold(text or ""))
    if not said:
        return None, GUESS
    for way in (survey_of, grade_of, rate_of):
        if rule := way(said, points):
            return rule, SURE
    return count_or_deduct(said, points, target)


def survey_of(said: str, points: Decimal | None) -> Rule | None:
    if not re.search(r"(满意|知晓|支持|认可|赞同|评议|测评|问卷)", said):
        return None
    a = re.search(rf"{PERCENT}(?:及|\(含\))?(?:以上)?[^0-9。；;]{{0,4}}?(?:A档|A级|为A|得A|计A)", said)
    b = re.search(r"(\d+(?:\.\d+)?)%?(?:至|-|~|到)[^，,。；;]*?(?:B档|B级|为B|得B|计B)", said) or re.search(
        rf"{PERCENT}(?:及)?(?:以上)?[^0-9。；;]{{0,4}}?(?:B档|B级|为B|得B|计B)", said
    )
    if a and b:
        return Survey(Decimal(a.group(1)), Decimal(b.group(1)))
    return None


def grade_of(said: str, points: Decimal | None) -> Rule | None:
    """ "A档得满分，B档得66%…", "A得2分、B得1.5分", "优得满分，良得80%", or a bare "A/B/C/D" mention."""
    found: dict[str, Decimal] = {}
    for m in LEVEL.finditer(said):
        name, tail = fold(m.group(1)), m.group(0)[len(m.group(1)) :]
        if m.group(2):
            share = Decimal(m.group(2)) / 100
        elif m.group(4):
            worth = number(m.group(4))
            if not points or worth > points:
                continue
            share = (worth / points).quantize(Decimal("0.0001"))
        elif "不得分" in tail or "不计分" in tail:
            share = Decimal(0)
        else:
            share = Decimal(1)
        if 0 <= share <= 1:
            found.setdefault(name, share.normalize() if share else Decimal(0))
    if (
        len(found) >= 2
        and len(set(found.values())) >= 2
        and (len(found) >= 3 or all(len(name) == 1 and name.isascii() for name in found))
    ):
        levels = sorted(found.items(), key=lambda item: -item[1])
        return Grade(tuple((name, Decimal(format(share, "f"))) for name, share in levels))
    if re.search(
        r"A[、/,，]?B[、/,，]?C|分(?:为)?(?:三|四|3|4)(?:档|级|等)|按(?:档|等次|等级)(?:赋|计|给|评)分|状态描述",
        said,
    ):
        return Grade(USUAL_LEVELS)
    return None


def rate_of(said: str, points: Decimal | None) -> Rule | None:
    """A rate with a target; below it in proportion, by steps, or nothing."""
    full, floor, lower = FULL.search(said), FLOOR.search(said), LOWER.search(said)
    top = Decimal(full.group(1)) if full else None
    if (
        top is None
        and (m := re.search(rf"率[^，。；,;]{{0,8}}?(?:达到?|不低于|≥)\s*{PERCENT}", said))
        and (floor or lower)
    ):
        top = Decimal(m.group(1))
    if top is not None:
        if floor and Decimal(floor.group(1)) <= top:
            low = Decimal(floor.group(1))
            return Rate(top, low, low < top and bool(re.search(r"(线性|比例|按.{0,4}(计|得|折算))", said)))
        if lower and points and (cost := number(lower.group(2))):
            step = number(lower.group(1))
            return Rate(top, max(Decimal(0), top - (points / cost * step).quantize(Decimal("0.01"))), True)
        linear = bool(re.search(r"(线性|比例|折算)", said))
        return Rate(top, Decimal(0) if linear else top, linear)
    if re.search(
        r"(按.{0,8}(?:比例|百分比|完成率|达标率).{0,3}(?:计|得|赋|给|折)|线性比例|得分=|实际.{0,6}÷|/.{0,6}[×x*])",
        said,
    ):
        return Rate(Decimal(100), floor and Decimal(floor.group(1)) or Decimal(0), True)
    return None


def count_or_deduct(said: str, points: Decimal | None, target: int | None) -> tuple[Rule | None, str]:
    goal = TARGET.search(said)
    costs = [(tidy_unit(m.group(1)), number(m.group(2))) for m in EACH.finditer(said)]
    if goal:
        wanted = int(number(goal.group(1)))
        if wanted >= 1:
            each = costs[0][1] if costs else (points or Decimal(0)) / wanted
            return Count(wanted, each), SURE
    if costs:
        unit, each = costs[0]
        if len(costs) == 1 and target and MISSING_TIMES.match(unit) and each > 0:
            return Count(target, each), LIKELY
        forfeit = "；".join(
            part for part in re.split(r"[，。；,;]", said) if re.search(r"(不得分|不计分|扣全分|得0分)", part)
        )
        if len(costs) == 1 and not forfeit and points is not None and each >= points and "每" not in unit:
            return YesNo(), LIKELY
        several = len({cost for _, cost in costs}) > 1
        return Deduct(
            min(cost for _, cost in costs) if several else each, "；".join(name for name, _ in costs), forfeit
        ), LIKELY if several or forfeit else SURE
    if re.search(rf"每[^，。；,;]*?(?:得|计|记|加)\s*{NUMBER}\s*分", said):
        m = re.search(rf"每[^，。；,;]*?(?:得|计|记|加)\s*({NUMBER})\s*分", said)
        gain = number(m.group(1)) if m else Decimal(0)
        if points and gain > 0 and points >= gain:
            return Count(max(1, int(points / gain)), gain), LIKELY
    if re.search(r"(酌情|视情|根据情况|视.{0,6}情况)[^，。；,;]{0,4}(扣|减|给|得|计|赋)", said):
        return Grade(USUAL_LEVELS), GUESS
    if (
        NOTHING.search(said)
        or re.search(r"(达到|符合|完成|满足|落实|有)[^。；]*?(?:得|计|记)(?:满分|全分|\d)", said)
        or FULL_MARK.fullmatch(said)
    ):
        return YesNo(), SURE if NOTHING.search(said) else LIKELY
    if re.search(r"(达标|是/否|是否|有无|有/无)", said):
        return YesNo(), GUESS
    return None, GUESS


def tidy_unit(text: str) -> str:
    return re.sub(r"(的|者|，)+$", "", text).strip()
