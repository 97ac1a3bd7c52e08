"""The only question about rights: `may(user, permit, unit)`."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from taizhang.kit import clock

from ..models import Post, Unit, User
from ..permits import GRANTS, Permit, Role


@dataclass(frozen=True)
class Reach:
    """One post alive today: whose, where it reaches from, as what."""

    path: str
    role: Role
    unit_id: int
    group_id: int | None


def posts_of(user: Any) -> tuple[Reach, ...]:
    """The posts alive today; read once per request (a request has its own user object), again by the door."""
    found: tuple[Reach, ...] | None = getattr(user, "_posts", None)
    if found is None:
        found = ()
        if getattr(user, "is_active", False):
            today = clock.today()
            rows = Post.objects.filter(
                Q(ends_on__isnull=True) | Q(ends_on__gte=today), person__user=user, starts_on__lte=today
            ).values_list("unit__path", "role", "unit_id", "group_id")
            found = tuple(Reach(path, Role(role), unit, group) for path, role, unit, group in rows)
        user._posts = found
    return found


def forget_posts(user: Any) -> None:
    """The next question reads the posts again: a right that was withdrawn is withdrawn at once."""
    user._posts = None


def may(user: Any, permit: Permit, unit: Unit) -> bool:
    """Whether some post of USER alive today, with PERMIT, reaches UNIT."""
    if getattr(user, "is_system", False):
        return True
    return any(permit in GRANTS[post.role] and unit.path.startswith(post.path) for post in posts_of(user))


def may_anywhere(user: Any, permit: Permit) -> bool:
    """Whether USER has PERMIT on any unit at all: for what stands in the navigation."""
    return bool(paths_where(user, permit))


def paths_where(user: Any, permit: Permit) -> list[str]:
    """The paths that PERMIT reaches for USER, none beneath another."""
    if getattr(user, "is_system", False):
        return ["/"]
    found = sorted({post.path for post in posts_of(user) if permit in GRANTS[post.role]})
    return [path for path in found if not any(path != other and path.startswith(other) for other in found)]


def beneath(paths: list[str], field: str = "path") -> Q:
    """A condition: FIELD lies on or beneath one of PATHS; with no paths, nothing does."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def system_user() -> User:
    """The command line of this machine as an actor; made by the first migration."""
    return User.objects.get(is_system=True)
