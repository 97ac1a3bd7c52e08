"""What the four-level chart shows on a day: 党组 → 领导小组 → 创建办与专班 → 活动组 → 处室."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ..models import Membership, Unit
from ..models.groups import GroupKind
from ..models.units import UnitKind
from ..rules.chart import Node
from .groups import Team, names_then, teams_on
from .roster import on_day

LABELS = ("党组（领导班子）", "领导小组", "创建办与专班", "活动组", "处室")
#: duties told by name in a box; of the others the number is told
NAMED = ("组长", "常务副组长", "副组长", "主任", "常务副主任", "副主任", "负责人", "联系领导")
MANNED = (UnitKind.DEPARTMENT, UnitKind.PARTY_BODY)


@dataclass(frozen=True)
class Chart:
    """The five levels as nodes; the departments are `below` the activity groups. `lost` are those in no group."""

    leaders: tuple[Node, ...]
    leading: tuple[Node, ...]
    offices: tuple[Node, ...]
    groups: tuple[Node, ...]
    lost: int

    @property
    def empty(self) -> bool:
        return not (self.leading or self.offices or self.groups)


def chart_on(
    agency: Unit, day: date, group_url: Callable[[int], str], unit_url: Callable[[int], str]
) -> Chart:
    """AGENCY's bodies on DAY, with the addresses of their pages. Nine queries."""
    teams = teams_on(agency, day)
    then = names_then(agency.pk, day)
    units = list(
        Unit.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), agency=agency)
        .filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day), kind__in=[*MANNED, UnitKind.LEADERS])
        .order_by("order", "pk")
        .values_list("pk", "name", "kind")
    )
    people: dict[int, list[str]] = {}
    rows = Membership.objects.filter(on_day(day), unit__agency=agency, main=True).exclude(
        person__left_on__lte=day
    )
    for unit, name in rows.order_by("person__order", "pk").values_list("unit_id", "person__name"):
        people.setdefault(unit, []).append(name)
    leaders = tuple(
        Node(then.get(pk, name), ("、".join(people.get(pk, ())) or "还没有人",), unit_url(pk))
        for pk, name, kind in units
        if kind == UnitKind.LEADERS
    )
    departments = {
        pk: Node(then.get(pk, name), (f"{len(people.get(pk, ()))} 人",), unit_url(pk))
        for pk, name, kind in units
        if kind in MANNED
    }
    by_kind: dict[str, list[Team]] = {}
    for team in teams:
        by_kind.setdefault(team.kind, []).append(team)
    active = by_kind.get(GroupKind.ACTIVITY, [])
    groups = [_node(team, group_url, departments) for team in active]
    inside = {pk for team in active for pk in team.covered.unit_ids}
    lost = tuple(node for pk, node in departments.items() if pk not in inside)
    if lost and active:
        groups.append(Node("未归组", (f"{len(lost)} 个处室",), "", lost, "lost"))
    middle = [
        team
        for kind in (GroupKind.OFFICE, GroupKind.TASK_FORCE, GroupKind.WORKING)
        for team in by_kind.get(kind, [])
    ]
    return Chart(
        leaders,
        tuple(_node(team, group_url) for team in by_kind.get(GroupKind.LEADING, [])),
        tuple(_node(team, group_url) for team in middle),
        tuple(groups),
        len(lost) if active else 0,
    )


def _node(team: Team, url: Callable[[int], str], departments: dict[int, Node] | None = None) -> Node:
    named = dict(team.duties)
    words = [f"{duty} {'、'.join(named[duty])}" for duty in NAMED if duty in named]
    if departments is not None and "组长" not in named:
        words.insert(0, "没有组长")
    words.append(f"共 {team.people} 人")
    if departments is None:
        return Node(team.name, tuple(words), url(team.pk))
    if team.covered.areas:
        words.append(f"一级指标 {'、'.join(team.covered.areas)}")
    below = tuple(departments.get(pk) or Node(name, (), "") for pk, name in team.covered.units)
    return Node(team.name, tuple(words), url(team.pk), below)
