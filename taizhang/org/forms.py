"""Shapes of input; what may be done is decided by the actions."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet

from taizhang.kit import clock

from .models import AbsenceKind, Group, Person, Unit
from .models.contacts import ContactKind
from .models.groups import GroupKind
from .models.units import UnitKind
from .passwords import Strength
from .permits import Role
from .queries.roster import alive
from .rules.contacts import MOST
from .rules.words import person_name, staff_no

#: kinds of unit that are set up by hand inside an agency
KINDS = [
    (kind.value, kind.label)
    for kind in UnitKind
    if kind not in (UnitKind.REGION, UnitKind.AGENCY)
]  # fmt: skip
ROLES = [(role.value, role.label) for role in Role if role not in (Role.GROUP_LEADER, Role.OVERSEER)]
DUTIES = {
    GroupKind.OFFICE: "主任、副主任、成员", GroupKind.ACTIVITY: "组长、联系领导、组员",
    GroupKind.TASK_FORCE: "负责人、成员",
}  # fmt: skip


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """People by number and name: one name may occur twice."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.staff_no} {obj.name}"


def people_of(agency: Unit) -> "QuerySet[Person]":
    return Person.objects.filter(agency=agency, left_on__isnull=True)


def units_of(agency: Unit, *kinds: UnitKind) -> "QuerySet[Unit]":
    found = Unit.objects.filter(alive(clock.today()), agency=agency)
    return found.filter(kind__in=kinds) if kinds else found


