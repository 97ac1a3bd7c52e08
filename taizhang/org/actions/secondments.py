"""抽调: a person serves in an office or a group for a term; the home department keeps them."""

from datetime import date
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import Refused

from ..action import action
from ..models import Absence, AbsenceKind, Group, Membership, Person, Secondment, Unit
from ..permits import Permit
from ..queries.roster import alive, on_day
from ..rules.away import Span
from ..rules.secondments import WHOLE, Served, clash
from .terms import finish

EDIT = Permit.ORG_EDIT


@action("org.second", "抽调", (EDIT, "agency"))
def second(
    person: Person, *, by: Any, unit: Unit | None = None, group: Group | None = None, share: int = WHOLE,
    starts_on: date | None = None, ends_on: date | None = None, reason: str = "",
) -> Secondment:  # fmt: skip
    """PERSON serves in UNIT or GROUP with SHARE percent of the working time, from STARTS_ON (today) to ENDS_ON."""
    start = starts_on or clock.today()
    if person.left_on:
        raise Refused(f"“{person.name}”已于 {person.left_on} 离开，不能抽调。")
    if (unit is None) == (group is None):
        raise Refused("请选抽调到哪里：一个处室（工作机构），或者一个工作组，只选一个。")
    host = unit.agency_id if unit else group.unit_id if group else None
    if host != person.agency_id:
        raise Refused(f"“{unit or group}”不是“{person.name}”所在机关的。")
    if (unit or group).ends_on and (unit or group).ends_on < start:  # type: ignore[union-attr]
        raise Refused(f"“{unit or group}”已经撤销，不能抽调到那里。")
    homes = Membership.objects.filter(on_day(start), person=person, main=True)
    if unit and homes.filter(unit=unit).exists():
        raise Refused(f"“{person.name}”本来就在“{unit}”，不用抽调。")
    _fits(person, start, ends_on, share, str(unit or group))
    return Secondment.make(
        person=person, unit=unit, group=group, share=share, starts_on=start, ends_on=ends_on, reason=reason.strip()
    )  # fmt: skip


@action("org.change_secondment", "改抽调", (EDIT, "person.agency"))
def change_secondment(
    secondment: Secondment, *, by: Any, share: int, starts_on: date, ends_on: date | None = None, reason: str = ""
) -> Secondment:  # fmt: skip
    """Another share or another term; where it is to stays: for another place this one ends and a new one begins."""
    if secondment.ends_on and secondment.ends_on < clock.today():
        raise Refused(f"这次抽调已于 {secondment.ends_on} 结束，不能再改。")
    where = str(secondment.unit or secondment.group)
    _fits(secondment.person, starts_on, ends_on, share, where, but=secondment.pk)
    return secondment.change(share=share, starts_on=starts_on, ends_on=ends_on, reason=reason.strip())


@action("org.end_secondment", "结束抽调", (EDIT, "person.agency"))
def end_secondment(secondment: Secondment, *, by: Any) -> Person:
    """The person is back in the home department from today on."""
    today = clock.today()
    if secondment.ends_on and secondment.ends_on < today:
        raise Refused(f"这次抽调已于 {secondment.ends_on} 结束。")
    person = secondment.person
    finish(secondment, today)
    return person


def _fits(person: Person, start: date, end: date | None, share: int, where: str, but: int = 0) -> None:
    if not 1 <= share <= WHOLE:
        raise Refused(f"抽调精力写 1 到 100 之间的整数（%），现在是 {share}。")
    if end and end < start:
        raise Refused(f"结束日期 {end} 早于开始日期 {start}。")
    rows = (
        Secondment.objects.filter(alive(start), person=person).exclude(pk=but).select_related("unit", "group")
    )
    there = [Served(row.starts_on, row.ends_on, row.share, str(row.unit or row.group)) for row in rows]
    found = clash([*there, Served(start, end, share, where)])
    if found:
        until = f"到 {found.last}" if found.last else "起"
        raise Refused(
            f"“{person.name}”不能同时在两处：{found.first} {until}，在{'、'.join(found.where)}的精力合计 {found.share}%，"
            "超过 100%。请先结束前一次抽调，或者改小精力、错开日期。"
        )
    for one in Absence.objects.filter(alive(start), person=person, kind=AbsenceKind.POSTED):
        span = Span(one.starts_on, one.ends_on)
        if span.meets(Span(start, end)):
            raise Refused(f"“{person.name}”{span}登记了挂职驻村，不能同时抽调。请先销假，或者错开日期。")
