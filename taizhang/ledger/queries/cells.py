"""A slot as a small frozen row: what the strip, the matrix, the desk and the papers show of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from taizhang.campaigns.rules.workdays import Workdays
from taizhang.kit import look

from ..models import Item, Slot
from ..rules.lights import Light, slot_light
from ..rules.states import TO_HAND_IN, SlotStatus

COLUMNS = (
    "pk", "item_id", "performer_id", "performer__name", "performer__short_name", "performer__order", "label", "nth", "starts_on",
    "ends_on", "opens_on", "due_on", "shuts_on", "status", "step_id", "attempt", "returns", "late", "before_system",
    "reason", "submitted_at", "accepted_at", "version",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One slot and its light today."""

    pk: int
    item_id: int
    performer_id: int
    performer: str
    order: int  # of the performer in the tree
    label: str
    nth: int
    starts_on: date
    ends_on: date
    opens_on: date
    due_on: date
    shuts_on: date | None
    status: str
    step_id: int | None
    attempt: int
    returns: int
    late: bool
    before_system: bool
    reason: str
    submitted_at: datetime | None
    accepted_at: datetime | None
    version: int
    light: Light

    @property
    def state_label(self) -> str:
        return SlotStatus(self.status).label

    @property
    def open(self) -> bool:
        """Whether something is still to be handed in."""
        return self.status in TO_HAND_IN

    @property
    def word(self) -> str:
        """What stands under the name of the period: 通过 01-20, 逾期8天, 剩14天, 未到."""
        if self.status == SlotStatus.ACCEPTED and self.accepted_at:
            return f"{'迟报' if self.late else '通过'} {timezone.localtime(self.accepted_at):%m-%d}"
        if self.status == SlotStatus.SUBMITTED:
            return "迟报待审" if self.late else "待审"
        if self.status == SlotStatus.RETURNED and self.light.kind != "r":
            return "退回补正"
        if self.light.text == "未开始":
            return "未到"
        if self.light.kind == "g" and self.open:
            return f"剩{self.light.days}天"
        return self.light.text

    @property
    def short(self) -> str:
        """The word where thirteen weeks stand in a row: 04-05, 剩2天."""
        return self.word.removeprefix("通过 ").removeprefix("临近，")

    @property
    def period(self) -> str:
        """5月期, 二季度, 第23周."""
        return f"{self.label}期" if self.label.endswith("月") else self.label

    @property
    def lamp(self) -> str:
        if self.status == SlotStatus.RETURNED and self.light.kind == "g":
            return "y"
        return {"r": "x" if self.status == SlotStatus.LOST else "r"}.get(self.light.kind, self.light.kind)

    @property
    def mark(self) -> str:
        """The state as a mark in a matrix; see kit.look.MARKS."""
        if self.status == SlotStatus.OPEN:
            if self.light.kind == "r":
                return "late"
            if self.light.kind == "y":
                return "due"
            return "before" if self.before_system else "open"
        return self.status

    def marked(self, url: str) -> str:
        text = "启用前" if self.mark == "before" else self.short
        title = f"{self.performer} {self.label}：{self.state_label}，期限 {self.due_on}"
        return look.mark(self.mark, text, url, title)


def cells(slots: QuerySet[Slot], today: date, near_days: int, workdays: Workdays) -> list[Cell]:
    """The rows of SLOTS in one query."""
    found = []
    for row in slots.order_by("starts_on", "nth", "performer__order", "performer_id").values_list(*COLUMNS):
        (pk, item, performer, name, short, order, label, nth, starts, ends, opens, due, shuts, status, step, attempt, returns,
         late, before, reason, submitted, accepted, version) = row  # fmt: skip
        light = slot_light(status, due, opens, today, near_days, workdays, late=late, before_system=before)
        found.append(
            Cell(pk, item, performer, short or name, order, label, nth, starts, ends, opens, due, shuts, status, step, attempt,
                 returns, late, before, reason, submitted, accepted, version, light)
        )  # fmt: skip
    return found


def slot_choices(item: Item, states: Sequence[str]) -> list[tuple[int, str]]:
    """The slots of ITEM in one of STATES, to be ticked: (id, 第一党支部 5月)."""
    rows = Slot.objects.filter(item=item, status__in=states).order_by("starts_on", "nth", "performer__order")
    found = list(rows.values_list("pk", "performer_id", "performer__name", "performer__short_name", "label"))
    many = len({performer for _, performer, *_ in found}) > 1
    return [(pk, f"{short or name} {label}" if many else label) for pk, _, name, short, label in found]
