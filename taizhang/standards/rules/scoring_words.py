"""From the words of a standard to the scoring rule they mean, and how certain that is.

Several clauses may stand in one text; the one that says how the whole is measured wins: a vote by classes, a share
in steps, grades, a rate between floor and target, a number of times, deductions, all or nothing. The text itself is
kept beside the rule, so nothing said in the other clauses is lost.
"""

import re
from decimal import Decimal

from .numbers import NUMBER, decimal_of, show
from .scoring_kinds import GUESS, LIKELY, SURE, USUAL_LEVELS, Count, Deduct, Grade, Rate, Rule, Survey, YesNo
from .scoring_steps import Step, graded, letters, percent_steps, usual
from .scoring_times import wanted_of
from .wording import plain

Read = tuple[Rule | None, str]
P = r"(\d+(?:\.\d+)?)%"
OPINION = re.compile(r"满意|知晓|支持|认可|赞同|评议|测评|问卷|调查|好评|公认")
ZERO = (
    r"不得分|不计分|不给分|不记分|不赋分|不能得分|不予[得计给赋记]分|(?<![\d.%-])0分(?!以|钟|-|到|至)|[一1]分不[给得]|清零|归零|不得任何分"
    r"|扣全分|扣(?:除)?(?:全部|所有|全额|光)|分(?:值)?全部扣|(?:此|本|该)项(?:分值?)?不[计算得给]|取消(?:该项|本项|此项)?(?:得分|分值|分数)|(?<![不齐])全扣|否决"
)
NOTHING = re.compile(rf"{ZERO}|扣完")
LOSES_ALL = re.compile(ZERO)
FULL = re.compile(rf"(?:得|计|记|为|给|赋|评)?(?:满分|全分|全部分值)|(?:得|计|记|赋|给){NUMBER}分|得分")
LINEAR = re.compile(r"线性|折算|插值|(?:按|依)[^，。；]{0,16}?(?:比例|比率|百分比)|成比例")
PROPORTION = re.compile(
    r"率折算|比例(?:相应)?(?:扣减|扣分|扣除|递减|减分)|(?:按|依|根据)[^，。；]{0,16}?(?:比例|比率|百分比|完成率|达标率|参与率|参加率|出席率|率)(?:折算)?(?:计|得|赋|给|记|折|评|打)"
    r"|线性比例|得分=|实际[^，。；]{0,10}[÷/]|[÷/][^，。；]{0,12}[×x*]|[×x*](?:本项|该项|标准)?(?:分值|满分)|乘以?(?:权重|分值|系数)|之比"
)
#: A≥90%；B≥80%
BOUND = re.compile(
    r"(?<![A-Za-z\d])([A-G])(?:档|级|等)?[.、：．]?(?:[\u4e00-\u9fff]{0,4}率|满意度)?(?:(?:≥|>|达到?|不低于)(?=\d)|(?=\d+(?:\.\d+)?%(?:及)?以上))(\d+(?:\.\d+)?)%"
)
SHARE_OF_VOTE = re.compile(r"(?:得分|分数|结果|满意率|满意度|测评分)[×x*]")
LOWER = re.compile(
    rf"每(?:再|有)?(?:降低|减少|下降|低于?|少|差|降|下跌|下滑|相差|欠|缺|递减|减|下浮)(?:目标值?|标准值?|规定|要求|指标)?({NUMBER})(?:%|个?百分点|个点)[^，。；]{{0,6}}?，?(?:扣减?|扣除|减)({NUMBER})分"
)
CAP = re.compile(
    rf"(?:最多|最高|累计|上限|封顶|至多|总计)[^，。；\d]{{0,6}}?扣?({NUMBER})分|({NUMBER})分(?:封顶|为限)"
)
COST = re.compile(
    rf"(?P<unit>[^，。；]{{0,120}}?)(?P<how>(?:的|者|则|一次性|各|均|再|直接|酌情|视情|视情节|适当|相应|另|倒|予以|分别){{0,8}})"
    rf"(?:扣减|扣除|扣|减)(?P<n>{NUMBER})(?:%?-(?P<m>{NUMBER}))?(?P<of>分|%)(?:/(?P<per>次|项|处|人|篇|个|件|期|起|天))?"
)
SPOT = re.compile(rf"每(处|人|次|项|起|例|件|人次)({NUMBER})分")
GAIN = re.compile(
    rf"(?:每|一次|1次|一篇|1篇|一项|1项)[^，。；]*?(?:得|计|记|加|赋|奖)({NUMBER})分|每(?:篇|次|项|个|条|期|件|场|人)({NUMBER})分"
)
TARGET = re.compile(rf"(?:年度|全年|每年)?目标(?:任务)?(?:为|是)?({NUMBER})(?:次|期|场|篇|件|个|项|条)")
ASKED = re.compile(r"酌情|视情|根据[^，。；]{0,6}情况|视[^，。；]{0,6}情况|综合(?:评定|评价|打分)")
PLAIN_TARGET = re.compile(
    rf"(?:达到?[^，。；\d%]{{0,10}}?|不低于|≥|不少于|为|保持|高于|超过|率){P}|{P}(?:及)?以上"
)


