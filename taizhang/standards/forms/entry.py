"""One entry of the negative list, of the conditions of application, or of the bonus list."""

import re
from typing import Any

from django import forms

from ..rules.entries import headers_of, kept
from ..rules.numbers import show
from ..rules.tree import Entry
from .node import number, text

TITLES = {"negatives": "情形", "eligibility": "条件", "bonuses": "加分项"}
TEXTS = {"negatives": "具体表现", "eligibility": "要求", "bonuses": "加分办法"}
POINTS = {"negatives": "最多扣（分）", "bonuses": "最多加（分）"}
VETO = re.compile(r"[（(]?一票否决[)）]?")


def bare(value: str) -> bool:
    """Whether VALUE says nothing but that it bars."""
    return not VETO.sub("", value).strip()


class EntryForm(forms.Form):
    """`name` is the list's; ENTRY is what is changed, None for a new one. Further columns are fields x0, x1 …"""

    code = text("编号", 40)
    title = text("名称", 200, required=True)
    text = text("内容", 20_000, widget=forms.Textarea(attrs={"rows": 2}))
    points = number("分值")
    veto = forms.BooleanField(label="一票否决", required=False)

    def __init__(self, data: Any = None, *, name: str, entry: Entry | None = None, prefix: str = "") -> None:
        self.name, self.entry = name, entry
        self.headers = headers_of(name, entry)
        initial: dict[str, Any] = {}
        if entry is not None:
            points = "" if entry.points is None else show(entry.points)
            initial = {"code": entry.code, "title": entry.title, "text": entry.text, "points": points, "veto": entry.veto}  # fmt: skip
            initial |= {f"x{n}": entry.extra.get(header, "") for n, header in enumerate(self.headers)}
        super().__init__(data, initial=initial, prefix=prefix or None)
        self.fields["title"].label, self.fields["text"].label = TITLES[name], TEXTS[name]
        self.fields["title"].error_messages["required"] = f"请写{TITLES[name]}。"
        if name in POINTS:
            self.fields["points"].label = POINTS[name]
        else:
            del self.fields["points"]
        if name != "negatives":
            del self.fields["veto"]
        for n, header in enumerate(self.headers):
            self.fields[f"x{n}"] = text(header[:40], 2_000)

    @property
    def more(self) -> list[Any]:
        """The further columns, bound."""
        return [self[f"x{n}"] for n in range(len(self.headers))]

    def clean(self) -> Any:
        said: Any = super().clean()
        for n, header in enumerate(self.headers):
            try:
                said[f"x{n}"] = kept(self.name, header, said.get(f"x{n}", ""))
            except ValueError as error:
                self.add_error(f"x{n}", str(error))
        return said

    def made(self) -> Entry:
        """The entry as typed."""
        said = self.cleaned_data
        extra = {header: said[f"x{n}"] for n, header in enumerate(self.headers) if said.get(f"x{n}")}
        if not said.get(
            "veto"
        ):  # the level says so too: what is no longer ticked must not come back by its words
            extra = {
                header: VETO.sub("", value).strip() for header, value in extra.items() if not bare(value)
            }
        return Entry(
            self.entry.key if self.entry else "", said["code"], said["title"], said["text"], said.get("points"),
            bool(said.get("veto")), extra,
        )  # fmt: skip
