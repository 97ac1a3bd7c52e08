"""倒排工期: what happens once a year gets its date backwards from the assessment, over working days.

Each thing belongs to a stage by its words (plans and kick-offs first, self-checks and summaries last). Within
a stage the candidate days are the last working day of each week, and each thing takes the day on which its
department has least, then everybody has least, the later one first: so dates spread over the months instead
of heaping up in the last.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from taizhang.campaigns.rules.workdays import Workdays

#: the stage by the words of title and needs; the four stages of S0: 总结动员, 全面创建, 自查整改, 年度考评
FIRST = re.compile(
    "计划|规划|方案|动员|部署|领导小组|成立|分工|责任书|责任清单|责任制|清单|制度|机构|经费预算|台账建立"
)
THIRD = re.compile("自查|整改|回头看|测评|满意度|问卷|民主评议|组织生活会")
FOURTH = re.compile("总结|述职|年度报告|年终|考评|考核结果|画册|纪实")
#: working days kept free before the assessment for binding and printing
RESERVE = 5


@dataclass(frozen=True)
class Thing:
    """A one-off slot to be dated: `key` of the caller, the department it loads, `nth` of `times` in the year."""

    key: int
    lead: int | None
    words: str
    nth: int = 1
    times: int = 1


@dataclass(frozen=True)
class Span:
    starts_on: date
    ends_on: date


def stage_of(words: str, stages: int) -> int:
    """The index of the stage that WORDS point to, of STAGES."""
    if stages < 4:
        return 0 if FIRST.search(words) else stages - 1
    if FOURTH.search(words):
        return 3
    if THIRD.search(words):
        return 2
    return 0 if FIRST.search(words) else 1


def candidates(span: Span, workdays: Workdays) -> list[date]:
    """The last working day of each week within SPAN, the latest first; at least one day."""
    found: list[date] = []
    day = workdays.last_on_or_before(span.ends_on)
    while day >= span.starts_on:
        found.append(day)
        day = workdays.last_on_or_before(day - timedelta(days=day.weekday() + 1))  # the week before
    return found or [span.ends_on]


def back_schedule(
    things: Sequence[Thing], stages: Sequence[Span], assessed_on: date, not_before: date, workdays: Workdays
) -> dict[int, date]:
    """Key → due date. Nothing is dated before NOT_BEFORE or after the assessment, if that can be helped."""
    latest = workdays.add(assessed_on, -RESERVE)
    spans = [Span(max(stage.starts_on, not_before), min(stage.ends_on, latest)) for stage in stages]
    whole = Span(min(max(not_before, stages[0].starts_on if stages else not_before), latest), latest)
    due: dict[int, date] = {}
    total: Counter[date] = Counter()
    of_lead: Counter[tuple[int | None, date]] = Counter()
    days_of: dict[Span, list[date]] = {}
    for thing in things:
        span = whole
        if thing.times > 1:
            span = _part(whole, thing.nth, thing.times)
        elif stages:
            at = stage_of(thing.words, len(stages))
            # a stage that is over, or lies behind the assessment, hands its things to the nearest that has days left
            left = [place for place, one in enumerate(spans) if one.starts_on <= one.ends_on]
            if left:
                span = spans[min(left, key=lambda place: (abs(place - at), place))]
        days = days_of.setdefault(span, candidates(span, workdays))
        month: Counter[tuple[int, int]] = Counter()
        for day in days:
            month[day.year, day.month] += total[day]
        best = min(days, key=lambda day: (of_lead[thing.lead, day], total[day], month[day.year, day.month]))
        due[thing.key] = best
        total[best] += 1
        of_lead[thing.lead, best] += 1
    return due


def _part(span: Span, nth: int, times: int) -> Span:
    """The n-th of equal parts: twice a year is once in each half."""
    days = (span.ends_on - span.starts_on).days + 1
    start = span.starts_on + timedelta(days=days * (nth - 1) // times)
    end = span.starts_on + timedelta(days=days * nth // times - 1)
    return Span(start, max(start, end))
