"""回收站: for how long what was removed can be had back, and what a check of the bytes is told as."""

from datetime import date, timedelta

#: days for which a removed piece keeps its bytes
DAYS = 30


def days_left(binned_on: date, today: date) -> int:
    """How many days are left to have it back; 0: its bytes may go."""
    return max(0, (binned_on + timedelta(days=DAYS) - today).days)


def may_go(binned_on: date, today: date) -> bool:
    return days_left(binned_on, today) == 0
