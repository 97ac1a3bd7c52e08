"""Title and requirement when they share a cell; and cells that hold several numbered items."""

import re
from collections.abc import Iterator
from decimal import Decimal

from .numbers import CIRCLED, NUMBER, cents, fold, whole_number

ENDS = "。；;！？"


def split_title(text: str, *, long: int, scored: bool = True) -> tuple[str, str]:
    """(title, requirement). Cut at ： if what stands before it reads like a name, at a line end, or at one ；.

    A text of up to LONG characters without an inner mark is all title. A longer one is the requirement, and its
    beginning serves as the title. SCORED: a sentence on points at its end is the requirement too, not the title.
    """
    text = text.strip()
    head, _, tail = text.partition("\n")
    if (
        tail
        and 2 <= len(head.strip()) <= 26
        and not re.search(r"[。；;，,]", head.strip().rstrip("：:。；;"))
    ):
        return head.strip().rstrip("：:。；; "), tail.strip()
    flat = re.sub(r"\s*\n\s*", "", text) if len(text) <= long else text
    m = re.match(r"^([^：:。；;\n]{2,30}?)[：:]\s*(\S.*)$", text, re.DOTALL)
    if (
        m
        and not re.search(r"[，,].*[，,]", m.group(1))
        and fold(m.group(1)).count("(") == fold(m.group(1)).count(")")
    ):
        return m.group(1).strip(), m.group(2).strip()
    m = re.match(r"^【([^】]{2,24})】\s*(\S.*)$", text, re.DOTALL)
    if m:
        return m.group(1), m.group(2).strip()
    m = re.match(r"^([^；;。，,\n]{2,20})[；;]\s*([^；;]{8,})$", text)
    if m and len(m.group(2)) >= 1.5 * len(m.group(1)):
        return m.group(1).strip(), m.group(2).strip()
    m = re.match(r"^([^。；;，,、\s]{2,16})[。\s]\s*(\S{6,}.*)$", text, re.DOTALL)
    if m:
        return m.group(1).strip(), m.group(2).strip()
    if len(flat) <= long:
        if scored and (at := rule_at(text)):
            return bare(text[:at]), text[at:].strip()
        return flat.rstrip("。；;"), ""
    return shorten(text), text


#: what is lost or earned: 缺1次扣0.3分, 未列入的不得分, 好的得2分
COSTS = re.compile(
    rf"(?:扣|减|扣减|扣除)\s*{NUMBER}\s*分(?!钟)|不(?:得|计|给)分|酌情(?:扣|减)分|得满分|(?:得|计|加)\s*{NUMBER}\s*分(?!钟|以上|及以上|以下)"
)
#: a clause that needs the one before it to be a rule: 每次扣2分, 不得分
NO_CASE = re.compile(
    r"^\s*(?:每[\u4e00-\u9fff]{0,2}|各|一次性?|均?酌?情?)?(?:扣|减|得|计|加|不(?:得|计|给)分)"
)


def bare(text: str) -> str:
    """TEXT without the marks at its end."""
    return text.rstrip("。；;，, \n")


def rule_at(text: str) -> int:
    """Where a requirement ends and the sentence on points begins; 0 if it has none, or nothing before it."""
    starts = [0, *(m.end() for m in re.finditer(r"[，,。；;\n]+", text))]
    clauses = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    first = next((index for index, clause in enumerate(clauses) if COSTS.search(fold(clause))), 0)
    if first > 1 and clauses[first - 1].rstrip("，, ") != clauses[first - 1]:
        case = clauses[first - 1].rstrip("，, ").endswith(("的", "者"))
        first -= case or NO_CASE.match(clauses[first]) is not None
    return starts[first] if len(text[: starts[first]].rstrip("，,。；; \n")) >= 4 else 0


def shorten(text: str, most: int = 24) -> str:
    """The first clause of a sentence, at most MOST characters."""
    flat = re.sub(r"\s+", "", text)
    clause = re.split(r"[，,。；;：:！？]", flat, maxsplit=1)[0]
    if len(clause) < 4 and len(flat) > len(clause):
        clause = flat
    return clause if len(clause) <= most else clause[: most - 1] + "…"


AT = r"(?:^|(?<=[\n。；;：:）)\s]))"
MARKS = [
    rf"{AT}\s*(?P<n>\d{{1,2}})[.．、](?!\d)",
    rf"(?P<n>[{CIRCLED}])",
    rf"{AT}\s*[(（](?P<n>\d{{1,2}})[)）]",
    rf"{AT}\s*(?P<n>\d{{1,2}})[)）]",
    r"(?P<n>[⑴-⒇])",
    rf"{AT}\s*[(（](?P<n>[一二三四五六七八九十]{{1,2}})[)）]",
]


def parts_of(text: str, *, inner: bool = False) -> Iterator[list[int]]:
    """Where the numbered parts of a text begin, for each kind of mark that numbers at least two.

    Without INNER the first part must open the text.
    """
    for mark in MARKS:
        found = list(re.finditer(mark, fold(text)))
        counts = [whole_number(m.group("n")) for m in found]
        starts = [m.start() for m, count in zip(found, counts, strict=True)]
        first = counts[0] if counts else None
        if len(found) < 2 or first is None or counts != list(range(first, first + len(found))):
            continue
        # a cell may go on counting where the cell above it ended
        if first == 1 if inner else not text[: starts[0]].strip():
            yield starts


def cut(text: str) -> list[str]:
    """The numbered parts of a text that is nothing but such parts; [] if it is not."""
    starts = next(parts_of(text), [])
    return [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=False)]


def split_halves(text: str, cell: str, points: Decimal) -> list[tuple[str, Decimal]]:
    """Numbered parts that share the figure of their points cell evenly, if the cell says so: "0.38（各半）"."""
    if not re.search(r"各半|平分|均分|各占|各\d", cell):
        return []
    parts = [part.rstrip("；;。 ") for part in cut(text)]
    return list(zip(parts, shares(points, len(parts)), strict=True)) if parts else []


def shares(points: Decimal, count: int) -> list[Decimal]:
    """POINTS in COUNT equal parts of two places that add up to it exactly; what is left over goes to the first."""
    each = cents(points / count)
    return [points - each * (count - 1), *[each] * (count - 1)]
