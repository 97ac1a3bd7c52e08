"""Shape of what is typed at the 材料提交表: a conclusion and why."""

from django import forms

from ..rules.proofs_stated import MOST_LETTERS
from ..rules.states import Conformity
from .items import text_field


class Stated(forms.Form):
    conformity = forms.ChoiceField(
        label="结论", choices=Conformity.choices(), widget=forms.RadioSelect,
        error_messages={"required": "请选结论：符合、基本符合或不符合", "invalid_choice": "请选结论：符合、基本符合或不符合"},
    )  # fmt: skip
    reason = text_field("说明", MOST_LETTERS, rows=6)
