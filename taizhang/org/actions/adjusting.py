"""调整: a group changes from a day, all in one act; and the posts that follow from its duties."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused, Stale

from ..action import action
from ..models import Adjustment, Cover, Duty, Group, Person, Post, Unit
from ..permits import Permit, Role
from ..queries.adjusting import posts_by
from ..queries.groups import Covered, covers_on, frame_of, held_from
from ..queries.roster import alive, leaders_now, on_day
from ..rules.adjusting import (
    Coming,
    Term,
    Wanted,
    check_covers,
    clipped,
    plan_adjustment,
    post_terms,
    said,
)
from ..rules.notice import rank
from .terms import finish

EDIT = Permit.ORG_EDIT
DAY = timedelta(days=1)


@action("org.adjust_group", "调整工作组", (EDIT, "unit"))
def adjust_group(
    group: Group, *, by: Any, effective_on: date, doc_no: str = "", reason: str = "",
    come: Sequence[tuple[Person, str, str]] = (), go: Sequence[int] = (),
    change: dict[int, tuple[str, str]] | None = None, covers: tuple[Sequence[Unit], Sequence[str]] | None = None,
    shown: Iterable[int] | None = None,
) -> Adjustment:  # fmt: skip
    """From EFFECTIVE_ON: COME are (person, duty, task), GO rows (ids) of duties, CHANGE row → (duty, task).

    COVERS, if given, are all departments and areas (Ⅰ级指标编号) answered for from then on. SHOWN are the rows that
    the form had on it: with others in the group by now, it is refused as stale.
    """
    today = clock.today()
    for person, _, _ in come:
        if person.agency_id != group.unit_id:
            raise Refused(f"“{person.name}”不是“{group.unit}”的人，不能进本组。")
    held = held_from(group, effective_on)
    now = covers_on(group.unit, effective_on).get(group.pk, Covered())
    will = _covered(group, covers) if covers else now
    moved = (set(will.unit_ids), set(will.areas)) != (set(now.unit_ids), set(now.areas))
    wanted = Wanted(
        tuple(Coming(one.pk, one.name, duty, task, one.left_on) for one, duty, task in come),
        frozenset(go), change or {},
    )  # fmt: skip
    plan = plan_adjustment(held, wanted, effective_on, frame_of(group), more=moved)
    if shown is not None and {one.pk for one in held} - set(shown):
        raise Stale("没有保存：名单刚被他人修改过，组里多了人。你填的都还在，请看过最新名单再提交。")
    if moved:
        check_covers(effective_on, today)
    people = {one.pk: one for one in Person.objects.filter(pk__in=plan.people)}
    rows = {one.pk: one for one in Duty.objects.filter(group=group)}
    words: list[dict[str, Any]] = []
    for one in plan.go:
        words.append(
            {
                "kind": "go",
                **said_of(people[one.person], one.duty, one.task),
                **_end(rows[one.pk], effective_on),
            }
        )
    for one, duty, task in plan.change:
        old = rows[one.pk]
        order = old.order if duty == old.duty else _order(rows.values(), duty)
        ended = _end(old, effective_on)
        made = Duty.make(
            group=group, person=people[one.person], duty=duty, task=task, order=order, starts_on=effective_on,
            ends_on=one.ends_on,
        )  # fmt: skip
        said_now = said_of(people[one.person], duty, task)
        words.append(
            {"kind": "change", **said_now, **ended, "was": one.duty, "was_task": one.task, "made": made.pk}
        )
    for fresh in plan.come:
        person = people[fresh.person]
        made = Duty.make(
            group=group, person=person, duty=fresh.duty, task=fresh.task,
            order=_order(rows.values(), fresh.duty), starts_on=effective_on, ends_on=group.ends_on,
        )  # fmt: skip
        words.append({"kind": "come", **said_of(person, fresh.duty, fresh.task), "was": "", "made": made.pk})
    if moved:
        set_covers(group, will)
        words.append(cover_change(now, will))
    settle_posts(group, plan.people, effective_on)
    return Adjustment.make(
        group=group, effective_on=effective_on, doc_no=doc_no, reason=reason, changes=words,
        by=getattr(by, "person", None), at=clock.now(),
    )  # fmt: skip


def said_of(person: Person, duty: str, task: str) -> dict[str, str]:
    """A person and a duty as an adjustment keeps them."""
    return {
        "staff_no": person.staff_no,
        "name": person.name,
        "title": person.title,
        "duty": duty,
        "task": task,
    }


def _end(row: Duty, day: date) -> dict[str, Any]:
    """End ROW before DAY; what it was, so that a plan can be taken back."""
    was = {
        "row": row.pk, "order": row.order, "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else "",
    }  # fmt: skip
    finish(row, day)
    return {"ended": was}


def _order(rows: Iterable[Duty], duty: str) -> int:
    """Beside those with the same duty or a leading one before it; rows of one order stand by their ids."""
    return max([row.order for row in rows if rank(row.duty) <= rank(duty)], default=0)


def _covered(group: Group, covers: tuple[Sequence[Unit], Sequence[str]]) -> Covered:
    units, areas = covers
    for unit in units:
        if unit.agency_id != group.unit_id:
            raise Refused(f"“{unit.name}”不是本机关的单位，不能列入负责范围。")
    return Covered(tuple((unit.pk, unit.name) for unit in units), tuple(dict.fromkeys(areas)))


def set_covers(group: Group, will: Covered) -> None:
    """All that GROUP answers for from now on. Inside an action only."""
    Cover.remove_many(list(Cover.objects.filter(group=group)))
    Cover.make_many(
        [Cover(group=group, unit_id=pk) for pk in will.unit_ids]
        + [Cover(group=group, area_code=code) for code in will.areas]
    )


def cover_change(now: Covered, will: Covered) -> dict[str, Any]:
    """What an adjustment keeps of other covers: in words, and as ids to show a past day by."""
    return {
        "kind": "cover", "was": str(now), "now": str(will), "units_was": now.unit_ids, "areas_was": list(now.areas),
        "units_now": will.unit_ids, "areas_now": list(will.areas),
    }  # fmt: skip


def settle_posts(group: Group, people: Iterable[int], day: date) -> None:
    """The posts of PEOPLE in GROUP follow their duties from DAY on. Inside an action only."""
    people = set(people)
    leaders = leaders_now(group.unit, day)
    brings: dict[int, list[tuple[Term, frozenset[tuple[int, Role]]]]] = {person: [] for person in people}
    for duty in Duty.objects.filter(alive(day), group=group, person__in=people).select_related("person"):
        posts = posts_by(group, duty.duty, duty.person.staff_no in leaders)
        brings[duty.person_id].append(((duty.starts_on, duty.ends_on), posts))
    there: dict[tuple[int, int, str], list[Post]] = {}
    for post in Post.objects.filter(alive(day), group=group, person__in=people).order_by("starts_on"):
        there.setdefault((post.person_id, post.unit_id, post.role), []).append(post)
    wanted = {
        (person, unit, str(role)): clipped(terms, day)
        for person, duties in brings.items()
        for (unit, role), terms in post_terms(duties).items()
    }
    for key in there.keys() | wanted.keys():
        rows, terms = there.get(key, []), wanted.get(key, [])
        if clipped([(row.starts_on, row.ends_on) for row in rows], day) == terms:
            continue
        lasting = next((row for row in rows if row.starts_on < day), None)
        for row in rows:
            if not (row is lasting and terms and terms[0][0] == day):
                finish(row, day)
        for start, end in terms:
            if lasting is not None and start == day:
                lasting.change(ends_on=end)
            else:
                Post.make(
                    person_id=key[0], unit_id=key[1], role=key[2], group=group, starts_on=start, ends_on=end
                )
    _leader_of_office(group, people)


def _leader_of_office(group: Group, people: set[int]) -> None:
    """The office's record names the leader in charge that its posts name today."""
    office = group.office
    if office is None:
        return
    posts = Post.objects.filter(on_day(clock.today()), unit=office, role=Role.LEADER).order_by("pk")
    now = list(posts.values_list("person_id", flat=True))
    if now and office.leader_id not in now:
        office.change(leader=Person.objects.get(pk=now[0]))
    elif not now and office.leader_id in people:
        office.change(leader=None)


