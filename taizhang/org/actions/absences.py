"""请假外出 and AB角: when somebody is away, and who then stands in, in which order."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from taizhang.kit import clock
from taizhang.kit.errors import NotPermitted, Refused

from ..action import action
from ..models import Absence, AbsenceKind, Deputy, Person, Secondment, Unit
from ..permits import Permit
from ..queries.absences import deputies_of, spans_of
from ..queries.posts import may_oneself
from ..queries.roster import alive
from ..rules.away import AHEAD_DAYS, BACK_DAYS, Span, acted_by, overlapping
from .terms import finish

NOTE = (Permit.ABSENCE_NOTE, "belongs_to")
NOTE_OF = (Permit.ABSENCE_NOTE, "person.belongs_to")
#: one's own absence: the subject's account is the acting person's
SELF, SELF_OF = (None, "user"), (None, "person.user")
MOST = 5


@action("org.note_absence", "登记请假外出", SELF, NOTE)
def note_absence(
    person: Person, *, by: Any, starts_on: date, ends_on: date | None = None, kind: str = AbsenceKind.TRIP,
    reason: str = "",
) -> Absence:  # fmt: skip
    """PERSON is away from STARTS_ON to ENDS_ON (until further notice); for those days a stand-in has the posts.

    Saved also when nobody stands in: the pages say for which days.
    """
    today = clock.today()
    oneself(person, by, Permit.ABSENCE_NOTE, person.belongs_to)
    if person.left_on:
        raise Refused(f"“{person.name}”已于 {person.left_on} 离开本机关，不用登记。")
    if starts_on < today - timedelta(days=BACK_DAYS):
        raise Refused(
            f"开始日期 {starts_on} 已过去 {(today - starts_on).days} 天，只能补登 {BACK_DAYS} 天以内的。"
            "已经回来的不用再登记；还没有回来的，请从近几天写起。"
        )
    _fits(person, by, starts_on, ends_on, kind)
    return Absence.make(person=person, starts_on=starts_on, ends_on=ends_on, kind=kind, reason=reason.strip())


@action("org.change_absence", "改请假外出", SELF_OF, NOTE_OF)
def change_absence(
    absence: Absence, *, by: Any, starts_on: date, ends_on: date | None = None, kind: str, reason: str = ""
) -> Absence:  # fmt: skip
    """Other days or another reason. What has begun keeps its first day, what is over stays as it was."""
    today = clock.today()
    _open(absence, by)
    if absence.starts_on <= today and starts_on != absence.starts_on:
        raise Refused(f"{_whose(absence)}从 {absence.starts_on} 已经开始，开始日期不能再改，只能改结束日期。")
    if starts_on != absence.starts_on and starts_on < today:
        raise Refused(f"开始日期 {starts_on} 已经过去，请改为今天或以后。")
    if ends_on and ends_on < today:
        raise Refused(f"结束日期 {ends_on} 已经过去。人已经回来的，请用“销假”。")
    _fits(absence.person, by, starts_on, ends_on, kind, but=absence.pk)
    return absence.change(starts_on=starts_on, ends_on=ends_on, kind=kind, reason=reason.strip())


@action("org.cancel_absence", "取消请假外出", SELF_OF, NOTE_OF)
def cancel_absence(absence: Absence, *, by: Any) -> Person:
    """It does not come to it: before it began."""
    _open(absence, by)
    if absence.starts_on <= clock.today():
        raise Refused(
            f"{_whose(absence)}从 {absence.starts_on} 已经开始，不能取消。人已经回来的，请用“销假”。"
        )
    person = absence.person
    absence.remove()
    return person


@action("org.hand_back", "销假", SELF_OF, NOTE_OF)
def hand_back(absence: Absence, *, by: Any) -> Person:
    """Back today: the stand-in's rights end with this, not at midnight."""
    today = clock.today()
    _open(absence, by)
    if absence.starts_on > today:
        raise Refused(f"{_whose(absence)}从 {absence.starts_on} 才开始。不去了的，请用“取消”。")
    person = absence.person
    finish(absence, today)
    return person


def oneself(person: Person, by: Any, permit: Permit, unit: Unit) -> None:
    """Who is away, and who then stands in, is decided by nobody who only stands in: neither to keep the work nor to be rid of it."""
    if person.user_id != by.pk and not may_oneself(by, permit, unit):
        raise NotPermitted(
            "请假外出和代理人只能由本人、本处室的负责人或联络员、创建办办理，不能以代理人的身份办理。"
        )


