"""Shapes of what comes in: the library's filters, captions, files, links. What is allowed is asked in actions."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.dateparse import parse_date

from taizhang.org.models import Unit

from .models import Evidence, Kind, ReadingState, Secrecy
from .queries.library import GENRE, HAS, SORTS, Chosen
from .rules import words

MOST_ASKED = 400  # characters of a question
FILE_KINDS = [(kind.value, kind.label) for kind in Kind if kind != Kind.LINK]
SECRECY_CHOICES = [
    (Secrecy.INTERNAL.value, "内部（本机关都能看）"),
    (Secrecy.OPEN.value, "公开"),
    (Secrecy.LIMITED.value, "限定（本处室、审核人和创建办能看）"),
]


def _numbers(values: list[str], most: int = 2**31) -> frozenset[int]:
    return frozenset(
        int(v) for v in values[:50] if v.isascii() and v.isdigit() and len(v) <= 10 and int(v) < most
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def asked_from(query: QueryDict) -> str:
    """The words that are looked for, as typed."""
    return query.get("q", "").replace("\x00", "").strip()[:MOST_ASKED]


def page_from(query: QueryDict) -> int:
    """A page's number in the address, from 1; 1 for anything else."""
    page = query.get("page", "1")
    return max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 8 else 1


def chosen_from(query: QueryDict) -> Chosen:
    """The library's address; what is unknown is left out, not an error."""
    sort = query.get("sort", "new")
    asked = asked_from(query)
    genre, has = query.get("genre", ""), query.get("has", "")
    return Chosen(
        asked=asked,
        terms=words.terms(asked),
        kinds=frozenset(v for v in query.getlist("kind") if v in Kind.__members__.values()),
        units=_numbers(query.getlist("unit")),
        years=_numbers(query.getlist("year"), 10_000),
        states=frozenset(v for v in query.getlist("read") if v in ReadingState.__members__.values()),
        genre=genre if genre in GENRE else "",
        has=has if has in HAS else "",
        uncited=query.get("uses") == "0",
        many=query.get("uses") == "2",
        mine=query.get("mine") == "1",
        warned=query.get("warned") == "1",
        binned=query.get("state") == "binned",
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
        sort=sort if sort in SORTS else "new",
        page=page_from(query),
    )


class Day(forms.DateField):
    """A date as the browser's picker writes it, or typed as 2020-06-10."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
            error_messages={"invalid": "日期写成 2020-06-10 的样子，并且要有这一天。"},
            **kwargs,
        )


class Caption(forms.Form):
    """说明: nothing is required, what is missing is told."""

    happened_on = Day(label="时间", required=False)
    place = forms.CharField(label="地点", required=False, max_length=120)
    people = forms.CharField(label="人物", required=False, max_length=200)
    theme = forms.CharField(label="主题", required=False, max_length=200)
    doc_no = forms.CharField(label="文号", required=False, max_length=80)
    issuer = forms.CharField(label="发文机关", required=False, max_length=120)


class WholeCaption(Caption):
    """The evidence page's form: title, kind and reach too."""

    title = forms.CharField(label="名称", max_length=200)
    kind = forms.ChoiceField(label="类别", choices=FILE_KINDS)
    secrecy = forms.ChoiceField(label="谁能看", choices=SECRECY_CHOICES)

    field_order = ["title", "kind", "happened_on", "place", "people", "theme", "doc_no", "issuer", "secrecy"]

    def __init__(self, data: QueryDict | None = None, *, evidence: Evidence) -> None:
        names = [name for name in self.field_order if name != "kind" or evidence.kind != Kind.LINK]
        initial = {name: getattr(evidence, name) for name in names}
        super().__init__(data, initial=initial)
        if evidence.kind == Kind.LINK:
            del self.fields["kind"]


class LineCaption(Caption):
    """One line of the list shown after an upload."""

    title = forms.CharField(label="名称", max_length=200)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ["title", "happened_on", "place", "people", "theme", "doc_no", "issuer", "seen"]


class Deposit(Caption):
    """What holds for all files of one upload."""

    unit = forms.ModelChoiceField(label="存入处室", queryset=Unit.objects.none(), empty_label=None)
    secrecy = forms.ChoiceField(label="谁能看", choices=SECRECY_CHOICES, initial=Secrecy.INTERNAL.value)
    again = forms.BooleanField(label="库里已有同一文件时，仍另存一件", required=False)

    field_order = ["unit", "happened_on", "place", "people", "theme", "doc_no", "issuer", "secrecy", "again"]

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        field.choices = [
            (unit.pk, str(unit)) for unit in units
        ]  # in their own order, and without a query each
        if units:
            field.initial = units[0].pk
        field.error_messages["invalid_choice"] = "不能替这个处室存材料，请从名单里选。"


class Link(Deposit):
    url = forms.CharField(label="网址", max_length=500)
    title = forms.CharField(label="名称", max_length=200)

    field_order = ["url", "title", *Deposit.field_order]


class NewVersion(forms.Form):
    file = forms.FileField(
        label="新版本的文件",
        error_messages={"required": "还没有选择文件。", "empty": "文件是空的（0 字节），没有保存。"},
        max_length=255,
    )


def files_of(files: Any) -> list["UploadedFile[Any]"]:
    """All files of the form, from the desk's picker and the phone's camera alike."""
    return list(files.getlist("files"))
