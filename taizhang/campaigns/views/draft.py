"""The wizard's draft: what was typed at each step, kept in the session and read into forms again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.http import QueryDict

from taizhang.org.models import Unit
from taizhang.standards.models import Edition

from .. import forms, queries
from ..models import Campaign
from ..queries.proposals import TrackPlan, chain_for
from ..rules import plans, stages
from ..rules.plans import YearPlan
from ..rules.steps import StepPlan, check_chain
from ..rules.windows import NEAR_DAYS, check_windows, default_windows

KEY = "campaign_new"
STEPS = ["单位与标准", "届期与年度", "审核环节", "宽限与节假日", "核对并创建"]
LAST = len(STEPS)
NOT_KEPT = {"csrfmiddlewaretoken", "once", "act", "file"}
CYCLE_AT_END = re.compile(r"\d{4}\s*[—-]+\s*\d{4}$")
CYCLE = 3  # years of a cycle, as proposed


@dataclass
class Choice:
    """One edition of step 1, with its form and its proposal."""

    edition: Edition
    form: forms.TrackForm
    proposed: TrackPlan

    @property
    def picked(self) -> bool:
        return bool(self.form.is_bound and self.form["pick"].value())


@dataclass
class Chain:
    """One track of step 3: its rows, and the plan it belongs to (with the proposed chain)."""

    track: TrackPlan
    rows: list[forms.StepForm]

    def is_valid(self) -> bool:
        return forms.right(self.rows)

    def steps(self) -> list[StepPlan]:
        """What was posted; as long as nothing was, what is proposed."""
        posted = any(row.is_bound for row in self.rows)
        return forms.steps_of(self.rows) if posted and self.is_valid() else list(self.track.steps)


@dataclass
class Draft:
    """Everything typed so far. Forms are built from it, each step's only when it is asked for."""

    session: Any
    agencies: list[Unit]
    today: date
    kept: dict[str, dict[str, list[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self.kept = self.session.get(KEY, {})

    def keep(self, step: int, posted: QueryDict) -> None:
        self.kept[str(step)] = {name: posted.getlist(name) for name in posted if name not in NOT_KEPT}
        self.session[KEY] = self.kept

    def forget(self, step: int, prefixes: tuple[str, ...]) -> None:
        """Take some fields of a step out again, so that the proposal shows once more."""
        mine = self.kept.get(str(step), {})
        self.kept[str(step)] = {name: said for name, said in mine.items() if not name.startswith(prefixes)}
        self.session[KEY] = self.kept

    def rename(self) -> None:
        """The cycle at the end of the campaign's name follows the cycle that was typed."""
        got, mine = self.cycle.cleaned_data, self.kept["2"]
        mine["name"] = [CYCLE_AT_END.sub(f"{got['first_year']}—{got['last_year']}", got["name"])]
        self.session[KEY] = self.kept

    def drop(self) -> None:
        self.session.pop(KEY, None)
        self.kept = {}

    def data(self, step: int) -> QueryDict | None:
        mine = self.kept.get(str(step))
        if mine is None:
            return None
        made = QueryDict(mutable=True)
        for name, said in mine.items():
            made.setlist(name, said)
        return made

    # ---- 1 单位与标准

    @cached_property
    def agency(self) -> Unit:
        """The agency chosen, else the only one or the first."""
        said = (self.kept.get("1", {}).get("unit") or [""])[0]
        return next((unit for unit in self.agencies if str(unit.pk) == said), self.agencies[0])

    @cached_property
    def owners(self) -> list[Unit]:
        return queries.owners_in(self.agency)

    @cached_property
    def choices(self) -> list[Choice]:
        data, found = self.data(1), []
        for edition in queries.editions_for(self.agency):
            proposed = queries.propose_track(edition, self.owners, self.last_year)
            if proposed is not None:
                plain = replace(proposed, target_year=None)
                found.append(Choice(edition, forms.track_form(edition, self.owners, plain, data), proposed))
        return found

    @property
    def picked(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.picked]

    # ---- 2 届期与年度

    @property
    def last_year(self) -> int:
        """The last year of the cycle as far as it is known."""
        said = (self.kept.get("2", {}).get("last_year") or [""])[0]
        return int(said) if said.isascii() and said.isdigit() else self.today.year + CYCLE - 1

    @cached_property
    def cycle(self) -> forms.CycleForm:
        first, last = self.today.year, self.today.year + CYCLE - 1
        names = [choice.edition.standard.name for choice in self.picked]
        target = next(
            (choice.form["title"].value() for choice in self.picked if choice.form["title"].value()), ""
        )
        what = target or (_subject(names[0]) if names else "")
        initial = {
            "name": f"创建{what} {first}—{last}" if what else "", "first_year": first, "last_year": last,
            "started_on": self.today,
        }  # fmt: skip
        return forms.CycleForm(self.data(2), initial=initial)

    @cached_property
    def years(self) -> list[forms.YearRow]:
        """One row of forms per year of the cycle that was typed; the proposed cycle until then."""
        first, last = self.today.year, self.today.year + CYCLE - 1
        if self.cycle.is_bound:
            self.cycle.is_valid()
            got = self.cycle.cleaned_data
            first, last = got.get("first_year", 0), got.get("last_year", -1)
            if stages.check_cycle(first, last):
                return []
        data = self.data(2)
        return [
            forms.year_row(self._proposed_year(year, first, last, data), data)
            for year in range(first, last + 1)
        ]

    def _proposed_year(self, year: int, first: int, last: int, data: QueryDict | None) -> YearPlan:
        """A year as proposed, its stages laid over the dates that were typed, if they make sense."""
        plan = plans.default_year(year, first, last)
        form = forms.year_row(plan, data).form
        if form.is_bound and form.is_valid():
            got = form.cleaned_data
            dates = (got["starts_on"], got["ends_on"], got["assessed_on"])
            if not stages.check_year(year, *dates):
                return replace(plan, stages=tuple(stages.default_stages(*dates)))
        return plan

    # ---- 3 审核环节

    @cached_property
    def chains(self) -> list[Chain]:
        data, found = self.data(3), []
        owners = {unit.pk: unit for unit in self.owners}
        for choice in self.picked:
            if not choice.form.is_valid():
                continue
            got = choice.form.cleaned_data
            owner = owners[got["owner"]]
            track = TrackPlan(
                choice.edition,
                owner,
                got["title"],
                got["target_year"] or self.last_year,
                tuple(chain_for(owner)),
            )
            prefix = f"c{choice.edition.pk}"
            rows = forms.step_forms(prefix, track.steps, _of(data, prefix), f"《{choice.edition.standard}》")
            found.append(Chain(track, rows))
        return found

    # ---- 4 宽限与节假日

    @cached_property
    def windows(self) -> list[tuple[str, forms.WindowForm]]:
        return forms.window_forms(default_windows(), self.data(4))

    @cached_property
    def lights(self) -> forms.LightForm:
        initial = {"near_days": NEAR_DAYS, "fix_days": plans.FIX_DAYS}
        return forms.LightForm(self.data(4), initial=initial)

    # ---- what is wrong, and the whole

    def is_valid(self, step: int) -> bool:
        """Whether STEP was posted and its shape is right."""
        if str(step) not in self.kept:
            return False
        if step == 1:
            return all(choice.form.is_valid() for choice in self.picked)
        if step == 2:
            return all([self.cycle.is_valid(), *(row.is_valid() for row in self.years if not row.fresh)])
        if step == 3:
            return all(chain.is_valid() for chain in self.chains)
        return all([self.lights.is_valid(), *(form.is_valid() for _, form in self.windows)])

    def problems(self, step: int) -> list[str]:
        """What is wrong with STEP besides its shape. Asked only when the shape is right."""
        if step == 1:
            return self._problems_of_tracks()
        if step == 2:
            return self._problems_of_years()
        if step == 3:
            return [
                f"《{chain.track.edition.standard}》：{problem}"
                for chain in self.chains
                for problem in check_chain(chain.steps())
            ]
        return check_windows(forms.windows_of(self.windows), self.lights.cleaned_data["near_days"])

    def _problems_of_tracks(self) -> list[str]:
        standards = [choice.edition.standard for choice in self.picked]
        if not standards:
            return ["一套测评标准也没有选，至少选一套。"]
        twice = {str(one) for at, one in enumerate(standards) if one in standards[:at]}
        return [
            f"《{name}》选了两个版本。一套标准在一个活动里只能有一条创建线，请只留一个版本。"
            for name in sorted(twice)
        ]

    def _problems_of_years(self) -> list[str]:
        got = self.cycle.cleaned_data
        found = []
        if Campaign.objects.filter(unit=self.agency, name=got["name"]).exists():
            found.append(f"“{self.agency}”已有名为“{got['name']}”的创建活动，请换个名称。")
        return found + plans.check_cycle_plan(got["first_year"], got["last_year"], self.year_plans())

    def ready(self, step: int) -> bool:
        return self.is_valid(step) and not self.problems(step) and not (step == 2 and self.fresh_years())

    def fresh_years(self) -> list[int]:
        """Years that were listed after the cycle was typed anew, and not looked at yet."""
        return [row.year for row in self.years if row.fresh]

    def year_plans(self) -> list[YearPlan]:
        """The years as typed; those not posted yet as proposed. Windows are the proposed ones until step 4."""
        first, last = self.cycle.cleaned_data["first_year"], self.cycle.cleaned_data["last_year"]
        made = []
        for row in self.years:
            proposed = self._proposed_year(row.year, first, last, None)
            made.append(proposed if row.fresh else row.plan(proposed))
        return made

    def whole(self) -> dict[str, Any]:
        """The arguments of `actions.start`. Only when all four steps are ready."""
        got, lights = self.cycle.cleaned_data, self.lights.cleaned_data
        windows = forms.windows_of(self.windows)
        years = [replace(year, windows=windows, **lights) for year in self.year_plans()]
        tracks = [replace(chain.track, steps=tuple(chain.steps())) for chain in self.chains]
        return {**got, "tracks": tracks, "years": years}


def _subject(standard: str) -> str:
    """全国文明单位测评标准（示例） → 全国文明单位."""
    for ending in ("（示例）", "测评标准", "测评体系", "测评细则", "标准"):
        standard = standard.removesuffix(ending)
    return standard


def _of(data: Mapping[str, Any] | None, prefix: str) -> Any:
    """DATA if it says anything about PREFIX: a track picked later has no rows there yet."""
    return forms.given(data, f"{prefix}s0") if data is not None else None
