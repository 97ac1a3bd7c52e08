"""Shapes of what is typed for a window."""

from typing import Any

from django import forms

from taizhang.campaigns.rules.windows import cadence_label

from ..rules.openings import CADENCES, MOST_DAYS, Span
from .items import day_field

LATE = [("1", "仍收，标为迟报"), ("", "不再收，记为期满未报")]


def _late_field() -> forms.ChoiceField:
    return forms.ChoiceField(label="截止以后", choices=LATE, required=False)


class Window(forms.Form):
    """One period's window."""

    opens_on = day_field("开放日")
    shuts_on = day_field("截止日")
    takes_late = _late_field()

    def span(self) -> Span:
        data = self.cleaned_data
        return Span(data["opens_on"], data["shuts_on"], bool(data["takes_late"]))


class Rest(forms.Form):
    """The same for every period of a cadence that is still to come."""

    cadence = forms.ChoiceField(label="周期", choices=[(one.value, cadence_label(one)) for one in CADENCES])
    after = forms.IntegerField(label="期末后第几天开放", min_value=1, max_value=MOST_DAYS, error_messages={
        "invalid": "请填天数", "required": "请填天数", "min_value": "至少第 1 天", "max_value": f"最多第 {MOST_DAYS} 天",
    })  # fmt: skip
    days = forms.IntegerField(label="开放几天", min_value=1, max_value=MOST_DAYS, error_messages={
        "invalid": "请填天数", "required": "请填天数", "min_value": "至少 1 天", "max_value": f"最多 {MOST_DAYS} 天",
    })  # fmt: skip
    takes_late = _late_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("after", "days"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric"})
