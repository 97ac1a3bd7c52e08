"""Shapes of input. Each table of the wizard is a row of small forms with prefixes of their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from taizhang.org.models import Unit
from taizhang.standards.models import Edition

from .queries.proposals import TrackPlan
from .rules.asks import MOST_TIMES, AskPlan
from .rules.plans import YearPlan
from .rules.stages import StagePlan
from .rules.states import PerStep, Who
from .rules.steps import MAX_STEPS, StepPlan
from .rules.windows import WindowPlan, cadence_label

Data = Mapping[str, Any] | None
SPARE_STEPS = 2  # empty rows below a chain, for more steps

REQUIRED = {"required": "请填写。"}
DAY = {"required": "请选日期。", "invalid": "这一天不存在或写法不对，请写成 2018-11-30 的样子。"}
NUMBER = {
    "required": "请填数字。",
    "invalid": "请填整数。",
    "min_value": "不能小于 %(limit_value)s。",
    "max_value": "不能大于 %(limit_value)s。",
}


def day_field(label: str, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]
    return forms.DateField(
        label=label, required=required, widget=widget, input_formats=formats, error_messages=DAY
    )


def number_field(label: str, least: int, most: int, required: bool = True) -> forms.IntegerField:
    # a text input: a number input throws a wrong value away before anybody can see it
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, error_messages=NUMBER,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


def text_field(label: str, longest: int, required: bool = True) -> forms.CharField:
    words = {**REQUIRED, "max_length": f"最多 {longest} 个字。"}
    return forms.CharField(label=label, max_length=longest, required=required, error_messages=words)


class RowForm(forms.Form):
    """A form that is one row of a table: its widgets carry their names for readers of the screen."""

    def __init__(self, *args: Any, row: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "inp s"
            field.widget.attrs["aria-label"] = f"{row} {field.label}".strip()


def given(data: Data, prefix: str) -> Data:
    """DATA if it says anything about the form of PREFIX, else None: then the form shows what is proposed."""
    return data if data is not None and any(key.startswith(prefix + "-") for key in data) else None


class TrackForm(RowForm):
    """One edition in force: whether it is taken, and as what."""

    pick = forms.BooleanField(label="选用", required=False)
    owner = forms.TypedChoiceField(label="归口单位", coerce=int, error_messages=REQUIRED)
    title = text_field("目标称号", 80, required=False)
    target_year = number_field("目标年度", 1990, 2115, required=False)

    def __init__(self, *args: Any, owners: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [(unit.pk, str(unit)) for unit in owners]  # type: ignore[attr-defined]


def track_form(edition: Edition, owners: Sequence[Unit], plan: TrackPlan, data: Data = None) -> TrackForm:
    prefix = f"t{edition.pk}"
    return TrackForm(
        given(data, prefix), prefix=prefix, owners=owners, row=edition.standard.name,
        initial={"owner": plan.owner.pk, "title": plan.title, "target_year": plan.target_year},
    )  # fmt: skip


class CycleForm(forms.Form):
    """The campaign itself."""

    name = text_field("创建活动名称", 120)
    first_year = number_field("起始年", 1990, 2100)
    last_year = number_field("届满年", 1990, 2100)
    started_on = day_field("系统启用日")


class YearForm(RowForm):
    theme = text_field("主题", 40, required=False)
    starts_on = day_field("开始")
    ends_on = day_field("结束")
    assessed_on = day_field("测评日")


class StageForm(RowForm):
    """A row without a name is no stage."""

    name = text_field("阶段名称", 40, required=False)
    starts_on = day_field("起", required=False)
    ends_on = day_field("止", required=False)

    def clean(self) -> dict[str, Any]:
        got: dict[str, Any] = super().clean() or {}
        if got.get("name"):
            for name in ("starts_on", "ends_on"):
                if name not in self.errors and got.get(name) is None:
                    self.add_error(name, DAY["required"])
        return got


@dataclass(frozen=True)
class YearRow:
    """A year of the table: its own form and those of its stages. `fresh`: nothing was posted about it yet."""

    year: int
    form: YearForm
    stages: list[StageForm]

    @property
    def fresh(self) -> bool:
        return not self.form.is_bound

    @property
    def posted(self) -> list[StageForm]:
        return [stage for stage in self.stages if stage.is_bound]

    def is_valid(self) -> bool:
        return self.form.is_valid() and all(stage.is_valid() for stage in self.posted)

    def plan(self, like: YearPlan) -> YearPlan:
        """What was posted, with the windows of LIKE. Only after `is_valid`."""
        got = self.form.cleaned_data
        stages = tuple(
            StagePlan(one["name"], one["starts_on"], one["ends_on"])
            for one in (stage.cleaned_data for stage in self.posted)
            if one.get("name")
        )
        return YearPlan(
            self.year, got["theme"], got["starts_on"], got["ends_on"], got["assessed_on"], stages,
            like.windows, like.near_days, like.fix_days,
        )  # fmt: skip


def year_row(plan: YearPlan, data: Data = None, rows: int = 4) -> YearRow:
    """A year's forms; at least ROWS rows for stages, so that one can be added."""
    prefix = f"y{plan.year}"
    form = YearForm(
        given(data, prefix), prefix=prefix, row=f"{plan.year} 年度",
        initial={
            "theme": plan.theme, "starts_on": plan.starts_on, "ends_on": plan.ends_on,
            "assessed_on": plan.assessed_on,
        },
    )  # fmt: skip
    stages = []
    for at in range(max(rows, len(plan.stages))):
        one = plan.stages[at] if at < len(plan.stages) else None
        initial = {"name": one.name, "starts_on": one.starts_on, "ends_on": one.ends_on} if one else {}
        stages.append(
            StageForm(
                given(data, f"{prefix}s{at}"), prefix=f"{prefix}s{at}", initial=initial,
                row=f"{plan.year} 年度第 {at + 1} 阶段",
            )
        )  # fmt: skip
    return YearRow(plan.year, form, stages)