def read_rule(text: str, points: Decimal | None = None, target: int | None = None, around: str = "") -> Read:
    """The rule that TEXT describes, and how sure that is (sure, likely, guess).

    POINTS are those of the indicator; TARGET is how often a year it falls due, from its cadence: with it
    "每缺一次扣1分" is a Count, without it a Deduct. AROUND: the requirement, where a rate that TEXT only deducts from
    may be named. (None, "guess") when nothing can be made of the text.
    """
    said = plain(text)
    if not said:
        return None, GUESS
    for way in (by_percent, by_grades, by_rate):
        rule, certain = way(said, points, plain(around))
        if rule:
            if way is by_rate and (count := by_ratio(said, points, target)):
                return count, LIKELY
            return rule, certain
    return by_count(said, points, target, plain(around))


# -- shares, steps, grades


def by_percent(said: str, points: Decimal | None, around: str) -> Read:
    """Outcomes beside percentages: 90%以上为A…, 80%得3分，60%—80%得2分, 95%以上得满分，低于70%不得分."""
    bounds = {m[1]: Decimal(m[2]) for m in BOUND.finditer(said)}
    if {"A", "B"} <= set(bounds) and 100 >= bounds["A"] > bounds["B"] and not re.search(r"\d分", said):
        if OPINION.search(said + around):
            return Survey(bounds["A"], bounds["B"]), LIKELY
        return usual(letters(said) or bounds), LIKELY
    steps = percent_steps(said, points)
    lettered = {step.letter: step.low for step in steps if step.letter}
    if {"A", "B"} <= set(lettered):
        if OPINION.search(said) and lettered["A"] > lettered["B"]:
            return Survey(lettered["A"], lettered["B"]), SURE
        return usual(lettered | dict.fromkeys(letters(said), Decimal(0))), SURE
    paid = [step for step in steps if not step.letter]
    top = max((step.low for step in paid if step.share == 1), default=None)
    between = [step for step in paid if step.share is not None and 0 < step.share < 1]
    floor = max((step.low for step in paid if step.share == 0), default=None)
    lower = LOWER.search(said)
    if top is None:
        return lowered(said, points, around) if lower else (None, GUESS)
    between = [step for step in between if step.low < top]
    if lower and points:
        return sloped(top, floor, lower, points), SURE
    linear = bool(LINEAR.search(said))
    if between and not linear:
        return stepped(top, between, floor), LIKELY
    if floor is not None and floor <= top:
        return Rate(top, floor, linear and floor < top), SURE
    if linear:
        return Rate(top, Decimal(0), True), SURE
    return Rate(top, top, False), SURE if LOSES_ALL.search(said) else LIKELY


def stepped(top: Decimal, between: list[Step], floor: Decimal | None) -> Grade:
    """A rate paid in steps, as grades: ((80%以上, 1), (60%以上, 0.6667), (其余, 0)). A rest that is paid keeps its share."""
    levels = [(f"{show(top)}%以上", Decimal(1))]
    rest = Decimal(0)
    for step in sorted(between, key=lambda step: -step.low):
        assert step.share is not None
        if step.low <= 0:
            rest = step.share
        else:
            levels.append((f"{show(step.low)}%以上", step.share))
    return Grade((*levels, ("其余", rest)))


def sloped(top: Decimal, floor: Decimal | None, lower: re.Match[str], points: Decimal) -> Rate:
    """All from TOP; each step below costs so much, that the points are gone at the floor."""
    step, cost = number(lower.group(1)), number(lower.group(2))
    low = max(Decimal(0), top - (points / cost * step).quantize(Decimal("0.01"))) if cost else Decimal(0)
    return Rate(top, shortest(max(low, floor) if floor is not None and floor <= top else low), True)


