"""Which role a duty in a group brings: the one table. Duties that are not listed bring none."""

from ..permits import Role
from .facts import GroupFact

AGENCY, OFFICE = "agency", "office"

#: kind of group → (duty, or "" for every other) → (where, role)
BRINGS: dict[str, dict[str, tuple[tuple[str, Role], ...]]] = {
    "office": {
        "主任": ((AGENCY, Role.OFFICE), (OFFICE, Role.HEAD)),
        "副主任": ((AGENCY, Role.OFFICE), (OFFICE, Role.HEAD)),
        "": ((AGENCY, Role.OFFICE), (OFFICE, Role.FILLER)),
    },
    # people seconded to the task force do the office's daily work
    "task_force": {
        "负责人": ((AGENCY, Role.OFFICE), (OFFICE, Role.LIAISON)),
        "组长": ((AGENCY, Role.OFFICE), (OFFICE, Role.LIAISON)),
        "": ((AGENCY, Role.OFFICE), (OFFICE, Role.FILLER)),
    },
    "activity": {"组长": ((AGENCY, Role.GROUP_LEADER),)},
}

#: words in a group's name → its kind; the first that is found counts
KIND_WORDS = (
    ("办公室", "office"), ("创建办", "office"), ("文明办", "office"), ("专班", "task_force"),
    ("领导小组", "leading"), ("委员会", "leading"), ("活动组", "activity"),
)  # fmt: skip


def kind_of(name: str) -> str:
    """领导小组办公室（创建办） is an office, not a leading group."""
    return next((kind for word, kind in KIND_WORDS if word in name), "working")


def brought(group: GroupFact, duty: str, is_leader: bool = False) -> set[tuple[str, Role]]:
    """(unit name, role) that DUTY in GROUP brings; the agency's own name is "".

    A member of the leadership who is the office's 主任 is the leader in charge of it, not its head.
    """
    table = BRINGS.get(group.kind, {})
    found = set()
    for where, role in table.get(duty, table.get("", ())):
        if where == AGENCY:
            found.add(("", role))
        elif group.office:
            # a 主任 of the leadership is in charge of the office; its 副主任 heads it day by day
            found.add((group.office, Role.LEADER if is_leader and role == Role.HEAD else role))
    return found