class StepForm(RowForm):
    """A row without somebody who reviews is no step."""

    order = number_field("次序", 1, 99)
    who = forms.ChoiceField(label="谁审", choices=[("", "（不用这一行）"), *Who.choices()], required=False)
    per = forms.ChoiceField(label="审什么", choices=PerStep.choices(), required=False)
    label = text_field("环节名称", 40, required=False)
    may_be_paper = forms.BooleanField(label="可纸质签批", required=False)

    def clean(self) -> dict[str, Any]:
        got: dict[str, Any] = super().clean() or {}
        if got.get("who") and not got.get("label") and "label" not in self.errors:
            self.add_error("label", f"请填环节名称，如“{Who(got['who']).label}审核”。")
        return got


def step_forms(prefix: str, steps: Sequence[StepPlan], data: Data = None, row: str = "") -> list[StepForm]:
    """The rows of one chain, with a few empty ones below."""
    count = min(MAX_STEPS, len(steps) + SPARE_STEPS)
    if data is not None:
        count = max(count, sum(key.startswith(f"{prefix}s") and key.endswith("-order") for key in data))
    made = []
    for at in range(count):
        one = steps[at] if at < len(steps) else None
        initial: dict[str, Any] = {"order": at + 1, "per": PerStep.ITEM, "may_be_paper": True}
        if one:
            initial |= {
                "who": one.who,
                "per": one.per,
                "label": one.label,
                "may_be_paper": one.may_be_paper,
            }
        name = f"{prefix}s{at}"
        made.append(StepForm(given(data, name), prefix=name, initial=initial, row=f"{row}第 {at + 1} 环节"))
    return made


def right(rows: Iterable[StepForm]) -> bool:
    """Whether every row that was posted is right; spare rows that were not do not matter."""
    return all(row.is_valid() for row in rows if row.is_bound)


def steps_of(rows: Iterable[StepForm]) -> list[StepPlan]:
    """The chain that was posted, in the order of its numbers. Only when all rows are valid."""
    taken = [row.cleaned_data for row in rows if row.is_bound and row.cleaned_data.get("who")]
    taken.sort(key=lambda one: one["order"])
    return [StepPlan(one["who"], one["per"], one["label"], one["may_be_paper"]) for one in taken]


class WindowForm(RowForm):
    grace_days = number_field("宽限（天）", 0, 180)
    shut_days = number_field("逾期多少天后关闭", 1, 366, required=False)


class LightForm(forms.Form):
    near_days = number_field("“临近”提前（工作日）", 0, 30)
    fix_days = number_field("退回补正（工作日）", 0, 30)


def window_forms(windows: Sequence[WindowPlan], data: Data = None) -> list[tuple[str, WindowForm]]:
    """Cadence and form, in the order given."""
    return [
        (
            window.cadence,
            WindowForm(
                given(data, f"w_{window.cadence}"), prefix=f"w_{window.cadence}",
                initial={"grace_days": window.grace_days, "shut_days": window.shut_days},
                row=cadence_label(window.cadence),
            ),
        )
        for window in windows
    ]  # fmt: skip


def windows_of(rows: Iterable[tuple[str, WindowForm]]) -> tuple[WindowPlan, ...]:
    return tuple(
        WindowPlan(str(cadence), form.cleaned_data["grace_days"], form.cleaned_data["shut_days"])
        for cadence, form in rows
    )


class HolidayForm(forms.Form):
    file = forms.FileField(
        label="节假日表（xlsx 或 csv）",
        error_messages={"required": "请选一个文件。", "empty": "文件是空的（0 字节）。"},
    )


class AskForm(RowForm):
    """The rule of one kind of ask; an empty number is no limit."""

    who = forms.ChoiceField(label="谁批", choices=Who.choices())
    times = number_field("每个事项最多几次", 1, MOST_TIMES, required=False)


class ReturnsForm(forms.Form):
    returns_allowed = number_field("每期最多退回几次", 1, MOST_TIMES, required=False)


def ask_forms(plans: Sequence[AskPlan], data: Data = None) -> list[tuple[AskPlan, AskForm]]:
    """A row for each kind, in the order given."""
    return [
        (
            plan,
            AskForm(
                data, prefix=f"a_{plan.kind}", initial={"who": plan.who, "times": plan.times}, row=plan.kind.label
            ),
        )
        for plan in plans
    ]  # fmt: skip


def ask_plans_of(rows: Iterable[tuple[AskPlan, AskForm]]) -> list[AskPlan]:
    """What was posted. Only when all rows are valid."""
    return [AskPlan(plan.kind, form.cleaned_data["who"], form.cleaned_data["times"]) for plan, form in rows]


class JoinForm(forms.Form):
    """A department of another agency and its term. UNITS: those of the agency that was chosen."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="处室", empty_label="请选择",
        error_messages={"required": "请选处室。", "invalid_choice": "没有这个处室，请重新选。"},
    )  # fmt: skip
    starts_on = day_field("从哪天参加")
    ends_on = day_field("参加到哪天（不填为长期）", required=False)
    note = text_field("说明（如依据文号）", 200, required=False)

    def __init__(self, units: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class EndJoinForm(forms.Form):
    ends_on = day_field("参加到哪天", required=False)