def lowered(said: str, points: Decimal | None, around: str) -> Read:
    """每下降1个百分点扣0.1分: of a target named in the same text, or in the requirement."""
    lower = LOWER.search(said)
    every = len(LOWER.findall(said))
    if not lower or not points or len(COST.findall(said)) > max(1, every):
        return None, GUESS  # beside other deductions it is one deduction more
    for source, certain in ((said.replace(lower.group(), ""), SURE), (around, LIKELY)):
        named = [Decimal(next(filter(None, m.groups()))) for m in PLAIN_TARGET.finditer(source)]
        named += [Decimal(value) for value in re.findall(rf"(?:低于|不足|未达到?|达不到){P}", source)]
        named += [Decimal(100)] if not named and re.search(r"全覆盖|率100|全部|100%", source) else []
        if named and max(named) <= 100:
            return sloped(max(named), None, lower, points), LIKELY if every > 1 else certain
    if re.search(r"率|满意度|比例|占比", said + around):
        return sloped(Decimal(100), None, lower, points), GUESS
    return None, GUESS


def by_grades(said: str, points: Decimal | None, around: str) -> Read:
    """Named grades with their worth: A档2分，B档1.5分; 很健全得2分…; or letters alone: 3项为B，其他为C."""
    found = graded(said, points)
    levels = {name: share for name, share in found if share is not None}
    shares = set(levels.values())
    single = levels and all(len(name) == 1 and name.isascii() for name in levels)
    adds_up = sum(levels.values()) == 1 and len(levels) > 1 and Decimal(1) not in shares
    if adds_up or (len(levels) > 1 and shares == {Decimal(1) / len(levels)}):
        return None, GUESS
    if len(levels) >= 2 and len(shares) >= 2 and not COST.search(said):
        grades = Grade(tuple(sorted(levels.items(), key=lambda item: -item[1])))
        known = max(shares) == 1
        if single or (len(levels) >= 3 and len(shares) >= 3):
            plain_names = not re.search(r"\d|级|等奖", "".join(levels))
            return grades, SURE if known and (single or plain_names) else LIKELY
        if 0 < min(shares) < 1 and known:
            return grades, LIKELY
    if turn := in_turn(said, points):
        return turn, SURE
    if re.search(r"按(?:优|好|A)[^，。；]{0,12}?(?:差|[CD]|格)[^，。；]{0,6}?(?:赋|计|给|评|打)分", said):
        return Grade(USUAL_LEVELS), LIKELY
    states = re.findall(r"(?:^|(?<=[^A-Za-z0-9]))([A-G])(?:档|级|等)?[.、：．](?=[^A-Z])", said)
    if len(states) >= 3 and states[0] == "A" and states == sorted(set(states)):
        return usual(states), LIKELY
    named = letters(said)
    if len(named) >= 2 and "A" in named and re.search(r"(?:为|得|计|评为|定为|是)?B", said):
        return usual(named), SURE if len(named) >= 3 else LIKELY
    if re.search(
        r"分(?:为)?(?:[^，。；]*?)(?:三|四|五|3|4|5)个?(?:档|级|等)|按(?:档|等次|等级)(?:赋|计|给|评)分|状态描述",
        said,
    ):
        return Grade(USUAL_LEVELS), LIKELY
    return None, GUESS


def in_turn(said: str, points: Decimal | None) -> Grade | None:
    """好、较好、一般、差分别得3、2、1、0分."""
    found = re.search(
        r"((?:[^，。；、\d]{1,6}、){1,5}[^，。；、\d]{1,6}?)(?:[三四五]?[个]?(?:档|等|级)次?)?，?(?:的)?(?:分别|依次)(?:得|计|赋|按|给|为)*((?:\d+(?:\.\d+)?分?、){1,5}\d+(?:\.\d+)?)分",
        said,
    )
    if not found:
        return None
    names = [re.sub(r"^(?:分为|分|按|评为|为)", "", name) for name in found.group(1).split("、")]
    worth = [Decimal(value.rstrip("分")) for value in found.group(2).split("、")]
    most = points or max(worth)
    if (
        len(names) != len(worth)
        or len(set(names)) < len(names)
        or max(worth) > most
        or worth != sorted(worth)[::-1]
    ):
        return None
    return Grade(
        tuple(
            (name, shortest((value / most).quantize(Decimal("0.0001"))))
            for name, value in zip(names, worth, strict=True)
        )
    )


