"""Shapes of what is typed at an item, its slots and its papers. When it may be done is the actions' affair."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from taizhang.org.models import Person, Unit
from taizhang.standards.rules.needs import KINDS


class Day(forms.DateInput):
    """The browser's own calendar; 2020-06-10 where there is none."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=Day(),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
        error_messages={
            "invalid": "没有这一天，请写成 2020-06-10 的样子",
            "required": "请选日期",
        },
        **more,
    )


def text_field(
    label: str, most: int, *, rows: int = 3, required: bool = True, **more: Any
) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": f"请写{label}",
            "max_length": f"最多 {most} 个字，现在是 %(show_value)s 个，请精简",
        },
        **more,
    )


def unit_words(unit: Unit) -> str:
    """办公室; of another agency that takes part with its name: 研究室（乙局）."""
    host = getattr(unit, "guest_of", "")
    return f"{unit}（{host}）" if host else str(unit)


class Candidate(forms.ModelChoiceField):
    """A choice of a person that says what each has to do already: 张三 · 在办 12 项，本周 3 期."""

    #: person → their open items and slots in words (queries.load.figures); the view puts it there
    loads: dict[int, str] = {}

    def said(self, obj: Any, name: str) -> str:
        load = self.loads.get(obj.pk, "") if isinstance(obj, Person) else ""
        return f"{name} · {load}" if load else name

    def label_from_instance(self, obj: Any) -> str:
        return self.said(obj, str(obj))


def tell_loads(form: forms.Form, loads: dict[int, str]) -> None:
    """Let the choice of who is responsible show LOADS. Before the form is shown."""
    field = form.fields.get("person")
    if isinstance(field, Candidate):
        field.loads = loads


class Opinion(forms.Form):
    """An opinion that may stay empty: agreeing needs no words."""

    opinion = text_field("意见", 500, rows=2, required=False)


class Return(forms.Form):
    """Why something goes back; that it is said is required."""

    opinion = text_field("退回原因", 500, help_text="写清哪一份材料、缺什么、怎样补，对方看到就能改。")


