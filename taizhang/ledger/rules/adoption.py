"""换版: what a revised edition changes of an item. Pure: old words against new, needs, and what is left to look at.

See docs/decisions/0012-adoption.md for the rules in one place.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .states import WORKING, Status

#: what is copied from a leaf, by what a change of it means
PLACE = ("area_code", "area", "section", "no", "code", "order", "lead_text", "source_text")
WORDS = ("title", "requirement", "rule_text", "methods")
RHYTHM = ("cadence", "times", "per", "required")
POINTS = ("points",)
FIELD_WORDS = {
    "area_code": "方面编号", "area": "方面", "section": "测评内容", "no": "编号", "code": "指标编号", "order": "次序",
    "title": "事项", "requirement": "要求", "points": "分值", "rule_text": "计分办法", "methods": "测评方法", "cadence": "周期",
    "times": "每期次数", "per": "适用", "required": "须通过期数", "lead_text": "标准所写牵头", "source_text": "来源说明",
    "indicator": "指标", "strand": "脉络",
}  # fmt: skip
#: what a reader is shown of a change; the rest is bookkeeping
SHOWN = ("no", "area", "section", "title", "requirement", "points", "rule_text", "methods", "cadence", "times", "per",
         "required", "lead_text")  # fmt: skip
#: how the reason of what is due once in the cycle, and in another year, begins
ELSEWHERE = "届期内一次"


#: the key of a need that only the edition before asked for, kept for the evidence that stands for it
OLD_NEED = "old"


def elsewhere_reason(year: int) -> str:
    return f"{ELSEWHERE}，安排在{year}年度"


def fold(text: object) -> str:
    """Text as it is compared: width, blanks and the marks at its end say nothing."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text or "")))
    return plain.rstrip("。.;；,，、")


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field → (old, new) of all that differs."""
    return {name: (old[name], value) for name, value in new.items() if old[name] != value}


def weighty(fields: Mapping[str, tuple[Any, Any]]) -> frozenset[str]:
    """Which kinds of change FIELDS hold: words, points, rhythm. Blanks and full stops alone are no change."""
    found = set()
    for name, (old, new) in fields.items():
        if name in WORDS and fold(old) != fold(new):
            found.add("words")
        elif name in POINTS and old != new:
            found.add("points")
        elif name in RHYTHM:
            found.add("rhythm")
    return frozenset(found)


def worth_saying(name: str, old: Any, new: Any) -> bool:
    """Whether a change of a copied field is told: of words that differ in blanks and full stops alone it is not."""
    return name != "no" and not (name in WORDS and fold(old) == fold(new))


# ---- needs


@dataclass(frozen=True)
class Wish:
    """A need as an edition's leaf asks for it, and as it is copied into an item."""

    key: str
    name: str
    kind: str
    least: int
    must: bool
    fields: tuple[str, ...] = ()
    doc_no: bool = False


@dataclass(frozen=True)
class Have:
    """A need of the item. `cited`: evidence stands for it."""

    id: int
    asked: Wish
    order: int
    cited: bool


@dataclass(frozen=True)
class NeedPlan:
    """`changed`: need id → fields; `dropped`: ids; `added`: with the orders they get. `said` in words."""

    changed: tuple[tuple[int, dict[str, Any]], ...] = ()
    dropped: tuple[int, ...] = ()
    added: tuple[tuple[int, Wish], ...] = ()
    said: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.changed or self.dropped or self.added)


_ASKS = ("least", "must", "fields", "doc_no")


def _same(one: Wish) -> tuple[str, str]:
    return one.kind, fold(one.name)


def merge_needs(have: Sequence[Have], old: Sequence[Wish], new: Sequence[Wish], label: str) -> NeedPlan:
    """The needs of an item brought to a new edition, by kind and name; LABEL names the old edition.

    What the office itself asked for, changed or dropped stays as the office said, where the editions agree. A need
    that evidence was cited for is never deleted: it is marked as the old edition's and must not be met any more.
    """
    was = {_same(one): one for one in old}
    here = {_same(one.asked): one for one in have}
    changed: list[tuple[int, dict[str, Any]]] = []
    dropped: list[int] = []
    added: list[Wish] = []
    said: list[str] = []
    for one in new:
        key, before = _same(one), was.get(_same(one))
        mine = here.pop(key, None)
        if mine is None:
            if before is None:
                added.append(one)
                said.append(f"新增：{one.name}")
            continue
        fields = {
            name: getattr(one, name)
            for name in _ASKS
            if (before is None or getattr(before, name) != getattr(one, name))
            and getattr(mine.asked, name) != getattr(one, name)
        }
        if "fields" in fields:
            fields["fields"] = list(fields["fields"])
        if fields:
            changed.append((mine.id, fields))
            said.append(f"{one.name}：{_asks(mine.asked, one, fields)}")
    for key, mine in here.items():
        if key not in was:
            continue  # the office's own
        if mine.cited:
            name = f"{mine.asked.name[:180]}（{label[:12]}要求）"
            changed.append((mine.id, {"name": name, "must": False, "key": OLD_NEED}))
            said.append(f"不再要求：{mine.asked.name}（已有材料，保留）")
        else:
            dropped.append(mine.id)
            said.append(f"不再要求：{mine.asked.name}")
    last = max((one.order for one in have), default=-1)
    return NeedPlan(
        tuple(changed),
        tuple(dropped),
        tuple((last + at, one) for at, one in enumerate(added, 1)),
        tuple(said),
    )


