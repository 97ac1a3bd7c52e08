"""Units: found, add, change, end."""

from typing import Any
from uuid import uuid4

from taizhang.kit import clock
from taizhang.kit.errors import Refused

from ..action import action
from ..models import Membership, Person, Post, Unit
from ..models.units import UnitKind
from ..permits import Permit
from ..queries.roster import alive
from .terms import finish

EDIT = (Permit.ORG_EDIT, "")


def plant(parent: Unit | None, *, name: str, kind: str, **fields: Any) -> Unit:
    """A new unit beneath PARENT with its code and path. Inside an action only."""
    beside = Unit.objects.filter(parent=parent)
    number = beside.count() + 1
    stem = f"{parent.code}-" if parent else ""
    while Unit.objects.filter(code=f"{stem}{number}").exists():
        number += 1
    # the path holds the row's own id, so the row comes first
    unit = Unit.make(
        name=name, kind=kind, parent=parent, code=f"{stem}{number}", path=f"new/{uuid4()}", **fields
    )  # fmt: skip
    agency = unit if kind == UnitKind.AGENCY else parent.agency if parent else None
    return unit.change(path=f"{parent.path if parent else '/'}{unit.pk}/", agency=agency)


def move(unit: Unit, parent: Unit) -> None:
    """Hang UNIT with all beneath it under PARENT. Inside an action only."""
    if parent.path.startswith(unit.path):
        raise Refused(f"“{unit.name}”不能放到自己下面的“{parent.name}”之下。")
    old, new = unit.path, f"{parent.path}{unit.pk}/"
    for below in Unit.objects.filter(path__startswith=old).exclude(pk=unit.pk):
        below.change(path=new + below.path[len(old) :])
    unit.change(parent=parent, path=new)


def free_name(agency: Unit | None, parent: Unit | None, name: str, but: int | None = None) -> None:
    """Refused when another live unit of the agency (of one founded: beside it) is called NAME."""
    among = Unit.objects.filter(alive(clock.today()), name=name)
    if but is not None:
        among = among.exclude(pk=but)
    among = among.filter(agency=agency) if agency else among.filter(parent=parent)
    if among.exists():
        raise Refused(f"“{name}”已经有了，同一机关内的名称不能重复。请换一个名称。")


@action("org.found_region", "建立地区")
def found_region(system: Any, *, by: Any, name: str, parent: Unit | None = None) -> Unit:
    """A region at the top, or beneath PARENT; by the command line only."""
    free_name(None, parent, name)
    return plant(parent, name=name, kind=UnitKind.REGION)


@action("org.found_agency", "建立机关", EDIT)
def found_agency(region: Unit, *, by: Any, name: str, short_name: str = "") -> Unit:
    """An agency with nothing in it yet, beneath REGION."""
    free_name(None, region, name)
    return plant(region, name=name, kind=UnitKind.AGENCY, short_name=short_name)


@action("org.add_unit", "增设单位", EDIT)
def add_unit(
    parent: Unit, *, by: Any, name: str, kind: str, short_name: str = "", answers_to: str = "",
    leader: Person | None = None, branch: Unit | None = None,
) -> Unit:  # fmt: skip
    """A unit beneath PARENT inside its agency. The leader in charge gets the post that goes with it."""
    if parent.agency is None:
        raise Refused("处室只能设在机关之内。请先选一个机关。")
    if kind in (UnitKind.REGION, UnitKind.AGENCY):
        raise Refused("地区和机关不能在机关之内增设，请用命令行建立。")
    free_name(parent.agency, parent, name)
    _inside(parent.agency, leader, branch)
    order = parent.children.count() + 1
    unit = plant(
        parent, name=name, kind=kind, short_name=short_name, answers_to=answers_to, branch=branch, order=order
    )  # fmt: skip
    if leader:
        set_leader(unit, leader)
    return unit


@action("org.change_unit", "修改单位", EDIT)
def change_unit(unit: Unit, *, by: Any, **fields: Any) -> Unit:
    """Change name, short_name, answers_to, branch, leader; a new leader takes over the post."""
    if "name" in fields:
        free_name(unit.agency if unit.agency_id != unit.pk else None, unit.parent, fields["name"], unit.pk)
    _inside(unit.agency, fields.get("leader"), fields.get("branch"))
    if "leader" in fields:
        set_leader(unit, fields.pop("leader"))
    return unit.change(**fields)


def _inside(agency: Unit | None, leader: Person | None, branch: Unit | None) -> None:
    if leader and agency and leader.agency_id != agency.pk:
        raise Refused(f"分管领导“{leader.name}”不是本机关的人。")
    if branch and agency and branch.agency_id != agency.pk:
        raise Refused(f"党支部“{branch.name}”不是本机关的。")


def set_leader(unit: Unit, leader: Person | None) -> None:
    """The leader in charge, and with it the LEADER post on the unit. Inside an action only."""
    today = clock.today()
    for post in Post.objects.filter(alive(today), unit=unit, role="leader", group__isnull=True):
        if leader is None or post.person_id != leader.pk:
            finish(post, today)
    if leader and not Post.objects.filter(alive(today), unit=unit, role="leader", person=leader).exists():
        Post.make(person=leader, unit=unit, role="leader", starts_on=today)
    unit.change(leader=leader)


@action("org.end_unit", "撤销单位", EDIT)
def end_unit(unit: Unit, *, by: Any) -> Unit:
    """The unit ends today: nobody may belong to it any more; its posts end with it."""
    today = clock.today()
    if unit.kind in (UnitKind.REGION, UnitKind.AGENCY):
        raise Refused("地区和机关不能在这里撤销。")
    if below := Unit.objects.filter(alive(today), parent=unit).count():
        raise Refused(f"“{unit.name}”下面还有 {below} 个单位，不能撤销。请先撤销或移走它们。")
    if people := Membership.objects.filter(alive(today), unit=unit).count():
        raise Refused(f"“{unit.name}”还有 {people} 人，不能撤销。请先把人员调到别的处室。")
    for post in Post.objects.filter(alive(today), unit=unit):
        finish(post, today)
    return unit.change(ends_on=today)