@action("org.withdraw_adjustment", "撤回调整", (EDIT, "group.unit"))
def withdraw_adjustment(adjustment: Adjustment, *, by: Any) -> Group:
    """Take back an adjustment that has not taken effect: as if it had never been planned."""
    today, group, day = clock.today(), adjustment.group, adjustment.effective_on
    if day <= today:
        raise Refused(f"这次调整已于 {said(day)} 生效，不能撤回。需要改回的，请再做一次调整。")
    if Adjustment.objects.filter(group=group, pk__gt=adjustment.pk).exists():
        raise Refused("在它之后又安排了一次调整，请先撤回后一次。")
    touched: set[int] = set()
    for change in reversed(adjustment.changes):
        if made := change.get("made"):
            for row in Duty.objects.filter(pk=made):
                touched.add(row.person_id)
                row.remove()
        if was := change.get("ended"):
            touched |= _restore(group, change, was, day)
    settle_posts(group, touched, today)
    adjustment.remove()
    return group


def _restore(group: Group, change: dict[str, Any], was: dict[str, Any], day: date) -> set[int]:
    """The duty that the adjustment would have ended lasts as it did, unless it was ended otherwise since."""
    end = date.fromisoformat(was["ends_on"]) if was["ends_on"] else None
    row = Duty.objects.filter(pk=was["row"]).select_related("person").first()
    if row is None and was["starts_on"] >= day.isoformat():
        person = Person.objects.get(agency=group.unit, staff_no=change["staff_no"])
        duty, task = (
            change["was"] if change["kind"] == "change" else change["duty"],
            change.get("was_task", change["task"]),
        )
        row = Duty.make(  # with its own id: an earlier plan speaks of it
            pk=was["row"],
            group=group, person=person, duty=duty, task=task, order=was["order"],
            starts_on=date.fromisoformat(was["starts_on"]), ends_on=end,
        )  # fmt: skip
    elif row is not None and row.ends_on == day - DAY and not row.person.left_on:
        row.change(ends_on=end)
    return {row.person_id} if row else set()
