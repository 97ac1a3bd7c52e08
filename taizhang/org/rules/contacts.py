"""联系点和包联: what a line of a table says, and when a visit counts."""

import re
from dataclasses import dataclass
from datetime import date

from taizhang.kit.errors import Refused

#: words in 类别 → kind; the first that is found counts
KIND_WORDS = (
    ("支部", "branch"), ("处室", "department"), ("科室", "department"), ("社区", "community"), ("村", "village"),
    ("学校", "school"), ("企业", "company"), ("网格", "grid"), ("路段", "grid"), ("其他", "other"),
)  # fmt: skip
MOST = 366
TIMES = {"每年": 1, "每半年": 2, "每季度": 4, "每季": 4, "每月": 12, "每周": 52}
HAN = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_COUNT = re.compile(
    r"^(每半年|每季度|每季|每年|每月|每周)?(?:不少于|至少)?(\d{1,4}|[一两二三四五六七八九十])?次?$"
)


@dataclass(frozen=True)
class ContactFact:
    """One line: a leader, the point (a unit's name or a place outside the tree), and what is wanted there."""

    leader: int
    unit: int | None
    place: str
    kind: str
    task: str
    wanted: int

    @property
    def key(self) -> tuple[int, int | None, str]:
        """What makes it the same contact point."""
        return self.leader, self.unit, self.place


def kind_of(said: str) -> str | None:
    """The kind that a cell means; None when nobody knows it."""
    return next((kind for word, kind in KIND_WORDS if word in said), None)


def wanted_of(said: str) -> int | None:
    """Visits a year: 4, 4次, 每季度1次, 每月不少于一次. Nothing is none wanted; None when it is not a number."""
    words = re.sub(r"\s", "", said)
    if not words:
        return 0
    match = _COUNT.match(words)
    if match is None or not (match[1] or match[2]):
        return None
    count = HAN.get(match[2]) if match[2] in HAN else int(match[2] or 1)
    found = (count or 1) * TIMES.get(match[1] or "每年", 1) if count != 0 else 0
    return found if found <= MOST else None


def check_visit(on: date, starts_on: date, ends_on: date | None, today: date) -> None:
    """A visit lies within the term of its contact and not ahead; refused otherwise."""
    if on > today:
        raise Refused(f"走访日期 {on} 还没有到，请在走访之后登记。")
    if on < starts_on:
        raise Refused(f"走访日期 {on} 早于联系开始的 {starts_on}。请核对日期，或先修改联系点的开始日期。")
    if ends_on and on > ends_on:
        raise Refused(f"这个联系点已于 {ends_on} 结束，走访日期 {on} 在它之后。")
