"""The only question about rights: `may(user, permit, unit)`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from taizhang.kit import clock

from ..models import Absence, Post, Unit, User
from ..permits import GRANTS, KEEPERS, Permit, Role
from .absences import stand_ins_on
from .roster import on_day


@dataclass(frozen=True)
class Reach:
    """One post alive today: where it reaches from, as what; `acting_for` is the absent person whose post it is."""

    path: str
    role: Role
    unit_id: int
    group_id: int | None
    acting_for: int | None = None


def posts_of(user: Any) -> tuple[Reach, ...]:
    """The posts alive today, and those of the absent people USER stands in for; own ones first.

    Read once per request (a request has its own user object), again by the door. One query, three on a day when
    somebody of the agency is away.
    """
    found: tuple[Reach, ...] | None = getattr(user, "_posts", None)
    if found is None:
        found = _posts_today(user) if getattr(user, "is_active", False) else ()
        user._posts = found
    return found


def _posts_today(user: Any) -> tuple[Reach, ...]:
    person = getattr(user, "person", None)
    if person is None:
        return ()
    today = clock.today()
    away = Absence.objects.filter(on_day(today), person__agency=person.agency_id).values("person")
    rows = list(
        Post.objects.filter(Q(person=person) | Q(person__in=away), on_day(today))
        .order_by("pk")
        .values_list("person_id", "unit__path", "role", "unit_id", "group_id")
    )
    own = [Reach(path, Role(role), unit, group) for who, path, role, unit, group in rows if who == person.pk]
    if len(own) == len(rows):
        return tuple(own)
    mine = {who for who, stand_in in stand_ins_on(person.agency_id, today).items() if stand_in == person.pk}
    acted = [
        Reach(path, Role(role), unit, group, who)
        for who, path, role, unit, group in rows
        if who in mine and role not in KEEPERS  # the keepers of the system are not stood in for (三员分立)
    ]
    return (*own, *acted)


def forget_posts(user: Any) -> None:
    """The next question reads the posts again: a right that was withdrawn is withdrawn at once."""
    user._posts = None


def may(user: Any, permit: Permit, unit: Unit) -> bool:
    """Whether some post of USER alive today, with PERMIT, reaches UNIT."""
    if getattr(user, "is_system", False):
        return True
    return any(permit in GRANTS[post.role] and unit.path.startswith(post.path) for post in posts_of(user))


def may_oneself(user: Any, permit: Permit, unit: Unit) -> bool:
    """Like `may`, by USER's own posts alone: who stands in for whom is not decided by those who stand in."""
    if getattr(user, "is_system", False):
        return True
    own = (post for post in posts_of(user) if post.acting_for is None)
    return any(permit in GRANTS[post.role] and unit.path.startswith(post.path) for post in own)


def acting_as(user: Any, permit: Permit, unit: Unit) -> int | None:
    """For whom (id) USER acts when using PERMIT on UNIT; None where a post of USER's own is enough."""
    reaching = [
        post for post in posts_of(user) if permit in GRANTS[post.role] and unit.path.startswith(post.path)
    ]
    return next((post.acting_for for post in reaching), None)


def people_of(user: Any) -> tuple[int, ...]:
    """The people whose work is USER's today: USER's own person first, then the absent ones stood in for."""
    person = getattr(user, "person", None)
    own = (person.pk,) if person else ()
    acted = (post.acting_for for post in posts_of(user) if post.acting_for is not None)
    return tuple(dict.fromkeys((*own, *acted)))


def may_anywhere(user: Any, permit: Permit) -> bool:
    """Whether USER has PERMIT on any unit at all: for what stands in the navigation."""
    return bool(paths_where(user, permit))


def paths_where(user: Any, permit: Permit) -> list[str]:
    """The paths that PERMIT reaches for USER, none beneath another."""
    if getattr(user, "is_system", False):
        return ["/"]
    found = sorted({post.path for post in posts_of(user) if permit in GRANTS[post.role]})
    return [path for path in found if not any(path != other and path.startswith(other) for other in found)]


def beneath(paths: Sequence[str], field: str = "path") -> Q:
    """A condition: FIELD lies on or beneath one of PATHS; with no paths, nothing does."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def system_user() -> User:
    """The command line of this machine as an actor; made by the first migration."""
    return User.objects.get(is_system=True)
