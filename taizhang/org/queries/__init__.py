from .posts import may, may_anywhere, paths_where, posts_of, system_user
from .units import people_for, units_for

__all__ = ["may", "may_anywhere", "paths_where", "people_for", "posts_of", "system_user", "units_for"]