class UnitForm(forms.Form):
    name = forms.CharField(label="名称", max_length=80)
    short_name = forms.CharField(label="简称", max_length=40, required=False)
    kind = forms.ChoiceField(label="类别", choices=KINDS, initial=UnitKind.DEPARTMENT)
    answers_to = forms.CharField(
        label="对应标准中的责任主体", max_length=80, required=False,
        help_text="测评标准里怎么称呼它，例如“业务处室”。不填就按名称对应。",
    )  # fmt: skip
    branch = forms.ModelChoiceField(
        Unit.objects.none(), label="所在党支部", required=False, empty_label="（无）"
    )
    leader = PersonChoice(
        Person.objects.none(), label="分管领导", required=False, empty_label="（无）",
        help_text="同时取得对该单位的“分管领导”职责。",
    )  # fmt: skip

    def __init__(self, agency: Unit, *args: Any, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = units_of(agency, UnitKind.BRANCH)  # type: ignore[attr-defined]
        self.fields["leader"].queryset = people_of(agency)  # type: ignore[attr-defined]
        if not new:
            del self.fields["kind"]


class PersonForm(forms.Form):
    staff_no = forms.CharField(label="工号", max_length=30)
    name = forms.CharField(label="姓名", max_length=40)
    department = forms.ModelChoiceField(Unit.objects.none(), label="处室")
    title = forms.CharField(label="职务职级", max_length=80, required=False)
    rank = forms.CharField(label="岗位层级", max_length=20, required=False)
    gender = forms.ChoiceField(
        label="性别", choices=[("", "未填"), ("男", "男"), ("女", "女")], required=False
    )
    year_of_birth = forms.IntegerField(
        label="出生年份", required=False, min_value=1900, max_value=2100, widget=forms.TextInput
    )
    joined_year = forms.IntegerField(
        label="入职年份", required=False, min_value=1900, max_value=2100, widget=forms.TextInput
    )
    is_party_member = forms.BooleanField(label="中共党员", required=False)
    branch = forms.ModelChoiceField(
        Unit.objects.none(), label="所在党支部", required=False, empty_label="（无）"
    )
    branch_duty = forms.CharField(
        label="支部职务",
        max_length=40,
        required=False,
        help_text="书记、组织委员等。填“书记”即为该支部负责人。",
    )
    volunteer_no = forms.CharField(label="志愿者编号", max_length=40, required=False)
    phone = forms.CharField(label="手机号", max_length=30, required=False, help_text="可以只留前三后四位。")
    supervisor = PersonChoice(Person.objects.none(), label="分管领导", required=False, empty_label="（无）")
    stand_in = PersonChoice(Person.objects.none(), label="AB角搭档", required=False, empty_label="（无）")
    presence = forms.CharField(label="在岗状态", max_length=20, required=False, initial="在岗")

    def __init__(self, agency: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        homes = units_of(agency, UnitKind.LEADERS, UnitKind.DEPARTMENT, UnitKind.PARTY_BODY, UnitKind.OTHER)
        self.fields["department"].queryset = homes  # type: ignore[attr-defined]
        self.fields["branch"].queryset = units_of(agency, UnitKind.BRANCH)  # type: ignore[attr-defined]
        for name in ("supervisor", "stand_in"):
            self.fields[name].queryset = people_of(agency)  # type: ignore[attr-defined]

    def clean_staff_no(self) -> str:
        return staff_no(self.cleaned_data["staff_no"])

    def clean_name(self) -> str:
        return person_name(self.cleaned_data["name"])

    def clean_presence(self) -> str:
        return self.cleaned_data["presence"] or "在岗"

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        born, joined = found.get("year_of_birth"), found.get("joined_year")
        if born and joined and joined < born + 14:
            self.add_error("joined_year", f"入职年份 {joined} 与出生年份 {born} 对不上，请核对。")
        if found.get("branch_duty") and not found.get("branch"):
            self.add_error("branch_duty", "填了支部职务，还要选所在党支部。")
        return found


class PostForm(forms.Form):
    role = forms.ChoiceField(label="职责", choices=ROLES)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="在哪个单位")
    starts_on = forms.DateField(
        label="从哪天起", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label="到哪天止",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="不填就一直有效。",
    )

    def __init__(self, agency: Unit, roles: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_of(agency)  # type: ignore[attr-defined]
        self.fields["role"].choices = [pair for pair in ROLES if pair[0] in roles]  # type: ignore[attr-defined]


class DutyForm(forms.Form):
    person = PersonChoice(Person.objects.none(), label="人员")
    duty = forms.CharField(label="组内职务", max_length=20)
    task = forms.CharField(label="职责分工", max_length=200, required=False)

    def __init__(self, agency: Unit, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_of(agency)  # type: ignore[attr-defined]
        self.fields["duty"].help_text = f"例如：{DUTIES.get(GroupKind(kind), '组长、副组长、成员')}。"


class AbsenceForm(forms.Form):
    person = PersonChoice(Person.objects.none(), label="谁请假外出")
    kind = forms.ChoiceField(label="事由", choices=AbsenceKind.choices())
    starts_on = forms.DateField(
        label="从哪天起", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label="到哪天止（含当天）", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="回来日期还不知道的可以不填，回来后销假。",
    )  # fmt: skip
    reason = forms.CharField(
        label="说明", max_length=200, required=False, help_text="只有本人和登记的人看得到。例如：去省里开会。"
    )

    def __init__(self, people: "QuerySet[Person] | None", *args: Any, **kwargs: Any) -> None:
        """Without PEOPLE to choose from it is about one person whom the page already names."""
        super().__init__(*args, **kwargs)
        if people is None:
            del self.fields["person"]
        else:
            self.fields["person"].queryset = people  # type: ignore[attr-defined]


class StandInsForm(forms.Form):
    """Up to five stand-ins in their order; empty lines between them close up."""

    def __init__(self, people: "QuerySet[Person]", most: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = ("第一代理人（B角）", "第二代理人", "第三代理人", "第四代理人", "第五代理人")
        for rank, label in enumerate(labels[:most], start=1):
            self.fields[f"stand_in_{rank}"] = PersonChoice(
                people, label=label, required=False, empty_label="（无）"
            )

    def chosen(self) -> list[Person]:
        return [one for name in self.fields if (one := self.cleaned_data.get(name)) is not None]


class SecondmentForm(forms.Form):
    """抽调. PLACED: where to is known, only share and term are asked."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="抽调到处室、工作机构", required=False, empty_label="（不是处室）"
    )
    group = forms.ModelChoiceField(
        Group.objects.none(), label="或抽调到工作组", required=False, empty_label="（不是工作组）"
    )
    share = forms.IntegerField(
        label="抽调精力（%）", min_value=1, max_value=100, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="100 就是全脱产，原处室不再安排；50 就是两边各一半。",
        error_messages={
            "invalid": "请写 1 到 100 之间的整数。", "min_value": "最小是 1。", "max_value": "最大是 100。",
            "required": "请写抽调精力，全脱产写 100。",
        },
    )  # fmt: skip
    starts_on = forms.DateField(
        label="从哪天起", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label="到哪天止", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), help_text="不填就一直有效。"
    )  # fmt: skip
    reason = forms.CharField(label="说明", max_length=200, required=False, help_text="例如：迎接年度考评。")

    def __init__(self, agency: Unit, *args: Any, placed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if placed:
            del self.fields["unit"], self.fields["group"]
            return
        homes = units_of(agency).exclude(kind__in=[UnitKind.AGENCY, UnitKind.BRANCH])
        self.fields["unit"].queryset = homes  # type: ignore[attr-defined]
        self.fields["group"].queryset = Group.objects.filter(alive(clock.today()), unit=agency)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if "unit" in self.fields and not self.errors and bool(found.get("unit")) == bool(found.get("group")):
            raise forms.ValidationError("请选抽调到哪里：处室和工作组选一个，只选一个。")
        return found


class AccountForm(forms.Form):
    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{2,60}$", label="账号", required=False, help_text="不填就用工号。",
        error_messages={"invalid": "账号只能用字母、数字、点、横线，2 到 60 位。"},
    )  # fmt: skip


class UploadForm(forms.Form):
    file = forms.FileField(
        label="文件",
        error_messages={"required": "还没有选文件。", "empty": "文件是空的（0 字节），请检查后重新选择。"},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(
                f"文件 {file.size / 2**20:.0f} MB，超过 {settings.IMPORT_MAX_BYTES // 2**20} MB。请删去无关的表后再传。"
            )
        return file


class LoginForm(forms.Form):
    username = forms.CharField(label="账号", max_length=60, error_messages={"required": "请填账号。"})
    password = forms.CharField(
        label="密码", max_length=200, strip=False, widget=forms.PasswordInput,
        error_messages={"required": "请填密码。"},
    )  # fmt: skip

    def clean_username(self) -> str:
        return self.cleaned_data["username"].strip().lower()


class PasswordForm(forms.Form):
    old = forms.CharField(label="原密码", strip=False, max_length=200, widget=forms.PasswordInput)
    new = forms.CharField(
        label="新密码", strip=False, max_length=200, widget=forms.PasswordInput, help_text=Strength.text
    )
    again = forms.CharField(label="再输一次新密码", strip=False, max_length=200, widget=forms.PasswordInput)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("new") and found.get("again") and found["new"] != found["again"]:
            self.add_error("again", "两次输入的新密码不一样，请重新输入。")
        return found


class JournalForm(forms.Form):
    """Filters of the log; a wrong date is told, the rest still counts."""

    who = forms.CharField(label="人员", required=False, max_length=40)
    action = forms.CharField(required=False, max_length=60)
    first = forms.DateField(
        label="从", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    last = forms.DateField(
        label="到", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    refused = forms.BooleanField(label="只看被拒绝的", required=False)
    subject = forms.RegexField(r"^[a-z]+\.[a-z]+:\d+$", required=False)


class AdjustForm(forms.Form):
    """An adjustment apart from its people: the day, the paper, what the group answers for."""

    effective_on = forms.DateField(
        label="生效日期", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "请填从哪天起生效。", "invalid": "日期不对，请写成 2026-06-10。"},
        help_text="可以是今天、以前或以后的一天；原职务到前一天为止。",
    )  # fmt: skip
    doc_no = forms.CharField(label="文号", max_length=60, required=False, help_text="还没有文号的先不填。")
    reason = forms.CharField(
        label="调整原因", max_length=200, required=False, help_text="例如“因人员变动”，写进通知稿。"
    )
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="负责的处室", required=False, widget=forms.CheckboxSelectMultiple
    )
    areas = forms.CharField(
        label="负责的一级指标编号",
        max_length=120,
        required=False,
        help_text="几个编号用顿号分开，例如 1、3。",
    )

    def __init__(self, agency: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (UnitKind.DEPARTMENT, UnitKind.PARTY_BODY, UnitKind.UNION, UnitKind.OFFICE)
        self.fields["units"].queryset = units_of(agency, *kinds)  # type: ignore[attr-defined]

    def clean_areas(self) -> list[str]:
        codes = re.split(r"[、，,;；\s]+", self.cleaned_data["areas"].strip())
        if wrong := next((code for code in codes if len(code) > 20), None):
            raise forms.ValidationError(f"“{wrong}”太长，不像指标编号。几个编号要用顿号分开。")
        return list(dict.fromkeys(code for code in codes if code))


DAY = {"type": "date"}


class ContactForm(forms.Form):
    """A contact point: a unit of the agency, or a place outside it."""

    leader = PersonChoice(Person.objects.none(), label="领导", empty_label="（请选）")
    kind = forms.ChoiceField(label="类别", choices=[("", "（请选）"), *ContactKind.choices()])
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="本机关的单位", required=False, empty_label="（不是本机关的）",
        help_text="处室、党支部等。与下一格只填一样。",
    )  # fmt: skip
    place = forms.CharField(
        label="外面的地方", max_length=80, required=False, help_text="社区、村、企业等，例如“幸福社区”。"
    )
    task = forms.CharField(label="联系任务", max_length=200, required=False)
    visits_wanted = forms.IntegerField(
        label="每年走访次数", min_value=0, max_value=MOST, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}), help_text="不要求次数的填 0 或不填。",
    )  # fmt: skip
    starts_on = forms.DateField(
        label="从哪天起", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY)
    )

    def __init__(self, agency: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = people_of(agency)  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units_of(agency).exclude(kind=UnitKind.AGENCY)  # type: ignore[attr-defined]

    def clean_visits_wanted(self) -> int:
        return self.cleaned_data["visits_wanted"] or 0


class VisitForm(forms.Form):
    """What is noted of a visit."""

    on = forms.DateField(
        label="走访日期", widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY),
        error_messages={"required": "请填走访日期。", "invalid": "日期不对，请写成 2026-06-10。"},
    )  # fmt: skip
    who = forms.CharField(label="走访人", max_length=120, help_text="有几个人的用顿号分开。")
    found = forms.CharField(label="了解的情况", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    done = forms.CharField(
        label="解决的问题", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class RenameForm(forms.Form):
    """A new name from a day on, by a paper."""

    name = forms.CharField(label="新名称", max_length=80)
    short_name = forms.CharField(label="新简称", max_length=40, required=False, help_text="没有简称的不填。")
    starts_on = forms.DateField(
        label="从哪天起用新名称", widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY),
        error_messages={"required": "请填从哪天起用新名称。", "invalid": "日期不对，请写成 2026-06-10。"},
        help_text="可以是今天或以前的一天；那天以前的内容仍按原名称显示。",
    )  # fmt: skip
    doc_no = forms.CharField(
        label="依据文号", max_length=60, required=False, help_text="例如“甲编办〔2026〕3号”。"
    )
