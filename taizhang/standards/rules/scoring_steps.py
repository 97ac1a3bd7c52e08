"""Outcomes beside their conditions: percentages with what they earn, named grades with what they are worth."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .numbers import NUMBER, decimal_of
from .scoring_kinds import USUAL_LEVELS, Grade
from .wording import clauses

FOUR = Decimal("0.0001")
NUM = r"\d+(?:\.\d+)?"
ABOVE = r"(?:不低于|不少于|不小于|达到?|≥|>|超过|高于|大于|在|为)?"
BELOW = r"(?:低于|不足|小于|未达到?|未达|达不到|未到|少于|不到|不满|<|≤)"
FULL = r"(?P<full>(?:得|计|记|为|给|赋|评)?(?:满分|全分|(?:本项|该项|全部)分值))"
NONE = r"(?P<none>(?:该项|本项|此项)?(?:不得分|不计分|不给分|不赋分|不记分|(?:得|计|记|为)?0分))"
SHARE = (
    rf"(?:得|按|计|给|赋|为)(?:标准分|(?:本项|该项)?分值|满分|总分)?的?(?P<share>{NUM})%(?!以上|以下|-|及)"
)
WORTH = rf"(?:得|计|记|给|赋|为|加|可得)?(?P<worth>{NUMBER})分(?!以上|以下|钟|之)"
LETTER = r"(?:为|得|计|评为|定为|属于?|是|列|评)(?P<letter>[A-G])(?![a-zA-Z])(?:档|级|等)?"
STEP = re.compile(
    rf"(?:(?P<lo>{NUM})%?(?:\([^)]*\))?(?:以上)?-(?P<hi>{NUM})%"
    rf"|{BELOW}(?P<bp>{NUM})%(?:以下)?"
    rf"|(?P<up>{NUM})%(?:\([^)]*\))?(?:及)?(?P<under>以下)"
    rf"|{ABOVE}(?P<ap>{NUM})%)"
    rf"(?:\([^)]*\)|及其?以上|含?以上|者|之间|以内|范围内?|的|时|部分|，|：|=|则|可|人员|该项|本项)*"
    rf"(?:{FULL}|{NONE}|{SHARE}|{LETTER}|{WORTH})"
)
REST = re.compile(r"(?:其他|其余|其它|否则|以下)(?:的|者|情况|均|一律|，|：)*(?:不得分|不计分|0分|得0分)")
NAMED = re.compile(
    rf"^(?P<name>.{{1,18}}?)(?:\([^)]*\))?(?:的|者|档次?|级别?|等次|等级|等|：|=|-|则|可|均|为止|该项|本项|标准分)*"
    rf"(?:{FULL}|{NONE}|(?P<half>(?:得|计|给)(?:一半|半数)(?:的?分值?)?)|{SHARE}(?:计分|给分|得分|赋分|的?分值|计)?|{WORTH})(?:\([^)]*\))?$"
)
BARE = re.compile(
    rf"^(?P<name>[A-G])(?:档|级|等)?(?:：|=|为|-)?(?:(?P<share>{NUM})%|(?P<none>0)|(?P<worth>{NUM})分?)$"
)


@dataclass(frozen=True)
class Step:
    """From `low` percent on (0: what lies under all) this share of the points, or this letter.

    Of a step that earns nothing `low` is its upper end: the floor.
    """

    low: Decimal
    share: Decimal | None = None
    letter: str = ""


def percent_steps(said: str, points: Decimal | None) -> list[Step]:
    """In the order of the text. Points higher than the indicator's are no outcome."""
    found = list(STEP.finditer(said))
    most = points or max((worth_of(m) for m in found if m["worth"]), default=None)
    steps: list[Step] = []
    for m in found:
        share = share_of(m, most)
        if share is None and not m["letter"]:
            continue
        under = m["bp"] or (m["up"] if m["under"] else None)
        edge = Decimal(under or m["lo"] or m["ap"])
        if edge > 100:
            continue
        low = Decimal(0) if under and share != 0 else edge
        steps.append(Step(low, share, m["letter"] or ""))
    if steps and REST.search(said) and not any(step.share == 0 for step in steps):
        ends = [step.low for step in steps if step.share]
        steps += [Step(min(ends), Decimal(0))] if ends else []
    return steps


def worth_of(m: re.Match[str]) -> Decimal:
    return decimal_of(m["worth"]) or Decimal(0)


def share_of(m: re.Match[str], most: Decimal | None) -> Decimal | None:
    """What the outcome is of the whole, 0 to 1; None if it is a letter or cannot be."""
    named = m.groupdict()
    if named.get("full"):
        return Decimal(1)
    if named.get("none"):
        return Decimal(0)
    if named.get("half"):
        return Decimal("0.5")
    if named.get("share"):
        share = Decimal(m["share"]) / 100
    elif named.get("worth") and most:
        share = worth_of(m) / most
    else:
        return None
    return clean(share) if share <= 1 else None


def clean(share: Decimal) -> Decimal:
    """Four places, without zeros behind, never in exponents."""
    return Decimal(format(share.quantize(FOUR).normalize() + 0, "f"))


def graded(said: str, points: Decimal | None) -> list[tuple[str, Decimal | None]]:
    """ "很健全得2分，较健全1.5分" → names and shares in the order of the text, each name once; letters by themselves too."""
    parts = [m for part in pieces(said) if (m := BARE.match(part) or NAMED.match(part))]
    most = points or max((worth_of(m) for m in parts if m["worth"]), default=None)
    found: dict[str, Decimal | None] = {}
    for m in parts:
        name = tidy_name(m["name"])
        if name and not re.search(r"扣|每(?!周|月|季|年)|累计|最高|最多|满分|封顶|目标|[<>≥≤%]", name):
            found.setdefault(name, share_of(m, most))
    return list(found.items())


def pieces(said: str) -> list[str]:
    """Clauses; "A档2分B档1.5分" is cut before each letter too; a condition cut off by a comma joins its outcome."""
    cut = re.sub(r"(?<=[分%0])(?=[A-G](?:档|级|等|：|=|为|得))", "，", said)
    out: list[str] = []
    for part in clauses(cut):
        if out and re.match(r"^(?:得|计|记|可得|不得分|不计分|给)", part) and not re.search(r"分$", out[-1]):
            out[-1] += part
        else:
            out.append(part)
    return out


def tidy_name(name: str) -> str:
    bare = re.sub(r"^(?:[①-⑳]|[(（]?\d{1,2}[)）]|\d{1,2}[.、](?!\d))", "", name)
    bare = re.sub(r"^(?:分值|得分|评为|考核|评定)(?=.{2})", "", bare)
    return re.sub(r"(?:的|者|档|级|等次|：|=|可|则|得|计|为|，)+$", "", bare) or bare


def letters(said: str) -> list[str]:
    """The grades named by letter: 为A…为B…其他为C; A、B、C、D四档; at most A to G, A first."""
    found = re.findall(r"(?:(?<=[为得计是、/，；和分按])|^)([A-G])(?=[、/，；和档级等类三四五345]|$|-)", said)
    return sorted(set(found)) if "A" in found else []


def usual(names: Iterable[str]) -> Grade:
    """The usual shares of the letters NAMES: A 100 %, B 66 %, C 33 %, D and what lies under it nothing."""
    shares = dict(USUAL_LEVELS)
    return Grade(tuple((name, shares.get(name, Decimal(0))) for name in sorted(set(names))))
