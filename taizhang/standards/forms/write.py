"""What a standard written by hand begins with."""

from typing import Any

from django import forms

from taizhang.kit.errors import Refused

from ..models import OwnerKind
from ..rules.outset import Area, areas_of


class WriteForm(forms.Form):
    name = forms.CharField(
        label="标准名称",
        max_length=120,
        error_messages={"required": "请写标准名称。", "max_length": "名称最多 120 个字。"},
    )
    owner_kind = forms.ChoiceField(label="归口", choices=OwnerKind.choices, initial=OwnerKind.CREATION)
    areas = forms.CharField(
        label="有哪些方面",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "组织领导（20分）\n思想道德建设（30分）"}),
        error_messages={"required": "请至少写一个方面，一行一个。", "max_length": "最多 4000 个字。"},
        help_text="一行一个，可以带分值，如“组织领导（20分）”。行首空两格的是上一行下面的测评内容。以后都可以改。",
    )

    def clean_areas(self) -> list[Area]:
        text: str = self.data.get("areas", "")  # with its blanks: they tell the level
        try:
            return areas_of(text)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal

    def begun(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "owner_kind", "areas")}
