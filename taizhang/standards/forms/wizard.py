"""The file at the beginning of an import and the name at its end: shape of the input only."""

from typing import Any

from django import forms
from django.conf import settings

from ..models import OwnerKind, Standard

MOST = settings.IMPORT_MAX_BYTES // 2**20
#: endings the browser offers; what a file is, its content says
ACCEPTED = ".xlsx,.xls,.et,.csv,.docx,.doc,.wps,.pdf,.rtf,.json,.jpg,.jpeg,.png,.tif,.tiff"
POINTS = {"inputmode": "decimal", "autocomplete": "off"}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="测评标准文件",
        error_messages={"required": "请选一个文件。", "empty": "文件是空的（0 字节）。请检查原文件后再选。"},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_file(self) -> Any:
        found = self.cleaned_data["file"]
        if found.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(f"文件超过 {MOST} MB，不像一份测评标准。请去掉图片和无关的表后再选。")
        return found


class SaveForm(forms.Form):
    """What an edition is called; NAMES are those of the agency's standards, offered while typing."""

    name = forms.CharField(
        label="标准名称",
        max_length=120,
        error_messages={"required": "请写标准名称。", "max_length": "名称最多 120 个字。"},
        help_text="另一套标准起另外的名称；是已有标准的新版，先选定旧版。",
    )
    label = forms.CharField(
        label="版本",
        max_length=40,
        initial="第1版",
        error_messages={"required": "请写版本，如“2020年版”。", "max_length": "版本名最多 40 个字。"},
        help_text="如“2020年版”“修订稿”。",
    )
    owner_kind = forms.ChoiceField(label="归口", choices=OwnerKind.choices, initial=OwnerKind.CREATION)
    valid_from = forms.DateField(
        label="启用日期",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "启用日期写成 2020-06-10 的样子，并且要有这一天。"},
    )
    stated_total = forms.DecimalField(
        label="标称总分",
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=3,
        widget=forms.TextInput(attrs=POINTS),
        error_messages={"invalid": "标称总分要写成数字，如 100。", "max_digits": "标称总分太大。"},
        help_text="标准里写明的总分；没有就空着。",
    )

    def __init__(self, *args: Any, standard: Standard | None = None, **kwargs: Any) -> None:
        """STANDARD: whose next edition it will be; that one's name and kind stay."""
        super().__init__(*args, **kwargs)
        if standard is not None:
            for name, value, why in (
                ("name", standard.name, "新版沿用这套标准的名称，各版才接得起来；要另起名称，请用“复制”。"),
                ("owner_kind", standard.owner_kind, ""),
            ):
                made = self.fields[name]
                made.disabled, made.initial, made.help_text = True, value, why
                self.initial.pop(name, None)
