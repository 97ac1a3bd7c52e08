"""Shapes of what is typed at a list: the parameters of a bulk act, an item raised by hand, a year to be opened."""

from collections.abc import Iterable
from typing import Any

from django import forms

from taizhang.org.models import Person, Unit
from taizhang.standards.rules.needs import KINDS

from ..rules.states import Source
from .items import Candidate, day_field, text_field, unit_words


class Named(Candidate):
    """A choice among records that says whose it is, and what a person has to do already."""

    def label_from_instance(self, obj: Any) -> str:
        return self.said(obj, f"{obj.name}（{obj.staff_no}）" if isinstance(obj, Person) else unit_words(obj))


def unit_field(
    label: str, units: Iterable[Unit], *, required: bool = False, empty: str = "不改"
) -> forms.ModelChoiceField:
    return Named(
        queryset=units,  # type: ignore[arg-type]
        label=label,
        required=required,
        empty_label=empty,
        error_messages={"required": f"请选{label}", "invalid_choice": f"{label}不在本机关，请重新选择"},
    )


def line_field(label: str, most: int, **more: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        max_length=most,
        error_messages={"required": f"请写{label}", "max_length": f"最多 {most} 个字，请精简"},
        **more,
    )


class Bulk(forms.Form):
    """What a bulk act asks for besides the rows; a verb shows those of FIELDS it takes."""

    def __init__(self, verb: str, units: Any, people: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verb = verb
        if verb in ("assign", "set_lead"):
            self.fields["lead"] = unit_field("牵头处室", units)
            self.fields["person"] = unit_field("责任人", people, empty="不改（换处室的由新处室联络员接）")
        if verb == "assign":
            self.fields["due_on"] = day_field(
                "期限", required=False, help_text="只对一年一次的事项；不填的照排定的期限"
            )
        if verb == "set_due":
            self.fields["due_on"] = day_field("新期限")
        if verb == "sign" or verb == "accept":
            self.fields["opinion"] = text_field("意见", 500, rows=2, required=False)
        if verb in ("waive", "before_system"):
            self.fields["reason"] = text_field("理由", 300, rows=2)
        if verb == "before_system_fill":
            self.fields["conclusion"] = text_field(
                "完成情况", 1000, rows=3, help_text="写明当时怎么办的，材料存在哪里"
            )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.verb == "set_lead" and not self.errors and not typed.get("lead") and not typed.get("person"):
            raise forms.ValidationError("牵头处室和责任人至少选一个")
        return typed


class Raise(forms.Form):
    """An item that no standard asks for. Each line of NEEDS is one kind of proof, with how many after it."""

    title = line_field("事项名称", 200)
    source_kind = forms.ChoiceField(
        label="来源",
        choices=[(one.value, one.label) for one in (Source.INSTRUCTION, Source.DECISION, Source.HIGHER)],
        widget=forms.RadioSelect,
        error_messages={"required": "请选来源", "invalid_choice": "请选来源"},
    )
    source_text = line_field("来源说明", 300, help_text="谁的批示、哪次会议、哪份文件，写明日期或文号")
    requirement = text_field("要求", 2000, rows=3)
    due_on = day_field("期限")
    needs = text_field(
        "材料要求",
        1000,
        rows=3,
        required=False,
        help_text="一行一种，可写件数，例如：办理情况报告 1；现场照片 2 张",
    )
    priority = forms.BooleanField(label="设为重点", required=False)

    def __init__(self, units: Any, people: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"] = unit_field("牵头处室", units, required=True, empty="请选择")
        self.fields["person"] = unit_field("责任人", people, empty="由该处室联络员接")
        self.order_fields(
            [
                "title",
                "source_kind",
                "source_text",
                "requirement",
                "lead",
                "person",
                "due_on",
                "needs",
                "priority",
            ]
        )

    def clean_needs(self) -> list[dict[str, Any]]:
        return [need for line in self.cleaned_data["needs"].splitlines() if (need := read_need(line))]


#: a word in the name of a proof → its kind
_KIND_WORDS = [
    ("照片", "picture"), ("图片", "picture"), ("截图", "picture"), ("视频", "media"), ("录像", "media"), ("录音", "media"),
    ("报告", "report"), ("总结", "report"), ("统计", "table"), ("台账", "table"), ("表", "table"), ("链接", "link"),
    ("文件", "document"), ("通知", "document"), ("纪要", "document"), ("方案", "document"), ("通报", "document"),
]  # fmt: skip


def read_need(line: str) -> dict[str, Any] | None:
    """`现场照片 2 张` → a need of two pictures; None for an empty line."""
    words = line.strip().rstrip("；;。")
    if not words:
        return None
    name = words.rstrip("张件份个篇 ")
    digits = name[len(name.rstrip("0123456789")) :]
    name = name[: len(name) - len(digits)].strip() if digits else words
    if not name:  # nothing but a number
        name, digits = words, ""
    least = min(max(int(digits), 1), 99) if digits and len(digits) < 4 else 1
    kind = next((kind for word, kind in _KIND_WORDS if word in name), "other")
    assert kind in KINDS
    return {"name": name[:200], "kind": kind, "least": least}


class Places(forms.Form):
    """In which year of the cycle each leaf is due that happens once in it: field `place_<indicator id>`."""

    def __init__(
        self, leaves: Iterable[tuple[int, str, int]], years: list[tuple[int, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for pk, title, place in leaves:
            self.fields[f"place_{pk}"] = forms.TypedChoiceField(
                label=title, choices=years, coerce=int, initial=place, required=False, empty_value=place,
                error_messages={"invalid_choice": "请选届期内的年度"},
            )  # fmt: skip

    def places(self) -> dict[int, int]:
        return {int(name[6:]): year for name, year in self.cleaned_data.items()}


class Upload(forms.Form):
    """A table that was exported, edited and comes back."""

    file = forms.FileField(
        label="改好的台账", error_messages={"required": "请选择文件", "empty": "文件是空的，请重新选择"},
        help_text="用本页导出的 Excel 改好后传上来；xlsx 或 csv",
    )  # fmt: skip
