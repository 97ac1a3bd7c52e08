"""One node of a draft as a form, and back: only what differs from the node is a correction."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from ..rules import scoring
from ..rules.cadence import LABELS as CADENCES
from ..rules.cells import PARTS, Wrong, methods_of, points_of
from ..rules.needs import KINDS, Need
from ..rules.numbers import show
from ..rules.said import PER
from ..rules.scoring import LABELS as RULES
from ..rules.scoring import Grade, Rule
from ..rules.tree import Json, Node

NUMBER = {"inputmode": "decimal", "autocomplete": "off"}
SPARE = 2  # empty lines for further needs
MOST_NEEDS = 40
NEED_FIELDS = ("time", "place", "people", "theme", "host")
CADENCE_CHOICES = [("", "没有写"), *((str(key), label) for key, label in CADENCES.items())]
RULE_CHOICES = [("", "没有写"), *RULES.items()]
LEVEL = re.compile(r"^(.+?)\s*[:：=]?\s*(\d+(?:\.\d+)?)\s*[%％]$")


def text(
    label: str, length: int, *, required: bool = False, help_text: str = "", widget: Any = None
) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        help_text=help_text,
        widget=widget or forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": f"请写{label}。", "max_length": f"{label}最多 {length} 个字。"},
    )


def number(label: str, help_text: str = "", places: int = 3) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=places,
        help_text=help_text,
        widget=forms.TextInput(attrs=NUMBER),
        error_messages={
            "invalid": f"{label}要写成数字，如 0.5。", "min_value": f"{label}不能是负数。", "max_digits": f"{label}太大。",
            "max_decimal_places": f"{label}最多 {places} 位小数。", "max_whole_digits": f"{label}太大。",
        },
    )  # fmt: skip


def whole(label: str, most: int, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=most,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": f"{label}要写成整数。", "min_value": f"{label}最少是 1。", "max_value": f"{label}最多是 {most}。",
        },
    )  # fmt: skip


class GroupForm(forms.Form):
    """An area or a section: what it is called and what points the standard states for it."""

    title = text("名称", 200, required=True)
    code = text("编号", 40, required=True)
    points = number("标称分值", "文件写明的本组合计；没有就空着。")

    def __init__(self, *args: Any, node: Node, **kwargs: Any) -> None:
        self.node = node
        kwargs.setdefault("initial", self.first(node))
        super().__init__(*args, **kwargs)

    def first(self, node: Node) -> Json:
        return {"title": node.title, "code": node.code, "points": _shown(node.points)}

    def changes(self) -> Json:
        """Field → value as rules.mend takes it, for what differs from the node."""
        said = self.cleaned_data
        out: Json = {}
        for name in ("title", "code", "requirement", "lead", "cadence", "per"):
            if name in said and said[name] != (getattr(self.node, name) or ""):
                out[name] = str(said[name])
        if said["points"] != self.node.points:
            out["points"] = None if said["points"] is None else str(said["points"])
        return out


class LeafForm(GroupForm):
    """An item with everything that a leaf holds."""

    points = number("分值")
    requirement = text("要求", 20_000, widget=forms.Textarea())
    lead = text("牵头处室", 80)
    co = text("配合处室", 200, help_text="几个处室用顿号分开。")
    mandatory = forms.BooleanField(label="必备指标", required=False)
    cadence = forms.ChoiceField(label="周期", choices=CADENCE_CHOICES, required=False)
    times = whole("每期次数", 400)
    target = whole("全年计数", 2000, "每周一次但只计 40 次，写 40；都计就空着。")
    per = forms.ChoiceField(label="由谁做", choices=list(PER.items()), required=False)
    methods = text(
        "测评方法", 400, help_text="用顿号分开；有占比的写在后面，如“材料审核 60%、实地考察 40%”。"
    )
    rule_kind = forms.ChoiceField(label="计分规则", choices=RULE_CHOICES, required=False)
    grade_levels = text("各档得分", 200, help_text="从高到低，如“A 100%，B 66%，C 33%，D 0%”。")
    count_target = whole("全年次数", 2000)
    count_deduct_each = number("每少一次扣（分）")
    rate_target = number("达到多少得满分（%）")
    rate_floor = number("低于多少不得分（%）")
    rate_linear = forms.BooleanField(label="其间按比例得分", required=False)
    deduct_each = number("每次扣（分）")
    deduct_unit = text("扣分情形", 400, help_text="如“每发现一处”。")
    deduct_forfeit = text("不得分的情形", 400)
    survey_a = number("A 档起点（%）")
    survey_b = number("B 档起点（%）")

    def first(self, node: Node) -> Json:
        return super().first(node) | {
            "requirement": node.requirement, "lead": node.lead, "co": "、".join(node.co), "mandatory": node.mandatory,
            "cadence": str(node.cadence or ""), "times": node.times, "target": node.target, "per": node.per,
            "methods": "、".join(name if share is None else f"{name} {show(share)}%" for name, share in node.methods),
            **rule_fields(node.rule),
        }  # fmt: skip

    @property
    def need_rows(self) -> list[Json]:
        """The lines of needs: as typed, else the node's, and some empty ones."""
        if self.is_bound:
            rows = self._typed_needs()
        else:
            rows = [
                {"name": need.name, "kind": need.kind, "least": str(need.least), "must": need.must, "doc_no": need.doc_no,
                 "fields": ",".join(need.fields)}
                for need in self.node.needs
            ]  # fmt: skip
        blank = {"name": "", "kind": "other", "least": "1", "must": True, "doc_no": False, "fields": ""}
        kept = [row for row in rows if row["name"]]
        return [{"n": n, **row} for n, row in enumerate([*kept, *(blank for _ in range(SPARE))])]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return list(KINDS.items())

    def _typed_needs(self) -> list[Json]:
        rows = []
        for n in range(MOST_NEEDS):
            if f"need-{n}-name" not in self.data:
                break
            rows.append(
                {
                    "name": self.data[f"need-{n}-name"].strip(), "kind": self.data.get(f"need-{n}-kind", "other"),
                    "least": self.data.get(f"need-{n}-least", "1").strip() or "1", "must": f"need-{n}-must" in self.data,
                    "doc_no": f"need-{n}-doc_no" in self.data, "fields": self.data.get(f"need-{n}-fields", ""),
                }
            )  # fmt: skip
        return rows

    def clean_methods(self) -> list[tuple[str, Decimal | None]]:
        try:
            return methods_of(self.cleaned_data["methods"])
        except Wrong as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def clean(self) -> Json:
        said: Json = super().clean() or {}
        needs = []
        for n, row in enumerate(self._typed_needs(), start=1):
            if not row["name"]:
                continue
            if not (row["least"].isascii() and row["least"].isdigit() and 1 <= int(row["least"]) <= 999):
                self.add_error(None, f"第 {n} 种材料“{row['name'][:20]}”的最少件数要写成 1 到 999 的整数。")
                continue
            if len(row["name"]) > 200:
                self.add_error(None, f"第 {n} 种材料的名称最多 200 个字。")
            kind = row["kind"] if row["kind"] in KINDS else "other"
            fields = tuple(name for name in row["fields"].split(",") if name in NEED_FIELDS)
            needs.append(Need(row["name"], kind, int(row["least"]), row["must"], fields, row["doc_no"]))
        said["needs"] = tuple(needs)
        said["per"] = said.get("per") or self.node.per
        if not self.errors:
            said["rule"] = self._rule(said)
        return said

    def _rule(self, said: Json) -> Rule | None:
        """The rule of the chosen kind; an error beside the field that its parameters lack."""
        kind = said.get("rule_kind") or ""
        if not kind:
            return None
        data: Json = {"kind": kind}
        if kind == "grade":
            parts = [LEVEL.match(part.strip()) for part in PARTS.split(said["grade_levels"]) if part.strip()]
            if not parts or not all(parts):
                self.add_error("grade_levels", "写成“A 100%，B 66%”的样子，每档都要有百分数。")
                return None
            data["levels"] = [[m.group(1), str(Decimal(m.group(2)) / 100)] for m in parts if m]
        else:
            prefix = f"{kind}_"
            optional = {"deduct_unit", "deduct_forfeit", "rate_linear"}
            for name, field in self.fields.items():
                if not name.startswith(prefix):
                    continue
                value = said.get(name)
                if value is None and name not in optional:
                    self.add_error(name, f"“{RULES[kind]}”要写{field.label}。")
                data[name.removeprefix(prefix)] = str(value) if isinstance(value, Decimal) else value
            if self.errors:
                return None
        try:
            return scoring.from_json(data)
        except ValueError:
            self.add_error("rule_kind", "计分规则的参数不对，请检查写法。")
            return None

    def changes(self) -> Json:
        out, said, node = super().changes(), self.cleaned_data, self.node
        co = tuple(part.strip() for part in PARTS.split(said["co"]) if part.strip())
        if co != node.co:
            out["co"] = list(co)
        if said["mandatory"] != node.mandatory:
            out["mandatory"] = said["mandatory"]
        if (said["times"] or 1) != node.times:
            out["times"] = said["times"] or 1
        if said["target"] != node.target:
            out["target"] = said["target"]
        if tuple(said["methods"]) != node.methods:
            out["methods"] = [
                [name, None if share is None else str(share)] for name, share in said["methods"]
            ]
        if said["needs"] != node.needs:
            out["needs"] = [
                {"name": need.name, "kind": need.kind, "least": need.least, "must": need.must, "fields": list(need.fields),
                 "doc_no": need.doc_no}
                for need in said["needs"]
            ]  # fmt: skip
        if said.get("rule") != node.rule:
            out["rule"] = scoring.to_json(said["rule"]) if said["rule"] else None
        return out


