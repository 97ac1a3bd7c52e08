"""What an adjustment would do, before it is saved: the posts that follow, and the steps left without a signer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..models import Cover, Group, Post
from ..models.groups import GroupKind
from ..permits import Role
from ..rules.adjusting import CHIEF, Plan, Wanted, check_covers, plan_adjustment, two_chiefs
from ..rules.duties import brought
from ..rules.facts import GroupFact
from .groups import Covered, covers_on, frame_of, held_from, led_elsewhere
from .roster import leaders_now, on_day

#: an agency's own and its office's unit, by id, with the role
Brought = frozenset[tuple[int, Role]]


@dataclass(frozen=True)
class Shift:
    """Whose posts differ afterwards, in words."""

    name: str
    given: str
    taken: str


@dataclass(frozen=True)
class Outlook:
    """The plan, the covers in words (was, will; None: as they are), posts that follow, and what to mind."""

    plan: Plan
    covers: tuple[str, str] | None
    shifts: tuple[Shift, ...]
    cautions: tuple[str, ...]


def posts_by(group: Group, duty: str, is_leader: bool) -> Brought:
    """The posts that DUTY in GROUP brings: (unit id, role)."""
    office = group.office_id
    fact = GroupFact(group.kind, "office" if office else "")
    found = brought(fact, duty, is_leader)
    return frozenset((office if where and office else group.unit_id, role) for where, role in found)


def outlook(group: Group, wanted: Wanted, covers: Covered | None, day: date, today: date) -> Outlook:
    """What saving WANTED and COVERS (None: unchanged) would do from DAY; Refused where it would be."""
    now = covers_on(group.unit, day).get(group.pk, Covered())
    moved = covers is not None and (set(covers.unit_ids), set(covers.areas)) != (
        set(now.unit_ids),
        set(now.areas),
    )
    held = held_from(group, day)
    plan = plan_adjustment(held, wanted, day, frame_of(group), more=moved)
    if moved:
        check_covers(day, today)
    leaders = leaders_now(group.unit, day)
    leading = set(group.unit.people.filter(staff_no__in=leaders).values_list("pk", flat=True))
    names = {one.person: one.name for one in held} | {one.person: one.name for one in wanted.come}
    after = plan.duties_after(held)
    before_posts = _posts(group, [(one.person, one.duty) for one in held], leading)
    after_posts = _posts(group, after, leading)
    units = {group.unit_id: str(group.unit), group.office_id: str(group.office)}
    shifts = [
        Shift(
            names[person],
            _words(after_posts[person] - before_posts[person], units),
            _words(before_posts[person] - after_posts[person], units),
        )
        for person in sorted(plan.people, key=list(names).index)
        if after_posts[person] != before_posts[person]
    ]
    led = led_elsewhere(group, {person for person, duty in after if duty == CHIEF}, day)
    cautions = [
        f"“{names[person]}”同时还是{'、'.join(led[person])}的组长，一个人管两个活动组，请确认。"
        for person in two_chiefs(group.kind, after, led)
    ]
    cautions += gaps(group, after, after_posts, covers if moved and covers else now, day)
    words = (str(now), str(covers)) if moved else None
    return Outlook(plan, words, tuple(shifts), tuple(cautions))


def _posts(group: Group, duties: Sequence[tuple[int, str]], leading: set[int]) -> dict[int, Brought]:
    found: dict[int, Brought] = defaultdict(frozenset)
    for person, duty in duties:
        found[person] |= posts_by(group, duty, person in leading)
    return found


def _words(posts: Brought, units: dict[int | None, str]) -> str:
    return "、".join(f"{units[unit]}{role.label}" for unit, role in sorted(posts))


def gaps(
    group: Group, after: Sequence[tuple[int, str]], posts: dict[int, Brought], covers: Covered, day: date
) -> list[str]:  # fmt: skip
    """Review steps that nobody would stand at any more, in words."""
    found = []
    roles = {pair for held in posts.values() for pair in held}
    if group.kind == GroupKind.ACTIVITY and (covers.units or covers.areas):
        if not any(duty == CHIEF for _, duty in after):
            others = _chiefs_elsewhere(group, covers, day)
            left = Covered(
                tuple(pair for pair in covers.units if pair[0] not in others[0]),
                tuple(code for code in covers.areas if code not in others[1]),
            )
            if left.units or left.areas:
                found.append(
                    f"调整后本组没有组长：{left} 的事项到“活动组组长”环节将无人签批，按规定跳过。请指定一名组长。"
                )
    elif group.kind == GroupKind.OFFICE and group.office_id:
        if (group.unit_id, Role.OFFICE) not in roles:
            found.append(f"调整后“{group.office}”没有人：由它审核、销号的事项将无人签批。请至少留一人。")
        elif not {(group.office_id, Role.HEAD), (group.office_id, Role.LEADER)} & roles:
            found.append(f"调整后“{group.office}”没有主任、副主任：由它牵头的事项将无负责人审核。")
    elif not after:
        found.append("调整后组里没有人。不再需要这个组的，请改用“撤销本组”。")
    return found


def _chiefs_elsewhere(group: Group, covers: Covered, day: date) -> tuple[set[int], set[str]]:
    """The departments and areas of COVERS that another group with a leader answers for as well."""
    led = Post.objects.filter(on_day(day), role=Role.GROUP_LEADER, unit=group.unit_id).exclude(group=group.pk)
    rows = Cover.objects.filter(group__in=led.values("group")).values_list("unit_id", "area_code")
    units, areas = set(), set()
    for unit, area in rows:
        if unit:
            units.add(unit)
        else:
            areas.add(area)
    return units & set(covers.unit_ids), areas & set(covers.areas)
