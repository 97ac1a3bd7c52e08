"""A plan of adoption in words: one row per item or new leaf, for the page and for the workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from taizhang.standards.rules.cadence import LABELS as CADENCES

from ..models.items import PER
from ..rules.adoption import FIELD_WORDS, SHOWN, worth_saying
from ..rules.states import Status
from .adoption import AdoptionPlan, Line

#: columns whose texts are too long for a line of changes: the page says that they changed
LONG = frozenset({"requirement", "rule_text"})


@dataclass(frozen=True)
class PlanRow:
    """One line of the plan as it is read. Numbers that are not there are None, words that are not there ""."""

    kind: str
    label: str
    item_id: int | None
    old_no: str
    no: str
    old_title: str
    title: str
    old_points: Decimal | None
    points: Decimal | None
    lead: str
    status: str
    changes: tuple[str, ...]
    gone: str
    made: str
    kept: int
    handed: str
    revisit: str
    note: str
    old_requirement: str
    requirement: str

    @property
    def points_words(self) -> str:
        return points_words(self.old_points, self.points)


def number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def points_words(old: Decimal | None, new: Decimal | None) -> str:
    """0.5 → 0.8; only one number where nothing changed or one side is missing."""
    if old is None or new is None or old == new:
        return number(new if old is None else old)
    return f"{number(old)} → {number(new)}"


def value_words(name: str, value: Any) -> str:
    """A copied field as a reader says it."""
    if value in (None, ""):
        return "（空）"
    if name == "cadence":
        return CADENCES.get(value, str(value))
    if name == "per":
        return PER.get(str(value), str(value))
    if name == "points":
        return number(Decimal(str(value)))
    return str(value)


def change_words(name: str, old: Any, new: Any) -> str:
    """周期 每季度 改为 每月; of long texts only that they changed."""
    if name in LONG:
        return f"{FIELD_WORDS[name]}有改动"
    return f"{FIELD_WORDS[name]} {value_words(name, old)} 改为 {value_words(name, new)}"


def periods(labels: Sequence[str]) -> str:
    """5月至12月 8 期; few ones by name."""
    named = list(dict.fromkeys(labels))
    if not named:
        return ""
    words = "、".join(named) if len(named) <= 3 else f"{named[0]}至{named[-1]}"
    return f"{words}，{len(labels)} 期" if len(labels) > 1 else words


def row_of(line: Line, plan: AdoptionPlan) -> PlanRow:
    item, leaf = line.item, line.leaf
    labels = {"split": "拆分" if item else "拆出", "joined": "合并" if leaf else "并入"}
    handed = line.handed
    said = [
        f"{count} {word}"
        for count, word in (
            (handed.submissions, "次报送"),
            (handed.citations, "件材料"),
            (handed.signatures, "次签批"),
        )
        if count
    ]
    fields = line.fields if leaf else {}
    changes = [
        change_words(name, *fields[name])
        for name in SHOWN
        if name in fields and worth_saying(name, *fields[name])
    ]
    changes += line.needs.said
    note = [line.note] if line.note else []
    if line.note and leaf is None and not line.other:
        note.insert(0, line.kind.label)
    if line.other:
        note.append(
            f"由 {line.other.no} {line.other.title} 拆出"
            if leaf
            else f"并入 {line.other.no} {line.other.title}"
        )
    if line.only_points:
        note.append("只改分值")
    if line.settles:
        note.append("各期都已办结，转入签批")
    return PlanRow(
        line.kind.value, labels.get(line.kind.value, line.kind.label), item.pk if item else None, item.no if item else "",
        (leaf.label or leaf.code) if leaf else "", item.title if item else "", leaf.title if leaf else "",
        item.points if item else None, leaf.points if leaf else None, plan.names.get(line.lead_id or 0, ""),
        Status(item.status).label if item else "", tuple(changes), periods([slot.label for slot in line.slots.gone]),
        periods([slot.label for slot in line.slots.made]), len(line.slots.kept), "、".join(said), line.revisit, "；".join(note),
        item.requirement if item else "", leaf.requirement if leaf else "",
    )  # fmt: skip


def rows_of_plan(plan: AdoptionPlan) -> list[PlanRow]:
    return [row_of(line, plan) for line in plan.lines]
