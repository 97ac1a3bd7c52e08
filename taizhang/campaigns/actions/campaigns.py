"""Starting a campaign, and what may still be changed of its tracks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from taizhang.kit.errors import Refused
from taizhang.org.action import action
from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.permits import Permit
from taizhang.standards.models import Edition, EditionState

from ..models import Campaign, Step, Track, Year
from ..queries.proposals import TrackPlan
from ..rules.plans import YearPlan, check_cycle_plan
from ..rules.states import YearState
from ..rules.steps import StepPlan, check_chain
from .years import make_year, refuse


@action("campaigns.start", "创建活动立项", (Permit.CAMPAIGN_EDIT, ""))
def start(
    unit: Unit, *, by: Any, name: str, first_year: int, last_year: int, started_on: date,
    tracks: Sequence[TrackPlan], years: Sequence[YearPlan],
) -> Campaign:  # fmt: skip
    """A whole campaign at once, or nothing: its tracks with their chains, its years with stages and windows.

    Refused with every problem there is, not only the first.
    """
    if unit.kind != UnitKind.AGENCY:
        raise Refused(f"“{unit}”不是机关（单位），创建活动要立在机关名下。请换一个单位。")
    name = name.strip()
    problems = [] if name else ["创建活动没有名称，请填写。"]
    if name and Campaign.objects.filter(unit=unit, name=name).exists():
        problems.append(f"“{unit}”已有名为“{name}”的创建活动，请换个名称。")
    problems += check_cycle_plan(first_year, last_year, years)
    problems += _check_tracks(unit, first_year, tracks)
    problems += _check_lines([track.edition for track in tracks])
    refuse(problems)
    campaign = Campaign.make(
        unit=unit, name=name, first_year=first_year, last_year=last_year, started_on=started_on
    )
    for order, track in enumerate(tracks):
        _make_track(campaign, order, track)
    for year in sorted(years, key=lambda one: one.year):
        make_year(campaign, year)
    return campaign


@action("campaigns.add_track", "增加创建线", (Permit.CAMPAIGN_EDIT, "unit"))
def add_track(campaign: Campaign, *, by: Any, track: TrackPlan) -> Track:
    """One more standard. Its items come with the next year that is opened."""
    problems = _check_tracks(campaign.unit, campaign.first_year, [track])
    if campaign.tracks.filter(standard=track.edition.standard_id).exists():
        problems.append(f"《{track.edition.standard}》已经是本活动的创建线，不能再加一次。")
    problems += _check_lines(
        [*(one.edition for one in campaign.tracks.select_related("edition")), track.edition]
    )
    refuse(problems)
    return _make_track(campaign, campaign.tracks.count(), track)


@action("campaigns.change_track", "修改创建线", (Permit.CAMPAIGN_EDIT, "campaign.unit"))
def change_track(track: Track, *, by: Any, owner: Unit, title: str, target_year: int | None) -> Track:
    """Owner office, target title and year. Who checks at the owner's step follows the owner at once."""
    if owner.agency_id != track.campaign.unit_id:
        raise Refused(f"“{owner}”不属于{track.campaign.unit}，不能作归口单位。请另选。")
    refuse(_check_target(track.campaign.first_year, track.standard.name, target_year))
    return track.change(owner=owner, title=title.strip(), target_year=target_year)


@action("campaigns.change_steps", "修改审核环节", (Permit.CAMPAIGN_EDIT, "campaign.unit"))
def change_steps(track: Track, *, by: Any, steps: Sequence[StepPlan]) -> Track:
    """Another chain. Once a year has been opened only names and 可纸质签批 may change: signatures point at steps."""
    refuse(check_chain(steps))
    now = list(track.steps.order_by("order"))
    if [(step.who, step.per) for step in now] == [(step.who, step.per) for step in steps]:
        for old, new in zip(now, steps, strict=True):
            old.change(label=new.label.strip(), may_be_paper=new.may_be_paper)
        return track
    opened = Year.objects.filter(campaign=track.campaign_id).exclude(state=YearState.PLANNED).first()
    if opened is not None:
        raise Refused(
            f"{opened} 已经启用，签批记录都对着现在的 {len(now)} 个环节，不能再增减、调换环节或换人。"
            "环节名称和“可纸质签批”仍可修改。"
        )
    for old in now:
        old.remove()
    _make_steps(track, steps)
    return track


def take_edition(track: Track, edition: Edition) -> Track:
    """Called inside the ledger's own action that brings a year's items to EDITION, or takes that back."""
    return track.change(edition=edition)


def _check_target(first_year: int, name: str, target_year: int | None) -> list[str]:
    if target_year is not None and not first_year <= target_year <= first_year + 15:
        return [f"《{name}》的目标年度 {target_year} 早于起始年 {first_year} 或过远，请改正或留空。"]
    return []


def _check_tracks(unit: Unit, first_year: int, tracks: Sequence[TrackPlan]) -> list[str]:
    if not tracks:
        return ["一套测评标准也没有选，至少选一套。"]
    problems: list[str] = []
    standards = [track.edition.standard_id for track in tracks]
    for at, track in enumerate(tracks):
        standard = track.edition.standard
        if standard.pk in standards[:at]:
            problems.append(
                f"《{standard}》选了两个版本。一套标准在一个活动里只能有一条创建线，请只留一个版本。"
            )
        problems += _check_edition(unit, track.edition)
        if track.owner.agency_id != unit.pk:
            problems.append(f"《{standard}》的归口单位“{track.owner}”不属于{unit}，请另选。")
        problems += _check_target(first_year, standard.name, track.target_year)
        problems += [f"《{standard}》的审核链：{problem}" for problem in check_chain(track.steps)]
    return problems


def _check_lines(editions: Sequence[Edition]) -> list[str]:
    """Editions of one line share their strands, and a year has one item per strand: they cannot be two tracks."""
    first: dict[int, Edition] = {}
    problems: list[str] = []
    for edition in editions:
        root = edition
        while root.base is not None:
            root = root.base
        other = first.setdefault(root.pk, edition)
        if other.standard_id != edition.standard_id:
            problems.append(
                f"《{edition.standard}》{edition.label}与《{other.standard}》{other.label}是同一套标准的先后版本，"
                "一个活动里只能有一条创建线。要用新版，请在年度里换版。"
            )
    return problems


def _check_edition(unit: Unit, edition: Edition) -> list[str]:
    if edition.standard.agency_id not in (None, unit.pk):
        return [f"《{edition.standard}》是其他单位的标准，不能使用。"]
    if edition.state != EditionState.IN_FORCE:
        return [
            f"《{edition.standard}》{edition.label}现在是“{EditionState(edition.state).label}”，请选现行版本。"
        ]
    return []


def _make_track(campaign: Campaign, order: int, plan: TrackPlan) -> Track:
    track = Track.make(
        campaign=campaign, standard=plan.edition.standard, edition=plan.edition, owner=plan.owner,
        title=plan.title.strip(), target_year=plan.target_year, order=order,
    )  # fmt: skip
    _make_steps(track, plan.steps)
    return track


def _make_steps(track: Track, steps: Sequence[StepPlan]) -> None:
    Step.make_many(
        [
            Step(
                track=track, order=order, who=step.who, per=step.per, label=step.label.strip(),
                may_be_paper=step.may_be_paper,
            )
            for order, step in enumerate(steps, start=1)
        ]
    )  # fmt: skip