def carried(have: Sequence[Wish], old: Sequence[Wish], new: Sequence[Wish]) -> list[Wish]:
    """The needs of last year's item for the new year's, whose leaf is of another edition."""
    plan = merge_needs([Have(at, one, at, False) for at, one in enumerate(have)], old, new, "")
    fields = dict(plan.changed)
    kept = [
        replace(one, **{**fields.get(at, {}), "fields": tuple(fields.get(at, {}).get("fields", one.fields))})
        for at, one in enumerate(have)
        if at not in plan.dropped
    ]
    return [*kept, *(one for _, one in plan.added)]


def _asks(old: Wish, new: Wish, fields: Mapping[str, Any]) -> str:
    words = {
        "least": f"{old.least}件改为{new.least}件", "must": "改为必备" if new.must else "改为可选",
        "doc_no": "须有文号" if new.doc_no else "不要求文号", "fields": "须写明的内容有改动",
    }  # fmt: skip
    return "，".join(words[name] for name in fields)


# ---- the item


@dataclass(frozen=True)
class Standing:
    """An item before: `at_step`, it waits at a step for the whole item, so that nothing is left to hand in."""

    status: str
    at_step: bool
    cadence: str
    reason: str = ""
    handed: bool = False  # something was cited, handed in or signed for one of its slots

    @property
    def settled(self) -> bool:
        """Struck off, or on its way there: its slots and its state are left as they are."""
        return self.status in (Status.CLOSED, Status.ACCEPTED) or (
            self.status == Status.REVIEW and self.at_step
        )

    @property
    def elsewhere(self) -> bool:
        return self.status == Status.WAIVED and self.reason.startswith(ELSEWHERE)

    @property
    def by_hand(self) -> bool:
        return self.status == Status.WAIVED and not self.elsewhere


def place_of(item: Standing, cadence: str, year: int, last_year: int) -> str:
    """Where an item stands that is, or was, due once in the cycle: `here`, `elsewhere`, or "" (nothing to do).

    It comes back when the new edition asks for it every year; it is put into the last year of the cycle when the
    new edition asks for it only once and nothing was handed in this year.
    """
    if item.elsewhere:
        return "here" if cadence != "cycle" else ""
    if cadence == "cycle" and item.cadence != "cycle" and not item.handed and not item.settled:
        return "elsewhere" if year != last_year and item.status in (Status.PENDING, *WORKING) else ""
    return ""


def to_look_at(item: Standing, weight: frozenset[str], needs: bool) -> str:
    """Why an item must be looked at again (需复核), in words; "" when not: what is at work is simply done anew."""
    if not item.settled:
        return ""
    kinds = [
        word
        for name, word in (("words", "要求有改动"), ("rhythm", "周期或适用有改动"), ("points", "分值有改动"))
        if name in weight
    ]
    if needs:
        kinds.append("材料要求有改动")
    if not kinds:
        return ""
    if kinds == ["分值有改动"]:
        kinds = ["只改分值"]
    state = {Status.CLOSED: "已销号", Status.ACCEPTED: "已审核通过，等最后一环"}.get(
        Status(item.status), "各期已办结，在签批"
    )
    return f"{state}，{'、'.join(kinds)}"


def gone_reason(standard: str, label: str) -> str:
    return f"标准取消（《{standard}》{label}）"[:300]


def joined_reason(title: str) -> str:
    return f"并入“{title[:200]}”"


def old_number(no: str, taken: set[str]) -> str:
    """A number that a leaf of the new edition may need: of what ended it begins with 原, and stays its own."""
    made = f"原{no}"[:40]
    at = 2
    while made in taken:
        made, at = f"原{no[:34]}·{at}", at + 1
    return made


def in_turn(renames: Mapping[int, tuple[str, str]]) -> list[tuple[int, str]]:
    """In which order numbers can be exchanged when no number may stand twice at any moment: (id, number).

    RENAMES: id → (old, new), the new ones all different. Those that go round in a ring pass over a number of
    their own for a moment.
    """
    left = {pk: pair for pk, pair in renames.items() if pair[0] != pair[1]}
    holder = {old: pk for pk, (old, _) in left.items()}
    steps: list[tuple[int, str]] = []
    ready = [pk for pk, (_, new) in left.items() if new not in holder]
    while left:
        while ready:
            pk = ready.pop()
            old, new = left.pop(pk)
            steps.append((pk, new))
            if holder.get(old) == pk:
                del holder[old]
                waiting = next((one for one, (_, wish) in left.items() if wish == old), None)
                if waiting is not None:
                    ready.append(waiting)
        if left:
            pk, (old, new) = next(iter(left.items()))
            steps.append((pk, f"~{pk}"))
            del holder[old]
            left[pk] = (f"~{pk}", new)
            ready = [one for one, (_, wish) in left.items() if wish == old and one != pk]
    return steps
