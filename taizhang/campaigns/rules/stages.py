"""A year's themes and four stages: what is proposed, and what a clerk may set."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

STAGES = ("总结动员", "全面创建", "自查整改", "年度考评")
#: where the first three stages end, as a share of the days from the year's start to its assessment
SHARES = (0.25, 0.80, 0.95)
FIRST, MIDDLE, LAST = "起步年", "提升年", "冲刺年"
MAX_CYCLE = 10  # years


@dataclass(frozen=True)
class StagePlan:
    """One stage to be made; both days included."""

    name: str
    starts_on: date
    ends_on: date


def theme_of(year: int, first_year: int, last_year: int) -> str:
    """起步年, 提升年 …, 冲刺年, by the position in the cycle; a cycle of one year is a 冲刺年."""
    if year >= last_year:
        return LAST
    return FIRST if year <= first_year else MIDDLE


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _nearest_month_end(day: date) -> date:
    after = _month_end(day)
    before = day.replace(day=1) - timedelta(1)
    return after if after - day <= day - before else before


def default_stages(starts_on: date, ends_on: date, assessed_on: date) -> list[StagePlan]:
    """Four stages over the year: the first three end at month ends, the last one holds the assessment.

    A year too short for whole months gets the days as the shares give them; one too short for four stages at
    all (assessment within three days of the start) gets one.
    """
    days = (assessed_on - starts_on).days
    plain = [starts_on + timedelta(int(days * share)) for share in SHARES]
    snapped = [_nearest_month_end(day) for day in plain]
    if snapped[-1] >= assessed_on:
        snapped[-1] = assessed_on.replace(day=1) - timedelta(1)
    for ends in (snapped, plain):
        bounds = [starts_on - timedelta(1), *ends, ends_on]
        rising = all(a < b for a, b in zip(bounds, bounds[1:], strict=False))
        if rising and ends[-1] < assessed_on:
            return [
                StagePlan(name, bounds[at] + timedelta(1), bounds[at + 1]) for at, name in enumerate(STAGES)
            ]
    return [StagePlan(STAGES[1], starts_on, ends_on)]


def stage_on(stages: Sequence[tuple[str, date, date]], day: date) -> str:
    """The name of the stage that holds DAY; STAGES as (name, first day, last day). "" between or outside."""
    return next((name for name, starts_on, ends_on in stages if starts_on <= day <= ends_on), "")


def check_year(year: int, starts_on: date, ends_on: date, assessed_on: date) -> list[str]:
    """What is wrong with a year's own dates."""
    found = []
    if ends_on < starts_on:
        found.append(f"{year} 年度的结束日 {ends_on} 早于开始日 {starts_on}。")
    elif not starts_on <= assessed_on <= ends_on:
        found.append(f"{year} 年度的测评日 {assessed_on} 不在本年度（{starts_on} 至 {ends_on}）之内。")
    if starts_on.year > year or ends_on.year < year:
        found.append(f"{year} 年度的起止日 {starts_on} 至 {ends_on} 没有落在 {year} 年。")
    if (ends_on - starts_on).days > 400:
        found.append(f"{year} 年度从 {starts_on} 到 {ends_on} 超过 400 天，请检查年份。")
    return found


def check_years(spans: Sequence[tuple[int, date, date]]) -> list[str]:
    """Years of one cycle may not overlap: a day belongs to one ledger. SPANS: (year, first day, last day)."""
    ordered = sorted(spans)
    return [
        f"{later[0]} 年度从 {later[1]} 开始，与 {earlier[0]} 年度（到 {earlier[2]}）重叠。"
        for earlier, later in zip(ordered, ordered[1:], strict=False)
        if later[1] <= earlier[2]
    ]


def check_stages(
    year: int, stages: Sequence[StagePlan], starts_on: date, ends_on: date, assessed_on: date
) -> list[str]:
    """Stages follow one another within the year, and one of them holds the assessment."""
    found = []
    if not stages:
        return [f"{year} 年度没有阶段，至少要有一个。"]
    for stage in stages:
        if not stage.name.strip():
            found.append(f"{year} 年度有一个阶段没有名称（{stage.starts_on} 至 {stage.ends_on}）。")
        if stage.ends_on < stage.starts_on:
            found.append(f"{year} 年度“{stage.name}”的止日 {stage.ends_on} 早于起日 {stage.starts_on}。")
        elif stage.starts_on < starts_on or stage.ends_on > ends_on:
            found.append(
                f"{year} 年度“{stage.name}”（{stage.starts_on} 至 {stage.ends_on}）超出本年度（{starts_on} 至 {ends_on}）。"
            )
    for earlier, later in zip(stages, stages[1:], strict=False):
        if later.starts_on <= earlier.ends_on:
            found.append(
                f"{year} 年度“{later.name}”从 {later.starts_on} 开始，与“{earlier.name}”（到 {earlier.ends_on}）重叠或前后颠倒。"
            )
    if not any(stage.starts_on <= assessed_on <= stage.ends_on for stage in stages):
        found.append(f"{year} 年度的测评日 {assessed_on} 不在任何一个阶段里，请让“年度考评”包含它。")
    return found


def check_cycle(first_year: int, last_year: int) -> list[str]:
    if last_year < first_year:
        return [f"届满年 {last_year} 早于起始年 {first_year}，请调换或改正。"]
    if last_year - first_year >= MAX_CYCLE:
        return [f"届期 {first_year}—{last_year} 超过 {MAX_CYCLE} 年，请检查年份。"]
    if not 1990 <= first_year <= 2100:
        return [f"起始年 {first_year} 不像年份，请检查。"]
    return []
