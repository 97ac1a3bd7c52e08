"""What the wizard of 接续台账 sends: files, columns, words, rows. Shape only; what they mean is decided by reading."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.kit.errors import Refused

from ..rules.states import Status
from ..rules.takeover import FIELDS, OWN, SKIP, Facts, ItemFact

AUTO = "auto"
#: the states a clerk may choose for a row or a word; what is handed in or judged is so in the system only
STATES = [
    (Status.PENDING, "待交办"), (Status.ASSIGNED, "已交办"), (Status.RECEIVED, "已签收"), (Status.DOING, "办理中"),
    (Status.ACCEPTED, "已办结"), (Status.CLOSED, "已销号"), (Status.SUSPENDED, "中止"), (Status.WAIVED, "不适用"),
]  # fmt: skip
STATE_VALUES = frozenset(value for value, _ in STATES)


def item_label(item: ItemFact) -> str:
    """How an item stands in the list to choose from: 编号 名称."""
    return f"{item.no} {item.title}" + (f"（{item.track}）" if item.track else "")


@dataclass(frozen=True)
class Finder:
    """Items and people by what is typed into a field with suggestions."""

    facts: Facts

    def item(self, text: str) -> int:
        """The item meant by its label, its number or code, or a title that only one has."""
        said = re.sub(r"\s+", " ", text).strip()
        if not said:
            raise Refused("没有写对到哪个事项。请输入编号或名称，从列表里选。")
        for test in (
            lambda one: item_label(one) == said,
            lambda one: said.split(" ")[0] in (one.no, one.code),
            lambda one: one.title == said,
            lambda one: said in one.title,
        ):
            found = [one for one in self.facts.items if test(one)]
            if len(found) == 1:
                return found[0].id
            if found:
                raise Refused(f"“{said}”对得上 {len(found)} 个事项。请从列表里选一个，带上编号。")
        raise Refused(f"本年度没有“{said}”这个事项。请从列表里选，或改为“单独立项”。")

    def person(self, text: str) -> int:
        """The person meant by staff number, by "staff number name", or by a name that only one has."""
        said = re.sub(r"\s+", " ", text).strip()
        first = said.split(" ")[0]
        found = [one for one in self.facts.people if first == one.staff_no and not one.left]
        found = found or [one for one in self.facts.people if one.name == said and not one.left]
        if len(found) == 1:
            return found[0].id
        if found:
            raise Refused(f"“{said}”有 {len(found)} 位同名。请从列表里选，带上工号。")
        raise Refused(f"本机关没有“{said}”这个人。请从列表里选，或先在组织人员里登记。")


def columns_said(posted: Mapping[str, Any]) -> dict[str, str]:
    """Header → field, for the headers whose choice is not left to the reader."""
    found = {}
    for name, header in posted.items():
        if (
            name.startswith("head-")
            and (chosen := posted.get(f"col-{name[5:]}", AUTO)) != AUTO
            and chosen in FIELDS
        ):
            found[str(header)] = str(chosen)
    return found


def words_said(posted: Mapping[str, Any], facts: Facts) -> dict[str, dict[str, str]]:
    """Field → {what the file says: what it means}, of the words that were answered."""
    found: dict[str, dict[str, str]] = {}
    for name, said in posted.items():
        if not name.startswith("said-"):
            continue
        field, means = posted.get(f"field-{name[5:]}", ""), str(posted.get(f"means-{name[5:]}", AUTO)).strip()
        if means == AUTO or field not in ("state", "unit", "person", "date"):
            continue
        if field == "person" and means:
            means = str(Finder(facts).person(means))
        if field == "state" and means and means not in STATE_VALUES:
            raise Refused("没有这种状态，请重新选。")
        if field == "unit" and means and means not in {str(one.id) for one in facts.units}:
            raise Refused("本机关没有这个处室，请重新选。")
        if field == "date" and means:
            day(means)
        if field == "person" and not means:
            continue
        found.setdefault(field, {})[str(said)] = means
    return found


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"“{text}”不是日期。请写成 2020-06-30 这样。") from None


def row_said(posted: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """What was said about one row: only what differs from leaving it to the reader."""
    said: dict[str, Any] = {}
    kind = posted.get("kind", AUTO)
    if kind in (OWN, SKIP):
        said["item"] = kind
    elif kind == "match":
        said["item"] = Finder(facts).item(posted.get("item", ""))
    if (state := posted.get("state", AUTO)) != AUTO:
        if state and state not in STATE_VALUES:
            raise Refused("没有这种状态，请重新选。")
        said["state"] = state
    if text := posted.get("due_on", "").strip():
        said["due_on"] = day(text).isoformat()
    if text := posted.get("person", "").strip():
        said["people"] = [Finder(facts).person(text)]
    return said


def file_said(posted: Mapping[str, Any], facts: Facts) -> int | str | None:
    """To which item a file belongs, "skip", or None: as it is read."""
    kind = posted.get("kind", AUTO)
    if kind == SKIP:
        return SKIP
    return Finder(facts).item(posted.get("item", "")) if kind == "match" else None
