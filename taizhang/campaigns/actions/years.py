"""A year's dates, stages and windows; its closing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.permits import Permit

from ..models import Campaign, Stage, Window, Year
from ..rules.plans import YearPlan, check_plan
from ..rules.stages import StagePlan, check_years
from ..rules.states import YEAR_FLOW, YearState
from ..rules.windows import WindowPlan

EDIT = (Permit.CAMPAIGN_EDIT, "campaign.unit")


@action("campaigns.change_year", "修改年度设置", EDIT)
def change_year(
    year: Year, *, by: Any, theme: str, starts_on: date, ends_on: date, assessed_on: date, near_days: int,
    fix_days: int, stages: Sequence[StagePlan] | None = None, windows: Sequence[WindowPlan] | None = None,
) -> Year:  # fmt: skip
    """Dates and theme, with stages and windows where they are given, as one whole.

    Once the year is open its first and last day stay: the periods of its items lie between them. Dates of
    items that are already laid down are not moved by this.
    """
    _not_closed(year)
    if year.state == YearState.OPEN and (starts_on, ends_on) != (year.starts_on, year.ends_on):
        raise Refused(
            f"{year} 已经启用，各期次都排在 {year.starts_on} 至 {year.ends_on} 之间，起止日不能再改。"
            "测评日、阶段和宽限仍可修改。"
        )
    plan = replace(
        plan_of(year), theme=theme.strip(), starts_on=starts_on, ends_on=ends_on, assessed_on=assessed_on,
        near_days=near_days, fix_days=fix_days,
    )  # fmt: skip
    if stages is not None:
        plan = replace(plan, stages=tuple(stages))
    if windows is not None:
        plan = replace(plan, windows=tuple(windows))
    others = year.campaign.years.exclude(pk=year.pk).values_list("year", "starts_on", "ends_on")
    refuse(check_plan(plan) + check_years([*others, (year.year, starts_on, ends_on)]))
    year.change(
        theme=plan.theme, starts_on=starts_on, ends_on=ends_on, assessed_on=assessed_on, near_days=near_days,
        fix_days=fix_days,
    )  # fmt: skip
    if stages is not None:
        _lay_stages(year, plan.stages)
    if windows is not None:
        _lay_windows(year, plan.windows)
    return year


@action("campaigns.change_stages", "修改阶段", EDIT)
def change_stages(year: Year, *, by: Any, stages: Sequence[StagePlan]) -> Year:
    """Other stages for the same year."""
    _not_closed(year)
    refuse(check_plan(replace(plan_of(year), stages=tuple(stages))))
    _lay_stages(year, stages)
    return year


@action("campaigns.change_windows", "修改宽限", EDIT)
def change_windows(
    year: Year, *, by: Any, windows: Sequence[WindowPlan], near_days: int | None = None
) -> Year:
    """Other days of grace. Slots that exist keep their dates; those made from now on take the new ones."""
    _not_closed(year)
    near = year.near_days if near_days is None else near_days
    refuse(check_plan(replace(plan_of(year), windows=tuple(windows), near_days=near)))
    year.change(near_days=near)
    _lay_windows(year, windows)
    return year


@action("campaigns.close_year", "结束年度", EDIT)
def close_year(year: Year, *, by: Any) -> Year:
    """The year is over: its settings stay as they are. Items that are not struck off stay as they are too."""
    return year.change(state=YEAR_FLOW.take("close", year.state))


@action("campaigns.resume_year", "恢复年度", EDIT)
def resume_year(year: Year, *, by: Any) -> Year:
    """A year that was closed too early goes on."""
    return year.change(state=YEAR_FLOW.take("resume", year.state))


def mark_open(year: Year, today: date) -> Year:
    """Called inside the ledger's own action that opens the year and makes its items."""
    return year.change(state=YEAR_FLOW.take("open", year.state), opened_on=today)


def make_year(campaign: Campaign, plan: YearPlan) -> Year:
    """Called inside the action that starts a campaign, with a plan that was checked."""
    year = Year.make(
        campaign=campaign, year=plan.year, theme=plan.theme.strip(), starts_on=plan.starts_on,
        ends_on=plan.ends_on, assessed_on=plan.assessed_on, near_days=plan.near_days, fix_days=plan.fix_days,
    )  # fmt: skip
    _lay_stages(year, plan.stages)
    _lay_windows(year, plan.windows)
    return year


def plan_of(year: Year) -> YearPlan:
    """The year as it stands, as a plan."""
    stages = year.stages.order_by("order").values_list("name", "starts_on", "ends_on")
    windows = year.windows.order_by("pk").values_list("cadence", "grace_days", "shut_days")
    return YearPlan(
        year.year, year.theme, year.starts_on, year.ends_on, year.assessed_on,
        tuple(StagePlan(*row) for row in stages), tuple(WindowPlan(*row) for row in windows),
        year.near_days, year.fix_days,
    )  # fmt: skip


def _not_closed(year: Year) -> None:
    if year.state == YearState.CLOSED:
        raise Refused(f"{year} 已经结束，设置不再修改。确需修改，请先恢复年度。")


def refuse(problems: Sequence[str]) -> None:
    """Refuse with every problem at once; no problem, no refusal."""
    if problems:
        head = problems[0] if len(problems) == 1 else f"有 {len(problems)} 处要改，还没有保存。"
        raise Refused(head, problems=list(problems) if len(problems) > 1 else [])


def _lay_stages(year: Year, stages: Sequence[StagePlan]) -> None:
    """Change the stages that are there, in order; add what is more, remove what is less."""
    now = list(year.stages.order_by("order"))
    for old, new in zip(now, stages, strict=False):
        old.change(name=new.name.strip(), starts_on=new.starts_on, ends_on=new.ends_on)
    for old in now[len(stages) :]:
        old.remove()
    Stage.make_many(
        [
            Stage(year=year, order=order, name=new.name.strip(), starts_on=new.starts_on, ends_on=new.ends_on)
            for order, new in enumerate(stages, start=1)
            if order > len(now)
        ]
    )


def _lay_windows(year: Year, windows: Sequence[WindowPlan]) -> None:
    now = {window.cadence: window for window in year.windows.all()}
    fresh = []
    for new in windows:
        old = now.pop(new.cadence, None)
        if old is not None:
            old.change(grace_days=new.grace_days, shut_days=new.shut_days)
        else:
            fresh.append(
                Window(year=year, cadence=new.cadence, grace_days=new.grace_days, shut_days=new.shut_days)
            )
    for old in now.values():
        old.remove()
    Window.make_many(fresh)