class MoveForm(forms.Form):
    """Where a node is put: under which group, and beside which neighbour. "=" leaves the group as it is."""

    under = forms.ChoiceField(label="放到哪一组", required=False)
    beside = forms.ChoiceField(label="排在", required=False)

    def __init__(
        self,
        *args: Any,
        groups: Sequence[tuple[str, str]],
        siblings: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        wrong = {"invalid_choice": "要放的组或旁边的项已不在识别结果里，请重新选。"}
        for name, choices in (
            ("under", [("=", "不换组"), ("", "最上一级"), *groups]),
            (
                "beside",
                [
                    ("last", "最后"),
                    ("first", "最前"),
                    *((f"after:{key}", f"在“{text}”后面") for key, text in siblings),
                ],
            ),
        ):
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, required=False, choices=choices, error_messages=wrong
            )


class SplitForm:
    """The pieces of a split item as typed: rows of title, points, requirement; problems in `errors`."""

    def __init__(self, rows: list[Json]) -> None:
        self.rows = [row for row in rows if row["title"] or row["points"] or row["requirement"]]
        self.errors: list[str] = []
        self.pieces: list[Json] = []
        for n, row in enumerate(self.rows, start=1):
            try:
                points = points_of(row["points"])
                if not row["title"]:
                    self.errors.append(f"第 {n} 小项没有名称。")
                elif len(row["title"]) > 200:
                    self.errors.append(f"第 {n} 小项的名称最多 200 个字。")
                if points is None:
                    self.errors.append(f"第 {n} 小项没有分值，请写上。")
            except Wrong as wrong:
                self.errors.append(f"第 {n} 小项：{wrong}")
                continue
            self.pieces.append({"title": row["title"], "points": points, "requirement": row["requirement"]})
        if len(self.rows) < 2:
            self.errors.append("拆分至少要有两个小项，每个写上名称和分值。")
        self.spare = [{"title": "", "points": "", "requirement": ""} for _ in range(SPARE)]

    @classmethod
    def posted(cls, data: Any) -> "SplitForm":
        rows = []
        for n in range(MOST_NEEDS):
            if f"part-{n}-title" not in data:
                break
            rows.append(
                {
                    name: data.get(f"part-{n}-{name}", "").strip()
                    for name in ("title", "points", "requirement")
                }
            )
        return cls(rows)

    @property
    def total(self) -> Decimal | None:
        """The sum of the pieces, or None while one has no points."""
        points = [piece["points"] for piece in self.pieces]
        if len(points) < len(self.rows) or any(one is None for one in points):
            return None
        return sum((Decimal(one) for one in points), Decimal(0))


class NewLeafForm(forms.Form):
    """A leaf that the file lacks."""

    title = text("新增一项的名称", 200, required=True)
    points = number("分值")


def rule_fields(rule: Rule | None) -> Json:
    """The initial values of the fields of a rule's parameters."""
    if rule is None:
        return {"rule_kind": "", "rate_linear": True}
    out: Json = {"rule_kind": rule.kind, "rate_linear": True}
    if isinstance(rule, Grade):
        return out | {
            "grade_levels": "，".join(f"{name} {show(share * 100)}%" for name, share in rule.levels)
        }
    for name, value in scoring.to_json(rule).items():
        if name != "kind":
            out[f"{rule.kind}_{name}"] = value
    return out


def _shown(points: Decimal | None) -> str:
    return "" if points is None else show(points)
