"""Everything that can happen to a campaign, its tracks, its years and the calendar."""

from .asks import change_asks
from .campaigns import add_track, change_steps, change_track, start, take_edition
from .holidays import import_holidays
from .joined import end_join, join
from .years import change_stages, change_windows, change_year, close_year, mark_open, resume_year

__all__ = [
    "add_track", "change_asks", "change_stages", "change_steps", "change_track", "change_windows", "change_year", "close_year",
    "end_join", "import_holidays", "join", "mark_open", "resume_year", "start", "take_edition",
]  # fmt: skip
