"""Terms for which departments of other agencies take part: which of them cross, and what is said of one."""

from collections.abc import Iterable
from datetime import date

Span = tuple[date, date | None]
"""First and last day, both included; no last day: until further notice."""


def crossing(wanted: Span, others: Iterable[Span]) -> Span | None:
    """The first of OTHERS that has a day in common with WANTED."""
    return next((one for one in others if _meet(wanted, one)), None)


def _meet(one: Span, other: Span) -> bool:
    return (other[1] is None or one[0] <= other[1]) and (one[1] is None or other[0] <= one[1])


def term_words(starts_on: date, ends_on: date | None) -> str:
    """2026-03-01 至 2026-12-31, 2026-03-01 起."""
    return f"{starts_on} 至 {ends_on}" if ends_on else f"{starts_on} 起"


def standing(starts_on: date, ends_on: date | None, today: date) -> str:
    """未开始, 参加中, 已结束."""
    if starts_on > today:
        return "未开始"
    return "已结束" if ends_on is not None and ends_on < today else "参加中"
