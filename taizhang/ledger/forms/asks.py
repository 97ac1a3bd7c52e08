"""Shapes of what is typed when something is asked for, and when it is answered."""

from collections.abc import Sequence
from typing import Any

from django import forms

from taizhang.org.models import Unit

from ..rules.asks import Kind
from .items import day_field, text_field


class LeadField(forms.ModelChoiceField):
    """A department of the item's own agency."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(
            Unit.objects.none(), label=label, empty_label="请选择", error_messages={
                "required": f"请选{label}", "invalid_choice": "没有这个处室，请重新选",
            }, **more,
        )  # fmt: skip


class Ask(forms.Form):
    """What a kind of ask wants to know. TARGETS: (value, words) of what an extension may be for, "" the whole item."""

    slot = forms.TypedChoiceField(label="延期的是", coerce=str, required=False, error_messages={
        "invalid_choice": "这一期现在不能申请延期，请重新选",
    })  # fmt: skip
    wanted_on = day_field("延到哪一天")
    wanted_lead = LeadField("建议牵头处室")
    reason = text_field("理由", 300)
    progress = text_field("目前进展", 500, help_text="已经办到哪一步，还差什么，什么时候能完成。")

    def __init__(
        self, *args: Any, kind: Kind, targets: Sequence[tuple[str, str]], units: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        wants = {
            Kind.EXTENSION: {"slot", "wanted_on", "progress"}, Kind.DISPUTE: {"wanted_lead"},
            Kind.WAIVE: set(), Kind.SUSPEND: {"progress"},
        }[kind]  # fmt: skip
        if len(targets) < 2:
            wants.discard("slot")
        for name in ("slot", "wanted_on", "wanted_lead", "progress"):
            if name not in wants:
                del self.fields[name]
        if "slot" in self.fields:
            self.fields["slot"].choices = list(targets)  # type: ignore[attr-defined]
        if "wanted_lead" in self.fields:
            self.fields["wanted_lead"].queryset = units  # type: ignore[attr-defined]
        if kind == Kind.SUSPEND:
            self.fields["progress"].required = False


class Answer(forms.Form):
    """The answer: with the date or the lead that is granted, which may differ from what was wished."""

    due_on = day_field("批准延到")
    lead = LeadField("批准由谁牵头")
    opinion = text_field("批复意见", 500, required=False, help_text="同意可以不写；不同意要写明理由。")

    def __init__(self, *args: Any, kind: str, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != Kind.EXTENSION:
            del self.fields["due_on"]
        if kind != Kind.DISPUTE:
            del self.fields["lead"]
        else:
            self.fields["lead"].queryset = units  # type: ignore[attr-defined]


class Resume(forms.Form):
    """Go on, and whether the dates are put off by the days of the stop."""

    shift = forms.BooleanField(label="没报的期次顺延", required=False)
