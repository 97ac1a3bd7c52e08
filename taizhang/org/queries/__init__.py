from .absences import away_on, stand_ins_on
from .holders import holders
from .posts import acting_as, may, may_anywhere, paths_where, people_of, posts_of, system_user
from .roster import alive, groups_now, leaders_now, on_day, posts_now, roster_now
from .sessions import ended_elsewhere, open_sessions, sessions_for
from .units import agencies_for, demo_accounts, people_for, units_for

__all__ = [
    "acting_as", "agencies_for", "alive", "away_on", "demo_accounts", "ended_elsewhere", "groups_now", "holders", "leaders_now", "may",
    "may_anywhere", "on_day", "open_sessions", "paths_where", "people_for", "people_of", "posts_now", "posts_of", "roster_now", "sessions_for", "stand_ins_on",
    "system_user", "units_for",
]  # fmt: skip
