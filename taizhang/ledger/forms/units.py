"""Shape of what is asked before units merge."""

from typing import Any

from django import forms

from taizhang.kit import clock
from taizhang.org.models import Unit
from taizhang.org.models.units import UnitKind
from taizhang.org.queries import alive


class Merge(forms.Form):
    """Which units go into which, or into a new one by its name."""

    unit = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="要合并的单位", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选要合并的单位。", "invalid_choice": "所选单位已不在名单里，请重新勾选。"},
    )  # fmt: skip
    into = forms.ModelChoiceField(
        Unit.objects.none(), label="并入", required=False, empty_label="（成立新单位）",
        error_messages={"invalid_choice": "所选单位已不在名单里，请重新选择。"},
    )  # fmt: skip
    name = forms.CharField(
        label="新单位名称", max_length=80, required=False, help_text="并入现有单位的不填。"
    )

    def __init__(self, agency: Unit, *args: Any, kind: str = "", **kwargs: Any) -> None:
        """KIND: only units of it, as no others merge with the one that was asked about."""
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(alive(clock.today()), agency=agency).exclude(
            kind__in=[UnitKind.AGENCY, UnitKind.LEADERS]
        )
        units = (units.filter(kind=kind) if kind else units).order_by("kind", "order", "pk")
        for field in ("unit", "into"):
            self.fields[field].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        units, into, name = list(found.get("unit", ())), found.get("into"), found.get("name", "").strip()
        if "unit" in found and "into" in found:
            if bool(into) == bool(name):
                self.add_error("into", "请选并入哪个单位，或者写新单位的名称，两样只填一样。")
            elif name and len(units) < 2:
                self.add_error("unit", "合并成一个新单位的，至少勾选两个；只换名称的请用“更名”。")
            elif into and [one.pk for one in units] == [into.pk]:
                self.add_error("unit", f"“{into.name}”不能并入自己，请勾选别的单位。")
        return found