class ReturnItem(Return):
    """At an item step: which of its slots go back."""

    slots = forms.TypedMultipleChoiceField(
        label="退回哪几期",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请勾选退回哪几期",
            "invalid_choice": "勾选的期次已经不能退回，请刷新后再选",
        },
    )

    def __init__(self, *args: Any, slots: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slots"].choices = list(slots)  # type: ignore[attr-defined]


class Reopen(ReturnItem):
    opinion = text_field("重新挂号的原因", 500)


class Reason(forms.Form):
    reason = text_field("原因", 300)


class Due(forms.Form):
    due_on = day_field("期限")


class Note(forms.Form):
    note = text_field("说明", 300, help_text="例如：本年没有发生需要公开的事项。")


class Lead(forms.Form):
    """Another lead department, another person."""

    lead = forms.ModelChoiceField(
        Unit.objects.none(),
        label="牵头处室",
        empty_label="请选择",
        error_messages={"required": "请选牵头处室"},
    )
    person = Candidate(
        Person.objects.none(), label="责任人", required=False, empty_label="（按处室的联络员）"
    )

    def __init__(self, *args: Any, units: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = units  # type: ignore[attr-defined]
        self.fields["lead"].label_from_instance = unit_words  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class Assign(forms.Form):
    """Who is responsible. The choices are the agency's own units and people."""

    lead = forms.ModelChoiceField(
        Unit.objects.none(),
        label="牵头处室",
        empty_label="请选择",
        error_messages={"required": "请选牵头处室"},
    )
    person = Candidate(Person.objects.none(), label="责任人", required=False, empty_label="（由处室自定）")
    co = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="配合处室", required=False, widget=forms.CheckboxSelectMultiple
    )
    leader = forms.ModelChoiceField(
        Person.objects.none(), label="分管领导", required=False, empty_label="（按处室的分管领导）"
    )
    due_on = day_field("期限", required=False)

    def __init__(self, *args: Any, units: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = units  # type: ignore[attr-defined]
        self.fields["lead"].label_from_instance = unit_words  # type: ignore[attr-defined]
        self.fields["co"].queryset = units  # type: ignore[attr-defined]
        self.fields["co"].label_from_instance = unit_words  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["leader"].queryset = people  # type: ignore[attr-defined]


class Submit(forms.Form):
    conclusion = text_field("完成情况", 1000, required=False)
    on_behalf_of = forms.ModelChoiceField(
        Person.objects.none(), label="代谁报", required=False, empty_label="本人报送"
    )

    def __init__(self, *args: Any, people: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people is None:
            del self.fields["on_behalf_of"]
        else:
            self.fields["on_behalf_of"].queryset = people  # type: ignore[attr-defined]


class SlotAdd(forms.Form):
    """One occurrence of something that only an event calls for."""

    label = forms.CharField(
        label="名称",
        max_length=40,
        help_text="写这一次是什么事，例如：第一次集中走访",
        error_messages={"required": "请写名称"},
    )
    performer = forms.ModelChoiceField(
        Unit.objects.none(), label="由谁办", required=False, empty_label="牵头处室"
    )
    starts_on = day_field("发生日期")
    due_on = day_field("期限")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["performer"].queryset = units  # type: ignore[attr-defined]
        self.fields["performer"].label_from_instance = unit_words  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("starts_on") and typed.get("due_on") and typed["due_on"] < typed["starts_on"]:
            self.add_error("due_on", "期限在发生日期之前，请核对")
        return typed


class Remark(forms.Form):
    text = forms.CharField(
        label="留言",
        max_length=500,
        error_messages={"required": "留言是空的", "max_length": "留言最多 500 个字"},
    )


class NeedForm(forms.Form):
    """One material requirement of an item."""

    name = forms.CharField(label="名称", max_length=200, error_messages={"required": "请写要什么材料"})
    kind = forms.ChoiceField(label="类别", choices=list(KINDS.items()))
    least = forms.IntegerField(
        label="每期最少", min_value=1, max_value=99, initial=1,
        error_messages={"invalid": "请写 1 到 99 的数", "min_value": "至少是 1", "max_value": "最多 99"},
    )  # fmt: skip
    must = forms.BooleanField(label="没有不能提交", required=False, initial=True)
    doc_no = forms.BooleanField(label="须有文号", required=False)
    fields_asked = forms.MultipleChoiceField(
        label="说明里要写", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("time", "时间"), ("place", "地点"), ("people", "人物"), ("theme", "主题")],
    )  # fmt: skip

    def cleaned(self) -> dict[str, Any]:
        """As the actions take it."""
        typed = dict(self.cleaned_data)
        typed["fields"] = typed.pop("fields_asked")
        return typed


class Caption(forms.Form):
    """What a picture or document is: 时间、地点、人物、主题、文号. Empty leaves what is there."""

    happened_on = day_field("时间", required=False)
    place = forms.CharField(label="地点", max_length=120, required=False)
    people = forms.CharField(label="人物", max_length=200, required=False)
    theme = forms.CharField(label="主题", max_length=200, required=False)
    doc_no = forms.CharField(label="文号", max_length=80, required=False)

    def said(self) -> dict[str, Any]:
        """Only what was filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class Upload(Caption):
    """Files for a slot; the caption is for all of them. NEED is an id, "" for 按类别自动对应."""

    need = forms.CharField(required=False)

    def clean_need(self) -> int | None:
        text = self.cleaned_data["need"]
        return int(text) if text.isdigit() else None


class Paper(forms.Form):
    """What was signed on paper: by whom, on which day, with which scan."""

    signed_on = day_field("纸上的日期")
    signer = forms.ModelChoiceField(
        Person.objects.none(), label="签批人", empty_label="请选择", error_messages={"required": "请选签批人"}
    )
    opinion = text_field("纸上的意见", 500, rows=2, required=False)

    def __init__(self, *args: Any, people: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["signer"].queryset = people  # type: ignore[attr-defined]

    def clean_signed_on(self) -> date:
        day: date = self.cleaned_data["signed_on"]
        if day > self.today:
            raise forms.ValidationError("纸上的日期在今天之后，请核对")
        return day