def by_rate(said: str, points: Decimal | None, around: str) -> Read:
    """In proportion; or a rate that must be reached."""
    if lowered(said, points, around)[0]:
        return lowered(said, points, around)
    under = [
        Decimal(value)
        for value in re.findall(
            rf"(?:低于|不足|小于|未达到?|未达|达不到|不到|不满|<){P}[^，。；%]{{0,8}}?，?(?:该项|本项|此项)?(?:[得计记为]0分|不[得计给记]分|0分)",
            said,
        )
    ]
    reached = re.search(rf"率[^，。；]{{0,8}}?(?:达到?|不低于|≥){P}|{P}以上", said)
    if reached and (LOSES_ALL.search(said) or under):
        top = Decimal(next(filter(None, reached.groups())))
        low = max([value for value in under if value <= top], default=top)
        return Rate(top, low, low < top and bool(LINEAR.search(said))), LIKELY
    if under:
        return Rate(max(under), max(under), False), LIKELY
    span = re.search(
        r"(\d+(?:\.\d+)?)([\u4e00-\u9fff]{1,3})(?:及)?(?:以上|的)?[^，。；\d]{0,4}满分[，；][^，。；\d]{0,8}?(\d+(?:\.\d+)?)\2?(?:及)?(?:以下|的)?[^，。；\d]{0,4}(?:不得分|0分)",
        said,
    )
    if span and re.search(r"比例|折算|线性", said) and Decimal(span.group(3)) < Decimal(span.group(1)):
        low = Decimal(span.group(3)) / Decimal(span.group(1)) * 100
        return Rate(Decimal(100), shortest(low.quantize(Decimal("0.01"))), True), LIKELY
    if PROPORTION.search(said) or (OPINION.search(said) and SHARE_OF_VOTE.search(said)):
        return Rate(Decimal(100), Decimal(0), True), LIKELY
    if reached and re.search(r"率|度", said) and not COST.search(said):
        top = Decimal(next(filter(None, reached.groups())))
        return Rate(top, top, False), GUESS
    return None, GUESS


def by_ratio(said: str, points: Decimal | None, target: int | None) -> Count | None:
    """实际次数 ÷ 应有次数 of what falls due TARGET times is a number of times."""
    ratio = re.search(r"(?:次|期|场|篇|件|个|条)数?[^，。；]{0,6}[÷/](\d+)?", said)
    wanted = int(ratio.group(1)) if ratio and ratio.group(1) else target
    if points and ratio and wanted and wanted > 1:
        return Count(wanted, shortest((points / wanted).quantize(Decimal("0.0001"))))
    return None


# -- times, deductions, all or nothing


def by_count(said: str, points: Decimal | None, target: int | None, around: str) -> Read:
    costs, certain = costs_of(said, points)
    goal = TARGET.search(said)
    if goal and (wanted := int(number(goal.group(1)))) >= 1:
        return Count(wanted, costs[0][1] if costs else (points or Decimal(0)) / wanted), SURE
    if costs:
        return deducted(said, points, target, around, costs, certain)
    if (spot := SPOT.search(said)) and "扣" in said:
        return Deduct(number(spot.group(2)), f"每{spot.group(1)}"), LIKELY
    found = graded(said, points)
    if {share for _, share in found} == {Decimal(0), Decimal(1)}:
        return YesNo(), SURE
    if gain := GAIN.search(said):
        each, most = number(gain.group(1) or gain.group(2)), cap_of(said) or limit_of(said) or points
        if most and points and each > 0 and min(most, points) >= each:
            return Count(max(1, int(min(most, points) / each)), each), LIKELY
    parts = [share for _, share in found if share is not None and 0 < share < 1]
    if points and len(parts) > 1 and sum(parts) <= 1:
        names = "；".join(name for name, share in found if share is not None and share > 0)
        return Deduct(shortest((min(parts) * points).quantize(Decimal("0.01"))), names), GUESS
    if (share := re.search(rf"各(?:占|计|得)?({NUMBER})分", said)) and re.search(
        r"缺(?:哪|什么)\w{0,2}扣(?:哪|什么)", said
    ):
        return Deduct(number(share.group(1)), "缺一项"), LIKELY
    if (share := re.search(rf"各(?:占|计|得|给|为)?({NUMBER})分", said)) and number(share.group(1)) > 0:
        return Deduct(number(share.group(1)), "缺一项"), LIKELY
    if ASKED.search(said) and re.search(r"扣|减|给|得|计|赋|打|评|分", said):
        return Grade(USUAL_LEVELS), GUESS
    return all_or_nothing(said)


