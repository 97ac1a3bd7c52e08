from .holders import holders
from .posts import may, may_anywhere, paths_where, posts_of, system_user
from .roster import groups_now, leaders_now, posts_now, roster_now
from .units import agencies_for, demo_accounts, people_for, units_for

__all__ = [
    "agencies_for", "demo_accounts", "groups_now", "holders", "leaders_now", "may", "may_anywhere", "paths_where",
    "people_for", "posts_now", "posts_of", "roster_now", "system_user", "units_for",
]  # fmt: skip
