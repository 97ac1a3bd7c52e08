"""What a campaign's year is to become, before it is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from .stages import StagePlan, check_cycle, check_stages, check_year, check_years, default_stages, theme_of
from .windows import NEAR_DAYS, WindowPlan, check_windows, default_windows

FIX_DAYS = 3  # working days that a returned slot gets at least


@dataclass(frozen=True)
class YearPlan:
    """One year to be made."""

    year: int
    theme: str
    starts_on: date
    ends_on: date
    assessed_on: date
    stages: tuple[StagePlan, ...]
    windows: tuple[WindowPlan, ...] = field(default_factory=lambda: tuple(default_windows()))
    near_days: int = NEAR_DAYS
    fix_days: int = FIX_DAYS


def assessment_in(year: int, like: date | None = None) -> date:
    """The assessment day proposed for YEAR: the same month and day as LIKE, else 30 November."""
    month, day = (like.month, like.day) if like else (11, 30)
    return date(year, month, 28 if (month, day) == (2, 29) else day)


def default_year(year: int, first_year: int, last_year: int, assessed_on: date | None = None) -> YearPlan:
    """A calendar year with its theme and four stages; ASSESSED_ON of another year lends its month and day."""
    starts_on, ends_on = date(year, 1, 1), date(year, 12, 31)
    day = assessed_on if assessed_on and assessed_on.year == year else assessment_in(year, assessed_on)
    stages = tuple(default_stages(starts_on, ends_on, day))
    return YearPlan(year, theme_of(year, first_year, last_year), starts_on, ends_on, day, stages)


def default_years(first_year: int, last_year: int, assessed_on: date | None = None) -> list[YearPlan]:
    """Every year of a cycle as proposed."""
    return [
        default_year(year, first_year, last_year, assessed_on) for year in range(first_year, last_year + 1)
    ]


def check_plan(year: YearPlan) -> list[str]:
    """What is wrong with one year as a whole: its dates, its stages, its windows."""
    found = check_year(year.year, year.starts_on, year.ends_on, year.assessed_on)
    # with wrong bounds every stage would be wrong too: say the cause alone
    if not found:
        found += check_stages(year.year, year.stages, year.starts_on, year.ends_on, year.assessed_on)
    if not 0 <= year.fix_days <= 30:
        found.append(f"退回补正的 {year.fix_days} 个工作日应在 0 到 30 之间。")
    return found + check_windows(year.windows, year.near_days)


def check_cycle_plan(first_year: int, last_year: int, years: Sequence[YearPlan]) -> list[str]:
    """What is wrong with the cycle and its years, all at once."""
    found = check_cycle(first_year, last_year)
    if found:
        return found
    given = sorted(year.year for year in years)
    wanted = list(range(first_year, last_year + 1))
    if given != wanted:
        missing = [str(year) for year in wanted if year not in given]
        extra = sorted({str(year) for year in given if year not in wanted or given.count(year) > 1})
        if missing:
            found.append(f"届期 {first_year}—{last_year} 里缺 {'、'.join(missing)} 年度，请补上。")
        if extra:
            found.append(f"{'、'.join(extra)} 年度重复或不在届期 {first_year}—{last_year} 之内。")
    # windows are the same words for every year: said once
    problems = [problem for year in years for problem in check_plan(year)]
    found += list(dict.fromkeys(problems))
    return found + check_years([(year.year, year.starts_on, year.ends_on) for year in years])