def _open(absence: Absence, by: Any) -> None:
    """Refuse what is over, and whoever has no say in it of their own."""
    oneself(absence.person, by, Permit.ABSENCE_NOTE, absence.person.belongs_to)
    if absence.ends_on and absence.ends_on < clock.today():
        raise Refused(f"{_whose(absence)}已于 {absence.ends_on} 结束，不用再办。")


def _whose(absence: Absence) -> str:
    return f"{absence.person.name}的{AbsenceKind(absence.kind).label}"


def _fits(person: Person, by: Any, first: date, last: date | None, kind: str, but: int = 0) -> None:
    """What must hold of any absence, new or changed."""
    today = clock.today()
    if kind not in list(AbsenceKind):
        raise Refused("请选请假外出的事由。")
    if last and last < first:
        raise Refused(f"结束日期 {last} 早于开始日期 {first}，请核对。")
    if first > today + timedelta(days=AHEAD_DAYS):
        raise Refused(f"开始日期 {first} 在一年以后，请核对年份。")
    span = Span(first, last)
    away = spans_of(person.agency_id, first, but)
    if (there := overlapping(span, away.get(person.pk, ()))) is not None:
        raise Refused(f"“{person.name}”{there}已经登记了请假外出，日期不能重叠。请改那一条，或者错开日期。")
    if kind == AbsenceKind.POSTED:
        _not_elsewhere(person, span)
    me = getattr(by, "person", None)
    if (
        me is not None
        and me.pk != person.pk
        and acted_by(person.pk, span, deputies_of(person.agency_id), away, me.pk)
    ):
        raise Refused(
            f"{person.name}不在的时候由你代理，不能由你登记，免得自己给自己授权。请{person.name}本人或者别的同事登记。"
        )


def _not_elsewhere(person: Person, span: Span) -> None:
    """A person in two places: who is lent out to an office or a group is not in a village as well."""
    for row in Secondment.objects.filter(alive(span.first), person=person).select_related("unit", "group"):
        if span.meets(Span(row.starts_on, row.ends_on)):
            raise Refused(
                f"“{person.name}”{Span(row.starts_on, row.ends_on)}抽调在“{row.unit or row.group}”，不能同时挂职驻村。"
                "请先结束抽调，或者错开日期。"
            )


@action("org.set_stand_ins", "设代理人", SELF, (Permit.ORG_EDIT, "agency"))
def set_stand_ins(person: Person, *, by: Any, stand_ins: Sequence[Person]) -> Person:
    """Who stands in for PERSON (AB角), in this order; nobody: the list becomes empty."""
    oneself(person, by, Permit.ORG_EDIT, person.agency)
    if person.left_on:
        raise Refused(f"“{person.name}”已于 {person.left_on} 离开本机关，不用设代理人。")
    wanted = [one.pk for one in stand_ins]
    if len(wanted) > MOST:
        raise Refused(f"代理人最多 {MOST} 位。")
    for one in stand_ins:
        if wanted.count(one.pk) > 1:
            raise Refused(f"“{one.name}”选了不止一次，每位代理人只排一个顺位。")
    there = {row.rank: row for row in Deputy.objects.filter(person=person)}
    known = {row.stand_in_id for row in there.values()}
    for one in stand_ins:
        check_stand_in(person, one, by, new=one.pk not in known)
    rows = sorted(there.items())
    for rank, one in enumerate(stand_ins, start=1):
        if rank in there:
            there[rank].change(stand_in=one)
        else:
            Deputy.make(person=person, stand_in=one, rank=rank)
    Deputy.remove_many([row for rank, row in rows if rank > len(wanted)])
    return person


def check_stand_in(person: Person, stand_in: Person, by: Any, *, new: bool) -> None:
    """Refuse a stand-in who cannot be one. Runs inside an action."""
    if stand_in.pk == person.pk:
        raise Refused("代理人（AB角）不能是本人。")
    if stand_in.agency_id != person.agency_id:
        raise Refused(f"代理人“{stand_in.name}”不是本机关的人。")
    if stand_in.left_on:
        raise Refused(f"代理人“{stand_in.name}”已于 {stand_in.left_on} 离开本机关，请换一位。")
    if new and stand_in.user_id is not None and stand_in.user_id == by.pk:
        raise Refused(
            f"不能把自己设为{person.name}的代理人，免得自己给自己授权。请{person.name}本人或者别的同事设置。"
        )