def costs_of(said: str, points: Decimal | None) -> tuple[list[tuple[str, Decimal]], str]:
    """Every "… 扣N分" with what it is for; caps (最多扣3分) are none. GUESS where the assessor may choose."""
    found: list[tuple[str, Decimal]] = []
    certain = SURE
    for m in COST.finditer(said):
        if CAP.search(m.group()) or re.search(r"(?:不|免)$", m.group("unit")):
            continue
        each = number(m.group("n"))
        if m.group("of") == "%":
            if not points:
                continue
            each, certain = points * each / 100, LIKELY
        unit = tidy(m.group("unit"))
        if len(unit) < 2 or re.fullmatch(r"每(?:次|项|处|人|篇|个|件|起)", unit):
            before = [part for part in re.split(r"[，。；]", said[: m.start()]) if part]
            joined = before and said[m.start() - 1 : m.start()] == "，"
            unit = tidy(f"{before[-1]}，{unit}" if joined and unit else before[-1] if joined else unit)
        if m.group("per"):
            unit = f"{unit}每{m.group('per')}"
        if m.group("m") or re.search(r"酌情|视情|适当", m.group("how") + m.group("unit")):
            certain = GUESS
        if each > 0:
            found.append((unit, shortest(each)))
    return found, certain


def deducted(
    said: str,
    points: Decimal | None,
    target: int | None,
    around: str,
    costs: list[tuple[str, Decimal]],
    certain: str,
) -> Read:
    unit, each = costs[0]
    forfeit = "；".join(part for part in re.split(r"[，。；]", said) if LOSES_ALL.search(part))
    if (
        len(costs) == 1
        and certain == SURE
        and not forfeit
        and (wanted := wanted_of(unit, said, target, around))
    ):
        times, steps, own = wanted
        return Count(times, shortest(each / steps)), SURE if own else LIKELY
    single = len(costs) == 1 and certain == SURE and not forfeit
    if (
        single
        and points is not None
        and each >= points
        and "每" not in unit
        and not re.search(PER_EVENT, unit)
    ):
        return YesNo(), LIKELY
    most = cap_of(said)
    several = len(costs) > 1
    if certain == SURE and (
        several or forfeit or (most is not None and most != points) or not telling(unit) or "百分点" in unit
    ):
        certain = LIKELY
    return Deduct(min(cost for _, cost in costs), "；".join(name for name, _ in costs), forfeit), certain


PER_EVENT = r"有?[一1](?:处|人|件|个|起|天|例|名|间|张|级)"


def telling(unit: str) -> bool:
    """Whether the words say what is counted: 每发现一处, 缺一项."""
    return bool(re.search(rf"每|{PER_EVENT}|[一1](?:次|项|份|篇|期|条|月|季)", unit))


def all_or_nothing(said: str) -> Read:
    if "一票否决" in said:
        return YesNo(), LIKELY
    if NOTHING.search(said):
        return YesNo(), SURE
    if FULL.search(said):
        return YesNo(), LIKELY
    if re.search(r"(?:为|即为?|视为|算)(?:合格|达标|通过|完成|符合)|答对", said):
        return YesNo(), LIKELY
    if re.search(r"达标|是/否|是否|有无|有/无", said):
        return YesNo(), GUESS
    return None, GUESS


def cap_of(said: str) -> Decimal | None:
    found = CAP.search(said)
    return number(found.group(1) or found.group(2)) if found else None


def limit_of(said: str) -> Decimal | None:
    """The most that can be earned: 最多不超过3分, 满分2分, 累计不超过4分."""
    found = re.search(rf"(?:不超过|最高|满分|至多|最多)(?:得|计|加|为)?({NUMBER})分", said)
    return number(found.group(1)) if found else None


def number(text: str) -> Decimal:
    return decimal_of(text) or Decimal(0)


def shortest(value: Decimal) -> Decimal:
    """2.50 → 2.5, 80.00 → 80."""
    return Decimal(format(value.normalize(), "f"))


def tidy(text: str) -> str:
    """Without numbering in front and particles behind."""
    bare = re.sub(r"^(?:[①-⑳]|[(（]?\d{1,2}[)）、]|\d{1,2}\.(?!\d))", "", text)
    return re.sub(r"(?:的|者|，|、|：)+$", "", bare).strip("，、：")
