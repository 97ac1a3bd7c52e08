"""Rows for the pages about campaigns: what they are, where each year stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.kit import look
from taizhang.standards.models import Edition
from taizhang.standards.queries import following, revisions_for

from ..models import Campaign, Stage, Track, Year
from ..rules.stages import stage_on
from ..rules.states import YearState
from .campaigns import campaigns_for, years_for


@dataclass(frozen=True)
class CampaignRow:
    pk: int
    name: str
    unit: str
    first_year: int
    last_year: int
    tracks: tuple[str, ...]
    years: tuple[tuple[int, str, str], ...]  # year, theme, state as a box
    stage: str  # of the open year today


@dataclass(frozen=True)
class StagePart:
    """A stage as a piece of the year's line: `share` in percent of the year."""

    name: str
    starts_on: date
    ends_on: date
    share: float
    now: bool


@dataclass(frozen=True)
class YearRow:
    pk: int
    version: int
    year: int
    theme: str
    starts_on: date
    ends_on: date
    assessed_on: date
    opened_on: date | None
    state: str
    label: str
    box: str
    parts: tuple[StagePart, ...]
    today_at: float | None  # where today lies, in percent of the year; None outside
    assessed_at: float
    stage: str
    items: str  # address of its ledger, "" while there is none
    edit: str  # address of its settings, "" for those who may not change them
    open: str  # address where it is opened: only of those that are next
    openings: str  # address of its windows, once it is open


def campaign_rows(user: Any, today: date) -> list[CampaignRow]:
    """All campaigns within reach, newest first. Four queries, however many there are."""
    found = list(campaigns_for(user))
    keys = [campaign.pk for campaign in found]
    tracks: dict[int, list[str]] = {key: [] for key in keys}
    for key, name in Track.objects.filter(campaign__in=keys).values_list("campaign_id", "standard__name"):
        tracks[key].append(name)
    stages: dict[int, list[tuple[str, date, date]]] = {}
    for year_id, name, first, last in Stage.objects.filter(year__campaign__in=keys).values_list(
        "year_id", "name", "starts_on", "ends_on"
    ):
        stages.setdefault(year_id, []).append((name, first, last))
    years: dict[int, list[tuple[int, str, str]]] = {key: [] for key in keys}
    now: dict[int, str] = {}
    for pk, key, year, theme, state in Year.objects.filter(campaign__in=keys).values_list(
        "pk", "campaign_id", "year", "theme", "state"
    ):
        years[key].append((year, theme, look.st(YearState(state))))
        if state == YearState.OPEN and (stage := stage_on(stages.get(pk, []), today)):
            now[key] = f"{year} 年 {stage}"
    return [
        CampaignRow(
            one.pk, one.name, str(one.unit), one.first_year, one.last_year, tuple(tracks[one.pk]),
            tuple(years[one.pk]), now.get(one.pk, ""),
        )
        for one in found
    ]  # fmt: skip


def year_rows(
    campaign: Campaign, today: date, edits: bool, items_url: str, url: Callable[..., str]
) -> list[YearRow]:
    """The campaign's years as lines in time. Two queries. EDITS: whether links that change things are shown.

    URL makes an address of a name and arguments, "" if there is no such page.
    """
    stages: dict[int, list[tuple[str, date, date]]] = {}
    for key, name, first, last in Stage.objects.filter(year__campaign=campaign).values_list(
        "year_id", "name", "starts_on", "ends_on"
    ):
        stages.setdefault(key, []).append((name, first, last))
    found = list(Year.objects.filter(campaign=campaign).order_by("year"))
    rows = []
    for at, year in enumerate(found):
        opened = year.state != YearState.PLANNED
        links = (
            f"{items_url}?year={year.pk}" if items_url and opened else "",
            url("year_edit", year.pk) if edits else "",
            url("year_open", year.pk) if edits and _due_to_open(found, at) else "",
            url("year_openings", year.pk) if edits and opened else "",
        )
        rows.append(_year_row(year, stages.get(year.pk, []), today, links))
    return rows


def _due_to_open(years: list[Year], at: int) -> bool:
    """Whether the year at AT is the next to be opened: what it takes over lies in the year before it.

    A campaign begun in its second year leaves the first planned; the third may then still be opened.
    """
    planned = [year.state == YearState.PLANNED for year in years]
    return planned[at] and (not any(planned[:at]) or not planned[at - 1])


def _year_row(
    year: Year, stages: list[tuple[str, date, date]], today: date, links: tuple[str, str, str, str]
) -> YearRow:
    days = (year.ends_on - year.starts_on).days + 1

    def at(day: date) -> float:
        return round(100 * ((day - year.starts_on).days + 0.5) / days, 2)

    parts = tuple(
        StagePart(name, first, last, round(100 * ((last - first).days + 1) / days, 2), first <= today <= last)
        for name, first, last in stages
    )
    state = YearState(year.state)
    return YearRow(
        year.pk, year.version, year.year, year.theme, year.starts_on, year.ends_on, year.assessed_on,
        year.opened_on, state.value, state.label, look.st(state), parts,
        at(today) if year.starts_on <= today <= year.ends_on else None, at(year.assessed_on),
        stage_on(stages, today), *links,
    )  # fmt: skip


def newer_editions(campaign: Campaign) -> list[tuple[Track, Edition]]:
    """Each track whose edition has been revised, with the newest revision of it. Two queries."""
    tracks = Track.objects.filter(campaign=campaign).select_related("standard")
    revisions = revisions_for(campaign.unit_id)
    later = [(track, following(track.edition_id, revisions)) for track in tracks]
    return [(track, editions[0]) for track, editions in later if editions]


def opened_year(campaign: Campaign) -> Year | None:
    """The first year whose ledger was ever opened: from then on signatures point at the steps."""
    return Year.objects.filter(campaign=campaign).exclude(state=YearState.PLANNED).order_by("year").first()


def used_years(user: Any) -> list[int]:
    """The calendar years of all campaigns within reach."""
    return list(years_for(user).order_by("year").values_list("year", flat=True).distinct())
