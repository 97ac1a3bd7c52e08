"""What is typed in to ask for a binding."""

from typing import Any

from django import forms

from .models import Form, Scope


class Ask(forms.Form):
    """Which year, what of it, in which form. The choices are those of the person who asks."""

    year = forms.TypedChoiceField(label="年度", coerce=int)
    form = forms.ChoiceField(label="样式", choices=Form.choices(), widget=forms.RadioSelect)
    scope = forms.ChoiceField(label="范围", widget=forms.RadioSelect)
    area = forms.ChoiceField(label="方面", required=False)
    unit = forms.ChoiceField(label="处室", required=False)
    item = forms.CharField(
        label="事项编号", required=False, max_length=40, help_text="事项清单里的编号，例如 Ⅲ-12"
    )
    per_page = forms.TypedChoiceField(
        label="画册每页", choices=[(2, "2 张"), (4, "4 张")], coerce=int, required=False, empty_value=2
    )

    def __init__(
        self, *args: Any, years: list[tuple[int, str]], whole: bool, areas: list[tuple[str, str]],
        units: list[tuple[int, str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = years  # type: ignore[attr-defined]
        allowed = [scope for scope in Scope if whole or scope in (Scope.UNIT, Scope.ITEM)]
        self.fields["scope"].choices = [(scope.value, scope.label) for scope in allowed]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", "请选择"), *areas]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", "请选择"), *((str(pk), name) for pk, name in units)]  # type: ignore[attr-defined]
        if not whole:
            del self.fields["area"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        wants = {
            Scope.AREA: ("area", "请选一个方面"),
            Scope.UNIT: ("unit", "请选一个处室"),
            Scope.ITEM: ("item", "请填事项编号"),
        }
        name, words = wants.get(Scope(said["scope"]) if said.get("scope") else Scope.ALL, ("", ""))
        if name and name not in self.errors and not said.get(name):
            self.add_error(name, words)
        return said
